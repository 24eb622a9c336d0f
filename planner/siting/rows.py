"""Merges demand points that no station can tell apart, so that the solver sees them once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.siting.instance import Instance
from planner.siting.options import Bools, Floats, Ints

FEWEST_SITES = 8
"""So many sites of a demand point are kept however many pairs there are."""


@dataclass(frozen=True)
class DemandRows:
    """Demand of one energy in one county that reaches exactly the same sites, as one row.

    Parameters
    ----------
    energy, county
        (R,) of each row; county is -1 for points in none.
    demand
        (T, R) sum a day in the energy's own unit, by year.
    pair_row, pair_site
        (Q,) row and site of each pair within the service radius, sorted.
    """

    energy: Ints
    county: Ints
    demand: Floats
    pair_row: Ints
    pair_site: Ints


Group = tuple[list[int], Ints]


def merged_rows(instance: Instance, allowed: Bools) -> DemandRows:
    """Merge demand points of equal energy, county and reach.

    Only pairs with a site at which an allowed option may stand count. The merger is exact:
    what a row is served can be dealt out to its points in any way.
    """
    i, j, e = _useful_pairs(instance, allowed)
    changes = np.flatnonzero((np.diff(i) != 0) | (np.diff(e) != 0)) + 1
    starts = np.append(0, changes)[: len(i)]
    groups: dict[tuple[int, int, bytes], list[int]] = {}
    for start, sites in zip(starts.tolist(), np.split(j, changes), strict=False):
        key = (int(e[start]), int(instance.demand_county[i[start]]), sites.tobytes())
        groups.setdefault(key, []).append(int(i[start]))
    return _rows(instance, {key: (points, _sites(key[2])) for key, points in groups.items()})


def separate_rows(instance: Instance, allowed: Bools) -> tuple[DemandRows, Ints]:
    """Return a row for every demand point and energy in reach, and the point of each row."""
    i, j, e = _useful_pairs(instance, allowed)
    first = np.append(True, (np.diff(i) != 0) | (np.diff(e) != 0))[: len(i)]
    points, energy = i[first], e[first]
    rows = DemandRows(
        energy,
        instance.demand_county[points],
        instance.demand[:, points, energy],
        np.cumsum(first) - 1,
        j,
    )
    return rows, points


def pooled_rows(instance: Instance, allowed: Bools, most_pairs: int) -> DemandRows:
    """Merge as :func:`merged_rows`, and pool by county where an energy has too many pairs.

    A pooled row may use every site that one of its points reaches: the model becomes a
    relaxation, whose bound still holds.
    """
    exact = merged_rows(instance, allowed)
    counts = np.bincount(exact.energy[exact.pair_row], minlength=instance.demand.shape[2])
    large = counts > most_pairs
    groups: dict[tuple[int, int, bytes], Group] = {}
    i, j, e = _useful_pairs(instance, allowed)
    for energy in np.flatnonzero(large).tolist():
        mine = e == energy
        county = instance.demand_county[i[mine]]
        for c in np.unique(county).tolist():
            points = np.unique(i[mine][county == c]).tolist()
            groups[energy, c, b""] = points, np.unique(j[mine][county == c])
    pools = _rows(instance, groups)
    kept = np.flatnonzero(~large[exact.energy])
    pairs = np.isin(exact.pair_row, kept)
    return DemandRows(
        np.concatenate([exact.energy[kept], pools.energy]),
        np.concatenate([exact.county[kept], pools.county]),
        np.concatenate([exact.demand[:, kept], pools.demand], axis=1),
        np.concatenate([np.searchsorted(kept, exact.pair_row[pairs]), pools.pair_row + len(kept)]),
        np.concatenate([exact.pair_site[pairs], pools.pair_site]),
    )


def nearest_pairs(instance: Instance, most_pairs: int) -> Instance:
    """Return the instance with the nearest sites of each demand point only, where pairs are many.

    An energy with more pairs than ``most_pairs`` keeps as many sites of each point as make
    about so many, at least :data:`FEWEST_SITES`. What the model then finds is a plan of the
    whole instance, but its bound is none.
    """
    e = instance.pair_energy
    counts = np.bincount(e, minlength=instance.demand.shape[2])
    points = np.array([len(np.unique(instance.pair_demand[e == k])) for k in range(len(counts))])
    most = np.where(
        counts > most_pairs,
        np.maximum(most_pairs // np.maximum(points, 1), FEWEST_SITES),
        np.iinfo(np.int64).max,
    )
    order = np.lexsort((instance.pair_site, instance.pair_m, instance.pair_demand, e))
    i, j = instance.pair_demand[order], e[order]
    new = np.flatnonzero(np.append(True, (np.diff(i) != 0) | (np.diff(j) != 0))[: len(i)])
    rank = np.arange(len(i)) - np.repeat(new, np.diff(np.append(new, len(i))))
    kept = np.sort(order[rank < most[j]])
    return replace(
        instance,
        pair_demand=instance.pair_demand[kept],
        pair_site=instance.pair_site[kept],
        pair_energy=e[kept],
        pair_m=instance.pair_m[kept],
    )


def _rows(instance: Instance, groups: dict[tuple[int, int, bytes], Group]) -> DemandRows:
    sums = [instance.demand[:, points, key[0]].sum(axis=1) for key, (points, _) in groups.items()]
    reach = [sites for _, sites in groups.values()]
    sizes = np.array([len(sites) for sites in reach], dtype=np.int64)
    return DemandRows(
        np.array([key[0] for key in groups], dtype=np.int64),
        np.array([key[1] for key in groups], dtype=np.int64),
        np.array(sums, dtype=float).reshape(-1, instance.n_years).T,
        np.repeat(np.arange(len(groups)), sizes),
        np.concatenate([*reach, np.zeros(0, dtype=np.int64)]),
    )


def _sites(packed: bytes) -> Ints:
    return np.frombuffer(packed, dtype=np.int64)


def _useful_pairs(instance: Instance, allowed: Bools) -> tuple[Ints, Ints, Ints]:
    """Return demand point, site and energy of the pairs that can carry service, sorted."""
    most = instance.demand.max(axis=0, initial=0.0)
    some = most[instance.pair_demand, instance.pair_energy] > 0
    useful = some & instance.usable(allowed)[instance.pair_site, instance.pair_energy]
    i, j, e = (
        part[useful] for part in (instance.pair_demand, instance.pair_site, instance.pair_energy)
    )
    order = np.lexsort((j, i, e))
    return i[order], j[order], e[order]
