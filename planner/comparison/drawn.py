"""Draws the changes: stations, test roads and roadside units, a layer a kind of change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import geopandas as gpd

from planner import layers
from planner.comparison.change import KINDS, Change, Record, of_kind
from planner.comparison.comparison import Comparison
from planner.comparison.stations import line_between
from planner.comparison.words import aspects, road_cell, station_cell, technology_names, unit_cell
from planner.crs import WGS84
from planner.outputs.amounts import kilometres
from planner.outputs.map.feature_layers import (
    Drawing,
    Field,
    Identity,
    column_field,
    feature_layer,
    pair,
    title_by,
)
from planner.outputs.wording import Both, word_of, wording

Json = dict[str, Any]
COLOURS = {
    "added": "#2e7d32",
    "dropped": "#c62828",
    "moved": "#6a1b9a",
    "changed": "#ef6c00",
    "same": "#90a4ae",
}
GLYPHS = {"added": "+", "dropped": "−", "moved": "→", "changed": "Δ"}
SHIFT = 17
"""Pixels between the symbols of stations on one place."""

LINES: Mapping[str, Json] = {
    "added": {"weight": 5},
    "dropped": {"weight": 4, "dashArray": "7 6"},
    "changed": {"weight": 4},
    "same": {"weight": 2.5},
}


def change_groups(comparison: Comparison) -> list[Json]:
    """Return the groups of the legend: stations, test roads, roadside units.

    Parameters
    ----------
    comparison
        What to draw; every station, segment and unit of either plan is in one layer.
    """
    groups = {
        "stations": _stations(comparison),
        "roads": _roads(comparison),
        "units": _units(comparison),
    }
    return [
        {"id": key, "title": pair(wording(f"compare.group_{key}")), "view": "", "layers": made}
        for key, made in groups.items()
        if made
    ]


def change_id(change: Change, column: str) -> str:
    """Return what a change is found by: its kind, as one id may be dropped here and added there."""
    return f"{change.kind} {getattr(change.either, column)}"


def _frame(changes: list[Change], place: Callable[[Change], Any]) -> gpd.GeoDataFrame:
    table = {
        "change": changes,
        "name": [_called(change.either) for change in changes],
        "shown": [place(change) for change in changes],
    }
    return gpd.GeoDataFrame(table, geometry="shown", crs=WGS84).rename_geometry("geometry")


def _called(row: Record) -> str | None:
    """Return the first of name, route number and segment that a row has."""
    named = (getattr(row, column, None) for column in ("name", "ref", "segment_id"))
    return next((str(text) for text in named if isinstance(text, str) and text), None)


def _stations(comparison: Comparison) -> list[Json]:
    names, shifts = technology_names(comparison), _shifts(comparison.stations)
    fields = [
        Field(
            wording("compare.what"),
            lambda row: word_of("compare_kind_of_change", row.change.kind),
        ),
        column_field(
            layers.STATIONS, "energy", lambda row: word_of("energy", row.change.either.energy)
        ),
        Field(wording("compare.differs"), lambda row: aspects(row.change, names)),
        Field(wording("compare.before"), lambda row: station_cell(row.change.before, names)),
        Field(wording("compare.after"), lambda row: station_cell(row.change.after, names)),
        Field(wording("compare.station_id"), lambda row: str(row.change.either.station_id)),
    ]
    made = []
    for kind in KINDS:
        mine = of_kind(comparison.stations, kind)
        if mine:
            frame = _frame(mine, lambda change: change.either.geometry)
            drawing = Drawing("points", _symbol(kind), shift=lambda row: shifts[id(row.change)])
            made.append(_layer("stations", kind, "station_id", frame, fields, drawing))
    moved = of_kind(comparison.stations, "moved")
    if moved:
        made.insert(_after_moved(made), _moves(moved, fields))
    return made


def _after_moved(made: list[Json]) -> int:
    return 1 + [layer["id"] for layer in made].index("stations-moved")


def _moves(moved: list[Change], fields: list[Field]) -> Json:
    frame = _frame(moved, lambda change: line_between(change.before, change.after))
    style = {"color": COLOURS["moved"], "weight": 3, "opacity": 0.9}
    name = Identity(title_by("name"))
    title = wording("compare.moved_line")
    return feature_layer("stations-moves", title, frame, fields, name, Drawing("lines", style))


def _symbol(kind: str) -> Json:
    if kind == "same":
        return {
            "shape": "circle",
            "radius": 4,
            "color": "#ffffff",
            "weight": 1,
            "fillColor": COLOURS[kind],
        }
    return {
        "shape": "circle",
        "radius": 10,
        "color": "#ffffff",
        "weight": 1.5,
        "fillColor": COLOURS[kind],
        "glyph": [GLYPHS[kind]] * 2,
    }


def _shifts(changes: list[Change]) -> dict[int, float]:
    """Return how far each station is moved aside so that none hides one of the same place."""
    places: dict[tuple[float, float], list[Change]] = {}
    for change in changes:
        at = change.either.geometry
        places.setdefault((at.x, at.y), []).append(change)
    return {
        id(change): (index - (len(here) - 1) / 2) * SHIFT
        for here in places.values()
        for index, change in enumerate(here)
    }


def _roads(comparison: Comparison) -> list[Json]:
    fields = [
        Field(
            wording("compare.what"),
            lambda row: word_of("compare_kind_of_change", row.change.kind),
        ),
        column_field(
            layers.TEST_ROADS,
            "road_class",
            lambda row: word_of("road_class", row.change.either.road_class),
        ),
        Field(wording("compare.differs"), lambda row: aspects(row.change, {})),
        Field(wording("compare.before"), lambda row: road_cell(row.change.before)),
        Field(wording("compare.after"), lambda row: road_cell(row.change.after)),
        Field(wording("compare.segment_id"), lambda row: str(row.change.either.segment_id)),
    ]
    made = []
    for kind, style in LINES.items():
        mine = of_kind(comparison.roads, kind)
        if mine:
            frame = _frame(mine, lambda change: change.either.geometry)
            drawing = Drawing("lines", style | {"color": COLOURS[kind], "opacity": 0.95})
            km = kilometres(sum(float(row.either.counted_m) for row in mine) / 1000)
            amount = {"amount": pair(wording("map.km", km=km))}
            made.append(_layer("roads", kind, "segment_id", frame, fields, drawing) | amount)
    return made


def _units(comparison: Comparison) -> list[Json]:
    fields = [
        Field(
            wording("compare.what"),
            lambda row: word_of("compare_kind_of_change", row.change.kind),
        ),
        Field(wording("compare.differs"), lambda row: aspects(row.change, {})),
        Field(wording("compare.before"), lambda row: unit_cell(row.change.before)),
        Field(wording("compare.after"), lambda row: unit_cell(row.change.after)),
        Field(wording("compare.rsu_id"), lambda row: str(row.change.either.rsu_id)),
    ]
    made = []
    for kind in LINES:
        mine = of_kind(comparison.units, kind)
        if mine:
            frame = _frame(mine, lambda change: change.either.geometry)
            style = {
                "shape": "triangle",
                "radius": 4,
                "color": "#ffffff",
                "weight": 0.8,
                "fillColor": COLOURS[kind],
            }
            drawing = Drawing("points", style, shown=kind != "same")
            made.append(_layer("units", kind, "rsu_id", frame, fields, drawing))
    return made


OBJECTS = {"stations": "station", "roads": "segment", "units": "rsu"}
"""What a layer's features are to the search of the page."""


def _layer(
    group: str,
    kind: str,
    column: str,
    frame: gpd.GeoDataFrame,
    fields: list[Field],
    drawing: Drawing,
) -> Json:
    frame["i"] = [change_id(change, column) for change in frame["change"]]
    identity = Identity(title_by("name", "i"), OBJECTS[group], "i")
    word: Both = word_of("compare_kind_of_change", kind)
    return feature_layer(f"{group}-{kind}", word, frame, fields, identity, drawing)
