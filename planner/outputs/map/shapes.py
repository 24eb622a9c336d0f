"""Turns geometries into the small integers that the page draws: display only, never measured."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

SCALE = 100_000
"""Degrees times this are whole numbers in the page: 5 decimals, about 1 m."""

LINE_TOLERANCE = 0.00003
AREA_TOLERANCE = 0.0001
CELL = 0.05
"""Side of the square of degrees whose background roads are drawn as one path."""

Encoded = list[int]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]


def drawn(geometries: gpd.GeoSeries) -> NDArray[np.bool_]:
    """Return which rows have a place to draw."""
    found: NDArray[np.bool_] = ~(geometries.isna() | geometries.is_empty).to_numpy(dtype=bool)
    return found


def encoded(coordinates: NDArray[np.float64]) -> Encoded:
    """Return lon/lat rows as ``[lat, lon, dlat, dlon, ...]`` in 1e-5 degrees.

    Examples
    --------
    >>> encoded(np.array([[115.9, 28.7], [115.90001, 28.69]]))
    [2870000, 11590000, -1000, 1]
    """
    coordinates = np.asarray(coordinates, dtype=float)
    return _steps(coordinates, np.zeros(len(coordinates), dtype=np.int64))[0]


def _steps(coordinates: NDArray[np.float64], owner: Ints) -> list[Encoded]:
    """Return for each owner its coordinates as steps; owners are 0, 1, ... in order."""
    units = np.rint(coordinates[:, :2] * SCALE).astype(np.int64)[:, ::-1]
    steps = np.diff(units, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    first = np.concatenate(([0], np.flatnonzero(np.diff(owner)) + 1))
    steps[first] = units[first]
    flat = steps.ravel().tolist()
    ends = [*(2 * first[1:]).tolist(), len(flat)]
    return [flat[begin:end] for begin, end in zip((2 * first).tolist(), ends, strict=True)]


def _parts(geometries: Shapes) -> tuple[list[Encoded], Ints]:
    """Return the encoded parts of lines that are not empty, and the geometry of each."""
    parts, owner = shapely.get_parts(geometries, return_index=True)
    kept = ~shapely.is_empty(parts)
    parts, owner = parts[kept], np.asarray(owner[kept], dtype=np.int64)
    if not len(parts):
        return [], owner
    coordinates, part = shapely.get_coordinates(parts, return_index=True)
    return _steps(coordinates, np.asarray(part, dtype=np.int64)), owner


def point(geometry: BaseGeometry) -> Encoded:
    """Return a point, or a point inside a polygon, as ``[lat, lon]`` in 1e-5 degrees."""
    place = geometry if geometry.geom_type == "Point" else geometry.representative_point()
    return encoded(np.array([[place.x, place.y]]))


def points(geometries: gpd.GeoSeries) -> list[Encoded]:
    """Return :func:`point` of each row."""
    places = _array(geometries)
    inner = shapely.get_type_id(places) != shapely.GeometryType.POINT
    places[inner] = shapely.point_on_surface(places[inner])
    return _parts(places)[0]


def all_lines(geometries: gpd.GeoSeries) -> list[list[Encoded]]:
    """Return the parts of each line, simplified for display."""
    steps, owner = _parts(shapely.simplify(_array(geometries), LINE_TOLERANCE))
    made: list[list[Encoded]] = [[] for _ in range(len(geometries))]
    for index, part in zip(owner.tolist(), steps, strict=True):
        made[index].append(part)
    return made


def lines(geometry: BaseGeometry) -> list[Encoded]:
    """Return the parts of a line, simplified for display."""
    return all_lines(gpd.GeoSeries([geometry]))[0]


def rings(geometry: BaseGeometry) -> list[list[Encoded]]:
    """Return the polygons of an area, each as its outer ring and its holes."""
    simple = shapely.simplify(geometry, AREA_TOLERANCE)
    return [
        [encoded(ring.coords) for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(simple)
        if not part.is_empty
    ]


def areas(geometries: gpd.GeoSeries) -> list[list[list[Encoded]]]:
    """Return :func:`rings` of each row."""
    return [rings(geometry) for geometry in geometries]


def squares(geometries: gpd.GeoSeries) -> Ints:
    """Return the square of the grid that each geometry's first corner lies in, one row each."""
    corners = np.floor(shapely.bounds(_array(geometries))[:, :2] / CELL)
    return np.asarray(np.nan_to_num(corners), dtype=np.int64)


def in_chunks(geometries: gpd.GeoSeries) -> list[list[Encoded]]:
    """Return lines gathered by grid square: the page redraws only squares in view."""
    return [
        [part for row in rows for part in row]
        for rows in gathered(all_lines(geometries), squares(geometries))
    ]


def gathered(rows: list[Any], square: Ints) -> list[list[Any]]:
    """Return rows by grid square, squares from west to east, rows of each as they come."""
    found: dict[tuple[int, ...], list[Any]] = {}
    for row, at in zip(rows, map(tuple, square.tolist()), strict=True):
        found.setdefault(at, []).append(row)
    return [found[at] for at in sorted(found)]


def bounds(geometries: gpd.GeoSeries) -> list[list[float]]:
    """Return south-west and north-east corner as ``[[lat, lon], [lat, lon]]``."""
    west, south, east, north = (round(float(value), 5) for value in geometries.total_bounds)
    return [[south, west], [north, east]]


def _array(geometries: gpd.GeoSeries) -> Shapes:
    return np.array(geometries, dtype=object)
