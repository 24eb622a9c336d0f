"""Proves what is told of counties beyond their worst: the ones raised next, help from elsewhere."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner import layers
from planner.verify.faults import Fault, Faults, unequal
from planner.verify.figures import county_shares, kwh_weights
from planner.verify.files import PlanFiles, Row
from planner.verify.offers import possible
from planner.verify.pairs import covers, site_rows
from planner.verify.years import AFTER

SHARE_TOLERANCE = 2e-6
FIRST, NEXT = "worst_county_share", "next_county_share"
DECIMALS = 6


def counties_beyond(plan: PlanFiles) -> Faults:
    """Prove the share of the counties raised next, and who serves the worst county from outside."""
    yield from _next_share(plan)
    yield from _elsewhere(plan)


def _next_share(plan: PlanFiles) -> Faults:
    """Prove that the next share is the least of the counties that the first does not settle.

    A county is settled where the first share is all, but for the tolerance, that sites can
    reach of it. The share that the solver reached may exceed the one of the plan by the
    tolerance; any share within that range may have parted the counties.
    """
    goals = {str(row.get("name")): row.get("objective") for row in plan.rows("siting", "goals")}
    first, stated = goals.get(FIRST), goals.get(NEXT)
    if stated is None or first is None:
        if NEXT in goals and FIRST not in goals:
            yield Fault("there is no first share before it", NEXT)
        return
    tolerance = plan.number("settings", "siting", "gap_tolerance")
    top, shares = plan.once(reachable_shares), plan.once(county_shares)[AFTER]
    limits = {county: share * (1 - tolerance) for county, share in top.items()}
    most = first / (1 - tolerance) + SHARE_TOLERANCE
    steps = [first, *(limit for limit in limits.values() if first < limit <= most)]
    least = {_least(shares, limits, step + SHARE_TOLERANCE) for step in steps}
    least |= {_least(shares, limits, step - SHARE_TOLERANCE) for step in steps}
    if not any(abs(stated - share) <= SHARE_TOLERANCE for share in least):
        told = ", ".join(f"{share:.6f}" for share in sorted(least))
        yield Fault(f"it is stated as {stated:.6f}, the counties give {told}", NEXT)


def _least(shares: pd.Series, limits: dict[str, float], settled: float) -> float:
    left = [float(shares[county]) for county in shares.index if limits[county] > settled]
    return min(left, default=float("inf"))


def reachable_shares(plan: PlanFiles) -> dict[str, float]:
    """Return the share of each county's demand in reach of a site where a station may stand."""
    points, rows, weights = plan.layer("demand_points"), plan.once(site_rows), kwh_weights(plan)
    whole, part = np.zeros(len(points)), np.zeros(len(points))
    for energy in layers.ENERGIES:
        cover = plan.once(covers)[energy]
        usable = cover.stands.copy()
        usable[[rows[site] for site, kind in plan.once(possible) if kind == energy]] = True
        reached = np.asarray(usable.astype(float) @ cover.near) > 0
        whole += weights[energy] * cover.demand
        part += weights[energy] * cover.demand * reached
    sums = pd.DataFrame({"county": points["county_id"], "whole": whole, "part": part})
    sums = sums.groupby("county")[["whole", "part"]].sum()
    sums = sums[sums["whole"] > 0]
    return {
        str(key): float(row.part / row.whole)
        for key, row in zip(sums.index, sums.itertuples(), strict=True)
    }


def _elsewhere(plan: PlanFiles) -> Faults:
    """Prove how much of the worst county is served from outside, by how many stations."""
    worst = plan.figure("siting", "worst_county")
    if not isinstance(worst, dict):
        return
    for key, value in _served_from_outside(plan, str(worst.get("county_id"))).items():
        stated = plan.figure("siting", "worst_county", "elsewhere", key)
        yield from unequal(stated, value, f"worst_county elsewhere {key}")


def _served_from_outside(plan: PlanFiles, county: str) -> Row:
    points, given = plan.layer("demand_points"), plan.layer("assignments")
    inside = points[points["county_id"] == county]["demand_id"]
    given = given[(given["phase"] == AFTER) & given["demand_id"].isin(inside)]
    stations = plan.layer("stations").set_index("station_id")
    outside = stations[stations["county_id"] != county]
    weights = kwh_weights(plan)
    total = far = 0.0
    serving: set[str] = set()
    for row in given.itertuples():
        kwh = float(row.served_per_day) * weights[str(row.energy)]
        total += kwh
        if kwh > 0 and row.station_id in outside.index:
            far += kwh
            serving.add(str(row.station_id))
    touched = outside[(outside["action"] != "keep") & outside.index.isin(sorted(serving))]
    return {
        "served_share": round(far / total, DECIMALS) if total else None,
        "n_stations": len(touched),
        "capital_cny": sum(int(cny) for cny in touched["capital_cny"]),
    }
