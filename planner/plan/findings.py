"""Judges the rules of the test roads from the plan's figures: target, safety, subsidy."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]
Finding = tuple[str, str, str]
"""Status, and what stands behind it in Chinese and in English."""


def test_roads_target(figures: Row) -> Finding:
    """Judge the opened km of the last stage."""
    last = figures["test_roads"]["stages"][-1]
    zh = f"到 {last['year']} 年 {last['opened_km']:.2f} 公里，目标 {last['target_km']:g} 公里"
    en = f"{last['opened_km']:.2f} km by {last['year']}, target {last['target_km']:g} km"
    return "met" if last["met"] else "short", zh, en


def safety_first(figures: Row) -> Finding:
    """Say how many segments are excluded before any is chosen; those only refused apart."""
    refused = figures["test_roads"]["n_refused_segments"]
    count = figures["test_roads"]["n_rejected_segments"] - refused
    zh = f"先行排除 {count} 个路段，均未入选"
    en = f"{count} segments are excluded beforehand, none of them is chosen"
    if refused:
        zh += f"；另有 {refused} 个路段仅因评审意见不选，不属安全排除"
        en += f"; {refused} more are left out only as reviewers refuse them, not for safety"
    return "met", zh, en


def subsidy(figures: Row) -> Finding:
    """Judge the roadside subsidy, which only a case with a scheme has."""
    money = figures["subsidy"]
    if not figures["settings"]["subsidy"]["cap_cny"]:
        return "reported", "本案例未设补助政策", "the case states no subsidy scheme"
    zh = f"可补助投入 {money['eligible_cny']:,} 元，补助 {money['subsidy_cny']:,} 元"
    en = f"eligible {money['eligible_cny']:,} CNY, subsidy {money['subsidy_cny']:,} CNY"
    return "met", zh, en


def fleet_charging(figures: Row) -> Finding:
    """Report how many of the places wished for charging test fleets have a station near."""
    found = figures["test_roads"]["fleet_wishes"]
    if not found["n"]:
        return "reported", "没有测试道路", "there are no test roads"
    reach, near = found["reach_m"] / 1000, found["near_m"] / 1000
    zh = (
        f"{found['n']} 处可使测试道路各点在 {reach:g} 公里内充电；{near:g} 公里内按期有充电站的 "
        f"{found['n_met']} 处，迟于需要年份的 {found['n_late']} 处"
    )
    en = (
        f"{found['n']} places put every point of the test roads within {reach:g} km of a charger; "
        f"{found['n_met']} have a charging station within {near:g} km in time, "
        f"{found['n_late']} later"
    )
    if found["n_beyond"]:
        zh += f"；另有 {found['n_beyond']} 个路段任何一处都够不到"
        en += f"; no place reaches all of {found['n_beyond']} segments"
    return "reported", zh, en
