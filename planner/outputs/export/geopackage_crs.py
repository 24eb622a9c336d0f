"""GeoPackage in the CRS asked for, with the styles and descriptions of ``plan.gpkg``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from planner.outputs.export.matching import Match, refuse_mismatch
from planner.outputs.export.tables import Table
from planner.outputs.export.target import epsg
from planner.outputs.export.writing import read_layer
from planner.outputs.geopackage import write_geopackage
from planner.outputs.published import Published


def write_gpkg(tables: Sequence[Table], folder: Path, published: Published) -> None:
    """Write ``plan.gpkg`` with everything that the plan's own has, and compare each layer.

    Parameters
    ----------
    tables
        Layers in the CRS of the file.
    folder
        An empty folder.
    published
        The plan.

    Raises
    ------
    OutputError
        If a layer reads back otherwise.
    """
    file = folder / "plan.gpkg"
    crs = next(epsg(table.frame.crs) for table in tables if table.spatial)
    write_geopackage(published.layers, published.figures, file, crs=crs)
    for table in tables:
        read = read_layer(file, layer=table.name, read_geometry=table.spatial)
        refuse_mismatch(table, read, file, Match())
