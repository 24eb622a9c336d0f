"""Writes the review log: every mark with what the finished plan makes of it, and its cost."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd

from planner.inputs import Marked, Wish
from planner.layers import ENERGIES, REVIEW_LOG, validate
from planner.pipeline import review_fates as fates
from planner.pipeline.review_costs import Costs
from planner.pipeline.review_fates import Fate
from planner.pipeline.review_prices import FREE, UNKNOWN
from planner.pipeline.review_settle import ALL, Settled
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
    told = dict(settled.fates)
    for wish in settled.wishes:
        found = _of_roads(wish, chosen) if wish.mark.of_road else _of_sites(wish, siting)
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


def _of_sites(wish: Wish, siting: SitingAnswer) -> Fate:
    stations = siting.stations
    standing = set(zip(stations["site_id"], stations["energy"], strict=True))
    new = stations[stations["status"] == "planned"]
    planned = set(zip(new["site_id"], new["energy"], strict=True))
    words = fates.energy_words(wish.bans or {wish.lock})
    kept = not any((wish.mark.site, energy) in planned for energy in wish.bans)
    asked = _asked_energies(wish)
    site = wish.new_site if wish.moves else wish.mark.site
    built = [energy for energy in asked if (site, energy) in standing]
    if not kept or (asked and not built):
        return fates.refused("not_kept")
    if wish.moves:
        return fates.honoured("move", site=wish.new_site)
    return fates.honoured("ban", energy=words) if wish.bans else _built(built)


def _asked_energies(wish: Wish) -> tuple[str, ...]:
    energy = (wish.mark.energy or ALL) if wish.moves else wish.lock
    return ENERGIES if energy == ALL else (energy,) if energy else ()


def _built(energies: list[str]) -> Fate:
    return fates.honoured("lock", energy=fates.energy_words(energies))


def _of_roads(wish: Wish, chosen: frozenset[str]) -> Fate:
    inside = wish.locked & chosen
    if inside != wish.locked:
        return fates.refused("part_in", n=len(wish.locked), k=len(inside))
    if wish.banned & chosen:
        return fates.refused("not_kept")
    if wish.banned:
        return fates.honoured("roads_ban", n=len(wish.banned))
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
        **(costs.by_mark.get(row.log_id, UNKNOWN) if counted else FREE).row(),
    }
