"""Places ramps where a motorway crosses a road it may be entered from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from planner.schematic.lines import Line

SPACING_M = 3500.0
BACK_M, ASIDE_M = 620.0, 420.0
RANK = ("trunk", "primary", "secondary", "tertiary")


def ramps(lines: Sequence[Line]) -> list[Line]:
    """Return one two-way trumpet ramp at each chosen crossing of a motorway (metres).

    Crossings with higher roads come first; along one motorway the next interchange is at
    least 3.5 km away.
    """
    found = []
    chosen: list[shapely.Point] = []
    motorways = [line for line in lines if line.road_class == "motorway"]
    roads = [line for line in lines if line.road_class in RANK and not line.bridge]
    shapes = np.array([road.shape() for road in roads], dtype=object)
    crossings = []
    for m, motorway in enumerate(motorways):
        way = motorway.shape()
        for r in np.flatnonzero(shapely.intersects(shapes, way)).tolist():
            rank = RANK.index(roads[r].road_class)
            points = shapely.get_parts(shapely.intersection(way, shapes[r]))
            crossings += [(rank, m, way.project(point), r, point) for point in points]
    for _, m, at, r, point in sorted(crossings, key=lambda item: item[:4]):
        if any(point.distance(other) < SPACING_M for other in chosen):
            continue
        ramp = _trumpet(motorways[m].shape(), at, shapes[r], point)
        if ramp is not None:
            chosen.append(point)
            found.append(ramp)
    return found


def _trumpet(
    motorway: shapely.LineString, at: float, road: shapely.LineString, crossing: shapely.Point
) -> Line | None:
    along = float(road.project(crossing))
    back = at - BACK_M if at > BACK_M + 50 else at + BACK_M
    aside = along + ASIDE_M if along + ASIDE_M < road.length - 50 else along - ASIDE_M
    if not (0 < back < motorway.length and 0 < aside < road.length):
        return None
    start = shapely.get_coordinates(motorway.interpolate(back))[0]
    end = shapely.get_coordinates(road.interpolate(aside))[0]
    middle = shapely.get_coordinates(crossing)[0]
    pull = (start + end) / 2 + 0.35 * ((start + end) / 2 - middle)
    share = np.linspace(0, 1, 7)[:, None]
    curve = (1 - share) ** 2 * start + 2 * share * (1 - share) * pull + share**2 * end
    return Line(curve, "ramp")
