"""Lists what would mend each rule a plan is short of, with its price, each proved once more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from planner import layers
from planner.scenario.models import RunSettings
from planner.siting.from_layers import Place
from planner.siting.instance import Instance
from planner.siting.made_layers import Answered
from planner.siting.reasons.additions import with_money
from planner.siting.reasons.bans import unbanned
from planner.siting.reasons.confirm import Asked, cheapest, fillable
from planner.siting.reasons.conflicts import RULES, smallest_conflict, without_budgets
from planner.siting.reasons.phrases import Phrase, joined, yuan
from planner.siting.reasons.power_repairs import Wanted, power_repairs
from planner.siting.reasons.remains import Remains
from planner.siting.reasons.repair_rows import Repair, Short
from planner.siting.reasons.township_repairs import township_repairs
from planner.siting.reasons.way_repairs import highway_repairs
from planner.solver import Deadline

MOST_S = 120.0
"""Seconds for all confirmations of a plan together, unless the caller says otherwise."""


def repairs(
    answered: Answered,
    place: Place,
    deadline: Deadline | None = None,
    candidate_sites: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """Return the layer REPAIRS: for each rule the plan is short of, what would mend it.

    First the rules in conflict, if sites could meet what is short but the rules together
    forbid it, the power that would lift a conflict over power, and the money the cheapest plan
    under all rules takes; then each township and
    each stretch of motorway: a station at a candidate, a wider rule, or one site more.

    Parameters
    ----------
    answered
        The problem and its answer.
    place
        The ground the problem was made from.
    deadline
        Moment by which all solves have ended; what is not confirmed by then says so.
    candidate_sites
        All candidate sites, those that reviews refuse among them; without it refusals are
        not looked at.
    """
    deadline = deadline or Deadline.after(MOST_S)
    case = Short(Remains(answered), place, deadline)
    found = [*_together(case, candidate_sites), *township_repairs(case), *highway_repairs(case)]
    return repair_frame(found)


def repair_frame(found: list[Repair]) -> pd.DataFrame:
    """Return repairs as the layer REPAIRS."""
    rows = [
        {
            "rule_id": repair.rule_id,
            "where_id": repair.where_id,
            "where_name": repair.where_name,
            "text_zh": repair.text.zh,
            "text_en": repair.text.en,
            "cost_cny": repair.cost_cny,
            "confirmed": repair.confirmed,
        }
        for repair in found
    ]
    frame = pd.DataFrame(rows, columns=layers.REPAIRS.column_names())
    frame = frame.astype({column.name: column.dtype for column in layers.REPAIRS.columns})
    return layers.validate(frame, layers.REPAIRS)


def _together(case: Short, candidate_sites: gpd.GeoDataFrame | None) -> Iterator[Repair]:
    """Yield the rules in conflict over what is short, and the budget that would do."""
    answered = case.remains.answered
    instance, run = answered.instance, answered.scenario.run
    short = Asked(case.townships(), case.windows())
    freed = unbanned(instance, answered, case.place, candidate_sites)
    could, free = fillable(instance), fillable(freed)
    mendable = Asked(
        tuple(sorted(set(short.townships) & set(free.townships))),
        tuple(sorted(set(short.windows) & set(free.windows))),
    )
    if not mendable.townships and not mendable.windows:
        return
    found = smallest_conflict(instance, freed, _all_of(free, case), run, case.deadline)
    if found.rules:
        yield Repair(",".join(found.rules), "", "", conflict_text(found.rules), None, found.proven)
    every = _all_of(could, case)
    yield from power_repairs(instance, found.rules, Wanted(every, run, case.deadline))
    yield from budget_repairs(instance, every, run, case.deadline)


def _all_of(could: Asked, case: Short) -> Asked:
    """Return what sites could meet among townships that can be checked, and windows."""
    checked = set(np.flatnonzero(case.place.townships.node >= 0).tolist())
    return Asked(tuple(w for w in could.townships if w in checked), could.windows)


def conflict_text(rules: tuple[str, ...]) -> Phrase:
    """Say which rules cannot hold together."""
    names = joined(RULES[rule] for rule in rules)
    if len(rules) == 1:
        return Phrase(f"无法满足：{names.zh}", f"cannot hold: {names.en}")
    return Phrase(
        f"以下规则合在一起不能同时满足，少其中任意一项则可：{names.zh}",
        f"these rules cannot all hold together, any one fewer of them can: {names.en}",
    )


@dataclass(frozen=True)
class _Purse:
    """What is said of a payer's money."""

    rule_id: str
    name: Phrase


PURSES = (
    _Purse("siting.budget_cny", Phrase("公共资金", "the public budget")),
    _Purse("siting.hydrogen_budget_cny", Phrase("企业资金", "enterprises' money")),
)


def budget_repairs(
    instance: Instance, asked: Asked, run: RunSettings, deadline: Deadline
) -> Iterator[Repair]:
    """Yield the money that the cheapest plan under all rules takes, where there is too little.

    Confirmed by a second solve with just that money.
    """
    free = cheapest(without_budgets(instance), asked, run, deadline)
    if not free.outcome.has_solution:
        return
    there = instance.budget_cny[-1]
    spent = free.spent_cny(instance)
    again = cheapest(with_money(instance, spent - there), asked, run, deadline)
    for payer in np.flatnonzero(spent > there).tolist():
        lacking = int(spent[payer] - there[payer])
        purse, more = PURSES[payer], yuan(lacking)
        need, now = yuan(int(spent[payer])), yuan(int(there[payer]))
        text = Phrase(
            f"满足全部规则的最便宜方案需{purse.name.zh} {need.zh}，现有 {now.zh}：增加 {more.zh}",
            f"the cheapest plan under all rules takes {need.en} of {purse.name.en}, there are "
            f"{now.en}: raise it by {more.en}",
        )
        yield Repair(purse.rule_id, "", "", text, lacking, again.outcome.has_solution)
