"""Owns the ground a network is drawn on: the city, its water and its hills, in metres."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from planner.schematic.lines import Points, smooth

BORDER_M = 80.0
BANK_M = 60.0
BRIDGE_PRICE, HILL_PRICE = 15.0, 3.0
BESIDE_M, BESIDE_SHARE, SHORT_M = 700.0, 0.6, 1500.0


@dataclass(frozen=True, slots=True)
class Ground:
    """Where roads may lie; all geometries in the metres of ``crs``."""

    crs: CRS
    city: BaseGeometry
    water: BaseGeometry
    hills: BaseGeometry

    def link_price(self, start: Points, end: Points, roads: BaseGeometry) -> NDArray[np.float64]:
        """Return the price of straight links: infinite where a link may not run.

        A link may not leave the city nor run beside the roads that are there; water and
        hills on its way make it dear.
        """
        links = shapely.linestrings(np.stack([start, end], axis=1))
        length = shapely.length(links)
        price = length + BRIDGE_PRICE * shapely.length(shapely.intersection(links, self.water))
        price += HILL_PRICE * shapely.length(shapely.intersection(links, self.hills))
        shapely.prepare(self.city)
        barred = ~shapely.covers(self.city, links)
        barred |= (_share_beside(links, roads) > BESIDE_SHARE) & (length > SHORT_M)
        return np.where(barred, np.inf, price)


def read_ground(counties: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame | None, crs: CRS) -> Ground:
    """Return the ground of a city from its county polygons and its rough barriers.

    Parameters
    ----------
    counties
        Polygons (EPSG:4326).
    barriers
        Rows with ``kind`` (``river``: a line with ``width_m``; ``lake``; ``hill``), or none.
    crs
        Metric CRS to work in.
    """
    whole = shapely.union_all(counties.to_crs(crs).geometry.to_numpy())
    city = shapely.buffer(shapely.simplify(whole, 20.0), -BORDER_M)
    nothing = shapely.Polygon()
    if barriers is None or barriers.empty:
        return Ground(crs, city, nothing, nothing)
    placed = barriers.to_crs(crs)
    rivers = placed[placed["kind"] == "river"]
    courses = [
        shapely.LineString(smooth(shapely.get_coordinates(line), step_m=200.0, keep_m=5.0))
        for line in rivers.geometry
    ]
    banks = shapely.buffer(courses, rivers["width_m"].to_numpy(dtype=float) / 2)
    lakes = placed.loc[placed["kind"] == "lake", "geometry"].to_numpy()
    hills = placed.loc[placed["kind"] == "hill", "geometry"].to_numpy()
    water = shapely.union_all(np.concatenate([banks, lakes]))
    return Ground(crs, city, water, shapely.union_all(hills))


def _share_beside(links: NDArray[np.object_], roads: BaseGeometry) -> NDArray[np.float64]:
    """Return the share of each link (by nine samples) that lies close to a road."""
    shares = np.linspace(0.1, 0.9, 9)
    samples = shapely.line_interpolate_point(links[:, None], shares, normalized=True)
    tree = shapely.STRtree(shapely.get_parts(roads))
    close, _ = tree.query(samples.ravel(), predicate="dwithin", distance=BESIDE_M)
    beside = np.zeros(samples.size)
    beside[close] = 1.0
    return np.asarray(beside.reshape(samples.shape).mean(axis=1))
