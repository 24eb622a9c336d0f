"""What cannot work is refused before any solve, each with its code."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from siting_instances import CHARGING, HYDROGEN, instance, keep, option

from planner.errors import InfeasibleError
from planner.siting.doubtful import doubtful_units
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


def doubts(**given):
    siting = SimpleNamespace(
        budget_cny_by_year=given.get("public", {2025: 10**7}),
        hydrogen_budget_cny_by_year=given.get("enterprise", {2025: 0}),
    )
    rules = SimpleNamespace(township_radius_m=given.get("radius_m", 5000.0))
    return [row.column for row in doubtful_units(SimpleNamespace(siting=siting, rules=rules))]


def test_money_in_ten_thousands_and_a_radius_in_km_are_doubted():
    assert doubts() == []
    assert doubts(public={2025: 100_000, 2026: 0}) == []
    assert doubts(public={2025: 99_999, 2026: 10**6}) == ["siting.budget_cny_2025"]
    assert doubts(enterprise={2026: 600}) == ["siting.hydrogen_budget_cny_2026"]
    assert doubts(radius_m=5.0) == ["rules.township_radius_m"]
    assert doubts(radius_m=500.0) == []


def told_of(energy, reason, problem):
    """Return the message about a lock at s1 for an energy; the site's own reason is given."""
    frame = pd.DataFrame(
        [("a", "s1", "lock", energy)], columns=["review_id", "site_id", "mark", "energy"]
    )
    sites = SITES.assign(reason=[None, reason, None])
    with pytest.raises(InfeasibleError) as caught:
        refuse_contradictions(problem, SimpleNamespace(reviews=frame), sites)
    return caught.value.problems[0].reason


NO_HYDROGEN = "no hydrogen: city centre / 不得加氢:城市中心区"


def test_a_lock_beyond_the_money_says_what_it_costs_and_not_what_closes_another_energy():
    """The cheapest charging station costs 3.5 M, there are 3 M."""
    rows = [keep(0), option(1, capital=3_500_000), option(1, units=2, capital=4_000_000)]
    dear = instance(rows, [5.0], budget=[(3_000_000, 0)], locked=((1,),))
    text = told_of("charging", NO_HYDROGEN, dear)
    assert "the cheapest station there costs 3.5 M yuan, there are 3 M yuan" in text
    assert "该处最便宜的站需 350 万元，公共资金仅有 300 万元" in text
    assert "hydrogen" not in text


def test_a_lock_beyond_the_power_says_so():
    weak = case(locked=((1,),), max_power_kw=np.array([9.0, 9.0]))
    weak.options.peak_kw[1:3] = 10.0
    assert "the smallest station there draws 10 kW, there are 9 kW" in told_of("charging", "", weak)


def test_a_lock_for_an_energy_that_the_site_is_closed_to_gives_the_reason_of_that_energy():
    reason = f"{NO_HYDROGEN}; no swap: refused in review / 不得乘用车换电:评审未通过"
    closed = case(locked=((),))
    text = told_of("hydrogen", reason, closed)
    assert "city centre" in text
    assert "swap" not in text
    assert "nothing on offer for truck_swap" in told_of("truck_swap", reason, closed)


def test_a_mark_on_no_site_offers_the_ids_spelt_most_like_it():
    frame = pd.DataFrame([("a", "s11", "ban")], columns=["review_id", "site_id", "mark"])
    with pytest.raises(InfeasibleError) as caught:
        refuse_contradictions(case(), SimpleNamespace(reviews=frame), SITES)
    assert "the nearest are s1" in caught.value.problems[0].remedy


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
