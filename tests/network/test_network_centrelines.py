import itertools
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_case_files import needs_real, real_data
from toy_roads import inputs_of, road

from planner.cases.extract import read_roads
from planner.crs import metric_crs
from planner.layers import CENTRELINES, SEGMENTS, validate
from planner.network import (
    RoadNetwork,
    build_network,
    centrelines,
    centrelines_layer,
    with_facing_nodes,
)

CRS = metric_crs((-0.5, -0.5, 1.5, 0.5), china=False)
CARRIAGEWAY = {"oneway": True, "road_class": "trunk", "name": "Ring"}


def build(*rows):
    return build_network(inputs_of(list(rows)))


def made(network, crs=CRS):
    found = centrelines(network, crs)
    holds(network, found)
    return found


def holds(network, found):
    """Check what must be true of any centrelines, segment by segment."""
    total = np.bincount(found.of_segment, weights=found.counted_share)
    assert total == pytest.approx(np.ones(len(found.kind)))
    length_m = network.segments["length_m"].to_numpy()
    sums = np.bincount(found.of_segment, weights=length_m)
    assert found.carriageway_m == pytest.approx(sums, abs=0.0006)
    assert (found.centreline_m <= found.carriageway_m + 0.001).all()
    assert (found.centreline_m >= found.carriageway_m / 2 - 0.001).all()
    assert set(found.from_node) | set(found.to_node) <= set(range(found.n_nodes))
    assert list(found.centreline_id) == sorted(found.centreline_id)
    at = [set() for _ in network.nodes.index]
    for row, (one, other) in enumerate(zip(network.from_index, network.to_index, strict=True)):
        at[one].add(int(found.of_segment[row]))
        at[other].add(int(found.of_segment[row]))
    for node, rows in enumerate(at):
        for row in rows if len(rows) > 1 else ():
            assert found.of_node[node] in (found.from_node[row], found.to_node[row])


def by_kind(found):
    rows = sorted(zip(found.kind, found.centreline_m, found.carriageway_m, strict=True))
    return {
        kind: [row[1:] for row in group] for kind, group in itertools.groupby(rows, lambda r: r[0])
    }


def dual(y=0.2, there=(2,), back=(2,), **other):
    """Two carriageways from (0, 0) to (4, 0), 22 m apart, that meet in two-way roads."""
    a, b = [(x, 0) for x in (0, *there, 4)], [(x, y) for x in (4, *back, 0)]
    west, east = (-1, y / 2), (5, y / 2)
    return [
        road("a", west, *a, east, **(CARRIAGEWAY | other)),
        road("b", east, *b, west, **CARRIAGEWAY),
        road("west", (-3, y / 2), (-1, y / 2)),
        road("east", (5, y / 2), (7, y / 2)),
    ]


def test_a_dual_carriageway_is_one_centreline_of_half_its_length():
    network = build(*dual())
    found = made(network)
    kinds = by_kind(found)
    assert {kind: len(rows) for kind, rows in kinds.items()} == {"dual": 1, "single": 2}
    [(centreline_m, carriageway_m)] = kinds["dual"]
    assert centreline_m == pytest.approx(carriageway_m / 2, abs=0.001)
    # 6 thousandths of a degree of the equator, and the slant of two ends of 11 m in 111 m.
    assert centreline_m == pytest.approx(4 * 111.3195 + 2 * np.hypot(111.3195, 11.0574), abs=0.01)
    line = found.geometry[found.kind.index("dual")]
    assert np.abs(np.asarray(line.coords)[:, 1] - 0.0001).max() < 1e-9
    assert line.length == pytest.approx(0.006, abs=1e-9)


def test_a_cross_street_meets_a_dual_carriageway_in_one_node():
    network = build(*dual(), road("x", (2, -2), (2, 0), (2, 0.2), (2, 2)))
    found = made(network)
    kinds = by_kind(found)
    assert {kind: len(rows) for kind, rows in kinds.items()} == {
        "dual": 2, "junction": 1, "single": 4,
    }  # fmt: skip
    assert kinds["junction"] == [(pytest.approx(22.115, abs=0.01),) * 2]
    degree = np.bincount(np.concatenate([found.from_node, found.to_node]))
    assert max(degree) == 6
    assert len(network.nodes) - found.n_nodes == 1
    junction = found.kind.index("junction")
    assert found.from_node[junction] == found.to_node[junction] == int(np.argmax(degree))


def test_where_dual_carriageways_cross_four_nodes_are_one():
    one = [(0, 2), (2, 2), (2.2, 2), (4, 2)]
    across = [
        road("a", *one, **CARRIAGEWAY),
        road("b", *[(x, 2.2) for x, _ in one[::-1]], **CARRIAGEWAY),
    ]
    along = [
        road("c", *[(2.2, y) for y in (0, 2, 2.2, 4)], **(CARRIAGEWAY | {"name": "Spoke"})),
        road("d", *[(2, y) for y in (4, 2.2, 2, 0)], **(CARRIAGEWAY | {"name": "Spoke"})),
    ]
    found = made(build(*across, *along))
    assert sorted(found.kind) == ["dual"] * 4 + ["junction"]
    junction = found.kind.index("junction")
    assert found.centreline_m[junction] == pytest.approx(
        found.carriageway_m[junction] / 2, abs=0.01
    )
    assert found.n_nodes == 5


def test_carriageways_with_junctions_of_their_own_count_half_and_know_each_other():
    """A street that joins the one carriageway alone parts it; the other runs on."""
    network = build(*dual(), road("x", (2, -2), (2, 0)))
    found = made(network)
    kinds = by_kind(found)
    assert {kind: len(rows) for kind, rows in kinds.items()} == {"carriageway": 3, "single": 3}
    whole = by_kind(made(build(*dual())))["dual"][0][0]
    assert sum(row[0] for row in kinds["carriageway"]) == pytest.approx(whole, rel=0.02)
    twins = [{found.kind[row] for row in pair} for pair in found.twins]
    assert twins == [{"carriageway"}] * 2


def test_a_carriageway_is_cut_opposite_the_junctions_of_the_other():
    sides = [road("x", (1, -2), (1, 0)), road("y", (3, 0.2), (3, 2))]
    network = build(*dual(there=(1,), back=(3,)), *sides)
    cut = with_facing_nodes(network, CRS)
    assert len(cut.segments) - len(network.segments) == len(cut.nodes) - len(network.nodes) == 2
    validate(cut.segments, SEGMENTS)
    new = cut.nodes.iloc[-2:]
    places = zip(new.geometry.x.round(7), new.geometry.y.round(7), strict=True)
    assert sorted(places) == [(0.001, 0.0002), (0.003, 0)]
    assert new["node_id"].tolist() == [f"n{len(network.nodes) + at}" for at in (1, 2)]
    whole = network.segments["length_m"].sum()
    assert cut.segments["length_m"].sum() == pytest.approx(whole, abs=0.005)
    kinds = by_kind(made(cut))
    assert {kind: len(rows) for kind, rows in kinds.items()} == {"dual": 3, "single": 4}
    assert sum(row[0] for row in kinds["dual"]) == pytest.approx(
        by_kind(made(build(*dual())))["dual"][0][0], abs=0.003
    )


def test_cut_segments_run_from_node_to_node_and_the_others_keep_their_ids():
    sides = [road("x", (1, -2), (1, 0)), road("y", (1.5, 0), (1.5, -2))]
    network = build(*dual(there=(1, 1.5)), *sides)
    cut = with_facing_nodes(network, CRS)
    old, new = set(network.segments["segment_id"]), set(cut.segments["segment_id"])
    [parent] = old - new
    assert new - old == {f"{parent}-{part}" for part in (1, 2, 3)}
    places = [point.coords[0] for point in cut.nodes.geometry]
    node_id = cut.nodes["node_id"].to_numpy()
    assert node_id[cut.from_index].tolist() == cut.segments["from_node"].tolist()
    assert node_id[cut.to_index].tolist() == cut.segments["to_node"].tolist()
    for row, line in enumerate(cut.segments.geometry):
        assert line.coords[0] == places[cut.from_index[row]]
        assert line.coords[-1] == places[cut.to_index[row]]


def test_nothing_is_cut_where_nodes_face_each_other_already():
    network = build(*dual(), road("x", (2, -2), (2, 0), (2, 0.2), (2, 2)))
    assert with_facing_nodes(network, CRS) is network
    sides = [road("x", (1.1, -2), (1.1, 0)), road("y", (1, 0.2), (1, 2))]
    nearly = build(*dual(there=(1.1,), back=(1,)), *sides)
    assert with_facing_nodes(nearly, CRS) is nearly
    assert sorted(made(nearly).kind) == ["dual"] * 2 + ["single"] * 4


def test_carriageways_cut_at_different_places_are_one_dual():
    rows = dual()
    rows[0] = road("a", (-1, 0.1), (0, 0), (1, 0), **CARRIAGEWAY)
    rows.append(road("a2", (1, 0), (4, 0), (5, 0.1), **CARRIAGEWAY, lanes=3))
    found = made(build(*rows))
    assert by_kind(found)["dual"] == by_kind(made(build(*dual())))["dual"]
    assert np.bincount(found.of_segment).max() == 3


def test_a_dual_carriageway_may_end_where_it_turns_back():
    rows = [row for row in dual(lanes=3) if row["road_id"] != "east"]
    found = made(build(*rows, road("x", (2, -2), (2, 0), (2, 0.2), (2, 2))))
    assert sorted(found.kind).count("dual") == 2


def circle(radius, turns=8, **other):
    angle = np.linspace(0, 2 * np.pi, turns + 1)
    places = np.column_stack([np.cos(angle), np.sin(angle)]) * radius
    places[-1] = places[0]
    return road("ring", *places.round(7).tolist(), oneway=True, **other)


def arms(radius):
    places = [(radius, 0), (0, radius), (-radius, 0), (0, -radius)]
    return [road(f"arm{x}{y}", (x, y), (8 * x, 8 * y)) for x, y in places]


def test_a_roundabout_is_one_node_and_counts_half_its_ring():
    found = made(build(circle(0.2), *arms(0.2)))
    kinds = by_kind(found)
    assert {kind: len(rows) for kind, rows in kinds.items()} == {"roundabout": 1, "single": 4}
    [(centreline_m, carriageway_m)] = kinds["roundabout"]
    assert carriageway_m == pytest.approx(16 * 0.2 * np.sin(np.pi / 8) * 111.0, rel=0.01)
    assert centreline_m == pytest.approx(carriageway_m / 2, abs=0.001)
    assert found.n_nodes == 5
    assert found.geometry[found.kind.index("roundabout")].is_ring


def test_the_parted_arms_of_a_roundabout_are_one_piece_each():
    parted = [
        road("in", (1, 0), (0.1847759, 0.0765367), oneway=True),
        road("out", (0.1847759, -0.0765367), (1, 0), oneway=True),
        road("far", (1, 0), (4, 0)),
    ]
    found = made(build(circle(0.2, 16), *parted))
    assert sorted(found.kind) == ["dual", "roundabout", "single"]


def test_a_large_circle_or_a_block_of_one_way_streets_is_no_roundabout():
    assert set(made(build(circle(1.0), *arms(1.0))).kind) == {"single"}
    block = circle(0.7, 4)
    assert set(made(build(block, *arms(0.7))).kind) == {"single"}


def test_a_lone_one_way_street_counts_whole():
    network = build(road("a", (0, 0), (4, 0), oneway=True), road("b", (4, 0), (4, 3)))
    found = made(network)
    assert found.kind == ("single", "single")
    assert found.centreline_m.tolist() == found.carriageway_m.tolist()


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"name": "Other"}, id="another name"),
        pytest.param({"road_class": "tertiary"}, id="another class"),
        pytest.param({"road_class": "ramp"}, id="a ramp"),
        pytest.param({"oneway": False}, id="two-way"),
    ],
)
def test_roads_that_are_not_alike_are_no_dual_carriageway(other):
    east = road("a", (0, 0), (4, 0), **CARRIAGEWAY)
    west = road("b", (4, 0.2), (0, 0.2), **(CARRIAGEWAY | other))
    assert by_kind(made(build(east, west)))["single"]
    assert set(made(build(east, west)).kind) == {"single"}


@pytest.mark.parametrize(("apart", "kinds"), [(0.35, {"dual"}), (0.38, {"single"})])
def test_carriageways_are_at_most_40_m_apart(apart, kinds):
    east = road("a", (0, 0), (4, 0), **CARRIAGEWAY)
    west = road("b", (4, apart), (0, apart), **CARRIAGEWAY)
    assert set(made(build(east, west)).kind) == kinds


def test_a_frontage_road_beyond_the_other_carriageway_is_no_partner():
    rows = [
        road("a", (0, 0), (4, 0), **CARRIAGEWAY),
        road("b", (4, 0.1), (0, 0.1), **CARRIAGEWAY),
        road("f", (0, 0.3), (4, 0.3), **CARRIAGEWAY),
    ]
    found = made(build(*rows))
    assert sorted(found.kind) == ["dual", "single"]


def test_carriageways_of_one_direction_are_two_roads():
    one, other = ((0, 0), (4, 0)), ((0, 0.1), (4, 0.1))
    found = made(build(road("a", *one, **CARRIAGEWAY), road("b", *other, **CARRIAGEWAY)))
    assert found.kind == ("single", "single")


def test_a_bridge_over_a_dual_carriageway_stays_apart():
    network = build(*dual(), road("x", (2.1, -2), (2.1, 2), bridge=True))
    found = made(network)
    assert sorted(found.kind) == ["dual", "single", "single", "single"]
    assert found.n_nodes == len(network.nodes)


def motorway(*ramps):
    rule = {"oneway": True, "road_class": "motorway", "ref": "G1"}
    east = road("a", (0, 0), (5, 0), (10, 0), (15, 0), **rule)
    west = road("b", (15, 0.3), (10, 0.3), (5, 0.3), (0, 0.3), **rule)
    return build(east, west, *ramps)


def ramp(name, *places):
    return road(name, *places, oneway=True, road_class="ramp")


def test_ramps_stay_pieces_of_their_own():
    off, on = ramp("off", (5, 0), (6, -1)), ramp("on", (6, 1.3), (5, 0.3))
    found = made(motorway(off, on))
    kinds = by_kind(found)
    assert {kind: len(rows) for kind, rows in kinds.items()} == {"dual": 2, "single": 2}
    assert sum(row[0] for row in kinds["dual"]) == pytest.approx(15 * 111.3195, abs=0.1)
    ends = {found.from_node[row] for row in range(4)} | {found.to_node[row] for row in range(4)}
    assert len(ends) == found.n_nodes == 5


def test_ramps_far_apart_part_each_carriageway():
    found = made(motorway(ramp("off", (5, 0), (6, -1)), ramp("on", (11, 1.3), (10, 0.3))))
    kinds = by_kind(found)
    assert {kind: len(rows) for kind, rows in kinds.items()} == {"carriageway": 4, "single": 2}
    assert sum(row[0] for row in kinds["carriageway"]) == pytest.approx(15 * 111.3195, abs=0.1)
    assert len(found.twins) == 3


def test_the_layer_names_every_segment_once():
    network = build(*dual(), road("x", (2, -2), (2, 0), (2, 0.2), (2, 2)))
    frame = centrelines_layer(made(network), network)
    checked = validate(frame, CENTRELINES)
    assert len(checked) == len(frame)
    names = [name for text in frame["segment_ids"] for name in text.split(",")]
    assert sorted(names) == sorted(network.segments["segment_id"])
    assert frame["n_segments"].sum() == len(names)
    assert set(frame["from_node"]) | set(frame["to_node"]) <= set(network.nodes["node_id"])


def shuffled(network, seed):
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(network.segments))
    nodes = rng.permutation(len(network.nodes))
    place = np.argsort(nodes)
    other = RoadNetwork(
        network.nodes.iloc[nodes].reset_index(drop=True),
        network.segments.iloc[rows].reset_index(drop=True),
        place[network.from_index[rows]],
        place[network.to_index[rows]],
        (),
    )
    return other, rows, nodes


@st.composite
def streets(draw):
    """Return random streets on a grid of 22 m, many of them one-way."""
    place = st.tuples(st.integers(0, 6), st.integers(0, 6))
    pairs = draw(st.lists(st.tuples(place, place, st.integers(0, 3)), min_size=1, max_size=25))
    rows = []
    for at, (one, other, kind) in enumerate(pairs):
        if one != other:
            shape = {"oneway": kind > 0, "road_class": ("trunk", "tertiary")[kind == 3]}
            ends = [(x / 5, y / 5) for x, y in (one, other)]
            rows.append(road(f"r{at}", *ends, **shape))
    return [*rows, road("base", (0, 0), (0.2, 0))]


@settings(max_examples=25, deadline=None)
@given(streets(), st.integers(0, 9))
def test_the_order_of_rows_changes_nothing_and_touching_stays_touching(rows, seed):
    network = build(*rows)
    found = made(network)
    other, segments, nodes = shuffled(network, seed)
    again = made(other)
    for name in ("centreline_id", "kind", "node_id"):
        assert getattr(found, name) == getattr(again, name)
    for name in ("from_node", "to_node", "centreline_m", "carriageway_m", "twins"):
        assert getattr(found, name).tolist() == getattr(again, name).tolist()
    assert found.of_segment[segments].tolist() == again.of_segment.tolist()
    assert found.counted_share[segments].tolist() == again.counted_share.tolist()
    assert found.of_node[nodes].tolist() == again.of_node.tolist()
    assert [line.wkb for line in found.geometry] == [line.wkb for line in again.geometry]


@settings(max_examples=25, deadline=None)
@given(streets())
def test_cutting_keeps_the_length_and_what_touches(rows):
    network = build(*rows)
    cut = with_facing_nodes(network, CRS)
    validate(cut.segments, SEGMENTS)
    gained = len(cut.segments) - len(network.segments)
    assert gained == len(cut.nodes) - len(network.nodes)
    whole = network.segments["length_m"].sum()
    assert cut.segments["length_m"].sum() == pytest.approx(whole, abs=0.01 * (gained + 1))
    made(cut)


def test_the_shipped_city_counts_its_expressways_once():
    roads = gpd.read_file(Path(__file__).parents[2] / "data" / "nanchang" / "roads.geojson")
    network = build_network(inputs_of(roads.to_dict("records")))
    found = made(network, metric_crs(tuple(roads.total_bounds), china=True))
    one_way_m = network.segments.loc[network.segments["oneway"], "length_m"].sum()
    saved_m = found.carriageway_m.sum() - found.centreline_m.sum()
    assert 0.99 * one_way_m / 2 < saved_m <= one_way_m / 2
    assert {"dual", "carriageway"} < set(found.kind)
    crs = metric_crs(tuple(roads.total_bounds), china=True)
    cut = with_facing_nodes(network, crs)
    again = made(cut, crs)
    dual_m = again.carriageway_m[np.array(again.kind) == "dual"].sum()
    assert dual_m > 0.98 * one_way_m
    assert again.centreline_m.sum() == pytest.approx(found.centreline_m.sum(), rel=0.0005)


@needs_real("data", "osm", "liechtenstein-2024-03-04.osm.pbf")
def test_real_roundabouts_are_one_node_each():
    roads = read_roads(real_data() / "data" / "osm" / "liechtenstein-2024-03-04.osm.pbf")
    network = build_network(inputs_of(roads.assign(trust="U").to_dict("records")))
    found = made(network, metric_crs(tuple(roads.total_bounds), china=False))
    assert found.kind.count("roundabout") >= 15
    saved_m = found.carriageway_m.sum() - found.centreline_m.sum()
    assert 2000 < saved_m < 3500


@needs_real("data", "nanchang", "core_roads.gpkg")
def test_real_roads_all_drawn_two_way_are_left_alone():
    path = real_data() / "data" / "nanchang" / "core_roads.gpkg"
    base = road("r", (0, 0), (1, 0))
    lines = gpd.read_file(path, layer="edges").geometry
    network = build(
        *[base | {"road_id": f"r{at}", "geometry": line} for at, line in enumerate(lines)]
    )
    found = made(network, metric_crs(tuple(lines.total_bounds), china=True))
    assert set(found.kind) == {"single"}
    assert found.n_nodes == len(network.nodes)
