"""Owns the years: which part of the final network is opened when, from simple to complex."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field, replace

import numpy as np

from planner.testroads.connect import connect
from planner.testroads.instance import Bools, Instance, Ints, is_contiguous
from planner.testroads.task import make_task

TOLERANCE_M = 1e-6
HARDEST = 5
"""Complexity grades are 1 to 5."""


@dataclass(frozen=True)
class Target:
    """Cumulative counted metres of a year: to reach, and not to exceed."""

    year: int
    low_m: float
    high_m: float


@dataclass(frozen=True)
class Ladder:
    """From simple to complex: what grade a stage may take, and where.

    Rows up to ``free_grade`` may open anywhere, harder ones beside an easier one that is
    open by then; ``most_grade`` is the hardest grade of a year (missing: any).
    """

    free_grade: int = HARDEST
    most_grade: dict[int, int] = field(default_factory=dict)


NO_LADDER = Ladder()
STEPS, GRADES = 1, 2
"""What is let go, in this order, where a stage would fall short of its target otherwise."""


def stage_years(
    instance: Instance,
    chosen: Bools,
    opened_year: Ints,
    targets: list[Target],
    ladder: Ladder = NO_LADDER,
) -> Ints:
    """Return the stage year of every row, 0 where it is not chosen.

    Every stage is contiguous with what is opened and holds the one before: it grows along
    touching segments, the lowest complexity grade first and then the most worth per metre,
    until its target is met. Joins between opened roads belong to the first stage; the last
    stage takes all that is left of the network. No other stage takes a segment before the year
    from which it may open. The ladder holds as long as a stage reaches its target with it.

    Parameters
    ----------
    opened_year
        Year a row was opened, where it was opened before the plan.
    targets
        In ascending order of year.
    """
    years = np.where(chosen & instance.opened, opened_year, 0)
    if not chosen.any():
        return years
    planned = chosen & ~instance.opened
    years[_core(instance, chosen) & planned] = targets[0].year
    for target in targets[:-1]:
        for let_go in (0, STEPS, GRADES):
            _grow(instance, chosen, years, target, _Allowed(instance, ladder, target.year, let_go))
    years[planned & (years == 0)] = targets[-1].year
    return years


def stages_hold(instance: Instance, years: Ints, plan_years: list[int]) -> bool:
    """Return whether every stage is contiguous and no segment opens before it may."""
    planned = (years > 0) & ~instance.opened
    early = instance.open_from is not None and (years < instance.open_from)[planned].any()
    return not early and all(
        is_contiguous(instance, stage_rows(instance, years, year)) for year in plan_years
    )


def opened_m(instance: Instance, years: Ints, year: int) -> float:
    """Return the counted metres that are open in a year; roads opened before always are."""
    return float(instance.counted_m[stage_rows(instance, years, year)].sum())


def stage_rows(instance: Instance, years: Ints, year: int) -> Bools:
    """Return the rows of the stage of a year: opened before, or planned up to that year."""
    return (years > 0) & ((years <= year) | instance.opened)


def reach_m(
    instance: Instance, years: Ints, targets: list[Target], ladder: Ladder, let_go: int
) -> list[float]:
    """Return what each stage would have reached with no more of the ladder let go than that.

    Each starts from the stage before it as it is, the first one from the joins between opened
    roads; growing ends where its target is met.

    Parameters
    ----------
    years
        As :func:`stage_years` returned them.
    let_go
        0 for nothing, ``STEPS`` or ``GRADES``.
    """
    chosen, reached = years > 0, []
    start = np.where(chosen & instance.opened, years, 0)
    if chosen.any():
        start[_core(instance, chosen) & chosen & ~instance.opened] = targets[0].year
    for target in targets:
        trial = start.copy()
        for step in range(let_go + 1):
            _grow(instance, chosen, trial, target, _Allowed(instance, ladder, target.year, step))
        reached.append(opened_m(instance, trial, target.year))
        start = np.where(stage_rows(instance, years, target.year), years, 0)
    return reached


def _core(instance: Instance, chosen: Bools) -> Bools:
    """Return the rows every stage has: opened roads and joins, else one segment to start from."""
    core = np.zeros_like(chosen)
    if instance.opened[chosen].any():
        task = make_task(replace(instance, zones=()), chosen, low_m=0.0, high_m=0.0)
        core[task.rows[connect(task).chosen]] = True
        return core
    rows = _first_rows(instance, chosen)
    for zone in instance.zones:
        near = zone.rows[np.isin(zone.rows, rows)]
        if len(near):
            rows = near
            break
    core[min(rows.tolist(), key=lambda row: _rank(instance, row))] = True
    return core


def _first_rows(instance: Instance, chosen: Bools) -> Ints:
    """Return the chosen rows that may open first: all those of the earliest year there is."""
    rows = np.flatnonzero(chosen)
    if instance.open_from is None:
        return rows
    from_year = instance.open_from[rows]
    first: Ints = rows[from_year == from_year.min()]
    return first


def _rank(instance: Instance, row: int) -> tuple[int, float, int]:
    """Return what orders the segments: simple first, then worth per metre, then the id."""
    density = float(instance.worth[row]) / max(float(instance.counted_m[row]), 1.0)
    return int(instance.grade[row]), -density, row


class _Allowed:
    """Says which rows a stage may open beside those that are open."""

    def __init__(self, instance: Instance, ladder: Ladder, year: int, let_go: int) -> None:
        self.instance = instance
        self.year = year
        self.free = HARDEST if let_go >= STEPS else ladder.free_grade
        self.most = HARDEST if let_go >= GRADES else ladder.most_grade.get(year, HARDEST)
        self.easiest: dict[int, int] = {}

    def opened(self, row: int) -> None:
        """Note that a row is open: harder ones may follow at its ends."""
        grade = int(self.instance.grade[row])
        for node in _ends(self.instance, row):
            self.easiest[node] = min(self.easiest.get(node, grade), grade)

    def __call__(self, row: int) -> bool:
        """Return whether a row may open now."""
        if self.instance.open_from is not None and self.instance.open_from[row] > self.year:
            return False
        grade = int(self.instance.grade[row])
        near = min(self.easiest.get(node, grade) for node in _ends(self.instance, row))
        return grade <= self.most and (grade <= self.free or near < grade)


def _grow(
    instance: Instance, chosen: Bools, years: Ints, target: Target, allowed: _Allowed
) -> None:
    """Open touching segments in rank order until the target of the year is met."""
    started = np.flatnonzero(stage_rows(instance, years, target.year)).tolist()
    total_m = opened_m(instance, years, target.year)
    at_node = _rows_at_nodes(instance, chosen & (years == 0))
    for row in started:
        allowed.opened(row)
    touched = sorted({node for row in started for node in _ends(instance, row)})
    queue = [_rank(instance, row) for node in touched for row in at_node.get(node, [])]
    heapq.heapify(queue)
    while queue and total_m < target.low_m - TOLERANCE_M:
        row = heapq.heappop(queue)[2]
        metres = float(instance.counted_m[row])
        too_long = total_m + metres > target.high_m + TOLERANCE_M
        if years[row] or too_long or not allowed(row):
            continue
        years[row] = target.year
        total_m += metres
        allowed.opened(row)
        # A row that was not allowed comes back with each neighbour that opens.
        for node in _ends(instance, row):
            for other in at_node.get(node, []):
                if not years[other]:
                    heapq.heappush(queue, _rank(instance, other))


def _ends(instance: Instance, row: int) -> tuple[int, int]:
    return int(instance.from_node[row]), int(instance.to_node[row])


def _rows_at_nodes(instance: Instance, rows: Bools) -> dict[int, list[int]]:
    at_node: dict[int, list[int]] = {}
    for row in np.flatnonzero(rows).tolist():
        for node in (int(instance.from_node[row]), int(instance.to_node[row])):
            at_node.setdefault(node, []).append(row)
    return at_node
