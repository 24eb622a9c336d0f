"""Draws a schematic road network for any city whose real roads may not ship."""

from planner.schematic.build import schematic_roads

__all__ = ["schematic_roads"]
