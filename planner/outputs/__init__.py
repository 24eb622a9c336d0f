"""The files of a plan: map, layers, lists, report and figures, published in one step."""

from planner.outputs.atomic import staged
from planner.outputs.files import write_files
from planner.outputs.summary import lead

__all__ = ["lead", "staged", "write_files"]
