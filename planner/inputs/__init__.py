"""Reads, checks, converts and locates what a case brings."""

from planner.inputs.foreign import read_foreign
from planner.inputs.inputs import Inputs, LayerProvenance, empty_layer
from planner.inputs.places import locate
from planner.inputs.read import read_inputs

__all__ = ["Inputs", "LayerProvenance", "empty_layer", "locate", "read_foreign", "read_inputs"]
