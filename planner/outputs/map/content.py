"""Gathers everything ``map.html`` shows into one JSON value: layers, lists, words, figures."""

from __future__ import annotations

from typing import Any

from planner.layers import ENERGIES
from planner.outputs.canonical import plan_id
from planner.outputs.map import ground, roads, shapes, stations, ways
from planner.outputs.map.background import background
from planner.outputs.map.corridors import corridor_list
from planner.outputs.map.exclusions import excluded_layers
from planner.outputs.map.feature_layers import Json, pair
from planner.outputs.map.gaps import gap_views
from planner.outputs.map.interned import interned
from planner.outputs.map.roads import Group
from planner.outputs.map.roadside import feature_layers_of, roadside_layers
from planner.outputs.map.tables import page_lists
from planner.outputs.map.wishes import wish_layers
from planner.outputs.map.years import plan_years, year_rows
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
        Group("townships", ground.township_layers(frames, figures)),
        Group("places", _places(frames)),
    ]
    content = {
        "plan": _plan(figures),
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
        "foot": [pair(row) for row in foot(figures)],
        "about": pair(wording("map.about", version=figures["planner_version"])),
        "words": {key: pair(row) for key, row in words_of("page").items()},
        "bounds": box,
        "centre": [round((low + high) / 2, 5) for low, high in zip(*box, strict=True)],
        "borders": ground.borders(frames["counties"]),
        "gaps": gap_views(frames, figures),
        "roads": roads.road_rows(frames),
        "groups": [_group(group) for group in groups if group.layers],
        "energies": _energy_filters(station_layers),
        "lists": page_lists(frames, figures),
        "corridors": corridor_list(frames),
        "years": year_rows(frames, figures),
    }
    return interned(content | background(frames))


def _plan(figures: Json) -> Json:
    """Return what a review file names: the plan it was made on."""
    case = figures["case"]
    return {
        "id": plan_id(figures),
        "case_id": case["case_id"],
        "variant": case["variant"],
        "years": plan_years(figures),
    }


def _group(group: Group) -> Json:
    title = pair(wording(f"map.group_{group.key}"))
    return {"id": group.key, "title": title, "view": group.view, "layers": group.layers}


def _places(frames: dict[str, Any]) -> list[Json]:
    made = ground.zone_layers(frames["zones"])
    if len(frames["supply_nodes"]):
        made += ground.supply_layers(frames["supply_nodes"], frames["supply_upgrades"])
    return [*made, ground.demand_layer(frames["demand_points"]), *wish_layers(frames)]


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


def foot(figures: Json) -> list[Both]:
    """Return the lines a map must carry: its licence to be shown, its CRS, its date."""
    number = figures["case"]["map_approval_number"]
    approval = wording("map.approval", number=number) if number else wording("map.internal")
    # a review is an opinion of the plan and no data of it: when it was saved dates nothing
    data = [row for row in figures["inputs"] if row.get("layer") != "review"]
    dates = sorted(row["date"] for row in data if row["date"][:4].isdigit())
    rows = [approval]
    if figures["case"]["synthetic_layers"]:
        rows.append(wording("trust.schematic_layer"))
    rows.append(wording("map.crs", metric=figures["metric_crs"]))
    return rows + ([wording("map.date", date=dates[-1])] if dates else [])
