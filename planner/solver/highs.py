"""HiGHS through PuLP, with its options checked, a start handed over and nothing printed."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import pulp
from numpy.typing import NDArray

from planner.errors import Problem, SolverError

Array = NDArray[np.float64]
ONE_AT_A_TIME = threading.Lock()
"""HiGHS keeps its threads in one scheduler a process, so one solve runs at a time."""


@dataclass(frozen=True)
class Rows:
    """The problem as HiGHS holds it, for checks of our own: row bounds, bounds, columns."""

    coefficient: Array
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    row_low: Array
    row_high: Array
    low: Array
    high: Array
    integer: NDArray[np.bool_]


class CheckedHighs(pulp.HiGHS):  # type: ignore[misc]
    """PuLP's HiGHS, strict about options, that can begin from the variables' values."""

    def __init__(self, options: dict[str, Any], *, warm_start: bool) -> None:
        super().__init__(msg=False)
        self.checked = options
        self.begin = warm_start

    def createAndConfigureSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 - PuLP's name
        """Set every option and refuse one that HiGHS does not take."""
        highspy.Highs.resetGlobalScheduler(True)  # noqa: FBT003 - else new threads are refused
        lp.solverModel = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in {"output_flag": False, **self.checked}.items():
            if lp.solverModel.setOptionValue(name, value) != highspy.HighsStatus.kOk:
                raise SolverError(
                    Problem(
                        "E-SOL-001",
                        f"HiGHS {lp.solverModel.version()} does not take the option {name}",
                        "give a value in its range, or install a supported version of highspy",
                        column=name,
                        value=str(value),
                    )
                )

    def buildSolverModel(self, lp: pulp.LpProblem) -> None:  # noqa: N802 - PuLP's name
        """Hand the problem over in one piece; PuLP would add columns and rows one by one."""
        variables = lp.variables()
        for index, variable in enumerate(variables):
            variable.index = index
        rows = lp.constraints()
        entries = [(v.index, value) for row in rows for v, value in row.items() if value]
        sizes = [sum(1 for value in row.values() if value) for row in rows]
        sign = -1.0 if lp.sense == pulp.LpMaximize else 1.0
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(variables), len(rows)
        model.col_cost_ = [sign * lp.objective.get(v, 0.0) for v in variables]
        model.col_lower_ = _sides((v.lowBound for v in variables), -highspy.kHighsInf)
        model.col_upper_ = _sides((v.upBound for v in variables), highspy.kHighsInf)
        model.row_lower_ = _sides((row.getLb() for row in rows), -highspy.kHighsInf)
        model.row_upper_ = _sides((row.getUb() for row in rows), highspy.kHighsInf)
        matrix = model.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_ = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
        matrix.index_ = np.array([column for column, _ in entries], dtype=np.int32)
        matrix.value_ = np.array([value for _, value in entries], dtype=float)
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        whole = [v.cat == pulp.LpInteger for v in variables]
        if any(whole):
            model.integrality_ = [kinds[kind] for kind in whole]
        lp.solverModel.passModel(model)

    def callSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 - PuLP's name
        """Run in a second thread, so that Ctrl-C ends the solve and not only the wait."""
        model = lp.solverModel
        if self.begin:
            start = highspy.HighsSolution()
            start.col_value = [variable.varValue or 0.0 for variable in lp.variables()]
            model.setSolution(start)
        model.HandleUserInterrupt = True
        worker = threading.Thread(target=model.run, daemon=True)
        worker.start()
        try:
            worker.join()
        except KeyboardInterrupt:
            model.cancelSolve()
            worker.join()
            raise

    def findSolutionValues(self, lp: pulp.LpProblem) -> tuple[int, int]:  # noqa: N802 - PuLP's name
        """Hand the values to the variables; PuLP's own reading of the status is not used."""
        values = lp.solverModel.getSolution().col_value
        for variable in lp.variables() if len(values) else ():
            variable.varValue = values[variable.index]
        if lp.solverModel.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            return pulp.LpStatusOptimal, pulp.LpSolutionOptimal
        return pulp.LpStatusNotSolved, pulp.LpSolutionNoSolutionFound


def _sides(limits: Iterable[float | None], missing: float) -> Array:
    return np.array([missing if limit is None else limit for limit in limits], dtype=float)


def run(problem: pulp.LpProblem, options: dict[str, Any], *, warm_start: bool) -> Any:  # noqa: ANN401
    """Solve once and return the HiGHS model, whose own words are the only ones trusted."""
    with ONE_AT_A_TIME:
        problem.solve(CheckedHighs(options, warm_start=warm_start))
    return problem.solverModel


def rows_of(model: Any) -> Rows:  # noqa: ANN401 - highspy is untyped
    """Return the constraints as HiGHS holds them, as coordinate arrays."""
    lp = model.getLp()
    matrix = lp.a_matrix_
    start = np.asarray(matrix.start_, dtype=np.int64)
    inner = np.asarray(matrix.index_, dtype=np.int64)
    outer = np.repeat(np.arange(len(start) - 1), np.diff(start))
    by_column = matrix.format_ == highspy.MatrixFormat.kColwise
    kinds = lp.integrality_
    whole = [kind == highspy.HighsVarType.kInteger for kind in kinds] or [False] * lp.num_col_
    return Rows(
        np.asarray(matrix.value_, dtype=float),
        inner if by_column else outer,
        outer if by_column else inner,
        np.asarray(lp.row_lower_, dtype=float),
        np.asarray(lp.row_upper_, dtype=float),
        np.asarray(lp.col_lower_, dtype=float),
        np.asarray(lp.col_upper_, dtype=float),
        np.asarray(whole, dtype=bool),
    )


def worst_violation(rows: Rows, values: Array) -> float:
    """Return how far the values are from satisfying the problem.

    The largest violation of a row, a bound or integrality, each relative to the size of
    its own right-hand side where that exceeds 1.
    """
    total = np.zeros(len(rows.row_low))
    np.add.at(total, rows.row, rows.coefficient * values[rows.column])
    whole = np.abs(values - np.round(values))[rows.integer]
    return max(
        _outside(total, rows.row_low, rows.row_high),
        _outside(values, rows.low, rows.high),
        float(whole.max(initial=0.0)),
    )


def _outside(values: Array, low: Array, high: Array) -> float:
    worst = 0.0
    for bound, excess in ((low, low - values), (high, values - high)):
        finite = np.isfinite(bound)
        size = np.maximum(1.0, np.abs(bound[finite]))
        worst = max(worst, float((excess[finite] / size).max(initial=0.0)))
    return worst
