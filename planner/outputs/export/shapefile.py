"""Shapefiles for old programs: short field names, UTF-8, whole texts beside, nothing cut unsaid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from planner.outputs.export.csv_cells import write_csv
from planner.outputs.export.matching import Match, refuse_mismatch
from planner.outputs.export.short_names import short_names
from planner.outputs.export.short_texts import shortened, whole
from planner.outputs.export.tables import Table
from planner.outputs.export.writing import declared, read_layer, write_layer

LONGEST, MARK = 254, "…"
OPTIONS = {"ENCODING": "UTF-8", "DBF_DATE_LAST_UPDATE": "1970-01-01", "SPATIAL_INDEX": "NO"}


def write_shapefile(tables: Sequence[Table], folder: Path) -> None:
    """Write a shapefile for every layer with geometry, and compare each.

    Layers with points and areas give a file for each. ``fields.csv`` says which short name is
    which column; ``<layer>_texts.csv`` holds texts that a ``.dbf`` cannot hold whole.

    Parameters
    ----------
    tables
        Layers in any CRS.
    folder
        An empty folder.

    Raises
    ------
    OutputError
        If a file reads back otherwise, or an id does not fit.
    """
    rows: list[Sequence[object]] = []
    for table in tables:
        if not table.spatial:
            continue
        names = short_names(table.layer)
        for name, part in _by_geometry(table):
            _write(part, folder / f"{name}.shp", names)
            rows += [
                (name, names[column.name], column.name, column.zh, column.en, column.unit)
                for column in table.layer.columns
                if column.name in part.frame
            ]
    write_csv(folder / "fields.csv", ("file", "field", "column", "zh", "en", "unit"), rows)


def stand_in(text: str) -> str | None:
    """Return what stands for a text that a ``.dbf`` cannot hold: its beginning and ``…``.

    Over 254 bytes of UTF-8 a text is cut by the format; spaces at its ends and NUL are lost.

    Examples
    --------
    >>> stand_in("南昌"), stand_in("南昌 ")
    (None, '南昌…')
    """
    held = text.strip(" ") == text and "\x00" not in text
    if held and len(text.encode()) <= LONGEST:
        return None
    room = LONGEST - len(MARK.encode())
    part = text.replace("\x00", "").encode()[:room].decode("utf-8", "ignore")
    return part.strip(" ") + MARK


def _write(table: Table, file: Path, names: dict[str, str]) -> None:
    texts = file.with_name(f"{file.stem}_texts.csv")
    fitting = shortened(table, stand_in, texts)
    short = Table(table.layer, fitting.frame.rename(columns=names))
    write_layer(short, file, "ESRI Shapefile", OPTIONS, declared(table))
    back = {short: name for name, short in names.items()}
    read = whole(table, read_layer(file).rename(columns=back), texts)
    refuse_mismatch(table, read, file, Match(empty_is_missing=True))


def _by_geometry(table: Table) -> Iterator[tuple[str, Table]]:
    """Yield a layer as a whole, or its points, lines and areas apart where it has several."""
    kinds = table.frame.geometry.geom_type.str.removeprefix("Multi")
    found = sorted({str(kind) for kind in kinds.dropna()})
    if len(found) < 2:
        yield table.name, table
        return
    for kind in found:
        part = table.frame[kinds == kind].reset_index(drop=True)
        yield f"{table.name}_{kind.lower()}", Table(table.layer, part)
