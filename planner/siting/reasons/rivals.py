"""Finds for each station the best site without one, and what moving there would cost."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from planner.siting.options import Bools, Floats, Ints
from planner.siting.reasons.remains import Remains


def best_rivals(remains: Remains) -> Ints:
    """Return (S,) the group without a station that would cover most of a station's demand.

    What counts is the demand that loses cover without the station or, where none would, the
    demand it serves. -1 where nothing may stand that reaches any of it, and for groups
    without a station. The first by site wins a tie.
    """
    lost = remains.lost
    weight = _lost_points(remains) + _served_points(remains, lost <= 0)
    covered = csr_array(weight @ _open_reach(remains))
    rivals = np.full(len(lost), -1, dtype=np.int64)
    for s in np.flatnonzero(np.diff(covered.indptr)).tolist():
        row = slice(covered.indptr[s], covered.indptr[s + 1])
        groups, amount = covered.indices[row], np.round(covered.data[row], 6)
        best = groups[amount >= amount.max()]
        if amount.max() > 0:
            rivals[s] = int(best.min())
    return rivals


def _points(remains: Remains) -> Ints:
    """Return (P,) one number for the demand point and energy of each pair."""
    instance, energies = remains.instance, remains.demand.shape[1]
    return np.asarray(instance.pair_demand * energies + instance.pair_energy)


def _lost_points(remains: Remains) -> csr_array:
    """Return (S, points) what would lose cover."""
    return _matrix(remains, remains.pair_sole, remains.pair_group)


def _matrix(remains: Remains, pairs: Bools, group: Ints) -> csr_array:
    instance = remains.instance
    weight = remains.demand[instance.pair_demand[pairs], instance.pair_energy[pairs]]
    shape = (len(remains.chosen), remains.demand.size)
    return csr_array((weight, (group[pairs], _points(remains)[pairs])), shape=shape)


def _served_points(remains: Remains, wanted: Bools) -> csr_array:
    """Return (S, points) what the wanted groups serve."""
    instance, after = remains.instance, remains.answered.service["after"]
    group = instance.group_of()[after.site, after.energy]
    kept = wanted[group]
    points = after.demand * remains.demand.shape[1] + after.energy
    shape = (len(remains.chosen), remains.demand.size)
    return csr_array((after.served()[kept], (group[kept], points[kept])), shape=shape)


def _open_reach(remains: Remains) -> csr_array:
    """Return (points, S) whether a group without a station, where one may stand, reaches."""
    instance, group = remains.instance, remains.pair_group
    may = np.zeros(len(remains.chosen), dtype=bool)
    may[instance.options.group[remains.possible]] = True
    kept = (group >= 0) & (may & (remains.chosen < 0))[group]
    ones: Floats = np.ones(int(kept.sum()))
    shape = (remains.demand.size, len(remains.chosen))
    return csr_array((ones, (_points(remains)[kept], group[kept])), shape=shape)


def replacement_cny(remains: Remains, s: int, rival: int, load: float) -> int | None:
    """Return the capital that moving a station to its rival would add; negative if it saves.

    At the rival stands the cheapest option that serves as much as it can of the station's
    load, within the power that is there once the station is gone. None where no option fits.
    """
    options = remains.instance.options
    mine = remains.options_of[rival]
    mine = mine[remains.possible[mine]]
    mine = mine[options.peak_kw[mine] <= remains.room_kw(rival, without=s) + 1e-9]
    if not len(mine):
        return None
    worth = np.minimum(options.capacity[mine], max(load, float(remains.lost[s])))
    best = mine[worth >= worth.max() - 1e-9]
    return int(options.capital[best].min() - options.capital[remains.chosen[s]])
