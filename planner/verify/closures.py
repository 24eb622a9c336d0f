"""Proves what safety closes: exclusions, the hours of schools and hospitals, works by year."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from planner.verify.faults import Fault, Faults, rows_where
from planner.verify.files import PlanFiles, UnreadableError
from planner.verify.graph import Bools, Floats, Ints, graph_of, main_component
from planner.verify.ground import NEAR_M, NEAR_SHARE, ground_of, zone_shapes

CONCERN_ROADS = ("all", "test_roads")
FORBIDDING = ("exclusion", "school", "hospital", "construction")
WINDOW_M, LEG_M, LEG_UNSURE_M, TURN_UNSURE = 15.0, 5.0, 0.02, 1.0
DAY = 24 * 60
SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
FIRST, LAST = 0, 9999


class Near(NamedTuple):
    """Lines near places: row of the line, row of the place, and whether it is surely near."""

    line: Ints
    place: Ints
    sure: Bools


class Closed(NamedTuple):
    """What zones close of each segment: surely and at most.

    ``always`` are masks; ``minutes`` are masks of the day by segment row; ``until`` is the
    last year in which it is surely closed, 0 for none; ``late`` marks those that may be.
    """

    always: tuple[Bools, Bools]
    minutes: tuple[dict[int, Bools], dict[int, Bools]]
    until: Ints
    late: Bools


def segment_lines_m(plan: PlanFiles) -> NDArray[Any]:
    """Return the lines of the segments in metres, in the order of their layer."""
    return plan.once(ground_of).metres(plan.layer("segments").geometry)


def near_lines(plan: PlanFiles, shapes: NDArray[Any], reach_m: Floats) -> Near:
    """Return which segments pass within reach of which places, and which do so for sure."""
    lines = plan.once(segment_lines_m)
    far = reach_m * (1 + NEAR_SHARE) + NEAR_M
    place, line = shapely.STRtree(lines).query(shapes, predicate="dwithin", distance=far)
    inside = shapely.distance(shapes[place], lines[line]) < (
        reach_m[place] * (1 - NEAR_SHARE) - NEAR_M
    )
    core = shapely.buffer(shapes[place], -NEAR_M)
    inside |= (reach_m[place] == 0) & shapely.intersects(core, lines[line])
    return Near(line.astype(np.int64), place.astype(np.int64), np.asarray(inside, dtype=bool))


def target_years(plan: PlanFiles) -> list[int]:
    """Return the years with a target of test roads, ascending."""
    return sorted(int(year) for year in plan.mapping("settings", "test_roads", "target_km_by_year"))


def closed_by_zones(plan: PlanFiles) -> Closed:
    """Return what the zones that forbid close of each segment."""
    zones, years = plan.layer("zones"), target_years(plan)
    rows = np.flatnonzero(zones["kind"].isin(FORBIDDING) & zones["applies_to"].isin(CONCERN_ROADS))
    near = near_lines(plan, plan.once(zone_shapes)[rows], zones["radius_m"].to_numpy(float)[rows])
    size = len(plan.layer("segments"))
    found = Closed(
        (np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)),
        ({}, {}),
        np.zeros(size, dtype=np.int64),
        np.zeros(size, dtype=bool),
    )
    for line, place, sure in zip(*(part.tolist() for part in near), strict=True):
        zone = zones.iloc[int(rows[place])]
        first, last = _year(zone, "closed_from", FIRST), _year(zone, "closed_to", LAST)
        if first <= years[-1] and last >= years[0]:
            _close(found, line, zone.get("closed_hours"), last, sure=sure, end=years[-1])
    return found


def _year(zone: Any, column: str, otherwise: int) -> int:  # noqa: ANN401
    value = zone.get(column)
    return otherwise if pd.isna(value) else int(value)


def _close(found: Closed, line: int, hours: Any, last: int, *, sure: bool, end: int) -> None:  # noqa: ANN401
    if not pd.isna(hours):
        for table in found.minutes if sure else found.minutes[1:]:
            table[line] = table.get(line, np.zeros(DAY, dtype=bool)) | minutes_of(str(hours))
    elif last >= end:
        found.always[1][line] = True
        found.always[0][line] |= sure
    else:
        found.late[line] = True
        found.until[line] = max(int(found.until[line]), last * sure)


def minutes_of(text: str) -> Bools:
    """Return the minutes of the day that a text of hours holds, as a mask of 1440."""
    held = np.zeros(DAY, dtype=bool)
    for part in filter(None, text.split(",")):
        match = SPAN.fullmatch(part.strip())
        if match is None:
            message = f"{part!r} are no hours of a day"
            raise UnreadableError(message)
        hour = [int(group) for group in match.groups()]
        start, end = 60 * hour[0] + hour[1], 60 * hour[2] + hour[3]
        if start < end:
            held[start:end] = True
        else:
            held[start:] = True
            held[:end] = True
    return held


def text_of(held: Bools) -> str:
    """Return a mask of the day as its hours, ascending and joined."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], held.astype(int), [0]])))
    clock = [f"{edge // 60:02d}:{edge % 60:02d}" for edge in edges.tolist()]
    return ",".join(f"{a}-{b}" for a, b in zip(clock[::2], clock[1::2], strict=True))


def sharpest_turns(plan: PlanFiles) -> tuple[Floats, Floats]:
    """Return the least and the most that the sharpest turn of each segment can be, in degrees."""
    lines = plan.once(segment_lines_m)
    least, most = np.zeros(len(lines)), np.zeros(len(lines))
    for row in np.flatnonzero(shapely.get_num_points(lines) > 2).tolist():
        places = shapely.get_coordinates(lines[row])
        along = np.append(0.0, np.cumsum(np.hypot(*np.diff(places, axis=0).T)))
        at, total = along[1:-1], along[-1]
        legs = np.minimum(np.minimum(at, total - at), WINDOW_M)
        before, after = np.maximum(at - WINDOW_M, 0.0), np.minimum(at + WINDOW_M, total)
        ways = [_place_along(places, along, to) for to in (before, at, after)]
        turns = _turns(ways[1] - ways[0], ways[2] - ways[1])
        for found, leg in ((least, LEG_M + LEG_UNSURE_M), (most, LEG_M - LEG_UNSURE_M)):
            found[row] = np.max(turns, where=legs >= leg, initial=0.0)
    return np.maximum(least - TURN_UNSURE, 0.0), most + TURN_UNSURE


def _place_along(places: Floats, along: Floats, to: Floats) -> NDArray[np.complex128]:
    """Return the places at some metres along a line, as complex numbers."""
    return np.interp(to, along, places[:, 0]) + 1j * np.interp(to, along, places[:, 1])


def _turns(come: NDArray[np.complex128], go: NDArray[np.complex128]) -> Floats:
    """Return the angle between two ways in degrees; none where a way has no length."""
    return np.asarray(np.abs(np.degrees(np.angle(go * np.conj(come)))), dtype=float)


def excluded_segments(plan: PlanFiles) -> tuple[Bools, Bools]:
    """Return the segments that must be excluded and those that may be, as masks."""
    segments, graph = plan.layer("segments"), plan.once(graph_of)
    settings = ("settings", "test_roads")
    certain = segments["speed_kph"].to_numpy(float) > plan.number(*settings, "max_speed_kph")
    certain |= (segments["road_class"] == "service").to_numpy()
    certain |= segments["tunnel"].to_numpy(bool) | ~main_component(graph)[graph.tail]
    possible = certain.copy()
    closed, limit = plan.once(closed_by_zones), plan.number(*settings, "max_turn_deg")
    needed = plan.number(*settings, "least_open_hours") * 60
    turns = plan.once(sharpest_turns)
    for mask, end in ((certain, 0), (possible, 1)):
        mask[closed.always[end] | (turns[end] > limit)] = True
        minutes = closed.minutes[end].items()
        mask[[row for row, held in minutes if DAY - held.sum() < needed]] = True
    return certain, possible | closed.late


def closures_hold(plan: PlanFiles) -> Faults:
    """Prove the hours in which test roads are closed, and that none opens in a closed year."""
    roads, segments = plan.layer("test_roads"), plan.layer("segments")
    closed = plan.once(closed_by_zones)
    rows = pd.Index(segments["segment_id"]).get_indexer(pd.Index(roads["segment_id"]))
    none = np.zeros(DAY, dtype=bool)
    for row, segment_id, text in zip(
        rows.tolist(), roads["segment_id"], roads["closed_hours"].fillna(""), strict=True
    ):
        held = minutes_of(text)
        sure, most = (table.get(row, none) for table in closed.minutes)
        if (sure & ~held).any() or (held & ~most).any():
            what = f"closed_hours are stated as {text!r}, proven {text_of(sure)!r}"
            yield Fault(what, str(segment_id))
        elif text_of(held) != text:
            yield Fault(f"closed_hours are not written in order: {text!r}", str(segment_id))
    early = ~roads["opened_before"].to_numpy(bool)
    early &= roads["stage_year"].to_numpy() <= np.append(closed.until, 0)[rows]
    yield from rows_where(roads, early, "segment_id", "it opens in a year in which it is closed")
