"""Says in Chinese and English why a segment is excluded, what scene it offers, how it is graded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from planner import layers
from planner.outputs.wording import Both, same, word_of, wording

Record = Any
"""A row of a frame as ``itertuples`` gives it: one attribute a column."""

ZONE_REASONS = ("zone", "school", "hospital", "construction")
PATTERNS = (
    ("open_hours", re.compile(r"open (?P<n>[\d.]+) h a day")),
    ("closed_until", re.compile(r"closed until (?P<year>\d{4})")),
    ("closing", re.compile(r"no test road from (?P<year>\d{4}) on")),
)
PLAIN = {
    "speed": "speed",
    "service road": "service_road",
    "tunnel": "tunnel",
    "sharp turn": "sharp_turn",
    "island": "island",
    "refused in review": "refused",
}
KINDS = (
    *PLAIN.values(),
    *ZONE_REASONS,
    *(kind for kind, _ in PATTERNS),
    "other",
)
"""Kinds of reason against a segment, in the order of the legend."""

TERMS = tuple(name for name in layers.SEGMENT_TERMS.column_names() if name.endswith("_points"))
"""Columns of ``segment_terms`` that add up to ``points``."""


def zone_names(zones: pd.DataFrame) -> dict[str, Both]:
    """Return the name of each zone by its id, the id where it has none."""
    english = zones["name_en"] if "name_en" in zones else pd.Series(None, index=zones.index)
    rows = zip(zones["zone_id"], zones["name"], english, strict=True)
    return {str(key): _named(str(key), name, name_en) for key, name, name_en in rows}


def _named(key: str, name: object, name_en: object) -> Both:
    zh = key if name is None or pd.isna(name) else str(name)
    return Both(zh, zh if name_en is None or pd.isna(name_en) else str(name_en))


def reason_kind(reason: str) -> str:
    """Return the kind, one of ``KINDS``, of the first of the reasons against a segment.

    Examples
    --------
    >>> reason_kind("school x2; sharp turn")
    'school'
    """
    return _kind_and_rest(reason.split("; ", maxsplit=1)[0])[0]


def _kind_and_rest(part: str) -> tuple[str, dict[str, str]]:
    """Return the kind of one reason and what stands in the places of its wording."""
    if part in PLAIN:
        return PLAIN[part], {}
    for kind, pattern in PATTERNS:
        if found := pattern.fullmatch(part):
            return kind, found.groupdict()
    word, _, rest = part.partition(" ")
    return (word, {"name": rest}) if word in ZONE_REASONS and rest else ("other", {})


def reason_words(reason: str, zones: Mapping[str, Both]) -> Both:
    """Return every reason against a segment in both languages, zones by their names.

    Parameters
    ----------
    reason
        As ``rejected_segments`` has it: reasons with a semicolon between.
    zones
        Names by id, of :func:`zone_names`.

    Examples
    --------
    >>> reason_words("school x2; speed", {"x2": Both("一小", "School One")}).en
    'near School One (school); speed too high'
    """
    said = [_said(part, zones) for part in reason.split("; ")]
    return Both("；".join(row.zh for row in said), "; ".join(row.en for row in said))


def _said(part: str, zones: Mapping[str, Both]) -> Both:
    kind, places = _kind_and_rest(part)
    if kind == "other":
        return same(part)
    name = places.get("name", "")
    return wording(f"exclusion.{kind}", **(places | {"name": zones.get(name, same(name))}))


def scene_words(scene: str) -> Both:
    """Return a scene in both languages.

    Examples
    --------
    >>> scene_words("primary, bridge").zh
    '主干路，桥梁'
    """
    road_class, *features = scene.split(", ")
    said = [word_of("road_class", road_class), *(word_of("scene", each) for each in features)]
    return Both("，".join(row.zh for row in said), ", ".join(row.en for row in said))


def points_words(terms: Record) -> Both:
    """Return how the points of a segment add up, leaving out terms without any.

    Parameters
    ----------
    terms
        A row of ``segment_terms``.
    """
    parts = [(word_of("grade_term", name), int(getattr(terms, name))) for name in TERMS]
    given = [(name, points) for name, points in parts if points]
    return wording(
        "map.points",
        sum=int(terms.points),
        terms=Both(
            " + ".join(f"{name.zh} {points}" for name, points in given),
            " + ".join(f"{name.en} {points}" for name, points in given),
        ),
    )
