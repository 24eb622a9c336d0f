"""Reads an OpenStreetMap extract (PBF or XML): counties, roads, places and amenities."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from planner.cases.draft import as_layer
from planner.cases.highways import road_facts
from planner.errors import InputError, Problem
from planner.inputs.paths import checked_file

SUFFIXES = (".pbf", ".osm", ".xml")
MAX_EXTRACT_BYTES = 1_500_000_000
PLACE_KINDS = {"city": "town", "town": "town", "village": "township", "hamlet": "other"}
AMENITIES = {"charging_station", "fuel", "parking"}
CARED_FOR = {"school", "kindergarten", "hospital"}
AT_ROADS = {"traffic_signals", "crossing", "bus_stop", "street_lamp"}


@dataclass(frozen=True)
class Thing:
    """A tagged place: where it is and what is said of it."""

    thing_id: str
    tags: dict[str, str]
    geometry: Any


def is_extract(path: Path) -> bool:
    """Return whether a file is an OpenStreetMap extract by its name."""
    return path.name.lower().endswith(SUFFIXES)


def extract_date(path: Path) -> str:
    """Return the day the extract was cut, or ``"unknown"``."""
    import osmium  # noqa: PLC0415

    with _reading(path), osmium.io.Reader(str(path)) as reader:
        return str(reader.header().get("osmosis_replication_timestamp"))[:10] or "unknown"


def read_roads(path: Path) -> gpd.GeoDataFrame:
    """Read the public roads for cars as whole ways; ways that cross share vertices.

    Raises
    ------
    InputError
        If the extract cannot be read or holds no road.
    """
    import osmium  # noqa: PLC0415 - only needed here

    _checked(path)
    rows, lines = [], []
    with _reading(path):
        ways = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY)
        ways = ways.with_locations().with_filter(osmium.filter.KeyFilter("highway"))
        for way in ways:
            facts = road_facts(dict(way.tags))
            if facts is None or not isinstance(way, osmium.osm.Way):
                continue
            points = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
            if len(set(points)) < 2:
                continue
            lines.append(shapely.LineString(points[::-1] if facts.pop("backward") else points))
            rows.append({"road_id": f"w{way.id}", "trust": "X", **facts})
    if not rows:
        raise InputError(
            Problem(
                "E-OSM-002",
                "the extract holds no road for cars",
                "take an extract that covers the city",
                file=path.name,
                layer="roads",
            )
        )
    return as_layer("roads", rows, lines)


def read_areas(path: Path, admin_level: int) -> list[Thing]:
    """Read the administrative areas of a level, sorted by relation.

    Raises
    ------
    InputError
        If there is none; the message lists the levels that are there.
    """
    levels: dict[str, int] = {}
    found = []
    for thing in _areas(path, "boundary"):
        if thing.tags.get("boundary") == "administrative" and thing.thing_id.startswith("r"):
            level = thing.tags.get("admin_level", "none")
            levels[level] = levels.get(level, 0) + 1
            if level == str(admin_level):
                found.append(thing)
    if found:
        return sorted(found, key=lambda thing: int(thing.thing_id[1:]))
    listed = ", ".join(f"{level} ({n})" for level, n in sorted(levels.items())) or "none"
    raise InputError(
        Problem(
            "E-OSM-003",
            f"no complete administrative area of level {admin_level}; levels there: {listed}",
            "choose another --admin-level; in China 6 is usually the county",
            file=path.name,
            layer="counties",
            value=str(admin_level),
        )
    )


def read_places(path: Path) -> list[Thing]:
    """Read named towns, villages and hamlets (nodes), sorted by id."""
    return [
        thing
        for thing in _nodes(path, "place")
        if thing.tags["place"] in PLACE_KINDS and thing.tags.get("name")
    ]


def read_amenities(path: Path) -> list[Thing]:
    """Read charging stations, fuel stations, parkings and services as points, sorted by id."""
    found = _nodes(path, "amenity", "highway")
    for thing in _areas(path, "amenity", "highway"):
        inside = shapely.point_on_surface(thing.geometry)
        found.append(Thing(thing.thing_id, thing.tags, inside))
    wanted = [
        thing
        for thing in found
        if thing.tags.get("amenity") in AMENITIES or thing.tags.get("highway") == "services"
    ]
    return sorted(wanted, key=lambda thing: (thing.thing_id[0], int(thing.thing_id[1:])))


def read_grounds(path: Path) -> list[Thing]:
    """Read schools, kindergartens, hospitals (points or areas) and building sites, by id."""
    found = [thing for thing in _nodes(path, "amenity") if thing.tags["amenity"] in CARED_FOR]
    found += [
        thing
        for thing in _areas(path, "amenity", "landuse")
        if thing.tags.get("amenity") in CARED_FOR or thing.tags.get("landuse") == "construction"
    ]
    return sorted(found, key=lambda thing: (thing.thing_id[0], int(thing.thing_id[1:])))


def read_road_nodes(path: Path) -> list[Thing]:
    """Read the nodes that stand at roads: signals, crossings, stops, lamps, masts; by id."""
    return [
        thing
        for thing in _nodes(path, "highway", "tower:type")
        if thing.tags.get("highway") in AT_ROADS or thing.tags.get("tower:type") == "communication"
    ]


def _nodes(path: Path, *keys: str) -> list[Thing]:
    import osmium  # noqa: PLC0415

    _checked(path)
    with _reading(path):
        items = osmium.FileProcessor(str(path), osmium.osm.NODE)
        found = [
            Thing(f"n{item.id}", dict(item.tags), shapely.Point(item.lon, item.lat))
            for item in items.with_filter(osmium.filter.KeyFilter(*keys))
            if isinstance(item, osmium.osm.Node)
        ]
    return sorted(found, key=lambda thing: int(thing.thing_id[1:]))


def _areas(path: Path, *keys: str) -> Iterator[Thing]:
    import osmium  # noqa: PLC0415

    _checked(path)
    wkb = osmium.geom.WKBFactory()
    with _reading(path):
        items = osmium.FileProcessor(str(path)).with_areas(osmium.filter.KeyFilter(*keys))
        for item in items.with_filter(osmium.filter.KeyFilter(*keys)):
            if isinstance(item, osmium.osm.Area):
                try:
                    shape = shapely.from_wkb(wkb.create_multipolygon(item))
                except RuntimeError:  # an area whose rings do not close
                    continue
                kind = "w" if item.from_way() else "r"
                yield Thing(f"{kind}{item.orig_id()}", dict(item.tags), shape)


def _checked(path: Path) -> None:
    checked_file(path, shown=path.name, layer="roads")
    if path.stat().st_size > MAX_EXTRACT_BYTES:
        raise InputError(
            Problem(
                "E-FIL-003",
                "the extract is larger than a city needs",
                "cut the city out of it first (osmium extract)",
                file=path.name,
            )
        )


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Turn whatever the OpenStreetMap reader says about a broken file into one error."""
    try:
        yield
    except InputError:
        raise
    except (RuntimeError, ValueError, OSError) as error:
        raise InputError(
            Problem(
                "E-OSM-001",
                f"the extract cannot be read: {str(error)[:160]}",
                "download it again",
                file=path.name,
            )
        ) from None
