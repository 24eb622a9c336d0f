"""Picks the junctions that are worth proposing as sites, after the demand around them."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import h3
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from planner.candidates.names import junction_names
from planner.demand import Cells
from planner.network import RoadNetwork, incident_counts
from planner.scenario import Scenario

PLANNED_USE = 0.5
"""Share of a full site's capacity that the number of sites reckons with."""
COLUMNS = ["site_id", "node_id", "merit", "geometry"]


def junction_sites(
    network: RoadNetwork,
    demand_points: gpd.GeoDataFrame,
    cells: Cells,
    metric_crs: CRS,
    scenario: Scenario,
) -> pd.DataFrame:
    """Return as many sites as the charging demand needs at half the capacity of a full site.

    In a city every demand point's node is a site, and a point with more demand than one
    site holds has further junctions of its cell, the largest first, ``min_separation_m``
    apart. Rural radii span several cells, so that a site in each would only swell the
    model: of the rural points in one H3 cell of the next coarser resolution the most
    populous are sites, at least one.

    Returns
    -------
    pandas.DataFrame
        ``site_id``, ``name``, ``origin``, ``merit`` (residents, shared among the sites of
        one point), ``geometry``.
    """
    on_road = demand_points[demand_points["node_id"].notna()].sort_values("demand_id")
    full_kwh = PLANNED_USE * _full_site_kwh(scenario)
    is_urban = on_road["area_class"] == "urban"
    urban, rural = on_road[is_urban], on_road[~is_urban]
    rural = rural[_picked(rural, scenario.demand.h3_resolution - 1, full_kwh)]
    heavy = urban[urban["charging_per_day"] > full_kwh]
    places = _cell_places(heavy, network, cells, metric_crs)
    separation_m = scenario.candidates.min_separation_m
    more = [_further(*place, full_kwh, separation_m) for place in places]
    sites = pd.concat([_at_points(urban), _at_points(rural), *more], ignore_index=True)
    sites["name"] = junction_names(network, sites["node_id"])
    return sites.assign(origin="junction")


def _full_site_kwh(scenario: Scenario) -> float:
    """Return what one site can charge in a day with its best technology."""
    limit_kw = scenario.candidates.max_power_kw
    full = [
        row.capacity_per_day * min(row.max_units, limit_kw // max(row.power_kw, 1.0))
        for row in scenario.technologies_of("charging").values()
    ]
    return max(full, default=0.0) or float("inf")


def _picked(rural: gpd.GeoDataFrame, resolution: int, full_kwh: float) -> pd.Series:
    parent = [h3.latlng_to_cell(place.y, place.x, resolution) for place in rural.geometry]
    ordered = rural.assign(parent=parent, less=-rural["population"])
    groups = ordered.sort_values(["parent", "less", "demand_id"]).groupby("parent", sort=True)
    needed = np.ceil(groups["charging_per_day"].transform("sum") / full_kwh).clip(lower=1)
    return (groups.cumcount() < needed).reindex(rural.index)


def _at_points(points: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "site_id": "j" + points["demand_id"].str.removeprefix("d"),
            "node_id": points["node_id"],
            "merit": points["population"],
            "geometry": points.geometry,
        }
    )


def _cell_places(
    heavy: gpd.GeoDataFrame, network: RoadNetwork, cells: Cells, metric_crs: CRS
) -> Iterator[tuple[pd.Series, gpd.GeoDataFrame]]:
    """Yield each heavy point with the junctions of its cell and county, the largest first.

    The first of them is the point's own node, whatever meets there.
    """
    nodes = network.nodes.iloc[cells.nodes["row"].to_numpy()]
    nodes = nodes.assign(
        cell=cells.nodes["cell"].to_numpy(),
        size=incident_counts(network)[cells.nodes["row"].to_numpy()],
        is_junction=cells.nodes["is_junction"].to_numpy(),
    )
    for _, point in heavy.iterrows():
        cell = h3.latlng_to_cell(point.geometry.y, point.geometry.x, cells.resolution)
        own = nodes["node_id"] == point["node_id"]
        here = (nodes["cell"] == cell) & (nodes["county_id"] == point["county_id"])
        found = nodes[own | (here & nodes["is_junction"])].assign(own=own)
        found = found.sort_values(["own", "size"], ascending=False, kind="stable")
        xy = shapely.get_coordinates(found.geometry.to_crs(metric_crs).to_numpy())
        yield point, found.assign(x_m=xy[:, 0], y_m=xy[:, 1])


def _further(
    point: pd.Series, places: gpd.GeoDataFrame, full_kwh: float, separation_m: float
) -> pd.DataFrame:
    needed = int(np.ceil(point["charging_per_day"] / full_kwh))
    xy = places[["x_m", "y_m"]].to_numpy()
    chosen = [0]
    for at in range(1, len(xy)):
        if len(chosen) == needed:
            break
        if np.hypot(*(xy[chosen] - xy[at]).T).min() >= separation_m:
            chosen.append(at)
    rows = [
        (
            f"j{point['demand_id'].removeprefix('d')}-{number}",
            places["node_id"].iloc[at],
            point["population"] / number,
            places.geometry.iloc[at],
        )
        for number, at in enumerate(chosen[1:], start=2)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)
