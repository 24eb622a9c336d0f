"""Writes one sheet: two heading rows, typed cells, totals, frozen panes and widths."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from planner.outputs.wording import Both

FORMATS: dict[str, dict[str, Any]] = {
    "text": {"text_wrap": True, "valign": "top"},
    "count": {"num_format": "#,##0", "valign": "top"},
    "code": {"num_format": "0", "valign": "top"},
    "money": {"num_format": "#,##0", "valign": "top"},
    "amount": {"num_format": "#,##0.0", "valign": "top"},
    "unit_cost": {"num_format": "#,##0.00", "valign": "top"},
    "km": {"num_format": "#,##0.000", "valign": "top"},
    "share": {"num_format": "0.0%", "valign": "top"},
}
MAX_CELL = 32_767
"""Characters an Excel cell holds."""

MIN_WIDTH, MAX_WIDTH = 8, 46
A3, A4 = 8, 9
A4_HOLDS = 150
"""Characters in a row that an A4 page across still shows legibly; wider sheets print on A3."""

Cell = str | float | bool | None
"""What a cell holds; None is an empty cell."""


@dataclass(frozen=True)
class Heading:
    """One column of a sheet: its heading, the format of its cells, whether it has a total."""

    title: Both
    format: str = "text"
    total: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, the columns and the rows; a cell is text, a number or empty."""

    name: Both
    headings: tuple[Heading, ...]
    rows: Sequence[Sequence[Cell]]


def write_sheet(book: Workbook, sheet: Sheet, *, lang: str) -> None:
    """Write a sheet: two heading rows in both languages, the rows, and the totals.

    Parameters
    ----------
    book
        An open xlsxwriter workbook.
    sheet
        What to write. Text is always a text cell, whatever it looks like.
    lang
        Language of the first heading row.
    """
    page = book.add_worksheet(" ".join(sheet.name.main_first(lang))[:31])
    first = book.add_format({"bold": True, "bg_color": "#DCE6F1", "text_wrap": True, "border": 1})
    second = book.add_format(
        {"italic": True, "font_color": "#5F6B7A", "bg_color": "#EEF3F9", "text_wrap": True}
    )
    formats = {name: book.add_format(style) for name, style in FORMATS.items()}
    for column, heading in enumerate(sheet.headings):
        main, other = heading.title.main_first(lang)
        page.write_string(0, column, main, first)
        page.write_string(1, column, other, second)
        page.set_column(column, column, _width(sheet, column))
    for index, row in enumerate(sheet.rows):
        for column, value in enumerate(row):
            _write_cell(page, (index + 2, column), value, formats[sheet.headings[column].format])
    page.freeze_panes(2, 1)
    if sheet.rows:
        page.autofilter(1, 0, len(sheet.rows) + 1, len(sheet.headings) - 1)
    _write_totals(book, page, sheet, lang)
    _set_up_print(page, sum(_width(sheet, column) for column in range(len(sheet.headings))))


def _set_up_print(page: Worksheet, width: float) -> None:
    """Print across, as wide as the page, headings on each one, sheet name and page below."""
    page.set_landscape()
    page.set_paper(A3 if width > A4_HOLDS else A4)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, 1)
    page.set_footer("&L&A&R&P / &N")


def _write_cell(page: Worksheet, place: tuple[int, int], value: Cell, style: Format) -> None:
    if value is None:
        page.write_blank(*place, None, style)
    elif isinstance(value, bool):
        page.write_boolean(*place, value, style)
    elif isinstance(value, int | float):
        page.write_number(*place, value, style)
    else:
        page.write_string(*place, str(value)[:MAX_CELL], style)


def _write_totals(book: Workbook, page: Worksheet, sheet: Sheet, lang: str) -> None:
    """Write sums as formulas with their value, so that they show without recalculation.

    They are of the rows that a filter leaves, so that a reader can add up one county or year.
    """
    if not sheet.rows or not any(heading.total for heading in sheet.headings):
        return
    row = len(sheet.rows) + 2
    page.write_string(
        row, 0, " ".join(Both("合计", "Total").main_first(lang)), book.add_format({"bold": True})
    )
    for column, heading in enumerate(sheet.headings):
        if heading.total:
            style = book.add_format(FORMATS[heading.format] | {"bold": True, "top": 1})
            # Written out, since xl_range shortens a range of one cell to the cell.
            cells = f"{xl_rowcol_to_cell(2, column)}:{xl_rowcol_to_cell(row - 1, column)}"
            numbers = [cell for row in sheet.rows if isinstance(cell := row[column], int | float)]
            page.write_formula(row, column, f"=SUBTOTAL(9,{cells})", style, _sum(numbers))


def _sum(numbers: list[float]) -> float:
    """Return the sum as people write it: whole where all are, else without the last bits."""
    return sum(numbers) if all(isinstance(n, int) for n in numbers) else round(fsum(numbers), 6)


def _width(sheet: Sheet, column: int) -> float:
    """Return a width that shows most cells; a Chinese character is two wide."""
    title = sheet.headings[column].title
    longest = max([_wide(title.zh), _wide(title.en) / 2, *(_shown(r[column]) for r in sheet.rows)])
    return float(min(max(longest + 2, MIN_WIDTH), MAX_WIDTH))


def _shown(value: Cell) -> int:
    return _wide(f"{value:,.1f}") if isinstance(value, float) else _wide(str(value or "")[:100])


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
