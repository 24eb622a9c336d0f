"""Proves the power of sites and supply nodes in every year, and the upgrades that add to it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.verify.actions import unit_peak_kw
from planner.verify.faults import Fault, Faults, differing, rows_where
from planner.verify.files import PlanFiles
from planner.verify.years import AFTER, BEFORE, phase_years, siting_years, standing

POWER_TOLERANCE_KW = 1e-6


def added_peaks(plan: PlanFiles) -> pd.DataFrame:
    """Return what the plan adds to the peak load at each station by each year, in kW.

    Units added to an existing station add theirs; one turned into another technology adds
    what the new units draw beyond the old ones, never less than nothing.
    """
    technologies = plan.table("technologies")
    table = plan.once(standing)
    table = table[table["phase"] != BEFORE]

    def added(row: Any) -> float:  # noqa: ANN401
        unit = unit_peak_kw(plan, technologies[str(row.technology)])
        if row.status != "existing":
            return float(row.n_units * unit)
        if row.technology == row.technology_before:
            return float((row.n_units - row.n_units_before) * unit)
        old = unit_peak_kw(plan, technologies[str(row.technology_before)])
        return float(max(0.0, row.n_units * unit - row.n_units_before * old))

    return table.assign(added_kw=[added(row) for row in table.itertuples()])


def power_available(plan: PlanFiles) -> Faults:
    """Prove that in no year a site or a supply node has to give more than it has."""
    stations = plan.layer("stations")
    twice = stations.duplicated(["site_id", "energy"])
    yield from rows_where(stations, twice, "station_id", "a second one of its energy on its site")
    peaks, upgrades = plan.once(added_peaks), plan.layer("supply_upgrades")
    site_kw = plan.layer("candidate_sites").set_index("site_id")["max_power_kw"]
    node_kw = plan.layer("supply_nodes").set_index("supply_node_id")["headroom_kw"]
    for phase, year in phase_years(plan).items():
        ready = upgrades[upgrades["in_service_year"] <= year]
        more_kw = ready.groupby("supply_node_id")["added_kw"].sum()
        limits = {
            "site_id": site_kw,
            "supply_node_id": node_kw.add(more_kw, fill_value=0.0),
        }
        mine = peaks[(peaks["phase"] == phase) & (peaks["added_kw"] > 0)]
        for column, limit in limits.items():
            drawn = mine.groupby(column)["added_kw"].sum()
            over = drawn - limit.reindex(drawn.index)
            for row_id, excess in over[~(over <= POWER_TOLERANCE_KW)].items():
                what = f"{_when(phase, year)}: {column}: {excess:.1f} kW more than its limit"
                yield Fault(what, str(row_id), float(excess))


def _when(phase: str, year: int) -> str:
    return str(year) if phase == AFTER else phase


def upgrades_offered(plan: PlanFiles) -> Faults:
    """Prove that supply is upgraded as its node offers: power, cost, lead and once."""
    upgrades, years = plan.layer("supply_upgrades"), siting_years(plan)
    offers = plan.layer("supply_nodes").set_index("supply_node_id")
    offers = offers.reindex(columns=["upgrade_kw", "upgrade_cost_cny", "upgrade_lead_years"])
    offered = offers.reindex(upgrades["supply_node_id"])
    none = ~(offered["upgrade_kw"].to_numpy(float) > 0)
    yield from rows_where(upgrades, none, "supply_node_id", "no upgrade is on offer there")
    lead = upgrades["in_service_year"] - upgrades["ordered_year"]
    pairs = {
        "added_kw": (upgrades["added_kw"], offered["upgrade_kw"], POWER_TOLERANCE_KW),
        "cost_cny": (upgrades["cost_cny"], offered["upgrade_cost_cny"], 0),
        "years until it serves": (lead, offered["upgrade_lead_years"], 0),
    }
    for what, (stated, proven, tolerance) in pairs.items():
        values = proven.to_numpy(float)
        yield from differing(upgrades, "supply_node_id", stated, values, what, tolerance)
    ordered = ~upgrades["ordered_year"].isin(years)
    yield from rows_where(upgrades, ordered, "supply_node_id", "it is ordered in no year of these")
    late = upgrades["in_service_year"] > years[-1]
    yield from rows_where(upgrades, late, "supply_node_id", "it serves only after the last year")
