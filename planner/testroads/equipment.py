"""Owns the roadside equipment: which test roads get it, when, with which units and materials."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from planner.scenario import Item, Scenario
from planner.testroads.fitting import Batch, Work, batch_of
from planner.testroads.instance import Bools, Floats
from planner.testroads.materials import materials_frame
from planner.testroads.offers import offer_order
from planner.testroads.places import Roadside, node_grades, places_of
from planner.testroads.rsu_frame import rsu_frame
from planner.testroads.rsus import Places
from planner.testroads.subsidy import granted


@dataclass(frozen=True)
class Equipment:
    """The equipped test roads, in the row order they were given in.

    ``equipped_year`` is NaN where a road is not equipped; ``rsus`` and ``materials`` satisfy
    their layers (EPSG:4326); ``proven`` says whether no cheaper set of units at junctions
    exists for the chosen roads of each year; ``places`` is what the units were chosen from.
    """

    equipped: Bools
    equipped_year: Floats
    rsus: gpd.GeoDataFrame
    materials: pd.DataFrame
    proven: bool
    places: Places = field(repr=False)
    metric_crs: CRS


@dataclass(frozen=True)
class Spending:
    """What was spent: by jurisdiction and year, all of it and the eligible part, in CNY."""

    cost: dict[tuple[str | None, int], int] = field(default_factory=dict)
    eligible: dict[tuple[str | None, int], int] = field(default_factory=dict)

    def with_batch(
        self, batch: Batch, year: int, owners: list[str | None], catalogue: dict[str, Item]
    ) -> Spending:
        """Return the spending after a batch of equipment was bought."""
        cost, eligible = dict(self.cost), dict(self.eligible)
        for line in batch.lines:
            item, key = catalogue[line.item], (owners[line.row], year)
            money = line.n * item.unit_cost_cny
            cost[key] = cost.get(key, 0) + money
            eligible[key] = eligible.get(key, 0) + (money if item.eligible else 0)
        return Spending(cost, eligible)

    def own_cny(self, scenario: Scenario) -> int:
        """Return what the subsidy leaves of all spending."""
        return sum(self.cost.values()) - sum(
            sum(granted(self.eligible_of(owner), scenario.subsidy).values())
            for owner in {owner for owner, _ in self.cost if owner is not None}
        )

    def eligible_of(self, owner: str | None) -> dict[int, int]:
        """Return the eligible spending of one jurisdiction by year."""
        return {year: money for (key, year), money in self.eligible.items() if key == owner}


def equip(
    test_roads: gpd.GeoDataFrame, around: Roadside, payable: Bools, scenario: Scenario
) -> Equipment:
    """Choose the roads to equip year by year, most worth per yuan first, and equip them.

    In each year the roads opened by then that are not equipped yet are taken in the order of
    worth per yuan after subsidy, as many of them as the money up to that year pays: what a
    year leaves over stays. The money is what the subsidy leaves of the cost; roads opened
    before the plan are equipped in its first year at the earliest.

    Parameters
    ----------
    test_roads
        Satisfies ``layers.TEST_ROADS`` but for ``equipped`` and ``equipped_year``, in order
        of segment id.
    payable
        The test roads somebody can pay for.
    """
    roads = test_roads.reset_index(drop=True)
    places = places_of(roads, around, scenario.test_roads, scenario.equipment)
    work = Work(
        places,
        [str(name) for name in roads["segment_id"]],
        roads["length_m"].to_numpy(dtype=float),
        node_grades(roads),
        scenario.equipment,
        scenario.test_roads.cabinet_reach_m,
    )
    owners = [None if pd.isna(key) else str(key) for key in roads["jurisdiction_id"]]
    opened = _opened(roads, scenario)
    year_of = np.full(len(roads), np.nan)
    spent, budget, batches = Spending(), 0, []
    for year, money in scenario.test_roads.equipment_budgets().items():
        budget += money
        open_rows = payable & (opened <= year) & np.isnan(year_of)
        rows = [int(row) for row in np.flatnonzero(open_rows)]
        order = offer_order(work, rows, roads["test_value"].to_numpy(dtype=float),
                            (owners, _shares(owners, spent, year, scenario)))  # fmt: skip
        batch = _most(work, order, budget, (spent, year, owners, scenario))
        spent = spent.with_batch(batch, year, owners, scenario.equipment)
        work = work.after(batch)
        year_of[list(batch.rows)] = year
        batches.append((year, batch))
    lines = [(year, line) for year, batch in batches for line in batch.lines]
    return Equipment(
        ~np.isnan(year_of),
        year_of,
        rsu_frame(work, batches, roads, around.metric_crs),
        materials_frame(lines, roads, scenario.equipment),
        all(batch.proven for _, batch in batches),
        places,
        around.metric_crs,
    )


def _opened(roads: pd.DataFrame, scenario: Scenario) -> Floats:
    before = roads["opened_before"].to_numpy(dtype=bool)
    year = roads["stage_year"].to_numpy(dtype=float)
    return np.where(before, scenario.years()[0], year)


def _shares(
    owners: list[str | None], spent: Spending, year: int, scenario: Scenario
) -> dict[str | None, tuple[float, float]]:
    """Return for each jurisdiction the rate and the eligible spending that still earns it."""
    policy = scenario.subsidy
    if not policy.valid_from.year <= year <= policy.valid_to.year or not policy.rate:
        return {}
    found: dict[str | None, tuple[float, float]] = {}
    for owner in {owner for owner in owners if owner is not None}:
        paid = granted(spent.eligible_of(owner), policy)
        used = sum(paid.values()) if policy.cap_basis == "total" else 0
        found[owner] = policy.rate, (policy.cap_cny - used) / policy.rate
    return found


def _most(
    work: Work,
    order: list[int],
    budget: int,
    money: tuple[Spending, int, list[str | None], Scenario],
) -> Batch:
    """Return the longest beginning of the order that the budget pays, found by halving."""
    spent, year, owners, scenario = money

    def paid(batch: Batch) -> bool:
        after = spent.with_batch(batch, year, owners, scenario.equipment)
        return after.own_cny(scenario) <= budget

    best, low, high = batch_of(work, [], exact=False), 0, len(order)
    whole = batch_of(work, sorted(order), exact=False)
    if paid(whole):
        best, low = whole, high
    while high - low > 1:
        middle = (low + high) // 2
        batch = batch_of(work, sorted(order[:middle]), exact=False)
        if paid(batch):
            best, low = batch, middle
        else:
            high = middle
    exact = batch_of(work, list(best.rows), exact=True)
    return exact if paid(exact) else replace(best, proven=False)
