"""Proves the test roads: real segments, safe, contiguous, staged, reaching what they must."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from planner.verify.closures import CONCERN_ROADS, excluded_segments, target_years
from planner.verify.counting import OPENED_SHARE, UNSURE, closing_in_plan, staying_share
from planner.verify.faults import Fault, Faults, differing, rows_where, unequal, unequal_rows
from planner.verify.files import PlanFiles, Row
from planner.verify.graph import Bools, count_pieces, graph_of, piece_labels
from planner.verify.ground import NEAR_SHARE, ground_of, zone_shapes

SAME_COLUMNS = (
    "name", "ref", "road_class", "from_node", "to_node", "county_id", "jurisdiction_id", "trust",
)  # fmt: skip
CENTRELINE, CARRIAGEWAY = "centreline_km", "carriageway_km"
DISTANCE_TOLERANCE_M = 2.0
REFUSED = "refused in review"
"""The reason against a segment that only a reviewer refuses."""


def taken_from_segments(plan: PlanFiles) -> Faults:
    """Prove that every test road is a segment, unchanged."""
    roads = plan.layer("test_roads")
    segments = plan.layer("segments").set_index("segment_id")
    known = roads[roads["segment_id"].isin(segments.index)]
    source = segments.loc[known["segment_id"]]
    for column in SAME_COLUMNS:
        left, right = known[column].to_numpy(object), source[column].to_numpy(object)
        other = (left != right) & ~(pd.isna(left) & pd.isna(right))
        yield from rows_where(known, other, "segment_id", f"{column} is not that of its segment")
    stated = source["length_m"].to_numpy(float)
    yield from differing(known, "segment_id", known["length_m"], stated, "length_m", 1e-6)
    moved = ~shapely.equals_exact(known.geometry.to_numpy(), source.geometry.to_numpy(), 1e-9)
    yield from rows_where(known, moved, "segment_id", "its line is not that of its segment")
    basis = plan.text("settings", "test_roads", "counting_basis")
    if basis not in {CENTRELINE, CARRIAGEWAY}:
        yield Fault(f"counting basis {basis} is not known")
    yield from unequal(plan.text("test_roads", "counting_basis"), basis, "counting_basis")


def one_piece(plan: PlanFiles) -> Faults:
    """Prove that every stage is one contiguous piece and is opened in a year of the plan."""
    graph, roads = plan.once(graph_of), plan.layer("test_roads")
    ids = plan.layer("segments")["segment_id"]
    for year in target_years(plan):
        inside = roads[(roads["stage_year"] <= year) | roads["opened_before"]]
        pieces = count_pieces(graph, ids.isin(inside["segment_id"]).to_numpy(bool))
        if pieces > 1:
            yield Fault(f"the test roads of {year} are in {pieces} pieces", str(year), pieces)
    planned = roads[~roads["opened_before"]]
    other = ~planned["stage_year"].isin(target_years(plan))
    yield from rows_where(planned, other, "segment_id", "it is opened in no year of the plan")
    opened_years = plan.layer("opened_roads")["opened_year"]
    before = roads[roads["opened_before"]]
    unknown = ~before["stage_year"].isin(opened_years)
    yield from rows_where(before, unknown, "segment_id", "no opened road is of its year")


def counted_km(roads: pd.DataFrame) -> float:
    """Return counted kilometres; sums of millimetres, so six decimals hold all of it."""
    return round(float(roads["counted_m"].sum()) / 1000, 6)


def targets_met(plan: PlanFiles) -> Faults:
    """Prove the kilometres of every stage: that they meet the target, or not, and keep to it."""
    roads, settings = plan.layer("test_roads"), plan.mapping("settings", "test_roads")
    limits = _limits_km(plan)
    before_km = counted_km(roads[roads["opened_before"]])
    stages: list[Row] = []
    for year in target_years(plan):
        target = float(settings["target_km_by_year"][str(year)])
        inside = roads[(roads["stage_year"] <= year) | roads["opened_before"]]
        km = counted_km(inside)
        met = km >= target - 1e-9
        stages.append({"year": year, "target_km": target, "opened_km": km, "met": met})
        if km > limits[year] + 1e-6 and not _unavoidable(plan, inside):
            yield Fault(f"{km} km are opened by {year}, more than the target allows", str(year), km)
    stated = plan.rows("test_roads", "stages")
    yield from unequal_rows(stated, stages, ("year",), "stages")
    yield from unequal(
        [row.get("year") for row in stated], target_years(plan), "years of the stages"
    )
    yield from unequal(plan.number("test_roads", "opened_before_km"), before_km, "opened_before_km")


def _limits_km(plan: PlanFiles) -> dict[int, float]:
    """Return the kilometres no stage may exceed; the last one may reach any year's target."""
    targets = plan.mapping("settings", "test_roads", "target_km_by_year")
    share = plan.number("settings", "test_roads", "over_target_share")
    least_km = plan.number("settings", "test_roads", "over_target_km")
    years = target_years(plan)
    low = {year: float(targets[str(year)]) for year in years}
    limits = {year: km + max(share * km, least_km) for year, km in low.items()}
    return limits | {years[-1]: max(limits.values())}


def _unavoidable(plan: PlanFiles, stage: pd.DataFrame) -> bool:
    """Return whether a stage is no more than opened roads, their joins, or one segment to start.

    Joins between opened roads are taken at their word: which are least is not proven here.
    """
    opened = stage[stage["opened_before"]]
    ids = plan.layer("segments")["segment_id"]
    pieces = count_pieces(plan.once(graph_of), ids.isin(opened["segment_id"]).to_numpy(bool))
    return pieces > 1 or len(stage) == len(opened) or len(stage) == 1


def exclusions_kept(plan: PlanFiles) -> Faults:
    """Prove that no test road is excluded for safety, and that each exclusion is listed."""
    roads, rejected = plan.layer("test_roads"), plan.layer("rejected_segments")
    segments = plan.layer("segments")
    ids, opened = segments["segment_id"], roads[roads["opened_before"]]["segment_id"]
    certain, possible = _left_out(plan)
    planned = roads[~roads["opened_before"]]
    chosen = planned["segment_id"].isin(ids[certain])
    yield from rows_where(planned, chosen, "segment_id", "it is excluded from test roads")
    listed = planned["segment_id"].isin(rejected["segment_id"])
    yield from rows_where(planned, listed, "segment_id", "it is both chosen and rejected")
    false = ~rejected["segment_id"].isin(ids[possible])
    yield from rows_where(rejected, false, "segment_id", "nothing excludes it, but it is rejected")
    lost = certain & ~ids.isin(rejected["segment_id"]).to_numpy() & ~ids.isin(opened).to_numpy()
    yield from rows_where(
        segments, lost, "segment_id", "it is excluded, but not listed as rejected"
    )
    silent = rejected["reason"].fillna("") == ""
    yield from rows_where(rejected, silent, "segment_id", "it is rejected without a reason")
    stated = plan.whole("test_roads", "n_rejected_segments")
    yield from unequal(stated, len(rejected), "n_rejected_segments")
    refused, ours = rejected[rejected["reason"] == REFUSED], refused_segments(plan)
    unasked = ~refused["segment_id"].isin(ids[ours])
    yield from rows_where(refused, unasked, "segment_id", "no reviewer refuses it")
    stated = plan.whole("test_roads", "n_refused_segments")
    yield from unequal(stated, len(refused), "n_refused_segments")


def mandated_reached(plan: PlanFiles) -> Faults:
    """Prove which mandated zones are reached, and how near the test roads come to each."""
    zones, shapes = plan.layer("zones"), plan.once(zone_shapes)
    lines = plan.once(ground_of).metres(plan.layer("test_roads").geometry)
    must = (zones["mandated"] & zones["applies_to"].isin(CONCERN_ROADS)).to_numpy(bool)
    stated = {str(row.get("zone_id")): row for row in plan.rows("test_roads", "mandated")}
    asked = {str(zones["zone_id"].iloc[row]) for row in np.flatnonzero(must)}
    for zone_id in sorted(asked ^ stated.keys()):
        yield Fault("the mandated zones listed are not those of the layer", zone_id)
    for row in np.flatnonzero(must):
        zone_id = str(zones["zone_id"].iloc[row])
        if zone_id in stated:
            distance = float(shapely.distance(shapes[row], lines).min(initial=np.inf))
            radius = float(zones["radius_m"].iloc[row])
            yield from _zone_holds(plan, stated[zone_id], zone_id, distance, radius)


def _zone_holds(plan: PlanFiles, row: Row, zone_id: str, distance: float, radius: float) -> Faults:
    reach = plan.number("settings", "test_roads", "mandated_reach_m") + radius
    tolerance = DISTANCE_TOLERANCE_M + NEAR_SHARE * min(distance, reach)
    near = abs(distance - reach) <= tolerance
    if not near and row.get("reached") is not (distance <= reach):
        what = f"reached is stated as {row.get('reached')}, proven at {distance:.0f} m"
        yield Fault(what, zone_id, distance)
    if row.get("reached") is not True and not row.get("reason"):
        yield Fault("a mandated zone is not reached, without a reason", zone_id)
    metres = row.get("distance_m")
    if np.isfinite(distance) and (
        not isinstance(metres, int | float)
        or abs(metres - distance) > DISTANCE_TOLERANCE_M + NEAR_SHARE * distance
    ):
        yield Fault(f"distance_m is stated as {metres}, proven {distance:.1f}", zone_id)


def opened_matched(plan: PlanFiles) -> Faults:
    """Prove that roads opened before are all there and marked, and no other is called opened."""
    roads, segments = plan.layer("test_roads"), plan.layer("segments")
    share = plan.once(staying_share)
    marked = segments["segment_id"].isin(roads[roads["opened_before"]]["segment_id"]).to_numpy()
    false = marked & (share < OPENED_SHARE - UNSURE)
    yield from rows_where(
        segments, false, "segment_id", "it is called opened, but no opened road is there"
    )
    chosen = segments["segment_id"].isin(roads["segment_id"]).to_numpy()
    opened = share > OPENED_SHARE + UNSURE
    late = chosen & opened & ~marked
    yield from rows_where(
        segments, late, "segment_id", "it was opened before, but is not marked so"
    )
    lost = opened & ~chosen & _joinable(plan, opened)
    yield from rows_where(segments, lost, "segment_id", "it was opened before, but is no test road")


def _left_out(plan: PlanFiles) -> tuple[Bools, Bools]:
    """Return the segments that must be and may be left out, for safety or as they close."""
    unsafe, closing = plan.once(excluded_segments), plan.once(closing_in_plan)
    refused = refused_segments(plan)
    return unsafe[0] | closing[0] | refused, unsafe[1] | closing[1] | refused


def refused_segments(plan: PlanFiles) -> Bools:
    """Mark the segments that reviewers refuse."""
    reviews = plan.layer("road_reviews")
    banned = reviews[reviews["mark"] == "ban"]["segment_id"]
    return np.asarray(plan.layer("segments")["segment_id"].isin(banned), dtype=bool)


def _joinable(plan: PlanFiles, opened: Bools) -> Bools:
    """Mark the segments that opened and permitted segments join to the test roads."""
    graph, roads = plan.once(graph_of), plan.layer("test_roads")
    chosen = plan.layer("segments")["segment_id"].isin(roads["segment_id"]).to_numpy(bool)
    open_ways = ~_left_out(plan)[1] | opened | chosen
    labels = piece_labels(graph, open_ways)[graph.tail]
    return np.asarray(open_ways & np.isin(labels, labels[chosen]), dtype=bool)
