"""Owns reach: which demand point each site covers, as one sparse matrix for every model."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from planner.errors import InputError, Problem
from planner.location.choice import Ints

Floats = NDArray[np.float64]
SHOWN = 5
"""Rows a message names before it only counts them."""


def within(cost: Any, radius: float = np.inf) -> sparse.csr_array:  # noqa: ANN401 - dense or sparse
    """Return which sites lie within the radius of each demand point.

    Parameters
    ----------
    cost
        (n, m) cost, distance or time from demand point to site: a dense array, where NaN
        and infinity mean "no way", or any scipy.sparse matrix, where pairs that are not
        stored are out of reach and a stored 0 is a site at the point itself.
    radius
        Largest cost that still counts as covered, in the unit of ``cost``.

    Returns
    -------
    csr_array
        (n, m) bool, True for each pair in reach, ready for every covering model.

    Raises
    ------
    InputError
        ``E-LOC-010`` if ``cost`` is not a matrix, ``E-LOC-012`` for a radius that is NaN
        or negative.

    Examples
    --------
    >>> within(np.array([[0.0, 3.0], [2.0, 1.0]]), 1.5).toarray().tolist()
    [[True, False], [False, True]]
    """
    if not radius >= 0:
        raise InputError(
            Problem(
                "E-LOC-012",
                "a radius is a number of at least 0",
                "state it in the unit of the costs",
                column="radius",
                value=str(radius),
            )
        )
    if sparse.issparse(cost):
        found = stored(cost)
        rows = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))
        near = (found.data <= radius) & np.isfinite(found.data)
        return _pairs(rows[near], found.indices[near], found.shape)
    dense = _matrix(np.asarray(cost, dtype=float))
    rows, columns = np.nonzero((dense <= radius) & np.isfinite(dense))
    return _pairs(rows, columns, dense.shape)


def as_cover(cover: Any) -> sparse.csr_array:  # noqa: ANN401 - dense or sparse
    """Return a 0/1 coverage matrix, dense or sparse, as sorted bool rows without zeros.

    Raises
    ------
    InputError
        ``E-LOC-010`` if it is not a matrix, ``E-LOC-011`` if it holds more than 0 and 1:
        a cost matrix goes through :func:`within` first.
    """
    found = stored(cover if sparse.issparse(cover) else _matrix(np.asarray(cover)))
    if not np.isin(found.data, (0, 1)).all():
        raise InputError(
            Problem(
                "E-LOC-011",
                "a coverage matrix holds 0 and 1 only",
                "turn costs into coverage with within(cost, radius)",
                column="cover",
            )
        )
    rows = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))
    kept = found.data != 0
    return _pairs(rows[kept], found.indices[kept], found.shape)


def stored(matrix: Any) -> sparse.csr_array:  # noqa: ANN401 - dense or sparse
    """Return a matrix of its own as rows with ascending columns, stored zeros kept."""
    rows = sparse.csr_array(matrix, copy=True)
    rows.sum_duplicates()
    return rows


def as_amounts(values: ArrayLike, length: int, column: str) -> Floats:
    """Return one finite amount of at least 0 for each row, such as weights or capacities.

    Raises
    ------
    InputError
        ``E-LOC-013`` for a wrong number of values, ``E-LOC-014`` for one that is negative
        or no number.
    """
    amounts = np.asarray(values, dtype=float)
    if amounts.shape != (length,):
        raise InputError(
            Problem(
                "E-LOC-013",
                f"{length} values are needed, one for each row",
                "give one value for each row of the matrix",
                column=column,
                value=str(amounts.shape),
            )
        )
    wrong = np.flatnonzero(~(np.isfinite(amounts) & (amounts >= 0)))
    if wrong.size:
        raise InputError(
            Problem(
                "E-LOC-014",
                "an amount is a finite number of at least 0",
                "mend or remove the rows",
                row=first_rows(wrong),
                column=column,
                value=str(amounts[wrong[0]]),
                count=wrong.size,
            )
        )
    return amounts


def first_rows(rows: Ints) -> str:
    """Return the first few of the rows as text, such as ``"3, 8, 11 ..."``."""
    shown = ", ".join(str(row) for row in rows[:SHOWN].tolist())
    return shown + (" ..." if len(rows) > SHOWN else "")


def coverer(cover: sparse.csr_array, sites: Ints) -> Ints:
    """Return (n,) the first of the sites that covers each demand point; -1 for none."""
    near = cover[:, sites]
    near.sort_indices()
    assigned = np.full(cover.shape[0], -1, dtype=np.int64)
    covered = np.diff(near.indptr) > 0
    assigned[covered] = sites[near.indices[near.indptr[:-1][covered]]]
    return assigned


def times_covered(cover: sparse.csr_array, sites: Ints) -> Ints:
    """Return (n,) how many of the sites cover each demand point."""
    chosen = np.zeros(cover.shape[1], dtype=np.int64)
    chosen[sites] = 1
    return np.asarray(cover @ chosen, dtype=np.int64)


def _matrix(values: NDArray[Any]) -> NDArray[Any]:
    if values.ndim != 2:
        raise InputError(
            Problem(
                "E-LOC-010",
                "a matrix of demand points by sites is needed",
                "give one row for each demand point and one column for each site",
                column="cover, cost",
                value=str(values.shape),
            )
        )
    return values


def _pairs(rows: NDArray[Any], columns: NDArray[Any], shape: tuple[int, int]) -> sparse.csr_array:
    ones = np.ones(len(rows), dtype=bool)
    made = sparse.csr_array((ones, (rows, columns)), shape=shape)
    made.sort_indices()
    return made
