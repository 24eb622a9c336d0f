"""Owns what comes before any worth: which segments may not be test roads, why, and when."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from planner.inputs import Inputs
from planner.inputs.hours import DAY_MIN, hours_a_day, merged_hours
from planner.layers import FORBIDDING_KINDS
from planner.scenario import Scenario
from planner.testroads.instance import Bools, Ints
from planner.testroads.surroundings import Surroundings, concerning, metric_lines, near_pairs

DAY_HOURS = DAY_MIN / 60
NO_YEAR, LAST_YEAR = 0, 9999


@dataclass(frozen=True)
class Safety:
    """What safety asks of each segment, in row order.

    Parameters
    ----------
    reasons
        Every reason against it; none: it is permitted.
    closed_hours
        When it is closed to tests, such as ``07:00-09:00,16:30-18:00``; empty: never.
    open_from
        Year from which it may be opened: the first of the plan unless a zone closes it until
        then.
    """

    reasons: tuple[tuple[str, ...], ...]
    closed_hours: tuple[str, ...]
    open_from: Ints

    def excluded(self) -> Bools:
        """Return the segments that no test road may be."""
        return np.array([bool(found) for found in self.reasons], dtype=bool)


@dataclass(frozen=True)
class _Closures:
    """Zones that forbid, and the segments (rows) near each, by zone id."""

    zones: gpd.GeoDataFrame
    row: Ints
    at: Ints


def safety(
    segments: gpd.GeoDataFrame,
    island: Bools,
    around: Surroundings,
    inputs: Inputs,
    scenario: Scenario,
) -> Safety:
    """Return what safety asks of each segment.

    Against it are: too fast ("speed"), "service road", "tunnel", a turn that is too sharp
    ("sharp turn"), not in the main component ("island"), a zone that forbids it at all hours
    ("zone x1", "school x2", ...), and hours of several zones that leave too little of the day
    ("open 10.5 h a day"). A zone that forbids only in some hours closes it in these; one that
    forbids in some years closes it until they are over, and for good if the last year of the
    plan is among them.

    Parameters
    ----------
    segments
        Satisfies ``layers.SEGMENTS`` (EPSG:4326), in any row order.
    island
        Which of them are not in the main component of the network.
    around
        What is around them, in the same order.
    """
    settings = scenario.test_roads
    closures = _closures(segments, inputs)
    open_from = np.full(len(segments), scenario.years()[0], dtype=np.int64)
    hours, barred = _closed(closures, scenario.years(), open_from)
    merged = tuple(merged_hours(hours.get(row, ())) for row in range(len(segments)))
    tests = {
        "speed": segments["speed_kph"].to_numpy(dtype=float) > settings.max_speed_kph,
        "service road": (segments["road_class"] == "service").to_numpy(dtype=bool),
        "tunnel": segments["tunnel"].to_numpy(dtype=bool),
        "sharp turn": around.turn_deg > settings.max_turn_deg,
        "island": island,
    }
    reasons: list[list[str]] = [[] for _ in range(len(segments))]
    for reason, hit in tests.items():
        for row in np.flatnonzero(hit).tolist():
            reasons[row].append(reason)
    for row, names in barred.items():
        reasons[row] += names
    for row, text in enumerate(merged):
        open_hours = DAY_HOURS - hours_a_day(text)
        if open_hours < settings.least_open_hours:
            reasons[row].append(f"open {open_hours:g} h a day")
    return Safety(tuple(tuple(found) for found in reasons), merged, open_from)


def _closures(segments: gpd.GeoDataFrame, inputs: Inputs) -> _Closures:
    zones = concerning(inputs.zones)
    zones = zones[zones["kind"].isin(FORBIDDING_KINDS)].reset_index(drop=True)
    lines = metric_lines(segments, inputs.metric_crs)
    reach_m = zones["radius_m"].to_numpy(dtype=float)
    return _Closures(zones, *near_pairs(lines, zones, inputs.metric_crs, reach_m))


def _closed(
    closures: _Closures, years: list[int], open_from: Ints
) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Return hours and reasons of rows that have any; years in ``open_from`` are raised."""
    zones = closures.zones
    first = zones["closed_from"].fillna(NO_YEAR).to_numpy(dtype=np.int64)
    last = zones["closed_to"].fillna(LAST_YEAR).to_numpy(dtype=np.int64)
    timed = zones["closed_hours"].notna().to_numpy(dtype=bool)
    hours: dict[int, list[str]] = {}
    barred: dict[int, list[str]] = {}
    for row, at in zip(closures.row.tolist(), closures.at.tolist(), strict=True):
        if first[at] > years[-1] or last[at] < years[0]:
            continue
        if timed[at]:
            hours.setdefault(row, []).append(str(zones["closed_hours"].iloc[at]))
        elif last[at] >= years[-1]:
            barred.setdefault(row, []).append(_name(zones, at))
        else:
            open_from[row] = max(int(open_from[row]), int(last[at]) + 1)
    return hours, barred


def _name(zones: gpd.GeoDataFrame, at: int) -> str:
    kind = str(zones["kind"].iloc[at])
    return f"{'zone' if kind == 'exclusion' else kind} {zones['zone_id'].iloc[at]}"
