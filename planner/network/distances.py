"""Measures shortest distances along the directed road network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from planner.errors import InputError, Problem
from planner.network.road_network import RoadNetwork

CHUNK = 50
"""Sources a call: dense rows of 50 sources measured fastest and smallest."""
HALF_MILLIMETRE = 0.0005


@dataclass(frozen=True, slots=True)
class Distances:
    """Pairs within the limit, sorted by source, then node.

    ``source`` is the position in the given sources, ``node`` the row of the network's
    nodes, ``metres`` the shortest distance, rounded to millimetres (0 to itself).
    """

    source: NDArray[np.int64]
    node: NDArray[np.int64]
    metres: NDArray[np.float64]


def distances_m(
    network: RoadNetwork, sources: NDArray[np.int64], *, limit_m: float, toward: bool
) -> Distances:
    """Return the network metres between the sources and every node within the limit.

    Parameters
    ----------
    network
        One-way segments are open only from their first to their last node.
    sources
        Rows of ``network.nodes``.
    limit_m
        Longest distance kept, inclusive; may be infinite.
    toward
        True: from the node to the source; False: from the source to the node.

    Raises
    ------
    InputError
        ``E-NET-002`` if a segment's length is missing, infinite or negative.
    """
    graph = _least_arcs(network, reverse=toward)
    found = [_chunk(graph, sources, at, limit_m) for at in range(0, len(sources), CHUNK)]
    if not found:
        none = np.empty(0, dtype=np.int64)
        return Distances(none, none, np.empty(0))
    source, node, metres = (np.concatenate(column) for column in zip(*found, strict=True))
    return Distances(source, node, metres)


def _chunk(
    graph: csr_array, sources: NDArray[np.int64], at: int, limit_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    # Sums of millimetres carry float noise: search a little farther, round, then cut.
    rows = dijkstra(graph, indices=sources[at : at + CHUNK], limit=limit_m + HALF_MILLIMETRE)
    metres = np.asarray(rows, dtype=np.float64).round(3)
    pairs = np.argwhere(np.isfinite(metres) & (metres <= limit_m)).astype(np.int64)
    source, node = pairs[:, 0], pairs[:, 1]
    return source + at, node, metres[source, node]


def _least_arcs(network: RoadNetwork, *, reverse: bool) -> csr_array:
    """Return the arcs as a matrix, the shortest of parallel ones only.

    scipy would add parallel entries up, so they are reduced before it sees them.
    """
    length_m = network.segments["length_m"].to_numpy(dtype=np.float64)
    _check_lengths(network, length_m)
    back = ~network.segments["oneway"].to_numpy(dtype=bool)
    tail = np.concatenate([network.from_index, network.to_index[back]])
    head = np.concatenate([network.to_index, network.from_index[back]])
    metres = np.concatenate([length_m, length_m[back]])
    if reverse:
        tail, head = head, tail
    order = np.lexsort((metres, head, tail))
    order = order[tail[order] != head[order]]
    tail, head, metres = tail[order], head[order], metres[order]
    least = np.ones(len(tail), dtype=bool)
    least[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    size = len(network.nodes)
    return csr_array((metres[least], (tail[least], head[least])), shape=(size, size))


def _check_lengths(network: RoadNetwork, length_m: NDArray[np.float64]) -> None:
    wrong = ~(np.isfinite(length_m) & (length_m >= 0))
    if not wrong.any():
        return
    row = int(np.flatnonzero(wrong)[0])
    raise InputError(
        Problem(
            "E-NET-002",
            "a segment has no usable length",
            "rebuild the network from the roads",
            layer="segments",
            row=str(network.segments["segment_id"].iloc[row]),
            column="length_m",
            value=str(length_m[row]),
            count=int(wrong.sum()),
        )
    )
