"""The files of a plan: map, layers, lists, report and figures, published in one step."""

from planner.outputs.atomic import staged
from planner.outputs.canonical import canonical_json
from planner.outputs.exploring import MapView, explore
from planner.outputs.files import write_files
from planner.outputs.published import Published, read_certified, read_published
from planner.outputs.summary import lead
from planner.outputs.sureness import solves, sureness
from planner.outputs.wording import layer_title

__all__ = [
    "MapView",
    "Published",
    "canonical_json",
    "explore",
    "layer_title",
    "lead",
    "read_certified",
    "read_published",
    "solves",
    "staged",
    "sureness",
    "write_files",
]
