"""Makes headings and cells of the lists from the data dictionary and the catalogue."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from planner.layers import Layer
from planner.outputs.sheets import Cell, Heading
from planner.outputs.text_safety import visible
from planner.outputs.wording import Both, column_title, word_of, wording

UNITS_UNSAID = frozenset({"units", "year", "per day", "vehicles", "items", "trips/day"})
"""Units that the words of their columns already say."""


def column_heading(layer: Layer, name: str, style: str = "text", *, total: bool = False) -> Heading:
    """Return a heading whose words are a column's names in the data dictionary."""
    column = next(column for column in layer.columns if column.name == name)
    title = column_title(layer, name)
    if not column.unit or column.unit in UNITS_UNSAID:
        return Heading(title, style, total)
    unit = word_of("unit", column.unit)
    return Heading(Both(f"{title.zh}（{unit.zh}）", f"{title.en} ({column.unit})"), style, total)


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


def both_names(frame: gpd.GeoDataFrame, key: str) -> dict[str, str]:
    """Return the names of the rows of a layer by their id, each with its English one if it has."""
    english = frame["name_en"] if "name_en" in frame else [None] * len(frame)
    return {
        row_id: f"{name} {other}" if isinstance(other, str) and other not in ("", name) else name
        for row_id, name, other in zip(frame[key], frame["name"], english, strict=True)
    }


def in_one(words: Both) -> str:
    """Return a text in both languages in one cell, Chinese first."""
    return words.zh if words.zh == words.en else f"{words.zh} {words.en}"
