"""Checks the case that ships: borders, townships, schematic roads and made-up layers."""

import importlib.util
import json
import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from planner import layers
from planner.crs import geodesic_length_m
from planner.crs.metric import GEOD
from planner.scenario import load_scenario

ROOT = Path(__file__).parents[2]
CASE = ROOT / "data" / "nanchang"
REAL = Path(os.environ.get("PLANNER_REAL_DATA", ROOT.parent / "shared")) / "data" / "nanchang"
CORE = shapely.box(115.750, 28.595, 115.988, 28.741)
MEASURED_KM = {80.0: 203.0, 60.0: 372.0, 50.0: 302.0, 40.0: 416.0}
IDS = {"county_id": str, "township_id": str}


def _table(name):
    table = pd.read_csv(CASE / name, dtype=IDS)
    if "lon" not in table:
        return table
    place = gpd.GeoSeries.from_xy(table["lon"], table["lat"], crs="EPSG:4326")
    return gpd.GeoDataFrame(table, geometry=place.where(table["lon"].notna()))


@pytest.fixture(scope="module")
def counties():
    return gpd.read_file(CASE / "counties.geojson")


@pytest.fixture(scope="module")
def roads():
    return gpd.read_file(CASE / "roads.geojson")


@pytest.fixture(scope="module")
def lengths_km(roads):
    return geodesic_length_m(roads.geometry.to_numpy()) / 1000


@pytest.fixture(scope="module")
def middles(roads):
    return shapely.line_interpolate_point(roads.geometry.to_numpy(), 0.5, normalized=True)


def _km2(shape):
    return abs(GEOD.geometry_area_perimeter(shape)[0]) / 1e6


def test_every_file_of_the_scenario_satisfies_its_layer(roads):
    scenario = load_scenario(CASE)
    known = {layer.name: layer for layer in layers.CASE_LAYERS}
    not_found = {"candidate_sites", "reviews", "fleet_stock"}
    assert set(scenario.layers) == set(known) - not_found
    for name, source in scenario.layers.items():
        path = CASE / source.file
        read = roads if name == "roads" else None
        if read is None:
            read = _table(source.file) if path.suffix == ".csv" else gpd.read_file(path)
        whole = {
            c.name: c.dtype for c in known[name].columns if c.kind == "integer" and c.name in read
        }
        layers.validate(read.astype(whole), known[name], file=source.file)
        assert source.synthetic == (source.trust in {"schematic", "illustrative"})


def test_the_counties_tile_the_city(counties):
    areas = [_km2(shape) for shape in counties.geometry]
    whole = _km2(counties.union_all())
    assert len(counties) == 9
    assert whole == pytest.approx(7191.6, abs=0.1)
    assert sum(areas) == pytest.approx(whole, rel=1e-6)
    assert shapely.coverage_is_valid(counties.geometry.to_numpy())


@pytest.mark.skipif(not REAL.is_dir(), reason="the folder of real data is not here")
def test_the_counties_are_those_converted_elsewhere(counties):
    other = gpd.read_file(REAL / "counties_wgs84.geojson").set_index("adcode")
    for county_id, shape in counties.set_index("county_id").geometry.items():
        apart = shapely.symmetric_difference(shape, other.geometry[county_id]).area
        assert apart < 1e-6 * shape.area


def test_population_sums_to_the_census_and_says_what_is_estimated(counties):
    people = counties.set_index("county_id")
    assert people["population"].sum() == 6_255_007
    assert people.loc["360112", ["population", "population_trust"]].tolist() == [810_600, "P"]
    assert people["population_source"].notna().all()
    assert (people["population_trust"] == "estimate").sum() == 8


def test_all_townships_are_there_with_or_without_a_place(counties):
    townships = _table("townships.csv")
    assert len(townships) == 139
    assert townships["township_id"].is_unique
    assert (townships["county_id"] == townships["township_id"].str[:6]).all()
    assert townships.geometry.notna().sum() >= 57
    by_kind = townships["kind"].value_counts()
    assert by_kind["town"] + by_kind["township"] == 76
    assert by_kind["street"] == 39
    assert set(townships["county_id"]) == set(counties["county_id"])


def test_every_jurisdiction_is_known_and_every_county_has_its_own():
    jurisdictions = _table("jurisdictions.csv")
    used = _table("townships.csv")["jurisdiction_id"].dropna()
    assert len(jurisdictions) == 12
    assert set(used) <= set(jurisdictions["jurisdiction_id"])
    own = jurisdictions[jurisdictions["kind"].isin(["county", "district"])]
    assert own["county_id"].is_unique
    assert len(own) == 9


def test_every_road_is_schematic_and_every_class_is_there(roads, lengths_km):
    assert (roads["trust"] == "schematic").all()
    assert set(roads["road_class"]) == set(layers.ROAD_CLASSES) - {"service"}
    assert {"G60", "G70", "S49", "G105", "G316", "G320", "G353"} <= set(roads["ref"].dropna())
    assert {"八一大道", "洪都大道高架", "八一大桥", "枫生快速路"} <= set(roads["name"].dropna())
    assert 4000 < lengths_km.sum() < 6500
    assert (CASE / "roads.geojson").stat().st_size < 4_000_000


def test_the_roads_are_one_drivable_piece(roads):
    ends = np.vstack([shapely.get_coordinates(line)[[0, -1]] for line in roads.geometry])
    _, node = np.unique(np.round(ends, 7), axis=0, return_inverse=True)
    start, end = node.reshape(-1, 2).T
    both = ~roads["oneway"].to_numpy(dtype=bool)
    rows, columns = np.r_[start, end[both]], np.r_[end, start[both]]
    size = int(node.max()) + 1
    links = coo_array((np.ones(len(rows)), (rows, columns)), shape=(size, size))
    assert connected_components(links, directed=True, connection="strong")[0] == 1


def test_the_roads_reach_every_county_and_do_not_leave_the_city(roads, counties, middles):
    assert roads.covered_by(counties.union_all()).all()
    for shape in counties.geometry:
        assert shapely.covers(shape, middles).sum() > 50
    townships = _table("townships.csv").dropna(subset="lon").to_crs(32650)
    open_roads = roads[~roads["road_class"].isin(["motorway", "ramp"])].to_crs(32650)
    assert townships.distance(open_roads.union_all()).max() < 1000


def test_the_core_is_as_dense_as_the_measured_one(roads, middles):
    inside = roads[shapely.covers(CORE, middles)]
    nodes = {xy for line in inside.geometry for xy in (line.coords[0], line.coords[-1])}
    assert len(nodes) == pytest.approx(2048, rel=0.15)
    assert len(inside) == pytest.approx(3012, rel=0.15)
    cut = shapely.intersection(roads.geometry.to_numpy(), CORE)
    within = ~shapely.is_empty(cut)
    km = pd.Series(geodesic_length_m(cut[within]) / 1000)
    by_speed = km.groupby(roads["speed_kph"].to_numpy()[within]).sum()
    assert km.sum() == pytest.approx(1288, rel=0.15)
    for speed, measured in MEASURED_KM.items():
        assert by_speed[speed] == pytest.approx(measured, rel=0.15)


def test_opened_roads_are_one_illustrative_piece_along_the_roads(roads):
    opened = gpd.read_file(CASE / "opened_roads.geojson")
    km = geodesic_length_m(opened.geometry.to_numpy()).sum() / 1000
    assert 25 < km < 40
    assert set(opened["trust"]) == {"illustrative"}
    vertices = {tuple(xy) for xy in shapely.get_coordinates(roads.geometry.to_numpy())}
    assert {tuple(xy) for xy in shapely.get_coordinates(opened.geometry.to_numpy())} <= vertices
    parts = shapely.get_parts(opened.geometry.to_numpy())
    groups = shapely.get_parts(shapely.union_all(shapely.buffer(parts, 1e-7)))
    assert len(groups) == 1


def test_made_up_layers_say_so():
    stations = _table("existing_stations.csv")
    supply = _table("supply_nodes.csv")
    assert 40 <= len(stations) <= 60
    assert set(stations["technology"]) <= set(load_scenario(CASE).technologies)
    assert {"dc60", "dc120", "swap", "hydrogen500"} <= set(stations["technology"])
    for table in (stations, supply):
        assert set(table["trust"]) == {"illustrative"}
        assert table["source"].str.contains("made up").all()


def test_upgrades_are_whole_and_some_nodes_have_none():
    supply = _table("supply_nodes.csv")
    upgrade = supply[["upgrade_kw", "upgrade_cost_cny", "upgrade_lead_years"]]
    given = upgrade.notna()
    assert (given.all(axis=1) | ~given.any(axis=1)).all()
    assert 0.5 < given["upgrade_kw"].mean() < 1
    assert set(upgrade["upgrade_lead_years"].dropna()) == {1, 2}


def test_trips_run_between_ends_of_motorways_in_both_directions(roads):
    trips = gpd.read_file(CASE / "trips.geojson")
    motorways = roads[roads["road_class"] == "motorway"]
    vertices = {tuple(xy) for xy in shapely.get_coordinates(motorways.geometry.to_numpy())}
    ends = [(line.coords[0], line.coords[-1]) for line in trips.geometry]
    assert {end for pair in ends for end in pair} <= vertices
    assert sorted(ends) == sorted((goal, start) for start, goal in ends)
    assert set(trips["trust"]) == {"illustrative"}
    assert trips["name"].str.startswith("示例").all()
    assert trips["source"].str.contains("made up").all()


def test_geojson_has_one_feature_a_line():
    for path in sorted(CASE.glob("*.geojson")):
        lines = path.read_text("utf-8").splitlines()
        features = [json.loads(line.rstrip(",")) for line in lines[1:-1]]
        assert all(feature["type"] == "Feature" for feature in features)


def test_the_script_draws_the_roads_that_ship(counties, lengths_km):
    path = ROOT / "data" / "make_nanchang.py"
    spec = importlib.util.spec_from_file_location("make_nanchang", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    drawn = script.roads(counties, _table("townships.csv"))
    km = geodesic_length_m(drawn.geometry.to_numpy()).sum() / 1000
    assert len(drawn) == pytest.approx(len(lengths_km), rel=0.02)
    assert km == pytest.approx(lengths_km.sum(), rel=0.02)
