"""Builds covering programs for PuLP in bulk, row by row from a sparse matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pulp
from scipy import sparse

from planner.errors import LimitError, Problem
from planner.location.choice import Bools, Ints
from planner.location.effort import Effort
from planner.location.reach import Floats
from planner.solver import Deadline, Outcome, solve

MORE, LESS, EQUAL = pulp.LpConstraintGE, pulp.LpConstraintLE, pulp.LpConstraintEQ
SLACK = 1e-6
"""What a solver's bound may be off; taken off before a bound is rounded to whole numbers."""


@dataclass(frozen=True)
class Program:
    """A PuLP problem with one 0/1 variable for each site."""

    problem: pulp.LpProblem
    y: list[pulp.LpVariable]

    @classmethod
    def of_sites(cls, name: str, sense: int, count: int, cat: str = pulp.LpBinary) -> Program:
        """Return a program that has only the variables of the sites."""
        problem = pulp.LpProblem(name, sense)
        return cls(problem, [problem.add_variable(f"y{j}", 0, 1, cat) for j in range(count)])

    def shares(self, count: int, name: str = "x") -> list[pulp.LpVariable]:
        """Return new variables between 0 and 1."""
        return [self.problem.add_variable(f"{name}{i}", 0, 1) for i in range(count)]

    def objective(self, *terms: tuple[list[pulp.LpVariable], Floats]) -> None:
        """Set the objective, in whichever sense the program has."""
        pairs = [pair for part, c in terms for pair in zip(part, c.tolist(), strict=True)]
        self.problem.setObjective(pulp.LpAffineExpression(pairs))

    def row(self, terms: dict[pulp.LpVariable, float], sense: int, right: float) -> None:
        """Add one row."""
        made = pulp.LpConstraint(pulp.LpAffineExpression(terms), sense, rhs=right)
        self.problem.addConstraint(made)

    def count_row(self, sense: int, right: int) -> None:
        """Add: the number of sites is at most, at least or exactly so many."""
        self.row(dict.fromkeys(self.y, 1.0), sense, right)

    def covering_rows(
        self, cover: sparse.csr_array, minus: list[pulp.LpVariable] | None = None, need: int = 1
    ) -> None:
        """Add for each row: its sites, less a variable of the row, are at least ``need``."""
        ends, items = cover.indptr.tolist(), cover.indices.tolist()
        for i in range(cover.shape[0]):
            terms = {self.y[j]: 1.0 for j in items[ends[i] : ends[i + 1]]}
            if minus is not None:
                terms[minus[i]] = -1.0
            self.row(terms, MORE, need)

    def begin_with(self, columns: Ints, *others: tuple[list[pulp.LpVariable], Bools]) -> None:
        """Set the values of the sites, and of other 0/1 variables, as a first incumbent."""
        chosen = np.zeros(len(self.y), dtype=bool)
        chosen[columns] = True
        for variables, values in ((self.y, chosen), *others):
            for variable, value in zip(variables, values.tolist(), strict=True):
                variable.setInitialValue(int(value))

    def run(self, effort: Effort, deadline: Deadline, **more: object) -> Outcome:
        """Solve within what is left of the time."""
        options = dict(more)
        start = bool(options.pop("warm_start", False))
        return solve(
            self.problem,
            time_limit_s=deadline.left_s(),
            mip_gap=effort.mip_gap,
            threads=effort.threads,
            seed=effort.seed,
            warm_start=start,
            options=options,
        )

    def chosen(self) -> Ints:
        """Return the columns whose variable is 1."""
        return np.flatnonzero(np.array([v.varValue or 0.0 for v in self.y]) > 0.5)


def no_answer(model: str) -> LimitError:
    """Return the error for a search that found nothing in its time."""
    return LimitError(
        Problem(
            "E-LOC-029",
            f"{model}: the time ran out before there was any solution",
            "give Effort(time_limit_s=...) more seconds, or fewer sites",
        )
    )
