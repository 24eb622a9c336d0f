"""The checked layers of a case, with where each came from and what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from planner.crs import WGS84
from planner.errors import Problem
from planner.layers import ROAD_REVIEWS, Layer


@dataclass(frozen=True, slots=True)
class LayerProvenance:
    """Where a layer came from, and how many of its rows were used.

    ``rows_in`` is ``rows_used + rows_rejected``; repaired rows are among those used.
    """

    layer: str
    file: str
    sha256: str
    source: str
    licence: str
    date: str
    datum: str
    crs: str
    synthetic: bool
    trust: str
    rows_in: int
    rows_used: int
    rows_repaired: int
    rows_rejected: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Inputs:
    """Every layer of a case, checked, in WGS84 (EPSG:4326), with a fresh RangeIndex.

    An optional layer that the case does not bring is an empty frame with all its columns; an
    optional column that a file does not bring is there, empty (``trust`` and ``source``: as the
    layer's own). Whole numbers that may be empty are float64, NaN where empty.
    ``metric_crs`` is the one metric CRS of the run. ``road_reviews`` come from review files
    (:mod:`planner.inputs.review_files`), never from a layer of the case.
    """

    counties: gpd.GeoDataFrame
    townships: gpd.GeoDataFrame
    jurisdictions: pd.DataFrame
    roads: gpd.GeoDataFrame
    existing_stations: gpd.GeoDataFrame
    opened_roads: gpd.GeoDataFrame
    zones: gpd.GeoDataFrame
    road_features: gpd.GeoDataFrame
    candidate_points: gpd.GeoDataFrame
    supply_nodes: gpd.GeoDataFrame
    reviews: pd.DataFrame
    trips: gpd.GeoDataFrame
    fleet_stock: pd.DataFrame
    provenance: tuple[LayerProvenance, ...]
    rejected_rows: pd.DataFrame
    warnings: tuple[Problem, ...]
    metric_crs: CRS
    road_reviews: pd.DataFrame = field(default_factory=lambda: empty_layer(ROAD_REVIEWS))


def empty_layer(layer: Layer) -> gpd.GeoDataFrame:
    """Return a frame without rows that has every column of a layer in its own dtype."""
    frame = pd.DataFrame({column.name: pd.Series(dtype=column.dtype) for column in layer.columns})
    if layer.geometry == "none":
        return frame
    return gpd.GeoDataFrame(frame, geometry=[], crs=WGS84)
