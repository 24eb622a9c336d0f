r"""Owns the relaxation of the choice reduced to a range of prices of a km.

Sets and data
    V, E, A nodes, edges and arcs of the reduced graph (:mod:`planner.testroads.reduction`),
    r ∈ V the anchor; F ⊂ E its free edges; w, c worth and counted km of edges and nodes;
    H the most km; 0 ≤ l ≤ h the ends of the range; P ⊂ V nodes that are only passed.
Variables
    0 ≤ y_a ≤ 1: a tree of ways out of the anchor takes arc a; 0 ≤ x_e ≤ 1 for e ∈ F: the edge
    is taken, x_e = y_a + y_a' for every other edge; z_v = Σ_{a into v} y_a, z_r = 1;
    s⁺, s⁻ ≥ 0: km above and below H.
Objective
    max Σ_e w_e x_e + Σ_v w_v z_v − h s⁺ + l s⁻
Constraints
    Σ_e c_e x_e + Σ_v c_v z_v − s⁺ + s⁻ = H                               length
    y_a + y_a' ≤ x_e for e ∈ F;  z_v ≤ 1 for v ∉ P
    z_v ≤ Σ_{a out of v} y_a for v ∈ P: no best tree ends there            passed
    x_e ≤ z_v for both ends of every edge; z_v ≤ Σ_{a into S} y_a for v ∈ S ⊂ V \ {r}

This is the length limit taken into the objective at the price that bounds best, from l to h:
for any price λ ≥ 0 no network of at most H km is worth more than λ H plus the most that worth
less λ times km comes to without the limit. Its optimum is a bound whatever the range; it is
that of :mod:`planner.testroads.model`, or a better one, where the best price is inside it.
"""

from __future__ import annotations

import numpy as np
import pulp

from planner.errors import Problem, SolverError
from planner.solver import Relaxation
from planner.testroads.instance import METRES_PER_KM, Floats, Ints
from planner.testroads.model import Cut, Values
from planner.testroads.reduction import Reduced

IDLE_SOLVES = 3
"""Solves after which a row that was not used is dropped."""
MOST_ITERATIONS = 15_000
"""Some three times what the longest sound solve took at 20,000 segments."""


class PricedModel:
    """The relaxation with the rows added so far."""

    def __init__(
        self, left: Reduced, high_m: float, prices: tuple[float, float], seed: int
    ) -> None:
        self._left, task = left, left.task
        self._size = size = len(left.free)
        self.problem = pulp.LpProblem("test_roads_priced", pulp.LpMinimize)
        add = self.problem.add_variable
        inner = task.tail != task.head
        self._start = np.concatenate([task.tail, task.head])
        self._end = np.concatenate([task.head, task.tail])
        shut = ~np.concatenate([inner, inner]) | (self._end == 0)
        arcs = [add(f"y{a}", 0.0, float(not closed)) for a, closed in enumerate(shut.tolist())]
        self._free = np.flatnonzero(left.free)
        ways = [add(f"x{e}", 0.0, 1.0) for e in self._free.tolist()]
        self._slack = [add("above", 0.0, None), add("below", 0.0, None)]
        self._every = [*arcs, *ways]
        self._way = np.full(size, -1, dtype=np.int64)
        self._way[self._free] = 2 * size + np.arange(len(self._free))
        worth = self._of_columns(task.worth, left.node_worth)
        terms = list(zip(self._every, (-worth).tolist(), strict=True))
        slack = zip(self._slack, (prices[1], -prices[0]), strict=True)
        self.problem.setObjective(pulp.LpAffineExpression([*terms, *slack]))
        km = self._of_columns(task.counted_m, left.node_m) / METRES_PER_KM
        self._add_length(km, (high_m - float(left.node_m[0])) / METRES_PER_KM)
        self._add_nodes()
        self._add_ways()
        self._names = [str(variable.name) for variable in self._every]
        self._relaxation = Relaxation(
            self.problem, threads=1, seed=seed, most_iterations=MOST_ITERATIONS
        )
        self._place = np.array([self._relaxation.column[name] for name in self._names])

    def _of_columns(self, edge: Floats, node: Floats) -> Floats:
        """Return what arcs and free edges bring: nodes come with the arcs into them."""
        beyond = np.where(self._end == 0, 0.0, node[self._end])
        tied = np.where(self._left.free, 0.0, edge)
        return np.concatenate([beyond + np.tile(tied, 2), edge[self._free]])

    def _row(self, columns: list[int], shares: list[float], sense: int, right: float) -> None:
        terms = [(self._every[c], share) for c, share in zip(columns, shares, strict=True)]
        row = pulp.LpConstraint(pulp.LpAffineExpression(terms), sense, rhs=right)
        self.problem.addConstraint(row)

    def _add_length(self, km: Floats, high_km: float) -> None:
        """Add the row ``length``, the first."""
        used = np.flatnonzero(km).tolist()
        terms = [(self._every[column], float(km[column])) for column in used]
        terms += [(self._slack[0], -1.0), (self._slack[1], 1.0)]
        row = pulp.LpConstraint(pulp.LpAffineExpression(terms), pulp.LpConstraintEQ, rhs=high_km)
        self.problem.addConstraint(row)

    def _add_nodes(self) -> None:
        """Add the rows of nodes, but for the anchor."""
        into: list[list[int]] = [[] for _ in range(self._left.task.n_nodes)]
        out: list[list[int]] = [[] for _ in into]
        ends = zip(self._start.tolist(), self._end.tolist(), strict=True)
        for arc, (start, end) in enumerate(ends):
            if start != end:
                into[end].append(arc)
                out[start].append(arc)
        for node, passed in enumerate(self._left.passed.tolist()):
            if node and passed:
                shares = [1.0] * len(out[node]) + [-1.0] * len(into[node])
                self._row(out[node] + into[node], shares, pulp.LpConstraintGE, 0.0)
            elif node:
                self._row(into[node], [1.0] * len(into[node]), pulp.LpConstraintLE, 1.0)

    def _add_ways(self) -> None:
        for edge in self._free.tolist():
            columns = [edge, self._size + edge, int(self._way[edge])]
            self._row(columns, [1.0, 1.0, -1.0], pulp.LpConstraintLE, 0.0)

    def add_cuts(self, cuts: list[Cut]) -> None:
        """Add rows over edges, arcs along and arcs against."""
        rows = [self._of_arcs(cut) for cut in cuts]
        self._relaxation.add_rows(
            [self._place[column] for column, _ in rows],
            [share for _, share in rows],
            [cut.least for cut in cuts],
        )

    def _of_arcs(self, cut: Cut) -> tuple[Ints, Floats]:
        """Return columns and shares of a row, an edge that is not free being its two arcs."""
        size = self._size
        edges, arcs = cut.column[cut.column < size], cut.column[cut.column >= size] - size
        share, own = cut.share[cut.column >= size], cut.share[cut.column < size]
        free = self._way[edges] >= 0
        tied = edges[~free]
        column = np.concatenate([arcs, self._way[edges[free]], tied, size + tied])
        shares = np.concatenate([share, own[free], own[~free], own[~free]])
        columns, place = np.unique(column, return_inverse=True)
        total = np.bincount(place, weights=shares)
        return columns[total != 0.0], total[total != 0.0]

    def relax(self) -> tuple[float, Values]:
        """Return the bound that the rows so far give, and the fractional network."""
        found = self._relaxation.solve()
        if found is None:
            raise SolverError(
                Problem(
                    "E-TST-002",
                    "the relaxation has no solution, although the empty network is one",
                    "report this as a defect, with the case",
                    layer="test_roads",
                )
            )
        every, size = self._relaxation.values(self._names), self._size
        along, against = every[:size], every[size : 2 * size]
        x = along + against
        x[self._free] = every[2 * size :]
        self.price = -self._relaxation.price(0)
        self._relaxation.drop_idle(IDLE_SOLVES)
        return float(self._left.node_worth[0]) - found, Values(x, along, against)

    def original(self, values: Values, size: int) -> Floats:
        """Return the values of the original edges."""
        arcs = np.concatenate([values.along, values.against])
        n_nodes = self._left.task.n_nodes
        node: Floats = np.bincount(self._end, weights=arcs, minlength=n_nodes).astype(np.float64)
        node[0] = 1.0
        return np.clip(self._left.expanded(values.x, node, size), 0.0, 1.0)
