"""Builds the road graph from the exported segments alone and measures distances on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from planner.verify.files import PlanFiles, UnreadableError

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
CLOSED_CLASSES = ("motorway", "ramp")
JUNCTION_SEGMENTS = 3
BARELY_MM = 1e-3
"""Weight of a segment that rounds to no length: scipy would take 0 for no road at all."""


@dataclass(frozen=True)
class Graph:
    """Nodes and directed arcs; ``millimetres`` are whole, so that sums are exact.

    ``lonlat`` is where the first segment that names a node puts it (EPSG:4326).
    """

    node_ids: pd.Index
    lonlat: Floats
    tail: Ints
    head: Ints
    millimetres: Floats
    oneway: Bools

    def rows_of(self, node_ids: Sequence[str] | pd.Series) -> Ints:
        """Return the row of each node, -1 where it is missing or unknown."""
        return np.asarray(self.node_ids.get_indexer(pd.Index(node_ids)), dtype=np.int64)

    def arcs(self, *, toward: bool) -> csr_array:
        """Return the least arc between any two nodes, reversed if ``toward``."""
        back = ~self.oneway
        arcs = pd.DataFrame(
            {
                "tail": np.concatenate([self.tail, self.head[back]]),
                "head": np.concatenate([self.head, self.tail[back]]),
                "mm": np.concatenate([self.millimetres, self.millimetres[back]]),
            }
        )
        arcs = arcs[arcs["tail"] != arcs["head"]]
        least = arcs.groupby(["head", "tail"] if toward else ["tail", "head"])["mm"].min()
        size = len(self.node_ids)
        rows, columns = (least.index.get_level_values(level).to_numpy() for level in (0, 1))
        weights = np.maximum(least.to_numpy(float), BARELY_MM)
        return csr_array((weights, (rows, columns)), shape=(size, size))


def graph_of(plan: PlanFiles) -> Graph:
    """Build the graph of the segments layer."""
    segments = plan.layer("segments")
    lines = np.asarray(segments.geometry, dtype=object)
    if not (shapely.get_type_id(lines) == shapely.GeometryType.LINESTRING).all():
        message = "layer segments: a geometry is not one line"
        raise UnreadableError(message)
    node_ids = pd.Index(sorted({*segments["from_node"], *segments["to_node"]}), dtype="str")
    tail = node_ids.get_indexer(pd.Index(segments["from_node"]))
    head = node_ids.get_indexer(pd.Index(segments["to_node"]))
    lonlat = np.full((len(node_ids), 2), np.nan)
    lonlat[head[::-1]] = shapely.get_coordinates(shapely.get_point(lines, -1))[::-1]
    lonlat[tail[::-1]] = shapely.get_coordinates(shapely.get_point(lines, 0))[::-1]
    millimetres = np.round(segments["length_m"].to_numpy(float) * 1000.0)
    if not np.isfinite(millimetres).all():
        message = "layer segments: a length is not finite"
        raise UnreadableError(message)
    oneway = segments["oneway"].to_numpy(bool)
    return Graph(
        node_ids, lonlat, tail.astype(np.int64), head.astype(np.int64), millimetres, oneway
    )


def metres_toward(graph: Graph, arcs: csr_array, sources: Ints, limit_m: float) -> Floats:
    """Return the metres from every node (column) to each source (row); ``inf`` beyond the limit.

    ``arcs`` are those of ``graph.arcs(toward=True)``.
    """
    if not len(sources):
        return np.empty((0, len(graph.node_ids)))
    found = dijkstra(arcs, indices=sources, limit=limit_m * 1000.0 + 0.5)
    return np.asarray(np.round(found) / 1000.0, dtype=np.float64)


def nearest_m(graph: Graph, arcs: csr_array, sources: Ints) -> Floats:
    """Return the metres from every node to its nearest source by road; ``inf`` if none."""
    if not len(sources):
        return np.full(len(graph.node_ids), np.inf)
    found = dijkstra(arcs, indices=np.unique(sources), min_only=True)
    return np.asarray(np.round(found) / 1000.0, dtype=np.float64)


def usable_nodes(plan: PlanFiles) -> Bools:
    """Return the nodes that places may use, as a mask.

    They lie in the longest component, can be reached from and left for the bulk of it,
    and touch a segment that is neither motorway nor ramp.
    """
    graph, segments = plan.once(graph_of), plan.layer("segments")
    size = len(graph.node_ids)
    main = main_component(graph)
    arcs = graph.arcs(toward=False)
    strong = connected_components(arcs, directed=True, connection="strong")[1]
    sizes = np.bincount(strong[main], minlength=int(strong.max(initial=0)) + 1)
    core = main & (sizes[strong] == sizes.max(initial=0))
    touched = np.zeros(size, dtype=bool)
    open_road = ~segments["road_class"].isin(CLOSED_CLASSES).to_numpy()
    touched[graph.tail[open_road]] = True
    touched[graph.head[open_road]] = True
    return np.asarray(core & touched, dtype=bool)


def main_component(graph: Graph) -> Bools:
    """Return the nodes of the component with the most metres of road, as a mask."""
    labels = piece_labels(graph, np.ones(len(graph.tail), dtype=bool))
    total = np.bincount(labels[graph.tail], weights=graph.millimetres, minlength=1)
    return np.asarray(total[labels] == total.max(initial=0), dtype=bool)


def piece_labels(graph: Graph, chosen: Bools) -> Ints:
    """Return for every node which piece it is in when only the chosen segments are there."""
    size = len(graph.node_ids)
    ones = np.ones(int(chosen.sum()), dtype=np.int8)
    links = coo_array((ones, (graph.tail[chosen], graph.head[chosen])), shape=(size, size))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def incident_counts(graph: Graph) -> Ints:
    """Return how many segments meet at each node; a loop counts once."""
    other = graph.head[graph.head != graph.tail]
    ends = np.concatenate([graph.tail, other])
    return np.asarray(np.bincount(ends, minlength=len(graph.node_ids)), dtype=np.int64)


def count_pieces(graph: Graph, chosen: Bools) -> int:
    """Return how many pieces the chosen segments form, one-way or not; 0 for none."""
    return len(np.unique(piece_labels(graph, chosen)[graph.tail[chosen]]))
