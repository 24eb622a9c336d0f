"""Gives each county its residents: as stated, or estimated and marked as such."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from planner.crs import geodesic_length_m
from planner.crs.metric import GEOD
from planner.errors import Problem

PER_KM2 = 60.0
PER_ROAD_KM = 150.0
"""The estimate: so many residents per km2 of county and per km of road, motorways left out."""
SOURCE = f"estimate: {PER_KM2:.0f} residents per km2 and {PER_ROAD_KM:.0f} per km of road"


def with_residents(
    counties: gpd.GeoDataFrame, roads: gpd.GeoDataFrame, total: int | None
) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """Return the counties with every population filled in, and a warning for estimates.

    Parameters
    ----------
    counties
        Column population is missing where it is not known.
    roads
        The roads layer, from whose length the estimate is made.
    total
        Residents of the whole city: what remains of it after the known counties is shared
        out in proportion to the estimates.
    """
    unknown = counties["population"].isna().to_numpy()
    if not unknown.any():
        return counties, []
    guess = estimated(counties[unknown], roads)
    source = SOURCE
    if total is not None:
        left = max(total - float(counties["population"].sum()), 0.0)
        guess = guess * left / guess.sum()
        source = f"apportioned from {total} residents of the city, in proportion to the {SOURCE}"
    filled = counties.copy()
    filled.loc[unknown, "population"] = np.round(guess)
    filled.loc[unknown, "population_trust"] = "estimate"
    filled.loc[unknown, "population_source"] = source
    warning = Problem(
        "W-POP-001",
        f"the population of {int(unknown.sum())} of {len(counties)} counties is not known and was "
        f"estimated ({source})",
        "fill in population in counties.geojson, and set population_trust and population_source",
        file="counties.geojson",
        layer="counties",
        column="population",
        count=int(unknown.sum()),
    )
    return filled, [warning]


def estimated(counties: gpd.GeoDataFrame, roads: gpd.GeoDataFrame) -> np.ndarray:
    """Return a rough number of residents of each county, from its area and its roads."""
    shapes = counties.geometry.to_numpy()
    km2 = np.array([abs(GEOD.geometry_area_perimeter(shape)[0]) for shape in shapes]) / 1e6
    lived_on = roads[~roads["road_class"].isin(["motorway", "ramp"])]
    lengths = geodesic_length_m(lived_on.geometry.to_numpy()) / 1000
    middles = shapely.line_interpolate_point(
        shapely.get_geometry(lived_on.geometry.to_numpy(), 0), 0.5, normalized=True
    )
    road, county = shapely.STRtree(middles).query(shapes, predicate="intersects")[::-1]
    return PER_KM2 * km2 + PER_ROAD_KM * np.bincount(county, lengths[road], len(shapes))
