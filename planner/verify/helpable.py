"""Finds the townships that a new station could help: a site near enough, with power and money."""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.verify.actions import unit_peak_kw
from planner.verify.files import PlanFiles, Row
from planner.verify.graph import graph_of, nearest_m
from planner.verify.money import PAYERS
from planner.verify.siterules import decides, least_units
from planner.verify.years import in_force, siting_years


def helpable(plan: PlanFiles) -> frozenset[str]:
    """Return the townships within the rule's distance of a site where a station could stand.

    That is a site that allows charging, with a technology in force in the target year whose
    smallest size fits the parking places, the power of site and supply node, and the money.
    """
    sites, graph = plan.layer("candidate_sites"), plan.once(graph_of)
    access = plan.layer("township_access")
    sites = sites[(sites["status"] == "accepted") & (sites["origin"] != "existing")]
    fits = np.array([_can_stand(plan, row) for row in sites.itertuples()], dtype=bool)
    sources = graph.rows_of(sites[fits]["node_id"])
    metres = np.append(nearest_m(graph, graph.arcs(toward=True), sources[sources >= 0]), np.inf)
    near = metres[graph.rows_of(access["node_id"])]
    radius = plan.number("settings", "rules", "township_radius_m")
    return frozenset(str(name) for name in access["township_id"][near <= radius])


def _can_stand(plan: PlanFiles, site: Any) -> bool:  # noqa: ANN401 - a row of the sites
    if "charging" not in str(site.energies).split(","):
        return False
    last, limit_kw = siting_years(plan)[-1], plan.once(node_kw)
    most_kw = min(float(site.max_power_kw), limit_kw.get(str(site.supply_node_id), np.inf))
    return any(
        row["energy"] == "charging"
        and in_force(row, last)
        and _size_fits(plan, row, float(site.parking_places), most_kw)
        for row in plan.table("technologies").values()
    )


def _size_fits(plan: PlanFiles, technology: Row, places: float, most_kw: float) -> bool:
    sizes = range(technology["min_units"], technology["max_units"] + 1, technology["unit_step"])
    money = plan.once(_money)[str(technology["owner"])]
    least = 0
    if np.isfinite(places) and decides(plan, "parking_share"):
        least = least_units(plan, places)
    return any(
        units * unit_peak_kw(plan, technology) <= most_kw + 1e-9
        and technology["fixed_cost_cny"] + units * technology["unit_cost_cny"] <= money
        and (not np.isfinite(places) or least <= units <= places)
        for units in sizes
    )


def _money(plan: PlanFiles) -> dict[str, int]:
    budgets = {
        owner: plan.mapping("settings", "siting", f"{prefix}budget_cny_by_year")
        for owner, prefix in PAYERS
    }
    return {owner: sum(int(each) for each in budget.values()) for owner, budget in budgets.items()}


def node_kw(plan: PlanFiles) -> dict[str, float]:
    """Return what each supply node can give by the target year, upgrade included."""
    years = len(siting_years(plan))
    nodes = plan.layer("supply_nodes").reindex(
        columns=["supply_node_id", "headroom_kw", "upgrade_kw", "upgrade_lead_years"]
    )
    return {
        str(row.supply_node_id): float(row.headroom_kw)
        + (float(row.upgrade_kw) if row.upgrade_kw > 0 and row.upgrade_lead_years < years else 0.0)
        for row in nodes.itertuples()
    }
