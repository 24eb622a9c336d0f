"""Test roads on the page: their rows once, and a layer group a view: year, grade, value, fitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner import layers
from planner.outputs.amounts import NOTHING, kilometres, metres
from planner.outputs.map.feature_layers import (
    Drawing,
    Field,
    Identity,
    Json,
    Record,
    column_field,
    feature_layer,
    pair,
    plain,
    title_by,
)
from planner.outputs.map.ground import NEVER
from planner.outputs.road_words import points_words, scene_words
from planner.outputs.wording import Both, word_of, wording

STAGE_COLOURS = ("#5e35b1", "#d81b60", "#00acc1", "#8d6e63", "#9e9d24")
OPENED_COLOUR, CLOSED_COLOUR = "#212121", "#78909c"
GRADE_COLOURS = ("#4575b4", "#74add1", "#fdae61", "#f46d43", "#a50026")
VALUE_COLOURS = ("#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#0c2c84")
FITTED_COLOURS = {"fitted": "#2e7d32", "unfitted": "#8e24aa"}
LINE = {"weight": 4, "opacity": 0.95}
QUANTILES = (0.2, 0.4, 0.6, 0.8)
"""Shares of the test roads at which a class of value per km ends."""

METRES_PER_KM = 1000

road_name = title_by("name", "ref", "segment_id")
"""What people call a road: its name, else its number, else its id."""

corridor_name = title_by("name", "ref", "corridor_id")
"""What people call a corridor: the name or number of its road, else its id."""

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def year_fitted(row: Record) -> int:
    """Return the year in which it is fitted; of what was fitted before the plan 0."""
    if not row.equipped:
        return NEVER
    return 0 if pd.isna(row.equipped_year) else int(row.equipped_year)


ROAD = Identity(
    road_name,
    "segment",
    "segment_id",
    lambda row: 0 if row.opened_before else int(row.stage_year),
    {"q": year_fitted},
)


@dataclass(frozen=True)
class Group:
    """Layers under one heading; ``view`` names the switch that shows them and hides its rivals."""

    key: str
    layers: list[Json]
    view: str = ""


def corridor_names(roads: gpd.GeoDataFrame) -> dict[str, str]:
    """Return what each corridor is called, by its id: as its first row says."""
    names: dict[str, str] = {}
    for row in roads[["corridor_id", "name", "ref"]].itertuples():
        names.setdefault(str(row.corridor_id), corridor_name(row))
    return names


def road_rows(frames: dict[str, Any]) -> Json:
    """Return popup labels and one row for each test road, in the order of the layer.

    The layers of every view point at these rows, so that a road stands in the page once.
    """
    roads = frames["test_roads"]
    layer = feature_layer(
        "test-roads", wording("map.fitted"), roads, _fields(frames), ROAD, Drawing("lines", {})
    )
    return {"fields": layer["fields"], "rows": layer["rows"]}


def _fields(frames: dict[str, Any]) -> list[Field]:
    schema = layers.TEST_ROADS
    terms = {str(row.segment_id): row for row in frames["segment_terms"].itertuples()}
    owners = _names(frames["jurisdictions"], "jurisdiction_id")
    counties = _names(frames["counties"], "county_id")
    return [
        Field(wording("map.corridor"), _corridor),
        column_field(schema, "ref"),
        column_field(schema, "road_class", lambda row: word_of("road_class", row.road_class)),
        column_field(schema, "stage_year", _stage),
        column_field(schema, "equipped_year", _equipped),
        column_field(schema, "complexity_grade", lambda row: _grade(row, terms)),
        Field(wording("map.point_terms"), lambda row: _terms(row, terms)),
        column_field(layers.SEGMENT_TERMS, "scene", lambda row: _scene(row, terms)),
        column_field(schema, "test_value", _value),
        column_field(schema, "closed_hours", _closed_hours),
        column_field(schema, "length_m", lambda row: metres(row.length_m)),
        column_field(schema, "counted_m", lambda row: metres(row.counted_m)),
        column_field(schema, "jurisdiction_id", lambda row: _of(owners, row.jurisdiction_id)),
        column_field(schema, "county_id", lambda row: _of(counties, row.county_id)),
        column_field(schema, "trust", lambda row: word_of("trust", row.trust)),
        column_field(schema, "segment_id"),
    ]


def _names(frame: pd.DataFrame, key: str) -> dict[str, str]:
    return dict(zip(frame[key], frame["name"], strict=True))


def _of(names: Mapping[str, str], key: object) -> str:
    return plain(names.get(str(key), key))


def _corridor(row: Record) -> Both:
    return wording("map.corridor_line", name=corridor_name(row), id=plain(row.corridor_id))


def _stage(row: Record) -> Both | str:
    year = str(int(row.stage_year))
    if not row.opened_before:
        return year
    return wording("map.stage_before", year=year)


def _equipped(row: Record) -> Both | str:
    if not row.equipped:
        return wording("map.not_equipped")
    return plain(None) if pd.isna(row.equipped_year) else str(int(row.equipped_year))


def _grade(row: Record, terms: Mapping[str, Record]) -> Both | str:
    found = terms.get(str(row.segment_id))
    grade = int(row.complexity_grade)
    if found is None:
        return str(grade)
    return wording("map.grade_line", grade=grade, points=int(found.points))


def _terms(row: Record, terms: Mapping[str, Record]) -> Both | str:
    found = terms.get(str(row.segment_id))
    return NOTHING if found is None else points_words(found)


def _scene(row: Record, terms: Mapping[str, Record]) -> Both | str:
    found = terms.get(str(row.segment_id))
    return NOTHING if found is None else scene_words(plain(found.scene))


def _value(row: Record) -> Both | str:
    value = f"{row.test_value:,.2f}"
    if not row.counted_m:
        return value
    rate = f"{row.test_value / row.counted_m * METRES_PER_KM:,.2f}"
    return wording("map.value_line", value=value, rate=rate)


def _closed_hours(row: Record) -> Both | str:
    hours = plain(row.closed_hours)
    return wording("map.always_open") if hours in ("", NOTHING) else hours.replace(",", ", ")


def road_groups(frames: dict[str, Any], figures: Json) -> list[Group]:
    """Return the views of the test roads, the one that is on at first as the first.

    Parameters
    ----------
    frames
        The plan's layers by name.
    figures
        Content of ``plan.json``.
    """
    roads = frames["test_roads"]
    years = [stage["year"] for stage in figures["test_roads"]["stages"]]
    return [
        Group("test_roads", [*_stages(roads, years), *_closed(frames["closed_roads"])], "stage"),
        Group("grades", _grades(roads), "grade"),
        Group("values", _values(roads), "value"),
        Group("fitted", _fitted(roads), "fitted"),
    ]


def _layer(key: str, title: Both, roads: gpd.GeoDataFrame, mine: Bools, style: Json) -> Json:
    """Return a layer that points at its rows of :func:`road_rows`."""
    drawn = ~(roads.geometry.isna() | roads.geometry.is_empty).to_numpy(dtype=bool)
    place = np.cumsum(drawn) - 1
    return {
        "id": key,
        "title": pair(title),
        "kind": "lines",
        "target": "segment",
        "style": LINE | style,
        "refs": [int(index) for index in place[mine & drawn]],
        "count": int(mine.sum()),
        "unplaced": int((mine & ~drawn).sum()),
        "on": False,
        "amount": pair(amount_of(roads["counted_m"][mine])),
    }


def amount_of(counted_m: pd.Series) -> Both:
    """Return how many segments and km, as the legend shows them."""
    km = kilometres(float(counted_m.sum()) / METRES_PER_KM)
    return wording("map.segments_km", n=f"{len(counted_m):,}", km=km)


def _stages(roads: gpd.GeoDataFrame, years: list[int]) -> list[Json]:
    opened = roads["opened_before"].to_numpy(dtype=bool)
    in_year = roads["stage_year"].to_numpy()
    made = []
    if opened.any():
        title = wording("map.opened_before")
        made.append(_layer("opened-before", title, roads, opened, {"color": OPENED_COLOUR}))
    for index, year in enumerate(years):
        style = {"color": STAGE_COLOURS[index % len(STAGE_COLOURS)]}
        mine = ~opened & (in_year == year)
        made.append(_layer(f"stage-{year}", wording("map.stage", year=year), roads, mine, style))
    return [layer | {"on": True} for layer in made]


def _closed(roads: gpd.GeoDataFrame) -> list[Json]:
    """Return the test roads that the plan's years take away, where there are any."""
    if not len(roads):
        return []
    schema = layers.CLOSED_ROADS
    fields = [
        column_field(schema, "road_class", lambda row: word_of("road_class", row.road_class)),
        column_field(schema, "opened_year"),
        column_field(schema, "closed_year"),
        column_field(schema, "counted_m", lambda row: metres(row.counted_m)),
        column_field(schema, "trust", lambda row: word_of("trust", row.trust)),
        column_field(schema, "segment_id"),
    ]
    style = {"color": CLOSED_COLOUR, "weight": 4, "opacity": 0.95, "dashArray": "1 7"}
    drawing = Drawing("lines", style)
    identity = Identity(title_by("name", "segment_id"), "segment", "segment_id")
    layer = feature_layer(
        "closed-roads", wording("map.closed_roads"), roads, fields, identity, drawing
    )
    return [layer | {"amount": pair(amount_of(roads["counted_m"]))}]


def _grades(roads: gpd.GeoDataFrame) -> list[Json]:
    grade = roads["complexity_grade"].to_numpy()
    ends = {1: "simplest", len(GRADE_COLOURS): "hardest"}
    made = []
    for number, colour in enumerate(GRADE_COLOURS, start=1):
        title = wording("map.grade", grade=number)
        if number in ends:
            end = wording(f"map.{ends[number]}")
            title = wording("map.grade_ends", grade=number, end=end)
        made.append(_layer(f"grade-{number}", title, roads, grade == number, {"color": colour}))
    return made


def value_classes(rate: Floats) -> list[float]:
    """Return where each class of value per km begins, rounded to 0.1, at most five of them.

    Examples
    --------
    >>> value_classes(np.array([1.0, 1.0, 2.0, 3.0, 4.0]))
    [1.0, 1.6, 2.4, 3.2]
    """
    if not len(rate):
        return []
    inner = {round(float(np.quantile(rate, share)), 1) for share in QUANTILES}
    lowest = float(np.floor(rate.min() * 10) / 10)
    return [lowest, *sorted(edge for edge in inner if lowest < edge <= rate.max())]


def _values(roads: gpd.GeoDataFrame) -> list[Json]:
    counted = roads["counted_m"].to_numpy(dtype=float)
    rate = np.zeros(len(roads))
    np.divide(roads["test_value"].to_numpy(float) * METRES_PER_KM, counted, rate, where=counted > 0)
    begins = value_classes(rate)
    found = np.searchsorted(np.array(begins[1:]), rate, side="right")
    made = []
    for index, low in enumerate(begins):
        title = wording("map.value_from", low=f"{low:.1f}")
        if index + 1 < len(begins):
            title = wording("map.value_to", low=f"{low:.1f}", high=f"{begins[index + 1]:.1f}")
        style = {"color": VALUE_COLOURS[index]}
        made.append(_layer(f"value-{index + 1}", title, roads, found == index, style))
    return made


def _fitted(roads: gpd.GeoDataFrame) -> list[Json]:
    equipped = roads["equipped"].to_numpy(dtype=bool)
    fitted, unfitted = (
        _layer(key, wording(f"map.{key}"), roads, mine, {"color": FITTED_COLOURS[key]})
        for key, mine in (("fitted", equipped), ("unfitted", ~equipped))
    )
    # A road stands among the unfitted ones until the year in which it is fitted.
    return [fitted | {"from": "q"}, unfitted | {"until": "q", "later": fitted["refs"]}]
