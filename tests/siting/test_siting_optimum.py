"""The chosen stations are the best there are: by brute force, by hand and by a second solver."""

import warnings

import numpy as np
import pulp
import pytest
from siting_instances import instance
from siting_solving import RUN, brute_force, chosen, dealt, spent

from planner.siting import goals
from planner.siting import model as siting_model
from planner.siting.goals import pursue
from planner.siting.rows import merged_rows
from planner.solver import Deadline, Outcome, Termination, solve

ONE = {"dc": (0, 40.0, 60.0, 7000, 11000, 1, 2, 0)}
TWO = {"dc": (0, 40.0, 60.0, 7000, 11000, 1, 2, 0), "swap": (1, 2.0, 90.0, 30000, 9000, 1, 1, 0)}
SIZES = {
    "slow": (0, 30.0, 20.0, 3000, 11000, 1, 2, 0),
    "fast": (0, 90.0, 120.0, 9000, 20000, 1, 1, 0),
}
PAYERS = {"dc": (0, 40.0, 60.0, 7000, 11000, 1, 2, 0), "h2": (2, 30.0, 50.0, 50000, 7000, 1, 1, 1)}


@pytest.fixture(autouse=True)
def exact_cost(monkeypatch):
    """Solve the cost goal to the end too."""
    monkeypatch.setattr(goals, "COST_GAP", 0.0)


def scattered(technologies, seed):
    """Five demand points of two or three counties; three sites in 6 km, a township at each."""
    random = np.random.default_rng(seed)
    sites = random.integers(0, 6000, (3, 2))
    weight = random.integers(5, 60, (5, 3)) * [1, 0.1, 1]
    return instance(
        random.integers(0, 6000, (5, 2)),
        sites,
        weight=weight.round(1),
        county=np.append(random.integers(0, 2 + seed % 2, 4), 1),
        technologies=technologies,
        townships=sites + random.integers(-400, 400, (3, 2)),
        township_radius_m=600.0,
        existing=[(2, 0, 1)] if seed % 3 == 0 else [],
        max_power_kw=random.integers(60, 260, 3).astype(float),
        site_supply=np.array([0, 0, -1]),
        headroom_kw=np.array([200.0]),
        budget_cny=(int(random.integers(18_000, 75_000)), 60_000),
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("technologies", [ONE, TWO, SIZES, PAYERS], ids="-".join)
def test_no_choice_of_units_is_better(technologies, seed):
    case = scattered(technologies, seed)
    units, reached = chosen(case)
    best = brute_force(case)
    assert reached == pytest.approx(best, rel=1e-5, abs=1e-6)
    assert sum(spent(case, units)) == best["cost"]


@pytest.mark.parametrize("seed", range(5))
def test_what_is_dealt_out_keeps_every_goal(seed):
    """The service of the plan is found anew from its units, and must not fall behind."""
    case = scattered(TWO, seed)
    units, reached = chosen(case)
    service = dealt(case, units)
    kwh = service.served() * case.kwh_per_unit[service.energy]
    assert kwh.sum() == pytest.approx(reached["demand_served"], rel=1e-5)
    whole = case.county_demand_kwh()
    by_county = np.bincount(case.demand_county[service.demand], kwh, len(whole))
    share = (by_county[whole > 0] / whole[whole > 0]).min()
    assert share == pytest.approx(reached["worst_county_share"], abs=1e-5)


def test_worked_by_hand():
    """One budget of 35 CNY, a town of 100 kWh and a village of 20 kWh in two counties.

    A station costs 10 + 5 a unit and serves 40 kWh a unit, 1 or 2 units. Two units in town
    (20) and one in the village (15) are exactly 35: the village is served whole, the town
    80 of 100. Worst county 0.8, served 100 kWh, cost 35.
    """
    case = instance(
        [[0, 0], [20000, 0]],
        [[0, 0], [20000, 0]],
        weight=[[100, 0, 0], [20, 0, 0]],
        county=[0, 1],
        technologies={"dc": (0, 40.0, 60.0, 5, 10, 1, 2, 0)},
        budget_cny=(35, 0),
    )
    units, reached = chosen(case)
    assert units.tolist() == [[2], [1]]
    assert reached == pytest.approx(
        {"township_shortfall": 0, "worst_county_share": 0.8, "demand_served": 100, "cost": 35}
    )


def test_one_yuan_less_buys_one_unit_less():
    """As above with 34 CNY: one unit each, so town 40 of 100 and the village whole."""
    case = instance(
        [[0, 0], [20000, 0]],
        [[0, 0], [20000, 0]],
        weight=[[100, 0, 0], [20, 0, 0]],
        county=[0, 1],
        technologies={"dc": (0, 40.0, 60.0, 5, 10, 1, 2, 0)},
        budget_cny=(34, 0),
    )
    units, reached = chosen(case)
    assert units.tolist() == [[1], [1]]
    assert reached["worst_county_share"] == pytest.approx(0.4)
    assert reached["cost"] == 30


@pytest.mark.parametrize("short", [0, 1])
def test_the_budget_binds_to_the_exact_yuan_at_real_prices(short):
    """Two stations of 4 999 999 + 3 * 3 333 331 = 14 999 992 CNY each; the coin is 1 CNY."""
    case = instance(
        [[0, 0], [20000, 0]],
        [[0, 0], [20000, 0]],
        weight=[[300, 0, 0], [300, 0, 0]],
        technologies={"dc": (0, 100.0, 60.0, 3_333_331, 4_999_999, 3, 3, 0)},
        budget_cny=(2 * 14_999_992 - short, 0),
    )
    assert siting_model.coin_cny(case) == 1
    units, _ = chosen(case)
    assert (units > 0).sum() == 2 - short
    assert spent(case, units) == [(2 - short) * 14_999_992, 0]


def test_a_township_comes_before_demand():
    """15 CNY build one station: by the lone township, though nobody there asks for energy."""
    case = instance(
        [[0, 0]],
        [[0, 0], [50000, 0]],
        weight=[[100, 0, 0]],
        technologies={"dc": (0, 40.0, 60.0, 5, 10, 1, 2, 0)},
        townships=[[50000, 0]],
        budget_cny=(15, 0),
    )
    units, reached = chosen(case)
    assert units.tolist() == [[0], [1]]
    assert reached["township_shortfall"] == 0
    assert reached["demand_served"] == 0


def test_nothing_to_decide_is_an_answer():
    case = instance([[0, 0]], [[90000, 0]], weight=[[10, 1, 1]], budget_cny=(0, 0))
    units, reached = chosen(case)
    assert not units.any()
    assert reached["cost"] == 0
    assert reached["worst_county_share"] == 0


GOALS = {
    "shortfall": (pulp.LpMinimize, siting_model.shortfall),
    "share": (pulp.LpMaximize, lambda model: siting_model.smallest_share(model, [0, 1])),
    "served": (pulp.LpMaximize, siting_model.served_kwh),
    "cost": (pulp.LpMinimize, siting_model.cost),
}


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("seed", [1, 4])
def test_a_second_solver_finds_the_same_values(seed, goal):
    case = scattered(TWO, seed)
    model = siting_model.build(case, merged_rows(case))
    sense, terms = GOALS[goal]
    if goal == "cost":
        siting_model.at_least(model, "enough", siting_model.served_kwh(model), 20.0)
    model.problem.sense = sense
    model.problem.setObjective(terms(model))
    outcome = solve(model.problem, time_limit_s=20, mip_gap=0, threads=1, seed=1)
    assert outcome.termination is Termination.PROVEN_OPTIMAL
    assert outcome.objective > 0 or goal == "shortfall"
    assert _by_cbc(model.problem) == pytest.approx(outcome.objective, rel=1e-6, abs=1e-6)


def _by_cbc(problem):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # PuLP 4 will no longer carry CBC
        problem.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0))
    assert pulp.LpStatus[problem.status] == "Optimal"
    return pulp.value(problem.objective)


def test_the_relaxed_path_is_bounded_by_the_whole_model(monkeypatch):
    """A larger instance is solved over promising sites: its bounds must hold the true optimum."""
    case = scattered(TWO, 1)
    exact = chosen(case)[1]
    monkeypatch.setattr(goals, "SMALL_PAIRS", 0)
    monkeypatch.setattr(goals, "POOLED_PAIRS", 2)
    units, found = pursue(case, RUN, 0.0, Deadline.after(60))
    outcomes = {goal.name: goal.outcome for goal in found}
    assert spent(case, units)[0] <= case.budget_cny[0]
    first = outcomes["worst_county_share"]
    assert first.objective - 1e-6 <= exact["worst_county_share"] <= first.bound + 1e-6


def test_a_cost_without_a_bound_is_still_in_yuan():
    outcome = goals._in_unit(Outcome(Termination.FEASIBLE_LIMIT, 12.0), 1000.0)
    assert outcome == Outcome(Termination.FEASIBLE_LIMIT, 12000.0)
