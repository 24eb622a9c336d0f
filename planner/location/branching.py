"""Proves a p-median optimal, or says how far from it: best bound first, with fixing.

Each part of the search is bounded by :mod:`planner.location.lagrangian`; a part whose bound
reaches the target is dropped, and a part that stays is split on the site that the relaxed
choices disagree on most. Good sites come from interchange on the relaxed choices.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field

import numpy as np

from planner.location.choice import OPEN, Bools, Ints
from planner.location.interchange import Nearest, greedy, interchange
from planner.location.lagrangian import Climb, Part, Relaxed, Work, climb, fixed_by
from planner.location.near_pairs import NearPairs, near_caps
from planner.location.reach import Floats

SITES_LISTED = 4
"""Near sites listed for each point, in multiples of m / p: what one median serves."""
LEAST_LISTED = 32
FIRST = Climb(rounds=150, step=1.5, patience=20)
LAST = Climb(rounds=1200, step=1.0, patience=40)
SIDE = Climb(rounds=40, step=0.5, patience=6)
HEADROOM = 1.5
"""How far multipliers may still rise once the pairs are narrowed to those that matter."""
PRESSES = 4
"""Climbs on the whole problem before it is split."""
WORTH_PRESSING = 0.9
"""Share of the sites left by fixing up to which another climb pays."""
LEANING = 0.7
"""Parts are split on the site that was chosen about this share of the time."""
IMPROVE_EVERY = 16
"""Parts between two interchanges that begin from a relaxed choice."""
MET = 1e-10
"""Relative distance at which bound and objective count as met."""
WHOLE = 1e-6
"""Doubt in a bound that is rounded up because every cost is a whole number."""


@dataclass
class Incumbent:
    """The best columns so far, and the bound that nothing worth having lies below.

    Parameters
    ----------
    cost
        (n, m) finite weighted costs of at least 0.
    status
        (m,) OPEN or FREE.
    cap, pairs
        (n,) cost below which pairs count as near, and these, one position for each column.
    mip_gap
        Relative gap at which the search may stop.
    whole
        Whether every cost, and so every objective, is a whole number.
    """

    cost: Floats
    status: Ints
    cap: Floats
    pairs: NearPairs
    mip_gap: float
    whole: bool
    columns: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    objective: float = math.inf
    tried: set[bytes] = field(default_factory=set)

    @classmethod
    def of(cls, cost: Floats, status: Ints, p: int, mip_gap: float) -> Incumbent:
        """Begin with p columns that greedy choice and interchange find."""
        cap = near_caps(cost, listed(cost.shape[1], p))
        pairs = NearPairs.below(cost, cap)
        whole = bool((cost == np.rint(cost)).all())
        made = cls(cost, status, cap, pairs, mip_gap, whole)
        made.improve_on(greedy(pairs, cost.max(axis=1), status, p))
        return made

    @property
    def target(self) -> float:
        """The bound at which a part can hold nothing worth having."""
        slack = max(self.mip_gap * (1.0 - WHOLE), MET) * self.objective
        return self.objective - max(slack, 1.0 - 2.0 * WHOLE if self.whole else 0.0)

    def offer(self, columns: Ints) -> None:
        """Keep the columns if they are better than what is known."""
        value = float(self.cost[:, columns].min(axis=1).sum())
        if value < self.objective:
            self.objective, self.columns = value, np.sort(columns)

    def improve_on(self, columns: Ints) -> None:
        """Offer what interchange makes of the columns, unless they were seen before."""
        begin = np.sort(columns)
        if begin.tobytes() not in self.tried:
            better = interchange(self.cost, self.pairs, begin, self.status)
            self.tried |= {begin.tobytes(), better.tobytes()}
            self.offer(better)


@dataclass(frozen=True, slots=True)
class Limits:
    """When a search stops at the latest: parts to bound, and pairs to look at."""

    parts: int
    work: Work


@dataclass(order=True)
class Open:
    """A part still to be split; the lowest bound comes first, then the oldest."""

    bound: float
    number: int
    part: Part = field(compare=False)
    multiplier: Floats = field(compare=False)
    often: Floats = field(compare=False)


@dataclass(frozen=True)
class Medians:
    """The columns found, ascending, their cost, and what no choice costs less than."""

    columns: Ints
    objective: float
    bound: float


class Search:
    """Splits what cannot yet be dropped until nothing is left or all is spent."""

    def __init__(self, best: Incumbent, limits: Limits) -> None:
        self.best, self.parts_left, self.work = best, limits.parts, limits.work
        self.waiting: list[Open] = []
        self.count = 0

    def run(self) -> Medians:
        """Return the columns of least cost and the bound that was reached."""
        bound = self.begin()
        while self.waiting and self.parts_left > 0 and self.work.spend(0):
            if self.waiting[0].bound >= self.best.target:
                self.waiting.clear()
                break
            self.split(heapq.heappop(self.waiting))
        lowest = min((part.bound for part in self.waiting), default=math.inf)
        bound = max(bound, min(lowest, self.best.target))
        if self.best.whole:
            bound = math.ceil(bound - WHOLE)
        return Medians(self.best.columns, self.best.objective, min(bound, self.best.objective))

    def begin(self) -> float:
        """Bound the whole problem, twice: roughly on all pairs, then on those that matter."""
        best = self.best
        part = Part(best.pairs, best.status == OPEN, len(best.columns), best.cap)
        known = Nearest.of(best.cost, best.columns)
        middle = np.minimum((known.near + known.far) / 2.0, part.cap)
        rough = climb(part, middle, best.target, FIRST, self.work)
        best.improve_on(part.pairs.site[rough.chosen])
        everything = np.ones(len(part.must), dtype=bool)
        part = part.narrowed(everything, part.must, _headroom(rough))
        return max(rough.bound, self.press(part, rough.multiplier))

    def press(self, part: Part, multiplier: Floats) -> float:
        """Climb and fix sites in turn while that makes the problem smaller; return the bound."""
        best, bound = self.best, 0.0
        for _ in range(PRESSES):
            before = best.objective
            found = climb(part, multiplier, best.target, LAST, self.work)
            best.improve_on(part.pairs.site[found.chosen])
            # Choices without the sites fixed are no better than the target.
            bound = max(bound, min(found.bound, best.target))
            keep, must = fixed_by(part, found, best.target)
            smaller = keep.mean() < WORTH_PRESSING or best.objective < before
            if found.bound >= best.target or not smaller:
                break
            left = part.narrowed(keep, must, _headroom(found))
            if left.only_choice is not None:
                break
            part, multiplier = left, found.multiplier
        self.keep(part, found, found.bound, _headroom(found))
        return bound

    def keep(self, part: Part, found: Relaxed, bound: float, cap: Floats) -> None:
        """Put the part among those waiting, with all sites fixed that can be."""
        target = self.best.target
        if bound >= target:
            return
        keep, must = fixed_by(part, found, target)
        left = part.narrowed(keep, must, cap)
        if left.only_choice is not None:
            self.best.offer(left.only_choice)
            return
        self.count += 1
        often = found.often[keep]
        heapq.heappush(self.waiting, Open(bound, self.count, left, found.multiplier, often))

    def split(self, whole: Open) -> None:
        """Split a part on one site: once without it, once with it."""
        undecided = np.flatnonzero(~whole.part.must)
        at = undecided[np.abs(whole.often[undecided] - LEANING).argmin()]
        here = np.arange(len(whole.often)) == at
        self.side(whole, ~here, whole.part.must)
        self.side(whole, np.ones(len(here), dtype=bool), whole.part.must | here)

    def side(self, whole: Open, keep: Bools, must: Bools) -> None:
        """Bound one side of a split and keep it if it may hold something better."""
        self.parts_left -= 1
        part = whole.part.narrowed(keep, must, whole.part.cap)
        if part.only_choice is not None:
            self.best.offer(part.only_choice)
            return
        found = climb(part, whole.multiplier, self.best.target, SIDE, self.work)
        if found.bound < self.best.target and self.parts_left % IMPROVE_EVERY == 0:
            self.best.improve_on(part.pairs.site[found.chosen])
        self.keep(part, found, max(found.bound, whole.bound), part.cap)


def best_medians(best: Incumbent, limits: Limits) -> Medians:
    """Return the columns of least cost and the bound.

    Parameters
    ----------
    best
        The problem and columns to begin with; there is more than one choice of them.
    limits
        When to stop.
    """
    return Search(best, limits).run()


def listed(n_sites: int, p: int) -> int:
    """Return how many near sites are listed for each point."""
    return LEAST_LISTED + SITES_LISTED * n_sites // p


def _headroom(found: Relaxed) -> Floats:
    return found.multiplier * HEADROOM + 0.1 * float(found.multiplier.mean())
