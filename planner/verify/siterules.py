"""Proves the rules of sites and counties: reviews, separation, parking, units to vehicles."""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from planner.verify.faults import Fault, Faults, unequal_rows
from planner.verify.files import PlanFiles, Row
from planner.verify.ground import NEAR_M, NEAR_SHARE, ground_of
from planner.verify.years import in_force, siting_years

RANK = {"case": 0, "township": 1, "zone": 2, "junction": 3}
"""Origins in the order in which sites give way; a locked site comes before all."""
SET_ASIDE = frozenset({"hydrogen", "truck_swap"})
"""Energies that rules leave to some sites only; for their sake no second site is kept."""
ALL = "all"


def decides(plan: PlanFiles, rule_id: str) -> bool:
    """Return whether a rule decides something in the target year, and is not only reported."""
    rule = plan.table("policy_rules")[rule_id]
    return rule["kind"] != "reported" and in_force(rule, siting_years(plan)[-1])


def review_kept(plan: PlanFiles, review: Any) -> bool:  # noqa: ANN401 - a row of the reviews
    """Return whether the plan keeps to one lock or ban."""
    stations = plan.layer("stations")
    mine = stations[stations["site_id"] == review.site_id]
    if review.energy != ALL:
        mine = mine[mine["energy"] == review.energy]
    if review.mark == "lock":
        return len(mine) > 0
    return not bool((mine["status"] == "planned").any())


def reviews_honoured(plan: PlanFiles) -> Faults:
    """Prove that every locked site has its station, and no banned one a planned station."""
    for row in plan.layer("reviews").itertuples():
        if not review_kept(plan, row):
            what = f"the {row.mark} of {row.site_id} for {row.energy} is not kept"
            yield Fault(what, str(row.review_id))


def sites_apart(plan: PlanFiles) -> Faults:
    """Prove that no generated site was kept beside a better one that allows whatever it allows.

    Of two generated sites of one origin it is not known here which one is better; they may
    stand near each other only if each allows something that the other does not.
    """
    sites = plan.layer("candidate_sites")
    sites = sites[(sites["status"] == "accepted") & sites["origin"].isin(list(RANK))]
    locked = set(_locked(plan))
    rank = [
        -1 if site in locked else RANK[origin]
        for site, origin in zip(sites["site_id"], sites["origin"], strict=True)
    ]
    given = (sites["origin"] == "case").to_numpy(bool) | (np.array(rank) < 0)
    energies = [frozenset(str(text).split(",")) - SET_ASIDE for text in sites["energies"]]
    ids, xy = sites["site_id"].to_numpy(object), _metres(plan, sites)
    least = plan.number("settings", "candidates", "min_separation_m")
    near = least * (1 - NEAR_SHARE) - NEAR_M
    if near <= 0 or not len(xy):
        return
    for one, other in sorted(cKDTree(xy).query_pairs(near)):
        for gives, keeps in ((one, other), (other, one)):
            better = rank[keeps] < rank[gives]
            alike = rank[keeps] == rank[gives] and energies[one] == energies[other]
            if not given[gives] and energies[gives] <= energies[keeps] and (better or alike):
                metres = float(np.hypot(*(xy[one] - xy[other])))
                yield Fault(f"{metres:.0f} m from {ids[keeps]}, yet kept", str(ids[gives]), -metres)


def _locked(plan: PlanFiles) -> list[str]:
    reviews = plan.layer("reviews")
    return [str(site) for site in reviews[reviews["mark"] == "lock"]["site_id"]]


def _metres(
    plan: PlanFiles, sites: pd.DataFrame
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    places = plan.once(ground_of).metres(sites.geometry)
    return np.asarray(shapely.get_coordinates(places), dtype=np.float64)


def parking_kept(plan: PlanFiles) -> Faults:
    """Prove that planned charging fits the parking places of its site, as many as the rule asks."""
    stations = plan.layer("stations")
    places = plan.layer("candidate_sites").set_index("site_id")["parking_places"]
    mine = stations[(stations["energy"] == "charging") & (stations["action"] != "keep")]
    decided = decides(plan, "parking_share")
    for row in mine.itertuples():
        most = float(places.get(row.site_id, np.nan))
        if not np.isfinite(most):
            continue
        least = least_units(plan, most) if decided else 0
        if not least <= row.n_units <= most:
            what = f"{row.n_units} units at {most:.0f} parking places, at least {least} are asked"
            yield Fault(what, str(row.station_id))


def least_units(plan: PlanFiles, places: float) -> int:
    """Return how many of the parking places the rule wants fitted with charging."""
    return ceil(plan.number("settings", "rules", "parking_share") * places - 1e-9)


def electric_vehicles(plan: PlanFiles) -> pd.Series:
    """Return the electric vehicles of each county in the target year."""
    fleets = plan.layer("fleet_demand")
    mine = (fleets["year"] == siting_years(plan)[-1]) & (fleets["energy"] != "hydrogen")
    return fleets[mine].groupby("county_id")["vehicles"].sum()


def units_of(plan: PlanFiles) -> list[Row]:
    """Return charging units and electric vehicles of every county, before and after."""
    vehicles, stations = plan.once(electric_vehicles), plan.layer("stations")
    charging = stations[stations["energy"] == "charging"]
    sums = charging.groupby("county_id")[["n_units_before", "n_units"]].sum()
    most = plan.number("settings", "rules", "evs_per_unit")
    rows = []
    for county in plan.layer("counties").itertuples():
        electric = float(vehicles.get(county.county_id, 0.0))
        row = {"county_id": county.county_id, "name": county.name, "vehicles": electric}
        for phase, column in (("before", "n_units_before"), ("after", "n_units")):
            units = int(sums[column].get(county.county_id, 0))
            each = electric / units if units else None
            row |= {f"units_{phase}": units, f"evs_per_unit_{phase}": each}
        rows.append(row | {"met": row["units_after"] * most >= electric - 1e-6})
    return rows


def units_counted(plan: PlanFiles) -> Faults:
    """Prove charging units and electric vehicles of every county, and whether that is enough."""
    rows = plan.once(units_of)
    yield from unequal_rows(plan.rows("siting", "units"), rows, ("county_id",), "units")
