"""Solves who is served where as a mixed-integer program on sparse pairs, through PuLP.

Sets: demand points i, sites j, pairs (i, j) that may be used. Variables: y_j = 1 if site j
opens; x_ij the share of point i that site j serves, 0 or 1 with a single source.

    min  sum_j opening_j y_j + sum_ij cost_ij x_ij
    sum_j x_ij = 1                              for all i        (1)
    x_ij <= y_j                                 for all pairs    (2)
    sum_i load_i x_ij <= room_j y_j             for all j        (3)
    sum_j room_j y_j >= sum_i load_i                             (4)
    sum_j y_j = p                                                (5)

(3) and (4) with capacities only, (5) with a number of sites only. (2) and (4) follow from
the others for whole y and only make the bound better.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pulp

from planner.errors import InfeasibleError, Problem, SolverError
from planner.location.choice import CLOSED, OPEN, Ints
from planner.location.effort import Effort
from planner.location.program import EQUAL, LESS, MORE, SLACK, Program, no_answer
from planner.location.reach import Floats
from planner.solver import PROVEN, Deadline, Outcome, Termination

MODEL = "assignment to sites"
OVER = 1e-5
"""Share of a capacity by which a solution may exceed it before it is refused."""
LOST = 1e-9
"""Share of a point below which the solver's value is noise."""


@dataclass(frozen=True)
class Pairs:
    """Pairs that may be used, by point and then by site.

    Parameters
    ----------
    point, site
        (pairs,) rows and columns.
    cost
        (pairs,) cost of serving all of the point from the site.
    """

    point: Ints
    site: Ints
    cost: Floats


@dataclass(frozen=True)
class Terms:
    """What is asked of the sites.

    Parameters
    ----------
    status
        (m,) OPEN, FREE or CLOSED.
    opening
        (m,) cost of opening each site.
    load
        (n,) demand of each point.
    room
        (m,) capacity of each site in the unit of ``load``; None for no limit.
    p
        How many sites open; None for any number.
    single
        Whether every point has one site.
    """

    status: Ints
    opening: Floats
    load: Floats
    room: Floats | None
    p: int | None
    single: bool


@dataclass(frozen=True)
class Served:
    """The open sites, the share of its point that each pair serves, and the solver's word."""

    sites: Ints
    share: Floats
    outcome: Outcome

    def bound(self, objective: float) -> float | None:
        """Return the bound, made to fit an objective that was computed again.

        The solver works to 1e-6, so where it closed its gap, an objective that differs by
        no more than that is its own.
        """
        known = self.outcome
        if known.bound is None or known.objective is None:
            return None
        same = abs(objective - known.objective) <= SLACK * max(1.0, abs(objective))
        if same and known.gap is not None and known.gap <= PROVEN:
            return objective
        return min(known.bound, objective)


def serve(pairs: Pairs, terms: Terms, effort: Effort, deadline: Deadline) -> Served:
    """Return the cheapest open sites and shares on the pairs.

    Raises
    ------
    InfeasibleError
        ``E-LOC-033`` if the pairs and capacities allow nothing.
    LimitError
        ``E-LOC-029`` if the time ran out before there was a solution.
    SolverError
        ``E-LOC-034`` if the solution breaks a capacity.
    """
    program, x = _program(pairs, terms)
    outcome = program.run(effort, deadline)
    if outcome.termination is Termination.INFEASIBLE:
        raise InfeasibleError(
            Problem(
                "E-LOC-033",
                "no choice of sites serves every demand point",
                "allow more sites or ways, or raise capacities",
                column="cost, capacity",
            )
        )
    if not outcome.has_solution:
        raise no_answer(MODEL)
    sites = program.chosen()
    share = np.clip(np.array([variable.varValue or 0.0 for variable in x]), 0.0, 1.0)
    share[(share < LOST) | ~np.isin(pairs.site, sites)] = 0.0
    if terms.single and terms.room is not None:
        share = np.rint(share)
    share /= np.bincount(pairs.point, share, len(terms.load))[pairs.point]
    _require_within(pairs, terms, share)
    return Served(sites, share, outcome)


def _program(pairs: Pairs, terms: Terms) -> tuple[Program, list[pulp.LpVariable]]:
    program = Program.of_sites("assignment", pulp.LpMinimize, len(terms.status))
    for variable, status in zip(program.y, terms.status.tolist(), strict=True):
        variable.lowBound, variable.upBound = int(status == OPEN), int(status != CLOSED)
    x = program.shares(len(pairs.point))
    program.objective((program.y, terms.opening), (x, pairs.cost))
    ends = np.searchsorted(pairs.point, np.arange(len(terms.load) + 1)).tolist()
    for first, last in pairwise(ends):
        program.row(dict.fromkeys(x[first:last], 1.0), EQUAL, 1.0)
    for share, site in zip(x, pairs.site.tolist(), strict=True):
        program.row({share: 1.0, program.y[site]: -1.0}, LESS, 0.0)
    if terms.p is not None:
        program.count_row(EQUAL, terms.p)
    if terms.room is not None:
        _add_room(program, x, pairs, terms)
    return program, x


def _add_room(program: Program, x: list[pulp.LpVariable], pairs: Pairs, terms: Terms) -> None:
    """Add the rows of the capacities, and whole shares where a point has one site."""
    rooms = np.asarray(terms.room).tolist()
    order = np.argsort(pairs.site, kind="stable")
    ends = np.searchsorted(pairs.site[order], np.arange(len(rooms) + 1)).tolist()
    for site, room in enumerate(rooms):
        mine = order[ends[site] : ends[site + 1]].tolist()
        loads = terms.load[pairs.point[mine]].tolist()
        taken = {x[q]: load for q, load in zip(mine, loads, strict=True) if load}
        if taken:
            program.row({**taken, program.y[site]: -room}, LESS, 0.0)
    held = {y: room for y, room in zip(program.y, rooms, strict=True) if room}
    if held:
        program.row(held, MORE, float(terms.load.sum()))
    for share in x if terms.single else ():
        share.cat = pulp.LpInteger


def _require_within(pairs: Pairs, terms: Terms, share: Floats) -> None:
    if terms.room is None:
        return
    taken = np.bincount(pairs.site, share * terms.load[pairs.point], len(terms.room))
    over = np.flatnonzero(taken > terms.room + OVER * np.maximum(1.0, terms.room))
    if over.size:
        raise SolverError(
            Problem(
                "E-LOC-034",
                "the solver's assignment breaks a capacity",
                "state demand and capacity in a unit in which they lie between 1 and 1e6",
                row=str(over[0]),
                column="capacity",
            )
        )
