"""Owns the proof: a bound on the worth of any network, from rounds of the relaxation."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from planner.solver import Deadline, relative_gap
from planner.testroads.connect import Start
from planner.testroads.instance import Bools, Floats, Ints, pieces
from planner.testroads.merit import edge_worth, limits_kept, total_worth
from planner.testroads.model import Model
from planner.testroads.narrowing import Narrowing, Rounds, Whole, length_price
from planner.testroads.task import Task

LEAST_REDUCED = 500
"""Edges from which the relaxation is reduced to a range of prices, where no rule forbids it."""


@dataclass(frozen=True)
class Bound:
    """An upper bound on worth, the last fractional network and the rounds it took."""

    worth: float
    values: Floats
    rounds: int
    cut_short: bool = False


class Prover:
    """Rounds of the relaxation that can be taken up again when the incumbent has improved.

    The bound holds for all networks with the forced edges, the groups due, no more counted
    metres than ``start.high_m`` and the limits that ``start`` keeps; it is valid whenever the
    rounds end.
    """

    def __init__(self, start: Start, seed: int) -> None:
        anchor, groups = anchor_and_groups(start)
        task, self.kept = start.task, limits_kept(start.task, start.chosen)
        price = length_price(task.worth, task.counted_m, start.high_m)
        plain = not groups and not any(self.kept) and task.variety is None and price > 0
        self._rounds: Rounds
        if plain and len(task.worth) >= LEAST_REDUCED:
            self._rounds = Narrowing(start, anchor, price, seed)
        else:
            self.model = Model(start, anchor, self.kept, seed)
            self._rounds = Whole(self.model, start, anchor, groups)
        every = np.ones(len(start.task.worth))
        self._bound = Bound(knapsack_bound(start.task, every > 0, start.high_m), every, 0)
        self._pending = True

    def bound(self, incumbent: float, rounds: int, mip_gap: float, deadline: Deadline) -> Bound:
        """Return the bound after more rounds, or as soon as the gap is small enough.

        Parameters
        ----------
        incumbent
            Worth of the best network so far: no bound is below it.
        """
        for _ in range(rounds):
            now = replace(self._bound, worth=max(self._bound.worth, incumbent))
            if not self._pending or relative_gap(incumbent, now.worth) <= mip_gap:
                return now
            if deadline.left_s() <= 0:
                return replace(now, cut_short=True)
            found = self._rounds.step()
            self._pending = found.pending
            worth = min(self._bound.worth, found.worth)
            self._bound = Bound(worth, found.x, self._bound.rounds + 1)
        return replace(self._bound, worth=max(self._bound.worth, incumbent))


def anchor_and_groups(start: Start) -> tuple[Bools, list[Ints]]:
    """Return nodes of which every network has one, and groups of edges it must get to.

    The nodes are those of the largest piece of opened roads, the other pieces being groups;
    else those of a mandated zone's roads; else a region so large that the segments which do
    not touch it are together worth less than the network at hand, by the fractional knapsack
    of their worth: only a worse network can avoid it.
    """
    task, groups = start.task, start.due()
    if task.forced.any():
        labels = pieces(task.tail, task.head, task.n_nodes, task.forced)[task.tail]
        parts = [np.flatnonzero(task.forced & (labels == part))
                 for part in np.unique(labels[task.forced])]  # fmt: skip
        edges = parts.pop(max(range(len(parts)), key=lambda part: (len(parts[part]), -part)))
        groups = groups + parts
    elif groups:
        edges = min(groups, key=len)
    else:
        return _region(start), groups
    anchor = np.zeros(task.n_nodes, dtype=bool)
    anchor[task.tail[edges]] = anchor[task.head[edges]] = True
    return anchor, groups


def _region(start: Start) -> Bools:
    task, order = start.task, _outward(start.task, start.chosen)
    incumbent = total_worth(task, start.chosen)
    low, high = 1, len(order)
    while low < high:
        middle = (low + high) // 2
        inside = np.zeros(task.n_nodes, dtype=bool)
        inside[order[:middle]] = True
        apart = ~(inside[task.tail] | inside[task.head])
        if knapsack_bound(task, apart, start.high_m) < incumbent:
            high = middle
        else:
            low = middle + 1
    region = np.zeros(task.n_nodes, dtype=bool)
    region[order[:low]] = True
    return region


def _outward(task: Task, chosen: Bools) -> Ints:
    """Return the nodes breadth first, the network found first, from its edge of most worth."""
    edge = int(np.argmax(np.where(chosen, task.worth, -1.0)))
    root = int(task.tail[edge])
    orders = []
    for rows in (chosen, np.ones(len(chosen), dtype=bool)):
        ones = np.ones(int(rows.sum()), dtype=np.int8)
        ends = task.tail[rows], task.head[rows]
        graph = csr_array((ones, ends), shape=(task.n_nodes, task.n_nodes))
        orders.append(breadth_first_order(graph, root, directed=False, return_predecessors=False))
    later = orders[1][~np.isin(orders[1], orders[0])]
    return np.concatenate([orders[0], later])


def knapsack_bound(task: Task, rows: Bools, high_m: float) -> float:
    """Return the most worth of the rows within a length when edges may be cut.

    Forced edges among the rows are taken first, whatever they are worth; every scene counts
    as if it were new.
    """
    edges, most = np.flatnonzero(rows), edge_worth(task, np.zeros(len(rows), dtype=bool))
    density = most[edges] / np.maximum(task.counted_m[edges], 1e-9)
    edges = edges[np.lexsort((edges, -density, ~task.forced[edges]))]
    before = np.cumsum(task.counted_m[edges]) - task.counted_m[edges]
    share = (high_m - before) / np.maximum(task.counted_m[edges], 1e-9)
    return float((most[edges] * np.clip(share, 0.0, 1.0)).sum())
