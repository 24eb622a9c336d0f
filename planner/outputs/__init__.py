"""The files of a plan: map, layers, lists, report and figures, published in one step."""

from planner.outputs.atomic import staged
from planner.outputs.files import write_files

__all__ = ["staged", "write_files"]
