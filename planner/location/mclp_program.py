"""Owns the MCLP program over a reduced core; the formulation stands in ``mclp``."""

from __future__ import annotations

import numpy as np
import pulp

from planner.location.choice import Ints
from planner.location.program import LESS, Program
from planner.location.reach import times_covered
from planner.location.reduce import Core, summed


def covered_weight(core: Core, columns: Ints) -> float:
    """Return the weight of the rows that the columns cover."""
    return float(core.weight[times_covered(core.cover, columns) > 0].sum())


def mclp_program(core: Core, budget: int, start: Ints) -> Program:
    """Return the program and its start; a row with one site is that site's own worth."""
    sizes = np.diff(core.cover.indptr)
    single = sizes == 1
    only = core.cover.indices[core.cover.indptr[:-1][single]]
    own = summed(only, core.weight[single], len(core.columns))
    rest = core.cover[~single]
    program = Program.of_sites("mclp", pulp.LpMaximize, len(core.columns))
    x = program.shares(rest.shape[0])
    program.objective((program.y, own), (x, core.weight[~single]))
    program.covering_rows(rest, x, need=0)
    program.count_row(LESS, budget)
    program.begin_with(start, (x, times_covered(rest, start) > 0))
    return program
