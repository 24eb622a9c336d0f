"""Says at which generated sites heavy trucks may swap batteries."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from planner.candidates.separation import spread
from planner.network import RoadNetwork

GENERATED = ("township", "zone", "junction")
TRUCK_ROADS = ("trunk", "primary")
NEAR_M = 2000.0
"""Straight distance from a trunk or primary road at which trucks still come (assumption)."""
SPACING_SHARE = 0.5
"""Share of the urban service radius that two generated truck sites stand apart at least: one
more in between would reach no demand that they do not, but swell the model."""
FOR_TRUCKS, ON_ROAD, NEAR_ROAD, LOCKED = 0.0, 1.0, 2.0, -1.0


def truck_ranks(sites: gpd.GeoDataFrame, network: RoadNetwork, metric_crs: CRS) -> pd.Series:
    """Return how fit each generated site is for trucks, 0 the best; missing where it is not.

    0 for a logistics zone or cluster, 1 on a node of a trunk or primary road, 2 within
    ``NEAR_M`` of such a road.

    Parameters
    ----------
    sites
        Generated sites of zones for trucks have the truck swap among their ``energies``.
    network
        Roads and their classes.
    metric_crs
        Distances are straight ones in this CRS.
    """
    roads = network.segments[network.segments["road_class"].isin(TRUCK_ROADS)]
    ranks = pd.Series(np.nan, index=sites.index)
    ranks[_near(sites, roads, metric_crs)] = NEAR_ROAD
    ranks[sites["node_id"].isin({*roads["from_node"], *roads["to_node"]})] = ON_ROAD
    ranks[_offers(sites)] = FOR_TRUCKS
    return ranks.where(sites["origin"].isin(GENERATED))


def crowded(sites: gpd.GeoDataFrame, metric_crs: CRS, *, urban_radius_m: float) -> pd.Series:
    """Return which generated sites need not offer the truck swap, for a better one is near.

    Better is a locked site, then the lower rank, then the larger merit, then the smaller id.
    Locked sites, and sites with no other energy, keep it.

    Parameters
    ----------
    sites
        With ``truck_rank`` and ``locked``; rejected ones have no energies; EPSG:4326.
    metric_crs
        Distances are straight ones in this CRS.
    urban_radius_m
        Service radius of the truck swap in a city.
    """
    rank = sites["truck_rank"].where(~sites["locked"], LOCKED)
    ordered = sites.assign(rank=rank, demerit=-sites["merit"])
    ordered = ordered[_offers(sites) & sites["truck_rank"].notna()]
    ordered = ordered.sort_values(["rank", "demerit", "site_id"])
    xy = shapely.get_coordinates(ordered.geometry.to_crs(metric_crs).to_numpy())
    kept = spread(xy, SPACING_SHARE * urban_radius_m)
    kept |= (ordered["locked"] | (ordered["energies"] == "truck_swap")).to_numpy()
    gone = ordered.index[~kept]
    return pd.Series(sites.index.isin(gone), index=sites.index)


def _offers(sites: gpd.GeoDataFrame) -> pd.Series:
    return sites["energies"].str.split(",").map(lambda energies: "truck_swap" in energies)


def _near(sites: gpd.GeoDataFrame, roads: gpd.GeoDataFrame, crs: CRS) -> pd.Series:
    tree = shapely.STRtree(roads.geometry.to_crs(crs).to_numpy())
    places = sites.geometry.to_crs(crs).to_numpy()
    found = tree.query(places, predicate="dwithin", distance=NEAR_M)[0]
    return pd.Series(np.isin(np.arange(len(sites)), found), index=sites.index)
