"""Vehicles and demand by fleet and year, worked by hand on two counties and two fleets."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_roads import inputs_of, road

from planner.demand import demand_by_year, demand_rates, fleet_demand, make_demand_points
from planner.errors import InputError
from planner.layers import ENERGIES, FLEET_DEMAND, validate
from planner.network import build_network
from planner.scenario import load_scenario

FLEETS = """
[fleets.private]
vehicles_per_1000 = 200
ev_share_2025 = 0.1
ev_share_2026 = 0.2
ev_share_2027 = 0.4
kwh_per_vehicle_day = 8
public_share = 0.5
swap_share = 0.25
swaps_per_vehicle_day = 0.5
fuel_cell_share_2027 = 0

[fleets.heavy_truck]
vehicles_per_1000 = 10
ev_share_2025 = 0
ev_share_2026 = 0
ev_share_2027 = 0.1
kwh_per_vehicle_day = 100
public_share = 0.5
swap_share = 0.5
swaps_per_vehicle_day = 2
fuel_cell_share_2025 = 0
fuel_cell_share_2026 = 0.1
fuel_cell_share_2027 = 0.2
kg_per_vehicle_day = 3
"""
OTHERS = ("taxi_ride_hailing", "official", "bus", "logistics")
CHARGING, SWAP, TRUCK_SWAP, HYDROGEN = range(len(ENERGIES))


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fleets")
    left_out = "".join(f"[fleets.{name}]\nenabled = false\n" for name in OTHERS)
    (folder / "scenario.toml").write_text(FLEETS + left_out)
    return load_scenario(folder)


@pytest.fixture(scope="module")
def inputs():
    return inputs_of([road("a", (100, 0), (200, 0)), road("b", (200, 0), (700, 0))])


def points_of(*rows):
    return pd.DataFrame(rows, columns=["county_id", "area_class", "population"])


def stock(*rows):
    table = pd.DataFrame(rows, columns=["county_id", "fleet", "vehicles"])
    return table.assign(source="made", trust="illustrative")


def with_growth(scenario, **given):
    demand = scenario.demand.model_copy(update=given)
    return scenario.model_copy(update={"demand": demand})


TOWN = points_of(("1", "urban", 1000.0), ("1", "rural", 500.0), ("2", "rural", 2000.0))


def test_a_thousand_residents_by_hand(scenario, inputs):
    demand = demand_by_year(TOWN, inputs, scenario)
    assert demand.shape == (3, 3, 4)
    # 2025: 200 x 0.1 = 20 electric, 15 charge 8 kWh half in public, 5 swap every other day
    assert demand[0, 0].tolist() == [60.0, 2.5, 0.0, 0.0]
    # 2026: twice as many; 10 trucks x 0.1 on 3 kg
    assert demand[1, 0].tolist() == [120.0, 5.0, 0.0, 3.0]
    # 2027: 80 electric: 60 x 4 + trucks 0.5 x 50; 20 x 0.5; 0.5 x 2; 2 x 3
    assert demand[2, 0].tolist() == [265.0, 10.0, 1.0, 6.0]
    assert demand[:, 1].tolist() == (demand[:, 0] / 2).tolist()
    assert demand[:, 2].tolist() == (demand[:, 0] * 2).tolist()


def test_the_last_year_is_that_of_the_demand_points(scenario, inputs):
    points = make_demand_points(inputs, build_network(inputs), scenario)
    columns = points[[f"{energy}_per_day" for energy in ENERGIES]].to_numpy()
    demand = demand_by_year(points, inputs, scenario)
    assert (demand[-1] == columns).all()
    assert columns.sum(axis=0) == pytest.approx([9 * 265, 9 * 10, 9, 9 * 6])
    assert (demand == demand.round(6)).all()


def test_growth_is_everywhere_and_rural_growth_in_the_country_only(scenario, inputs):
    base = demand_by_year(TOWN, inputs, scenario)
    grown = demand_by_year(TOWN, inputs, with_growth(scenario, growth=1.5, rural_growth=2.0))
    assert grown[:, 0] == pytest.approx(base[:, 0] * 1.5)
    assert grown[:, 1:] == pytest.approx(base[:, 1:] * 3.0)
    holiday = demand_by_year(TOWN, inputs, with_growth(scenario, holiday_peak_factor=9.0))
    assert (holiday == base).all(), "holidays change trips, not residents"


def test_the_variant_of_a_case_reaches_the_demand():
    base, rural = load_scenario(), load_scenario(None, "rural_growth")
    inputs = inputs_of([road("a", (0, 0), (1, 0))])
    one, other = (demand_by_year(TOWN, inputs, each) for each in (base, rural))
    assert (other[:, 0] == one[:, 0]).all()
    assert other[:, 1:] == pytest.approx(one[:, 1:] * rural.demand.rural_growth, abs=2e-6)


def test_counted_vehicles_replace_the_assumed_ones_of_their_county(scenario, inputs):
    # County 1 has 6000 residents, so 1200 assumed cars; 600 are counted, and no truck.
    counted = replace(inputs, fleet_stock=stock(("1", "private", 600.0), ("1", "heavy_truck", 0.0)))
    base, demand = (demand_by_year(TOWN, each, scenario) for each in (inputs, counted))
    assert demand[2, 0].tolist() == [120.0, 5.0, 0.0, 0.0]
    assert demand[2, 1].tolist() == [60.0, 2.5, 0.0, 0.0], "spread by residents"
    assert (demand[:, 2] == base[:, 2]).all(), "the other county keeps the assumption"
    points = make_demand_points(counted, build_network(counted), scenario)
    sums = fleet_demand(points, counted, scenario)
    cars = sums.query("county_id == '1' and fleet == 'private' and year == 2027")
    assert cars["vehicles"].sum() == pytest.approx(600 * 0.4), "not one is lost"


def test_vehicles_in_a_county_without_residents_are_refused(scenario, inputs):
    empty = inputs.counties.assign(population=[6000.0, 0.0])
    none = demand_rates(scenario, empty, stock(("2", "private", 0.0)))
    assert none.query("county_id == '2' and fleet == 'private'")["per_resident"].eq(0).all()
    with pytest.raises(InputError) as caught:
        demand_rates(scenario, empty, stock(("1", "private", 5.0), ("2", "private", 5.0)))
    (found,) = caught.value.problems
    assert (found.code, found.layer, found.row, found.value) == (
        "E-DEM-001",
        "fleet_stock",
        "1",
        "2",
    )


def test_rates_list_each_fleet_and_energy_it_may_take(scenario, inputs):
    rates = demand_rates(scenario, inputs.counties, inputs.fleet_stock)
    assert len(rates) == 2 * 2 * 3 * 2 * 3, "counties, area classes, years, fleets, energies"
    row = rates.query("county_id == '2' and area_class == 'urban' and year == 2027")
    row = row[(row["fleet"] == "heavy_truck") & (row["energy"] == "truck_swap")].iloc[0]
    assert row["vehicles_per_resident"] == pytest.approx(0.010 * 0.1 * 0.5)
    assert row["per_resident"] == pytest.approx(0.010 * 0.1 * 0.5 * 2)
    order = ["county_id", "area_class", "year", "fleet", "energy"]
    assert not rates.duplicated(order).any()
    turned = demand_rates(scenario, inputs.counties.iloc[::-1], inputs.fleet_stock)
    pd.testing.assert_frame_equal(rates, turned)


def test_fleet_demand_by_hand(scenario, inputs):
    table = fleet_demand(TOWN, inputs, with_growth(scenario, rural_growth=2.0))
    validate(table, FLEET_DEMAND)
    # County 1 weighs 1000 urban + 500 rural twice = 2000 residents, county 2 4000.
    west = table[(table["county_id"] == "1") & (table["year"] == 2027)]
    assert west[["fleet", "energy", "vehicles", "demand_per_day"]].to_numpy().tolist() == [
        ["heavy_truck", "charging", 1.0, 50.0],
        ["heavy_truck", "truck_swap", 1.0, 2.0],
        ["heavy_truck", "hydrogen", 4.0, 12.0],
        ["private", "charging", 120.0, 480.0],
        ["private", "swap", 40.0, 20.0],
    ]
    first = table[(table["county_id"] == "2") & (table["year"] == 2025)]
    assert first["fleet"].tolist() == ["private", "private"], "no truck is electric yet"
    assert first["demand_per_day"].tolist() == [240.0, 10.0]


@settings(max_examples=20, deadline=None)
@given(
    people=st.lists(st.integers(0, 90_000), min_size=1, max_size=8),
    counted=st.integers(0, 5000),
    growth=st.sampled_from([0.5, 1.0, 1.7]),
)
def test_fleets_add_up_to_the_points_in_every_year(scenario, inputs, people, counted, growth):
    places = [
        ("12"[at % 2], ("urban", "rural")[at // 2 % 2], float(n)) for at, n in enumerate(people)
    ]
    points = points_of(*places)
    inputs = replace(inputs, fleet_stock=stock(("2", "heavy_truck", float(counted))))
    grown = with_growth(scenario, growth=growth, rural_growth=1.3)
    demand = demand_by_year(points, inputs, grown)
    table = fleet_demand(points, inputs, grown)
    keys = ["year", "energy", "county_id"]
    sums = table.groupby(keys)["demand_per_day"].sum()
    for t, year in enumerate(grown.siting.years()):
        for e, energy in enumerate(ENERGIES):
            for county in "12":
                mine = (points["county_id"] == county).to_numpy()
                found = sums.get((year, energy, county), 0.0)
                assert found == pytest.approx(demand[t, mine, e].sum(), abs=1e-5)


def test_no_points_no_demand(scenario, inputs):
    assert demand_by_year(TOWN.iloc[:0], inputs, scenario).shape == (3, 0, 4)
    assert fleet_demand(TOWN.iloc[:0], inputs, scenario).empty


def test_order_of_counties_and_stock_changes_nothing(scenario, inputs):
    rows = stock(("1", "private", 600.0), ("2", "heavy_truck", 3.0))
    one = replace(inputs, fleet_stock=rows)
    other = replace(inputs, counties=inputs.counties.iloc[::-1], fleet_stock=rows.iloc[::-1])
    assert np.array_equal(
        demand_by_year(TOWN, one, scenario), demand_by_year(TOWN, other, scenario)
    )
    pd.testing.assert_frame_equal(
        fleet_demand(TOWN, one, scenario), fleet_demand(TOWN, other, scenario)
    )
