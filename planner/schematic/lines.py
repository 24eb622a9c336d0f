"""Owns the road line in metres: its attributes, its curves and its two carriageways."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.interpolate import Akima1DInterpolator

Points = NDArray[np.float64]

SPEED_KPH = {
    "motorway": 100.0, "trunk": 80.0, "primary": 60.0, "secondary": 50.0,
    "tertiary": 40.0, "residential": 40.0, "service": 20.0, "ramp": 40.0,
}  # fmt: skip
LANES = {
    "motorway": 4, "trunk": 6, "primary": 6, "secondary": 4,
    "tertiary": 2, "residential": 2, "service": 1, "ramp": 2,
}  # fmt: skip
HALF_GAP_M = 16.0
"""Half the distance between the two carriageways of a divided road."""
TAPER_M = 90.0


@dataclass(frozen=True, slots=True)
class Line:
    """A road line with its attributes; ``points`` are metres, shape (n, 2)."""

    points: Points
    road_class: str
    name: str | None = None
    ref: str | None = None
    speed_kph: float = 0.0
    lanes: int = 0
    oneway: bool = False
    bridge: bool = False
    tunnel: bool = False

    def along(self, points: Points) -> Line:
        """Return a line with the same attributes and other points."""
        return replace(self, points=points)

    def shape(self) -> shapely.LineString:
        """Return the line as a shapely geometry in metres."""
        return shapely.LineString(self.points)


def smooth(points: Points, *, step_m: float, keep_m: float) -> Points:
    """Return a curve through the points, sampled and then thinned to ``keep_m``."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    if len(points) < 3 or along[-1] == 0:
        return points
    curve = Akima1DInterpolator(along, points, method="makima")
    extra = np.arange(step_m, along[-1], step_m)
    where = np.unique(np.concatenate([along, extra]))
    kept = shapely.simplify(shapely.LineString(curve(where)), keep_m)
    return np.asarray(shapely.get_coordinates(kept))


def bend(start: Points, end: Points, rng: np.random.Generator, *, strength: float) -> Points:
    """Return a gently winding line between two points, by midpoint displacement."""
    points = np.vstack([start, end])
    reach = float(np.hypot(*(end - start)))
    for _ in range(3):
        if reach < 700:
            break
        step = np.diff(points, axis=0)
        normal = np.column_stack([-step[:, 1], step[:, 0]])
        shift = rng.uniform(-strength, strength, len(step))[:, None] * normal
        middle = (points[:-1] + points[1:]) / 2 + shift
        woven = np.empty((2 * len(points) - 1, 2))
        woven[::2], woven[1::2] = points, middle
        points, reach, strength = woven, reach / 2, strength * 0.8
    return smooth(points, step_m=120.0, keep_m=6.0)


def extended(points: Points, *, start_m: float, end_m: float) -> Points:
    """Return the line made longer at its ends, straight on."""
    head, tail = points[0] - points[1], points[-1] - points[-2]
    first = points[0] + head / np.hypot(*head) * start_m
    last = points[-1] + tail / np.hypot(*tail) * end_m
    before = [first] if start_m else []
    after = [last] if end_m else []
    return np.vstack([*before, points, *after])


def carriageways(line: Line) -> tuple[Line, Line]:
    """Return the two one-way carriageways of a divided road, joined at its ends.

    Traffic keeps right: the first runs with the line on its right side, the second back.
    """
    way = line.shape()
    room = max(way.length / 3, 1.0)
    inner = shapely.ops.substring(way, min(TAPER_M, room), way.length - min(TAPER_M, room))
    halves = []
    for side, order in ((-HALF_GAP_M, 1), (HALF_GAP_M, -1)):
        beside = shapely.offset_curve(inner, side, join_style="mitre", mitre_limit=2.0)
        middle = shapely.get_coordinates(beside)
        points = np.vstack([line.points[:1], middle, line.points[-1:]])[::order]
        halves.append(replace(line, points=points, oneway=True, lanes=max(line.lanes // 2, 1)))
    return halves[0], halves[1]
