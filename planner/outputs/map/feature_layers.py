"""Makes one layer of the page from a frame: title, style, fields, and a row a feature."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from planner.layers import Layer
from planner.outputs.amounts import NOTHING
from planner.outputs.map import shapes
from planner.outputs.text_safety import visible
from planner.outputs.wording import Both, column_title, same

Json = dict[str, Any]
Record = Any
"""A row of a frame as ``itertuples`` gives it: one attribute a column."""

Reader = Callable[[Record], Both | str]

ENCODERS: dict[str, Callable[[gpd.GeoSeries], list[Any]]] = {
    "points": shapes.points,
    "lines": shapes.all_lines,
    "areas": shapes.areas,
}
MARKABLE = frozenset({"station", "site", "segment"})
"""Kinds of objects on which a review says something."""


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
    label = column_title(layer, name)
    if read is not None:
        return Field(label, read)
    return Field(label, lambda row: plain(getattr(row, name)))


def plain(value: object) -> str:
    """Return a cell as text, a dash where it is empty."""
    return NOTHING if value is None or pd.isna(value) else str(value)


def title_by(*columns: str) -> Callable[[Record], str]:
    """Return a reader of the first column that is not empty: a name, else a number or an id."""

    def read(row: Record) -> str:
        texts = (plain(getattr(row, column)) for column in columns)
        return next((text for text in texts if text not in ("", NOTHING)), NOTHING)

    return read


def pair(value: Both | str) -> list[str] | str:
    """Return a text as the page takes it: ``[zh, en]``, or once where both are the same."""
    both = value if isinstance(value, Both) else same(value)
    return visible(both.zh) if both.zh == both.en else [visible(both.zh), visible(both.en)]


@dataclass(frozen=True)
class Identity:
    """What the features of a layer are, so that a search, a list or a mark finds them again.

    Parameters
    ----------
    name
        Title of a feature.
    kind
        What it is: of ``MARKABLE`` a review may mark it, of the others it can be found.
    key
        Column of its id; the feature cannot be found where empty.
    year
        First year in which it stands; 0 where it stood before the plan.
    more
        Further values of a row by their short name in the page.
    """

    name: Reader
    kind: str = ""
    key: str = ""
    year: Callable[[Record], int] | None = None
    more: Mapping[str, Callable[[Record], object]] | None = None

    def of(self, row: Record) -> Json:
        """Return the title of a feature and what else tells it apart."""
        made: Json = {"t": pair(self.name(row))}
        if self.key:
            made["i"] = str(getattr(row, self.key))
        if self.year:
            made["y"] = self.year(row)
        return made | {key: read(row) for key, read in (self.more or {}).items()}

    def of_layer(self) -> Json:
        """Return what the layer says of all its features."""
        if not self.kind:
            return {}
        return {"target" if self.kind in MARKABLE else "object": self.kind}


@dataclass(frozen=True)
class Drawing:
    """How the features of a layer are drawn.

    Parameters
    ----------
    kind
        ``"points"``, ``"lines"`` or ``"areas"``.
    style
        Constant style of the layer, in Leaflet's words plus ``shape`` and ``glyph``.
    shown
        Whether the layer is on when the page opens.
    size
        Radius of a point in pixels; the style's where omitted.
    reach_m
        Distance around a point, in metres, drawn as a circle where it is above 0.
    shift
        Pixels to the right, for points that stand on the same place.
    """

    kind: str
    style: Json
    shown: bool = True
    size: Callable[[Record], float] | None = None
    reach_m: Callable[[Record], float] | None = None
    shift: Callable[[Record], float] | None = None

    def extras(self, row: Record) -> Json:
        """Return what a single feature needs beyond the style of its layer."""
        given = {"r": self.size, "m": self.reach_m, "x": self.shift}
        values = {key: round(float(read(row)), 1) for key, read in given.items() if read}
        return {key: value for key, value in values.items() if value}


def feature_layer(
    key: str,
    title: Both,
    frame: gpd.GeoDataFrame,
    fields: Iterable[Field],
    identity: Identity,
    drawing: Drawing,
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
    identity
        What the features are called and how they are found again.
    drawing
        How the features look.
    """
    encode = ENCODERS[drawing.kind]
    fields, drawn = list(fields), shapes.drawn(frame.geometry)
    rows = [
        identity.of(row)
        | {"g": place, "v": [pair(field.read(row)) for field in fields]}
        | drawing.extras(row)
        for row, place in zip(frame[drawn].itertuples(), encode(frame.geometry[drawn]), strict=True)
    ]
    return {
        "id": key,
        "title": pair(title),
        "kind": drawing.kind,
        "style": drawing.style,
        "fields": [pair(field.label) for field in fields],
        "rows": rows,
        "count": len(frame),
        "unplaced": len(frame) - len(rows),
        "on": drawing.shown,
    } | identity.of_layer()
