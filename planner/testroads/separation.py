"""Owns the search for violated connectivity rows of a fractional network.

Components of the support at several levels are tried first; minimum cuts on what is
fractional find the rest (every violated row, up to the scaling of flows to integers).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from planner.testroads.instance import Bools, Floats, Ints, pieces
from planner.testroads.model import Cut
from planner.testroads.task import Task

LEVELS = (1e-6, 0.2, 0.4, 0.6, 0.8, 1.0 - 1e-6)
FLOW_UNIT = 100_000
"""Integer capacity of a whole edge: flows are exact to 1e-5 of an edge."""
VIOLATION = 1e-3
INNER_PER_SET = 4
MOST_RINGS = 12


@dataclass(frozen=True)
class Seeker:
    """What is looked for in one task: the anchor, the groups due and how many rows at most."""

    task: Task
    anchor: Bools
    groups: tuple[Ints, ...]
    most_cuts: int = 1000

    def violated(self, x: Floats) -> list[Cut]:
        """Return violated rows, none twice, in a fixed order."""
        sets = list(self._level_sets(x))
        cuts = self._cuts(sets, x)
        if len(cuts) < self.most_cuts:
            cuts |= self._cuts(self._flow_sets(x, self.most_cuts - len(cuts)), x)
        return list(cuts.values())[: self.most_cuts]

    def _cuts(self, sets: list[Bools], x: Floats) -> dict[tuple[int, ...], Cut]:
        found: dict[tuple[int, ...], Cut] = {}
        for inside in sets:
            tail, head = inside[self.task.tail], inside[self.task.head]
            border = np.flatnonzero(tail != head)
            crossing = float(x[border].sum())
            inner = np.flatnonzero(tail & head)
            worst = inner[np.argsort(-x[inner], kind="stable")[:INNER_PER_SET]]
            for edge in worst[x[worst] > crossing + VIOLATION].tolist():
                found[(edge, *border.tolist())] = Cut(border, (edge,))
            if crossing < 1.0 - VIOLATION and any(
                bool((tail & head)[group].all()) for group in self.groups
            ):
                found[(-1, *border.tolist())] = Cut(border, ())
        return found

    def _level_sets(self, x: Floats) -> list[Bools]:
        task, sets = self.task, []
        for level in LEVELS:
            labels = pieces(task.tail, task.head, task.n_nodes, x >= level)
            anchored = np.zeros(task.n_nodes, dtype=bool)
            anchored[labels[self.anchor]] = True
            busy = np.unique(labels[task.tail[x >= level]])
            apart = [labels == label for label in busy if not anchored[label]]
            sets += apart
            if level == LEVELS[0]:
                sets += [ring for inside in apart for ring in self._rings(inside)]
        return sets

    def _rings(self, inside: Bools) -> Iterator[Bools]:
        """Yield the set grown step by step until it meets the anchor.

        Each ring is a row of its own that a way to the anchor has to cross; without them the
        relaxation would reach out by one edge a round.
        """
        task = self.task
        for _ in range(MOST_RINGS):
            met = inside[task.tail] | inside[task.head]
            inside = inside.copy()
            inside[task.tail[met]] = inside[task.head[met]] = True
            if (inside & self.anchor).any():
                return
            yield inside

    def _flow_sets(self, x: Floats, most: int) -> list[Bools]:
        task = self.task
        labels = pieces(task.tail, task.head, task.n_nodes, x >= LEVELS[-1])
        labels = np.unique(
            np.where(np.isin(labels, labels[self.anchor]), -1, labels), return_inverse=True
        )[1]
        tail, head = labels[task.tail], labels[task.head]
        need = np.zeros(int(labels.max()) + 1)
        np.maximum.at(need, tail, x)
        np.maximum.at(need, head, x)
        network = _flow_network(tail, head, x, len(need))
        sets: list[Bools] = []
        settled = np.zeros(len(need), dtype=bool)
        for target in np.lexsort((np.arange(len(need)), -need)).tolist():
            if target == 0 or settled[target] or need[target] < VIOLATION:
                continue
            for inside in _minimum_cuts(network, target, need[target] - VIOLATION):
                settled |= inside
                sets.append(inside[labels])
            if len(sets) >= most:
                break
        return sets


def _flow_network(tail: Ints, head: Ints, x: Floats, n_nodes: int) -> csr_array:
    kept = (x > LEVELS[0]) & (tail != head)
    low, high = np.minimum(tail[kept], head[kept]), np.maximum(tail[kept], head[kept])
    value = np.round(x[kept] * FLOW_UNIT).astype(np.int32)
    half = csr_array((value, (low, high)), shape=(n_nodes, n_nodes))
    half.sum_duplicates()
    both: csr_array = (half + half.T).tocsr()
    return both


def _minimum_cuts(network: csr_array, target: int, need: float) -> list[Bools]:
    """Return the smallest and the largest side of the target, if less than ``need`` crosses."""
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
