"""Names a junction after the roads that meet there."""

from __future__ import annotations

import re

import pandas as pd

from planner.inputs import Inputs
from planner.layers import ROAD_CLASSES
from planner.network import RoadNetwork

ROADS_IN_A_NAME = 2
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


def near_names(where: pd.DataFrame, inputs: Inputs) -> pd.Series:
    """Return a name such as "三江镇附近" after the township, else the county, of each place.

    Parameters
    ----------
    where
        From :func:`planner.inputs.locate`; the result has its index.
    inputs
        The layers that hold the names.
    """
    townships = inputs.townships.set_index("township_id")["name"]
    counties = inputs.counties.set_index("county_id")["name"]
    names = where["township_id"].map(townships).astype("str")
    names = names.fillna(where["county_id"].map(counties).astype("str"))
    return names.map(_near, na_action="ignore").astype("str")


def _near(name: str) -> str:
    return f"{name}附近" if CHINESE.search(name) else f"near {name}"


def _joined(ends: pd.DataFrame, column: str) -> pd.Series:
    known = ends[ends[column].notna() & (ends[column] != "")]
    known = known.sort_values(["node_id", "rank", column])
    known = known.drop_duplicates(["node_id", column])
    groups = known.groupby("node_id", sort=True)[column]
    return groups.agg(lambda roads: "/".join(roads.head(ROADS_IN_A_NAME))).astype("str")
