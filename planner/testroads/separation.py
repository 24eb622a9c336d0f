"""Owns the search for violated rows of a fractional network: ends, and ways from the anchor.

Pieces that the ways leave out at several levels are tried first; minimum cuts find the rest
(every violated row, up to the scaling of flows to integers).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

from planner.testroads.instance import Bools, Floats, Ints
from planner.testroads.model import Cut, Values
from planner.testroads.task import Task

LEVELS = (1e-6, 0.2, 0.4, 0.6, 0.8)
FLOW_UNIT = 1_000_000
"""Integer capacity of a whole arc: flows are exact to 1e-6 of an arc."""
CREEP = 1
"""Capacity that every arc has more: of equal cuts the one with fewest arcs is found, which
bounds far better (creep flow: Koch and Martin, 1998)."""
MOST_NESTED = 4
"""Cuts for one node, each found with the arcs of those before taken as whole (as there)."""
VIOLATION = 1e-3
MOST_RINGS = 3
"""Measured: more rings bound better round for round, but their long rows cost more than that."""
MOST_PER_SET = 2
MOST_ENDS, MOST_FLOWS = 10_000, 5_000
"""Rows ``end`` a round at most, and minimum cuts."""


@dataclass(frozen=True)
class Arcs:
    """Arcs of a task, along its edges and then against them: value of each, and of each node."""

    start: Ints
    end: Ints
    y: Floats
    z: Floats


class Seeker:
    """Looks for violated rows of one task: from the anchor, for the groups due."""

    def __init__(self, task: Task, anchor: Bools, groups: tuple[Ints, ...]) -> None:
        self.task, self.anchor, self.groups = task, anchor, groups
        self.start = np.concatenate([task.tail, task.head])
        self.end = np.concatenate([task.head, task.tail])
        self.loop = self.start == self.end
        real = np.flatnonzero(~self.loop)
        order = real[np.argsort(self.end[real], kind="stable")]
        counts = np.bincount(self.end[real], minlength=task.n_nodes)
        self._into = np.split(order, np.cumsum(counts)[:-1])

    def violated(self, values: Values) -> list[Cut]:
        """Return violated rows, none twice, in a fixed order."""
        arcs = self._arcs(values)
        cuts = self._ends(values, arcs)
        found: dict[bytes, Cut] = {}
        for inside in (*self._group_sets(arcs), *self._level_sets(arcs)):
            found |= self._cut_of(inside, arcs)
        for inside in self._flow_sets(arcs):
            found |= self._cut_of(inside, arcs)
        return [*cuts, *found.values()]

    def _arcs(self, values: Values) -> Arcs:
        y = np.concatenate([values.along, values.against])
        y[self.loop] = 0.0
        z = np.bincount(self.end, weights=y, minlength=self.task.n_nodes)
        return Arcs(self.start, self.end, y, np.where(self.anchor, 1.0, z))

    def _ends(self, values: Values, arcs: Arcs) -> list[Cut]:
        """Return the rows ``end`` that are violated most."""
        edges = len(values.x)
        over = np.concatenate(
            [values.x - arcs.z[self.task.tail], values.x - arcs.z[self.task.head]]
        )
        rows = np.flatnonzero(over > VIOLATION)
        rows = rows[np.lexsort((rows, -over[rows]))][:MOST_ENDS]
        cuts = []
        for row in rows.tolist():
            edge = row % edges
            node = int((self.task.tail if row < edges else self.task.head)[edge])
            into = self._into[node]
            column = np.concatenate([[edge], edges + into])
            cuts.append(Cut(column, np.concatenate([[-1.0], np.ones(len(into))])))
        return cuts

    def _cut_of(self, inside: Bools, arcs: Arcs) -> dict[bytes, Cut]:
        """Return the rows ``connectivity`` of a set that are violated, by what is in them."""
        edges = len(self.task.tail)
        crossing = np.flatnonzero(inside[arcs.end] & ~inside[arcs.start])
        inflow = float(arcs.y[crossing].sum())
        found = {}
        if inflow < 1.0 - VIOLATION and any(
            bool((inside[self.task.tail] & inside[self.task.head])[group].all())
            for group in self.groups
        ):
            cut = Cut(edges + crossing, np.ones(len(crossing)), 1.0)
            found[b"group" + crossing.tobytes()] = cut
        nodes = np.flatnonzero(inside)
        ranked = nodes[np.lexsort((nodes, -arcs.z[nodes]))][:MOST_PER_SET]
        for node in ranked[arcs.z[ranked] > inflow + VIOLATION].tolist():
            into = self._into[node]
            plus = crossing[arcs.end[crossing] != node]
            minus = into[inside[arcs.start[into]]]
            column = edges + np.concatenate([plus, minus])
            share = np.concatenate([np.ones(len(plus)), -np.ones(len(minus))])
            found[node.to_bytes(8, "little") + crossing.tobytes()] = Cut(column, share)
        return found

    def _group_sets(self, arcs: Arcs) -> Iterator[Bools]:
        """Yield the sides of minimum cuts between the anchor and the whole of a group."""
        for group in self.groups:
            inside = np.zeros(self.task.n_nodes, dtype=bool)
            inside[self.task.tail[group]] = inside[self.task.head[group]] = True
            if not (inside & self.anchor).any():
                others = ~inside & ~self.anchor
                label = np.where(inside, 1, np.where(others, 1 + np.cumsum(others), 0))
                for side in _minimum_cuts(_flow_network(arcs, label), 1, 1.0 - VIOLATION):
                    yield side[label]

    def _level_sets(self, arcs: Arcs) -> Iterator[Bools]:
        """Yield the pieces that no way of at least a level leads to."""
        for level in LEVELS:
            strong = arcs.y > level
            reached = self._reached(arcs, strong)
            away = ~reached & (arcs.z > max(level, VIOLATION))
            kept = strong & away[arcs.start] & away[arcs.end]
            shape = (self.task.n_nodes, self.task.n_nodes)
            ones = np.ones(int(kept.sum()), dtype=np.int8)
            graph = csr_array((ones, (arcs.start[kept], arcs.end[kept])), shape=shape)
            labels = np.where(away, connected_components(graph, directed=False)[1], -1)
            for label in np.unique(labels[away]).tolist():
                inside = labels == label
                yield inside
                if level == LEVELS[0]:
                    yield from self._rings(inside)

    def _reached(self, arcs: Arcs, strong: Bools) -> Bools:
        """Return the nodes to which strong arcs lead from the anchor."""
        size = self.task.n_nodes
        rows = np.flatnonzero(self.anchor)
        start = np.concatenate([arcs.start[strong], np.full(len(rows), size)])
        end = np.concatenate([arcs.end[strong], rows])
        ones = np.ones(len(start), dtype=np.int8)
        graph = csr_array((ones, (start, end)), shape=(size + 1, size + 1))
        reached = np.zeros(size + 1, dtype=bool)
        reached[breadth_first_order(graph, size, return_predecessors=False)] = True
        return reached[:size]

    def _rings(self, inside: Bools) -> Iterator[Bools]:
        """Yield the set grown step by step until it meets the anchor.

        Each ring is a row of its own that a way from the anchor has to cross; without them
        the relaxation would reach out by one edge a round.
        """
        task = self.task
        for _ in range(MOST_RINGS):
            met = inside[task.tail] | inside[task.head]
            inside = inside.copy()
            inside[task.tail[met]] = inside[task.head[met]] = True
            if (inside & self.anchor).any():
                return
            yield inside

    def _flow_sets(self, arcs: Arcs) -> Iterator[Bools]:
        """Yield the sides of minimum cuts between the anchor and nodes of the network."""
        label = np.where(self.anchor, 0, np.cumsum(~self.anchor))
        network, size = _flow_network(arcs, label), int(label.max(initial=0)) + 1
        need = np.zeros(size)
        np.maximum.at(need, label, np.where(self.anchor, 0.0, arcs.z))
        settled = np.zeros(size, dtype=bool)
        flows = 0
        for target in np.lexsort((np.arange(size), -need)).tolist():
            if need[target] < VIOLATION or flows >= MOST_FLOWS:
                break
            if target and not settled[target]:
                flows += 1
                for inside in _nested_cuts(network, target, need[target] - VIOLATION):
                    settled |= inside
                    yield inside[label]


def _flow_network(arcs: Arcs, label: Ints) -> csr_array:
    """Return the ways as integer capacities between labels: 0 is the anchor."""
    start, end = label[arcs.start], label[arcs.end]
    kept = start != end
    size = int(label.max(initial=0)) + 1
    value = np.round(np.maximum(arcs.y[kept], 0.0) * FLOW_UNIT).astype(np.int32) + np.int32(CREEP)
    network = csr_array((value, (start[kept], end[kept])), shape=(size, size))
    network.sum_duplicates()
    return network


def _nested_cuts(network: csr_array, target: int, need: float) -> Iterator[Bools]:
    """Yield the sides of minimum cuts, again and again with their arcs taken as whole."""
    for _ in range(MOST_NESTED):
        sides = _minimum_cuts(network, target, need)
        if not sides:
            return
        yield from sides
        arcs = network.tocoo()
        start, end = arcs.coords
        crossed = np.any([side[end] & ~side[start] for side in sides], axis=0)
        value = np.where(crossed, FLOW_UNIT, arcs.data).astype(np.int32)
        network = csr_array((value, (start, end)), shape=network.shape)


def _minimum_cuts(network: csr_array, target: int, need: float) -> list[Bools]:
    """Return the smallest and the largest side of the target, if less than ``need`` enters."""
    result = maximum_flow(network, 0, target)
    if result.flow_value >= need * FLOW_UNIT:
        return []
    left = csr_array(network - result.flow)
    left.data[left.data < 0] = 0
    left.eliminate_zeros()
    sides: list[Bools] = []
    for graph, origin, reaches in ((left.T.tocsr(), target, True), (left, 0, False)):
        side = np.full(network.shape[0], not reaches)
        side[breadth_first_order(graph, origin, return_predecessors=False)] = reaches
        sides.append(side)
    return sides[:1] if np.array_equal(sides[0], sides[1]) else sides
