"""Proves that the lists say what the layers say, and hold nothing active."""

from __future__ import annotations

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from planner.verify.faults import Fault, Faults
from planner.verify.files import PlanFiles, UnreadableError

LISTS = "lists.xlsx"
LARGEST_UNPACKED = 1_000_000_000
NO_WORKBOOK = (OSError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, SyntaxError)
"""What a file that is no workbook, or a damaged one, makes its readers raise."""
ACTIVE_PARTS = ("vbaProject", "externalLinks", "connections", "embeddings", "activeX", "customXml")
SUM_FORMULA = re.compile(r"=(?:SUM\(|SUBTOTAL\(9,)([A-Z]{1,2})(\d+):\1(\d+)\)")
LISTED = {
    "stations": (
        "station_id",
        (
            "first_year", "n_units_before", "n_units", "capacity_per_day", "served_per_day",
            "waiting_min", "power_kw", "peak_kw", "capital_cny", "opex_cny_per_year",
            "annual_cost_cny", "cost_per_unit_cny", "grant_cny",
        ),
    ),
    "supply_upgrades": (
        "supply_node_id", ("ordered_year", "in_service_year", "added_kw", "cost_cny"),
    ),
    "milestones": ("milestone_id", ("year", "least", "reached", "shortfall")),
    "road_limits": ("limit_id", ("least", "most", "reached", "shortfall")),
    "review_log": (
        "log_id",
        (
            "townships_short", "highway_short_m", "unserved_kwh_per_day", "capital_cny",
            "annual_cny", "missing_km", "worth_lost",
        ),
    ),
    "road_repairs": (
        "repair_id", ("year", "value", "gain_km", "gain_carriageway_km", "equipment_cny"),
    ),
    "highway_access": (
        "stretch_id",
        (
            "length_m", "uncovered_before_m", "uncovered_after_m", "largest_gap_before_m",
            "largest_gap_after_m",
        ),
    ),
    "trip_access": ("trip_id", ("trips_per_day", "range_m", "length_m")),
    "test_roads": (
        "segment_id",
        ("stage_year", "complexity_grade", "test_value", "length_m", "counted_m"),
    ),
    "rsus": ("rsu_id", ("stage_year", "cost_cny")),
    "township_access": (
        "township_id", ("distance_before_m", "distance_after_m", "first_year_met"),
    ),
}  # fmt: skip
"""Layers whose rows the lists repeat: the id and the figures that the row must show."""
IN_KM = {"test_roads": ("length_m", "counted_m")}
"""Figures that the list of a layer shows in kilometres."""
HEADING_ROWS = 2
CELL_TOLERANCE = 1e-6
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
Sheet = tuple[str, list[tuple[Any, ...]]]


def lists_equal_layers(plan: PlanFiles) -> Faults:
    """Prove that lists.xlsx repeats the layers, row by row and figure by figure."""
    sheets = plan.once(read_sheets)
    for name, (id_column, figures) in LISTED.items():
        frame = plan.layer(name)
        expected = {_shown(value): row for row, value in enumerate(frame[id_column])}
        listed = _rows_by_id(sheets, set(expected))
        ids = [row_id for row_id, _ in listed]
        if len(set(ids)) != len(ids):
            yield Fault(f"the list of {name} repeats a row", name)
        for row_id in sorted(set(ids) ^ expected.keys()):
            yield Fault(f"the list of {name} has a row too many or too few", row_id)
        for row_id, cells in listed:
            if row_id in expected:
                proven = frame.iloc[expected[row_id]]
                for what in _not_among(proven, figures, cells, IN_KM.get(name, ())):
                    yield Fault(f"the list of {name} does not show its {what}", row_id)


def read_sheets(plan: PlanFiles) -> list[Sheet]:
    """Return name and rows of every sheet, formulas by the value they were saved with."""
    path = plan.folder / LISTS
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
        if size > LARGEST_UNPACKED:
            message = f"{LISTS} unpacks to {size} bytes"
            raise UnreadableError(message)
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        sheets = [(page.title, list(page.iter_rows(values_only=True))) for page in book.worksheets]
        book.close()
    except NO_WORKBOOK as error:
        message = f"{LISTS} could not be read: {error}"
        raise UnreadableError(message) from error
    return sheets


def _rows_by_id(sheets: list[Sheet], ids: set[str]) -> list[tuple[str, tuple[Any, ...]]]:
    """Return id and cells of the rows of the sheet that lists these ids.

    Headings are for readers and may change; the sheet is the one with a column that names
    most of the ids, each once.
    """
    best: tuple[tuple[int, int], list[tuple[str, tuple[Any, ...]]]] = ((0, 0), [])
    for _, rows in sheets:
        body = _without_total(rows[HEADING_ROWS:])
        for column in range(max((len(row) for row in body), default=0)):
            named = [(str(row[column]), row) for row in body if row[column] is not None]
            known = {row_id for row_id, _ in named} & ids
            rank = (len(known), len(known) - len(named))
            if known and rank > best[0]:
                best = rank, named
    return best[1]


def _without_total(body: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return the rows without a last one that holds nothing but its name and right sums."""
    if len(body) < 2 or sum(isinstance(cell, str) for cell in body[-1]) > 1:
        return body
    *rows, last = body
    summed = [column for column, cell in enumerate(last) if isinstance(cell, float | int)]
    for column in summed:
        numbers = [row[column] for row in rows if isinstance(row[column], float | int)]
        if abs(sum(numbers) - last[column]) > CELL_TOLERANCE * max(1.0, abs(last[column])):
            return body
    return rows if summed else body


def _not_among(
    proven: pd.Series, figures: tuple[str, ...], cells: tuple[Any, ...], in_km: tuple[str, ...]
) -> Iterator[str]:
    """Yield the figures of a row that no cell of its own shows."""
    left = [cell for cell in cells if isinstance(cell, float | int)]
    for column in figures:
        if pd.isna(proven[column]):
            continue
        value = float(proven[column]) / (1000 if column in in_km else 1)
        near = [abs(cell - value) <= CELL_TOLERANCE * max(1.0, abs(value)) for cell in left]
        if any(near):
            left.pop(near.index(True))
        else:
            yield f"{column} {value:.10g}"


def _shown(value: object) -> str:
    """Return text as lists show it: what cannot be seen is written out."""
    return "".join(
        f"⟦U+{ord(letter):04X}⟧" if unicodedata.category(letter) in HIDDEN else letter
        for letter in str(value)
    )


def lists_inert(plan: PlanFiles) -> Faults:
    """Prove that lists.xlsx holds no macro, link or formula but right sums of its columns."""
    path = plan.folder / LISTS
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            relations = [archive.read(name) for name in names if name.endswith(".rels")]
        formulas = list(_formulas(path))
    except NO_WORKBOOK as error:
        yield Fault(f"{LISTS} could not be read: {error}", LISTS)
        return
    for name in names:
        if any(part in name for part in ACTIVE_PARTS):
            yield Fault(f"{LISTS} holds active content", name)
    if any(b'TargetMode="External"' in text for text in relations):
        yield Fault(f"{LISTS} links to the outside", LISTS)
    values = dict(plan.once(read_sheets))
    for title, where, formula in formulas:
        found = SUM_FORMULA.fullmatch(formula)
        if not found:
            yield Fault("a cell holds a formula", f"{title} {where}")
        elif not _adds_up(values[title], where, found):
            yield Fault("a total is not what the cells above it add up to", f"{title} {where}")


def _adds_up(rows: list[tuple[Any, ...]], where: str, sum_of: re.Match[str]) -> bool:
    """Return whether a total covers its own column, from the headings to itself, and is right."""
    letter, row = coordinate_from_string(where)
    if (sum_of[1], int(sum_of[2]), int(sum_of[3])) != (letter, HEADING_ROWS + 1, row - 1):
        return False
    column = column_index_from_string(letter) - 1
    cells = [line[column] for line in rows[HEADING_ROWS : row - 1] if column < len(line)]
    total, added = rows[row - 1][column], sum(c for c in cells if isinstance(c, float | int))
    shown = isinstance(total, float | int)
    return shown and abs(total - added) <= CELL_TOLERANCE * max(1.0, abs(added))


def _formulas(path: Path) -> Iterator[tuple[str, str, str]]:
    book = openpyxl.load_workbook(path, read_only=True)
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield page.title, cell.coordinate, str(cell.value)
    book.close()
