"""Turns the layers of a case into the arrays of one siting problem."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.inputs import Inputs
from planner.layers import ENERGIES
from planner.network import RoadNetwork, distances_m, node_rows, snap
from planner.scenario import Scenario
from planner.siting.instance import PAYERS, Bools, Floats, Instance, Ints

HYDROGEN_KWH_PER_KG = 33.33
"""Lower heating value of hydrogen: a property of the gas, not a setting."""


@dataclass(frozen=True)
class TownshipNodes:
    """Where each township is checked from.

    Parameters
    ----------
    node
        (W,) row of its network node, -1 where there is none.
    reason
        (W,) why there is none, empty otherwise.
    """

    node: Ints
    reason: tuple[str, ...]


def usable_sites(candidate_sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the accepted candidate sites, with a fresh index."""
    return candidate_sites[candidate_sites["status"] == "accepted"].reset_index(drop=True)


def township_nodes(
    townships: gpd.GeoDataFrame, network: RoadNetwork, scenario: Scenario
) -> TownshipNodes:
    """Find the node each township is checked from, or why it cannot be checked."""
    node = np.full(len(townships), -1, dtype=np.int64)
    located = townships.geometry.notna().to_numpy()
    most_m = scenario.candidates.max_snap_m
    if located.any():
        node[located], _ = snap(network, townships.geometry[located], max_snap_m=most_m)
    far = f"no road within {most_m:g} m / {most_m:g} 米内无道路"
    reasons = [
        "" if row >= 0 else far if placed else "no place known / 位置未知"
        for row, placed in zip(node, located, strict=True)
    ]
    return TownshipNodes(node, tuple(reasons))


def make_instance(
    inputs: Inputs,
    network: RoadNetwork,
    demand_points: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    townships: TownshipNodes,
    scenario: Scenario,
) -> Instance:
    """Put the siting problem of a case into arrays.

    ``sites`` are the usable ones (:func:`usable_sites`), in the order of the instance.
    """
    codes = list(scenario.technologies)
    rows = [scenario.technologies[code] for code in codes]
    counties = tuple(inputs.counties["county_id"])
    energy_of = np.array([ENERGIES.index(row.energy) for row in rows], dtype=np.int64)
    supply = tuple(inputs.supply_nodes["supply_node_id"])
    standing = _standing(inputs, sites, codes)
    pairs = _pairs(network, demand_points, sites, _possible(sites), scenario)
    near = _near_townships(network, sites, townships, scenario)
    return Instance(
        demand_id=tuple(demand_points["demand_id"]),
        site_id=tuple(sites["site_id"]),
        technology=tuple(codes),
        county_id=counties,
        township_id=tuple(inputs.townships["township_id"]),
        supply_node_id=supply,
        demand=demand_points[[f"{energy}_per_day" for energy in ENERGIES]].to_numpy(float),
        kwh_per_unit=np.array([1.0, scenario.siting.swap_kwh, HYDROGEN_KWH_PER_KG]),
        demand_county=pd.Index(counties).get_indexer(demand_points["county_id"]).astype(np.int64),
        pair_demand=pairs.demand,
        pair_site=pairs.site,
        pair_energy=pairs.energy,
        pair_m=pairs.metres,
        allowed=_possible(sites)[:, energy_of]
        & (sites["origin"] != "existing").to_numpy()[:, None],
        max_power_kw=sites["max_power_kw"].to_numpy(float),
        site_supply=pd.Index(supply).get_indexer(sites["supply_node_id"]).astype(np.int64),
        headroom_kw=inputs.supply_nodes["headroom_kw"].to_numpy(float),
        tech_energy=energy_of,
        capacity=np.array([row.capacity_per_day for row in rows], dtype=float),
        power_kw=np.array([row.power_kw for row in rows], dtype=float),
        unit_cost=np.array([row.unit_cost_cny for row in rows], dtype=np.int64),
        fixed_cost=np.array([row.fixed_cost_cny for row in rows], dtype=np.int64),
        min_units=np.array([row.min_units for row in rows], dtype=np.int64),
        max_units=np.array([row.max_units for row in rows], dtype=np.int64),
        tech_payer=np.array([PAYERS.index(row.owner) for row in rows], dtype=np.int64),
        existing_site=standing[0],
        existing_technology=standing[1],
        existing_units=standing[2],
        township_pair=near[0],
        township_pair_site=near[1],
        budget_cny=(scenario.siting.budget_cny, scenario.siting.hydrogen_budget_cny),
    )


def _possible(sites: gpd.GeoDataFrame) -> Bools:
    """Return (J, E) whether an energy stands or may stand at a site."""
    words = sites["energies"].fillna("").str.split(",")
    rows = [[energy in set(cell) for energy in ENERGIES] for cell in words]
    return np.array(rows, dtype=bool).reshape(-1, len(ENERGIES))


def _standing(inputs: Inputs, sites: gpd.GeoDataFrame, codes: list[str]) -> tuple[Ints, Ints, Ints]:
    existing = inputs.existing_stations
    site = pd.Index(sites["site_id"]).get_indexer("x-" + existing["station_id"].astype(str))
    kept = site >= 0
    technology = pd.Index(codes).get_indexer(existing["technology"])
    units = existing["n_units"].to_numpy(np.int64)
    return (
        np.asarray(site[kept], dtype=np.int64),
        np.asarray(technology[kept], dtype=np.int64),
        np.asarray(units[kept], dtype=np.int64),
    )


@dataclass(frozen=True)
class _Pairs:
    demand: Ints
    site: Ints
    energy: Ints
    metres: Floats


def _pairs(
    network: RoadNetwork,
    demand_points: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    possible: Bools,
    scenario: Scenario,
) -> _Pairs:
    """Find every demand point, site and energy within the service radius by road."""
    radius = np.array(
        [
            [scenario.service_radius.radius_m(energy, area) for energy in ENERGIES]
            for area in demand_points["area_class"]
        ]
    ).reshape(-1, len(ENERGIES))
    table = _distance_table(network, demand_points, sites, float(radius.max(initial=0.0)))
    point, site = np.nonzero(np.isfinite(table))
    metres = table[point, site]
    parts = []
    for e in range(len(ENERGIES)):
        kept = (metres <= radius[point, e]) & possible[site, e]
        parts.append((point[kept], site[kept], np.full(int(kept.sum()), e), metres[kept]))
    demand, place, energy, distance = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.lexsort((place, demand, energy))
    return _Pairs(
        demand[order].astype(np.int64),
        place[order].astype(np.int64),
        energy[order].astype(np.int64),
        distance[order],
    )


def _distance_table(
    network: RoadNetwork, demand_points: gpd.GeoDataFrame, sites: gpd.GeoDataFrame, limit_m: float
) -> Floats:
    """Return (I, J) metres by road from each demand point to each site, inf beyond the limit."""
    point_node = node_rows(network, demand_points["node_id"])
    site_node = node_rows(network, sites["node_id"])
    sources, of_site = np.unique(site_node, return_inverse=True)
    found = distances_m(network, sources, limit_m=limit_m, toward=True)
    place_of = np.full(len(network.nodes), -1, dtype=np.int64)
    nodes = np.unique(point_node[point_node >= 0])
    place_of[nodes] = np.arange(len(nodes))
    kept = place_of[found.node] >= 0
    by_node = np.full((len(nodes) + 1, len(sources)), np.inf)
    by_node[place_of[found.node[kept]], found.source[kept]] = found.metres[kept]
    row = np.where(point_node >= 0, place_of[point_node], len(nodes))
    return np.asarray(by_node[row][:, of_site])


def _near_townships(
    network: RoadNetwork, sites: gpd.GeoDataFrame, townships: TownshipNodes, scenario: Scenario
) -> tuple[Ints, Ints]:
    """Return township and site rows within the township rule's distance by road."""
    checked = np.flatnonzero(townships.node >= 0)
    if not len(checked) or not len(sites):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    places = pd.DataFrame({"node_id": network.nodes["node_id"].to_numpy()[townships.node[checked]]})
    table = _distance_table(network, places, sites, scenario.rules.township_radius_m)
    township, site = np.nonzero(np.isfinite(table))
    return checked[township].astype(np.int64), site.astype(np.int64)
