"""Proves what is lost without each station, its best rival, and what moving there would cost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from planner.verify.faults import Fault, Faults
from planner.verify.files import PlanFiles
from planner.verify.offers import POWER_TOLERANCE_KW, Key, Limits, Offer, limits_of, possible
from planner.verify.pairs import covers, lost_per_day, served_by_site, site_rows
from planner.verify.power import added_peaks
from planner.verify.waiting import CUT_TOLERANCE
from planner.verify.years import AFTER

AMOUNT_TOLERANCE = 1e-5
SHARE_TOLERANCE = 1e-9


def rivals_hold(plan: PlanFiles) -> Faults:
    """Prove the demand lost, the best rival and the cost of replacement of every station.

    Of rivals that reach equally much any is right. Sites without a station have no such
    figures.
    """
    for row in plan.layer("site_reasons").itertuples():
        key = (str(row.site_id), str(row.energy))
        if not row.chosen or key not in plan.once(lost_per_day):
            figures = (row.lost_per_day, row.rival_site_id, row.replacement_cny)
            if any(not pd.isna(value) for value in figures):
                yield Fault(f"{key[1]}: nothing stands there to be lost or moved", key[0])
            continue
        lost = plan.once(lost_per_day)[key]
        off = abs(float(row.lost_per_day) - lost)
        if not off <= AMOUNT_TOLERANCE + SHARE_TOLERANCE * lost:
            what = f"{key[1]}: lost_per_day is stated as {row.lost_per_day}, proven {lost:.6f}"
            yield Fault(what, key[0], float(np.nan_to_num(off, nan=np.inf)))
        yield from _rival_holds(plan, row, key)


def _rival_holds(plan: PlanFiles, row: Any, key: Key) -> Faults:  # noqa: ANN401 - a row
    amounts = _taken_over(plan, key)
    best = max(amounts.values(), default=0.0)
    room = AMOUNT_TOLERANCE + SHARE_TOLERANCE * best
    if pd.isna(row.rival_site_id):
        if best > room:
            yield Fault(f"{key[1]}: it has a rival that reaches {best:.6g} a day", key[0], best)
        if not pd.isna(row.replacement_cny):
            yield Fault(f"{key[1]}: no rival, yet a price", key[0])
        return
    rival = str(row.rival_site_id)
    if not amounts.get(rival, 0.0) > 0:
        yield Fault(f"{key[1]}: {rival} could take over nothing of it", key[0], best)
        return
    if best - amounts[rival] > room:
        what = f"{key[1]}: {rival} reaches {amounts[rival]:.6g}, another {best:.6g} a day"
        yield Fault(what, key[0], best - amounts[rival])
    proven = _replacement(plan, key, rival)
    stated = None if pd.isna(row.replacement_cny) else int(row.replacement_cny)
    if stated not in proven:
        what = f"{key[1]}: replacement_cny is stated as {stated}, proven {min(proven, key=str)}"
        yield Fault(what, key[0])


def _taken_over(plan: PlanFiles, key: Key) -> dict[str, float]:
    """Return what each site without a station would reach of what a station loses or serves."""
    site, energy = key
    cover, rows = plan.once(covers)[energy], plan.once(site_rows)
    mine = np.zeros(len(rows))
    mine[rows[site]] = 1.0
    weight = np.asarray(mine @ cover.near) * np.where(cover.sole, cover.demand, 0.0)
    if weight.sum() <= 0:
        weight = plan.once(served_by_site)[energy][[rows[site]]].toarray()[0]
    reached = cover.near @ weight
    return {
        other: float(reached[rows[other]])
        for other, kind in plan.once(possible)
        if kind == energy and not cover.stands[rows[other]]
    }


def _replacement(plan: PlanFiles, key: Key, rival: str) -> set[int | None]:
    """Return the capital that moving a station to a rival adds; more than one where it is close."""
    site, energy = key
    room = _room_kw(plan, key, rival) + POWER_TOLERANCE_KW
    fits = [offer for offer in plan.once(possible)[rival, energy] if offer.peak_kw <= room]
    if not fits:
        return {None}
    stations = plan.layer("stations")
    mine = stations[(stations["site_id"] == site) & (stations["energy"] == energy)].iloc[0]
    need = max(float(mine["served_per_day"]), plan.once(lost_per_day)[key])
    best = max(_worth(offer, need) for offer in fits)
    return {
        min(o.capital_cny for o in fits if _worth(o, need) >= best - near)
        - int(mine["capital_cny"])
        for near in (SHARE_TOLERANCE, 2 * CUT_TOLERANCE)
    }


def _worth(offer: Offer, need: float) -> float:
    return min(offer.capacity, need)


def _room_kw(plan: PlanFiles, key: Key, rival: str) -> float:
    """Return the power for a rival once a station is gone."""
    limits, peaks = plan.once(limits_of), plan.once(added_peaks)
    mine = peaks[(peaks["phase"] == AFTER) & (peaks["site_id"] == key[0])]
    freed = float(mine[mine["energy"] == key[1]]["added_kw"].sum())
    at_site = limits.site_kw[rival] + (freed if rival == key[0] else 0.0)
    return min(at_site, limits.node_kw[rival] + (freed if _same(limits, key[0], rival) else 0.0))


def _same(limits: Limits, site: str, rival: str) -> bool:
    return bool(limits.node[site]) and limits.node[site] == limits.node[rival]
