"""A plan on paper: the report as PDF, and static maps as PNG and SVG."""

from planner.outputs.printing.publish import write_print

__all__ = ["write_print"]
