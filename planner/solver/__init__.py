"""The only place where a solver runs, and where it is decided what its answer is worth."""

from planner.solver.blocks import Blocks, priced_blocks
from planner.solver.deadline import Deadline
from planner.solver.outcome import PROVEN, Outcome, Termination, relative_gap, verdict
from planner.solver.relaxation import Relaxation
from planner.solver.solve import solve

__all__ = [
    "PROVEN",
    "Blocks",
    "Deadline",
    "Outcome",
    "Relaxation",
    "Termination",
    "priced_blocks",
    "relative_gap",
    "solve",
    "verdict",
]
