"""What an export holds: every layer of a plan in the CRS asked for, with its schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from planner.errors import OutputError, Problem
from planner.layers import Layer
from planner.outputs.export.target import WGS84, epsg
from planner.outputs.geopackage import WRITTEN_LAYERS, typed
from planner.outputs.gis_layers import gis_frames
from planner.outputs.published import Published

DEGREES = 1e-7
"""How far a coordinate may be off after going there and back."""


@dataclass(frozen=True)
class Table:
    """A layer with its rows.

    Parameters
    ----------
    layer
        Its schema; the first column is the key of every layer with geometry.
    frame
        GeoDataFrame in the export's CRS, or DataFrame; columns in the order of the schema,
        missing text as ``None``, whole numbers that may be missing as ``Int64``.
    """

    layer: Layer
    frame: Any

    @property
    def name(self) -> str:
        """Return the name of the layer."""
        return self.layer.name

    @property
    def spatial(self) -> bool:
        """Say whether it has geometry."""
        return self.layer.geometry != "none"

    @property
    def key(self) -> str:
        """Return the column that names a row."""
        return self.layer.columns[0].name


def plan_tables(published: Published, crs: pyproj.CRS) -> list[Table]:
    """Return every layer of a published plan and those made for GIS programs.

    Parameters
    ----------
    published
        The plan.
    crs
        CRS of the geometries, easting or longitude first.

    Raises
    ------
    OutputError
        ``E-OUT-030`` if the CRS cannot hold the plan's places.
    """
    frames = published.layers | gis_frames(published.layers, published.figures)
    made = []
    for layer in WRITTEN_LAYERS:
        frame = typed(frames[layer.name], layer)
        if layer.geometry != "none":
            frame = _moved(frame, layer, crs)
        made.append(Table(layer, frame.reset_index(drop=True)))
    return made


def _moved(frame: gpd.GeoDataFrame, layer: Layer, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    if epsg(crs) == WGS84:
        return frame
    moved = frame.to_crs(crs)
    there = shapely.get_coordinates(moved.geometry.to_numpy())
    here = shapely.get_coordinates(frame.geometry.to_numpy())
    back = shapely.get_coordinates(moved.geometry.to_crs(WGS84).to_numpy())
    sound = bool(np.isfinite(there).all()) and bool((np.abs(back - here) <= DEGREES).all())
    if not sound:
        raise OutputError(
            Problem(
                "E-OUT-030",
                f"{epsg(crs)} {crs.name} cannot hold the places of this layer",
                "choose a CRS whose area of use contains the plan",
                layer=layer.name,
            )
        )
    return moved


def is_missing(values: pd.Series) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return where a column has no value."""
    return np.asarray(values.isna(), dtype=bool)
