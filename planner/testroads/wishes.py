"""Owns where test fleets should be able to charge: the fewest places near all test roads.

A test road is near a place if from none of its points the way to the place is longer than the
scenario's reach. On a road of length L from u to v, with ways d(u) and d(v) from its ends, the
farthest point is (d(u) + d(v) + L) / 2 away where it runs both ways, and L + d(v) where it runs
from u to v only. The places are a location set cover (:func:`planner.location.lscp`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array

from planner.inputs import Inputs, empty_layer
from planner.layers import FLEET_WISHES
from planner.location import Effort, lscp
from planner.network import (
    RoadNetwork,
    distance_table,
    incident_counts,
    node_rows,
    usable_nodes,
)
from planner.scenario import Scenario
from planner.solver import Outcome, verdict
from planner.testroads.grades import JUNCTION_ARMS
from planner.testroads.instance import METRES_PER_KM, Bools, Floats, Ints

CHUNK = 500
"""Places measured at once, so that no table of all roads and places is held."""
EFFORT = Effort(mip_gap=0.0)
FOR_STATIONS = ("all", "stations")


@dataclass(frozen=True)
class FleetWishes:
    """Where test fleets should be able to charge.

    Parameters
    ----------
    places
        Satisfies ``layers.FLEET_WISHES`` (EPSG:4326), no station told yet.
    outcome
        Of the number of places; the bound is what no fewer can do.
    beyond
        Test roads of which no place reaches all within the limit: too long, or cut off.
    """

    places: gpd.GeoDataFrame
    outcome: Outcome
    beyond: tuple[str, ...]


@dataclass(frozen=True)
class _Near:
    """Which places (columns, rows of the nodes) reach which roads (rows) whole, and how far.

    ``metres`` holds the farthest point of each pair within the limit; ``stand`` are the places
    where a station may stand, ``junction`` those where roads meet.
    """

    nodes: Ints
    metres: csr_array
    stand: Bools
    junction: Bools

    @property
    def cover(self) -> csr_array:
        """Return (roads, places) 1 for each pair."""
        ones = np.ones(self.metres.nnz)
        return csr_array((ones, self.metres.indices, self.metres.indptr), shape=self.metres.shape)


def wish_chargers(
    inputs: Inputs, network: RoadNetwork, test_roads: gpd.GeoDataFrame, scenario: Scenario
) -> FleetWishes:
    """Choose the fewest nodes of the test roads such that each of these is near one of them.

    Places where no station may stand serve only the roads that no other place reaches. Of
    equally few places those at junctions are taken, and of these the nearest to their roads.
    The order of the test roads does not matter.

    Parameters
    ----------
    inputs
        Its zones exclude stations.
    test_roads
        Satisfies ``layers.TEST_ROADS``.
    """
    roads = test_roads.sort_values("segment_id", kind="stable").reset_index(drop=True)
    near = _near(inputs, network, roads, scenario.test_roads.fleet_charger_reach_m)
    reached = np.diff(near.metres.indptr) > 0
    beyond = tuple(str(name) for name in roads["segment_id"][~reached])
    if not reached.any():
        return FleetWishes(empty_layer(FLEET_WISHES), verdict(0.0, 0.0, 0.0), beyond)
    rows = np.flatnonzero(reached)
    near = _Near(near.nodes, near.metres[rows], near.stand, near.junction)
    roads = roads.iloc[rows].reset_index(drop=True)
    choice = lscp(near.cover, effort=EFFORT)
    chosen = _well_placed(near, roads["counted_m"].to_numpy(dtype=float), choice.sites)
    frame = _frame(network, near, roads, chosen, scenario.years()[0])
    return FleetWishes(frame, choice.outcome, beyond)


def wish_notes(wishes: FleetWishes) -> Iterator[str]:
    """Yield what a reader should know of the wishes."""
    if wishes.beyond:
        yield f"{len(wishes.beyond)} test roads are too long or cut off for any charger's reach"
    if wishes.outcome.gap:
        yield "the places wished for chargers are the fewest found, not proven the fewest"


def farthest_m(network: RoadNetwork, roads: pd.DataFrame, places: Ints, limit_m: float) -> Floats:
    """Return (roads, places) metres by road from the farthest point of each road, inf beyond.

    Parameters
    ----------
    roads
        Segments of the network: ``segment_id``, ``from_node``, ``to_node``, ``length_m``.
    places
        Rows of ``network.nodes``.
    """
    ends = [node_rows(network, roads[name]) for name in ("from_node", "to_node")]
    nodes = np.unique(np.concatenate(ends))
    table = distance_table(network, nodes, places, limit_m=limit_m, toward=True)
    start, end = (table[np.searchsorted(nodes, rows)] for rows in ends)
    oneway = network.segments.set_index("segment_id")["oneway"]
    directed = oneway.loc[roads["segment_id"]].to_numpy(dtype=bool)[:, None]
    length = roads["length_m"].to_numpy(dtype=float)[:, None]
    # Halves of whole millimetres: what is equally far is equal, however it was added up.
    twice_mm = np.rint(np.where(directed, 2 * (length + end), start + end + length) * 1000)
    metres = twice_mm / 2000
    return np.where(metres <= limit_m, metres, np.inf)


def _near(inputs: Inputs, network: RoadNetwork, roads: pd.DataFrame, reach_m: float) -> _Near:
    ends = [node_rows(network, roads[name]) for name in ("from_node", "to_node")]
    nodes = np.unique(np.concatenate(ends))
    stand = (usable_nodes(network) & ~_excluded(inputs, network))[nodes]
    row, column = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    metres = np.empty(0)
    for first in range(0, len(nodes), CHUNK):
        table = farthest_m(network, roads, nodes[first : first + CHUNK], reach_m)
        here = np.nonzero(np.isfinite(table))
        row, column = np.append(row, here[0]), np.append(column, here[1] + first)
        metres = np.append(metres, table[here])
    better = np.zeros(len(roads), dtype=bool)
    better[row[stand[column]]] = True
    kept = stand[column] | ~better[row]
    pairs = (metres[kept], (row[kept], column[kept]))
    matrix = csr_array(pairs, shape=(len(roads), len(nodes)))
    matrix.sort_indices()
    return _Near(nodes, matrix, stand, (incident_counts(network) >= JUNCTION_ARMS)[nodes])


def _excluded(inputs: Inputs, network: RoadNetwork) -> Bools:
    """Return the nodes inside a zone that excludes stations, as a mask."""
    zones = inputs.zones
    closed = zones[(zones["kind"] == "exclusion") & zones["applies_to"].isin(FOR_STATIONS)]
    inside = np.zeros(len(network.nodes), dtype=bool)
    if len(closed) and len(inside):
        crs = inputs.metric_crs
        tree = shapely.STRtree(network.nodes.geometry.to_crs(crs).to_numpy())
        shapes = closed.geometry.to_crs(crs).to_numpy()
        radius_m = closed["radius_m"].to_numpy(dtype=float)
        inside[tree.query(shapes, predicate="dwithin", distance=radius_m)[1]] = True
    return inside


def _well_placed(near: _Near, counted_m: Floats, chosen: Ints) -> Ints:
    """Return the places, each moved to the best one that serves what only it serves."""
    cover, kept = near.cover, chosen.tolist()
    for at, place in enumerate(chosen.tolist()):
        alone = _alone(cover, kept, place)
        serves = cover[alone].sum(axis=0)
        away = (counted_m[alone] @ near.metres[alone]).round(3)
        fit = np.flatnonzero(serves == len(alone))
        order = np.lexsort((fit, away[fit], ~near.junction[fit], ~near.stand[fit]))
        kept[at] = int(fit[order[0]])
    for place in list(kept):
        if not len(_alone(cover, kept, place)):
            kept.remove(place)
    return np.array(sorted(kept), dtype=np.int64)


def _alone(cover: csr_array, places: list[int], place: int) -> Ints:
    """Return the roads that of some places only this one serves."""
    others = [other for other in places if other != place]
    return np.flatnonzero(cover[:, others].sum(axis=1) == 0).astype(np.int64)


def _frame(
    network: RoadNetwork, near: _Near, roads: gpd.GeoDataFrame, chosen: Ints, first_year: int
) -> gpd.GeoDataFrame:
    """Return the layer, each road at its nearest wish (ties: the first), the earliest first."""
    metres = near.metres[:, chosen].toarray()
    metres[near.cover[:, chosen].toarray() == 0] = np.inf
    mine = metres.argmin(axis=1)
    served = pd.DataFrame(
        {
            "wish": mine,
            "year": np.maximum(roads["stage_year"].to_numpy(dtype=np.int64), first_year),
            "km": roads["counted_m"].to_numpy(dtype=float) / METRES_PER_KM,
            "metres": metres[np.arange(len(mine)), mine],
        }
    ).groupby("wish")
    rows = near.nodes[chosen]
    frame = network.nodes.iloc[rows][["node_id", "county_id", "jurisdiction_id", "geometry"]]
    frame = frame.reset_index(drop=True).assign(
        year=served["year"].min(),
        n_roads=served.size(),
        served_km=served["km"].sum().round(6),
        farthest_m=served["metres"].max(),
        can_stand=near.stand[chosen],
    )
    frame = frame.sort_values("year", kind="stable").reset_index(drop=True)
    frame["wish_id"] = pd.Series([f"w-{at}" for at in range(1, len(frame) + 1)], dtype="str")
    return _without_stations(frame)


def _without_stations(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    empty = dict.fromkeys(("station_m", "station_year", "met_year"), np.nan)
    station = pd.Series([None] * len(frame), dtype="str")
    frame = frame.assign(station_id=station, met=False, **empty)
    for name in ("county_id", "jurisdiction_id"):
        frame[name] = frame[name].astype("str")
    return frame[[*FLEET_WISHES.column_names(), "geometry"]]
