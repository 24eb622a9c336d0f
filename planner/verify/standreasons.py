"""Proves what the plan says hangs on each station: demand, townships, motorways, trips, a lock."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner import layers
from planner.verify.alongside import places_along, stations_for
from planner.verify.faults import Fault, Faults
from planner.verify.files import PlanFiles
from planner.verify.graph import graph_of, metres_toward
from planner.verify.highways import chains, uncovered_m
from planner.verify.offers import Key
from planner.verify.pairs import covers, lost_per_day, site_rows
from planner.verify.siterules import ALL, decides
from planner.verify.stretches import Chain
from planner.verify.told import Told, shown_as, told_for
from planner.verify.trips import paths, refuels
from planner.verify.years import AFTER

CHUNK = 50
AMOUNT_TOLERANCE = 1e-5
KINDS = {"lost": "day", "townships": "n", "motorway": "km", "trips": "n", "shared": "day"}
"""What the figure of each part is."""
HELD = {"townships": 0.5, "motorway": 0.01, "trips": 1e-6}
"""How much must hang on a station to be told: metres of motorway are rounded."""


def stations_explained(plan: PlanFiles) -> Faults:
    """Prove every part of why each station stands where it does, and that no part is left out."""
    stations = plan.layer("stations")
    actions = {
        (str(row.site_id), str(row.energy)): str(row.action) for row in stations.itertuples()
    }
    served = stations.set_index(["site_id", "energy"])["served_per_day"].astype(float)
    told = plan.layer("site_reasons")
    for row in told[told["chosen"].astype(bool)].itertuples():
        key = (str(row.site_id), str(row.energy))
        if key not in actions or key not in plan.once(lost_per_day):
            yield Fault(f"no {key[1]} stands there", key[0])
            continue
        parts = told_for(str(row.reason), actions[key])
        if parts is None:
            yield Fault(f"{key[1]}: no reason is known in these words: {row.reason}"[:200], key[0])
            continue
        proven = _proven(plan, key)
        yield from _parts_hold(key, parts, proven, float(served[key]))
        if "lost" in parts and parts["lost"].name not in _most_hit(plan, key):
            yield Fault(f"{key[1]}: most of what is lost is elsewhere", key[0])


def _proven(plan: PlanFiles, key: Key) -> dict[str, float]:
    return {
        "lock": float(_locked(plan, key)),
        "lost": plan.once(lost_per_day)[key],
        "townships": plan.once(townships_held).get(key, 0.0),
        "motorway": plan.once(motorway_held_m).get(key, 0.0),
        "trips": plan.once(trips_held).get(key, 0.0),
    }


def _parts_hold(
    key: Key, parts: dict[str, Told], proven: dict[str, float], served: float
) -> Faults:
    """Hold the parts of one reason against what hangs on the station."""
    alone = not any(name in parts for name in ("lost", *HELD))
    shared = served if alone and served > 0 else 0.0
    proven = proven | {"shared": shared, "nothing": float(alone and shared <= 0)}
    for name, value in proven.items():
        least = HELD.get(name, 0.0)
        if name not in parts:
            if value > least + (AMOUNT_TOLERANCE if name == "lost" else 0.0):
                yield Fault(f"{key[1]}: {name} {value:.6g} is left out", key[0], value)
        elif value <= 0:
            yield Fault(f"{key[1]}: {name} does not hang on it", key[0])
        elif name in KINDS and not shown_as(parts[name].figures[0], value, KINDS[name]):
            what = f"{key[1]}: {name} is told as {parts[name].figures[0]}, proven {value:.6g}"
            yield Fault(what, key[0])


def _locked(plan: PlanFiles, key: Key) -> bool:
    reviews = plan.layer("reviews")
    mine = (reviews["mark"] == "lock") & (reviews["site_id"] == key[0])
    return bool((mine & reviews["energy"].isin([key[1], ALL])).any())


def _most_hit(plan: PlanFiles, key: Key) -> set[str | None]:
    """Return the counties where most of the demand lies that would lose cover; None outside all."""
    cover, points = plan.once(covers)[key[1]], plan.layer("demand_points")
    near = cover.near[[plan.once(site_rows)[key[0]]]].toarray()[0]
    weight = near * np.where(cover.sole, cover.demand, 0.0)
    by_county = pd.Series(weight).groupby(points["county_id"].to_numpy(object)).sum()
    inside = near * cover.sole * points["county_id"].notna().to_numpy() > 0
    if not inside.any():
        return {None}
    most = by_county[by_county >= by_county.max() - AMOUNT_TOLERANCE].index
    names = plan.layer("counties").set_index("county_id")["name"]
    return {str(names[county]).replace("/", "／") for county in most}


def townships_held(plan: PlanFiles) -> dict[Key, float]:
    """Return how many townships only one charging station is near enough to, by station."""
    graph, access = plan.once(graph_of), plan.layer("township_access")
    stations = plan.layer("stations")
    mine = stations[stations["energy"] == "charging"]
    mine = mine[graph.rows_of(mine["node_id"]) >= 0]
    rows = graph.rows_of(access["node_id"])
    rows, arcs = rows[rows >= 0], graph.arcs(toward=True)
    radius = plan.number("settings", "rules", "township_radius_m")
    near = np.zeros((len(mine), len(rows)), dtype=bool)
    for start in range(0, len(mine), CHUNK):
        sources = graph.rows_of(mine["node_id"].iloc[start : start + CHUNK])
        metres = metres_toward(graph, arcs, sources, radius)
        near[start : start + CHUNK] = metres[:, rows] <= radius
    alone = near & (near.sum(axis=0) == 1)
    return {
        (str(site), "charging"): float(count)
        for site, count in zip(mine["site_id"], alone.sum(axis=1), strict=True)
    }


def motorway_held_m(plan: PlanFiles) -> dict[Key, float]:
    """Return the metres of motorway that would be uncovered without each station."""
    if not decides(plan, "highway_charging"):
        return {}
    gap = plan.number("settings", "rules", "highway_gap_m")
    own = {name: chain for name, chain in plan.once(chains).items() if isinstance(chain, Chain)}
    held: dict[Key, float] = {}
    for chain, places in _along(plan, "charging", own):
        length = chain.position_m[-1]
        whole = uncovered_m(sorted(places.values()), length, gap)
        for site in places:
            rest = sorted(metres for other, metres in places.items() if other != site)
            more = uncovered_m(rest, length, gap) - whole
            held[site, "charging"] = held.get((site, "charging"), 0.0) + more
    return held


def trips_held(plan: PlanFiles) -> dict[Key, float]:
    """Return the trips a day that could not refuel without each station."""
    access = plan.layer("trip_access").set_index("trip_id")
    held: dict[Key, float] = {}
    for energy in layers.ENERGIES:
        names = set(access[access["energy"] == energy].index)
        own = {
            name: chain
            for name, chain in plan.once(paths).items()
            if isinstance(chain, Chain) and name in names
        }
        for name, (chain, places) in zip(own, _along(plan, energy, own), strict=True):
            length, range_m = chain.position_m[-1], float(access["range_m"][name])
            if not refuels(list(places.values()), length, range_m):
                continue
            for site in places:
                rest = [metres for other, metres in places.items() if other != site]
                if not refuels(rest, length, range_m):
                    volume = float(access["trips_per_day"][name])
                    held[site, energy] = held.get((site, energy), 0.0) + volume
    return held


def _along(
    plan: PlanFiles, energy: str, own: dict[str, Chain]
) -> list[tuple[Chain, dict[str, float]]]:
    """Return each chain with the sites whose stations serve it after the plan, and where."""
    if not own:
        return []
    stations = stations_for(plan, energy, AFTER)
    rows = plan.once(graph_of).rows_of(stations["node_id"])
    at = [(str(site), int(row)) for site, row in zip(stations["site_id"], rows, strict=True)]
    along = places_along(plan, own, frozenset(row for _, row in at if row >= 0))
    return [
        (chain, {site: along[name][row] for site, row in at if row in along[name]})
        for name, chain in own.items()
    ]
