"""The places wished for charging test fleets on the page, off when it opens."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner import layers
from planner.outputs.amounts import NOTHING, kilometres, metres
from planner.outputs.map.feature_layers import (
    Drawing,
    Identity,
    Json,
    Record,
    column_field,
    feature_layer,
    plain,
    title_by,
)
from planner.outputs.wording import word_of, wording

COLOURS = {True: "#00897b", False: "#ffffff"}
STYLE = {"shape": "triangle", "radius": 6, "color": "#00897b", "weight": 2}


def wish_layers(frames: dict[str, Any]) -> list[Json]:
    """Return the wishes with a charging station near in time, and those without."""
    schema, wishes = layers.FLEET_WISHES, frames["fleet_wishes"]
    fields = [
        column_field(schema, "year"),
        column_field(schema, "served_km", lambda row: kilometres(row.served_km)),
        column_field(schema, "n_roads"),
        column_field(schema, "farthest_m", lambda row: metres(row.farthest_m)),
        column_field(schema, "can_stand", lambda row: word_of("yes", bool(row.can_stand))),
        column_field(schema, "station_id"),
        column_field(schema, "station_m", _away),
        column_field(schema, "station_year", lambda row: _year(row.station_year)),
        column_field(schema, "met_year", lambda row: _year(row.met_year)),
        column_field(schema, "wish_id"),
    ]
    identity = Identity(title_by("wish_id"), "wish", "wish_id", lambda row: int(row.year))
    made = []
    for met, colour in COLOURS.items():
        rows = wishes[wishes["met"].to_numpy(dtype=bool) == met]
        if len(rows):
            title = wording(f"map.wish_{'met' if met else 'open'}")
            drawing = Drawing("points", STYLE | {"fillColor": colour}, shown=False)
            key = f"fleet-wish-{'met' if met else 'open'}"
            made.append(feature_layer(key, title, rows, fields, identity, drawing))
    return made


def _away(row: Record) -> str:
    return NOTHING if pd.isna(row.station_m) else metres(row.station_m)


def _year(value: float) -> str:
    return plain(None if pd.isna(value) else int(value))
