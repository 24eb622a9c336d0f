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
    """Say how many segments are excluded before any is chosen."""
    count = figures["test_roads"]["n_rejected_segments"]
    return (
        "met",
        f"先行排除 {count} 个路段，均未入选",
        f"{count} segments are excluded beforehand, none of them is chosen",
    )


def subsidy(figures: Row) -> Finding:
    """Judge the roadside subsidy, which only a case with a scheme has."""
    money = figures["subsidy"]
    if not figures["settings"]["subsidy"]["cap_cny"]:
        return "reported", "本案例未设补助政策", "the case states no subsidy scheme"
    zh = f"可补助投入 {money['eligible_cny']:,} 元，补助 {money['subsidy_cny']:,} 元"
    en = f"eligible {money['eligible_cny']:,} CNY, subsidy {money['subsidy_cny']:,} CNY"
    return "met", zh, en
