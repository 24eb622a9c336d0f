"""Fills the lists of the page: stations and roads that differ, figures, what else differs."""

from __future__ import annotations

from typing import Any

from planner.comparison.change import Change
from planner.comparison.comparison import Comparison
from planner.comparison.drawn import OBJECTS, change_id
from planner.comparison.words import (
    aspects,
    difference_title,
    road_cell,
    station_cell,
    technology_names,
)
from planner.outputs.list_cells import names_of
from planner.outputs.map.feature_layers import pair, plain
from planner.outputs.wording import Both, same, word_of, wording

Json = dict[str, Any]


def lists(comparison: Comparison) -> list[Json]:
    """Return the lists: rows of stations and roads fly to their place, the others stand.

    Parameters
    ----------
    comparison
        What to list; what is the same in both plans is on the map alone.
    """
    return [_stations(comparison), _roads(comparison), _assumptions(comparison)]


def _stations(comparison: Comparison) -> Json:
    counties = names_of(comparison.two.layers["counties"], "county_id")
    names = technology_names(comparison)
    rows = [
        [
            change_id(change, "station_id"),
            pair(plain(change.either.name)),
            pair(word_of("compare_kind_of_change", change.kind)),
            pair(word_of("energy", change.either.energy)),
            pair(str(counties.get(str(change.either.county_id), change.either.county_id))),
            pair(station_cell(change.before, names)),
            pair(station_cell(change.after, names)),
            pair(aspects(change, names)),
        ]
        for change in comparison.stations
        if change.kind != "same"
    ]
    columns = [
        ("name", 120), ("what", 64), ("energy", 80), ("county", 70), ("before", 235),
        ("after", 235), ("differs", 260),
    ]  # fmt: skip
    return _list("stations", OBJECTS["stations"], columns, rows)


def _roads(comparison: Comparison) -> Json:
    rows = [
        [
            change_id(change, "segment_id"),
            pair(_name(change)),
            pair(word_of("compare_kind_of_change", change.kind)),
            pair(word_of("road_class", change.either.road_class)),
            pair(road_cell(change.before)),
            pair(road_cell(change.after)),
            pair(aspects(change, {})),
        ]
        for change in comparison.roads
        if change.kind != "same"
    ]
    columns = [
        ("name", 120), ("what", 64), ("road_class", 80), ("before", 200), ("after", 200),
        ("differs", 200),
    ]  # fmt: skip
    return _list("roads", OBJECTS["roads"], columns, rows)


def _name(change: Change) -> str:
    named = (change.either.name, change.either.ref, change.either.segment_id)
    return next(str(text) for text in named if isinstance(text, str) and text)


def _assumptions(comparison: Comparison) -> Json:
    rows = [
        [
            row.key,
            pair(difference_title(row.key)),
            pair(_value(row.before)),
            pair(_value(row.after)),
        ]
        for row in comparison.differing
    ]
    return _list("assumptions", "", [("head_key", 220), ("head_a", 170), ("head_b", 170)], rows)


def _value(value: str | None) -> Both:
    return wording("compare.absent") if value is None else same(value)


def _list(key: str, kind: str, columns: list[tuple[str, int]], rows: list[list[Any]]) -> Json:
    return {
        "id": key,
        "kind": kind,
        "title": pair(wording(f"compare.list_{key}")),
        "columns": [
            {"title": pair(wording(f"compare.{name}")), "width": width} for name, width in columns
        ],
        "rows": rows,
    }
