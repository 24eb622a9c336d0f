"""Owns the repairs of a target that test roads miss: which rule stands in the way, what it yields.

A reason against segments is lifted or eased and the usable kilometres are counted again; a limit
or the room over a target is let go and the network or stage is chosen again. Each is confirmed by
a second choice at low effort.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from planner.layers import ROAD_REPAIRS
from planner.scenario import Scenario
from planner.solver import Deadline
from planner.testroads.instance import METRES_PER_KM, Bools, Instance, Ints
from planner.testroads.lifting import Lift, lifts, reasons_against, without
from planner.testroads.prepare import Prepared
from planner.testroads.quick import quick_network
from planner.testroads.repair_words import Words, lift_words, limit_words, target_words
from planner.testroads.stages import Ladder, Target, opened_m, stage_rows, stage_years
from planner.testroads.task import usable_rows

MOST_ROWS = 10
TOLERANCE_M = 1.0


@dataclass(frozen=True)
class Missed:
    """A choice of test roads that misses a target of some year.

    ``years`` are the stage years of the instance rows, 0 where one is not chosen; ``km_cny`` is
    what equipping a km costs in the plan, none where nothing is equipped.
    """

    prepared: Prepared
    years: Ints
    targets: tuple[Target, ...]
    km_cny: float | None
    zones: pd.DataFrame
    scenario: Scenario

    @property
    def instance(self) -> Instance:
        """The problem."""
        return self.prepared.instance

    def short(self) -> list[tuple[Target, float]]:
        """Return the targets that are missed, with the metres that are missing."""
        rows = [
            (target, target.low_m - opened_m(self.instance, self.years, target.year))
            for target in self.targets
        ]
        return [(target, metres) for target, metres in rows if metres > 5e-4]


@dataclass(frozen=True)
class _Found:
    """One repair before it has its id; gains in metres."""

    year: int
    rule: str
    value: float | None
    words: Words
    gain_m: float
    carriageway_m: float
    missing_m: float
    confirmed: bool


def equipped_km_cny(test_roads: pd.DataFrame, materials: pd.DataFrame) -> float | None:
    """Return what equipping a counted km costs in a plan, none where nothing is equipped."""
    fitted = test_roads["equipped"].to_numpy(dtype=bool)
    km = round(float(test_roads["counted_m"].to_numpy()[fitted].sum()) / METRES_PER_KM, 6)
    return int(materials["cost_cny"].sum()) / km if km else None


def road_repairs(missed: Missed, deadline: Deadline) -> pd.DataFrame:
    """Return ``layers.ROAD_REPAIRS``: at most ten rows, the largest gain first, RangeIndex.

    It is empty where every stage reaches its target. What the deadline leaves no time to look
    at again is not confirmed.
    """
    short = missed.short()
    found: list[_Found] = []
    if short:
        last = max(missed.targets, key=lambda target: target.low_m)
        found += [repair for repair in _stages(missed, short) if repair.gain_m > TOLERANCE_M]
        for target, metres in short:
            if target.low_m >= last.low_m:
                found += _limits(missed, target, metres, deadline)
                found += _reasons(missed, target, metres, deadline)
    found.sort(key=lambda row: (-round(row.gain_m), row.year, row.rule, row.value or 0.0))
    rows = [_row(number, row, missed) for number, row in enumerate(found[:MOST_ROWS], start=1)]
    frame = pd.DataFrame(rows, columns=ROAD_REPAIRS.column_names())
    return frame.astype({column.name: column.dtype for column in ROAD_REPAIRS.columns})


def _reasons(
    missed: Missed, target: Target, missing_m: float, deadline: Deadline
) -> Iterator[_Found]:
    """Yield the reasons against segments, lifted or eased."""
    prepared, instance = missed.prepared, missed.instance
    speed = prepared.segments["speed_kph"].to_numpy(dtype=float)
    against = reasons_against(instance, prepared.reasons, speed)
    ranked = sorted(lifts(instance, against, missing_m), key=lambda row: -row.gain_m)
    metres = prepared.counting.carriageway_m
    before = float(metres[usable_rows(instance).rows].sum())
    for row in ranked[:MOST_ROWS]:
        yield _Found(
            target.year,
            row.name,
            row.value,
            lift_words(row, missed.zones, missed.scenario),
            row.gain_m,
            float(metres[row.usable].sum()) - before,
            missing_m,
            _confirmed(missed, row, target, deadline),
        )


def _confirmed(missed: Missed, row: Lift, target: Target, deadline: Deadline) -> bool:
    instance = without(missed.instance, row.rows)
    seed = missed.scenario.run.seed
    found = quick_network(instance, (target.low_m, target.high_m), seed, deadline)
    usable_m = float(instance.counted_m[row.usable].sum())
    return found.km * METRES_PER_KM >= min(target.low_m, usable_m) - TOLERANCE_M


def _limits(
    missed: Missed, target: Target, missing_m: float, deadline: Deadline
) -> Iterator[_Found]:
    """Yield the limits of the mix of roads without which a second choice is longer."""
    instance, now = missed.instance, missed.years > 0
    for limit in instance.limits:
        name, _, side = limit.name.rpartition(" ")
        others = tuple(other for other in instance.limits if other.name != limit.name)
        window = target.low_m, target.high_m
        freed, seed = replace(instance, limits=others), missed.scenario.run.seed
        found = quick_network(freed, window, seed, deadline).chosen
        words = limit_words(missed.scenario.road_limits[name], side)
        gain_m, gained = _grown(missed, found, now)
        if gain_m > TOLERANCE_M:
            rule = f"limit {limit.name}"
            yield _Found(target.year, rule, None, words, gain_m, gained, missing_m, confirmed=True)


def _stages(missed: Missed, short: list[tuple[Target, float]]) -> Iterator[_Found]:
    """Yield by how much a stage has to be let over its target, where it stops before it."""
    instance, settings = missed.instance, missed.scenario.test_roads
    ladder = Ladder(settings.free_grade, settings.most_grades())
    chosen = missed.years > 0
    for target, missing_m in short:
        if opened_m(instance, missed.years, missed.targets[-1].year) < target.low_m:
            continue
        targets = [
            replace(other, high_m=np.inf) if other == target else other for other in missed.targets
        ]
        years = stage_years(instance, chosen, missed.prepared.history.year, targets, ladder)
        found, now = (stage_rows(instance, of, target.year) for of in (years, missed.years))
        over_km = (opened_m(instance, years, target.year) - target.low_m) / METRES_PER_KM
        gain_m, gained = _grown(missed, found, now)
        words = target_words(target.year, over_km)
        yield _Found(
            target.year,
            "over target",
            round(max(over_km, 0.0), 6),
            words,
            gain_m,
            gained,
            missing_m,
            confirmed=over_km >= 0.0,
        )


def _grown(missed: Missed, found: Bools, now: Bools) -> tuple[float, float]:
    """Return by how many metres a network grows, as counted and by carriageway."""
    counted, carriageway = missed.instance.counted_m, missed.prepared.counting.carriageway_m
    grown_m = float(counted[found].sum() - counted[now].sum())
    return grown_m, float(carriageway[found].sum() - carriageway[now].sum())


def _row(number: int, row: _Found, missed: Missed) -> dict[str, object]:
    needed_km = min(row.gain_m, row.missing_m) / METRES_PER_KM
    cost = None if missed.km_cny is None else round(missed.km_cny * round(needed_km, 6))
    return {
        "repair_id": f"rr-{number}",
        "year": row.year,
        "rule": row.rule,
        "value": row.value,
        "text_zh": row.words.zh,
        "text_en": row.words.en,
        "gain_km": round(row.gain_m / METRES_PER_KM, 6),
        "gain_carriageway_km": round(max(row.carriageway_m, 0.0) / METRES_PER_KM, 6),
        "equipment_cny": cost,
        "confirmed": row.confirmed,
    }
