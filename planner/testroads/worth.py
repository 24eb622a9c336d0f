"""Owns what a segment is worth to tests and how complex it is, by the table ``worth.toml``."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.testroads.instance import Floats, Ints

Table = dict[str, Any]
METRES_PER_KM = 1000.0


def load_weights() -> Table:
    """Return the tables of ``worth.toml``; every figure in it is an assumption (trust U)."""
    return tomllib.loads(files("planner.testroads").joinpath("worth.toml").read_text("utf-8"))


def test_values(
    segments: gpd.GeoDataFrame, counted_m: Floats, meeting: tuple[Ints, Ints], away_m: pd.DataFrame
) -> Floats:
    """Return the worth of each segment to tests, rounded to 6 decimals.

    Counted km times a weight per km: class, nearness to clusters and test zones, name,
    arterial, and one small weight per kind of scene. By *counted* km, so that a dual
    carriageway is not worth more than a single one of the same centre line.

    Parameters
    ----------
    segments
        Satisfies ``layers.SEGMENTS`` (EPSG:4326).
    counted_m
        Counted metres.
    meeting
        How many segments meet at the start and at the end of each segment.
    away_m
        Metres to the nearest zone of each kind (columns), 0 inside, infinite without one.
    """
    table = load_weights()["value"]
    weight = segments["road_class"].map(table["class_weight"]).to_numpy(dtype=float)
    weight = weight + _attraction(away_m, table["attraction"])
    weight = weight + _bonus(segments, table["bonus"])
    weight = weight + table["variety"]["per_scene"] * scenes(segments, meeting, table["variety"])
    dead_end = (meeting[0] == 1) | (meeting[1] == 1)
    weight = np.where(dead_end, weight * table["dead_end"]["factor"], weight)
    values: Floats = np.round(counted_m / METRES_PER_KM * weight, 6)
    return values


def _attraction(away_m: pd.DataFrame, table: Table) -> Floats:
    best = np.zeros(len(away_m))
    for kind in away_m.columns:
        near = 1.0 - away_m[kind].to_numpy(dtype=float) / table["fade_m"]
        best = np.maximum(best, table[kind] * np.clip(near, 0.0, 1.0))
    return best


def _bonus(segments: gpd.GeoDataFrame, table: Table) -> Floats:
    named = (segments["name"].notna() | segments["ref"].notna()).to_numpy(dtype=bool)
    arterial = segments["road_class"].isin(table["arterial_classes"]).to_numpy(dtype=bool)
    wide = segments["lanes"].to_numpy(dtype=float) >= table["arterial_lanes"]
    return np.asarray(table["named"] * named + table["arterial"] * (arterial & wide), dtype=float)


def scenes(segments: gpd.GeoDataFrame, meeting: tuple[Ints, Ints], table: Table) -> Ints:
    """Return how many kinds of scene each segment offers.

    Bridge; many lanes; slow mixed traffic; one-way; junctions at both ends.
    """
    found = segments["bridge"].to_numpy(dtype=np.int64)
    found = found + (segments["lanes"].to_numpy() >= table["many_lanes"])
    found = found + (segments["speed_kph"].to_numpy() <= table["slow_kph"])
    found = found + segments["oneway"].to_numpy(dtype=np.int64)
    return np.asarray(found + ((meeting[0] >= 3) & (meeting[1] >= 3)), dtype=np.int64)


def complexity_grades(segments: gpd.GeoDataFrame, meeting: tuple[Ints, Ints]) -> Ints:
    """Return the complexity grade of each segment, 1 (simple) to 5 (complex).

    Points for class, lanes, speed, bridge and junctions per km add up to a grade.
    """
    table = load_weights()["grade"]
    length_km = segments["length_m"].to_numpy(dtype=float) / METRES_PER_KM
    # Each end is shared by the segments on both sides of it, so it counts half.
    ends = 0.5 * ((meeting[0] >= 3).astype(float) + (meeting[1] >= 3))
    measures = {
        "lanes": segments["lanes"].to_numpy(dtype=float),
        "speed_kph": segments["speed_kph"].to_numpy(dtype=float),
        "junctions_per_km": ends / np.maximum(length_km, 1e-3),
    }
    points = segments["road_class"].map(table["class_points"]).to_numpy(dtype=np.int64)
    points = points + table["points"]["bridge"] * segments["bridge"].to_numpy(dtype=np.int64)
    for name, values in measures.items():
        points = points + _step_points(values, table["steps"][name])
    begins = table["from_points"]["begins"]
    return np.asarray(1 + np.searchsorted(begins, points, side="right"), dtype=np.int64)


def _step_points(values: Floats, steps: list[list[float]]) -> Ints:
    floors, points = np.array([step[0] for step in steps]), np.array([step[1] for step in steps])
    place = np.searchsorted(floors, values, side="right") - 1
    return np.asarray(points[np.maximum(place, 0)], dtype=np.int64)
