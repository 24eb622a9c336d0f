"""Solves a PuLP problem and says truthfully what came out of it."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
import pulp

from planner.errors import Problem, SolverError
from planner.solver import highs
from planner.solver.outcome import Outcome, Termination, verdict

TOLERANCE = 1e-5
"""Violation up to which values count as a solution: HiGHS works to 1e-6 a row."""
WIDEST_RANGE = 1e12
"""Largest over smallest coefficient; beyond this the arithmetic means nothing."""

Status = highspy.HighsModelStatus
LIMITS = (
    Status.kTimeLimit,
    Status.kIterationLimit,
    Status.kSolutionLimit,
    Status.kInterrupt,
    Status.kMemoryLimit,
    Status.kUnknown,
)
WITHOUT_VALUES = {
    Status.kInfeasible: Termination.INFEASIBLE,
    Status.kUnbounded: Termination.UNBOUNDED,
}
DOUBTFUL = (Status.kInfeasible, Status.kUnbounded, Status.kUnboundedOrInfeasible)


def solve(  # noqa: PLR0913 - what a solve may be told, all but the first by name
    problem: pulp.LpProblem,
    *,
    time_limit_s: float,
    mip_gap: float,
    threads: int,
    seed: int,
    presolve: bool = True,
    warm_start: bool = False,
    options: dict[str, Any] | None = None,
) -> Outcome:
    """Solve with HiGHS; read values from the variables only if ``has_solution``.

    Neither "optimal" nor "infeasible" is taken from a status alone: values are checked
    against every row, bound and integrality, and an infeasible or unbounded problem is
    solved a second time without presolve before it is called so.

    Parameters
    ----------
    problem
        The problem; its variables hold the incumbent afterwards.
    time_limit_s
        Seconds for everything, the second solve included.
    mip_gap
        Relative gap at which the search stops.
    threads, seed
        Passed to HiGHS; one thread and one seed give the same answer every time.
    presolve
        Whether HiGHS may simplify first.
    warm_start
        Whether the variables' present values are handed over as a first incumbent.
    options
        Further HiGHS options by name.

    Raises
    ------
    SolverError
        For an option HiGHS refuses, or coefficients too far apart to compute with.
    """
    given = {
        "time_limit": max(0.01, float(time_limit_s)),
        "mip_rel_gap": float(mip_gap),
        "threads": threads,
        "random_seed": seed,
        **(options or {}),
    }
    first = given | {"presolve": "choose" if presolve else "off"}
    model = highs.run(problem, first, warm_start=warm_start)
    _refuse_wide_range(model)
    if model.getModelStatus() in DOUBTFUL and presolve:
        left = max(0.01, given["time_limit"] - model.getRunTime())
        again = given | {"presolve": "off", "time_limit": left}
        confirmed = _outcome(problem, highs.run(problem, again, warm_start=False), mip_gap)
        if confirmed.termination is Termination.ERROR:
            return Outcome(Termination.NO_SOLUTION_LIMIT)
        return confirmed
    return _outcome(problem, model, mip_gap)


def _refuse_wide_range(model: Any) -> None:  # noqa: ANN401 - highspy is untyped
    sizes = np.abs(np.asarray(model.getLp().a_matrix_.value_, dtype=float))
    sizes = sizes[sizes > 0]
    if sizes.size and sizes.max() / sizes.min() > WIDEST_RANGE:
        raise SolverError(
            Problem(
                "E-SOL-002",
                f"coefficients range from {sizes.min():.3g} to {sizes.max():.3g}: "
                "no solver computes such a problem reliably",
                "state quantities of one layer in the units of the data dictionary",
            )
        )


def _outcome(problem: pulp.LpProblem, model: Any, mip_gap: float) -> Outcome:  # noqa: ANN401
    status = model.getModelStatus()
    if status in WITHOUT_VALUES:
        return Outcome(WITHOUT_VALUES[status])
    if status == Status.kModelEmpty:
        constant = float(pulp.value(problem.objective) or 0.0)
        return Outcome(Termination.PROVEN_OPTIMAL, constant, constant, 0.0)
    limit = status in LIMITS
    if not (limit or status == Status.kOptimal) or not _holds(model):
        kind = Termination.NO_SOLUTION_LIMIT if limit else Termination.ERROR
        return Outcome(kind, bound=_mip_bound(problem, model) if limit else None)
    objective = float(pulp.value(problem.objective) or 0.0)
    bound = _bound(problem, model, objective)
    return verdict(objective, bound, mip_gap, ended=status == Status.kOptimal)


def _holds(model: Any) -> bool:  # noqa: ANN401 - highspy is untyped
    values = np.asarray(model.getSolution().col_value, dtype=float)
    if model.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusNone:
        return False
    if len(values) != model.getLp().num_col_ or not np.isfinite(values).all():
        return False
    return highs.worst_violation(highs.rows_of(model), values) <= TOLERANCE


def _bound(problem: pulp.LpProblem, model: Any, objective: float) -> float | None:  # noqa: ANN401
    """Return the bound in the problem's own sense, with the constant PuLP leaves out.

    A bound that the incumbent beats by more than the tolerance proves only that something
    went wrong; it is not passed on.
    """
    sign = -1.0 if problem.sense == pulp.LpMaximize else 1.0
    if _is_whole(problem):
        found = _mip_bound(problem, model)
        if found is None:
            return None
        bound = found
    elif model.getModelStatus() == Status.kOptimal:
        return objective
    else:
        return None
    beaten_by = sign * (bound - objective)
    if beaten_by > TOLERANCE * max(1.0, abs(objective)):
        return None
    return objective if beaten_by > 0 else bound


def _is_whole(problem: pulp.LpProblem) -> bool:
    return any(variable.cat == pulp.LpInteger for variable in problem.variables())


def _mip_bound(problem: pulp.LpProblem, model: Any) -> float | None:  # noqa: ANN401
    """Return the bound of a search over whole numbers; it may have one without an incumbent."""
    bound = float(model.getInfo().mip_dual_bound)
    if not _is_whole(problem) or not np.isfinite(bound):
        return None
    sign = -1.0 if problem.sense == pulp.LpMaximize else 1.0
    constant = float(problem.objective.constant) if problem.objective is not None else 0.0
    return sign * bound + constant
