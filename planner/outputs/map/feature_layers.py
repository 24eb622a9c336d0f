"""Makes one layer of the page from a frame: title, style, fields, and a row a feature."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from planner.layers import Layer
from planner.outputs.amounts import NOTHING
from planner.outputs.map import shapes
from planner.outputs.text_safety import visible
from planner.outputs.wording import Both, same

Json = dict[str, Any]
Reader = Callable[[Any], Both | str]


@dataclass(frozen=True)
class Field:
    """One line of a popup: its label, and how it is read from a row of the frame."""

    label: Both
    read: Reader


def column_field(layer: Layer, name: str, read: Reader | None = None) -> Field:
    """Return a field whose label is a column's name in the data dictionary.

    Parameters
    ----------
    layer
        The schema that has the column.
    name
        The column.
    read
        How its value is shown; as it is where omitted.
    """
    column = next(column for column in layer.columns if column.name == name)
    label = Both(column.zh, column.en)
    if read is not None:
        return Field(label, read)
    return Field(label, lambda row: plain(getattr(row, name)))


def plain(value: object) -> str:
    """Return a cell as text, a dash where it is empty."""
    return NOTHING if value is None or pd.isna(value) else str(value)


def pair(value: Both | str) -> list[str]:
    """Return a text in both languages as the page takes it, with nothing hidden in it."""
    both = value if isinstance(value, Both) else same(value)
    return [visible(both.zh), visible(both.en)]


def feature_layer(  # noqa: PLR0913 - one call a layer, every argument named
    key: str,
    title: Both,
    frame: Any,  # noqa: ANN401 - a GeoDataFrame
    fields: Iterable[Field],
    *,
    kind: str,
    style: Json,
    name: Reader,
    shown: bool = True,
    size: Callable[[Any], float] | None = None,
) -> Json:
    """Return a layer whose features answer a click.

    Parameters
    ----------
    key
        Id of the layer in the page.
    title
        What the legend calls it.
    frame
        Rows to draw (EPSG:4326); rows without a place are counted, not drawn.
    fields
        Lines of the popup.
    kind
        ``"points"``, ``"lines"`` or ``"areas"``.
    style
        Constant style of the layer, in Leaflet's words plus ``shape`` and ``glyph``.
    name
        Title of a popup.
    shown
        Whether the layer is on when the page opens.
    size
        Radius of a point in pixels; the style's where omitted.
    """
    encode = {"points": shapes.point, "lines": shapes.lines, "areas": shapes.rings}[kind]
    fields = list(fields)
    rows = []
    for row in frame.itertuples():
        if row.geometry is None or row.geometry.is_empty:
            continue
        entry: Json = {
            "t": pair(name(row)),
            "g": encode(row.geometry),
            "v": [pair(field.read(row)) for field in fields],
        }
        if size is not None:
            entry["r"] = round(size(row), 1)
        rows.append(entry)
    return {
        "id": key,
        "title": list(title),
        "kind": kind,
        "style": style,
        "fields": [list(field.label) for field in fields],
        "rows": rows,
        "count": len(frame),
        "unplaced": len(frame) - len(rows),
        "on": shown,
    }
