"""Owns the local search for maximal covering: swaps of one site, with kicks out of local optima.

Interchange after Church and ReVelle, "The maximal covering location problem", Papers of the
Regional Science Association 32 (1974), 101-118. A swap is valued for all pairs of an open and
a closed site at once, and only what the swapped sites cover is computed anew.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from planner.location.choice import Ints
from planner.location.reach import Floats
from planner.solver import Deadline

SMALLEST = 1e-10
"""Share of the whole weight a swap must gain: less than this is rounding."""
KICK = (2, 6)
"""A kick forces in this many sites, at least and below."""
WORSE = 3e-4
"""Share of the best weight by which an accepted optimum may be worse than the one before."""
PATIENCE = 300
"""Rounds without a new best after which the search returns to it, its sums computed anew."""


class SwapSearch:
    """Open sites in slots, and what opening, closing or swapping any of them is worth.

    Parameters
    ----------
    cover
        (n, m) bool with sorted rows.
    weight
        (n,) weight of each row.
    """

    def __init__(self, cover: sparse.csr_array, weight: Floats, columns: Ints) -> None:
        self.weight = weight
        self.start, self.items = cover.indptr.astype(np.int64), cover.indices.astype(np.int64)
        flipped = sparse.csr_array(cover.T)
        self.site_start, self.site_rows = flipped.indptr, flipped.indices.astype(np.int64)
        self.n_sites = cover.shape[1]
        self.least = SMALLEST * float(weight.sum())
        self.sites = columns.astype(np.int64).copy()
        self.refresh()

    def refresh(self) -> None:
        """Compute every running sum anew from the open sites."""
        self.count = np.zeros(len(self.weight), dtype=np.int64)
        self.owner = np.zeros(len(self.weight), dtype=np.int64)
        entry_weight = np.repeat(self.weight, np.diff(self.start))
        self.gain = np.bincount(self.items, entry_weight, minlength=self.n_sites)
        self.alone = np.zeros((len(self.sites), self.n_sites))
        self.covered = 0.0
        for slot, site in enumerate(self.sites.tolist()):
            self._open(slot, site)

    def swap(self, slot: int, site: int) -> None:
        """Put another site into a slot."""
        self._close(slot)
        self._open(slot, site)

    def worth(self) -> Floats:
        """Return (slots, sites) the weight each swap would win."""
        lost = self.alone[np.arange(len(self.sites)), self.sites]
        return self.alone + self.gain - lost[:, None]

    def descend(self) -> None:
        """Take the best swap until none wins anything."""
        while True:
            worth = self.worth()
            best = int(np.argmax(worth))
            slot, site = divmod(best, self.n_sites)
            if worth[slot, site] <= self.least:
                return
            self.swap(slot, site)

    def restore(self, sites: Ints) -> None:
        """Go back to sites held before, slot by slot."""
        changed = np.flatnonzero(self.sites != sites).tolist()
        for slot in changed:
            self._close(slot)
        for slot in changed:
            self._open(slot, int(sites[slot]))

    def _open(self, slot: int, site: int) -> None:
        rows = self._rows(site)
        before, owner = self.count[rows], self.owner[rows]
        fresh, shared = rows[before == 0], before == 1
        self.count[rows] += 1
        self.owner[rows] += slot
        items, values = self._entries(fresh)
        moved = np.bincount(items, values, minlength=self.n_sites)
        self.gain -= moved
        self.alone[slot] += moved
        self.covered += float(self.weight[fresh].sum())
        self._share(rows[shared], owner[shared], -1.0)
        self.sites[slot] = site

    def _close(self, slot: int) -> None:
        rows = self._rows(int(self.sites[slot]))
        self.count[rows] -= 1
        self.owner[rows] -= slot
        after = self.count[rows]
        bare, single = rows[after == 0], rows[after == 1]
        items, values = self._entries(bare)
        self.gain += np.bincount(items, values, minlength=self.n_sites)
        self.alone[slot] = 0.0
        self.covered -= float(self.weight[bare].sum())
        self._share(single, self.owner[single], 1.0)

    def _share(self, rows: Ints, owner: Ints, sign: float) -> None:
        """Add to, or take from, what the rows' only open site covers alone."""
        items, values = self._entries(rows)
        slots = np.repeat(owner, self.start[rows + 1] - self.start[rows])
        np.add.at(self.alone.reshape(-1), slots * self.n_sites + items, sign * values)

    def _rows(self, site: int) -> Ints:
        return self.site_rows[self.site_start[site] : self.site_start[site + 1]]

    def _entries(self, rows: Ints) -> tuple[Ints, Floats]:
        """Return the sites in reach of the rows, and the rows' weight beside each."""
        start = self.start[rows]
        count = self.start[rows + 1] - start
        end = np.cumsum(count)
        places = np.arange(end[-1] if len(end) else 0) + np.repeat(start - end + count, count)
        return self.items[places], np.repeat(self.weight[rows], count)


def greedy(cover: sparse.csr_array, weight: Floats, p: int) -> Ints:
    """Return p columns, each the one that adds most weight to those before it."""
    flipped = sparse.csr_array(cover.T)
    bare = weight.copy()
    gain = flipped @ bare
    picked: list[int] = []
    for _ in range(p):
        gain[picked] = -1.0
        best = int(np.argmax(gain))
        picked.append(best)
        bare[flipped.indices[flipped.indptr[best] : flipped.indptr[best + 1]]] = 0.0
        gain = flipped @ bare
    return np.array(picked, dtype=np.int64)


def improve(search: SwapSearch, rounds: int, seed: int, deadline: Deadline, enough: float) -> Ints:
    """Return the best sites found by descents from kicked local optima.

    A slightly worse optimum is accepted too, and after ``PATIENCE`` rounds in vain the search
    goes back to the best.

    Parameters
    ----------
    search
        Holds the first sites.
    rounds, seed, deadline
        Kicks to try, and the moment that ends them early.
    enough
        Covered weight at which the search may stop.
    """
    rng = np.random.default_rng(seed)
    search.descend()
    best = now = search.covered
    sites = here = search.sites.copy()
    in_vain = 0
    for _ in range(rounds):
        if best >= enough or deadline.left_s() <= 0:
            break
        _kick(search, rng)
        search.descend()
        in_vain += 1
        if search.covered > best + search.least:
            best, sites, in_vain = search.covered, search.sites.copy(), 0
        if search.covered >= now - WORSE * best:
            now, here = search.covered, search.sites.copy()
        else:
            search.restore(here)
        if in_vain >= PATIENCE:
            search.sites = sites.copy()
            search.refresh()
            now, here, in_vain = search.covered, sites.copy(), 0
    return sites


def _kick(search: SwapSearch, rng: np.random.Generator) -> None:
    """Force in a few random sites, each for the open site that is missed least."""
    for site in rng.integers(search.n_sites, size=int(rng.integers(*KICK))).tolist():
        if site not in search.sites:
            lost = search.alone[np.arange(len(search.sites)), search.sites]
            search.swap(int(np.argmax(search.alone[:, site] - lost)), site)
