"""Owns the layers of the answer: test roads, rejected segments and roadside units."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.crs import WGS84
from planner.crs.metric import GEOD
from planner.layers import REJECTED_SEGMENTS, RSUS, TEST_ROADS
from planner.testroads.corridors import corridor_ids
from planner.testroads.equipment import Unit
from planner.testroads.instance import Bools, Ints
from planner.testroads.prepare import Prepared


def test_road_frame(prepared: Prepared, years: Ints, equipped: Bools) -> gpd.GeoDataFrame:
    """Return ``layers.TEST_ROADS`` (EPSG:4326), sorted by segment id, RangeIndex."""
    instance = prepared.instance
    rows = np.flatnonzero(years > 0)
    frame = prepared.segments.iloc[rows].reset_index(drop=True)
    frame["stage_year"] = years[rows]
    frame["opened_before"] = instance.opened[rows]
    frame["equipped"] = equipped[rows]
    frame["complexity_grade"] = instance.grade[rows]
    frame["test_value"] = instance.worth[rows]
    frame["counted_m"] = instance.counted_m[rows]
    frame["corridor_id"] = pd.Series(corridor_ids(frame), dtype="str")
    return frame[[*TEST_ROADS.column_names(), "geometry"]]


def rejected_frame(prepared: Prepared) -> gpd.GeoDataFrame:
    """Return ``layers.REJECTED_SEGMENTS`` (EPSG:4326), sorted by segment id, RangeIndex."""
    excluded = prepared.instance.excluded
    frame = prepared.segments[excluded].reset_index(drop=True)
    reasons = [prepared.reasons[row] for row in np.flatnonzero(excluded).tolist()]
    frame["reason"] = pd.Series(reasons, dtype="str")
    return frame[[*REJECTED_SEGMENTS.column_names(), "geometry"]]


def rsu_frame(
    prepared: Prepared, placed: list[Unit], years: Ints, *, first_year: int, cost_cny: int
) -> gpd.GeoDataFrame:
    """Return ``layers.RSUS`` (EPSG:4326): junctions by node, then by segment; RangeIndex.

    The year of a unit is its segment's; on roads opened before it is the first plan year.
    """
    rows = np.array([unit.row for unit in placed], dtype=np.int64)
    segments = prepared.segments.iloc[rows].reset_index(drop=True)
    opened = prepared.instance.opened[rows]
    at_junction = np.array([unit.node is not None for unit in placed], dtype=bool)
    nodes = [_node_id(prepared, unit) for unit in placed]
    frame = gpd.GeoDataFrame(
        {
            "rsu_id": pd.Series(_ids(prepared, placed), dtype="str"),
            "segment_id": segments["segment_id"],
            "node_id": pd.Series(nodes, dtype="str"),
            "placement": pd.Series(np.where(at_junction, "junction", "spacing"), dtype="str"),
            "stage_year": np.where(opened, first_year, years[rows]).astype(np.int64),
            "cost_cny": np.full(len(rows), cost_cny, dtype=np.int64),
            "county_id": segments["county_id"],
            "jurisdiction_id": segments["jurisdiction_id"],
        },
        geometry=[_place(prepared, unit) for unit in placed],
        crs=WGS84,
    )
    return frame[[*RSUS.column_names(), "geometry"]]


def _node_id(prepared: Prepared, unit: Unit) -> str | None:
    return None if unit.node is None else str(prepared.nodes["node_id"].iloc[unit.node])


def _ids(prepared: Prepared, placed: list[Unit]) -> list[str]:
    """Name units after their node, or after their segment and their number along it."""
    ids, number = [], dict.fromkeys((unit.row for unit in placed), 0)
    for unit in placed:
        if unit.node is None:
            number[unit.row] += 1
            ids.append(f"r-{prepared.instance.segment_id[unit.row]}-{number[unit.row]}")
        else:
            ids.append(f"r-{_node_id(prepared, unit)}")
    return ids


def _place(prepared: Prepared, unit: Unit) -> shapely.Point:
    if unit.node is not None:
        return prepared.nodes.geometry.iloc[unit.node]
    return point_along(prepared.segments.geometry.iloc[unit.row], unit.share)


def point_along(line: shapely.LineString, share: float) -> shapely.Point:
    """Return the point at a share of a WGS84 line's geodesic length."""
    coords = shapely.get_coordinates(line)
    steps = GEOD.inv(coords[:-1, 0], coords[:-1, 1], coords[1:, 0], coords[1:, 1])[2]
    along = np.concatenate([[0.0], np.cumsum(steps)])
    at = share * along[-1]
    return shapely.Point(np.interp(at, along, coords[:, 0]), np.interp(at, along, coords[:, 1]))
