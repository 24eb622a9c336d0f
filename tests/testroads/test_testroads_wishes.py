"""Proves by hand and by brute force where test fleets should be able to charge."""

from __future__ import annotations

from itertools import combinations

import geopandas as gpd
import numpy as np
import pytest
from street_and_zones import framed, zone
from toy_roads import inputs_of, network_of, road

from planner.inputs import empty_layer
from planner.layers import FLEET_WISHES, TEST_ROADS, ZONES, validate
from planner.scenario import load_scenario
from planner.solver import Termination
from planner.testroads.wishes import farthest_m, wish_chargers, wish_notes


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    folder = tmp_path_factory.mktemp("case")
    (folder / "scenario.toml").write_text('[case]\nid = "line"\n', encoding="utf-8")
    return load_scenario(folder)


def within(scenario, reach_m):
    settings = scenario.test_roads.model_copy(update={"fleet_charger_reach_m": reach_m})
    return scenario.model_copy(update={"test_roads": settings})


def roads_of(network, rows=None, years=2025):
    """Return all segments of a network, or some, as test roads."""
    rows = np.arange(len(network.segments)) if rows is None else np.array(rows)
    names = network.nodes["node_id"].to_numpy()
    frame = network.segments.iloc[rows].reset_index(drop=True)
    return frame.assign(
        from_node=names[network.from_index[rows]],
        to_node=names[network.to_index[rows]],
        stage_year=years,
        counted_m=frame["length_m"],
    )


def wished(network, scenario, reach_m, roads=None, zones=()):
    inputs = inputs_of([road("r", (0, 0), (1, 0))], zones=framed(list(zones), ZONES))
    roads = roads_of(network) if roads is None else roads
    return wish_chargers(inputs, network, roads, within(scenario, reach_m))


def line(n_roads, metres=1000.0, *, oneway=False):
    return network_of(n_roads + 1, [(at, at + 1, metres, oneway) for at in range(n_roads)])


def test_a_line_of_six_km_needs_three_places_at_one_and_a_half_km(scenario):
    # n1 -1- n2 -1- ... n7: a place reaches 1.5 km either way, so whole roads only 1 km either way.
    found = wished(line(6), scenario, 1500.0)
    places = found.places
    assert places["node_id"].tolist() == ["n2", "n4", "n6"]
    assert places["served_km"].tolist() == [2.0, 2.0, 2.0]
    assert places["farthest_m"].tolist() == [1000.0, 1000.0, 1000.0]
    # At 3 km one place in the middle serves all; its farthest points are the two ends.
    only = wished(line(6), scenario, 3000.0).places.iloc[0]
    assert (only["node_id"], only["n_roads"], only["farthest_m"]) == ("n4", 6, 3000.0)
    assert wished(line(6), scenario, 2999.0).places["n_roads"].tolist() == [3, 3]


def test_the_middle_of_a_road_counts_not_only_its_ends(scenario):
    # A ring of three roads of 1 km: its far side is 1.5 km from each node, its nodes 1 km.
    ring = network_of(3, [(0, 1, 1000, False), (1, 2, 1000, False), (2, 0, 1000, False)])
    assert len(wished(ring, scenario, 1500.0).places) == 1
    assert len(wished(ring, scenario, 1499.0).places) == 2


def test_a_one_way_road_is_driven_to_its_end(scenario):
    # From the start of each road on, only forward: all is near the end of the line.
    forward = line(3, oneway=True)
    only = wished(forward, scenario, 3000.0).places.iloc[0]
    assert (only["node_id"], only["farthest_m"]) == ("n4", 3000.0)
    got = farthest_m(forward, roads_of(forward), np.array([3, 0]), 9e9)
    assert got.tolist() == [[3000.0, np.inf], [2000.0, np.inf], [1000.0, np.inf]]


def test_a_road_that_is_too_long_is_told(scenario):
    network = network_of(3, [(0, 1, 500, False), (1, 2, 4000, False)])
    found = wished(network, scenario, 1000.0)
    assert found.beyond == ("s2",)
    assert found.places["served_km"].tolist() == [0.5]
    assert list(wish_notes(found)) == [
        "1 test roads are too long or cut off for any charger's reach"
    ]


def test_the_year_is_that_of_the_first_stage_and_never_before_the_plan(scenario):
    network = line(4)
    years = np.array([2027, 2026, 2023, 2027])
    found = wished(network, scenario, 1000.0, roads_of(network, years=years)).places
    assert dict(zip(found["node_id"], found["year"], strict=True)) == {"n2": 2026, "n4": 2025}
    assert found["wish_id"].tolist() == ["w-1", "w-2"]
    assert found["node_id"].tolist() == ["n4", "n2"]


def test_a_place_where_a_station_may_stand_is_taken_if_there_is_one(scenario):
    # Two roads, the middle node between them serves both, but lies in a zone without stations.
    closed = zone("z", 10, 0, kind="exclusion", applies_to="stations", radius_m=100.0)
    found = wished(line(2), scenario, 2000.0, zones=[closed]).places
    assert found["node_id"].tolist() == ["n1"]
    assert found["can_stand"].tolist() == [True]
    # With a reach of one road only the closed node would do with one place: two others stand.
    found = wished(line(2), scenario, 1000.0, zones=[closed]).places
    assert found["node_id"].tolist() == ["n1", "n3"]
    roads_only = zone("z", 10, 0, kind="exclusion", applies_to="test_roads", radius_m=100.0)
    found = wished(line(2), scenario, 1000.0, zones=[roads_only]).places
    assert found["node_id"].tolist() == ["n2"]
    # On a motorway nobody may stop; where all is motorway, the place says so.
    network = line(2)
    network.segments["road_class"] = ["motorway", "motorway"]
    assert wished(network, scenario, 1000.0).places["can_stand"].tolist() == [False]


def test_of_equally_few_places_a_junction_is_taken(scenario):
    # n1 - n2 - n3 - n4 and n3 - n5, of which n3 is the junction; all is in reach of n2 and n3.
    network = network_of(
        5, [(0, 1, 500, False), (1, 2, 500, False), (2, 3, 500, False), (2, 4, 500, False)]
    )
    assert wished(network, scenario, 1000.0).places["node_id"].tolist() == ["n3"]
    # Without the side road the two are alike but for what is nearer.
    assert wished(line(3, 500), scenario, 1000.0).places["node_id"].tolist() == ["n2"]


def random_network(rng, n_nodes):
    arcs = [
        (int(rng.integers(max(0, node - 3), node)), node, int(rng.integers(1, 9)) * 100, False)
        for node in range(1, n_nodes)
    ]
    more = [rng.choice(n_nodes, 2, replace=False) for _ in range(4)]
    arcs += [
        (int(a), int(b), int(rng.integers(1, 9)) * 100, bool(rng.random() < 0.5)) for a, b in more
    ]
    return network_of(n_nodes, arcs)


@pytest.mark.parametrize("seed", range(12))
def test_no_fewer_places_would_do(scenario, seed):
    network = random_network(np.random.default_rng(seed), 10)
    roads, reach_m = roads_of(network), 1300.0
    found = wished(network, scenario, reach_m, roads)
    near = np.isfinite(farthest_m(network, roads, np.arange(10), reach_m))
    served = near.any(axis=1)
    assert set(found.beyond) == set(roads["segment_id"][~served])
    picks = (pick for size in range(1, 11) for pick in combinations(range(10), size))
    fewest = len(next(pick for pick in picks if near[served][:, pick].any(axis=1).all()))
    assert len(found.places) == fewest
    assert found.outcome.termination is Termination.PROVEN_OPTIMAL
    chosen = network.nodes.index[network.nodes["node_id"].isin(found.places["node_id"])]
    assert near[served][:, list(chosen)].any(axis=1).all()
    assert found.places["n_roads"].sum() == served.sum()
    total = roads["counted_m"][served].sum() / 1000
    assert found.places["served_km"].sum() == pytest.approx(total)


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_test_roads_does_not_matter(scenario, seed):
    rng = np.random.default_rng(seed)
    network = random_network(rng, 12)
    first = wished(network, scenario, 1200.0)
    mixed = wished(network, scenario, 1200.0, roads_of(network, rng.permutation(15)))
    same = wished(network, scenario, 1200.0, roads_of(network, np.arange(15)))
    assert first.places.drop(columns="geometry").equals(same.places.drop(columns="geometry"))
    assert mixed.places.drop(columns="geometry").equals(same.places.drop(columns="geometry"))


def test_a_longer_reach_never_needs_more_places(scenario):
    network = random_network(np.random.default_rng(7), 14)
    counts = [len(wished(network, scenario, reach).places) for reach in (900, 1300, 2000, 4000)]
    assert counts == sorted(counts, reverse=True)


def test_without_test_roads_nothing_is_wished(scenario):
    network = line(2)
    found = wished(network, scenario, 1000.0, empty_layer(TEST_ROADS))
    assert (len(found.places), found.beyond) == (0, ())
    assert found.outcome.termination is Termination.PROVEN_OPTIMAL
    validate(found.places, FLEET_WISHES)


def test_the_layer_is_as_its_schema_says(scenario):
    places = wished(line(3), scenario, 1000.0).places
    assert isinstance(validate(places, FLEET_WISHES), gpd.GeoDataFrame)
    assert not places["met"].any()
    assert places["station_id"].isna().all()
