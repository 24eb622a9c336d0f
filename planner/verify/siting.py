"""Proves the stations: where they may stand, what they are, what they draw and cost."""

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
ZONE_CONCERNS = ("all", "stations", "hydrogen", "test_roads")
"""A set-back keeps hydrogen away whatever else it concerns."""
GIVEN = ("existing", "case")
"""Origins whose sites keep their own place; the others are moved onto their node."""
SAME_PLACE_DEGREES = 1e-9
POWER_TOLERANCE_KW = 1e-6


def candidates_allowed(plan: PlanFiles) -> Faults:
    """Prove that no accepted site is where it may not be, and rejected ones say why."""
    sites = plan.layer("candidate_sites")
    new = (sites["origin"] != "existing").to_numpy()
    accepted = (sites["status"] == "accepted").to_numpy()
    inside = _inside_zones(plan, sites, ("exclusion",), ("all", "stations"), 0.0)
    yield from rows_where(sites, inside & new & accepted, "site_id", "stands in an exclusion zone")
    hydrogen = (
        sites["energies"].str.split(",").map(lambda found: "hydrogen" in found).to_numpy(bool)
    )
    setback = plan.number("settings", "rules", "hydrogen_setback_m")
    near = _inside_zones(plan, sites, ("setback",), ZONE_CONCERNS, setback)
    near |= _inside_zones(plan, sites, ("exclusion",), ("hydrogen",), 0.0)
    near |= np.array([is_urban(plan, place.x, place.y) for place in sites.geometry], dtype=bool)
    what = "hydrogen is allowed in a set-back or a city centre"
    yield from rows_where(sites, near & new & accepted & hydrogen, "site_id", what)
    silent = ~accepted & (sites["reason"].isna() | (sites["energies"] != "")).to_numpy()
    yield from rows_where(sites, silent, "site_id", "is rejected without a reason, or half")
    outside = accepted & new & sites["county_id"].isna().to_numpy()
    yield from rows_where(sites, outside, "site_id", "is accepted outside every county")
    empty = accepted & ((sites["energies"] == "") | sites["node_id"].isna()).to_numpy()
    yield from rows_where(sites, empty, "site_id", "is accepted without an energy or a node")


def _inside_zones(
    plan: PlanFiles,
    sites: gpd.GeoDataFrame,
    kinds: tuple[str, ...],
    concerns: tuple[str, ...],
    least_m: float,
) -> Bools:
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
    given = sites[sites["origin"] == "existing"]
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
        yield from unequal(used, len(standing), "rows used of existing_stations")


def technology_figures(plan: PlanFiles) -> Faults:
    """Prove that units, capacity, power and capital follow from the technology."""
    technologies = plan.table("technologies")
    for row in plan.layer("stations").itertuples():
        name = str(row.station_id)
        technology = technologies.get(str(row.technology))
        if technology is None:
            yield Fault(f"technology {row.technology} is not in plan.json", name)
            continue
        planned = row.status == "planned"
        units = int(row.n_units)
        if planned and not technology["min_units"] <= units <= technology["max_units"]:
            yield Fault(f"{units} units are out of the technology's range", name)
        capital = technology["fixed_cost_cny"] + units * technology["unit_cost_cny"]
        proven = {
            "energy": technology["energy"],
            "owner": technology["owner"] if planned else "existing",
            "capital_cny": capital if planned else 0,
            "capacity_per_day": float(units * technology["capacity_per_day"]),
            "power_kw": float(units * technology["power_kw"]),
        }
        stated = {key: getattr(row, key) for key in proven}
        for key, value in proven.items():
            off = stated[key] - value if isinstance(value, float | int) else stated[key] != value
            if abs(off) > (POWER_TOLERANCE_KW if isinstance(value, float) else 0):
                yield Fault(
                    f"{key} is stated as {stated[key]}, proven {value}", name, float(abs(off))
                )


def power_available(plan: PlanFiles) -> Faults:
    """Prove that one station a site and technology; sites and supply nodes are not overdrawn."""
    stations = plan.layer("stations")
    twice = stations.duplicated(["site_id", "technology"])
    yield from rows_where(
        stations, twice, "station_id", "a second one of its technology on its site"
    )
    planned = stations[stations["status"] == "planned"]
    limits = {
        "site_id": plan.layer("candidate_sites").set_index("site_id")["max_power_kw"],
        "supply_node_id": plan.layer("supply_nodes").set_index("supply_node_id")["headroom_kw"],
    }
    for column, limit in limits.items():
        drawn = planned.groupby(column)["power_kw"].sum()
        over = drawn - limit.reindex(drawn.index)
        for row_id, excess in over[over > POWER_TOLERANCE_KW].items():
            yield Fault(
                f"{column}: {excess:.1f} kW more than its limit", str(row_id), float(excess)
            )


def budgets_kept(plan: PlanFiles) -> Faults:
    """Prove that what is spent is the sum of the stations, to the yuan, and within the budget."""
    stations = plan.layer("stations")
    planned = stations[stations["status"] == "planned"]
    for owner, prefix in (("public", ""), ("enterprise", "hydrogen_")):
        spent = sum(int(value) for value in planned[planned["owner"] == owner]["capital_cny"])
        budget = plan.whole("settings", "siting", f"{prefix}budget_cny")
        yield from unequal(plan.whole("siting", f"{prefix}spent_cny"), spent, f"{prefix}spent_cny")
        stated = plan.whole("siting", f"{prefix}budget_cny")
        yield from unequal(stated, budget, f"{prefix}budget_cny")
        if spent > budget:
            yield Fault(f"{spent} CNY are spent of {budget}", f"{prefix}budget_cny", spent - budget)
