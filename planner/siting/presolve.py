"""Says before any solve what cannot work, in planning words, with what would mend it."""

from __future__ import annotations

import difflib

import geopandas as gpd
import numpy as np

from planner.errors import InfeasibleError, Problem
from planner.inputs import Inputs
from planner.network import distance_pairs, node_rows
from planner.scenario import Scenario
from planner.siting.access import FARTHEST_M
from planner.siting.doubtful import doubtful_units
from planner.siting.from_layers import Place
from planner.siting.instance import CHARGING, PAYERS, PUBLIC, Instance
from planner.siting.milestones import most_ever
from planner.siting.reasons.confirm import fillable
from planner.siting.reasons.locks import why_closed
from planner.siting.reasons.phrases import Phrase, km, named, yuan

MOST_ALIKE = 3
"""How many ids are offered in place of one that is not there."""


def refuse_contradictions(
    instance: Instance, inputs: Inputs, candidate_sites: gpd.GeoDataFrame
) -> None:
    """Refuse reviews that no plan can honour.

    Raises
    ------
    InfeasibleError
        ``E-PRE-001`` for a mark on a site that is not there, ``E-PRE-002`` for a lock on a
        site where no station may stand, ``E-PRE-003`` for locks beyond the money.
    """
    problems = [
        *_unknown_sites(inputs, candidate_sites),
        *_closed_locks(instance, inputs, candidate_sites),
    ]
    if not problems:
        problems = list(_unpaid_locks(instance))
    if problems:
        raise InfeasibleError(problems)


def _unknown_sites(inputs: Inputs, candidate_sites: gpd.GeoDataFrame) -> list[Problem]:
    known = set(candidate_sites["site_id"])
    return [
        Problem(
            "E-PRE-001",
            "a review names a site that is not among the candidates",
            "take the site_id from the layer candidate_sites of a plan of this case"
            + _alike(str(row.site_id), known),
            layer="reviews",
            row=str(row.review_id),
            column="site_id",
            value=str(row.site_id),
        )
        for row in inputs.reviews.itertuples()
        if row.site_id not in known
    ]


def _alike(site_id: str, known: set[str]) -> str:
    """Return the ids spelt most like one that is not there, as the end of a remedy."""
    near = difflib.get_close_matches(site_id, sorted(known), n=MOST_ALIKE, cutoff=0.5)
    return f"; the nearest are {', '.join(near)}" if near else ""


def _closed_locks(
    instance: Instance, inputs: Inputs, candidate_sites: gpd.GeoDataFrame
) -> list[Problem]:
    possible = instance.possible()
    open_groups = set(instance.options.group[possible].tolist())
    locks = inputs.reviews[inputs.reviews["mark"] == "lock"]
    reasons = candidate_sites.set_index("site_id")["reason"]
    return [
        Problem(
            "E-PRE-002",
            "a lock asks for a station where none may stand: "
            + why_closed(
                instance,
                str(row.site_id),
                str(getattr(row, "energy", "all")),
                groups,
                reasons[row.site_id],
            ),
            "take the lock back, or mend what keeps the site closed",
            layer="reviews",
            row=str(row.review_id),
            column="site_id",
            value=str(row.site_id),
        )
        for row, groups in zip(locks.itertuples(), instance.locked, strict=True)
        if row.site_id in reasons.index and not open_groups.intersection(groups)
    ]


def _unpaid_locks(instance: Instance) -> list[Problem]:
    """Return the payers whose locks cost more at the least than there is money."""
    options, possible = instance.options, instance.possible()
    least = dict.fromkeys(range(len(PAYERS)), 0)
    counted: list[set[int]] = []
    # One station may answer several locks: the narrow ones first, wider ones it answers not.
    for groups in sorted(instance.locked, key=lambda lock: (len(lock), lock)):
        if any(other <= set(groups) for other in counted):
            continue
        counted.append(set(groups))
        mine = np.flatnonzero(possible & np.isin(options.group, groups))
        cheapest = mine[np.argmin(options.capital[mine])]
        if len(set(options.payer[mine].tolist())) == 1:
            least[int(options.payer[cheapest])] += int(options.capital[cheapest])
    return [
        Problem(
            "E-PRE-003",
            f"the locked stations cost at least {least[p]:,} CNY, there are "
            f"{int(instance.budget_cny[-1, p]):,}",
            "raise the budget, or take back a lock",
            column="siting.budget_cny" if p == PUBLIC else "siting.hydrogen_budget_cny",
        )
        for p in least
        if least[p] > instance.budget_cny[-1, p]
    ]


def presolve_warnings(
    instance: Instance, inputs: Inputs, place: Place, scenario: Scenario
) -> list[Problem]:
    """Return what no plan can meet, as far as it can be told without solving.

    ``W-PRE-001`` a township that no candidate reaches, with the distance of the nearest;
    ``W-PRE-002`` a budget below what townships that share no candidate cost at the least;
    ``W-PRE-003`` a motorway with starts from which no candidate lies ahead within the gap;
    ``W-PRE-004`` a milestone above what all sites together could ever come to;
    ``W-PRE-005`` a setting that looks as if it were in another unit.
    """
    return [
        *_townships_out_of_reach(instance, inputs, place, scenario),
        *_budget_too_small(instance),
        *_motorways_out_of_reach(instance, place, scenario),
        *_milestones_too_high(instance, scenario),
        *doubtful_units(scenario),
    ]


def _townships_out_of_reach(
    instance: Instance, inputs: Inputs, place: Place, scenario: Scenario
) -> list[Problem]:
    could = set(fillable(instance).townships)
    checked = np.flatnonzero(place.townships.node >= 0)
    short = np.array([w for w in checked.tolist() if w not in could], dtype=np.int64)
    if not len(short):
        return []
    may = np.flatnonzero(instance.group_of()[:, CHARGING] >= 0)
    nodes = node_rows(place.network, place.sites["node_id"].iloc[may])
    start = place.townships.node[short]
    found = distance_pairs(place.network, start, nodes, limit_m=FARTHEST_M)
    nearest = np.full(len(short), np.inf)
    np.minimum.at(nearest, found.start, found.metres)
    rule = km(scenario.rules.township_radius_m)
    return [
        Problem(
            "W-PRE-001",
            _nearest(named(inputs.townships["name"].iloc[w]), metres, rule).halves(),
            "offer a candidate site there, or raise rules.township_radius_m",
            layer="townships",
            row=instance.township_id[w],
        )
        for w, metres in zip(short.tolist(), nearest.tolist(), strict=True)
    ]


def _nearest(name: Phrase, metres: float, rule: Phrase) -> Phrase:
    away = km(metres) if np.isfinite(metres) else Phrase("无道路可达", "nowhere by road")
    return Phrase(
        f"{name.zh}：最近的候选站址 {away.zh}，要求 {rule.zh}",
        f"{name.en}: nearest candidate {away.en}, rule {rule.en}",
    )


def _budget_too_small(instance: Instance) -> list[Problem]:
    least, budget = least_township_cny(instance), int(instance.budget_cny[-1, PUBLIC])
    if least <= budget:
        return []
    return [
        Problem(
            "W-PRE-002",
            Phrase(
                f"无共用候选站址的乡镇至少需 {yuan(least).zh}，预算为 {yuan(budget).zh}，"
                "部分乡镇将不达标",
                f"stations for townships that share no candidate cost at least {yuan(least).en}, "
                f"the budget is {yuan(budget).en}: some townships will stay short",
            ).halves(),
            f"raise siting.budget_cny by at least {yuan(least - budget).en}",
            column="siting.budget_cny",
        )
    ]


def least_township_cny(instance: Instance) -> int:
    """Return a sum below which public money cannot meet all townships that a site could meet.

    Townships that share no site each need a station of their own; the sum is over some of
    these, the ones with the fewest sites first.
    """
    options, groups = instance.options, instance.group_of()[:, CHARGING]
    dearest = np.iinfo(np.int64).max
    least = np.full(len(instance.group_site), dearest)
    np.minimum.at(least, options.group, np.where(options.payer == PUBLIC, options.capital, 0))
    sites: dict[int, set[int]] = {}
    for w, j in zip(instance.township_pair.tolist(), instance.township_pair_site, strict=True):
        if groups[j] >= 0:
            sites.setdefault(w, set()).add(int(j))
    total, taken = 0, set[int]()
    for w in sorted(sites, key=lambda w: (len(sites[w]), w)):
        if not sites[w] & taken:
            taken |= sites[w]
            total += int(min(least[groups[j]] for j in sites[w]))
    return total


def _milestones_too_high(instance: Instance, scenario: Scenario) -> list[Problem]:
    ever = [(row, most_ever(instance, row)) for row in instance.milestones]
    return [
        Problem(
            "W-PRE-004",
            _out_of_reach(
                named(scenario.milestones[row.name].zh, scenario.milestones[row.name].en),
                row.least,
                most,
            ).halves(),
            f"offer more candidate sites, or lower milestones.{row.name}.least",
            layer="milestones",
            row=row.name,
        )
        for row, most in ever
        if row.shortfall(most)
    ]


def _motorways_out_of_reach(instance: Instance, place: Place, scenario: Scenario) -> list[Problem]:
    windows, could = instance.highway, set(fillable(instance).windows)
    empty = [v for v in range(len(windows.owner)) if v not in could]
    metres = np.bincount(
        windows.owner[empty], windows.weight[empty], minlength=len(place.ways.stretches)
    )
    gap = km(scenario.rules.highway_gap_m)
    return [
        Problem(
            "W-PRE-003",
            _not_ahead(
                named(stretch.name or stretch.ref or stretch.stretch_id), km(float(short)), gap
            ).halves(),
            "offer candidate sites along it, or raise rules.highway_gap_m",
            layer="roads",
            row=stretch.stretch_id,
        )
        for stretch, short in zip(place.ways.stretches, metres.tolist(), strict=True)
        if short > 0
    ]


def _out_of_reach(name: Phrase, least: float, most: float) -> Phrase:
    return Phrase(
        f"{name.zh}：要求 {least:g}，全部站址合计至多 {most:.6g}",
        f"{name.en}: {least:g} asked for, {most:.6g} at most from all sites together",
    )


def _not_ahead(name: Phrase, length: Phrase, gap: Phrase) -> Phrase:
    return Phrase(
        f"{name.zh}：{length.zh}路段前方 {gap.zh}内无可设快充的候选站址",
        f"{name.en}: {length.en} from which no candidate for fast charging lies ahead within "
        f"{gap.en}",
    )
