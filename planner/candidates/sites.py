"""Makes the candidate sites: proposes places, applies the rules, keeps the reasons."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.candidates.clearance import city_centres, exclusions, setbacks
from planner.candidates.exits import exit_sites
from planner.candidates.junctions import junction_sites
from planner.candidates.names import near_names
from planner.candidates.proposals import propose
from planner.candidates.reviews import locked, without_refused
from planner.candidates.separation import too_near
from planner.candidates.trucks import crowded, truck_ranks
from planner.demand import Cells, cells_of
from planner.errors import InputError, Problem
from planner.inputs import Inputs, locate
from planner.layers import CANDIDATE_SITES, ENERGIES
from planner.network import RoadNetwork, snap
from planner.scenario import Scenario

GIVEN = ("existing", "case")
"""Origins whose places were given; the others stand on their road node."""


def make_candidate_sites(
    inputs: Inputs, network: RoadNetwork, demand_points: gpd.GeoDataFrame, scenario: Scenario
) -> gpd.GeoDataFrame:
    """Return every place a station stands or was thought of, accepted or rejected.

    Existing stations keep their place and their energy and are rejected only where no
    road is near. Other sites are rejected outside every county, without a road, inside
    an exclusion zone, too near to a better site, or if no energy is left to them.
    Hydrogen is taken from sites within a set-back and from urban cells (an assumption:
    no layer says where the city centre ends). Generated sites offer the truck swap where
    they stand on or near a trunk or primary road, or for a logistics zone or a cluster,
    half the urban service radius apart. Reviews take the energies they ban from a site, and keep
    one they lock from giving way to others.

    Returns
    -------
    geopandas.GeoDataFrame
        Satisfies ``layers.CANDIDATE_SITES``, EPSG:4326, RangeIndex; sorted by origin
        (existing, case, township, zone, junction), then ``site_id``.

    Raises
    ------
    InputError
        ``E-CND-001`` if an id of the case's own sites is also the id of another site.
    """
    cells = cells_of(network, scenario)
    junctions = junction_sites(network, demand_points, cells, inputs.metric_crs, scenario)
    junctions = pd.concat([junctions, exit_sites(network)], ignore_index=True)
    proposed = propose(inputs, junctions, scenario)
    _check_ids(proposed)
    sites = _on_network(proposed, network, scenario)
    sites["truck_rank"] = truck_ranks(sites, network, inputs.metric_crs)
    with_trucks = sites["energies"].map(_and_trucks)
    sites["energies"] = with_trucks.where(sites["truck_rank"].notna(), sites["energies"])
    where = locate(sites.geometry, inputs)
    sites["county_id"], sites["jurisdiction_id"] = where["county_id"], where["jurisdiction_id"]
    sites["name"] = sites["name"].fillna(
        near_names(sites.geometry, where, inputs).where(sites["origin"] == "junction")
    )
    sites["supply_node_id"] = _supply_nodes(sites, inputs)
    sites = _judged(sites, inputs, cells, scenario)
    return sites[[*CANDIDATE_SITES.column_names(), "geometry"]]


def _check_ids(sites: gpd.GeoDataFrame) -> None:
    twice = sites["site_id"][sites["site_id"].duplicated()]
    if len(twice):
        raise InputError(
            Problem(
                "E-CND-001",
                "the id of a candidate site is also the id of another site",
                "give it an id that does not begin with x-, t-, z- or j-",
                layer="candidate_sites",
                column="site_id",
                value=str(twice.iloc[0]),
                count=len(twice),
            )
        )


def _on_network(
    sites: gpd.GeoDataFrame, network: RoadNetwork, scenario: Scenario
) -> gpd.GeoDataFrame:
    rows, metres = snap(network, sites.geometry, max_snap_m=scenario.candidates.max_snap_m)
    found = rows >= 0
    node_ids = network.nodes["node_id"].to_numpy(dtype=object)
    sites["node_id"] = pd.Series(np.where(found, node_ids[rows], None), dtype="str")
    sites["snap_m"] = metres
    moves = found & ~sites["origin"].isin(GIVEN).to_numpy()
    places = sites.geometry.to_numpy().copy()
    places[moves] = network.nodes.geometry.to_numpy()[rows[moves]]
    return sites.set_geometry(gpd.GeoSeries(places, index=sites.index, crs=sites.crs))


def _supply_nodes(sites: gpd.GeoDataFrame, inputs: Inputs) -> pd.Series:
    """Return the nearest supply node of each site by straight distance (ties: smallest id)."""
    supply = inputs.supply_nodes.sort_values("supply_node_id")
    if not len(supply) or not len(sites):
        return pd.Series(None, index=sites.index, dtype="str")
    tree = shapely.STRtree(supply.geometry.to_crs(inputs.metric_crs).to_numpy())
    places = sites.geometry.to_crs(inputs.metric_crs).to_numpy()
    site, node = tree.query_nearest(places, all_matches=True)
    nearest = np.full(len(sites), len(supply))
    np.minimum.at(nearest, site, node)
    ids = supply["supply_node_id"].to_numpy(dtype=object)
    return pd.Series(ids[nearest], index=sites.index, dtype="str")


def _judged(
    sites: gpd.GeoDataFrame, inputs: Inputs, cells: Cells, scenario: Scenario
) -> gpd.GeoDataFrame:
    sites = sites.assign(locked=locked(sites, inputs.reviews))
    limits = _limits(sites, inputs, cells, scenario).where(sites["origin"] != "existing")
    allowed = sites["energies"].where(limits.isna(), sites["energies"].map(_no_hydrogen))
    sites["energies"], refused = without_refused(sites.assign(energies=allowed), inputs.reviews)
    limits = _both(limits, refused)
    reasons = _rejections(sites, inputs, scenario)
    reasons = reasons.fillna(limits.where(sites["energies"] == ""))
    reasons = reasons.fillna(_too_near(sites[reasons.isna()], inputs, scenario))
    rejected = reasons.notna()
    sites["status"] = np.where(rejected, "rejected", "accepted")
    sites["energies"] = sites["energies"].where(~rejected, "")
    sites["reason"] = reasons.fillna(limits).astype("str")
    return _truck_sites_apart(sites, inputs, scenario)


def _both(one: pd.Series, other: pd.Series) -> pd.Series:
    return (one + "; " + other).fillna(one).fillna(other)


def _too_near(sites: gpd.GeoDataFrame, inputs: Inputs, scenario: Scenario) -> pd.Series:
    separation_m = scenario.candidates.min_separation_m
    return too_near(sites, inputs.metric_crs, min_separation_m=separation_m)


def _truck_sites_apart(
    sites: gpd.GeoDataFrame, inputs: Inputs, scenario: Scenario
) -> gpd.GeoDataFrame:
    radius_m = scenario.service_radius.truck_swap_urban_m
    near = crowded(sites, inputs.metric_crs, urban_radius_m=radius_m)
    return sites.assign(energies=sites["energies"].where(~near, sites["energies"].map(_no_trucks)))


def _limits(sites: gpd.GeoDataFrame, inputs: Inputs, cells: Cells, scenario: Scenario) -> pd.Series:
    """Return why hydrogen is not allowed at each site that asks for it; missing elsewhere."""
    setback_m = scenario.rules.hydrogen_setback_m
    asks = sites["energies"].str.contains("hydrogen", regex=False)
    near = setbacks(sites, inputs.zones, inputs.metric_crs, setback_m=setback_m)
    return near.fillna(city_centres(sites, cells)).where(asks)


def _no_hydrogen(energies: str) -> str:
    return ",".join(energy for energy in energies.split(",") if energy != "hydrogen")


def _no_trucks(energies: str) -> str:
    return ",".join(energy for energy in energies.split(",") if energy != "truck_swap")


def _and_trucks(energies: str) -> str:
    return ",".join(energy for energy in ENERGIES if energy in (*energies.split(","), "truck_swap"))


def _rejections(sites: gpd.GeoDataFrame, inputs: Inputs, scenario: Scenario) -> pd.Series:
    max_snap_m = scenario.candidates.max_snap_m
    no_road = f"no road within {max_snap_m:.0f} m / {max_snap_m:.0f} m 内无可用道路"
    outside = "outside every county / 位于各区县之外"
    generated = sites["origin"] != "existing"
    reasons = pd.Series(None, index=sites.index, dtype="str")
    reasons[generated & sites["county_id"].isna()] = outside
    reasons[sites["node_id"].isna() & reasons.isna()] = no_road
    closed = exclusions(sites, inputs.zones, inputs.metric_crs)
    return reasons.fillna(closed.where(generated))
