"""Writes what a GeoPackage says about itself: field names, value lists and layer metadata."""

from __future__ import annotations

import json
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.errors import OutputError, Problem
from planner.layers import CASE_LAYERS, Layer
from planner.outputs.styles.filling import alias, value_words
from planner.outputs.styles.table import made_up
from planner.outputs.wording import Both, word_of, wording

GIVEN = frozenset(
    {layer.name for layer in CASE_LAYERS} | {"road_reviews", "review_log", "rejected_rows"}
)
"""Layers that repeat what somebody gave; the others are computed."""

FIXED_DATE = "1970-01-01T00:00:00.000Z"
QGIS_METADATA = "http://mrcc.com/qgis.dtd"
TABLES = """
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
  min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
CREATE TABLE gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL,
  md_scope TEXT NOT NULL DEFAULT 'dataset', md_standard_uri TEXT NOT NULL,
  mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
CREATE TABLE IF NOT EXISTS gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
"""
"""As the GeoPackage standard 1.3 writes them (annexes F.8 and F.9)."""

EXTENSIONS = (
    ("gpkg_data_columns", "gpkg_schema", "http://www.geopackage.org/spec/#extension_schema"),
    (
        "gpkg_data_column_constraints",
        "gpkg_schema",
        "http://www.geopackage.org/spec/#extension_schema",
    ),
    ("gpkg_metadata", "gpkg_metadata", "http://www.geopackage.org/spec/#extension_metadata"),
    (
        "gpkg_metadata_reference",
        "gpkg_metadata",
        "http://www.geopackage.org/spec/#extension_metadata",
    ),
)


@dataclass(frozen=True)
class Account:
    """What can be said of a layer: where it comes from and how far it can be trusted.

    Parameters
    ----------
    title, abstract
        Chinese and English.
    sources
        One line a source: layer, source, licence, date, trust.
    licence
        Licences of all sources.
    """

    title: Both
    abstract: Both
    sources: tuple[str, ...]
    licence: str


def account(layer: Layer, figures: dict[str, Any]) -> Account:
    """Return what can be said of a layer of a plan.

    Parameters
    ----------
    layer
        A layer of the plan, or one made for GIS programs.
    figures
        Content of ``plan.json``: its inputs with source, licence, date and trust.
    """
    own = [row for row in figures["inputs"] if row["layer"] == layer.name.removesuffix("_map")]
    rows = own or figures["inputs"]
    made = Both("由 planner 依据下列输入计算", "computed by planner from these inputs")
    kept = Both("案例输入，经检查", "input of the case, checked")
    said = kept if own else made
    zh, en = [f"{layer.zh}。{said.zh}。"], [f"{layer.en} {said.en}."]
    note = layer_note(layer.name, figures)
    if note is not None:
        zh.append(f"{note.zh}。")
        en.append(f"{note.en}.")
    return Account(
        Both(layer.zh, layer.name.replace("_", " ")),
        Both("".join(zh), " ".join(en)),
        tuple(_source_line(row) for row in rows),
        "; ".join(sorted({str(row["licence"]) for row in rows})),
    )


def layer_note(name: str, figures: dict[str, Any]) -> Both | None:
    """Return what must be said of a layer wherever it goes: made up, or computed from that.

    Parameters
    ----------
    name
        A layer of the plan, or one made for GIS programs.
    figures
        Content of ``plan.json``.
    """
    name = name.removesuffix("_map")
    if name in made_up(figures):
        return wording("trust.schematic_layer")
    if "roads" in figures["case"]["synthetic_layers"] and name not in GIVEN:
        return wording("trust.computed_layer")
    return None


def _source_line(row: dict[str, Any]) -> str:
    trust = word_of("trust", row["trust"])
    unreal = "；示意 synthetic" if row["synthetic"] else ""
    return (
        f"{row['layer']}: {row['source']}; {row['licence']}; {row['date']}; "
        f"{trust.zh} {trust.en}{unreal}"
    )


def describe(file: Path, written: Sequence[Layer], figures: dict[str, Any], crs_name: str) -> None:
    """Add field names, value lists and metadata to a finished GeoPackage.

    GDAL must have closed the file: two copies of SQLite in one process do not see each
    other's locks.

    Parameters
    ----------
    file
        The GeoPackage.
    written
        Its layers.
    figures
        Content of ``plan.json``.
    crs_name
        Name of the CRS of its geometries, for readers.

    Raises
    ------
    OutputError
        ``E-OUT-003`` if the file cannot be written.
    """
    try:
        with closing(sqlite3.connect(file)) as connection:
            connection.executescript("PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF;")
            with connection:
                _write_all(connection, written, figures, crs_name)
    except sqlite3.Error as error:
        raise OutputError(
            Problem(
                "E-OUT-003",
                f"cannot be written: {error}",
                "check free space and permissions there, or choose another folder with --out",
                file=str(file),
            )
        ) from error


def _write_all(
    connection: sqlite3.Connection, written: Sequence[Layer], figures: dict[str, Any], crs: str
) -> None:
    for statement in TABLES.split(";\n"):
        if statement.strip():
            connection.execute(statement)
    connection.executemany(
        "INSERT INTO gpkg_extensions VALUES (?, NULL, ?, ?, 'read-write')", EXTENSIONS
    )
    columns, lists = _columns(written)
    connection.executemany("INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, ?)", columns)
    connection.executemany(
        "INSERT INTO gpkg_data_column_constraints VALUES (?, 'enum', ?, NULL, NULL, NULL, NULL, ?)",
        lists,
    )
    for number, (table, uri, mime, text) in enumerate(_metadata(written, figures, crs), start=1):
        connection.execute(
            "INSERT INTO gpkg_metadata VALUES (?, 'dataset', ?, ?, ?)", (number, uri, mime, text)
        )
        scope = "geopackage" if table is None else "table"
        connection.execute(
            "INSERT INTO gpkg_metadata_reference VALUES (?, ?, NULL, NULL, ?, ?, NULL)",
            (scope, table, FIXED_DATE, number),
        )


def _columns(written: Sequence[Layer]) -> tuple[list[tuple[Any, ...]], list[tuple[str, ...]]]:
    """Return the rows of the two tables of the Schema extension."""
    columns: list[tuple[Any, ...]] = []
    lists: dict[tuple[str, str], str] = {}
    for layer in written:
        named: set[str] = set()
        for column in layer.columns:
            name = alias(column) if alias(column) not in named else f"{alias(column)} {column.name}"
            named.add(name)
            words = value_words(layer.name, column)
            constraint = f"{layer.name}_{column.name}" if words else None
            for value, said in words.items():
                lists[f"{constraint}", value] = f"{said.zh} {said.en}"
            title = column.name.replace("_", " ")
            about = f"{column.en} [{column.unit}]" if column.unit else column.en
            columns.append((layer.name, column.name, name, title, about, constraint))
    return columns, [(*key, text) for key, text in lists.items()]


def _metadata(
    written: Sequence[Layer], figures: dict[str, Any], crs: str
) -> Iterator[tuple[str | None, str, str, str]]:
    yield None, "https://schema.org/Dataset", "application/ld+json", _dataset(figures, crs)
    for layer in written:
        yield layer.name, QGIS_METADATA, "text/xml", _qgis_metadata(layer, figures, crs)


def _dataset(figures: dict[str, Any], crs: str) -> str:
    case = figures["case"]
    return json.dumps(
        {
            "@context": "https://schema.org/",
            "@type": "Dataset",
            "name": [case["title_zh"], case["title_en"]],
            "version": figures["planner_version"],
            "spatialCoverage": crs,
            "synthetic_layers": case["synthetic_layers"],
            "map_approval_number": case["map_approval_number"],
            "isBasedOn": [
                {key: row[key] for key in ("layer", "source", "licence", "date", "trust")}
                | {"synthetic": row["synthetic"], "sha256": row["sha256"]}
                for row in figures["inputs"]
            ],
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def _qgis_metadata(layer: Layer, figures: dict[str, Any], crs: str) -> str:
    said = account(layer, figures)
    root = ET.Element("qgis", {"version": "3.22.16"})
    dates = [str(row["date"]) for row in figures["inputs"]]
    abstract = (
        f"{said.abstract.zh}坐标系 {crs}；数据截至 {max(dates, default='—')}。\n"
        f"{said.abstract.en} CRS {crs}; data up to {max(dates, default='—')}."
    )
    for tag, text in (
        ("identifier", layer.name),
        ("parentidentifier", figures["case"]["case_id"]),
        ("language", "zho"),
        ("type", "dataset"),
        ("title", f"{said.title.zh} {said.title.en}"),
        ("abstract", abstract),
        ("license", said.licence),
        ("rights", wording("map.internal").zh),
    ):
        ET.SubElement(root, tag).text = _xml_text(text)
    for line in said.sources:
        ET.SubElement(root, "history").text = _xml_text(line)
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(
        root, encoding="unicode"
    )


def _xml_text(text: str) -> str:
    """Return a text without the control characters that XML has no place for."""
    return "".join(letter if letter >= " " or letter in "\n\t" else " " for letter in text)
