"""Finds good p-median sites: greedy, then the best single swap until none helps.

The swap is Whitaker's fast interchange in the form of Resende and Werneck (2004, A fast
swap-based local search procedure for location problems): the profit of a swap is what the
new site gains, less what the old one's points lose, plus what of that loss the new site
takes back. All three come from one pass over the near pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.location.choice import OPEN, Ints
from planner.location.near_pairs import NearPairs
from planner.location.reach import Floats

SWAPS_PER_SITE = 20
"""Swaps after which a search ends at the latest, for each site that is chosen."""
WORTH = 1e-12
"""Share of the objective that a swap must save, above the noise of the arithmetic."""


@dataclass
class Nearest:
    """The two nearest chosen sites of every point, kept up to date through swaps."""

    cost: Floats
    chosen: Ints
    slot: Ints
    second: Ints
    near: Floats
    far: Floats

    @classmethod
    def of(cls, cost: Floats, chosen: Ints) -> Nearest:
        """Look up the two nearest of the chosen columns of the dense (n, m) array."""
        n_points = len(cost)
        blank = np.zeros(n_points, dtype=np.int64)
        made = cls(cost, chosen.copy(), blank, blank.copy(), np.zeros(n_points), np.zeros(n_points))
        made.look_up(np.arange(n_points))
        return made

    def look_up(self, points: Ints) -> None:
        """Look up the two nearest of the points given again."""
        costs = self.cost[np.ix_(points, self.chosen)]
        row = np.arange(len(points))
        first = costs.argmin(axis=1)
        self.slot[points], self.near[points] = first, costs[row, first]
        if len(self.chosen) == 1:
            self.far[points] = self.cost[points].max(axis=1)
            return
        costs[row, first] = np.inf
        second = costs.argmin(axis=1)
        self.second[points], self.far[points] = second, costs[row, second]

    def swap(self, slot: int, column: int) -> None:
        """Put the column in the slot's place."""
        self.chosen[slot] = column
        touched = (self.slot == slot) | (self.second == slot) | (self.cost[:, column] < self.far)
        self.look_up(np.flatnonzero(touched))


def greedy(pairs: NearPairs, far: Floats, status: Ints, p: int) -> Ints:
    """Return p positions: those that must be open, then each time the one that saves most.

    Parameters
    ----------
    pairs
        Near pairs of all sites that may open.
    far
        (n,) cost of a point that none of the chosen sites is near to.
    status
        (s,) OPEN or FREE for each position.
    p
        How many to choose.
    """
    near = far.copy()
    chosen = np.flatnonzero(status == OPEN).tolist()
    for at in chosen:
        _come_nearer(pairs, near, at)
    while len(chosen) < p:
        saved = pairs.summed(np.maximum(near[pairs.point] - pairs.cost, 0.0))
        saved[chosen] = -1.0
        chosen.append(int(saved.argmax()))
        _come_nearer(pairs, near, chosen[-1])
    return np.sort(np.asarray(chosen, dtype=np.int64))


def _come_nearer(pairs: NearPairs, near: Floats, at: int) -> None:
    own = slice(int(pairs.start[at]), int(pairs.start[at + 1]))
    near[pairs.point[own]] = np.minimum(near[pairs.point[own]], pairs.cost[own])


def interchange(cost: Floats, pairs: NearPairs, chosen: Ints, status: Ints) -> Ints:
    """Return the columns after the best swaps, ascending; no single swap near by is better.

    Parameters
    ----------
    cost
        (n, m) weighted costs.
    pairs
        Near pairs, one position for each column; a pair left out is one whose gain is not
        counted, so that a swap never saves less than it promised.
    chosen
        (p,) columns to begin with.
    status
        (m,) OPEN columns are not swapped out.
    """
    nearest = Nearest.of(cost, chosen)
    position = pairs.position()
    for _ in range(SWAPS_PER_SITE * len(chosen) + 50):
        profit = _profit(pairs, position, nearest)
        profit[status[nearest.chosen] == OPEN] = -np.inf
        profit[:, nearest.chosen] = -np.inf
        best = int(profit.argmax())
        slot, column = divmod(best, profit.shape[1])
        if not profit[slot, column] > WORTH * max(1e-300, float(nearest.near.sum())):
            break
        nearest.swap(slot, column)
    return np.sort(nearest.chosen)


def _profit(pairs: NearPairs, position: Ints, nearest: Nearest) -> Floats:
    """Return (p, m) what putting each column in each slot's place saves."""
    n_slots, n_sites = len(nearest.chosen), len(pairs.site)
    near, far, slot = nearest.near, nearest.far, nearest.slot
    useful = np.flatnonzero(pairs.cost < far[pairs.point])
    point, cost, column = pairs.point[useful], pairs.cost[useful], position[useful]
    gained = np.bincount(column, np.maximum(near[point] - cost, 0.0), n_sites)
    taken_back = far[point] - np.maximum(near[point], cost)
    cells = slot[point] * n_sites + column
    back = np.bincount(cells, taken_back, n_slots * n_sites)
    profit: Floats = np.asarray(back, dtype=float).reshape(n_slots, n_sites)
    profit += gained
    profit -= np.bincount(slot, far - near, n_slots)[:, None]
    return profit
