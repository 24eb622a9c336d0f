"""Lays the settings of a case, and then those of a variant, over the defaults."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from planner.scenario.given import YEAR_KEY, Place, Table

Sections = dict[str, dict[str, Table]]
"""Section -> key -> value, unit, source, trust."""


def overlaid(sections: Sections, given: Table, place: Place) -> Sections:
    """Return the sections with given values laid over them, and refuse what is not understood.

    Keys with a year replace all years of their kind, so that a case has its own years; those
    of a variant only change or add years.
    """
    tables = {
        name: given[name]
        for name in sections
        if name in given and place.is_table(given[name], name)
    }
    return {
        name: _overlaid(section, tables[name], name, place) if name in tables else section
        for name, section in sections.items()
    }


def assumptions(sections: Sections) -> list[Table]:
    """Return every value with its full key, unit, source and trust mark."""
    parts = ("value", "unit", "source", "trust")
    return [
        {"key": f"{name}.{key}", **{part: entry[part] for part in parts}}
        for name, section in sections.items()
        for key, entry in section.items()
    ]


def plain_values(sections: Sections) -> Table:
    """Return the bare values by section, those of a year gathered into one table by year."""
    return {
        name: by_year({key: entry["value"] for key, entry in section.items()})
        for name, section in sections.items()
    }


def by_year(table: Table) -> Table:
    """Return a table whose keys with a year are gathered: ``x_2025 = 1`` -> ``x_by_year``.

    Examples
    --------
    >>> by_year({"x_2025": 1, "y": 2, "x_2026": 3})
    {'y': 2, 'x_by_year': {2025: 1, 2026: 3}}
    """
    plain: Table = {}
    years: dict[str, dict[int, Any]] = {}
    for key, value in table.items():
        if match := YEAR_KEY.fullmatch(key):
            years.setdefault(f"{match[1]}_by_year", {})[int(match[2])] = value
        else:
            plain[key] = value
    return plain | years


def stem_of(key: str) -> str:
    """Return a key without its year: ``budget_cny_2025`` -> ``budget_cny``."""
    match = YEAR_KEY.fullmatch(key)
    return match[1] if match else key


def _overlaid(section: dict[str, Table], given: Table, name: str, place: Place) -> dict[str, Table]:
    section = _with_years(section, given, place)
    for key in [key for key in given if key not in section]:
        if years := [known for known in section if stem_of(known) == key != known]:
            hint = f"give it by year: {', '.join(years)}"
            place.refuse("E-CFG-005", f"{key!r} has a value a year", hint, place.column(name, key))
    stems = {stem_of(key) for key in section}
    place.check_keys({k: v for k, v in given.items() if k not in stems}, tuple(section), name)
    for key, entry in given.items():
        if key in section:
            section[key] = _entry(section[key], entry, (name, key), place)
    return section


def _with_years(section: dict[str, Table], given: Table, place: Place) -> dict[str, Table]:
    """Return the section with the keys of just the years that hold from here on, in order."""
    first = {stem_of(key): entry for key, entry in reversed(section.items())}
    new = {key for key in given if YEAR_KEY.fullmatch(key) and stem_of(key) in first}
    dated = {stem_of(key) for key in new} if not place.variant else set()
    kept = [key for key in section if stem_of(key) not in dated or key in new]
    rank = {stem: at for at, stem in enumerate(dict.fromkeys(map(stem_of, section)))}
    keys = sorted({*kept, *new}, key=lambda key: (rank[stem_of(key)], key))
    return {key: dict(section.get(key, first[stem_of(key)])) for key in keys}


def _entry(default: Table, given: object, key: tuple[str, str], place: Place) -> Table:
    table = given if isinstance(given, dict) else {"value": given}
    place.check_keys(table, ("value", "unit", "source", "trust"), *key)
    value = _settled(table.get("value", default["value"]), type(default["value"]))
    _check_value(value, default, place.column(*key), place)
    return {
        "value": value,
        "unit": default["unit"],
        "source": table.get("source", place.source()),
        "trust": table.get("trust", "U"),
    }


def _settled(value: object, expected: type) -> object:
    """Return a whole number as a float, and a date as text, where that is what is expected."""
    if expected is float and type(value) is int:
        return float(value)
    return value.isoformat() if expected is str and isinstance(value, date) else value


def _check_value(value: object, default: Table, column: str, place: Place) -> None:
    expected = type(default["value"])
    if isinstance(value, float) and not math.isfinite(value):
        reason = "the value is not a finite number"
        place.refuse("E-CFG-007", reason, "give a number", column, str(value))
    elif type(value) is not expected:
        reason = f"expected {expected.__name__} in {default['unit']}, found {type(value).__name__}"
        remedy = f"write a {expected.__name__} such as {default['value']!r}"
        place.refuse("E-CFG-006", reason, remedy, column, str(value))
