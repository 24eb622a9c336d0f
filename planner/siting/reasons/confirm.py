"""Proves by a second, small solve that a repair mends what it says, and finds the cheapest one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pulp

from planner.scenario.models import RunSettings
from planner.siting import model as siting_model
from planner.siting.instance import CHARGING, PAYERS, PUBLIC, Instance
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
    model = posed(instance, allowed)
    if not demanded(model, fix.asked):
        return False
    for o in fix.chosen[fix.chosen >= 0].tolist():
        model.z[o, model.last].lowBound = 1
    for (g, _), u in model.u.items():
        u.lowBound = u.upBound = int(fix.upgraded[g])
    return solved(model, run, deadline).termination is Termination.PROVEN_OPTIMAL


@dataclass(frozen=True)
class Cheapest:
    """The least capital that meets what is asked, and what stands then; none without a plan.

    ``upgraded`` (G,) are the supply nodes whose upgrade it takes.
    """

    outcome: Outcome
    chosen: Ints
    capital_cny: int
    upgraded: Bools

    def spent_cny(self, instance: Instance) -> Ints:
        """Return (2,) what each payer spends on it; upgrades are the public's."""
        options, spent = instance.options, np.zeros(len(PAYERS), dtype=np.int64)
        standing = self.chosen[self.chosen >= 0]
        np.add.at(spent, options.payer[standing], options.capital[standing])
        spent[PUBLIC] += int(instance.supply.upgrade_cny[self.upgraded].sum())
        return spent


def cheapest(instance: Instance, asked: Asked, run: RunSettings, deadline: Deadline) -> Cheapest:
    """Find the cheapest stations that meet what is asked under every rule of the instance.

    Demand plays no part. Where a township or window asked for has no site at all, the answer
    is infeasible without a solve.
    """
    bare = rules_only(instance)
    chosen, upgraded = bare.standing(), np.zeros(len(bare.supply_node_id), dtype=bool)
    if not deadline.left_s():
        return Cheapest(Outcome(Termination.NO_SOLUTION_LIMIT), chosen, 0, upgraded)
    model = posed(bare, lean(bare))
    if not demanded(model, asked):
        return Cheapest(Outcome(Termination.INFEASIBLE), chosen, 0, upgraded)
    capital, supply = bare.options.capital, bare.supply
    terms: Terms = {z: float(capital[o]) / COIN_CNY for (o, _), z in model.z.items() if capital[o]}
    terms |= {u: float(supply.upgrade_cny[g]) / COIN_CNY for (g, _), u in model.u.items()}
    model.problem.setObjective(pulp.LpAffineExpression(terms))
    outcome = solved(model, run, deadline)
    if not outcome.has_solution:
        return Cheapest(outcome, chosen, 0, upgraded)
    for (o, _), z in model.z.items():
        if round(z.varValue):
            chosen[bare.options.group[o]] = o
    for (g, _), u in model.u.items():
        upgraded[g] = bool(round(u.varValue))
    spent = int(capital[chosen[chosen >= 0]].sum()) + int(supply.upgrade_cny[upgraded].sum())
    return Cheapest(outcome, chosen, spent, upgraded)


def posed(instance: Instance, allowed: Bools) -> Model:
    """Return the model of the target year over some options, before anything is asked of it."""
    rows = merged_rows(instance, allowed)
    return siting_model.build(instance, rows, allowed, (instance.n_years - 1,))


def demanded(model: Model, asked: Asked) -> bool:
    """Let nothing that is asked be short; return False where the model has no way to meet it."""
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


def solved(model: Model, run: RunSettings, deadline: Deadline) -> Outcome:
    """Solve a small model to the end, or for :data:`MOST_S` seconds."""
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
