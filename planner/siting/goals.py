"""Pursues the goals of the siting model one after the other, each with bound and gap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pulp

from planner.errors import LimitError, Problem, SolverError
from planner.scenario.models import RunSettings
from planner.siting import model as siting_model
from planner.siting.instance import Bools, Instance, Ints
from planner.siting.model import Model
from planner.siting.rows import merged_rows, pooled_rows
from planner.solver import PROVEN, Deadline, Outcome, Termination, relative_gap, solve

SMALL_PAIRS = 3000
"""Up to so many pairs the whole model is solved at once."""
POOLED_PAIRS = 40_000
"""An energy with more pairs enters the relaxation pooled by county."""
COST_GAP = 0.02
"""Gap at which the cost goal stops: its relaxation is weak, the others' are not."""
MOST_NODES = 300
"""Search nodes of one solve over the promising sites: a limit that a clock does not move."""
SHARE_TIE = 1e-6


@dataclass(frozen=True)
class Goal:
    """One goal of the lexicographic order and how its solve ended.

    ``township_shortfall`` counts townships, ``worst_county_share`` and
    ``next_county_share`` are served shares of charging and swap demand,
    ``demand_served`` is in kWh equivalents a day and ``cost`` in CNY.
    """

    name: str
    outcome: Outcome


@dataclass(frozen=True)
class Stage:
    """A goal as the solver sees it: its terms, its direction and how it is carried on.

    A ``settled`` goal only resizes or closes what is planned: it opens nothing elsewhere,
    while its bound still counts every site.
    """

    name: str
    maximise: bool
    gap: float
    terms: Callable[[Model], pulp.LpAffineExpression]
    carry: Callable[[Model, float], None]
    unit: float = 1.0
    settled: bool = False


@dataclass
class Search:
    """What is known so far: the incumbent, promising sites, carried goals, goals reached."""

    instance: Instance
    run: RunSettings
    tolerance: float
    deadline: Deadline
    small: bool
    promising: Bools
    units: Ints
    carried: list[tuple[Stage, float]] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)


def pursue(
    instance: Instance, run: RunSettings, tolerance: float, deadline: Deadline
) -> tuple[Ints, tuple[Goal, ...]]:
    """Decide which stations to build.

    On a small instance every goal is one solve of the whole model. On a larger one its
    relaxation gives the bound and the promising sites, and the model over these sites
    gives the plan; the gap between the two is reported as it is.

    Parameters
    ----------
    instance
        The problem.
    run
        Gap, seed and threads.
    tolerance
        Share of a goal's value that later goals may give back.
    deadline
        Moment by which all solves have ended.

    Returns
    -------
    units
        (J, K) units of each planned station, 0 where none.
    goals
        In order, with objective, bound and gap.

    Raises
    ------
    LimitError
        If time ran out before there was a plan.
    """
    usable = instance.usable()
    pairs = int(usable[instance.pair_site, instance.pair_energy].sum())
    search = Search(
        instance,
        run,
        tolerance,
        deadline,
        small=pairs <= SMALL_PAIRS,
        promising=np.zeros(instance.allowed.shape, dtype=bool),
        units=np.zeros((len(instance.site_id), len(instance.technology)), dtype=np.int64),
    )
    _advance(search, _shortfall_stage(run))
    for name in ("worst_county_share", "next_county_share"):
        counties = _unsettled(search)
        if counties:
            _advance(search, _share_stage(name, counties, run, tolerance))
    _advance(search, _served_stage(run, tolerance))
    _advance(search, _cost_stage(instance, run))
    return search.units, tuple(search.goals)


def _shortfall_stage(run: RunSettings) -> Stage:
    def carry(model: Model, value: float) -> None:
        siting_model.at_most(model, "carry_shortfall", siting_model.shortfall(model), round(value))

    return Stage("township_shortfall", False, run.mip_gap, siting_model.shortfall, carry)  # noqa: FBT003


def _share_stage(name: str, counties: list[int], run: RunSettings, tolerance: float) -> Stage:
    def carry(model: Model, value: float) -> None:
        for c in counties:
            least = min(value * (1 - tolerance), float(model.v[c].upBound))
            model.v[c].lowBound = max(least, float(model.v[c].lowBound))

    def terms(model: Model) -> pulp.LpAffineExpression:
        return siting_model.smallest_share(model, counties)

    return Stage(name, True, run.mip_gap, terms, carry)  # noqa: FBT003


def _served_stage(run: RunSettings, tolerance: float) -> Stage:
    def carry(model: Model, value: float) -> None:
        least = value * (1 - tolerance)
        siting_model.at_least(model, "carry_served", siting_model.served_kwh(model), least)

    return Stage("demand_served", True, run.mip_gap, siting_model.served_kwh, carry)  # noqa: FBT003


def _cost_stage(instance: Instance, run: RunSettings) -> Stage:
    def carry(model: Model, value: float) -> None:
        siting_model.at_most(model, "carry_cost", siting_model.cost(model), value)

    coin = float(siting_model.coin_cny(instance))
    gap = max(run.mip_gap, COST_GAP)
    return Stage("cost", False, gap, siting_model.cost, carry, coin, settled=True)  # noqa: FBT003


def _unsettled(search: Search) -> list[int]:
    """Return the counties whose share no carried goal has yet pushed to what can be reached."""
    top = search.instance.reachable_share()
    shares = [goal for goal in search.goals if goal.name.endswith("county_share")]
    if not shares:
        return sorted(top)
    smallest = shares[-1].outcome.objective or 0.0
    open_still = [c for c in sorted(top) if top[c] * (1 - search.tolerance) > smallest]
    return open_still if len(open_still) < len(top) else []


def _advance(search: Search, stage: Stage) -> None:
    """Solve one goal, keep its incumbent and carry its value on."""
    bound = None if search.small else _relaxed(search, stage)
    outcome = _solved(search, stage, bound)
    search.goals.append(Goal(stage.name, _in_unit(outcome, stage.unit)))
    if outcome.objective is not None:
        search.carried.append((stage, outcome.objective))


def _relaxed(search: Search, stage: Stage) -> float | None:
    """Solve the relaxation: return its bound, and note the sites worth a closer look.

    These are the sites of the incumbent and, unless the goal is settled, those at which
    the cheapest plan of the relaxation that reaches the goal has a part of a station.
    """
    instance = search.instance
    model = siting_model.build(instance, pooled_rows(instance, POOLED_PAIRS))
    siting_model.relax(model)
    outcome = _run(search, model, stage, {"solver": "ipm"}, warm_start=False)
    bound = outcome.objective
    if outcome.termination is not Termination.PROVEN_OPTIMAL or bound is None:
        return None
    stage.carry(model, bound)
    if stage.name != "cost":
        model.problem.sense = pulp.LpMinimize
        model.problem.setObjective(siting_model.cost(model))
        _solve(search, model, stage, {"solver": "ipm"}, warm_start=False)
    search.promising[:] = search.units > 0
    if stage.settled:
        return bound
    for (j, k), n in model.n.items():
        if (n.varValue or 0.0) > SHARE_TIE:
            search.promising[j, k] = True
    return bound


def _solved(search: Search, stage: Stage, bound: float | None) -> Outcome:
    instance = search.instance
    if not search.small:
        instance = replace(instance, allowed=instance.allowed & search.promising)
    model = siting_model.build(instance, merged_rows(instance))
    for key, n in model.n.items():
        n.varValue = float(search.units[key])
        model.y[key].varValue = float(search.units[key] > 0)
    options: dict[str, object] = {} if search.small else {"mip_max_nodes": MOST_NODES}
    outcome = _run(search, model, stage, options, warm_start=bool(search.goals))
    if not outcome.has_solution:
        return _without(search, outcome)
    search.units[:] = 0
    for key, n in model.n.items():
        search.units[key] = round(n.varValue)
    _trim(search, model)
    return outcome if search.small else _against(outcome, bound, stage)


def _trim(search: Search, model: Model) -> None:
    """Take away the units that the incumbent's own service does not use: a better start."""
    instance, rows = search.instance, model.rows
    load = np.zeros((len(instance.site_id), instance.demand.shape[1]))
    share = np.array([x.varValue for x in model.x])
    place = (rows.pair_site, rows.energy[rows.pair_row])
    np.add.at(load, place, share * rows.demand[rows.pair_row])
    beyond = np.maximum(0.0, load - instance.existing_capacity())[:, instance.tech_energy]
    used = np.ceil(beyond / instance.capacity - SHARE_TIE).astype(np.int64)
    least = np.maximum(used, instance.min_units)
    search.units[:] = np.where(search.units > 0, np.minimum(search.units, least), 0)


def _against(outcome: Outcome, bound: float | None, stage: Stage) -> Outcome:
    """Measure the incumbent over the promising sites against the bound over all sites."""
    if outcome.objective is None or bound is None:
        return Outcome(Termination.FEASIBLE_LIMIT, outcome.objective)
    limit = max(bound, outcome.objective) if stage.maximise else min(bound, outcome.objective)
    gap = relative_gap(outcome.objective, limit)
    reached = Termination.WITHIN_GAP if gap <= stage.gap else Termination.FEASIBLE_LIMIT
    return Outcome(
        Termination.PROVEN_OPTIMAL if gap <= PROVEN else reached, outcome.objective, limit, gap
    )


def _in_unit(outcome: Outcome, unit: float) -> Outcome:
    def scaled(value: float | None) -> float | None:
        return None if value is None else value * unit

    return replace(outcome, objective=scaled(outcome.objective), bound=scaled(outcome.bound))


def _without(search: Search, outcome: Outcome) -> Outcome:
    """Keep the incumbent where a later goal found none; without any, there is no plan."""
    if outcome.termination is Termination.NO_SOLUTION_LIMIT:
        if search.goals:
            return outcome
        raise LimitError(
            Problem(
                "E-SIT-001",
                "time ran out before any choice of stations was found",
                "raise run.time_limit_s, or offer fewer candidate sites",
                column="run.time_limit_s",
            )
        )
    raise SolverError(
        Problem(
            "E-SIT-002",
            f"the siting model always has an answer, yet the solver says: {outcome.termination}",
            "report this as a defect, with the case",
        )
    )


def _run(
    search: Search,
    model: Model,
    stage: Stage,
    options: dict[str, object],
    *,
    warm_start: bool,
) -> Outcome:
    for carried, value in search.carried:
        carried.carry(model, value)
    model.problem.sense = pulp.LpMaximize if stage.maximise else pulp.LpMinimize
    model.problem.setObjective(stage.terms(model))
    return _solve(search, model, stage, options, warm_start=warm_start)


def _solve(
    search: Search, model: Model, stage: Stage, options: dict[str, object], *, warm_start: bool
) -> Outcome:
    return solve(
        model.problem,
        time_limit_s=search.deadline.left_s(),
        mip_gap=stage.gap,
        threads=search.run.threads,
        seed=search.run.seed,
        warm_start=warm_start,
        options=options,
    )
