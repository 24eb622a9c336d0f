"""Roadside equipment on the page: equipped km, units by place and pole, signals and poles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from planner import layers
from planner.outputs.amounts import NOTHING, money
from planner.outputs.map.feature_layers import (
    Drawing,
    Field,
    Identity,
    Json,
    column_field,
    feature_layer,
    pair,
    plain,
    title_by,
)
from planner.outputs.map.roads import amount_of, road_name, year_fitted
from planner.outputs.wording import Both, same, word_of, wording

HALO = {"color": "#ffd600", "weight": 9, "opacity": 0.9, "lineCap": "butt"}
PLACES = {"junction": "square", "spacing": "circle", "tunnel": "triangle"}
SUPPORTS = {"existing": "#ffd600", "new_pole": "#ff6f00"}
UNIT = {"radius": 3.5, "color": "#212121", "weight": 1}
UNITS = Identity(title_by("rsu_id"), "rsu", "rsu_id", lambda row: int(row.stage_year))
BAND = Identity(road_name, year=year_fitted)
FEATURE_COLOURS = {
    "signal": "#c62828",
    "crossing": "#455a64",
    "pole": "#6d4c41",
    "base_station": "#6a1b9a",
    "bus_stop": "#1565c0",
}


def roadside_layers(frames: dict[str, Any], figures: Json) -> list[Json]:
    """Return equipped km as a band under the roads, then the units by place and what carries them.

    Parameters
    ----------
    frames
        The plan's layers by name.
    figures
        Content of ``plan.json``: the names of the equipment.
    """
    rsus = frames["rsus"]
    place, carried = _places(rsus, frames["segments"]), rsus["support"].to_numpy(dtype=object)
    fields = _fields(frames, _carried_by(frames, figures))
    made = [_halo(frames["test_roads"])]
    for where, shape in PLACES.items():
        for support, colour in SUPPORTS.items():
            mine = (place == where) & (carried == support)
            if not mine.any():
                continue
            words = word_of("rsu_place", where), word_of("support", support)
            title = wording("map.rsu_layer", place=words[0], support=words[1])
            drawing = Drawing("points", UNIT | {"shape": shape, "fillColor": colour}, shown=False)
            key = f"rsu-{where}-{support}"
            made.append(feature_layer(key, title, rsus[mine], fields, UNITS, drawing))
    return made


def _halo(roads: gpd.GeoDataFrame) -> Json:
    rows = roads[roads["equipped"].to_numpy(dtype=bool)]
    layer = feature_layer(
        "equipped", wording("map.equipped"), rows, [], BAND, Drawing("lines", HALO)
    )
    return layer | {"passive": True, "amount": pair(amount_of(rows["counted_m"]))}


def _places(rsus: gpd.GeoDataFrame, segments: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return where each unit stands: what serves a line inside a tunnel is told apart."""
    tunnels = segments["segment_id"][segments["tunnel"].to_numpy(dtype=bool)]
    inside = (rsus["placement"] == "spacing") & rsus["segment_id"].isin(tunnels)
    return np.where(inside, "tunnel", rsus["placement"].to_numpy(dtype=object))


def _carried_by(frames: dict[str, Any], figures: Json) -> dict[str, Both]:
    """Return what is bought for each unit, in one line."""
    names = figures["equipment"]
    found: dict[str, list[tuple[Both, int]]] = {}
    for row in frames["materials"].dropna(subset=["rsu_id"]).itertuples():
        known = names.get(str(row.item))
        said = Both(known["zh"], known["en"]) if known else same(row.item)
        found.setdefault(str(row.rsu_id), []).append((said, int(row.n)))
    return {
        key: Both(
            "、".join(f"{said.zh} {n}" for said, n in rows),
            ", ".join(f"{n} {said.en}" for said, n in rows),
        )
        for key, rows in found.items()
    }


def _fields(frames: dict[str, Any], carried: Mapping[str, Both]) -> list[Field]:
    schema, roads = layers.RSUS, frames["test_roads"]
    on = {str(row.segment_id): road_name(row) for row in roads.itertuples()}
    owners = frames["jurisdictions"].set_index("jurisdiction_id")["name"].to_dict()
    return [
        Field(wording("map.stands_on"), lambda row: on.get(str(row.segment_id), NOTHING)),
        column_field(schema, "placement", lambda row: word_of("rsu_place", row.placement)),
        column_field(schema, "support", lambda row: word_of("support", row.support)),
        column_field(schema, "feature_id"),
        column_field(schema, "cabinet_id"),
        Field(wording("map.installed"), lambda row: str(int(row.stage_year))),
        Field(wording("map.rsu_materials"), lambda row: carried.get(str(row.rsu_id), NOTHING)),
        column_field(schema, "cost_cny", lambda row: money(int(row.cost_cny))),
        column_field(
            schema,
            "jurisdiction_id",
            lambda row: plain(owners.get(row.jurisdiction_id, row.jurisdiction_id)),
        ),
        column_field(schema, "segment_id"),
        column_field(schema, "node_id"),
    ]


def feature_layers_of(features: gpd.GeoDataFrame) -> list[Json]:
    """Return signals, crossings, poles, base stations and stops, off when the page opens."""
    schema = layers.ROAD_FEATURES
    fields = [
        column_field(schema, "source"),
        column_field(schema, "trust", lambda row: word_of("trust", row.trust)),
    ]
    made = []
    for kind, colour in FEATURE_COLOURS.items():
        rows = features[features["kind"] == kind]
        if len(rows):
            style = {"shape": "circle", "radius": 2.5, "color": colour, "weight": 1}
            drawing = Drawing("points", style | {"fillColor": "#ffffff"}, shown=False)
            title = word_of("feature_kind", kind)
            identity = Identity(title_by("feature_id"), "feature", "feature_id")
            made.append(feature_layer(f"feature-{kind}", title, rows, fields, identity, drawing))
    return made
