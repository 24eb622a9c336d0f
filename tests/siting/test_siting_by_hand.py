"""Hand-worked plans: each rule is shown to bind, and the plan changes when it is relaxed."""

from dataclasses import replace

import numpy as np
import pytest
from siting_instances import (
    CHARGING,
    EXTEND,
    HYDROGEN,
    SWAP,
    instance,
    keep,
    option,
    supply,
    windows,
)  # fmt: skip
from siting_solving import solved

from planner.errors import InfeasibleError
from planner.siting.options import Kind, Standing, Terms, group_options
from planner.siting.options import stacked as stacked_rows
from planner.siting.waiting import Queue


def test_money_up_to_a_year_delays_a_station():
    """Two stations of 1000 CNY; 1000 in the first year, 999 or 1000 more in the second.

    The third year always pays for both. The larger demand is served first.
    """
    rows = [option(0, 50.0), option(1, 80.0)]
    later = {"reach": {0: [0], 1: [1]}, "budget": [(1000, 0), (1999, 0), (2000, 0)]}
    plan = solved(instance(rows, [50.0, 80.0], **later))
    assert plan.units == [[0, 1], [0, 1], [1, 1]]
    assert plan.values["early_served"] == 160
    later["budget"] = [(1000, 0), (2000, 0), (2000, 0)]
    assert solved(instance(rows, [50.0, 80.0], **later)).units == [[0, 1], [1, 1], [1, 1]]


def test_the_target_year_goes_before_the_years_on_the_way():
    """The large station takes all 1500 CNY of the second year: nothing can stand before."""
    rows = [option(0, 50.0, 1000), option(0, 80.0, 1500, technology=1)]
    case = instance(rows, [80.0], budget=[(1000, 0), (1500, 0)])
    assert solved(case).chosen == [[-1], [1]]
    grows = instance([option(0, 50.0, 1000), option(0, 80.0, 1500, units=2)], [80.0],
                     budget=[(1000, 0), (1500, 0)])  # fmt: skip
    assert solved(grows).chosen == [[0], [1]]


@pytest.mark.parametrize(("lead", "years"), [(0, [1, 1, 1]), (1, [0, 1, 1]), (2, [0, 0, 1])])
def test_an_upgrade_is_there_its_lead_after_the_order(lead, years):
    """The station draws 50 kW of 10: it stands from the year the 60 kW more are there."""
    fed = {"supply": supply((10, 60, 400, lead)), "site_supply": np.array([0])}
    case = instance([option(0, peak_kw=50.0)], [80.0], budget=[(1400, 0)] * 3, **fed)
    plan = solved(case)
    assert [row[0] for row in plan.units] == years
    assert plan.build.upgraded[:, 0].astype(int).tolist() == years
    assert plan.values["cost"] == 100 + 20


def test_an_upgrade_is_paid_when_it_is_ordered():
    """399 CNY in the first year do not pay 400: ordered in the second, there in the third."""
    fed = {"supply": supply((10, 60, 400, 1)), "site_supply": np.array([0])}
    rows, money = [option(0, peak_kw=50.0)], [(399, 0), (1400, 0), (1400, 0)]
    late = solved(instance(rows, [80.0], budget=money, **fed))
    assert [row[0] for row in late.units] == [0, 0, 1]
    money[0] = (400, 0)
    assert [row[0] for row in solved(instance(rows, [80.0], budget=money, **fed)).units] == [
        0,
        1,
        1,
    ]


def test_an_upgrade_too_late_or_too_dear_is_none():
    rows, node = [option(0, peak_kw=50.0)], {"site_supply": np.array([0])}
    never = instance(rows, [80.0], supply=supply((10, 60, 400, 1)), **node)
    assert solved(never).units == [[0]]
    dear = instance(rows, [80.0], supply=supply((10, 60, 400, 0)), budget=[(1399, 0)], **node)
    assert solved(dear).units == [[0]]
    assert not solved(dear).build.upgraded.any()


def test_extending_beats_building_where_it_is_cheaper_and_not_where_it_is_dearer():
    """30 of 80 kWh are served today; 500 CNY more make it 80, a new station costs 1000."""
    rows = [keep(0, 30.0), option(0, 80.0, 500, units=3, action=EXTEND), option(1, 80.0, 1000)]
    plan = solved(instance(rows, [80.0]))
    assert plan.units == [[3, 0]]
    assert plan.values["cost"] == 50
    rows[1] = option(0, 80.0, 1500, units=3, action=EXTEND)
    assert solved(instance(rows, [80.0])).units == [[1, 1]]


def test_a_lock_forces_and_a_ban_removes():
    """s0 costs less and is chosen; a lock adds s1, a ban of s0 (no option) leaves s1 alone."""
    rows = [option(0, 80.0, 1000), option(1, 80.0, 1200)]
    case = instance(rows, [80.0], budget=[(2199, 0)])
    assert solved(case).units == [[1, 0]]
    assert solved(replace(case, locked=((1,),))).units == [[0, 1]]
    rich = replace(case, locked=((1,), (0,)), budget_cny=np.array([[2200, 0]]))
    assert solved(rich).units == [[1, 1]]
    with pytest.raises(InfeasibleError) as caught:
        solved(replace(case, locked=((1,), (0,))))
    assert [problem.code for problem in caught.value.problems] == ["E-SIT-004"]
    banned = instance([option(0, 80.0, 1200)], [80.0], groups=[(1, 0)])
    assert solved(banned).units == [[1]]


def test_a_lock_for_any_energy_takes_the_cheapest():
    rows = [option(0, 0.0, 1000), option(1, 0.0, 800)]
    places = {"groups": [(0, CHARGING), (0, SWAP)], "locked": ((0, 1),)}
    assert solved(instance(rows, {(0, 0): 9.0, (0, SWAP): 1.0}, **places)).units == [[0, 1]]


def test_a_township_is_met_before_anything_else():
    """s1 serves 5 of 85 kWh, but is the only one by the township; money is for one."""
    rows, reach = [option(0, 80.0), option(1, 80.0)], {0: [0], 1: [1]}
    case = instance(rows, [80.0, 5.0], reach=reach, budget=[(1000, 0)], townships=[(0, 1)])
    plan = solved(case)
    assert plan.units == [[0, 1]]
    assert (plan.values["township_shortfall"], plan.values["demand_served"]) == (0, 5)
    free = replace(case, township_pair=np.zeros(0, int), township_pair_site=np.zeros(0, int))
    assert solved(free).units == [[1, 0]]
    two = replace(free, township_pair=np.array([0, 1]), township_pair_site=np.array([0, 1]))
    assert solved(replace(two, township_id=("w0", "w1"))).values["township_shortfall"] == 1


def test_townships_are_met_as_early_as_money_allows():
    """Both stations in the second year; in the first the township goes before 80 kWh."""
    rows, reach = [option(0, 80.0), option(1, 80.0)], {0: [0], 1: [1]}
    case = instance(rows, [80.0, 5.0], reach=reach, budget=[(1000, 0), (2000, 0)],
                    townships=[(0, 1)])  # fmt: skip
    plan = solved(case)
    assert plan.units == [[0, 1], [1, 1]]
    assert plan.values["early_township_shortfall"] == 0
    assert plan.values["early_served"] == 5


def test_the_county_that_is_worst_off_goes_first():
    """One station for 100 kWh in county 0 or for 10 in county 1, then all there is."""
    rows, reach = (
        [keep(0, 50.0), option(0, 100.0, action=EXTEND), option(1, 10.0)],
        {0: [0], 1: [1]},
    )
    case = instance(rows, [100.0, 10.0], reach=reach, county=[0, 1], budget=[(1000, 0)])
    plan = solved(case)
    assert plan.values["worst_county_share"] == 0.5
    assert plan.units == [[1, 1]]
    one = solved(instance(rows, [100.0, 10.0], reach=reach, budget=[(1000, 0)]))
    assert one.values["demand_served"] == 100


def test_a_county_nobody_reaches_leaves_the_next_its_turn():
    """County 0 is out of reach: its share is 0, and county 1 is then raised to 40 %."""
    rows = [option(0, 40.0), option(1, 100.0)]
    groups = [(0, CHARGING), (0, HYDROGEN)]
    demand = {(0, 0): 60.0, (1, 0): 100.0, (1, HYDROGEN): 90.0}
    case = instance(rows, demand, groups=groups, county=[0, 1], reach={0: []}, budget=[(1000, 0)])
    plan = solved(case)
    assert plan.values["worst_county_share"] == 0
    assert plan.values["next_county_share"] == pytest.approx(0.4)
    assert plan.units == [[1, 0]]


def test_a_fast_station_within_the_window_meets_the_highway():
    """s1 is fast and dear: it is built for 9 km of motorway, though s0 would do for demand."""
    rows = [option(0, 80.0, 1000), option(1, 80.0, 1500, fast=True)]
    case = instance(rows, [80.0], highway=windows((0, 9000.0, [0, 1]), (0, 4000.0, [])))
    plan = solved(case)
    assert plan.units == [[0, 1]]
    assert plan.values["highway_shortfall_m"] == 4000
    assert solved(replace(case, highway=windows())).units == [[1, 0]]


def test_half_a_tank_at_either_end():
    """300 km with a range of 100: windows at 50, 150 and 250 km; one of three stations is none."""
    from planner.location.flows import Paths, flow_windows  # noqa: PLC0415 - for this test only

    at = np.array([50e3, 150e3, 250e3])
    path = Paths(np.zeros(3, int), np.arange(3), at, np.array([300e3]), 3)
    found = flow_windows(path, 100e3)
    parts = [part.tolist() for part in np.split(found.site, found.start[1:-1])]
    rows = [option(j, 30.0, fast=True) for j in range(3)]
    trip = {"trips": [(CHARGING, 7.0, parts)]}
    case = instance(rows, [10.0], budget=[(2999, 0)], **trip)
    assert solved(case).values["trips_refuelled"] == 0
    assert np.sum(solved(case).units) == 1
    rich = solved(replace(case, budget_cny=np.array([[3000, 0]])))
    assert rich.values["trips_refuelled"] == 7
    assert rich.units == [[1, 1, 1]]
    slow = [option(j, 30.0) for j in range(3)]
    assert solved(instance(slow, [10.0], **trip)).values["trips_refuelled"] == 0


def test_hydrogen_trips_need_hydrogen_and_no_fast_charger():
    rows = [option(0, 20.0, fast=True), option(1, 50.0, payer=1)]
    values = {"groups": [(0, CHARGING), (0, HYDROGEN)], "trips": [(HYDROGEN, 6.0, [[0]])]}
    case = instance(rows, [20.0], **values)
    plan = solved(case)
    assert plan.units == [[1, 1]]
    assert plan.values["trips_refuelled"] == 6
    no_money = solved(replace(case, budget_cny=np.array([[5000, 999]])))
    assert (no_money.units, no_money.values["trips_refuelled"]) == ([[1, 0]], 0)


def test_units_for_vehicles_bind_only_where_they_are_asked_for():
    """Two units serve the 30 kWh; the rule wants five, of which the money pays four."""
    rows = [option(0, 30.0 + n, 500 * n, units=n) for n in (2, 4)]
    case = instance(rows, [30.0], budget=[(2400, 0)])
    assert solved(case).units == [[2]]
    plan = solved(replace(case, units_needed=np.array([5])))
    assert plan.units == [[4]]
    assert plan.values["unit_shortfall"] == 1
    assert "unit_shortfall" not in solved(case).values


def test_waiting_takes_more_units_than_use_does():
    """0.85 visits an hour of half an hour: two wait 1.4 min, three 0.11 min, four less still."""
    queue = Queue("mmc", 30.0, 0.1, 20.0)
    kind = Kind(0, queue, 90.0, 60.0, 60.0, 100, 500, 0, 0, 10, 1, 5, 1, 0, 0, 0)

    def units(wait_min):
        rows = group_options(0, (kind,), CHARGING, None, Terms(wait_min, 1.0, 0.0))
        options = stacked_rows(rows, np.array([False]))
        case = replace(instance([option(0)], [170.0]), options=options)
        return solved(case).units[0][0]

    assert [units(10.0), units(0.5), units(0.05)] == [2, 3, 4]


def test_an_old_station_too_serves_only_within_the_waiting_rule():
    queue = Queue("mmc", 30.0, 0.1, 20.0)
    kind = Kind(0, queue, 300.0, 60.0, 60.0, 100, 500, 0, 0, 10, 1, 1, 1, 0, 0, 0)
    rows = group_options(0, (kind,), CHARGING, Standing(0, 1), Terms(10.0, 1.0, 0.0))
    case = instance([keep(0)], [170.0])
    plan = solved(replace(case, options=stacked_rows(rows, np.array([False]))))
    assert plan.values["demand_served"] == pytest.approx(100.0, abs=0.001)


def test_sites_share_the_headroom_of_their_supply_node():
    """Each draws 50 kW; the node has 99, then 100; apart from it both may stand."""
    rows, reach = [option(0, 60.0, peak_kw=50.0), option(1, 80.0, peak_kw=50.0)], {0: [0], 1: [1]}
    fed = {"supply": supply((99, 0, 0, 0)), "site_supply": np.array([0, 0]), "reach": reach}
    case = instance(rows, [60.0, 80.0], **fed)
    assert solved(case).units == [[0, 1]]
    assert solved(replace(case, supply=supply((100, 0, 0, 0)))).units == [[1, 1]]
    assert solved(replace(case, site_supply=np.array([0, -1]))).units == [[1, 1]]


def test_energies_share_the_power_of_their_site():
    """Two swaps are worth 100 kWh, the charger 60: with 79 kW of 80 only the swaps."""
    rows = [option(0, 60.0, peak_kw=40.0), option(1, 2.0, peak_kw=40.0)]
    values = {"groups": [(0, CHARGING), (0, SWAP)], "max_power_kw": np.array([79.0])}
    case = instance(rows, {(0, 0): 60.0, (0, SWAP): 2.0}, **values)
    assert solved(case).units == [[0, 1]]
    assert solved(replace(case, max_power_kw=np.array([80.0]))).units == [[1, 1]]


def test_a_technology_is_built_only_within_its_dates():
    """From the second year; or in the first only, when there is no money yet."""
    money = [(0, 0), (1000, 0)]
    assert solved(instance([option(0, last=0)], [50.0], budget=money)).units == [[0], [0]]
    assert solved(instance([option(0, last=1)], [50.0], budget=money)).units == [[0], [1]]
    rich = [(1000, 0), (1000, 0)]
    assert solved(instance([option(0, last=0)], [50.0], budget=rich)).units == [[1], [1]]
    assert solved(instance([option(0, first=1)], [50.0], budget=rich)).units == [[0], [1]]


def test_each_payer_has_its_own_money():
    rows, groups = [option(0, 50.0), option(1, 90.0, payer=1)], [(0, CHARGING), (0, HYDROGEN)]
    case = instance(rows, {(0, 0): 50.0, (0, HYDROGEN): 90.0}, groups=groups)
    poor = replace(case, budget_cny=np.array([[999, 1000]]))
    assert solved(poor).units == [[0, 1]]
    assert solved(replace(case, budget_cny=np.array([[1000, 999]]))).units == [[1, 0]]


def test_a_station_that_nobody_needs_is_not_built():
    """The second energy of the site asks for nothing; the cheapest enough size is taken."""
    rows = [option(0, 90.0, 900), option(0, 120.0, 1200), option(1, 5.0, 10)]
    case = instance(rows, {(0, 0): 80.0}, groups=[(0, CHARGING), (0, SWAP)])
    assert solved(case).chosen == [[0, -1]]
