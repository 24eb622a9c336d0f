"""Mends motorways without fast charging: at candidates, by sites more, or by a longer gap."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import numpy as np

from planner.network import Alongside, Stretch
from planner.siting.instance import CHARGING, Instance
from planner.siting.kinds import fast_kinds
from planner.siting.options import BUILD, Floats
from planner.siting.reasons.confirm import Asked, Cheapest, cheapest
from planner.siting.reasons.conflicts import without_budgets
from planner.siting.reasons.phrases import Phrase, km, named, yuan
from planner.siting.reasons.repair_rows import Repair, Short
from planner.siting.way_access import largest_gap_m, uncovered_m

RULE = "highway_charging"
STEP_M = 100.0
"""A longer gap is named in steps of this."""


def highway_repairs(case: Short) -> Iterator[Repair]:
    """Yield the repairs of each stretch of motorway that is short, in the order of stretches."""
    ways = case.place.ways
    for h, (stretch, beside) in enumerate(zip(ways.stretches, ways.beside, strict=True)):
        gap_m = case.remains.answered.scenario.rules.highway_gap_m
        marks = _fast_marks(case, beside)
        if uncovered_m(marks, stretch.length_m, gap_m) <= 0:
            continue
        yield from _at_candidates(case, stretch, h)
        yield _sites_more(case, stretch, marks, gap_m)
        yield _longer_gap(stretch, marks, gap_m)


def _fast_marks(case: Short, beside: Alongside) -> Floats:
    """Return the positions along a stretch at which a fast station stands."""
    instance, chosen = case.instance, case.remains.chosen
    groups = instance.group_of()[beside.site, CHARGING]
    has = (groups >= 0) & (chosen[groups] >= 0)
    has &= instance.options.fast[chosen[groups]]
    return np.asarray(beside.position_m[has], dtype=float)


def _repair(stretch: Stretch, text: Phrase, cost: int, *, confirmed: bool) -> Repair:
    name = stretch.name or stretch.ref or stretch.stretch_id
    zh_way, en_way = stretch.direction.split(" / ")
    place = named(name)
    words = Phrase(f"{place.zh}（{zh_way}）：{text.zh}", f"{place.en} ({en_way}): {text.en}")
    return Repair(RULE, stretch.stretch_id, name, words, cost, confirmed)


def _at_candidates(case: Short, stretch: Stretch, h: int) -> Iterator[Repair]:
    """Yield the cheapest fast stations at candidates that fill what candidates can fill."""
    windows = case.instance.highway
    mine = [v for v in case.windows() if windows.owner[v] == h]
    fillable = [v for v in mine if _could(case.instance, v)]
    if not fillable:
        return
    found = _cheapest_fill(case, tuple(fillable))
    if not found.outcome.has_solution:
        return
    options = case.instance.options
    added = [int(o) for o in found.chosen[found.chosen >= 0] if options.fast[o]]
    added = [o for o in added if o not in case.remains.chosen and options.capital[o] > 0]
    left_m = float(windows.weight[sorted(set(mine) - set(fillable))].sum())
    price, money = case.price(case.instance, added), case.money_words(case.instance, added)
    cost, ids = yuan(price), [case.instance.site_id[_site(case, o)] for o in added]
    name = named("、".join(ids), ", ".join(ids))
    zh = f"在候选站址 {name.zh} 建快充站，投资 {cost.zh}{money.zh}"
    en = f"build fast stations at {name.en}, +{cost.en}{money.en}"
    if left_m > 0:
        rest = km(left_m)
        zh, en = f"{zh}，仍有 {rest.zh}不达标", f"{en}, {rest.en} stay short"
    holds = case.holds(case.instance, added, Asked((), tuple(fillable)))
    yield _repair(stretch, Phrase(zh, en), price, confirmed=holds)


def _site(case: Short, o: int) -> int:
    return int(case.instance.group_site[case.instance.options.group[o]])


def _could(instance: Instance, window: int) -> bool:
    """Return whether a fast station may stand in a window at all."""
    groups = instance.group_of()[instance.highway.pair_site, CHARGING]
    here = groups[instance.highway.pair_window == window]
    return bool(np.isin(instance.options.group[instance.options.fast], here).any())


def _cheapest_fill(case: Short, windows: tuple[int, ...]) -> Cheapest:
    """Return the cheapest fast stations for some windows, whatever the money."""
    rich = without_budgets(case.instance)
    run = case.remains.answered.scenario.run
    return cheapest(rich, Asked((), windows), run, case.deadline)


def _sites_more(case: Short, stretch: Stretch, marks: Floats, gap_m: float) -> Repair:
    """Return how many sites more the stretch needs, where, and what they cost.

    Each new site stands as far ahead of the first uncovered start as the gap allows, which
    takes the fewest. The check without a solver is proof: the rule is measured again.
    """
    added = positions_needed(marks, stretch.length_m, gap_m)
    scenario, options = case.remains.answered.scenario, case.instance.options
    fast = fast_kinds(scenario)
    prices = [
        row.fixed_cost_cny + row.min_units * row.unit_cost_cny
        for row, strong in zip(scenario.technologies.values(), fast, strict=True)
        if strong
    ]
    known = options.capital[(options.action == BUILD) & options.fast]
    each = int(min([*prices, *known.tolist()], default=0))
    cost, places = yuan(each * len(added)), [f"{metres / 1000:,.1f}" for metres in added]
    text = Phrase(
        f"增设 {len(added)} 处快充站址（{'、'.join(places)} 公里处），投资 {cost.zh}，不含供电",
        f"{len(added)} more {'site' if len(added) == 1 else 'sites'} (at km {', '.join(places)}), "
        f"+{cost.en} without power supply",
    )
    after = uncovered_m(np.append(marks, added), stretch.length_m, gap_m)
    return _repair(stretch, text, each * len(added), confirmed=after <= 0 and each > 0)


def positions_needed(marks_m: Floats, length_m: float, gap_m: float) -> list[float]:
    """Return the fewest further positions that leave no start of a stretch uncovered.

    Examples
    --------
    >>> positions_needed(np.array([70_000.0]), 150_000.0, 50_000.0)
    [50000.0, 120000.0]
    """
    added: list[float] = []
    reached, last_m = 0.0, length_m - gap_m
    for mark in [*np.sort(marks_m).tolist(), np.inf]:
        while reached < last_m and mark - gap_m > reached:
            added.append(round(reached + gap_m, 3))
            reached = added[-1]
        reached = max(reached, min(mark, last_m))
    return added


def _longer_gap(stretch: Stretch, marks: Floats, gap_m: float) -> Repair:
    """Return the gap at which the stretch would do as planned; measured again."""
    largest = largest_gap_m(marks, stretch.length_m)
    wide_m = ceil(largest / STEP_M) * STEP_M
    there, rule, wide = km(largest), km(gap_m), km(wide_m)
    text = Phrase(
        f"最大间距 {there.zh}，规则 {rule.zh}：放宽至 {wide.zh}",
        f"largest gap {there.en}, rule {rule.en}: raise it to {wide.en}",
    )
    return _repair(stretch, text, 0, confirmed=uncovered_m(marks, stretch.length_m, wide_m) <= 0)
