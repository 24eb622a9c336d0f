"""Says of every policy rule whether the plan meets it, and of the plan whether all do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from planner.scenario import Scenario

Row = dict[str, Any]
Finding = tuple[str, str, str]


def rule_rows(figures: Row, scenario: Scenario) -> list[Row]:
    """Return one row a rule: its status and what stands behind it, in both languages.

    A rule whose dates do not cover the plan's target year is ``not_in_force``.
    """
    rows = []
    for rule_id, rule in scenario.policy_rules.items():
        status, zh, en = FINDINGS[rule_id](figures)
        year = scenario.siting.target_year
        late = rule.valid_to is not None and rule.valid_to.year < year
        early = rule.valid_from is not None and rule.valid_from.year > year
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


def _township(figures: Row) -> Finding:
    found = figures["townships"]
    status = "met" if found["n_met"] else "cannot_be_checked"
    if found["n_short"]:
        status = "short"
    elif found["n_met"] and found["n_cannot_be_checked"]:
        status = "partly_checked"
    zh = (
        f"{found['n']} 个乡镇街道：达标 {found['n_met']}，"
        f"不足 {found['n_short']}，无法核查 {found['n_cannot_be_checked']}"
    )
    en = (
        f"of {found['n']} townships and streets {found['n_met']} met, {found['n_short']} short, "
        f"{found['n_cannot_be_checked']} cannot be checked"
    )
    return status, zh, en


def _county_gaps(figures: Row) -> Finding:
    worst = figures["siting"]["worst_county"]
    if worst is None:
        return "cannot_be_checked", "没有需求", "there is no demand"
    before, after = worst["served_share_before"], worst["served_share_after"]
    zh = f"缺口最大：{worst['name']}，充换电满足率由 {before:.1%} 升至 {after:.1%}"
    en = (
        f"largest gap: {worst['name']}, share of charging and swap demand served "
        f"from {before:.1%} to {after:.1%}"
    )
    return "reported", zh, en


def _hydrogen(figures: Row) -> Finding:
    siting = figures["siting"]
    planned = sum(
        row["n_stations"]
        for row in siting["by_technology"]
        if row["energy"] == "hydrogen" and row["status"] == "planned"
    )
    money = siting["hydrogen_spent_cny"]
    return (
        "reported",
        f"规划加氢站 {planned} 座，企业投资 {money:,} 元",
        f"{planned} hydrogen stations planned, {money:,} CNY by enterprises",
    )


def _test_roads(figures: Row) -> Finding:
    last = figures["test_roads"]["stages"][-1]
    zh = f"到 {last['year']} 年 {last['opened_km']:.2f} 公里，目标 {last['target_km']:g} 公里"
    en = f"{last['opened_km']:.2f} km by {last['year']}, target {last['target_km']:g} km"
    return "met" if last["met"] else "short", zh, en


def _safety(figures: Row) -> Finding:
    count = figures["test_roads"]["n_rejected_segments"]
    return (
        "met",
        f"先行排除 {count} 个路段，均未入选",
        f"{count} segments are excluded beforehand, none of them is chosen",
    )


def _subsidy(figures: Row) -> Finding:
    money = figures["subsidy"]
    if not figures["settings"]["subsidy"]["cap_cny"]:
        return "reported", "本案例未设补助政策", "the case states no subsidy scheme"
    zh = f"可补助投入 {money['eligible_cny']:,} 元，补助 {money['subsidy_cny']:,} 元"
    en = f"eligible {money['eligible_cny']:,} CNY, subsidy {money['subsidy_cny']:,} CNY"
    return "met", zh, en


FINDINGS: dict[str, Callable[[Row], Finding]] = {
    "township_charging": _township,
    "county_gaps": _county_gaps,
    "hydrogen_encouraged": _hydrogen,
    "test_roads_target": _test_roads,
    "safety_first": _safety,
    "subsidy": _subsidy,
}
