"""Holds repairs, conflicts and the words before a solve against cases worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
import tiny_answers as tiny

from planner.siting.presolve import least_township_cny
from planner.siting.reasons.confirm import Asked, Fix, cheapest, confirmed, fillable
from planner.siting.reasons.conflicts import Conflict, smallest_conflict
from planner.siting.reasons.explain import explained
from planner.siting.reasons.remains import Remains
from planner.siting.reasons.repair_rows import Short
from planner.siting.reasons.repairs import budget_repairs
from planner.siting.reasons.way_repairs import positions_needed
from planner.siting.way_access import uncovered_m
from planner.solver import Deadline

SOON = Deadline.after(86_400)


def towns(budget_cny=1_000_000, **given):
    """Three townships; site 0 meets the first, site 1 the second, site 2 the second and third."""
    case = tiny.instance(
        [10.0],
        [(0,)],
        n_sites=3,
        township_id=("w0", "w1", "w2"),
        township_pair=np.array([0, 1, 1, 2]),
        township_pair_site=np.array([0, 1, 2, 2]),
        **given,
    )
    return tiny.with_budget(case, budget_cny)


ALL = Asked((0, 1, 2))


def conflict(case, asked=ALL):
    return smallest_conflict(case, case, asked, tiny.RUN, SOON)


def test_the_cheapest_stations_for_the_rules_are_two_small_ones():
    found = cheapest(towns(), ALL, tiny.RUN, SOON)
    assert found.capital_cny == 1_000_000
    assert np.flatnonzero(found.chosen >= 0).tolist() == [0, 2]


def test_too_little_money_conflicts_with_the_townships_and_with_nothing_else():
    found = conflict(towns(900_000))
    assert found.rules == ("township_charging", "siting.budget_cny")
    assert found.proven


def test_enough_money_leaves_no_conflict():
    assert conflict(towns(1_000_000)).rules == ()


def test_too_little_headroom_is_named_instead_of_money():
    short = replace(towns(), supply=replace(towns().supply, headroom_kw=np.array([60.0])))
    assert conflict(short).rules == ("supply_nodes.headroom_kw", "township_charging")


def test_two_reasons_apart_leave_one_set_at_a_time():
    both = replace(towns(900_000), supply=replace(towns().supply, headroom_kw=np.array([60.0])))
    rules = conflict(both).rules
    assert len(rules) == 2
    assert "township_charging" in rules


def test_from_a_conflict_no_rule_can_be_left_out():
    locked = replace(towns(1_200_000), locked=((1,),))
    found = conflict(locked)
    assert found.rules == ("township_charging", "reviews.lock", "siting.budget_cny")
    assert conflict(replace(locked, locked=())).rules == ()
    assert conflict(tiny.with_budget(locked, 1_500_000)).rules == ()
    assert conflict(locked, Asked()).rules == ()


def test_locks_beyond_the_money_are_explained_with_a_confirmed_price():
    case = replace(towns(900_000), locked=((0,), (1,)))
    told = explained(case, tiny.RUN, SOON)
    words = " ".join(problem.reason for problem in told.problems)
    assert "sites asked for in review, the public budget" in words
    assert "takes 1 M yuan of the public budget, there are 0.9 M yuan: raise it by 0.1 M" in words
    assert "a second solve confirms" in told.problems[-1].remedy


def test_enough_money_needs_no_repair_and_too_little_exactly_what_lacks():
    assert list(budget_repairs(towns(1_000_000), ALL, tiny.RUN, SOON)) == []
    (repair,) = budget_repairs(towns(0), ALL, tiny.RUN, SOON)
    assert (repair.rule_id, repair.cost_cny) == ("siting.budget_cny", 1_000_000)
    assert repair.confirmed


def test_a_repair_is_confirmed_only_where_it_holds():
    case = towns(1_000_000)
    chosen = case.standing()
    chosen[2] = 4
    upgraded = np.zeros(1, dtype=bool)
    assert confirmed(Fix(case, chosen, upgraded, Asked((1, 2))), tiny.RUN, SOON)
    assert not confirmed(Fix(case, chosen, upgraded, Asked((0,))), tiny.RUN, SOON)
    poor = tiny.with_budget(case, 400_000)
    assert not confirmed(Fix(poor, chosen, upgraded, Asked((1,))), tiny.RUN, SOON)
    chosen[0] = 0
    enough_for_one = tiny.with_budget(case, 500_000)
    assert not confirmed(Fix(enough_for_one, chosen, upgraded, Asked((1,))), tiny.RUN, SOON)


def test_what_is_short_and_what_a_station_more_takes():
    answer = tiny.answered(towns(900_000), {0: 0}, [])
    case = Short(Remains(answer), _place(0, 1, -1), SOON)
    assert case.townships() == (1,), "w2 cannot be checked"
    assert case.lacking(case.instance, [4]).tolist() == [100_000, 0]
    assert case.price(case.instance, [4]) == 500_000
    assert case.holds(case.instance, [4], Asked((1,)))
    assert not case.holds(case.instance, [], Asked((1,)))


def _place(*nodes):
    class Place:
        townships = tiny.townships_at(*nodes)

    return Place()


def test_townships_that_share_no_site_bound_the_money_from_below():
    assert least_township_cny(towns()) == 1_000_000, "w0 and w2 share none; w1 may share w2's"


def test_a_township_without_a_site_cannot_be_asked_for():
    case = replace(towns(), township_id=("w0", "w1", "w2", "w3"))
    assert fillable(case).townships == (0, 1, 2)
    assert conflict(case, Asked((3,))).rules == ("township_charging",)


@pytest.mark.parametrize("seed", range(20))
def test_the_fewest_sites_more_leave_nothing_uncovered(seed):
    random = np.random.default_rng(seed)
    length_m, gap_m = float(random.integers(40, 200)) * 1000, 30_000.0
    marks = np.sort(random.uniform(0, length_m, random.integers(0, 5))).round(3)
    added = positions_needed(marks, length_m, gap_m)
    assert uncovered_m(np.append(marks, added), length_m, gap_m) == 0
    for left_out in range(len(added)):
        rest = [mark for row, mark in enumerate(added) if row != left_out]
        assert uncovered_m(np.append(marks, rest), length_m, gap_m) > 0


def test_without_time_nothing_is_confirmed_and_nothing_claimed():
    late, case = Deadline.after(0), towns(900_000)
    chosen = case.standing()
    assert not confirmed(Fix(case, chosen, np.zeros(1, bool), Asked()), tiny.RUN, late)
    assert smallest_conflict(case, case, ALL, tiny.RUN, late) == Conflict((), proven=False)
    assert list(budget_repairs(case, ALL, tiny.RUN, late)) == []
