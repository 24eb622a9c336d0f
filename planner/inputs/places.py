"""Says for each point in which county, township and jurisdiction it lies."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from planner.inputs.inputs import Inputs

OWN_KINDS = ("county", "district")


def locate(points: gpd.GeoSeries, inputs: Inputs) -> pd.DataFrame:
    """Return county_id, township_id and jurisdiction_id of each point.

    Parameters
    ----------
    points
        Points in EPSG:4326.
    inputs
        The layers of the case.

    Returns
    -------
    pandas.DataFrame
        Index of ``points``; missing where a point lies outside every county. A point on a
        shared border belongs to the smallest county_id. The township is the nearest located
        one of the same county (ties: smallest id). The jurisdiction is the township's own
        where it names one, else the county or district of that county.
    """
    county = county_of(points, inputs.counties)
    township = _township_of(points, county, inputs)
    own = _own_jurisdictions(inputs.jurisdictions)
    named = inputs.townships.set_index("township_id")["jurisdiction_id"].dropna().to_dict()
    jurisdiction = [
        named.get(of_township, own.get(of_county))
        for of_township, of_county in zip(township, county, strict=True)
    ]
    return pd.DataFrame(
        {
            "county_id": county,
            "township_id": township,
            "jurisdiction_id": pd.Series(jurisdiction, index=points.index, dtype="str"),
        },
        index=points.index,
    )


def county_of(points: gpd.GeoSeries, counties: gpd.GeoDataFrame) -> pd.Series:
    """Return the smallest county_id whose polygon covers each point; missing outside."""
    ordered = counties.sort_values("county_id")
    tree = shapely.STRtree(ordered.geometry.to_numpy())
    point, polygon = tree.query(points.to_numpy(), predicate="intersects")
    first = np.full(len(points), len(ordered))
    np.minimum.at(first, point, polygon)
    ids = [*ordered["county_id"], None]
    return pd.Series([ids[place] for place in first], index=points.index, dtype="str")


def _township_of(points: gpd.GeoSeries, county: pd.Series, inputs: Inputs) -> pd.Series:
    located = inputs.townships[inputs.townships.geometry.notna()].sort_values("township_id")
    nearest = np.full(len(points), None, dtype=object)
    places = located.geometry.to_crs(inputs.metric_crs).to_numpy()
    flat = points.to_crs(inputs.metric_crs).to_numpy()
    for county_id in sorted(set(located["county_id"])):
        mine = (located["county_id"] == county_id).to_numpy()
        rows = np.flatnonzero((county == county_id).to_numpy())
        if len(rows):
            ids = located["township_id"].to_numpy(dtype=object)[mine]
            nearest[rows] = ids[_nearest(flat[rows], places[mine])]
    return pd.Series(nearest, index=points.index, dtype="str")


def _nearest(points: NDArray[Any], places: NDArray[Any]) -> NDArray[np.int64]:
    point, place = shapely.STRtree(places).query_nearest(points, all_matches=True)
    first = np.full(len(points), len(places))
    np.minimum.at(first, point, place)
    return first


def _own_jurisdictions(jurisdictions: pd.DataFrame) -> dict[str, str]:
    own = jurisdictions[jurisdictions["kind"].isin(OWN_KINDS)].sort_values("jurisdiction_id")
    first = own.drop_duplicates("county_id")
    return dict(zip(first["county_id"], first["jurisdiction_id"], strict=True))
