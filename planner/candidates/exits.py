"""Proposes sites at motorway exits, from which stations serve the motorway."""

from __future__ import annotations

import h3
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from planner.candidates.names import junction_names
from planner.network import RoadNetwork, usable_nodes

PLACE_RESOLUTION = 11
"""H3 cells of some 25 m: ids that stay when the roads elsewhere change."""


def exit_sites(network: RoadNetwork) -> pd.DataFrame:
    """Return a site at each usable node inside a county where one leaves a motorway.

    That is a node of a road one may stop on which a motorway touches, or a ramp that leads
    over ramps alone to a motorway.

    Returns
    -------
    pandas.DataFrame
        As :func:`planner.candidates.junctions.junction_sites`, merit 0; of several nodes in
        one H3 cell of ``PLACE_RESOLUTION`` the first.
    """
    rows = np.flatnonzero(_exits(network) & usable_nodes(network))
    nodes = network.nodes.iloc[rows]
    nodes = nodes[nodes["county_id"].notna()]
    places = [h3.latlng_to_cell(at.y, at.x, PLACE_RESOLUTION) for at in nodes.geometry]
    sites = pd.DataFrame(
        {
            "site_id": [f"j-exit-{place}" for place in places],
            "node_id": nodes["node_id"].to_numpy(),
            "merit": 0.0,
            "geometry": nodes.geometry.to_numpy(),
        }
    ).drop_duplicates("site_id", ignore_index=True)
    sites["name"] = junction_names(network, sites["node_id"])
    return sites.assign(origin="junction")


def _exits(network: RoadNetwork) -> NDArray[np.bool_]:
    """Return (N,) whether a motorway touches the node, directly or over ramps."""
    classes = network.segments["road_class"].to_numpy(dtype=object)
    touched = _touched(network, classes == "motorway")
    ramp = classes == "ramp"
    size = len(network.nodes)
    ends = (network.from_index[ramp], network.to_index[ramp])
    graph = csr_array((np.ones(int(ramp.sum())), ends), shape=(size, size))
    label = connected_components(graph, directed=False)[1]
    leads = np.zeros(size, dtype=bool)
    leads[label[touched]] = True
    return touched | (_touched(network, ramp) & leads[label])


def _touched(network: RoadNetwork, segments: NDArray[np.bool_]) -> NDArray[np.bool_]:
    touched = np.zeros(len(network.nodes), dtype=np.bool_)
    touched[network.from_index[segments]] = True
    touched[network.to_index[segments]] = True
    return touched
