"""Keeps one linear program in HiGHS and solves it again and again, changed a little."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import highspy
import numpy as np
import pulp
from numpy.typing import NDArray

from planner.errors import Problem, SolverError
from planner.solver import highs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Relaxation:
    """A continuous problem to be minimised, warm from one solve to the next.

    Parameters
    ----------
    problem
        The problem without whole numbers; its rows and costs stay, more rows may come.
    threads, seed
        Passed to HiGHS; one thread and one seed give the same answer every time.
    """

    def __init__(self, problem: pulp.LpProblem, *, threads: int, seed: int) -> None:
        options = {"threads": threads, "random_seed": seed, "solver": "simplex"}
        self.model: Any = highs.run(problem, options, warm_start=False)
        self.constant = float(problem.objective.constant)
        self.column = {str(variable.name): int(variable.index) for variable in problem.variables()}

    def bound(self, names: Iterable[str], low: float, high: float) -> None:
        """Set the bounds of some variables."""
        columns = np.array([self.column[name] for name in names], dtype=np.int32)
        if len(columns):
            sides = (np.full(len(columns), side, dtype=float) for side in (low, high))
            self.model.changeColsBounds(len(columns), columns, *sides)

    def add_rows(
        self, columns: Sequence[Ints], shares: Sequence[Floats], least: Sequence[float]
    ) -> None:
        """Add rows ``shares @ variables >= least``; ``column`` has the column of each name."""
        if not columns:
            return
        starts = np.cumsum([0] + [len(row) for row in columns[:-1]]).astype(np.int32)
        index, value = np.concatenate(columns).astype(np.int32), np.concatenate(shares)
        low, high = np.array(least, dtype=float), np.full(len(columns), highspy.kHighsInf)
        self.model.addRows(len(columns), low, high, len(index), starts, index, value)

    def solve(self) -> float | None:
        """Solve from the last basis; return the objective, None where there is no solution.

        Raises
        ------
        SolverError
            If HiGHS gives up for another reason.
        """
        with highs.ONE_AT_A_TIME:
            self.model.run()
        status = self.model.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverError(
                Problem(
                    "E-SOL-003",
                    f"a relaxation ended as {self.model.modelStatusToString(status)}",
                    "report this as a defect, with the case",
                )
            )
        return float(self.model.getInfo().objective_function_value) + self.constant

    def values(self, names: Iterable[str]) -> Floats:
        """Return the values of some variables in the last solution."""
        found = np.asarray(self.model.getSolution().col_value, dtype=float)
        return found[[self.column[name] for name in names]]
