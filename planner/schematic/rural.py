"""Draws the roads between towns, the roads to villages, and the streets of small places."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from planner.schematic.graph import linked
from planner.schematic.lines import Line, Points, bend
from planner.schematic.terrain import Ground
from planner.schematic.urban import UrbanArea

TOWN_ANCHOR_M, VILLAGE_ANCHOR_M = 4000.0, 2400.0
VILLAGE_SPACING_M = 3150.0
KEEP_OFF_M = 900.0
HALF_SIDES_M = {1: (3200.0, 2600.0), 2: (1500.0, 1200.0), 3: (500.0, 380.0)}
BLOCK_M = {1: 260.0, 2: 240.0, 3: 235.0}


def town_roads(
    places: pd.DataFrame, roads: Sequence[Line], ground: Ground, rng: np.random.Generator
) -> list[Line]:
    """Return the county roads that tie towns to one another and to the main roads.

    ``places`` has name, x and y (metres); those inside built-up ground are left out by
    the caller.
    """
    towns = places[["x", "y"]].to_numpy(dtype=float)
    open_roads = _open_roads(roads)
    anchors = _anchors(open_roads, TOWN_ANCHOR_M, away_from=towns, away_m=1800.0)
    points = np.vstack([towns, anchors])
    groups = np.r_[np.full(len(towns), -1), np.zeros(len(anchors), dtype=np.int64)]
    price = partial(ground.link_price, roads=open_roads)
    pairs = linked(points, groups, price, rng, extra_share=0.35)
    names = places["name"].to_list()
    found = []
    for i, j in pairs.tolist():
        both = j < len(names)
        way = _way(points[[i, j]], 0.11, ground, rng)
        name = f"{names[i]}–{names[j]}" if both else None
        found.append(Line(way, "secondary" if both else "tertiary", name=name))
    return found


def village_roads(
    roads: Sequence[Line], built_up: BaseGeometry, ground: Ground, rng: np.random.Generator
) -> list[Line]:
    """Return the lanes to villages, spread over the open country on an uneven lattice."""
    open_roads = _open_roads(roads)
    villages = _villages(open_roads, built_up, ground, rng)
    if not len(villages):
        return []
    anchors = _anchors(open_roads, VILLAGE_ANCHOR_M, away_from=villages, away_m=200.0)
    outside = ~shapely.covers(built_up, shapely.points(anchors))
    points = np.vstack([villages, anchors[outside]])
    groups = np.r_[np.full(len(villages), -1), np.zeros(int(outside.sum()), dtype=np.int64)]
    price = partial(ground.link_price, roads=open_roads)
    pairs = linked(points, groups, price, rng, extra_share=0.12)
    return [Line(_way(points[[i, j]], 0.09, ground, rng), "tertiary") for i, j in pairs.tolist()]


def town_ground(
    place: pd.Series, roads: Sequence[Line], ground: Ground, rng: np.random.Generator
) -> tuple[UrbanArea, list[Line]]:
    """Return the built-up ground of a place, along its main road, and its edge streets."""
    rank = min(max(int(place["rank"]), 1), 3)
    here = np.array([float(place["x"]), float(place["y"])])
    angle = _bearing(here, roads, rng)
    along, across = (half * rng.uniform(0.75, 1.25) for half in HALF_SIDES_M[rank])
    corners = np.array([[along, across], [-along, across], [-along, -across], [along, -across]])
    corners *= rng.uniform(0.8, 1.15, corners.shape)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    outline = here + corners @ turn
    block = shapely.difference(shapely.Polygon(outline), ground.water)
    area = UrbanArea(shapely.intersection(block, ground.city), BLOCK_M[rank])
    sides = [
        Line(np.vstack([outline[k], outline[(k + 1) % 4]]), "residential")
        for k in range(4)
        if rng.random() < 0.6 and area.ground.covers(shapely.LineString(outline[[k, (k + 1) % 4]]))
    ]
    return area, sides


def _way(ends: Points, strength: float, ground: Ground, rng: np.random.Generator) -> Points:
    """Return a winding way between two points, or the straight one if it left the city."""
    way = bend(ends[0], ends[1], rng, strength=strength)
    return way if ground.city.covers(shapely.LineString(way)) else ends


def _bearing(here: Points, roads: Sequence[Line], rng: np.random.Generator) -> float:
    point = shapely.Point(here)
    shapes = np.array([line.shape() for line in roads], dtype=object)
    if not len(shapes):
        return float(rng.uniform(0, np.pi))
    way = shapes[int(np.argmin(shapely.distance(shapes, point)))]
    at = float(way.project(point))
    ahead = shapely.get_coordinates(way.interpolate([max(at - 200, 0.0), at + 200]))
    step = ahead[1] - ahead[0]
    return float(np.arctan2(step[1], step[0]))


def _open_roads(roads: Sequence[Line]) -> BaseGeometry:
    """Return the roads that country roads may join."""
    barred = {"motorway", "ramp"}
    open_ones = [line.shape() for line in roads if line.road_class not in barred]
    return shapely.union_all(open_ones)


def _anchors(roads: BaseGeometry, step_m: float, *, away_from: Points, away_m: float) -> Points:
    """Return points on the roads, about ``step_m`` apart, away from other points."""
    found = []
    for way in sorted(shapely.get_parts(roads), key=lambda way: way.bounds):
        count = int(way.length // step_m)
        if count:
            where = (np.arange(count) + 0.5) * way.length / count
            found.append(shapely.get_coordinates(way.interpolate(where)))
    points = np.unique(np.round(np.vstack([np.empty((0, 2)), *found]), 3), axis=0)
    kept: list[Points] = []
    for point in points:
        others = np.vstack([away_from, *kept]) if kept else away_from
        if not len(others) or np.hypot(*(others - point).T).min() > min(away_m, step_m / 2):
            kept.append(point[None, :])
    return np.vstack([np.empty((0, 2)), *kept])


def _villages(
    roads: BaseGeometry, built_up: BaseGeometry, ground: Ground, rng: np.random.Generator
) -> Points:
    west, south, east, north = ground.city.bounds
    step = VILLAGE_SPACING_M
    rows = np.arange(south, north, step * 0.87)
    columns = np.arange(west, east, step)
    x, y = np.meshgrid(columns, rows)
    x = x + (np.arange(len(rows)) % 2)[:, None] * step / 2
    points = np.column_stack([x.ravel(), y.ravel()])
    points += rng.uniform(-0.42, 0.42, points.shape) * step
    places = shapely.points(points)
    good = shapely.covers(shapely.buffer(ground.city, -500.0), places)
    good &= ~shapely.covers(shapely.buffer(ground.water, 500.0), places)
    good &= ~shapely.covers(built_up, places)
    tree = shapely.STRtree(shapely.get_parts(roads))
    good[tree.query(places, predicate="dwithin", distance=KEEP_OFF_M)[0]] = False
    good &= ~(shapely.covers(ground.hills, places) & (rng.random(len(places)) < 0.8))
    return np.asarray(points[good])
