import geopandas as gpd
import pytest
from shapely.geometry import LineString

from planner.inputs.findings import Findings
from planner.inputs.opened_references import check_opened


def found(**values):
    row = {"opened_id": "o", "opened_year": 2024, "opened_on": None, "closed_year": float("nan")}
    line = LineString([(115.8, 28.6), (115.9, 28.6)])
    frame = gpd.GeoDataFrame([row | values], geometry=[line], crs="EPSG:4326")
    findings = Findings("opened_roads", "opened.geojson")
    check_opened(frame, findings)
    return [(problem.code, problem.column) for problem in findings.problems]


@pytest.mark.parametrize(
    "values", [{}, {"opened_on": "2024-02-29"}, {"closed_year": 2024.0}, {"closed_year": 2026.0}]
)
def test_days_and_years_that_agree_pass(values):
    assert found(**values) == []


@pytest.mark.parametrize("day", ["2023-06-30", "2024-02-30", "June", "=1+1"])
def test_a_day_that_is_none_or_of_another_year_is_refused(day):
    assert found(opened_on=day) == [("E-VAL-008", "opened_on")]


def test_a_road_cannot_close_before_it_opens():
    assert found(closed_year=2023.0) == [("E-VAL-008", "closed_year")]
