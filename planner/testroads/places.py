"""Owns the way from layers to the places where roadside units may stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from planner.scenario import Item
from planner.scenario.models import TestRoadSettings
from planner.testroads.instance import Floats
from planner.testroads.rsus import Places
from planner.testroads.sight import RoadLine, Sight, points_of

MOTORWAY_CLASSES = ("motorway", "trunk")
CARRIERS = ("pole", "signal")
BUILDING = "building"
ALL_AND_ROADS = ("all", "test_roads")


@dataclass(frozen=True)
class Roadside:
    """What stands around the test roads.

    ``segments`` satisfies ``layers.SEGMENTS``, ``zones`` ``layers.ZONES``; ``features`` has
    ``feature_id``, ``kind`` and points; all in EPSG:4326. ``junctions`` are the nodes at which
    at least three segments of the road network meet.
    """

    segments: gpd.GeoDataFrame
    zones: gpd.GeoDataFrame
    features: gpd.GeoDataFrame
    junctions: frozenset[str]
    metric_crs: CRS


def places_of(
    test_roads: gpd.GeoDataFrame,
    around: Roadside,
    settings: TestRoadSettings,
    catalogue: dict[str, Item],
) -> Places:
    """Return where units may stand on the test roads, in their row order."""
    shapes = test_roads.geometry.to_crs(around.metric_crs).to_numpy()
    lines = _lines(test_roads, shapes, around.segments, settings)
    at_node: dict[str, list[int]] = {}
    for line in lines:
        for node in dict.fromkeys((line.from_node, line.to_node)):
            at_node.setdefault(node, []).append(line.row)
    sight = Sight(lines, at_node, settings.sight_offset_m, _buildings(around, shapes))
    named, places = _carriers(around)
    new = sum(_price(item) for item in catalogue.values() if item.per in ("unit", "new_pole"))
    carried = sum(_price(item) for item in catalogue.values() if item.per == "unit")
    return Places(
        sight,
        around.junctions,
        _at_nodes(lines, around.junctions, (named, places), settings.feature_reach_m),
        _at_points(lines, (named, places), settings.feature_reach_m),
        new,
        carried,
    )


def _price(item: Item) -> int:
    return item.count * item.unit_cost_cny


def range_m(
    road_class: str, speed_kph: float, settings: TestRoadSettings, *, tunnel: bool
) -> float:
    """Return how far a unit reaches on a road, in metres, by its surroundings."""
    if tunnel:
        return settings.rsu_range_tunnel_m
    if road_class in MOTORWAY_CLASSES:
        return settings.rsu_range_motorway_m
    urban = speed_kph <= settings.rsu_urban_max_kph
    return settings.rsu_range_urban_m if urban else settings.rsu_range_suburban_m


def _lines(
    roads: gpd.GeoDataFrame,
    shapes: NDArray[Any],
    segments: gpd.GeoDataFrame,
    settings: TestRoadSettings,
) -> tuple[RoadLine, ...]:
    known = segments.set_index("segment_id").loc[roads["segment_id"].to_numpy()]
    columns = zip(
        roads["from_node"], roads["to_node"], roads["road_class"], known["speed_kph"],
        known["tunnel"], shapes, strict=True,
    )  # fmt: skip
    return tuple(
        RoadLine(
            row, str(start), str(end), points_of(shape),
            range_m(str(cls), float(speed), settings, tunnel=bool(tunnel)), bool(tunnel),
        )
        for row, (start, end, cls, speed, tunnel, shape) in enumerate(columns)
    )  # fmt: skip


def _buildings(around: Roadside, roads: NDArray[Any]) -> NDArray[Any]:
    """Return the buildings in metres; one that a test road runs through does not block."""
    zones = around.zones
    mine = zones[(zones["kind"] == BUILDING) & zones["applies_to"].isin(ALL_AND_ROADS)]
    mine = mine.sort_values("zone_id", kind="stable")
    shapes = mine.geometry.to_crs(around.metric_crs).to_numpy()
    shapes = np.asarray(shapely.buffer(shapes, mine["radius_m"].to_numpy(dtype=float)))
    if not len(shapes) or not len(roads):
        return shapes
    tree = shapely.STRtree(roads)
    through = np.unique(tree.query(shapes, predicate="intersects")[0])
    return np.delete(shapes, through)


def _carriers(around: Roadside) -> tuple[list[str], Floats]:
    """Return ids and places in metres of the poles and signals that can carry a unit."""
    features = around.features
    mine = features[features["kind"].isin(CARRIERS)].sort_values("feature_id", kind="stable")
    places = shapely.get_coordinates(mine.geometry.to_crs(around.metric_crs).to_numpy())
    return [str(name) for name in mine["feature_id"]], places


def _at_nodes(
    lines: tuple[RoadLine, ...],
    junctions: frozenset[str],
    carriers: tuple[list[str], Floats],
    reach_m: float,
) -> dict[str, str]:
    ends: dict[str, Floats] = {}
    for line in lines:
        ends |= {line.from_node: line.points[0], line.to_node: line.points[-1]}
    found = {node: _nearest(ends[node], carriers, reach_m) for node in sorted(ends)}
    return {node: name for node, name in found.items() if name and node in junctions}


def _at_points(
    lines: tuple[RoadLine, ...], carriers: tuple[list[str], Floats], reach_m: float
) -> dict[tuple[int, int], str]:
    if not carriers[0]:
        return {}
    near = shapely.STRtree(shapely.points(carriers[1]))
    found = {}
    for line in lines:
        if len(near.query(shapely.linestrings(line.points), predicate="dwithin", distance=reach_m)):
            for point, place in enumerate(line.points):
                if name := _nearest(place, carriers, reach_m):
                    found[line.row, point] = name
    return found


def _nearest(place: Floats, carriers: tuple[list[str], Floats], reach_m: float) -> str:
    names, places = carriers
    if not names:
        return ""
    away = np.hypot(*(places - place).T)
    nearest = int(np.argmin(away))
    return names[nearest] if away[nearest] <= reach_m else ""


def node_grades(test_roads: pd.DataFrame) -> dict[str, int]:
    """Return the grade of each node: the highest of the test roads that meet there."""
    grade: dict[str, int] = {}
    for column in ("from_node", "to_node"):
        for node, value in zip(test_roads[column], test_roads["complexity_grade"], strict=True):
            grade[str(node)] = max(grade.get(str(node), 0), int(value))
    return grade
