"""Compares two published plans: what was added, moved, dropped and changed, and each figure."""

from planner.comparison.comparison import Comparison, compare
from planner.comparison.publish import folder_for, write_comparison
from planner.comparison.record import record
from planner.comparison.words import figure_lines, headline, title, warnings

__all__ = [
    "Comparison",
    "compare",
    "figure_lines",
    "folder_for",
    "headline",
    "record",
    "title",
    "warnings",
    "write_comparison",
]
