"""Gives back to a siting problem the charging stations that reviews refuse."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.network import distance_pairs, node_rows
from planner.siting.from_layers import Place
from planner.siting.instance import Instance
from planner.siting.made_layers import Answered
from planner.siting.reasons.additions import NewSite, with_sites


def unbanned(
    instance: Instance,
    answered: Answered,
    place: Place,
    candidate_sites: gpd.GeoDataFrame | None,
) -> Instance:
    """Return the problem with a charging site wherever a review refuses one.

    They count for townships only: motorways and demand do not see them. The same object
    where nothing is refused, or the candidate sites are not known.
    """
    reviews = answered.inputs.reviews
    refused = reviews[(reviews["mark"] == "ban") & reviews["energy"].isin(["charging", "all"])]
    if candidate_sites is None or not len(refused):
        return instance
    known = candidate_sites[
        candidate_sites["site_id"].isin(set(refused["site_id"]))
        & (candidate_sites["origin"] != "existing")
        & candidate_sites["node_id"].notna()
    ].sort_values("site_id")
    if not len(known):
        return instance
    nodes = node_rows(place.network, known["node_id"])
    limit_m = answered.scenario.rules.township_radius_m
    near = distance_pairs(place.network, place.townships.node, nodes, limit_m=limit_m)
    supply = pd.Index(instance.supply_node_id).get_indexer(known["supply_node_id"])
    county = pd.Index(instance.county_id).get_indexer(known["county_id"])
    sites = [
        NewSite(
            f"refused-{site_id}",
            int(county[row]),
            int(supply[row]),
            tuple(np.unique(near.start[near.end == row]).tolist()),
        )
        for row, site_id in enumerate(known["site_id"])
    ]
    return with_sites(instance, sites, answered.scenario)
