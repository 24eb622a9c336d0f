"""Computes everything ``plan.json`` says from the plan's layers, once and nowhere else."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from planner import layers
from planner.inputs import Inputs
from planner.plan import ledger
from planner.scenario import Scenario
from planner.solver import Outcome

Row = dict[str, Any]
SECTIONS = (
    "run",
    "demand",
    "service_radius",
    "candidates",
    "siting",
    "test_roads",
    "subsidy",
    "rules",
)


def case_figures(scenario: Scenario, inputs: Inputs) -> Row:
    """Return what the plan was made from: case, settings, technologies, rules, inputs."""
    content = scenario.model_dump(mode="json")
    return {
        "case": {
            "case_id": scenario.case_id,
            "title_zh": scenario.title_zh,
            "title_en": scenario.title_en,
            "synthetic_layers": [row.layer for row in inputs.provenance if row.synthetic],
            "replace_roads_hint": scenario.replace_roads_hint,
            "map_approval_number": scenario.map_approval_number,
        },
        "settings": {section: content[section] for section in SECTIONS},
        "technologies": content["technologies"],
        "policy_rules": content["policy_rules"],
        "assumptions": content["assumptions"],
        "inputs": [asdict(row) for row in inputs.provenance],
        "metric_crs": f"EPSG:{inputs.metric_crs.to_epsg()}",
    }


def outcome_row(outcome: Outcome) -> Row:
    """Return how a solve ended: termination, objective, bound and gap."""
    return {
        "termination": str(outcome.termination),
        "objective": _number(outcome.objective),
        "bound": _number(outcome.bound),
        "gap": _number(outcome.gap),
    }


def siting_figures(
    frames: dict[str, pd.DataFrame], points: pd.DataFrame, scenario: Scenario
) -> Row:
    """Return the siting figures but for the goals: money, counts and shares by energy."""
    stations, sites = frames["stations"], frames["candidate_sites"]
    planned = stations[stations["status"] == "planned"]
    spent = planned.groupby("owner")["capital_cny"].sum()
    return {
        "budget_cny": scenario.siting.budget_cny,
        "spent_cny": int(spent.get("public", 0)),
        "hydrogen_budget_cny": scenario.siting.hydrogen_budget_cny,
        "hydrogen_spent_cny": int(spent.get("enterprise", 0)),
        "n_demand_points": len(frames["demand_points"]),
        "n_candidates": int((sites["status"] == "accepted").sum()),
        "n_rejected": int((sites["status"] == "rejected").sum()),
        "n_existing": int((stations["status"] == "existing").sum()),
        "n_planned": len(planned),
        "by_technology": _by_technology(stations),
        "energies": _energies(points),
        "worst_county": _worst_county(points, frames["counties"], scenario),
    }


def _by_technology(stations: pd.DataFrame) -> list[Row]:
    groups = stations.groupby(["energy", "technology", "status"], sort=True)
    return [
        {
            "technology": technology,
            "energy": energy,
            "status": status,
            "n_stations": len(group),
            "n_units": int(group["n_units"].sum()),
            "capital_cny": int(group["capital_cny"].sum()),
        }
        for (energy, technology, status), group in groups
    ]


def _energies(points: pd.DataFrame) -> list[Row]:
    rows = []
    sums = points.groupby(["energy", "phase"])[["demand", "covered", "served"]].sum()
    for energy in layers.ENERGIES:
        row: Row = {"energy": energy}
        for phase in ("before", "after"):
            demand, covered, served = (float(value) for value in sums.loc[(energy, phase)])
            row["demand_per_day"] = round(demand, 6)
            row[f"covered_share_{phase}"] = round(covered / demand, 6) if demand else None
            row[f"served_share_{phase}"] = round(served / demand, 6) if demand else None
        rows.append(row)
    return rows


def _worst_county(points: pd.DataFrame, counties: pd.DataFrame, scenario: Scenario) -> Row | None:
    """Return the county least served today in charging and swap, taken together in kWh.

    Among equals it is the one least served after the plan, so that no county that stays
    without is hidden behind one that is helped.
    """
    weight = points["energy"].map(
        {"charging": 1.0, "swap": scenario.siting.swap_kwh, "hydrogen": 0.0}
    )
    weighted = points[["county_id", "phase"]].assign(
        demand=points["demand"] * weight, served=points["served"] * weight
    )
    sums = weighted.groupby(["phase", "county_id"])[["demand", "served"]].sum()
    share = (sums["served"] / sums["demand"].where(sums["demand"] > 0)).round(6)
    table = pd.DataFrame({phase: share.loc[phase] for phase in ("before", "after")}).dropna()
    if table.empty:
        return None
    worst = str(table.sort_index().sort_values(["before", "after"], kind="stable").index[0])
    names = counties.set_index("county_id")["name"]
    return {
        "county_id": worst,
        "name": str(names.get(worst, worst)),
        "energy": "charging+swap",
        "served_share_before": float(table["before"][worst]),
        "served_share_after": float(table["after"][worst]),
    }


def gap_rows(gaps: pd.DataFrame, key: str, names: pd.DataFrame) -> list[Row]:
    """Return a gap layer as rows with the name of each county or township."""
    named = gaps.assign(name=gaps[key].map(names.set_index(key)["name"]))
    return plain_rows(named)


def township_counts(access: pd.DataFrame) -> Row:
    """Return how many townships are met, short, or cannot be checked."""
    counts = access["status"].value_counts()
    states = ("met", "short", "cannot_be_checked")
    return {"n": len(access)} | {f"n_{state}": int(counts.get(state, 0)) for state in states}


def test_road_figures(
    frames: dict[str, pd.DataFrame], stages: list[Row], mandated: list[Row], scenario: Scenario
) -> Row:
    """Return the test-road figures but for the outcome: stages, ledgers and cuts."""
    roads, rsus = frames["test_roads"], frames["rsus"]
    return {
        "counting_basis": scenario.test_roads.counting_basis,
        "opened_before_km": ledger.opened_km(roads[roads["opened_before"].astype(bool)]),
        "stages": stages,
        "opened_km": ledger.opened_km(roads),
        "equipped_km": ledger.opened_km(roads[roads["equipped"].astype(bool)]),
        "n_rsus": len(rsus),
        "rsu_cost_cny": int(rsus["cost_cny"].sum()),
        "n_rejected_segments": len(frames["rejected_segments"]),
        "ledger": ledger.ledger(roads, scenario.years()[0]),
        "by_county": ledger.by_name(roads, "county_id", frames["counties"]),
        "by_jurisdiction": ledger.by_name(roads, "jurisdiction_id", frames["jurisdictions"]),
        "by_class": ledger.by_column(roads, "road_class"),
        "by_grade": ledger.by_column(roads, "complexity_grade"),
        "mandated": mandated,
    }


def subsidy_figures(subsidies: pd.DataFrame, scenario: Scenario) -> Row:
    """Return the subsidy by jurisdiction and the third-party line, which is apart."""
    policy = scenario.subsidy
    years = [
        year for year in scenario.years() if policy.valid_from.year <= year <= policy.valid_to.year
    ]
    return {
        "rows": plain_rows(subsidies),
        **{key: int(subsidies[key].sum()) for key in ("eligible_cny", "subsidy_cny", "own_cny")},
        "third_party_cny": policy.third_party_cny_per_year * len(years),
        "third_party_years": years,
    }


def plain_rows(frame: pd.DataFrame) -> list[Row]:
    """Return a table as rows of plain Python values; missing ones are ``None``."""
    columns = {
        name: [None if pd.isna(value) else value for value in frame[name].tolist()]
        for name in frame.columns
    }
    return [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]


def _number(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else round(float(value), 9)
