"""Holds the pairs of point and site that lie near enough to matter, site after site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from planner.location.choice import Bools, Ints
from planner.location.reach import Floats

BLOCK = 4_000_000
"""Entries of the dense array that are looked at in one piece."""


@dataclass(frozen=True)
class NearPairs:
    """Pairs whose cost lies below their point's cap; the pairs of one site in a row.

    Parameters
    ----------
    site
        (s,) column of the dense array that each position stands for.
    start
        (s + 1,) where each position's pairs begin.
    point, cost
        (pairs,) point and weighted cost.
    """

    site: Ints
    start: Ints
    point: Ints
    cost: Floats

    @classmethod
    def below(cls, cost: Floats, cap: Floats) -> Self:
        """Take every pair of the dense (n, m) array that costs less than the point's cap."""
        n_points, n_sites = cost.shape
        width = max(1, BLOCK // n_points)
        points, costs, counts = [], [], []
        for first in range(0, n_sites, width):
            block = np.ascontiguousarray(cost[:, first : first + width].T)
            inside = block < cap
            counts.append(inside.sum(axis=1))
            points.append(np.nonzero(inside)[1])
            costs.append(block[inside])
        start = np.concatenate([[0], np.cumsum(np.concatenate(counts))])
        return cls(np.arange(n_sites), start, np.concatenate(points), np.concatenate(costs))

    def position(self) -> Ints:
        """Return (pairs,) the position of each pair's site."""
        return np.repeat(np.arange(len(self.site)), np.diff(self.start))

    def kept(self, keep: Bools, cap: Floats) -> NearPairs:
        """Return the pairs of the positions kept that still cost less than the cap."""
        wanted = np.repeat(keep, np.diff(self.start)) & (self.cost < cap[self.point])
        before = np.concatenate([[0], np.cumsum(wanted)])
        counts = (before[self.start[1:]] - before[self.start[:-1]])[keep]
        start = np.concatenate([[0], np.cumsum(counts)])
        return NearPairs(self.site[keep], start, self.point[wanted], self.cost[wanted])

    def summed(self, values: Floats) -> Floats:
        """Return (s,) the sum of (pairs,) values over the pairs of each position."""
        if not len(values):
            return np.zeros(len(self.site))
        first = np.minimum(self.start[:-1], len(values) - 1)
        total = np.add.reduceat(values, first)
        total[self.start[:-1] == self.start[1:]] = 0.0
        return total

    def of(self, positions: Ints) -> Ints:
        """Return the pairs of the positions given, in their order."""
        if not len(positions):
            return np.zeros(0, dtype=np.int64)
        return np.concatenate(
            [np.arange(self.start[at], self.start[at + 1]) for at in positions.tolist()]
        )


def near_caps(cost: Floats, nearest: int) -> Floats:
    """Return (n,) the cost below which roughly the ``nearest`` sites of each point lie."""
    n_points, n_sites = cost.shape
    if nearest >= n_sites:
        return np.full(n_points, np.inf)
    height = max(1, BLOCK // n_sites)
    blocks = [
        np.partition(cost[first : first + height], nearest, axis=1)[:, nearest]
        for first in range(0, n_points, height)
    ]
    return np.concatenate(blocks)
