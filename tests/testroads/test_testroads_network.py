"""Proves by hand what is told of the network: its limits, its steps by year, its shape."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from test_testroads_parts import make

from planner.layers import ROAD_LIMITS, validate
from planner.scenario import RoadLimit
from planner.testroads.instance import Shape, Variety
from planner.testroads.letting_go import with_reasons
from planner.testroads.limits import limit_frame, limits_of
from planner.testroads.stages import Ladder, Target, stage_years
from planner.testroads.structure import network_figures, network_notes, stage_steps

TARGETS = [Target(2025, 200.0, 250.0), Target(2026, 300.0, 350.0), Target(2027, 900.0, 990.0)]


def limit(of, values, measure, least=None, most=None):
    return RoadLimit(
        zh="限", en="limit", of=of, values=values, measure=measure, least=least, most=most,
        source="made", trust="U",
    )  # fmt: skip


ROADS = pd.DataFrame(
    {
        "jurisdiction_id": ["j1", "j1", "j2", None],
        "county_id": ["1", "1", "2", "2"],
        "road_class": ["primary", "trunk", "primary", "ramp"],
        "complexity_grade": [1, 3, 3, 5],
        "counted_m": [1000.0, 2000.0, 3000.0, 4000.0],
    }
)
"""10 km: 3 in j1, 3 in j2 and 4 of nobody."""
KM = ROADS["counted_m"].to_numpy() / 1000


def rows_of(limits):
    return [(row.name, row.share.tolist(), row.high_km) for row in limits]


def test_limits_in_km_are_rows_with_the_roads_they_count():
    rows = {"j": limit("jurisdiction_id", ["j1", "j9"], "km", least=2.0, most=2.5)}
    assert rows_of(limits_of(ROADS, ROADS["complexity_grade"].to_numpy(), rows)) == [
        ("j least", [-1.0, -1.0, 0.0, 0.0], -2.0),
        ("j most", [1.0, 1.0, 0.0, 0.0], 2.5),
    ]


def test_limits_of_a_share_weigh_every_road():
    rows = {"a": limit("road_class", ["primary"], "share", least=0.5),
            "b": limit("complexity_grade", ["3", "5"], "share", most=0.25)}  # fmt: skip
    found = limits_of(ROADS, ROADS["complexity_grade"].to_numpy(), rows)
    assert rows_of(found) == [
        ("a least", [-0.5, 0.5, -0.5, 0.5], 0.0),
        ("b most", [-0.25, 0.75, 0.75, 0.75], 0.0),
    ]


CASES = {
    # limit, reached, shortfall, met
    "km kept": (limit("jurisdiction_id", ["j1"], "km", 2.0, 3.0), 3.0, 0.0, True),
    "too many km": (limit("county_id", ["2"], "km", most=6.5), 7.0, 0.5, False),
    "too few km": (limit("complexity_grade", ["1", "2"], "km", 1.5), 1.0, 0.5, False),
    "share kept": (limit("road_class", ["primary"], "share", 0.4, 0.4), 0.4, 0.0, True),
    "share too small": (limit("road_class", ["ramp"], "share", 0.5), 0.4, 0.1, False),
    "share too large": (limit("road_class", ["ramp"], "share", most=0.1), 0.4, 0.3, False),
    "none of them": (limit("road_class", ["service"], "km", most=0.0), 0.0, 0.0, True),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_reached_and_missed_agrees_with_the_rows_of_the_model(name):
    row, reached, shortfall, met = CASES[name]
    frame = validate(limit_frame(ROADS, {"x": row}), ROAD_LIMITS)
    got = frame.iloc[0]
    assert got["reached"] == pytest.approx(reached)
    assert got["shortfall"] == pytest.approx(shortfall)
    assert bool(got["met"]) is met
    assert got["values"] == ",".join(row.values)
    rows = limits_of(ROADS, ROADS["complexity_grade"].to_numpy(), {"x": row})
    assert all(each.share @ KM <= each.high_km + 1e-6 for each in rows) is met


def test_no_road_passes_no_limit_and_no_limit_is_no_row():
    assert limit_frame(ROADS, {}).empty
    asked = {"x": limit("road_class", ["ramp"], "share", least=0.5)}
    got = limit_frame(ROADS.iloc[:0], asked).iloc[0]
    assert (got["reached"], got["shortfall"], got["met"]) == (0.0, 0.0, True)


def staged(grade, ladder, *, targets=TARGETS, edges=None):
    """Stage a chain from node 0, 100 m each, of which the first is opened."""
    edges = edges or [(node, node + 1) for node in range(len(grade))]
    instance = make(edges, metres=[100.0] * len(edges), grade=grade, opened=[0])
    before = np.where(instance.opened, 2024, 0)
    years = stage_years(instance, np.ones(len(edges), dtype=bool), before, targets, ladder)
    return instance, years


def test_a_hard_road_waits_for_an_easier_neighbour():
    # Two arms from the opened road of grade 3: one of 3s, one of 1 and then 3.
    edges = [(0, 1), (1, 2), (2, 3), (1, 4), (4, 5)]
    grade = [3, 3, 3, 1, 3]
    targets = [Target(2025, 300.0, 300.0), Target(2026, 400.0, 400.0), Target(2027, 500.0, 500.0)]
    instance, years = staged(grade, Ladder(free_grade=2), targets=targets, edges=edges)
    # The 1 opens first and makes both its neighbours easy to open; of these the first by id.
    assert years.tolist() == [2024, 2025, 2027, 2025, 2026]
    steps = stage_steps(instance, years, [2025, 2026, 2027], Ladder(free_grade=2))
    # Road 2 touches only road 1, as hard as itself: it opens last, and alone.
    assert [row["n_alone"] for row in steps] == [0, 0, 1]
    assert [row["km_alone"] for row in steps] == [0.0, 0.0, 0.1]


def test_a_year_keeps_to_its_hardest_grade():
    # Two arms: a long one of 2s; and a short one of 4s beside it, worth as much.
    edges = [(0, 1), (1, 2), (2, 3), (1, 4), (4, 5)]
    targets = [Target(2025, 200.0, 250.0), Target(2026, 400.0, 450.0), Target(2027, 500.0, 550.0)]
    ladder = Ladder(free_grade=5, most_grade={2025: 1, 2026: 2})
    instance, years = staged([1, 1, 2, 4, 4], ladder, targets=targets, edges=edges)
    # 2026 has 100 m of grade 2 and needs 100 m more: then, and only then, a 4 is taken.
    assert years.tolist() == [2024, 2025, 2026, 2026, 2027]
    steps = stage_steps(instance, years, [2025, 2026, 2027], ladder)
    assert [(row["most_grade"], row["n_above"], row["km_above"]) for row in steps] == [
        (1, 0, 0.0), (2, 1, 0.1), (None, 0, 0.0)
    ]  # fmt: skip


def test_no_target_no_letting_go():
    ladder = Ladder(free_grade=2, most_grade={2025: 3, 2026: 3})
    targets = [Target(2025, 100.0, 150.0), Target(2026, 200.0, 250.0), Target(2027, 500.0, 550.0)]
    instance, years = staged([1, 2, 4, 3, 1], ladder, targets=targets)
    assert years.tolist() == [2024, 2026, 2027, 2027, 2027]
    steps = stage_steps(instance, years, [2025, 2026, 2027], ladder)
    assert [(row["n_above"], row["n_alone"]) for row in steps] == [(0, 0)] * 3


def test_a_target_that_needs_it_lets_the_steps_go_before_the_grade():
    # Only grade 3 is beside the opened road of grade 3, then 4.
    ladder = Ladder(free_grade=2, most_grade={2025: 3, 2026: 3})
    instance, years = staged([3, 3, 4, 1], ladder)
    assert years.tolist() == [2024, 2025, 2026, 2027]
    steps = stage_steps(instance, years, [2025, 2026, 2027], ladder)
    assert [(row["n_above"], row["n_alone"]) for row in steps] == [(0, 1), (1, 0), (0, 0)]
    steps = with_reasons(steps, instance, years, TARGETS, ladder)
    # Keeping to the ladder, 2025 has the opened road alone, 2026 no more than 2025; in 2027 the
    # last road, a 1, would do.
    told = [(row["let_go"], row["kept_km"], row["target_km"]) for row in steps]
    assert told == [("steps", 0.1, 0.2), ("grade", 0.2, 0.3), ("", 0.4, 0.9)]
    figures = {"cycles_met": True, "steps": steps}
    first, second = network_notes(figures, limit_frame(ROADS, {}), ladder)
    assert "stage of 2025: 0.000 km above its hardest grade, 0.100 km harder than grade 2" in first
    assert "as keeping to them would reach 0.100 of 0.200 km: the step beside easier" in first
    assert second.startswith("stage of 2026: 0.100 km above")
    assert "would reach 0.200 of 0.300 km: the hardest grade is let go, too" in second


def test_the_last_stage_takes_the_rest_and_the_first_joins_whatever_its_grade():
    # Opened roads 0 and 2 with a 5 between them; 200 m of the last 300 m, the 1s, are asked for.
    instance = make([(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (3, 6)], metres=[100.0] * 6,
                    grade=[1, 5, 1, 1, 1, 5], opened=[0, 2])  # fmt: skip
    targets = [Target(2025, 300.0, 350.0), Target(2026, 500.0, 650.0)]
    ladder = Ladder(free_grade=2, most_grade={2025: 2, 2026: 3})
    before = np.where(instance.opened, 2024, 0)
    years = stage_years(instance, np.ones(6, dtype=bool), before, targets, ladder)
    assert years.tolist() == [2024, 2025, 2024, 2026, 2026, 2026]
    steps = stage_steps(instance, years, [2025, 2026], ladder)
    steps = with_reasons(steps, instance, years, targets, ladder)
    assert [(row["let_go"], row["kept_km"]) for row in steps] == [("joins", 0.3), ("rest", 0.5)]
    said = list(network_notes({"cycles_met": True, "steps": steps}, limit_frame(ROADS, {}), ladder))
    assert "to join opened roads" in said[0]
    assert "all that is left" in said[1]


def test_figures_of_the_network_add_up_to_its_worth():
    # A triangle of 300 m, and a tail of two roads, 100 and 60 m: scenes a, a, b, b, c.
    instance = replace(
        make([(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (9, 8)],
             metres=[100, 100, 100, 100, 60, 500], worth=[1, 1, 1, 2, 3, 50]),
        variety=Variety(np.array([0, 0, 1, 1, 2, 2]), ((0.15, 10.0), (0.15, 5.0))),
        shape=Shape(least_spur_m=200.0, spur_factor=0.25, least_cycle_share=0.7),
    )  # fmt: skip
    years = np.array([2025, 2025, 2025, 2026, 2027, 0])
    scenes = np.array(["a", "a", "b", "b", "c", "c"], dtype=object)
    told = network_figures(instance, years, scenes)
    assert (told["cycle_km"], told["cycle_share"]) == (0.3, pytest.approx(300 / 460))
    assert not told["cycles_met"]
    assert told["short_spur_km"] == 0.16
    assert told["spur_loss"] == pytest.approx(0.75 * 5)
    assert told["base_worth"] == 8.0
    worth = {row["scene"]: (row["km"], row["worth"]) for row in told["scenes"]}
    assert worth == {"a": (0.2, 1.75), "b": (0.2, 1.75), "c": (0.06, pytest.approx(0.6))}
    assert told["variety_worth"] == pytest.approx(4.1)
    [note] = network_notes(
        told | {"steps": []}, limit_frame(ROADS, {"x": CASES["km kept"][0]}), Ladder()
    )
    assert note == "65.2% of the km are on cycles, 70.0% are asked for"


def test_a_missed_limit_is_noted():
    limits = limit_frame(ROADS, {"x": CASES["too many km"][0]})
    notes = list(network_notes({"cycles_met": True, "steps": []}, limits, Ladder()))
    assert notes == ["limit x is missed by 0.5 (km)"]
