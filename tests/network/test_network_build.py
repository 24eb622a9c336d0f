from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_case_files import needs_real, real_data
from toy_roads import DEGREE_M, inputs_of, road

from planner.crs import geodesic_length_m
from planner.errors import InputError
from planner.layers import SEGMENTS, validate
from planner.network import build_network, incident_counts, usable_nodes


def build(*rows, **other):
    return build_network(inputs_of(list(rows), **other))


def ends(network):
    pairs = zip(network.segments["from_node"], network.segments["to_node"], strict=True)
    return list(pairs)


def test_lines_that_only_cross_do_not_meet():
    network = build(road("over", (0, 0), (4, 0)), road("under", (2, -2), (2, 2)))
    assert len(network.nodes) == 4
    assert len(network.segments) == 2
    assert sorted(network.nodes["component"]) == [0, 0, 1, 1]


def test_a_vertex_shared_by_two_roads_is_a_node():
    network = build(road("a", (0, 0), (2, 0), (4, 0)), road("b", (2, -2), (2, 0), (2, 2)))
    assert len(network.nodes) == 5
    assert len(network.segments) == 4
    assert incident_counts(network).max() == 4


def test_an_end_on_the_inner_vertex_of_another_line_is_a_node():
    network = build(road("a", (0, 0), (2, 0), (4, 0)), road("b", (2, 0), (2, 2)))
    assert len(network.segments) == 3
    assert sorted(incident_counts(network)) == [1, 1, 1, 3]


@pytest.mark.parametrize(("gap_degrees", "parts"), [(4e-8, 1), (3e-7, 2)])
def test_ends_meet_where_they_agree_to_a_centimetre(gap_degrees, parts):
    row = road("b", (4, 0), (4, 4))
    row["geometry"] = shapely.LineString([(0.004, gap_degrees), (0.004, 0.004)])
    network = build(road("a", (0, 0), (4, 0)), row)
    assert network.nodes["component"].nunique() == parts


def test_nodes_are_numbered_west_to_east_then_south_to_north():
    network = build(road("a", (5, 5), (0, 0), (0, 3)), road("b", (0, 0), (0, -2)))
    assert network.nodes["node_id"].tolist() == ["n1", "n2", "n3", "n4"]
    xy = shapely.get_coordinates(network.nodes.geometry.to_numpy()) * 1000
    assert xy.round(6).tolist() == [[0, -2], [0, 0], [0, 3], [5, 5]]


def test_alike_pieces_run_through_and_name_both_roads():
    network = build(road("r2", (0, 0), (4, 0)), road("r1", (8, 0), (4, 0)))
    assert ends(network) == [("n1", "n2")]
    assert network.segments["road_ids"].tolist() == ["r1,r2"]
    assert network.segments["length_m"].tolist() == [round(0.008 * DEGREE_M, 3)]


@pytest.mark.parametrize(
    "difference",
    [
        {"road_class": "primary"},
        {"name": "x"},
        {"ref": "G1"},
        {"lanes": 4},
        {"speed_kph": 60.0},
        {"bridge": True},
        {"tunnel": True},
        {"trust": "U"},
        {"oneway": True},
    ],
    ids=lambda difference: next(iter(difference)),
)
def test_unlike_pieces_part_at_their_vertex(difference):
    network = build(road("a", (0, 0), (4, 0)), road("b", (4, 0), (8, 0), **difference))
    assert len(network.segments) == 2


@pytest.mark.parametrize(
    ("second", "expected"),
    [([(4, 0), (8, 0)], [("n1", "n2")]), ([(8, 0), (4, 0)], [("n1", "n2"), ("n3", "n2")])],
)
def test_one_way_pieces_run_through_only_in_one_direction(second, expected):
    first = road("a", (0, 0), (4, 0), oneway=True)
    assert ends(build(first, road("b", *second, oneway=True))) == expected


def test_a_one_way_segment_keeps_the_direction_of_its_line():
    network = build(road("a", (4, 0), (0, 0), oneway=True))
    assert ends(network) == [("n2", "n1")]
    assert network.segments.geometry[0].coords[0] == (0.004, 0)


def test_parts_of_a_multi_line_are_apart():
    row = road("a", (0, 0), (1, 0))
    row["geometry"] = shapely.MultiLineString([[(0, 0), (0.001, 0)], [(0.002, 0), (0.003, 0)]])
    network = build(row)
    assert len(network.segments) == 2
    assert network.nodes["component"].nunique() == 2


def test_parallel_segments_are_both_kept():
    rows = [road("a", (0, 0), (4, 0)), road("b", (0, 0), (2, 1), (4, 0))]
    network = build(*rows, road("c", (4, 0), (5, 0)), road("d", (-1, 0), (0, 0)))
    assert ends(network) == [("n1", "n2"), ("n2", "n3"), ("n2", "n3"), ("n3", "n4")]


def test_a_loop_is_kept_and_counts_once_at_its_node():
    network = build(road("a", (0, 0), (4, 0)), road("b", (4, 0), (6, 1), (6, -1), (4, 0)))
    assert ends(network) == [("n1", "n2"), ("n2", "n2")]
    assert incident_counts(network).tolist() == [1, 2]


def test_a_ring_without_a_node_gets_its_first_vertex():
    network = build(road("a", (4, 0), (6, 1), (2, 1), (4, 0)))
    assert ends(network) == [("n1", "n1")]
    assert network.nodes.geometry[0].coords[0] == (0.002, 0.001)


def test_a_road_there_and_back_is_one_loop():
    network = build(road("a", (0, 0), (2, 0), (4, 0), (2, 0), (0, 0)))
    assert network.segments["length_m"].sum() == pytest.approx(0.008 * DEGREE_M, abs=0.002)


def test_a_long_chain_is_cut_at_its_own_vertices_into_near_equal_parts():
    network = build(road("a", *[(x, 0) for x in range(0, 51, 5)]))
    assert network.segments["length_m"].round(0).tolist() == [1670.0, 2226.0, 1670.0]
    assert set(network.segments["road_ids"]) == {"a"}


def test_a_long_line_without_vertices_stays_whole():
    assert len(build(road("a", (0, 0), (50, 0))).segments) == 1


def test_length_is_geodesic():
    network = build(road("a", (0, 0), (10, 0)), road("b", (0, 0), (0, 10), name="b"))
    assert network.segments["length_m"].tolist() == [1105.743, 1113.195]


def test_lines_without_length_are_left_out_with_a_warning():
    still = road("still", (3, 3), (3, 3))
    network = build(road("a", (0, 0), (3, 3)), still, road("still2", (5, 5), (5, 5)))
    assert len(network.segments) == 1
    assert [(w.code, w.count) for w in network.warnings] == [("W-NET-001", 2)]


@pytest.mark.parametrize("rows", [[], [road("still", (3, 3), (3, 3))]])
def test_no_road_is_an_error(rows):
    inputs = inputs_of([road("a", (0, 0), (1, 0))])
    empty = inputs.roads.iloc[:0] if not rows else inputs_of(rows).roads
    with pytest.raises(InputError, match="E-NET-001"):
        build_network(inputs_of([road("a", (0, 0), (1, 0))], roads=empty))


def test_the_longest_part_is_component_0_and_islands_are_told():
    island = [road("a", (0, 50), (1, 50)), road("b", (1, 50), (1, 51), name="b")]
    network = build(*island, road("main", (0, 0), (9, 0)))
    assert network.nodes["component"].tolist() == [0, 1, 1, 1, 0]
    assert [w.code for w in network.warnings] == ["W-NET-002"]
    assert "0.2 km" in network.warnings[0].reason
    assert usable_nodes(network).tolist() == [True, False, False, False, True]


def test_what_one_way_roads_cut_off_is_told_and_not_used():
    network = build(road("a", (0, 0), (4, 0)), road("out", (4, 0), (8, 0), oneway=True))
    assert [w.code for w in network.warnings] == ["W-NET-003"]
    assert usable_nodes(network).tolist() == [True, True, False]


def test_nothing_is_put_on_motorways_and_ramps_alone():
    network = build(
        road("a", (0, 0), (4, 0)),
        road("ramp", (4, 0), (5, 1), road_class="ramp"),
        road("m", (5, 1), (9, 1), road_class="motorway"),
    )
    assert usable_nodes(network).tolist() == [True, True, False, False]


def test_a_segment_belongs_to_the_county_of_its_middle():
    network = build(road("a", (470, 0), (510, 0)), road("b", (510, 0), (480, 1), name="b"))
    assert network.segments["county_id"].tolist() == ["1", "1"]
    network = build(road("a", (490, 0), (530, 0)))
    assert network.segments["county_id"].tolist() == ["2"]
    assert network.nodes["county_id"].tolist() == ["1", "2"]


def test_twins_of_one_line_are_ordered_by_road_id():
    rows = [road(name, (0, 0), (4, 0)) for name in ("b", "c", "a")]
    for turned in (rows, rows[::-1]):
        assert build(*turned).segments["road_ids"].tolist() == ["a", "b", "c"]


def test_outside_every_county_is_missing():
    network = build(road("a", (1600, 0), (1610, 0)))
    assert network.nodes["county_id"].isna().all()
    assert network.segments["county_id"].isna().all()


def test_optional_columns_may_be_absent():
    roads = inputs_of([road("a", (0, 0), (4, 0))]).roads
    network = build_network(
        inputs_of(
            [road("a", (0, 0), (4, 0))], roads=roads.drop(columns=["bridge", "tunnel", "trust"])
        )
    )
    assert network.segments[["bridge", "tunnel", "trust"]].to_numpy().tolist() == [[0, 0, "U"]]


def grid_rows(size, rng):
    rows = []
    for a in range(size):
        for b in range(size - 1):
            for kind, line in (
                ("h", [(b * 9, a * 9), (b * 9 + 4, a * 9 + 1), (b * 9 + 9, a * 9)]),
                ("v", [(a * 9, b * 9), (a * 9, b * 9 + 9)]),
            ):
                other = {"oneway": bool(rng.random() < 0.3), "name": rng.choice(["p", "q"])}
                rows.append(road(f"{kind}{a}-{b}", *line, **other))
    return rows


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_order_of_rows_and_direction_of_two_way_lines_change_nothing(seed):
    rng = np.random.default_rng(seed)
    rows = grid_rows(4, rng)
    rows = [row for row in rows if rng.random() < 0.8] + [road("twin", (0, 0), (0, 9))]
    other = [dict(rows[at]) for at in rng.permutation(len(rows))]
    for row in other:
        if not row["oneway"] and rng.random() < 0.5:
            row["geometry"] = row["geometry"].reverse()
    one, two = build(*rows), build(*other)
    assert_geodataframe_equal(one.nodes, two.nodes)
    assert_geodataframe_equal(one.segments, two.segments)
    assert one.from_index.tolist() == two.from_index.tolist()
    assert [str(w) for w in one.warnings] == [str(w) for w in two.warnings]


def test_cutting_a_road_at_a_vertex_changes_only_road_ids():
    places = [(x, x % 3) for x in range(0, 60, 4)]
    side = road("side", places[4], (16, 20))
    one = build(road("a", *places), side)
    two = build(road("b", *places[:7]), road("a", *places[6:]), side)
    drop = {"columns": "road_ids"}
    assert_geodataframe_equal(one.segments.drop(**drop), two.segments.drop(**drop))
    assert_geodataframe_equal(one.nodes, two.nodes)


def test_rows_point_at_the_ends_of_the_lines():
    network = build(*grid_rows(4, np.random.default_rng(7)))
    validate(network.segments, SEGMENTS)
    points = shapely.get_coordinates(network.nodes.geometry.to_numpy())
    first = [line.coords[0] for line in network.segments.geometry]
    last = [line.coords[-1] for line in network.segments.geometry]
    assert points[network.from_index].tolist() == [list(place) for place in first]
    assert points[network.to_index].tolist() == [list(place) for place in last]
    node_ids = network.nodes["node_id"].to_numpy()
    assert node_ids[network.from_index].tolist() == network.segments["from_node"].tolist()
    assert node_ids[network.to_index].tolist() == network.segments["to_node"].tolist()


@needs_real("data", "nanchang", "core_roads.gpkg")
def test_real_roads_keep_their_length():
    import geopandas as gpd  # noqa: PLC0415 - only where the data are

    path = real_data() / "data" / "nanchang" / "core_roads.gpkg"
    lines = gpd.read_file(path, layer="edges").geometry
    base = road("r", (0, 0), (1, 0))
    rows = [base | {"road_id": f"r{at}", "geometry": line} for at, line in enumerate(lines)]
    network = build(*rows)
    length_m = geodesic_length_m(np.asarray(lines, dtype=object)).sum()
    assert network.segments["length_m"].sum() == pytest.approx(length_m, abs=20)
    assert (incident_counts(network) > 0).all()


def test_a_jurisdiction_without_any_road_is_told():
    inputs = inputs_of([road("r", (0, 0), (10, 0))])
    names = {"jurisdiction_id": ["j1", "j2"], "name": ["One", "Two"]}
    listed = pd.DataFrame(names | {"kind": "zone", "county_id": ["1", "2"]})
    network = build_network(replace(inputs, jurisdictions=listed))
    told = [problem for problem in network.warnings if problem.code == "W-NET-004"]
    assert len(told) == 1
    assert "One (j1), Two (j2)" in told[0].reason
