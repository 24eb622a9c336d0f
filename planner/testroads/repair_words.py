"""Owns the words of repairs of test roads, in Chinese and in English."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from planner.scenario import RoadLimit, Scenario
from planner.testroads.lifting import EVERY, OPEN_HOURS, SPEED, Lift, Rule
from planner.testroads.reviews import REFUSED


class Words(NamedTuple):
    """One text in Chinese and in English."""

    zh: str
    en: str


KINDS = {
    "zone": Words("禁区", "zone"),
    "school": Words("学校", "school"),
    "hospital": Words("医院", "hospital"),
    "construction": Words("施工区", "construction"),
}
SIDES = {"least": Words("下限", "least"), "most": Words("上限", "most")}


def lift_words(lift: Lift, zones: pd.DataFrame, scenario: Scenario) -> Words:
    """Return what lifting some rules together means for a planner."""
    names = {str(key): str(name) for key, name in zip(zones["zone_id"], zones["name"], strict=True)
             if isinstance(name, str)}  # fmt: skip
    parts = [_rule_words(rule, names, scenario) for rule in lift.rules]
    return Words("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def limit_words(row: RoadLimit, side: str) -> Words:
    """Return that a limit of the mix of roads is lifted."""
    figure = row.least if side == "least" else row.most
    unit = "km" if row.measure == "km" else ""
    shown = f"{figure:g} {unit}".strip()
    return Words(
        f"取消{row.zh}的{SIDES[side].zh}（{shown}）", f"lift the {side} of {row.en} ({shown})"
    )


def target_words(year: int, over_km: float) -> Words:
    """Return that a stage may go further over its target."""
    return Words(
        f"允许 {year} 年超出目标 {over_km:.3f} 公里",
        f"let the stage of {year} go {over_km:.3f} km over its target",
    )


def _rule_words(rule: Rule, names: dict[str, str], scenario: Scenario) -> Words:
    settings, value = scenario.test_roads, rule.value
    if rule.name == SPEED:
        most = settings.max_speed_kph
        if value is None:
            return Words(f"取消限速上限（{most:g} 公里/小时）", f"lift the {most:g} km/h limit")
        return Words(
            f"限速上限由 {most:g} 提高到 {value:g} 公里/小时",
            f"raise the speed limit of test roads from {most:g} to {value:g} km/h",
        )
    if rule.name == OPEN_HOURS:
        least, to = settings.least_open_hours, value or 0.0
        return Words(
            f"每日最少开放时数由 {least:g} 降到 {to:g}",
            f"lower the least open hours a day from {least:g} to {to:g}",
        )
    return _reason_words(rule.name, names, settings.max_turn_deg)


def _reason_words(reason: str, names: dict[str, str], max_turn_deg: float) -> Words:
    fixed = {
        "service road": Words("允许服务性道路", "allow service roads"),
        "tunnel": Words("允许隧道", "allow tunnels"),
        "sharp turn": Words(
            f"允许超过 {max_turn_deg:g}° 的急弯",
            f"allow turns sharper than {max_turn_deg:g} degrees",
        ),
        "island": Words("接通孤立路段", "join roads that hang on no other"),
        REFUSED: Words("撤回评审否决", "take back what reviewers refused"),
    }
    if reason in fixed:
        return fixed[reason]
    if reason.startswith(EVERY):
        every = KINDS[reason.removeprefix(EVERY)]
        return Words(f"所有{every.zh}不再禁行", f"let tests pass every {every.en}")
    kind, _, zone_id = reason.partition(" ")
    if kind in KINDS:
        name = names.get(zone_id, zone_id)
        return Words(f"{KINDS[kind].zh}“{name}”不再禁行", f"let tests pass {KINDS[kind].en} {name}")
    return _year_words(reason)


def _year_words(reason: str) -> Words:
    """Return that roads are there in time, or stay open; other reasons are told as they are."""
    if reason.startswith("closed until "):
        year = reason.removeprefix("closed until ")
        return Words(f"{year} 年前的施工提前完成", f"finish works that last until {year} in time")
    if reason.startswith("no test road from "):
        year = reason.removeprefix("no test road from ").removesuffix(" on")
        return Words(f"保留 {year} 年关闭的已开放道路", f"keep open the roads that close in {year}")
    return Words(f"取消“{reason}”", f"lift “{reason}”")
