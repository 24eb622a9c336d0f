"""Merges nodes that are one junction: roundabouts, ends of median crossings, opposite nodes."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from planner.network.beside import BESIDE_M, Beside, carriageways, headings
from planner.network.roundabouts import Rings

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

CONNECTOR_M = 150.0
"""Longest crossing of a median; roads that cross at a sharp angle take this much."""
WITHIN_M = 50.0
"""Other segments from a junction to itself lie within it up to this length."""
STUB_M = 30.0
"""Pieces of a carriageway up to this length beside a merged junction belong to it."""
OFFSET_M = 30.0
"""Farthest that two opposite nodes may be apart along the road."""


@dataclass(frozen=True)
class Ends:
    """Where segments start and end: node rows, their lines, the nodes' places (n, 2), in metres."""

    start: Ints
    end: Ints
    lines: NDArray[np.object_]
    xy: Floats


def merged_nodes(
    segments: gpd.GeoDataFrame, ends: Ends, sides: Beside, rings: Rings
) -> tuple[Ints, Ints]:
    """Return the junction number of every node, and the segments that lie within junctions.

    Nodes merge along roundabouts, across a median where two opposite nodes face each other
    or a crossing of at most 150 m links them, and along pieces of a carriageway of at most
    30 m next to such a junction. Nothing else merges, so touching segments go on touching.

    Parameters
    ----------
    segments
        Sorted by ``segment_id``.
    ends
        In the rows of the segments.
    sides, rings
        Of the same segments.
    """
    size, crossings = len(ends.xy), _crossings(segments, ends, sides)
    collapsed = np.union1d(rings.rows, crossings)
    one, other = _opposite_nodes(ends, sides)
    one = np.concatenate([one, ends.start[collapsed]])
    other = np.concatenate([other, ends.end[collapsed]])
    label = _labels(one, other, size)
    merged = np.bincount(label, minlength=size)[label] > 1
    short = carriageways(segments) & (sides.share >= 0.5)
    short &= segments["length_m"].to_numpy(dtype=float) <= STUB_M
    stubs = np.flatnonzero(short & (merged[ends.start] | merged[ends.end]))
    one = np.concatenate([one, ends.start[stubs]])
    other = np.concatenate([other, ends.end[stubs]])
    label = _labels(one, other, size)
    within = label[ends.start] == label[ends.end]
    within &= ends.start != ends.end
    within &= segments["length_m"].to_numpy(dtype=float) <= WITHIN_M
    return label, np.union1d(collapsed, np.flatnonzero(within))


def _labels(one: Ints, other: Ints, size: int) -> Ints:
    graph = coo_array((np.ones(len(one)), (one, other)), shape=(size, size))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def _facing(ends: Ends, sides: Beside) -> tuple[Ints, Ints, Ints]:
    """Return an end of a carriageway, an end of the one beside it, and the pair's row."""
    a, b = sides.first, sides.second
    one = np.concatenate([ends.start[a], ends.start[a], ends.end[a], ends.end[a]])
    other = np.concatenate([ends.start[b], ends.end[b], ends.start[b], ends.end[b]])
    return one, other, np.tile(np.arange(len(a)), 4)


def _crossings(segments: gpd.GeoDataFrame, ends: Ends, sides: Beside) -> Ints:
    """Return the short segments from a carriageway to the one beside it."""
    size = len(ends.xy)
    one, other, pair = _facing(ends, sides)
    key = one * size + other
    order = np.argsort(key, kind="stable")
    key, pair = key[order], pair[order]
    short = segments["length_m"].to_numpy(dtype=float) <= CONNECTOR_M
    short &= (segments["road_class"] != "ramp").to_numpy() & (ends.start != ends.end)
    rows = np.flatnonzero(short)
    wanted = ends.start[rows] * size + ends.end[rows]
    first = np.searchsorted(key, wanted, side="left")
    count = np.searchsorted(key, wanted, side="right") - first
    row = np.repeat(rows, count)
    at = np.arange(len(row)) - np.repeat(np.cumsum(count) - count - first, count)
    # A piece of either carriageway does not cross from one to the other.
    sides_key = sides.first * len(short) + sides.second
    own = np.zeros(len(row), dtype=bool)
    for carriageway in (sides.first[pair[at]], sides.second[pair[at]]):
        own |= (row == carriageway) | np.isin(row * len(short) + carriageway, sides_key)
    return np.unique(row[~own])


def _opposite_nodes(ends: Ends, sides: Beside) -> tuple[Ints, Ints]:
    """Return the pairs of nodes on two carriageways that are each other's nearest."""
    one, other, pair = _facing(ends, sides)
    a, b = sides.first[pair], sides.second[pair]
    shared = (one == ends.start[b]) | (one == ends.end[b])
    shared |= (other == ends.start[a]) | (other == ends.end[a])
    away = ends.xy[other] - ends.xy[one]
    at_m = np.where(one == ends.start[a], 0.0, np.inf)
    ahead = np.abs((away * headings(ends.lines[a], at_m)).sum(axis=1))
    apart = np.hypot(*away.T).round(3)
    across = np.sqrt(np.maximum(apart**2 - ahead**2, 0.0))
    near = ~shared & (ahead <= OFFSET_M) & (across <= BESIDE_M)
    one, other, apart = one[near], other[near], apart[near]
    order = np.lexsort((other, apart, one))
    one, other = one[order], other[order]
    nearest = np.diff(one, prepend=-1) > 0
    one, other = one[nearest], other[nearest]
    size = len(ends.xy)
    mutual = np.isin(one * size + other, other * size + one)
    return one[mutual], other[mutual]
