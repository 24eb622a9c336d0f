"""Says of every policy rule whether the plan meets it, and of the plan whether all do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from planner.plan import findings, station_findings
from planner.plan.findings import Finding
from planner.scenario import Scenario

Row = dict[str, Any]
MILESTONES = "milestones"
"""Id of the rule that is made of the milestones of a case, where it has any."""
ROAD_LIMITS = "road_limits"
"""Id of the rule that is made of the limits of the mix of test roads, where there are any."""

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
    "fleet_charging": findings.fleet_charging,
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


def milestone_rows(milestones: pd.DataFrame) -> list[Row]:
    """Return the rule that the milestones of a case are together; none without milestones.

    Parameters
    ----------
    milestones
        The layer MILESTONES.
    """
    if milestones.empty:
        return []
    short = milestones[~milestones["met"].astype(bool)].sort_values(["year", "milestone_id"])
    counts = len(milestones), len(milestones) - len(short)
    told = [(row, _amount(row.reached, row), _amount(row.least, row)) for row in short.itertuples()]
    zh = "".join(f"；{row.zh}（{row.year} 年）{got}，目标 {least}" for row, got, least in told)
    en = "".join(f"; {row.en} ({row.year}): {got} of {least}" for row, got, least in told)
    return [
        {
            "rule_id": MILESTONES,
            "zh": "分期目标",
            "en": "Milestones",
            "status": "short" if len(short) else "met",
            "detail_zh": f"{counts[0]} 项中达标 {counts[1]} 项{zh}",
            "detail_en": f"{counts[1]} of {counts[0]} met{en}",
        }
    ]


def road_limit_rows(limits: pd.DataFrame) -> list[Row]:
    """Return the rule that the limits of the mix of test roads are; none without limits.

    Parameters
    ----------
    limits
        The layer ROAD_LIMITS.
    """
    if limits.empty:
        return []
    short = limits[~limits["met"].astype(bool)].sort_values("limit_id")
    kept = len(limits) - len(short)
    told = [(row, _of_roads(row.reached, row), *_range(row)) for row in short.itertuples()]
    zh = "".join(f"；{row.zh}：{got}，要求{asked}" for row, got, asked, _ in told)
    en = "".join(f"; {row.en}: {got}, asked {asked}" for row, got, _, asked in told)
    return [
        {
            "rule_id": ROAD_LIMITS,
            "zh": "测试道路结构限值",
            "en": "Mix of the test roads",
            "status": "short" if len(short) else "met",
            "detail_zh": f"{len(limits)} 项中符合 {kept} 项{zh}",
            "detail_en": f"{kept} of {len(limits)} kept{en}",
        }
    ]


def _range(row: Any) -> tuple[str, str]:  # noqa: ANN401 - a row of itertuples
    """Return what a limit asks for, in both languages."""
    sides = [("不低于", "at least", row.least), ("不高于", "at most", row.most)]
    given = [(zh, en, _of_roads(value, row)) for zh, en, value in sides if not pd.isna(value)]
    zh = "、".join(f"{word} {value}" for word, _, value in given)
    return zh, " and ".join(f"{word} {value}" for _, word, value in given)


def _of_roads(value: float, row: Any) -> str:  # noqa: ANN401 - a row of itertuples
    return f"{value:.1%}" if row.measure == "share" else f"{value:,.3f} km"


def _amount(value: float, row: Any) -> str:  # noqa: ANN401 - a row of itertuples
    return f"{value:.1%}" if row.measure == "served_share" else f"{value:,.0f}"


def verdict(rows: list[Row]) -> str:
    """Return ``"short"`` if any rule in force is short, else ``"met"``."""
    return "short" if any(row["status"] == "short" for row in rows) else "met"
