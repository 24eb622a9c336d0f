"""Splits a solved relaxation into blocks priced by its duals: parts that bound the whole.

Rows that touch the variables of one block stay in that block; rows between blocks are
taken out and priced (Lagrangian relaxation, Geoffrion 1974). For any prices of the right
sign the optima of the blocks and the priced right-hand sides add up to a bound on the
whole. With whole numbers back in the blocks it is no worse than the relaxation's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pulp
from numpy.typing import NDArray

from planner.solver.highs import Rows, rows_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Blocks:
    """Problems of the blocks, all to be minimised, and what to add to the sum of their optima."""

    problems: tuple[pulp.LpProblem, ...]
    constant: float


def priced_blocks(problem: pulp.LpProblem, block: dict[str, int], whole: frozenset[str]) -> Blocks:
    """Return the blocks of a relaxation that HiGHS has just solved to optimality.

    Where the problem is to be maximised, blocks and constant are those of its negative.

    Parameters
    ----------
    problem
        A continuous problem whose last solve was optimal.
    block
        Block of each variable by name, counted from 0; each variable is in one.
    whole
        Names of the variables that are whole numbers in the blocks.

    Notes
    -----
    A price of the wrong sign, which a solver's tolerance may leave, counts as 0: the bound
    holds whatever the prices are.
    """
    model = problem.solverModel
    ordered = sorted(problem.variables(), key=lambda variable: int(variable.index))
    rows, names = rows_of(model), [str(variable.name) for variable in ordered]
    of_column = np.array([block[name] for name in names], dtype=np.int64)
    cost = np.asarray(model.getLp().col_cost_, dtype=float).copy()
    dual = np.asarray(model.getSolution().row_dual, dtype=float)
    first, same = _block_of_rows(rows, of_column)
    side = np.where(dual > 0, rows.row_low, rows.row_high)
    price = np.where(same | ~np.isfinite(side), 0.0, dual)
    np.subtract.at(cost, rows.column, rows.coefficient * price[rows.row])
    priced = price != 0
    sign = -1.0 if problem.sense == pulp.LpMaximize else 1.0
    constant = float((price[priced] * side[priced]).sum())
    constant += sign * float(problem.objective.constant)
    kept = np.where(same, first, -1)
    problems = tuple(
        _problem(rows, cost, names, whole, np.flatnonzero(of_column == b), kept == b)
        for b in range(int(of_column.max(initial=-1)) + 1)
    )
    return Blocks(problems, constant)


def _block_of_rows(rows: Rows, of_column: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """Return a block that each row touches, and whether it touches no other."""
    size = len(rows.row_low)
    low, high = np.full(size, np.iinfo(np.int64).max), np.full(size, -1)
    np.minimum.at(low, rows.row, of_column[rows.column])
    np.maximum.at(high, rows.row, of_column[rows.column])
    return high.astype(np.int64), np.asarray(low == high)


def _problem(
    rows: Rows,
    cost: Floats,
    names: list[str],
    whole: frozenset[str],
    columns: Ints,
    kept: NDArray[np.bool_],
) -> pulp.LpProblem:
    problem = pulp.LpProblem("block", pulp.LpMinimize)
    variables = {
        int(column): problem.add_variable(
            names[column],
            *(float(limit) if np.isfinite(limit) else None
              for limit in (rows.low[column], rows.high[column])),
            cat=pulp.LpInteger if names[column] in whole else pulp.LpContinuous,
        )
        for column in columns
    }  # fmt: skip
    problem.setObjective(
        pulp.LpAffineExpression({v: float(cost[column]) for column, v in variables.items()})
    )
    own = np.flatnonzero(kept[rows.row])
    own = own[np.argsort(rows.row[own], kind="stable")]
    starts = np.flatnonzero(np.diff(rows.row[own], prepend=-1))
    for part in np.split(own, starts[1:]) if len(own) else ():
        row = int(rows.row[part[0]])
        terms = {variables[int(rows.column[at])]: float(rows.coefficient[at]) for at in part}
        low, high = float(rows.row_low[row]), float(rows.row_high[row])
        for limit, sense in ((low, pulp.LpConstraintGE), (high, pulp.LpConstraintLE)):
            if np.isfinite(limit):
                expression = pulp.LpAffineExpression(terms)
                problem.addConstraint(
                    pulp.LpConstraint(expression, sense, f"r{row}_{sense}", limit)
                )
    return problem
