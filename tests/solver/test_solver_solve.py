"""How solves end, on problems whose answers are known by hand."""

import os
import signal
import subprocess
import sys
import time
from random import Random

import highspy
import numpy as np
import pulp
import pytest

from planner.errors import SolverError
from planner.solver import Deadline, Outcome, Termination, highs, relative_gap, solve
from planner.solver.outcome import WITH_SOLUTION

QUICK = {"time_limit_s": 20.0, "mip_gap": 0.0, "threads": 1, "seed": 1}


def knapsack(sense=pulp.LpMaximize):
    """Weights 3, 4, 5 and worths 4, 5, 6 in a bag of 7: the best is 4 + 5 = 9."""
    problem = pulp.LpProblem("knapsack", sense)
    take = [problem.add_variable(f"x{i}", cat=pulp.LpBinary) for i in range(3)]
    sign = 1 if sense == pulp.LpMaximize else -1
    problem.setObjective(sign * pulp.lpDot([4, 5, 6], take) + 100)
    problem += pulp.lpDot([3, 4, 5], take) <= 7
    return problem, take


def market_split(rows=4, columns=30, seed=3, slack=None):
    """A subset-sum problem no solver closes in a second: minimise how far it is missed."""
    random = Random(seed)
    problem = pulp.LpProblem("split", pulp.LpMinimize)
    take = [problem.add_variable(f"x{i:02d}", cat=pulp.LpBinary) for i in range(columns)]
    missed = []
    for row in range(rows):
        weight = [random.randrange(100) for _ in take]
        over, under = (problem.add_variable(f"{kind}{row}", 0, slack) for kind in "ou")
        problem += pulp.lpDot(weight, take) + under - over == sum(weight) // 2
        missed += [over, under]
    problem.setObjective(pulp.lpSum(missed))
    return problem


@pytest.mark.parametrize("sense", [pulp.LpMaximize, pulp.LpMinimize])
def test_proven_optimum_counts_the_constant_in_objective_and_bound(sense):
    problem, take = knapsack(sense)
    outcome = solve(problem, **QUICK)
    expected = 109.0 if sense == pulp.LpMaximize else 91.0
    assert outcome == Outcome(Termination.PROVEN_OPTIMAL, expected, expected, 0.0)
    assert [round(x.varValue) for x in take] == [1, 1, 0]


def test_an_open_gap_is_never_called_optimal():
    random = Random(5)
    problem = pulp.LpProblem("cover", pulp.LpMinimize)
    take = [problem.add_variable(f"x{i:02d}", cat=pulp.LpBinary) for i in range(60)]
    problem.setObjective(pulp.lpDot([random.randint(5, 9) for _ in take], take))
    for _ in range(120):
        problem += pulp.lpSum(random.sample(take, 6)) >= 1
    loose = solve(problem, **(QUICK | {"mip_gap": 0.6}))
    assert loose.termination is Termination.WITHIN_GAP
    assert 0 < loose.gap <= 0.6
    assert loose.gap == pytest.approx(1 - loose.bound / loose.objective)


def test_time_limit_with_an_incumbent_is_a_limit_though_pulp_would_say_optimal():
    started = time.monotonic()
    outcome = solve(market_split(), **(QUICK | {"time_limit_s": 1.0}))
    assert outcome.termination is Termination.FEASIBLE_LIMIT
    assert outcome.has_solution
    assert outcome.gap > 0
    assert time.monotonic() - started < 10


def test_time_limit_without_an_incumbent_has_no_solution():
    """The subset sums must be hit exactly: nothing is found in half a second, nor excluded."""
    outcome = solve(market_split(6, 50, slack=0), **(QUICK | {"time_limit_s": 0.5}))
    assert outcome.termination is Termination.NO_SOLUTION_LIMIT
    assert not outcome.has_solution
    assert outcome.objective is None
    assert outcome.gap is None


def test_values_that_break_a_row_are_no_solution(monkeypatch):
    """Whatever HiGHS says of its values, a violation of a hundred-thousandth ends it."""
    monkeypatch.setattr(highs, "worst_violation", lambda _rows, _values: 2e-5)
    assert solve(knapsack()[0], **QUICK) == Outcome(Termination.ERROR)


@pytest.mark.parametrize(
    ("values", "worst"),
    [((2, 1), 0.0), ((2, 0.5), 0.5 / 3), ((2.25, 1), 0.25), ((-0.5, 4), 0.5), ((4, 2), 0.2)],
)
def test_violation_of_rows_bounds_and_wholeness(values, worst):
    """x whole in 0..9, y in 0..9, 3 <= x + y <= 5: the excess over the size of what it breaks."""
    problem = pulp.LpProblem("small", pulp.LpMinimize)
    x = problem.add_variable("x", 0, 9, pulp.LpInteger)
    y = problem.add_variable("y", 0, 9)
    problem.setObjective(x + y)
    problem += x + y >= 3, "least"
    problem += x + y <= 5, "most"
    model = highs.run(problem, {"presolve": "off"}, warm_start=False)
    found = highs.worst_violation(highs.rows_of(model), np.array(values, dtype=float))
    assert found == pytest.approx(worst)


def test_infeasible_is_said_only_after_a_second_solve():
    problem = pulp.LpProblem("no", pulp.LpMinimize)
    x = problem.add_variable("x", 0, 5, pulp.LpInteger)
    problem.setObjective(x)
    problem += 2 * x >= 3
    problem += 2 * x <= 3
    assert solve(problem, **QUICK) == Outcome(Termination.INFEASIBLE)
    assert not Outcome(Termination.INFEASIBLE).has_solution


@pytest.mark.parametrize("presolve", [True, False])
def test_a_claim_of_infeasible_is_checked_without_presolve_once(monkeypatch, presolve):
    asked, true_run = [], highs.run

    def run(problem, options, **given):
        asked.append(options["presolve"])
        return true_run(problem, options, **given)

    monkeypatch.setattr(highs, "run", run)
    problem = pulp.LpProblem("no", pulp.LpMinimize)
    x = problem.add_variable("x", 0, 1, pulp.LpInteger)
    problem.setObjective(x)
    problem += 2 * x == 1
    assert solve(problem, **QUICK, presolve=presolve) == Outcome(Termination.INFEASIBLE)
    assert asked == (["choose", "off"] if presolve else ["off"])


def test_a_false_claim_of_infeasible_is_found_out(monkeypatch):
    """A presolve that calls the bag infeasible is overruled by the solve without it."""
    true_run = highs.run

    class Liar:
        def __init__(self, model):
            self.model = model

        def __getattr__(self, name):
            return getattr(self.model, name)

        def getModelStatus(self):  # noqa: N802 - HiGHS's name
            return highspy.HighsModelStatus.kInfeasible

    def run(problem, options, **given):
        model = true_run(problem, options, **given)
        return Liar(model) if options["presolve"] == "choose" else model

    monkeypatch.setattr(highs, "run", run)
    assert solve(knapsack()[0], **QUICK).objective == 109.0


def test_unbounded_is_not_called_infeasible():
    problem = pulp.LpProblem("up", pulp.LpMaximize)
    x, y = (problem.add_variable(name, 0, cat=pulp.LpInteger) for name in "xy")
    problem.setObjective(x + y)
    problem += x - y <= 3
    assert solve(problem, **QUICK).termination is Termination.UNBOUNDED


def test_stopped_lp_without_a_feasible_point_has_no_solution():
    random = Random(1)
    problem = pulp.LpProblem("lp", pulp.LpMinimize)
    x = [problem.add_variable(f"x{i:03d}", 0) for i in range(150)]
    problem.setObjective(pulp.lpDot([random.uniform(1, 2) for _ in x], x))
    for _ in range(150):
        problem += pulp.lpDot([random.uniform(0, 1) for _ in x], x) >= 100
    options = {"simplex_iteration_limit": 3, "solver": "simplex"}
    stopped = solve(problem, **QUICK, presolve=False, options=options)
    assert stopped == Outcome(Termination.NO_SOLUTION_LIMIT)
    finished = solve(problem, **QUICK)
    assert finished.termination is Termination.PROVEN_OPTIMAL
    assert finished.objective == finished.bound


@pytest.mark.parametrize(
    "options", [{"mip_rel_gapp": 0.1}, {"threads": -5}, {"presolve_": "off"}], ids=str
)
def test_an_option_highs_does_not_take_is_refused(options):
    with pytest.raises(SolverError, match="E-SOL-001"):
        solve(knapsack()[0], **QUICK, options=options)


def test_threads_may_change_within_a_process():
    for threads in (1, 2, 1):
        outcome = solve(knapsack()[0], **(QUICK | {"threads": threads}))
        assert outcome.objective == 109.0


def test_coefficients_too_far_apart_are_refused():
    problem = pulp.LpProblem("wide", pulp.LpMinimize)
    x, y = (problem.add_variable(name, 0) for name in "xy")
    problem.setObjective(x)
    problem += 1e-8 * x + 1e6 * y >= 1
    with pytest.raises(SolverError, match="E-SOL-002"):
        solve(problem, **QUICK)


def test_a_start_is_used():
    problem = market_split()
    slow = QUICK | {"time_limit_s": 2.0}
    best = solve(problem, **slow)
    again = solve(problem, **(slow | {"time_limit_s": 0.05}), warm_start=True)
    assert again.objective <= best.objective


def test_empty_problem_is_solved():
    problem = pulp.LpProblem("empty", pulp.LpMinimize)
    problem.setObjective(pulp.LpAffineExpression())
    assert solve(problem, **QUICK).objective == 0.0


def test_nothing_reaches_the_terminal(capfd):
    solve(knapsack()[0], **QUICK)
    solve(market_split(), **(QUICK | {"time_limit_s": 0.2, "threads": 2}))
    assert capfd.readouterr() == ("", "")


def test_ctrl_c_ends_a_running_solve():
    code = (
        "import sys; sys.path.insert(0, 'tests/solver')\n"
        "from test_solver_solve import market_split, QUICK, solve\n"
        "print('ready', flush=True)\n"
        "solve(market_split(), **(QUICK | {'time_limit_s': 60.0}))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.5)
    os.kill(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert "KeyboardInterrupt" in errors
    assert process.returncode != 0


def test_deadline_counts_down_and_stops_at_zero():
    assert 9 < Deadline.after(10).left_s() <= 10
    assert Deadline.after(-1).left_s() == 0


def test_gap_is_relative_but_plain_at_zero():
    assert relative_gap(-200.0, -210.0) == pytest.approx(0.05)
    assert relative_gap(0.0, 0.0) == 0
    assert {Outcome(word).has_solution for word in WITH_SOLUTION} == {True}
