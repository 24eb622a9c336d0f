"""Measures ways by road between two sets of places: as a dense table or as pairs in reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.network.distances import Distances, distances_m
from planner.network.road_network import RoadNetwork

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DistancePairs:
    """Pairs of places within the limit, sorted by first place, then second.

    ``start`` and ``end`` are positions in the given places, ``metres`` the way by road,
    rounded to millimetres. A matrix for the location models is
    ``scipy.sparse.csr_array((metres, (start, end)), shape)``; it keeps the stored zeros.
    """

    start: Ints
    end: Ints
    metres: Floats


def distance_pairs(
    network: RoadNetwork,
    from_nodes: Ints,
    to_nodes: Ints,
    *,
    limit_m: float,
    toward: bool | None = None,
) -> DistancePairs:
    """Return every pair of places within the limit by road, without a table of all pairs.

    Parameters
    ----------
    network
        One-way segments are open only from their first to their last node.
    from_nodes, to_nodes
        Rows of ``network.nodes`` where the ways start and end; -1 is a place without a
        node, which is in no pair. Places may share a node.
    limit_m
        Longest way kept, inclusive; may be infinite.
    toward
        True searches backwards from the ends, False forwards from the starts; None takes
        the side with fewer nodes. The answer is the same.

    Raises
    ------
    InputError
        ``E-NET-002`` if a segment's length is missing, infinite or negative.
    """
    starts, ends = np.unique(from_nodes[from_nodes >= 0]), np.unique(to_nodes[to_nodes >= 0])
    if toward is None:
        toward = len(ends) < len(starts)
    near, far = (ends, starts) if toward else (starts, ends)
    found = distances_m(network, near, limit_m=limit_m, toward=toward, nodes=far)
    pairs = _node_pairs(found, near, toward=toward)
    return _places(pairs, from_nodes, to_nodes)


def distance_table(
    network: RoadNetwork,
    from_nodes: Ints,
    to_nodes: Ints,
    *,
    limit_m: float,
    toward: bool | None = None,
) -> Floats:
    """Return (from, to) metres by road between two sets of places, inf beyond the limit.

    Takes what :func:`distance_pairs` takes, which is the one for many places: a table of
    20,000 by 2,000 places holds 320 MB.

    Raises
    ------
    InputError
        ``E-NET-002`` if a segment's length is missing, infinite or negative.
    """
    table = np.full((len(from_nodes), len(to_nodes)), np.inf)
    found = distance_pairs(network, from_nodes, to_nodes, limit_m=limit_m, toward=toward)
    table[found.start, found.end] = found.metres
    return table


def _node_pairs(found: Distances, near: Ints, *, toward: bool) -> DistancePairs:
    """Return the pairs by node row, sorted by start."""
    source = near[found.source]
    if not toward:
        return DistancePairs(source, found.node, found.metres)
    order = np.argsort(found.node, kind="stable")
    return DistancePairs(found.node[order], source[order], found.metres[order])


def _places(pairs: DistancePairs, from_nodes: Ints, to_nodes: Ints) -> DistancePairs:
    """Return the pairs of nodes as pairs of the places that stand there, sorted."""
    row, end = _expanded(pairs.end, to_nodes)
    start, metres = pairs.start[row], pairs.metres[row]
    row, start = _expanded(start, from_nodes)
    end, metres = end[row], metres[row]
    key = start * max(len(to_nodes), 1) + end
    if (key[1:] > key[:-1]).all():
        return DistancePairs(start, end, metres)
    order = np.argsort(key)
    return DistancePairs(start[order], end[order], metres[order])


def _expanded(nodes: Ints, places: Ints) -> tuple[Ints | slice, Ints]:
    """Return for each of the nodes its row, once for each place there, and that place.

    Where no two places share a node the rows are a slice of all, which copies nothing.
    """
    order = np.argsort(places, kind="stable")
    ranked = places[order]
    first = np.searchsorted(ranked, nodes, side="left")
    if (np.diff(ranked[ranked >= 0]) > 0).all():
        return slice(None), order[first]
    count = np.searchsorted(ranked, nodes, side="right") - first
    row = np.repeat(np.arange(len(nodes)), count)
    step = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    return row, order[first[row] + step]
