"""Writes ``plan.gpkg``: every layer of the plan, described, typed, and the same to the byte."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from planner import layers
from planner.layers import Column, Layer
from planner.outputs.wording import schematic_layers, wording

FIXED_DATE = "1970-01-01T00:00:00.000Z"
DATE_OPTION = "OGR_CURRENT_DATE"
OPTIONS = {DATE_OPTION: FIXED_DATE, "OGR_SQLITE_SYNCHRONOUS": "OFF"}
"""A fixed date makes equal layers equal bytes; the whole folder is flushed once, at the end."""

DTYPES = {"integer": "int64", "number": "float64", "boolean": "bool"}
DICTIONARY = "data_dictionary"


def write_geopackage(frames: dict[str, Any], figures: dict[str, Any], file: Path) -> None:
    """Write the layers of a plan and their data dictionary.

    Parameters
    ----------
    frames
        GeoDataFrame (EPSG:4326) or DataFrame of every layer of ``PLAN_LAYERS``, by name.
    figures
        Content of ``plan.json``: says which layers are schematic.
    file
        A file that does not exist yet; its layers come in the order of ``PLAN_LAYERS``.

    Raises
    ------
    pyogrio.errors.DataSourceError, pyogrio.errors.FeatureError
        If the file cannot be written.
    """
    schematic = schematic_layers(figures)
    with _gdal_options():
        for layer in layers.PLAN_LAYERS:
            frame = _typed(frames[layer.name], layer)
            description = f"{layer.zh} | {layer.en}"
            if layer.name in schematic:
                note = wording("trust.schematic_layer")
                description += f" | {note.zh} | {note.en}"
            _write(frame, layer.name, file, {"DESCRIPTION": description}, _geometry(frame, layer))
        _write(
            data_dictionary(),
            DICTIONARY,
            file,
            {"DESCRIPTION": "数据字典 | Columns of every layer, with unit and kind"},
            None,
        )


def data_dictionary() -> pd.DataFrame:
    """Return one row a column of every plan layer: names in both languages, unit and kind."""
    return pd.DataFrame(
        [
            {
                "layer": layer.name,
                "column": column.name,
                "zh": column.zh,
                "en": column.en,
                "unit": column.unit,
                "kind": column.kind,
            }
            for layer in layers.PLAN_LAYERS
            for column in layer.columns
        ]
    )


@contextlib.contextmanager
def _gdal_options() -> Iterator[None]:
    """Set our options of GDAL while the block runs and put the former ones back."""
    before = {name: pyogrio.get_gdal_config_option(name) for name in OPTIONS}
    pyogrio.set_gdal_config_options(OPTIONS)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def _typed(frame: gpd.GeoDataFrame, layer: Layer) -> gpd.GeoDataFrame:
    """Return the layer's columns in order, each with the type of its kind, even when empty."""
    columns = [column for column in layer.columns if column.required or column.name in frame]
    typed = {column.name: _typed_column(frame[column.name], column) for column in columns}
    table = pd.DataFrame(typed, index=frame.index, columns=[column.name for column in columns])
    if layer.geometry == "none":
        return table
    return gpd.GeoDataFrame(table, geometry=frame.geometry, crs=frame.crs)


def _typed_column(values: pd.Series, column: Column) -> pd.Series:
    if column.kind == "integer" and column.nullable:
        return values.astype("Int64")
    if column.kind in DTYPES:
        return values.astype(DTYPES[column.kind])
    return values.astype(object).where(values.notna(), None)


def _geometry(frame: gpd.GeoDataFrame, layer: Layer) -> str | None:
    """Return the geometry type of the table; ``None`` for a table without geometry."""
    if layer.geometry == "none":
        return None
    if layer.geometry == "Place":
        return "Unknown"
    kinds = set(frame.geometry.geom_type.dropna())
    multiple = any(str(kind).startswith("Multi") for kind in kinds)
    return f"Multi{layer.geometry}" if multiple else layer.geometry


def _write(
    frame: gpd.GeoDataFrame,
    name: str,
    file: Path,
    options: dict[str, str],
    geometry_type: str | None,
) -> None:
    spatial: dict[str, Any] = {}
    if geometry_type is not None:
        options = options | {"GEOMETRY_NAME": "geom"}
        spatial = {
            "geometry_type": geometry_type,
            "promote_to_multi": geometry_type.startswith("Multi"),
        }
    pyogrio.write_dataframe(
        frame,
        file,
        layer=name,
        driver="GPKG",
        append=False,
        layer_options=options,
        **spatial,
    )
