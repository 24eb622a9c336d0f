"""What must hold for any small case: more is never worse, and names do not matter."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from siting_instances import instance
from siting_solving import chosen, dealt

from planner.siting import goals

TECHNOLOGY = {
    "dc": (0, 40.0, 60.0, 7000, 11000, 1, 2, 0),
    "swap": (1, 2.0, 90.0, 30000, 9000, 1, 1, 0),
}
few = settings(max_examples=10, deadline=None, derandomize=True)


@pytest.fixture(scope="module", autouse=True)
def exact_cost():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(goals, "COST_GAP", 0.0)
        yield


@st.composite
def places(draw, counties=2):
    """Return keywords of :func:`instance` with four demand points and three sites."""
    spot = st.tuples(st.integers(0, 80), st.integers(0, 80))
    kwh = st.integers(1, 60)
    return {
        "demand": np.array(draw(st.lists(spot, min_size=4, max_size=4))) * 100,
        "sites": np.array(draw(st.lists(spot, min_size=3, max_size=3, unique=True))) * 100,
        "weight": np.array([[draw(kwh), draw(kwh) / 10, 0] for _ in range(4)]),
        "county": np.array([draw(st.integers(0, counties - 1)) for _ in range(4)]),
        "budget_cny": (draw(st.integers(15_000, 90_000)), 0),
        "technologies": TECHNOLOGY,
    }


def served(**values):
    """Return the kWh served; with one county no other goal comes before it."""
    return chosen(instance(**values))[1]["demand_served"]


def close(value):
    return pytest.approx(value, rel=1e-5, abs=1e-5)


@few
@given(places(counties=1), st.integers(0, 60_000))
def test_more_budget_never_serves_less(values, more):
    richer = values | {"budget_cny": (values["budget_cny"][0] + more, 0)}
    assert served(**richer) >= served(**values) - 1e-4


@few
@given(places(counties=1), st.tuples(st.integers(0, 80), st.integers(0, 80)))
def test_another_site_never_serves_less(values, spot):
    sites = np.vstack([values["sites"], np.array(spot) * 100])
    assert served(**values | {"sites": sites}) >= served(**values) - 1e-4


@few
@given(places(counties=1), st.integers(0, 4000))
def test_a_larger_reach_never_serves_less(values, more):
    near, far = ({"radius_m": (1500.0 + m, 2500.0 + m, 9000.0)} for m in (0, more))
    assert served(**values, **far) >= served(**values, **near) - 1e-4


@few
@given(places(), st.integers(0, 60_000))
def test_more_budget_never_leaves_the_worst_county_worse(values, more):
    richer = values | {"budget_cny": (values["budget_cny"][0] + more, 0)}
    poor, rich = (chosen(instance(**v))[1]["worst_county_share"] for v in (values, richer))
    assert rich >= poor - 1e-6


@few
@given(places(), st.permutations(range(4)), st.permutations(range(3)))
def test_the_order_of_rows_changes_no_goal(values, points, sites):
    shuffled = values | {
        "demand": values["demand"][points],
        "weight": values["weight"][points],
        "county": values["county"][points],
        "sites": values["sites"][sites],
    }
    assert chosen(instance(**shuffled))[1] == close(chosen(instance(**values))[1])


@few
@given(places())
def test_doubled_demand_and_capacity_keep_the_stations(values):
    case = instance(**values)
    doubled = replace(case, demand=case.demand * 2, capacity=case.capacity * 2)
    units, reached = chosen(case)
    units_2, reached_2 = chosen(doubled)
    assert units_2.tolist() == units.tolist()
    assert reached_2 == close(reached | {"demand_served": 2 * reached["demand_served"]})


@few
@given(places())
def test_what_is_dealt_out_serves_what_the_goals_say(values):
    case = instance(**values)
    units, reached = chosen(case)
    service = dealt(case, units)
    kwh = service.served() * case.kwh_per_unit[service.energy]
    assert kwh.sum() == close(reached["demand_served"])
