"""Mends townships without a station: at a candidate, by a wider radius, or by one site more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

import numpy as np
import pandas as pd

from planner.network import distance_pairs, node_rows
from planner.siting.access import FARTHEST_M
from planner.siting.instance import CHARGING, Instance
from planner.siting.options import Floats, Ints
from planner.siting.reasons.additions import NewSite, nearest_supply, with_sites
from planner.siting.reasons.confirm import Asked
from planner.siting.reasons.phrases import Phrase, km, named, yuan
from planner.siting.reasons.repair_rows import Repair, Short

RULE = "township_charging"
STEP_M = 100.0
"""A wider radius is named in steps of this."""


def township_repairs(case: Short) -> Iterator[Repair]:
    """Yield the repairs of each township that is short, in the order of the townships."""
    short = case.townships()
    if not short:
        return
    away = _candidates_away(case, short)
    enlarged = _enlarged(case, short)
    for number, w in enumerate(short):
        at_candidate = list(_at_candidate(case, w))
        yield from at_candidate
        yield from _wider_radius(case, w, away[number])
        if not at_candidate:
            yield _site_more(case, enlarged, w, len(case.instance.group_site) + number)


def _repair(case: Short, w: int, text: Phrase, cost: int, *, confirmed: bool) -> Repair:
    """Return a repair of a township, whose name and nearest candidate it begins with."""
    row = case.remains.answered.inputs.townships.iloc[w]
    name = named(row["name"])
    words = Phrase(f"{name.zh}：{text.zh}", f"{name.en}: {text.en}")
    return Repair(RULE, str(row["township_id"]), str(row["name"]), words, cost, confirmed)


def _at_candidate(case: Short, w: int) -> Iterator[Repair]:
    """Yield the cheapest station at a candidate in reach that power leaves room for."""
    instance, options = case.instance, case.instance.options
    near = instance.township_pair_site[instance.township_pair == w]
    groups = instance.group_of()[near, CHARGING]
    mine = np.flatnonzero(np.isin(options.group, groups[groups >= 0]))
    fitting = [o for o in mine.tolist() if options.peak_kw[o] <= _room(case, o)]
    if not fitting:
        return
    o = min(fitting, key=lambda o: (int(options.capital[o]), o))
    site = named(instance.site_id[instance.group_site[options.group[o]]])
    price, money = yuan(case.price(instance, [o])), case.money_words(instance, [o])
    text = Phrase(
        f"在候选站址 {site.zh} 建站，投资 {price.zh}{money.zh}",
        f"build at candidate site {site.en}, +{price.en}{money.en}",
    )
    holds = case.holds(instance, [o], Asked((w,)))
    yield _repair(case, w, text, case.price(instance, [o]), confirmed=holds)


def _room(case: Short, o: int) -> float:
    return case.remains.room_kw(int(case.instance.options.group[o])) + 1e-9


def _candidates_away(case: Short, short: tuple[int, ...]) -> Floats:
    """Return (short, J) metres from each township to each site for charging; inf where none."""
    instance = case.instance
    may = instance.group_of()[:, CHARGING] >= 0
    nodes = node_rows(case.place.network, case.place.sites["node_id"])
    start = case.place.townships.node[list(short)]
    found = distance_pairs(case.place.network, start, nodes, limit_m=FARTHEST_M)
    table = np.full((len(short), len(instance.site_id)), np.inf)
    table[found.start, found.end] = found.metres
    table[:, ~may] = np.inf
    return table


def _wider_radius(case: Short, w: int, away: Floats) -> Iterator[Repair]:
    """Yield the radius at which the nearest station, and the nearest candidate, would do."""
    instance, chosen = case.instance, case.remains.chosen
    rule_m = case.remains.answered.scenario.rules.township_radius_m
    groups = instance.group_of()[:, CHARGING]
    stands = (groups >= 0) & (chosen[groups] >= 0)
    if not len(away):
        return
    nearest = int(np.where(stands, np.inf, away).argmin())
    station = int(np.where(stands, away, np.inf).argmin())
    if stands.any() and np.isfinite(away[station]):
        yield _radius(case, w, station, [], away[station])
    beyond = rule_m < away[nearest] < away[station]
    if not stands[nearest] and np.isfinite(away[nearest]) and beyond:
        options = instance.options
        mine = np.flatnonzero(options.group == groups[nearest]).tolist()
        fitting = [o for o in mine if options.peak_kw[o] <= _room(case, o)]
        if fitting:
            cheapest = min(fitting, key=lambda o: (int(options.capital[o]), o))
            yield _radius(case, w, nearest, [cheapest], away[nearest])


def _radius(case: Short, w: int, j: int, added: list[int], metres: float) -> Repair:
    instance = case.instance
    rule = km(case.remains.answered.scenario.rules.township_radius_m)
    wide_m = ceil(metres / STEP_M) * STEP_M
    there, wide = km(metres), km(wide_m)
    what = Phrase("候选站址", "candidate") if added else Phrase("充电站", "station")
    zh = f"最近{what.zh} {there.zh}，规则 {rule.zh}：半径放宽至 {wide.zh}"
    en = f"nearest {what.en} {there.en}, rule {rule.en}: raise the radius to {wide.en}"
    if added:
        price, money = yuan(case.price(instance, added)), case.money_words(instance, added)
        zh, en = (
            f"{zh}并在此建站，投资 {price.zh}{money.zh}",
            (f"{en} and build there, +{price.en}{money.en}"),
        )
    widened = replace(
        instance,
        township_pair=np.append(instance.township_pair, w),
        township_pair_site=np.append(instance.township_pair_site, j),
    )
    holds = case.holds(widened, added, Asked((w,)))
    return _repair(case, w, Phrase(zh, en), case.price(instance, added), confirmed=holds)


def _enlarged(case: Short, short: tuple[int, ...]) -> Instance:
    """Return the problem with a site at the node of each township that is short."""
    answered, instance = case.remains.answered, case.instance
    townships = answered.inputs.townships.iloc[list(short)]
    supply = nearest_supply(answered.inputs, townships.geometry)
    county = pd.Index(instance.county_id).get_indexer(townships["county_id"])
    sites = [
        NewSite(f"new-{township}", int(c), int(g), (w,))
        for township, c, g, w in zip(townships["township_id"], county, supply, short, strict=True)
    ]
    return with_sites(instance, sites, answered.scenario)


def _site_more(case: Short, enlarged: Instance, w: int, group: int) -> Repair:
    """Return the cheapest station at the township itself that power leaves room for."""
    options = enlarged.options
    mine: Ints = np.flatnonzero(options.group == group)
    j = int(enlarged.group_site[group])
    room = min(
        float(enlarged.max_power_kw[j]), float(case.remains.free_kw[enlarged.site_supply[j]])
    )
    fitting = mine[options.peak_kw[mine] <= room + 1e-9]
    pool = fitting if len(fitting) else mine
    o = int(pool[options.capital[pool].argmin()])
    price, money = yuan(int(options.capital[o])), case.money_words(enlarged, [o])
    zh, en = f"在该乡镇增设一处站址，投资 {price.zh}", f"one site more at the township, +{price.en}"
    if not len(fitting):
        zh, en = f"{zh}，另需供电增容", f"{en}, and more power there"
    holds = bool(len(fitting)) and case.holds(enlarged, [o], Asked((w,)))
    cost = int(options.capital[o])
    return _repair(case, w, Phrase(zh + money.zh, en + money.en), cost, confirmed=holds)
