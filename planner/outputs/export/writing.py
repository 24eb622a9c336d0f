"""Writes a layer through GDAL and reads it back, with our options and no others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyogrio

from planner.outputs.export.tables import Table


def write_layer(
    table: Table, file: Path, driver: str, options: dict[str, str], geometry_type: str
) -> None:
    """Write one layer with geometry.

    Parameters
    ----------
    table
        The layer.
    file
        A file that does not exist yet.
    driver
        GDAL's name of the format.
    options
        Layer options of the format.
    geometry_type
        Declared type, such as ``Point`` or ``Unknown``.
    """
    pyogrio.write_dataframe(
        table.frame,
        file,
        layer=table.name,
        driver=driver,
        layer_options=options,
        geometry_type=geometry_type,
        promote_to_multi=geometry_type.startswith("Multi"),
    )


def read_layer(file: Path, **options: object) -> Any:  # noqa: ANN401 - a frame
    """Return the only layer of a file."""
    return pyogrio.read_dataframe(file, **options)


def declared(table: Table) -> str:
    """Return the geometry type that fits every row: one type, its Multi form, or ``Unknown``."""
    kinds = {str(kind) for kind in table.frame.geometry.geom_type.dropna()}
    plain = {kind.removeprefix("Multi") for kind in kinds}
    if not plain:
        return "Point" if table.layer.geometry == "Place" else table.layer.geometry
    if len(plain) > 1:
        return "Unknown"
    return plain.pop() if len(kinds) == 1 and not kinds.pop().startswith("Multi") else _multi(plain)


def _multi(plain: set[str]) -> str:
    return f"Multi{next(iter(plain))}"
