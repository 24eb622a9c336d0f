"""KML for Ovital, Google Earth and the like: one file a layer, names as placemark names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import shapely

from planner.outputs.export.matching import Match, refuse_mismatch
from planner.outputs.export.short_texts import shortened, whole
from planner.outputs.export.tables import DEGREES, Table
from planner.outputs.export.writing import read_layer, write_layer
from planner.outputs.text_safety import visible

NAME, PLACEMARK = "name", "Name"
KEPT_BY_XML = frozenset("\t\n")


def write_kml(tables: Sequence[Table], folder: Path) -> None:
    """Write ``<layer>.kml`` for every layer with geometry, and compare each.

    Parameters
    ----------
    tables
        Layers in EPSG:4326. A layer without names is labelled by its ids.
    folder
        An empty folder; ``<layer>_texts.csv`` holds texts with characters that XML cannot.

    Raises
    ------
    OutputError
        If a file reads back otherwise. Reading adds columns of KML's own.
    """
    for table in tables:
        if table.spatial:
            file, texts = folder / f"{table.name}.kml", folder / f"{table.name}_texts.csv"
            fitting = shortened(table, stand_in, texts)
            write_layer(_labelled(fitting), file, "LIBKML", {}, "Unknown")
            read = whole(table, _as_named(read_layer(file), table), texts)
            refuse_mismatch(table, read, file, Match(DEGREES, empty_is_missing=True))


def stand_in(text: str) -> str | None:
    """Return what stands for a text that XML cannot hold: control characters written out.

    Examples
    --------
    >>> stand_in("a" + chr(1)), stand_in("<b>南昌</b>")
    ('a⟦U+0001⟧', None)
    """
    if all(_held(letter) for letter in text):
        return None
    return "".join(letter if _held(letter) else visible(letter) for letter in text)


def _held(letter: str) -> bool:
    number = ord(letter)
    if number < 0x20:
        return letter in KEPT_BY_XML
    return number not in (0x7F, 0xFFFE, 0xFFFF) and not 0x80 <= number <= 0x9F


def _labelled(table: Table) -> Table:
    if NAME in table.frame:
        return table
    frame = table.frame.copy()
    frame[PLACEMARK] = frame[table.key]
    return Table(table.layer, frame)


def _as_named(read: Any, table: Table) -> Any:  # noqa: ANN401 - a frame
    if NAME in table.frame:
        read = read.drop(columns=NAME, errors="ignore").rename(columns={PLACEMARK: NAME})
    read[read.geometry.name] = shapely.force_2d(read.geometry.to_numpy())
    return read
