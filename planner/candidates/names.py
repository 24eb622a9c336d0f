"""Names a junction after the roads that meet there."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.inputs import Inputs
from planner.layers import ROAD_CLASSES
from planner.network import RoadNetwork

ROADS_IN_A_NAME = 2
NEAR_M = 2_000.0
WINDS_ZH = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")
WINDS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
"""Directions clockwise from north, an eighth of the circle each."""
CHINESE = re.compile("[\u4e00-\u9fff]")


def junction_names(network: RoadNetwork, node_ids: pd.Series) -> pd.Series:
    """Return a name such as "八一大道/阳明路" for each node, on the index of ``node_ids``.

    The highest classes come first; route numbers stand in where no road has a name;
    missing where no road has either.
    """
    segments = network.segments
    ends = pd.concat([segments.assign(node_id=segments[end]) for end in ("from_node", "to_node")])
    ends = ends.loc[ends["node_id"].isin(node_ids), ["node_id", "road_class", "name", "ref"]]
    ends["rank"] = ends["road_class"].map({name: at for at, name in enumerate(ROAD_CLASSES)})
    names = _joined(ends, "name").combine_first(_joined(ends, "ref"))
    return node_ids.map(names).astype("str")


def near_names(places: gpd.GeoSeries, where: pd.DataFrame, inputs: Inputs) -> pd.Series:
    """Return a name such as "三江镇附近" after the township, else the county, of each place.

    A place further than ``NEAR_M`` from its township says in which direction it lies and how
    far: "三江镇东北约 4 公里".

    Parameters
    ----------
    places
        Points (EPSG:4326); the result has their index.
    where
        From :func:`planner.inputs.locate`, on the same index.
    inputs
        The layers that hold the names.
    """
    townships = inputs.townships.set_index("township_id")
    counties = inputs.counties.set_index("county_id")["name"]
    shapes = townships.geometry.to_crs(inputs.metric_crs).centroid
    rows = zip(
        places.to_crs(inputs.metric_crs), where["township_id"], where["county_id"], strict=True
    )
    names = [
        _from(str(townships["name"][township]), shapes[township], place)
        if township in townships.index
        else _near(counties.get(county))
        for place, township, county in rows
    ]
    return pd.Series(names, index=where.index, dtype="str")


def _from(name: str, township: shapely.Point, place: shapely.Point) -> str | None:
    metres = float(place.distance(township))
    if township.is_empty or metres <= NEAR_M:
        return _near(name)
    east, north = place.x - township.x, place.y - township.y
    at = round(float(np.degrees(np.arctan2(east, north))) / 45) % 8
    km = round(metres / 1000)
    if CHINESE.search(name):
        return f"{name}{WINDS_ZH[at]}约{km}公里"
    return f"{km} km {WINDS[at]} of {name}"


def _near(name: object) -> str | None:
    if not isinstance(name, str):
        return None
    return f"{name}附近" if CHINESE.search(name) else f"near {name}"


def _joined(ends: pd.DataFrame, column: str) -> pd.Series:
    known = ends[ends[column].notna() & (ends[column] != "")]
    known = known.sort_values(["node_id", "rank", column])
    known = known.drop_duplicates(["node_id", column])
    groups = known.groupby("node_id", sort=True)[column]
    return groups.agg(lambda roads: "/".join(roads.head(ROADS_IN_A_NAME))).astype("str")
