"""Owns the years: which part of the final network is opened when, from simple to complex."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace

import numpy as np

from planner.testroads.connect import connect
from planner.testroads.instance import Bools, Instance, Ints
from planner.testroads.task import make_task

TOLERANCE_M = 1e-6


@dataclass(frozen=True)
class Target:
    """Cumulative counted metres of a year: to reach, and not to exceed."""

    year: int
    low_m: float
    high_m: float


def stage_years(
    instance: Instance, chosen: Bools, opened_year: Ints, targets: list[Target]
) -> Ints:
    """Return the stage year of every row, 0 where it is not chosen.

    Every stage is contiguous with what is opened and holds the one before: it grows along
    touching segments, the lowest complexity grade first and then the most worth per metre,
    until its target is met. Joins between opened roads belong to the first stage; the last
    stage takes all that is left of the network.

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
        _grow(instance, chosen, years, target)
    years[planned & (years == 0)] = targets[-1].year
    return years


def opened_m(instance: Instance, years: Ints, year: int) -> float:
    """Return the counted metres that are open in a year; roads opened before always are."""
    return float(instance.counted_m[stage_rows(instance, years, year)].sum())


def stage_rows(instance: Instance, years: Ints, year: int) -> Bools:
    """Return the rows of the stage of a year: opened before, or planned up to that year."""
    return (years > 0) & ((years <= year) | instance.opened)


def _core(instance: Instance, chosen: Bools) -> Bools:
    """Return the rows every stage has: opened roads and joins, else one segment to start from."""
    core = np.zeros_like(chosen)
    if instance.opened[chosen].any():
        task = make_task(replace(instance, zones=()), chosen, low_m=0.0, high_m=0.0)
        core[task.rows[connect(task).chosen]] = True
        return core
    rows = np.flatnonzero(chosen)
    for zone in instance.zones:
        near = zone.rows[chosen[zone.rows]]
        if len(near):
            rows = near
            break
    core[min(rows.tolist(), key=lambda row: _rank(instance, row))] = True
    return core


def _rank(instance: Instance, row: int) -> tuple[int, float, int]:
    """Return what orders the segments: simple first, then worth per metre, then the id."""
    density = float(instance.worth[row]) / max(float(instance.counted_m[row]), 1.0)
    return int(instance.grade[row]), -density, row


def _grow(instance: Instance, chosen: Bools, years: Ints, target: Target) -> None:
    """Open touching segments in rank order until the target of the year is met."""
    started = stage_rows(instance, years, target.year)
    total_m = opened_m(instance, years, target.year)
    touched = set(instance.from_node[started].tolist()) | set(instance.to_node[started].tolist())
    at_node = _rows_at_nodes(instance, chosen & (years == 0))
    queue = [_rank(instance, row) for node in sorted(touched) for row in at_node.pop(node, [])]
    heapq.heapify(queue)
    while queue and total_m < target.low_m - TOLERANCE_M:
        row = heapq.heappop(queue)[2]
        metres = float(instance.counted_m[row])
        if years[row] or total_m + metres > target.high_m + TOLERANCE_M:
            continue
        years[row] = target.year
        total_m += metres
        for node in (int(instance.from_node[row]), int(instance.to_node[row])):
            for other in at_node.pop(node, []):
                heapq.heappush(queue, _rank(instance, other))


def _rows_at_nodes(instance: Instance, rows: Bools) -> dict[int, list[int]]:
    at_node: dict[int, list[int]] = {}
    for row in np.flatnonzero(rows).tolist():
        for node in (int(instance.from_node[row]), int(instance.to_node[row])):
            at_node.setdefault(node, []).append(row)
    return at_node
