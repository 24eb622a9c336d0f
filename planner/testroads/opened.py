"""Owns which segments are opened to tests already: those that lie along the opened roads."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from planner.testroads.instance import Ints

ALONG_M = 25.0
ALONG_SHARE = 0.8


def opened_years(segments: gpd.GeoDataFrame, opened: gpd.GeoDataFrame, metric_crs: CRS) -> Ints:
    """Return the year each segment was opened, 0 where it was not.

    A segment was opened if at least 80 % of its length lies within 25 m of the opened roads;
    its year is that of the opened road along most of it, the earliest of equals.

    Parameters
    ----------
    segments, opened
        EPSG:4326, in any row order.
    """
    years = np.zeros(len(segments), dtype=np.int64)
    if not len(opened):
        return years
    lines = segments.geometry.to_crs(metric_crs).to_numpy()
    order = np.lexsort((opened["opened_id"].to_numpy(dtype=str), opened["opened_year"].to_numpy()))
    near = shapely.buffer(opened.geometry.to_crs(metric_crs).to_numpy()[order], ALONG_M)
    of_year = opened["opened_year"].to_numpy(dtype=np.int64)[order]
    tree = shapely.STRtree(near)
    met = np.unique(tree.query(lines, predicate="intersects")[0])
    shared = shapely.length(shapely.intersection(lines[met], shapely.union_all(near)))
    for row in met[shared >= ALONG_SHARE * shapely.length(lines[met])].tolist():
        touching = np.sort(tree.query(lines[row], predicate="intersects"))
        along = shapely.length(shapely.intersection(lines[row], near[touching]))
        years[row] = of_year[touching[int(np.argmax(np.round(along, 3)))]]
    return years
