"""Holds the price of conflicts over power against cases worked out by hand."""

from dataclasses import replace

import numpy as np
import tiny_answers as tiny

from planner.siting.instance import Supply
from planner.siting.reasons.confirm import Asked, cheapest
from planner.siting.reasons.conflicts import smallest_conflict
from planner.siting.reasons.explain import explained
from planner.siting.reasons.power_repairs import (
    AT_NODES,
    AT_SITES,
    Wanted,
    least_power,
    power_repairs,
)
from planner.solver import Deadline

SOON = Deadline.after(86_400)
ALL = Asked((0, 1, 2))
WANTED = Wanted(ALL, tiny.RUN, SOON)


def supply(*rows):
    """Return supply nodes from headroom, kW of the upgrade, its CNY, and years it takes."""
    headroom, more, cost, lead = (np.array(column) for column in zip(*rows, strict=True))
    return Supply(headroom.astype(float), more.astype(float), cost, cost // 20, lead)


def towns(*rows, budget_cny=1_000_000, site_kw=(1000.0, 1000.0, 1000.0)):
    """Three townships; site 0 meets the first, site 1 the second, site 2 the second and third.

    Two small stations of 50 kW do, at sites 0 and 2; sites 0 and 1 draw on the first node,
    site 2 on the last.
    """
    case = tiny.instance(
        [10.0],
        [(0,)],
        n_sites=3,
        township_id=("w0", "w1", "w2"),
        township_pair=np.array([0, 1, 1, 2]),
        township_pair_site=np.array([0, 1, 2, 2]),
        supply_node_id=tuple(f"g/{g}" for g in range(len(rows))),
        supply=supply(*rows),
        site_supply=np.array([0, 0, len(rows) - 1]),
        max_power_kw=np.array(site_kw),
    )
    return tiny.with_budget(case, budget_cny)


def conflict(case, asked=ALL):
    return smallest_conflict(case, case, asked, tiny.RUN, SOON).rules


def repairs_of(case):
    rules = conflict(case)
    assert AT_NODES in rules or AT_SITES in rules
    return list(power_repairs(case, rules, WANTED))


def test_power_that_no_upgrade_gives_is_named_in_kw_and_confirmed():
    (repair,) = repairs_of(towns((60.0, 0, 0, 0)))
    assert (repair.rule_id, repair.where_id, repair.cost_cny) == (AT_NODES, "g/0", None)
    assert (
        repair.text.en == "supply node g／0 takes 40 kW more (there are 60 kW, no upgrade on offer)"
    )
    assert "需再增加 40 千瓦（现有 60 千瓦，无增容方案）" in repair.text.zh
    assert repair.confirmed


def test_the_power_named_is_the_least_that_does():
    case = towns((60.0, 0, 0, 0))
    for more, holds in ((40.0, True), (39.0, False)):
        there = replace(case, supply=replace(case.supply, headroom_kw=np.array([60.0 + more])))
        assert cheapest(there, ALL, tiny.RUN, SOON).outcome.has_solution == holds


def test_parts_of_a_kilowatt_are_rounded_up():
    power = least_power(towns((60.5, 0, 0, 0)), {AT_NODES}, WANTED)
    assert power.node_kw.tolist() == [40.0]
    assert not power.site_kw.any()


def test_an_upgrade_that_comes_too_late_is_priced_before_more_power():
    (repair,) = repairs_of(towns((60.0, 200.0, 300_000, 2), budget_cny=1_300_000))
    assert (repair.rule_id, repair.where_id, repair.cost_cny) == (AT_NODES, "g/0", 300_000)
    assert "by 200 kW (0.3 M yuan, 2 years' work) so that it serves by 2027" in repair.text.en
    assert "增容 200 千瓦（30 万元，工期 2 年）须在 2027 年前投运" in repair.text.zh
    assert "budget" not in repair.text.en
    assert repair.confirmed


def test_the_money_that_an_upgrade_takes_is_told_with_it():
    (repair,) = repairs_of(towns((60.0, 200.0, 300_000, 2), budget_cny=1_100_000))
    assert repair.text.en.endswith("the budget raised by 0.2 M yuan")
    assert repair.text.zh.endswith("预算需增加 20 万元")
    assert repair.confirmed


def test_an_upgrade_too_small_gives_way_to_the_kw_that_lack():
    (repair,) = repairs_of(towns((60.0, 20.0, 300_000, 2)))
    assert "takes 40 kW more (there are 60 kW, no upgrade on offer)" in repair.text.en
    assert (repair.cost_cny, repair.confirmed) == (None, True)


def test_beyond_an_upgrade_in_time_only_the_rest_is_asked_for():
    (repair,) = repairs_of(towns((60.0, 20.0, 300_000, 0), budget_cny=2_000_000))
    assert "takes 20 kW more (there are 80 kW, its upgrade included)" in repair.text.en
    assert repair.confirmed


def test_of_two_nodes_each_is_named_and_no_single_place():
    (repair,) = repairs_of(towns((40.0, 0, 0, 0), (20.0, 0, 0, 0)))
    assert "supply node g／0 takes 10 kW more" in repair.text.en
    assert "supply node g／1 takes 30 kW more" in repair.text.en
    assert (repair.where_id, repair.confirmed) == ("", True)


def test_of_two_late_upgrades_only_those_needed_are_priced():
    case = towns((60.0, 200.0, 300_000, 2), (50.0, 200.0, 900_000, 2), budget_cny=5_000_000)
    case = replace(case, supply=replace(case.supply, headroom_kw=np.array([40.0, 50.0])))
    (repair,) = repairs_of(case)
    assert (repair.where_id, repair.cost_cny) == ("g/0", 300_000)
    assert repair.confirmed


def test_the_limit_of_a_site_is_raised_where_that_is_the_conflict():
    case = towns((1000.0, 0, 0, 0), site_kw=(1000.0, 1000.0, 45.0))
    assert AT_SITES in conflict(case)
    (repair,) = repairs_of(case)
    assert (repair.rule_id, repair.where_id, repair.cost_cny) == (AT_SITES, "", None)
    assert "site s2 takes a power limit 5 kW higher (it is 45 kW)" in repair.text.en
    assert repair.confirmed


def test_conflicts_without_power_and_no_time_yield_nothing():
    case = towns((1000.0, 0, 0, 0), budget_cny=900_000)
    assert list(power_repairs(case, conflict(case), WANTED)) == []
    late = Wanted(ALL, tiny.RUN, Deadline.after(0))
    assert list(power_repairs(towns((60.0, 0, 0, 0)), (AT_NODES,), late)) == []


def test_locks_without_power_are_explained_with_the_power_that_they_take():
    case = replace(towns((60.0, 0, 0, 0)), locked=((0,), (1,)))
    told = explained(case, tiny.RUN, SOON)
    words = [problem.reason for problem in told.problems]
    assert any("supply node g／0 takes 40 kW more" in reason for reason in words)
    assert "a second solve confirms" in told.problems[-1].remedy
