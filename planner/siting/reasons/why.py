"""Says why each station stands where it does and why each other site has none."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from planner import layers
from planner.layers import ENERGIES
from planner.siting.instance import CHARGING
from planner.siting.made_layers import Answered
from planner.siting.options import ACTIONS, Ints
from planner.siting.reasons.phrases import Phrase, a_day, joined, km, kw, named, yuan
from planner.siting.reasons.remains import Remains
from planner.siting.reasons.rivals import best_rivals, replacement_cny

ACTION_WORDS = {
    "keep": Phrase("现有站，保留", "an existing station, kept"),
    "build": Phrase("新建", "built"),
    "extend": Phrase("现有站，扩容", "an existing station, extended"),
    "upgrade": Phrase("现有站，升级", "an existing station, upgraded"),
}
LOCKED = Phrase("评审要求建站", "a review asks for it")
NOBODY = Phrase(
    "服务半径内无需求，也不涉及任何规则",
    "no demand within its service radius, and no rule that it could answer",
)
SERVED_BY_OTHERS = Phrase(
    "可达需求已由其他站点全部服务", "all demand within its reach is served by other stations"
)
RULES_MET = Phrase("相关规则已由其他站点满足", "other stations answer the rules it could answer")
PURSES = (Phrase("公共资金", "public money"), Phrase("企业资金", "enterprises' money"))
"""Whose money it is, in the order of :data:`planner.siting.instance.PAYERS`."""
NOTHING_LEFT = 1e-6
"""Share of the demand in reach below which what is unserved is rounding."""


def site_reasons(answered: Answered) -> pd.DataFrame:
    """Return the layer SITE_REASONS: each energy of each usable site, in words.

    For a station: the demand that no other station reaches, the rules that hang on it, and
    the best rival: the site without a station that reaches most of that demand (of what it
    serves, where nothing would be lost), with the capital that moving there would add. For
    a site without one: what keeps it out, the first that applies of its power, money, demand
    in reach, demand left unserved, power left, money left and tolerance.

    Computed from the problem and its answer alone: no solver runs. Sites that were rejected
    before the model have their reason in the layer CANDIDATE_SITES.
    """
    remains = Remains(answered)
    rivals = best_rivals(remains)
    instance, chosen = answered.instance, remains.chosen
    load = answered.load("after") / 1e6
    rows = []
    for s in range(len(chosen)):
        stands = bool(chosen[s] >= 0)
        reason = _why_here(remains, s, float(load[s])) if stands else _why_not(remains, s)
        rival = int(rivals[s])
        rows.append(
            {
                "site_id": instance.site_id[instance.group_site[s]],
                "energy": ENERGIES[instance.group_energy[s]],
                "chosen": stands,
                "reason": reason.halves(),
                "lost_per_day": round(float(remains.lost[s]), 6) if stands else None,
                "rival_site_id": instance.site_id[instance.group_site[rival]]
                if rival >= 0
                else None,
                "replacement_cny": replacement_cny(remains, s, rival, float(load[s]))
                if rival >= 0
                else None,
            }
        )
    frame = pd.DataFrame(rows, columns=layers.SITE_REASONS.column_names())
    frame = frame.astype({column.name: column.dtype for column in layers.SITE_REASONS.columns})
    return layers.validate(frame, layers.SITE_REASONS)


def _why_here(remains: Remains, s: int, load: float) -> Phrase:
    instance = remains.instance
    action = ACTIONS[instance.options.action[remains.chosen[s]]]
    parts = [ACTION_WORDS[action]]
    if any(s in groups for groups in instance.locked):
        parts.append(LOCKED)
    needed = list(_rules_on_it(remains, s))
    energy = int(instance.group_energy[s])
    if remains.lost[s] > 0:
        needed.insert(0, _lost(remains, s))
    if not needed and load > 0:
        served = a_day(load, energy)
        zh = f"可达需求另有站点覆盖，本站分担{served.zh}"
        needed.append(Phrase(zh, f"others reach the same demand; it takes {served.en} of it"))
    if not needed:
        zh = "无其他站点无法替代的作用"
        needed.append(Phrase(zh, "nothing hangs on it alone"))
    return joined([*parts, *needed])


def _lost(remains: Remains, s: int) -> Phrase:
    """Say how much would lose cover, and in which county most of it lies."""
    instance = remains.instance
    energy = int(instance.group_energy[s])
    near = remains.pairs_of[s]
    mine = near[remains.pair_sole[near]]
    points = instance.pair_demand[mine]
    weight, county = remains.demand[points, energy], instance.demand_county[points]
    amount = a_day(float(remains.lost[s]), energy)
    zh, en = f"{amount.zh}的需求仅本站可达", f"{amount.en} is in reach of no other station"
    if (county >= 0).any():
        most = int(np.bincount(county[county >= 0], weight[county >= 0]).argmax())
        name = _county(remains.answered, most)
        zh, en = f"{zh}（主要在{name.zh}）", f"{en} (mostly in {name.en})"
    return Phrase(zh, en)


def _county(answered: Answered, c: int) -> Phrase:
    row = answered.inputs.counties.iloc[c]
    english = row.get("name_en")
    given = isinstance(english, str) and english
    return named(row["name"], english if given else str(row["county_id"]))


def _rules_on_it(remains: Remains, s: int) -> Iterator[Phrase]:
    """Yield what would be short without the station."""
    if remains.instance.group_energy[s] == CHARGING:
        if n := int(remains.townships_held[s]):
            zh = f"缺少本站将有 {n} 个乡镇不达标"
            many = "township" if n == 1 else "townships"
            yield Phrase(zh, f"{n} {many} would be short without it")
        if metres := float(remains.highway_held_m[s]):
            length = km(metres)
            zh = f"缺少本站高速公路将有 {length.zh}不达标"
            yield Phrase(zh, f"{length.en} of motorway would be short without it")
    if trips := float(remains.trips_held[s]):
        zh = f"缺少本站每日 {trips:,.0f} 车次无法补能"
        yield Phrase(zh, f"{trips:,.0f} trips a day could not refuel without it")


def _why_not(remains: Remains, s: int) -> Phrase:
    instance = remains.instance
    mine = remains.options_of[s]
    possible = mine[remains.possible[mine]]
    if not len(possible):
        return _impossible(remains, s, mine)
    energy = int(instance.group_energy[s])
    near = remains.pairs_of.get(s, np.zeros(0, dtype=np.int64))
    reached = float(remains.demand[instance.pair_demand[near], energy].sum())
    gain = min(
        float(remains.unserved_near[s]), float(instance.options.capacity[possible].max(initial=0.0))
    )
    if reached <= 0:
        return RULES_MET if _answers_a_rule(instance.township_pair_site, remains, s) else NOBODY
    if gain <= NOTHING_LEFT * reached:
        return _served_by(remains, s, near)
    return _kept_out(remains, s, possible, gain)


def _answers_a_rule(township_sites: Ints, remains: Remains, s: int) -> bool:
    instance = remains.instance
    j, energy = instance.group_site[s], instance.group_energy[s]
    if energy == CHARGING and (j in township_sites or j in instance.highway.pair_site):
        return True
    at = instance.trips.pair_window[instance.trips.pair_site == j]
    return bool((instance.trip_energy[instance.trips.owner[at]] == energy).any())


def _impossible(remains: Remains, s: int, mine: Ints) -> Phrase:
    """Say why no option of a group can stand at all: its power, else its money."""
    instance, options = remains.instance, remains.instance.options
    j = int(instance.group_site[s])
    most = np.append(instance.supply.most_kw(instance.n_years), np.inf)[instance.site_supply[j]]
    limit, least = min(float(instance.max_power_kw[j]), float(most)), options.peak_kw[mine].min()
    if least > limit:
        need, there = kw(float(least)), kw(limit)
        return Phrase(
            f"供电不足：最小方案需 {need.zh}，仅有 {there.zh}",
            f"too little power: the smallest station draws {need.en}, there are {there.en}",
        )
    cheapest = mine[options.capital[mine].argmin()]
    money = int(instance.budget_cny[-1, options.payer[cheapest]])
    return _too_dear(int(options.capital[cheapest]), money, int(options.payer[cheapest]))


def _too_dear(cost: int, money: int, payer: int) -> Phrase:
    who = PURSES[payer]
    need, there = yuan(cost), yuan(money)
    return Phrase(
        f"{who.zh}不足：最便宜方案需 {need.zh}，剩余 {there.zh}",
        f"too little {who.en}: the cheapest station costs {need.en}, {there.en} is left",
    )


def _served_by(remains: Remains, s: int, near: Ints) -> Phrase:
    """Say which station serves most of what the group would reach."""
    instance, after = remains.instance, remains.answered.service["after"]
    energy = int(instance.group_energy[s])
    points = instance.pair_demand[near]
    mine = (after.energy == energy) & np.isin(after.demand, points)
    if not mine.any():
        return SERVED_BY_OTHERS
    by_site = np.bincount(after.site[mine], after.micro[mine])
    top = instance.site_id[int(by_site.argmax())]
    name = named(top)
    return Phrase(
        f"{SERVED_BY_OTHERS.zh}，主要由 {name.zh}", f"{SERVED_BY_OTHERS.en}, mostly from {name.en}"
    )


def _kept_out(remains: Remains, s: int, possible: Ints, gain: float) -> Phrase:
    """Say what keeps out a site that could serve more: power left, money left, or tolerance."""
    options = remains.instance.options
    room = remains.room_kw(s)
    fitting = possible[options.peak_kw[possible] <= room + 1e-9]
    if not len(fitting):
        need, there = kw(float(options.peak_kw[possible].min())), kw(max(room, 0.0))
        return Phrase(
            f"供电余量不足：最小方案需 {need.zh}，规划后剩余 {there.zh}",
            f"no power left: the smallest station draws {need.en}, the plan leaves {there.en}",
        )
    cheapest = int(fitting[options.capital[fitting].argmin()])
    payer, cost = int(options.payer[cheapest]), int(options.capital[cheapest])
    if cost > remains.left_cny[payer]:
        return _too_dear(cost, int(remains.left_cny[payer]), payer)
    more, price = a_day(gain, int(remains.instance.group_energy[s])), yuan(cost)
    return Phrase(
        f"至多可多服务{more.zh}，投资 {price.zh} 起，增量在规划目标的容差之内",
        f"it could serve at most {more.en} more, from {price.en}: within the tolerance of the "
        "plan's goals",
    )
