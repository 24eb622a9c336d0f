"""What reviewers ask of roads: refused ones stay out, those asked for are in if they fit."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from street_and_zones import street
from test_testroads_choice import brute_force, choose, make, random_instance

from planner.inputs import empty_layer
from planner.layers import ROAD_REVIEWS
from planner.scenario import load_scenario
from planner.testroads import ZoneGoal
from planner.testroads.instance import Limit
from planner.testroads.prepare import prepare
from planner.testroads.trial import LENGTH, LIMIT, NO_WAY, RoadGround, barred_segments, try_roads

KM = 1000.0


def asked(row):
    return ZoneGoal(f"segment {row}", np.array([row], dtype=np.int64), 0.0, asked=True)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_asked_for_is_in_the_optimum_of_what_is_left(seed):
    bare = random_instance(seed, opened=seed % 2 == 0)
    rng = np.random.default_rng(seed)
    locked = rng.choice(len(bare.worth), size=2, replace=False).tolist()
    banned = [row for row in range(len(bare.worth)) if row not in locked and not bare.opened[row]]
    excluded = bare.excluded.copy()
    excluded[banned[0]] = True
    instance = replace(bare, zones=tuple(asked(row) for row in locked), excluded=excluded)
    best = brute_force(instance, 300.0, 900.0)
    found = choose(instance, 300.0, 900.0)
    assert not found.chosen[banned[0]]
    if best < 0:
        assert not found.chosen[locked].all()
        return
    assert found.chosen[locked].all()
    assert found.outcome.objective == pytest.approx(best)
    without = brute_force(replace(bare, zones=()), 300.0, 900.0)
    assert best <= without + 1e-9, "to ask for something never makes a network better"


def test_a_mandated_zone_comes_before_what_is_asked_for():
    # A path of six; the zone is at its far end, the wish at the near one: only one fits.
    instance = make([(n, n + 1) for n in range(6)], opened=[2], zones=[[5]])
    instance = replace(instance, zones=(*instance.zones, asked(0)))
    found = choose(instance, 100.0, 400.0)
    assert found.in_reach == (True, False)
    assert np.flatnonzero(found.chosen).tolist() == [2, 3, 4, 5]


def reviews(*rows):
    if not rows:
        return empty_layer(ROAD_REVIEWS)
    columns = ["review_id", "segment_id", "mark"]
    made = [(f"m.{number}", *row) for number, row in enumerate(rows)]
    more = {"reviewer": "x", "comment": None, "source": "f", "trust": "D"}
    return pd.DataFrame(made, columns=columns).assign(**more)


def test_a_refused_segment_is_excluded_with_the_reason_and_others_are_goals():
    inputs, network = street()
    ids = sorted(network.segments["segment_id"])
    scenario = load_scenario("nanchang")
    asking = replace(inputs, road_reviews=reviews((ids[1], "ban"), (ids[2], "lock")))
    prepared = prepare(asking, network, scenario)
    assert prepared.reasons == ("", "refused in review", "", "")
    assert prepared.instance.excluded.tolist() == [False, True, False, False]
    assert [goal.rows.tolist() for goal in prepared.instance.zones] == [[2]]
    both = replace(inputs, road_reviews=reviews((ids[1], "ban"), (ids[1], "lock")))
    goal = prepare(both, network, scenario).instance.zones[0]
    assert not len(goal.rows), "what is refused cannot be reached"


def ground(instance):
    return RoadGround(SimpleNamespace(instance=instance), frozenset(), {})


def scenario(target_km):
    settings = SimpleNamespace(target_km_by_year={2027: target_km}, most_km=lambda km: km * 1.1)
    run = SimpleNamespace(seed=1, time_limit_s=60.0)
    return SimpleNamespace(test_roads=settings, run=run)


def test_segments_that_cannot_be_asked_for_are_told_why():
    # Two pieces: a path of five and one apart.
    edges = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (7, 8)]
    bare = make(edges, metres=[KM] * 6)
    share = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 0.0])
    instance = replace(bare, limits=(Limit("east most", share, 1.0),))
    names = {"a": [0], "b": [5], "c": [3, 4], "d": [1, 2], "e": [3]}
    wanted = {
        name: frozenset(instance.segment_id[row] for row in rows) for name, rows in names.items()
    }
    found = barred_segments(ground(instance), scenario(3.0), wanted)
    assert found == {"b": (NO_WAY, ""), "c": (LIMIT, "east"), "e": (LENGTH, "")}


def test_a_trial_holds_what_is_asked_for_and_is_no_better_than_the_optimum():
    bare = random_instance(3)
    instance = replace(bare, zones=(asked(4),))
    best = brute_force(instance, 0.0, 660.0)
    found = try_roads(ground(instance), scenario(0.6), frozenset(instance.segment_id[:3]))
    assert instance.segment_id[4] in found.segment_ids
    assert found.worth <= best + 1e-9
    assert found.worth == pytest.approx(best)
