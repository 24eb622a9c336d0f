"""Warns of settings that look as if they were given in another unit."""

from __future__ import annotations

from collections.abc import Iterator

from planner.errors import Problem
from planner.scenario import Scenario

LEAST_CNY = 100_000
"""A budget of a year below this, unless it is 0, builds nothing: it may be in 10,000 CNY."""
LEAST_RADIUS_M = 500
"""A township rule below this asks for more than any policy does: it may be in km."""


def doubtful_units(scenario: Scenario) -> Iterator[Problem]:
    """Yield ``W-PRE-005`` for a budget of a year or a township radius that is oddly small."""
    siting = scenario.siting
    tables = {
        "budget_cny": siting.budget_cny_by_year,
        "hydrogen_budget_cny": siting.hydrogen_budget_cny_by_year,
    }
    for stem, table in tables.items():
        for year, cny in sorted(table.items()):
            if 0 < cny < LEAST_CNY:
                yield Problem(
                    "W-PRE-005",
                    f"{cny:,} CNY for a year is little: is this in 万元 (10,000 CNY)? / "
                    f"{year} 年仅 {cny:,} 元，是否误按万元填写？",
                    "write yuan: 600 万元 is 6000000",
                    column=f"siting.{stem}_{year}",
                    value=str(cny),
                )
    radius = scenario.rules.township_radius_m
    if radius < LEAST_RADIUS_M:
        yield Problem(
            "W-PRE-005",
            f"a township rule of {radius:g} m is short: is this in km? / "
            f"乡镇服务距离仅 {radius:g} 米，是否误按公里填写？",
            "write metres: 5 km is 5000.0",
            column="rules.township_radius_m",
            value=f"{radius:g}",
        )
