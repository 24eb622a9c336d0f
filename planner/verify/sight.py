"""Proves from geometry alone that roadside units see every place of the equipped roads."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from planner.verify.faults import Fault, Faults
from planner.verify.files import PlanFiles
from planner.verify.graph import Bools, Floats
from planner.verify.ground import NEAR_M, NEAR_SHARE, ground_of, zone_shapes

EVERY_M = 25.0
WIDE_CLASSES = ("motorway", "trunk")
CONCERN_ROADS = ("all", "test_roads")
TUNNEL, OPEN_AIR = "tunnel", "open"


def units_cover(plan: PlanFiles) -> Faults:
    """Prove that a unit sees every 25 m and both ends of every equipped segment.

    A place is seen by a unit within the range of its segment, if the straight line between
    them stays within the sight offset of test roads and crosses no building. Inside a tunnel
    only units of the same segment count, and a unit inside one sees nothing else.
    """
    roads = plan.layer("test_roads")
    for row in np.flatnonzero(~_has_range(plan)):
        yield Fault("its segment is not in segments", str(roads["segment_id"].iloc[row]))
        return
    owner, places = plan.once(_places)
    seen = _seen(plan, owner, places)
    ids = roads["segment_id"].to_numpy(object)
    for row in np.unique(owner[~seen]):
        count = int((~seen & (owner == row)).sum())
        yield Fault(f"no unit sees {count} places of it, 25 m apart", str(ids[row]), count)


def _has_range(plan: PlanFiles) -> Bools:
    known = plan.layer("test_roads")["segment_id"].isin(plan.layer("segments")["segment_id"])
    return np.asarray(known, dtype=bool)


def _places(plan: PlanFiles) -> tuple[NDArray[np.int64], Floats]:
    """Return places of the equipped segments: the row of the road and metres."""
    roads = plan.layer("test_roads")
    rows = np.flatnonzero(roads["equipped"].to_numpy(bool))
    lines = plan.once(ground_of).metres(roads.geometry.iloc[rows])
    counts = [max(int(np.ceil(length / EVERY_M)), 1) for length in shapely.length(lines)]
    owner = np.repeat(rows, [count + 1 for count in counts]).astype(np.int64)
    shares = [np.linspace(0.0, 1.0, count + 1) for count in counts]
    if not len(rows):
        return owner, np.empty((0, 2))
    along = np.concatenate(shares)
    of = np.repeat(lines, [count + 1 for count in counts])
    return owner, shapely.get_coordinates(
        shapely.line_interpolate_point(of, along, normalized=True)
    )


def _seen(plan: PlanFiles, owner: NDArray[np.int64], places: Floats) -> Bools:
    """Return which places some unit sees, trying the nearest unit first."""
    ground, units = plan.once(ground_of), plan.layer("rsus")
    stands = shapely.get_coordinates(ground.metres(units.geometry))
    reach = _reach_m(plan)[owner] * (1 + NEAR_SHARE) + NEAR_M
    inside = _inside(plan, units, owner)
    seen = np.zeros(len(places), dtype=bool)
    if not len(stands) or not len(places):
        return seen
    tree = shapely.STRtree(shapely.points(stands))
    at, by = tree.query(shapely.points(places), predicate="dwithin", distance=reach)
    keep = inside[0][at] == inside[1][by]
    at, by = at[keep], by[keep]
    away = np.hypot(*(places[at] - stands[by]).T)
    order = np.lexsort((by, away, at))
    at, by = at[order], by[order]
    turn = pd.Series(at).groupby(at).cumcount().to_numpy()
    open_air, blocks = _open_air(plan), _blocks(plan)
    for number in range(int(turn.max(initial=-1)) + 1):
        now = np.flatnonzero((turn == number) & ~seen[at])
        rays = shapely.linestrings(np.stack([stands[by[now]], places[at[now]]], axis=1))
        free = np.array(shapely.covers(open_air, rays))
        for block in blocks:
            free &= ~shapely.intersects(block, rays)
        seen[at[now[free]]] = True
    return seen


def _inside(
    plan: PlanFiles, units: pd.DataFrame, owner: NDArray[np.int64]
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Return the tunnel that each place and each unit is in, or that it is in the open."""
    roads = plan.layer("test_roads")
    tunnel = plan.layer("segments").set_index("segment_id")["tunnel"]
    ids = roads["segment_id"].to_numpy(object)
    in_tunnel = tunnel.loc[ids].to_numpy(bool)
    of_place = np.where(in_tunnel, ids, OPEN_AIR)[owner]
    segment = units["segment_id"].to_numpy(object)
    dug = set(tunnel.index[tunnel.to_numpy(bool)])
    within = units["segment_id"].isin(dug).to_numpy() & units["node_id"].isna().to_numpy()
    return of_place, np.where(within, segment, OPEN_AIR)


def _reach_m(plan: PlanFiles) -> Floats:
    """Return how far a unit reaches on each test road, in metres, by its surroundings."""
    roads = plan.layer("test_roads")
    segments = plan.layer("segments").set_index("segment_id").loc[roads["segment_id"]]
    wide = segments["road_class"].isin(WIDE_CLASSES).to_numpy()
    slow = segments["speed_kph"].to_numpy(float) <= _setting(plan, "rsu_urban_max_kph")
    found = np.where(
        slow, _setting(plan, "rsu_range_urban_m"), _setting(plan, "rsu_range_suburban_m")
    )
    found = np.where(wide, _setting(plan, "rsu_range_motorway_m"), found)
    inside = segments["tunnel"].to_numpy(bool)
    return np.asarray(np.where(inside, _setting(plan, "rsu_range_tunnel_m"), found), dtype=float)


def _setting(plan: PlanFiles, name: str) -> float:
    return plan.number("settings", "test_roads", name)


def _open_air(plan: PlanFiles) -> Any:  # noqa: ANN401 - shapely is untyped
    """Return the space over the test roads in which a unit sees along them."""
    lines = plan.once(ground_of).metres(plan.layer("test_roads").geometry)
    space = shapely.union_all(shapely.buffer(lines, _setting(plan, "sight_offset_m") + NEAR_M))
    shapely.prepare(space)
    return space


def _blocks(plan: PlanFiles) -> NDArray[Any]:
    """Return the buildings that block, a metre smaller; those a test road runs through do not."""
    zones, shapes = plan.layer("zones"), plan.once(zone_shapes)
    mine = ((zones["kind"] == "building") & zones["applies_to"].isin(CONCERN_ROADS)).to_numpy()
    radius = zones["radius_m"].to_numpy(float)[mine]
    lines = plan.once(ground_of).metres(plan.layer("test_roads").geometry)
    solid = shapely.buffer(shapes[mine], radius * (1 - NEAR_SHARE) - NEAR_M)
    wide = shapely.buffer(shapes[mine], radius + NEAR_M)
    through = [bool(shapely.intersects(block, lines).any()) for block in wide]
    kept: NDArray[Any] = solid[~np.array(through, dtype=bool)]
    shapely.prepare(kept)
    return kept
