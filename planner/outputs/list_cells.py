"""Makes headings and cells of the lists from the data dictionary and the catalogue."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from planner.layers import Layer
from planner.outputs.sheets import Cell, Heading
from planner.outputs.text_safety import visible
from planner.outputs.wording import Both, column_title, word_of, wording


def column_heading(layer: Layer, name: str, style: str = "text", *, total: bool = False) -> Heading:
    """Return a heading whose words are a column's names in the data dictionary."""
    column = next(column for column in layer.columns if column.name == name)
    title = column_title(layer, name)
    shows_unit = column.unit and column.unit not in ("units", "year", "per day")
    unit = f" ({column.unit})" if shows_unit else ""
    return Heading(Both(title.zh + unit, title.en + unit), style, total)


def list_heading(key: str, style: str = "text", *, total: bool = False) -> Heading:
    """Return a heading whose words are in the catalogue."""
    return Heading(wording(f"list.{key}"), style, total)


def cell(value: Cell) -> Cell:
    """Return a value for a cell: empty where missing, numbers as they are, text made visible."""
    if value is None or pd.isna(value):
        return None
    if isinstance(value, bool | int | float):
        return value
    return visible(value)


def coded(section: str, value: object) -> str:
    """Return the Chinese and the English word for a code, in one cell."""
    word = word_of(section, value)
    return word.zh if word.zh == word.en else f"{word.zh} {word.en}"


def names_of(frame: gpd.GeoDataFrame, key: str) -> dict[str, str]:
    """Return the names of the rows of a layer by their id."""
    return dict(zip(frame[key], frame["name"], strict=True))
