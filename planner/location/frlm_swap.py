"""Improves a choice of refuelling stations by exchanging one at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.location.choice import FREE, Bools, Ints
from planner.location.flows import Windows
from planner.location.reach import Floats

VISITS = 400_000_000
"""Stops of windows looked at before the search ends: seconds, the same on every machine."""
MOST_KICKS = 50
EXCHANGED = 2
"""Stations that a kick exchanges at random."""
NOISE = 1e-9
"""Relative gain up to which two volumes count as the same."""


@dataclass
class SwapSearch:
    """The stops of the windows of flows that matter, and the sites that are open.

    Parameters
    ----------
    window, site
        (s,) window and site of each stop; a site counts once in a window.
    flow
        (W,) flow of each window.
    worth
        (F,) volume of each flow that stations can serve, else 0.
    movable
        (m,) sites that may be opened and closed.
    is_open
        (m,) the present choice.
    visits
        Stops looked at so far.
    """

    window: Ints
    site: Ints
    flow: Ints
    worth: Floats
    movable: Bools
    is_open: Bools
    visits: int = 0

    @classmethod
    def of(cls, windows: Windows, volumes: Floats, status: Ints, sites: Ints) -> SwapSearch:
        """Return the search that begins with the sites."""
        size = len(status)
        owner = np.repeat(np.arange(len(windows.flow)), np.diff(windows.start))
        kept = volumes[windows.flow[owner]] > 0
        pair = np.unique(owner[kept] * size + windows.site[kept])
        worth = np.where(windows.free | windows.impossible, 0.0, volumes)
        is_open = np.isin(np.arange(size), sites)
        return cls(pair // size, pair % size, windows.flow, worth, status == FREE, is_open)

    def gains(self, is_open: Bools) -> tuple[float, Floats]:
        """Return the volume served, and (m,) what one more station at each site would add."""
        self.visits += len(self.site)
        held = np.bincount(self.window, is_open[self.site], minlength=len(self.flow)) > 0
        missing = np.bincount(self.flow[~held], minlength=len(self.worth))
        # A new station lets a flow through if it stands in every window that has none.
        lacking = ~held[self.window]
        size = len(is_open)
        key = self.flow[self.window[lacking]] * size + self.site[lacking]
        pair, count = np.unique(key, return_counts=True)
        pair = pair[count == missing[pair // size]]
        gain = np.bincount(pair % size, self.worth[pair // size], minlength=size)
        return float(self.worth[missing == 0].sum()), np.asarray(gain, dtype=np.float64)

    def descend(self) -> float:
        """Exchange stations while that serves more volume; return the volume served."""
        served, _ = self.gains(self.is_open)
        order = np.flatnonzero(self.is_open & self.movable).tolist()
        unchanged = 0
        while order and unchanged < len(order) and self.visits < VISITS:
            leaving = order.pop(0)
            self.is_open[leaving] = False
            left, gain = self.gains(self.is_open)
            best = int(np.argmax(np.where(self.movable & ~self.is_open, gain, -1.0)))
            better = left + gain[best] > served * (1 + NOISE)
            entering = best if better else leaving
            served = left + float(gain[best]) if better else served
            unchanged = 0 if better else unchanged + 1
            self.is_open[entering] = True
            order.append(entering)
        return served


def improved(windows: Windows, volumes: Floats, status: Ints, sites: Ints, seed: int) -> Ints:
    """Return as many sites that serve no less volume, ascending.

    First-improvement exchanges from the given sites, then again from the best after small
    random changes, until so many stops were looked at: no clock, so the same every time.

    Parameters
    ----------
    windows, volumes
        Of all flows.
    status
        (m,) only FREE sites are exchanged.
    sites
        To begin with.
    seed
        Of the random changes.
    """
    search = SwapSearch.of(windows, volumes, status, sites)
    rng = np.random.default_rng(seed)
    served, best = search.descend(), search.is_open.copy()
    most = float(search.worth.sum()) * (1 - NOISE)
    for _ in range(MOST_KICKS if served < most else 0):
        inside = np.flatnonzero(best & search.movable)
        outside = np.flatnonzero(~best & search.movable)
        count = min(EXCHANGED, len(inside), len(outside))
        if not count or search.visits >= VISITS:
            break
        search.is_open = best.copy()
        search.is_open[rng.choice(inside, count, replace=False)] = False
        search.is_open[rng.choice(outside, count, replace=False)] = True
        found = search.descend()
        if found > served * (1 + NOISE):
            served, best = found, search.is_open.copy()
    return np.flatnonzero(best).astype(np.int64)
