"""Measures shortest distances along the directed road network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from planner.errors import InputError, Problem
from planner.network.arcs import least_arcs
from planner.network.road_network import RoadNetwork

CHUNK = 50
"""Sources a call, neighbours of one another: measured fastest and smallest."""
HALF_MILLIMETRE = 0.0005


Row = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Nodes and metres of one source."""
NOTHING: Row = (np.empty(0, dtype=np.int64), np.empty(0))


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
    network: RoadNetwork,
    sources: NDArray[np.int64],
    *,
    limit_m: float,
    toward: bool,
    nodes: NDArray[np.int64] | None = None,
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
    nodes
        Rows of ``network.nodes`` to report on; all where None. Memory grows with these.

    Raises
    ------
    InputError
        ``E-NET-002`` if a segment's length is missing, infinite or negative.
    """
    graph = _matrix(network, reverse=toward)
    wanted = np.ones(len(network.nodes), dtype=bool)
    if nodes is not None:
        wanted = np.isin(np.arange(len(wanted)), nodes)
    order = _neighbours_together(network, sources)
    found: list[Row] = [NOTHING] * len(sources)
    for at in range(0, len(order), CHUNK):
        chunk = order[at : at + CHUNK]
        for position, row in zip(
            chunk, _chunk(graph, sources[chunk], limit_m, wanted), strict=True
        ):
            found[position] = row
    source = np.repeat(np.arange(len(sources)), [len(row[0]) for row in found])
    node, metres = (np.concatenate(part) for part in zip(NOTHING, *found, strict=True))
    return Distances(source.astype(np.int64), node, metres)


def _neighbours_together(network: RoadNetwork, sources: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the positions of the sources in the order of a curve through their places."""
    places = network.nodes.geometry.iloc[sources]
    if len(sources) <= CHUNK:
        return np.arange(len(sources))
    return np.argsort(places.hilbert_distance().to_numpy(), kind="stable")


def _chunk(
    graph: csr_array, sources: NDArray[np.int64], limit_m: float, wanted: NDArray[np.bool_]
) -> list[Row]:
    """Return the wanted nodes and metres of each source.

    The search runs on the part of the graph that the chunk can reach, because scipy's time
    and memory grow with all nodes of what it is given. Shortest distances do not depend on
    the part: each is the least of the same sums.
    """
    # Sums of millimetres carry float noise: search a little farther, round, then cut.
    reach_m = limit_m + HALF_MILLIMETRE
    nearest = dijkstra(graph, indices=sources, limit=reach_m, min_only=True)
    part = np.flatnonzero(np.isfinite(nearest))
    start = np.searchsorted(part, sources)
    rows = dijkstra(graph[part][:, part], indices=start, limit=reach_m)
    column = np.flatnonzero(wanted[part])
    node = part[column].astype(np.int64)
    return [_within(node, row[column], limit_m) for row in rows]


def _within(node: NDArray[np.int64], metres: NDArray[np.float64], limit_m: float) -> Row:
    near = np.isfinite(metres)
    node, metres = node[near], metres[near].round(3)
    kept = metres <= limit_m
    return node[kept], metres[kept]


def _matrix(network: RoadNetwork, *, reverse: bool) -> csr_array:
    """Return the arcs as a matrix, the shortest of parallel ones only."""
    _check_lengths(network, network.segments["length_m"].to_numpy(dtype=np.float64))
    arcs, size = least_arcs(network), len(network.nodes)
    ends = (arcs.head, arcs.tail) if reverse else (arcs.tail, arcs.head)
    return csr_array((arcs.metres, ends), shape=(size, size))


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
