"""Owns the order of equipping: most worth per yuan after subsidy first."""

from __future__ import annotations

import heapq
import math

from planner.scenario import Item
from planner.testroads.fitting import Work
from planner.testroads.instance import Floats
from planner.testroads.materials import hectometres
from planner.testroads.rsus import fit

Price = tuple[int, int]
"""Cost and its eligible part, in CNY."""
Shares = dict[str | None, tuple[float, float]]


def offer_order(
    work: Work, rows: list[int], worth: Floats, money: tuple[list[str | None], Shares]
) -> list[int]:
    """Return the roads in the order of worth per yuan after subsidy, best first.

    The cost of a road is that of its own units with one at each of its junctions, of their
    cabinets and of its length; a junction is paid by the first road that comes to it, so a
    road becomes cheaper as its neighbours are taken. The subsidy is counted until the cap of
    its jurisdiction is reached, after which its roads become dearer.

    Parameters
    ----------
    worth
        ``test_value`` of each test road.
    money
        The jurisdiction of each road, and for each of them the rate and the eligible spending
        that still earns it.
    """
    offers = _Offers(work, rows, worth, money)
    queue = [(offers.key_of(row), row) for row in rows]
    heapq.heapify(queue)
    order: dict[int, None] = {}
    while queue:
        key, row = heapq.heappop(queue)
        if row in order:
            continue
        now = offers.key_of(row)
        if now > key:
            heapq.heappush(queue, (now, row))
            continue
        order[row] = None
        for other in offers.take(row):
            if other not in order:
                heapq.heappush(queue, (offers.key_of(other), other))
    return list(order)


class _Offers:
    """What each road costs after subsidy, given the junctions and the money used so far."""

    def __init__(
        self, work: Work, rows: list[int], worth: Floats, money: tuple[list[str | None], Shares]
    ) -> None:
        self.places, self.worth = work.places, worth
        self.owners, shares = money
        self.rate = {owner: rate for owner, (rate, _) in shares.items()}
        self.earning = {owner: left for owner, (_, left) in shares.items()}
        self.prices = _Prices(work, rows)
        self.paid = set(work.perceived)
        self.at_node: dict[str, list[int]] = {}
        for row in rows:
            for node in self.places.ends(row):
                self.at_node.setdefault(node, []).append(row)

    def key_of(self, row: int) -> float:
        """Return less the more worth a yuan brings."""
        cost, eligible = self.prices.of(row, self.paid)
        owner = self.owners[row]
        earning = min(eligible, max(self.earning.get(owner, 0.0), 0.0))
        own = cost - self.rate.get(owner, 0.0) * earning
        return -float(self.worth[row]) / own if own > 0 else -math.inf

    def take(self, row: int) -> list[int]:
        """Count a road as taken and return the roads that became cheaper by it."""
        owner = self.owners[row]
        if owner in self.earning:
            self.earning[owner] -= self.prices.of(row, self.paid)[1]
        fresh = [node for node in self.places.ends(row) if node not in self.paid]
        self.paid.update(fresh)
        return sorted({near for node in fresh for near in self.at_node[node]})


class _Prices:
    """What each road costs by itself, and each junction."""

    def __init__(self, work: Work, rows: list[int]) -> None:
        self.work = work
        self.own = {row: self._own(row) for row in rows}
        nodes = {node for row in rows for node in work.places.ends(row)}
        self.node = {node: self._node(node) for node in nodes}

    def of(self, row: int, paid: set[str]) -> Price:
        """Return the price of a road with those of its junctions that are not paid yet."""
        fresh = [self.node[node] for node in self.work.places.ends(row) if node not in paid]
        cost = self.own[row][0] + sum(price[0] for price in fresh)
        return cost, self.own[row][1] + sum(price[1] for price in fresh)

    def _own(self, row: int) -> Price:
        work = self.work
        cover = work.seen.with_nodes(work.places, work.places.ends(row))
        points = fit(work.places, [row], cover, exact=False).points[row]
        carried = [(row, point) in work.places.point_supports for point in points]
        units = [
            self._sum("unit", "cabinet") if on else self._sum("unit", "new_pole", "cabinet")
            for on in carried
        ]
        length = self._sum("hectometre")
        count = hectometres(float(work.length_m[row]))
        return (
            sum(price[0] for price in units) + count * length[0],
            sum(price[1] for price in units) + count * length[1],
        )

    def _node(self, node: str) -> Price:
        pole = () if node in self.work.places.node_supports else ("new_pole",)
        unit = self._sum("unit", "cabinet", *pole)
        mine = self._sum("junction", grade=self.work.grade[node])
        return unit[0] + mine[0], unit[1] + mine[1]

    def _sum(self, *kinds: str, grade: int = 0) -> Price:
        chosen = [item for item in self.work.catalogue.values() if _takes(item, kinds, grade)]
        return (
            sum(item.count * item.unit_cost_cny for item in chosen),
            sum(item.count * item.unit_cost_cny for item in chosen if item.eligible),
        )


def _takes(item: Item, kinds: tuple[str, ...], grade: int) -> bool:
    return item.per in kinds and (not grade or item.min_grade <= grade <= item.max_grade)
