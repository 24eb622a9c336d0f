"""Holds what every location model takes and gives: fixed sites in, chosen sites out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.errors import InputError, Problem
from planner.solver import Outcome

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
FREE, OPEN, CLOSED = 0, 1, -1
"""A site may be chosen, must be chosen, or may not be."""


@dataclass(frozen=True)
class Choice:
    """The sites a location model chose, and how sure that is.

    Parameters
    ----------
    sites
        Rows of the chosen sites, ascending.
    assigned
        (n,) site row that each demand point is assigned to or covered by; -1 for none.
    outcome
        Termination, objective, bound and gap; the objective is computed again from
        ``sites``, without the solver.
    """

    sites: Ints
    assigned: Ints
    outcome: Outcome


def site_status(n_sites: int, fixed_in: Iterable[int], fixed_out: Iterable[int]) -> Ints:
    """Return (m,) FREE, OPEN or CLOSED for each site.

    Parameters
    ----------
    n_sites
        How many sites there are.
    fixed_in, fixed_out
        Rows that must be, and that may not be chosen.

    Raises
    ------
    InputError
        ``E-LOC-001`` for a row that is no site, ``E-LOC-002`` for one fixed both ways.
    """
    status = np.full(n_sites, FREE, dtype=np.int64)
    inside, outside = sorted(set(fixed_in)), sorted(set(fixed_out))
    wrong = [row for row in (*inside, *outside) if not 0 <= row < n_sites]
    if wrong:
        raise InputError(
            Problem(
                "E-LOC-001",
                f"there are {n_sites} sites, counted from 0",
                "fix rows of the sites only",
                column="fixed_in, fixed_out",
                value=str(wrong[0]),
                count=len(wrong),
            )
        )
    both = sorted(set(inside) & set(outside))
    if both:
        raise InputError(
            Problem(
                "E-LOC-002",
                "a site is fixed in and fixed out at once",
                "take it from one of the two",
                column="fixed_in, fixed_out",
                value=str(both[0]),
                count=len(both),
            )
        )
    status[inside], status[outside] = OPEN, CLOSED
    return status
