"""GeoJSON by RFC 7946: WGS 84, seven decimals, rings by the right-hand rule."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from planner.outputs.export.matching import Match, refuse_mismatch
from planner.outputs.export.tables import DEGREES, Table
from planner.outputs.export.writing import read_layer, write_layer

OPTIONS = {"RFC7946": "YES", "WRITE_BBOX": "NO"}
AS_WRITTEN = {"DATE_AS_STRING": "YES"}
"""GDAL would read a text that looks like a date as one, and write it otherwise."""


def write_geojson(tables: Sequence[Table], folder: Path) -> None:
    """Write ``<layer>.geojson`` for every layer with geometry, and compare each.

    Parameters
    ----------
    tables
        Layers in EPSG:4326.
    folder
        An empty folder.

    Raises
    ------
    OutputError
        If a file reads back otherwise; places may be off by 1e-7 degree.
    """
    for table in tables:
        if table.spatial:
            file = folder / f"{table.name}.geojson"
            write_layer(table, file, "GeoJSON", OPTIONS, "Unknown")
            refuse_mismatch(table, read_layer(file, **AS_WRITTEN), file, Match(tolerance=DEGREES))
