"""Finds several plans that are nearly as good and differ as much as they can."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from planner.errors import InfeasibleError, LimitError
from planner.layers import ENERGIES
from planner.scenario import Scenario
from planner.siting.instance import Instance
from planner.siting.measure import measured
from planner.siting.options import Bools, Ints
from planner.siting.reasons.differing import Levels, changed_groups, different_plan
from planner.siting.search import Build
from planner.siting.service import deal_out, idle
from planner.solver import Deadline
from planner.studies.posed import Solved, Tell, demand_kwh, lay_ground, pose, silent, solve_posed

NEARLY_ALL = 0.9
"""Share of the plans from which on a site counts as one without regret."""
SLIGHT = 1e-6
ASKED_FOR = (1.0, 0.5)
"""Parts of the gap that the searches for one further plan may use up, one after the other."""
PLAN_COLUMNS = {
    "plan": "int64",
    "annual_cost_cny": "float64",
    "cost_above_first": "float64",
    "served_share": "float64",
    "worst_county_share": "float64",
    "n_changed": "int64",
    "n_as_first": "int64",
    "n_only_here": "int64",
}
SITE_COLUMNS = {
    "site_id": "str",
    "energy": "str",
    "share_of_plans": "float64",
    "no_regret": "bool",
    "plans": "str",
}


@dataclass(frozen=True)
class Alternatives:
    """Plans of the target year within a gap of the first.

    Parameters
    ----------
    plans
        A row a plan, the first one first: cost a year and how far above the first, shares
        served, stations built or changed, how many of these the first has too, and how many
        no plan before it has.
    sites
        A row a site and energy that some plan builds or changes: the share of the plans
        that do, their numbers, and whether that is nearly all of them.
    gap
        The stated gap: no plan costs more a year than the first by more than this share.
    tolerance
        Share of the goals before the cost that a plan may give back.
    ended
        Why the search for further plans ended; empty where all were found.
    """

    scenario: Scenario
    plans: pd.DataFrame
    sites: pd.DataFrame
    gap: float
    tolerance: float
    ended: str


@dataclass(frozen=True)
class _Plan:
    changed: Bools
    measures: dict[str, float]


def alternatives(
    scenario: Scenario, n: int = 4, gap: float = 0.05, *, tell: Tell = silent
) -> Alternatives:
    """Return up to ``n`` plans, each as different from those before as it can be.

    Each keeps the goals before the cost within ``siting.gap_tolerance`` and the cost within
    ``gap`` of the first plan's; both are measured on the plan before it counts.

    Parameters
    ----------
    scenario
        The assumptions; each plan has its whole ``run.time_limit_s``.
    n
        How many plans, the first among them.
    gap
        Share by which the cost of a plan may exceed the first's.
    tell
        Called with one line a plan.

    Raises
    ------
    InputError, InfeasibleError, LimitError
        As for a plan; only the first plan can fail.
    """
    solved = solve_posed(pose(lay_ground(scenario), scenario))
    levels = _levels(solved, gap)
    first = _Plan(changed_groups(solved.posed.instance, solved.answered.build), levels.measures)
    plans, ended = [first], ""
    tell(f"plan 1: {int(first.changed.sum())} stations built or changed")
    while len(plans) < n:
        used = np.sum([plan.changed for plan in plans], axis=0)
        found = _further(solved, used, levels)
        if isinstance(found, str):
            ended = found
        elif any((found.changed == plan.changed).all() for plan in plans):
            ended = "no other choice of sites within the gap"
        if ended or isinstance(found, str):
            break
        plans.append(found)
        shared = int((found.changed & first.changed).sum())
        tell(f"plan {len(plans)}: shares {shared} of {int(first.changed.sum())} with the first")
    instance = solved.posed.instance
    tolerance = scenario.siting.gap_tolerance
    return Alternatives(
        scenario, _plan_rows(instance, plans), _site_rows(instance, plans), gap, tolerance, ended
    )


def _levels(solved: Solved, gap: float) -> Levels:
    """Return what the first plan measures for every goal of the target year."""
    reached = tuple(row for row in solved.reached if not row.stage.name.startswith("early"))
    answered, stages = solved.answered, [row.stage for row in reached]
    values = measured(answered.instance, answered.build, answered.service, stages)
    return Levels(reached, values, gap, solved.posed.scenario.siting.gap_tolerance)


def _further(solved: Solved, used: Ints, levels: Levels) -> _Plan | str:
    """Return one plan more, or why there is none; a search that missed a goal asks for less."""
    why = ""
    for part in ASKED_FOR:
        found = _one_try(solved, used, levels, replace(levels, gap=levels.gap * part))
        if isinstance(found, _Plan):
            return found
        why = why or found
    return why


def _one_try(solved: Solved, used: Ints, levels: Levels, asked: Levels) -> _Plan | str:
    """Return a plan sought at some levels and measured against others, or why there is none."""
    scenario, instance = solved.posed.scenario, solved.posed.instance
    deadline, last = Deadline.after(scenario.run.time_limit_s), instance.n_years - 1
    try:
        build = different_plan(instance, solved.answered.build, used, asked, scenario.run, deadline)
        after = deal_out(instance, build.chosen[last], last, scenario.run, deadline)
    except (InfeasibleError, LimitError) as error:
        return error.problems[0].reason
    unused = idle(instance, build.chosen[last], after)
    build = Build(np.where(unused[None, :], -1, build.chosen), build.upgraded)
    stages = [row.stage for row in levels.reached]
    measures = measured(instance, build, {"after": after}, stages)
    if beyond := _beyond(levels, measures):
        return f"the next plan misses {', '.join(beyond)}"
    return _Plan(changed_groups(instance, build), measures)


def _beyond(levels: Levels, values: dict[str, float]) -> list[str]:
    """Return the goals that a plan misses by more than it may."""
    missed = []
    for row in levels.reached:
        stage, first, value = row.stage, levels.measures[row.stage.name], values[row.stage.name]
        slack = levels.gap if stage.name == "cost" else max(stage.slack, stage.gap)
        room = abs(first) * slack + SLIGHT * max(1.0, abs(first))
        if (first - value if stage.maximise else value - first) > room:
            missed.append(stage.name)
    return missed


def _plan_rows(instance: Instance, plans: list[_Plan]) -> pd.DataFrame:
    first, whole = plans[0], demand_kwh(instance)
    base = first.measures.get("cost", 0.0)
    rows, before = [], np.zeros(len(instance.group_site), dtype=bool)
    for number, plan in enumerate(plans, start=1):
        cost = plan.measures.get("cost", 0.0)
        rows.append(
            {
                "plan": number,
                "annual_cost_cny": cost,
                "cost_above_first": cost / base - 1 if base else 0.0,
                "served_share": plan.measures["demand_served"] / whole if whole else 1.0,
                "worst_county_share": plan.measures.get("worst_county_share"),
                "n_changed": int(plan.changed.sum()),
                "n_as_first": int((plan.changed & first.changed).sum()),
                "n_only_here": int((plan.changed & ~before).sum()),
            }
        )
        before |= plan.changed
    return pd.DataFrame(rows, columns=list(PLAN_COLUMNS)).astype(PLAN_COLUMNS)


def _site_rows(instance: Instance, plans: list[_Plan]) -> pd.DataFrame:
    held = np.array([plan.changed for plan in plans])
    rows = [
        {
            "site_id": instance.site_id[instance.group_site[s]],
            "energy": ENERGIES[instance.group_energy[s]],
            "share_of_plans": float(held[:, s].mean()),
            "no_regret": bool(held[:, s].mean() >= NEARLY_ALL),
            "plans": " ".join(str(number + 1) for number in np.flatnonzero(held[:, s])),
        }
        for s in np.flatnonzero(held.any(axis=0)).tolist()
    ]
    frame = pd.DataFrame(rows, columns=list(SITE_COLUMNS)).astype(SITE_COLUMNS)
    order = ["share_of_plans", "site_id", "energy"]
    return frame.sort_values(order, ascending=[False, True, True], ignore_index=True)
