"""The page's own base map: county borders and labels, roads by class, and places."""

from __future__ import annotations

import math
from typing import Any

import geopandas as gpd
import pandas as pd

from planner import layers
from planner.outputs.amounts import NOTHING, metres, money, whole
from planner.outputs.map import shapes
from planner.outputs.map.feature_layers import (
    Drawing,
    Field,
    Identity,
    Json,
    Reader,
    Record,
    column_field,
    feature_layer,
    pair,
    plain,
    title_by,
)
from planner.outputs.station_rows import bilingual
from planner.outputs.wording import Both, word_of, wording

NEVER = 9999
"""Year in the page of what does not happen within the plan: later than every plan."""

STATUS_STYLES = {
    "met": {"fillColor": "#43a047", "shape": "diamond"},
    "short": {"fillColor": "#e53935", "shape": "triangle"},
    "cannot_be_checked": {"fillColor": "#9e9e9e", "shape": "diamond"},
}
ZONE_COLOURS = {
    "cluster": "#3949ab",
    "test_zone": "#6a1b9a",
    "mandated": "#6a1b9a",
    "logistics": "#00838f",
    "bus": "#1565c0",
    "taxi": "#f9a825",
    "sanitation": "#2e7d32",
    "network_5g": "#9575cd",
    "exclusion": "#b71c1c",
    "setback": "#e65100",
    "building": "#5d4037",
    "school": "#e91e63",
    "hospital": "#8e24aa",
    "construction": "#ff8f00",
}


def borders(counties: gpd.GeoDataFrame) -> Json:
    """Return county outlines and labels; larger counties keep their label first."""
    name = names_by("county_id", counties)
    rows = [
        {
            "t": pair(name(row)),
            "p": shapes.point(row.geometry),
            "size": round(math.sqrt(row.geometry.area), 5),
        }
        for row in counties.itertuples()
    ]
    outlines = [
        ring for shape in counties.geometry for part in shapes.rings(shape) for ring in part
    ]
    return {"outlines": outlines, "labels": sorted(rows, key=lambda row: -row["size"])}


def township_layers(frames: dict[str, Any], figures: Json) -> list[Json]:
    """Return the townships by what the rule says of them.

    One that is met later than before the plan is short until then: the page shows its row of
    the short ones up to that year.
    """
    access, schema = frames["township_access"], layers.TOWNSHIP_ACCESS
    radius = figures["settings"]["rules"]["township_radius_m"]
    later = access[(access["status"] == "met") & ~(access["distance_before_m"] <= radius)]
    until = dict(zip(later["township_id"], later["first_year_met"], strict=True))
    fields = [
        column_field(schema, "status", lambda row: word_of("status", row.status)),
        column_field(schema, "distance_before_m", lambda row: _distance(row.distance_before_m)),
        column_field(schema, "distance_after_m", lambda row: _distance(row.distance_after_m)),
        column_field(schema, "first_year_met", lambda row: _year(row.first_year_met)),
        column_field(schema, "binding", lambda row: bilingual(plain(row.binding))),
        column_field(schema, "reason", lambda row: bilingual(plain(row.reason))),
        column_field(schema, "township_id"),
    ]
    made = []
    for status, style in STATUS_STYLES.items():
        mine = access[access["status"] == status]
        short = status == "short"
        layer = feature_layer(
            f"township-{status}",
            word_of("status", status),
            pd.concat([mine, later]) if short else mine,
            fields,
            _township(frames["townships"], until, short=short),
            Drawing("points", {"radius": 5, "color": "#ffffff", "weight": 1} | style),
        )
        layer |= {"count": len(mine), "unplaced": int((~shapes.drawn(mine.geometry)).sum())}
        made.append(layer | {"on": status != "met"} | ({"until": "q"} if short else {}))
    return made


def _township(townships: pd.DataFrame, until: dict[str, int], *, short: bool) -> Identity:
    """Return what tells townships apart: met from a year on, or short until it."""

    def year(row: Record) -> int:
        return int(until.get(row.township_id, NEVER if short else 0))

    name = names_by("township_id", townships)
    if short:
        return Identity(name, "township", "township_id", more={"q": year})
    return Identity(name, "township", "township_id", year)


def names_by(key: str, frame: pd.DataFrame) -> Reader:
    """Return a reader of the name that belongs to a row's id, the id where there is none.

    Parameters
    ----------
    key
        Column of the id, in the frame and in the rows that are read.
    frame
        Rows with ``name`` and, where the case gives it, ``name_en``.
    """
    known = {str(getattr(row, key)): _in_both(row) for row in frame.itertuples()}

    def read(row: Record) -> Both | str:
        found = str(getattr(row, key))
        return known.get(found) or plain(found)

    return read


def _in_both(row: Record) -> Both | None:
    """Return a name in both languages, the Chinese one where the case gives no English one."""
    name, english = plain(row.name), plain(getattr(row, "name_en", None))
    if name in ("", NOTHING):
        return None
    return Both(name, name if english in ("", NOTHING) else english)


def _distance(value: float | None) -> str:
    return metres(None if value is None or math.isnan(value) else value)


def _year(value: float | None) -> str:
    return plain(value if value is None or math.isnan(value) else int(value))


def zone_layers(zones: gpd.GeoDataFrame) -> list[Json]:
    """Return the zones by kind; a point zone is drawn with the distance that belongs to it."""
    schema = layers.ZONES
    fields = [
        column_field(schema, "kind", lambda row: word_of("zone_kind", row.kind)),
        column_field(schema, "mandated", lambda row: word_of("yes", bool(row.mandated))),
        column_field(schema, "radius_m", lambda row: metres(row.radius_m)),
        column_field(schema, "closed_hours", lambda row: _text(row, "closed_hours")),
        column_field(schema, "closed_from", lambda row: _text(row, "closed_from")),
        column_field(schema, "closed_to", lambda row: _text(row, "closed_to")),
        column_field(schema, "zone_id"),
    ]
    identity = Identity(names_by("zone_id", zones), "zone", "zone_id")
    is_point = zones.geometry.geom_type == "Point"
    made = []
    for kind, colour in ZONE_COLOURS.items():
        for drawing in _zone_drawings(colour):
            placed = is_point if drawing.kind == "points" else ~is_point
            rows = zones[(zones["kind"] == kind) & placed]
            if len(rows):
                key, title = f"zone-{kind}-{drawing.kind}", word_of("zone_kind", kind)
                made.append(feature_layer(key, title, rows, fields, identity, drawing))
    return made


def _text(row: Record, column: str) -> str:
    """Return a cell of a column that a case may leave out, a year without decimals."""
    value = getattr(row, column, None)
    return _year(value) if isinstance(value, float) else plain(value)


def _zone_drawings(colour: str) -> tuple[Drawing, Drawing]:
    point = {"shape": "square", "radius": 6, "color": "#ffffff", "weight": 1.5}
    area = {"color": colour, "weight": 2, "fillColor": colour, "fillOpacity": 0.12}
    return (
        Drawing("points", point | {"fillColor": colour}, reach_m=lambda row: row.radius_m),
        Drawing("areas", area),
    )


def demand_layer(demand_points: gpd.GeoDataFrame) -> Json:
    """Return the demand points, off when the page opens."""
    schema = layers.DEMAND_POINTS
    fields = [
        column_field(schema, "area_class", lambda row: word_of("area_class", row.area_class)),
        column_field(schema, "population", lambda row: whole(row.population)),
        column_field(schema, "charging_per_day", lambda row: f"{row.charging_per_day:,.1f}"),
        column_field(schema, "swap_per_day", lambda row: f"{row.swap_per_day:,.1f}"),
        column_field(schema, "truck_swap_per_day", lambda row: f"{row.truck_swap_per_day:,.1f}"),
        column_field(schema, "hydrogen_per_day", lambda row: f"{row.hydrogen_per_day:,.1f}"),
        column_field(schema, "node_id"),
    ]
    style = {
        "shape": "circle",
        "radius": 3,
        "color": "#6d4c41",
        "weight": 0,
        "fillColor": "#6d4c41",
    }
    return feature_layer(
        "demand-points",
        wording("map.demand_points"),
        demand_points,
        fields,
        Identity(title_by("demand_id"), "demand", "demand_id"),
        Drawing(
            "points",
            style | {"fillOpacity": 0.7},
            shown=False,
            size=lambda row: min(2.0 + math.sqrt(row.charging_per_day) / 20, 9.0),
        ),
    )


def supply_layers(nodes: gpd.GeoDataFrame, upgrades: pd.DataFrame) -> list[Json]:
    """Return the supply nodes that the plan upgrades, and the others, off at first."""
    schema = layers.SUPPLY_NODES
    ordered = {row.supply_node_id: row for row in upgrades.itertuples()}
    fields = [
        column_field(schema, "headroom_kw", lambda row: f"{row.headroom_kw:,.0f} kW"),
        Field(wording("map.upgrade"), lambda row: _upgrade(ordered.get(row.supply_node_id))),
        column_field(
            layers.SUPPLY_UPGRADES, "cost_cny", lambda row: _cost(ordered.get(row.supply_node_id))
        ),
        column_field(schema, "supply_node_id"),
    ]
    style = {"shape": "triangle", "radius": 6, "color": "#ffffff", "weight": 1}
    upgraded = nodes["supply_node_id"].isin(list(ordered))
    ordered_in = dict(zip(upgrades["supply_node_id"], upgrades["in_service_year"], strict=True))
    name = title_by("name", "supply_node_id")
    made = []
    for key, rows, colour in (
        ("supply-upgraded", nodes[upgraded], "#d500f9"),
        ("supply-nodes", nodes[~upgraded], "#4e342e"),
    ):
        if len(rows):
            title = wording(f"map.{key.replace('-', '_')}")
            drawing = Drawing(
                "points", style | {"fillColor": colour}, shown=key == "supply-upgraded"
            )
            year = (lambda row: int(ordered_in[row.supply_node_id])) if "upgraded" in key else None
            identity = Identity(name, "supply", "supply_node_id", year)
            made.append(feature_layer(key, title, rows, fields, identity, drawing))
    return made


def _upgrade(row: Record | None) -> Both | str:
    if row is None:
        return plain(None)
    return wording(
        "map.upgrade_value",
        ordered=int(row.ordered_year),
        service=int(row.in_service_year),
        kw=whole(row.added_kw),
    )


def _cost(row: Record | None) -> Both | str:
    return plain(None) if row is None else money(int(row.cost_cny))
