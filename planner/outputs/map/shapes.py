"""Turns geometries into the small integers that the page draws: display only, never measured."""

from __future__ import annotations

import math

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


def encoded(coordinates: NDArray[np.float64]) -> Encoded:
    """Return lon/lat rows as ``[lat, lon, dlat, dlon, ...]`` in 1e-5 degrees.

    Examples
    --------
    >>> encoded(np.array([[115.9, 28.7], [115.90001, 28.69]]))
    [2870000, 11590000, -1000, 1]
    """
    units = np.rint(np.asarray(coordinates)[:, :2] * SCALE).astype(np.int64)[:, ::-1]
    steps = np.diff(units, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    return [int(value) for value in steps.ravel()]


def point(geometry: BaseGeometry) -> Encoded:
    """Return a point, or a point inside a polygon, as ``[lat, lon]`` in 1e-5 degrees."""
    place = geometry if geometry.geom_type == "Point" else geometry.representative_point()
    return encoded(np.array([[place.x, place.y]]))


def lines(geometry: BaseGeometry) -> list[Encoded]:
    """Return the parts of a line, simplified for display."""
    simple = shapely.simplify(geometry, LINE_TOLERANCE)
    return [encoded(part.coords) for part in shapely.get_parts(simple) if not part.is_empty]


def rings(geometry: BaseGeometry) -> list[list[Encoded]]:
    """Return the polygons of an area, each as its outer ring and its holes."""
    simple = shapely.simplify(geometry, AREA_TOLERANCE)
    return [
        [encoded(ring.coords) for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(simple)
        if not part.is_empty
    ]


def cell_of(geometry: BaseGeometry) -> tuple[int, int]:
    """Return the square of the grid that a geometry's first corner lies in."""
    west, south, _, _ = geometry.bounds
    return math.floor(west / CELL), math.floor(south / CELL)


def in_chunks(geometries: gpd.GeoSeries) -> list[list[Encoded]]:
    """Return lines gathered by grid square: the page redraws only squares in view."""
    squares: dict[tuple[int, int], list[Encoded]] = {}
    for geometry in geometries:
        squares.setdefault(cell_of(geometry), []).extend(lines(geometry))
    return [squares[square] for square in sorted(squares)]


def bounds(geometries: gpd.GeoSeries) -> list[list[float]]:
    """Return south-west and north-east corner as ``[[lat, lon], [lat, lon]]``."""
    west, south, east, north = (round(float(value), 5) for value in geometries.total_bounds)
    return [[south, west], [north, east]]
