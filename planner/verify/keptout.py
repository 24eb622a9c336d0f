"""Proves what the plan says keeps each site without a station out: power, money, demand, rules."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.verify.alongside import places_along
from planner.verify.faults import Fault, Faults
from planner.verify.files import PlanFiles
from planner.verify.graph import graph_of, metres_toward
from planner.verify.highways import chains
from planner.verify.offers import (
    POWER_TOLERANCE_KW,
    Key,
    Offer,
    budgets,
    limits_of,
    money_left,
    offers_of,
    possible,
)
from planner.verify.pairs import covers, served_by_site, site_rows
from planner.verify.siterules import decides
from planner.verify.stretches import Chain
from planner.verify.told import Told, shown_as, told_against
from planner.verify.trips import paths

NOTHING_LEFT = 1e-6
"""Share of the demand in reach below which what is unserved is rounding."""
AMOUNT_TOLERANCE = 1e-5


class Why(NamedTuple):
    """What keeps a site out: a kind of reason, its figures, and what each of them is."""

    kind: str
    figures: tuple[float, ...] = ()
    are: tuple[str, ...] = ()


def kept_out(plan: PlanFiles) -> Faults:
    """Prove the reason of every site and energy that could have a station and has none.

    What is not looked at: whether a site without any demand in reach could answer a trip.
    """
    rows, told = plan.once(site_rows), plan.layer("site_reasons")
    keys = set(zip(told["site_id"], told["energy"], strict=True))
    for site, energy in sorted(plan.once(offers_of).keys() - keys):
        yield Fault(f"no reason is told for its {energy}", site)
    for row in told[~told["chosen"].astype(bool)].itertuples():
        key = (str(row.site_id), str(row.energy))
        if key not in plan.once(offers_of) or key[0] not in rows:
            yield Fault(f"{key[1]}: nothing could stand there at all", key[0])
            continue
        found = told_against(str(row.reason))
        if found is None:
            yield Fault(f"{key[1]}: no reason is known in these words: {row.reason}"[:200], key[0])
            continue
        yield from _holds(plan, key, *found)


def _holds(plan: PlanFiles, key: Key, kind: str, told: Told) -> Faults:
    proven = _reasons(plan, key)
    same = [why for why in proven if why.kind == kind]
    if not same:
        what = f"{key[1]}: {kind} is said to keep it out, proven {proven[0].kind}"
        yield Fault(what, key[0])
        return
    if not any(_alike(told, why) for why in same):
        what = f"{key[1]}: {kind} is told with {told.figures}, proven {same[0].figures}"
        yield Fault(what, key[0])
    if kind == "served" and not _serves_most(plan, key, told.name):
        yield Fault(f"{key[1]}: {told.name} does not serve most of its demand", key[0])


def _alike(told: Told, why: Why) -> bool:
    pairs = zip(told.figures, why.figures, why.are, strict=True)
    return all(shown_as(shown, proven, kind) for shown, proven, kind in pairs)


def _reasons(plan: PlanFiles, key: Key) -> list[Why]:
    """Return what keeps a site out; more than one only where two are as good as equal."""
    if key not in plan.once(possible):
        return [_impossible(plan, key)]
    offers = plan.once(possible)[key]
    cover, row = plan.once(covers)[key[1]], plan.once(site_rows)[key[0]]
    near = cover.near[[row]]
    reached, unserved = float((near @ cover.demand)[0]), float((near @ cover.unserved)[0])
    if reached <= 0:
        return _without_demand(plan, key)
    gain = min(unserved, max(offer.capacity for offer in offers))
    found = []
    if gain <= NOTHING_LEFT * reached + AMOUNT_TOLERANCE:
        found.append(Why("served"))
    if gain > NOTHING_LEFT * reached - AMOUNT_TOLERANCE:
        found.append(_too_little_left(plan, key, offers, gain))
    return found


def _impossible(plan: PlanFiles, key: Key) -> Why:
    offers = plan.once(offers_of)[key]
    limit, least = plan.once(limits_of).most_kw[key[0]], min(offer.peak_kw for offer in offers)
    if least > limit:
        return Why("power", (least, limit), ("kw", "kw"))
    cheapest = min(offers, key=lambda offer: offer.capital_cny)
    money = plan.once(budgets)[cheapest.payer]
    return Why(cheapest.payer, (float(cheapest.capital_cny), float(money)), ("cny", "cny"))


def _too_little_left(plan: PlanFiles, key: Key, offers: list[Offer], gain: float) -> Why:
    limits = plan.once(limits_of)
    room = min(limits.site_kw[key[0]], limits.node_kw[key[0]])
    fits = [offer for offer in offers if offer.peak_kw <= room + POWER_TOLERANCE_KW]
    if not fits:
        least = min(offer.peak_kw for offer in offers)
        return Why("no_power_left", (least, max(room, 0.0)), ("kw", "kw"))
    cheapest = min(fits, key=lambda offer: offer.capital_cny)
    left, cost = plan.once(money_left)[cheapest.payer], float(cheapest.capital_cny)
    if cost > left:
        return Why(cheapest.payer, (cost, float(left)), ("cny", "cny"))
    return Why("tolerance", (gain, cost), ("day", "cny"))


def _without_demand(plan: PlanFiles, key: Key) -> list[Why]:
    """Return why a site that reaches no demand stays empty: there are rules it could answer."""
    if key[1] == "charging" and (_near_township(plan, key[0]) or _beside_motorway(plan, key[0])):
        return [Why("rules")]
    trips = plan.layer("trip_access")
    own = {
        str(name): chain
        for name, chain in plan.once(paths).items()
        if isinstance(chain, Chain) and name in set(trips[trips["energy"] == key[1]]["trip_id"])
    }
    beside = any(places_along(plan, own, _node(plan, key[0])).values())
    return [Why("nobody"), Why("rules")] if beside else [Why("nobody")]


def _node(plan: PlanFiles, site: str) -> frozenset[int]:
    sites = plan.layer("candidate_sites")
    rows = plan.once(graph_of).rows_of(sites[sites["site_id"] == site]["node_id"])
    return frozenset(int(row) for row in rows if row >= 0)


def _near_township(plan: PlanFiles, site: str) -> bool:
    graph, access = plan.once(graph_of), plan.layer("township_access")
    source = np.array(sorted(_node(plan, site)), dtype=np.int64)
    radius = plan.number("settings", "rules", "township_radius_m")
    metres = metres_toward(graph, graph.arcs(toward=True), source, radius)
    rows = graph.rows_of(access["node_id"])
    return bool((metres[:, rows[rows >= 0]] <= radius).any())


def _beside_motorway(plan: PlanFiles, site: str) -> bool:
    if not decides(plan, "highway_charging"):
        return False
    gap = plan.number("settings", "rules", "highway_gap_m")
    own = {
        name: chain
        for name, chain in plan.once(chains).items()
        if isinstance(chain, Chain) and chain.position_m[-1] > gap
    }
    along = places_along(plan, own, _node(plan, site))
    return any(metres > 0 for places in along.values() for metres in places.values())


def _serves_most(plan: PlanFiles, key: Key, name: str | None) -> bool:
    """Return whether a station serves as much as any other of what a site would reach."""
    cover, rows = plan.once(covers)[key[1]], plan.once(site_rows)
    near = cover.near[[rows[key[0]]]]
    load = np.asarray(plan.once(served_by_site)[key[1]] @ near.T.toarray()[:, 0])
    amounts = {site.replace("/", "／"): load[row] for site, row in rows.items()}
    best = max(amounts.values(), default=0.0)
    if name is None:
        return bool(best <= 0)
    return bool(amounts.get(name, -1.0) >= best - AMOUNT_TOLERANCE)
