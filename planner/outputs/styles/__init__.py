"""Styles that were drawn in QGIS, filled with what a plan brings, for ``layer_styles``."""

from planner.outputs.styles.table import style_table

__all__ = ["style_table"]
