"""Proves what each road counts on both bases, and which opened roads are closed again."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from planner.verify.closures import segment_lines_m, target_years
from planner.verify.faults import Faults, differing, rows_where
from planner.verify.files import PlanFiles
from planner.verify.graph import Bools, Floats
from planner.verify.ground import ground_of

MILLIMETRE = 0.0011
CARRIAGEWAY = "carriageway_km"
PAIRED_M, SURELY_M = 43.0, 25.0
"""No opposite carriageway beyond the first; of the same road and within the second, it is one."""
SURELY, MOST_OF_PAIRED = 0.98, 0.6
OPPOSITE = -0.87
OPENED_NEAR_M, OPENED_SHARE, UNSURE = 25.0, 0.8, 0.02
TAKEN = ("name", "road_class", "county_id", "jurisdiction_id", "trust")


def both_bases_hold(plan: PlanFiles) -> Faults:
    """Prove the metres by carriageway and by centreline, and that the stated one counts."""
    segments = plan.layer("segments").set_index("segment_id")
    basis = plan.text("settings", "test_roads", "counting_basis")
    least, most = plan.once(centreline_limits_m)
    for name in ("test_roads", "closed_roads"):
        roads = plan.layer(name)
        known = roads[roads["segment_id"].isin(segments.index)]
        rows = segments.index.get_indexer(known["segment_id"])
        length = segments["length_m"].to_numpy(float)[rows]
        counts = "carriageway_m" if basis == CARRIAGEWAY else "centreline_m"
        once = known["centreline_m"].to_numpy(float)
        proven = (("carriageway_m", length), ("counted_m", known[counts].to_numpy(float)))
        for column, metres in proven:
            yield from differing(
                known, "segment_id", known[column], metres, f"{column} of {name}", MILLIMETRE
            )
        for wrong, what in (
            (once < least[rows] - MILLIMETRE, "counts less than its centreline"),
            (once > most[rows] + MILLIMETRE, "counts its centreline more than once"),
        ):
            yield from rows_where(known, wrong, "segment_id", f"it {what}")


def centreline_limits_m(plan: PlanFiles) -> tuple[Floats, Floats]:
    """Return the least and the most metres that each segment may count by centreline.

    A two-way road counts whole. A one-way road counts half at least: which of them are alone
    and count whole is not proven, as counting too little does no harm. It counts not much more
    than half where an opposite one surely lies beside it all along: of the same class and name,
    much nearer than the rule asks.
    """
    segments, lines = plan.layer("segments"), plan.once(segment_lines_m)
    length = segments["length_m"].to_numpy(float)
    one_way = segments["oneway"].to_numpy(bool) & (segments["road_class"] != "ramp").to_numpy()
    least, most = length.copy(), length.copy()
    rows = np.flatnonzero(one_way)
    tree = shapely.STRtree(lines[rows])
    one, other = tree.query(lines[rows], predicate="dwithin", distance=PAIRED_M)
    apart = one != other
    beside = pd.Series(rows[other[apart]]).groupby(rows[one[apart]])
    least[rows] /= 2
    for row, others in beside:
        near = others.to_numpy()
        sure = near[_facing(lines[row], lines[near]) & _same_road(segments, row, near)]
        if len(sure) == len(near) and _share_within(lines[row], lines[sure], SURELY_M) > SURELY:
            most[row] = length[row] * MOST_OF_PAIRED
    return least, most


def _share_within(line: shapely.LineString, others: NDArray[np.object_], metres: float) -> float:
    area = shapely.union_all(shapely.buffer(others, metres))
    return float(shapely.intersection(line, area).length / max(line.length, 1e-9))


def _facing(line: shapely.LineString, others: NDArray[np.object_]) -> Bools:
    """Return which lines lead the opposite way, within 30 degrees."""
    own = np.array(line.coords[-1]) - np.array(line.coords[0])
    theirs = np.array([np.subtract(part.coords[-1], part.coords[0]) for part in others])
    size = np.linalg.norm(theirs, axis=1) * np.linalg.norm(own)
    cosine = np.divide(theirs @ own, size, out=np.zeros(len(theirs)), where=size > 0)
    return np.asarray(cosine < OPPOSITE, dtype=bool)


def _same_road(segments: gpd.GeoDataFrame, row: int, others: NDArray[np.int64]) -> Bools:
    name = segments["name"].iloc[row]
    same = (segments["road_class"].iloc[others] == segments["road_class"].iloc[row]).to_numpy()
    return np.asarray(same & (segments["name"].iloc[others] == name).to_numpy(), dtype=bool)


def removals_hold(plan: PlanFiles) -> Faults:
    """Prove that closed roads are the segments along opened roads that close in time."""
    closed, segments = plan.layer("closed_roads"), plan.layer("segments")
    chosen = closed["segment_id"].isin(
        plan.layer("test_roads").query("opened_before")["segment_id"]
    )
    yield from rows_where(closed, chosen, "segment_id", "it is closed and opened before at once")
    for column in TAKEN:
        source = segments.set_index("segment_id")[column].reindex(closed["segment_id"])
        left, right = closed[column].to_numpy(object), source.to_numpy(object)
        other = (left != right) & ~(pd.isna(left) & pd.isna(right))
        yield from rows_where(closed, other, "segment_id", f"{column} is not that of its segment")
    closing, share = plan.once(closing_share)
    listed = segments["segment_id"].isin(closed["segment_id"]).to_numpy(bool)
    opened = plan.layer("test_roads").query("opened_before")["segment_id"]
    stays = segments["segment_id"].isin(opened).to_numpy(bool)
    false = listed & (share < OPENED_SHARE - UNSURE)
    yield from rows_where(segments, false, "segment_id", "no opened road closes along it")
    lost = ~listed & (share > OPENED_SHARE + UNSURE) & ~stays & ~plan.once(_staying)
    yield from rows_where(segments, lost, "segment_id", "its opened road closes, it is not listed")
    years = set(zip(closing["opened_year"], closing["closed_year"].astype(int), strict=True))
    stated = zip(closed["opened_year"], closed["closed_year"], strict=True)
    unknown = np.array([pair not in years for pair in stated], dtype=bool)
    yield from rows_where(closed, unknown, "segment_id", "no opened road has its years")


def closing_share(plan: PlanFiles) -> tuple[gpd.GeoDataFrame, Floats]:
    """Return the opened roads closed by the end, and the share of each segment along them."""
    opened = plan.layer("opened_roads")
    closing = opened[(opened["closed_year"] <= target_years(plan)[-1]).to_numpy(bool)]
    return closing, share_along(plan, closing)


def staying_share(plan: PlanFiles) -> Floats:
    """Return the share of each segment along opened roads that stay open."""
    opened = plan.layer("opened_roads")
    stays = ~(opened["closed_year"] <= target_years(plan)[-1]).to_numpy(bool)
    return share_along(plan, opened[stays])


def _staying(plan: PlanFiles) -> Bools:
    return np.asarray(plan.once(staying_share) > OPENED_SHARE - UNSURE, dtype=bool)


def closing_in_plan(plan: PlanFiles) -> tuple[Bools, Bools]:
    """Return the segments that must be and may be left out, as their opened road closes."""
    closing, _ = plan.once(closing_share)
    late = (closing["closed_year"] >= target_years(plan)[0]).to_numpy(bool)
    share, stays = share_along(plan, closing[late]), plan.once(staying_share)
    certain = (share > OPENED_SHARE + UNSURE) & (stays < OPENED_SHARE - UNSURE)
    # Which of two closing roads a segment is of is not proven here.
    certain &= share_along(plan, closing[~late]) == 0.0
    return certain, plan.once(closing_share)[1] > OPENED_SHARE - UNSURE


def share_along(plan: PlanFiles, roads: gpd.GeoDataFrame) -> Floats:
    """Return the share of each segment that lies within 25 m of the given roads."""
    lines: NDArray[np.object_] = plan.once(segment_lines_m)
    share = np.zeros(len(lines))
    if not len(roads):
        return share
    places = plan.once(ground_of).metres(roads.geometry)
    area = shapely.union_all(shapely.buffer(places, OPENED_NEAR_M))
    shapely.prepare(area)
    near = np.flatnonzero(shapely.intersects(area, lines))
    inside = shapely.length(shapely.intersection(lines[near], area))
    share[near] = inside / np.maximum(shapely.length(lines[near]), 1e-9)
    return share
