"""Finds the ways that traffic takes along the segments of one route, each direction apart."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from planner.network.arcs import Arcs, arcs_of
from planner.network.road_network import RoadNetwork

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SHARPEST_TURN_DEG = 95.0
"""A carriageway never turns more than this at a vertex; traffic that would is turning back.
A right angle passes, because hand-drawn routes have them."""
SAME_M = 0.0005


def drivable_arcs(network: RoadNetwork, rows: Ints) -> Arcs:
    """Return the arcs of these segments, without those that turn back within themselves."""
    lines = np.asarray(network.segments.geometry, dtype=object)[rows]
    return arcs_of(network, rows[_sharpest(lines) <= SHARPEST_TURN_DEG])


def _transitions(network: RoadNetwork, arcs: Arcs) -> csr_array:
    """Return (arc, next arc) with the metres of the next, where the turn is not too sharp."""
    first = np.searchsorted(arcs.tail, arcs.head, side="left")
    count = np.searchsorted(arcs.tail, arcs.head, side="right") - first
    before = np.repeat(np.arange(len(arcs.head)), count)
    after = np.arange(len(before)) - np.repeat(np.cumsum(count) - count - first, count)
    lines = np.asarray(network.segments.geometry, dtype=object)[arcs.segment]
    leaving = np.where(arcs.forward, _heading(lines, 0, 1), _heading(lines, -1, -2))
    arriving = np.where(arcs.forward, _heading(lines, -2, -1), _heading(lines, 1, 0))
    kept = _turn(arriving[before], leaving[after]) <= SHARPEST_TURN_DEG
    before, after = before[kept], after[kept]
    size = len(arcs.head)
    return csr_array((arcs.metres[after], (before, after)), shape=(size, size))


def _heading(lines: NDArray[np.object_], at: int, to: int) -> Floats:
    """Return degrees clockwise from north between two vertices of each line."""
    start, end = (shapely.get_coordinates(shapely.get_point(lines, row)) for row in (at, to))
    return _bearing(start, end)


def _sharpest(lines: NDArray[np.object_]) -> Floats:
    """Return the sharpest turn at an inner vertex of each line, in degrees."""
    lonlat, line = shapely.get_coordinates(lines, return_index=True)
    bearing = _bearing(lonlat[:-1], lonlat[1:])
    inner = line[2:] == line[:-2]
    worst = np.zeros(len(lines))
    np.maximum.at(worst, line[2:][inner], _turn(bearing[:-1], bearing[1:])[inner])
    return worst


def _bearing(start: Floats, end: Floats) -> Floats:
    east, north = (end - start).T
    east = east * np.cos(np.radians(start[:, 1]))
    return np.asarray(np.degrees(np.arctan2(east, north)), dtype=np.float64)


def _turn(before: Floats, after: Floats) -> Floats:
    return np.asarray(np.abs((after - before + 180.0) % 360.0 - 180.0), dtype=np.float64)


def ways(network: RoadNetwork, arcs: Arcs, least_m: float) -> list[Ints]:
    """Return the rows of the arcs of each carriageway, in driving order.

    The longest of the shortest ways through a piece, or round it, is one; then the search
    goes on in what it leaves. No arc is in two.

    Parameters
    ----------
    network
        The arcs' network, for the turns between segments.
    arcs
        Of one route.
    least_m
        Shorter ways are left out.
    """
    following = _transitions(network, arcs)
    found: list[Ints] = []
    pieces = _pieces(following, np.arange(len(arcs.tail)))
    while pieces:
        piece = pieces.pop()
        # What is shorter in all cannot hold a stretch; this ends most pieces at once.
        if arcs.metres[piece].sum() < least_m:
            continue
        part = following[piece][:, piece]
        path = _through(part, arcs.metres[piece])
        if path is None:
            path = _round(part, arcs.tail[piece])
        node = np.concatenate([arcs.tail[piece[path[:1]]], arcs.head[piece[path]]])
        path = path[_without_loops(node, arcs.metres[piece[path]])]
        if round(float(arcs.metres[piece[path]].sum()), 3) >= least_m:
            found.append(piece[path])
        pieces += _pieces(following, np.delete(piece, path))
    return found


def _pieces(following: csr_array, rows: Ints) -> list[Ints]:
    """Return the rows that hang together, piece by piece."""
    if not len(rows):
        return []
    count, label = connected_components(following[rows][:, rows], directed=False)
    return [rows[label == piece] for piece in range(count)]


def _through(part: csr_array, metres: Floats) -> Ints | None:
    """Return the longest of the shortest ways from a first arc to a last one, if any."""
    starts = np.flatnonzero(np.bincount(part.indices, minlength=len(metres)) == 0)
    ends = np.flatnonzero(np.diff(part.indptr) == 0)
    if not len(starts) or not len(ends):
        return None
    further, before = dijkstra(part, indices=starts, return_predecessors=True)
    length = (further[:, ends] + metres[starts][:, None]).round(3)
    length[~np.isfinite(length)] = -1.0
    start, end = np.unravel_index(int(length.argmax()), length.shape)
    if length[start, end] < 0:
        return None
    return _walk(before[start], int(ends[end]))


def _round(part: csr_array, tail: Ints) -> Ints:
    """Return the shortest way round through the first arc of the smallest node of a ring.

    Without a way through there is a ring: following arcs for ever comes back to one.
    """
    _, label = connected_components(part, directed=True, connection="strong")
    on_ring = np.bincount(label)[label] > 1
    on_ring |= part.diagonal() > 0
    arc = int(np.flatnonzero(on_ring & (tail == tail[on_ring].min()))[0])
    further, before = dijkstra(part, indices=np.array([arc]), return_predecessors=True)
    into = np.flatnonzero(part[:, [arc]].toarray().ravel() > 0)
    return _walk(before[0], int(into[np.argmin(further[0, into])]))


def _without_loops(node: Ints, metres: Floats) -> slice:
    """Return the longest run of arcs that passes no node twice; a ring may close.

    A way that turns back at a roundabout passes the same nodes there and back.
    """
    along = np.concatenate([[0.0], np.cumsum(metres)])
    seen = {int(node[0]): 0}
    best, begin = slice(0, 1), 0
    for at, row in enumerate(node[1:].tolist(), start=1):
        loop = seen.get(row, -1) >= begin
        begin = seen[row] if loop else begin
        if along[at] - along[begin] > along[best.stop] - along[best.start] + SAME_M:
            best = slice(begin, at)
        begin += loop
        seen[row] = at
    return best


def _walk(before: NDArray[np.int32], end: int) -> Ints:
    path = [end]
    while before[path[-1]] >= 0:
        path.append(int(before[path[-1]]))
    return np.array(path[::-1], dtype=np.int64)
