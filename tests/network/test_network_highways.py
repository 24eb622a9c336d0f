from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from toy_case_files import needs_real, real_data
from toy_roads import DEGREE_M, inputs_of, road

from planner.cases.extract import read_roads
from planner.crs import geodesic_length_m
from planner.network import build_network, highway_stretches, positions_on

STEP_M = DEGREE_M / 1000
"""A thousandth of a degree of the equator."""


def motorway(road_id, *places, **other):
    return road(
        road_id, *places, road_class="motorway", **({"ref": "G60", "name": "沪昆高速"} | other)
    )


def build(*rows):
    return build_network(inputs_of(list(rows)))


def at(network, x, y):
    """Return the row of the node at a place in thousandths of a degree."""
    xy = shapely.get_coordinates(network.nodes.geometry.to_numpy()) * 1000
    return int(np.flatnonzero(np.abs(xy - (x, y)).max(axis=1) < 1e-3)[0])


def ids(stretches):
    return [stretch.stretch_id for stretch in stretches]


def holds(network, stretch):
    """Check a stretch against the segments it is made of."""
    segments = network.segments.iloc[stretch.segment]
    steps = zip(pairwise(stretch.node.tolist()), stretch.segment.tolist(), strict=True)
    for (a, b), row in steps:
        ends = (int(network.from_index[row]), int(network.to_index[row]))
        one_way = bool(network.segments["oneway"].iloc[row])
        assert (a, b) == ends or (not one_way and (b, a) == ends)
    assert stretch.length_m == stretch.position_m[-1] == pytest.approx(segments["length_m"].sum())
    assert stretch.position_m[0] == 0
    assert np.diff(stretch.position_m) == pytest.approx(segments["length_m"])
    assert geodesic_length_m([stretch.geometry])[0] == pytest.approx(stretch.length_m, abs=0.1)
    ends = network.nodes.geometry.iloc[stretch.node[[0, -1]]]
    assert shapely.get_coordinates(ends.to_numpy()).tolist() == [
        list(stretch.geometry.coords[0]), list(stretch.geometry.coords[-1]),
    ]  # fmt: skip


def test_a_two_way_line_gives_both_directions():
    network = build(motorway("m", (0, 0), (40, 0), (100, 0)), road("side", (40, 0), (40, 5)))
    east, west = highway_stretches(network)
    assert (east.stretch_id, west.stretch_id) == ("h-G60-E1", "h-G60-W1")
    assert (east.direction, west.direction) == ("东向 / E-bound", "西向 / W-bound")
    assert (east.ref, east.name) == ("G60", "沪昆高速")
    places = [at(network, x, 0) for x in (0, 40, 100)]
    assert [node for node in east.node.tolist() if node in places] == places
    assert east.node.tolist() == west.node[::-1].tolist()
    crossing = east.node.tolist().index(places[1])
    assert east.position_m[crossing] == pytest.approx(40 * STEP_M, abs=0.01)
    for stretch in (east, west):
        holds(network, stretch)


def test_a_one_way_line_gives_its_direction_only():
    network = build(motorway("m", (0, 0), (0, 100), oneway=True))
    (north,) = highway_stretches(network)
    assert (north.stretch_id, north.direction) == ("h-G60-N1", "北向 / N-bound")
    (south,) = highway_stretches(build(motorway("m", (0, 100), (0, 0), oneway=True)))
    assert south.direction == "南向 / S-bound"


def dual(*more):
    """Two carriageways that meet in a junction at either end."""
    return build(
        motorway("east", (0, 0), (10, -1), (50, -1), (90, -1), (100, 0), oneway=True),
        motorway("west", (100, 0), (90, 1), (50, 1), (10, 1), (0, 0), oneway=True),
        road("beyond", (100, 0), (105, 0)),
        road("before", (0, 0), (-5, 0)),
        *more,
    )


def test_carriageways_that_meet_stay_two_directions():
    network = dual()
    stretches = highway_stretches(network)
    assert ids(stretches) == ["h-G60-E1", "h-G60-W1"]
    for stretch in stretches:
        holds(network, stretch)
        assert stretch.length_m == pytest.approx(100 * STEP_M, rel=0.01)
    assert shapely.get_coordinates(stretches[0].geometry)[1:-1, 1].max() < 0


def test_a_segment_that_turns_back_belongs_to_neither_direction():
    network = build(
        motorway("m", (0, -1), (90, -1), (95, 0), (90, 1), (0, 1), oneway=True),
        road("south", (90, -1), (90, -5)),
        road("north", (90, 1), (90, 5)),
    )
    east, west = highway_stretches(network)
    assert (east.stretch_id, west.stretch_id) == ("h-G60-E1", "h-G60-W1")
    assert east.length_m == pytest.approx(90 * STEP_M, rel=0.001)
    assert west.length_m == pytest.approx(90 * STEP_M, rel=0.001)


def service_area():
    """A station south of the eastbound carriageway with a way in at 50 and out at 90."""
    return dual(
        road("in", (50, -1), (52, -2), road_class="ramp", oneway=True),
        road("out", (52, -2), (90, -1), road_class="ramp", oneway=True),
        road("station", (52, -2), (52, -3)),
    )


def test_a_service_area_counts_for_its_own_carriageway():
    network = service_area()
    east, west = highway_stretches(network)
    sites = np.array([at(network, 52, -2), -1, at(network, 90, 1)])
    beside = positions_on(east, network, sites, 4500.0)
    leaving = east.position_m[east.node.tolist().index(at(network, 50, -1))]
    assert beside.site.tolist() == [0]
    assert beside.position_m.tolist() == [leaving]
    assert beside.detour_m[0] == pytest.approx(38 * STEP_M, rel=0.01)
    assert positions_on(east, network, sites, 4000.0).site.tolist() == []
    other = positions_on(west, network, sites, 4500.0)
    assert other.site.tolist() == [2]
    assert other.detour_m.tolist() == [0]
    assert other.position_m[0] == west.position_m[west.node.tolist().index(sites[2])]


def test_a_site_that_cannot_be_left_for_the_motorway_does_not_count():
    network = dual(road("in", (50, -1), (52, -2), road_class="ramp", oneway=True))
    east, _ = highway_stretches(network)
    assert positions_on(east, network, np.array([at(network, 52, -2)]), 5000.0).site.tolist() == []


def test_a_town_off_a_two_way_motorway_counts_for_both_directions_at_its_exit():
    network = build(
        motorway("m", (0, 0), (40, 0), (100, 0)),
        road("ramp", (40, 0), (40, 5), road_class="ramp"),
        road("street", (40, 5), (45, 5)),
    )
    town = np.array([at(network, 45, 5)])
    positions = [positions_on(h, network, town, 1200.0) for h in highway_stretches(network)]
    assert [found.site.tolist() for found in positions] == [[0], [0]]
    total = sum(float(found.position_m[0]) for found in positions)
    assert total == pytest.approx(100 * STEP_M, abs=0.01)
    assert positions[0].detour_m[0] == pytest.approx(10 * STEP_M, rel=0.01)
    assert positions_on(highway_stretches(network)[0], network, town, 1000.0).site.size == 0


RING = [(0, 0), (50, 0), (50, 50), (0, 50), (0, 0)]


@pytest.mark.parametrize(("oneway", "expected"), [(True, ["A"]), (False, ["A", "C"])])
def test_a_ring_is_cut_at_its_smallest_node(oneway, expected):
    network = build(motorway("ring", *RING, oneway=oneway), road("in", (50, 50), (60, 60)))
    stretches = highway_stretches(network)
    assert ids(stretches) == [f"h-G60-{letter}1" for letter in expected]
    assert stretches[0].direction == "逆时针 / anticlockwise"
    for stretch in stretches:
        holds(network, stretch)
        assert stretch.node[0] == stretch.node[-1] == stretch.node.min()
        assert stretch.length_m == pytest.approx(200 * STEP_M, rel=0.01)


def test_a_site_at_the_cut_of_a_ring_stands_at_its_start():
    network = build(motorway("ring", *RING, oneway=True))
    (ring,) = highway_stretches(network)
    assert positions_on(ring, network, ring.node[[-1]], 0.0).position_m.tolist() == [0]


def test_a_branch_is_a_stretch_of_its_own_from_where_it_leaves():
    network = build(motorway("m", (0, 0), (40, 0), (100, 0)), motorway("branch", (40, 0), (50, 50)))
    stretches = highway_stretches(network)
    assert ids(stretches) == ["h-G60-E1", "h-G60-N1", "h-G60-S1", "h-G60-W1"]
    branch = stretches[1]
    assert branch.node[0] == at(network, 40, 0)
    assert branch.node[-1] == at(network, 50, 50)
    for stretch in stretches:
        holds(network, stretch)
    used = [
        (tuple(pair), row)
        for h in stretches
        for pair, row in zip(pairwise(h.node.tolist()), h.segment.tolist(), strict=True)
    ]
    assert len(used) == len(set(used)) == 2 * len(network.segments)


def test_short_pieces_are_left_out():
    rows = motorway("m", (0, 0), (100, 0)), motorway("spur", (100, 0), (120, 30), ref="S1")
    assert ids(highway_stretches(build(*rows), least_m=4500)) == ["h-G60-E1", "h-G60-W1"]
    assert len(highway_stretches(build(*rows), least_m=3900)) == 4


def test_routes_are_told_apart_by_number_then_name():
    network = build(
        motorway("a", (0, 0), (50, 0)),
        motorway("b", (50, 0), (100, 0), ref="G60;G70", name=None),
        motorway("c", (100, 0), (150, 0), ref="G70"),
        motorway("d", (0, 50), (100, 50), ref=None, name="机场高速"),
        motorway("e", (0, 90), (100, 90), ref=None, name=None),
    )
    stretches = highway_stretches(network)
    assert ids(stretches) == [
        "h-unnamed-E1", "h-unnamed-W1", "h-机场高速-E1", "h-机场高速-W1",
        "h-G60-E1", "h-G60-W1", "h-G70-E1", "h-G70-W1",
    ]  # fmt: skip
    assert {round(stretch.length_m / STEP_M) for stretch in stretches} == {100}


def test_the_text_of_a_route_cannot_leave_its_id():
    network = build(motorway("m", (0, 0), (100, 0), ref="<b>..\\G 1<b>" + "x" * 40))
    first = highway_stretches(network)[0]
    assert first.stretch_id == f"h-bG1b{'x' * 20}-E1"


def test_a_second_piece_of_a_route_has_the_next_number():
    network = build(motorway("m", (0, 0), (60, 0)), motorway("n", (70, 0), (200, 0)))
    stretches = highway_stretches(network)
    assert ids(stretches) == ["h-G60-E1", "h-G60-E2", "h-G60-W1", "h-G60-W2"]
    assert stretches[0].length_m > stretches[1].length_m


def test_no_motorway_makes_no_stretch():
    assert highway_stretches(build(road("a", (0, 0), (100, 0)))) == ()


def test_the_order_of_roads_changes_nothing():
    rows = [
        motorway("m", (0, 0), (40, 0), (100, 0)),
        motorway("branch", (40, 0), (50, 50)),
        motorway("ring", *[(x + 200, y) for x, y in RING]),
    ]
    first, second = (highway_stretches(build(*order)) for order in (rows, rows[::-1]))
    assert ids(first) == ids(second)
    for a, b in zip(first, second, strict=True):
        assert a.node.tolist() == b.node.tolist()
        assert a.geometry.wkb == b.geometry.wkb


def test_a_roundabout_at_the_end_does_not_join_the_directions():
    circle = [(100, 0), (102, -2), (104, 0), (102, 2), (100, 0)]
    network = build(
        motorway("m", (0, 0), (100, 0)),
        motorway("round", *circle, oneway=True),
        road("beyond", (104, 0), (110, 0)),
    )
    stretches = highway_stretches(network)
    assert {stretch.direction[:2] for stretch in stretches} == {"东向", "西向"}
    for stretch in stretches:
        holds(network, stretch)
        assert 100 * STEP_M - 1 < stretch.length_m < 110 * STEP_M
        assert len(set(stretch.segment.tolist())) == len(stretch.segment)


def network_of_roads(roads):
    return build_network(replace(inputs_of([road("r", (0, 0), (1, 0))]), roads=roads))


def test_the_shipped_motorways_are_found_whole_in_both_directions():
    path = Path(__file__).parents[2] / "data" / "nanchang" / "roads.geojson"
    network = network_of_roads(gpd.read_file(path))
    stretches = highway_stretches(network)
    motorway_m = network.segments.set_index("road_class")["length_m"].loc["motorway"].sum()
    assert sum(stretch.length_m for stretch in stretches) == pytest.approx(2 * motorway_m)
    rings = [stretch for stretch in stretches if stretch.ref == "G6001"]
    assert [ring.direction[:3] for ring in rings] == ["逆时针", "顺时针"]
    for stretch in stretches:
        holds(network, stretch)


@needs_real("data", "osm", "liechtenstein-2024-03-04.osm.pbf")
def test_a_real_road_with_roundabouts_and_islands_has_two_directions():
    """There is no motorway in the real data: route 16 stands for one."""
    path = real_data() / "data" / "osm" / "liechtenstein-2024-03-04.osm.pbf"
    roads = read_roads(path).assign(trust="U")
    roads["road_class"] = roads["road_class"].where(roads["ref"] != "16", "motorway")
    network = network_of_roads(roads)
    north, south = highway_stretches(network)
    assert (north.stretch_id, south.stretch_id) == ("h-16-N1", "h-16-S1")
    assert 6000 < south.length_m < north.length_m < 6300
    for stretch in (north, south):
        holds(network, stretch)
    found = positions_on(north, network, np.arange(len(network.nodes)), 500.0)
    on_it = np.isin(found.site, north.node)
    assert (found.detour_m[on_it] == 0).all()
    assert set(found.site[on_it].tolist()) == set(north.node.tolist())
    assert 0 < found.detour_m[~on_it].min() <= found.detour_m.max() <= 500


def test_a_route_of_nothing_but_a_turning_place_is_no_stretch():
    network = build(motorway("m", (0, 0), (8, 0), (0, 1), oneway=True), road("a", (0, 0), (0, -3)))
    assert highway_stretches(network, least_m=100.0) == ()
