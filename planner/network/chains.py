"""Turns road lines into chains of vertices between decision nodes, without a Python loop.

Every step between two vertices of a road is an edge with two half-edges (there and back).
A vertex where exactly two edges meet that are alike is passed through; every other vertex
is a node. Lines that merely cross share no vertex and stay apart, as bridges must.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

STEPS_PER_DEGREE = 10_000_000
"""Vertices are the same where longitude and latitude agree to 1e-7 degrees (1 cm)."""
MAX_SEGMENT_M = 2000.0
"""Longer chains are cut at their own vertices, so that every stretch has a node near it."""
METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class Edges:
    """Steps between neighbouring vertices.

    ``lonlat`` holds the distinct vertices in degrees, sorted; ``tail`` and ``head`` are
    its rows, ``road`` the row of the road that each edge belongs to.
    """

    lonlat: NDArray[np.float64]
    tail: Ints
    head: Ints
    road: Ints


@dataclass(frozen=True, slots=True)
class Chains:
    """Edges in walking order: ``piece`` numbers the segments, ascending from 0."""

    piece: Ints
    tail: Ints
    head: Ints
    road: Ints


def edges_of(lines: NDArray[np.object_]) -> Edges:
    """Return the edges of the lines (degrees, multi-part lines part by part).

    Repeated vertices make no edge, so a line of zero length leaves none.
    """
    parts, owner = shapely.get_parts(lines, return_index=True)
    lonlat, part = shapely.get_coordinates(parts, return_index=True)
    fixed = np.rint(lonlat * STEPS_PER_DEGREE).astype(np.int64)
    key = fixed[:, 0] * (360 * STEPS_PER_DEGREE) + fixed[:, 1]
    _, first, row = np.unique(key, return_index=True, return_inverse=True)
    step = (part[:-1] == part[1:]) & (row[:-1] != row[1:])
    return Edges(
        fixed[first] / STEPS_PER_DEGREE,
        row[:-1][step].astype(np.int64),
        row[1:][step].astype(np.int64),
        owner[part[:-1][step]].astype(np.int64),
    )


def chains_of(edges: Edges, kind: Ints, one_way: Mask) -> Chains:
    """Return the edges joined into segments, the same for any order of the roads.

    Parameters
    ----------
    edges
        From :func:`edges_of`.
    kind
        For each road, a number that is equal where all attributes are equal.
    one_way
        For each road, whether it is open only in the direction of its line. A two-way
        chain starts at the end that sorts first.
    """
    start = np.column_stack([edges.tail, edges.head]).ravel()
    previous = _previous(edges, start, kind[edges.road], one_way[edges.road])
    first, rank = _heads(previous)
    walked = _walked_starts(start, first, one_way[edges.road])[first]
    half = np.flatnonzero(walked)
    half = half[np.lexsort((rank[half], first[half]))]
    tail, head = start[half], start[half ^ 1]
    piece = _pieces(first[half], _step_m(edges.lonlat, tail, head))
    return Chains(piece, tail, head, edges.road[half >> 1])


def _previous(edges: Edges, start: Ints, kind: Ints, one_way: Mask) -> Ints:
    """Return for each half-edge the one walked before it; itself where it starts at a node."""
    degree = np.bincount(start, minlength=len(edges.lonlat))
    leaving = np.argsort(start, kind="stable")
    offset = np.concatenate([[0], np.cumsum(degree)[:-1]])
    through = degree == 2
    one, other = leaving[offset[through]], leaving[offset[through] + 1]
    alike = kind[one >> 1] == kind[other >> 1]
    alike &= ~one_way[one >> 1] | ((one & 1) != (other & 1))
    both = np.zeros(len(degree), dtype=np.int64)
    both[through] = one + other
    through[through] = alike
    _break_rings(edges, through)
    inner = through[start]
    halves = np.arange(len(start))
    return np.where(inner, (both[start] - halves) ^ 1, halves)


def _break_rings(edges: Edges, through: Mask) -> None:
    """Make the first vertex of every ring that has no node a node, in place."""
    size = len(through)
    ones = np.ones(len(edges.tail), dtype=np.int8)
    graph = coo_array((ones, (edges.tail, edges.head)), shape=(size, size))
    label = connected_components(graph, directed=False)[1]
    has_node = np.bincount(label, weights=~through) > 0
    first = np.unique(label, return_index=True)[1]
    through[first[~has_node]] = False


def _heads(previous: Ints) -> tuple[Ints, Ints]:
    """Return the first half-edge of each half-edge's chain and the steps from it.

    Pointer doubling: the number of rounds is the logarithm of the longest chain.
    """
    first = previous.copy()
    rank = (previous != np.arange(len(previous))).astype(np.int64)
    while True:
        farther = first[first]
        if np.array_equal(farther, first):
            return first, rank
        rank += rank[first]
        first = farther


def _walked_starts(start: Ints, first: Ints, one_way: Mask) -> Mask:
    """Return which first half-edges begin the walk of their chain in its one direction."""
    walked = np.zeros(len(start), dtype=bool)
    begin = np.flatnonzero(first == np.arange(len(first)))
    opposite = first[begin ^ 1]
    ahead = (start[begin], start[begin ^ 1], begin)
    back = (start[opposite], start[opposite ^ 1], opposite)
    smaller = np.zeros(len(begin), dtype=bool)
    tied = np.ones(len(begin), dtype=bool)
    for a, b in zip(ahead, back, strict=True):
        smaller |= tied & (a < b)
        tied &= a == b
    walked[begin] = np.where(one_way[begin >> 1], begin & 1 == 0, smaller)
    return walked


def _step_m(lonlat: NDArray[np.float64], tail: Ints, head: Ints) -> NDArray[np.float64]:
    """Return near enough metres of each edge; they only decide where long chains are cut."""
    step = lonlat[head] - lonlat[tail]
    step[:, 0] *= np.cos(np.radians(lonlat[tail, 1]))
    return np.asarray(np.hypot(step[:, 0], step[:, 1]) * METRES_PER_DEGREE)


def _pieces(chain: Ints, step_m: NDArray[np.float64]) -> Ints:
    """Return the segment number of each edge: long chains are cut into near equal parts."""
    new_chain = np.concatenate([[True], chain[1:] != chain[:-1]])[: len(chain)]
    number = np.cumsum(new_chain) - 1
    total = np.bincount(number, weights=step_m)
    before = np.cumsum(step_m) - step_m
    along = before - before[new_chain][number] + step_m / 2
    share_m = total / np.maximum(np.ceil(total / MAX_SEGMENT_M), 1)
    part = np.floor(along / share_m[number])
    new_piece = new_chain | np.concatenate([[True], part[1:] != part[:-1]])[: len(chain)]
    return np.asarray(np.cumsum(new_piece) - 1, dtype=np.int64)
