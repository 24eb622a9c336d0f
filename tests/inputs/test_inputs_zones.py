"""Hours and years of zones, and road features: read, and refused where wrong."""

import numpy as np
import pytest
from small_case import Case, collection, feature

from planner.errors import InputError

HERE = {"type": "Point", "coordinates": [115.9, 28.65]}


@pytest.fixture
def case(tmp_path):
    return Case(tmp_path)


def zone(zone_id="z1", **changes):
    row = {"zone_id": zone_id, "name": "一小", "kind": "school", "applies_to": "all",
           "radius_m": 100, "mandated": False}  # fmt: skip
    return feature(HERE, **{**row, **changes})


def with_zones(case, *zones):
    case.write("zones", "zones.geojson", collection(list(zones)))
    return case


def test_hours_and_years_are_read_and_may_be_absent(case):
    zones = with_zones(
        case,
        zone(closed_hours="07:00-09:00, 16:30-18:00"),
        zone("z2", kind="construction", closed_to=2026),
        zone("z3", kind="cluster"),
    ).read().zones  # fmt: skip
    assert zones["closed_hours"].fillna("").tolist() == ["07:00-09:00, 16:30-18:00", "", ""]
    assert zones["closed_from"].isna().all()
    assert zones["closed_to"].fillna(0).tolist() == [0, 2026, 0]
    bare = with_zones(case, zone()).read().zones
    assert bare["closed_hours"].isna().all()
    assert bare["closed_to"].dtype == np.float64


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"closed_hours": "7 to 9"}, "closed_hours"),
        ({"closed_hours": "07:00-07:00"}, "closed_hours"),
        ({"closed_hours": "07:00-25:00"}, "closed_hours"),
        ({"closed_from": 2027, "closed_to": 2026}, "closed_from"),
    ],
)
def test_times_that_say_nothing_are_refused(case, changes, column):
    with_zones(case, zone(), zone("z2", **changes))
    with pytest.raises(InputError) as caught:
        case.read()
    (problem,) = caught.value.problems
    assert (problem.code, problem.layer, problem.column) == ("E-VAL-008", "zones", column)
    assert problem.count == 1


def test_times_of_a_zone_that_does_not_forbid_are_warned_of(case):
    inputs = with_zones(case, zone(kind="cluster", closed_hours="07:00-09:00")).read()
    assert [warning.code for warning in inputs.warnings if warning.layer == "zones"] == [
        "W-VAL-002"
    ]


def test_road_features_are_read_or_absent(case):
    assert case.read().road_features.empty
    header = "feature_id,kind,lon,lat\n"
    case.write("road_features", "f.csv", header + "a,signal,115.9,28.65\nb,pole,115.9,28.65\n")
    features = case.read().road_features
    assert features["kind"].tolist() == ["signal", "pole"]
    case.write("road_features", "f.csv", header + "a,lantern,115.9,28.65\n")
    with pytest.raises(InputError, match="must be one of signal, crossing"):
        case.read()
