"""Holds the reasons of sites against figures worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
import tiny_answers as tiny

from planner.siting.instance import Windows
from planner.siting.reasons.why import site_reasons


def line(**given):
    """Three points of 60, 40 and 30 kWh; site 0 reaches 0-1, site 1 reaches 0, site 2 all."""
    return tiny.instance([60.0, 40.0, 30.0], [(0, 1, 2), (0, 2), (2,)], n_sites=3, **given)


def reasons(case, chosen, served):
    table = site_reasons(tiny.answered(case, chosen, served))
    return table.set_index("site_id")


def test_what_only_one_station_reaches_is_lost_and_its_best_rival_named():
    found = reasons(line(), {0: 0}, [(0, 0, 60), (1, 0, 40)])
    row = found.loc["s0"]
    assert row["chosen"]
    assert row["lost_per_day"] == 100.0
    assert row["rival_site_id"] == "s2", "s2 reaches both points, s1 only the first"
    assert row["replacement_cny"] == 0, "the smallest station at s2 serves the 100 kWh too"
    assert "100 kWh a day is in reach of no other station (mostly in East)" in row["reason"]
    assert "（主要在东／西县）" in row["reason"], "a slash in a name parts no text"


def test_a_station_among_others_is_judged_by_what_it_serves():
    served = [(0, 0, 60), (1, 0, 40), (2, 2, 30)]
    found = reasons(line(), {0: 0, 2: 0}, served)
    assert found.loc["s0", "lost_per_day"] == 0.0
    assert found.loc["s0", "rival_site_id"] == "s1"
    assert "it takes 100 kWh a day of it" in found.loc["s0", "reason"]
    assert found.loc["s2", "lost_per_day"] == 30.0
    assert np.isnan(found.loc["s1", "lost_per_day"])


def test_moving_to_a_rival_takes_the_size_that_the_loss_asks_for():
    case = tiny.instance([150.0], [(0, 1)], n_sites=2, standing=(0,))
    row = reasons(case, {}, [(0, 0, 100)]).loc["s0"]
    assert row["lost_per_day"] == 150.0
    assert row["replacement_cny"] == 800_000, "150 kWh need two units; the old one cost nothing"


def test_a_rival_without_power_has_no_price():
    case = replace(line(), max_power_kw=np.array([1000.0, 1000.0, 60.0]))
    row = reasons(case, {0: 1}, [(0, 0, 60), (1, 0, 40)]).loc["s0"]
    assert row["replacement_cny"] == 500_000 - 800_000, "one unit fits: cheaper than the two here"
    full = replace(line(), max_power_kw=np.array([1000.0, 1000.0, 40.0]))
    row = reasons(full, {0: 0}, [(0, 0, 60), (1, 0, 40)]).loc["s0"]
    assert row["rival_site_id"] == "s1", "nothing may stand at s2"


def test_the_power_that_a_station_frees_is_there_for_its_rival():
    supply = replace(line().supply, headroom_kw=np.array([50.0]))
    row = reasons(replace(line(), supply=supply), {0: 0}, [(0, 0, 60), (1, 0, 40)]).loc["s0"]
    assert row["replacement_cny"] == 0


@pytest.mark.parametrize(
    ("changed", "chosen", "served", "said"),
    [
        ({}, {0: 0}, [(0, 0, 60), (1, 0, 40)], "all demand within its reach is served"),
        ({"max_power_kw": np.array([1e3, 40.0, 1e3])}, {}, [], "the smallest station draws 50 kW"),
        ({"budget_cny": np.array([[400_000, 0]])}, {}, [], "0.4 M yuan is left"),
        ({"budget_cny": np.array([[900_000, 0]])}, {2: 0}, [(2, 2, 30)], "0.4 M yuan is left"),
        ({}, {}, [], "it could serve at most 60 kWh a day more, from 0.5 M yuan"),
    ],
)
def test_a_site_without_a_station_says_what_keeps_it_out(changed, chosen, served, said):
    case = replace(line(), **changed)
    assert said in reasons(case, chosen, served).loc["s1", "reason"]


def test_power_that_the_plan_used_up_keeps_a_site_out():
    supply = replace(line().supply, headroom_kw=np.array([120.0]))
    case = replace(line(), supply=supply)
    found = reasons(case, {2: 1}, [(2, 2, 30)])
    assert "draws 50 kW, the plan leaves 20 kW" in found.loc["s1", "reason"]


def test_rules_that_hang_on_a_station_are_named():
    case = replace(
        line(),
        township_id=("w0", "w1"),
        township_pair=np.array([0, 0, 1]),
        township_pair_site=np.array([0, 2, 0]),
        highway=Windows(np.array([0]), np.array([12_000.0]), np.array([0]), np.array([0])),
        trips=Windows(np.array([0, 1, 1]), np.ones(3), np.array([0, 1]), np.array([0, 0])),
        trip_energy=np.array([0, 0]),
        trip_volume=np.array([50.0, 70.0]),
    )
    reason = reasons(case, {0: 0, 2: 0}, [(0, 0, 60)]).loc["s0", "reason"]
    assert "1 township would be short" in reason, "w0 has s2 as well"
    assert "12.0 km of motorway would be short" in reason
    assert "50 trips a day" in reason, "the second trip fails at its other window anyway"


def test_a_site_nobody_reaches_says_so():
    case = tiny.instance([60.0], [(0,)], n_sites=2)
    assert "no demand within its service radius" in reasons(case, {0: 0}, []).loc["s1", "reason"]
