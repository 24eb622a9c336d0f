"""Proves that the lists say what the layers say, and hold nothing active."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from planner import layers
from planner.verify.faults import Fault, Faults
from planner.verify.files import PlanFiles, UnreadableError

LISTS = "lists.xlsx"
LARGEST_UNPACKED = 1_000_000_000
NO_WORKBOOK = (OSError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError)
"""What a file that is no workbook, or a damaged one, makes its readers raise."""
ACTIVE_PARTS = ("vbaProject", "externalLinks", "connections", "embeddings", "activeX", "customXml")
SUM_FORMULA = re.compile(r"=SUM\(([A-Z]{1,2})\d+:\1\d+\)")
LISTED = {
    "stations": (
        "station_id",
        ("n_units", "capacity_per_day", "served_per_day", "power_kw", "capital_cny"),
    ),
    "test_roads": ("segment_id", ("stage_year", "complexity_grade", "test_value")),
    "rsus": ("rsu_id", ("stage_year", "cost_cny")),
    "township_access": ("township_id", ("distance_before_m", "distance_after_m")),
}
"""Layers whose rows the lists repeat: the id and the figures compared."""
LISTED_KM = {"test_roads": ("length_m", "counted_m")}
"""Lengths that the lists give in km, under headings of their own."""
CELL_TOLERANCE = 1e-6
WHOLE_ROW = "whole_row"
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def lists_equal_layers(plan: PlanFiles) -> Faults:
    """Prove that lists.xlsx repeats the layers, figure by figure."""
    sheets = plan.once(read_sheets)
    for name, (id_column, figures) in LISTED.items():
        frame = plan.layer(name)
        table = _table_of(sheets, name, (id_column, *figures))
        if table is None:
            if len(frame):
                yield Fault(f"no sheet lists {name}", name)
            continue
        yield from _rows_equal(table, frame, id_column, figures, name)


def read_sheets(plan: PlanFiles) -> list[tuple[str, list[tuple[Any, ...]]]]:
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


def _table_of(
    sheets: list[tuple[str, list[tuple[Any, ...]]]], name: str, columns: tuple[str, ...]
) -> pd.DataFrame | None:
    """Return the sheet with a heading for each column, by the words of the data dictionary."""
    schema = next(layer for layer in layers.PLAN_LAYERS if layer.name == name)
    words = {c.name: f"{c.zh} ({c.unit})" if c.unit else c.zh for c in schema.columns}
    wanted = [words[column] for column in columns]
    for _, rows in sheets:
        heading = next((row for row in rows[:2] if set(wanted) <= set(row)), None)
        if heading is not None:
            at = [heading.index(word) for word in wanted]
            body = [[*(row[index] for index in at), row] for row in rows[2:]]
            return pd.DataFrame(body, columns=[*columns, WHOLE_ROW], dtype=object)
    return None


def _rows_equal(
    table: pd.DataFrame, frame: pd.DataFrame, id_column: str, figures: tuple[str, ...], name: str
) -> Faults:
    table = table[table[id_column].notna()]
    listed = [str(value) for value in table[id_column]]
    expected = {_shown(value): row for row, value in enumerate(frame[id_column])}
    if len(set(listed)) != len(listed):
        yield Fault(f"the list of {name} repeats a row", name)
    for row_id in sorted(set(listed) ^ expected.keys()):
        yield Fault(f"the list of {name} has a row too many or too few", row_id)
    for row_id, values in zip(listed, table.to_dict("records"), strict=True):
        if row_id in expected:
            proven = frame.iloc[expected[row_id]]
            for column in figures:
                if not _cells_equal(values[column], proven[column]):
                    said = f"{column} {values[column]}, the layer {proven[column]}"
                    yield Fault(f"the list of {name} says {said}", row_id)
            km = [float(proven[column]) / 1000 for column in LISTED_KM.get(name, ())]
            for missing in _not_among(km, values[WHOLE_ROW]):
                yield Fault(f"the list of {name} does not give its {missing} km", row_id)


def _not_among(figures: list[float], cells: tuple[Any, ...]) -> list[float]:
    """Return the figures that no cell of their own shows."""
    left = [cell for cell in cells if isinstance(cell, float | int)]
    missing = []
    for value in figures:
        found = next((cell for cell in left if _cells_equal(cell, value)), None)
        if found is None:
            missing.append(value)
        else:
            left.remove(found)
    return missing


def _cells_equal(stated: Any, proven: Any) -> bool:  # noqa: ANN401 - cells
    if pd.isna(stated) or pd.isna(proven):
        return bool(pd.isna(stated)) and bool(pd.isna(proven))
    if not isinstance(stated, int | float):
        return False
    return abs(float(stated) - float(proven)) <= CELL_TOLERANCE * max(1.0, abs(float(proven)))


def _shown(value: object) -> str:
    """Return text as lists show it: what cannot be seen is written out."""
    return "".join(
        f"⟦U+{ord(letter):04X}⟧" if unicodedata.category(letter) in HIDDEN else letter
        for letter in str(value)
    )


def lists_inert(plan: PlanFiles) -> Faults:
    """Prove that lists.xlsx holds no macro, link or formula but the sums of its columns."""
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
    for where, formula in formulas:
        if not SUM_FORMULA.fullmatch(formula):
            yield Fault("a cell holds a formula", where)


def _formulas(path: Path) -> Iterator[tuple[str, str]]:
    book = openpyxl.load_workbook(path, read_only=True)
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield f"{page.title} {cell.coordinate}", str(cell.value)
    book.close()
