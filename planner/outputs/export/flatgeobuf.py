"""FlatGeobuf: one fast file a layer, with a spatial index where every row has a place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from planner.outputs.export.matching import Match, refuse_mismatch
from planner.outputs.export.tables import Table, is_missing
from planner.outputs.export.writing import declared, read_layer, write_layer


def write_flatgeobuf(tables: Sequence[Table], folder: Path) -> None:
    """Write ``<layer>.fgb`` for every layer with geometry, and compare each.

    Parameters
    ----------
    tables
        Layers in any CRS.
    folder
        An empty folder.

    Raises
    ------
    OutputError
        If a file reads back otherwise. Rows of indexed files come in another order.
    """
    for table in tables:
        if table.spatial:
            file = folder / f"{table.name}.fgb"
            # The format has no room for a row without a place in an indexed file.
            indexed = len(table.frame) > 0 and not is_missing(table.frame.geometry).any()
            options = {"SPATIAL_INDEX": "YES" if indexed else "NO"}
            write_layer(table, file, "FlatGeobuf", options, declared(table))
            refuse_mismatch(table, read_layer(file), file, Match(ordered=False))
