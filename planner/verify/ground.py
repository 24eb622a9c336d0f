"""Owns places: a local projection of the verifier's own, and which county a place is in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Geod, Transformer
from scipy.spatial import cKDTree

from planner.verify.files import PlanFiles
from planner.verify.graph import Bools, Floats

GEOD = Geod(ellps="WGS84")
NEAR_M = 1.0
"""Within this of a border both answers are right: lines and buffers are drawn in steps."""
NEAR_SHARE = 0.006
"""By how much a drawn circle and a projected distance may be off, as a share of it."""
TIED_SHARE = 1e-3
STEP_DEGREES = 0.003


@dataclass(frozen=True)
class Ground:
    """The study area in metres: azimuthal equidistant about its middle, not the plan's CRS."""

    to_metres: Transformer
    county_ids: tuple[str, ...]
    counties: NDArray[Any]

    def metres(self, geometries: Any) -> NDArray[Any]:  # noqa: ANN401 - shapely is untyped
        """Return EPSG:4326 geometries in metres, long straight edges bent as degrees have them."""
        array = np.asarray(geometries, dtype=object)
        fine = shapely.segmentize(array, STEP_DEGREES)
        return np.asarray(shapely.transform(fine, self._forward), dtype=object)

    def _forward(self, lonlat: Floats) -> Floats:
        return np.column_stack(self.to_metres.transform(lonlat[:, 0], lonlat[:, 1]))

    def wrong_counties(self, places: NDArray[Any], county_ids: pd.Series) -> Bools:
        """Mark the places (points in metres) whose stated county is not where they are.

        A missing county is right only outside all counties. Within a metre of a border
        either side is right.
        """
        wrong = np.zeros(len(places), dtype=bool)
        stated = county_ids.to_numpy(dtype=object)
        known = dict(zip(self.county_ids, self.counties, strict=True))
        for county_id in sorted({str(value) for value in county_ids.dropna()}):
            rows = np.flatnonzero(stated == county_id)
            if county_id not in known:
                wrong[rows] = True
                continue
            outside = rows[~shapely.covers(known[county_id], places[rows])]
            wrong[outside] = shapely.distance(known[county_id], places[outside]) > NEAR_M
        nowhere = np.flatnonzero(county_ids.isna().to_numpy())
        for county in self.counties:
            wrong[nowhere] |= shapely.contains(county.buffer(-NEAR_M), places[nowhere])
        return wrong


def ground_of(plan: PlanFiles) -> Ground:
    """Choose the projection from the counties and bring them into it."""
    counties = plan.layer("counties").sort_values("county_id")
    west, south, east, north = (float(value) for value in counties.total_bounds)
    local = f"+proj=aeqd +lat_0={(south + north) / 2} +lon_0={(west + east) / 2} +ellps=WGS84"
    to_metres = Transformer.from_crs("EPSG:4326", local, always_xy=True)
    ground = Ground(to_metres, tuple(counties["county_id"]), np.empty(0, dtype=object))
    shapes = ground.metres(counties.geometry)
    shapely.prepare(shapes)
    return Ground(to_metres, ground.county_ids, shapes)


def geodesic_m(lines: NDArray[Any]) -> Floats:
    """Return the geodesic length of each WGS84 line, vertex by vertex, in metres."""
    lonlat, owner = shapely.get_coordinates(lines, return_index=True)
    if len(lonlat) < 2:
        return np.zeros(len(lines))
    steps = GEOD.inv(lonlat[:-1, 0], lonlat[:-1, 1], lonlat[1:, 0], lonlat[1:, 1])[2]
    inside = owner[:-1] == owner[1:]
    weights = np.where(inside, np.asarray(steps), 0.0)
    return np.asarray(np.bincount(owner[:-1], weights, minlength=len(lines)), dtype=np.float64)


def apart_m(left: Floats, right: Floats) -> Floats:
    """Return the geodesic metres between places given as longitude and latitude, row by row."""
    return np.asarray(GEOD.inv(left[:, 0], left[:, 1], right[:, 0], right[:, 1])[2], dtype=float)


def lonlat_of(points: gpd.GeoSeries) -> Floats:
    """Return longitude and latitude of points, NaN where there is none."""
    array = np.asarray(points, dtype=object)
    return np.column_stack([shapely.get_x(array), shapely.get_y(array)])


def zone_shapes(plan: PlanFiles) -> NDArray[Any]:
    """Return the zones in metres, in the order of their layer, without their radius."""
    return plan.once(ground_of).metres(plan.layer("zones").geometry)


@dataclass(frozen=True)
class Townships:
    """The townships that have a place: ids, counties, jurisdictions and metres."""

    ids: NDArray[np.object_]
    county_ids: NDArray[np.object_]
    jurisdictions: dict[str, str]
    county_jurisdictions: dict[str, str]
    xy: Floats


def townships_of(plan: PlanFiles) -> Townships:
    """Return the located townships and who administers what."""
    rows = plan.layer("townships")
    rows = rows[~(rows.geometry.isna() | rows.geometry.is_empty)]
    owners = plan.layer("jurisdictions")
    owners = owners[owners["kind"].isin(["county", "district"])].sort_values("jurisdiction_id")
    set_ones = rows.dropna(subset=["jurisdiction_id"])
    return Townships(
        rows["township_id"].to_numpy(dtype=object),
        rows["county_id"].to_numpy(dtype=object),
        dict(zip(set_ones["township_id"], set_ones["jurisdiction_id"], strict=True)),
        dict(reversed(list(zip(owners["county_id"], owners["jurisdiction_id"], strict=True)))),
        shapely.get_coordinates(plan.once(ground_of).metres(rows.geometry)),
    )


def nearest_townships(
    townships: Townships, places: NDArray[Any], county_ids: pd.Series
) -> list[set[str]]:
    """Return for each place the located townships of its county that are nearest to it.

    More than one only where they are equally near to a metre and a thousandth.
    """
    near: list[set[str]] = [set() for _ in places]
    stated = county_ids.to_numpy(dtype=object)
    xy = shapely.get_coordinates(places)
    for county_id in sorted({str(value) for value in county_ids.dropna()}):
        rows = np.flatnonzero(stated == county_id)
        mine = np.flatnonzero(townships.county_ids == county_id)
        if not len(mine) or not len(rows):
            continue
        tree = cKDTree(townships.xy[mine])
        least = tree.query(xy[rows])[0]
        found = tree.query_ball_point(xy[rows], least * (1 + TIED_SHARE) + NEAR_M)
        for row, inside in zip(rows, found, strict=True):
            near[row] = {str(townships.ids[mine[at]]) for at in inside}
    return near
