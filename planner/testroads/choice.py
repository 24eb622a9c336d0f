"""Owns the choice of the final network: start, search and proof in turns."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.scenario.models import RunSettings
from planner.solver import Deadline, Outcome, relative_gap, verdict
from planner.testroads.bound import Prover
from planner.testroads.connect import Start, connect
from planner.testroads.exact import MOST_EDGES, settle_exactly
from planner.testroads.instance import ANY_SHAPE, Bools, Instance
from planner.testroads.merit import limits_kept, score, total_worth
from planner.testroads.search import Effort, fits_whole, improve, seeded
from planner.testroads.task import Task, make_task, usable_rows

TURNS = 3
PROOF_ROUNDS = 16
FIRST_EFFORT = Effort(rounds=100, idle_rounds=40)
LATER_EFFORT = Effort(rounds=80, idle_rounds=30)


@dataclass(frozen=True)
class Network:
    """The final network as a mask of instance rows, and how it was reached.

    ``usable`` is the piece it was chosen in, ``unjoined_opened`` the opened segments that no
    permitted way joins to it, ``in_reach`` per zone whether it had to be reached (the others
    have no permitted way, or would make the network longer than its limit).
    """

    chosen: Bools
    usable: Bools
    unjoined_opened: Bools
    in_reach: tuple[bool, ...]
    high_m: float
    outcome: Outcome
    cut_short: bool


def choose_network(
    instance: Instance, *, low_m: float, high_m: float, run: RunSettings, deadline: Deadline
) -> Network:
    """Choose one contiguous network of most worth.

    Parameters
    ----------
    low_m, high_m
        Counted metres to reach, and not to exceed unless opened roads and their joins do.
    run
        Seed and the gap at which the proof may stop.

    Returns
    -------
    Network
        Where everything usable is shorter than ``low_m`` it is all taken. The outcome's
        objective is the worth of the network, opened roads included.
    """
    usable = usable_rows(instance)
    task = make_task(instance, usable.rows, low_m=low_m, high_m=high_m)
    start = connect(task)
    if fits_whole(start):
        start, cut_short = _everything(task, start), False
        bound = total_worth(replace(task, shape=ANY_SHAPE), start.chosen)
    else:
        start, bound, cut_short = _search_and_prove(seeded(start), run, deadline)
    chosen = np.zeros(len(instance.length_m), dtype=bool)
    chosen[task.rows[start.chosen]] = True
    outcome = verdict(total_worth(task, start.chosen), bound, run.mip_gap)
    return Network(
        chosen,
        usable.rows,
        usable.unjoined_opened,
        start.reached,
        start.high_m,
        outcome,
        cut_short,
    )


def _everything(task: Task, start: Start) -> Start:
    reached = tuple(len(group) > 0 for group in task.groups)
    return replace(start, chosen=np.ones(len(task.rows), dtype=bool), reached=reached)


def _search_and_prove(
    start: Start, run: RunSettings, deadline: Deadline
) -> tuple[Start, float, bool]:
    if not start.chosen.any():  # not one segment fits below the limit
        return start, 0.0, False
    hint = np.zeros(len(start.task.worth))
    found = improve(start, hint, FIRST_EFFORT, run.seed, deadline)
    start, cut_short = replace(start, chosen=found.chosen), found.cut_short
    low_m = round(start.task.low_m, 3)
    prover = Prover(start, run.seed)
    bound = prover.bound(_worth(start), PROOF_ROUNDS, run.mip_gap, deadline)
    for turn in range(1, TURNS + 1):
        if bound.cut_short or relative_gap(_worth(start), bound.worth) <= run.mip_gap:
            break
        found = improve(start, bound.values, LATER_EFFORT, run.seed + turn, deadline)
        start, cut_short = replace(start, chosen=found.chosen), cut_short or found.cut_short
        if limits_kept(start.task, start.chosen) != prover.kept:
            prover = Prover(start, run.seed)
        bound = prover.bound(_worth(start), PROOF_ROUNDS, run.mip_gap, deadline)
    worth, cut_short = max(bound.worth, _worth(start)), cut_short or bound.cut_short
    small = len(start.task.worth) <= MOST_EDGES and score(start.task, start.chosen)[1] >= low_m
    if small and relative_gap(_worth(start), worth) > run.mip_gap and deadline.left_s() > 0:
        start, exact = settle_exactly(start, prover, run, deadline)
        worth = max(min(worth, exact), _worth(start))
    return start, worth, cut_short


def _worth(start: Start) -> float:
    return total_worth(start.task, start.chosen)
