"""Prices conflicts over power: upgrades that come too late, else the kW that no upgrade gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
import pulp

from planner.scenario.models import RunSettings
from planner.siting.instance import Instance
from planner.siting.options import Bools, Floats, Ints
from planner.siting.program import LESS, Model, Terms, add_row
from planner.siting.reasons.additions import lean, rules_only, with_money
from planner.siting.reasons.confirm import Asked, Cheapest, cheapest, demanded, posed, solved
from planner.siting.reasons.conflicts import LEAVE_OUT, without_budgets
from planner.siting.reasons.phrases import Phrase, joined, kw, named, yuan
from planner.siting.reasons.repair_rows import Repair
from planner.solver import Deadline

AT_SITES, AT_NODES = "candidates.max_power_kw", "supply_nodes.headroom_kw"
ROUNDING_KW = 1e-6


@dataclass(frozen=True)
class Wanted:
    """What must be met, and how it may be sought."""

    asked: Asked
    run: RunSettings
    deadline: Deadline

    def cheapest(self, instance: Instance) -> Cheapest:
        """Return the cheapest stations that meet it."""
        return cheapest(instance, self.asked, self.run, self.deadline)


@dataclass(frozen=True)
class Power:
    """How much more power there is to be: (J,) kW at sites and (G,) kW at supply nodes."""

    site_kw: Floats
    node_kw: Floats


def power_repairs(instance: Instance, rules: tuple[str, ...], wanted: Wanted) -> Iterator[Repair]:
    """Yield what would lift a conflict in which power has a part; nothing for other conflicts.

    Upgrades on offer that would come too late are tried first: the cheapest plan says which
    of them are needed. Where they do not help, it is the least power that lets all rules
    hold, in whole kW. Either is confirmed by a second solve with just that, and with the
    money that it takes.

    Parameters
    ----------
    instance
        The problem.
    rules
        The rules in conflict, as :func:`planner.siting.reasons.conflicts.smallest_conflict`
        finds them.
    wanted
        Townships and windows that must be met; moment by which all solves have ended.
    """
    at = {AT_SITES, AT_NODES} & set(rules)
    if not at:
        return
    upgrades = list(_late_upgrades(instance, wanted)) if AT_NODES in at else []
    yield from upgrades
    if not upgrades:
        yield from _more_power(instance, at, wanted)


def _late_upgrades(instance: Instance, wanted: Wanted) -> Iterator[Repair]:
    supply = instance.supply
    late = (supply.upgrade_kw > 0) & ~supply.ready(instance.n_years)
    if not late.any():
        return
    found = wanted.cheapest(_in_time(without_budgets(instance), late))
    needed = late & found.upgraded
    if not found.outcome.has_solution or not needed.any():
        return
    nodes = np.flatnonzero(needed).tolist()
    cost = int(supply.upgrade_cny[needed].sum())
    words = joined(_upgrade_words(instance, g) for g in nodes)
    yield _priced(_in_time(instance, needed), (AT_NODES, words, cost), nodes, wanted)


def _upgrade_words(instance: Instance, g: int) -> Phrase:
    supply, name = instance.supply, named(instance.supply_node_id[g])
    more, cost = kw(float(supply.upgrade_kw[g])), yuan(int(supply.upgrade_cny[g]))
    lead, last = int(supply.lead[g]), instance.years[-1]
    return Phrase(
        f"供电节点 {name.zh} 增容 {more.zh}（{cost.zh}，工期 {lead} 年）须在 {last} 年前投运",
        f"upgrade supply node {name.en} by {more.en} ({cost.en}, {lead} years' work) so that it "
        f"serves by {last}",
    )


def _in_time(instance: Instance, nodes: Bools) -> Instance:
    """Return the problem with the upgrades of some supply nodes in service when ordered."""
    lead = np.where(nodes, 0, instance.supply.lead)
    return replace(instance, supply=replace(instance.supply, lead=lead))


def _more_power(instance: Instance, at: set[str], wanted: Wanted) -> Iterator[Repair]:
    more = least_power(instance, at, wanted)
    if more is None:
        more = least_power(instance, {AT_SITES, AT_NODES}, wanted)
    if more is None or not (more.site_kw.any() or more.node_kw.any()):
        return
    sites, nodes = np.flatnonzero(more.site_kw).tolist(), np.flatnonzero(more.node_kw).tolist()
    parts = [_node_words(instance, g, float(more.node_kw[g])) for g in nodes]
    parts += [_site_words(instance, j, float(more.site_kw[j])) for j in sites]
    raised = replace(
        instance,
        max_power_kw=instance.max_power_kw + more.site_kw,
        supply=replace(instance.supply, headroom_kw=instance.supply.headroom_kw + more.node_kw),
    )
    rules = ",".join(rule for rule, rows in ((AT_SITES, sites), (AT_NODES, nodes)) if rows)
    told = (rules, joined(parts), None)
    yield _priced(raised, told, [] if sites else nodes, wanted)


def _node_words(instance: Instance, g: int, more_kw: float) -> Phrase:
    name, more = named(instance.supply_node_id[g]), kw(more_kw)
    there = kw(float(instance.supply.most_kw(instance.n_years)[g]))
    with_it = bool(instance.supply.ready(instance.n_years)[g])
    zh, en = (
        ("含可用增容", "its upgrade included") if with_it else ("无增容方案", "no upgrade on offer")
    )
    return Phrase(
        f"供电节点 {name.zh} 需再增加 {more.zh}（现有 {there.zh}，{zh}）",
        f"supply node {name.en} takes {more.en} more (there are {there.en}, {en})",
    )


def _site_words(instance: Instance, j: int, more_kw: float) -> Phrase:
    name, more = named(instance.site_id[j]), kw(more_kw)
    there = kw(float(instance.max_power_kw[j]))
    return Phrase(
        f"站址 {name.zh} 功率上限需再提高 {more.zh}（现为 {there.zh}）",
        f"site {name.en} takes a power limit {more.en} higher (it is {there.en})",
    )


def _priced(
    changed: Instance, told: tuple[str, Phrase, int | None], nodes: list[int], wanted: Wanted
) -> Repair:
    """Return a repair confirmed by a second solve, with the money it takes where that lacks."""
    rule, words, cost = told
    again = wanted.cheapest(changed)
    if not again.outcome.has_solution:
        free = wanted.cheapest(without_budgets(changed))
        lacking = np.maximum(free.spent_cny(changed) - changed.budget_cny[-1], 0)
        again = wanted.cheapest(with_money(changed, lacking))
        if lacking.any():
            more = yuan(int(lacking.sum()))
            words = Phrase(
                f"{words.zh}，预算需增加 {more.zh}", f"{words.en}, the budget raised by {more.en}"
            )
    where = changed.supply_node_id[nodes[0]] if len(nodes) == 1 else ""
    return Repair(rule, where, where, words, cost, again.outcome.has_solution)


def least_power(instance: Instance, at: set[str], wanted: Wanted) -> Power | None:
    """Return the least further power with which all rules hold, in whole kW; None where none does.

    Parameters
    ----------
    instance
        The problem; its money plays no part.
    at
        Where power may be added: ``AT_SITES``, ``AT_NODES`` or both.
    wanted
        What must be met; moment by which the solve has ended.
    """
    if not wanted.deadline.left_s():
        return None
    free = rules_only(without_budgets(instance))
    for rule in sorted(at):
        free = LEAVE_OUT[rule](free)
    model = posed(free, lean(free))
    if not demanded(model, wanted.asked):
        return None
    power = Power(np.zeros(len(instance.site_id)), np.zeros(len(instance.supply_node_id)))
    more = [(power.node_kw, _beyond_nodes(model, instance))] if AT_NODES in at else []
    more += [(power.site_kw, _beyond_sites(model, instance))] if AT_SITES in at else []
    every = [variable for _, found in more for variable in found.values()]
    model.problem.setObjective(pulp.LpAffineExpression(dict.fromkeys(every, 1.0)))
    if not solved(model, wanted.run, wanted.deadline).has_solution:
        return None
    for kilowatts, found in more:
        for row, variable in found.items():
            kilowatts[row] = ceil(float(variable.varValue or 0.0) - ROUNDING_KW)
    return power


def _beyond_nodes(model: Model, instance: Instance) -> dict[int, pulp.LpVariable]:
    """Add what is drawn at each supply node beyond its headroom and the upgrade in service."""
    supply, site = instance.supply, instance.group_site[instance.options.group]
    more = {}
    for g, terms in _drawn(model, instance.site_supply[site]).items():
        more[g] = model.problem.add_variable(f"more_node_{g}", 0)
        upgrade = {model.u[g, model.last]: -float(supply.upgrade_kw[g])} if _has(model, g) else {}
        row = terms | upgrade | {more[g]: -1.0}
        add_row(model, f"beyond_node_{g}", row, LESS, float(supply.headroom_kw[g]))
    return more


def _has(model: Model, g: int) -> bool:
    return (g, model.last) in model.u


def _beyond_sites(model: Model, instance: Instance) -> dict[int, pulp.LpVariable]:
    """Add what is drawn at each site beyond its limit."""
    more = {}
    for j, terms in _drawn(model, instance.group_site[instance.options.group]).items():
        more[j] = model.problem.add_variable(f"more_site_{j}", 0)
        row = terms | {more[j]: -1.0}
        add_row(model, f"beyond_site_{j}", row, LESS, float(instance.max_power_kw[j]))
    return more


def _drawn(model: Model, owner: Ints) -> dict[int, Terms]:
    """Return the kW that options draw, by what they draw it from: -1 is nobody."""
    drawn: dict[int, Terms] = {}
    for (o, _), z in model.z.items():
        if owner[o] >= 0 and model.instance.options.peak_kw[o] > 0:
            drawn.setdefault(int(owner[o]), {})[z] = float(model.instance.options.peak_kw[o])
    return drawn
