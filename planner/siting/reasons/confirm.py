"""Proves by a second, small solve that a repair mends what it says, and finds the cheapest one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pulp

from planner.scenario.models import RunSettings
from planner.siting import model as siting_model
from planner.siting.instance import CHARGING, Instance
from planner.siting.options import KEEP, Bools, Ints
from planner.siting.program import Model, Terms
from planner.siting.reasons.additions import lean, rules_only
from planner.siting.rows import merged_rows
from planner.solver import Deadline, Outcome, Termination, solve

MOST_S = 10.0
"""Seconds one of these solves may take; they are small, so that this is hardly ever met."""
COIN_CNY = 1000.0


@dataclass(frozen=True)
class Asked:
    """What must be met: rows of townships, and of windows of the motorways."""

    townships: tuple[int, ...] = ()
    windows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Fix:
    """A plan with a repair made.

    Parameters
    ----------
    instance
        The problem as the repair leaves it.
    chosen
        (S,) option that stands in the target year, -1 for none.
    upgraded
        (G,) supply nodes whose upgrade is in service.
    asked
        What the repair is for.
    """

    instance: Instance
    chosen: Ints
    upgraded: Bools
    asked: Asked


def confirmed(fix: Fix, run: RunSettings, deadline: Deadline) -> bool:
    """Return whether the solver finds every rule of the model to hold with the repair made.

    The plan and the repair are held; what is asked for may not be short.
    """
    if not deadline.left_s():
        return False
    instance = rules_only(fix.instance)
    allowed = instance.options.action == KEEP
    allowed[fix.chosen[fix.chosen >= 0]] = True
    model = _model(instance, allowed)
    if not _demand(model, fix.asked):
        return False
    for o in fix.chosen[fix.chosen >= 0].tolist():
        model.z[o, model.last].lowBound = 1
    for (g, _), u in model.u.items():
        u.lowBound = u.upBound = int(fix.upgraded[g])
    return _solved(model, run, deadline).termination is Termination.PROVEN_OPTIMAL


@dataclass(frozen=True)
class Cheapest:
    """The least capital that meets what is asked, and what stands then; none without a plan."""

    outcome: Outcome
    chosen: Ints
    capital_cny: int


def cheapest(instance: Instance, asked: Asked, run: RunSettings, deadline: Deadline) -> Cheapest:
    """Find the cheapest stations that meet what is asked under every rule of the instance.

    Demand plays no part. Where a township or window asked for has no site at all, the answer
    is infeasible without a solve.
    """
    bare = rules_only(instance)
    chosen = bare.standing()
    if not deadline.left_s():
        return Cheapest(Outcome(Termination.NO_SOLUTION_LIMIT), chosen, 0)
    model = _model(bare, lean(bare))
    if not _demand(model, asked):
        return Cheapest(Outcome(Termination.INFEASIBLE), chosen, 0)
    capital, supply = bare.options.capital, bare.supply
    terms: Terms = {z: float(capital[o]) / COIN_CNY for (o, _), z in model.z.items() if capital[o]}
    terms |= {u: float(supply.upgrade_cny[g]) / COIN_CNY for (g, _), u in model.u.items()}
    model.problem.setObjective(pulp.LpAffineExpression(terms))
    outcome = _solved(model, run, deadline)
    if not outcome.has_solution:
        return Cheapest(outcome, chosen, 0)
    for (o, _), z in model.z.items():
        if round(z.varValue):
            chosen[bare.options.group[o]] = o
    upgrades = sum(int(supply.upgrade_cny[g]) * round(u.varValue) for (g, _), u in model.u.items())
    return Cheapest(outcome, chosen, int(capital[chosen[chosen >= 0]].sum()) + upgrades)


def _model(instance: Instance, allowed: Bools) -> Model:
    rows = merged_rows(instance, allowed)
    return siting_model.build(instance, rows, allowed, (instance.n_years - 1,))


def _demand(model: Model, asked: Asked) -> bool:
    """Let nothing that is asked be short; False where the model has no way to meet it."""
    met = _met_today(model.instance)
    for w in asked.townships:
        short = model.short_township.get((w, model.last))
        if short is not None:
            short.upBound = 0
        elif w not in met:
            return False
    for h in asked.windows:
        model.short_highway[h].upBound = 0
    return True


def _met_today(instance: Instance) -> set[int]:
    """Return the townships that an existing station meets."""
    groups = instance.group_of()[instance.township_pair_site, CHARGING]
    now = (groups >= 0) & (instance.standing() >= 0)[groups]
    return set(instance.township_pair[now].tolist())


def _solved(model: Model, run: RunSettings, deadline: Deadline) -> Outcome:
    return solve(
        model.problem,
        time_limit_s=min(MOST_S, deadline.left_s()),
        mip_gap=0.0,
        threads=run.threads,
        seed=run.seed,
    )


def fillable(instance: Instance) -> Asked:
    """Return the townships and windows that some candidate or existing station could meet."""
    may = np.zeros(len(instance.group_site) + 1, dtype=bool)
    may[instance.options.group] = True
    fast = np.zeros_like(may)
    fast[instance.options.group[instance.options.fast]] = True
    groups = instance.group_of()[:, CHARGING]
    townships = instance.township_pair[may[groups[instance.township_pair_site]]]
    windows = instance.highway.pair_window[fast[groups[instance.highway.pair_site]]]
    return Asked(tuple(np.unique(townships).tolist()), tuple(np.unique(windows).tolist()))
