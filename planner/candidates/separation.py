"""Drops generated sites that stand too near to a better one."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from scipy.spatial import cKDTree

PRIORITY = ("case", "township", "zone", "junction")
NEVER_DROPPED = "case"
SET_ASIDE = frozenset({"hydrogen", "truck_swap"})
"""Energies that rules leave to some sites only; for them alone no second site is kept."""


def too_near(sites: gpd.GeoDataFrame, metric_crs: CRS, *, min_separation_m: float) -> pd.Series:
    """Return why each site gives way to a better one nearby; missing where it stays.

    Better is the earlier origin of ``PRIORITY``, then the larger merit, then the smaller
    id. Locked sites come before all others; neither they nor the planner's own points ever
    give way, and others give way to one only if it allows whatever they allow (hydrogen and
    the truck swap aside); existing stations play no part.

    Parameters
    ----------
    sites
        Sites that no other rule has rejected, EPSG:4326; ``locked`` says which a reviewer
        has locked.
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
    energies = [frozenset(text.split(",")) - SET_ASIDE for text in ranked["energies"]]
    stays = (ranked["locked"] | (ranked["origin"] == NEVER_DROPPED)).to_numpy()
    kept = np.zeros(len(ranked), dtype=bool)
    for at, label in enumerate(ranked.index):
        distance_m = {
            other: float(np.hypot(*(xy[at] - xy[other])))
            for other in near[at]
            if kept[other] and energies[at] <= energies[other]
        }
        rivals = [(m, other) for other, m in distance_m.items() if m < min_separation_m]
        kept[at] = not rivals or stays[at]
        if not kept[at]:
            metres, better = min(rivals)
            name = ranked["site_id"].iloc[better]
            reasons[label] = (
                f"too near to site {name} ({metres:.0f} m) / 距站址 {name} 过近({metres:.0f} m)"
            )
    return reasons


def _ranked(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    rank = sites["origin"].map({origin: at for at, origin in enumerate(PRIORITY)})
    ordered = sites.assign(rank=rank.where(~sites["locked"], -1), demerit=-sites["merit"])
    return ordered[rank.notna()].sort_values(["rank", "demerit", "site_id"])


def spread(xy: NDArray[np.float64], spacing_m: float) -> NDArray[np.bool_]:
    """Return which points stay if each gives way to an earlier one nearer than the spacing."""
    kept = np.zeros(len(xy), dtype=np.bool_)
    for at in range(len(xy)):
        kept[at] = not kept.any() or np.hypot(*(xy[kept] - xy[at]).T).min() >= spacing_m
    return kept
