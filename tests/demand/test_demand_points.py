from dataclasses import replace

import geopandas as gpd
import h3
import numpy as np
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_case_files import needs_real, real_data, write_toy_case
from toy_roads import inputs_of, road

from planner.demand import cells_of, make_demand_points
from planner.inputs import read_inputs
from planner.layers import DEMAND_POINTS, ENERGIES, validate
from planner.network import build_network
from planner.scenario import load_scenario

COLUMNS = [f"{energy}_per_day" for energy in ENERGIES]


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return load_scenario(write_toy_case(tmp_path_factory.mktemp("demand") / "toy"))


def cross(place, name, arm=2):
    """Return the four roads of one junction; places and arms in thousandths of a degree."""
    x, y = place
    ways = [(arm, 0), (-arm, 0), (0, arm), (0, -arm)]
    return [road(f"{name}{at}", place, (x + dx, y + dy)) for at, (dx, dy) in enumerate(ways)]


def demand_of(rows, scenario, **other):
    inputs = inputs_of(rows, **other)
    return make_demand_points(inputs, build_network(inputs), scenario)


def test_residents_of_a_county_stand_where_its_roads_meet(scenario):
    link = [road("link", (100, 0), (200, 0)), road("east", (200, 0), (700, 0), name="e")]
    rows = cross((100, 0), "a") + cross((200, 0), "b") + cross((700, 0), "c") + link
    points = demand_of(rows, scenario)
    validate(points, DEMAND_POINTS)
    assert points.groupby("county_id")["population"].sum().to_dict() == {"1": 6000, "2": 3000}
    west = points[points["county_id"] == "1"]
    assert west["population"].tolist() == [3000.0, 3000.0]
    assert {round(place.x, 6) for place in west.geometry} == {0.1, 0.2}


def test_more_junctions_draw_more_residents(scenario):
    town = [road(f"s{at}", (200 + at, 0), (200 + at, 1)) for at in range(3)]
    street = road("street", (199, 0), (200, 0), (201, 0), (202, 0), (203, 0))
    rows = [*cross((100, 0), "a"), *town, street, road("link", (102, 0), (199, 0))]
    points = demand_of(rows, scenario)
    west = points[points["county_id"] == "1"].sort_values("population")
    assert west["population"].tolist() == [1500.0, 4500.0]


def test_energy_is_that_of_all_fleets_in_the_target_year(scenario):
    points = demand_of(cross((100, 0), "a"), scenario)
    west = points[points["county_id"] == "1"].iloc[0]
    # 6 x 1000 residents; to 1000 of them the shipped fleets take
    # private 238 x 0.14 = 33.32, less 0.25 % swapping, x 6 kWh x 0.25   = 49.85505
    # taxis 0.9 x 0.88 x 40 x 0.65 = 20.592; official 0.7 x 8 x 0.2      = 1.12
    # buses 0.64 x 130 x 0.05 = 4.16; logistics 1.44 x 0.98 x 22 x 0.35  = 10.86624
    # trucks 0.18 x 0.85 x 250 x 0.25                                    = 9.5625
    assert west["charging_per_day"] == pytest.approx(6 * 96.15579)
    # 33.32 x 0.0025 x 0.4 + 0.9 x 0.12 x 1.6 + 1.44 x 0.02 x 1.0
    assert west["swap_per_day"] == pytest.approx(6 * 0.23492)
    assert west["truck_swap_per_day"] == pytest.approx(6 * 0.18 * 0.15 * 1.5)
    # (buses 0.8 x 0.005 + trucks 3 x 0.002) x 12 kg
    assert west["hydrogen_per_day"] == pytest.approx(6 * 0.12)


def test_a_county_without_a_usable_road_keeps_its_demand_without_a_node(scenario):
    points = demand_of([*cross((100, 0), "a"), road("m", (700, 0), (701, 0), name="m")], scenario)
    lost = points[points["node_id"].isna()]
    assert lost["county_id"].tolist() == ["2"]
    assert lost["population"].tolist() == [3000.0]
    assert lost["demand_id"].tolist() == ["d-offroad-2"]
    assert shapely.box(0.5, -0.5, 1.5, 0.5).contains(lost.geometry.iloc[0])


def test_a_county_without_residents_and_roads_has_no_point(scenario):
    inputs = inputs_of(cross((100, 0), "a"))
    counties = inputs.counties.assign(population=[6000.0, 0.0])
    assert demand_of(cross((100, 0), "a"), scenario, counties=counties)["county_id"].eq("1").all()


def test_a_county_without_junctions_spreads_by_nodes(scenario):
    points = demand_of([road("a", (100, 0), (200, 0)), road("b", (200, 0), (300, 0))], scenario)
    west = points[points["county_id"] == "1"]
    assert west["population"].tolist() == [2000.0, 2000.0, 2000.0]


def test_a_cell_on_a_border_is_one_point_for_each_county(scenario):
    rows = cross((499, 0), "a", arm=0.5) + cross((501, 0), "b", arm=0.5)
    points = demand_of([*rows, road("link", (499.5, 0), (500.5, 0))], scenario)
    cells = points["demand_id"].str.split("-").str[1]
    assert sorted(points["county_id"]) == ["1", "2"]
    assert cells.nunique() == 1


def test_the_point_stands_on_the_node_nearest_the_middle(scenario):
    street = road("street", (100, 0), (101, 0), (102, 0), (103, 0), (104, 0))
    sides = [road(f"s{at}", (100 + at, 0), (100 + at, 1)) for at in range(1, 4)]
    points = demand_of([street, *sides], scenario)
    on_road = points[points["node_id"].notna()]
    # The mean of the cell's nodes lies a little north of (102, 0).
    assert shapely.get_coordinates(on_road.geometry.to_numpy()).round(6).tolist() == [[0.102, 0]]


def test_dense_cells_are_urban(scenario):
    demand = scenario.demand.model_copy(update={"urban_junctions_per_km2": 8.0})
    scenario = scenario.model_copy(update={"demand": demand})
    size = 16
    rows = [road(f"h{y}", *[(100 + x, y) for x in range(size)]) for y in range(size)]
    rows += [road(f"v{x}", *[(100 + x, y) for y in range(size)]) for x in range(size)]
    inputs = inputs_of(rows)
    network = build_network(inputs)
    cells = cells_of(network, scenario)
    counts = cells.nodes.groupby("cell")["is_junction"].sum()
    dense = {c for c, n in counts.items() if n / h3.cell_area(c, unit="km^2") >= 8.0}
    assert cells.urban == dense
    assert 0 < len(dense) < len(counts)
    points = make_demand_points(inputs, network, scenario)
    assert set(points["area_class"]) == {"urban", "rural"}


def test_the_toy_case_reconciles(scenario):
    inputs = read_inputs(scenario)
    points = make_demand_points(inputs, build_network(inputs), scenario)
    validate(points, DEMAND_POINTS)
    totals = points.groupby("county_id")["population"].sum()
    assert totals.to_dict() == pytest.approx({"990101": 60000.0, "990102": 30000.0}, abs=1e-3)
    assert points["demand_id"].is_monotonic_increasing
    assert set(points["township_id"]) == {"990101100", "990101101", "990102100"}


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000), factor=st.integers(2, 9))
def test_totals_reconcile_and_grow_with_residents_in_any_network(scenario, seed, factor):
    rng = np.random.default_rng(seed)
    places = rng.integers(0, 900, size=(15, 2)).clip(max=(900, 400)).tolist()
    rows = [road(f"r{at}", places[at], places[(at * 7 + 1) % 15]) for at in range(15)]
    rows = [row for row in rows if row["geometry"].length > 0]
    inputs = inputs_of(rows)
    network = build_network(inputs)
    points = make_demand_points(inputs, network, scenario)
    assert points["population"].sum() == pytest.approx(9000, abs=1e-3)
    more = replace(
        inputs, counties=inputs.counties.assign(population=[6000.0 * factor, 3000.0 * factor])
    )
    grown = make_demand_points(more, network, scenario)
    assert (grown[COLUMNS] - points[COLUMNS] * factor).abs().to_numpy().max() < 1e-4


def test_order_of_the_layers_changes_nothing(scenario):
    inputs = read_inputs(scenario)
    points = make_demand_points(inputs, build_network(inputs), scenario)
    turned = replace(
        inputs,
        counties=inputs.counties.iloc[::-1].reset_index(drop=True),
        roads=inputs.roads.iloc[::-1].reset_index(drop=True),
        townships=inputs.townships.iloc[::-1].reset_index(drop=True),
    )
    again = make_demand_points(turned, build_network(turned), scenario)
    assert_geodataframe_equal(points, again)


@needs_real("data", "nanchang", "core_roads.gpkg")
def test_real_roads_give_urban_and_rural_points(scenario):
    path = real_data() / "data" / "nanchang"
    lines = gpd.read_file(path / "core_roads.gpkg", layer="edges").geometry
    counties = gpd.read_file(path / "counties_wgs84.geojson")
    counties = counties.rename(columns={"adcode": "county_id"})
    counties["county_id"] = counties["county_id"].astype("str")
    counties["population"] = 500_000.0
    base = road("r", (0, 0), (1, 0))
    rows = [base | {"road_id": f"r{at}", "geometry": line} for at, line in enumerate(lines)]
    points = demand_of(rows, scenario, counties=counties)
    assert 50 < len(points) < 200
    assert points["population"].sum() == pytest.approx(500_000 * len(counties), abs=1e-2)
    assert points.loc[points["node_id"].isna(), "county_id"].tolist() == ["360123", "360124"]
