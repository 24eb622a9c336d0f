"""Measures motorways and trips against their rules, before and after the plan."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from planner import layers
from planner.crs import WGS84
from planner.inputs import Inputs
from planner.location.flows import refuelled
from planner.network import Alongside, RoadNetwork
from planner.scenario import Scenario
from planner.siting.options import Bools, Floats
from planner.siting.ways import Ways, trip_path

NO_WAY = "no way by road between its ends / 起讫点之间无道路通达"
NO_STATION = "no station on the way in time / 途中站点间距超过续航"


def highway_access(
    network: RoadNetwork,
    sites: gpd.GeoDataFrame,
    ways: Ways,
    stations: gpd.GeoDataFrame,
    scenario: Scenario,
) -> gpd.GeoDataFrame:
    """Return the layer HIGHWAY_ACCESS: how far apart fast chargers are on each stretch.

    Sites are the usable ones, in the order of ``ways``.
    """
    before, after = _fast_sites(sites, stations, scenario)
    gap_m, segment_id = scenario.rules.highway_gap_m, network.segments["segment_id"].to_numpy()
    rows = []
    for stretch, beside in zip(ways.stretches, ways.beside, strict=True):
        now, then = (_marks(beside, has) for has in (before, after))
        short_m = uncovered_m(then, stretch.length_m, gap_m)
        largest_m = largest_gap_m(then, stretch.length_m)
        direction_zh, direction_en = stretch.direction.split(" / ")
        rows.append(
            {
                "stretch_id": stretch.stretch_id,
                "ref": stretch.ref or None,
                "name": stretch.name or None,
                "direction_zh": direction_zh,
                "direction_en": direction_en,
                "length_m": stretch.length_m,
                "segment_ids": ",".join(segment_id[stretch.segment]),
                "uncovered_before_m": uncovered_m(now, stretch.length_m, gap_m),
                "uncovered_after_m": short_m,
                "largest_gap_before_m": largest_gap_m(now, stretch.length_m),
                "largest_gap_after_m": largest_m,
                "status": "short" if short_m > 0 else "met",
                "reason": _highway_reason(largest_m, gap_m) if short_m > 0 else None,
                "geometry": stretch.geometry,
            }
        )
    return _frame(rows, layers.HIGHWAY_ACCESS)


def uncovered_m(marks_m: Floats, length_m: float, gap_m: float) -> float:
    """Return the metres of a stretch from which no mark lies ahead within the gap.

    The last gap of the stretch needs nothing.

    Examples
    --------
    A station at 70 km of 100 km serves the starts from 20 km on, for a gap of 50 km:

    >>> uncovered_m(np.array([70_000.0]), 100_000.0, 50_000.0)
    20000.0
    """
    last_m = length_m - gap_m
    if last_m <= 0:
        return 0.0
    covered, reached = 0.0, 0.0
    for mark in np.sort(marks_m):
        begin, end = max(float(mark) - gap_m, reached), min(float(mark), last_m)
        if end > begin:
            covered += end - begin
            reached = end
    return round(last_m - covered, 3)


def largest_gap_m(marks_m: Floats, length_m: float) -> float:
    """Return the largest distance between consecutive marks or the ends of a stretch."""
    return round(float(np.diff(np.sort([0.0, *marks_m, length_m])).max()), 3)


def trip_access(
    inputs: Inputs,
    network: RoadNetwork,
    sites: gpd.GeoDataFrame,
    ways: Ways,
    stations: gpd.GeoDataFrame,
    scenario: Scenario,
) -> gpd.GeoDataFrame:
    """Return the layer TRIP_ACCESS: the way of each trip and whether it can refuel on it."""
    segment_id, trips = network.segments["segment_id"].to_numpy(), inputs.trips
    fast, hydrogen = (
        _fast_sites(sites, stations, scenario),
        _sites_with(sites, stations[stations["energy"] == "hydrogen"]),
    )
    rows = []
    for f, trip in enumerate(trips.itertuples()):
        way, beside = ways.trip_ways[f], ways.trip_beside[f]
        now, then = fast if trip.energy == "charging" else hydrogen
        if way is None or beside is None:
            fuelled = [False, False]
        else:
            path = trip_path(way, beside, len(sites))
            fuelled = [bool(refuelled(path, float(trip.range_m), has)[0]) for has in (now, then)]
        reason = NO_WAY if way is None else None if fuelled[1] else NO_STATION
        rows.append(
            {
                "trip_id": trip.trip_id,
                "name": trip.name,
                "energy": trip.energy,
                "trips_per_day": float(ways.trip_volume[f]),
                "range_m": float(trip.range_m),
                "length_m": way.length_m if way else 0.0,
                "segment_ids": ",".join(segment_id[way.segment]) if way else "",
                "refuelled_before": fuelled[0],
                "refuelled_after": fuelled[1],
                "reason": reason,
                "geometry": way.geometry if way else trip.geometry,
            }
        )
    return _frame(rows, layers.TRIP_ACCESS)


def _fast_sites(
    sites: gpd.GeoDataFrame, stations: gpd.GeoDataFrame, scenario: Scenario
) -> tuple[Bools, Bools]:
    """Return (J,) sites with a charging station strong enough for motorways, before and after."""
    least_kw = scenario.rules.highway_min_kw
    strong = {code for code, row in scenario.technologies.items() if row.power_kw >= least_kw}
    charging = stations[stations["energy"] == "charging"]
    before = charging[charging["technology_before"].isin(strong)]
    after = charging[charging["technology"].isin(strong)]
    return _sites_of(sites, before), _sites_of(sites, after)


def _sites_with(sites: gpd.GeoDataFrame, stations: gpd.GeoDataFrame) -> tuple[Bools, Bools]:
    existing = stations[stations["status"] == "existing"]
    return _sites_of(sites, existing), _sites_of(sites, stations)


def _sites_of(sites: gpd.GeoDataFrame, stations: gpd.GeoDataFrame) -> Bools:
    return np.asarray(sites["site_id"].isin(stations["site_id"]), dtype=bool)


def _marks(beside: Alongside, has: Bools) -> Floats:
    return np.asarray(beside.position_m[has[beside.site]], dtype=float)


def _highway_reason(largest_m: float, gap_m: float) -> str:
    km, rule_km = largest_m / 1000, gap_m / 1000
    return (
        f"{km:.1f} km without a fast charger, rule {rule_km:g} km / "
        f"{km:.1f} 公里内无快充，规则 {rule_km:g} 公里"
    )


def _frame(rows: list[dict[str, object]], layer: layers.Layer) -> gpd.GeoDataFrame:
    columns = [*layer.column_names(), "geometry"]
    frame = pd.DataFrame(rows, columns=columns)
    frame = frame.astype({column.name: column.dtype for column in layer.columns})
    return layers.validate(gpd.GeoDataFrame(frame, geometry="geometry", crs=WGS84), layer)
