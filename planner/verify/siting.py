"""Proves the sites: where stations may stand, on what ground, and that existing ones are kept."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.verify.demand import is_urban
from planner.verify.faults import Fault, Faults, differing, rows_where, unequal
from planner.verify.files import PlanFiles
from planner.verify.graph import Bools, Floats, graph_of, usable_nodes
from planner.verify.ground import (
    NEAR_M,
    NEAR_SHARE,
    TIED_SHARE,
    apart_m,
    ground_of,
    lonlat_of,
    zone_shapes,
)

SNAP_TOLERANCE_M = 0.02
SETBACK_CONCERNS = ("all", "stations", "hydrogen", "test_roads")
"""A set-back keeps hydrogen away whatever else it concerns."""
GIVEN = ("existing", "case")
"""Origins whose sites keep their own place; the others are moved onto their node."""
SAME_PLACE_DEGREES = 1e-9


def candidates_allowed(plan: PlanFiles) -> Faults:
    """Prove that no accepted site is where it may not be, and rejected ones say why."""
    sites = plan.layer("candidate_sites")
    new = (sites["origin"] != "existing").to_numpy()
    accepted = (sites["status"] == "accepted").to_numpy()
    inside = inside_zones(plan, sites, ("exclusion",), ("all", "stations"), 0.0)
    yield from rows_where(sites, inside & new & accepted, "site_id", "stands in an exclusion zone")
    hydrogen = (
        sites["energies"].str.split(",").map(lambda found: "hydrogen" in found).to_numpy(bool)
    )
    setback = plan.number("settings", "rules", "hydrogen_setback_m")
    near = inside_zones(plan, sites, ("setback",), SETBACK_CONCERNS, setback)
    near |= inside_zones(plan, sites, ("exclusion",), ("hydrogen",), 0.0)
    near |= np.array([is_urban(plan, place.x, place.y) for place in sites.geometry], dtype=bool)
    what = "hydrogen is allowed in a set-back or a city centre"
    yield from rows_where(sites, near & new & accepted & hydrogen, "site_id", what)
    silent = ~accepted & (sites["reason"].isna() | (sites["energies"] != "")).to_numpy()
    yield from rows_where(sites, silent, "site_id", "is rejected without a reason, or half")
    outside = accepted & new & sites["county_id"].isna().to_numpy()
    yield from rows_where(sites, outside, "site_id", "is accepted outside every county")
    empty = accepted & ((sites["energies"] == "") | sites["node_id"].isna()).to_numpy()
    yield from rows_where(sites, empty, "site_id", "is accepted without an energy or a node")


def inside_zones(
    plan: PlanFiles,
    sites: gpd.GeoDataFrame,
    kinds: tuple[str, ...],
    concerns: tuple[str, ...],
    least_m: float,
) -> Bools:
    """Mark the places (any layer of points) in zones of some kinds that concern them.

    A zone reaches as far as its radius, at least ``least_m``; what drawing and projecting
    leave uncertain counts as outside.
    """
    zones, shapes = plan.layer("zones"), plan.once(zone_shapes)
    places = plan.once(ground_of).metres(sites.geometry)
    inside = np.zeros(len(sites), dtype=bool)
    chosen = zones["kind"].isin(kinds) & zones["applies_to"].isin(concerns)
    for row in np.flatnonzero(chosen.to_numpy()):
        radius_m = max(float(zones["radius_m"].iloc[row]), least_m)
        clear_m = radius_m * (1 - NEAR_SHARE) - NEAR_M
        distance = shapely.distance(shapes[row], places)
        inside |= distance < clear_m if clear_m > 0 else shapely.contains(shapes[row], places)
    return inside


def snapped(plan: PlanFiles) -> Faults:
    """Prove that every candidate site uses the node nearest to it, and says how far that is."""
    sites, graph = plan.layer("candidate_sites"), plan.once(graph_of)
    placed = sites[sites["node_id"].isin(graph.node_ids)]
    nodes = graph.lonlat[graph.rows_of(placed["node_id"])]
    metres = apart_m(lonlat_of(placed.geometry), nodes)
    given = placed["origin"].isin(GIVEN).to_numpy()
    stated = placed["snap_m"].where(given, 0.0)
    yield from differing(placed, "site_id", stated, metres, "snap_m", SNAP_TOLERANCE_M)
    far = metres > plan.number("settings", "candidates", "max_snap_m") + SNAP_TOLERANCE_M
    yield from rows_where(placed, far, "site_id", "its node is farther than max_snap_m")
    least = nearest_usable_m(plan, placed)
    yield from rows_where(
        placed, metres > least + SNAP_TOLERANCE_M, "site_id", "a usable node is nearer than its own"
    )


def supplied_from_nearest(plan: PlanFiles) -> Faults:
    """Prove that every candidate site draws on the supply node nearest to it."""
    sites, supply = plan.layer("candidate_sites"), plan.layer("supply_nodes")
    if not len(supply):
        drawn = sites["supply_node_id"].notna()
        yield from rows_where(
            sites, drawn, "site_id", "it draws on a supply node that is not there"
        )
        return
    ground = plan.once(ground_of)
    nodes, places = ground.metres(supply.geometry), ground.metres(sites.geometry)
    least = shapely.distance(nodes[shapely.STRtree(nodes).nearest(places)], places)
    row = pd.Index(supply["supply_node_id"]).get_indexer(pd.Index(sites["supply_node_id"]))
    stated = np.where(row >= 0, shapely.distance(nodes[row], places), np.inf)
    far = stated > least * (1 + TIED_SHARE) + NEAR_M
    yield from rows_where(sites, far, "site_id", "another supply node is nearer")


def nearest_usable_m(plan: PlanFiles, points: gpd.GeoDataFrame) -> Floats:
    """Return the metres from each point to the nearest node that places may use."""
    graph, ground = plan.once(graph_of), plan.once(ground_of)
    usable = shapely.points(graph.lonlat[plan.once(usable_nodes)])
    if not len(usable) or not len(points):
        return np.full(len(points), np.inf)
    tree = shapely.STRtree(ground.metres(usable))
    row = tree.nearest(ground.metres(points.geometry))
    return apart_m(lonlat_of(points.geometry), shapely.get_coordinates(usable)[row])


def stations_on_sites(plan: PlanFiles) -> Faults:
    """Prove that every station stands on an accepted site that allows its energy."""
    stations = plan.layer("stations")
    sites = plan.layer("candidate_sites").set_index("site_id")
    for row in stations.itertuples():
        if row.site_id not in sites.index:
            yield Fault("its site is not a candidate", str(row.station_id))
            continue
        site = sites.loc[row.site_id]
        planned = row.status == "planned"
        if planned and site["status"] != "accepted":
            yield Fault("it is planned on a rejected site", str(row.station_id))
        if planned and row.energy not in str(site["energies"]).split(","):
            yield Fault(f"its site does not allow {row.energy}", str(row.station_id))
        yield from _same_place(row, site)


def _same_place(row: Any, site: pd.Series) -> Faults:  # noqa: ANN401 - a row of itertuples
    for column in ("node_id", "supply_node_id", "county_id", "jurisdiction_id"):
        if not _alike(getattr(row, column), site[column]):
            yield Fault(f"its {column} is not that of its site", str(row.station_id))
    if not row.geometry.equals_exact(site["geometry"], SAME_PLACE_DEGREES):
        yield Fault("it does not stand where its site is", str(row.station_id))


def _alike(left: object, right: object) -> bool:
    missing = [bool(pd.isna(value)) or value == "" for value in (left, right)]
    return all(missing) or bool(left == right)


def existing_kept(plan: PlanFiles) -> Faults:
    """Prove that every existing station is kept, and nothing else is called existing."""
    sites, stations = plan.layer("candidate_sites"), plan.layer("stations")
    declared_sites = sites[sites["origin"] == "existing"]
    given = declared_sites[declared_sites["status"] == "accepted"]
    standing = stations[stations["status"] == "existing"]
    lost = ~given["site_id"].isin(standing["site_id"])
    yield from rows_where(given, lost, "site_id", "an existing station is not kept")
    false = ~standing["site_id"].isin(given["site_id"])
    yield from rows_where(standing, false, "station_id", "it is called existing but was not there")
    rebuilt = (stations["status"] == "planned") & stations["site_id"].isin(given["site_id"])
    renamed = standing["station_id"] != standing["site_id"]
    yield from rows_where(standing, renamed, "station_id", "its id is not that of its site")
    yield from rows_where(stations, rebuilt, "station_id", "it is planned on an existing station")
    declared = {str(row.get("layer")): row for row in plan.rows("inputs")}
    if "existing_stations" in declared:
        used = declared["existing_stations"].get("rows_used")
        yield from unequal(used, len(declared_sites), "rows used of existing_stations")
