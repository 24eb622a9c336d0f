"""Edits the files of a plan folder the way a mistake or a forger would."""

import json
import re
import sqlite3
import struct

import shapely

EPSG_4326 = 4326
SPATIAL_TRIGGERS = "SELECT name FROM sqlite_master WHERE type='trigger' AND name LIKE 'rtree%'"
"""They call functions that only GDAL has."""


def sql(statement, *values):
    """Return an edit that runs one statement on plan.gpkg."""

    def edit(folder):
        connection = sqlite3.connect(folder / "plan.gpkg")
        connection.execute("PRAGMA synchronous = OFF")
        with connection:
            triggers = connection.execute(SPATIAL_TRIGGERS)
            for (name,) in triggers.fetchall():
                connection.execute(f'DROP TRIGGER "{name}"')
            changed = connection.execute(statement, values).rowcount
        connection.close()
        assert changed != 0, statement

    return edit


def place(layer, where, shape):
    """Return an edit that gives the rows of a layer another geometry."""
    header = b"GP" + struct.pack("<BBi", 0, 1, EPSG_4326)
    statement = f"UPDATE {layer} SET geom = ? WHERE {where}"  # noqa: S608 - of the catalogue
    return sql(statement, header + shapely.to_wkb(shape))


def figure(*path, value):
    """Return an edit that replaces a value of plan.json (or what a function makes of it)."""

    def edit(folder):
        file = folder / "plan.json"
        content = json.loads(file.read_text("utf-8"))
        at = content
        for key in path[:-1]:
            at = at[key]
        new = value(at[path[-1]]) if callable(value) else value
        assert new != at[path[-1]]
        at[path[-1]] = new
        file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    return edit


def text(name, pattern, replacement):
    """Return an edit that replaces the first match in a text file."""

    def edit(folder):
        file = folder / name
        before = file.read_text("utf-8")
        after = re.sub(pattern, lambda _: replacement, before, count=1)
        assert after != before
        file.write_text(after, encoding="utf-8")

    return edit


def remove(name):
    return lambda folder: (folder / name).unlink()


def overwrite(name, content):
    return lambda folder: (folder / name).write_bytes(content)


def without_totals(book):
    """Remove the row of sums: openpyxl keeps their formulas, but not their values."""
    page = book["stations"]
    sums = [c for row in page.iter_rows() for c in row if str(c.value).startswith("=SUM(")]
    assert [c.row for c in sums] == [page.max_row]
    page.delete_rows(page.max_row)


def cell(sheet, row, column, value):
    """Return an edit that replaces one cell of lists.xlsx."""

    def edit(folder):
        import openpyxl  # noqa: PLC0415

        book = openpyxl.load_workbook(folder / "lists.xlsx")
        without_totals(book)
        page = book[book.sheetnames[sheet]]
        assert page.cell(row, column).value != value
        page.cell(row, column).value = value
        book.save(folder / "lists.xlsx")

    return edit


def both(*edits):
    def edit(folder):
        for one in edits:
            one(folder)

    return edit
