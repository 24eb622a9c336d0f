"""What the proof rests on: its own distances, its own lengths, and no trust in names or order."""

import ast
from pathlib import Path

import networkx as nx
import numpy as np
import openpyxl
import pytest
import toy_city
import toy_folder
from pyproj import Geod
from tampering import sql, without_totals
from toy_layers import toy_layers

import planner.verify
from planner.verify import certify, verify_plan
from planner.verify.coverage import point_sums, reach_of
from planner.verify.demand import urban_cells
from planner.verify.examine import examine_one
from planner.verify.files import PlanFiles, UnreadableError, read_plan_files
from planner.verify.graph import count_pieces, graph_of, nearest_m, usable_nodes
from planner.verify.ground import geodesic_m


@pytest.fixture(scope="module")
def plan(pristine):
    return read_plan_files(pristine)


def test_the_toy_is_no_trivial_plan(plan):
    sums = plan.once(point_sums)
    charging = sums[(sums["energy"] == "charging") & (sums["phase"] == "after")]
    assert 0 < charging["served"].sum() < charging["covered"].sum() < charging["demand"].sum()
    assert set(plan.layer("demand_points")["area_class"]) == {"urban", "rural"}
    assert set(plan.layer("township_access")["status"]) == {"met", "short", "cannot_be_checked"}
    subsidy = plan.layer("subsidies").set_index("jurisdiction_id")["subsidy_cny"]
    assert subsidy.to_dict() == {"J-E": 195501, "J-W": 200000, "J-Z": 0}


def test_distances_equal_those_of_networkx_with_one_way_streets_and_parallel_roads(plan):
    graph = plan.once(graph_of)
    segments = plan.layer("segments")
    own = toy_city.road_graph(segments).reverse()
    source = "n21"
    found = nearest_m(graph, graph.arcs(toward=True), graph.rows_of([source]))
    lengths = nx.single_source_dijkstra_path_length(own, source, weight="metres")
    assert len(lengths) == 38
    for node, metres in lengths.items():
        assert found[graph.rows_of([node])[0]] == pytest.approx(metres, abs=1e-6)
    assert np.isinf(found[graph.rows_of(["n80", "n81"])]).all()


def test_the_graph_takes_the_shorter_of_two_parallel_roads(folder):
    sql(
        "INSERT INTO segments (geom, segment_id, from_node, to_node, oneway, length_m, road_class,"
        " speed_kph, lanes, bridge, tunnel, road_ids, trust) SELECT geom, 'twin', from_node,"
        " to_node, 0, 100.0, road_class, speed_kph, lanes, 0, 0, road_ids, trust FROM segments"
        " WHERE segment_id = 'h2-1'"
    )(folder)
    graph = read_plan_files(folder).once(graph_of)
    found = nearest_m(graph, graph.arcs(toward=True), graph.rows_of(["n12"]))
    assert found[graph.rows_of(["n22"])[0]] == 100.0


def test_islands_are_not_usable_and_count_as_a_piece(plan):
    graph = plan.once(graph_of)
    usable = plan.once(usable_nodes)
    assert not usable[graph.rows_of(["n80", "n81"])].any()
    assert usable.sum() == 30
    assert count_pieces(graph, np.ones(len(graph.tail), dtype=bool)) == 2


def test_lengths_are_geodesic_and_not_planar(plan):
    lines = np.asarray(plan.layer("segments").geometry, dtype=object)[:5]
    own = [Geod(ellps="WGS84").geometry_length(line) for line in lines]
    assert geodesic_m(lines) == pytest.approx(own, abs=1e-6)


def test_coverage_before_knows_only_what_stands_today(plan):
    reach = plan.once(reach_of)
    assert reach.covered["charging", "before"].sum() < reach.covered["charging", "after"].sum()
    assert not reach.covered["hydrogen", "before"].any()
    assert not reach.too_far.any()
    assert plan.once(urban_cells)


def renamed(folder):
    """Give every segment, node and station another id, everywhere alike."""
    for table, columns in {
        "segments": ("segment_id", "from_node", "to_node"),
        "test_roads": ("segment_id", "from_node", "to_node"),
        "closed_roads": ("segment_id",), "segment_terms": ("segment_id",),
        "rejected_segments": ("segment_id",), "rsus": ("segment_id", "node_id"),
        "materials": ("segment_id", "node_id"),
        "road_reviews": ("segment_id",), "review_log": ("segment_ids",),
        "demand_points": ("node_id",), "candidate_sites": ("node_id",),
        "stations": ("node_id",), "township_access": ("node_id",),
        "fleet_wishes": ("node_id",), "centrelines": ("from_node", "to_node"),
    }.items():  # fmt: skip
        for column in columns:
            statement = f"UPDATE {table} SET {column} = 'zz' || {column} || '路'"  # noqa: S608
            sql(statement)(folder)
    for table in ("stations", "station_years", "assignments", "fleet_wishes"):
        sql(f"UPDATE {table} SET station_id = CASE station_id WHEN 'p-j-32-swap' THEN 'p-swap'"  # noqa: S608
            " WHEN 'p-c1-hydrogen' THEN 'p-hydrogen' ELSE station_id END")(folder)  # fmt: skip
    for table in ("highway_access", "trip_access", "centrelines"):
        sql(f"UPDATE {table} SET segment_ids = 'zz' ||"  # noqa: S608
            " replace(segment_ids, ',', '路,zz') || '路'")(folder)  # fmt: skip
    book = openpyxl.load_workbook(folder / "lists.xlsx")
    without_totals(book)
    page = book["stations"]
    page["A8"], page["A9"] = "p-swap", "p-hydrogen"
    for name, column in (("test_roads", 1), ("rsus", 2)):
        for row in book[name].iter_rows(min_row=3, min_col=column, max_col=column):
            row[0].value = f"zz{row[0].value}路"
    book.save(folder / "lists.xlsx")


def test_ids_are_names_and_no_more(folder):
    renamed(folder)
    certificate = certify(folder)
    assert [check.detail for check in certificate.checks if not check.passed] == []


def test_the_order_of_rows_is_no_fact(tmp_path):
    layers = {name: frame.iloc[::-1].reset_index(drop=True) for name, frame in toy_layers().items()}
    certificate = certify(toy_folder.write_toy_plan(tmp_path / "plan", layers))
    assert [check.detail for check in certificate.checks if not check.passed] == []


def test_verification_writes_nothing(folder):
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    verify_plan(str(folder))
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


@pytest.mark.parametrize("path", [("siting", "budget_cny", "x"), ("nothing",), ("verdict", "x")])
def test_what_plan_json_lacks_is_told_by_its_path(plan, path):
    with pytest.raises(UnreadableError, match=r"plan\.json has no"):
        plan.figure(*path)


@pytest.mark.parametrize("ask", ["number", "whole", "table", "rows"])
def test_what_plan_json_holds_is_of_its_kind(plan, ask):
    with pytest.raises(UnreadableError, match="verdict is not a"):
        getattr(plan, ask)("verdict")
    with pytest.raises(UnreadableError, match="is not a text"):
        plan.text("siting")


@pytest.mark.parametrize("wrong", [None, "text", {}])
def test_any_shape_of_plan_json_gives_failed_checks_and_no_crash(plan, wrong):
    mostly_json = (
        "V03", "V04", "V17", "V19", "V28", "V30", "V32", "V35", "V36", "V37", "V38", "V44", "V45",
        "V46", "V47", "V49", "V50", "V51", "V52", "V53", "V56", "V58", "V62", "V63", "V64", "V65",
    )  # fmt: skip
    for key in (
        "settings", "siting", "test_roads", "subsidy", "rules", "technologies", "inputs", "fleets",
        "schemes",
    ):  # fmt: skip
        other = PlanFiles(plan.folder, plan.content | {key: wrong}, {}, plan.frames)
        checks = [examine_one(check_id, other) for check_id in mostly_json]
        assert not all(check.passed for check in checks), key


def test_the_room_imports_nothing_that_made_the_plan():
    for path in Path(planner.verify.__file__).parent.glob("*.py"):
        for item in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(item, ast.ImportFrom) and (item.module or "").startswith("planner."):
                assert item.module.split(".")[1] in {"errors", "layers", "verify"}, path.name
            if isinstance(item, ast.Import):
                assert not any(name.name.startswith("planner") for name in item.names)
