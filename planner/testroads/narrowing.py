"""Owns the rounds of the proof: of the whole relaxation, or of one that narrows in on a price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from planner.testroads.connect import Start
from planner.testroads.instance import METRES_PER_KM, Bools, Floats, Ints
from planner.testroads.model import Model
from planner.testroads.priced import PricedModel
from planner.testroads.reduction import reduced
from planner.testroads.separation import Seeker

STAGES = ((0.5, 5), (0.1, 6), (0.03, 10))
"""Half the width of the range of prices, as a share of the price, and after how many rounds each
it is looked at again."""
MOST_MOVES = 6
"""Times a range is moved on because the best price lies at its end."""


@dataclass(frozen=True)
class Round:
    """What a round gives: a bound, the fractional network (E,) and whether rows are missing."""

    worth: float
    x: Floats
    pending: bool


class Rounds(Protocol):
    """A relaxation that is solved, and given the rows it violates, again and again."""

    def step(self) -> Round:
        """Solve once and add the rows that are violated."""
        ...


class Whole:
    """Rounds of the relaxation with every edge and every rule."""

    def __init__(self, model: Model, start: Start, anchor: Bools, groups: list[Ints]) -> None:
        self.model, self.seeker = model, Seeker(start.task, anchor, tuple(groups))

    def step(self) -> Round:
        """Solve once and add the rows that are violated."""
        worth, values = self.model.relax()
        cuts = self.seeker.violated(values)
        self.model.add_cuts(cuts)
        return Round(worth, values.x, bool(cuts))


class Narrowing:
    """Rounds of the relaxation reduced to ranges of prices of a km, each narrower."""

    def __init__(self, start: Start, anchor: Bools, price: float, seed: int) -> None:
        self._start, self._anchor, self._seed = start, anchor, seed
        self._stage, self._moves = 0, 0
        self._begin(price)

    def _begin(self, price: float) -> None:
        """Reduce the task to a range around a price, in km."""
        task, high_m = self._start.task, self._start.high_m
        width = STAGES[self._stage][0]
        self._range = price * (1.0 - width), price * (1.0 + width)
        left = reduced(task, self._anchor, *self._range)
        self._model = PricedModel(left, high_m, self._range, self._seed)
        anchor = np.arange(left.task.n_nodes) == 0
        self._seeker = Seeker(left.task, anchor, ())
        self._taken = 0

    def step(self) -> Round:
        """Solve once and add the rows that are violated; move or narrow the range when due."""
        worth, values = self._model.relax()
        x = self._model.original(values, len(self._start.task.worth))
        price, last = self._model.price, self._stage == len(STAGES) - 1
        cuts = self._seeker.violated(values)
        self._taken += 1
        due = not cuts or self._taken % STAGES[self._stage][1] == 0
        moves = due and self._at_end(price) and self._moves < MOST_MOVES
        narrows = due and not moves and not last
        if moves or narrows:
            self._moves += int(moves)
            self._stage += int(narrows)
            self._begin(price)
            return Round(worth, x, pending=True)
        self._model.add_cuts(cuts)
        return Round(worth, x, bool(cuts))

    def _at_end(self, price: float) -> bool:
        low, high = self._range
        margin = 1e-6 * high
        return price <= low + margin or price >= high - margin


def length_price(task_worth: Floats, metres: Floats, high_m: float) -> float:
    """Return the worth of a km at which the edges worth more of it just fit the length."""
    density = task_worth / np.maximum(metres, 1e-9)
    order = np.argsort(-density, kind="stable")
    within = int(np.searchsorted(np.cumsum(metres[order]), high_m))
    return float(density[order[min(within, len(order) - 1)]]) * METRES_PER_KM
