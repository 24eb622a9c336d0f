"""Finds which carriageways run side by side in opposite directions, and along what share."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

BESIDE_M = 40.0
"""Farthest apart that two carriageways of one road are taken to run."""
OPPOSITE_DEG = 150.0
SAMPLE_M, FEWEST_SAMPLES, MOST_SAMPLES = 25.0, 3, 40
ABEAM_M = 2.0
LOOK_M = 1.0


@dataclass(frozen=True)
class Beside:
    """Carriageways that run beside one another.

    ``first`` and ``second`` are rows of segments, each pair in both orders, sorted; ``share``
    is the part of each segment that has an opposite carriageway beside it, 0 to 1.
    """

    first: Ints
    second: Ints
    share: Floats


@dataclass(frozen=True)
class _Samples:
    segment: Ints
    point: NDArray[np.object_]
    heading: Floats


def carriageways(segments: gpd.GeoDataFrame) -> Bools:
    """Return which segments may be one carriageway of a road: one-way and no ramp."""
    one_way = segments["oneway"].to_numpy(dtype=bool)
    return np.asarray(one_way & (segments["road_class"] != "ramp").to_numpy(), dtype=np.bool_)


def beside(segments: gpd.GeoDataFrame, lines: NDArray[np.object_]) -> Beside:
    """Return the opposite carriageways beside one another.

    At points along each carriageway the nearest opposite one of the same class, and of the
    same name or route number where both have them, is looked up within 40 m, at right angles.
    A pair counts only if each is the nearest of the other somewhere: a frontage road beyond
    the opposite carriageway is no partner of this one.

    Parameters
    ----------
    segments
        With ``oneway``, ``road_class``, ``name`` and ``ref``; between equals the first is taken.
    lines
        Their lines in metres.
    """
    share = np.zeros(len(lines))
    rows = np.flatnonzero(carriageways(segments))
    if not len(rows):
        return Beside(rows, rows, share)
    samples = _samples(lines, rows)
    sample, other = _nearest(segments, lines, rows, samples)
    key = samples.segment[sample] * len(lines) + other
    back = other * len(lines) + samples.segment[sample]
    mutual = np.isin(key, back)
    matched = np.bincount(samples.segment[sample[mutual]], minlength=len(lines))
    taken = np.bincount(samples.segment, minlength=len(lines))
    share[rows] = matched[rows] / taken[rows]
    first, second = np.divmod(np.unique(key[mutual]), len(lines))
    return Beside(first, second, share)


def headings(lines: NDArray[np.object_], at_m: Floats) -> Floats:
    """Return unit vectors (n, 2) along the lines at these metres from their start, or the end."""
    at_m = np.minimum(at_m, shapely.length(lines))
    ahead, behind = np.minimum(at_m + LOOK_M, shapely.length(lines)), np.maximum(at_m - LOOK_M, 0.0)
    to, start = (
        shapely.get_coordinates(shapely.line_interpolate_point(lines, at)) for at in (ahead, behind)
    )
    step = to - start
    return np.asarray(step / np.maximum(np.hypot(*step.T), 1e-9)[:, None], dtype=np.float64)


def _samples(lines: NDArray[np.object_], rows: Ints) -> _Samples:
    length_m = shapely.length(lines[rows])
    count = np.clip(np.ceil(length_m / SAMPLE_M), FEWEST_SAMPLES, MOST_SAMPLES).astype(np.int64)
    segment = np.repeat(rows, count)
    step = np.arange(len(segment)) - np.repeat(np.cumsum(count) - count, count)
    at_m = (step + 0.5) / np.repeat(count, count) * np.repeat(length_m, count)
    on = lines[segment]
    return _Samples(segment, shapely.line_interpolate_point(on, at_m), headings(on, at_m))


def _nearest(
    segments: gpd.GeoDataFrame, lines: NDArray[np.object_], rows: Ints, samples: _Samples
) -> tuple[Ints, Ints]:
    """Return each sample that has an opposite carriageway abeam, and the nearest such."""
    tree = shapely.STRtree(lines[rows])
    sample, found = tree.query(samples.point, predicate="dwithin", distance=BESIDE_M)
    other = rows[found]
    kept = _alike(segments, samples.segment[sample], other)
    sample, other = sample[kept], other[kept]
    at_m = shapely.line_locate_point(lines[other], samples.point[sample])
    foot = shapely.get_coordinates(shapely.line_interpolate_point(lines[other], at_m))
    away = foot - shapely.get_coordinates(samples.point[sample])
    gap_m = np.hypot(*away.T).round(3)
    heading = samples.heading[sample]
    astern_m = np.abs((away * heading).sum(axis=1))
    facing = (headings(lines[other], at_m) * heading).sum(axis=1)
    opposite = facing <= np.cos(np.radians(OPPOSITE_DEG))
    kept = opposite & (astern_m <= np.maximum(gap_m / 2, ABEAM_M))
    sample, other, gap_m = sample[kept], other[kept], gap_m[kept]
    order = np.lexsort((other, gap_m, sample))
    sample, other = sample[order], other[order]
    nearest = np.diff(sample, prepend=-1) > 0
    return sample[nearest].astype(np.int64), other[nearest].astype(np.int64)


def _alike(segments: gpd.GeoDataFrame, one: Ints, other: Ints) -> Bools:
    """Return where two segments can be one road: same class, and no other name or number."""
    road_class = pd.factorize(segments["road_class"])[0]
    alike = (one != other) & (road_class[one] == road_class[other])
    same, known = np.zeros(len(one), dtype=bool), np.zeros(len(one), dtype=bool)
    for column in ("name", "ref"):
        code = pd.factorize(segments[column])[0]
        both = (code[one] >= 0) & (code[other] >= 0)
        known |= both
        same |= both & (code[one] == code[other])
    return np.asarray(alike & (same | ~known), dtype=np.bool_)
