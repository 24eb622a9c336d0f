"""Owns the quick choice of a network: one short search without a proof, for what-if questions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.solver import Deadline
from planner.testroads.connect import connect
from planner.testroads.instance import METRES_PER_KM, Bools, Floats, Instance
from planner.testroads.merit import rules_met, score, total_worth
from planner.testroads.search import Effort, fits_whole, improve, seeded
from planner.testroads.task import Task, make_task, usable_rows

LOW_EFFORT = Effort(rounds=24, idle_rounds=12)


@dataclass(frozen=True)
class Quick:
    """A network as a mask of instance rows, its counted km and worth.

    ``holds`` says whether it keeps every limit and reaches its target and cycles.
    """

    chosen: Bools
    km: float
    worth: float
    holds: bool


def quick_network(
    instance: Instance,
    window_m: tuple[float, float],
    seed: int,
    deadline: Deadline,
    likely: Bools | None = None,
    effort: Effort = LOW_EFFORT,
) -> Quick:
    """Choose one contiguous network in a short search; the same call gives the same network.

    Parameters
    ----------
    window_m
        Counted metres to reach, and not to exceed.
    likely
        Rows of a network that is known to be good: the search favours them.
    """
    task = make_task(instance, usable_rows(instance).rows, low_m=window_m[0], high_m=window_m[1])
    start = connect(task)
    if fits_whole(start):
        return _quick(instance, task, np.ones(len(task.rows), dtype=bool))
    start = seeded(start)
    if not start.chosen.any():
        return _quick(instance, task, start.chosen)
    found = improve(start, _hint(task, likely), effort, seed, deadline)
    best = replace(start, chosen=found.chosen)
    return _quick(instance, task, best.chosen)


def worth_of(instance: Instance, chosen: Bools) -> float:
    """Return the worth of a network of an instance: of its roads, its scenes and its spurs."""
    task = make_task(instance, chosen, low_m=0.0, high_m=0.0)
    return total_worth(task, np.ones(len(task.rows), dtype=bool))


def _hint(task: Task, likely: Bools | None) -> Floats:
    if likely is None:
        return np.zeros(len(task.rows))
    return likely[task.rows].astype(float)


def _quick(instance: Instance, task: Task, edges: Bools) -> Quick:
    chosen = np.zeros(len(instance.length_m), dtype=bool)
    chosen[task.rows[edges]] = True
    km = round(float(task.counted_m[edges].sum()) / METRES_PER_KM, 6)
    holds = rules_met(task, score(task, edges))
    return Quick(chosen, km, total_worth(task, edges), holds)
