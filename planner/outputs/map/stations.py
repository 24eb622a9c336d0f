"""Station layers of the page: planned by technology, existing by energy, rejected with reason."""

from __future__ import annotations

import math
from typing import Any

import geopandas as gpd

from planner import layers
from planner.outputs import summary
from planner.outputs.amounts import NOTHING, daily, money
from planner.outputs.map.feature_layers import (
    Drawing,
    Field,
    Identity,
    Json,
    Record,
    column_field,
    feature_layer,
    plain,
    title_by,
)
from planner.outputs.map.years import Units, units_by_year
from planner.outputs.site_words import both_of, reason_line, reasons_of
from planner.outputs.wording import Both, same, word_of, wording

COLOURS = {
    "charging": ("#1e88e5", "#0d47a1", "#5e35b1", "#0097a7"),
    "swap": ("#00897b", "#2e7d32"),
    "truck_swap": ("#ad1457", "#6d4c41"),
    "hydrogen": ("#ef6c00", "#bf360c"),
}
"""Fill of a technology: the energy gives the hue, its place in the table the shade."""

KEPT = {"shape": "circle", "radius": 5, "weight": 2, "fillColor": "#ffffff"}
CHANGED = {"shape": "square", "radius": 6, "color": "#ffd600", "weight": 2.5}
SHIFT = 17
"""Pixels between the symbols of stations on one place."""

UNUSED = {
    "shape": "diamond",
    "radius": 4,
    "color": "#546e7a",
    "weight": 1.5,
    "fillColor": "#eceff1",
}
SITE = Identity(title_by("name", "site_id"), "site", "site_id")
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
    names["reason"], names["units"] = reasons_of(frames), units_by_year(frames, figures)
    planned = stations[stations["status"] == "planned"]
    made = [
        _station_layer(
            f"planned-{key}",
            wording("map.planned", name=Both(row["zh"], row["en"])),
            planned[planned["technology"] == key],
            style,
            names,
        )
        | {"energy": row["energy"], "sized": True}
        for key, row, style in _styles(technologies)
        if (planned["technology"] == key).any()
    ]
    existing = stations[stations["status"] == "existing"]
    return [
        *made,
        *_existing_layers(existing, names),
        *_unused(frames, names),
        _rejected(frames, names),
    ]


def _existing_layers(existing: gpd.GeoDataFrame, names: Json) -> list[Json]:
    """Return existing stations by energy: those that the plan changes apart from those it keeps."""
    kept = existing["action"] == "keep"
    made = []
    for key, rows, style in (
        ("changed", existing[~kept], CHANGED),
        ("existing", existing[kept], KEPT),
    ):
        for energy in layers.ENERGIES:
            mine = rows[rows["energy"] == energy]
            if len(mine):
                title = wording(f"map.{_title(key)}", energy=word_of("energy", energy))
                paint = "fillColor" if key == "changed" else "color"
                layer = _station_layer(
                    f"{key}-{energy}", title, mine, style | {paint: COLOURS[energy][0]}, names
                )
                made.append(layer | {"energy": energy})
    return made


def _title(key: str) -> str:
    return "existing_energy" if key == "existing" else key


def layer_of(row: Record) -> str:
    """Return the id of the layer that a station is drawn in."""
    if row.status == "planned":
        return f"planned-{row.technology}"
    return f"{'existing' if row.action == 'keep' else 'changed'}-{row.energy}"


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
        column_field(schema, "action", lambda row: word_of("action", row.action)),
        Field(
            wording("map.reason"),
            lambda row: reason_line(names["reason"], str(row.site_id), str(row.energy)),
        ),
        column_field(schema, "first_year"),
        column_field(schema, "n_units", _units),
        Field(wording("map.units_by_year"), lambda row: _by_year(row, names)),
        column_field(schema, "waiting_min", _waiting),
        *_money_fields(schema),
        *_service_fields(schema),
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
        _identity(names["units"]),
        Drawing(
            "points",
            style,
            shift=lambda row: names["shift"][row.station_id],
        ),
    )


def _identity(units: Units) -> Identity:
    """Return what tells stations apart: id, site, energy, first year, units year by year."""
    return Identity(
        title_by("name", "site_id"),
        "station",
        "station_id",
        lambda row: 0 if row.status == "existing" else int(row.first_year),
        {
            "s": lambda row: str(row.site_id),
            "e": lambda row: str(row.energy),
            "u": lambda row: units[str(row.station_id)],
        },
    )


def _units(row: Record) -> Both | str:
    """Return the units, with those before the plan where it changes their number."""
    if row.n_units_before in (0, row.n_units):
        return str(int(row.n_units))
    return f"{int(row.n_units_before)} → {int(row.n_units)}"


def _by_year(row: Record, names: Json) -> str:
    """Return the units that stand year by year, a dash where they never change."""
    units = names["units"][str(row.station_id)]
    if len(set(units)) == 1:
        return NOTHING
    return " → ".join(str(count) for count in units)


def _service_fields(schema: layers.Layer) -> list[Field]:
    return [
        column_field(
            schema, "capacity_per_day", lambda row: daily(row.capacity_per_day, row.energy)
        ),
        column_field(schema, "served_per_day", lambda row: daily(row.served_per_day, row.energy)),
        column_field(schema, "power_kw", lambda row: f"{row.power_kw:,.0f} kW"),
        column_field(schema, "peak_kw", lambda row: f"{row.peak_kw:,.0f} kW"),
    ]


def _waiting(row: Record) -> Both | str:
    if row.waiting_min is None or math.isnan(row.waiting_min):
        return NOTHING
    return wording("map.minutes", n=f"{row.waiting_min:.1f}")


def _money_fields(schema: layers.Layer) -> list[Field]:
    def yearly(row: Record) -> Both:
        return wording("map.per_year", money=money(int(row.annual_cost_cny)))

    def cost(row: Record) -> Both:
        value = row.cost_per_unit_cny
        known = None if value is None or math.isnan(value) else float(value)
        return summary.unit_cost({"cost_per_unit_cny": known, "energy": row.energy})

    return [
        column_field(schema, "capital_cny", lambda row: money(int(row.capital_cny))),
        column_field(schema, "annual_cost_cny", yearly),
        column_field(schema, "cost_per_unit_cny", cost),
        column_field(schema, "grant_cny", lambda row: money(int(row.grant_cny))),
        column_field(schema, "owner", lambda row: word_of("owner", row.owner)),
    ]


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


def _unused(frames: dict[str, Any], names: Json) -> list[Json]:
    """Return the sites that could have a station and have none, off when the page opens."""
    schema, sites = layers.CANDIDATE_SITES, frames["candidate_sites"]
    empty = (sites["status"] == "accepted") & ~sites["site_id"].isin(frames["stations"]["site_id"])
    if not empty.any():
        return []
    layer = feature_layer(
        "unused-sites",
        wording("map.unused_sites"),
        sites[empty],
        [
            Field(
                wording("map.reason"), lambda row: reason_line(names["reason"], str(row.site_id))
            ),
            column_field(schema, "origin", lambda row: word_of("origin", row.origin)),
            *_place_fields(schema, names),
            column_field(schema, "site_id"),
        ],
        SITE,
        Drawing("points", UNUSED, shown=False),
    )
    return [layer]


def _rejected(frames: dict[str, Any], names: Json) -> Json:
    schema, sites = layers.CANDIDATE_SITES, frames["candidate_sites"]
    return feature_layer(
        "rejected-sites",
        wording("map.rejected_sites"),
        sites[sites["status"] == "rejected"],
        [
            column_field(schema, "reason", lambda row: both_of(plain(row.reason))),
            column_field(schema, "origin", lambda row: word_of("origin", row.origin)),
            *_place_fields(schema, names),
            column_field(schema, "site_id"),
        ],
        SITE,
        Drawing("points", REJECTED, shown=False),
    )
