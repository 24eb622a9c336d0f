"""Compares what a file says after writing with what it should say: rows, ids, names, places."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from planner.errors import OutputError, Problem
from planner.layers import Column
from planner.outputs.export.tables import Table, is_missing

RELATIVE = 1e-12
"""Share by which a number may be off: formats that write decimals round the last binary digit."""

AREAS = frozenset({3, 6})
"""Type numbers of Polygon and MultiPolygon in GEOS."""


@dataclass(frozen=True)
class Match:
    """How alike a file has to be.

    Parameters
    ----------
    tolerance
        How far a coordinate may be off, in units of the CRS.
    ordered
        Whether rows have to come in the same order; otherwise the key tells them.
    empty_is_missing
        Whether the format has no way to tell an empty text from a missing one.
    """

    tolerance: float = 0.0
    ordered: bool = True
    empty_is_missing: bool = False


def refuse_mismatch(table: Table, read: Any, file: Path, match: Match) -> None:  # noqa: ANN401
    """Compare a layer with what a file gave back.

    Parameters
    ----------
    table
        What was written.
    read
        Frame read from the file, with the columns of the schema by their own names.
    file
        Named in the message.
    match
        How alike it has to be.

    Raises
    ------
    OutputError
        ``E-OUT-031`` naming the first column and row that differ.
    """
    if len(read) != len(table.frame):
        raise _refused(file, table, "", f"{len(table.frame)} rows became {len(read)}")
    if not len(read):
        return  # a file of GeoJSON or KML without rows names no columns
    written = table.frame
    if not match.ordered:
        written = written.sort_values(table.key, kind="stable").reset_index(drop=True)
        read = read.sort_values(table.key, kind="stable").reset_index(drop=True)
    for column in table.layer.columns:
        if column.name in written:
            _compare(table, column, (written, read), (file, match))
    if table.spatial:
        off = _geometry_differs(
            written.geometry.to_numpy(), read.geometry.to_numpy(), match.tolerance
        )
        if off.any():
            raise _refused(file, table, "geometry", "a place differs", _row(written, table, off))


def _compare(
    table: Table, column: Column, frames: tuple[Any, Any], about: tuple[Path, Match]
) -> None:
    (written, read), (file, match) = frames, about
    if column.name not in read:
        raise _refused(file, table, column.name, "the column is missing")
    if column.kind in {"text", "date"}:
        differs = _text_differs(written[column.name], read[column.name], match.empty_is_missing)
    else:
        differs = _number_differs(written[column.name], read[column.name])
    if differs.any():
        row = _row(written, table, differs)
        raise _refused(file, table, column.name, "a value differs", row)


def _text_differs(one: pd.Series, two: pd.Series, empty_is_missing: bool) -> Any:  # noqa: ANN401, FBT001
    first, second = one.astype(object), two.astype(object)
    first, second = first.where(first.notna(), None), second.where(second.notna(), None)
    if empty_is_missing:
        first, second = first.replace("", None), second.replace("", None)
    pairs = zip(first, second, strict=True)
    return np.fromiter((a != b for a, b in pairs), dtype=bool, count=len(first))


def _number_differs(one: pd.Series, two: pd.Series) -> Any:  # noqa: ANN401
    first, second = _floats(one), _floats(two)
    nothing = np.isnan(first) & np.isnan(second)
    close = np.abs(first - second) <= RELATIVE * np.maximum(1.0, np.abs(first))
    return ~(nothing | close | (first == second))


def _floats(values: pd.Series) -> Any:  # noqa: ANN401
    found = pd.to_numeric(values.astype(object).where(~is_missing(values), np.nan), errors="coerce")
    return found.to_numpy(dtype=float)


def _geometry_differs(one: Any, two: Any, tolerance: float) -> Any:  # noqa: ANN401
    """Return where places differ; looks closely only where vertices are not alike at once."""
    first, owner = shapely.get_coordinates(one, return_index=True)
    second, other = shapely.get_coordinates(two, return_index=True)
    suspect = np.ones(len(one), dtype=bool)
    if np.array_equal(owner, other):
        suspect = shapely.get_num_geometries(one) != shapely.get_num_geometries(two)
        suspect |= shapely.get_dimensions(one) != shapely.get_dimensions(two)
        suspect[owner[(np.abs(first - second) > tolerance).any(axis=1)]] = True
    for row in np.flatnonzero(suspect):
        suspect[row] = not _alike(one[row], two[row], tolerance)
    return suspect


def _alike(one: Any, two: Any, tolerance: float) -> bool:  # noqa: ANN401
    nothing = [shape is None or shape.is_empty for shape in (one, two)]
    if any(nothing):
        return all(nothing)
    places = [shapely.get_coordinates(shape) for shape in (one, two)]
    if shapely.get_dimensions(one) != shapely.get_dimensions(two):
        return False
    if places[0].shape == places[1].shape and np.abs(places[0] - places[1]).max() <= tolerance:
        return bool(shapely.get_num_geometries(one) == shapely.get_num_geometries(two))
    if shapely.get_type_id(one) not in AREAS or places[0].shape != places[1].shape:
        return False
    # Formats with a rule for the turn of rings start and turn them as they like.
    return bool(shapely.hausdorff_distance(one, two) <= tolerance)


def _row(frame: Any, table: Table, differs: Any) -> str:  # noqa: ANN401
    return str(frame[table.key].iloc[int(np.argmax(differs))])


def _refused(file: Path, table: Table, column: str, reason: str, row: str = "") -> OutputError:
    return OutputError(
        Problem(
            "E-OUT-031",
            f"does not say what was written: {reason}",
            "choose another format (gpkg and geoparquet keep everything), and report the layer",
            file=file.name,
            layer=table.name,
            row=row[:80],
            column=column,
        )
    )
