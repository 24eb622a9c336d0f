"""Limits of test roads are rows of a case; what makes no sense is refused by name."""

import pytest

from planner.errors import ConfigError
from planner.scenario import load_scenario

LIMIT = """
[road_limits.zone]
zh = "经开区"
en = "Development zone"
of = "road_class"
values = ["primary", "trunk"]
measure = "share"
least = 0.25
most = 0.75
source = "made"
trust = "illustrative"
"""


def load(tmp_path, text):
    (tmp_path / "scenario.toml").write_text(text, "utf-8")
    return load_scenario(tmp_path)


def test_none_ship_and_a_case_has_its_own(tmp_path):
    assert load(tmp_path, "").road_limits == {}
    row = load(tmp_path, LIMIT).road_limits["zone"]
    assert (row.of, list(row.values), row.least, row.most) == (
        "road_class", ["primary", "trunk"], 0.25, 0.75
    )  # fmt: skip


REFUSALS = {
    "of": ('"road_class"', '"colour"', "of", "jurisdiction_id"),
    "measure": ('"share"', '"miles"', "measure", "km"),
    "class": ('"trunk"', '"alley"', "values", "never alley"),
    "turned round": ("most = 0.75", "most = 0.1", "most", "leave nothing"),
    "percent": ("most = 0.75", "most = 75.0", "measure", "more than all of the test roads"),
    "nothing": ("least = 0.25\nmost = 0.75\n", "", "least", "limits nothing"),
    "no roads": ('["primary", "trunk"]', "[]", "values", ""),
}


@pytest.mark.parametrize("key", REFUSALS)
def test_what_makes_no_sense_is_refused_with_its_key(tmp_path, key):
    old, new, column, words = REFUSALS[key]
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, LIMIT.replace(old, new, 1))
    [problem] = caught.value.problems
    assert problem.column == f"road_limits.zone.{column}"
    assert words in problem.reason + problem.remedy


def test_grades_are_text_from_1_to_5(tmp_path):
    graded = LIMIT.replace('"road_class"', '"complexity_grade"')
    assert load(tmp_path, graded.replace('["primary", "trunk"]', '["4", "5"]')).road_limits
    with pytest.raises(ConfigError):
        load(tmp_path, graded.replace('["primary", "trunk"]', '["6"]'))


def test_a_year_without_a_hardest_grade_takes_that_of_the_year_before_it():
    roads = load_scenario().test_roads
    assert roads.most_grades() == {2025: 3, 2026: 4, 2027: 5}
    given = roads.model_copy(update={"most_grade_by_year": {2026: 2}})
    assert given.most_grades() == {2025: 2, 2026: 2, 2027: 2}
    assert roads.model_copy(update={"most_grade_by_year": {}}).most_grades() == {}
