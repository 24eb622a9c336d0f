"""Reads a number, a yes or no, or a text from one cell, whatever type the file gave it."""

from __future__ import annotations

import math
from numbers import Integral, Real

YES = {"true", "yes", "t", "y", "1", "是"}
NO = {"false", "no", "f", "n", "0", "否"}


def number_of(cell: object) -> float:
    """Return the number a cell holds; NaN where it holds none.

    Examples
    --------
    >>> number_of("12.5"), number_of(3), number_of("1e400")
    (12.5, 3.0, inf)
    """
    if isinstance(cell, bool):
        return float(cell)
    if isinstance(cell, Real):
        return float(cell)
    try:
        return float(str(cell).strip())
    except ValueError:
        return math.nan


def flag_of(cell: object) -> bool | None:
    """Return the yes or no a cell holds; None where it holds neither."""
    word = text_of(cell).strip().lower()
    if word in YES:
        return True
    return False if word in NO else None


def text_of(cell: object) -> str:
    """Return a cell as text; whole numbers lose the ``.0`` that tables give them.

    Examples
    --------
    >>> text_of(360102.0), text_of("NA")
    ('360102', 'NA')
    """
    if isinstance(cell, bool | str):
        return str(cell)
    if isinstance(cell, Integral):
        return str(int(cell))
    if isinstance(cell, Real) and float(cell).is_integer():
        return str(int(float(cell)))
    return str(cell)
