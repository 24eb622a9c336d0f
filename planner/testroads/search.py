"""Owns the search for the network: exact choices on many trees around the best one so far.

Large-neighbourhood search: each round spans the graph by a random tree near the incumbent,
settles what is clear (:mod:`planner.testroads.pruning`) and chooses the rest exactly
(:mod:`planner.testroads.treeknapsack`). Rounds are counted, never timed, so that the same
seed gives the same network.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from planner.solver import Deadline
from planner.testroads.connect import Start
from planner.testroads.instance import Bools, Floats, Ints
from planner.testroads.paths import LEAST_COST, cost_graph, shortest_path_tree, spanning_tree
from planner.testroads.pruning import settle
from planner.testroads.task import Task
from planner.testroads.treeknapsack import Branches, Knapsack, branches, chunks, without

N_STEPS = 2000
"""Length steps of the table over what is not settled."""
LEAST_STEP_M = 0.5
SPANNING_SHARE = 0.4
"""Share of rounds with a cheapest spanning tree; the others take cheapest ways."""
LOOSE_SHARE, LOOSE_FACTORS = 0.9, (0.3, 0.7, 1.0)
"""Share of rounds whose tree only favours the incumbent by one of the factors."""
NOISE = 0.5
HINT_LEFT = 0.02
"""Cost left to an edge that the hint is sure of."""
TRIED_LENGTHS = 12
LOW_MARGIN = 0.97
"""Rounding favours edges rounded down: a choice may be this much longer than its steps say."""
TOLERANCE_M = 1e-6


@dataclass(frozen=True)
class Effort:
    """How many rounds the search may take, and after how many idle ones it stops."""

    rounds: int
    idle_rounds: int


@dataclass(frozen=True)
class Found:
    """The best network found and whether the deadline cut the search short."""

    chosen: Bools
    cut_short: bool


def score(task: Task, chosen: Bools) -> tuple[float, float]:
    """Return metres toward the target, then worth: the larger pair is the better network."""
    counted_m = float(task.counted_m[chosen].sum())
    return round(min(counted_m, task.low_m), 3), float(task.worth[chosen].sum())


def improve(start: Start, hint: Floats, effort: Effort, seed: int, deadline: Deadline) -> Found:
    """Search from a network for a better one.

    Parameters
    ----------
    start
        The first incumbent, what must be reached and the limit.
    hint
        Per edge, from 0 to 1, how likely it belongs to a good network (zeros: no idea).
    effort, seed, deadline
        The deadline only ends a search that is slower than foreseen.
    """
    rng = np.random.default_rng(seed)
    best, best_score, idle = start, score(start.task, start.chosen), 0
    for _ in range(effort.rounds):
        if deadline.left_s() <= 0:
            return Found(best.chosen, cut_short=True)
        chosen = _round(best, hint, rng)
        found_score = score(start.task, chosen)
        idle += 1
        if found_score > best_score:
            best, best_score, idle = replace(best, chosen=chosen), found_score, 0
        if idle >= effort.idle_rounds:
            break
    return Found(best.chosen, cut_short=False)


def _round(best: Start, hint: Floats, rng: np.random.Generator) -> Bools:
    task = best.task
    root = int(task.tail[rng.choice(np.flatnonzero(best.chosen))])
    tree = _tree(best, hint, root, rng)
    walk = branches(task, tree, root, rng.random(len(task.tail)) < 0.5)
    worth = task.worth + _bonus(best)
    met = score(task, best.chosen)[0] >= task.low_m
    settled = settle(
        walk.parent,
        worth[walk.edge],
        task.counted_m[walk.edge],
        best.high_m,
        float(worth[best.chosen].sum()) if met else 0.0,
    )
    base = np.zeros_like(best.chosen)
    base[walk.edge[settled.fixed]] = True
    free = without(walk, settled.kept, settled.fixed)
    if not len(free.edge):
        return best.chosen
    return _best_choice(best, base, free, worth, float(rng.random()))


def _best_choice(best: Start, base: Bools, free: Branches, worth: Floats, offset: float) -> Bools:
    """Return the best of the incumbent and the choices on the free rows beside the base."""
    task, metres = best.task, best.task.counted_m[free.edge]
    left_m = best.high_m - float(task.counted_m[base].sum())
    step_m = max(min(left_m, float(metres.sum())) / N_STEPS, LEAST_STEP_M)
    length = chunks(metres, step_m, offset)
    longest = min(max(int(left_m / step_m), 0), int(length.sum()))
    table = Knapsack(free, worth[free.edge], length, longest)
    short_m = left_m - best.high_m + LOW_MARGIN * task.low_m
    low = min(max(int(short_m / step_m), 0), longest)
    found, found_score = best.chosen, score(task, best.chosen)
    lengths = (steps for steps in table.lengths_by_worth(low) if steps <= longest)
    for steps in islice(lengths, TRIED_LENGTHS):
        chosen = base.copy()
        chosen[table.edges(steps)] = True
        excess_m = float(task.counted_m[chosen].sum()) - best.high_m
        if excess_m > TOLERANCE_M:
            longest = steps - max(1, int(excess_m / step_m))
        elif best.holds(chosen):
            chosen = fill(task, chosen, best.high_m)
            if score(task, chosen) > found_score:
                found, found_score = chosen, score(task, chosen)
    return found


def _tree(best: Start, hint: Floats, root: int, rng: np.random.Generator) -> Ints:
    task = best.task
    density = task.worth / np.maximum(task.counted_m, 1.0)
    noise = rng.lognormal(0.0, NOISE, len(density))
    likely = (density / (float(density.mean()) or 1.0)) ** rng.choice([0.5, 1.0, 2.0])
    cost = np.maximum(task.counted_m, 1.0) * noise / np.maximum(likely, 1e-9)
    cost *= 1.0 + HINT_LEFT - hint
    loose = rng.random() < LOOSE_SHARE
    factor = rng.choice(LOOSE_FACTORS)
    cost[best.chosen] = cost[best.chosen] * factor if loose else LEAST_COST
    graph = cost_graph(task, cost)
    if rng.random() < SPANNING_SHARE:
        return spanning_tree(graph)
    return shortest_path_tree(graph, root)


def _bonus(best: Start) -> Floats:
    """Return a worth that no choice can pass by, on what must be in the network."""
    task = best.task
    bonus = np.zeros(len(task.worth))
    large = 4.0 * float(task.worth.sum()) + 1.0
    bonus[task.forced] = large
    for group in best.due():
        if not task.forced[group].any():
            bonus[group[np.argmax(best.chosen[group])]] = large
    return bonus


def seeded(start: Start) -> Start:
    """Return a network that is filled up to the limit, from the edge of most worth if empty."""
    task, chosen = start.task, start.chosen.copy()
    if not chosen.any():
        fits = np.flatnonzero(task.counted_m <= start.high_m)
        if not len(fits):
            return start
        chosen[fits[np.argmax(task.worth[fits] / np.maximum(task.counted_m[fits], 1.0))]] = True
    return replace(start, chosen=fill(task, chosen, start.high_m))


def fill(task: Task, chosen: Bools, high_m: float) -> Bools:
    """Add touching edges of most worth per metre while they fit below the limit."""
    chosen = chosen.copy()
    density = task.worth / np.maximum(task.counted_m, 1e-3)
    order = np.lexsort((np.arange(len(density)), -density))
    left_m = high_m - float(task.counted_m[chosen].sum())
    touched = np.zeros(task.n_nodes, dtype=bool)
    touched[task.tail[chosen]] = touched[task.head[chosen]] = True
    while True:
        fits = ~chosen & (task.counted_m <= left_m)
        fits &= touched[task.tail] | touched[task.head]
        candidates = order[fits[order]]
        if not len(candidates):
            return chosen
        edge = int(candidates[0])
        chosen[edge] = touched[task.tail[edge]] = touched[task.head[edge]] = True
        left_m -= float(task.counted_m[edge])
