"""Gives a file's columns the names and kinds of the layer's schema."""

from __future__ import annotations

import difflib
import re
from typing import Any

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.inputs.findings import Findings
from planner.inputs.numbers import flag_of, number_of, text_of
from planner.layers import Column, Layer
from planner.scenario import LayerSource

DECIMAL_COMMA = re.compile(r"\s*-?\d+,\d+\s*")
UNWRITABLE = re.compile(r"[\x00\ud800-\udfff]")
"""A NUL ends a text in most files; half of a pair of surrogates is no character."""

POINT_COLUMNS = ("lon", "lat")


def named(
    frame: pd.DataFrame, layer: Layer, source: LayerSource, findings: Findings
) -> pd.DataFrame:
    """Return the frame with the schema's column names and no others.

    Columns that may be empty and are absent become empty, with a warning; a missing column
    that is needed is left out and becomes a problem.
    """
    _check_mapping(frame, layer, source.columns, findings)
    found = {}
    for column in layer.columns:
        name = source.columns.get(column.name, column.name)
        if name in frame.columns:
            found[column.name] = frame[name]
        elif column.required and not column.nullable:
            findings.add(_missing(column, frame))
        elif column.required:
            findings.add(_taken_as_empty(column, frame))
    if "geometry" in frame.columns:
        found["geometry"] = frame["geometry"]
    return pd.DataFrame(found, index=frame.index)


def _check_mapping(
    frame: pd.DataFrame, layer: Layer, mapping: dict[str, str], findings: Findings
) -> None:
    known = [*layer.column_names(), *POINT_COLUMNS]
    for key, name in mapping.items():
        where = f"layers.{layer.name}.columns.{key}"
        if key not in known:
            hint = _nearest(key, known)
            reason = f"the layer has no column {key!r}"
            findings.add(Problem("E-COL-002", reason, hint, column=where))
        elif name not in frame.columns and key not in POINT_COLUMNS:
            reason = f"the file has no column {name!r}, to which {key} is mapped"
            remedy = f"its columns are: {_listed(frame)}"
            findings.add(Problem("E-COL-002", reason, remedy, column=where))


def _listed(frame: pd.DataFrame) -> str:
    return ", ".join(str(name) for name in frame.columns if name != "geometry") or "none"


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name.lower(), known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"it has: {', '.join(known)}"


def _missing(column: Column, frame: pd.DataFrame) -> Problem:
    names = {str(name).lower(): str(name) for name in frame.columns if name != "geometry"}
    near = difflib.get_close_matches(column.name, list(names), n=1)
    cut = names.get(column.name[:10])
    guess = cut or (names[near[0]] if near else "...")
    kind = f"{column.kind}{f' in {column.unit}' if column.unit else ''}"
    return Problem(
        "E-COL-001",
        f"column {column.name} is missing; the file has: {_listed(frame)}",
        f'add it ({column.en}; {kind}), or map it: columns = {{{column.name} = "{guess}"}}',
        column=column.name,
    )


def _taken_as_empty(column: Column, frame: pd.DataFrame) -> Problem:
    return Problem(
        "W-COL-001",
        f"column {column.name} is absent and taken as empty; the file has: {_listed(frame)}",
        f"add or map it where it is known ({column.en})",
        column=column.name,
    )


def typed(
    frame: pd.DataFrame, layer: Layer, source: LayerSource, findings: Findings
) -> pd.DataFrame:
    """Return the frame with each column in its kind; cells that do not fit reject the row."""
    done = {}
    for column in layer.columns:
        if column.name in frame.columns:
            done[column.name] = _typed(frame[column.name], column, findings)
        elif not column.required:
            done[column.name] = _absent(column, source, frame.index)
        elif column.nullable:
            done[column.name] = pd.Series(None, index=frame.index, dtype=column.dtype)
    if "geometry" in frame.columns:
        done["geometry"] = frame["geometry"]
    result = pd.DataFrame(done, index=frame.index)
    result = result[~result.index.astype(str).isin(findings.rejected_rows())]
    for column in layer.columns:
        if column.name in result.columns:
            result[column.name] = _settled(result[column.name], column)
    return result


def _absent(column: Column, source: LayerSource, index: pd.Index) -> pd.Series:
    defaults = {"trust": source.trust, "source": source.source}
    if column.kind == "boolean":
        return pd.Series(data=False, index=index)
    return pd.Series(defaults.get(column.name), index=index, dtype=column.dtype)


def _typed(cells: pd.Series, column: Column, findings: Findings) -> pd.Series:
    if column.kind in {"text", "date"}:
        return _texts(cells, column, findings)
    if column.kind == "boolean":
        return _flags(cells, column, findings)
    return _numbers(cells, column, findings)


def _texts(cells: pd.Series, column: Column, findings: Findings) -> pd.Series:
    texts = [None if _missing_cell(cell) else text_of(cell) for cell in cells]
    broken = [
        row
        for row, text in zip(cells.index, texts, strict=True)
        if text is not None and UNWRITABLE.search(text)
    ]
    if broken:
        findings.add(
            Problem(
                "E-VAL-009",
                f"{column.name} holds a NUL or half a character, which no file can hold",
                "write the text again, or export the file again",
                row=", ".join(str(row) for row in broken[:5]),
                column=column.name,
                count=len(broken),
            )
        )
        texts = [text if text is None else UNWRITABLE.sub("", text) for text in texts]
    return pd.Series(texts, index=cells.index, dtype="str")


def _missing_cell(cell: object) -> bool:
    return cell is None or cell is pd.NA or cell is pd.NaT or cell != cell  # noqa: PLR0124


def _flags(cells: pd.Series, column: Column, findings: Findings) -> pd.Series:
    values = [None if _missing_cell(cell) else flag_of(cell) for cell in cells]
    unread = np.array([value is None for value in values], dtype=bool)
    blank = np.array([_missing_cell(cell) for cell in cells], dtype=bool)
    optional = not column.required
    findings.reject(
        cells.index[unread & ~(blank & optional)],
        "E-VAL-004",
        f"{column.name} is not true or false",
    )
    return pd.Series([bool(value) for value in values], index=cells.index, dtype=object)


def _numbers(cells: pd.Series, column: Column, findings: Findings) -> pd.Series:
    if pd.api.types.is_numeric_dtype(cells.dtype):
        values = cells.to_numpy(dtype=float)
        blank = np.isnan(values)  # a binary format has no other sign for an empty cell
    else:
        values = np.array([np.nan if c is None else number_of(c) for c in cells], dtype=float)
        blank = np.array([c is None for c in cells], dtype=bool)
    _refuse_decimal_comma(cells[np.isnan(values) & ~blank], column, findings)
    finite = np.isfinite(values)
    wording = np.array([_is_not_finite(cell) for cell in cells], dtype=bool)
    findings.reject(
        cells.index[~finite & ~blank & wording],
        "E-VAL-003",
        f"{column.name} is not a finite number",
    )
    findings.reject(
        cells.index[~finite & ~blank & ~wording], "E-VAL-002", f"{column.name} is not a number"
    )
    if column.kind == "integer" and not column.nullable:
        _refuse_empty(cells.index[blank], column, findings)
    if column.kind == "integer":
        broken = cells.index[finite & (values != np.round(values))]
        findings.reject(broken, "E-VAL-005", f"{column.name} is not a whole number")
    return pd.Series(values, index=cells.index)


def _refuse_empty(rows: pd.Index, column: Column, findings: Findings) -> None:
    if len(rows):
        findings.add(
            Problem(
                "E-VAL-001",
                f"{column.name} must not be empty",
                f"fill it in ({column.en})",
                row=", ".join(str(row) for row in rows[:5]),
                column=column.name,
                count=len(rows),
            )
        )


def _is_not_finite(cell: object) -> bool:
    if isinstance(cell, str):
        return bool(np.isinf(number_of(cell))) or cell.strip().lower() == "nan"
    return True


def _refuse_decimal_comma(cells: pd.Series, column: Column, findings: Findings) -> None:
    commas = [row for row, cell in cells.items() if DECIMAL_COMMA.fullmatch(str(cell))]
    if commas:
        findings.add(
            Problem(
                "E-TAB-004",
                f"{column.name} is written with a decimal comma",
                "write decimals with a point",
                row=str(commas[0]),
                column=column.name,
                value=str(cells.loc[commas[0]]),
                count=len(commas),
            )
        )


def _settled(cells: pd.Series, column: Column) -> Any:  # noqa: ANN401 - pandas is untyped
    if column.kind == "boolean":
        return cells.astype(bool)
    if column.kind == "integer" and not cells.isna().any():
        return cells.astype(column.dtype)
    return cells
