"""Owns the roadside equipment: which test roads get it, and where each roadside unit stands."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

import numpy as np

from planner.testroads.instance import Bools, Instance, Ints

JUNCTION_ARMS = 3
"""A node where this many segments meet is a junction and gets the first units."""


@dataclass(frozen=True)
class Unit:
    """One roadside unit: at a junction node, or at a share of its segment's length.

    ``row`` is its segment in the instance; ``node`` is None away from junctions.
    """

    row: int
    node: int | None
    share: float


@dataclass(frozen=True)
class Site:
    """What equipping needs to know: unit price, spacing, and arms of every node."""

    spacing_m: float
    cost_cny: int
    budget_cny: int
    meeting: Ints

    def is_junction(self, node: int) -> bool:
        """Return whether a node is a junction."""
        return bool(self.meeting[node] >= JUNCTION_ARMS)


def interior_count(length_m: float, spacing_m: float, junction_ends: int) -> int:
    """Return how many units a segment needs between its ends.

    They stand at equal distances, none farther apart than the spacing, neither from each
    other nor from the ends; a segment without a junction at either end has at least one.

    Examples
    --------
    >>> interior_count(1200.0, 500.0, 2)
    2
    >>> interior_count(500.0, 500.0, 2)
    0
    >>> interior_count(80.0, 500.0, 0)
    1
    """
    count = max(math.ceil(length_m / spacing_m - 1e-9) - 1, 0)
    return count if junction_ends else max(count, 1)


def equipped_rows(instance: Instance, payable: Bools, site: Site) -> Bools:
    """Return the test roads to equip: most worth per yuan first, until the budget is spent.

    A junction's unit is paid once and serves every equipped segment that meets there, so a
    segment becomes cheaper as its neighbours are equipped.

    Parameters
    ----------
    payable
        The test roads somebody can pay for.
    """
    equipped = np.zeros_like(payable)
    served: set[int] = set()
    at_node = _rows_at(instance, payable)
    left_cny = site.budget_cny
    queue = [_offer(instance, row, served, site) for row in np.flatnonzero(payable).tolist()]
    heapq.heapify(queue)
    while queue:
        _, row, cost = heapq.heappop(queue)
        if equipped[row] or cost != _cost(instance, row, served, site) or cost > left_cny:
            continue
        equipped[row] = True
        left_cny -= cost
        fresh = [node for node in _junctions(instance, row, site) if node not in served]
        served.update(fresh)
        for node in fresh:
            for other in at_node.get(node, []):
                if not equipped[other]:
                    heapq.heappush(queue, _offer(instance, other, served, site))
    return equipped


def units(instance: Instance, equipped: Bools, years: Ints, site: Site) -> list[Unit]:
    """Return the units of the equipped segments: one per junction, then those between.

    A junction's unit belongs to the segment that is opened first, the smallest id of equals.
    """
    rows = sorted(np.flatnonzero(equipped).tolist(), key=lambda row: (int(years[row]), row))
    placed: list[Unit] = []
    served: set[int] = set()
    for row in rows:
        for node in _junctions(instance, row, site):
            if node not in served:
                served.add(node)
                share = 0.0 if node == int(instance.from_node[row]) else 1.0
                placed.append(Unit(row, node, share))
    for row in sorted(rows):
        count = _interior(instance, row, site)
        placed += [Unit(row, None, number / (count + 1)) for number in range(1, count + 1)]
    return placed


def _rows_at(instance: Instance, chosen: Bools) -> dict[int, list[int]]:
    at_node: dict[int, list[int]] = {}
    for row in np.flatnonzero(chosen).tolist():
        for node in (int(instance.from_node[row]), int(instance.to_node[row])):
            at_node.setdefault(node, []).append(row)
    return at_node


def _junctions(instance: Instance, row: int, site: Site) -> list[int]:
    ends = dict.fromkeys([int(instance.from_node[row]), int(instance.to_node[row])])
    return [node for node in ends if site.is_junction(node)]


def _interior(instance: Instance, row: int, site: Site) -> int:
    ends = len(_junctions(instance, row, site))
    return interior_count(float(instance.length_m[row]), site.spacing_m, ends)


def _cost(instance: Instance, row: int, served: set[int], site: Site) -> int:
    fresh = sum(node not in served for node in _junctions(instance, row, site))
    return site.cost_cny * (fresh + _interior(instance, row, site))


def _offer(instance: Instance, row: int, served: set[int], site: Site) -> tuple[float, int, int]:
    """Return what the queue orders by: worth per yuan, best first, then the id."""
    cost = _cost(instance, row, served, site)
    worth = float(instance.worth[row])
    return (-worth / cost if cost else -math.inf), row, cost
