"""Proves safety by hand-worked cases: hours, years, zones, sharp turns, features near."""

import numpy as np
import pytest
import shapely
from street_and_zones import METRE, around_of, feature, street, zone
from toy_roads import road

from planner.inputs.hours import hours_a_day, merged_hours, spans_of
from planner.scenario import load_scenario
from planner.testroads.safety import safety
from planner.testroads.surroundings import sharpest_turns

SCHOOL_HOURS = "07:00-09:00,16:30-18:00"


@pytest.fixture(scope="module")
def scenario():
    return load_scenario()


def judged(scenario, zones, **other):
    inputs, network = street(zones, **other)
    island = np.zeros(len(network.segments), dtype=bool)
    return safety(network.segments, island, around_of(inputs, network), inputs, scenario)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("07:00-09:00", ((420, 540),)),
        ("16:30-18:00, 07:00-09:00", ((420, 540), (990, 1080))),
        ("22:00-06:00", ((0, 360), (1320, 1440))),
        ("08:00-24:00", ((480, 1440),)),
        ("07:00-09:00,09:00-10:00,08:00-08:30", ((420, 600),)),
        ("18:00-00:00", ((1080, 1440),)),
    ],
)
def test_hours_are_read(text, spans):
    assert spans_of(text) == spans


@pytest.mark.parametrize(
    "text", ["", "7-9", "07:00", "07:00-07:00", "24:30-25:00", "07:60-08:00", "24:00-07:00", "a,b"]
)
def test_what_is_no_hours_is_refused(text):
    with pytest.raises(ValueError, match="is n"):
        spans_of(text)


def test_hours_are_joined_whatever_their_order():
    texts = ["16:00-18:00", "07:00-08:30", "08:00-09:00,17:00-19:00"]
    assert merged_hours(texts) == merged_hours(texts[::-1]) == "07:00-09:00,16:00-19:00"
    assert hours_a_day("07:00-09:00,16:00-19:00") == 5.0
    assert merged_hours([]) == ""
    assert hours_a_day("") == 0.0


def test_a_zone_without_hours_excludes_and_one_with_hours_closes(scenario):
    found = judged(
        scenario,
        [
            zone("a", 5, 0.3),  # a school, 33 m from the first segment
            zone("b", 15, 0.3, closed_hours=SCHOOL_HOURS),
            zone("c", 15, -0.3, kind="hospital", closed_hours="08:30-11:00"),
            zone("d", 25, 0.5),  # 56 m away, radius 50 m
            zone("e", 25, 0, kind="exclusion", applies_to="stations"),
            zone("f", 35, 0, kind="exclusion"),
            zone("g", 35, 0.2, kind="construction"),
        ],
    )
    assert found.reasons == (("school a",), (), (), ("zone f", "construction g"))
    assert found.closed_hours == ("", "07:00-11:00,16:30-18:00", "", "")
    assert found.excluded().tolist() == [True, False, False, True]


def test_hours_of_several_zones_that_leave_too_little_exclude(scenario):
    day = [zone("a", 5, 0.2, closed_hours="06:00-12:00")]
    assert judged(scenario, day).reasons[0] == ()
    more = [*day, zone("b", 5, -0.2, kind="hospital", closed_hours="11:00-18:00")]
    assert judged(scenario, more).reasons[0] == ()  # twelve hours are left: as many as asked
    too_many = [*more, zone("c", 4, 0, closed_hours="18:00-18:30")]
    found = judged(scenario, too_many)
    assert found.reasons[0] == ("open 11.5 h a day",)
    assert found.closed_hours[0] == "06:00-18:30"


@pytest.mark.parametrize(
    ("first", "last", "reasons", "open_from"),
    [
        (np.nan, np.nan, ("construction a",), 2025),
        (2026, np.nan, ("construction a",), 2025),
        (np.nan, 2027, ("construction a",), 2025),
        (np.nan, 2026, (), 2027),
        (2025, 2025, (), 2026),
        (2020, 2024, (), 2025),
        (2028, np.nan, (), 2025),
    ],
)
def test_construction_closes_until_its_last_year(scenario, first, last, reasons, open_from):
    works = zone("a", 5, 0, kind="construction", closed_from=first, closed_to=last)
    found = judged(scenario, [works])
    assert found.reasons == (reasons, (), (), ())
    assert found.open_from.tolist() == [open_from, 2025, 2025, 2025]


def test_every_reason_is_kept(scenario):
    roads = [
        road("fast", (0, 0), (10, 0), speed_kph=100.0, tunnel=True),
        road("yard", (10, 0), (20, 0), road_class="service"),
        road("hairpin", (20, 0), (24, 0.03), (20, 0.06)),
        road("bend", (20, 0.06), (20, 10), (30, 10), lanes=3),
    ]
    found = judged(scenario, [], roads=roads)
    expected = {"fast": ("speed", "tunnel"), "yard": ("service road",), "hairpin": ("sharp turn",)}
    _, network = street(roads=roads)
    ids = network.segments["road_ids"]
    assert dict(zip(ids, found.reasons, strict=True)) == expected | {"bend": ()}


@pytest.mark.parametrize(
    ("coords", "degrees"),
    [
        ([(0, 0), (100, 0)], 0),
        ([(0, 0), (50, 0), (100, 0)], 0),
        ([(0, 0), (50, 0), (50, 50)], 90),
        ([(0, 0), (50, 0), (0, 1e-9)], 180),
        # Two right angles 4 m apart: from 15 m before the first to 11 m back beyond it.
        ([(0, 0), (50, 0), (50, 4), (0, 4)], 90 + np.degrees(np.arctan2(11, 4))),
        ([(0, 0), (50, 0), (50, 4.9)], 0),  # a leg below 5 m is not looked at
        # A swing of 1 m to the side over 15 m: noise of the drawing stays small.
        ([(0, 0), (50, 0), (65, 1), (115, 1)], np.degrees(np.arctan2(1, 15))),
    ],
)
def test_the_sharpest_turn_is_measured_over_fifteen_metres(coords, degrees):
    line, back = shapely.LineString(coords), shapely.LineString(coords[::-1])
    other = shapely.LineString([(0, 0), (0, 9)])
    found = sharpest_turns(np.array([other, line, other, back], dtype=object))
    assert found == pytest.approx([0, degrees, 0, degrees], abs=0.01)


def test_features_belong_to_every_segment_that_passes_within_thirty_metres():
    inputs, network = street(
        [zone("s", 5, 150 * METRE), zone("t", 25, 203 * METRE)],
        [
            feature("1", "signal", 10, 0),  # at the junction of the first two
            feature("2", "crossing", 15, 29 * METRE),
            feature("3", "crossing", 15, 31 * METRE),
            feature("4", "bus_stop", 35, -5 * METRE),
            feature("5", "pole", 35, 0),
        ],
    )
    around = around_of(inputs, network)
    assert around.features["signal"].tolist() == [1, 1, 0, 0]
    assert around.features["crossing"].tolist() == [0, 1, 0, 0]
    assert around.features["pole"].tolist() == [0, 0, 0, 1]
    assert around.schools.tolist() == [1, 0, 0, 0]
    assert around.people().tolist() == [1, 1, 0, 1]


def test_the_order_of_segments_zones_and_features_changes_nothing(scenario):
    zones = [zone(f"z{k}", 4 * k, 0.2, closed_hours=f"{k:02d}:00-{k + 2:02d}:00") for k in range(9)]
    features = [feature(f"f{k}", "signal", 3 * k, 0) for k in range(12)]
    one = judged(scenario, zones, features=features)
    other = judged(scenario, zones[::-1], features=features[::-1])
    assert (one.reasons, one.closed_hours) == (other.reasons, other.closed_hours)
