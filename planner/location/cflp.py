"""Capacitated facility location (CFLP): which sites open, at what cost, and whom each serves.

    min  sum_j fixed_cost_j y_j + sum_ij cost_ij x_ij

over the rows of :mod:`planner.location.assignment`; without capacities it is the simple
plant location problem. Sources: Balinski, "Integer programming: methods, uses,
computation", Management Science 12 (1965), 253-313; the strong rows x_ij <= y_j as in
Cornuejols, Sridharan and Thizy, EJOR 50 (1991), 280-297.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from planner.location.assignment import Pairs, Terms, serve
from planner.location.capacitated import ServedChoice
from planner.location.choice import CLOSED, Ints, site_status
from planner.location.costs import as_costs, require_places, require_room, require_ways
from planner.location.effort import DEFAULT, Effort
from planner.location.reach import Floats, as_amounts
from planner.solver import Deadline, verdict


def cflp(  # noqa: PLR0913 - what the model takes, all but four by name
    cost: ArrayLike,
    demand: ArrayLike,
    capacity: ArrayLike | None,
    fixed_cost: ArrayLike,
    *,
    single_source: bool = False,
    fixed_in: Iterable[int] = (),
    fixed_out: Iterable[int] = (),
    effort: Effort = DEFAULT,
) -> ServedChoice:
    """Open the sites that serve all demand at least cost of opening and serving.

    Parameters
    ----------
    cost
        (n, m) cost of serving *all* of a point's demand from a site, at least 0; NaN and
        infinity mean "no way".
    demand
        (n,) demand of each point, at least 0.
    capacity
        (m,) demand each site can serve, in the unit of ``demand``; None for no limit.
    fixed_cost
        (m,) cost of opening each site, at least 0, in the unit of ``cost``.
    single_source
        Whether every point must be served from one site; otherwise capacities may split it.
    fixed_in, fixed_out
        Sites that must open and be paid for, and that may not open.
    effort
        Limits of the search.

    Returns
    -------
    ServedChoice
        The objective is opening plus serving cost; ``served`` says how much of which
        demand each site serves, ``assigned`` the site that serves most of a point.

    Raises
    ------
    InfeasibleError
        ``E-LOC-020`` for points without a way to an allowed site, ``E-LOC-031`` if the
        capacities are below the demand, ``E-LOC-032`` for a point that no site can hold
        alone, ``E-LOC-033`` if no assignment exists all the same.
    LimitError
        ``E-LOC-029`` if the time ran out before there was a solution.
    InputError
        For wrong arrays or fixed sites.

    Examples
    --------
    One site for 3 costs 3 + 1 + 2; two sites cost 3 + 3 + 1.

    >>> cflp([[1, 9], [2, 0]], [1, 1], None, [3, 3]).outcome.objective
    6.0
    """
    costs = as_costs(cost)
    n_points, n_sites = costs.shape
    status = site_status(n_sites, fixed_in, fixed_out)
    terms = Terms(
        status,
        as_amounts(fixed_cost, n_sites, "fixed_cost"),
        as_amounts(demand, n_points, "demand"),
        None if capacity is None else as_amounts(capacity, n_sites, "capacity"),
        None,
        single_source,
    )
    require_ways(costs, status)
    if terms.room is not None:
        require_room(terms.load, terms.room, status)
        if single_source:
            require_places(costs, terms.load, terms.room, status)
    return _choice(costs, terms, effort)


def _choice(costs: Floats, terms: Terms, effort: Effort) -> ServedChoice:
    point, site = np.nonzero(np.isfinite(costs) & (terms.status != CLOSED))
    pairs = Pairs(point, site, costs[point, site])
    found = serve(pairs, terms, effort, Deadline.after(effort.time_limit_s))
    share = found.share
    if terms.room is None:
        share = _all_to_nearest(costs, pairs, found.sites)
    opening = float(terms.opening[found.sites].sum())
    objective = opening + float((pairs.cost * share).sum())
    served = sparse.csr_array((share * terms.load[point], (point, site)), shape=costs.shape)
    served.eliminate_zeros()
    order = np.lexsort((-site, share, point))
    assigned = np.zeros(len(costs), dtype=np.int64)
    assigned[point[order]] = site[order]
    outcome = verdict(objective, found.bound(objective), effort.mip_gap)
    return ServedChoice(found.sites, assigned, outcome, served)


def _all_to_nearest(costs: Floats, pairs: Pairs, sites: Ints) -> Floats:
    """Return (pairs,) 1 for each point's cheapest open site."""
    nearest = sites[costs[:, sites].argmin(axis=1)]
    return np.asarray(pairs.site == nearest[pairs.point], dtype=float)
