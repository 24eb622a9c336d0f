"""Measures by road which demand points each site reaches, and whose cover hangs on one station."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, vstack

from planner import layers
from planner.verify.coverage import demand_of, radii_m
from planner.verify.files import PlanFiles
from planner.verify.graph import Bools, Floats, graph_of, metres_toward
from planner.verify.offers import Key
from planner.verify.years import AFTER

CHUNK = 50


@dataclass(frozen=True)
class Cover:
    """One energy in the target year: who reaches whom, and who is served.

    ``near`` is (sites, points) 1 where the point lies within the service radius of the site,
    ``stands`` the sites with a station, ``sole`` the points that reach just one of these,
    ``demand`` and ``unserved`` amounts a day by point.
    """

    near: csr_array
    stands: Bools
    sole: Bools
    demand: Floats
    unserved: Floats


def site_rows(plan: PlanFiles) -> dict[str, int]:
    """Return the row of each accepted site in the matrices of :func:`covers`."""
    sites = plan.layer("candidate_sites")
    ids = sites[sites["status"] == "accepted"]["site_id"]
    return {str(site): row for row, site in enumerate(ids)}


def covers(plan: PlanFiles) -> dict[str, Cover]:
    """Return the cover of every energy, from the roads and from the assignments."""
    near, demand = _near(plan), plan.once(demand_of)
    rows, ids = plan.once(site_rows), plan.layer("demand_points")["demand_id"]
    stations, given = plan.layer("stations"), plan.layer("assignments")
    found = {}
    for energy in layers.ENERGIES:
        stands = np.zeros(len(rows), dtype=bool)
        here = stations[stations["energy"] == energy]["site_id"].map(rows).dropna()
        stands[here.to_numpy(np.int64)] = True
        count = np.asarray(stands.astype(float) @ near[energy])
        mine = given[(given["energy"] == energy) & (given["phase"] == AFTER)]
        served = mine.groupby("demand_id")["served_per_day"].sum()
        wanted = demand[energy, AFTER]
        left = np.maximum(wanted - served.reindex(ids).fillna(0.0).to_numpy(float), 0.0)
        found[energy] = Cover(near[energy], stands, np.abs(count - 1) < 0.5, wanted, left)
    return found


def _near(plan: PlanFiles) -> dict[str, csr_array]:
    graph, points = plan.once(graph_of), plan.layer("demand_points")
    sites = plan.layer("candidate_sites")
    sites = sites[sites["status"] == "accepted"]
    at, arcs = graph.rows_of(points["node_id"]), graph.arcs(toward=True)
    radii = {energy: radii_m(plan, energy) for energy in layers.ENERGIES}
    longest = max(float(radius.max(initial=0.0)) for radius in radii.values())
    parts: dict[str, list[csr_array]] = {energy: [] for energy in layers.ENERGIES}
    for start in range(0, len(sites), CHUNK):
        chunk = sites.iloc[start : start + CHUNK]
        sources = graph.rows_of(chunk["node_id"])
        metres = np.full((len(chunk), len(points)), np.inf)
        known = sources >= 0
        metres[known] = metres_toward(graph, arcs, sources[known], longest)[:, at]
        metres[:, at < 0] = np.inf
        allowed = chunk["energies"].str.split(",")
        for energy, radius in radii.items():
            may = allowed.map(lambda words, energy=energy: energy in words).to_numpy(bool)
            parts[energy].append(csr_array(((metres <= radius) & may[:, None]).astype(float)))
    empty = csr_array((0, len(points)))
    return {energy: csr_array(vstack([empty, *found])) for energy, found in parts.items()}


def lost_per_day(plan: PlanFiles) -> dict[Key, float]:
    """Return for each station the demand that no other station of its energy reaches."""
    found = {}
    for energy, cover in plan.once(covers).items():
        lost = cover.near @ np.where(cover.sole, cover.demand, 0.0)
        for site, row in plan.once(site_rows).items():
            if cover.stands[row]:
                found[site, energy] = float(lost[row])
    return found


def served_by_site(plan: PlanFiles) -> dict[str, csr_array]:
    """Return what the station of each site serves of each demand point a day after the plan."""
    given, rows = plan.layer("assignments"), plan.once(site_rows)
    ids = pd.Index(plan.layer("demand_points")["demand_id"])
    sites = plan.layer("stations").set_index("station_id")["site_id"]
    found = {}
    for energy in layers.ENERGIES:
        mine = given[(given["phase"] == AFTER) & (given["energy"] == energy)]
        site = mine["station_id"].map(sites).map(rows).fillna(-1).to_numpy(np.int64)
        point = ids.get_indexer(pd.Index(mine["demand_id"]))
        kept = (site >= 0) & (point >= 0)
        amounts = (mine["served_per_day"].to_numpy(float)[kept], (site[kept], point[kept]))
        found[energy] = csr_array(amounts, shape=(len(rows), len(ids)))
    return found
