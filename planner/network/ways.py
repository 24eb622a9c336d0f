"""Finds the shortest way by road between two nodes, with the segments it takes."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from planner.network.highways import Stretch
from planner.network.road_network import RoadNetwork

Ints = NDArray[np.int64]


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
    tail, head, segment, forward, metres = _least_arcs(network)
    size = len(network.nodes)
    graph = csr_array((metres, (tail, head)), shape=(size, size))
    reached, before = dijkstra(graph, indices=np.array([start]), return_predecessors=True)
    if start == end or not np.isfinite(reached[0, end]):
        return None
    node = [end]
    while node[-1] != start:
        node.append(int(before[0, node[-1]]))
    path = np.array(node[::-1], dtype=np.int64)
    keys = tail * size + head
    row = np.searchsorted(keys, path[:-1] * size + path[1:])
    lines = network.segments.geometry.to_numpy()[segment[row]]
    lines = np.where(forward[row], lines, shapely.reverse(lines))
    parts = [shapely.get_coordinates(line) for line in lines]
    position_m = np.concatenate([[0.0], np.cumsum(metres[row])]).round(3)
    return Stretch(
        stretch_id=way_id,
        ref="",
        name="",
        direction="",
        length_m=float(position_m[-1]),
        node=path,
        position_m=position_m,
        segment=segment[row],
        geometry=shapely.LineString(np.vstack([parts[0][:1], *(part[1:] for part in parts)])),
    )


def _least_arcs(
    network: RoadNetwork,
) -> tuple[Ints, Ints, Ints, NDArray[np.bool_], NDArray[np.float64]]:
    """Return the arcs, the shortest of parallel ones only (ties: the first segment), sorted."""
    rows = np.arange(len(network.segments))
    back = rows[~network.segments["oneway"].to_numpy(dtype=bool)]
    segment = np.concatenate([rows, back]).astype(np.int64)
    forward = np.arange(len(segment)) < len(rows)
    tail = np.where(forward, network.from_index[segment], network.to_index[segment])
    head = np.where(forward, network.to_index[segment], network.from_index[segment])
    metres = network.segments["length_m"].to_numpy(dtype=np.float64)[segment]
    order = np.lexsort((segment, metres, head, tail))
    order = order[tail[order] != head[order]]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (tail[order][1:] != tail[order][:-1]) | (head[order][1:] != head[order][:-1])
    kept = order[first]
    return tail[kept], head[kept], segment[kept], forward[kept], metres[kept]
