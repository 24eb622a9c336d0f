"""Bounds the p-median from below: Lagrangian relaxation of "every point has one site".

With a multiplier u_i for each point's assignment, the relaxed problem falls apart by site:

    L(u) = sum_i u_i + min over sets S of p sites of sum_{j in S} rho_j,
    rho_j = sum_i min(0, cost_ij - u_i),

and every L(u) is a bound, whatever u is. The multipliers climb by subgradients with a
share of the previous direction (Camerini, Fratta and Maffioli 1975). Sites whose reduced
cost closes the gap to the target are fixed (Beasley 1985, A note on solving large
p-median problems).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from planner.location.choice import Bools, Ints
from planner.location.near_pairs import NearPairs
from planner.location.reach import Floats
from planner.solver import Deadline

MEMORY = 0.3
"""Share of the previous direction that the next one keeps."""
FADING = 0.9
"""How slowly the record of which sites were chosen forgets."""
RISE = 1e-4
"""Relative rise of the bound that counts as progress."""
SMALLEST_STEP = 0.004
OVERSHOOT = 1.001
EPSILON = float(np.finfo(float).eps)


@dataclass
class Work:
    """Pairs that may still be looked at, and the moment by which it must have ended."""

    pairs: int
    deadline: Deadline

    def spend(self, pairs: int) -> bool:
        """Take the pairs off; False once nothing is left."""
        self.pairs -= pairs
        return self.pairs > 0 and self.deadline.left_s() > 0.0


@dataclass(frozen=True, slots=True)
class Climb:
    """How long and how steeply the multipliers climb."""

    rounds: int
    step: float
    patience: int


@dataclass(frozen=True)
class Part:
    """A part of the search: sites that may open, those that must, and how many in all.

    Parameters
    ----------
    pairs
        Near pairs of the sites that may open.
    must
        (s,) positions that must open.
    p
        How many open in all, those included.
    cap
        (n,) multipliers stay at or below it; every pair below it is among the pairs.
    """

    pairs: NearPairs
    must: Bools
    p: int
    cap: Floats

    def narrowed(self, keep: Bools, must: Bools, cap: Floats) -> Part:
        """Return the part with fewer sites, more that must open, and lower caps."""
        return Part(self.pairs.kept(keep, cap), must[keep], self.p, np.minimum(self.cap, cap))

    @property
    def only_choice(self) -> Ints | None:
        """The columns that open where nothing is left to choose."""
        if int(self.must.sum()) == self.p:
            return self.pairs.site[self.must]
        return self.pairs.site if len(self.pairs.site) == self.p else None


@dataclass(frozen=True)
class Relaxed:
    """The best bound found for a part, and what it was found with.

    Parameters
    ----------
    bound
        No choice of the part costs less; rounding errors are already taken off.
    multiplier
        (n,) u.
    reduced
        (s,) rho.
    often
        (s,) between 0 and 1, how often each site was chosen of late.
    chosen
        (p,) positions chosen at that bound.
    """

    bound: float
    multiplier: Floats
    reduced: Floats = field(repr=False)
    often: Floats = field(repr=False)
    chosen: Ints = field(repr=False)


def relax(part: Part, multiplier: Floats) -> tuple[Relaxed, Floats]:
    """Return the bound at the multipliers, and (pairs,) what each pair adds to it."""
    pairs = part.pairs
    slack = np.minimum(pairs.cost - multiplier[pairs.point], 0.0)
    reduced = pairs.summed(slack)
    chosen = _cheapest(reduced, part)
    total, taken = float(multiplier.sum()), float(reduced[chosen].sum())
    # Any order of adding k numbers errs by less than k * epsilon of the sum of their sizes.
    doubt = (len(multiplier) + part.p + 8) * EPSILON * (abs(total) - taken)
    nothing = np.zeros(len(reduced))
    return Relaxed(total + taken - doubt, multiplier, reduced, nothing, chosen), slack


def climb(part: Part, multiplier: Floats, target: float, how: Climb, work: Work) -> Relaxed:
    """Raise the bound until it reaches the target or no longer rises.

    Parameters
    ----------
    part
        What is bounded.
    multiplier
        (n,) where to begin.
    target
        Bound at which the part holds nothing better than what is known.
    how
        Rounds, first step, and rounds without progress after which the step is halved.
    work
        What may be spent.
    """
    point, best, step, waited = multiplier, None, how.step, 0
    direction, often = np.zeros(len(multiplier)), np.zeros(len(part.pairs.site))
    level = -np.inf
    for _ in range(how.rounds):
        here, slack = relax(part, point)
        often *= FADING
        often[here.chosen] += 1.0 - FADING
        if best is None or here.bound > best.bound:
            best = here
        waited += 1
        if here.bound > level + RISE * abs(here.bound):
            level, waited = here.bound, 0
        elif waited > how.patience:
            step, waited, point = step / 2.0, 0, best.multiplier
        direction = _uncovered(part, here, slack) + MEMORY * direction
        length = float(direction @ direction)
        if best.bound >= target or step < SMALLEST_STEP or not length:
            break
        if not work.spend(len(slack)):
            break
        ahead = target + (OVERSHOOT - 1.0) * abs(target) - here.bound
        point = np.minimum(point + step * ahead / length * direction, part.cap)
    assert best is not None  # noqa: S101 - there is at least one round
    return Relaxed(best.bound, best.multiplier, best.reduced, often, best.chosen)


def fixed_by(part: Part, found: Relaxed, target: float) -> tuple[Bools, Bools]:
    """Return (s,) which sites may still open and which must, if the target is to be beaten.

    A site left out of the relaxed choice enters in place of the worst one chosen; one
    chosen leaves for the best one left out. Where that lifts the bound to the target,
    no choice with (without) the site is better than what is known.
    """
    free = np.flatnonzero(~part.must)
    wanted = part.p - int(part.must.sum())
    keep, must = np.ones(len(part.must), dtype=bool), part.must.copy()
    if not 0 < wanted < len(free):
        return keep, must
    reduced = found.reduced[free]
    chosen = np.isin(free, found.chosen)
    worst_in, best_out = reduced[chosen].max(), reduced[~chosen].min()
    keep[free[~chosen & (found.bound + reduced - worst_in >= target)]] = False
    must[free[chosen & (found.bound + best_out - reduced >= target)]] = True
    return keep, must


def _cheapest(reduced: Floats, part: Part) -> Ints:
    must, free = np.flatnonzero(part.must), np.flatnonzero(~part.must)
    wanted = part.p - len(must)
    if 0 < wanted < len(free):
        free = free[np.argpartition(reduced[free], wanted - 1)]
    return np.concatenate([must, free[:wanted]])


def _uncovered(part: Part, found: Relaxed, slack: Floats) -> Floats:
    """Return (n,) the subgradient: 1 less how many of the chosen sites each point takes."""
    own = part.pairs.of(found.chosen)
    taken = part.pairs.point[own[slack[own] < 0.0]]
    return np.asarray(1.0 - np.bincount(taken, minlength=len(part.cap)), dtype=float)
