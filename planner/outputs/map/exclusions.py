"""Segments that may not be test roads on the page: one layer for each kind of first reason."""

from __future__ import annotations

from typing import Any

import geopandas as gpd

from planner import layers
from planner.outputs.amounts import NOTHING, kilometres
from planner.outputs.map import shapes
from planner.outputs.map.feature_layers import Json, column_field, pair, plain
from planner.outputs.road_words import KINDS, reason_kind, reason_words, zone_names
from planner.outputs.wording import Both, same, word_of, wording

LINE = {"weight": 3.5, "opacity": 0.9, "dashArray": "2 5"}
COLOURS = {
    "speed": "#616161",
    "service_road": "#9e9e9e",
    "tunnel": "#000000",
    "sharp_turn": "#6d4c41",
    "island": "#90a4ae",
    "refused": "#1e88e5",
    "zone": "#b71c1c",
    "school": "#e91e63",
    "hospital": "#8e24aa",
    "construction": "#ff8f00",
    "open_hours": "#ad1457",
    "closed_until": "#f9a825",
    "closing": "#78909c",
    "other": "#455a64",
}


def excluded_layers(frames: dict[str, Any]) -> list[Json]:
    """Return the excluded segments by the kind of their first reason, off when the page opens.

    Parameters
    ----------
    frames
        The plan's layers by name.
    """
    segments = frames["rejected_segments"]
    lengths = frames["segments"].set_index("segment_id")["length_m"]
    kinds = segments["reason"].map(lambda reason: reason_kind(plain(reason)))
    zones = zone_names(frames["zones"])
    made = []
    for kind in KINDS:
        rows = segments[kinds == kind]
        if len(rows):
            km = kilometres(float(lengths.reindex(rows["segment_id"]).sum()) / 1000)
            amount = wording("map.segments_km", n=f"{len(rows):,}", km=km)
            made.append(_layer(kind, rows, zones) | {"amount": pair(amount)})
    return made


def _layer(kind: str, segments: gpd.GeoDataFrame, zones: dict[str, Both]) -> Json:
    """Return one path for each name, reason and grid square: there are thousands of segments."""
    names = segments["name"].map(plain)
    rows = [
        {
            "t": pair(wording("map.excluded_one") if name == NOTHING else same(name)),
            "g": chunk,
            "v": [pair(reason_words(plain(reason), zones))],
        }
        for (name, reason), group in segments.groupby([names, "reason"], sort=True)
        for chunk in shapes.in_chunks(group.geometry)
    ]
    return {
        "id": f"excluded-{kind}",
        "title": pair(word_of("exclusion_kind", kind)),
        "kind": "lines",
        "style": LINE | {"color": COLOURS[kind]},
        "fields": [pair(column_field(layers.REJECTED_SEGMENTS, "reason").label)],
        "rows": rows,
        "count": len(segments),
        "unplaced": 0,
        "on": False,
        "pick": True,
    }
