"""The only place where a solver runs, and where it is decided what its answer is worth."""

from planner.solver.deadline import Deadline
from planner.solver.outcome import PROVEN, Outcome, Termination, relative_gap
from planner.solver.solve import solve

__all__ = ["PROVEN", "Deadline", "Outcome", "Termination", "relative_gap", "solve"]
