"""Follows motorways and trips: which sites lie along them, and which windows need a station."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from planner.crs import WGS84
from planner.inputs import Inputs
from planner.layers import ENERGIES
from planner.location.flows import Paths, flow_windows
from planner.network import (
    Alongside,
    RoadNetwork,
    Stretch,
    highway_stretches,
    node_rows,
    positions_on,
    shortest_way,
    snap,
)
from planner.scenario import Scenario
from planner.siting.instance import Windows, no_windows
from planner.siting.kinds import counts
from planner.siting.options import Floats, Ints


@dataclass(frozen=True)
class Ways:
    """Motorway stretches and the ways of trips, with the sites along them.

    Parameters
    ----------
    stretches, beside
        Each stretch and the sites that count for it.
    trip_ways, trip_beside
        (F,) the way of each trip (None where there is none) and the sites along it.
    highway, trips
        Windows for the model.
    trip_energy, trip_volume
        (F,) what each trip needs, and trips a day with the holiday factor.
    """

    stretches: tuple[Stretch, ...]
    beside: tuple[Alongside, ...]
    trip_ways: tuple[Stretch | None, ...]
    trip_beside: tuple[Alongside | None, ...]
    highway: Windows
    trips: Windows
    trip_energy: Ints
    trip_volume: Floats


def make_ways(
    inputs: Inputs, network: RoadNetwork, sites: gpd.GeoDataFrame, scenario: Scenario
) -> Ways:
    """Find motorways, trips and the usable sites along both."""
    nodes, reach_m = node_rows(network, sites["node_id"]), scenario.rules.highway_reach_m
    stretches = highway_stretches(network)
    beside = tuple(positions_on(stretch, network, nodes, reach_m) for stretch in stretches)
    ways = _trip_ways(inputs, network, scenario)
    along = tuple(
        None if way is None else positions_on(way, network, nodes, reach_m) for way in ways
    )
    trips = inputs.trips
    volume = trips["trips_per_day"].to_numpy(float) * scenario.demand.holiday_peak_factor
    energy = [ENERGIES.index(word) for word in trips["energy"]]
    return Ways(
        stretches,
        beside,
        ways,
        along,
        highway_windows(stretches, beside, scenario.rules.highway_gap_m)
        if counts(scenario, "highway_charging")
        else no_windows(),
        trip_windows(ways, along, trips["range_m"].to_numpy(float), len(sites)),
        np.array(energy, dtype=np.int64),
        volume,
    )


def _trip_ways(
    inputs: Inputs, network: RoadNetwork, scenario: Scenario
) -> tuple[Stretch | None, ...]:
    """Return the shortest way of each trip between the nodes nearest to its two ends."""
    trips = inputs.trips
    if not len(trips):
        return ()
    lines, most_m = trips.geometry.to_numpy(), scenario.candidates.max_snap_m
    start, end = (
        snap(network, gpd.GeoSeries(shapely.get_point(lines, at), crs=WGS84), max_snap_m=most_m)[0]
        for at in (0, -1)
    )
    return tuple(
        shortest_way(network, int(a), int(b), trip_id) if a >= 0 and b >= 0 else None
        for a, b, trip_id in zip(start, end, trips["trip_id"], strict=True)
    )


def highway_windows(
    stretches: tuple[Stretch, ...], beside: tuple[Alongside, ...], gap_m: float
) -> Windows:
    """Return for each piece of motorway the sites that lie ahead within the gap.

    Starts between two marks see the same sites; marks are the sites and the points one
    gap before them. The last gap of a stretch needs nothing: what lies ahead is not here.
    """
    owner: list[int] = []
    weight: list[float] = []
    pairs: list[tuple[int, int]] = []
    for h, (stretch, along) in enumerate(zip(stretches, beside, strict=True)):
        last_m = stretch.length_m - gap_m
        if last_m <= 0:
            continue
        marks = np.concatenate([[0.0, last_m], along.position_m, along.position_m - gap_m])
        marks = np.unique(marks.clip(0.0, last_m).round(3))
        for begin, end in itertools.pairwise(marks):
            middle = (begin + end) / 2
            ahead = (along.position_m >= middle) & (along.position_m <= middle + gap_m)
            pairs += [(len(owner), int(j)) for j in along.site[ahead]]
            owner.append(h)
            weight.append(float(end - begin))
    return _windows(owner, weight, pairs)


def trip_windows(
    ways: tuple[Stretch | None, ...],
    along: tuple[Alongside | None, ...],
    range_m: Floats,
    n_sites: int,
) -> Windows:
    """Return the windows of each trip that must hold a station; see ``location.flow_windows``.

    A trip that no set of sites can serve, or that has no way, keeps one empty window; one
    that needs no station has none.
    """
    owner: list[int] = []
    pairs: list[tuple[int, int]] = []
    for f, (way, beside) in enumerate(zip(ways, along, strict=True)):
        if way is None or beside is None:
            owner.append(f)
            continue
        found = flow_windows(trip_path(way, beside, n_sites), float(range_m[f]))
        if found.impossible[0]:
            owner.append(f)
        for begin, end in zip(found.start[:-1], found.start[1:], strict=True):
            pairs += [(len(owner), int(j)) for j in found.site[begin:end]]
            owner.append(f)
    return _windows(owner, [1.0] * len(owner), pairs)


def trip_path(way: Stretch, beside: Alongside, n_sites: int) -> Paths:
    """Return the way of one trip as the location models see it."""
    flow = np.zeros(len(beside.site), dtype=np.int64)
    return Paths(flow, beside.site, beside.position_m, np.array([way.length_m]), n_sites)


def _windows(owner: list[int], weight: list[float], pairs: list[tuple[int, int]]) -> Windows:
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return Windows(
        np.array(owner, dtype=np.int64), np.array(weight, dtype=float), table[:, 0], table[:, 1]
    )
