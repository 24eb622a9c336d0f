"""GeoParquet 1.1 for analysis: every layer and table, with a box for each row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from planner.outputs.export.matching import Match, refuse_mismatch
from planner.outputs.export.tables import Table


def write_geoparquet(tables: Sequence[Table], folder: Path) -> None:
    """Write ``<layer>.parquet`` for every layer, and compare each with what was written.

    Parameters
    ----------
    tables
        Layers in any CRS; tables without geometry become plain Parquet.
    folder
        An empty folder.

    Raises
    ------
    OutputError
        If a file reads back otherwise.
    """
    for table in tables:
        file = folder / f"{table.name}.parquet"
        frame = table.frame.astype(
            {
                column.name: "str"
                for column in table.layer.columns
                if column.kind in {"text", "date"} and column.name in table.frame
            }
        )
        if table.spatial:
            frame.to_parquet(file, index=False, write_covering_bbox=True, schema_version="1.1.0")
            read = gpd.read_parquet(file)
        else:
            frame.to_parquet(file, index=False)
            read = pd.read_parquet(file)
        refuse_mismatch(table, read, file, Match())
