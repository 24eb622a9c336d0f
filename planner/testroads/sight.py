"""Owns the line of sight: what a roadside unit sees along the roads it stands at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from planner.testroads.instance import Bools, Floats, Ints

STEP_M = 20.0
MARGIN = 0.99
"""Ranges and offsets are used with this margin, so that other projections agree."""


@dataclass(frozen=True)
class RoadLine:
    """A test road as points: every vertex and places at most 20 m apart.

    ``points`` is (n, 2) in metres from ``from_node`` to ``to_node``; ``range_m`` is how far
    a unit reaches on this road. A road in a tunnel is seen from inside only.
    """

    row: int
    from_node: str
    to_node: str
    points: Floats
    range_m: float
    tunnel: bool


@dataclass(frozen=True)
class View:
    """What a unit at a junction sees: point ranges of roads (row, first, last), and nodes."""

    stretches: tuple[tuple[int, int, int], ...]
    nodes: frozenset[str]


@dataclass(frozen=True)
class Sight:
    """The roads, where they meet, and what stands in the way (shapes in metres)."""

    lines: tuple[RoadLine, ...]
    at_node: dict[str, list[int]]
    offset_m: float
    buildings: NDArray[Any]


def points_of(line: shapely.LineString) -> Floats:
    """Return the vertices of a line in metres and places between them, at most 20 m apart.

    Examples
    --------
    >>> points_of(shapely.LineString([(0, 0), (40, 0)])).tolist()
    [[0.0, 0.0], [20.0, 0.0], [40.0, 0.0]]
    """
    points: Floats = shapely.get_coordinates(shapely.segmentize(line, STEP_M))
    return points


def seen_count(path: Floats, reach_m: Floats, offset_m: float, buildings: NDArray[Any]) -> int:
    """Return how many points of a path are seen from its first one, counted from there.

    A point is seen within its reach if the path to it stays within the offset of the straight
    line and no building crosses that line. Sight ends at the first point that is not seen.

    Parameters
    ----------
    path
        (n, 2) metres, from the unit outward.
    reach_m
        (n,) how far a unit may be from each point.
    """
    away = path - path[0]
    metres = np.hypot(away[:, 0], away[:, 1])
    count = _leading(metres <= reach_m)
    away, metres = away[:count], metres[:count]
    crossed = np.abs(np.outer(away[:, 1], away[:, 0]) - np.outer(away[:, 0], away[:, 1]))
    aside = crossed / np.maximum(metres, 1e-9)[:, None]
    aside[metres < 1e-6] = metres
    bent = np.tril(aside).max(axis=1) > offset_m
    count = _leading(~bent)
    if len(buildings) and count > 1:
        ends = np.stack([np.broadcast_to(path[0], (count, 2)), path[:count]], axis=1)
        rays = shapely.linestrings(ends)
        hit = np.zeros(count, dtype=bool)
        for building in buildings:
            hit |= shapely.intersects(building, rays)
        count = max(_leading(~hit), 1)
    return count


def _leading(good: Bools) -> int:
    return len(good) if good.all() else int(np.argmin(good))


def along(sight: Sight, row: int) -> tuple[Ints, Ints]:
    """Return for each point of a road the first and the last point that a unit there sees."""
    line = sight.lines[row]
    size = len(line.points)
    reach = np.full(size, line.range_m * MARGIN)
    offset_m = sight.offset_m * MARGIN
    near = _near(sight, line.points)
    first, last = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    for at in range(size):
        ahead = seen_count(line.points[at:], reach[at:], offset_m, near)
        behind = seen_count(line.points[at::-1], reach[at::-1], offset_m, near)
        first[at], last[at] = at - behind + 1, at + ahead - 1
    return first, last


def view_from(sight: Sight, node: str) -> View:
    """Return what a unit at a node sees along the roads that lead from it, not in tunnels.

    Where a road is seen to its end, sight goes on into the roads behind it.
    """
    stretches: list[tuple[int, int, int]] = []
    nodes = {node}
    for row in sight.at_node.get(node, []):
        for stretch, end in _walk(sight, node, row):
            stretches.append(stretch)
            if end is not None:
                nodes.add(end)
    return View(tuple(sorted(set(stretches))), frozenset(nodes))


def _walk(sight: Sight, node: str, row: int) -> Iterator[tuple[tuple[int, int, int], str | None]]:
    """Yield what is seen of a road and of those behind it, and the node at a seen end."""
    start = np.empty((0, 2)), np.empty(0)
    queue = [(row, node, *start, frozenset([row]))]
    while queue:
        row, near_end, path, reach, used = queue.pop()
        line = sight.lines[row]
        if line.tunnel:
            continue
        forward = line.from_node == near_end
        points = line.points if forward else line.points[::-1]
        whole = np.vstack([path, points])
        limits = np.concatenate([reach, np.full(len(points), line.range_m * MARGIN)])
        blocks = _near(sight, whole)
        seen = seen_count(whole, limits, sight.offset_m * MARGIN, blocks) - len(path)
        if seen < 1:
            continue
        end = len(points) - 1
        far_node = line.to_node if forward else line.from_node
        complete = seen == len(points)
        yield (
            ((row, 0, seen - 1) if forward else (row, end - seen + 1, end)),
            far_node if complete else None,
        )
        if complete:
            behind = [other for other in sight.at_node[far_node] if other not in used]
            queue += [(other, far_node, whole, limits, used | {other}) for other in behind]


def _near(sight: Sight, points: Floats) -> NDArray[Any]:
    """Return the buildings in the box of some points, which holds every ray between them."""
    if not len(sight.buildings):
        return sight.buildings
    low, high = points.min(axis=0), points.max(axis=0)
    inside = shapely.intersects(shapely.box(*low, *high), sight.buildings)
    found: NDArray[Any] = sight.buildings[inside]
    return found
