"""Test-road layers of the page: opened before, by stage year, equipped, roadside units."""

from __future__ import annotations

from typing import Any

import geopandas as gpd

from planner import layers
from planner.outputs.amounts import kilometres, metres, money
from planner.outputs.map import shapes
from planner.outputs.map.feature_layers import (
    Drawing,
    Json,
    column_field,
    feature_layer,
    pair,
    plain,
    title_by,
)
from planner.outputs.wording import Both, word_of, wording

STAGE_COLOURS = ("#5e35b1", "#d81b60", "#00acc1", "#8d6e63", "#9e9d24")
OPENED = {"color": "#212121", "weight": 4, "opacity": 0.95}
EQUIPPED = {"color": "#ffd600", "weight": 9, "opacity": 0.9, "lineCap": "butt"}
EXCLUDED = {"color": "#616161", "weight": 3, "opacity": 0.8, "dashArray": "2 5"}
RSU = {"shape": "square", "radius": 3, "color": "#212121", "weight": 1, "fillColor": "#ffd600"}


road_name = title_by("name", "ref", "segment_id")
"""What people call a road: its name, else its number, else its id."""


def test_road_layers(frames: dict[str, Any], figures: Json) -> list[Json]:
    """Return the layers of the test-road group, the one drawn on top first.

    Parameters
    ----------
    frames
        The plan's layers by name.
    figures
        Content of ``plan.json``.
    """
    roads = frames["test_roads"]
    opened = roads["opened_before"].astype(bool)
    years = [stage["year"] for stage in figures["test_roads"]["stages"]]
    made = []
    if opened.any():
        made.append(_roads("opened-before", wording("map.opened_before"), roads[opened], OPENED))
    for year, colour in zip(years, _colours(len(years)), strict=True):
        rows = roads[~opened & (roads["stage_year"] == year)]
        style = {"color": colour, "weight": 4, "opacity": 0.95}
        made.append(_roads(f"stage-{year}", wording("map.stage", year=year), rows, style))
    return [
        *made,
        _equipped(roads),
        _rsus(frames["rsus"]),
        _excluded(frames["rejected_segments"]),
    ]


def _colours(count: int) -> list[str]:
    return [STAGE_COLOURS[index % len(STAGE_COLOURS)] for index in range(count)]


def _roads(key: str, title: Both, rows: gpd.GeoDataFrame, style: Json) -> Json:
    schema = layers.TEST_ROADS
    fields = [
        column_field(schema, "ref"),
        column_field(schema, "road_class", lambda row: word_of("road_class", row.road_class)),
        column_field(schema, "stage_year"),
        column_field(schema, "equipped", lambda row: word_of("yes", bool(row.equipped))),
        column_field(schema, "complexity_grade"),
        column_field(schema, "test_value", lambda row: f"{row.test_value:,.2f}"),
        column_field(schema, "length_m", lambda row: metres(row.length_m)),
        column_field(schema, "counted_m", lambda row: metres(row.counted_m)),
        column_field(schema, "corridor_id"),
        column_field(schema, "trust", lambda row: word_of("trust", row.trust)),
        column_field(schema, "segment_id"),
    ]
    layer = feature_layer(key, title, rows, fields, road_name, Drawing("lines", style))
    km = kilometres(float(rows["counted_m"].sum()) / 1000)
    return layer | {"amount": pair(wording("map.km", km=km))}


def _equipped(roads: gpd.GeoDataFrame) -> Json:
    rows = roads[roads["equipped"].astype(bool)]
    layer = feature_layer(
        "equipped", wording("map.equipped"), rows, [], road_name, Drawing("lines", EQUIPPED)
    )
    km = kilometres(float(rows["counted_m"].sum()) / 1000)
    return layer | {"passive": True, "amount": pair(wording("map.km", km=km))}


def _excluded(segments: gpd.GeoDataFrame) -> Json:
    """Return excluded segments, one path a reason and grid square: there are thousands."""
    rows = [
        {"t": pair(wording("map.excluded_one")), "g": chunk, "v": [pair(plain(reason))]}
        for reason, group in segments.groupby("reason", sort=True)
        for chunk in shapes.in_chunks(group.geometry)
    ]
    column = column_field(layers.REJECTED_SEGMENTS, "reason")
    return {
        "id": "excluded-segments",
        "title": pair(wording("map.excluded")),
        "kind": "lines",
        "style": EXCLUDED,
        "fields": [pair(column.label)],
        "rows": rows,
        "count": len(segments),
        "unplaced": 0,
        "on": False,
    }


def _rsus(rsus: gpd.GeoDataFrame) -> Json:
    schema = layers.RSUS
    fields = [
        column_field(schema, "placement", lambda row: word_of("placement", row.placement)),
        column_field(schema, "stage_year"),
        column_field(schema, "cost_cny", lambda row: money(int(row.cost_cny))),
        column_field(schema, "segment_id"),
        column_field(schema, "node_id"),
    ]
    return feature_layer(
        "rsus",
        wording("map.rsus"),
        rsus,
        fields,
        title_by("rsu_id"),
        Drawing("points", RSU, shown=False),
    )
