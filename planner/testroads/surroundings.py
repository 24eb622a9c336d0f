"""Owns what lies at and around each segment: junctions, turns, signals, schools, zones."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from planner.inputs import Inputs
from planner.layers.zones import FEATURE_KINDS
from planner.testroads.instance import Floats, Ints

CONCERNED = ("all", "test_roads")
AREAS = ("cluster", "test_zone", "mandated", "logistics")
SERVICES = ("bus", "taxi", "sanitation", "network_5g")
FEATURE_NEAR_M = 30.0
"""A signal, crossing or stop belongs to every segment that passes it this near."""
SCHOOL_NEAR_M = 200.0
WINDOW_M, LEG_M = 15.0, 5.0
"""A turn is measured over so many metres before and after it, and at least so many."""


@dataclass(frozen=True)
class Surroundings:
    """What lies at and around each segment, in row order.

    Parameters
    ----------
    arms
        How many segments meet at the start and at the end of each segment.
    turn_deg
        Sharpest turn in degrees, 0 (straight) to 180.
    features
        Counts within 30 m, a column for each kind of ``layers.ROAD_FEATURES``.
    schools
        School zones within 200 m.
    away_m
        Metres to the nearest zone of each attracting kind (columns), 0 inside its radius,
        infinite without one.
    """

    arms: tuple[Ints, Ints]
    turn_deg: Floats
    features: pd.DataFrame
    schools: Ints
    away_m: pd.DataFrame

    def people(self) -> Ints:
        """Return how many crossings, bus stops and schools are near: where people walk."""
        near = self.features["crossing"] + self.features["bus_stop"]
        return np.asarray(near.to_numpy(dtype=np.int64) + self.schools, dtype=np.int64)


def surroundings(
    segments: gpd.GeoDataFrame, arms: tuple[Ints, Ints], inputs: Inputs
) -> Surroundings:
    """Look around each segment.

    Parameters
    ----------
    segments
        Satisfies ``layers.SEGMENTS`` (EPSG:4326), in any row order.
    arms
        How many segments meet at its start and at its end.
    inputs
        Zones and road features of the case.
    """
    lines = metric_lines(segments, inputs.metric_crs)
    zones = concerning(inputs.zones)
    schools = zones[zones["kind"] == "school"]
    near_school = near_pairs(lines, schools, inputs.metric_crs, SCHOOL_NEAR_M)[0]
    return Surroundings(
        arms=arms,
        turn_deg=sharpest_turns(lines),
        features=_feature_counts(lines, inputs.road_features, inputs.metric_crs),
        schools=np.bincount(near_school, minlength=len(lines)).astype(np.int64),
        away_m=_metres_away(lines, zones, inputs.metric_crs),
    )


def metric_lines(segments: gpd.GeoDataFrame, crs: CRS) -> NDArray[np.object_]:
    """Return the lines of segments in the metric CRS."""
    return np.asarray(segments.geometry.to_crs(crs).to_numpy(), dtype=object)


def concerning(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the zones that concern test roads, by id."""
    kept = zones[zones["applies_to"].isin(CONCERNED)]
    return kept.sort_values("zone_id", kind="stable").reset_index(drop=True)


def near_pairs(
    lines: NDArray[np.object_], places: gpd.GeoDataFrame, crs: CRS, within_m: float | Floats
) -> tuple[Ints, Ints]:
    """Return which lines (metric) pass within some metres of which places, as rows of both."""
    shapes = places.geometry.to_crs(crs).to_numpy()
    reach_m = np.broadcast_to(np.asarray(within_m, dtype=float), len(shapes))
    found = shapely.STRtree(lines).query(shapes, predicate="dwithin", distance=reach_m)
    at, row = found[0].astype(np.int64), found[1].astype(np.int64)
    order = np.lexsort((at, row))
    return row[order], at[order]


def sharpest_turns(lines: NDArray[np.object_]) -> Floats:
    """Return the sharpest turn of each line in degrees.

    At each vertex, the angle between where the line comes from, 15 m before, and where it
    goes, 15 m after; over less at the ends of a line, but not over less than 5 m, where
    noise of the drawing would count as turns.

    Parameters
    ----------
    lines
        LineStrings in a metric CRS.
    """
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    if len(xy) < 3:
        return np.zeros(len(lines))
    same = owner[1:] == owner[:-1]
    steps = np.where(same, np.hypot(*np.diff(xy, axis=0).T), 0.0)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    first = np.searchsorted(owner, np.arange(len(lines)))
    along = along - along[first][owner]
    inside = np.flatnonzero(np.append(same, False) & np.append(False, same))
    of, at = lines[owner[inside]], along[inside]
    size = shapely.length(of)
    legs = np.minimum(at, WINDOW_M), np.minimum(size - at, WINDOW_M)
    before = shapely.get_coordinates(shapely.line_interpolate_point(of, at - legs[0]))
    after = shapely.get_coordinates(shapely.line_interpolate_point(of, at + legs[1]))
    turns = np.where(np.minimum(*legs) >= LEG_M, _angles(before, xy[inside], after), 0.0)
    sharpest = np.zeros(len(lines))
    np.maximum.at(sharpest, owner[inside], turns)
    return sharpest


def _angles(before: Floats, at: Floats, after: Floats) -> Floats:
    come, go = at - before, after - at
    cross = come[:, 0] * go[:, 1] - come[:, 1] * go[:, 0]
    return np.asarray(np.degrees(np.abs(np.arctan2(cross, (come * go).sum(axis=1)))), dtype=float)


def _feature_counts(
    lines: NDArray[np.object_], features: gpd.GeoDataFrame, crs: CRS
) -> pd.DataFrame:
    kinds = features["kind"].to_numpy(dtype=object)
    row, at = near_pairs(lines, features, crs, FEATURE_NEAR_M)
    counts = {
        kind: np.bincount(row[kinds[at] == kind], minlength=len(lines)) for kind in FEATURE_KINDS
    }
    return pd.DataFrame(counts, dtype=np.int64)


def _metres_away(lines: NDArray[np.object_], zones: gpd.GeoDataFrame, crs: CRS) -> pd.DataFrame:
    away = {kind: np.full(len(lines), np.inf) for kind in (*AREAS, *SERVICES)}
    places = zones.geometry.to_crs(crs).to_numpy()
    for kind, place, radius_m in zip(zones["kind"], places, zones["radius_m"], strict=True):
        if kind in away:
            metres = np.maximum(shapely.distance(lines, place) - float(radius_m), 0.0)
            away[kind] = np.minimum(away[kind], metres)
    return pd.DataFrame(away)
