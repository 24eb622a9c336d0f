"""The capacitated p-median: a program on near pairs that still bounds the whole problem.

Only pairs that can matter are handed to the solver. With the Lagrangian bound L and its
multipliers u of the problem without capacities, a solution that uses pair (i, j) costs at
least L + max(0, cost_ij - u_i); so a pair for which that reaches the best known cost is left
out for good, and of those left out for now the least such cost is a bound of its own.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from planner.errors import InfeasibleError, LimitError
from planner.location.assignment import Pairs, Terms, serve
from planner.location.branching import LAST, Incumbent, listed
from planner.location.choice import CLOSED, OPEN, Bools, Ints
from planner.location.costs import without_gaps
from planner.location.effort import Effort
from planner.location.lagrangian import Part, Work, climb
from planner.location.near_pairs import NearPairs, near_caps
from planner.location.reach import Floats
from planner.solver import Deadline

FEW_PAIRS = 40_000
"""Pairs up to which the solver gets all of them at once."""
FIRST_TRIES = 4
"""One of so many parts of the time goes to each try that only looks for a good start."""


@dataclass(frozen=True)
class Assigned:
    """Sites, ascending, the site of each point, their cost, and what nothing costs less than."""

    sites: Ints
    assigned: Ints
    objective: float
    bound: float


def capacitated_medians(cost: Floats, terms: Terms, effort: Effort, deadline: Deadline) -> Assigned:
    """Return the best sites and assignment with one site for every point.

    Parameters
    ----------
    cost
        (n, m) weighted costs, infinite where there is no way.
    terms
        With capacities and p.
    effort, deadline
        Limits of the search.

    Raises
    ------
    InfeasibleError
        ``E-LOC-033`` if no p sites serve every point within the capacities.
    LimitError
        ``E-LOC-029`` if the time ran out before there was a solution.
    """
    allowed = np.flatnonzero(terms.status != CLOSED)
    room = np.asarray(terms.room)[allowed]
    inside = replace(terms, status=terms.status[allowed], opening=terms.opening[allowed], room=room)
    found = _on_allowed(np.ascontiguousarray(cost[:, allowed]), inside, effort, deadline)
    return replace(found, sites=allowed[found.sites], assigned=allowed[found.assigned])


def _on_allowed(cost: Floats, terms: Terms, effort: Effort, deadline: Deadline) -> Assigned:
    ways = np.isfinite(cost)
    if int(ways.sum()) <= FEW_PAIRS:
        return _solved(cost, ways, terms, effort, deadline)
    least, medians = _least_with(cost, terms, effort, deadline)
    cap = near_caps(cost, listed(cost.shape[1], terms.p or 1))
    near = ways & (cost <= cap[:, None])
    columns = np.isin(np.arange(cost.shape[1]), medians)
    first = _best_of(cost, (ways & columns, near), terms, effort, deadline)
    if first is None:
        found = _solved(cost, ways, terms, effort, deadline)
        return replace(found, bound=min(found.objective, max(found.bound, float(least.min()))))
    useful = ways & (least < first.objective)
    try:
        second = _solved(cost, useful | _used(first, near.shape), terms, effort, deadline)
    except LimitError:
        return replace(first, bound=min(first.objective, float(least.min())))
    best = min(first, second, key=lambda found: found.objective)
    return replace(best, bound=min(best.objective, max(second.bound, float(least.min()))))


def _best_of(
    cost: Floats, tries: tuple[Bools, ...], terms: Terms, effort: Effort, deadline: Deadline
) -> Assigned | None:
    """Return the best assignment on some of the pairs, each tried for a share of the time."""
    found = []
    for usable in tries:
        share = Deadline.after(deadline.left_s() / FIRST_TRIES)
        with suppress(InfeasibleError, LimitError):
            found.append(_solved(cost, usable, terms, effort, share))
    return min(found, key=lambda one: one.objective, default=None)


def _solved(
    cost: Floats, usable: Bools, terms: Terms, effort: Effort, deadline: Deadline
) -> Assigned:
    """Return the best assignment that uses only the pairs given."""
    point, site = np.nonzero(usable)
    pairs = Pairs(point, site, cost[point, site])
    found = serve(pairs, terms, effort, deadline)
    assigned = np.zeros(len(cost), dtype=np.int64)
    taken = found.share > 0.5
    assigned[point[taken]] = site[taken]
    objective = float(cost[np.arange(len(cost)), assigned].sum())
    bound = found.bound(objective)
    return Assigned(found.sites, assigned, objective, 0.0 if bound is None else bound)


def _used(found: Assigned, shape: tuple[int, ...]) -> Bools:
    used = np.zeros(shape, dtype=bool)
    used[np.arange(shape[0]), found.assigned] = True
    return used


def _least_with(
    cost: Floats, terms: Terms, effort: Effort, deadline: Deadline
) -> tuple[Floats, Ints]:
    """Return (n, m) what using the pair costs at least, and medians without capacities."""
    finite, _ = without_gaps(cost)
    n_points, n_sites = finite.shape
    p = terms.p or 1
    cap = np.full(n_points, np.inf)
    if p == n_sites:
        nearest = finite.min(axis=1)
        return np.asarray(nearest.sum() + finite - nearest[:, None]), np.arange(p)
    start = Incumbent.of(finite, terms.status, p, effort.mip_gap)
    best = finite[:, start.columns].min(axis=1)
    part = Part(NearPairs.below(finite, cap), terms.status == OPEN, p, cap)
    work = Work(LAST.rounds * finite.size, deadline)
    found = climb(part, best, float(best.sum()), LAST, work)
    least = found.bound + np.maximum(0.0, finite - found.multiplier[:, None])
    return np.asarray(least), start.columns
