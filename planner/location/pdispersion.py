"""p-dispersion: p sites of which the two nearest are as far apart as can be.

    max  z   s.t.  cost_jk >= z for all chosen sites j, k,  sum_j y_j = p

z is one of the costs between sites, so it is found by bisection: a distance will do if p
sites have no two nearer to each other, an independent set in the graph of nearer pairs. Its
pair rows y_j + y_k <= 1 are lifted to cliques. Source: Kuby, "Programming models for facility
dispersion", Geographical Analysis 19 (1987), 315-329.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pulp
from numpy.typing import ArrayLike

from planner.errors import InputError, Problem
from planner.location.choice import CLOSED, OPEN, Bools, Choice, Ints, site_status
from planner.location.effort import DEFAULT, Effort
from planner.location.mclp import require_count
from planner.location.program import LESS, SLACK, Program
from planner.location.reach import Floats
from planner.solver import Deadline, verdict


def pdispersion(
    cost: ArrayLike,
    p: int,
    *,
    fixed_in: Iterable[int] = (),
    fixed_out: Iterable[int] = (),
    effort: Effort = DEFAULT,
) -> Choice:
    """Choose p sites whose smallest cost between any two is largest.

    Parameters
    ----------
    cost
        (m, m) finite cost, distance or time between sites, at least 0; of two directions the
        smaller counts, the diagonal does not.
    p
        How many sites to choose, at least 2, those fixed in included.
    fixed_in, fixed_out
        Sites that must be, and that may not be chosen.
    effort
        Limits of the search.

    Returns
    -------
    Choice
        Its objective is the smallest cost between chosen sites; ``assigned`` has one entry
        for each site: itself where chosen, else -1.

    Raises
    ------
    InputError
        ``E-LOC-021`` for a p that the sites do not allow, ``E-LOC-024`` for a matrix that is
        not square, or a cost that is negative or not finite.

    Examples
    --------
    >>> pdispersion([[0, 1, 5], [1, 0, 4], [5, 4, 0]], p=2).sites.tolist()
    [0, 2]
    """
    gap = _between(cost)
    status = site_status(len(gap), fixed_in, fixed_out)
    require_count(p, status, least=2)
    deadline = Deadline.after(effort.time_limit_s)
    sites, bound = _bisect(gap, status, p, effort, deadline)
    apart = smallest_gap(gap, sites)
    assigned = np.full(len(gap), -1, dtype=np.int64)
    assigned[sites] = sites
    return Choice(sites, assigned, verdict(apart, max(bound, apart), effort.mip_gap))


def smallest_gap(gap: Floats, sites: Ints) -> float:
    """Return the smallest entry between different sites."""
    part = gap[np.ix_(sites, sites)]
    return float(part[np.triu_indices(len(sites), 1)].min())


def _between(cost: ArrayLike) -> Floats:
    values = np.asarray(cost, dtype=float)
    if (
        values.ndim != 2
        or values.shape[0] != values.shape[1]
        or not ((values >= 0) & (values < np.inf)).all()
    ):
        raise InputError(
            Problem(
                "E-LOC-024",
                "a square matrix of finite costs between sites, at least 0, is needed",
                "give one row and one column for each site",
                column="cost",
                value=str(values.shape),
            )
        )
    return np.asarray(np.minimum(values, values.T), dtype=float)


def _bisect(
    gap: Floats, status: Ints, p: int, effort: Effort, deadline: Deadline
) -> tuple[Ints, float]:
    """Return the best sites found, and a distance that none can exceed."""
    allowed = np.flatnonzero(status != CLOSED)
    part = gap[np.ix_(allowed, allowed)]
    values = np.unique(part[np.triu_indices(len(allowed), 1)])
    inside = np.flatnonzero(status == OPEN)
    best = _farthest_first(gap, status, p)
    most = smallest_gap(gap, inside) if len(inside) > 1 else values[-1]
    low = int(np.searchsorted(values, smallest_gap(gap, best)))
    high = int(np.searchsorted(values, most))
    while low < high:
        middle = (low + high + 1) // 2
        found, top = _independent(gap < values[middle], status, effort, deadline)
        if len(found) >= p:
            best = _cut(found, inside, p)
            low = int(np.searchsorted(values, smallest_gap(gap, best)))
        elif top < p:
            high = middle - 1
        else:
            break
    return best, float(values[high])


def _cut(found: Ints, inside: Ints, p: int) -> Ints:
    """Return p of the sites, those fixed in among them."""
    others = np.setdiff1d(found, inside)
    return np.sort(np.concatenate([inside, others[: p - len(inside)]]))


def _farthest_first(gap: Floats, status: Ints, p: int) -> Ints:
    """Return p sites, each the farthest from those before it."""
    picked = np.flatnonzero(status == OPEN).tolist()
    free = status != CLOSED
    if not picked:
        spread = np.where(free[:, None] & free[None, :], gap, -1.0)
        np.fill_diagonal(spread, -1.0)
        picked = [int(np.argmax(spread.max(axis=1)))]
    while len(picked) < p:
        near = np.where(free, gap[:, picked].min(axis=1), -1.0)
        near[picked] = -2.0
        picked.append(int(np.argmax(near)))
    return np.sort(np.array(picked, dtype=np.int64))


def _independent(near: Bools, status: Ints, effort: Effort, deadline: Deadline) -> tuple[Ints, int]:
    """Return sites of which no two are near, and how many there can be at most."""
    near = near.copy()
    np.fill_diagonal(near, val=False)
    inside = np.flatnonzero(status == OPEN)
    free = (status != CLOSED) & (status != OPEN) & ~near[inside].any(axis=0)
    columns = np.flatnonzero(free)
    groups = cliques(near[np.ix_(columns, columns)])
    program = Program.of_sites("pdispersion", pulp.LpMaximize, len(columns))
    program.objective((program.y, np.ones(len(columns))))
    for group in groups:
        program.row({program.y[j]: 1.0 for j in group}, LESS, 1.0)
    outcome = program.run(effort, deadline, mip_abs_gap=1.0 - 1e-4)
    if not outcome.has_solution:
        return inside, len(columns) + len(inside)
    found = np.sort(np.concatenate([inside, columns[program.chosen()]]))
    top = len(columns) if outcome.bound is None else int(np.floor(outcome.bound + SLACK))
    return found, top + len(inside)


def cliques(near: Bools) -> list[list[int]]:
    """Return groups of sites all near to each other, such that each near pair is in one."""
    left = np.triu(near, 1)
    found = []
    for j in range(len(near)):
        while left[j].any():
            k = int(np.argmax(left[j]))
            group, shared = [j, k], near[j] & near[k]
            while shared.any():
                fresh = shared & left[j]
                new = int(np.argmax(fresh if fresh.any() else shared))
                group.append(new)
                shared = shared & near[new]
            group.sort()
            left[np.ix_(group, group)] = False
            found.append(group)
    return found
