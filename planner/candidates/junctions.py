"""Picks the demand points whose own junction is worth proposing as a site."""

from __future__ import annotations

import geopandas as gpd
import h3
import numpy as np
import pandas as pd

from planner.candidates.names import junction_names
from planner.network import RoadNetwork
from planner.scenario import Scenario

PLANNED_USE = 0.5
"""Share of a full site's capacity that the number of rural sites reckons with."""


def junction_sites(
    network: RoadNetwork, demand_points: gpd.GeoDataFrame, scenario: Scenario
) -> pd.DataFrame:
    """Return a site on the node of each urban demand point and of some rural ones.

    Rural radii span several cells, so that a site in each would only swell the model: of
    the rural points in one H3 cell of the next coarser resolution the most populous are
    taken, as many as their charging demand needs at half the capacity of a full site, but
    at least one.

    Returns
    -------
    pandas.DataFrame
        ``site_id``, ``name``, ``origin``, ``merit`` (residents), ``geometry``.
    """
    on_road = demand_points[demand_points["node_id"].notna()]
    urban = on_road["area_class"] == "urban"
    picked = on_road[
        urban | _picked_rural(on_road[~urban], scenario).reindex(on_road.index, fill_value=False)
    ]
    return pd.DataFrame(
        {
            "site_id": "j" + picked["demand_id"].str.removeprefix("d"),
            "name": junction_names(network, picked["node_id"]),
            "origin": "junction",
            "merit": picked["population"],
            "geometry": picked.geometry,
        }
    )


def _picked_rural(rural: gpd.GeoDataFrame, scenario: Scenario) -> pd.Series:
    resolution = scenario.demand.h3_resolution - 1
    parent = [h3.latlng_to_cell(place.y, place.x, resolution) for place in rural.geometry]
    ordered = rural.assign(parent=parent, less=-rural["population"])
    ordered = ordered.sort_values(["parent", "less", "demand_id"])
    groups = ordered.groupby("parent", sort=True)
    load = groups["charging_per_day"].transform("sum")
    needed = np.ceil(load / (PLANNED_USE * _full_site_kwh(scenario))).clip(lower=1)
    return groups.cumcount() < needed


def _full_site_kwh(scenario: Scenario) -> float:
    """Return what one site can charge in a day with its best technology."""
    limit_kw = scenario.candidates.max_power_kw
    full = [
        row.capacity_per_day * min(row.max_units, limit_kw // max(row.power_kw, 1.0))
        for row in scenario.technologies_of("charging").values()
    ]
    return max(full, default=0.0) or float("inf")
