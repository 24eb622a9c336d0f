"""Location set covering (LSCP): the fewest or cheapest sites that cover every demand point.

Sets: demand points i, sites j; N_i the sites in reach of i. Variables: y_j = 1 if site j is
chosen; u_i = 1 if i is covered at least twice.

    LSCP     min  sum_j cost_j y_j    s.t.  sum_{j in N_i} y_j >= 1            for all i   (1)
    LSCP-B   max  sum_i weight_i u_i  s.t.  sum_{j in N_i} y_j >= 1 + u_i      for all i   (2)
                                            sum_j y_j = fewest                             (3)

Sources: Toregas, Swain, ReVelle and Bergman, "The location of emergency service facilities",
Operations Research 19 (1971), 1363-1373; backup coverage after Hogan and ReVelle, "Concepts
and applications of backup coverage", Management Science 32 (1986), 1434-1444.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pulp
from numpy.typing import ArrayLike
from scipy import sparse

from planner.errors import InfeasibleError, Problem
from planner.location.choice import CLOSED, OPEN, Choice, Ints, site_status
from planner.location.effort import DEFAULT, Effort
from planner.location.program import EQUAL, SLACK, Program
from planner.location.reach import Floats, as_amounts, as_cover, coverer, first_rows, times_covered
from planner.location.reduce import set_cover_core
from planner.solver import Deadline, Termination, verdict


def lscp(
    cover: Any,  # noqa: ANN401 - dense or sparse
    cost: ArrayLike | None = None,
    *,
    fixed_in: Iterable[int] = (),
    fixed_out: Iterable[int] = (),
    effort: Effort = DEFAULT,
) -> Choice:
    """Choose the fewest sites, or the cheapest set of sites, that cover every demand point.

    Parameters
    ----------
    cover
        (n, m) 0/1, dense or sparse: which sites are in reach of which demand point; see
        :func:`planner.location.within`.
    cost
        (m,) cost of each site, at least 0; None counts sites.
    fixed_in, fixed_out
        Sites that must be, and that may not be chosen. Those fixed in count too.
    effort
        Limits of the search.

    Returns
    -------
    Choice
        Its objective is the number of sites, or their cost.

    Raises
    ------
    InfeasibleError
        ``E-LOC-020`` naming the demand points that no allowed site covers.
    InputError
        For a wrong matrix, cost or fixed site.

    Examples
    --------
    >>> lscp([[1, 0, 1], [0, 1, 1], [0, 1, 0]]).sites.tolist()
    [0, 1]
    """
    reach = as_cover(cover)
    n_sites = reach.shape[1]
    status = site_status(n_sites, fixed_in, fixed_out)
    price = np.ones(n_sites) if cost is None else as_amounts(cost, n_sites, "cost")
    require_reach(reach, status)
    deadline = Deadline.after(effort.time_limit_s)
    sites, bound = cheapest_cover(reach, price, status, effort, deadline)
    total = float(price[sites].sum())
    outcome = verdict(total, min(bound, total), effort.mip_gap)
    return Choice(sites, coverer(reach, sites), outcome)


def lscp_backup(
    cover: Any,  # noqa: ANN401 - dense or sparse
    weight: ArrayLike | None = None,
    *,
    fixed_in: Iterable[int] = (),
    fixed_out: Iterable[int] = (),
    effort: Effort = DEFAULT,
) -> Choice:
    """Choose, among all sets of the fewest covering sites, one that covers most weight twice.

    Parameters
    ----------
    cover, fixed_in, fixed_out, effort
        As in :func:`lscp`.
    weight
        (n,) weight of each demand point, at least 0; None counts points.

    Returns
    -------
    Choice
        Its objective is the weight covered at least twice. Where the fewest sites were not
        proven within the limits, it carries no bound.

    Raises
    ------
    InfeasibleError, InputError
        As :func:`lscp`.
    """
    reach = as_cover(cover)
    n_points = reach.shape[0]
    worth = np.ones(n_points) if weight is None else as_amounts(weight, n_points, "weight")
    deadline = Deadline.after(effort.time_limit_s)
    first = lscp(reach, fixed_in=fixed_in, fixed_out=fixed_out, effort=effort)
    status = site_status(reach.shape[1], fixed_in, fixed_out)
    program, columns = _backup_program(reach, worth, status, first.sites)
    outcome = program.run(effort, deadline, warm_start=True)
    sites = columns[program.chosen()] if outcome.has_solution else first.sites
    twice = float(worth[times_covered(reach, sites) >= 2].sum())
    proven = first.outcome.termination is Termination.PROVEN_OPTIMAL
    bound = outcome.bound if proven and outcome.has_solution else None
    reached = verdict(
        twice,
        None if bound is None else max(bound, twice),
        effort.mip_gap,
    )
    return Choice(sites, coverer(reach, sites), reached)


def require_reach(reach: sparse.csr_array, status: Ints) -> None:
    """Refuse demand points that no allowed site covers.

    Raises
    ------
    InfeasibleError
        ``E-LOC-020`` with their number and the first rows.
    """
    bare = np.flatnonzero(times_covered(reach, np.flatnonzero(status != CLOSED)) == 0)
    if bare.size:
        raise InfeasibleError(
            Problem(
                "E-LOC-020",
                f"{bare.size} demand points have no allowed site in reach",
                "leave these points out, widen the reach, or allow more sites",
                row=first_rows(bare),
                column="cover",
                count=int(bare.size),
            )
        )


def pieces(cover: sparse.csr_array) -> list[tuple[Ints, Ints]]:
    """Return the rows and columns of each part that shares nothing with the others."""
    n_rows, n_columns = cover.shape
    graph = sparse.block_array([[None, cover], [sparse.csr_array((n_columns, n_rows)), None]])
    count, label = sparse.csgraph.connected_components(graph, directed=False)
    rows, columns = label[:n_rows], label[n_rows:]
    found = [(np.flatnonzero(rows == k), np.flatnonzero(columns == k)) for k in range(count)]
    return [part for part in found if len(part[0])]


def greedy_cover(cover: sparse.csr_array, price: Floats) -> Ints:
    """Return columns that cover every row: most new rows for the money first, then thinned."""
    flipped = sparse.csr_array(cover.T)
    bare = np.ones(cover.shape[0])
    picked: list[int] = []
    while bare.any():
        gain = flipped @ bare
        best = int(np.argmax(np.where(gain > 0, gain / np.maximum(price, 1e-12), -1.0)))
        picked.append(best)
        bare[flipped.indices[flipped.indptr[best] : flipped.indptr[best + 1]]] = 0.0
    times = times_covered(cover, np.array(picked))
    for j in sorted(picked, key=lambda k: (-price[k], k)):
        rows = flipped.indices[flipped.indptr[j] : flipped.indptr[j + 1]]
        if (times[rows] >= 2).all():
            times[rows] -= 1
            picked.remove(j)
    return np.sort(np.array(picked, dtype=np.int64))


def cheapest_cover(
    reach: sparse.csr_array, price: Floats, status: Ints, effort: Effort, deadline: Deadline
) -> tuple[Ints, float]:
    """Return the cheapest sites found that cover every row, and a bound on their cost."""
    core = set_cover_core(reach, price, status)
    chosen, bound = [core.forced], float(price[core.forced].sum())
    for rows, columns in pieces(core.cover):
        sites = core.columns[columns]
        picked, low = _solve_piece(core.cover[rows][:, columns], price[sites], effort, deadline)
        chosen.append(sites[picked])
        bound += low
    return np.sort(np.concatenate(chosen)), bound


def cover_program(cover: sparse.csr_array, price: Floats) -> Program:
    """Return the program of rows (1) and the cost."""
    program = Program.of_sites("lscp", pulp.LpMinimize, len(price))
    program.objective((program.y, price))
    program.covering_rows(cover)
    return program


def _solve_piece(
    cover: sparse.csr_array, price: Floats, effort: Effort, deadline: Deadline
) -> tuple[Ints, float]:
    """Return the columns chosen and a bound on their cost."""
    start = greedy_cover(cover, price)
    program = cover_program(cover, price)
    program.begin_with(start)
    whole = bool((price == np.round(price)).all())
    options = {"mip_abs_gap": 1.0 - 1e-4} if whole else {}
    outcome = program.run(effort, deadline, warm_start=True, **options)
    chosen = program.chosen() if outcome.has_solution else start
    if price[start].sum() < price[chosen].sum():
        chosen = start
    low = 0.0 if outcome.bound is None else outcome.bound
    low = float(np.ceil(low - SLACK)) if whole else low
    return chosen, min(low, float(price[chosen].sum()))


def _backup_program(
    reach: sparse.csr_array, worth: Floats, status: Ints, fewest: Ints
) -> tuple[Program, Ints]:
    columns = np.flatnonzero(status != CLOSED)
    cover = reach[:, columns]
    program = Program.of_sites("lscp_b", pulp.LpMaximize, len(columns))
    twice = program.shares(cover.shape[0], "u")
    program.objective((twice, worth))
    program.covering_rows(cover, twice)
    program.count_row(EQUAL, len(fewest))
    for j in np.flatnonzero(status[columns] == OPEN).tolist():
        program.y[j].lowBound = 1
    start = np.flatnonzero(np.isin(columns, fewest))
    program.begin_with(start, (twice, times_covered(cover, start) >= 2))
    return program, columns
