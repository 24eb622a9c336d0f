"""Every word that people read in a plan's files, in Chinese and English, from one catalogue."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from planner import layers

ROAD_LAYERS = ("segments", "test_roads", "rejected_segments", "rsus")
"""Layers that inherit the trust of the case's roads."""


class Both(NamedTuple):
    """One text in Chinese and in English."""

    zh: str
    en: str

    def main_first(self, lang: str) -> tuple[str, str]:
        """Return the text of the main language and then that of the other."""
        return (self.en, self.zh) if lang == "en" else (self.zh, self.en)


def same(value: object) -> Both:
    """Return a text that is the same in both languages, such as a name."""
    return Both(str(value), str(value))


@cache
def _catalogue() -> dict[str, Both]:
    tables = tomllib.loads(files("planner.outputs").joinpath("text.toml").read_text("utf-8"))
    return {
        f"{section}.{key}": Both(row["zh"], row["en"])
        for section, rows in tables.items()
        for key, row in rows.items()
    }


def wording(key: str, **values: Both | str | float) -> Both:
    """Return a text of the catalogue with its places filled in.

    Parameters
    ----------
    key
        ``section.name`` in ``text.toml``.
    values
        What stands in its places; a :class:`Both` gives each language its own.

    Raises
    ------
    KeyError
        If the catalogue has no such text.
    """
    row = _catalogue()[key]
    filled = {
        name: value if isinstance(value, Both) else same(value) for name, value in values.items()
    }
    return Both(
        row.zh.format(**{name: value.zh for name, value in filled.items()}),
        row.en.format(**{name: value.en for name, value in filled.items()}),
    )


def word_of(section: str, value: object) -> Both:
    """Return the word for a coded value, or the value itself where the catalogue has none."""
    if value is None:
        return Both("无", "none")
    return _catalogue().get(f"{section}.{value}", same(value))


def words_of(section: str) -> dict[str, Both]:
    """Return every text of a section by its name."""
    start = f"{section}."
    return {key[len(start) :]: row for key, row in _catalogue().items() if key.startswith(start)}


def column_title(layer: layers.Layer, name: str) -> Both:
    """Return a short heading for a column: the catalogue's, else the data dictionary's.

    The dictionary explains a column in a sentence; a heading has room for a word or two.
    """
    column = next(column for column in layer.columns if column.name == name)
    return _catalogue().get(f"column.{name}", Both(column.zh, column.en))


def titles_of(frame: Any, key: str) -> dict[str, Both]:  # noqa: ANN401 - a frame
    """Return the names of the rows of a layer by their id, in English where they have such one."""
    english = frame["name_en"] if "name_en" in frame else [None] * len(frame)
    return {
        str(row_id): Both(str(name), other if isinstance(other, str) and other else str(name))
        for row_id, name, other in zip(frame[key], frame["name"], english, strict=True)
    }


def layer_title(name: str) -> Both:
    """Return the name of a layer of a case or a plan as people read it."""
    for layer in (*layers.PLAN_LAYERS, *layers.CASE_LAYERS):
        if layer.name == name:
            return Both(layer.zh, name.replace("_", " "))
    return same(name)


def schematic_layers(figures: dict[str, Any]) -> frozenset[str]:
    """Return the plan layers whose geometry is made up, not surveyed.

    The case says which of its layers are synthetic; what is cut from made-up roads is
    made up as well.
    """
    synthetic = frozenset(figures["case"]["synthetic_layers"])
    return synthetic | frozenset(ROAD_LAYERS) if "roads" in synthetic else synthetic
