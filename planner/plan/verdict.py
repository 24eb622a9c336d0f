"""Says of every policy rule whether the plan meets it, and of the plan whether all do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from planner.plan import findings, station_findings
from planner.plan.findings import Finding
from planner.scenario import Scenario

Row = dict[str, Any]

FINDINGS: dict[str, Callable[[Row], Finding]] = {
    "township_charging": station_findings.township_charging,
    "county_gaps": station_findings.county_gaps,
    "highway_charging": station_findings.highway_charging,
    "units_to_vehicles": station_findings.units_to_vehicles,
    "parking_share": station_findings.parking_share,
    "waiting": station_findings.waiting,
    "hydrogen_encouraged": station_findings.hydrogen_encouraged,
    "hydrogen_setback": station_findings.hydrogen_setback,
    "reviewed_sites": station_findings.reviewed_sites,
    "no_station_subsidy": station_findings.no_station_subsidy,
    "test_roads_target": findings.test_roads_target,
    "safety_first": findings.safety_first,
    "subsidy": findings.subsidy,
}
"""How each rule is judged from the plan's figures."""


def rule_rows(figures: Row, scenario: Scenario) -> list[Row]:
    """Return one row a rule: its status and what stands behind it, in both languages.

    A rule whose dates do not cover the plan's target year is ``not_in_force``; one that is
    only reported decides nothing, so it is neither met nor short.
    """
    rows = []
    for rule_id, rule in scenario.policy_rules.items():
        status, zh, en = FINDINGS[rule_id](figures)
        year = scenario.siting.target_year
        late = rule.valid_to is not None and rule.valid_to.year < year
        early = rule.valid_from is not None and rule.valid_from.year > year
        if rule.kind == "reported" and status != "cannot_be_checked":
            status = "reported"
        rows.append(
            {
                "rule_id": rule_id,
                "zh": rule.zh,
                "en": rule.en,
                "status": "not_in_force" if late or early else status,
                "detail_zh": zh,
                "detail_en": en,
            }
        )
    return rows


def verdict(rows: list[Row]) -> str:
    """Return ``"short"`` if any rule in force is short, else ``"met"``."""
    return "short" if any(row["status"] == "short" for row in rows) else "met"
