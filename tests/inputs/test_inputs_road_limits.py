"""Limits of test roads name jurisdictions and counties that the case has, or are refused."""

import contextlib

import pytest
from small_case import Case

from planner.errors import InputError
from planner.inputs import read_inputs
from planner.scenario import load_scenario

LIMIT = """
[road_limits.zone]
zh = "区"
en = "zone"
of = "{of}"
values = {values}
measure = "km"
most = 5.0
source = "made"
trust = "U"
"""
OWNERS = "jurisdiction_id,name,kind,county_id\nj1,一区,county,360101\n"


@pytest.fixture
def case(tmp_path):
    return Case(tmp_path)


def problems(case, of, values):
    with contextlib.suppress(InputError):
        case.read()
    file = case.folder / "scenario.toml"
    file.write_text(file.read_text("utf-8") + LIMIT.format(of=of, values=values), "utf-8")
    try:
        read_inputs(load_scenario(case.folder))
    except InputError as error:
        return [(p.code, p.column, p.value) for p in error.problems]
    return []


def test_known_places_are_taken(case):
    assert problems(case, "county_id", '["360101", "360102"]') == []


def test_an_unknown_county_is_refused(case):
    found = problems(case, "county_id", '["360101", "999999"]')
    assert found == [("E-REF-001", "road_limits.zone.values", "999999")]


def test_jurisdictions_are_those_of_the_layer(case):
    case.write("jurisdictions", "j.csv", OWNERS)
    assert problems(case, "jurisdiction_id", '["j1"]') == []
    found = problems(case, "jurisdiction_id", '["j1", "j3", "j2"]')
    assert [value for *_, value in found] == ["j2", "j3"]


def test_without_a_layer_no_jurisdiction_is_known(case):
    found = problems(case, "jurisdiction_id", '["j1"]')
    assert found == [("E-REF-001", "road_limits.zone.values", "j1")]


def test_a_layer_that_cannot_be_read_is_not_blamed_twice(case):
    case.write("jurisdictions", "j.csv", OWNERS.replace("county,", "empire,"))
    found = problems(case, "jurisdiction_id", '["j1"]')
    assert found
    assert "E-REF-001" not in {code for code, *_ in found}
