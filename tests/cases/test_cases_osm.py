"""A case made from one OpenStreetMap extract holds what the extract says, and marks the rest."""

import os
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import CRS
from small_extract import write_extract

from planner.cases import CaseOptions, case_from_files, case_from_osm
from planner.cases.amenities import candidate_points
from planner.cases.extract import Thing
from planner.crs import geodesic_length_m
from planner.errors import InputError, OutputError
from planner.scenario import load_scenario

REAL = Path(os.environ.get("PLANNER_REAL_DATA", "../shared")) / "data"
LIECHTENSTEIN = REAL / "osm" / "liechtenstein-2024-03-04.osm.pbf"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("osm")
    return case_from_osm(folder / "case", osm=write_extract(folder), admin_level=6)


def test_counties_with_population_of_tag_and_of_places(made):
    counties = made.inputs.counties
    assert counties[
        ["county_id", "name", "population", "population_trust"]
    ].to_numpy().tolist() == [
        ["r301", "西县", 12000.0, "X"],
        ["r302", "东县", 50000.0, "X"],
    ]
    assert counties["name_en"][0] == "West"
    assert made.warnings == ()


def test_roads_for_cars_inside_the_city(made):
    roads = made.inputs.roads.set_index("road_id")
    assert roads.index.tolist() == ["w201", "w202", "w206"]
    assert roads["road_class"].tolist() == ["primary", "secondary", "ramp"]
    assert roads["oneway"].tolist() == [False, True, True]
    assert roads["speed_kph"].tolist() == [60.0, 50.0, 40.0]
    assert roads["lanes"].tolist() == [4, 3, 1]
    assert roads["bridge"].tolist() == [False, True, False]
    assert roads["tunnel"].tolist() == [False, False, True]
    assert roads["name"].iloc[0] == "赣江路"
    turned = shapely.get_coordinates(roads.geometry["w202"]).tolist()
    assert turned == [[115.98, 28.65], [115.9, 28.65]]
    assert "1 roads outside every county left out" in made.notes


def test_stations_sites_and_towns(made):
    stations = made.inputs.existing_stations.set_index("station_id")
    assert stations[["technology", "n_units", "trust"]].to_numpy().tolist() == [
        ["dc120", 4, "X"],
        ["dc60", 1, "U"],
        ["hydrogen500", 1, "X"],
    ]
    assert "60 kW assumed" in stations["source"]["n32"]
    sites = made.inputs.candidate_points
    assert sites["site_id"].tolist() == ["n35", "n36"]
    assert sites["energies"].tolist() == ["charging,swap,hydrogen", "charging,swap"]
    assert sites["parking_places"].fillna(0).tolist() == [0, 120]
    towns = made.inputs.townships
    assert towns[["township_id", "county_id", "kind"]].to_numpy().tolist() == [
        ["n21", "r301", "town"],
        ["n22", "r302", "other"],
    ]
    assert made.inputs.jurisdictions["jurisdiction_id"].tolist() == ["r301", "r302"]


def test_schools_hospitals_and_building_sites_are_zones(made):
    zones = made.inputs.zones.set_index("zone_id")
    columns = ["kind", "radius_m", "closed_hours", "trust"]
    school, hospital = "07:00-08:30,16:00-18:00", "07:30-11:30,14:00-17:30"
    assert zones[columns].astype(object).where(zones[columns].notna(), None).T.to_dict("list") == {
        "o-n48": ["school", 100.0, school, "U"],
        "o-n49": ["hospital", 50.0, hospital, "U"],
        "o-w207": ["school", 100.0, school, "U"],
        "o-w208": ["construction", 0.0, None, "U"],
    }
    assert zones["applies_to"].unique().tolist() == ["test_roads"]
    assert zones["name"].tolist()[:1] == ["小园"]
    assert zones.geometry.geom_type.tolist()[:3] == ["Point", "Point", "MultiPolygon"]
    told = "zones of OpenStreetMap: construction 1, hospital 1, school 2; their radius and hours"
    assert any(note.startswith(told) for note in made.notes)


def test_what_stands_at_the_roads_is_a_road_feature(made):
    features = made.inputs.road_features
    assert dict(zip(features["feature_id"], features["kind"], strict=True)) == {
        "n41": "signal",
        "n42": "crossing",
        "n43": "bus_stop",
        "n44": "pole",
        "n45": "base_station",
    }


@pytest.mark.parametrize(
    ("tagged", "places"),
    [("80", 80), ("0", None), ("viele", None), ("-5", None), ("1e3", None), ("", None)],
)
def test_parking_places_are_taken_from_plain_numbers_only(tagged, places):
    thing = Thing("n1", {"amenity": "parking", "capacity": tagged}, shapely.Point(115.9, 28.6))
    sites, _ = candidate_points([thing], CRS.from_epsg(4548))
    assert sites["parking_places"].replace(np.nan, None).tolist() == [places]


def test_trucks_may_swap_at_service_areas():
    thing = Thing("n1", {"highway": "services"}, shapely.Point(115.9, 28.6))
    sites, _ = candidate_points([thing], CRS.from_epsg(4548))
    assert sites["energies"].tolist() == ["charging,swap,truck_swap,hydrogen"]


def test_provenance_and_notes_are_in_the_case(made):
    text = (made.folder / "scenario.toml").read_text("utf-8")
    assert 'licence = "ODbL-1.0"' in text
    assert "OpenStreetMap contributors" in text
    assert "4 charging stations in OpenStreetMap: 2 used, 1 only for bicycles" in text
    assert "substations left out" in text


def test_the_same_extract_gives_the_same_bytes(tmp_path):
    path = write_extract(tmp_path)
    folders = [
        case_from_osm(tmp_path / name, osm=path, admin_level=6, options=CaseOptions("x")).folder
        for name in ("a", "b")
    ]
    names = sorted(item.name for item in folders[0].iterdir())
    assert names == sorted(item.name for item in folders[1].iterdir())
    for name in names:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()


def test_levels_that_are_there_are_named(tmp_path):
    with pytest.raises(InputError) as caught:
        case_from_osm(tmp_path / "case", osm=write_extract(tmp_path), admin_level=8)
    assert "levels there: 6 (2)" in str(caught.value)
    assert not (tmp_path / "case").exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("<osm version='0.6'><node id='1' lat='1'", "E-OSM-001"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><osm version='0.6'>&a;</osm>", "E-OSM-001"),
        ("<osm version='0.6'></osm>", "E-OSM-003"),
        ("", "E-FIL-004"),
    ],
)
def test_broken_extracts(tmp_path, content, code):
    path = tmp_path / "broken.osm"
    path.write_text(content)
    with pytest.raises(InputError) as caught:
        case_from_osm(tmp_path / "case", osm=path, admin_level=6)
    assert caught.value.problems[0].code == code
    assert sorted(item.name for item in tmp_path.iterdir()) == ["broken.osm"]


def test_an_occupied_folder_is_left_alone(tmp_path):
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "mine.txt").write_text("keep")
    with pytest.raises(OutputError, match="not empty"):
        case_from_osm(tmp_path / "case", osm=write_extract(tmp_path), admin_level=6)
    assert [item.name for item in (tmp_path / "case").iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_used(tmp_path):
    (tmp_path / "case").mkdir()
    made = case_from_osm(tmp_path / "case", osm=write_extract(tmp_path), admin_level=6)
    assert (made.folder / "scenario.toml").is_file()
    assert sorted(item.name for item in tmp_path.iterdir()) == ["case", "small.osm"]


@pytest.mark.skipif(not LIECHTENSTEIN.exists(), reason="real data absent: osm/liechtenstein")
def test_liechtenstein(tmp_path):
    options = CaseOptions(targets={2025: 24, 2026: 42, 2027: 60})
    made = case_from_osm(tmp_path / "li", osm=LIECHTENSTEIN, admin_level=8, options=options)
    inputs = made.inputs
    assert len(inputs.counties) == 11
    assert 345 < geodesic_length_m(inputs.roads.geometry.to_numpy()).sum() / 1000 < 360
    assert "9 charging stations" in made.notes[0]
    assert len(inputs.existing_stations) == 6
    assert inputs.counties["population"].sum() == 40158
    assert inputs.metric_crs.to_epsg() == 32632
    assert load_scenario(made.folder).test_roads.target_km_by_year[2027] == 60.0


@pytest.mark.skipif(not LIECHTENSTEIN.exists(), reason="real data absent: nanchang")
def test_nanchang_core(tmp_path):
    made = case_from_files(
        tmp_path / "nc",
        counties=REAL / "nanchang" / "counties_wgs84.geojson",
        roads=REAL / "nanchang" / "core_roads.gpkg",
        datum="wgs84",
        options=CaseOptions(population=6_255_007),
    )
    roads = made.inputs.roads
    assert len(roads) == 3012
    assert set(roads["trust"]) == {"estimate"}
    km = geodesic_length_m(roads.geometry.to_numpy()).sum() / 1000
    assert km == pytest.approx(1288, abs=10)
    assert made.inputs.counties["population"].sum() == pytest.approx(6_255_007, abs=9)
    assert [warning.code for warning in made.warnings] == ["W-POP-001"]
    assert made.inputs.metric_crs.to_epsg() == 4548
