"""Station layers of the page: planned by technology, existing apart, rejected with reason."""

from __future__ import annotations

import math
from typing import Any

import geopandas as gpd

from planner import layers
from planner.outputs import summary
from planner.outputs.amounts import daily, money
from planner.outputs.map.feature_layers import (
    Drawing,
    Field,
    Json,
    Record,
    column_field,
    feature_layer,
    plain,
    title_by,
)
from planner.outputs.wording import Both, same, word_of, wording

COLOURS = {
    "charging": ("#1e88e5", "#0d47a1", "#5e35b1", "#0097a7"),
    "swap": ("#00897b", "#2e7d32"),
    "hydrogen": ("#ef6c00", "#bf360c"),
}
"""Fill of a technology: the energy gives the hue, its place in the table the shade."""

EXISTING = {"shape": "circle", "radius": 5, "color": "#37474f", "weight": 2, "fillColor": "#ffffff"}
SHIFT = 17
"""Pixels between the symbols of stations on one place."""

REJECTED = {"shape": "cross", "radius": 4, "color": "#c62828", "weight": 2, "fillColor": "#c62828"}


def station_layers(frames: dict[str, Any], figures: Json) -> list[Json]:
    """Return the layers of the stations group.

    Parameters
    ----------
    frames
        The plan's layers by name.
    figures
        Content of ``plan.json``.
    """
    stations, technologies = frames["stations"], summary.technologies(figures)
    names = _names(frames) | {"technology": technologies, "shift": _shifts(stations)}
    planned = stations[stations["status"] == "planned"]
    made = [
        _station_layer(
            f"planned-{key}",
            Both(f"规划 {row['zh']}", f"planned: {row['en']}"),
            planned[planned["technology"] == key],
            style,
            names,
        )
        for key, row, style in _styles(technologies)
        if (planned["technology"] == key).any()
    ]
    existing = _station_layer(
        "existing",
        wording("map.existing"),
        stations[stations["status"] == "existing"],
        EXISTING,
        names,
    )
    return [*made, existing, _rejected(frames, names)]


def _styles(technologies: Json) -> list[tuple[str, Json, Json]]:
    used = dict.fromkeys(COLOURS, 0)
    styles = []
    for key, row in technologies.items():
        palette = COLOURS[row["energy"]]
        colour = palette[used[row["energy"]] % len(palette)]
        used[row["energy"]] += 1
        glyph = list(word_of("energy_glyph", row["energy"]))
        style = {"shape": "circle", "radius": 9, "color": "#ffffff", "weight": 1.5}
        styles.append((key, row, style | {"fillColor": colour, "glyph": glyph}))
    return styles


def _names(frames: dict[str, Any]) -> Json:
    return {
        "county": dict(
            zip(frames["counties"]["county_id"], frames["counties"]["name"], strict=True)
        ),
        "jurisdiction": dict(
            zip(
                frames["jurisdictions"]["jurisdiction_id"],
                frames["jurisdictions"]["name"],
                strict=True,
            )
        ),
    }


def _shifts(stations: gpd.GeoDataFrame) -> dict[str, float]:
    """Return how far each station is moved aside so that none hides one of the same place."""
    places: dict[tuple[float, float], list[str]] = {}
    for row in stations.itertuples():
        places.setdefault((row.geometry.x, row.geometry.y), []).append(str(row.station_id))
    return {
        key: (index - (len(keys) - 1) / 2) * SHIFT
        for keys in places.values()
        for index, key in enumerate(keys)
    }


def _station_layer(
    key: str, title: Both, frame: gpd.GeoDataFrame, style: Json, names: Json
) -> Json:
    schema, technologies = layers.STATIONS, names["technology"]

    def technology(row: Record) -> Both:
        found = technologies.get(row.technology)
        return Both(found["zh"], found["en"]) if found else same(row.technology)

    fields = [
        column_field(schema, "technology", technology),
        column_field(schema, "status", lambda row: word_of("status", row.status)),
        column_field(schema, "n_units"),
        column_field(
            schema, "capacity_per_day", lambda row: daily(row.capacity_per_day, row.energy)
        ),
        column_field(schema, "served_per_day", lambda row: daily(row.served_per_day, row.energy)),
        column_field(schema, "power_kw", lambda row: f"{row.power_kw:,.0f} kW"),
        column_field(schema, "capital_cny", lambda row: money(int(row.capital_cny))),
        column_field(schema, "owner", lambda row: word_of("owner", row.owner)),
        column_field(schema, "supply_node_id"),
        *_place_fields(schema, names),
        column_field(schema, "trust", lambda row: word_of("trust", row.trust)),
        column_field(schema, "station_id"),
    ]
    return feature_layer(
        key,
        title,
        frame,
        fields,
        title_by("name", "site_id"),
        Drawing(
            "points",
            style,
            size=None if style is EXISTING else _radius,
            shift=lambda row: names["shift"][row.station_id],
        ),
    )


def _radius(row: Record) -> float:
    return min(7.0 + 1.2 * math.sqrt(row.n_units), 13.0)


def _place_fields(schema: layers.Layer, names: Json) -> list[Field]:
    return [
        column_field(schema, "county_id", lambda row: county_name(row, names)),
        column_field(
            schema,
            "jurisdiction_id",
            lambda row: plain(names["jurisdiction"].get(row.jurisdiction_id, row.jurisdiction_id)),
        ),
    ]


def county_name(row: Record, names: Json) -> str:
    """Return the name of a row's county, or its code where the counties do not have it."""
    return plain(names["county"].get(row.county_id, row.county_id))


def _rejected(frames: dict[str, Any], names: Json) -> Json:
    schema, sites = layers.CANDIDATE_SITES, frames["candidate_sites"]
    return feature_layer(
        "rejected-sites",
        wording("map.rejected_sites"),
        sites[sites["status"] == "rejected"],
        [
            column_field(schema, "reason"),
            column_field(schema, "origin", lambda row: word_of("origin", row.origin)),
            *_place_fields(schema, names),
            column_field(schema, "site_id"),
        ],
        title_by("name", "site_id"),
        Drawing("points", REJECTED, shown=False),
    )
