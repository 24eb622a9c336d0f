"""CSV with the geometry as WKT, safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from planner.outputs.export.csv_cells import read_csv, write_csv
from planner.outputs.export.matching import Match, refuse_mismatch
from planner.outputs.export.tables import Table

WKT = "wkt"
WORDS = {"true": 1.0, "false": 0.0, "": None}


def write_csv_wkt(tables: Sequence[Table], folder: Path) -> None:
    """Write ``<layer>.csv`` for every layer and table, and compare each.

    Parameters
    ----------
    tables
        Layers in any CRS; the last column ``wkt`` has their geometry.
    folder
        An empty folder.

    Raises
    ------
    OutputError
        If a file reads back otherwise. An empty cell is a missing value or an empty text.
    """
    for table in tables:
        file = folder / f"{table.name}.csv"
        frame = pd.DataFrame(table.frame.drop(columns="geometry", errors="ignore"))
        if table.spatial:
            shapes = table.frame.geometry.to_numpy()
            frame[WKT] = shapely.to_wkt(shapes, rounding_precision=-1)
        write_csv(file, list(frame.columns), frame.itertuples(index=False, name=None))
        refuse_mismatch(table, _read(file, table), file, Match(empty_is_missing=True))


def _read(file: Path, table: Table) -> Any:  # noqa: ANN401 - a frame
    read = read_csv(file)
    for column in table.layer.columns:
        if column.name in read and column.kind not in {"text", "date"}:
            read[column.name] = read[column.name].map(lambda cell: WORDS.get(cell, cell))
    if not table.spatial:
        return read
    shapes = shapely.from_wkt([cell or None for cell in read[WKT]])
    return gpd.GeoDataFrame(read.drop(columns=WKT), geometry=shapes, crs=table.frame.crs)
