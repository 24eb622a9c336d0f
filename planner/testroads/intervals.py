"""Owns the cover of one line: the cheapest places whose stretches cover what is not covered yet.

Interval cover is easy: the cheapest cover of the first j pieces ends with some place that
covers piece j, and before it lies the cheapest cover of the pieces up to where that place
begins to see. Source: the shortest-path form of weighted interval cover, e.g. Kleinberg and
Tardos, Algorithm Design (2006), chapter 6.
"""

from __future__ import annotations

import numpy as np

from planner.testroads.instance import Bools, Ints


def cover_line(first: Ints, last: Ints, cost: Ints, covered: Bools) -> tuple[int, list[int]]:
    """Return the least cost and the places that cover every piece not covered yet.

    Parameters
    ----------
    first, last
        (n,) the points between which each of the n points of the line sees.
    cost
        (n,) what a unit at each point costs.
    covered
        (n - 1,) the pieces between two points that are covered already.

    Raises
    ------
    ValueError
        If a piece is seen from nowhere.

    Examples
    --------
    >>> reach = np.array([0, 0, 0, 1, 2]), np.array([2, 3, 4, 4, 4])
    >>> cover_line(*reach, np.ones(5, dtype=int), np.zeros(4, dtype=bool))
    (1, [2])
    """
    best, came = [0], [-1]
    for piece in range(len(covered)):
        if covered[piece]:
            best.append(best[-1])
            came.append(-1)
            continue
        seeing = np.flatnonzero((first <= piece) & (last > piece))
        if not len(seeing):
            message = f"no place sees piece {piece}"
            raise ValueError(message)
        total = np.array([best[start] for start in first[seeing].tolist()]) + cost[seeing]
        # Of equally cheap places the one that sees farthest, then the later one.
        pick = int(seeing[np.lexsort((-seeing, -last[seeing], total))[0]])
        best.append(int(total.min()))
        came.append(pick)
    return best[-1], _places(first, came)


def _places(first: Ints, came: list[int]) -> list[int]:
    places, piece = [], len(came) - 1
    while piece > 0:
        if came[piece] < 0:
            piece -= 1
        else:
            places.append(came[piece])
            piece = int(first[came[piece]])
    return places[::-1]
