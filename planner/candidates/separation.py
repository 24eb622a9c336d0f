"""Drops generated sites that stand too near to a better one."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from scipy.spatial import cKDTree

PRIORITY = ("case", "township", "zone", "junction")
NEVER_DROPPED = "case"


def too_near(sites: gpd.GeoDataFrame, metric_crs: CRS, *, min_separation_m: float) -> pd.Series:
    """Return why each site gives way to a better one nearby; missing where it stays.

    Better is the earlier origin of ``PRIORITY``, then the larger merit, then the smaller
    id. The planner's own points never give way, and others give way to one only if it
    allows whatever they allow (hydrogen aside); existing stations play no part.

    Parameters
    ----------
    sites
        Sites that no other rule has rejected, EPSG:4326.
    metric_crs
        Distances are straight ones in this CRS.
    min_separation_m
        Sites nearer than this are too near.
    """
    reasons = pd.Series(None, index=sites.index, dtype="str")
    ranked = _ranked(sites)
    if not len(ranked):
        return reasons
    xy = shapely.get_coordinates(ranked.geometry.to_crs(metric_crs).to_numpy())
    near = cKDTree(xy).query_ball_point(xy, min_separation_m)
    energies = [frozenset(text.split(",")) - {"hydrogen"} for text in ranked["energies"]]
    kept = np.zeros(len(ranked), dtype=bool)
    for at, label in enumerate(ranked.index):
        distance_m = {
            other: float(np.hypot(*(xy[at] - xy[other])))
            for other in near[at]
            if kept[other] and energies[at] <= energies[other]
        }
        rivals = [(m, other) for other, m in distance_m.items() if m < min_separation_m]
        kept[at] = not rivals or ranked["origin"].iloc[at] == NEVER_DROPPED
        if not kept[at]:
            metres, better = min(rivals)
            name = ranked["site_id"].iloc[better]
            reasons[label] = (
                f"too near to site {name} ({metres:.0f} m) / 距站址 {name} 过近({metres:.0f} m)"
            )
    return reasons


def _ranked(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    rank = sites["origin"].map({origin: at for at, origin in enumerate(PRIORITY)})
    ordered = sites.assign(rank=rank, demerit=-sites["merit"])[rank.notna()]
    return ordered.sort_values(["rank", "demerit", "site_id"])
