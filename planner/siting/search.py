"""Holds what a search for a plan knows so far, and solves one goal at a time."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pulp

from planner.errors import InfeasibleError, LimitError, Problem, SolverError
from planner.scenario.models import RunSettings
from planner.siting import model as siting_model
from planner.siting.instance import Instance
from planner.siting.options import KEEP, Bools, Ints
from planner.siting.program import Model
from planner.siting.rows import merged_rows
from planner.siting.stages import Stage
from planner.solver import Deadline, Outcome, Termination, solve

WAY_NODES = 50
"""Search nodes of the way to a target year that stands: a limit that no clock moves."""


@dataclass(frozen=True)
class Build:
    """What stands when.

    Parameters
    ----------
    chosen
        (T, S) option of each group in each year, -1 where nothing stands.
    upgraded
        (T, G) whether the upgrade of a supply node is in service.
    """

    chosen: Ints
    upgraded: Bools


@dataclass(frozen=True)
class Reached:
    """How far a goal can be taken at all: its stage and the bound, None where there is none."""

    stage: Stage
    bound: float | None


@dataclass
class Search:
    """What is known so far: the incumbent, carried goals, and the bounds of goals.

    ``years`` are the rows of T that are being decided, ``allowed`` the options that may be
    chosen. With ``final_settled`` the target year stands and only the way there is open.
    """

    instance: Instance
    run: RunSettings
    tolerance: float
    deadline: Deadline
    years: tuple[int, ...]
    allowed: Bools
    build: Build
    final_settled: bool = False
    carried: list[tuple[Stage, float]] = field(default_factory=list)
    reached: list[Reached] = field(default_factory=list)


def begin(instance: Instance, run: RunSettings, tolerance: float, deadline: Deadline) -> Search:
    """Return a search that knows nothing but what stands today."""
    years = tuple(range(instance.n_years))
    chosen = np.repeat(instance.standing()[None, :], len(years), axis=0)
    upgraded = np.zeros((len(years), len(instance.supply_node_id)), dtype=bool)
    return Search(
        instance, run, tolerance, deadline, years, instance.possible(), Build(chosen, upgraded)
    )


def advance(search: Search, stage: Stage) -> float | None:
    """Solve one goal over the allowed options, keep its plan and carry its value on.

    Returns the value, None where time ran out; the plan of the goals before is kept then.
    """
    instance = search.instance
    rows = merged_rows(instance, search.allowed)
    model = siting_model.build(instance, rows, search.allowed, search.years)
    start_from(search.build, model)
    if search.final_settled:
        _fix_final(search.build, model)
    options: dict[str, object] = {"mip_max_nodes": WAY_NODES} if search.final_settled else {}
    outcome = run_stage(
        search, model, stage, search.carried, options, warm_start=bool(search.reached)
    )
    if outcome.has_solution and outcome.objective is not None:
        search.build = read_build(search.build, model)
        search.carried.append((stage, outcome.objective))
    else:
        _refuse(search, outcome)
    search.reached.append(Reached(stage, outcome.bound))
    return outcome.objective if outcome.has_solution else None


def run_stage(
    search: Search,
    model: Model,
    stage: Stage,
    carried: list[tuple[Stage, float]],
    options: dict[str, object],
    *,
    warm_start: bool = False,
) -> Outcome:
    """Solve a model for one goal, with what earlier goals reached as constraints."""
    for earlier, value in carried:
        earlier.carry(model, value)
    model.problem.sense = pulp.LpMaximize if stage.maximise else pulp.LpMinimize
    model.problem.setObjective(stage.terms(model))
    return solve(
        model.problem,
        time_limit_s=search.deadline.left_s(),
        mip_gap=stage.gap,
        threads=search.run.threads,
        seed=search.run.seed,
        warm_start=warm_start,
        options=options,
    )


def start_from(build: Build, model: Model) -> None:
    """Hand the incumbent to the variables as a start."""
    for (o, t), z in model.z.items():
        z.varValue = float(build.chosen[t, model.instance.options.group[o]] == o)
    for (g, t), u in model.u.items():
        u.varValue = float(build.upgraded[t, g])


def read_build(build: Build, model: Model) -> Build:
    """Return what the solution says stands, in the years of the model."""
    chosen, upgraded = build.chosen.copy(), build.upgraded.copy()
    chosen[list(model.years)] = -1
    upgraded[list(model.years)] = False
    for (o, t), z in model.z.items():
        if round(z.varValue):
            chosen[t, model.instance.options.group[o]] = o
    for (g, t), u in model.u.items():
        upgraded[t, g] = bool(round(u.varValue))
    return Build(chosen, upgraded)


def on_the_way(instance: Instance, final: Ints) -> Bools:
    """Return the options through which a group may pass on its way to its final one.

    Those are no larger, of the same technology and action, or what stands today.
    """
    options = instance.options
    target = final[options.group]
    passing = (target >= 0) & (options.technology == options.technology[target])
    passing &= (options.action == options.action[target]) & (options.units <= options.units[target])
    return np.asarray(passing | (options.action == KEEP))


def _fix_final(build: Build, model: Model) -> None:
    """Hold what stands in the target year: only the way there is still open."""
    for o in build.chosen[-1]:
        if o >= 0:
            model.z[int(o), model.last].lowBound = 1
    for (g, t), u in model.u.items():
        if t == model.last:
            u.lowBound = u.upBound = int(build.upgraded[-1, g])


def _refuse(search: Search, outcome: Outcome) -> None:
    """Say why there is no plan; a later goal without one keeps the plan of those before."""
    # Without locks, what stands today is a plan, whatever the solver says.
    locked = bool(search.instance.locked)
    if outcome.termination is Termination.INFEASIBLE and locked and not search.reached:
        raise infeasible()
    if outcome.termination is not Termination.NO_SOLUTION_LIMIT:
        raise SolverError(
            Problem(
                "E-SIT-002",
                f"the siting model has an answer, yet the solver says: {outcome.termination}",
                "report this as a defect, with the case",
            )
        )
    if not search.reached:
        raise out_of_time()


def infeasible() -> InfeasibleError:
    """Return the refusal of locks that cannot all hold."""
    return InfeasibleError(
        Problem(
            "E-SIT-004",
            "the locked sites cannot all have a station within power and money",
            "raise the budget or the headroom, or take back one of the locks",
            layer="reviews",
        )
    )


def out_of_time() -> LimitError:
    """Return the refusal of a search that the clock ended before it found anything."""
    return LimitError(
        Problem(
            "E-SIT-001",
            "time ran out before any choice of stations was found",
            "raise run.time_limit_s, or offer fewer candidate sites",
            column="run.time_limit_s",
        )
    )
