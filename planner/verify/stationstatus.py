"""Says of every rule on stations what the layers show: met, short, or not to be checked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from planner.verify.faults import Faults, unequal
from planner.verify.files import PlanFiles, Row
from planner.verify.siterules import least_units, review_kept, units_of
from planner.verify.siting import SETBACK_CONCERNS, inside_zones
from planner.verify.waiting import WAIT_TOLERANCE_MIN, limit_of

UNKNOWN = "cannot_be_checked"


def _townships(plan: PlanFiles) -> str:
    states = set(plan.layer("township_access")["status"])
    if "short" in states or "met" not in states:
        return "short" if "short" in states else UNKNOWN
    return "partly_checked" if UNKNOWN in states else "met"


def _county_gaps(plan: PlanFiles) -> str:
    points = plan.layer("demand_points")
    electric = points[["charging_per_day", "swap_per_day", "truck_swap_per_day"]]
    return "reported" if float(electric.sum().sum()) > 0 else UNKNOWN


def _highways(plan: PlanFiles) -> str:
    access = plan.layer("highway_access")
    if not len(access):
        return UNKNOWN
    return "short" if (access["status"] == "short").any() else "met"


def _units(plan: PlanFiles) -> str:
    rows = [row for row in plan.once(units_of) if row["vehicles"] > 0]
    if not rows:
        return UNKNOWN
    return "met" if all(row["met"] for row in rows) else "short"


def _parking(plan: PlanFiles) -> str:
    row = plan.once(parking_counts)
    if not row["n_known"]:
        return UNKNOWN
    if row["n_within"] < row["n_known"]:
        return "short"
    return "met" if row["n_known"] == row["n_stations"] else "partly_checked"


def parking_counts(plan: PlanFiles) -> Row:
    """Return how many charging stations the plan touches, and what is known of their parking."""
    stations = plan.layer("stations")
    mine = stations[(stations["energy"] == "charging") & (stations["action"] != "keep")]
    places = plan.layer("candidate_sites").set_index("site_id")["parking_places"]
    known = [float(places.get(site, np.nan)) for site in mine["site_id"]]
    within = [
        least_units(plan, most) <= units <= most
        for units, most in zip(mine["n_units"], known, strict=True)
        if np.isfinite(most)
    ]
    return {"n_stations": len(mine), "n_known": len(within), "n_within": sum(within)}


def waiting_counts(plan: PlanFiles) -> Row:
    """Return at how many stations people wait longer than they may."""
    waits = plan.layer("stations")["waiting_min"].dropna().astype(float)
    limit = limit_of(plan).wait_min
    return {
        "n_stations": len(waits),
        "n_over": int((waits > limit + WAIT_TOLERANCE_MIN).sum()),
        "longest_min": round(float(waits.max()), 6) if len(waits) else None,
        "limit_min": limit,
    }


def _waiting(plan: PlanFiles) -> str:
    row = waiting_counts(plan)
    if not row["n_stations"]:
        return UNKNOWN
    return "short" if row["n_over"] else "met"


def setback_counts(plan: PlanFiles) -> Row:
    """Return how many planned hydrogen stations stand in a set-back."""
    stations, zones = plan.layer("stations"), plan.layer("zones")
    new = stations[(stations["energy"] == "hydrogen") & (stations["status"] == "planned")]
    least = plan.number("settings", "rules", "hydrogen_setback_m")
    near = inside_zones(plan, new, ("setback",), SETBACK_CONCERNS, least)
    count = int((zones["kind"] == "setback").sum())
    return {"n_planned": len(new), "n_zones": count, "n_near": int(near.sum())}


def _setback(plan: PlanFiles) -> str:
    row = plan.once(setback_counts)
    if row["n_planned"] and not row["n_zones"]:
        return UNKNOWN
    return "short" if row["n_near"] else "met"


def review_counts(plan: PlanFiles) -> Row:
    """Return how many locks and bans there are, and how many of them the plan keeps."""
    reviews = plan.layer("reviews")
    marks: pd.Series = reviews["mark"].value_counts()
    kept = sum(review_kept(plan, row) for row in reviews.itertuples())
    return {
        "n_locks": int(marks.get("lock", 0)),
        "n_bans": int(marks.get("ban", 0)),
        "n_kept": int(kept),
    }


def _reviews(plan: PlanFiles) -> str:
    row = review_counts(plan)
    total = row["n_locks"] + row["n_bans"]
    if row["n_kept"] < total:
        return "short"
    outcomes = set(plan.layer("review_log")["outcome"])
    aside = outcomes & {"not_honoured", "contradicted"}
    return "reported" if aside or not (total or "honoured" in outcomes) else "met"


STATUSES: dict[str, Callable[[PlanFiles], str]] = {
    "township_charging": _townships,
    "county_gaps": _county_gaps,
    "highway_charging": _highways,
    "units_to_vehicles": _units,
    "parking_share": _parking,
    "waiting": _waiting,
    "hydrogen_setback": _setback,
    "reviewed_sites": _reviews,
}
COUNTS: dict[str, Callable[[PlanFiles], Row]] = {
    "waiting": waiting_counts,
    "parking": parking_counts,
    "hydrogen_setback": setback_counts,
    "reviews": review_counts,
}


def counts_told(plan: PlanFiles) -> Faults:
    """Prove the counts behind the rules that plan.json tells of."""
    for name, count in COUNTS.items():
        stated = plan.mapping("siting", "checks", name)
        for key, value in count(plan).items():
            yield from unequal(stated.get(key), value, f"{name} {key}")
