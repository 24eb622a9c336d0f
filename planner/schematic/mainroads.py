"""Turns rough via points of named main roads into roads that meet, some of them divided."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.schematic.lines import (
    HALF_GAP_M,
    LANES,
    SPEED_KPH,
    Line,
    bend,
    carriageways,
    extended,
    smooth,
)
from planner.schematic.terrain import Ground

SNAP_M, SNAP_TO_END_M = 220.0, 120.0
NEAR_DIVIDED_M = 30.0


def main_roads(trunk_roads: gpd.GeoDataFrame, ground: Ground) -> list[Line]:
    """Return the named main roads as smooth lines (metres) that end on one another.

    Parameters
    ----------
    trunk_roads
        Lines (EPSG:4326) through a few via points, with ``road_class`` and, where wanted,
        ``name``, ``ref``, ``speed_kph``, ``lanes``, ``divided``, ``bridge``, ``tunnel``.
    ground
        The city; roads are cut where they leave it.
    """
    lines: list[Line] = []
    divided: list[bool] = []
    for row in trunk_roads.to_crs(ground.crs).to_dict("records"):
        points = smooth(shapely.get_coordinates(row["geometry"]), step_m=140.0, keep_m=5.0)
        inside = shapely.intersection(shapely.LineString(points), ground.city)
        for part in shapely.get_parts(shapely.line_merge(inside)):
            if part.length > 300:
                lines.append(_line(row).along(shapely.get_coordinates(part)))
                divided.append(_flag(row.get("divided")))
    lines = _ends_snapped(lines)
    centre = shapely.union_all(
        [line.shape() for line, two in zip(lines, divided, strict=True) if two]
    )
    made: list[Line] = []
    for line, two in zip(lines, divided, strict=True):
        reaching = _reaching(line, centre, two=two)
        made += carriageways(reaching) if two else [reaching]
    return made


def drawn_main_roads(places: pd.DataFrame, ground: Ground, rng: np.random.Generator) -> list[Line]:
    """Return main roads between county seats, for a city that names none.

    Each seat (rank 1 or 2) is tied to its nearest seats; the first link is a trunk road,
    the others primary roads. ``places`` has x and y in metres.
    """
    seats = places[places["rank"] <= 2]
    points = seats[["x", "y"]].to_numpy(dtype=float)
    names = seats["name"].to_list()
    found: dict[tuple[int, int], Line] = {}
    for i, here in enumerate(points):
        order = np.argsort(np.hypot(*(points - here).T), kind="stable")[1:4]
        for nth, j in enumerate(order.tolist()):
            key = (min(i, j), max(i, j))
            link = shapely.LineString(points[[i, j]])
            if key in found or not ground.city.covers(link):
                continue
            way = bend(here, points[j], rng, strength=0.06)
            road_class = "trunk" if nth == 0 else "primary"
            found[key] = Line(way, road_class, name=f"{names[key[0]]}–{names[key[1]]}")
    return [found[key] for key in sorted(found)]


def _line(row: dict[str, object]) -> Line:
    road_class = str(row["road_class"])
    speed, lanes = row.get("speed_kph"), row.get("lanes")
    return Line(
        np.empty((0, 2)),
        road_class,
        name=_text(row.get("name")),
        ref=_text(row.get("ref")),
        speed_kph=SPEED_KPH[road_class] if pd.isna(speed) else float(str(speed)),
        lanes=LANES[road_class] if pd.isna(lanes) else int(float(str(lanes))),
        bridge=_flag(row.get("bridge")),
        tunnel=_flag(row.get("tunnel")),
    )


def _text(value: object) -> str | None:
    return None if pd.isna(value) or not str(value) else str(value)


def _flag(value: object) -> bool:
    return not pd.isna(value) and bool(value)


def _ends_snapped(lines: list[Line]) -> list[Line]:
    snapped = list(lines)
    for index, line in enumerate(lines):
        others = [row.shape() for k, row in enumerate(snapped) if k != index]
        tree = shapely.STRtree(others)
        points = snapped[index].points.copy()
        for end in (0, -1):
            near = tree.query(shapely.Point(points[end]), predicate="dwithin", distance=SNAP_M)
            if len(near):
                points[end] = _nearest(points[end], [others[k] for k in sorted(near)])
        snapped[index] = line.along(points)
    return snapped


def _nearest(point: np.ndarray, ways: list[shapely.LineString]) -> np.ndarray:
    here = shapely.Point(point)
    ends = np.vstack([shapely.get_coordinates(way)[[0, -1]] for way in ways])
    reach = np.hypot(*(ends - point).T)
    if reach.min() < SNAP_TO_END_M:
        return np.asarray(ends[int(reach.argmin())])
    way = min(ways, key=lambda way: float(way.distance(here)))
    return np.asarray(shapely.get_coordinates(way.interpolate(way.project(here)))[0])


def _reaching(line: Line, centre: shapely.LineString, *, two: bool) -> Line:
    """Lengthen the ends that lie on a divided road's centre line to its far carriageway."""
    more = [0.0, 0.0]
    for nth, end in enumerate((line.points[0], line.points[-1])):
        own_only = two and shapely.get_parts(centre).size < 2
        near = shapely.dwithin(centre, shapely.Point(end), NEAR_DIVIDED_M)
        if near and not own_only and _on_other(line, centre, end, two=two):
            more[nth] = HALF_GAP_M + 6.0
    return replace(line, points=extended(line.points, start_m=more[0], end_m=more[1]))


def _on_other(line: Line, centre: shapely.LineString, end: np.ndarray, *, two: bool) -> bool:
    others = shapely.difference(centre, shapely.buffer(line.shape(), 1.0)) if two else centre
    return bool(shapely.dwithin(others, shapely.Point(end), NEAR_DIVIDED_M))
