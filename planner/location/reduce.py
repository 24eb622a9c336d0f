"""Owns exact reductions: smaller coverage problems that have the same optimum.

Identical rows are merged, dominated rows and columns dropped (Toregas and ReVelle, "Binary
logic solutions to a class of location problem", Geographical Analysis 5 (1973), 145-155).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from planner.location.choice import FREE, OPEN, Bools, Ints
from planner.location.reach import Floats, times_covered

PAIRS_AT_ONCE = 4_000_000
"""Candidate pairs compared at once: some 100 MB."""
DENSE_CELLS = 50_000_000
"""Cells up to which membership is looked up in a dense table."""


@dataclass(frozen=True)
class Core:
    """What is left to decide after the reductions.

    Parameters
    ----------
    cover
        (rows, columns) bool.
    weight
        (rows,) summed weight of the demand points merged into a row.
    columns
        (columns,) the site of each column.
    forced
        Sites that must be chosen, ascending: fixed in, or the only one in reach of a point.
    """

    cover: sparse.csr_array
    weight: Floats
    columns: Ints
    forced: Ints


def merge_rows(cover: sparse.csr_array) -> tuple[Ints, Ints]:
    """Return the first of each kind of identical rows, and (n,) the kind of each row."""
    kinds: dict[bytes, int] = {}
    ends = cover.indptr.tolist()
    items = cover.indices
    kind = np.empty(cover.shape[0], dtype=np.int64)
    for row in range(len(kind)):
        key = items[ends[row] : ends[row + 1]].tobytes()
        kind[row] = kinds.setdefault(key, len(kinds))
    _, first = np.unique(kind, return_index=True)
    return first.astype(np.int64), kind


def summed(kind: Ints, values: Floats, count: int) -> Floats:
    """Return (count,) the sum of the values of each kind."""
    return np.asarray(np.bincount(kind, values, minlength=count), dtype=float)


def contained(matrix: sparse.csr_array) -> tuple[Ints, Ints]:
    """Return all pairs (small, large) of different non-empty rows with small within large.

    A row's supersets all hold its rarest item, so only the rows with that item are looked
    at, and each further item leaves fewer of them.
    """
    flipped = sparse.csr_array(matrix.T)
    start = matrix.indptr.astype(np.int64)
    rarity, size = np.diff(flipped.indptr), np.diff(start)
    owner = np.repeat(np.arange(matrix.shape[0]), size)
    items = matrix.indices[np.lexsort((rarity[matrix.indices], owner))].astype(np.int64)
    rows = np.flatnonzero(size)
    work = rarity[items[start[rows]]]
    block = (np.cumsum(work, dtype=np.int64) // PAIRS_AT_ONCE).astype(np.int64)
    holds = _membership(matrix)
    found = []
    for part in np.split(rows, np.flatnonzero(np.diff(block)) + 1):
        small, large = _sharing(flipped, part, items[start[part]])
        found.append(_shrunk(small, large, size, start, items, holds))
    smalls, larges = zip(*found, strict=True) if found else ((), ())
    none = [np.empty(0, dtype=np.int64)]
    return np.concatenate([*smalls, *none]), np.concatenate([*larges, *none])


def dominated_columns(cover: sparse.csr_array, cost: Floats | None = None) -> Bools:
    """Return (m,) which sites another site replaces at no more cost, of equal ones all but one."""
    dropped = np.diff(sparse.csc_array(cover).indptr) == 0
    small, large = contained(sparse.csr_array(cover.T))
    size = np.bincount(cover.indices, minlength=cover.shape[1])
    price = np.zeros(cover.shape[1]) if cost is None else cost
    better = (size[large] > size[small]) | (price[large] < price[small]) | (large < small)
    dropped[small[better & (price[large] <= price[small])]] = True
    return np.asarray(dropped, dtype=bool)


def dominated_rows(cover: sparse.csr_array) -> Bools:
    """Return (n,) which rows are covered whenever some other row is; rows must be distinct."""
    dropped = np.zeros(cover.shape[0], dtype=bool)
    _, large = contained(cover)
    dropped[large] = True
    return dropped


def coverage_core(cover: sparse.csr_array, weight: Floats, status: Ints) -> Core:
    """Return the core of a problem that covers as much weight as it can (MCLP)."""
    forced = np.flatnonzero(status == OPEN)
    columns = np.flatnonzero(status == FREE)
    left = (times_covered(cover, forced) == 0) & (weight > 0)
    cover, weight = cover[left][:, columns], weight[left]
    while True:
        kept = np.flatnonzero(np.diff(cover.indptr) > 0)
        cover, weight = cover[kept], weight[kept]
        cover.sort_indices()
        first, kind = merge_rows(cover)
        weight = summed(kind, weight, len(first))
        cover = cover[first]
        dropped = dominated_columns(cover)
        if not dropped.any():
            return Core(cover, weight, columns, forced)
        cover, columns = cover[:, ~dropped], columns[~dropped]


def set_cover_core(cover: sparse.csr_array, cost: Floats, status: Ints) -> Core:
    """Return the core of a problem that must cover every row (LSCP)."""
    forced = np.flatnonzero(status == OPEN)
    columns = np.flatnonzero(status == FREE)
    cover = cover[times_covered(cover, forced) == 0][:, columns]
    while True:
        before = cover.shape
        kept = ~dominated_columns(cover, cost[columns])
        cover, columns = cover[:, kept], columns[kept]
        cover.sort_indices()
        cover = cover[merge_rows(cover)[0]]
        cover = cover[~dominated_rows(cover)]
        only = np.unique(cover.indices[cover.indptr[:-1][np.diff(cover.indptr) == 1]])
        forced = np.union1d(forced, columns[only])
        rest = np.setdiff1d(np.arange(len(columns)), only)
        cover = cover[times_covered(cover, only) == 0][:, rest]
        columns = columns[rest]
        if cover.shape == before:
            weight = np.ones(cover.shape[0])
            return Core(cover, weight, columns, forced)


def _sharing(flipped: sparse.csr_array, rows: Ints, items: Ints) -> tuple[Ints, Ints]:
    """Return each row beside each row that holds the row's item."""
    start, count = flipped.indptr[items], np.diff(flipped.indptr)[items]
    small = np.repeat(rows, count)
    places = np.arange(len(small)) + np.repeat(start - np.cumsum(count) + count, count)
    return small, flipped.indices[places].astype(np.int64)


def _shrunk(
    small: Ints,
    large: Ints,
    size: Ints,
    start: Ints,
    items: Ints,
    holds: Membership,
) -> tuple[Ints, Ints]:
    """Keep the pairs whose larger row holds every item of the smaller one."""
    open_pairs = (small != large) & (size[large] >= size[small])
    small, large = small[open_pairs], large[open_pairs]
    smalls, larges, depth = [], [], 1
    while len(small):
        done = size[small] == depth
        smalls.append(small[done])
        larges.append(large[done])
        small, large = small[~done], large[~done]
        inside = holds.of(large, items[start[small] + depth])
        small, large = small[inside], large[inside]
        depth += 1
    none = np.empty(0, dtype=np.int64)
    return np.concatenate([*smalls, none]), np.concatenate([*larges, none])


@dataclass(frozen=True)
class Membership:
    """Answers whether rows hold items, by a dense table or by sorted keys."""

    table: NDArray[np.bool_] | None
    keys: Ints
    width: int

    def of(self, rows: Ints, items: Ints) -> Bools:
        """Return for each pair whether the row holds the item."""
        if self.table is not None:
            return np.asarray(self.table[rows, items], dtype=bool)
        wanted = rows * self.width + items
        place = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.asarray(self.keys[place] == wanted, dtype=bool)


def _membership(matrix: sparse.csr_array) -> Membership:
    rows, width = matrix.shape
    if rows * width <= DENSE_CELLS:
        return Membership(matrix.toarray(), np.empty(0, dtype=np.int64), width)
    owner = np.repeat(np.arange(rows, dtype=np.int64), np.diff(matrix.indptr))
    keys = np.sort(owner * width + matrix.indices)
    return Membership(None, keys, width)
