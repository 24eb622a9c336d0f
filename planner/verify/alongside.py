"""Finds which stations serve a way and where along it, by its own search on the roads."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse.csgraph import dijkstra

from planner.verify.files import PlanFiles
from planner.verify.graph import Floats, Ints, graph_of
from planner.verify.stretches import Chain
from planner.verify.years import standing

CHUNK = 50


def stations_for(plan: PlanFiles, energy: str, phase: str) -> pd.DataFrame:
    """Return the stations of a phase that serve long ways; charging must be strong enough."""
    least = plan.number("settings", "rules", "highway_min_kw") if energy == "charging" else 0.0
    table, technologies = plan.once(standing), plan.table("technologies")
    mine = table[(table["phase"] == phase) & (table["energy"] == energy)]
    power = [float(technologies[str(name)]["power_kw"]) for name in mine["technology"]]
    return mine[np.array(power, dtype=float) >= least]


def nodes_for(plan: PlanFiles, energy: str, phase: str) -> frozenset[int]:
    """Return the nodes (rows of the graph) at which such stations stand."""
    rows = plan.once(graph_of).rows_of(stations_for(plan, energy, phase)["node_id"])
    return frozenset(int(row) for row in rows if row >= 0)


def places_along(
    plan: PlanFiles, chains: dict[str, Chain], nodes: frozenset[int]
) -> dict[str, dict[int, float]]:
    """Return for each chain the nodes that serve it, and the metres from its start.

    A node serves a chain if one can leave the chain, drive there and come back to it, each
    way within the reach of the rule. Its place is where the way there is shortest, the
    first of equals.
    """
    reach = plan.number("settings", "rules", "highway_reach_m")
    found: dict[str, dict[int, float]] = {name: {} for name in chains}
    every = np.array(sorted(nodes), dtype=np.int64)
    for start in range(0, len(every), CHUNK):
        some = every[start : start + CHUNK]
        there, back = (_millimetres(plan, some, reach, toward=way) for way in (True, False))
        for name, chain in chains.items():
            ways, returns = there[:, chain.nodes], back[:, chain.nodes]
            best = ways.argmin(axis=1)
            serves = np.isfinite(ways.min(axis=1)) & np.isfinite(returns.min(axis=1))
            for row in np.flatnonzero(serves).tolist():
                found[name][int(some[row])] = chain.position_m[int(best[row])]
    return found


def _millimetres(plan: PlanFiles, nodes: Ints, limit_m: float, *, toward: bool) -> Floats:
    """Return the way from every node to each of some, or from these to every node."""
    arcs = plan.once(graph_of).arcs(toward=toward)
    found = dijkstra(arcs, indices=nodes, limit=limit_m * 1000 + 0.5)
    return np.asarray(np.round(found), dtype=np.float64)
