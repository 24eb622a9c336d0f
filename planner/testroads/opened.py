"""Owns which segments are opened to tests already, and which of them are closed again."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from planner.testroads.instance import Ints

ALONG_M = 25.0
ALONG_SHARE = 0.8


@dataclass(frozen=True)
class Opened:
    """What was opened to tests before the plan, per segment; 0 stands for never.

    ``year`` is when a segment was opened that is open to the end of the plan; ``past_year``
    and ``closed_year`` are when another was opened and closed by then.
    """

    year: Ints
    past_year: Ints
    closed_year: Ints


def opened_history(
    segments: gpd.GeoDataFrame, opened: gpd.GeoDataFrame, metric_crs: CRS, last_year: int
) -> Opened:
    """Return what was opened before, and what of it is closed by the last year.

    A segment was opened if at least 80 % of its length lies within 25 m of the opened roads;
    its years are those of the opened road along most of it, the earliest of equals. Where one
    road along it stays open, it stays open.

    Parameters
    ----------
    segments, opened
        EPSG:4326, in any row order.
    last_year
        Last year of the plan: roads that close later stay open here.
    """
    stays = ~(opened["closed_year"] <= last_year).to_numpy(dtype=bool)
    lines = segments.geometry.to_crs(metric_crs).to_numpy()
    staying, closing = opened[stays], opened[~stays]
    year = _values(staying, "opened_year", _road_along(lines, staying, metric_crs))
    past = _road_along(lines, closing, metric_crs)
    past[year > 0] = -1
    return Opened(
        year, _values(closing, "opened_year", past), _values(closing, "closed_year", past)
    )


def _values(opened: gpd.GeoDataFrame, column: str, road: Ints) -> Ints:
    """Return a column of the opened road of each segment, 0 where there is none."""
    cells = np.append(opened[column].to_numpy(dtype=np.int64), 0)
    return np.asarray(cells[road])


def _road_along(lines: NDArray[np.object_], opened: gpd.GeoDataFrame, metric_crs: CRS) -> Ints:
    """Return the row of the opened road along each line, -1 where there is none."""
    road = np.full(len(lines), -1, dtype=np.int64)
    if not len(opened):
        return road
    order = np.lexsort((opened["opened_id"].to_numpy(dtype=str), opened["opened_year"].to_numpy()))
    near = shapely.buffer(opened.geometry.to_crs(metric_crs).to_numpy()[order], ALONG_M)
    tree = shapely.STRtree(near)
    met = np.unique(tree.query(lines, predicate="intersects")[0])
    shared = shapely.length(shapely.intersection(lines[met], shapely.union_all(near)))
    for row in met[shared >= ALONG_SHARE * shapely.length(lines[met])].tolist():
        touching = np.sort(tree.query(lines[row], predicate="intersects"))
        along = shapely.length(shapely.intersection(lines[row], near[touching]))
        road[row] = order[touching[int(np.argmax(np.round(along, 3)))]]
    return road
