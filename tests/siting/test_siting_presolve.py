"""What cannot work is refused before any solve, each with its code."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from siting_instances import CHARGING, HYDROGEN, instance, keep, option

from planner.errors import InfeasibleError
from planner.siting.presolve import refuse_contradictions

SITES = pd.DataFrame(
    {"site_id": ["s0", "s1", "closed"], "reason": [None, None, "in a zone / 禁区"]}
)


def case(**given):
    """s0 has an old charger, s1 a place for a charger of 1000 or 1500 CNY and for hydrogen."""
    rows = [keep(0), option(1), option(1, units=2, capital=1500), option(2, capital=2000, payer=1)]
    values = {"groups": [(0, CHARGING), (1, CHARGING), (1, HYDROGEN)], "budget": [(1000, 2000)]}
    return instance(rows, [5.0], **(values | given))


def refused(reviews, problem):
    """Return code, row and column of each refusal, none if there is none."""
    frame = pd.DataFrame(reviews, columns=["review_id", "site_id", "mark"])
    try:
        refuse_contradictions(problem, SimpleNamespace(reviews=frame), SITES)
    except InfeasibleError as error:
        return [(told.code, told.row, told.column) for told in error.problems]
    return []


def test_reviews_that_can_hold_pass():
    reviews = [("a", "s1", "lock"), ("b", "s0", "lock"), ("c", "closed", "ban")]
    assert refused(reviews, case(locked=((1,), (0,)))) == []


@pytest.mark.parametrize("mark", ["lock", "ban"])
def test_a_mark_on_a_site_that_is_not_there(mark):
    locked = ((),) if mark == "lock" else ()
    told = refused([("a", "elsewhere", mark)], case(locked=locked))
    assert told == [("E-PRE-001", "a", "site_id")]


def test_a_lock_on_a_closed_site_says_why():
    frame = pd.DataFrame([("a", "closed", "lock")], columns=["review_id", "site_id", "mark"])
    with pytest.raises(InfeasibleError, match="in a zone") as caught:
        refuse_contradictions(case(locked=((),)), SimpleNamespace(reviews=frame), SITES)
    assert [problem.code for problem in caught.value.problems] == ["E-PRE-002"]


def test_a_lock_on_a_site_without_the_power_for_any_option():
    weak = case(locked=((1,),), max_power_kw=np.array([9.0, 9.0]))
    options = weak.options
    options.peak_kw[1:3] = 10.0
    assert refused([("a", "s1", "lock")], weak) == [("E-PRE-002", "a", "site_id")]


def test_locks_beyond_the_money_of_their_payer():
    two = [("a", "s1", "lock"), ("b", "s1", "lock")]
    poor = case(locked=((1,), (2,)), budget=[(1000, 1999), (1000, 2000)])
    assert refused(two, poor) == []
    rows = [option(0), option(1), option(2, capital=2000, payer=1)]
    groups = [(0, CHARGING), (1, CHARGING), (1, HYDROGEN)]
    both = instance(rows, [5.0], groups=groups, budget=[(1999, 2000)], locked=((0,), (1,), (2,)))
    reviews = [("a", "s0", "lock"), ("b", "s1", "lock"), ("c", "s1", "lock")]
    assert refused(reviews, both) == [("E-PRE-003", "", "siting.budget_cny")]


def test_an_existing_station_costs_its_lock_nothing():
    assert refused([("a", "s0", "lock")], case(locked=((0,),), budget=[(0, 0)])) == []


def test_two_reviews_of_one_station_are_paid_once():
    """Two reviewers lock the same charger, a third the site for any energy: one station does."""
    reviews = [("a", "s1", "lock"), ("b", "s1", "lock"), ("c", "s1", "lock")]
    rows = [keep(0), option(1)]
    same = instance(rows, [5.0], budget=[(1000, 0)], locked=((1,), (1,), (1,)))
    assert refused(reviews, same) == []
