"""Owns the first network: opened roads joined and mandated zones reached at least cost.

Steiner tree by repeated cheapest ways (Takahashi and Matsuyama, 1980).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.testroads.instance import Bools, Floats, Ints, pieces
from planner.testroads.paths import Graph, cheapest_ways, cost_graph, way_to
from planner.testroads.task import Task

WORTH_DISCOUNT = 0.5
"""A metre of the road of most worth per metre costs this share of a worthless metre."""


@dataclass(frozen=True)
class Start:
    """A network of a task: its edges, the groups it reaches and the longest it may become."""

    task: Task
    chosen: Bools
    reached: tuple[bool, ...]
    high_m: float

    def due(self) -> list[Ints]:
        """Return the groups that every network has to reach."""
        return [group for group, met in zip(self.task.groups, self.reached, strict=True) if met]

    def holds(self, chosen: Bools) -> bool:
        """Return whether a network has every forced edge and an edge of every group due."""
        forced = bool(chosen[self.task.forced].all())
        return forced and all(bool(chosen[group].any()) for group in self.due())


def connect(task: Task) -> Start:
    """Join the forced edges, then reach group after group, the cheapest first.

    The forced edges and their joins are kept even where they are longer than ``high_m``; a
    group that does not fit below the limit is left out and said to be so. What reviewers ask for
    comes after all other groups.
    """
    graph = cost_graph(task, worth_discounted_m(task))
    chosen = _joined(task, graph)
    if not chosen.any():
        groups = [group for group in task.groups if len(group)]
        if not groups:
            return Start(task, chosen, tuple(False for _ in task.groups), task.high_m)
        chosen[groups[0][np.argmax(task.worth[groups[0]])]] = True
    high_m = max(task.high_m, float(task.counted_m[chosen].sum()))
    return _reach_groups(task, graph, chosen, high_m)


def _joined(task: Task, graph: Graph) -> Bools:
    """Return the forced edges with the cheapest joins between their pieces."""
    labels = pieces(task.tail, task.head, task.n_nodes, task.forced)[task.tail]
    parts = np.unique(labels[task.forced])
    goals = [np.flatnonzero(task.forced & (labels == part)) for part in parts]
    chosen = np.zeros_like(task.forced)
    if goals:
        largest = max(range(len(goals)), key=lambda part: (len(goals[part]), -part))
        chosen[goals.pop(largest)] = True
    while goals:
        edges, met = _nearest(task, graph, chosen, goals)
        chosen[edges] = True
        chosen[goals.pop(met)] = True
    return chosen


def worth_discounted_m(task: Task) -> Floats:
    """Return counted metres, cheaper where a metre is worth more."""
    density = task.worth / np.maximum(task.counted_m, 1.0)
    top = float(density.max(initial=0.0)) or 1.0
    return task.counted_m * (1.0 - WORTH_DISCOUNT * density / top)


def _reach_groups(task: Task, graph: Graph, chosen: Bools, high_m: float) -> Start:
    open_goals = {number: group for number, group in enumerate(task.groups) if len(group)}
    reached = [False] * len(task.groups)
    while open_goals:
        zones = [number for number in open_goals if number < len(task.groups) - task.asked]
        numbers = zones or list(open_goals)
        edges, met = _nearest(task, graph, chosen, [open_goals[number] for number in numbers])
        number = numbers[met]
        del open_goals[number]
        grown = chosen.copy()
        grown[edges] = True
        if float(task.counted_m[grown].sum()) <= high_m:
            chosen, reached[number] = grown, True
    return Start(task, chosen, tuple(reached), high_m)


def _nearest(task: Task, graph: Graph, chosen: Bools, goals: list[Ints]) -> tuple[list[int], int]:
    """Return the edges of the cheapest way to any goal, its last edge included, and the goal."""
    sources = np.unique(np.concatenate([task.tail[chosen], task.head[chosen]]))
    cost, before = cheapest_ways(graph, sources)
    own = worth_discounted_m(task)
    best: tuple[float, int, int] | None = None
    for number, goal in enumerate(goals):
        if chosen[goal].any():
            return [], number
        total = np.minimum(cost[task.tail[goal]], cost[task.head[goal]]) + own[goal]
        place = int(np.argmin(total))
        if best is None or float(total[place]) < best[0]:
            best = float(total[place]), number, int(goal[place])
    if best is None:
        return [], 0
    _, number, edge = best
    ends = int(task.tail[edge]), int(task.head[edge])
    near = min(ends, key=lambda node: (float(cost[node]), node))
    return [*way_to(graph, before, near), edge], number
