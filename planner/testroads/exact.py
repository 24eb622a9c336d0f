"""Owns the exact choice where the network is small: whole numbers and rows as needed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.scenario.models import RunSettings
from planner.solver import Deadline, relative_gap
from planner.testroads.bound import Prover
from planner.testroads.connect import Start
from planner.testroads.instance import Bools, pieces
from planner.testroads.merit import score, total_worth
from planner.testroads.model import Cut
from planner.testroads.search import TOLERANCE_M
from planner.testroads.task import Task

MOST_EDGES = 60
"""Larger networks are left to the search and the bound of the relaxation."""
MOST_ROUNDS = 15


def settle_exactly(
    start: Start, prover: Prover, run: RunSettings, deadline: Deadline
) -> tuple[Start, float]:
    """Solve the model in whole numbers, adding connectivity rows until it is contiguous.

    Parameters
    ----------
    start
        A network that reaches its target.
    prover
        Holds the model with the rows found so far.

    Returns
    -------
    tuple
        The better of the network at hand and those found, and a valid upper bound.
    """
    prover.model.add_target()
    bound = np.inf
    for _ in range(MOST_ROUNDS):
        outcome, x = prover.model.settle(deadline, run.mip_gap / 2)
        if x is None or outcome.bound is None:
            break
        bound = min(bound, -outcome.bound)
        chosen = x > 0.5
        cuts = parting_cuts(start.task, chosen)
        if not cuts:
            start = _better(start, chosen)
        if not cuts or relative_gap(_worth(start), bound) <= run.mip_gap:
            break
        prover.model.add_cuts(cuts)
    return start, max(bound, _worth(start))


def parting_cuts(task: Task, chosen: Bools) -> list[Cut]:
    """Return a row against every piece of a network but its piece of most worth."""
    labels = pieces(task.tail, task.head, task.n_nodes, chosen)
    of_edge = labels[task.tail]
    worth = np.bincount(of_edge[chosen], weights=task.worth[chosen], minlength=labels.max() + 1)
    main = int(np.argmax(worth))
    anchor = _most_worth(task, chosen & (of_edge == main))
    cuts = []
    for piece in np.unique(of_edge[chosen]).tolist():
        if piece != main:
            inside = labels == piece
            border = np.flatnonzero(inside[task.tail] != inside[task.head])
            inner = _most_worth(task, chosen & (of_edge == piece))
            column = np.concatenate([border, [inner, anchor]])
            share = np.concatenate([np.ones(len(border)), [-1.0, -1.0]])
            cuts.append(Cut(column, share, -1.0))
    return cuts


def _most_worth(task: Task, edges: Bools) -> int:
    return int(np.argmax(np.where(edges, task.worth, -1.0)))


def _better(start: Start, chosen: Bools) -> Start:
    task = start.task
    within = float(task.counted_m[chosen].sum()) <= start.high_m + TOLERANCE_M
    if within and start.holds(chosen) and score(task, chosen) > score(task, start.chosen):
        return replace(start, chosen=chosen)
    return start


def _worth(start: Start) -> float:
    return total_worth(start.task, start.chosen)
