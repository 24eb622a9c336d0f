"""Makes zones of schools, hospitals and building sites, and road features, of an extract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from planner.cases.draft import Draft, Origin, as_layer
from planner.cases.extract import Thing, read_grounds, read_road_nodes
from planner.inputs.places import county_of

SCHOOL_HOURS, HOSPITAL_HOURS = "07:00-08:30,16:00-18:00", "07:30-11:30,14:00-17:30"
KEPT_CLEAR: dict[str, tuple[float, str | None]] = {
    "school": (100.0, SCHOOL_HOURS),
    "hospital": (50.0, HOSPITAL_HOURS),
    "construction": (0.0, None),
}
"""Kind of zone -> radius in m and hours, both assumed (trust U)."""
KIND_OF = {
    ("amenity", "school"): "school",
    ("amenity", "kindergarten"): "school",
    ("amenity", "hospital"): "hospital",
    ("landuse", "construction"): "construction",
    ("highway", "traffic_signals"): "signal",
    ("highway", "crossing"): "crossing",
    ("highway", "bus_stop"): "bus_stop",
    ("highway", "street_lamp"): "pole",
    ("tower:type", "communication"): "base_station",
}
"""Tag -> kind of zone or of road feature."""


def put_roadside(draft: Draft, path: Path, origin: Origin) -> None:
    """Put what an extract knows of the roadside into a draft that has counties.

    Schools, hospitals and building sites join the zones that are there; signals, crossings,
    stops, lamp posts and base stations become the road features.
    """
    counties = draft.layers["counties"].frame
    zones = safety_zones(_inside(read_grounds(path), counties))
    features = road_features(_inside(read_road_nodes(path), counties))
    draft.put("road_features", features, origin)
    draft.notes += [
        f"zones of OpenStreetMap: {_counted(zones)}; their radius and hours are assumed (U)",
        f"road features of OpenStreetMap: {_counted(features)}",
    ]
    if not len(zones):
        return
    if "zones" in draft.layers:
        given = draft.layers["zones"]
        zones = pd.concat([given.frame, zones], ignore_index=True)
        origin = replace(
            given.origin,
            source=f"{given.origin.source}; schools, hospitals, building sites: {origin.source}",
            licence=f"{given.origin.licence}; {origin.licence}",
        )
    draft.put("zones", zones, origin)


def safety_zones(things: Sequence[Thing]) -> gpd.GeoDataFrame:
    """Return schools, hospitals and building sites as zones, sorted as they come."""
    found = [(thing, kind) for thing in things if (kind := _kind(thing)) in KEPT_CLEAR]
    rows = [
        {
            "zone_id": f"o-{thing.thing_id}",
            "name": thing.tags.get("name"),
            "name_en": thing.tags.get("name:en"),
            "kind": kind,
            "applies_to": "test_roads",
            "radius_m": KEPT_CLEAR[kind][0],
            "mandated": False,
            "closed_hours": KEPT_CLEAR[kind][1],
            "source": "OpenStreetMap; radius and hours assumed",
            "trust": "U",
        }
        for thing, kind in found
    ]
    return as_layer("zones", rows, [thing.geometry for thing, _ in found])


def road_features(things: Sequence[Thing]) -> gpd.GeoDataFrame:
    """Return signals, crossings, stops, lamp posts and base stations as road features."""
    found = [(thing, kind) for thing in things if (kind := _kind(thing)) not in {"", *KEPT_CLEAR}]
    rows = [
        {"feature_id": thing.thing_id, "kind": kind, "source": "OpenStreetMap", "trust": "X"}
        for thing, kind in found
    ]
    return as_layer("road_features", rows, [thing.geometry for thing, _ in found])


def _kind(thing: Thing) -> str:
    tags = thing.tags
    return next((kind for (key, value), kind in KIND_OF.items() if tags.get(key) == value), "")


def _counted(frame: gpd.GeoDataFrame) -> str:
    counts = Counter(frame["kind"])
    return ", ".join(f"{kind} {counts[kind]}" for kind in sorted(counts)) or "none"


def _inside(things: list[Thing], counties: gpd.GeoDataFrame) -> list[Thing]:
    shapes = [shapely.point_on_surface(thing.geometry) for thing in things]
    found = county_of(gpd.GeoSeries(shapes, crs=counties.crs), counties).notna()
    return [thing for thing, inside in zip(things, found, strict=True) if inside]
