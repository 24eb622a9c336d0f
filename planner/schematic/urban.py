"""Divides built-up ground between main roads into blocks, street by street."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from planner.schematic.lines import Line, extended

OVERSHOOT_M = 3.0
FACING_M = 60.0
LEAST_STREET_M, LEAST_EDGE_M, BESIDE_M = 70.0, 300.0, 150.0
STOCKY, CROSS_SHARE = 1.9, 0.75
MAX_PARTS = 4000
STRIP_M = 45.0


@dataclass(frozen=True, slots=True)
class UrbanArea:
    """Built-up ground in metres and how closely its streets lie."""

    ground: BaseGeometry
    block_m: float
    edged: bool = False
    superblock_share: float = 0.3


def streets(
    area: UrbanArea, main_roads: Sequence[Line], water: BaseGeometry, rng: np.random.Generator
) -> list[Line]:
    """Return the streets that divide an area's ground, between its main roads, into blocks.

    Each face between main roads is cut across its longer side, or across both, again and
    again until it is about ``block_m`` square; so the streets follow the roads around them.
    """
    cuts = [line.shape() for line in main_roads]
    edge = area.ground.boundary
    faces = shapely.get_parts(shapely.polygonize([shapely.unary_union([*cuts, edge])]))
    found: list[Line] = []
    for face in sorted(faces, key=lambda face: face.bounds):
        if not area.ground.covers(face.representative_point()):
            continue
        for part in _polygons(shapely.difference(face, water)):
            found += _divided(part, area, rng)
    return found


def edge_streets(
    areas: Sequence[UrbanArea], main_roads: Sequence[Line], water: BaseGeometry
) -> list[Line]:
    """Return the streets along the edges of areas where no main road runs beside them."""
    edges = shapely.line_merge(shapely.union_all([area.ground.boundary for area in areas]))
    near = shapely.union_all(
        [shapely.buffer(line.shape(), BESIDE_M, quad_segs=2) for line in main_roads]
    )
    bare = shapely.difference(edges, shapely.union(near, shapely.buffer(water, 2.0)))
    parts = shapely.get_parts(shapely.line_merge(shapely.simplify(bare, 5.0)))
    kept = sorted((way for way in parts if way.length > LEAST_EDGE_M), key=lambda way: way.bounds)
    reach = {"start_m": BESIDE_M + 15.0, "end_m": BESIDE_M + 15.0}
    return [Line(extended(shapely.get_coordinates(way), **reach), "tertiary") for way in kept]


def aligned(found: Sequence[Line]) -> list[Line]:
    """Return the streets with ends that nearly face one another moved together.

    Streets that meet a road from its two sides a few metres apart make one crossroads.
    """
    if not found:
        return []
    ends = np.vstack([line.points[[0, -1]] for line in found])
    moved = ends.copy()
    fixed = np.zeros(len(ends), dtype=bool)
    pairs = cKDTree(ends).query_pairs(FACING_M, output_type="ndarray")
    for i, j in pairs[np.lexsort(pairs.T[::-1])].tolist():
        if i // 2 != j // 2 and not fixed[j]:
            moved[j] = moved[i]
            fixed[[i, j]] = True
    return [
        line.along(np.vstack([moved[2 * k], line.points[1:-1], moved[2 * k + 1]]))
        for k, line in enumerate(found)
    ]


def _polygons(shape: BaseGeometry) -> Iterator[shapely.Polygon]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon" and part.area > 0:
            yield part


def _is_strip(face: shapely.Polygon) -> bool:
    return bool(2 * face.area / face.length < STRIP_M)


def _divided(face: shapely.Polygon, area: UrbanArea, rng: np.random.Generator) -> list[Line]:
    stack, found = [face], []
    target = area.block_m**2
    for _ in range(MAX_PARTS):
        if not stack:
            break
        part = stack.pop()
        if _is_strip(part) or part.area < target * rng.uniform(1.2, 2.6):
            continue
        if part.area < 6 * target and rng.random() < area.superblock_share:
            continue
        knives = _knives(part, target, rng)
        pieces = [part]
        for knife in knives:
            pieces = [half for piece in pieces for half in shapely.ops.split(piece, knife).geoms]
        if len(pieces) < 2:
            continue
        found += _cut_streets(part, knives, target)
        stack += sorted(pieces, key=lambda piece: piece.bounds)
    return found


def _knives(
    part: shapely.Polygon, target_m2: float, rng: np.random.Generator
) -> list[shapely.LineString]:
    """Return one cut across the longer side, or a cross where the part is stocky."""
    box = shapely.get_coordinates(shapely.minimum_rotated_rectangle(part))[:4]
    sides = np.roll(box, -1, axis=0) - box
    longer = int(np.argmax(np.hypot(*sides.T)[:2]))
    along, across = sides[longer], sides[longer + 1]
    centre = box[longer] + along * rng.uniform(0.4, 0.6) + across * rng.uniform(0.42, 0.58)
    angle = np.radians(rng.normal(0, 2.5))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    stocky = np.hypot(*along) < STOCKY * np.hypot(*across) and part.area > 3.2 * target_m2
    ways = [turn @ across]
    if stocky and rng.random() < CROSS_SHARE:
        ways.append(turn @ along)
    return [shapely.LineString([centre - way, centre + way]) for way in ways]


def _cut_streets(
    part: shapely.Polygon, knives: Sequence[shapely.LineString], target_m2: float
) -> list[Line]:
    shares = ((17, "primary"), (6.2, "secondary"), (2.8, "tertiary"))
    road_class = next(
        (name for share, name in shares if part.area > share * target_m2), "residential"
    )
    return [
        _overshooting(street, road_class)
        for knife in knives
        for street in shapely.get_parts(shapely.intersection(part, knife))
        if street.geom_type == "LineString" and street.length > LEAST_STREET_M
    ]


def _overshooting(street: shapely.LineString, road_class: str) -> Line:
    ends = shapely.get_coordinates(street)
    points = extended(ends, start_m=OVERSHOOT_M, end_m=OVERSHOOT_M)
    return Line(points, road_class)
