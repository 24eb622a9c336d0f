"""Owns weighted set cover: the cheapest columns such that every row has one of them.

The program is that of :func:`planner.location.lscp.cover_program` with a price per column.
The greedy start takes the most uncovered rows per cost (Chvatal 1979) and drops what became
needless; the exact solve is small, since it falls into the parts that share no row.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from planner.location.lscp import cover_program
from planner.solver import Termination, solve
from planner.testroads.instance import Bools, Ints

SECONDS, NODES = 60.0, 2000
"""The clock is a safety net; the nodes of the search are what ends it, the same every time."""


def greedy_cover(covers: csr_array, cost: Ints) -> Bools:
    """Return the columns a greedy start takes, without any that is needless.

    Parameters
    ----------
    covers
        (rows, columns), true where a column covers a row; every row has one.
    cost
        (columns,) above 0.
    """
    columns = csr_array(covers.T)
    open_rows = np.ones(covers.shape[0], dtype=bool)
    taken = np.zeros(covers.shape[1], dtype=bool)
    gain = np.diff(columns.indptr).astype(np.int64)
    while open_rows.any():
        pick = int(np.argmax(gain / cost))
        taken[pick] = True
        fresh = [row for row in _entries(columns, pick) if open_rows[row]]
        open_rows[fresh] = False
        for row in fresh:
            gain[_entries(covers, row)] -= 1
    return _without_needless(covers, cost, taken)


def best_cover(covers: csr_array, cost: Ints) -> tuple[Bools, bool]:
    """Return the cheapest columns found, and whether nothing cheaper is proven to exist."""
    start = greedy_cover(covers, cost)
    if not start.any():
        return start, True
    program = cover_program(covers, cost.astype(float))
    program.begin_with(np.flatnonzero(start))
    outcome = solve(
        program.problem,
        time_limit_s=SECONDS,
        mip_gap=0.0,
        threads=1,
        seed=1,
        warm_start=True,
        options={"mip_max_nodes": NODES},
    )
    proven = outcome.termination is Termination.PROVEN_OPTIMAL
    if not outcome.has_solution:
        return start, False
    found = np.isin(np.arange(len(cost)), program.chosen())
    better = int(cost[found].sum()) < int(cost[start].sum())
    return (found if better else start), proven


def _entries(matrix: csr_array, line: int) -> list[int]:
    entries: list[int] = matrix.indices[matrix.indptr[line] : matrix.indptr[line + 1]].tolist()
    return entries


def _without_needless(covers: csr_array, cost: Ints, taken: Bools) -> Bools:
    times = covers[:, np.flatnonzero(taken)].sum(axis=1)
    columns = csr_array(covers.T)
    kept = taken.copy()
    for column in sorted(np.flatnonzero(taken).tolist(), key=lambda at: (-int(cost[at]), at)):
        rows = _entries(columns, column)
        if (times[rows] > 1).all():
            times[rows] -= 1
            kept[column] = False
    return kept
