"""Owns the small repairs of a network: fill it up, take off short spurs, keep the limits."""

from __future__ import annotations

import numpy as np

from planner.testroads.connect import Start
from planner.testroads.instance import METRES_PER_KM, Bools
from planner.testroads.merit import TOLERANCE_KM, on_cycle, room_km, short_spurs
from planner.testroads.task import Task

MOST_TRIMMED = 60
"""Edges taken off one network at most, to bring it back within its limits."""


def fill(task: Task, chosen: Bools, high_m: float) -> Bools:
    """Add touching edges of most worth per metre while they fit below every limit."""
    chosen = chosen.copy()
    density = task.worth / np.maximum(task.counted_m, 1e-3)
    order = np.lexsort((np.arange(len(density)), -density))
    left_m = high_m - float(task.counted_m[chosen].sum())
    room = room_km(task, chosen)
    limited_km = [limit.share * task.counted_m / METRES_PER_KM for limit in task.limits]
    touched = np.zeros(task.n_nodes, dtype=bool)
    touched[task.tail[chosen]] = touched[task.head[chosen]] = True
    while True:
        fits = ~chosen & (task.counted_m <= left_m)
        fits &= touched[task.tail] | touched[task.head]
        for left, km in zip(room.tolist(), limited_km, strict=True):
            fits &= km <= max(left, 0.0)
        candidates = order[fits[order]]
        if not len(candidates):
            return chosen
        edge = int(candidates[0])
        chosen[edge] = touched[task.tail[edge]] = touched[task.head[edge]] = True
        left_m -= float(task.counted_m[edge])
        room -= np.array([km[edge] for km in limited_km])


def within_limits(start: Start, chosen: Bools) -> Bools:
    """Return a network, or what is left of it within its limits, filled up again."""
    if (room_km(start.task, chosen) >= -TOLERANCE_KM).all():
        return chosen
    return fill(start.task, _trimmed(start, chosen), start.high_m)


def without_spurs(start: Start, chosen: Bools) -> Bools:
    """Return a network without its short spurs, filled up again; itself where it needs them."""
    if start.task.shape.least_spur_m <= 0:
        return chosen
    spurs = short_spurs(start.task, chosen)
    if not spurs.any() or not start.holds(chosen & ~spurs):
        return chosen
    return fill(start.task, chosen & ~spurs, start.high_m)


def _trimmed(start: Start, chosen: Bools) -> Bools:
    """Take off edges that pass limits, those of least worth first, as long as it stays whole.

    Ends of the network and edges on cycles can go one at a time without parting it.
    """
    task, chosen = start.task, chosen.copy()
    must = task.forced.copy()
    for _ in range(MOST_TRIMMED):
        room = room_km(task, chosen)
        over = [limit.share for limit, left in zip(task.limits, room, strict=True)
                if left < -TOLERANCE_KM]  # fmt: skip
        if not over:
            break
        gain = np.sum(over, axis=0) * task.counted_m / METRES_PER_KM
        degree = np.bincount(task.tail[chosen], minlength=task.n_nodes)
        degree += np.bincount(task.head[chosen], minlength=task.n_nodes)
        ends = (degree[task.tail] == 1) | (degree[task.head] == 1)
        free = np.flatnonzero(chosen & ends & ~must & (gain > 0))
        if len(free) == 0:
            free = np.flatnonzero(chosen & ~must & (gain > 0) & on_cycle(task, chosen))
        if len(free) == 0 or int(chosen.sum()) == 1:
            break
        edge = int(free[np.lexsort((free, task.worth[free] / gain[free]))[0]])
        chosen[edge] = False
        if not start.holds(chosen):
            chosen[edge], must[edge] = True, True
    return chosen
