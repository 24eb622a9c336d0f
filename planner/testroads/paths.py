"""Owns trees and cheapest ways on a task's graph, with parallel edges resolved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree

from planner.testroads.instance import Floats, Ints
from planner.testroads.task import Task

LEAST_COST = 1e-6
"""Stands for no cost: a stored zero would be read as no edge."""


@dataclass(frozen=True)
class Graph:
    """Undirected graph with one edge, the cheapest, between two nodes; loops left out."""

    matrix: csr_array
    key: Ints
    edge: Ints
    n_nodes: int

    def edges_of(self, one: Ints, other: Ints) -> Ints:
        """Return the edge between each pair of nodes."""
        key = np.minimum(one, other) * self.n_nodes + np.maximum(one, other)
        return self.edge[np.searchsorted(self.key, key)]


def cost_graph(task: Task, cost: Floats) -> Graph:
    """Return the graph of a task under edge costs (at least ``LEAST_COST`` each)."""
    low, high = np.minimum(task.tail, task.head), np.maximum(task.tail, task.head)
    key = low * task.n_nodes + high
    edges = np.flatnonzero(low != high)
    order = edges[np.lexsort((edges, cost[edges], key[edges]))]
    first = np.ones(len(order), dtype=bool)
    first[1:] = key[order[1:]] != key[order[:-1]]
    kept = order[first]
    value = np.maximum(cost[kept], LEAST_COST)
    shape = (task.n_nodes, task.n_nodes)
    matrix = csr_array((value, (low[kept], high[kept])), shape=shape)
    return Graph(matrix, key[kept], kept, task.n_nodes)


def shortest_path_tree(graph: Graph, root: int) -> Ints:
    """Return the edges of the cheapest-way tree from the root to every node."""
    found = dijkstra(graph.matrix, directed=False, indices=[root], return_predecessors=True)
    before = found[1][0]
    nodes = np.flatnonzero(before >= 0)
    return graph.edges_of(before[nodes].astype(np.int64), nodes.astype(np.int64))


def spanning_tree(graph: Graph) -> Ints:
    """Return the edges of the cheapest spanning tree."""
    tree = minimum_spanning_tree(graph.matrix).tocoo()
    return graph.edges_of(tree.row.astype(np.int64), tree.col.astype(np.int64))


def cheapest_ways(graph: Graph, sources: Ints) -> tuple[Floats, Ints]:
    """Return cost and predecessor (negative: none) of each node from the nearest source."""
    found = dijkstra(
        graph.matrix, directed=False, indices=sources, return_predecessors=True, min_only=True
    )
    return found[0], found[1].astype(np.int64)


def way_to(graph: Graph, before: Ints, node: int) -> list[int]:
    """Return the edges of the way that leads to a node, from the node backwards."""
    edges = []
    while before[node] >= 0:
        pair = np.array([before[node]]), np.array([node])
        edges.append(int(graph.edges_of(*pair)[0]))
        node = int(before[node])
    return edges
