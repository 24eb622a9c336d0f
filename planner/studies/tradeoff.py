"""Draws the trade-off between public money and what it serves: proved points only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from planner.errors import InfeasibleError, LimitError
from planner.scenario import Scenario
from planner.scenario.models import SitingSettings
from planner.siting.instance import PUBLIC
from planner.studies.posed import (
    Posed,
    Solved,
    Tell,
    demand_kwh,
    lay_ground,
    pose,
    silent,
    solve_posed,
    spent_cny,
)

DEFAULT_FACTORS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
PROVED = ("worst_county_share", "demand_served")
"""Goals that must have a bound for a point to be drawn, where the case has them."""
COLUMNS = {
    "budget_factor": "float64",
    "budget_cny": "int64",
    "spent_cny": "int64",
    "served_share": "float64",
    "served_share_bound": "float64",
    "served_gap": "float64",
    "worst_county_share": "float64",
    "worst_county_share_bound": "float64",
    "worst_county_gap": "float64",
    "annual_cost_cny": "float64",
    "cost_gap": "float64",
    "townships_short": "float64",
}


@dataclass(frozen=True)
class TradeOff:
    """Points of a trade-off curve.

    Parameters
    ----------
    points
        A row a budget, ascending: public budget of all years and what is spent of all money
        (CNY), shares of 1 of all demand served and of the worst county, the bounds that no
        plan of that budget exceeds, and the gaps between them.
    left_out
        Factors at which a solve ended without a bound or without a plan, and why.
    """

    scenario: Scenario
    points: pd.DataFrame
    left_out: tuple[tuple[float, str], ...]


def trade_off(
    scenario: Scenario,
    budget_factors: Sequence[float] = DEFAULT_FACTORS,
    *,
    tell: Tell = silent,
) -> TradeOff:
    """Solve a case at several public budgets; enterprises' money stays as it is.

    Parameters
    ----------
    scenario
        The assumptions; each point has its whole ``run.time_limit_s``.
    budget_factors
        What the public budget of every year is multiplied by.
    tell
        Called with one line a point.

    Raises
    ------
    InputError
        If a layer of the case is refused.
    """
    posed = pose(lay_ground(scenario), scenario)
    rows: list[dict[str, float | None]] = []
    left_out: list[tuple[float, str]] = []
    for factor in sorted(set(budget_factors)):
        at = _with_budget(posed, factor)
        money = f"{at.scenario.siting.budget_cny:,} CNY"
        try:
            solved = solve_posed(at)
        except (InfeasibleError, LimitError) as error:
            left_out.append((factor, error.problems[0].reason))
            tell(f"budget x {factor:g} ({money}): no plan")
            continue
        unproved = [
            name for name in PROVED if (goal := solved.goal(name)) and goal.outcome.bound is None
        ]
        if unproved:
            left_out.append((factor, f"no bound for {', '.join(unproved)}"))
            tell(f"budget x {factor:g} ({money}): no bound, left out")
            continue
        rows.append(_point(solved, factor))
        tell(f"budget x {factor:g} ({money}): {solved.served_share():.1%} served")
    points = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    return TradeOff(scenario, points, tuple(left_out))


def _with_budget(posed: Posed, factor: float) -> Posed:
    """Return the problem with the public budget of every year multiplied."""
    siting = posed.scenario.siting
    by_year = {year: round(money * factor) for year, money in siting.budget_cny_by_year.items()}
    changed = SitingSettings(**(siting.model_dump() | {"budget_cny_by_year": by_year}))
    scenario = posed.scenario.model_copy(update={"siting": changed})
    budget = posed.instance.budget_cny.copy()
    total = 0
    for t, year in enumerate(posed.instance.years):
        total += by_year[year]
        budget[t, PUBLIC] = total
    instance = replace(posed.instance, budget_cny=budget)
    return Posed(scenario, posed.inputs, posed.place, instance)


def _point(solved: Solved, factor: float) -> dict[str, float | None]:
    whole = demand_kwh(solved.posed.instance)
    served, worst, cost = (
        solved.goal(name) for name in ("demand_served", "worst_county_share", "cost")
    )
    bound = served.outcome.bound if served else None
    return {
        "budget_factor": factor,
        "budget_cny": solved.posed.scenario.siting.budget_cny,
        "spent_cny": spent_cny(solved.answered),
        "served_share": solved.served_share(),
        "served_share_bound": None if bound is None or not whole else min(1.0, bound / whole),
        "served_gap": served.outcome.gap if served else None,
        "worst_county_share": worst.outcome.objective if worst else None,
        "worst_county_share_bound": worst.outcome.bound if worst else None,
        "worst_county_gap": worst.outcome.gap if worst else None,
        "annual_cost_cny": cost.outcome.objective if cost else None,
        "cost_gap": cost.outcome.gap if cost else None,
        "townships_short": solved.value("township_shortfall"),
    }
