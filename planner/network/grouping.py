"""Groups segments into centrelines: two carriageways, what lies within a junction, or one alone."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from planner.network.beside import Beside, beside, carriageways
from planner.network.duals import Dual, duals
from planner.network.merging import Ends, merged_nodes
from planner.network.roundabouts import Rings, rings

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Lines = NDArray[np.object_]


@dataclass(frozen=True)
class Groups:
    """Groups of segments that are sorted by id; a group is numbered by its smallest row.

    ``of_segment`` (S,) and ``of_node`` (N,) are group and merged node; ``share`` (S,) is the
    part of a segment that has an opposite carriageway beside it; ``kind``, ``from_node``,
    ``to_node`` and ``geometry`` (WGS84) are per group; ``twins`` (P, 2) are the groups of one
    carriageway that run beside one another.
    """

    of_segment: Ints
    of_node: Ints
    share: Floats
    kind: NDArray[np.str_]
    from_node: Ints
    to_node: Ints
    twins: Ints
    geometry: Lines


def grouped(segments: gpd.GeoDataFrame, ends: Ends) -> Groups:
    """Group segments sorted by ``segment_id``; ``ends`` are of the same rows."""
    sides = beside(segments, ends.lines)
    found = rings(ends.lines, ends.start, ends.end, _may_be_ring(segments))
    label, within = merged_nodes(segments, ends, sides, found)
    usable = carriageways(segments)
    usable[within] = False
    pairs = duals(ends, label, usable, sides.share)
    share, kind = _shares_and_kinds(sides.share, pairs, found, within)
    leader = _leaders(label[ends.start], pairs, within)
    kind[leader[found.rows[found.is_round[found.ring]]]] = "roundabout"
    of_node = _without_inner(ends, label, pairs)
    first, of_segment = np.unique(leader, return_inverse=True)
    start, end = of_node[ends.start], of_node[ends.end]
    lines = np.asarray(segments.geometry, dtype=object)
    geometry = _lines(segments, leader, found)
    for pair in pairs:
        row, there = leader[pair.there.rows[0]], pair.there.rows
        start[row], end[row] = of_node[ends.start[there[0]]], of_node[ends.end[there[-1]]]
        geometry[row] = _middle(lines, pair)
    kind = kind[first]
    return Groups(
        of_segment=of_segment,
        of_node=of_node,
        share=share,
        kind=kind,
        from_node=start[first],
        to_node=end[first],
        twins=_twins(of_segment, kind, sides),
        geometry=geometry[first],
    )


def _may_be_ring(segments: gpd.GeoDataFrame) -> Ints:
    usable = carriageways(segments) & (segments["road_class"] != "motorway").to_numpy()
    return np.flatnonzero(usable)


def _shares_and_kinds(
    share: Floats, pairs: list[Dual], found: Rings, within: Ints
) -> tuple[Floats, NDArray[np.str_]]:
    """Return for each segment the part counted half, and the kind of its group."""
    share = share.copy()
    kind = np.where(share > 0, "carriageway", "single").astype("<U11")
    kind[within] = "junction"
    for pair in pairs:
        rows = [*pair.there.rows, *pair.back.rows]
        share[rows], kind[rows] = 1.0, "dual"
    share[found.rows[found.is_round[found.ring]]] = 1.0
    return share, kind


def _twins(of_segment: Ints, kind: NDArray[np.str_], sides: Beside) -> Ints:
    one, other = of_segment[sides.first], of_segment[sides.second]
    apart = (one < other) & (kind[one] == "carriageway") & (kind[other] == "carriageway")
    return np.unique(np.column_stack([one[apart], other[apart]]), axis=0)


def _leaders(at: Ints, pairs: list[Dual], within: Ints) -> Ints:
    """Return the smallest row of each segment's group; ``at`` is the junction it starts at."""
    leader = np.arange(len(at))
    first, inverse = np.unique(at[within], return_index=True, return_inverse=True)[1:]
    leader[within] = within[first][inverse]
    for pair in pairs:
        leader[[*pair.there.rows, *pair.back.rows]] = min(pair.there.rows)
    return leader


def _without_inner(ends: Ends, label: Ints, pairs: list[Dual]) -> Ints:
    """Return merged nodes numbered by their first node; those along a dual join its start."""
    onto = np.arange(len(label))
    for pair in pairs:
        for chain in (pair.there, pair.back):
            onto[label[ends.end[list(chain.rows[:-1])]]] = pair.there.start
    merged, first, of_node = np.unique(onto[label], return_index=True, return_inverse=True)
    number = np.empty(len(merged), dtype=np.int64)
    number[np.argsort(first)] = np.arange(len(merged))
    return number[of_node]


def _lines(segments: gpd.GeoDataFrame, leader: Ints, found: Rings) -> Lines:
    """Return the line of each group at its smallest row: its longest ring or member."""
    lines = np.asarray(segments.geometry, dtype=object)
    longest = np.lexsort((-segments["length_m"].to_numpy(dtype=float), leader))
    drawn = lines.copy()
    drawn[leader[longest][::-1]] = lines[longest][::-1]
    best = np.zeros(len(lines))
    for number in range(len(found.is_round)):
        rows = found.rows[found.ring == number]
        parts = [shapely.get_coordinates(line) for line in lines[rows]]
        line = shapely.LineString(np.vstack([parts[0][:1], *(part[1:] for part in parts)]))
        metres = round(float(segments["length_m"].to_numpy(dtype=float)[rows].sum()), 3)
        if metres > best[leader[rows[0]]]:
            best[leader[rows[0]]], drawn[leader[rows[0]]] = metres, line
    return drawn


def _middle(lines: Lines, pair: Dual) -> shapely.LineString:
    """Return the line midway between two carriageways, in the direction of the first."""
    there, back = (_chain_line(lines, list(chain.rows)) for chain in (pair.there, pair.back))
    back = shapely.reverse(back)
    at = np.union1d(_fractions(there), _fractions(back))
    one, other = (
        shapely.get_coordinates(shapely.line_interpolate_point(line, at, normalized=True))
        for line in (there, back)
    )
    return shapely.LineString((one + other) / 2)


def _chain_line(lines: Lines, rows: list[int]) -> shapely.LineString:
    """Return the line along a chain; where its parts meet in a merged node it bridges the gap."""
    return shapely.LineString(np.vstack([shapely.get_coordinates(line) for line in lines[rows]]))


def _fractions(line: shapely.LineString) -> Floats:
    step = np.hypot(*np.diff(shapely.get_coordinates(line), axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(step)])
    return np.asarray((along / along[-1]).round(9), dtype=np.float64)
