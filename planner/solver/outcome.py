"""How a solve ended: kept apart from whether there is a solution and how good it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PROVEN = 1e-9
"""Relative gap up to which a solution counts as proven optimal."""


class Termination(StrEnum):
    """Why a solve ended, in the only words reports may use for it."""

    PROVEN_OPTIMAL = "proven_optimal"
    WITHIN_GAP = "within_gap"
    FEASIBLE_LIMIT = "feasible_limit"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    NO_SOLUTION_LIMIT = "no_solution_limit"
    ERROR = "error"


WITH_SOLUTION = (
    Termination.PROVEN_OPTIMAL,
    Termination.WITHIN_GAP,
    Termination.FEASIBLE_LIMIT,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a solve reached.

    Parameters
    ----------
    termination
        Why it ended.
    objective
        Value of the incumbent, computed from the variables; None without one.
    bound
        No solution can be better than this; claimed by the solver, None where it has none.
    gap
        Distance between the two, see :func:`relative_gap`; None where either is missing.
    """

    termination: Termination
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None

    @property
    def has_solution(self) -> bool:
        """Whether there is an incumbent that was checked against every constraint."""
        return self.termination in WITH_SOLUTION


def relative_gap(objective: float, bound: float) -> float:
    """Return |objective - bound| / |objective|, or the plain distance where it is zero.

    Examples
    --------
    >>> relative_gap(200.0, 190.0)
    0.05
    >>> relative_gap(0.0, 0.25)
    0.25
    """
    distance = abs(objective - bound)
    return distance / abs(objective) if objective else distance


def verdict(
    objective: float, bound: float | None, mip_gap: float, *, ended: bool = False
) -> Outcome:
    """Return the outcome of an objective and a bound on it.

    Parameters
    ----------
    objective, bound
        Of the whole problem; None for no bound.
    mip_gap
        Relative gap that was asked for.
    ended
        Whether the solver itself ended within its gap, which counting anew may move a little.
    """
    if bound is None:
        return Outcome(Termination.FEASIBLE_LIMIT, objective)
    gap = relative_gap(objective, bound)
    if gap <= PROVEN:
        return Outcome(Termination.PROVEN_OPTIMAL, objective, bound, gap)
    reached = Termination.WITHIN_GAP if ended or gap <= mip_gap else Termination.FEASIBLE_LIMIT
    return Outcome(reached, objective, bound, gap)
