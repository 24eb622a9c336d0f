"""Keeps texts that a format cannot hold: a part in the file, the whole in a CSV beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from planner.errors import OutputError, Problem
from planner.outputs.export.csv_cells import read_csv, write_csv
from planner.outputs.export.tables import Table

Stand = Callable[[str], str | None]
"""Returns what stands for a text in the file, or None where the file holds it whole."""


def shortened(table: Table, stand: Stand, file: Path) -> Table:
    """Return a table whose texts fit; those that do not are written whole to a CSV.

    Parameters
    ----------
    table
        What is to be written.
    stand
        Says what stands for a text that does not fit.
    file
        CSV of layer, row, column and whole text; written only where there are any.

    Raises
    ------
    OutputError
        ``E-OUT-032`` if the id of a row does not fit: ids are never cut. The id of another
        layer's row is left empty in the file and stands whole in the CSV.
    """
    frame, rows = table.frame.copy(), []
    for column in table.layer.columns:
        if column.kind != "text" or column.name not in frame:
            continue
        for index, value in frame[column.name].items():
            part = None if value is None else stand(value)
            if part is None:
                continue
            if column.unique:
                raise _id_refused(table, column.name, str(value))
            if column.name.endswith("_id"):
                part = ""  # half an id would join to nothing, or to another row
            rows.append((str(frame[table.key].loc[index]), column.name, str(value)))
            frame.loc[index, column.name] = part
    if rows:
        write_csv(file, (table.key, "column", "text"), rows)
    return Table(table.layer, frame)


def whole(table: Table, read: Any, file: Path) -> Any:  # noqa: ANN401 - a frame
    """Return what was read with the whole texts of the CSV put back."""
    if not file.exists():
        return read
    place = {str(key): index for index, key in zip(read.index, read[table.key], strict=True)}
    for row in read_csv(file).itertuples(index=False):
        read.loc[place[str(row[0])], str(row[1])] = str(row[2])
    return read


def _id_refused(table: Table, column: str, value: str) -> OutputError:
    return OutputError(
        Problem(
            "E-OUT-032",
            "the format cannot hold this id whole, and ids are never cut",
            "use shorter ids of plain characters, or another format such as gpkg",
            layer=table.name,
            column=column,
            value=value[:60],
        )
    )
