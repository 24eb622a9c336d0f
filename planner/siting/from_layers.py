"""Turns the layers of a case into the arrays of one siting problem."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.demand import demand_by_year, electric_vehicles, fleet_demand
from planner.inputs import Inputs
from planner.layers import ENERGIES
from planner.network import RoadNetwork, distance_pairs, node_rows, snap
from planner.scenario import Scenario
from planner.siting.instance import UPGRADE_LIFE_YEARS, Instance, Supply
from planner.siting.kinds import (
    counts,
    fast_kinds,
    fits_parking,
    make_kinds,
    make_terms,
    parking_limits,
)
from planner.siting.milestones import pose_milestones
from planner.siting.options import (
    KEEP,
    Bools,
    Floats,
    Ints,
    Options,
    Standing,
    annuity,
    group_options,
    stacked,
)
from planner.siting.ways import Ways

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


@dataclass(frozen=True)
class Place:
    """What the problem is made from besides the inputs: the ground it stands on."""

    network: RoadNetwork
    demand_points: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    townships: TownshipNodes
    ways: Ways


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


def make_instance(inputs: Inputs, place: Place, scenario: Scenario) -> Instance:
    """Put the siting problem of a case into arrays.

    ``place.sites`` are the usable ones (:func:`usable_sites`), in the order of the instance.
    """
    sites, points, years = place.sites, place.demand_points, scenario.siting.years()
    counties = pd.Index(inputs.counties["county_id"])
    supply = pd.Index(inputs.supply_nodes["supply_node_id"])
    group_site, group_energy, options = _groups(inputs, sites, scenario)
    pairs = _pairs(place, scenario)
    near = _near_townships(place, scenario)
    return Instance(
        years=tuple(years),
        demand_id=tuple(points["demand_id"]),
        site_id=tuple(sites["site_id"]),
        technology=tuple(scenario.technologies),
        county_id=tuple(counties),
        township_id=tuple(inputs.townships["township_id"]),
        supply_node_id=tuple(supply),
        demand=demand_by_year(points, inputs, scenario),
        kwh_per_unit=kwh_per_unit(scenario),
        demand_county=counties.get_indexer(points["county_id"]).astype(np.int64),
        pair_demand=pairs.demand,
        pair_site=pairs.site,
        pair_energy=pairs.energy,
        pair_m=pairs.metres,
        group_site=group_site,
        group_energy=group_energy,
        options=options,
        max_power_kw=sites["max_power_kw"].to_numpy(float),
        site_supply=supply.get_indexer(sites["supply_node_id"]).astype(np.int64),
        site_county=counties.get_indexer(sites["county_id"]).astype(np.int64),
        supply=_supply(inputs, scenario),
        township_pair=near[0],
        township_pair_site=near[1],
        highway=place.ways.highway,
        trips=place.ways.trips,
        trip_energy=place.ways.trip_energy,
        trip_volume=place.ways.trip_volume,
        units_needed=_units_needed(inputs, points, scenario),
        budget_cny=_budgets(scenario),
        locked=_locks(inputs, sites, group_site, group_energy, options),
        milestones=pose_milestones(scenario, inputs.counties, inputs.townships),
    )


def kwh_per_unit(scenario: Scenario) -> Floats:
    """Return (E,) kWh that one unit of each energy counts for."""
    siting = scenario.siting
    return np.array([1.0, siting.swap_kwh, siting.truck_swap_kwh, HYDROGEN_KWH_PER_KG])


def _possible(sites: gpd.GeoDataFrame) -> Bools:
    """Return (J, E) whether an energy stands or may stand at a site."""
    words = sites["energies"].fillna("").str.split(",")
    rows = [[energy in set(cell) for energy in ENERGIES] for cell in words]
    return np.array(rows, dtype=bool).reshape(-1, len(ENERGIES))


def _groups(
    inputs: Inputs, sites: gpd.GeoDataFrame, scenario: Scenario
) -> tuple[Ints, Ints, Options]:
    """Return site and energy of each group, and all options."""
    kinds, terms = make_kinds(scenario), make_terms(scenario)
    standing = _standing(inputs, sites, scenario)
    existing = (sites["origin"] == "existing").to_numpy()
    places = [parking_limits(float(value), scenario) for value in sites["parking_places"]]
    groups: list[tuple[int, int]] = []
    rows: list[tuple[float, ...]] = []
    for j, e in np.argwhere(_possible(sites)).tolist():
        found = standing.get((j, e))
        if existing[j] and found is None:
            continue
        own = [
            row
            for row in group_options(len(groups), kinds, e, found, terms)
            if row[3] == KEEP or fits_parking(e, int(row[2]), places[j])
        ]
        if own:
            groups.append((j, e))
            rows.extend(own)
    table = np.array(groups, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1], stacked(rows, fast_kinds(scenario))


def _standing(
    inputs: Inputs, sites: gpd.GeoDataFrame, scenario: Scenario
) -> dict[tuple[int, int], Standing]:
    codes = list(scenario.technologies)
    existing = inputs.existing_stations
    site = pd.Index(sites["site_id"]).get_indexer("x-" + existing["station_id"].astype(str))
    found = {}
    for j, code, units in zip(site, existing["technology"], existing["n_units"], strict=True):
        if j >= 0:
            energy = ENERGIES.index(scenario.technologies[code].energy)
            found[int(j), energy] = Standing(codes.index(code), int(units))
    return found


def _supply(inputs: Inputs, scenario: Scenario) -> Supply:
    nodes = inputs.supply_nodes
    upgrade_kw = nodes["upgrade_kw"].fillna(0.0).to_numpy(float)
    cost = nodes["upgrade_cost_cny"].fillna(0).to_numpy(float).astype(np.int64)
    share = annuity(scenario.siting.discount_rate, UPGRADE_LIFE_YEARS)
    return Supply(
        nodes["headroom_kw"].to_numpy(float),
        upgrade_kw,
        cost,
        np.rint(cost * share).astype(np.int64),
        nodes["upgrade_lead_years"].fillna(0).to_numpy(float).astype(np.int64),
    )


def _units_needed(inputs: Inputs, points: gpd.GeoDataFrame, scenario: Scenario) -> Ints:
    """Return (C,) the charging units that a county's electric vehicles call for."""
    counties = inputs.counties["county_id"]
    if not counts(scenario, "units_to_vehicles"):
        return np.zeros(len(counties), dtype=np.int64)
    vehicles = electric_vehicles(fleet_demand(points, inputs, scenario), scenario)
    per_unit = scenario.rules.evs_per_unit
    return np.array(
        [ceil(float(vehicles.get(county, 0.0)) / per_unit - 1e-9) for county in counties],
        dtype=np.int64,
    )


def _budgets(scenario: Scenario) -> Ints:
    siting = scenario.siting
    by_payer = (siting.budget_cny_by_year, siting.hydrogen_budget_cny_by_year)
    yearly = [[money[year] for money in by_payer] for year in siting.years()]
    return np.cumsum(np.array(yearly, dtype=np.int64), axis=0)


def _locks(
    inputs: Inputs, sites: gpd.GeoDataFrame, site: Ints, energy: Ints, options: Options
) -> tuple[tuple[int, ...], ...]:
    """Return for each lock the groups of which one must have a station."""
    reviews = inputs.reviews[inputs.reviews["mark"] == "lock"]
    rows = pd.Index(sites["site_id"]).get_indexer(reviews["site_id"])
    offered = np.zeros(len(site), dtype=bool)
    offered[options.group] = True
    locked = []
    for j, word in zip(rows, reviews["energy"], strict=True):
        wanted = range(len(ENERGIES)) if word == "all" else [ENERGIES.index(word)]
        mine = np.flatnonzero(offered & (site == j) & np.isin(energy, wanted))
        locked.append(tuple(int(s) for s in mine))
    return tuple(locked)


@dataclass(frozen=True)
class _Pairs:
    demand: Ints
    site: Ints
    energy: Ints
    metres: Floats


def _pairs(place: Place, scenario: Scenario) -> _Pairs:
    """Find every demand point, site and energy within the service radius by road."""
    points, sites = place.demand_points, place.sites
    radius = np.array(
        [
            [scenario.service_radius.radius_m(energy, area) for energy in ENERGIES]
            for area in points["area_class"]
        ]
    ).reshape(-1, len(ENERGIES))
    nodes = node_rows(place.network, points["node_id"]), node_rows(place.network, sites["node_id"])
    found = distance_pairs(place.network, *nodes, limit_m=float(radius.max(initial=0.0)))
    possible, parts = _possible(sites), []
    for e in range(len(ENERGIES)):
        kept = (found.metres <= radius[found.start, e]) & possible[found.end, e]
        size = int(kept.sum())
        parts.append((found.start[kept], found.end[kept], np.full(size, e), found.metres[kept]))
    demand, site, energy, distance = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.lexsort((site, demand, energy))
    return _Pairs(
        demand[order].astype(np.int64),
        site[order].astype(np.int64),
        energy[order].astype(np.int64),
        distance[order],
    )


def _near_townships(place: Place, scenario: Scenario) -> tuple[Ints, Ints]:
    """Return township and site rows within the township rule's distance by road."""
    sites = node_rows(place.network, place.sites["node_id"])
    limit_m = scenario.rules.township_radius_m
    found = distance_pairs(place.network, place.townships.node, sites, limit_m=limit_m)
    return found.start, found.end
