"""Reads CSV and Excel tables as text, cell by cell, so that no name becomes a missing value."""

from __future__ import annotations

import csv
import datetime as dt
import io
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from planner.crs import WGS84
from planner.errors import Problem
from planner.inputs.findings import Findings
from planner.inputs.numbers import number_of
from planner.inputs.raw import RawLayer
from planner.inputs.text import decode, refuse_lookalike

MAX_TABLE_BYTES = 600_000_000
MAX_UNPACKED_BYTES = 1_000_000_000
MAX_PACKING = 200
LON_LAT = ("lon", "lat")
EXCEL_ERRORS = ("#REF!", "#DIV/0!", "#VALUE!", "#N/A", "#NAME?", "#NULL!", "#NUM!")


def read_csv(path: Path, findings: Findings) -> RawLayer:
    """Read a comma-separated table; rows are numbered by the line they stand on.

    Raises
    ------
    InputError
        For NUL bytes, a wrong separator, a repeated header or lines of unequal length.
    """
    if path.stat().st_size > MAX_TABLE_BYTES:
        raise findings.stop(Problem("E-FIL-003", "the CSV is too large", "use GeoPackage"))
    content = path.read_bytes()
    refuse_lookalike(content, findings)
    text = decode(content, findings, fallback="gb18030")
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise findings.stop(
            Problem("E-TAB-001", "the file holds a NUL byte", "export again", row=f"line {line}")
        )
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        place = f"line {reader.line_num}"
        problem = Problem("E-TAB-005", f"not a valid CSV: {error}", "mend the line", row=place)
        raise findings.stop(problem) from None
    return _table(rows, findings)


def read_xlsx(path: Path, sheet: str, findings: Findings) -> RawLayer:
    """Read one sheet of an Excel workbook; rows are numbered as Excel numbers them.

    Raises
    ------
    InputError
        If the workbook is damaged or oversized, or the sheet is not clear.
    """
    import openpyxl  # noqa: PLC0415 - slow to load and seldom needed

    check_zip(path, findings)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # style and validation extensions do not matter here
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            name = _sheet(sheet, book.sheetnames, findings)
            rows = [
                (number, ["" if cell is None else cell for cell in row])
                for number, row in enumerate(book[name].iter_rows(values_only=True), 1)
                if any(cell is not None for cell in row)
            ]
            book.close()
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:
        if hasattr(error, "problems"):
            raise
        raise findings.stop(
            Problem("E-FMT-007", f"not a readable Excel workbook: {str(error)[:120]}", "save again")
        ) from None
    return _table(rows, findings)


def check_zip(path: Path, findings: Findings) -> list[str]:
    """Return the member names of an archive that is sound and of sensible size.

    Raises
    ------
    InputError
        If it is no archive or would unpack to far more than a layer can need.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError):
        reason = "the file is not a sound zip archive"
        raise findings.stop(Problem("E-FMT-010", reason, "pack or save it again")) from None
    size = sum(member.file_size for member in members)
    packed = max(path.stat().st_size, 1)
    if size > MAX_UNPACKED_BYTES or (size > 50_000_000 and size / packed > MAX_PACKING):
        raise findings.stop(
            Problem(
                "E-FIL-003",
                f"the archive would unpack to {size / 1e6:.0f} MB from {packed / 1e6:.1f} MB",
                "unpack it yourself and check what it holds",
            )
        )
    return [member.filename for member in members]


def _sheet(sheet: str, names: list[str], findings: Findings) -> str:
    if sheet in names:
        return sheet
    if not sheet and len(names) == 1:
        return names[0]
    reason = f"there is no sheet {sheet!r}" if sheet else "the workbook holds several sheets"
    code = "E-FMT-009" if sheet else "E-FMT-008"
    raise findings.stop(
        Problem(code, f"{reason}; it holds: {', '.join(names)}", 'name one: layer = "..."')
    )


def _table(rows: list[tuple[int, list[Any]]], findings: Findings) -> RawLayer:
    if not rows:
        raise findings.stop(Problem("E-TAB-002", "the table has no header", "add a header line"))
    header = [str(name).strip() for name in rows[0][1]]
    _check_header(header, findings)
    width = len(header)
    ragged = [number for number, row in rows[1:] if len(row) != width]
    if ragged:
        raise findings.stop(
            Problem(
                "E-TAB-005",
                f"a line has not as many cells as the header ({width})",
                "put text that holds commas into double quotes",
                row=f"line {ragged[0]}",
                count=len(ragged),
            )
        )
    frame = pd.DataFrame(
        [[None if cell == "" else _plain(cell) for cell in row] for _, row in rows[1:]],
        columns=header,
        index=[number for number, _ in rows[1:]],
        dtype=object,
    )
    frame = frame[[name for name in header if name]]
    _reject_excel_errors(frame, findings)
    broken = frame.index.astype(str).isin(findings.rejected_rows())
    return RawLayer(frame[~broken], None)


def _check_header(header: list[str], findings: Findings) -> None:
    repeated = [name for name, n in Counter(header).items() if n > 1 and name]
    if repeated:
        raise findings.stop(
            Problem(
                "E-TAB-002",
                f"the header names {', '.join(repeated)} more than once",
                "give each column its own name",
                column=repeated[0],
            )
        )
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        raise findings.stop(
            Problem(
                "E-TAB-003",
                "the columns are not separated by commas",
                "save the table as CSV with commas between columns and points in decimals",
                value=header[0][:60],
            )
        )


def _plain(cell: object) -> object:
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    return cell


def _reject_excel_errors(frame: pd.DataFrame, findings: Findings) -> None:
    bad = frame.isin(EXCEL_ERRORS)
    for column in frame.columns[bad.any()]:
        rows = frame.index[bad[column]]
        values = ", ".join(sorted(set(frame.loc[rows, column])))
        findings.reject(rows, "E-TAB-006", f"column {column} holds a formula error ({values})")


def place_points(raw: RawLayer, findings: Findings, *, columns: dict[str, str]) -> RawLayer:
    """Make points of the columns ``lon`` and ``lat`` (degrees) of a table.

    Cells left empty give a row without a place; cells that are no numbers reject the row.

    Raises
    ------
    InputError
        If the table lacks these columns.
    """
    names = [columns.get(name, name) for name in LON_LAT]
    missing = [name for name in names if name not in raw.frame.columns]
    if missing:
        raise findings.stop(
            Problem(
                "E-COL-001",
                f"a table of points needs the columns lon and lat; {', '.join(missing)} is missing",
                'rename the columns, or map them: columns = {lon = "...", lat = "..."}',
                column=missing[0],
            )
        )
    lon, lat = (_degrees(raw.frame[name]) for name in names)
    unread = np.isnan(lon) | np.isnan(lat)
    blank = raw.frame[names].isna().to_numpy()
    findings.reject(
        raw.frame.index[unread & ~blank.all(axis=1)], "E-GEO-003", "lon or lat is not a number"
    )
    points = np.where(unread, None, shapely.points(lon, lat))
    keep = ~unread | blank.all(axis=1)
    frame = raw.frame.drop(columns=names).assign(
        geometry=pd.Series(points, index=raw.frame.index, dtype=object)
    )
    return RawLayer(frame[keep], _wgs84())


def _degrees(cells: Iterable[object]) -> Any:  # noqa: ANN401 - numpy array of floats
    return np.array([np.nan if cell is None else number_of(cell) for cell in cells], dtype=float)


def _wgs84() -> Any:  # noqa: ANN401
    from pyproj import CRS  # noqa: PLC0415

    return CRS.from_user_input(WGS84)
