"""Works out what could stand at each site: sizes on offer, power and money, and what is left."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from planner.verify.actions import unit_peak_kw
from planner.verify.files import PlanFiles
from planner.verify.helpable import node_kw
from planner.verify.money import PAYERS, spent_by_year
from planner.verify.power import added_peaks
from planner.verify.siterules import decides, least_units
from planner.verify.waiting import capacity_for
from planner.verify.years import AFTER, in_force, siting_years

POWER_TOLERANCE_KW = 1e-6
Key = tuple[str, str]
"""A site and an energy."""


class Offer(NamedTuple):
    """One size of one technology: units, what it serves a day, peak kW, CNY, and who pays."""

    units: int
    capacity: float
    peak_kw: float
    capital_cny: int
    payer: str


class Limits(NamedTuple):
    """Most kW that a site and its supply node can ever give, and what is left of them now.

    Lists by site: ``most_kw`` with the upgrade that can be had in time, ``site_kw`` and
    ``node_kw`` what the plan leaves free; ``node`` the supply node, empty for none.
    """

    most_kw: dict[str, float]
    site_kw: dict[str, float]
    node_kw: dict[str, float]
    node: dict[str, str]


def sizes_on_offer(plan: PlanFiles) -> dict[str, list[Offer]]:
    """Return every size that may be built in some year of the plan, by energy."""
    years = siting_years(plan)
    found: dict[str, list[Offer]] = {}
    for name, row in plan.table("technologies").items():
        offers = found.setdefault(str(row["energy"]), [])
        if not any(in_force(row, year) for year in years):
            continue
        for units in range(row["min_units"], row["max_units"] + 1, row["unit_step"]):
            capital = int(row["fixed_cost_cny"]) + units * int(row["unit_cost_cny"])
            peak, capacity = units * unit_peak_kw(plan, row), capacity_for(plan, name, units)
            offers.append(Offer(units, capacity, peak, capital, str(row["owner"])))
    return found


def offers_of(plan: PlanFiles) -> dict[Key, list[Offer]]:
    """Return what fits the parking places of each accepted site that has no station of its own."""
    sites, sizes = plan.layer("candidate_sites"), plan.once(sizes_on_offer)
    sites = sites[(sites["status"] == "accepted") & (sites["origin"] != "existing")]
    decided = decides(plan, "parking_share")
    found: dict[Key, list[Offer]] = {}
    for row in sites.itertuples():
        places = float(row.parking_places)
        bound = bool(np.isfinite(places))
        least = least_units(plan, places) if bound and decided else 0
        for energy in str(row.energies).split(","):
            mine = sizes.get(energy, [])
            if energy == "charging" and bound:
                mine = [offer for offer in mine if least <= offer.units <= places]
            if mine:
                found[str(row.site_id), energy] = mine
    return found


def limits_of(plan: PlanFiles) -> Limits:
    """Return the power of every site: what it can have at most, and what the plan leaves."""
    sites, peaks = plan.layer("candidate_sites"), plan.once(added_peaks)
    peaks, last = peaks[peaks["phase"] == AFTER], siting_years(plan)[-1]
    at_site = peaks.groupby("site_id")["added_kw"].sum()
    at_node = peaks.groupby("supply_node_id")["added_kw"].sum()
    upgrades = plan.layer("supply_upgrades")
    more = upgrades[upgrades["in_service_year"] <= last].groupby("supply_node_id")["added_kw"].sum()
    nodes = plan.layer("supply_nodes").set_index("supply_node_id")["headroom_kw"]
    free = nodes.add(more, fill_value=0.0).sub(at_node, fill_value=0.0).to_dict()
    most, limits = plan.once(node_kw), Limits({}, {}, {}, {})
    for row in sites.itertuples():
        site, node = str(row.site_id), _name(row.supply_node_id)
        limits.most_kw[site] = min(float(row.max_power_kw), most.get(node, np.inf))
        limits.site_kw[site] = float(row.max_power_kw) - float(at_site.get(site, 0.0))
        limits.node_kw[site] = float(free.get(node, np.inf))
        limits.node[site] = node
    return limits


def _name(value: object) -> str:
    return "" if pd.isna(value) else str(value)


def budgets(plan: PlanFiles) -> dict[str, int]:
    """Return the money of each payer in all years."""
    return {
        owner: sum(
            int(cny)
            for cny in plan.mapping("settings", "siting", f"{prefix}budget_cny_by_year").values()
        )
        for owner, prefix in PAYERS
    }


def money_left(plan: PlanFiles) -> dict[str, int]:
    """Return the money of each payer that the plan leaves unspent."""
    spent = plan.once(spent_by_year)
    return {
        owner: cny - sum(paid for (payer, _), paid in spent.items() if payer == owner)
        for owner, cny in plan.once(budgets).items()
    }


def possible(plan: PlanFiles) -> dict[Key, list[Offer]]:
    """Return of the offers those that power and money allow at all."""
    limits, money = plan.once(limits_of), plan.once(budgets)
    found = {}
    for (site, energy), offers in plan.once(offers_of).items():
        most_kw = limits.most_kw[site] + POWER_TOLERANCE_KW
        fits = [o for o in offers if o.peak_kw <= most_kw and o.capital_cny <= money[o.payer]]
        if fits:
            found[site, energy] = fits
    return found
