"""Proves the scores of test roads: grade term by term, value to tests, and scene."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from planner.verify.closures import (
    CONCERN_ROADS,
    near_lines,
    segment_lines_m,
    sharpest_turns,
)
from planner.verify.faults import Fault, Faults, differing, rows_where
from planner.verify.files import PlanFiles, Row
from planner.verify.graph import JUNCTION_SEGMENTS, Floats, graph_of, incident_counts
from planner.verify.ground import NEAR_M, NEAR_SHARE, ground_of, zone_shapes

FEATURE_NEAR_M, SCHOOL_NEAR_M = 30.0, 200.0
WALKED = ("crossing", "bus_stop")
AREAS = ("cluster", "test_zone", "mandated", "logistics")
SERVICES = ("bus", "taxi", "sanitation", "network_5g")
MEASURES = {
    "lanes_points": "lanes",
    "speed_points": "speed_kph",
    "signal_points": "signals",
    "arms_points": "arms",
    "density_points": "junctions_per_km",
    "people_points": "people",
    "turn_points": "turn_deg",
}
FLAGS = ("tunnel", "bridge")
VALUE_TOLERANCE = 1.5e-6


class Seen(NamedTuple):
    """The test roads as segments, and what is around each: at least and at most."""

    roads: pd.DataFrame
    rows: NDArray[np.int64]
    signals: tuple[Floats, Floats]
    people: tuple[Floats, Floats]
    turn_deg: tuple[Floats, Floats]
    arms: tuple[Floats, Floats]


def seen(plan: PlanFiles) -> Seen:
    """Look around every test road; what lies at the edge of a reach may count or not."""
    segments, graph = plan.layer("segments"), plan.once(graph_of)
    ids = pd.Index(plan.layer("test_roads")["segment_id"])
    rows = np.asarray(pd.Index(segments["segment_id"]).get_indexer(ids), dtype=np.int64)
    features, zones = plan.layer("road_features"), plan.layer("zones")
    kinds, points = features["kind"], plan.once(ground_of).metres(features.geometry)
    school = (zones["kind"] == "school") & zones["applies_to"].isin(CONCERN_ROADS)
    schools = _counts(plan, plan.once(zone_shapes)[school.to_numpy(bool)], SCHOOL_NEAR_M)
    signals = _counts(plan, points[(kinds == "signal").to_numpy(bool)], FEATURE_NEAR_M)
    walked = _counts(plan, points[kinds.isin(WALKED).to_numpy(bool)], FEATURE_NEAR_M)
    people = walked[0] + schools[0], walked[1] + schools[1]
    turns, incident = plan.once(sharpest_turns), incident_counts(graph).astype(float)
    return Seen(
        segments.iloc[rows].reset_index(drop=True),
        rows,
        (signals[0][rows], signals[1][rows]),
        (people[0][rows], people[1][rows]),
        (turns[0][rows], turns[1][rows]),
        (incident[graph.tail[rows]], incident[graph.head[rows]]),
    )


def _counts(plan: PlanFiles, shapes: NDArray[Any], reach_m: float) -> tuple[Floats, Floats]:
    """Return how many places each segment passes near: surely, and at most."""
    near = near_lines(plan, shapes, np.full(len(shapes), reach_m))
    size = len(plan.layer("segments"))
    sure = np.bincount(near.line[near.sure], minlength=size).astype(float)
    return sure, np.bincount(near.line, minlength=size).astype(float)


def grades_follow(plan: PlanFiles) -> Faults:
    """Prove the points of every test road, term by term, their sum and the grade."""
    table, around = plan.mapping("settings", "grades"), plan.once(seen)
    roads = plan.layer("test_roads")
    terms = plan.layer("segment_terms").set_index("segment_id")
    unlike = set(terms.index) ^ set(roads["segment_id"])
    if unlike:
        yield Fault("the scored segments are not the test roads", min(unlike), len(unlike))
        return
    terms = terms.loc[roads["segment_id"]].reset_index()
    bounds = _points(table, around)
    for term, (least, most) in bounds.items():
        stated = terms[term].to_numpy(float)
        off = (stated < least) | (stated > most)
        yield from rows_where(terms, off, "segment_id", f"its {term} do not follow")
    total = terms[list(bounds)].sum(axis=1)
    yield from differing(terms, "segment_id", terms["points"], total, "points", 0)
    begins = table["from_points"]["begins"]
    grade = 1 + sum((terms["points"] >= begin).astype(int) for begin in begins)
    for frame in (terms, roads):
        yield from differing(
            frame, "segment_id", frame["complexity_grade"], grade, "complexity_grade", 0
        )


def _points(table: Row, around: Seen) -> dict[str, tuple[Floats, Floats]]:
    """Return the least and the most points of every term."""
    roads = around.roads
    given = roads["road_class"].map(table["class_points"]).to_numpy(float)
    found = {"class_points": (given, given)}
    for flag in FLAGS:
        points = float(table["points"][flag]) * roads[flag].to_numpy(float)
        found[f"{flag}_points"] = points, points
    ends = sum(0.5 * (arms >= JUNCTION_SEGMENTS) for arms in around.arms)
    density = ends / np.maximum(roads["length_m"].to_numpy(float) / 1000, 1e-3)
    measures = {
        "lanes": (roads["lanes"].to_numpy(float),) * 2,
        "speed_kph": (roads["speed_kph"].to_numpy(float),) * 2,
        "signals": around.signals,
        "arms": (np.maximum(*around.arms),) * 2,
        "junctions_per_km": (density, density),
        "people": around.people,
        "turn_deg": around.turn_deg,
    }
    for term, name in MEASURES.items():
        least, most = measures[name]
        found[term] = _steps(table["steps"][name], least), _steps(table["steps"][name], most)
    return found


def _steps(steps: list[list[float]], values: Floats) -> Floats:
    points = np.full(len(values), float(steps[0][1]))
    for floor, given in steps:
        points[values >= floor] = given
    return points


def values_follow(plan: PlanFiles) -> Faults:
    """Prove what every test road is worth by itself, from the weights of the plan."""
    table, around = plan.mapping("settings", "worth", "value"), plan.once(seen)
    roads, segments = plan.layer("test_roads"), around.roads
    base = segments["road_class"].map(table["class_weight"]).to_numpy(float)
    bonus = table["bonus"]
    named = (segments["name"].notna() | segments["ref"].notna()).to_numpy(float)
    wide = segments["lanes"].to_numpy(float) >= bonus["arterial_lanes"]
    arterial = wide & segments["road_class"].isin(bonus["arterial_classes"]).to_numpy(bool)
    base = base + bonus["named"] * named + bonus["arterial"] * arterial
    area = _nearness(plan, AREAS, table["attraction"])
    service = _nearness(plan, SERVICES, table["service"])
    share = np.where(np.minimum(*around.arms) == 1, table["dead_end"]["factor"], 1.0)
    km = roads["counted_m"].to_numpy(float) / 1000 * share
    least, most = (
        km * (base + area[end].max(axis=1) + service[end].sum(axis=1)
              + bonus["signals"] * (around.signals[end] > 0))
        for end in (0, 1)
    )  # fmt: skip
    stated = roads["test_value"].to_numpy(float)
    off = ~((stated >= least - VALUE_TOLERANCE) & (stated <= most + VALUE_TOLERANCE))
    for row in np.flatnonzero(off):
        text = f"test_value is stated as {stated[row]:.6g}, proven {least[row]:.6g}"
        yield Fault(text, str(roads["segment_id"].iloc[row]), float(abs(stated[row] - least[row])))


def _nearness(plan: PlanFiles, kinds: tuple[str, ...], table: Row) -> tuple[Floats, Floats]:
    """Return the least and the most weight of each kind (column) for each test road."""
    zones, shapes = plan.layer("zones"), plan.once(zone_shapes)
    lines = plan.once(segment_lines_m)[plan.once(seen).rows]
    away = np.full((2, len(lines), len(kinds)), np.inf)
    concerned = zones["kind"].isin(kinds) & zones["applies_to"].isin(CONCERN_ROADS)
    for row in np.flatnonzero(concerned.to_numpy(bool)):
        column, radius = kinds.index(zones["kind"].iloc[row]), float(zones["radius_m"].iloc[row])
        metres = shapely.distance(shapes[row], lines)
        for end, sign in ((0, 1), (1, -1)):
            edge = np.maximum(metres + sign * (NEAR_M + NEAR_SHARE * metres) - radius, 0.0)
            away[end, :, column] = np.minimum(away[end, :, column], edge)
    full = np.array([float(table[kind]) for kind in kinds])
    weights = full * np.clip(1 - away / float(table["fade_m"]), 0.0, 1.0)
    return weights[0], weights[1]


def scenes_follow(plan: PlanFiles) -> Faults:
    """Prove the scene of every test road: its class and what stands out first."""
    table, around = plan.mapping("settings", "worth", "scene"), plan.once(seen)
    terms = plan.layer("segment_terms").set_index("segment_id")
    stated = terms.loc[plan.layer("test_roads")["segment_id"]].reset_index()
    classes, lanes = around.roads["road_class"].to_numpy(object), around.roads["lanes"]
    fits = np.zeros(len(stated), dtype=bool)
    for signals in around.signals:
        for people in around.people:
            has = {
                "tunnel": around.roads["tunnel"].to_numpy(bool),
                "bridge": around.roads["bridge"].to_numpy(bool),
                "signals": signals > 0,
                "people": people > 0,
                "wide": lanes.to_numpy(float) >= table["wide_lanes"],
            }
            scene = classes.copy()
            for feature in reversed(table["features"]):
                scene = np.where(has[feature], classes + f", {feature}", scene)
            fits |= stated["scene"].to_numpy(object) == scene
    yield from rows_where(stated, ~fits, "segment_id", "it does not offer the scene stated")
