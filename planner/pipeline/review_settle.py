"""Settles what a plan is asked by reviewers: what may be asked, and what became of the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import geopandas as gpd
import pandas as pd

from planner.candidates import make_candidate_sites
from planner.inputs import Inputs, Reviews, Wish, merged
from planner.inputs.review_rows import check_targets, owner, provenance_of, with_wishes
from planner.layers import ENERGIES
from planner.network import RoadNetwork
from planner.outputs.road_words import reason_words, zone_names
from planner.outputs.wording import Both
from planner.pipeline import review_fates as fates
from planner.pipeline.review_fates import Fate
from planner.scenario import Scenario
from planner.siting.asked import barred_locks
from planner.testroads.trial import RoadGround, barred_segments, road_ground

ALL = "all"


@dataclass(frozen=True)
class Ground:
    """A case before any decision: its layers, network, demand and candidate sites."""

    scenario: Scenario
    inputs: Inputs
    network: RoadNetwork
    demand_points: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame

    def under(self, wishes: Iterable[Wish]) -> Ground:
        """Return the case with what is wished in its layers."""
        given = list(wishes)
        inputs = with_wishes(self.inputs, given)
        if all(wish.mark.of_road for wish in given):
            return replace(self, inputs=inputs)
        sites = make_candidate_sites(inputs, self.network, self.demand_points, self.scenario)
        return replace(self, inputs=inputs, sites=sites)


@dataclass(frozen=True)
class Settled:
    """The marks of a review and what the program is asked of them.

    Parameters
    ----------
    reviews
        The marks as read.
    bare
        The case without them.
    asked
        The case with the wishes that may be asked.
    wishes
        These wishes, by log id.
    fates
        What became of all other marks, by log id.
    roads
        What the roads allow without any mark; only where a mark is about roads.
    """

    reviews: Reviews
    bare: Ground
    asked: Ground
    wishes: tuple[Wish, ...]
    fates: dict[str, Fate]
    roads: RoadGround | None = field(repr=False)

    def of_sites(self) -> list[Wish]:
        """Return the wishes about sites."""
        return [wish for wish in self.wishes if not wish.mark.of_road]

    def of_roads(self) -> list[Wish]:
        """Return the wishes about roads."""
        return [wish for wish in self.wishes if wish.mark.of_road]


def settle(ground: Ground, reviews: Reviews) -> Settled:
    """Return what a plan may be asked by reviewers, and why the rest may not.

    A mark is set aside with the others of which only one can hold, or alone where it cannot
    hold beside the case's own reviews or a rule: what stands already, safety, the place, power,
    money, the length of the test roads. No mark ever stops the plan.

    Raises
    ------
    InputError
        If a mark names what the case does not have, or moves a station out of it.
    """
    check_targets(
        reviews,
        ground.inputs,
        ground.sites["site_id"],
        ground.network.segments["segment_id"],
    )
    by_id = {row.log_id: row for row in reviews.marks}
    found = merged(reviews.marks)
    told = {name: fates.superseded(by_id[by]) for name, by in found.replaced.items()}
    told |= {name: fates.repeated(by_id[by]) for name, by in found.repeated.items()}
    for name, others in found.clashes.items():
        told[name] = fates.contradicted(by_id[other] for other in others)
    wishes = [wish for wish in found.wishes if wish.log_id not in found.clashes]
    roads = [wish for wish in wishes if wish.mark.of_road]
    base = road_ground(ground.inputs, ground.network, ground.scenario) if roads else None
    sites = _settled_sites(ground, [wish for wish in wishes if not wish.mark.of_road], told)
    if base is not None:
        roads = _settled_roads(ground, base, roads, told)
    kept = tuple(sorted([*sites, *roads], key=lambda wish: wish.log_id))
    named = replace(
        ground.inputs,
        provenance=(*ground.inputs.provenance, *map(provenance_of, reviews.files)),
        warnings=(*ground.inputs.warnings, *reviews.warnings),
    )
    asked = replace(ground, inputs=named).under(kept)
    return Settled(reviews, ground, asked, kept, told, base)


def _settled_sites(ground: Ground, wishes: list[Wish], told: dict[str, Fate]) -> list[Wish]:
    """Return the wishes about sites that may be asked; tell of the others."""
    standing = _standing(ground)
    left = []
    for wish in sorted(wishes, key=lambda wish: wish.marked.order):
        fate = _beside_standing(wish, standing) or _beside_case(wish, ground.inputs.reviews)
        if fate:
            told[wish.log_id] = fate
        else:
            left.append(wish)
    while left:
        trial = ground.under(left)
        ids = [str(name) for name in trial.inputs.reviews["review_id"]]
        order = [name for wish in left for name in ids if owner(name) == wish.log_id]
        barred = barred_locks(
            trial.inputs, trial.network, trial.demand_points, trial.sites, trial.scenario, order
        )
        if not barred:
            break
        for name, why in barred.items():
            told[owner(name)] = fates.refused("barred", why=Both(why.zh, why.en))
        left = [wish for wish in left if wish.log_id not in told]
    return left


def _standing(ground: Ground) -> dict[str, set[str]]:
    """Return the energies that stand today, by site."""
    existing = ground.sites[ground.sites["origin"] == "existing"]
    rows = zip(existing["site_id"], existing["energies"], strict=True)
    return {str(site): set(str(text).split(",")) for site, text in rows}


def _beside_standing(wish: Wish, standing: dict[str, set[str]]) -> Fate | None:
    here = standing.get(wish.mark.site, set())
    if wish.lock and (wish.lock in here or (wish.lock == ALL and here)):
        return fates.nothing("stands")
    return fates.refused("existing_kept") if wish.bans & here else None


def _beside_case(wish: Wish, reviews: pd.DataFrame) -> Fate | None:
    """Return the fate of a wish that a review of the case itself contradicts."""
    mine = reviews[reviews["site_id"] == wish.mark.site]
    locks, bans = mine[mine["mark"] == "lock"], mine[mine["mark"] == "ban"]
    every = wish.bans == frozenset(ENERGIES)
    against = locks[locks["energy"].isin(wish.bans) | ((locks["energy"] == ALL) & every)]
    if wish.lock:
        against = bans[bans["energy"].isin([ALL, wish.lock])]
    return fates.against_case(against) if len(against) else None


def _settled_roads(
    ground: Ground, base: RoadGround, wishes: list[Wish], told: dict[str, Fate]
) -> list[Wish]:
    """Return the wishes about roads that may be asked; tell of the others."""
    zones = zone_names(ground.inputs.zones)
    left: list[Wish] = []
    for wish in sorted(wishes, key=lambda wish: wish.marked.order):
        fate = _beside_rules(wish, base, zones)
        if fate:
            told[wish.log_id] = fate
        else:
            new = replace(wish, locked=wish.locked - base.opened, banned=wish.banned - base.opened)
            left.append(new)
    asked = {wish.log_id: wish.locked for wish in left if wish.locked}
    bans = with_wishes(ground.inputs, [wish for wish in left if wish.banned])
    roads = road_ground(bans, ground.network, ground.scenario)
    barred = barred_segments(roads, ground.scenario, asked)
    for name, (key, limit) in barred.items():
        row = ground.scenario.road_limits.get(limit)
        words = Both(row.zh, row.en) if row else Both("", "")
        told[name] = fates.refused(key, limit=words)
    return [wish for wish in left if wish.log_id not in barred]


def _beside_rules(wish: Wish, base: RoadGround, zones: dict[str, Both]) -> Fate | None:
    if wish.banned:
        return fates.refused("opened_kept") if wish.banned <= base.opened else None
    if wish.locked <= base.opened:
        return fates.nothing("opened")
    excluded = sorted(segment for segment in wish.locked if segment in base.reasons)
    if not excluded:
        return None
    why = reason_words(base.reasons[excluded[0]], zones)
    return fates.refused("excluded", segment=excluded[0], why=why)
