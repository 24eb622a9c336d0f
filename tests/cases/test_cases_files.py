"""Counties and roads of other people's files become a case, whatever their columns are called."""

import json

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from small_extract import write_extract

from planner.cases import CaseOptions, case_from_files
from planner.cases.countyfile import counties_from_file
from planner.cases.graph import roads_from_graphml, roads_of_graph
from planner.cases.roadfile import roads_from_file
from planner.errors import ConfigError, InputError, OutputError
from planner.scenario import load_scenario

LINES = [
    shapely.LineString([(115.82, 28.65), (115.90, 28.65)]),
    shapely.LineString([(115.90, 28.65), (115.98, 28.65)]),
]
BOXES = [shapely.box(115.8, 28.6, 115.9, 28.7), shapely.box(115.9, 28.6, 116.0, 28.7)]


def counties(folder, crs=4326, suffix="geojson", **columns):
    columns = columns or {"ADCODE": [360101, 360102], "区县": ["甲区", "乙区"]}
    frame = gpd.GeoDataFrame(columns, geometry=BOXES, crs=4326)
    path = folder / f"counties.{suffix}"
    frame.to_crs(crs).to_file(path)
    return path


def roads(folder, suffix="geojson", **columns):
    path = folder / f"roads.{suffix}"
    gpd.GeoDataFrame(columns, geometry=LINES, crs=4326).to_file(path)
    return path


def test_a_case_of_two_files(tmp_path):
    made = case_from_files(
        tmp_path / "case",
        counties=counties(tmp_path),
        roads=roads(tmp_path, "gpkg", fclass=["primary", "trunk_link"], maxspeed=[70, 0]),
        datum="wgs84",
        options=CaseOptions(
            "mine", "我的", targets={2026: 5, 2027: 9}, source="bureau", licence="internal",
            date="2026-01-01", population=90_000,
        ),
    )  # fmt: skip
    inputs = made.inputs
    assert inputs.counties["county_id"].tolist() == ["360101", "360102"]
    assert inputs.counties["name"].tolist() == ["甲区", "乙区"]
    assert inputs.counties["population"].sum() == 90_000
    assert set(inputs.counties["population_trust"]) == {"estimate"}
    assert inputs.roads["road_class"].tolist() == ["primary", "ramp"]
    assert inputs.roads["speed_kph"].tolist() == [70.0, 40.0]
    assert inputs.metric_crs.to_epsg() == 4548
    assert [warning.code for warning in made.warnings] == ["W-POP-001"]
    scenario = load_scenario(made.folder)
    assert scenario.case_id == "mine"
    assert scenario.title_en == "我的"
    assert scenario.test_roads.target_km_by_year == {2026: 5.0, 2027: 9.0}
    assert scenario.layers["roads"].source == "bureau"
    given = {row.key: row for row in scenario.assumptions}["test_roads.target_km_2027"]
    assert (given.trust, given.source) == ("U", "stated when the case was made")


def test_targets_are_a_share_of_what_may_be_opened(tmp_path):
    path = roads(tmp_path, highway=["primary", "primary"], oneway=["yes", "no"])
    made = case_from_files(tmp_path / "c", counties=counties(tmp_path), roads=path, datum="wgs84")
    # 7.824 km one-way (half) + 7.824 km = 11.74 km; 18 % = 2.113 km; 40, 70, 100 % rounded
    assert load_scenario(made.folder).test_roads.target_km_by_year == {
        2025: 1.0, 2026: 1.0, 2027: 2.0,
    }  # fmt: skip


def test_population_column_is_kept_as_stated(tmp_path):
    path = counties(tmp_path, code=["a", "b"], name=["A", "B"], pop=[1000, 2000])
    frame, _ = counties_from_file(path, datum="wgs84")
    assert frame["population"].tolist() == [1000.0, 2000.0]
    assert frame["population_trust"].tolist() == ["U", "U"]
    assert frame["population_source"][0] == "column of counties.geojson"


def test_estimate_follows_area_and_roads(tmp_path):
    made = case_from_files(
        tmp_path / "c",
        counties=counties(tmp_path),
        roads=roads(tmp_path, highway=["primary", "motorway"]),
        datum="wgs84",
    )
    # 108.35 km2 each: 6 501 by area; 7.824 km of primary road add 1 174, the motorway nothing
    assert made.inputs.counties["population"].tolist() == pytest.approx([7675, 6501], abs=2)


def test_counties_need_an_id_and_a_name(tmp_path):
    path = counties(tmp_path, label=["a", "b"])
    with pytest.raises(InputError) as caught:
        counties_from_file(path, datum="wgs84")
    assert [problem.column for problem in caught.value.problems] == ["county_id", "name"]
    assert "looked for county_id, adcode" in str(caught.value)
    assert "the file has label" in str(caught.value)


def test_projected_counties_are_brought_to_wgs84(tmp_path):
    frame, notes = counties_from_file(counties(tmp_path, crs=4548, suffix="gpkg"), datum="cgcs2000")
    assert frame.geometry[0].bounds == pytest.approx((115.8, 28.6, 115.9, 28.7), abs=1e-6)
    assert "reprojected from EPSG:4548 to EPSG:4326" in notes


def test_shapefile_without_prj_is_refused_in_init_too(tmp_path):
    path = counties(tmp_path, suffix="shp", code=["a", "b"], name=["A", "B"])
    path.with_suffix(".prj").unlink()
    with pytest.raises(InputError, match=r"without \.prj"):
        case_from_files(
            tmp_path / "c", counties=path, roads=roads(tmp_path, a=[1, 2]), datum="wgs84"
        )
    assert not (tmp_path / "c").exists()


def test_missing_files_are_named(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        case_from_files(tmp_path / "c", counties="gone.geojson", roads="gone.pbf", datum="wgs84")


def test_layers_of_a_geopackage_are_found_by_geometry_or_named(tmp_path):
    path = roads(tmp_path, "gpkg", highway=["primary", "primary"])
    nodes = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(115.9, 28.65)], crs=4326)
    nodes.to_file(path, layer="nodes")
    assert len(roads_from_file(path, datum="wgs84")[0]) == 2
    gpd.read_file(path, layer="roads").to_file(path, layer="other")
    with pytest.raises(InputError, match="none is named"):
        roads_from_file(path, datum="wgs84")
    made = case_from_files(
        tmp_path / "c", counties=counties(tmp_path), roads=f"{path}::other", datum="wgs84"
    )
    assert len(made.inputs.roads) == 2


def test_classes_follow_from_speeds_where_there_are_none(tmp_path):
    path = roads(tmp_path, speed_kmh=[80, 45], lanes_forward=[2, 2], lanes_backward=[1, 0])
    frame, notes = roads_from_file(path, datum="wgs84")
    assert frame["road_class"].tolist() == ["trunk", "tertiary"]
    assert frame["trust"].tolist() == ["estimate", "estimate"]
    assert frame["lanes"].tolist() == [3, 2]
    assert frame["oneway"].tolist() == [False, True]
    assert "classes follow from speeds" in notes[0]
    assert frame["road_id"].tolist() == ["r1", "r2"]


def test_roads_without_class_and_speed_are_refused(tmp_path):
    with pytest.raises(InputError, match="looked for road_class, highway"):
        roads_from_file(roads(tmp_path, label=["a", "b"]), datum="wgs84")


def test_unknown_class_is_named_and_footways_are_left_out(tmp_path):
    with pytest.raises(InputError, match="'canal' is no known road class"):
        roads_from_file(roads(tmp_path, road_type=["canal", "primary"]), datum="wgs84")
    frame, notes = roads_from_file(roads(tmp_path, highway=["footway", "primary"]), datum="wgs84")
    assert len(frame) == 1
    assert "1 rows are not for cars and left out: footway" in notes


@pytest.mark.parametrize(
    ("columns", "oneway", "first"),
    [
        ({"highway": ["primary"] * 2, "oneway": ["-1", "-1"]}, True, 115.9),
        ({"fclass": ["primary"] * 2, "oneway": ["T", "T"]}, True, 115.9),
        ({"fclass": ["primary"] * 2, "oneway": ["F", "F"]}, True, 115.82),
        ({"fclass": ["primary"] * 2, "oneway": ["B", "B"]}, False, 115.82),
        ({"road_class": ["国道"] * 2, "oneway": [1, 1]}, True, 115.82),
        ({"road_class": ["高速公路"] * 2}, False, 115.82),
        ({"highway": ["motorway"] * 2}, True, 115.82),
        ({"highway": ["motorway"] * 2, "oneway": ["no", "no"]}, False, 115.82),
    ],
)
def test_direction_of_roads(tmp_path, columns, oneway, first):
    frame, _ = roads_from_file(roads(tmp_path, **columns), datum="wgs84")
    assert frame["oneway"][0] == oneway
    assert frame.geometry[0].coords[0][0] == pytest.approx(first)


def street_graph():
    graph = nx.MultiDiGraph(crs="epsg:4326")
    graph.add_node(1, x=115.82, y=28.65)
    graph.add_node(2, x=115.9, y=28.65)
    graph.add_node(3, x=115.98, y=28.65)
    both = {"osmid": 7, "highway": "primary", "oneway": False, "length": 7824.0, "name": "路"}
    graph.add_edge(1, 2, **both, reversed=False)
    graph.add_edge(2, 1, **both, reversed=True)
    graph.add_edge(
        2, 3, osmid=[8, 9], highway=["secondary", "tertiary"], oneway=True, maxspeed="50",
        geometry=shapely.LineString([(115.9, 28.65), (115.95, 28.66), (115.98, 28.65)]),
    )  # fmt: skip
    graph.add_edge(3, 2, osmid=10, highway="footway", oneway=False)
    return graph


def test_graph_edges_become_roads_once(tmp_path):
    graph = street_graph()
    frame = roads_of_graph(graph)
    assert frame["road_class"].tolist() == ["primary", "secondary"]
    assert frame["oneway"].tolist() == [False, True]
    assert len(frame.geometry[1].coords) == 3
    for _, _, data in graph.edges(data=True):
        for key, value in data.items():
            data[key] = value.wkt if key == "geometry" else str(value)
    nx.write_graphml(graph, tmp_path / "g.graphml")
    again = roads_from_graphml(tmp_path / "g.graphml")
    assert again["road_class"].tolist() == ["primary", "secondary"]
    assert again["oneway"].tolist() == [False, True]
    assert again.geometry.geom_equals(frame.geometry).all()
    made = case_from_files(
        tmp_path / "c",
        counties=counties(tmp_path),
        roads=tmp_path / "g.graphml",
        datum="gcj02",
    )
    assert made.inputs.roads.geometry.geom_equals(frame.geometry).all()


@pytest.mark.parametrize(
    "content",
    ["<graphml", "<!DOCTYPE x><graphml/>", "<graphml><graph edgedefault='directed'/></graphml>"],
)
def test_graphml_that_cannot_be_used(tmp_path, content):
    (tmp_path / "g.graphml").write_text(content)
    with pytest.raises(InputError) as caught:
        roads_from_graphml(tmp_path / "g.graphml")
    assert caught.value.problems[0].code in {"E-FMT-007", "E-OSM-002"}


def test_extract_roads_stay_where_they_are_in_a_shifted_city(tmp_path):
    made = case_from_files(
        tmp_path / "c", counties=counties(tmp_path), roads=write_extract(tmp_path), datum="gcj02"
    )
    assert made.inputs.roads.geometry[0].coords[0] == (115.82, 28.65)
    assert made.inputs.counties.total_bounds[0] < 115.797


def test_roads_of_another_city_are_refused(tmp_path):
    far = [shapely.transform(line, lambda xy: xy + np.array([5, 0])) for line in LINES]
    gpd.GeoDataFrame({"highway": ["primary"] * 2}, geometry=far, crs=4326).to_file(
        tmp_path / "far.geojson"
    )
    with pytest.raises(InputError, match="no road lies in any county"):
        case_from_files(
            tmp_path / "c", counties=counties(tmp_path), roads=tmp_path / "far.geojson",
            datum="wgs84",
        )  # fmt: skip


def test_overlapping_counties_leave_no_case_behind(tmp_path):
    boxes = [shapely.box(115.8, 28.6, 115.95, 28.7), BOXES[1]]
    frame = gpd.GeoDataFrame({"code": ["a", "b"], "name": ["A", "B"]}, geometry=boxes, crs=4326)
    frame.to_file(tmp_path / "o.geojson")
    path = roads(tmp_path, highway=["primary"] * 2)
    with pytest.raises(InputError, match="overlap"):
        case_from_files(tmp_path / "c", counties=tmp_path / "o.geojson", roads=path, datum="wgs84")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["o.geojson", "roads.geojson"]


def test_hostile_names_survive_as_text(tmp_path):
    name = '<img src=x onerror=alert(1)>"\n[case]\nid = "evil'
    path = counties(tmp_path, code=["a", "b"], name=[name, "${1+1}`"])
    made = case_from_files(
        tmp_path / "c",
        counties=path,
        roads=roads(tmp_path, highway=["primary"] * 2),
        datum="wgs84",
        options=CaseOptions(title_zh=name, source=name),
    )
    assert made.inputs.counties["name"].tolist() == [name, "${1+1}`"]
    scenario = load_scenario(made.folder)
    assert (scenario.title_zh, scenario.case_id) == (name, "c")
    assert json.loads((made.folder / "counties.geojson").read_text("utf-8"))


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError):
        case_from_files(
            tmp_path / "file" / "c",
            counties=counties(tmp_path),
            roads=roads(tmp_path, highway=["primary"] * 2),
            datum="wgs84",
        )


def test_an_unknown_datum_is_a_config_error(tmp_path):
    with pytest.raises(ConfigError, match="wgs84, gcj02, bd09, cgcs2000"):
        case_from_files(tmp_path / "c", counties="a", roads="b", datum="mars")
