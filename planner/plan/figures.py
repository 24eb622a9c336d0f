"""Computes everything ``plan.json`` says from the plan's layers, once and nowhere else."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from planner.inputs import Inputs
from planner.plan import ledger, roadside_money
from planner.scenario import Scenario
from planner.solver import Outcome
from planner.testroads import load_grades, load_weights
from planner.testroads.reviews import REFUSED

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
TABLES = (
    "technologies", "fleets", "schemes", "milestones", "road_limits", "equipment", "policy_rules",
)  # fmt: skip
"""Tables of a scenario that a plan repeats row by row."""


def case_figures(scenario: Scenario, inputs: Inputs) -> Row:
    """Return what the plan was made from: case, settings, tables of rows, inputs."""
    content = scenario.model_dump(mode="json")
    return {
        "case": {
            "case_id": scenario.case_id,
            "title_zh": scenario.title_zh,
            "title_en": scenario.title_en,
            "synthetic_layers": [row.layer for row in inputs.provenance if row.synthetic],
            "replace_roads_hint": scenario.replace_roads_hint,
            "map_approval_number": scenario.map_approval_number,
            "variant": scenario.variant,
        },
        "settings": {section: content[section] for section in SECTIONS}
        | {"worth": load_weights(), "grades": load_grades()},
        **{table: content[table] for table in TABLES},
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
        **ledger.totals(roads),
        "n_rsus": len(rsus),
        "rsu_cost_cny": int(rsus["cost_cny"].sum()),
        "equipment_cost_cny": int(frames["materials"]["cost_cny"].sum()),
        "materials": roadside_money.material_rows(frames["materials"], scenario),
        "n_rejected_segments": len(frames["rejected_segments"]),
        "n_refused_segments": int((frames["rejected_segments"]["reason"] == REFUSED).sum()),
        "ledger": plain_rows(frames["ledger"]),
        "by_year": ledger.by_year(frames["ledger"]),
        "by_county": ledger.by_name(roads, "county_id", frames["counties"]),
        "by_jurisdiction": ledger.by_name(roads, "jurisdiction_id", frames["jurisdictions"]),
        "by_class": ledger.by_column(roads, "road_class"),
        "by_grade": ledger.by_column(roads, "complexity_grade"),
        "mandated": mandated,
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
