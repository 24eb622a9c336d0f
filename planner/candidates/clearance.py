"""Keeps sites out of exclusion zones, and hydrogen out of set-backs and city centres."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from planner.demand import Cells

FOR_STATIONS = ("all", "stations")


def exclusions(sites: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, metric_crs: CRS) -> pd.Series:
    """Return why each site lies inside an exclusion zone; missing where it does not."""
    closed = zones[(zones["kind"] == "exclusion") & zones["applies_to"].isin(FOR_STATIONS)]
    zone = _first_zone(sites, closed, closed["radius_m"].to_numpy(), metric_crs)
    return "inside exclusion zone " + zone + " / 位于禁设区 " + zone + " 内"


def setbacks(
    sites: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, metric_crs: CRS, *, setback_m: float
) -> pd.Series:
    """Return why hydrogen may not stand at each site because of a zone; missing elsewhere.

    A set-back reaches as far as its own radius or the rule's distance, whichever is more;
    an exclusion that concerns hydrogen alone reaches as far as its radius.
    """
    is_setback = zones["kind"] == "setback"
    closed = zones[
        is_setback | ((zones["kind"] == "exclusion") & (zones["applies_to"] == "hydrogen"))
    ]
    radius_m = closed["radius_m"].to_numpy(dtype=np.float64)
    reach_m = np.where(closed["kind"] == "setback", np.maximum(radius_m, setback_m), radius_m)
    zone = _first_zone(sites, closed, reach_m, metric_crs)
    return "no hydrogen: too near to zone " + zone + " / 不得加氢:距 " + zone + " 过近"


def city_centres(sites: gpd.GeoDataFrame, cells: Cells) -> pd.Series:
    """Return why hydrogen may not stand at each urban site; missing at rural ones.

    GB 50516 keeps first-class hydrogen stations out of city centres and leaves it to the
    planning department to say where these are; urban cells stand in for them.
    """
    reason = "no hydrogen: city centre / 不得加氢:城市中心区"
    classes = [cells.area_class(place.x, place.y) for place in sites.geometry]
    reasons = [reason if area == "urban" else None for area in classes]
    return pd.Series(reasons, index=sites.index, dtype="str")


def _first_zone(
    sites: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, reach_m: NDArray[np.float64], crs: CRS
) -> pd.Series:
    """Return the smallest zone_id within reach of each site, in straight metric distance."""
    found = pd.Series(None, index=sites.index, dtype="str")
    if not len(zones) or not len(sites):
        return found
    places = shapely.STRtree(sites.geometry.to_crs(crs).to_numpy())
    grounds = zones.geometry.to_crs(crs).to_numpy()
    zone, site = places.query(grounds, predicate="dwithin", distance=reach_m)
    pairs = pd.DataFrame({"site": site, "zone": zones["zone_id"].to_numpy()[zone]})
    first = pairs.groupby("site", sort=True)["zone"].min()
    found.iloc[first.index.to_numpy()] = first.to_numpy()
    return found
