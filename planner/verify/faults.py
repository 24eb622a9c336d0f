"""Owns the fault: one thing a check found wrong, and how many faults become one result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd


class Fault(NamedTuple):
    """One thing that does not hold: what, on which row, and how far off it is."""

    what: str
    where: str = ""
    size: float = 0.0


Faults = Iterator[Fault]


def rows_where(
    frame: pd.DataFrame,
    wrong: Any,  # noqa: ANN401 - a mask of any array type
    id_column: str,
    what: str,
) -> Faults:
    """Yield one fault for every row of a frame that a mask marks, named by its id."""
    marked = frame[np.asarray(wrong, dtype=bool)]
    for row_id in marked[id_column]:
        yield Fault(what, str(row_id))


def differing(
    frame: pd.DataFrame,
    id_column: str,
    stated: Any,  # noqa: ANN401 - a column of any array type
    proven: Any,  # noqa: ANN401
    what: str,
    tolerance: float,
) -> Faults:
    """Yield one fault for every row whose stated figure is off by more than the tolerance.

    A figure that is missing on one side only is a fault; missing on both sides is none.
    """
    left, right = np.asarray(stated, dtype=float), np.asarray(proven, dtype=float)
    off = np.abs(left - right)
    wrong = ~(off <= tolerance) & ~(np.isnan(left) & np.isnan(right)) & ~(left == right)
    ids = frame[id_column].to_numpy()
    for row in np.flatnonzero(wrong):
        text = f"{what} is stated as {left[row]:.10g}, proven {right[row]:.10g}"
        yield Fault(text, str(ids[row]), float(np.nan_to_num(off[row], nan=np.inf)))


def unequal(stated: object, proven: object, what: str) -> Faults:
    """Yield a fault if two values differ; numbers may differ by a millionth of a unit."""
    if _same(stated, proven):
        return
    yield Fault(f"{what} is stated as {stated!r}, proven {proven!r}"[:400], what)


def _same(left: object, right: object) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int) and isinstance(right, int):
        return left == right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return abs(left - right) <= 1.5e-6 + 1e-12 * abs(right)
    return type(left) is type(right) and left == right


def unequal_rows(
    stated: Iterable[dict[str, Any]],
    proven: Iterable[dict[str, Any]],
    keys: tuple[str, ...],
    what: str,
) -> Faults:
    """Yield the faults of a table of plan.json against the same table proven here.

    Rows are matched by their keys; columns that only the stated rows have are not looked at.
    """
    found = _by_key(stated, keys)
    expected = _by_key(proven, keys)
    for key in found.keys() - expected.keys():
        yield Fault(f"{what} has a row {key} that the layers do not", str(key))
    for key, row in expected.items():
        if key not in found:
            yield Fault(f"{what} lacks the row {key}", str(key))
            continue
        for column, value in row.items():
            yield from unequal(found[key].get(column), value, f"{what} {key} {column}")


def _by_key(rows: Iterable[dict[str, Any]], keys: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    listed = list(rows)
    named = {"/".join(str(row.get(key)) for key in keys): row for row in listed}
    if len(named) != len(listed):
        message = f"two rows share {', '.join(keys)}"
        raise ValueError(message)
    return dict(sorted(named.items()))


Proof = Callable[..., Faults]
