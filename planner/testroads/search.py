"""Owns the search for the network: exact choices on many trees around the best one so far.

Large-neighbourhood search: each round spans the graph by a random tree near the incumbent,
settles what is clear (:mod:`planner.testroads.pruning`) and chooses the rest exactly
(:mod:`planner.testroads.treeknapsack`). Rounds are counted, never timed, so that the same
seed gives the same network.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from planner.solver import Deadline
from planner.testroads.connect import Start
from planner.testroads.instance import METRES_PER_KM, Bools, Floats, Ints
from planner.testroads.mend import fill, within_limits, without_spurs
from planner.testroads.merit import (
    Score,
    best_case,
    edge_worth,
    limits_kept,
    on_cycle,
    room_km,
    rules_met,
    score,
    short_spurs,
)
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
SPURS_SHARE = 0.5
"""Share of rounds in which the short spurs of the incumbent count less."""
NOISE = 0.5
HINT_LEFT = 0.02
"""Cost left to an edge that the hint is sure of."""
TRIED_LENGTHS = 12
FIRST_PRICE, DEARER, CHEAPER = 0.1, 1.4, 0.93
"""A limit's price begins at this share of the mean worth of a km, and moves by these factors."""
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


class _Prices:
    """What a km costs by each limit: it rises while networks pass the limit, else it falls.

    Where too little lies on cycles, edges that can lie on one are favoured in the same way.
    """

    def __init__(self, task: Task) -> None:
        density = task.worth.sum() / max(float(task.counted_m.sum()), 1.0) * METRES_PER_KM
        self.first = FIRST_PRICE * float(density)
        self.per_km = np.zeros(len(task.limits))
        self.cycles = 1.0
        asked = task.shape.least_cycle_share > 0
        self.can_cycle = on_cycle(task, np.ones(len(task.worth), dtype=bool)) if asked else None

    def of_edges(self, task: Task) -> Floats:
        """Return the price of each edge."""
        price = np.zeros(len(task.worth))
        for per_km, limit in zip(self.per_km, task.limits, strict=True):
            if per_km > 0:
                price += per_km * limit.share * task.counted_m / METRES_PER_KM
        return price

    def learn(self, task: Task, chosen: Bools) -> None:
        """Raise the price of the limits that a network passes, lower that of the others."""
        for number, left in enumerate(room_km(task, chosen).tolist()):
            if left < 0:
                self.per_km[number] = max(self.first, self.per_km[number] * DEARER)
            else:
                self.per_km[number] *= CHEAPER
        if self.can_cycle is not None:
            short = best_case(task, chosen)[2] < 0
            self.cycles = self.cycles * DEARER if short else max(1.0, self.cycles * CHEAPER)


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
    prices = _Prices(start.task)
    for _ in range(effort.rounds):
        if deadline.left_s() <= 0:
            return Found(best.chosen, cut_short=True)
        chosen, found_score = _round(best, best_score, hint, prices, rng)
        idle += 1
        if found_score > best_score:
            best, best_score, idle = replace(best, chosen=chosen), found_score, 0
        if idle >= effort.idle_rounds:
            break
    return Found(best.chosen, cut_short=False)


def _round(
    best: Start, best_score: Score, hint: Floats, prices: _Prices, rng: np.random.Generator
) -> tuple[Bools, Score]:
    task = best.task
    root = int(task.tail[rng.choice(np.flatnonzero(best.chosen))])
    tree = _tree(best, hint, root, rng)
    walk = branches(task, tree, root, rng.random(len(task.tail)) < 0.5)
    worth = _favoured(best, prices, rng) + _bonus(best)
    met = rules_met(task, best_score)
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
        return best.chosen, best_score
    return _best_choice(best, best_score, _Choices(best, base, free, worth, rng.random()), prices)


def _favoured(best: Start, prices: _Prices, rng: np.random.Generator) -> Floats:
    """Return the worth of each edge beside the incumbent, at the prices of the rules."""
    task, rising = best.task, None
    if task.variety is not None:
        rising = rng.random(int(task.variety.scene.max(initial=0)) + 1) < 0.5
    worth = edge_worth(task, best.chosen, rising)
    if task.shape.least_spur_m > 0 and rng.random() < SPURS_SHARE:
        worth = np.where(short_spurs(task, best.chosen), task.shape.spur_factor * worth, worth)
    if prices.can_cycle is not None:
        worth = np.where(prices.can_cycle, prices.cycles * worth, worth)
    return np.asarray(np.maximum(worth - prices.of_edges(task), 0.0))


class _Choices:
    """The networks that one tree offers, of one length each."""

    def __init__(
        self, best: Start, base: Bools, free: Branches, worth: Floats, offset: float
    ) -> None:
        task, metres = best.task, best.task.counted_m[free.edge]
        self.best, self.base = best, base
        left_m = best.high_m - float(task.counted_m[base].sum())
        self.step_m = max(min(left_m, float(metres.sum())) / N_STEPS, LEAST_STEP_M)
        length = chunks(metres, self.step_m, offset)
        self.longest = min(max(int(left_m / self.step_m), 0), int(length.sum()))
        self.table = Knapsack(free, worth[free.edge], length, self.longest)
        short_m = left_m - best.high_m + LOW_MARGIN * task.low_m
        self.low = min(max(int(short_m / self.step_m), 0), self.longest)

    def networks(self) -> Iterator[Bools]:
        """Yield networks below the limit that hold what must be in them, best first."""
        task, best, longest = self.best.task, self.best, self.longest
        lengths = (steps for steps in self.table.lengths_by_worth(self.low) if steps <= longest)
        for steps in islice(lengths, TRIED_LENGTHS):
            if steps > longest:
                continue
            chosen = self.base.copy()
            chosen[self.table.edges(steps)] = True
            excess_m = float(task.counted_m[chosen].sum()) - best.high_m
            if excess_m > TOLERANCE_M:
                longest = steps - max(1, int(excess_m / self.step_m))
            elif best.holds(chosen):
                yield chosen


def _best_choice(
    best: Start, best_score: Score, choices: _Choices, prices: _Prices
) -> tuple[Bools, Score]:
    """Return the best of the incumbent and the choices, mended and filled up."""
    task = best.task
    found, found_score = best.chosen, best_score
    for number, chosen in enumerate(choices.networks()):
        if not number:
            prices.learn(task, chosen)
        tried = fill(task, chosen, best.high_m)
        if not number:  # what is over a limit in the best choice is so in the others
            tried = within_limits(best, tried)
        # Looking for short spurs takes longer than all else: only where it can matter.
        if best_case(task, tried) <= found_score:
            continue
        for mended in (tried, without_spurs(best, tried)):
            mended_score = score(task, mended)
            if mended.any() and mended_score > found_score:
                found, found_score = mended, mended_score
    return found, found_score


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


def fits_whole(start: Start) -> bool:
    """Return whether all there is to choose from keeps to the length and the limits."""
    everything = np.ones(len(start.task.rows), dtype=bool)
    short = float(start.task.counted_m.sum()) <= start.high_m
    return short and all(limits_kept(start.task, everything))


def seeded(start: Start) -> Start:
    """Return a network that is filled up to the limit, from the edge of most worth if empty."""
    task, chosen = start.task, start.chosen.copy()
    if not chosen.any():
        fits = np.flatnonzero(task.counted_m <= start.high_m)
        if not len(fits):
            return start
        chosen[fits[np.argmax(task.worth[fits] / np.maximum(task.counted_m[fits], 1.0))]] = True
    return replace(start, chosen=fill(task, chosen, start.high_m))
