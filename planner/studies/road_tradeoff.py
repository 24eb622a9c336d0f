"""Draws the trade-off of test roads: kilometres against equipment money against worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from planner.scenario import Scenario
from planner.solver import Deadline
from planner.studies.posed import Ground, Tell, lay_ground, silent
from planner.testroads import TestRoadAnswer, choose_test_roads

DEFAULT_TARGETS = (0.4, 0.6, 0.8, 1.0, 1.2)
ALL_MONEY_CNY = 10**12
"""More than any plan's equipment: every test road somebody pays for is equipped."""
COLUMNS = {
    "target_factor": "float64",
    "target_km": "float64",
    "opened_km": "float64",
    "target_met": "bool",
    "worth": "float64",
    "worth_bound": "float64",
    "worth_gap": "float64",
    "equipped_km": "float64",
    "equipment_cny": "int64",
    "subsidy_cny": "int64",
    "own_cny": "int64",
    "cny_per_km": "float64",
}


@dataclass(frozen=True)
class RoadTradeOff:
    """Points of a trade-off curve of test roads.

    Parameters
    ----------
    points
        A row a target, ascending: km to reach and reached in the last year, the worth, the
        bound that no network of that length exceeds and the gap between them, and what
        equipping all of it costs: all money, the subsidy, and what the subsidy leaves (CNY).
    left_out
        Factors at which the choice ended without a bound, and why.
    """

    scenario: Scenario
    points: pd.DataFrame
    left_out: tuple[tuple[float, str], ...]


def road_trade_off(
    scenario: Scenario, factors: Sequence[float] = DEFAULT_TARGETS, *, tell: Tell = silent
) -> RoadTradeOff:
    """Choose the test roads of a case for several targets, and equip each network as a whole.

    Parameters
    ----------
    scenario
        The assumptions; each point has its whole ``run.time_limit_s``. The targets of earlier
        years are multiplied with that of the last; budgets for equipment are left aside.
    factors
        What the targets are multiplied by.
    tell
        Called with one line a point.

    Raises
    ------
    InputError
        If a layer of the case is refused.
    VerificationError
        If an answer does not hold when it is re-proved.
    """
    ground = lay_ground(scenario)
    rows: list[dict[str, object]] = []
    left_out: list[tuple[float, str]] = []
    for factor in sorted(set(factors)):
        answer = _answer(ground, with_targets(scenario, factor))
        last = answer.stages[-1]
        if answer.outcome.bound is None or answer.outcome.objective is None:
            left_out.append((factor, "no bound for the worth"))
            tell(f"target x {factor:g}: no bound, left out")
            continue
        rows.append({"target_factor": factor} | _point(answer))
        tell(f"target x {factor:g}: {last['opened_km']} of {last['target_km']} km")
    points = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    return RoadTradeOff(scenario, points, tuple(left_out))


def with_targets(scenario: Scenario, factor: float) -> Scenario:
    """Return the scenario with all targets multiplied and money for all equipment."""
    settings = scenario.test_roads
    by_year = {year: round(km * factor, 6) for year, km in settings.target_km_by_year.items()}
    update = {
        "target_km_by_year": by_year,
        "equipment_budget_cny": ALL_MONEY_CNY,
        "equipment_budget_cny_by_year": {},
    }
    return scenario.model_copy(update={"test_roads": settings.model_copy(update=update)})


def _answer(ground: Ground, scenario: Scenario) -> TestRoadAnswer:
    deadline = Deadline.after(scenario.run.time_limit_s)
    return choose_test_roads(ground.inputs, ground.network, scenario, deadline)


def _point(answer: TestRoadAnswer) -> dict[str, object]:
    roads, last = answer.test_roads, answer.stages[-1]
    equipped_km = round(float(roads["counted_m"][roads["equipped"].astype(bool)].sum()) / 1000, 6)
    cost = int(answer.materials["cost_cny"].sum())
    subsidy = int(answer.subsidies["subsidy_cny"].sum())
    return {
        "target_km": last["target_km"],
        "opened_km": last["opened_km"],
        "target_met": last["met"],
        "worth": answer.outcome.objective,
        "worth_bound": answer.outcome.bound,
        "worth_gap": answer.outcome.gap,
        "equipped_km": equipped_km,
        "equipment_cny": cost,
        "subsidy_cny": subsidy,
        "own_cny": cost - subsidy,
        "cny_per_km": cost / equipped_km if equipped_km else None,
    }
