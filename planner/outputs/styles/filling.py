"""Fills a style that was drawn in QGIS: a rule for each technology or year, names of fields."""

from __future__ import annotations

import copy
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.layers import Column
from planner.outputs.text_safety import visible
from planner.outputs.wording import Both, word_of

HEADER = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
STAND_IN_COLOUR = "1,2,3,255"
"""Colour that a drawn style has where the colour of an entry comes."""

FAMILY = re.compile(r"%%(\w+)\.")
COLUMN_WORDS = {
    "energy": "energy",
    "status": "status",
    "action": "action",
    "road_class": "road_class",
    "trust": "trust",
    "population_trust": "trust",
    "owner": "owner",
    "origin": "origin",
    "area_class": "area_class",
    "placement": "placement",
    "support": "support",
}
"""Section of the catalogue that translates the coded values of a column."""

KIND_WORDS = {"zones_map": "zone_kind", "road_features": "feature_kind"}


@dataclass(frozen=True)
class Entry:
    """One of the things that a stand-in rule is repeated for.

    Parameters
    ----------
    key
        Its value in the layer's column.
    title
        What the legend says.
    colour
        ``#rrggbb``.
    """

    key: str
    title: str
    colour: str


@dataclass(frozen=True)
class Fillings:
    """What a drawn style is filled with.

    Parameters
    ----------
    entries
        Entries by the name of their family, such as ``year``.
    note
        Words behind the legend's text of rules that draw made-up data.
    noted
        Only rules whose filter contains this text are noted.
    """

    entries: Mapping[str, Sequence[Entry]]
    note: str = ""
    noted: str = ""


def fill(drawn: str, layer: str, columns: Sequence[Column], fillings: Fillings) -> str:
    """Return a style ready for ``layer_styles``.

    Parameters
    ----------
    drawn
        QML as QGIS saved it, with ``%%family.key%%`` and ``%%family.title%%`` in its rules.
    layer
        Name of the layer: tells which words translate its coded values.
    columns
        Columns of the layer in their order: they give field names and value lists.
    fillings
        What stands in the places.
    """
    root = ET.fromstring(drawn)  # noqa: S314 - our own package data
    for renderer in root.iter("renderer-v2"):
        rules, symbols = renderer.find("rules"), renderer.find("symbols")
        if rules is not None and symbols is not None:
            _fill_rules(rules, symbols, fillings)
    return _named(root, "Symbology|Labeling|Rendering|Fields|Forms", layer, columns)


def table_style(layer: str, columns: Sequence[Column]) -> str:
    """Return a style for a table without geometry: names of its fields and coded values."""
    return _named(ET.Element("qgis", {"version": "3.22.16"}), "Fields|Forms", layer, columns)


def _named(root: ET.Element, parts: str, layer: str, columns: Sequence[Column]) -> str:
    root.set("styleCategories", parts)
    root.append(_value_lists(layer, columns))
    root.append(_aliases(columns))
    for element in root.iter():
        if not (element.text or "").strip():
            element.text = None
        element.tail = None
    return HEADER + ET.tostring(root, encoding="unicode")


def _fill_rules(rules: ET.Element, symbols: ET.Element, fillings: Fillings) -> None:
    drawn = {symbol.get("name"): symbol for symbol in symbols}
    stood = list(rules)
    for parent in (rules, symbols):
        for child in list(parent):
            parent.remove(child)
    for rule in stood:
        symbol = drawn[rule.get("symbol")]
        family = FAMILY.search(rule.get("label", ""))
        entries = [None] if family is None else fillings.entries.get(family[1], ())
        for entry in entries:
            _add_rule(rules, symbols, (copy.deepcopy(rule), copy.deepcopy(symbol)), entry)
    for rule in rules:
        if fillings.note and fillings.noted in rule.get("filter", ""):
            rule.set("label", f"{rule.get('label')} {fillings.note}")


def _add_rule(
    rules: ET.Element,
    symbols: ET.Element,
    made: tuple[ET.Element, ET.Element],
    entry: Entry | None,
) -> None:
    rule, symbol = made
    number = str(len(rules))
    rule.set("key", f"rule{number}")
    rule.set("symbol", number)
    symbol.set("name", number)
    if entry is not None:
        key, title = entry.key.replace("'", "''"), visible(entry.title).replace("[%", "[ %")
        rule.set("filter", re.sub(r"%%\w+\.key%%", lambda _: key, rule.get("filter", "")))
        rule.set("label", re.sub(r"%%\w+\.title%%", lambda _: title, rule.get("label", "")))
        _paint(symbol, entry.colour)
    rules.append(rule)
    symbols.append(symbol)


def _paint(symbol: ET.Element, colour: str) -> None:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    for option in symbol.iter("Option"):
        if option.get("value") == STAND_IN_COLOUR:
            option.set("value", f"{red},{green},{blue},255")


def alias(column: Column) -> str:
    """Return the name of a field as people read it: Chinese, and the unit where it has one.

    Examples
    --------
    >>> alias(Column("length_m", "number", "长度", "length", "m"))
    '长度 (m)'
    """
    return f"{column.zh} ({column.unit})" if column.unit else column.zh


def value_words(layer: str, column: Column) -> dict[str, Both]:
    """Return the words for the coded values of a column; empty where it is not coded."""
    section = KIND_WORDS.get(layer) if column.name == "kind" else COLUMN_WORDS.get(column.name)
    if section is None:
        return {}
    return {value: word_of(section, value) for value in column.choices}


def _aliases(columns: Sequence[Column]) -> ET.Element:
    made = ET.Element("aliases")
    for index, column in enumerate(columns):
        # QGIS counts the feature id, which comes first in a GeoPackage.
        ET.SubElement(
            made, "alias", {"field": column.name, "index": str(index + 1), "name": alias(column)}
        )
    return made


def _value_lists(layer: str, columns: Sequence[Column]) -> ET.Element:
    made = ET.Element("fieldConfiguration")
    for column in columns:
        words = value_words(layer, column)
        if not words:
            continue
        field = ET.SubElement(made, "field", {"configurationFlags": "None", "name": column.name})
        config = ET.SubElement(ET.SubElement(field, "editWidget", {"type": "ValueMap"}), "config")
        options = ET.SubElement(config, "Option", {"type": "Map"})
        rows = ET.SubElement(options, "Option", {"name": "map", "type": "List"})
        for value, said in words.items():
            row = ET.SubElement(rows, "Option", {"type": "Map"})
            ET.SubElement(
                row, "Option", {"name": f"{said.zh} {said.en}", "type": "QString", "value": value}
            )
    return made
