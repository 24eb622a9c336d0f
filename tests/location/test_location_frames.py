import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from planner.errors import InputError
from planner.location import (
    Choice,
    FlowChoice,
    assigned,
    cost_matrix,
    located,
    mclp,
    pmedian,
    within,
)
from planner.solver import Outcome, Termination

DONE = Outcome(Termination.PROVEN_OPTIMAL, 0.0, 0.0, 0.0)


def points(*places, index=None, crs="EPSG:4326", **columns):
    geometry = [shapely.Point(place) for place in places]
    return gpd.GeoDataFrame(columns, geometry=geometry, index=index, crs=crs)


VILLAGES = points(
    (115.80, 28.6), (115.81, 28.6), (115.90, 28.6), (115.99, 28.6),
    people=[300.0, 500.0, 200.0, 400.0], index=["v1", "v2", "v3", "v4"],
)  # fmt: skip
PLACES = points((115.805, 28.6), (115.89, 28.6), (115.98, 28.6), index=["A", "B", "C"])


def chosen(sites, rows):
    return Choice(np.array(sites, dtype=np.int64), np.array(rows, dtype=np.int64), DONE)


def test_metres_of_metric_layers_are_those_of_their_own_plane():
    demand = points((500_000, 3_000_000), (500_300, 3_000_400), crs="EPSG:32632")
    sites = points((500_000, 3_000_000), crs="EPSG:32632")
    assert cost_matrix(demand, sites).round(3).tolist() == [[0.0], [500.0]]


@settings(max_examples=9, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([(115.5, 28.5), (9.5, 47.1), (-70.0, -33.0)]))
def test_straight_metres_are_geodesic_to_half_a_thousandth(seed, corner):
    rng = np.random.default_rng(seed)
    start, end = (np.array(corner) + rng.random((count, 2)) for count in (5, 4))
    found = cost_matrix(points(*start), points(*end))
    straight = [[Geod(ellps="WGS84").inv(*a, *b)[2] for b in end] for a in start]
    assert found == pytest.approx(np.array(straight), rel=5e-4, abs=0.01)


def test_both_directions_of_the_table_agree():
    assert cost_matrix(VILLAGES, PLACES) == pytest.approx(cost_matrix(PLACES, VILLAGES).T)


def test_beyond_the_limit_there_is_no_way():
    found = cost_matrix(VILLAGES, PLACES, limit_m=1500)
    assert np.isfinite(found).tolist() == [
        [True, False, False], [True, False, False], [False, True, False], [False, False, True],
    ]  # fmt: skip


def test_distances_by_road_are_taken_as_a_matrix_or_a_function():
    metres = np.arange(12.0).reshape(4, 3)
    metres[0, 0] = np.nan
    expected = np.where(np.isnan(metres) | (metres > 8), np.inf, metres)
    seen = []

    def measure(demand, sites):
        seen.append((demand.index.tolist(), sites.index.tolist()))
        return metres.tolist()

    for given_metres in (metres, measure):
        found = cost_matrix(VILLAGES, PLACES, by_road=given_metres, limit_m=8)
        assert found.tolist() == expected.tolist()
    assert seen == [(["v1", "v2", "v3", "v4"], ["A", "B", "C"])]
    assert np.isnan(metres[0, 0])


def test_a_choice_comes_back_as_layers():
    choice = mclp(within(cost_matrix(VILLAGES, PLACES), 1500), VILLAGES["people"], 2)
    sites = located(choice, PLACES)
    assert sites.index.tolist() == ["A", "C"]
    assert sites.crs == PLACES.crs
    found = assigned(choice, VILLAGES, PLACES)
    assert found["site"].fillna("-").tolist() == ["A", "A", "-", "C"]
    assert found.index.tolist() == VILLAGES.index.tolist()
    assert found["people"].tolist() == VILLAGES["people"].tolist()
    assert "site" not in VILLAGES.columns


def test_a_p_median_assigns_every_point():
    choice = pmedian(cost_matrix(VILLAGES, PLACES), VILLAGES["people"], 2)
    assert assigned(choice, VILLAGES, PLACES, column="near")["near"].notna().all()


def test_whole_labels_stay_whole_with_missing_ones():
    sites = PLACES.set_axis([7, 8, 9])
    found = assigned(chosen([0, 2], [2, -1, 0, 0]), VILLAGES, sites)["site"]
    assert str(found.dtype) == "Int64"
    assert found.isna().tolist() == [False, True, False, False]
    assert found.dropna().tolist() == [9, 7, 7]


def test_stations_on_paths_are_located_too():
    choice = FlowChoice(np.array([1]), np.zeros(1), np.zeros(1), DONE)
    assert located(choice, PLACES).index.tolist() == ["B"]


def test_no_points_make_an_empty_table():
    assert cost_matrix(VILLAGES.iloc[:0], PLACES).shape == (0, 3)
    assert cost_matrix(VILLAGES, PLACES.iloc[:0]).shape == (4, 0)


def test_every_fault_of_both_layers_is_told_at_once():
    demand = VILLAGES.set_crs(None, allow_override=True)
    sites = PLACES.copy()
    sites.geometry = [shapely.box(0, 0, 1, 1), None, shapely.Point()]
    with pytest.raises(InputError) as caught:
        cost_matrix(demand, sites)
    assert [problem.code for problem in caught.value.problems] == ["E-LOC-071", "E-LOC-073"]
    assert caught.value.problems[1].count == 3


def test_layers_in_two_systems_are_refused():
    with pytest.raises(InputError, match=r"E-LOC-072[\s\S]*EPSG:4326, EPSG:4490"):
        cost_matrix(VILLAGES, PLACES.to_crs("EPSG:4490"))


@pytest.mark.parametrize("metres", [np.zeros((3, 4)), np.full((4, 3), -1.0), np.zeros(12)])
def test_a_wrong_matrix_by_road_is_refused(metres):
    with pytest.raises(InputError, match="E-LOC-074"):
        cost_matrix(VILLAGES, PLACES, by_road=metres)


@pytest.mark.parametrize("choice", [chosen([3], [0, 0, 0, 3]), chosen([0], [0, 0, 0])])
def test_a_choice_of_other_layers_is_refused(choice):
    with pytest.raises(InputError, match="E-LOC-075"):
        assigned(choice, VILLAGES, PLACES)


def test_sites_that_are_not_there_are_refused():
    with pytest.raises(InputError, match="E-LOC-075"):
        located(chosen([3], [3]), PLACES)
