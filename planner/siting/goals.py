"""Pursues the goals of the siting model one after the other, each with bound and gap."""

from __future__ import annotations

from dataclasses import dataclass, replace

from planner.scenario.models import RunSettings
from planner.siting.instance import Instance
from planner.siting.large import pursue_large
from planner.siting.measure import measured
from planner.siting.search import Build, Reached, Search, advance, begin, on_the_way
from planner.siting.service import Service
from planner.siting.stages import (
    COUNTY_GOALS,
    early_milestones,
    early_stages,
    held_back,
    late_stages,
    rule_stages,
    share_stage,
)
from planner.solver import PROVEN, Deadline, Outcome, Termination, verdict

NOISE = 1e-6
"""A bound that the plan beats by more than this share proves nothing and is not passed on."""
SMALL_PAIRS = 6000
"""Up to so many pairs, years counted, the whole model is solved at once."""


@dataclass(frozen=True)
class Goal:
    """One goal of the lexicographic order, measured on the plan, with the bound on it.

    Units: townships, m of motorway, charging units, milestones (shares of what they ask for,
    added up), shares of 1, trips a day, kWh equivalents a day, CNY a year; see
    :mod:`planner.siting.model` for the goals.
    """

    name: str
    outcome: Outcome


def pursue(
    instance: Instance, run: RunSettings, tolerance: float, deadline: Deadline
) -> tuple[Build, tuple[Reached, ...]]:
    """Decide which stations to build, and when.

    On a small instance every goal is one solve of the whole model, all years at once. On
    a larger one the target year is decided first (:mod:`planner.siting.large`); the way
    there, year by year, is a second model over the stations of the target year.

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
    build
        What stands in each year.
    reached
        The goals in order, with the bound on each.

    Raises
    ------
    InfeasibleError
        If locks cannot hold together with the other rules.
    LimitError
        If time ran out before there was a plan.
    """
    search = begin(instance, run, tolerance, deadline)
    usable = instance.usable(search.allowed)
    pairs = int(usable[instance.pair_site, instance.pair_energy].sum()) * instance.n_years
    if pairs <= SMALL_PAIRS:
        _pursue_whole(search)
    else:
        pursue_large(search)
        _settle(search)
    if instance.n_years > 1:
        early = early_milestones(instance, run) if search.final_settled else []
        for stage in [*early, *early_stages(run)]:
            advance(search, stage)
    return search.build, tuple(search.reached)


def _pursue_whole(search: Search) -> None:
    instance, run, slack = search.instance, search.run, search.tolerance
    for stage in rule_stages(instance, run):
        advance(search, stage)
    top = instance.reachable_share(instance.n_years - 1, search.allowed)
    counties = sorted(top)
    for name in COUNTY_GOALS:
        if counties:
            reached = advance(search, share_stage(name, counties, run, slack))
            if reached is None:
                break
            smallest = reached
            counties = held_back(top, counties, smallest, slack)
    for stage in late_stages(instance, run, slack):
        advance(search, stage)


def _settle(search: Search) -> None:
    """Leave only the way to the target year open."""
    search.allowed = on_the_way(search.instance, search.build.chosen[-1])
    search.years = tuple(range(search.instance.n_years))
    search.final_settled = True
    search.carried.clear()


def measured_goals(
    instance: Instance,
    build: Build,
    service: dict[str, Service],
    reached: tuple[Reached, ...],
    tolerance: float,
) -> tuple[Goal, ...]:
    """Return the goals as the plan meets them in the end, each against its bound.

    A goal may end below the value its own solve reached, because later goals may give
    back the tolerance; what is reported is what the plan does.
    """
    values = measured(instance, build, service, [row.stage for row in reached])
    goals = []
    for row in reached:
        outcome = _outcome(values[row.stage.name] / row.stage.unit, row, tolerance)
        goals.append(Goal(row.stage.name, _in_unit(outcome, row.stage.unit)))
    return tuple(goals)


def _outcome(value: float, row: Reached, tolerance: float) -> Outcome:
    if row.bound is None:
        return Outcome(Termination.FEASIBLE_LIMIT, value)
    beaten_by = (value - row.bound) * (1 if row.stage.maximise else -1)
    if beaten_by > NOISE * max(1.0, abs(value)):
        return Outcome(Termination.FEASIBLE_LIMIT, value)
    bound = value if beaten_by > 0 else row.bound
    return verdict(value, bound, row.stage.gap + tolerance + PROVEN)


def _in_unit(outcome: Outcome, unit: float) -> Outcome:
    def scaled(value: float | None) -> float | None:
        return None if value is None else value * unit

    return replace(outcome, objective=scaled(outcome.objective), bound=scaled(outcome.bound))
