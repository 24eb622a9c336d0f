"""Maximal covering (MCLP): p sites that cover as much demand weight as can be.

Sets: demand points i, sites j; N_i the sites in reach of i. Variables: y_j = 1 if site j is
chosen; x_i = 1 if point i is covered.

    max  sum_i weight_i x_i
    s.t. x_i <= sum_{j in N_i} y_j   for all i    (1)
         sum_j y_j = p                            (2)
         0 <= x_i <= 1,  y_j in {0, 1}

Source: Church and ReVelle, "The maximal covering location problem", Papers of the Regional
Science Association 32 (1974), 101-118.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from planner.errors import InputError, Problem
from planner.location.choice import CLOSED, FREE, OPEN, Choice, Ints, site_status
from planner.location.effort import DEFAULT, Effort
from planner.location.mclp_large import solve_large
from planner.location.mclp_program import covered_weight, mclp_program
from planner.location.reach import as_amounts, as_cover, coverer, times_covered
from planner.location.reduce import Core, coverage_core
from planner.location.swap import SwapSearch, greedy, improve
from planner.solver import Deadline, verdict

LARGE = 150_000
"""Pairs in reach above which the bound comes from multipliers and the sites from swaps."""
FIRST_ROUNDS = 50
"""Kicks that look for the first incumbent of an exact solve."""


def mclp(
    cover: Any,  # noqa: ANN401 - dense or sparse
    weight: ArrayLike,
    p: int,
    *,
    fixed_in: Iterable[int] = (),
    fixed_out: Iterable[int] = (),
    effort: Effort = DEFAULT,
) -> Choice:
    """Choose p sites that cover as much weight as can be.

    Parameters
    ----------
    cover
        (n, m) 0/1, dense or sparse: which sites are in reach of which demand point; see
        :func:`planner.location.within`.
    weight
        (n,) weight of each demand point, at least 0.
    p
        How many sites to choose, those fixed in included.
    fixed_in, fixed_out
        Sites that must be, and that may not be chosen.
    effort
        Limits of the search.

    Returns
    -------
    Choice
        Its objective is the covered weight.

    Raises
    ------
    InputError
        ``E-LOC-021`` for a p that the sites do not allow, others for a wrong matrix, weight
        or fixed site.

    Examples
    --------
    >>> mclp([[1, 0], [0, 1], [0, 1]], [5.0, 2.0, 2.0], p=1).outcome.objective
    5.0
    """
    reach = as_cover(cover)
    worth = as_amounts(weight, reach.shape[0], "weight")
    status = site_status(reach.shape[1], fixed_in, fixed_out)
    require_count(p, status)
    core = coverage_core(reach, worth, status)
    budget = min(p - len(core.forced), len(core.columns))
    deadline = Deadline.after(effort.time_limit_s)
    columns, bound = _solve_core(core, budget, effort, deadline)
    sites = filled(np.concatenate([core.forced, core.columns[columns]]), status, p)
    base = float(worth[times_covered(reach, core.forced) > 0].sum())
    total = float(worth[times_covered(reach, sites) > 0].sum())
    bound = None if bound is None else max(total, base + bound)
    return Choice(sites, coverer(reach, sites), verdict(total, bound, effort.mip_gap))


def require_count(p: int, status: Ints, least: int = 0) -> None:
    """Refuse a number of sites below those fixed in or above those allowed.

    Raises
    ------
    InputError
        ``E-LOC-021``.
    """
    low, high = max(least, int((status == OPEN).sum())), int((status != CLOSED).sum())
    if not low <= p <= high:
        raise InputError(
            Problem(
                "E-LOC-021",
                f"p must lie between {low} (fixed in) and {high} (not fixed out)",
                "give another p, or fix fewer sites",
                column="p",
                value=str(p),
            )
        )


def filled(sites: Ints, status: Ints, p: int) -> Ints:
    """Return exactly p sites, ascending: the first free ones make up the number."""
    spare = np.setdiff1d(np.flatnonzero(status == FREE), sites)
    return np.sort(np.concatenate([sites, spare[: p - len(sites)]])).astype(np.int64)


def _solve_core(
    core: Core, budget: int, effort: Effort, deadline: Deadline
) -> tuple[Ints, float | None]:
    """Return the columns chosen and a bound on their weight."""
    if budget == len(core.columns) or not core.cover.nnz:
        return np.arange(budget), float(core.weight.sum()) if budget else 0.0
    if not budget:
        return np.empty(0, dtype=np.int64), 0.0
    if core.cover.nnz > LARGE:
        return solve_large(core, budget, effort, deadline)
    search = SwapSearch(core.cover, core.weight, greedy(core.cover, core.weight, budget))
    start = improve(search, FIRST_ROUNDS, effort.seed, deadline, float(core.weight.sum()))
    program = mclp_program(core, budget, start)
    outcome = program.run(effort, deadline, warm_start=True)
    if not outcome.has_solution:
        return start, None
    chosen = program.chosen()
    if covered_weight(core, start) > covered_weight(core, chosen):
        chosen = start
    return chosen, outcome.bound
