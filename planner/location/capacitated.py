"""Covering with capacities: demand is handed out to sites in reach, none takes too much.

Sets: demand points i, sites j; N_i the sites in reach of i. Variables: y_j = 1 if site j is
chosen; x_ij the share of point i served at site j, for pairs in reach only.

    LSCP-C   min  sum_j y_j                  s.t. (1) with =, (2), (3)
    MCLP-C   max  sum_i weight_i sum_j x_ij  s.t. (1) with <=, (2), (3), (4)

    sum_{j in N_i} x_ij = 1, or <= 1         for all i          (1)
    sum_i weight_i x_ij <= capacity_j y_j    for all j          (2)
    x_ij <= y_j                              for all pairs      (3)
    sum_j y_j = p                                               (4)

Sources: Current and Storbeck, "Capacitated covering models", Environment and Planning B 15
(1988), 153-163, in the system-optimal form where demand may be split. Points with the same
sites in reach are one point to these models, so they are merged before the solve.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pulp
from numpy.typing import ArrayLike
from scipy import sparse

from planner.errors import InfeasibleError, Problem
from planner.location.choice import CLOSED, OPEN, Choice, Ints, site_status
from planner.location.effort import DEFAULT, Effort
from planner.location.lscp import require_reach
from planner.location.mclp import require_count
from planner.location.program import EQUAL, LESS, SLACK, Program, no_answer
from planner.location.reach import Floats, as_amounts, as_cover
from planner.location.reduce import merge_rows, summed
from planner.solver import Deadline, Outcome, Termination, verdict


@dataclass(frozen=True)
class ServedChoice(Choice):
    """A choice that also says how much of which demand each site serves.

    Parameters
    ----------
    served
        (n, m) weight of each demand point served at each site; ``assigned`` is the site
        that serves most of a point.
    """

    served: sparse.csr_array


@dataclass(frozen=True)
class Task:
    """Merged demand and the sites: what both models build from."""

    reach: sparse.csr_array
    weight: Floats
    capacity: Floats
    status: Ints
    merged: sparse.csr_array
    kind: Ints
    load: Floats

    @classmethod
    def of(cls, cover: Any, weight: ArrayLike, capacity: ArrayLike, status: Ints) -> Task:  # noqa: ANN401
        """Check the arrays and merge points that have the same allowed sites in reach."""
        reach = as_cover(cover)
        worth = as_amounts(weight, reach.shape[0], "weight")
        room = as_amounts(capacity, reach.shape[1], "capacity")
        allowed = reach @ sparse.diags_array(np.where(status == CLOSED, 0.0, 1.0))
        open_reach = as_cover(allowed)
        first, kind = merge_rows(open_reach)
        load = summed(kind, worth, len(first))
        return cls(reach, worth, room, status, open_reach[first], kind, load)


def lscp_capacitated(
    cover: Any,  # noqa: ANN401 - dense or sparse
    weight: ArrayLike,
    capacity: ArrayLike,
    *,
    fixed_in: Iterable[int] = (),
    fixed_out: Iterable[int] = (),
    effort: Effort = DEFAULT,
) -> ServedChoice:
    """Choose the fewest sites that serve every demand point within their capacities.

    Parameters
    ----------
    cover
        (n, m) 0/1, dense or sparse: which sites are in reach of which demand point.
    weight
        (n,) demand of each point, at least 0; it may be split between sites.
    capacity
        (m,) demand each site can serve, in the unit of ``weight``.
    fixed_in, fixed_out
        Sites that must be, and that may not be chosen.
    effort
        Limits of the search.

    Returns
    -------
    ServedChoice
        Its objective is the number of sites.

    Raises
    ------
    InfeasibleError
        ``E-LOC-020`` for demand points out of reach, ``E-LOC-022`` if the capacities in
        reach do not suffice.
    LimitError
        ``E-LOC-029`` if the time ran out before there was a solution.
    InputError
        For wrong arrays or fixed sites.
    """
    status = site_status(as_cover(cover).shape[1], fixed_in, fixed_out)
    task = Task.of(cover, weight, capacity, status)
    require_reach(task.reach, status)
    program, x = _program(task, pulp.LpMinimize, EQUAL)
    program.objective((program.y, np.ones(len(program.y))))
    outcome = program.run(effort, Deadline.after(effort.time_limit_s), mip_abs_gap=1.0 - 1e-4)
    if outcome.termination is Termination.INFEASIBLE:
        raise InfeasibleError(
            Problem(
                "E-LOC-022",
                f"demand of {task.load.sum():g} cannot be served by the capacities in reach, "
                f"{task.capacity[status != CLOSED].sum():g} in all",
                "raise capacities, allow more sites or widen the reach",
                column="capacity",
            )
        )
    sites, served = _answer(task, program, x, outcome, "capacitated LSCP")
    bound = None if outcome.bound is None else float(np.ceil(outcome.bound - SLACK))
    return _choice(sites, served, float(len(sites)), bound, effort)


def mclp_capacitated(  # noqa: PLR0913 - what the model takes, all but four by name
    cover: Any,  # noqa: ANN401 - dense or sparse
    weight: ArrayLike,
    capacity: ArrayLike,
    p: int,
    *,
    fixed_in: Iterable[int] = (),
    fixed_out: Iterable[int] = (),
    effort: Effort = DEFAULT,
) -> ServedChoice:
    """Choose p sites that serve as much demand as their reach and capacities allow.

    Parameters
    ----------
    cover, weight, capacity, fixed_in, fixed_out, effort
        As in :func:`lscp_capacitated`.
    p
        How many sites to choose, those fixed in included.

    Returns
    -------
    ServedChoice
        Its objective is the demand served.

    Raises
    ------
    LimitError
        ``E-LOC-029`` if the time ran out before there was a solution.
    InputError
        ``E-LOC-021`` for a p that the sites do not allow, others for wrong arrays.
    """
    status = site_status(as_cover(cover).shape[1], fixed_in, fixed_out)
    require_count(p, status)
    task = Task.of(cover, weight, capacity, status)
    program, x = _program(task, pulp.LpMaximize, LESS)
    rows = np.repeat(np.arange(task.merged.shape[0]), np.diff(task.merged.indptr))
    program.objective((x, task.load[rows]))
    program.count_row(EQUAL, p)
    outcome = program.run(effort, Deadline.after(effort.time_limit_s))
    sites, served = _answer(task, program, x, outcome, "capacitated MCLP")
    return _choice(sites, served, float(served.sum()), outcome.bound, effort)


def _program(task: Task, sense: int, once: int) -> tuple[Program, list[pulp.LpVariable]]:
    """Return rows (1) to (3) and the shares, in the order of the merged pairs."""
    merged = task.merged
    program = Program.of_sites("capacitated", sense, merged.shape[1])
    for variable, status in zip(program.y, task.status.tolist(), strict=True):
        variable.lowBound, variable.upBound = int(status == OPEN), int(status != CLOSED)
    x = program.shares(merged.nnz)
    rows = np.repeat(np.arange(merged.shape[0]), np.diff(merged.indptr))
    ends = merged.indptr.tolist()
    for i in range(merged.shape[0]):
        if ends[i] < ends[i + 1]:
            program.row(dict.fromkeys(x[ends[i] : ends[i + 1]], 1.0), once, 1.0)
    order = np.argsort(merged.indices, kind="stable")
    starts = np.searchsorted(merged.indices[order], np.arange(merged.shape[1] + 1)).tolist()
    for j, room in enumerate(task.capacity.tolist()):
        pairs = order[starts[j] : starts[j + 1]]
        if len(pairs):
            loads = task.load[rows[pairs]].tolist()
            terms = {x[q]: load for q, load in zip(pairs.tolist(), loads, strict=True)}
            program.row({**terms, program.y[j]: -room}, LESS, 0.0)
    for share, j in zip(x, merged.indices.tolist(), strict=True):
        program.row({share: 1.0, program.y[j]: -1.0}, LESS, 0.0)
    return program, x


def _answer(
    task: Task, program: Program, x: list[pulp.LpVariable], outcome: Outcome, model: str
) -> tuple[Ints, sparse.csr_array]:
    """Return the sites and (n, m) served demand, cut down to demand and capacities.

    The solver keeps both to its tolerance only, so up to a millionth may be cut off.
    """
    if not outcome.has_solution:
        raise no_answer(model)
    sites = program.chosen()
    merged = task.merged
    share = np.clip(np.array([v.varValue or 0.0 for v in x]), 0.0, 1.0)
    share[~np.isin(merged.indices, sites)] = 0.0
    by_kind = sparse.csr_array((share, merged.indices, merged.indptr), shape=merged.shape)
    whole = np.maximum(1.0, by_kind.sum(axis=1))
    by_point = by_kind[task.kind]
    served = sparse.csr_array(sparse.diags_array(task.weight / whole[task.kind]) @ by_point)
    taken: Floats = np.asarray(served.sum(axis=0), dtype=float)
    fits = np.where(taken > task.capacity, task.capacity / np.maximum(taken, 1e-300), 1.0)
    served = sparse.csr_array(served @ sparse.diags_array(fits))
    served.eliminate_zeros()
    return sites, served


def _choice(
    sites: Ints,
    served: sparse.csr_array,
    objective: float,
    bound: float | None,
    effort: Effort,
) -> ServedChoice:
    """Return the choice; each point's site is the one that serves most of it."""
    served.sort_indices()
    rows = np.repeat(np.arange(served.shape[0]), np.diff(served.indptr))
    assigned = np.full(served.shape[0], -1, dtype=np.int64)
    order = np.lexsort((-served.indices, served.data, rows))
    assigned[rows[order]] = served.indices[order]
    return ServedChoice(sites, assigned, verdict(objective, bound, effort.mip_gap), served)
