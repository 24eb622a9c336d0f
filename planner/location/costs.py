"""Owns the checks of cost matrices and capacities that models with assignments share."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from planner.errors import InfeasibleError, InputError, Problem
from planner.location.choice import CLOSED, OPEN, Ints
from planner.location.reach import Floats, first_rows


def as_costs(cost: ArrayLike) -> Floats:
    """Return a dense (n, m) matrix of costs, infinite where there is no way.

    Parameters
    ----------
    cost
        (n, m) cost from demand point to site, at least 0; NaN and infinity mean "no way".

    Raises
    ------
    InputError
        ``E-LOC-010`` if it is not a matrix with rows and columns, ``E-LOC-030`` for a
        cost below 0.
    """
    costs = np.ascontiguousarray(cost, dtype=float)
    if costs.ndim != 2 or not costs.size:
        raise InputError(
            Problem(
                "E-LOC-010",
                "a matrix of demand points by sites is needed",
                "give one row for each demand point and one column for each site",
                column="cost",
                value=str(costs.shape),
            )
        )
    if np.isnan(costs.min()):
        costs = np.where(np.isnan(costs), np.inf, costs)
    if costs.min() < 0:
        wrong = np.flatnonzero((costs < 0).any(axis=1))
        raise InputError(
            Problem(
                "E-LOC-030",
                "a cost is at least 0",
                "add the same amount to all costs of a demand point, or mend the rows",
                row=first_rows(wrong),
                column="cost",
                value=str(costs.min()),
                count=wrong.size,
            )
        )
    return costs


def without_gaps(cost: Floats) -> tuple[Floats, float]:
    """Return finite costs, and what "no way" costs: more than any choice that has ways."""
    gaps = np.isinf(cost)
    if not gaps.any():
        return cost, np.inf
    penalty = float(np.ceil(np.where(gaps, 0.0, cost).max(axis=1).sum())) + 1.0
    return np.where(gaps, penalty, cost), penalty


def require_ways(cost: Floats, status: Ints) -> None:
    """Refuse demand points that have no way to any allowed site.

    Raises
    ------
    InfeasibleError
        ``E-LOC-020`` with their number and the first rows.
    """
    allowed = cost if (status != CLOSED).all() else cost[:, status != CLOSED]
    bare = np.flatnonzero(np.isinf(allowed.min(axis=1, initial=np.inf)))
    if bare.size:
        raise InfeasibleError(
            Problem(
                "E-LOC-020",
                f"{bare.size} demand points have no way to any allowed site",
                "leave these points out, lengthen the network, or allow more sites",
                row=first_rows(bare),
                column="cost",
                count=bare.size,
            )
        )


def require_room(load: Floats, room: Floats, status: Ints, p: int | None = None) -> None:
    """Refuse demand that the largest capacities allowed do not hold together.

    Parameters
    ----------
    load, room
        (n,) demand and (m,) capacity in one unit.
    status
        (m,) OPEN, FREE or CLOSED.
    p
        How many sites open; None for any number.

    Raises
    ------
    InfeasibleError
        ``E-LOC-031``.
    """
    opened, free = room[status == OPEN], np.sort(room[(status != OPEN) & (status != CLOSED)])[::-1]
    most = float(opened.sum() + free[: None if p is None else p - len(opened)].sum())
    total = float(load.sum())
    if total > most * (1.0 + 1e-12):
        count = "all" if p is None else str(p)
        raise InfeasibleError(
            Problem(
                "E-LOC-031",
                f"demand of {total:g} exceeds the {most:g} that {count} allowed sites hold at most",
                "raise capacities, or allow more sites",
                column="capacity",
            )
        )


def require_places(cost: Floats, load: Floats, room: Floats, status: Ints) -> None:
    """Refuse demand points that no single site with a way to them can hold.

    Raises
    ------
    InfeasibleError
        ``E-LOC-032`` with their number and the first rows.
    """
    allowed = status != CLOSED
    largest = np.where(np.isfinite(cost[:, allowed]), room[allowed], -np.inf).max(axis=1)
    wrong = np.flatnonzero(load > largest * (1.0 + 1e-12))
    if wrong.size:
        raise InfeasibleError(
            Problem(
                "E-LOC-032",
                f"{wrong.size} demand points are larger than any allowed site with a way to them",
                "split these points, or raise capacities",
                row=first_rows(wrong),
                column="demand",
                value=f"{load[wrong[0]]:g}",
                count=wrong.size,
            )
        )
