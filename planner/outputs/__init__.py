"""The files of a plan: map, layers, lists, report and figures, published in one step."""

from planner.outputs.atomic import staged
from planner.outputs.files import write_files
from planner.outputs.summary import lead
from planner.outputs.sureness import solves, sureness
from planner.outputs.wording import layer_title

__all__ = ["layer_title", "lead", "solves", "staged", "sureness", "write_files"]
