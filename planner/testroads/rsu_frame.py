"""Owns the layer of roadside units: where each stands, what carries it, what it costs."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from planner.crs import WGS84
from planner.layers import RSUS
from planner.testroads.fitting import Batch, Work
from planner.testroads.materials import Unit


def rsu_frame(
    work: Work, batches: list[tuple[int, Batch]], roads: gpd.GeoDataFrame, metric_crs: CRS
) -> gpd.GeoDataFrame:
    """Return ``layers.RSUS`` (EPSG:4326) by year, junctions first, then by road; RangeIndex."""
    placed = [(year, unit) for year, batch in batches for unit in batch.units]
    cabinet_of = {name: at for _, batch in batches for name, at in batch.cabinet_of.items()}
    units = [unit for _, unit in placed]
    mine = roads.iloc[[unit.row for unit in units]].reset_index(drop=True)
    places = gpd.GeoSeries([shapely.Point(unit.place) for unit in units], crs=metric_crs)
    costs = work.places.carried_cny, work.places.new_cny
    columns = {
        "rsu_id": [unit.rsu_id for unit in units],
        "segment_id": mine["segment_id"].to_numpy(),
        "node_id": [unit.node for unit in units],
        "placement": ["spacing" if unit.node is None else "junction" for unit in units],
        "support": ["existing" if unit.feature_id else "new_pole" for unit in units],
        "feature_id": [unit.feature_id for unit in units],
        "cabinet_id": [cabinet_of[unit.rsu_id] for unit in units],
        "stage_year": [year for year, _ in placed],
        "cost_cny": [costs[unit.feature_id is None] for unit in units],
        "county_id": mine["county_id"].to_numpy(),
        "jurisdiction_id": mine["jurisdiction_id"].to_numpy(),
    }
    frame = gpd.GeoDataFrame(
        pd.DataFrame(columns).astype({column.name: column.dtype for column in RSUS.columns}),
        geometry=places.to_crs(WGS84).to_numpy(),
        crs=WGS84,
    )
    ends = [_end(mine.geometry.iloc[at], unit, work) for at, unit in enumerate(units)]
    at_node = np.array([unit.node is not None for unit in units], dtype=bool)
    frame.geometry = np.where(at_node, ends, frame.geometry.to_numpy()) if len(frame) else []
    return frame.set_crs(WGS84)[[*RSUS.column_names(), "geometry"]]


def _end(line: shapely.LineString, unit: Unit, work: Work) -> shapely.Point:
    """Return the very end of the road a unit stands at, which no projection has moved."""
    last = len(work.places.sight.lines[unit.row].points) - 1
    return shapely.get_point(line, -1 if unit.point == last and last else 0)
