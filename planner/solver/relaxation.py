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

PERTURBATION = "dual_simplex_cost_perturbation_multiplier"


class Relaxation:
    """A continuous problem to be minimised, warm from one solve to the next.

    Parameters
    ----------
    problem
        The problem without whole numbers; its rows and costs stay, more rows may come.
    threads, seed
        Passed to HiGHS; one thread and one seed give the same answer every time.
    most_iterations
        Simplex steps after which a solve is begun anew without perturbed costs: HiGHS can go
        round in circles when it takes the perturbation back. None for no such limit.
    """

    def __init__(
        self,
        problem: pulp.LpProblem,
        *,
        threads: int,
        seed: int,
        most_iterations: int | None = None,
    ) -> None:
        options = {"threads": threads, "random_seed": seed, "solver": "simplex"}
        self.model: Any = highs.run(problem, options, warm_start=False)
        self.constant = float(problem.objective.constant)
        self.column = {str(variable.name): int(variable.index) for variable in problem.variables()}
        self._most_iterations = most_iterations
        self._first = len(problem.constraints())
        self._idle = np.zeros(0, dtype=np.int64)

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
            self._run()
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

    def _run(self) -> None:
        if self._most_iterations is None:
            self.model.run()
            return
        before = self.model.getBasis()
        self.model.setOptionValue("simplex_iteration_limit", self._most_iterations)
        self.model.run()
        self.model.setOptionValue("simplex_iteration_limit", highspy.kHighsIInf)
        if self.model.getModelStatus() == highspy.HighsModelStatus.kIterationLimit:
            self.model.setBasis(before)
            self.model.setOptionValue(PERTURBATION, 0.0)
            self.model.run()
            self.model.setOptionValue(PERTURBATION, 1.0)

    def price(self, row: int) -> float:
        """Return the dual value of a row in the last solution."""
        return float(self.model.getSolution().row_dual[row])

    def drop_idle(self, solves: int) -> None:
        """Drop the rows added since the start that so many solves on end had no use for.

        A row whose slack is in the basis does not hold the solution: without it the same basis
        goes on.
        """
        basis = self.model.getBasis()
        status = list(basis.row_status)
        loose = [kind == highspy.HighsBasisStatus.kBasic for kind in status[self._first :]]
        before = np.zeros(len(loose), dtype=np.int64)
        before[: len(self._idle)] = self._idle
        self._idle = np.where(np.array(loose, dtype=bool), before + 1, 0)
        gone = self._idle >= solves
        if not gone.any():
            return
        rows = self._first + np.flatnonzero(gone)
        kept = np.ones(len(status), dtype=bool)
        kept[rows] = False
        left = highspy.HighsBasis()
        left.col_status = list(basis.col_status)
        left.row_status = [kind for kind, stays in zip(status, kept.tolist(), strict=True) if stays]
        left.valid = True
        self.model.deleteRows(len(rows), rows.astype(np.int32))
        self.model.setBasis(left)
        self._idle = self._idle[~gone]

    def values(self, names: Iterable[str]) -> Floats:
        """Return the values of some variables in the last solution."""
        found = np.asarray(self.model.getSolution().col_value, dtype=float)
        return found[[self.column[name] for name in names]]
