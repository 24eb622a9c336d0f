"""The p-center: p sites such that the farthest demand point is as near as can be.

    min  z   s.t.  every demand point i has a chosen site j with cost_ij <= z,  sum_j y_j = p

z is one of the costs, so it is found by bisection over the distinct costs: a radius will do
if at most p sites cover every point within it, which is a set covering problem (Minieka,
"The m-center problem", SIAM Review 12 (1970), 138-139). Each is reduced exactly before the
solver sees it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from planner.errors import InfeasibleError, InputError, PlannerError, Problem
from planner.location.choice import CLOSED, Choice, Ints, site_status
from planner.location.effort import DEFAULT, Effort
from planner.location.lscp import cheapest_cover, require_reach
from planner.location.mclp import filled, require_count
from planner.location.program import no_answer
from planner.location.reach import Floats, first_rows, stored, within
from planner.solver import Deadline, verdict


@dataclass(frozen=True)
class Probe:
    """What one radius showed: sites that do, or that none do; neither if time ran out."""

    sites: Ints
    enough: bool
    refuted: bool


def pcenter(
    cost: Any,  # noqa: ANN401 - dense or sparse
    p: int,
    *,
    fixed_in: Iterable[int] = (),
    fixed_out: Iterable[int] = (),
    effort: Effort = DEFAULT,
) -> Choice:
    """Choose p sites that make the largest cost from a demand point to its site smallest.

    Parameters
    ----------
    cost
        (n, m) cost, distance or time from demand point to site: dense, NaN or infinite where
        there is no way; or sparse, where a pair that is not stored is no way.
    p
        How many sites to choose, those fixed in included.
    fixed_in, fixed_out
        Sites that must be, and that may not be chosen.
    effort
        Limits of the search.

    Returns
    -------
    Choice
        Its objective is the radius; ``assigned`` is the cheapest site for each point.

    Raises
    ------
    InfeasibleError
        ``E-LOC-020`` naming demand points that have no way to any allowed site, ``E-LOC-023``
        if more than p sites are needed whatever the radius.
    LimitError
        ``E-LOC-029`` if the time ran out before there was a solution.
    InputError
        ``E-LOC-021`` for a p that the sites do not allow, others for wrong arrays.

    Examples
    --------
    >>> pcenter([[0.0, 4.0], [5.0, 0.0], [2.0, 9.0]], p=1).outcome.objective
    5.0
    """
    reach = within(cost)
    status = site_status(reach.shape[1], fixed_in, fixed_out)
    require_count(p, status, least=1)
    require_reach(reach, status)
    costs = _stored(cost, reach)
    _refuse_negative(costs)
    deadline = Deadline.after(effort.time_limit_s)
    sites, bound = _bisect(costs, status, p, effort, deadline)
    assigned, far = nearest(costs, sites)
    radius = float(far.max(initial=0.0))
    return Choice(sites, assigned, verdict(radius, min(bound, radius), effort.mip_gap))


def nearest(costs: sparse.csr_array, sites: Ints) -> tuple[Ints, Floats]:
    """Return (n,) the cheapest of the sites for each point, lowest row first, and its cost."""
    part = costs[:, sites]
    part.sort_indices()
    rows = np.repeat(np.arange(part.shape[0]), np.diff(part.indptr))
    order = np.lexsort((part.indices, part.data, rows))
    first = order[part.indptr[:-1]]
    return sites[part.indices[first]], part.data[first]


def _stored(cost: Any, reach: sparse.csr_array) -> sparse.csr_array:  # noqa: ANN401
    """Return the costs of the pairs in reach, row by row, zeros stored."""
    rows = np.repeat(np.arange(reach.shape[0]), np.diff(reach.indptr))
    if not sparse.issparse(cost):
        data = np.asarray(cost, dtype=float)[rows, reach.indices]
        return sparse.csr_array((data, reach.indices, reach.indptr), shape=reach.shape)
    data = np.asarray(stored(cost).data, dtype=float)
    return sparse.csr_array(
        (data[np.isfinite(data)], reach.indices, reach.indptr), shape=reach.shape
    )


def _refuse_negative(costs: sparse.csr_array) -> None:
    wrong = np.unique(np.repeat(np.arange(costs.shape[0]), np.diff(costs.indptr))[costs.data < 0])
    if wrong.size:
        raise InputError(
            Problem(
                "E-LOC-014",
                "a cost is a number of at least 0",
                "mend or remove the rows",
                row=first_rows(wrong),
                column="cost",
                value=str(costs.data.min()),
                count=wrong.size,
            )
        )


def _bisect(
    costs: sparse.csr_array, status: Ints, p: int, effort: Effort, deadline: Deadline
) -> tuple[Ints, float]:
    """Return the best sites found, and a radius below which there are none."""
    allowed = costs[:, np.flatnonzero(status != CLOSED)]
    radii = np.unique(allowed.data)
    low = int(np.searchsorted(radii, np.minimum.reduceat(allowed.data, allowed.indptr[:-1]).max()))
    high, best = len(radii), None
    while low < high:
        middle = (low + high) // 2
        probe = _probe(costs, radii[middle], status, p, effort, deadline)
        if probe.enough:
            best = filled(probe.sites, status, p)
            high = int(np.searchsorted(radii, nearest(costs, best)[1].max()))
        elif probe.refuted:
            low = middle + 1
        else:
            break
    if best is None:
        raise _nothing(low == high, p)
    return best, float(radii[low])


def _probe(
    costs: sparse.csr_array,
    radius: float,
    status: Ints,
    p: int,
    effort: Effort,
    deadline: Deadline,
) -> Probe:
    """Say whether at most p sites cover every point within the radius."""
    cover = within(costs, radius)
    sites, fewest = cheapest_cover(cover, np.ones(len(status)), status, effort, deadline)
    return Probe(sites, len(sites) <= p, fewest > p)


def _nothing(refuted: bool, p: int) -> PlannerError:  # noqa: FBT001 - one of two errors
    if not refuted:
        return no_answer("p-center")
    return InfeasibleError(
        Problem(
            "E-LOC-023",
            f"more than {p} sites are needed to reach every demand point at all",
            "raise p or allow more sites",
            column="p",
            value=str(p),
        )
    )
