"""Proves what is told of the cost of marks, as far as the plan itself shows it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner import layers
from planner.verify.faults import Fault, Faults, unequal
from planner.verify.files import PlanFiles, Row
from planner.verify.marks import HONOURED
from planner.verify.testroads import counted_km

SITE_COSTS = (
    "townships_short", "highway_short_m", "unserved_kwh_per_day", "capital_cny", "annual_cny",
)  # fmt: skip
ROAD_COSTS = ("missing_km", "worth_lost")
FREE = ("already", "site_only", "within_gap")
PRICED = (*FREE, "solved", "estimated")


def costs_hold(plan: PlanFiles) -> Faults:
    """Prove that costs are those of honoured marks, of their kind, and add up to the plan."""
    for row in plan.layer("review_log").itertuples():
        yield from _cost_of_mark(row)
        yield from _equipment(plan, row)
    log = plan.layer("review_log")
    honoured = log[log["outcome"] == HONOURED]
    of_roads = honoured["target"].isin(["segment", "corridor"])
    yield from _total(plan, "stations", bool((~of_roads).any()))
    yield from _total(plan, "test_roads", bool(of_roads.any()))


def _cost_of_mark(row: Any) -> Faults:  # noqa: ANN401 - a row of the log
    name, basis = str(row.log_id), str(row.cost_basis)
    given = {key: float(getattr(row, key)) for key in layers.COST_COLUMNS
             if not pd.isna(getattr(row, key))}  # fmt: skip
    own = ROAD_COSTS if row.target in {"segment", "corridor"} else SITE_COSTS
    if set(given) - set(own):
        yield Fault("it has costs of another kind than its own", name)
    if (row.outcome != HONOURED) != (basis == "none"):
        yield Fault(f"{row.outcome}, yet its cost is said to be {basis}", name)
    if basis not in PRICED and given:
        yield Fault(f"it has a cost, although that is {basis}", name)
    if basis in FREE and (set(given) != set(own) or any(given.values())):
        yield Fault(f"its cost is {basis}, yet not nothing", name)
    if basis == "solved" and (set(given) != set(own) or max(given.values()) <= 0):
        yield Fault("it is said to cost something, yet no figure is the worse for it", name)
    if basis == "estimated" and min(given.values(), default=0.0) < 0:
        yield Fault("its estimate is below nothing", name)
    if bool(row.cost_proved) and basis not in {"already", "solved"}:
        yield Fault("its cost is called proved, but was not solved for", name)


def _equipment(plan: PlanFiles, row: Any) -> Faults:  # noqa: ANN401 - a row of the log
    """Prove that the cost of a site alone is not called that of the station that was marked."""
    planned = row.target == "station" and str(row.target_id).startswith("p-")
    if row.outcome != HONOURED or row.opinion not in {"accept", "include"} or not planned:
        return
    stands = row.target_id in set(plan.layer("stations")["station_id"])
    if not stands and (row.cost_basis == "already" or bool(row.cost_proved)):
        yield Fault("its station is replaced, yet keeping it is said to be free", str(row.log_id))
    if stands and row.cost_basis == "site_only":
        yield Fault("its station stands, yet is called replaced", str(row.log_id))


def _total(plan: PlanFiles, part: str, asked: bool) -> Faults:  # noqa: FBT001 - a fact
    total = plan.figure("reviews", part)
    if not isinstance(total, dict):
        if asked:
            yield Fault("nothing is said of what the marks cost together", part)
        return
    own = _own_stations(plan) if part == "stations" else _own_roads(plan)
    for key, value in own.items():
        yield from unequal(total["with"].get(key), value, f"{part} with the marks: {key}")
    for key, value in _differences(total).items():
        yield from unequal(total["differences"].get(key), value, f"{part} difference: {key}")
        stated = 0.0 if total["basis"] == "within_gap" else value
        yield from unequal(total["costs"].get(key), stated, f"{part} cost: {key}")
    if total["basis"] not in {"within_gap", "solved"}:
        yield Fault(f"the basis {total['basis']} is none of a whole plan", part)


def _own_stations(plan: PlanFiles) -> Row:
    """Return the figures of the stations as the plan has them."""
    goals = {
        str(row.get("name")): row.get("objective") or 0.0 for row in plan.rows("siting", "goals")
    }
    capital = plan.layer("stations")["capital_cny"].sum()
    capital += plan.layer("supply_upgrades")["cost_cny"].sum()
    return {
        "townships_short": float(goals.get("township_shortfall", 0.0)),
        "highway_short_m": round(float(goals.get("highway_shortfall_m", 0.0)), 6),
        "served_kwh_per_day": round(float(goals.get("demand_served", 0.0)), 6),
        "annual_cny": round(float(goals.get("cost", 0.0)), 6),
        "capital_cny": float(capital),
    }


def _own_roads(plan: PlanFiles) -> Row:
    targets = plan.mapping("settings", "test_roads", "target_km_by_year")
    km = counted_km(plan.layer("test_roads"))
    worth = plan.figure("test_roads", "outcome", "objective")
    missing = max(max(float(target) for target in targets.values()) - km, 0.0)
    return {"km": km, "missing_km": round(missing, 6), "worth": float(worth or 0.0)}


def _differences(total: Row) -> Row:
    before, after = total["without"], total["with"]
    if "worth" in after:
        lost = before["worth"] - after["worth"]
        return {"missing_km": after["missing_km"] - before["missing_km"], "worth_lost": lost}
    more = {key: after[key] - before[key] for key in SITE_COSTS if key in after}
    less = before["served_kwh_per_day"] - after["served_kwh_per_day"]
    return more | {"unserved_kwh_per_day": less}
