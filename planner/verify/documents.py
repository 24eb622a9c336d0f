"""Proves what people read: the lists, the map and the report say what the layers say."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import openpyxl
import pandas as pd

from planner import layers
from planner.verify.faults import Fault, Faults
from planner.verify.files import PlanFiles, UnreadableError

LISTS, MAP, REPORT = "lists.xlsx", "map.html", "report.html"
LARGEST_UNPACKED = 1_000_000_000
ACTIVE_PARTS = ("vbaProject", "externalLinks", "connections", "embeddings", "activeX", "customXml")
SUM_FORMULA = re.compile(r"=SUM\(([A-Z]{1,2})\d+:\1\d+\)")
LISTED = {
    "stations": ("station_id", ("n_units", "capacity_per_day", "served_per_day", "power_kw", "capital_cny")),
    "test_roads": ("segment_id", ("stage_year", "complexity_grade", "test_value")),
    "rsus": ("rsu_id", ("stage_year", "cost_cny")),
    "township_access": ("township_id", ("distance_before_m", "distance_after_m")),
}  # fmt: skip
"""Layers whose rows the lists repeat: the id and the figures compared."""
LISTED_KM = {"test_roads": ("length_m", "counted_m")}
"""Lengths that the lists give in km, under headings of their own."""
CELL_TOLERANCE = 1e-6
WHOLE_ROW = "whole_row"
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
REMOTE = re.compile(r"^\s*(?:https?:|ftp:|wss?:|//)", re.IGNORECASE)
SCRIPT_LINK = re.compile(r"^\s*(?:javascript|vbscript|data:text/html)", re.IGNORECASE)
STYLE_REQUEST = re.compile(r"url\(\s*[\"']?\s*(?:https?:|//)|@import\s+[\"'u]", re.IGNORECASE)
SCRIPT_REQUEST = re.compile(
    r"(?:tileLayer|fetch|importScripts|EventSource|WebSocket|sendBeacon)\s*\(\s*[\"'`](?:https?:|wss?:|//)"
    r"|\.src\s*=\s*[\"'`](?:https?:|//)",
    re.IGNORECASE,
)
SECRET = re.compile(
    r"(?:[?&](?:tk|key|ak|token|access_token|api_key)=[0-9A-Za-z_\-.]{12,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bghp_[0-9A-Za-z]{36}\b)"
)


def lists_equal_layers(plan: PlanFiles) -> Faults:
    """Prove that lists.xlsx repeats stations, test roads, roadside units and townships, figure by figure."""
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
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
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
    for values in table.itertuples(index=False):
        row_id = str(getattr(values, id_column))
        if row_id in expected:
            proven = frame.iloc[expected[row_id]]
            for column in figures:
                stated = getattr(values, column)
                if not _cells_equal(stated, proven[column]):
                    what = f"the list of {name} says {column} {stated}, the layer {proven[column]}"
                    yield Fault(what, row_id)
            for column in LISTED_KM.get(name, ()):
                km = float(proven[column]) / 1000
                if not any(_cells_equal(cell, km) for cell in values.whole_row if cell is not None):
                    yield Fault(f"the list of {name} does not give {column} as {km} km", row_id)


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
    """Prove that lists.xlsx holds no macro, link or formula but the sums of its own columns."""
    try:
        with zipfile.ZipFile(plan.folder / LISTS) as archive:
            names = archive.namelist()
            relations = [archive.read(name) for name in names if name.endswith(".rels")]
        book = openpyxl.load_workbook(plan.folder / LISTS, read_only=True)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        yield Fault(f"{LISTS} could not be read: {error}", LISTS)
        return
    for name in names:
        if any(part in name for part in ACTIVE_PARTS):
            yield Fault(f"{LISTS} holds active content", name)
    if any(b'TargetMode="External"' in text for text in relations):
        yield Fault(f"{LISTS} links to the outside", LISTS)
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                if cell.data_type == "f" and not SUM_FORMULA.fullmatch(str(cell.value)):
                    yield Fault("a cell holds a formula", f"{page.title} {cell.coordinate}")
    book.close()


class Page(HTMLParser):
    """Collects what a page would load or run: attributes, scripts, styles and its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.scripts: list[tuple[str, str]] = []
        self.styles: list[str] = []
        self.words: list[str] = []
        self.policy = ""
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element loads, runs or sends."""
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and given.get("http-equiv", "").lower() == "content-security-policy":
            self.policy = given.get("content", "")
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.faults.append("the page sends the reader elsewhere")
        for name, value in given.items():
            self.faults += _attribute_faults(tag, name, value)
        if tag in {"script", "style"}:
            self._inside = tag
            if tag == "script":
                self.scripts.append((given.get("type", ""), ""))

    def handle_endtag(self, tag: str) -> None:
        """Leave a script or a style."""
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        """Keep text by where it stands."""
        if self._inside == "script":
            kind, before = self.scripts[-1]
            self.scripts[-1] = (kind, before + data)
        elif self._inside == "style":
            self.styles.append(data)
        else:
            self.words.append(data)


def _attribute_faults(tag: str, name: str, value: str) -> list[str]:
    if name.startswith("on"):
        return [f"<{tag}> runs a script from its attribute {name}"]
    if SCRIPT_LINK.match(value) and name in {"href", "src", "action", "formaction", "data"}:
        return [f"<{tag} {name}> runs a script"]
    loads = name in {"src", "srcset", "poster", "data", "action", "formaction", "background"}
    loads |= name == "href" and tag != "a"
    if loads and REMOTE.match(value):
        return [f"<{tag} {name}> asks for {value[:80]}"]
    return [f"<{tag}> asks for a style"] if name == "style" and STYLE_REQUEST.search(value) else []


def page_of(plan: PlanFiles, name: str) -> Page:
    """Return a page of the folder, taken apart."""
    if name not in plan.memo:
        page = Page()
        page.feed(plan.document(name))
        page.close()
        plan.memo[name] = page
    found: Page = plan.memo[name]
    return found


def pages_self_contained(plan: PlanFiles) -> Faults:
    """Prove that map and report ask for nothing from outside, and run only scripts their policy names."""
    for name in (MAP, REPORT):
        page = page_of(plan, name)
        for what in page.faults:
            yield Fault(f"{name}: {what}", name)
        if any(STYLE_REQUEST.search(style) for style in page.styles):
            yield Fault(f"{name}: a style asks for something from outside", name)
        for what in _script_faults(page):
            yield Fault(f"{name}: {what}", name)


def _script_faults(page: Page) -> Iterator[str]:
    for kind, code in page.scripts:
        if kind == "application/json":
            continue
        if SCRIPT_REQUEST.search(code):
            yield "a script asks for something from outside"
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        if f"'sha256-{digest}'" not in page.policy:
            yield "a script is not one that the page's policy names"


def no_secret(plan: PlanFiles) -> Faults:
    """Prove that no key or token is in any text of the folder."""
    for name in ("plan.json", MAP, REPORT):
        found = SECRET.search(plan.document(name))
        if found:
            yield Fault(f"{name} seems to hold a key: {found[0][:12]}...", name)
