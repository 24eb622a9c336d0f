"""Solves MCLP where a plain solve stalls: a bound from multipliers, sites from swaps.

Relaxing x_i <= sum_{j in N_i} y_j with multipliers 0 <= u_i <= weight_i gives, for any u,

    L(u) = sum_i (weight_i - u_i) + the p largest of  sum_{i: j in N_i} u_i  over sites j

as an upper bound on the covered weight (Galvao and ReVelle, "A Lagrangean heuristic for the
maximal covering location problem", EJOR 88 (1996), 114-123). The multipliers are the row
duals of the linear relaxation, solved by HiGHS' interior point method without crossover; L is
then evaluated here, so the bound holds whatever the solver's accuracy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
import pulp

from planner.location.choice import CLOSED, FREE, OPEN, Ints
from planner.location.effort import Effort
from planner.location.mclp_program import covered_weight, mclp_program
from planner.location.program import LESS, Program
from planner.location.reach import Floats, times_covered
from planner.location.reduce import Core, coverage_core
from planner.location.swap import SwapSearch, greedy, improve
from planner.solver import Deadline

LP_SHARE = 0.6
"""Share of the time the linear relaxation may take."""
SUPPORT = 1e-3
"""Value of y in the relaxation above which a site is worth searching with."""
FAR = 0.1
"""Gap to the greedy sites above which the relaxation cannot have ended, and steps follow."""
STEPS, STUCK = 400, 15
"""Subgradient steps in place of the relaxation, and those in vain that halve their length."""
GENERATIONS, STARTS = 2, 5
"""Generations of local searches, and the searches in each; their answers are merged."""
ELITE = 6
"""Answers that are merged, the best ones."""
UNEVEN = 0.2
"""How far the weights are bent for the first sites of all searches but one."""
MERGE_SHARE = 0.25
"""Share of the time left that the solve over the sites of all answers may take."""


def solve_large(core: Core, budget: int, effort: Effort, deadline: Deadline) -> tuple[Ints, float]:
    """Return the columns chosen and a bound on their weight."""
    multipliers, share = relaxation(core, budget, effort, deadline)
    first = greedy(core.cover, core.weight, budget)
    target = covered_weight(core, first)
    bound = lagrangian(core, multipliers, budget)
    if bound > (1.0 + FAR) * target:
        bound = min(bound, tightened(core, budget, target))
    support = np.union1d(np.flatnonzero(share > SUPPORT), first)
    part = among(core, support)
    searches = Searches(part, min(budget, len(part.columns)), effort, deadline, bound)
    best = part.columns[searches.best()]
    search = SwapSearch(core.cover, core.weight, best)
    search.descend()
    return np.sort(search.sites), bound


@dataclass
class Searches:
    """Local searches over a core from different first sites, merged after each generation."""

    core: Core
    budget: int
    effort: Effort
    deadline: Deadline
    bound: float
    done: int = 0

    def best(self) -> Ints:
        """Return the best columns of all generations."""
        pool: list[Ints] = []
        for _ in range(GENERATIONS):
            pool += [self._run(self._first()) for _ in range(STARTS)]
            pool.sort(key=lambda columns: -covered_weight(self.core, columns))
            joined = merged(self.core, pool[:ELITE], self.effort, self.deadline)
            pool = [self._run(joined), joined, *pool]
            top = max(pool, key=lambda columns: covered_weight(self.core, columns))
            if covered_weight(self.core, top) >= self._enough():
                break
        return top

    def _first(self) -> Ints:
        """Return greedy sites; all but those of the first search bend the weights."""
        rng = np.random.default_rng([self.effort.seed, self.done])
        bend = rng.uniform(1 - UNEVEN, 1 + UNEVEN, len(self.core.weight)) if self.done else 1.0
        return greedy(self.core.cover, self.core.weight * bend, self.budget)

    def _run(self, start: Ints) -> Ints:
        search = SwapSearch(self.core.cover, self.core.weight, start)
        left = GENERATIONS * (STARTS + 1) - self.done + 1
        share = Deadline.after(self.deadline.left_s() / left)
        seed = self.effort.seed + self.done
        self.done += 1
        return improve(search, self.effort.rounds, seed, share, self._enough())

    def _enough(self) -> float:
        return self.bound / (1.0 + self.effort.mip_gap)


def among(core: Core, columns: Ints, forced: Ints | None = None) -> Core:
    """Return the core over some of the columns, which its ``columns`` and ``forced`` name."""
    status = np.full(len(core.columns), CLOSED, dtype=np.int64)
    status[columns] = FREE
    status[[] if forced is None else forced] = OPEN
    return coverage_core(core.cover, core.weight, status)


def merged(core: Core, answers: list[Ints], effort: Effort, deadline: Deadline) -> Ints:
    """Return the best columns among those of all answers, what all agree on being settled."""
    best = max(answers, key=lambda columns: covered_weight(core, columns))
    agreed = reduce(np.intersect1d, answers)
    part = among(core, np.unique(np.concatenate(answers)), agreed)
    left = min(len(best) - len(part.forced), len(part.columns))
    if not left or left == len(part.columns):
        return best
    start = np.flatnonzero(np.isin(part.columns, best))
    program = mclp_program(part, left, start)
    limit = Deadline.after(deadline.left_s() * MERGE_SHARE)
    outcome = program.run(effort, limit, warm_start=True)
    if not outcome.has_solution:
        return best
    found = np.concatenate([part.forced, part.columns[program.chosen()]])
    return found if covered_weight(core, found) > covered_weight(core, best) else best


def tightened(core: Core, budget: int, target: float) -> float:
    """Return the least L(u) along subgradient steps; each of its values is a bound.

    Parameters
    ----------
    target
        Covered weight that is reached already; it sets the length of the steps.
    """
    u = np.minimum(core.weight, core.weight / np.maximum(np.diff(core.cover.indptr), 1))
    least, best, length, in_vain = lagrangian(core, u, budget), u, 1.0, 0
    for _ in range(STEPS):
        order = np.argsort(-(core.cover.T @ u), kind="stable")[:budget]
        slope = times_covered(core.cover, order) - 1.0
        step = length * (lagrangian(core, u, budget) - target) / max(float(slope @ slope), 1.0)
        u = np.clip(u - step * slope, 0.0, core.weight)
        value = lagrangian(core, u, budget)
        in_vain += 1
        if value < least:
            least, best, in_vain = value, u, 0
        if in_vain >= STUCK:
            u, length, in_vain = best, length / 2, 0
    return min(least, lagrangian(core, np.zeros(len(u)), budget))


def lagrangian(core: Core, multipliers: Floats, budget: int) -> float:
    """Return L(u), rounded outward: no choice of so many columns covers more weight.

    Parameters
    ----------
    multipliers
        (rows,) any values; they are cut to 0 and the row's weight first.
    """
    u = np.clip(multipliers, 0.0, core.weight)
    worth = np.sort(np.asarray(core.cover.T @ u))[::-1][:budget]
    terms = core.cover.nnz + sum(core.cover.shape)
    return float((core.weight - u).sum() + worth.sum()) * (1.0 + 2.0**-52 * terms)


def relaxation(
    core: Core, budget: int, effort: Effort, deadline: Deadline
) -> tuple[Floats, Floats]:
    """Return (rows,) multipliers and (columns,) values of y, as far as the solver got."""
    program = Program.of_sites("mclp_lp", pulp.LpMaximize, len(core.columns), pulp.LpContinuous)
    x = program.shares(core.cover.shape[0])
    program.objective((x, core.weight))
    program.covering_rows(core.cover, x, need=0)
    program.count_row(LESS, budget)
    part = Deadline.after(deadline.left_s() * LP_SHARE)
    program.run(effort, part, solver="ipm", run_crossover="off")
    solution = program.problem.solverModel.getSolution()
    multipliers = np.asarray(solution.row_dual, dtype=float)[: core.cover.shape[0]]
    values = np.array([v.varValue or 0.0 for v in program.y])
    return multipliers, values
