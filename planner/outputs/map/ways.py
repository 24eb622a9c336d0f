"""Motorway stretches and long trips on the page: where fast charging or refuelling is short."""

from __future__ import annotations

from typing import Any

import geopandas as gpd

from planner import layers
from planner.outputs.amounts import metres, tenth
from planner.outputs.map.feature_layers import (
    Drawing,
    Identity,
    Json,
    Reader,
    column_field,
    feature_layer,
    plain,
    title_by,
)
from planner.outputs.station_rows import bilingual
from planner.outputs.wording import Both, word_of, wording

HIGHWAYS = {
    "short": {"color": "#e53935", "weight": 5, "opacity": 0.75},
    "met": {"color": "#43a047", "weight": 5, "opacity": 0.55},
}
TRIPS = {
    "not_refuelled": {"color": "#b71c1c", "weight": 3, "opacity": 0.9, "dashArray": "8 6"},
    "refuelled": {"color": "#1b5e20", "weight": 3, "opacity": 0.9, "dashArray": "8 6"},
}


def way_layers(frames: dict[str, Any]) -> list[Json]:
    """Return the motorway stretches by status, then the long trips, off when the page opens."""
    stretches, trips = frames["highway_access"], frames["trip_access"]
    made = [
        _stretches(f"highway-{status}", stretches[stretches["status"] == status], style)
        for status, style in HIGHWAYS.items()
        if (stretches["status"] == status).any()
    ]
    can = trips["refuelled_after"].astype(bool)
    for (key, style), rows in zip(TRIPS.items(), (trips[~can], trips[can]), strict=True):
        if len(rows):
            made.append(_trips(f"trip-{key}", rows, style))
    return made


def _title(key: str) -> Both:
    return wording(f"map.{key.replace('-', '_')}")


def _stretches(key: str, rows: gpd.GeoDataFrame, style: Json) -> Json:
    schema = layers.HIGHWAY_ACCESS
    lengths = ("length_m", "uncovered_before_m", "uncovered_after_m")
    gaps = ("largest_gap_before_m", "largest_gap_after_m")
    fields = [
        column_field(
            schema, "direction_zh", lambda row: Both(str(row.direction_zh), str(row.direction_en))
        ),
        column_field(schema, "status", lambda row: word_of("status", row.status)),
        *(column_field(schema, name, _metres(name)) for name in (*lengths, *gaps)),
        column_field(schema, "reason", lambda row: bilingual(plain(row.reason))),
        column_field(schema, "stretch_id"),
    ]
    drawing = Drawing("lines", style, shown=key == "highway-short")
    identity = Identity(title_by("name", "ref", "stretch_id"), "stretch", "stretch_id")
    return feature_layer(key, _title(key), rows, fields, identity, drawing)


def _trips(key: str, rows: gpd.GeoDataFrame, style: Json) -> Json:
    schema = layers.TRIP_ACCESS
    fields = [
        column_field(schema, "energy", lambda row: word_of("energy", row.energy)),
        column_field(schema, "trips_per_day", lambda row: tenth(row.trips_per_day)),
        column_field(schema, "range_m", _metres("range_m")),
        column_field(schema, "length_m", _metres("length_m")),
        *(
            column_field(schema, f"refuelled_{phase}", _yes(f"refuelled_{phase}"))
            for phase in ("before", "after")
        ),
        column_field(schema, "reason", lambda row: bilingual(plain(row.reason))),
        column_field(schema, "trip_id"),
    ]
    drawing = Drawing("lines", style, shown=False)
    identity = Identity(title_by("name", "trip_id"), "trip", "trip_id")
    return feature_layer(key, _title(key), rows, fields, identity, drawing)


def _metres(name: str) -> Reader:
    return lambda row: metres(getattr(row, name))


def _yes(name: str) -> Reader:
    return lambda row: word_of("yes", bool(getattr(row, name)))
