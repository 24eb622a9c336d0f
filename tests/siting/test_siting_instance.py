"""The masks and sums of an instance, and its refusal of arrays that do not fit."""

from dataclasses import replace

import numpy as np
import pytest
from siting_instances import (
    EXTEND,
    HYDROGEN,
    SWAP,
    TRUCK_SWAP,
    instance,
    keep,
    option,
    supply,
)  # fmt: skip


def two_sites(**given):
    """s0 has an old charger; s1 may have a charger of either size and a swap station."""
    rows = [
        keep(0, 30.0),
        option(0, 80.0, 500, action=EXTEND, peak_kw=20.0),
        option(1, 60.0, 1000, peak_kw=50.0),
        option(1, 90.0, 1600, peak_kw=70.0),
        option(2, 3.0, 900, peak_kw=10.0, payer=1),
    ]
    demand = {(0, 0): [10, 20], (1, 0): [30, 25], (1, SWAP): 2, (1, HYDROGEN): 4}
    values = {"groups": [(0, 0), (1, 0), (1, SWAP)], "budget": [(600, 0), (2000, 900)],
              "county": [0, 1], "reach": {0: [0], 1: [0, 1]}}  # fmt: skip
    return instance(rows, demand, **(values | given))


def test_groups_are_found_by_site_and_energy():
    table = two_sites().group_of()
    assert table.tolist() == [[0, -1, -1, -1], [1, 2, -1, -1]]


def test_only_existing_stations_stand_today():
    assert two_sites().standing().tolist() == [0, -1, -1]
    assert two_sites().new_groups().tolist() == [False, True, True]


def test_capacity_is_that_of_what_stands():
    capacity = two_sites().capacity(np.array([1, -1, 4]))
    assert capacity.tolist() == [[80, 0, 0, 0], [0, 3, 0, 0]]


def test_reached_is_the_demand_of_the_fullest_year():
    """s0: 20 and 30 at their largest; s1: 30; swaps 2."""
    assert two_sites().reached().tolist() == [50, 30, 2]


def test_an_option_is_possible_only_within_power_headroom_and_money():
    assert two_sites().possible().tolist() == [True] * 5
    weak = two_sites(max_power_kw=np.array([19.9, 50.0]))
    assert weak.possible().tolist() == [True, False, True, False, True]
    poor = two_sites(budget=[(2000, 900), (1599, 899)])
    assert poor.possible().tolist() == [True, True, True, False, False]


def test_an_upgrade_counts_only_if_it_can_be_ready():
    fed = {"site_supply": np.array([0, 0])}
    assert two_sites(supply=supply((15, 60, 100, 1)), **fed).possible().tolist() == [True] * 5
    late = two_sites(supply=supply((15, 60, 100, 2)), **fed)
    assert late.possible().tolist() == [True, False, False, False, True]
    assert late.supply.ready(3).tolist() == [True]
    assert late.supply.most_kw(2).tolist() == [15]
    assert late.supply.most_kw(3).tolist() == [75]


def test_usable_are_the_places_of_allowed_options():
    table = two_sites().usable(np.array([True, False, False, False, True]))
    assert table.tolist() == [[True, False, False, False], [False, True, False, False]]


def test_county_demand_counts_electricity_only_and_points_in_no_county_not_at_all():
    """County 1 in the second year: 25 kWh and two swaps of 50; its hydrogen is left out."""
    case = two_sites()
    assert case.county_demand_kwh(0).tolist() == [10, 130]
    assert case.county_demand_kwh(1).tolist() == [20, 125]
    nowhere = replace(case, demand_county=np.array([0, -1]))
    assert nowhere.county_demand_kwh(1).tolist() == [20, 0]
    trucks = instance([option(0)], {(0, TRUCK_SWAP): 2}, groups=[(0, TRUCK_SWAP)])
    assert trucks.county_demand_kwh(0).tolist() == [560]


def test_reachable_share_is_what_usable_sites_reach():
    """Without the swap station county 1 can have its 25 of 125 kWh; without demand no share."""
    case = two_sites()
    assert case.reachable_share(1, case.possible()) == {0: 1.0, 1: 1.0}
    chargers = np.array([True, True, True, True, False])
    assert case.reachable_share(1, chargers) == {0: 1.0, 1: 0.2}
    assert replace(case, demand_county=np.array([0, -1])).reachable_share(1, chargers) == {0: 1.0}


@pytest.mark.parametrize(
    "wrong",
    [
        {"pair_m": np.zeros(1)},
        {"years": (2027,)},
        {"group_energy": np.zeros(1, int)},
        {"supply_node_id": ("g0",)},
        {"budget_cny": np.zeros((2, 1), int)},
        {"units_needed": np.zeros(3, int)},
        {"trip_volume": np.zeros(1)},
    ],
)
def test_arrays_that_do_not_fit_are_refused(wrong):
    with pytest.raises(ValueError, match="do not fit"):
        replace(two_sites(), **wrong)
