"""A published plan in the formats of other programs, each read back before it is handed over."""

from planner.outputs.export.csv_cells import guarded, plain_text, read_csv
from planner.outputs.export.exporting import EXPORT_FILE, Exported, export_plan
from planner.outputs.export.formats import FORMATS
from planner.outputs.export.postgis import Stored, to_postgis
from planner.outputs.export.target import target_crs

__all__ = [
    "EXPORT_FILE",
    "FORMATS",
    "Exported",
    "Stored",
    "export_plan",
    "guarded",
    "plain_text",
    "read_csv",
    "target_crs",
    "to_postgis",
]
