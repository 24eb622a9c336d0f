r"""Owns the model of the choice of test roads.

Sets
    E edges (segments) of the usable network, A its arcs (two to an edge); V its nodes; R ⊂ V
    the anchor, of which every network in question has a node; G_k ⊂ E the segments that reach
    mandated zone k.
Data
    w_e ≥ 0 worth, c_e > 0 counted km, F ⊂ E opened roads, H the most km allowed;
    a_le share of segment e in limit l, b_l its km (jurisdictions, classes, grades);
    E_s ⊂ E segments of scene s, worth v_p per km for the first k_1, next k_2, ... km, v falling.
Variables
    x_e ∈ {0, 1}: segment e is a test road; relaxed to 0 ≤ x_e ≤ 1, and x_e = 1 for e ∈ F.
    0 ≤ y_a ≤ 1: a tree of ways out of the anchor takes arc a; no arc enters the anchor.
    z_v = Σ_{a into v} y_a: node v has a test road (z_v = 1 for v ∈ R; no variable of its own).
    0 ≤ q_sp ≤ k_p: km of scene s that count by step p.
Objective
    max Σ_e w_e x_e + Σ_s Σ_p v_p q_sp                                     worth
Constraints
    Σ_e c_e x_e ≤ H                                                        length
    Σ_e a_le c_e x_e ≤ b_l    for every limit l that can be kept           limit
    Σ_p q_sp ≤ Σ_{e ∈ E_s} c_e x_e    for every scene s                    variety
    Σ_{e ∈ G_k} x_e ≥ 1       for every zone k in reach                    zone
    y_a + y_a' ≤ x_e          for both arcs of every edge                  way
    z_v ≤ 1                   for every node v outside R                   tree
    x_e ≤ z_v                 for both ends of every edge                  end
    z_v ≤ Σ_{a into S} y_a    for v ∈ S ⊂ V \ R                            connectivity
    1 ≤ Σ_{a into S} y_a      for S ⊂ V \ R that holds both ends of every edge of some G_k
    Σ_{f ∈ δ(S)} x_f ≥ x_e + x_g − 1    for S ⊂ V, e inside S, g inside V \ S    parting
    Σ_e c_e x_e ≥ L                     only when solved in whole numbers         target

A network with a node of R has a tree of ways from there to all its nodes, hence connectivity
(Steiner arborescences: Koch and Martin, 1998; Ljubić et al., 2006). There are exponentially
many such rows, so only violated ones are added (:mod:`planner.testroads.separation`). With any
part of them, relaxed or not, the optimum is no less than the worth of any network that is
asked for: every round gives a valid bound. Whole numbers are asked for only where the network
is small (:mod:`planner.testroads.exact`). What short spurs lose and what is asked of cycles
(:mod:`planner.testroads.merit`) is not in the model: the bound holds without it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pulp

from planner.errors import Problem, SolverError
from planner.solver import Deadline, Outcome, Relaxation, solve
from planner.testroads.connect import Start
from planner.testroads.instance import METRES_PER_KM, Bools, Floats, Ints
from planner.testroads.merit import TOLERANCE_KM

MOST_NODES = 2_000
"""Branches after which a search in whole numbers stops; counted, not timed."""


@dataclass(frozen=True)
class Values:
    """A fractional network: its edges (E,), and the ways along and against them (E,)."""

    x: Floats
    along: Floats
    against: Floats


@dataclass(frozen=True)
class Cut:
    """A row ``share @ variables >= least``; columns are edges, then arcs along, then against."""

    column: Ints
    share: Floats
    least: float = 0.0


class Model:
    """The model with the rows added so far, linear until whole numbers are asked for."""

    def __init__(self, start: Start, anchor: Bools, kept: list[bool], seed: int) -> None:
        self._task = task = start.task
        self._seed = seed
        self.problem = pulp.LpProblem("test_roads", pulp.LpMinimize)
        low = np.where(task.forced, 1.0, 0.0).tolist()
        add = self.problem.add_variable
        self._x = [add(f"x{edge}", lower, 1.0) for edge, lower in enumerate(low)]
        loop = task.tail == task.head
        closed = (anchor[task.head] | loop).tolist(), (anchor[task.tail] | loop).tolist()
        self._along = [add(f"f{e}", 0.0, float(not shut)) for e, shut in enumerate(closed[0])]
        self._against = [add(f"b{e}", 0.0, float(not shut)) for e, shut in enumerate(closed[1])]
        worth = list(zip(self._x, (-task.worth).tolist(), strict=True)) + self._add_variety()
        self.problem.setObjective(pulp.LpAffineExpression(worth))
        self._add_length(start.high_m)
        for limit, holds in zip(task.limits, kept, strict=True):
            if holds:
                km = limit.share * task.counted_m / METRES_PER_KM
                self._add_over_edges(km, pulp.LpConstraintLE, limit.high_km + TOLERANCE_KM)
        for group in start.due():
            if not task.forced[group].any():
                self._add_zone(group)
        self._add_ways()
        self._add_tree(anchor)
        self._names = [str(v.name) for v in (*self._x, *self._along, *self._against)]
        self._place = np.zeros(0, dtype=np.int64)
        self._cuts: list[Cut] = []
        self._relaxation: Relaxation | None = None

    def _row(self, terms: list[tuple[pulp.LpVariable, float]], sense: int, right: float) -> None:
        expression = pulp.LpAffineExpression(terms)
        self.problem.addConstraint(pulp.LpConstraint(expression, sense, rhs=right))

    def _add_over_edges(self, share: Floats, sense: int, right: float) -> None:
        edges = np.flatnonzero(share).tolist()
        self._row([(self._x[edge], float(share[edge])) for edge in edges], sense, right)

    def _add_length(self, high_m: float) -> None:
        """Add the row ``length``, in km to keep the coefficients near 1."""
        km = self._task.counted_m / METRES_PER_KM
        self._add_over_edges(km, pulp.LpConstraintLE, high_m / METRES_PER_KM)

    def _add_variety(self) -> list[tuple[pulp.LpVariable, float]]:
        """Add the rows ``variety`` and return the terms of the objective, to be minimised."""
        task, terms = self._task, []
        if task.variety is None:
            return []
        km = (task.counted_m / METRES_PER_KM).tolist()
        for scene in np.unique(task.variety.scene).tolist():
            counted = [
                self.problem.add_variable(f"q{scene}_{step}", 0.0, most_km)
                for step, (most_km, _) in enumerate(task.variety.steps)
            ]
            edges = np.flatnonzero(task.variety.scene == scene).tolist()
            row = [(self._x[edge], -km[edge]) for edge in edges] + [(q, 1.0) for q in counted]
            self._row(row, pulp.LpConstraintLE, 0.0)
            terms += [
                (q, -per_km) for q, (_, per_km) in zip(counted, task.variety.steps, strict=True)
            ]
        return terms

    def _add_zone(self, group: Ints) -> None:
        """Add a row ``zone``."""
        self._row([(self._x[edge], 1.0) for edge in group.tolist()], pulp.LpConstraintGE, 1.0)

    def _add_ways(self) -> None:
        """Add the rows ``way``."""
        for x, along, against in zip(self._x, self._along, self._against, strict=True):
            self._row([(along, 1.0), (against, 1.0), (x, -1.0)], pulp.LpConstraintLE, 0.0)

    def _add_tree(self, anchor: Bools) -> None:
        """Add the rows ``tree``."""
        into: list[list[pulp.LpVariable]] = [[] for _ in range(self._task.n_nodes)]
        ends = zip(self._task.tail.tolist(), self._task.head.tolist(), strict=True)
        for edge, (tail, head) in enumerate(ends):
            if tail != head:
                into[head].append(self._along[edge])
                into[tail].append(self._against[edge])
        for node in np.flatnonzero(~anchor).tolist():
            self._row([(arc, 1.0) for arc in into[node]], pulp.LpConstraintLE, 1.0)

    def add_cuts(self, cuts: list[Cut]) -> None:
        """Add rows found since."""
        self._cuts += cuts
        if self._relaxation is not None:
            self._relaxation.add_rows(
                [self._place[cut.column] for cut in cuts],
                [cut.share for cut in cuts],
                [cut.least for cut in cuts],
            )

    def relax(self) -> tuple[float, Values]:
        """Return the bound that the rows so far give, and the fractional network."""
        if self._relaxation is None:
            self._relaxation = Relaxation(self.problem, threads=1, seed=self._seed)
            self._place = np.array([self._relaxation.column[name] for name in self._names])
        found = self._relaxation.solve()
        if found is None:
            raise SolverError(
                Problem(
                    "E-TST-002",
                    "the relaxation has no solution, although a network is known",
                    "report this as a defect, with the case",
                    layer="test_roads",
                )
            )
        size = len(self._x)
        every = self._relaxation.values(self._names)
        return -found, Values(every[:size], every[size : 2 * size], every[2 * size :])

    def settle(self, deadline: Deadline, mip_gap: float) -> tuple[Outcome, Floats | None]:
        """Solve in whole numbers, with the row ``target``; edges are None where none are found.

        Objective and bound are those of the worth.
        """
        for variable in self._x:
            variable.cat = pulp.LpInteger
        every = [*self._x, *self._along, *self._against]
        for cut in self._cuts:
            terms = zip(cut.column.tolist(), cut.share.tolist(), strict=True)
            self._row([(every[c], share) for c, share in terms], pulp.LpConstraintGE, cut.least)
        self._cuts, self._relaxation = [], None
        outcome = solve(
            self.problem,
            time_limit_s=deadline.left_s(),
            mip_gap=mip_gap,
            threads=1,
            seed=self._seed,
            options={"mip_max_nodes": MOST_NODES},
        )
        if outcome.bound is None:
            return outcome, None
        return outcome, np.array([variable.varValue for variable in self._x], dtype=float)

    def add_target(self) -> None:
        """Add the row ``target``."""
        km = self._task.counted_m / METRES_PER_KM
        self._add_over_edges(km, pulp.LpConstraintGE, self._task.low_m / METRES_PER_KM)
