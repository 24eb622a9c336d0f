r"""Owns the model of the choice of test roads.

Sets
    E edges (segments) of the usable network; V its nodes; R ⊂ V the anchor, of which every
    network in question has a node; G_k ⊂ E the segments that reach mandated zone k.
Data
    w_e ≥ 0 worth, c_e > 0 counted metres, F ⊂ E opened roads, H the most metres allowed.
Variables
    x_e ∈ {0, 1}: segment e is a test road; relaxed to 0 ≤ x_e ≤ 1, and x_e = 1 for e ∈ F.
Objective
    max Σ_e w_e x_e                                                        worth
Constraints
    Σ_e c_e x_e ≤ H                                                        length
    Σ_{e ∈ G_k} x_e ≥ 1                      for every zone k in reach     zone
    Σ_{f ∈ δ(S)} x_f ≥ x_e    for S ⊂ V \ R and e inside S                 connectivity
    Σ_{f ∈ δ(S)} x_f ≥ 1      for S ⊂ V \ R that holds both ends of every edge of some G_k
    Σ_{f ∈ δ(S)} x_f ≥ x_e + x_g − 1    for S ⊂ V, e inside S, g inside V \ S    parting
    Σ_e c_e x_e ≥ L                     only when solved in whole numbers         target

δ(S) are the edges with exactly one end in S. A network with a node of R and an edge e inside
S must leave S, hence connectivity; there are exponentially many such rows, so only violated
ones are added (:mod:`planner.testroads.separation`). With any part of them, relaxed or not, the
optimum is no less than the worth of any network that is asked for: every round gives a valid
bound. Whole numbers are asked for only where the network is small
(:mod:`planner.testroads.exact`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pulp

from planner.solver import Deadline, Outcome, solve
from planner.testroads.connect import Start
from planner.testroads.instance import Floats, Ints

METRES_PER_KM = 1000.0
MOST_NODES = 2_000
"""Branches after which a search in whole numbers stops; counted, not timed."""


@dataclass(frozen=True)
class Cut:
    """A row x(border) >= sum of x over ``inner`` - (number of ``inner`` - 1)."""

    border: Ints
    inner: tuple[int, ...]


class Relaxation:
    """The model with the rows added so far, linear until whole numbers are asked for."""

    def __init__(self, start: Start) -> None:
        self._task = task = start.task
        self.problem = pulp.LpProblem("test_roads", pulp.LpMaximize)
        low = np.where(task.forced, 1.0, 0.0).tolist()
        self._x = [
            self.problem.add_variable(f"x{edge}", lower, 1.0) for edge, lower in enumerate(low)
        ]
        worth = zip(self._x, task.worth.tolist(), strict=True)
        self.problem.setObjective(pulp.LpAffineExpression(list(worth)))
        self._add_length(start.high_m)
        for group in start.due():
            if not task.forced[group].any():
                self._add_zone(group)

    def _row(self, terms: dict[int, float], sense: int, right: float) -> None:
        expression = pulp.LpAffineExpression([(self._x[edge], c) for edge, c in terms.items()])
        self.problem.addConstraint(pulp.LpConstraint(expression, sense, rhs=right))

    def _add_length(self, high_m: float) -> None:
        """Add the row ``length``, in km to keep the coefficients near 1."""
        terms = dict(enumerate((self._task.counted_m / METRES_PER_KM).tolist()))
        self._row(terms, pulp.LpConstraintLE, high_m / METRES_PER_KM)

    def _add_zone(self, group: Ints) -> None:
        """Add a row ``zone``."""
        self._row(dict.fromkeys(group.tolist(), 1.0), pulp.LpConstraintGE, 1.0)

    def add_cut(self, cut: Cut) -> None:
        """Add a row ``connectivity``."""
        terms = dict.fromkeys(cut.border.tolist(), 1.0) | dict.fromkeys(cut.inner, -1.0)
        self._row(terms, pulp.LpConstraintGE, 1.0 - len(cut.inner))

    def ask_for_whole_numbers(self) -> None:
        """Turn the relaxation into the model itself: whole edges, and the row ``target``."""
        for variable in self._x:
            variable.cat = pulp.LpInteger
        terms = dict(enumerate((self._task.counted_m / METRES_PER_KM).tolist()))
        self._row(terms, pulp.LpConstraintGE, self._task.low_m / METRES_PER_KM)

    def solve(
        self, deadline: Deadline, seed: int, *, mip_gap: float = 0.0
    ) -> tuple[Outcome, Floats | None]:
        """Return the outcome and the values of the edges, None where there are none."""
        outcome = solve(
            self.problem,
            time_limit_s=deadline.left_s(),
            mip_gap=mip_gap,
            threads=1,
            seed=seed,
            options={"mip_max_nodes": MOST_NODES},
        )
        if outcome.bound is None:
            return outcome, None
        return outcome, np.array([variable.varValue for variable in self._x], dtype=float)
