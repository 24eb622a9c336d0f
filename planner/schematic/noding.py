"""Makes lines meet: shared vertices where roads join, none where they pass over."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from planner.schematic.lines import Line, Points

MERGE_M = 14.0
"""Junctions closer than this become one."""
TOUCH_M = 1.0
LOCAL = ("tertiary", "residential", "service")
SMALL = ("residential", "service")
Cuts = dict[int, list[tuple[float, int]]]


def noded(lines: Sequence[Line]) -> list[Line]:
    """Return the lines cut into pieces whose shared ends are equal coordinates.

    Motorways meet others only at their ends and at the ends of ramps; divided trunk roads
    meet no residential street; everything else meets where it crosses.
    """
    shapes = np.array([line.shape() for line in lines], dtype=object)
    at, owner = _meeting_points(lines, shapes)
    node_of, nodes = _merged(at)
    cuts: Cuts = {}
    where = shapely.line_locate_point(shapes[owner], shapely.points(at))
    for line, distance, node in zip(owner, where, node_of, strict=True):
        cuts.setdefault(int(line), []).append((float(distance), int(node)))
    pieces = []
    seen: set[tuple[int, int, int]] = set()
    for index, line in enumerate(lines):
        pieces += _pieces(line, sorted(cuts[index]), nodes, seen)
    return pieces


def _meeting_points(
    lines: Sequence[Line], shapes: NDArray[np.object_]
) -> tuple[Points, NDArray[np.int64]]:
    """Return every end and every agreed crossing, with the line it is on."""
    ends = np.vstack([line.points[[0, -1]] for line in lines])
    owners = np.repeat(np.arange(len(lines)), 2)
    tree = shapely.STRtree(shapes)
    first, second = tree.query(shapes, predicate="intersects")
    pairs = [
        (a, b)
        for a, b in zip(first.tolist(), second.tolist(), strict=True)
        if a < b and _crossing_joins(lines[a], lines[b])
    ]
    points, owned = [ends], [owners]
    if pairs:
        left, right = np.array(pairs).T
        met = shapely.intersection(shapes[left], shapes[right])
        parts, row = shapely.get_parts(met, return_index=True)
        places = shapely.get_coordinates(shapely.point_on_surface(parts))
        points += [places, places]
        owned += [left[row], right[row]]
    end_row, touched = tree.query(shapely.points(ends), predicate="dwithin", distance=TOUCH_M)
    for row, line in zip(end_row.tolist(), touched.tolist(), strict=True):
        if line != owners[row] and _end_joins(lines[owners[row]], lines[line]):
            points.append(ends[row : row + 1])
            owned.append(np.array([line]))
    return np.vstack(points), np.concatenate(owned).astype(np.int64)


def _crossing_joins(a: Line, b: Line) -> bool:
    classes = (a.road_class, b.road_class)
    if "motorway" in classes or "ramp" in classes or a.tunnel or b.tunnel:
        return False
    divided = (a.oneway and a.road_class == "trunk") or (b.oneway and b.road_class == "trunk")
    return not (divided and any(name in SMALL for name in classes))


def _end_joins(ending: Line, touched: Line) -> bool:
    if touched.road_class == "motorway":
        return ending.road_class in {"motorway", "ramp"}
    return touched.road_class != "ramp" and not touched.tunnel


def _merged(points: Points) -> tuple[NDArray[np.int64], Points]:
    pairs = cKDTree(points).query_pairs(MERGE_M, output_type="ndarray")
    size = len(points)
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    count, label = connected_components(links, directed=False)
    first = np.full(count, size)
    np.minimum.at(first, label, np.arange(size))
    return label.astype(np.int64), points[first]


def _pieces(
    line: Line,
    cuts: list[tuple[float, int]],
    nodes: Points,
    seen: set[tuple[int, int, int]],
) -> list[Line]:
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line.points, axis=0).T))])
    kept = [cut for k, cut in enumerate(cuts) if k == 0 or cut[1] != cuts[k - 1][1]]
    found = []
    for (start, a), (end, b) in pairwise(kept):
        inside = line.points[(along > start + MERGE_M) & (along < end - MERGE_M)]
        points = np.vstack([nodes[a], inside, nodes[b]])
        length = float(np.hypot(*np.diff(points, axis=0).T).sum())
        low, high = (a, b) if line.oneway else (min(a, b), max(a, b))
        key = (low, high, round(length / 60))
        if a != b and key not in seen:
            seen.add(key)
            found.append(line.along(points))
    return found
