"""Reads, checks, converts and locates what a case brings."""

from planner.inputs.foreign import read_foreign
from planner.inputs.inputs import Inputs, LayerProvenance, empty_layer
from planner.inputs.places import locate
from planner.inputs.read import read_inputs
from planner.inputs.review_files import Marked, Reviews, read_review_files
from planner.inputs.review_wishes import Merged, Wish, merged

__all__ = [
    "Inputs",
    "LayerProvenance",
    "Marked",
    "Merged",
    "Reviews",
    "Wish",
    "empty_layer",
    "locate",
    "merged",
    "read_foreign",
    "read_inputs",
    "read_review_files",
]
