"""Writes and reads CSV that no spreadsheet takes for formulas and that reads back unchanged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

RISKY = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""How a text begins that a spreadsheet could run, or that the guard has to tell from one."""


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    A text that begins with ``= + - @``, their full-width forms, a tab or a line break, after
    any number of apostrophes, gets one more apostrophe in front.

    Examples
    --------
    >>> guarded("=1+1"), guarded("'=1"), guarded("a=1")
    ("'=1+1", "''=1", 'a=1')
    """
    return f"'{text}" if RISKY.match(text) else text


def plain_text(cell: str) -> str:
    """Return the text that :func:`guarded` made a cell from.

    Examples
    --------
    >>> plain_text("'=1+1"), plain_text("'a'")
    ('=1+1', "'a'")
    """
    return cell[1:] if cell.startswith("'") and RISKY.match(cell) else cell


def write_csv(file: Path, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file: UTF-8 with a byte-order mark, commas, every text in quotes.

    Parameters
    ----------
    file
        Where to write.
    heading
        Names of the columns.
    rows
        Text, whole numbers, floats (written so that they read back equal), booleans as
        ``true`` and ``false``, and missing values as nothing.
    """
    lines = [",".join(_cell(name) for name in heading)]
    lines += [",".join(_cell(value) for value in row) for row in rows]
    file.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig", newline="")


def read_csv(file: Path) -> pd.DataFrame:
    """Return a file of :func:`write_csv` as text, guards taken off; nothing is empty text."""
    read = pd.read_csv(file, dtype=object, keep_default_na=False, encoding="utf-8-sig")
    return read.map(lambda cell: plain_text(str(cell)))


def _cell(value: object) -> str:
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN
        return ""
    if isinstance(value, str):
        quoted = guarded(value).replace('"', '""')
        return f'"{quoted}"'
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    return repr(float(value)) if isinstance(value, float) else str(value)
