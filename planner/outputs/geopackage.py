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
from planner.outputs.gis_layers import GIS_LAYERS, gis_frames
from planner.outputs.gpkg_descriptions import FIXED_DATE, describe, layer_note
from planner.outputs.styles import style_table
from planner.outputs.styles.filling import alias

DATE_OPTION = "OGR_CURRENT_DATE"
OPTIONS = {DATE_OPTION: FIXED_DATE, "OGR_SQLITE_SYNCHRONOUS": "OFF"}
"""A fixed date makes equal layers equal bytes; the whole folder is flushed once, at the end."""

VERSION = "1.3"
"""Of the GeoPackage standard: programs of 2021 and later read it without a warning."""

DTYPES = {"integer": "int64", "number": "float64", "boolean": "bool"}
DICTIONARY, STYLES = "data_dictionary", "layer_styles"
WRITTEN_LAYERS = (*layers.PLAN_LAYERS, *GIS_LAYERS)
"""Every layer of the file, in the order it is written; dictionary and styles come after."""


def write_geopackage(
    frames: dict[str, Any], figures: dict[str, Any], file: Path, *, crs: str = "EPSG:4326"
) -> None:
    """Write the layers of a plan, styled for QGIS, with what each layer and field means.

    Beside the layers of ``PLAN_LAYERS`` come those of ``GIS_LAYERS``, the table
    ``layer_styles`` of QGIS, names of fields and coded values (Schema extension), metadata of
    each layer (Metadata extension) and ``data_dictionary``.

    Parameters
    ----------
    frames
        GeoDataFrame (EPSG:4326) or DataFrame of every layer of ``PLAN_LAYERS``, by name.
    figures
        Content of ``plan.json``: says which layers are schematic.
    file
        A file that does not exist yet; its layers come in the order of ``PLAN_LAYERS``.
    crs
        CRS of the geometries in the file, easting or longitude first.

    Raises
    ------
    OutputError
        If the descriptions cannot be written.
    pyogrio.errors.DataSourceError, pyogrio.errors.FeatureError
        If the file cannot be written.
    """
    frames = frames | gis_frames(frames, figures)
    with _gdal_options():
        for layer in WRITTEN_LAYERS:
            frame = typed(frames[layer.name], layer)
            if layer.geometry != "none":
                frame = frame.to_crs(crs)
            description = f"{layer.zh} | {layer.en}"
            note = layer_note(layer.name, figures)
            if note is not None:
                description += f" | {note.zh} | {note.en}"
            _write(frame, layer.name, file, {"DESCRIPTION": description}, _geometry(frame, layer))
        about = {"DESCRIPTION": "数据字典 | Columns of every layer, with unit and kind"}
        _write(data_dictionary(), DICTIONARY, file, about, None)
        about = {"DESCRIPTION": "QGIS 样式 | Styles that QGIS applies by itself", "FID": "id"}
        _write(style_table(frames, figures), STYLES, file, about, None)
    describe(file, WRITTEN_LAYERS, figures, crs)


def data_dictionary() -> pd.DataFrame:
    """Return one row a column of every layer: names in both languages, unit and kind."""
    return pd.DataFrame(
        [
            {
                "layer": layer.name,
                "column": column.name,
                "zh": column.zh,
                "en": column.en,
                "unit": column.unit,
                "kind": column.kind,
                "alias": alias(column),
            }
            for layer in WRITTEN_LAYERS
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


def typed(frame: gpd.GeoDataFrame, layer: Layer) -> gpd.GeoDataFrame:
    """Return the layer's columns in order, each with the type of its kind, even when empty.

    Parameters
    ----------
    frame
        GeoDataFrame, or DataFrame for a layer without geometry.
    layer
        Its schema.
    """
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
        dataset_options={"VERSION": VERSION},
        layer_options=options | {"DATETIME_PRECISION": "MILLISECOND"},
        **spatial,
    )
