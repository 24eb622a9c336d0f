"""Writes the review log: every mark with what the finished plan makes of it, and its cost."""

from __future__ import annotations

from dataclasses import asdict, replace

import pandas as pd

from planner.inputs import Marked, Wish
from planner.layers import ENERGIES, REVIEW_LOG, validate
from planner.pipeline import review_fates as fates
from planner.pipeline.review_costs import Costs
from planner.pipeline.review_fates import Fate
from planner.pipeline.review_prices import FREE, UNKNOWN, Price
from planner.pipeline.review_settle import ALL, Settled
from planner.pipeline.review_standing import Standing
from planner.plan.reviewed import Reviewed, review_figures
from planner.siting import SitingAnswer
from planner.testroads import TestRoadAnswer


def reviewed(
    settled: Settled, siting: SitingAnswer, roads: TestRoadAnswer, costs: Costs
) -> Reviewed:
    """Return the log of a review and its figures.

    Parameters
    ----------
    settled
        The marks, and which of them the plan was asked for.
    siting, roads
        What the plan decided.
    costs
        What the marks cost that the plan was asked for.
    """
    chosen = frozenset(roads.test_roads["segment_id"])
    standing = Standing(siting.stations, chosen, settled.bare.scenario)
    opened = settled.roads.opened if settled.roads else frozenset()
    marks = {row.log_id: row for row in settled.reviews.marks}
    told = {
        name: standing.told(fate, marks[name]) if fate.outcome == fates.CONTRADICTED else fate
        for name, fate in settled.fates.items()
    }
    for wish in settled.wishes:
        of_road = wish.mark.of_road
        found = _of_roads(wish, chosen, opened) if of_road else _of_sites(wish, standing)
        told[wish.log_id] = found
    rows = [_row(row, told[row.log_id], costs) for row in settled.reviews.marks]
    log = pd.DataFrame(rows, columns=REVIEW_LOG.column_names())
    log = log.astype({column.name: column.dtype for column in REVIEW_LOG.columns})
    totals = {
        "stations": costs.stations,
        "test_roads": costs.test_roads,
        "n_solves": costs.n_solves,
    }
    files = [asdict(file) for file in settled.reviews.files]
    return Reviewed(validate(log, REVIEW_LOG), review_figures(log, files, totals))


def _of_sites(wish: Wish, standing: Standing) -> Fate:
    refused = standing.at(wish.mark.site, wish.bans)
    asked = _asked_energies(wish)
    built = standing.at(wish.new_site if wish.moves else wish.mark.site, asked)
    if (refused["status"] == "planned").any() or (asked and built.empty):
        return fates.refused("not_kept")
    if asked:
        return _built(wish, built, standing)
    return fates.honoured("ban", energy=fates.energy_words(wish.bans))


def _asked_energies(wish: Wish) -> tuple[str, ...]:
    energy = (wish.mark.energy or ALL) if wish.moves else wish.lock
    return ENERGIES if energy == ALL else (energy,) if energy else ()


def _built(wish: Wish, built: pd.DataFrame, standing: Standing) -> Fate:
    """Return that a station stands where it was asked for, and where it is another than marked."""
    energy, now = fates.energy_words(built["energy"]), standing.words(built)
    before = standing.instead_of(wish.mark, built)
    if before is None and wish.moves:
        return fates.honoured("move", site=wish.new_site, now=now)
    if before is None:
        return fates.honoured("lock", energy=energy, now=now)
    if wish.moves:
        fate = fates.honoured("move_other", site=wish.new_site, now=now, before=before)
    else:
        fate = fates.honoured("lock_other", energy=energy, now=now, before=before)
    return fate._replace(site_only=True)


def _of_roads(wish: Wish, chosen: frozenset[str], opened: frozenset[str]) -> Fate:
    inside = wish.locked & chosen
    if inside != wish.locked:
        return fates.refused("part_in", n=len(wish.locked), k=len(inside))
    if wish.banned & chosen:
        return fates.refused("not_kept")
    if wish.banned:
        staying = len(opened & set(wish.mark.segments))
        key = "roads_ban_part" if staying else "roads_ban"
        return fates.honoured(key, n=len(wish.banned), k=staying)
    return fates.honoured("roads_lock", n=len(wish.locked))


def _row(row: Marked, fate: Fate, costs: Costs) -> dict[str, object]:
    mark = row.mark
    counted = fate.outcome == fates.HONOURED
    lon, lat = mark.point if mark.place else (None, None)
    return {
        "log_id": row.log_id,
        "mark_id": mark.mark_id,
        "file": row.file,
        "reviewer": mark.reviewer,
        "marked_at": mark.marked_at,
        "target": mark.target,
        "target_id": mark.target_id,
        "site_id": mark.site or None,
        "segment_ids": ",".join(mark.segments) or None,
        "name": mark.name,
        "energy": mark.energy,
        "opinion": mark.opinion,
        "lon": lon,
        "lat": lat,
        "comment": mark.comment,
        "outcome": fate.outcome,
        "reason_zh": fate.said.zh,
        "reason_en": fate.said.en,
        "against": ",".join(fate.against) or None,
        **(_price(costs.by_mark.get(row.log_id, UNKNOWN), fate) if counted else FREE).row(),
    }


def _price(price: Price, fate: Fate) -> Price:
    """Return a price as it may be told: that of a site is no proof of what its equipment costs."""
    if not fate.site_only:
        return price
    basis = "site_only" if price.basis == "already" else price.basis
    return replace(price, basis=basis, proved=False)
