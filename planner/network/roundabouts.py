"""Finds roundabouts and the small squares where dual carriageways cross: rings of one-way arcs."""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LONGEST_RING_M = 500.0
LONGEST_SQUARE_M = 160.0
ROUND, SQUARE = 0.88, 0.5
"""Least area over that of the circle of the same length: an octagon has 0.95, a hexagon 0.91,
a city block 0.79 or less, so blocks of one-way streets are rings only if they are tiny."""


@dataclass(frozen=True)
class Rings:
    """One-way rings: ``rows`` of segments ring by ring, ``ring`` numbers them, ``is_round``."""

    rows: Ints
    ring: Ints
    is_round: Bools


def rings(lines: NDArray[np.object_], start: Ints, end: Ints, rows: Ints) -> Rings:
    """Return the rings that traffic can go round, of at most 500 m.

    Parameters
    ----------
    lines
        Lines of all segments in metres.
    start, end
        Their end nodes; a ring is driven from start to end.
    rows
        The one-way segments that may form rings.
    """
    found = sorted(_shortest_rings(lines, start, end, rows))
    kept, is_round = [], []
    for ring in found:
        metres = float(shapely.length(lines[list(ring)]).sum())
        area = _area(lines, ring)
        roundness = 4 * np.pi * area / metres**2
        if roundness >= (SQUARE if metres <= LONGEST_SQUARE_M else ROUND):
            kept.append(ring)
            is_round.append(roundness >= ROUND)
    return Rings(
        np.array([row for ring in kept for row in ring], dtype=np.int64),
        np.repeat(np.arange(len(kept)), [len(ring) for ring in kept]),
        np.array(is_round, dtype=bool),
    )


def _shortest_rings(
    lines: NDArray[np.object_], start: Ints, end: Ints, rows: Ints
) -> set[tuple[int, ...]]:
    """Return the shortest ring through each segment, as its rows from the smallest on."""
    metres = shapely.length(lines)
    rows = rows[metres[rows] <= LONGEST_RING_M]
    size = int(max(start.max(initial=0), end.max(initial=0))) + 1
    graph = csr_array((np.ones(len(rows)), (start[rows], end[rows])), shape=(size, size))
    label = connected_components(graph, directed=True, connection="strong")[1]
    rows = rows[label[start[rows]] == label[end[rows]]]
    leaving: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
    for row in rows.tolist():
        leaving[int(start[row])].append((row, int(end[row]), round(float(metres[row]), 3)))
    found = set()
    for row in rows.tolist():
        ring = _way_back(leaving, row, (int(start[row]), int(end[row])), float(metres[row]))
        if ring:
            at = ring.index(min(ring))
            found.add((*ring[at:], *ring[:at]))
    return found


def _way_back(
    leaving: dict[int, list[tuple[int, int, float]]],
    row: int,
    ends: tuple[int, int],
    metres: float,
) -> list[int]:
    """Return the shortest ring through a segment, none if it is longer than 500 m."""
    goal, begin = ends
    queue: list[tuple[float, int, int, int]] = [(metres, begin, row, -1)]
    came: dict[int, tuple[int, int]] = {}
    while queue:
        so_far, node, by, before = heapq.heappop(queue)
        if node in came:
            continue
        came[node] = (by, before)
        if node == goal:
            return _ring(came, goal)
        for arc, head, step in leaving[node]:
            if so_far + step <= LONGEST_RING_M and head not in came:
                heapq.heappush(queue, (round(so_far + step, 3), head, arc, node))
    return []


def _ring(came: dict[int, tuple[int, int]], node: int) -> list[int]:
    back: list[int] = []
    while node >= 0:
        by, node = came[node]
        back.append(by)
    return back[::-1]


def _area(lines: NDArray[np.object_], ring: tuple[int, ...]) -> float:
    """Return the area within a ring; of one that crosses itself, what its two signs leave."""
    x, y = np.vstack([shapely.get_coordinates(lines[row]) for row in ring]).T
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2
