"""Owns how complex a segment is: points term by term and the grade they add up to.

The score is additive, so that a reader can check it: every term gives whole points by the
table ``grades.toml``, and the sum falls into one of five grades, 1 (simple) to 5 (complex).
"""

from __future__ import annotations

import tomllib
from importlib.resources import files

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.testroads.instance import METRES_PER_KM, Floats, Ints
from planner.testroads.surroundings import Surroundings
from planner.testroads.worth import Table

STEP_TERMS = {
    "lanes_points": "lanes",
    "speed_points": "speed_kph",
    "signal_points": "signals",
    "arms_points": "arms",
    "density_points": "junctions_per_km",
    "people_points": "people",
    "turn_points": "turn_deg",
}
"""Term -> the measure whose steps give its points."""
TERMS = (
    "class_points",
    "lanes_points",
    "speed_points",
    "signal_points",
    "arms_points",
    "density_points",
    "tunnel_points",
    "bridge_points",
    "people_points",
    "turn_points",
)
JUNCTION_ARMS = 3
SHORTEST_KM = 1e-3


def load_grades() -> Table:
    """Return the tables of ``grades.toml``; every figure in it is an assumption (trust U)."""
    return tomllib.loads(files("planner.testroads").joinpath("grades.toml").read_text("utf-8"))


def grade_terms(segments: gpd.GeoDataFrame, around: Surroundings) -> pd.DataFrame:
    """Return the points of each segment, one whole-number column for each of ``TERMS``.

    Parameters
    ----------
    segments
        Satisfies ``layers.SEGMENTS``, in any row order.
    around
        What is around them, in the same order.

    Returns
    -------
    pandas.DataFrame
        RangeIndex, in row order.
    """
    table, measures = load_grades(), _measures(segments, around)
    terms = {term: _step_points(measures[name], table["steps"][name])
             for term, name in STEP_TERMS.items()}  # fmt: skip
    terms["class_points"] = segments["road_class"].map(table["class_points"]).to_numpy(np.int64)
    for name in ("tunnel", "bridge"):
        there = segments[name].to_numpy(dtype=np.int64)
        terms[f"{name}_points"] = int(table["points"][name]) * there
    return pd.DataFrame(terms, columns=list(TERMS), dtype=np.int64)


def grades_of(terms: pd.DataFrame) -> Ints:
    """Return the grade that the points of each row add up to, 1 (simple) to 5 (complex)."""
    begins = load_grades()["from_points"]["begins"]
    points = terms[list(TERMS)].to_numpy(dtype=np.int64).sum(axis=1)
    return np.asarray(1 + np.searchsorted(begins, points, side="right"), dtype=np.int64)


def _measures(segments: gpd.GeoDataFrame, around: Surroundings) -> dict[str, Floats]:
    length_km = segments["length_m"].to_numpy(dtype=float) / METRES_PER_KM
    # Each end is shared by the segments on both sides of it, so it counts half.
    ends = 0.5 * sum((arms >= JUNCTION_ARMS).astype(float) for arms in around.arms)
    return {
        "lanes": segments["lanes"].to_numpy(dtype=float),
        "speed_kph": segments["speed_kph"].to_numpy(dtype=float),
        "signals": around.features["signal"].to_numpy(dtype=float),
        "arms": np.maximum(*around.arms).astype(float),
        "junctions_per_km": np.asarray(ends / np.maximum(length_km, SHORTEST_KM), dtype=float),
        "people": around.people().astype(float),
        "turn_deg": around.turn_deg,
    }


def _step_points(values: Floats, steps: list[list[float]]) -> Ints:
    floors, points = np.array([step[0] for step in steps]), np.array([step[1] for step in steps])
    place = np.searchsorted(floors, values, side="right") - 1
    return np.asarray(points[np.maximum(place, 0)], dtype=np.int64)
