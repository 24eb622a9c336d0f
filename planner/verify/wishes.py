"""Proves the places wished for charging test fleets: near all test roads, and what is near them."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array

from planner.verify.closures import target_years
from planner.verify.faults import Fault, Faults, differing, rows_where, unequal
from planner.verify.files import PlanFiles, UnreadableError
from planner.verify.graph import Bools, Floats, Ints, graph_of, metres_toward, usable_nodes
from planner.verify.ground import NEAR_M, NEAR_SHARE, apart_m, ground_of, lonlat_of, zone_shapes
from planner.verify.siting import inside_zones
from planner.verify.testroads import counted_km

FIGURES, SETTINGS = ("test_roads", "fleet_wishes"), ("settings", "test_roads")
METRE, PLACE_M = 0.002, 0.01
CHUNK = 200
FOR_STATIONS = ("all", "stations")


@dataclass(frozen=True)
class Reach:
    """Metres from the farthest point of each test road (rows) to each wish (columns), by road.

    Infinite beyond the limit, and where no station may stand if the road has another wish.
    Columns are from west to east, which settles what is equally near; ``order`` are their rows
    in the layer.
    """

    metres: Floats
    order: Ints


def wishes_hold(plan: PlanFiles) -> Faults:
    """Prove that every test road is near a wish, and of each wish what is told of it."""
    yield from _placed(plan)
    yield from _all_near(plan)
    yield from _served(plan)
    yield from _needed(plan)
    yield from _stations(plan)
    yield from _told(plan)


def _placed(plan: PlanFiles) -> Faults:
    """Prove that a wish is a node of the test roads, and whether a station may stand there."""
    graph, wishes = plan.once(graph_of), plan.layer("fleet_wishes")
    rows, nodes = graph.rows_of(wishes["node_id"]), _road_nodes(plan)
    yield from rows_where(wishes, ~np.isin(rows, nodes), "wish_id", "it is on no test road")
    apart = apart_m(lonlat_of(wishes.geometry), graph.lonlat[rows])
    yield from rows_where(wishes, apart > PLACE_M, "wish_id", "it is not where its node is")
    stated = wishes["can_stand"].to_numpy(bool)
    surely, maybe = _standing(plan)
    where = stated & ~maybe[rows]
    yield from rows_where(wishes, where, "wish_id", "no station may stand there")
    where = ~stated & surely[rows]
    yield from rows_where(wishes, where, "wish_id", "a station may stand there")


def _standing(plan: PlanFiles) -> tuple[Bools, Bools]:
    """Return the nodes where a station surely may stand, and where it perhaps may, as masks."""
    graph, usable, zones = plan.once(graph_of), plan.once(usable_nodes), plan.layer("zones")
    nodes = gpd.GeoDataFrame(geometry=shapely.points(graph.lonlat))
    surely_in = inside_zones(plan, nodes, ("exclusion",), FOR_STATIONS, 0.0)
    ground, shapes = plan.once(ground_of), plan.once(zone_shapes)
    metres = ground.metres(nodes.geometry)
    near = np.zeros(len(graph.node_ids), dtype=bool)
    closed = (zones["kind"] == "exclusion") & zones["applies_to"].isin(FOR_STATIONS)
    for row in np.flatnonzero(closed.to_numpy()):
        radius_m = float(zones["radius_m"].iloc[row])
        near |= shapely.distance(shapes[row], metres) < radius_m * (1 + NEAR_SHARE) + NEAR_M
    return usable & ~near, usable & ~surely_in


def _road_nodes(plan: PlanFiles) -> Ints:
    graph, roads = plan.once(graph_of), plan.layer("test_roads")
    ends = [graph.rows_of(roads[name]) for name in ("from_node", "to_node")]
    nodes = np.unique(np.concatenate(ends))
    return nodes[nodes >= 0]


def _farthest(plan: PlanFiles, roads: pd.DataFrame, nodes: Ints) -> Floats:
    """Return the metres from the farthest point of each road to each node, infinite for none.

    A point between the ends of a two-way road leaves by the shorter side, one of a one-way
    road by its end only.
    """
    graph, segments = plan.once(graph_of), plan.layer("segments").set_index("segment_id")
    if not roads["segment_id"].isin(segments.index).all():
        message = "a test road is no segment"
        raise UnreadableError(message)
    known = segments.loc[roads["segment_id"]]
    rows = pd.Index(plan.layer("segments")["segment_id"]).get_indexer(roads["segment_id"])
    limit_m = plan.number(*SETTINGS, "fleet_charger_reach_m")
    away = metres_toward(graph, plan.once(_arcs_toward), nodes, limit_m).T
    mm = graph.millimetres[rows][:, None]
    start, end = (np.rint(away[side[rows]] * 1000) for side in (graph.tail, graph.head))
    oneway = known["oneway"].to_numpy(bool)[:, None]
    metres = np.where(oneway, 2 * (mm + end), start + end + mm) / 2000
    return np.where(metres <= limit_m, metres, np.inf)


def _arcs_toward(plan: PlanFiles) -> csr_array:
    return plan.once(graph_of).arcs(toward=True)


def reach_of(plan: PlanFiles) -> Reach:
    """Measure from the test roads to the wishes."""
    graph, wishes = plan.once(graph_of), plan.layer("fleet_wishes")
    places = lonlat_of(wishes.geometry)
    order = np.lexsort((places[:, 1], places[:, 0])).astype(np.int64)
    rows = graph.rows_of(wishes["node_id"])[order]
    if (rows < 0).any():
        message = "a wish is on no node"
        raise UnreadableError(message)
    metres = _farthest(plan, plan.layer("test_roads"), rows)
    poor = ~wishes["can_stand"].to_numpy(bool)[order]
    well_served: Bools = np.asarray(np.isfinite(metres[:, ~poor]).any(axis=1))
    metres[np.ix_(well_served, poor)] = np.inf
    return Reach(metres, order)


def _all_near(plan: PlanFiles) -> Faults:
    """Prove that a road without a wish near has no place that would do, nor a better one."""
    roads, reach = plan.layer("test_roads"), plan.once(reach_of)
    stands = plan.layer("fleet_wishes")["can_stand"].to_numpy(bool)[reach.order]
    near: Bools = np.asarray(np.isfinite(reach.metres))
    bare: Bools = np.asarray(~near.any(axis=1))
    poor: Bools = np.asarray(~near[:, stands].any(axis=1))
    surely = plan.once(_standing)[0]
    nodes, asked = _road_nodes(plan), roads[poor]
    for first in range(0, len(nodes) if len(asked) else 0, CHUNK):
        some = nodes[first : first + CHUNK]
        would: Bools = np.asarray(np.isfinite(_farthest(plan, asked, some)))
        lost = bare[poor] & would.any(axis=1)
        yield from rows_where(asked, lost, "segment_id", "no wish is near, though one could be")
        worse = ~bare[poor] & would[:, surely[some]].any(axis=1)
        what = "its wish is where no station may stand, though it need not be"
        yield from rows_where(asked, worse, "segment_id", what)
    yield from unequal(plan.whole(*FIGURES, "n_beyond"), int(bare.sum()), "n_beyond")
    yield from unequal(plan.figure(*FIGURES, "beyond_km"), counted_km(roads[bare]), "beyond_km")


def _served(plan: PlanFiles) -> Faults:
    """Prove which roads each wish serves: those that are nearer to it than to another."""
    roads, wishes, reach = plan.layer("test_roads"), plan.layer("fleet_wishes"), plan.once(reach_of)
    near: Bools = np.asarray(np.isfinite(reach.metres).any(axis=1))
    if not near.any():
        yield from rows_where(wishes, np.ones(len(wishes)), "wish_id", "it serves no road")
        return
    mine, metres = reach.order[reach.metres[near].argmin(axis=1)], reach.metres[near].min(axis=1)
    first = target_years(plan)[0]
    found = pd.DataFrame(
        {
            "wish": mine,
            "year": np.maximum(roads["stage_year"].to_numpy(int)[near], first),
            "km": roads["counted_m"].to_numpy(float)[near] / 1000,
            "metres": metres,
        }
    ).groupby("wish")
    rows = range(len(wishes))
    for name, proven, tolerance in (
        ("year", found["year"].min(), 0.0),
        ("n_roads", found.size(), 0.0),
        ("served_km", found["km"].sum(), 2e-6),
        ("farthest_m", found["metres"].max(), METRE),
    ):
        stated = wishes[name]
        yield from differing(wishes, "wish_id", stated, proven.reindex(rows), name, tolerance)


def _needed(plan: PlanFiles) -> Faults:
    """Prove that no wish could be left out: each has a road that no other one is near to."""
    reach, wishes = plan.once(reach_of), plan.layer("fleet_wishes")
    near: Bools = np.isfinite(reach.metres)
    alone = near[near.sum(axis=1) == 1].any(axis=0)
    needless = np.zeros(len(wishes), dtype=bool)
    needless[reach.order] = ~alone
    yield from rows_where(wishes, needless, "wish_id", "every road near it has another wish")


def _stations(plan: PlanFiles) -> Faults:
    """Prove the nearest charging station of each wish, and the year from which one is near."""
    graph, wishes, stations = (
        plan.once(graph_of),
        plan.layer("fleet_wishes"),
        plan.layer("stations"),
    )
    mine = stations[stations["energy"] == "charging"].sort_values("station_id")
    rows = graph.rows_of(wishes["node_id"])
    away = metres_toward(graph, graph.arcs(toward=False), rows, np.inf)
    at = graph.rows_of(mine["node_id"])
    metres = np.where(at >= 0, away[:, at], np.inf)
    built = np.where(mine["status"] == "existing", 0, mine["first_year"]).astype(float)
    best: Bools = np.asarray(np.isfinite(metres).any(axis=1))
    nearest = np.zeros(len(wishes), dtype=np.int64)
    nearest[best] = metres[best].argmin(axis=1)
    names = mine["station_id"].to_numpy(object)
    proven = [str(names[at]) if any_ else None for at, any_ in zip(nearest, best, strict=True)]
    stated = [None if pd.isna(name) else str(name) for name in wishes["station_id"]]
    wrong = [left != right for left, right in zip(stated, proven, strict=True)]
    yield from rows_where(wishes, wrong, "wish_id", "station_id is not the nearest station")
    least, year = np.full(len(wishes), np.nan), np.full(len(wishes), np.nan)
    least[best] = metres[best].min(axis=1)
    year[best] = built[nearest[best]]
    year[year == 0] = np.nan
    yield from differing(wishes, "wish_id", wishes["station_m"], least, "station_m", METRE)
    yield from differing(wishes, "wish_id", wishes["station_year"], year, "station_year", 0.0)
    near = metres <= plan.number(*SETTINGS, "fleet_station_near_m")
    first = np.where(near, built, np.inf).min(axis=1, initial=np.inf)
    wanted = wishes["year"].to_numpy(float)
    met_year = np.where(np.isfinite(first), np.maximum(first, wanted), np.nan)
    yield from differing(wishes, "wish_id", wishes["met_year"], met_year, "met_year", 0.0)
    other = wishes["met"].to_numpy(bool) != (met_year == wanted)
    yield from rows_where(wishes, other, "wish_id", "met is not what its years say")


def _told(plan: PlanFiles) -> Faults:
    """Prove what plan.json says of the wishes as a whole."""
    wishes = plan.layer("fleet_wishes")
    met, ever = wishes["met"].to_numpy(bool), wishes["met_year"].notna().to_numpy(bool)
    km = wishes["served_km"].to_numpy(float)
    proven = {
        "reach_m": plan.number(*SETTINGS, "fleet_charger_reach_m"),
        "near_m": plan.number(*SETTINGS, "fleet_station_near_m"),
        "n": len(wishes),
        "n_met": int(met.sum()),
        "n_late": int((ever & ~met).sum()),
        "served_km": float(km.sum()),
        "met_km": float(km[met].sum()),
    }
    for name, value in proven.items():
        yield from unequal(plan.figure(*FIGURES, name), value, f"fleet_wishes {name}")
    outcome = plan.mapping(*FIGURES, "outcome")
    yield from unequal(outcome.get("objective"), float(len(wishes)), "fleet_wishes objective")
    bound, ended = outcome.get("bound"), outcome.get("termination")
    if isinstance(bound, float | int) and bound > len(wishes):
        yield Fault(f"bound {bound} is above the number of wishes", "fleet_wishes", bound)
    if ended == "proven_optimal" and bound != len(wishes):
        yield Fault(f"they are called the fewest, with a bound of {bound}", "fleet_wishes")
