"""The whole road network under the plan: drawn by class in squares, every segment of it named."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from planner import layers
from planner.outputs.amounts import NOTHING
from planner.outputs.map import shapes
from planner.outputs.map.feature_layers import Json, pair, plain
from planner.outputs.road_words import reason_words, zone_names
from planner.outputs.wording import column_title, same, word_of, wording

ROAD_STYLES = {
    "motorway": ("#8d8d8d", 2.6),
    "trunk": ("#9e9e9e", 2.2),
    "primary": ("#a8a8a8", 1.8),
    "secondary": ("#b5b5b5", 1.3),
    "tertiary": ("#c2c2c2", 1.0),
    "residential": ("#cfcfcf", 0.7),
    "service": ("#dadada", 0.6),
    "ramp": ("#b5b5b5", 1.0),
}
"""Colour and width of the background roads, quiet enough to stand behind the plan."""

Ints = NDArray[np.int64]


def background(frames: dict[str, Any]) -> Json:
    """Return ``background``, the network by class and square, and ``ways``, who each line is.

    ``ways.ids`` are the segments in the order in which the chunks of the background hold them;
    ``ways.name`` points into ``ways.names`` (-1: none), ``ways.reasons`` says why a place of
    that order may not be a test road.

    Parameters
    ----------
    frames
        The plan's layers by name.
    """
    segments = frames["segments"]
    segments = segments[shapes.drawn(segments.geometry)].reset_index(drop=True)
    parts, square = shapes.all_lines(segments.geometry), shapes.squares(segments.geometry)
    made, order = [], []
    for road_class in reversed(layers.ROAD_CLASSES):
        mine = np.flatnonzero((segments["road_class"] == road_class).to_numpy(dtype=bool))
        if len(mine):
            chunks = shapes.gathered(mine.tolist(), square[mine])
            made.append(_layer(road_class, [[parts[row] for row in chunk] for chunk in chunks]))
            order += [row for chunk in chunks for row in chunk]
    return {"background": made, "ways": _ways(frames, segments.iloc[order])}


def _layer(road_class: str, chunks: list[list[list[shapes.Encoded]]]) -> Json:
    colour, width = ROAD_STYLES[road_class]
    return {
        "id": f"road-{road_class}",
        "title": pair(word_of("road_class", road_class)),
        "style": {"color": colour, "weight": width},
        "chunks": [[_one_line(parts) for parts in chunk] for chunk in chunks],
        "count": sum(len(chunk) for chunk in chunks),
        "on": True,
    }


def _one_line(parts: list[shapes.Encoded]) -> shapes.Encoded:
    """Return a segment as one line; the layer of segments holds lines of one part."""
    return parts[0] if parts else []


def _ways(frames: dict[str, Any], segments: gpd.GeoDataFrame) -> Json:
    names: dict[str, int] = {}
    shown = [plain(name) for name in segments["name"]]
    at = [-1 if name == NOTHING else names.setdefault(name, len(names)) for name in shown]
    rejected, zones = frames["rejected_segments"], zone_names(frames["zones"])
    why = dict(zip(rejected["segment_id"].astype(str), rejected["reason"], strict=True))
    return {
        "fields": [
            pair(column_title(layers.SEGMENTS, "road_class")),
            pair(wording("map.as_test_road")),
            pair(column_title(layers.SEGMENTS, "segment_id")),
        ],
        "ids": [str(key) for key in segments["segment_id"]],
        "names": [pair(same(name)) for name in names],
        "name": at,
        "reasons": {
            str(place): pair(reason_words(plain(why[key]), zones))
            for place, key in enumerate(segments["segment_id"].astype(str))
            if key in why
        },
    }
