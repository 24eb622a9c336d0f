"""Gathers everything ``map.html`` shows into one JSON value: layers, lists, words, figures."""

from __future__ import annotations

from typing import Any

from planner.layers import ENERGIES
from planner.outputs.amounts import money
from planner.outputs.map import ground, roads, shapes, stations, ways
from planner.outputs.map.corridors import corridor_list
from planner.outputs.map.exclusions import excluded_layers
from planner.outputs.map.feature_layers import Json, Record, pair, plain, title_by
from planner.outputs.map.gaps import gap_views
from planner.outputs.map.roads import Group
from planner.outputs.map.roadside import feature_layers_of, roadside_layers
from planner.outputs.summary import lead, tiles, warnings_of_trust
from planner.outputs.wording import Both, word_of, wording, words_of


def page_content(frames: dict[str, Any], figures: Json, *, lang: str) -> Json:
    """Return the data block of the page.

    Parameters
    ----------
    frames
        The plan's layers by name (EPSG:4326).
    figures
        Content of ``plan.json``.
    lang
        Language the page opens in.
    """
    case = figures["case"]
    box = shapes.bounds(frames["counties"].geometry)
    station_layers = stations.station_layers(frames, figures)
    groups = [
        Group("stations", station_layers),
        Group("ways", ways.way_layers(frames)),
        *roads.road_groups(frames, figures),
        Group("roadside", roadside_layers(frames, figures)),
        Group("excluded", excluded_layers(frames)),
        Group("features", feature_layers_of(frames["road_features"])),
        Group("townships", ground.township_layers(frames["township_access"])),
        Group("places", _places(frames)),
    ]
    return {
        "lang": "en" if lang == "en" else "zh",
        "title": pair(Both(case["title_zh"], case["title_en"])),
        "verdict": figures["verdict"],
        "verdict_text": pair(word_of("verdict_short", figures["verdict"])),
        "banner": [pair(row) for row in warnings_of_trust(figures)],
        "hint": pair(case["replace_roads_hint"]) if "roads" in case["synthetic_layers"] else "",
        "lead": pair(lead(figures)),
        "tiles": [[pair(tile.label), pair(tile.value), pair(tile.note)] for tile in tiles(figures)],
        "rules": [
            [
                pair(Both(row["zh"], row["en"])),
                row["status"],
                pair(word_of("status", row["status"])),
                pair(Both(row["detail_zh"], row["detail_en"])),
            ]
            for row in figures["rules"]
        ],
        "foot": [pair(row) for row in _foot(figures)],
        "about": pair(wording("map.about", version=figures["planner_version"])),
        "words": {key: pair(row) for key, row in words_of("page").items()},
        "bounds": box,
        "centre": [round((low + high) / 2, 5) for low, high in zip(*box, strict=True)],
        "borders": ground.borders(frames["counties"]),
        "background": ground.background_roads(frames["segments"]),
        "gaps": gap_views(frames, figures),
        "roads": roads.road_rows(frames),
        "groups": [_group(group) for group in groups if group.layers],
        "energies": _energy_filters(station_layers),
        "stations": _station_list(frames, station_layers),
        "corridors": corridor_list(frames),
    }


def _group(group: Group) -> Json:
    title = pair(wording(f"map.group_{group.key}"))
    return {"id": group.key, "title": title, "view": group.view, "layers": group.layers}


def _places(frames: dict[str, Any]) -> list[Json]:
    made = ground.zone_layers(frames["zones"])
    if len(frames["supply_nodes"]):
        made += ground.supply_layers(frames["supply_nodes"], frames["supply_upgrades"])
    return [*made, ground.demand_layer(frames["demand_points"])]


def _energy_filters(station_layers: list[Json]) -> list[Json]:
    """Return the energies that have stations, each with the layers its switch turns on or off."""
    found = [
        (energy, [layer["id"] for layer in station_layers if layer.get("energy") == energy])
        for energy in ENERGIES
    ]
    return [
        {"id": energy, "title": pair(word_of("energy", energy)), "layers": ids}
        for energy, ids in found
        if ids
    ]


def _foot(figures: Json) -> list[Both]:
    """Return the lines a map must carry: its licence to be shown, its CRS, its date."""
    number = figures["case"]["map_approval_number"]
    approval = wording("map.approval", number=number) if number else wording("map.internal")
    dates = sorted(row["date"] for row in figures["inputs"] if row["date"][:4].isdigit())
    rows = [approval]
    if figures["case"]["synthetic_layers"]:
        rows.append(wording("trust.schematic_layer"))
    rows.append(wording("map.crs", metric=figures["metric_crs"]))
    return rows + ([wording("map.date", date=dates[-1])] if dates else [])


def _station_list(frames: dict[str, Any], station_layers: list[Json]) -> list[Json]:
    """Return the stations to build or change, dearest first within a county, with their layer."""
    styles = {layer["id"]: layer["style"] for layer in station_layers}
    names = dict(zip(frames["counties"]["county_id"], frames["counties"]["name"], strict=True))
    seen: dict[str, int] = {}
    rows = []
    for row in frames["stations"].itertuples():
        key = stations.layer_of(row)
        index = seen.get(key, 0)
        seen[key] = index + 1
        if row.action == "keep":
            continue
        county = plain(names.get(row.county_id, row.county_id))
        rows.append(
            (
                (county, -int(row.capital_cny), str(row.station_id)),
                {
                    "layer": key,
                    "row": index,
                    "name": pair(title_by("name", "site_id")(row)),
                    "colour": styles[key]["fillColor"],
                    "glyph": pair(word_of("energy_glyph", row.energy)),
                    "note": pair(_station_note(row, county)),
                },
            )
        )
    return [row for _, row in sorted(rows, key=lambda item: item[0])]


def _station_note(row: Record, county: str) -> Both:
    return wording(
        "map.station_note",
        county=county,
        action=word_of("action", row.action),
        year=int(row.first_year),
        units=int(row.n_units),
        money=money(int(row.capital_cny)),
    )
