"""Finds what each mark costs: alone against the plan without any, solved again or estimated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from planner.errors import LimitError
from planner.inputs import Wish
from planner.layers import ENERGIES
from planner.pipeline.review_prices import (
    ROAD_COSTS,
    SITE_COSTS,
    Price,
    SiteChoice,
    free,
    rank,
    road_costs,
    road_figures,
    road_price,
    site_costs,
    site_price,
)
from planner.pipeline.review_settle import Ground, Settled
from planner.siting import SitingAnswer
from planner.siting.from_layers import kwh_per_unit
from planner.siting.trial import SitingTrial, try_stations
from planner.solver import Deadline
from planner.testroads import TestRoadAnswer, choose_test_roads
from planner.testroads.trial import RoadTrial, road_ground, try_roads

ALL = "all"
Row = dict[str, Any]


@dataclass(frozen=True)
class Without:
    """The choices without any mark, each only where a mark is about it."""

    siting: SitingTrial | None
    roads: RoadTrial | None


def without_marks(settled: Settled) -> Without:
    """Choose stations and test roads as if there were no marks, at the effort of the run."""
    ground = settled.bare
    siting = roads = None
    if settled.of_sites():
        siting = _try(ground)
    if settled.of_roads():
        deadline = Deadline.after(ground.scenario.run.time_limit_s)
        answer = choose_test_roads(ground.inputs, ground.network, ground.scenario, deadline)
        roads = chosen_roads(answer)
    return Without(siting, roads)


def _try(ground: Ground) -> SitingTrial:
    return try_stations(
        ground.inputs, ground.network, ground.demand_points, ground.sites, ground.scenario
    )


def chosen_roads(answer: TestRoadAnswer) -> RoadTrial:
    """Return the network of an answer."""
    roads = answer.test_roads
    km = round(float(roads["counted_m"].sum()) / 1000, 6)
    return RoadTrial(frozenset(roads["segment_id"]), km, float(answer.outcome.objective or 0.0))


@dataclass(frozen=True)
class Costs:
    """What each mark costs by log id, what all cost together, and how often was solved again."""

    by_mark: dict[str, Price]
    stations: Row | None
    test_roads: Row | None
    n_solves: int


def find_costs(
    settled: Settled, without: Without, siting: SitingAnswer, roads: TestRoadAnswer
) -> Costs:
    """Price the wishes of a review.

    What the choice without marks does anyhow costs nothing. The other wishes on stations are
    solved again one at a time, at the lowest effort, as many as ``run.review_solves`` says, and
    estimated beyond that; those on roads are all searched again. Where only one wish is left
    the plan itself is that solve. No wish is said to cost more than the plan, in which all hold.
    """
    prices: dict[str, Price] = {}
    solves, stations, test_roads = 0, None, None
    if without.siting is not None:
        found, more = _site_prices(settled, without.siting, siting)
        prices, solves, stations = found, 1 + more, _site_total(settled, without.siting, siting)
    if without.roads is not None:
        found, more = _road_prices(settled, without.roads, chosen_roads(roads))
        prices, solves = prices | found, solves + 1 + more
        test_roads = _road_total(settled, without.roads, chosen_roads(roads))
    return Costs(prices, stations, test_roads, solves)


def _choice(found: SitingTrial | SitingAnswer) -> SiteChoice:
    return SiteChoice.of(found.goals, found.stations, found.supply_upgrades)


def _site_total(settled: Settled, without: SitingTrial, siting: SitingAnswer) -> Row:
    before, after = _choice(without), _choice(siting)
    price = site_price(before, after, settled.bare.scenario)
    known = before.figures(), after.figures()
    return _total(price, known, site_costs(*known))


def _road_total(settled: Settled, without: RoadTrial, roads: RoadTrial) -> Row:
    scenario = settled.bare.scenario
    known = road_figures(without, scenario), road_figures(roads, scenario)
    return _total(road_price(without, roads, scenario), known, road_costs(*known))


def _total(price: Price, known: tuple[Row, Row], differences: Row) -> Row:
    """Return what all marks cost, with the figures behind it and their bare differences."""
    return {
        "basis": price.basis,
        "proved": price.proved,
        "without": known[0],
        "with": known[1],
        "differences": differences,
        "costs": price.figures,
    }


def _site_prices(
    settled: Settled, without: SitingTrial, siting: SitingAnswer
) -> tuple[dict[str, Price], int]:
    scenario, before = settled.bare.scenario, _choice(without)
    prices: dict[str, Price] = {}
    changing: list[Wish] = []
    for wish in settled.of_sites():
        if _kept_by(wish, without.stations):
            prices[wish.log_id] = Price("already", proved=True, figures=free(SITE_COSTS))
        else:
            changing.append(wish)
    after = _choice(siting)
    if len(changing) == 1:
        return prices | {changing[0].log_id: site_price(before, after, scenario)}, 0
    for number, wish in enumerate(changing):
        found = None
        if number < scenario.run.review_solves:
            found = _solved_alone(settled, wish, before, after)
        prices[wish.log_id] = found or _estimate(settled, wish, without, siting)
    return prices, min(len(changing), scenario.run.review_solves)


def _kept_by(wish: Wish, stations: pd.DataFrame) -> bool:
    """Return whether a choice of stations keeps a wish that it was not asked to keep."""
    if wish.moves:
        return False
    here = stations[stations["site_id"] == wish.mark.site]
    if wish.lock:
        return bool(len(here) if wish.lock == ALL else (here["energy"] == wish.lock).any())
    return not (here["energy"].isin(wish.bans) & (here["status"] == "planned")).any()


def _solved_alone(
    settled: Settled, wish: Wish, before: SiteChoice, after: SiteChoice
) -> Price | None:
    """Price a wish by a plan that has no other, or by the plan itself where that costs less.

    None where no time was left to find such a plan.
    """
    scenario = settled.bare.scenario
    try:
        trial = _choice(_try(_with_low_effort(settled.bare).under([wish])))
    except LimitError:
        return None
    return min((site_price(before, found, scenario) for found in (after, trial)), key=rank)


def _with_low_effort(ground: Ground) -> Ground:
    return Ground(
        ground.scenario.with_run(effort=0),
        ground.inputs,
        ground.network,
        ground.demand_points,
        ground.sites,
    )


def _estimate(settled: Settled, wish: Wish, without: SitingTrial, siting: SitingAnswer) -> Price:
    """Price a wish by the capital of its station, or of what replaces the one it refuses.

    What leaves the old site is its capital there; a refused station without a rival leaves
    the demand that only it reaches.
    """
    figures: dict[str, float] = {}
    gone = without.stations[without.stations["site_id"] == wish.mark.site]
    gone = gone[gone["energy"].isin(wish.bans) & (gone["status"] == "planned")]
    if wish.lock or wish.moves:
        site = wish.new_site if wish.moves else wish.mark.site
        here = siting.stations[siting.stations["site_id"] == site]
        more_cny = float(here["capital_cny"].sum()) - float(gone["capital_cny"].sum())
        more_a_year = float(here["annual_cost_cny"].sum()) - float(gone["annual_cost_cny"].sum())
        figures = {"capital_cny": max(more_cny, 0.0), "annual_cny": max(more_a_year, 0.0)}
        return Price("estimated", figures=figures)
    reasons = without.site_reasons
    kwh = dict(zip(ENERGIES, kwh_per_unit(settled.bare.scenario).tolist(), strict=True))
    mine = reasons[(reasons["site_id"] == wish.mark.site) & reasons["energy"].isin(gone["energy"])]
    rivals = mine["replacement_cny"].dropna()
    lost = mine[mine["replacement_cny"].isna()]
    unserved = sum(
        float(amount) * kwh[str(energy)]
        for amount, energy in zip(lost["lost_per_day"].fillna(0.0), lost["energy"], strict=True)
    )
    figures = {
        "capital_cny": max(float(rivals.sum()), 0.0),
        "unserved_kwh_per_day": round(unserved, 6),
    }
    return Price("estimated", figures=figures)


def _road_prices(
    settled: Settled, without: RoadTrial, roads: RoadTrial
) -> tuple[dict[str, Price], int]:
    bare, prices = settled.bare, dict[str, Price]()
    changing: list[Wish] = []
    for wish in settled.of_roads():
        if wish.locked <= without.segment_ids and not wish.banned & without.segment_ids:
            prices[wish.log_id] = Price("already", proved=True, figures=free(ROAD_COSTS))
        else:
            changing.append(wish)
    total = road_price(without, roads, bare.scenario)
    if len(changing) == 1:
        return prices | {changing[0].log_id: total}, 0
    for wish in changing:
        ground = bare.under([wish])
        known = road_ground(ground.inputs, ground.network, ground.scenario)
        trial = try_roads(known, ground.scenario, without.segment_ids)
        both = [trial] if not wish.locked <= roads.segment_ids else [trial, roads]
        best = min(both, key=lambda each: _shortfall(each, bare))
        prices[wish.log_id] = road_price(without, best, bare.scenario)
    return prices, len(changing)


def _shortfall(found: RoadTrial, ground: Ground) -> tuple[float, float]:
    figures = road_figures(found, ground.scenario)
    return figures["missing_km"], -figures["worth"]
