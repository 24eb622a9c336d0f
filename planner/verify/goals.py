"""Holds the goals of the siting against the files: reached as stated, never beyond the bound."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import NamedTuple

from planner.verify.faults import Fault, Faults
from planner.verify.figures import county_shares, kwh_equivalents
from planner.verify.files import PlanFiles, Row
from planner.verify.helpable import helpable
from planner.verify.milestones import missing_shares
from planner.verify.money import UPGRADE_LIFE_YEARS, annuity
from planner.verify.siterules import electric_vehicles
from planner.verify.townships import short_in
from planner.verify.years import AFTER, BEFORE, phase_years, siting_years

RELATIVE = 1e-6
"""What a solver leaves open of its own constraints."""


class Direction(NamedTuple):
    """Whether a goal is to be large, and how far the plan may stay behind what it reached."""

    large: bool
    kept_exactly: bool


ORDER = {
    "township_shortfall": Direction(large=False, kept_exactly=True),
    "highway_shortfall_m": Direction(large=False, kept_exactly=True),
    "unit_shortfall": Direction(large=False, kept_exactly=True),
    "milestone_shortfall": Direction(large=False, kept_exactly=True),
    "worst_county_share": Direction(large=True, kept_exactly=False),
    "next_county_share": Direction(large=True, kept_exactly=False),
    "trips_refuelled": Direction(large=True, kept_exactly=True),
    "demand_served": Direction(large=True, kept_exactly=False),
    "cost": Direction(large=False, kept_exactly=False),
    "early_milestone_shortfall": Direction(large=False, kept_exactly=True),
    "early_township_shortfall": Direction(large=False, kept_exactly=True),
    "early_served": Direction(large=True, kept_exactly=False),
}
"""The goals in the order in which they are pursued."""


def goals_in_order(plan: PlanFiles) -> Faults:
    """Prove that the goals are those of the model, in order, each bound on its right side."""
    rows = plan.rows("siting", "goals")
    names = [str(row.get("name")) for row in rows]
    unknown = [name for name in names if name not in ORDER]
    for name in unknown:
        yield Fault("no goal of the siting is called so", name)
    if names != sorted(set(names) - set(unknown), key=list(ORDER).index) and not unknown:
        yield Fault(f"the goals are not in their order: {', '.join(names)}", "siting.goals")
    for row in rows:
        objective, bound = row.get("objective"), row.get("bound")
        direction = ORDER.get(str(row.get("name")))
        if direction is None or objective is None or bound is None:
            continue
        beyond = objective - bound if direction.large else bound - objective
        if beyond > RELATIVE * max(1.0, abs(objective)):
            what = f"bound {bound} is on the wrong side of what was found, {objective}"
            yield Fault(what, str(row.get("name")), beyond)


def goals_reached(plan: PlanFiles) -> Faults:
    """Prove that the plan of the files is as good as its goals say, and no better than can be.

    A goal may have given back the tolerance to a later one; the bound holds for any plan.
    """
    tolerance = plan.number("settings", "siting", "gap_tolerance")
    for row in plan.rows("siting", "goals"):
        name, objective = str(row.get("name")), row.get("objective")
        if name not in MEASURES or objective is None:
            continue
        direction, found = ORDER[name], MEASURES[name](plan)
        slack = RELATIVE if direction.kept_exactly else tolerance + RELATIVE
        room = slack * abs(objective) + SMALLEST.get(name, RELATIVE)
        behind = objective - found if direction.large else found - objective
        if behind > room:
            yield Fault(f"{objective:.9g} is said to be reached, the files give {found:.9g}", name)
        yield from _within_bound(row, found, SMALLEST.get(name, RELATIVE))


def _within_bound(row: Row, found: float, smallest: float) -> Faults:
    name, bound = str(row["name"]), row.get("bound")
    if bound is None:
        return
    beyond = found - bound if ORDER[name].large else bound - found
    if beyond > RELATIVE * abs(bound) + smallest:
        yield Fault(f"the files give {found:.9g}, beyond its bound {bound:.9g}", name)


def _townships(plan: PlanFiles) -> float:
    return float(len(short_in(plan, AFTER) & plan.once(helpable)))


def _early_townships(plan: PlanFiles) -> float:
    early = [phase for phase in phase_years(plan) if phase not in {BEFORE, AFTER}]
    return float(sum(len(short_in(plan, phase) & plan.once(helpable)) for phase in early))


def _highways(plan: PlanFiles) -> float:
    return float(plan.layer("highway_access")["uncovered_after_m"].sum())


def _units(plan: PlanFiles) -> float:
    vehicles, stations = plan.once(electric_vehicles), plan.layer("stations")
    charging = stations[stations["energy"] == "charging"]
    units = charging.groupby("county_id")["n_units"].sum()
    most = plan.number("settings", "rules", "evs_per_unit")
    return float(
        sum(
            max(0, ceil(float(count) / most - 1e-9) - int(units.get(county, 0)))
            for county, count in vehicles.items()
        )
    )


def _milestones(plan: PlanFiles) -> float:
    """Return what milestones are short of, those of the last year only where goals are apart.

    A plan that decided all years at once has one goal for all of them.
    """
    goals = plan.rows("siting", "goals")
    apart = any(row.get("name") == "early_milestone_shortfall" for row in goals)
    years = siting_years(plan)
    return missing_shares(plan, years[-1:] if apart else years)


def _early_milestones(plan: PlanFiles) -> float:
    return missing_shares(plan, siting_years(plan)[:-1])


def _worst_share(plan: PlanFiles) -> float:
    return float(plan.once(county_shares)[AFTER].min())


def _served(plan: PlanFiles, phases: list[str]) -> float:
    given = plan.layer("assignments")
    weights = kwh_equivalents(plan)
    mine = given[given["phase"].isin(phases)]
    return float((mine["served_per_day"] * mine["energy"].map(weights)).sum())


def _demand_served(plan: PlanFiles) -> float:
    return _served(plan, [AFTER])


def _early_served(plan: PlanFiles) -> float:
    return _served(plan, [phase for phase in phase_years(plan) if phase not in {BEFORE, AFTER}])


def _cost(plan: PlanFiles) -> float:
    rate = plan.number("settings", "siting", "discount_rate")
    upgrades = sum(int(cost) for cost in plan.layer("supply_upgrades")["cost_cny"])
    stations = sum(int(cost) for cost in plan.layer("stations")["annual_cost_cny"])
    return stations + upgrades * annuity(rate, UPGRADE_LIFE_YEARS)


def _trips(plan: PlanFiles) -> float:
    access = plan.layer("trip_access")
    asked = access[access["length_m"] > access["range_m"] / 2]
    return float(asked[asked["refuelled_after"].astype(bool)]["trips_per_day"].sum())


MEASURES: dict[str, Callable[[PlanFiles], float]] = {
    "township_shortfall": _townships,
    "highway_shortfall_m": _highways,
    "unit_shortfall": _units,
    "milestone_shortfall": _milestones,
    "early_milestone_shortfall": _early_milestones,
    "worst_county_share": _worst_share,
    "trips_refuelled": _trips,
    "demand_served": _demand_served,
    "cost": _cost,
    "early_township_shortfall": _early_townships,
    "early_served": _early_served,
}
SMALLEST = {"cost": 100.0, "highway_shortfall_m": 1.0, "unit_shortfall": 1e-3}
"""Yuan, metres and units by which roundings of single figures may add up."""
