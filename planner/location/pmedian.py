"""The p-median: p sites that bring all demand to its nearest one at least weighted cost.

Sets: demand points i, sites j. Variables: y_j = 1 if site j is chosen; x_ij = 1 if point i
is assigned to site j.

    min  sum_ij weight_i cost_ij x_ij
    sum_j x_ij = 1   for all i         x_ij <= y_j   for all pairs         sum_j y_j = p

Source: Hakimi, "Optimum locations of switching centers and the absolute centers and medians
of a graph", Operations Research 12 (1964), 450-459; the program is by ReVelle and Swain,
"Central facilities location", Geographical Analysis 2 (1970), 30-42. It is never built:
:mod:`planner.location.branching` proves the optimum by Lagrangian bounds.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pulp
from numpy.typing import ArrayLike
from scipy import sparse

from planner.errors import InfeasibleError, InputError, Problem
from planner.location.assignment import Terms
from planner.location.branching import Incumbent, Limits, best_medians
from planner.location.choice import CLOSED, OPEN, Bools, Choice, Ints, site_status
from planner.location.costs import (
    as_costs,
    require_places,
    require_room,
    require_ways,
    without_gaps,
)
from planner.location.effort import Effort
from planner.location.lagrangian import Work
from planner.location.mclp import require_count
from planner.location.pmedian_capacitated import capacitated_medians
from planner.location.program import EQUAL, Program, no_answer
from planner.location.reach import Floats, as_amounts
from planner.solver import Deadline, Termination, verdict

MODEL = "p-median"
PROVE = Effort(mip_gap=0.0)
"""The default: search until the optimum is proven, or everything is spent."""
PAIRS_PER_ROUND = 1_000_000
"""Near pairs that one round of the effort may look at: 0.01 s, wherever it runs."""


def pmedian(  # noqa: PLR0913 - what the model takes, all but three by name
    cost: ArrayLike,
    weight: ArrayLike,
    p: int,
    *,
    fixed_in: Iterable[int] = (),
    fixed_out: Iterable[int] = (),
    capacities: ArrayLike | None = None,
    demand: ArrayLike | None = None,
    effort: Effort = PROVE,
) -> Choice:
    """Choose p sites so that the weighted cost from each point to its site is least.

    Parameters
    ----------
    cost
        (n, m) dense cost, distance or time from demand point to site, at least 0; NaN and
        infinity mean "no way".
    weight
        (n,) weight of each point, at least 0.
    p
        How many sites to choose, those fixed in included.
    fixed_in, fixed_out
        Sites that must be, and that may not be chosen.
    capacities
        (m,) demand each site can serve; every point then has one site, which need not be
        its nearest. None for no limit.
    demand
        (n,) demand of each point against the capacities; None takes ``weight``.
    effort
        Limits of the search: a round is one part of the branching, or a million pairs of
        point and site looked at, whichever is used up first.

    Returns
    -------
    Choice
        ``assigned`` is the site of each point; the objective is the sum of weight times
        cost over the points.

    Raises
    ------
    InfeasibleError
        ``E-LOC-020`` for points without a way to an allowed site, ``E-LOC-033`` if no p
        sites serve every point, ``E-LOC-031`` if p sites hold less than the demand,
        ``E-LOC-032`` for a point that no site can hold.
    LimitError
        ``E-LOC-029`` if the time ran out before there was a solution.
    InputError
        ``E-LOC-021`` for a p that the sites do not allow, ``E-LOC-035`` for a demand
        without capacities, others for wrong arrays.

    Examples
    --------
    >>> pmedian([[0.0, 4.0], [5.0, 1.0], [2.0, 9.0]], [1, 1, 2], p=1).outcome.objective
    9.0
    """
    costs = as_costs(cost)
    weights = as_amounts(weight, costs.shape[0], "weight")
    status = site_status(costs.shape[1], fixed_in, fixed_out)
    require_count(p, status, least=1)
    require_ways(costs, status)
    deadline = Deadline.after(effort.time_limit_s)
    if capacities is None:
        if demand is not None:
            raise InputError(
                Problem(
                    "E-LOC-035",
                    "demand is there to be held against capacities, and there are none",
                    "give capacities, or put the demand into the weights",
                    column="demand",
                )
            )
        return _uncapacitated(costs, weights, p, status, (effort, deadline))
    room = as_amounts(capacities, costs.shape[1], "capacities")
    load = weights if demand is None else as_amounts(demand, len(weights), "demand")
    require_room(load, room, status, p)
    require_places(costs, load, room, status)
    terms = Terms(status, np.zeros(len(status)), load, room, p, single=True)
    found = capacitated_medians(_weighted(costs, weights), terms, effort, deadline)
    return _choice(costs, weights, found.sites, found.assigned, (found.bound, effort))


def _uncapacitated(
    costs: Floats, weights: Floats, p: int, status: Ints, limits: tuple[Effort, Deadline]
) -> Choice:
    effort, deadline = limits
    allowed, opened = np.flatnonzero(status != CLOSED), np.flatnonzero(status == OPEN)
    if p in (len(allowed), len(opened)):
        sites = allowed if p == len(allowed) else opened
        return _choice(costs, weights, sites, _nearest(costs, sites), (np.inf, effort))
    finite, penalty = without_gaps(_weighted(costs[:, allowed], weights))
    best = Incumbent.of(finite, status[allowed], p, effort.mip_gap)
    if best.objective >= penalty:
        best.improve_on(_covering(finite < penalty, status[allowed], p, limits))
    work = Work(effort.rounds * PAIRS_PER_ROUND, deadline)
    found = best_medians(best, Limits(effort.rounds, work))
    sites = allowed[found.columns]
    return _choice(costs, weights, sites, _nearest(costs, sites), (found.bound, effort))


def _choice(
    costs: Floats, weights: Floats, sites: Ints, assigned: Ints, known: tuple[float, Effort]
) -> Choice:
    """Return the choice with its objective computed from the sites."""
    bound, effort = known
    paid = costs[np.arange(len(assigned)), assigned]
    if np.isinf(paid).any():
        raise _cannot_serve(len(sites))
    objective = float((weights * paid).sum())
    outcome = verdict(objective, min(max(bound, 0.0), objective), effort.mip_gap)
    return Choice(sites, assigned, outcome)


def _nearest(costs: Floats, sites: Ints) -> Ints:
    return np.asarray(sites[costs[:, sites].argmin(axis=1)])


def _weighted(costs: Floats, weights: Floats) -> Floats:
    """Return (n, m) weight times cost, infinite where there is no way whatever the weight."""
    if weights.min() > 0:
        return np.asarray(costs * weights[:, None])
    gaps = np.isinf(costs)
    return np.where(gaps, np.inf, np.where(gaps, 0.0, costs) * weights[:, None])


def _covering(ways: Bools, status: Ints, p: int, limits: tuple[Effort, Deadline]) -> Ints:
    """Return p columns that leave no point without a way, whatever the cost.

    Raises
    ------
    InfeasibleError
        ``E-LOC-033`` if there are none.
    LimitError
        ``E-LOC-029`` if the time ran out before that was known.
    """
    effort, deadline = limits
    program = Program.of_sites("ways", pulp.LpMinimize, len(status))
    for variable, fixed in zip(program.y, status.tolist(), strict=True):
        variable.lowBound = int(fixed == OPEN)
    program.objective((program.y, np.zeros(len(status))))
    program.covering_rows(sparse.csr_array(np.unique(ways, axis=0)))
    program.count_row(EQUAL, p)
    outcome = program.run(effort, deadline)
    if outcome.termination is Termination.INFEASIBLE:
        raise _cannot_serve(p)
    if not outcome.has_solution:
        raise no_answer(MODEL)
    return program.chosen()


def _cannot_serve(p: int) -> InfeasibleError:
    return InfeasibleError(
        Problem(
            "E-LOC-033",
            f"no choice of {p} sites serves every demand point",
            "allow more sites or ways",
            column="cost",
        )
    )
