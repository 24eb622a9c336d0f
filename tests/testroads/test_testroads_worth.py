"""Proves grade, value and scene of a segment by hand, term by term."""

import numpy as np
import pandas as pd
import pytest
from street_and_zones import METRE, around_of, feature, segments, street, zone

from planner.layers.zones import FEATURE_KINDS
from planner.testroads.grades import TERMS, grade_terms, grades_of
from planner.testroads.surroundings import AREAS, SERVICES, Surroundings
from planner.testroads.worth import base_value, load_weights, scene_of, variety_pieces


def around(arms=(2, 2), turn_deg=0.0, schools=0, away=None, **features):
    kinds = dict.fromkeys(FEATURE_KINDS, 0) | features
    metres = dict.fromkeys((*AREAS, *SERVICES), np.inf) | (away or {})
    return Surroundings(
        arms=(np.array([arms[0]]), np.array([arms[1]])),
        turn_deg=np.array([turn_deg]),
        features=pd.DataFrame({kind: [count] for kind, count in kinds.items()}),
        schools=np.array([schools]),
        away_m=pd.DataFrame({kind: [value] for kind, value in metres.items()}),
    )


@pytest.mark.parametrize(
    ("columns", "near", "value"),
    [
        ({}, {}, 1.0),  # class only
        ({"name": "Ring Road"}, {}, 1.1),  # + named 0.1
        ({"ref": "G1", "lanes": 4}, {}, 1.2),  # + arterial 0.1
        ({"road_class": "residential", "lanes": 4}, {}, 0.4),  # no arterial
        ({}, {"signal": 3}, 1.05),  # signals count once
        ({}, {"arms": (1, 4)}, 0.5),  # a dead end is worth half
        ({}, {"away": {"cluster": 0.0}}, 1.8),  # inside a cluster
        ({}, {"away": {"cluster": 3000.0, "test_zone": 2000.0}}, 1.5),  # the nearer counts
        ({}, {"away": {"cluster": 4000.0}}, 1.0),  # faded out
        ({}, {"away": {"bus": 0.0, "taxi": 250.0, "network_5g": 0.0}}, 1.225),  # each counts
        ({}, {"away": {"bus": 500.0, "cluster": 0.0}}, 1.8),
    ],
)
def test_value_of_one_km_by_the_table(columns, near, value):
    worth = base_value(segments(**columns), np.array([1000.0]), around(**near))
    assert worth.tolist() == [pytest.approx(value)]


def test_the_value_follows_the_counted_metres():
    worth = base_value(segments(), np.array([250.0]), around())
    assert worth.tolist() == [pytest.approx(0.25)]


PLAIN = dict.fromkeys(TERMS, 0) | {"class_points": 3, "speed_points": 1}


@pytest.mark.parametrize(
    ("columns", "near", "terms", "grade"),
    [
        ({}, {}, {}, 2),
        ({"road_class": "trunk", "speed_kph": 40}, {}, {"class_points": 1, "speed_points": 0}, 1),
        ({"lanes": 4}, {}, {"lanes_points": 1}, 2),
        ({"lanes": 8, "speed_kph": 70}, {}, {"lanes_points": 3, "speed_points": 2}, 4),
        ({"bridge": True, "tunnel": True}, {}, {"bridge_points": 1, "tunnel_points": 2}, 4),
        ({}, {"signal": 2}, {"signal_points": 1}, 2),
        ({}, {"signal": 3, "crossing": 1}, {"signal_points": 2, "people_points": 1}, 4),
        ({}, {"bus_stop": 1, "schools": 1, "crossing": 1}, {"people_points": 2}, 3),
        ({}, {"arms": (3, 3)}, {}, 2),  # one junction a km
        ({"length_m": 200.0}, {"arms": (3, 4)}, {"arms_points": 1, "density_points": 2}, 4),
        ({"length_m": 500.0}, {"arms": (5, 2)}, {"arms_points": 2}, 3),
        ({"length_m": 500.0}, {"arms": (3, 3)}, {"density_points": 1}, 2),
        ({}, {"turn_deg": 29.9}, {}, 2),
        ({}, {"turn_deg": 30.0}, {"turn_points": 1}, 2),
        ({}, {"turn_deg": 61.0, "signal": 3, "crossing": 3, "arms": (5, 5)},
         {"turn_points": 2, "signal_points": 2, "people_points": 2, "arms_points": 2}, 5),
    ],
)  # fmt: skip
def test_every_term_of_the_grade_by_the_table(columns, near, terms, grade):
    found = grade_terms(segments(**columns), around(**near))
    assert found.columns.tolist() == list(TERMS)
    assert found.iloc[0].to_dict() == PLAIN | terms
    assert grades_of(found).tolist() == [grade]


@pytest.mark.parametrize(
    ("columns", "near", "scene"),
    [
        ({}, {}, "primary"),
        ({"lanes": 6}, {}, "primary, wide"),
        ({"lanes": 6}, {"schools": 1}, "primary, people"),
        ({"lanes": 6}, {"crossing": 1, "signal": 1}, "primary, signals"),
        ({"bridge": True, "road_class": "trunk"}, {"signal": 1}, "trunk, bridge"),
        ({"bridge": True, "tunnel": True}, {}, "primary, tunnel"),
        ({}, {"pole": 2}, "primary"),
    ],
)
def test_the_scene_is_what_stands_out_first(columns, near, scene):
    assert scene_of(segments(**columns), around(**near)).tolist() == [scene]


def test_there_are_few_kinds_of_scene():
    weights = load_weights()
    usable = set(weights["value"]["class_weight"]) - {"service"}
    assert len(usable) * (1 + len(weights["scene"]["features"])) <= 42


def test_variety_falls_with_every_further_stretch():
    assert variety_pieces() == [(5.0, 0.3), (5.0, 0.15), (5.0, 0.075)]


def test_surroundings_lead_to_grade_value_and_scene():
    inputs, network = street(
        [zone("c", 5, 0, kind="cluster", radius_m=300.0), zone("b", 39, 0, kind="bus")],
        [feature("s", "signal", 10, 0), feature("x", "crossing", 25, 10 * METRE)],
    )
    found = around_of(inputs, network)
    terms = grade_terms(network.segments, found)
    assert terms["signal_points"].tolist() == [1, 1, 0, 0]
    assert terms["people_points"].tolist() == [0, 0, 1, 0]
    scenes = ["tertiary, signals", "tertiary, signals", "tertiary, people", "tertiary"]
    assert scene_of(network.segments, found).tolist() == scenes
    # 0.7 for the class; inside the cluster 0.8; 256.6 m, 1370 m and 2483 m from it: 0.75, 0.53,
    # 0.30 of 0.8; signals 0.05; at the bus corridor 0.1; the ends of the street are dead ends.
    km = network.segments["length_m"].to_numpy() / 1000
    away = [0.0, 5 / METRE - 300, 15 / METRE - 300, 25 / METRE - 300]
    near = [0.8 * (1 - metres / 4000) for metres in away]
    weights = [(0.75 + near[0]) / 2, 0.75 + near[1], 0.7 + near[2], (0.8 + near[3]) / 2]
    worth = base_value(network.segments, 1000 * km, found)
    assert worth == pytest.approx(km * weights, rel=1e-3)
