"""Shows which assumption changes the plan: each a share up and down, one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from planner.errors import ConfigError, InfeasibleError, LimitError
from planner.layers import ENERGIES
from planner.scenario import Scenario
from planner.siting.reasons.differing import changed_groups
from planner.studies.posed import Ground, Solved, Tell, lay_ground, pose, silent, solve_posed
from planner.studies.scaling import scaled, value_of
from planner.studies.transfer import no_longer_good

DEFAULT_KEYS = (
    "siting.budget_cny_by_year",
    "demand.growth",
    "demand.rural_growth",
    "service_radius.charging_urban_m",
    "service_radius.charging_rural_m",
    "siting.max_wait_min",
    "rules.township_radius_m",
    "rules.highway_gap_m",
)
GOAL_COLUMNS = {
    "key": "str",
    "factor": "float64",
    "goal": "str",
    "base": "float64",
    "value": "float64",
    "beyond_gap": "bool",
}
STATION_COLUMNS = {
    "key": "str",
    "factor": "float64",
    "site_id": "str",
    "energy": "str",
    "what": "str",
}
EFFECT_COLUMNS = {
    "key": "str",
    "factor": "float64",
    "value": "float64",
    "n_entered": "int64",
    "n_left": "int64",
    "n_goals_changed": "int64",
    "plan_changes": "bool",
    "why": "str",
}


@dataclass(frozen=True)
class Sensitivity:
    """What each change of an assumption does to the plan.

    Parameters
    ----------
    effects
        A row a change, the strongest first: the assumption, what it was multiplied by, its new
        value, stations that enter and leave, goals that change, and whether the plan as it is
        no longer holds or is no longer as good, and why. Where it still is, the stations only
        move between plans of equal worth.
    goals
        Each goal before and after; ``beyond_gap`` says that the change is larger than what
        the gaps of both solves and the tolerance could make of nothing.
    stations
        Stations built or changed that enter the plan or leave it.
    share
        The stated share up and down.
    left_out
        Changes without a plan, and why.
    """

    scenario: Scenario
    effects: pd.DataFrame
    goals: pd.DataFrame
    stations: pd.DataFrame
    share: float
    left_out: tuple[tuple[str, float, str], ...]


Stations = frozenset[tuple[str, str]]


def sensitivity(
    scenario: Scenario,
    keys: Sequence[str] = DEFAULT_KEYS,
    share: float = 0.2,
    *,
    tell: Tell = silent,
) -> Sensitivity:
    """Plan a case with each assumption lowered and raised, the others as they are.

    Parameters
    ----------
    scenario
        The assumptions; each plan has its whole ``run.time_limit_s``.
    keys
        Assumptions by name, see :func:`planner.studies.scaling.scaled`.
    share
        How far each is lowered and raised.
    tell
        Called with one line a plan.

    Raises
    ------
    ConfigError
        If a key names no number, before anything is solved.
    """
    for key in keys:
        value_of(scenario, key)
    ground = lay_ground(scenario)
    base = solve_posed(pose(ground, scenario))
    tell(f"as it is: {len(_stations(base))} stations built or changed")
    effects: list[dict[str, object]] = []
    goals: list[dict[str, object]] = []
    stations: list[dict[str, object]] = []
    left_out: list[tuple[str, float, str]] = []
    for key in keys:
        for factor in (1 - share, 1 + share):
            found = _changed(ground, scenario, key, factor)
            if isinstance(found, str):
                left_out.append((key, factor, found))
                tell(f"{key} x {factor:g}: no plan")
                continue
            moved = _moved(base, found)
            rows = list(_goal_rows(base, found))
            name = {"key": key, "factor": factor}
            goals += [name | row for row in rows]
            stations += [name | row for row in moved]
            why = no_longer_good(base, found)
            effect = {"plan_changes": bool(why), "why": why}
            effects.append(name | _effect(found, key, moved, rows) | effect)
            must = "must change" if why else "still good"
            tell(f"{key} x {factor:g}: {len(moved)} stations enter or leave, plan {must}")
    return Sensitivity(
        scenario,
        _ranked(_frame(effects, EFFECT_COLUMNS)),
        _frame(goals, GOAL_COLUMNS),
        _frame(stations, STATION_COLUMNS),
        share,
        tuple(left_out),
    )


def _changed(ground: Ground, scenario: Scenario, key: str, factor: float) -> Solved | str:
    """Return the plan of the changed scenario, or why there is none."""
    try:
        return solve_posed(pose(ground, scaled(scenario, key, factor)))
    except (ConfigError, InfeasibleError, LimitError) as error:
        return error.problems[0].reason


def _stations(solved: Solved) -> Stations:
    instance = solved.posed.instance
    groups = changed_groups(instance, solved.answered.build).nonzero()[0]
    return frozenset(
        (instance.site_id[instance.group_site[s]], ENERGIES[instance.group_energy[s]])
        for s in groups
    )


def _moved(base: Solved, found: Solved) -> list[dict[str, object]]:
    """Return the stations that enter the plan, then those that leave it."""
    before, after = _stations(base), _stations(found)
    return [
        {"site_id": site_id, "energy": energy, "what": what}
        for what, stations in (("enters", after - before), ("leaves", before - after))
        for site_id, energy in sorted(stations)
    ]


def _goal_rows(base: Solved, found: Solved) -> list[dict[str, object]]:
    tolerance = base.posed.scenario.siting.gap_tolerance
    rows: list[dict[str, object]] = []
    for goal in base.goals:
        other = found.goal(goal.name)
        was, now = goal.outcome.objective, other.outcome.objective if other else None
        if was is None or now is None or other is None:
            continue
        gaps = (goal.outcome.gap or 0.0) + (other.outcome.gap or 0.0) + tolerance
        beyond = abs(now - was) > gaps * max(abs(was), abs(now)) + 1e-9
        rows.append({"goal": goal.name, "base": was, "value": now, "beyond_gap": beyond})
    return rows


def _effect(
    found: Solved, key: str, moved: list[dict[str, object]], rows: list[dict[str, object]]
) -> dict[str, object]:
    return {
        "value": value_of(found.posed.scenario, key),
        "n_entered": sum(row["what"] == "enters" for row in moved),
        "n_left": sum(row["what"] == "leaves" for row in moved),
        "n_goals_changed": sum(bool(row["beyond_gap"]) for row in rows),
    }


def _frame(rows: list[dict[str, object]], columns: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _ranked(effects: pd.DataFrame) -> pd.DataFrame:
    """Return the effects: plans that must change, then by goals changed, stations and name."""
    moved = -(effects["n_entered"] + effects["n_left"])
    ranked = effects.assign(
        moved=moved, changed=-effects["n_goals_changed"], stays=~effects["plan_changes"]
    )
    ranked = ranked.sort_values(["stays", "changed", "moved", "key", "factor"], ignore_index=True)
    return ranked[list(EFFECT_COLUMNS)]
