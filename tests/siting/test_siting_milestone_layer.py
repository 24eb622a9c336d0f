"""Milestones of a whole case: posed, told in their layer, counted twice, and warned of."""

from dataclasses import replace

import pytest
from siting_instances import instance, option
from siting_solving import solved
from siting_toy import light_scenario, sited

from planner.errors import InputError, VerificationError
from planner.inputs import read_inputs
from planner.scenario import Milestone
from planner.siting.measure import milestone_values
from planner.siting.milestone_audit import audit_milestones
from planner.siting.milestones import ALL, SHARE, STATIONS, TOWNSHIPS, UNITS
from planner.siting.milestones import Milestone as Posed


def row(year, measure, least, energy="", county_id=""):
    return Milestone(zh="目标", en="Milestone", year=year, measure=measure, least=least,
                     energy=energy, county_id=county_id, source="made", trust="U")  # fmt: skip


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return light_scenario(tmp_path_factory.mktemp("milestones"))


@pytest.fixture(scope="module")
def answer(scenario):
    asked = {
        "swaps": row(2026, "stations", 1, "swap"),
        "east": row(2027, "units", 8, "charging", "990102"),
        "towns": row(2025, "townships_covered", 99),
        "share": row(2027, "served_share", 0.25),
    }
    return sited(scenario.model_copy(update={"milestones": asked}))


def test_the_layer_tells_what_the_other_layers_show(answer):
    inputs, demand, _, made = answer
    told = made.milestones.set_index("milestone_id")
    assert list(told.index) == ["east", "share", "swaps", "towns"]
    years, stations = made.station_years, made.stations.set_index("station_id")
    energy = years["station_id"].map(stations["energy"])
    assert told["reached"]["swaps"] == ((years["year"] == 2026) & (energy == "swap")).sum() >= 1
    mine = stations[(stations["energy"] == "charging") & (stations["county_id"] == "990102")]
    assert told["reached"]["east"] == mine["n_units"].sum()
    covered = (made.township_access["first_year_met"] <= 2025).sum()
    assert told["reached"]["towns"] == covered
    assert told["shortfall"]["towns"] == 99 - covered
    weight = {"charging": 1.0, "swap": 50.0, "truck_swap": 280.0, "hydrogen": 33.33}
    after = made.assignments[made.assignments["phase"] == "after"]
    kwh = (after["served_per_day"] * after["energy"].map(weight)).sum()
    whole = sum((demand[f"{word}_per_day"] * kwh).sum() for word, kwh in weight.items())
    assert told["reached"]["share"] == pytest.approx(kwh / whole, abs=1e-6)
    assert told["met"].tolist() == [
        told["reached"][name] >= told["least"][name] - 1e-6 for name in told.index
    ]
    assert len(inputs.townships) < 99


def test_what_can_never_be_is_warned_of_before_any_solve(answer):
    warned = [row for row in answer[3].warnings if row.code == "W-PRE-004"]
    assert [row.row for row in warned] == ["towns"]
    assert "99 asked for" in warned[0].reason


def test_the_shortfall_is_a_goal_right_after_the_rules(answer):
    names = [goal.name for goal in answer[3].goals]
    assert names[:2] == ["township_shortfall", "milestone_shortfall"]


def test_without_milestones_the_layer_is_empty_and_no_goal_asks_for_them(scenario):
    made = sited(scenario)[3]
    assert made.milestones.empty
    assert not [goal for goal in made.goals if "milestone" in goal.name]


def test_a_county_that_is_not_there_is_refused(scenario):
    asked = {"a": row(2026, "stations", 1, "swap", "360000")}
    with pytest.raises(InputError) as caught:
        read_inputs(scenario.model_copy(update={"milestones": asked}))
    [problem] = caught.value.problems
    assert (problem.code, problem.column) == ("E-REF-001", "milestones.a.county_id")


def test_a_figure_that_is_another_is_withheld():
    """Two stations of one unit in two counties; d0 is served, d1 is not: 80 of 100 kWh."""
    asked = (
        Posed("a", 0, STATIONS, ALL, ALL, 1.0),
        Posed("b", 0, UNITS, 0, 0, 1.0),
        Posed("c", 0, TOWNSHIPS, 0, ALL, 1.0, (0, 1)),
        Posed("d", 0, SHARE, 0, ALL, 0.5),
    )
    rows = [option(0, 80.0), option(1, 80.0)]
    case = instance(rows, [80.0, 20.0], reach={1: []}, townships=[(0, 0), (1, 1)],
                    county=[0, 1], milestones=asked)  # fmt: skip
    plan = solved(case)
    values = milestone_values(case, plan.build, plan.service)
    assert values == (2, 2, 2, 0.8)
    audit_milestones(case, plan.build, plan.service, values)
    for place in range(len(values)):
        wrong = tuple(value + (place == at) * 0.01 for at, value in enumerate(values))
        with pytest.raises(VerificationError, match=asked[place].name):
            audit_milestones(case, plan.build, plan.service, wrong)
    elsewhere = replace(case, milestones=(replace(asked[1], county=1),))
    assert milestone_values(elsewhere, plan.build, plan.service) == (0,)
    audit_milestones(elsewhere, plan.build, plan.service, (0.0,))
