"""Every point has one county, one township and one jurisdiction, by fixed rules."""

import geopandas as gpd
import pytest
import shapely
from small_case import Case

from planner.inputs import locate

TOWNSHIPS = """township_id,name,county_id,kind,jurisdiction_id,lon,lat
t1,甲镇,360101,town,,115.82,28.65
t2,乙镇,360101,town,zone,115.88,28.65
t3,丙镇,360102,town,,115.96,28.65
t4,丁镇,360102,town,,,
"""
JURISDICTIONS = """jurisdiction_id,name,kind,county_id
west,西县,county,360101
zone,开发区,development_zone,360101
aaa,管理局,management_bureau,360101
"""


@pytest.fixture
def inputs(tmp_path):
    case = Case(tmp_path)
    case.write("townships", "t.csv", TOWNSHIPS)
    case.write("jurisdictions", "j.csv", JURISDICTIONS)
    return case.read()


def place(inputs, *places):
    points = gpd.GeoSeries([shapely.Point(place) for place in places], crs=4326)
    return locate(points, inputs).astype(object).where(lambda frame: frame.notna(), None)


def test_nearest_township_and_its_jurisdiction(inputs):
    found = place(inputs, (115.83, 28.64), (115.87, 28.66), (115.95, 28.65), (120.0, 30.0))
    assert found.to_numpy().tolist() == [
        ["360101", "t1", "west"],
        ["360101", "t2", "zone"],
        ["360102", "t3", None],
        [None, None, None],
    ]


def test_township_is_of_the_same_county_even_where_another_is_nearer(inputs):
    assert place(inputs, (115.91, 28.65))["township_id"].tolist() == ["t3"]


def test_shared_border_belongs_to_the_smallest_id(inputs):
    assert place(inputs, (115.9, 28.62))["county_id"].tolist() == ["360101"]


def test_index_is_kept_and_no_townships_is_fine(tmp_path):
    inputs = Case(tmp_path).read()
    points = gpd.GeoSeries([shapely.Point(115.85, 28.65)], index=["p"], crs=4326)
    found = locate(points, inputs)
    assert found.index.tolist() == ["p"]
    assert found["county_id"].tolist() == ["360101"]
    assert found["township_id"].isna().all()
    assert locate(points.iloc[:0], inputs).empty


def test_equally_near_townships_give_the_smallest_id(tmp_path):
    case = Case(tmp_path)
    case.write("townships", "t.csv", TOWNSHIPS.replace("zone,115.88", ",115.82"))
    assert place(case.read(), (115.83, 28.64))["township_id"].tolist() == ["t1"]
