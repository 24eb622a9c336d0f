"""Owns what can be settled on a tree before the exact choice: branches that are in or out.

A price per metre turns the length limit into a cost. At the price that fits the limit, a
branch that an improvement could not contain (or could not do without) is left out (or taken)
for good, so that the table of :mod:`planner.testroads.treeknapsack` only has to settle the
rest, at a fine resolution. Reduced-cost fixing as for knapsacks, with the tree's precedence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.testroads.instance import Bools, Floats

PRICE_ROUNDS = 24
LEAST_PRICE = 1e-6
CORE_ROWS = 300
"""At most about so many rows are left open: those whose loss is least."""


@dataclass(frozen=True)
class Settled:
    """Rows that an improvement may take, and among them those it must take."""

    kept: Bools
    fixed: Bools


def settle(
    parent: list[int], worth: Floats, metres: Floats, high_m: float, incumbent: float
) -> Settled:
    """Settle the rows of a tree in preorder.

    Parameters
    ----------
    parent
        Row of the parent, -1 at the root.
    worth, metres
        Per row.
    high_m
        Limit of the length.
    incumbent
        Worth that an improvement must exceed.
    """
    price = _price(parent, worth, metres, high_m)
    value = _branch_values(parent, worth - price * metres)
    top = np.array(parent) < 0
    most = price * high_m + float(np.maximum(value[top], 0.0).sum())
    slack = most - incumbent + 1e-9 * abs(most)
    loss_in, loss_out = _losses(parent, value)
    loss = np.where(loss_in > 0.0, loss_in, loss_out)
    if len(loss) > CORE_ROWS:
        slack = min(slack, float(np.partition(loss, CORE_ROWS)[CORE_ROWS]))
    kept = loss_in <= slack
    return Settled(kept, kept & (loss_out > slack))


def _price(parent: list[int], worth: Floats, metres: Floats, high_m: float) -> float:
    """Return the price per metre at which the best part of the tree just fits the limit."""
    if float(metres.sum()) <= high_m:
        return 0.0
    density = worth / np.maximum(metres, 1e-6)
    # Where most rows are worth nothing the median is 0, which no doubling would raise.
    low, high = 0.0, max(float(np.median(density)) * 2.0, float(density.max()) * LEAST_PRICE)
    while _taken_m(parent, worth, metres, high) > high_m and high < float(density.max()):
        high *= 2.0
    for _ in range(PRICE_ROUNDS):
        middle = (low + high) / 2.0
        if _taken_m(parent, worth, metres, middle) > high_m:
            low = middle
        else:
            high = middle
    return high


def _taken_m(parent: list[int], worth: Floats, metres: Floats, price: float) -> float:
    value = _branch_values(parent, worth - price * metres).tolist()
    taken = [False] * len(parent)
    for row, above in enumerate(parent):
        taken[row] = value[row] > 0.0 and (above < 0 or taken[above])
    return float(metres[np.array(taken, dtype=bool)].sum())


def _branch_values(parent: list[int], gain: Floats) -> Floats:
    """Return what each row brings with the best part of its branch, if it is taken."""
    value = gain.tolist()
    for row in range(len(parent) - 1, -1, -1):
        above = parent[row]
        if above >= 0 and value[row] > 0.0:
            value[above] += value[row]
    return np.array(value)


def _losses(parent: list[int], value: Floats) -> tuple[Floats, Floats]:
    """Return what is lost by forcing each row in, and by forcing it out."""
    values = value.tolist()
    into, out = [0.0] * len(values), [0.0] * len(values)
    for row, above in enumerate(parent):
        own = values[row]
        into[row] = (into[above] if above >= 0 else 0.0) + max(0.0, -own)
        out[row] = min(own, out[above]) if above >= 0 else own
    return np.array(into), np.array(out)
