"""Finds the shortest way by road between two nodes, with the segments it takes."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from planner.network.arcs import along, least_arcs
from planner.network.highways import Stretch
from planner.network.road_network import RoadNetwork


def shortest_way(network: RoadNetwork, start: int, end: int, way_id: str) -> Stretch | None:
    """Return the shortest way between two nodes as a stretch, None where there is none.

    Parameters
    ----------
    network
        One-way segments are open only from their first to their last node.
    start, end
        Rows of ``network.nodes``.
    way_id
        Id of the stretch returned; it has no route number, name or direction.
    """
    arcs, size = least_arcs(network), len(network.nodes)
    graph = csr_array((arcs.metres, (arcs.tail, arcs.head)), shape=(size, size))
    reached, before = dijkstra(graph, indices=np.array([start]), return_predecessors=True)
    if start == end or not np.isfinite(reached[0, end]):
        return None
    node = [end]
    while node[-1] != start:
        node.append(int(before[0, node[-1]]))
    path = np.array(node[::-1], dtype=np.int64)
    keys = arcs.tail * size + arcs.head
    taken = arcs.at(np.searchsorted(keys, path[:-1] * size + path[1:]))
    line, position_m = along(network, taken)
    return Stretch(
        stretch_id=way_id,
        ref="",
        name="",
        direction="",
        length_m=float(position_m[-1]),
        node=path,
        position_m=position_m,
        segment=taken.segment,
        geometry=line,
    )
