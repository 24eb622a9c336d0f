"""Proves long trips: their paths on the roads, and whether they can refuel on the way."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse.csgraph import dijkstra

from planner.verify.alongside import nodes_for, places_along
from planner.verify.faults import Fault, Faults, unequal
from planner.verify.files import PlanFiles
from planner.verify.graph import Floats, Ints, graph_of, usable_nodes
from planner.verify.ground import apart_m, lonlat_of
from planner.verify.siting import SNAP_TOLERANCE_M, nearest_usable_m
from planner.verify.stretches import Chain, chain_of, line_of
from planner.verify.years import AFTER, BEFORE

METRES_TOLERANCE = 0.0011
SAME_PLACE_DEGREES = 1e-7
PHASES = (BEFORE, AFTER)


def paths(plan: PlanFiles) -> dict[str, Chain | str]:
    """Return the path of every trip by its id, or what is wrong with it."""
    access = plan.layer("trip_access")
    rows = zip(access["trip_id"], access["segment_ids"], access.geometry, strict=True)
    return {str(name): chain_of(plan, ids, line) for name, ids, line in rows}


def paths_lead(plan: PlanFiles) -> Faults:
    """Prove that every path leads from the node nearest to one end to that at the other."""
    trips, access = plan.layer("trips"), plan.layer("trip_access")
    for name in sorted(set(trips["trip_id"]) - set(access["trip_id"])):
        yield Fault("it is left out", str(name))
    factor = plan.number("settings", "demand", "holiday_peak_factor")
    given = trips.set_index("trip_id")
    for row in access.itertuples():
        name, trip = str(row.trip_id), given.loc[row.trip_id]
        proven = {"energy": trip["energy"], "range_m": float(trip["range_m"])}
        proven["trips_per_day"] = float(trip["trips_per_day"]) * factor
        for key, value in proven.items():
            yield from unequal(getattr(row, key), value, f"{key} of {name}")
        for what in _path_faults(plan, row, trip["geometry"]):
            yield Fault(what, name)


def _path_faults(plan: PlanFiles, row: Any, line: shapely.LineString) -> list[str]:  # noqa: ANN401
    chain = plan.once(paths)[str(row.trip_id)]
    ends = gpd.GeoDataFrame(
        geometry=[shapely.get_point(line, 0), shapely.get_point(line, -1)], crs="EPSG:4326"
    )
    least = nearest_usable_m(plan, ends)
    if not row.segment_ids:
        return _pathless_faults(plan, row, ends, least)
    if isinstance(chain, str):
        return [chain]
    graph, faults = plan.once(graph_of), []
    metres = apart_m(lonlat_of(ends.geometry), graph.lonlat[chain.nodes[[0, -1]]])
    if (metres > least + SNAP_TOLERANCE_M).any():
        faults.append("it does not begin and end at the nodes nearest to its ends")
    if abs(float(row.length_m) - chain.position_m[-1]) > METRES_TOLERANCE:
        faults.append(f"length_m is stated as {row.length_m}, proven {chain.position_m[-1]:.3f}")
    shortest = _shortest_m(plan, chain.nodes[[0]], chain.nodes[[-1]])
    if chain.position_m[-1] > shortest + METRES_TOLERANCE:
        faults.append(f"a way of {shortest:.0f} m is shorter than its path")
    if not shapely.equals_exact(row.geometry, line_of(plan, chain), SAME_PLACE_DEGREES):
        faults.append("its line is not that of its segments")
    return faults


def _shortest_m(plan: PlanFiles, starts: Ints, ends: Ints) -> float:
    """Return the shortest way by road from any of some nodes to any of others."""
    found = dijkstra(plan.once(graph_of).arcs(toward=False), indices=starts)
    return float(np.round(found[:, ends].min(initial=np.inf))) / 1000


def _pathless_faults(
    plan: PlanFiles,
    row: Any,  # noqa: ANN401 - a row of the trips
    ends: gpd.GeoDataFrame,
    least: Floats,
) -> list[str]:
    """Prove that a trip said to have no way has none between the nodes nearest to its ends."""
    faults = []
    if row.refuelled_before or row.refuelled_after or float(row.length_m):
        faults.append("it has no path, yet a length, or refuels")
    limit = plan.number("settings", "candidates", "max_snap_m") - SNAP_TOLERANCE_M
    graph, usable = plan.once(graph_of), np.flatnonzero(plan.once(usable_nodes))
    near = []
    for place, metres in zip(lonlat_of(ends.geometry), least, strict=True):
        apart = apart_m(np.tile(place, (len(usable), 1)), graph.lonlat[usable])
        near.append(usable[apart <= min(metres + SNAP_TOLERANCE_M, limit)])
    if set(near[0]).isdisjoint(near[1]) and np.isfinite(_shortest_m(plan, near[0], near[1])):
        faults.append("there is a way, but no path is given")
    return faults


def refuels(at: list[float], length_m: float, range_m: float) -> bool:
    """Drive from start to end and tell whether the tank lasts.

    The vehicle leaves with half a tank and has to arrive with half a tank, unless there
    and back is one range; it fills up at every station. Metres count to the millimetre.

    Examples
    --------
    >>> refuels([40_000.0], 100_000.0, 100_000.0)
    False
    >>> refuels([50_000.0], 100_000.0, 100_000.0)
    True
    """
    if 2 * length_m <= range_m + METRES_TOLERANCE / 2:
        return True
    left, here, filled = range_m / 2, 0.0, False
    for place in sorted(at):
        left -= place - here
        if left < -METRES_TOLERANCE / 2:
            return False
        left, here, filled = range_m, place, True
    return filled and left - (length_m - here) >= range_m / 2 - METRES_TOLERANCE / 2


def refuelling_proven(plan: PlanFiles) -> Faults:
    """Prove of every trip whether it refuels before and after the plan, and the sums told."""
    access = plan.layer("trip_access")
    chains = {k: chain for k, chain in plan.once(paths).items() if isinstance(chain, Chain)}
    sums = dict.fromkeys(PHASES, 0.0)
    for energy in sorted(set(access["energy"])):
        mine = access[access["energy"] == energy]
        own = {str(name): chains[str(name)] for name in mine["trip_id"] if str(name) in chains}
        nodes = {phase: nodes_for(plan, energy, phase) for phase in PHASES}
        along = places_along(plan, own, nodes[BEFORE] | nodes[AFTER])
        for row in mine[mine["trip_id"].isin(list(own))].itertuples():
            name = str(row.trip_id)
            for phase in PHASES:
                at = [where for node, where in along[name].items() if node in nodes[phase]]
                proven = refuels(at, own[name].position_m[-1], float(row.range_m))
                sums[phase] += float(row.trips_per_day) * proven
                stated = bool(getattr(row, f"refuelled_{phase}"))
                yield from unequal(stated, proven, f"refuelled_{phase} of {name}")
            silent = not row.refuelled_after and not (isinstance(row.reason, str) and row.reason)
            if silent:
                yield Fault("it cannot refuel, without a reason", name)
    yield from _sums_told(plan, access, sums)


def _sums_told(plan: PlanFiles, access: pd.DataFrame, sums: dict[str, float]) -> Faults:
    stated = plan.mapping("siting", "trips")
    yield from unequal(stated.get("n"), len(access), "trips n")
    yield from unequal(stated.get("per_day"), float(access["trips_per_day"].sum()), "trips per_day")
    for phase, value in sums.items():
        yield from unequal(stated.get(f"refuelled_{phase}"), value, f"trips refuelled_{phase}")
