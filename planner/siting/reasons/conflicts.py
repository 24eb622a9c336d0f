"""Finds the smallest set of named rules that cannot hold together, by leaving rules out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from planner.scenario.models import RunSettings
from planner.siting.instance import PAYERS, Instance
from planner.siting.reasons.confirm import Asked, cheapest
from planner.siting.reasons.phrases import Phrase
from planner.solver import Deadline, Termination

BEYOND_CNY = 10**12
"""More money than any plan spends: what a budget that is left out comes to."""
BEYOND_KW = 1e7

RULES: dict[str, Phrase] = {
    "candidates.max_power_kw": Phrase("站址功率上限", "the power limit of each site"),
    "supply_nodes.headroom_kw": Phrase("供电节点余量", "the headroom of the supply nodes"),
    "reviews.ban": Phrase("评审禁建", "sites refused in review"),
    "highway_charging": Phrase("高速公路快充间距", "the gap along motorways"),
    "township_charging": Phrase("乡镇充电半径", "the radius of townships"),
    "reviews.lock": Phrase("评审锁定", "sites asked for in review"),
    "siting.hydrogen_budget_cny": Phrase("企业资金", "enterprises' money"),
    "siting.budget_cny": Phrase("公共资金", "the public budget"),
}
"""The rules in the order in which they are left out: what is easiest to change goes last,
so that it stays in the set where there is a choice."""


@dataclass(frozen=True)
class Conflict:
    """Rules that cannot hold together while any one of them fewer can.

    ``rules`` are keys of :data:`RULES`, empty where everything holds; ``proven`` says that
    every solve behind it ended with a proof.
    """

    rules: tuple[str, ...]
    proven: bool


def smallest_conflict(
    instance: Instance,
    unbanned: Instance,
    asked: Asked,
    run: RunSettings,
    deadline: Deadline,
) -> Conflict:
    """Return the rules in conflict: a set from which none can be left out (deletion filter).

    Parameters
    ----------
    instance
        The problem.
    unbanned
        The same with the sites that reviews refuse; the same object where there are none.
    asked
        Townships and windows that must be met; locks and limits come with the instance.
    run, deadline
        Seed and threads; moment by which all solves have ended.
    """
    proven = True

    def possible(rules: frozenset[str]) -> bool | None:
        nonlocal proven
        ending = _ending(instance, unbanned, asked, rules, run, deadline)
        proven &= ending is not None
        return ending

    kept = frozenset(RULES)
    if possible(kept) is not False:
        return Conflict((), proven)
    for rule in RULES:
        if possible(kept - {rule}) is False:
            kept -= {rule}
    return Conflict(tuple(rule for rule in RULES if rule in kept), proven)


def _ending(
    instance: Instance,
    unbanned: Instance,
    asked: Asked,
    rules: frozenset[str],
    run: RunSettings,
    deadline: Deadline,
) -> bool | None:
    """Return whether these rules can hold together; None where no solve could tell."""
    trial = instance if "reviews.ban" in rules else unbanned
    for rule, leave_out in LEAVE_OUT.items():
        trial = trial if rule in rules else leave_out(trial)
    wanted = Asked(
        asked.townships if "township_charging" in rules else (),
        asked.windows if "highway_charging" in rules else (),
    )
    outcome = cheapest(trial, wanted, run, deadline).outcome
    if outcome.has_solution:
        return True
    return False if outcome.termination is Termination.INFEASIBLE else None


def _any_power(instance: Instance) -> Instance:
    return replace(instance, max_power_kw=np.full(len(instance.site_id), BEYOND_KW))


def _any_headroom(instance: Instance) -> Instance:
    most = np.full(len(instance.supply_node_id), BEYOND_KW)
    return replace(instance, supply=replace(instance.supply, headroom_kw=most))


def _any_locks(instance: Instance) -> Instance:
    return replace(instance, locked=())


def without_budget(instance: Instance, payer: int) -> Instance:
    """Return the problem with all the money a payer could want."""
    budget = instance.budget_cny.copy()
    budget[:, payer] = BEYOND_CNY
    return replace(instance, budget_cny=budget)


def without_budgets(instance: Instance) -> Instance:
    """Return the problem with all the money that anybody could want."""
    for payer in range(len(PAYERS)):
        instance = without_budget(instance, payer)
    return instance


LEAVE_OUT: dict[str, Callable[[Instance], Instance]] = {
    "candidates.max_power_kw": _any_power,
    "supply_nodes.headroom_kw": _any_headroom,
    "reviews.lock": _any_locks,
    "siting.budget_cny": lambda instance: without_budget(instance, 0),
    "siting.hydrogen_budget_cny": lambda instance: without_budget(instance, 1),
}
