"""Milestones are rows of a case; what does not fit the plan is refused by name."""

import pytest

from planner.errors import ConfigError
from planner.scenario import load_scenario

MILESTONE = """
[milestones.swaps]
zh = "换电站"
en = "Swap stations"
year = 2026
measure = "stations"
energy = "swap"
least = 20
source = "made"
trust = "illustrative"
"""


def load(tmp_path, text, variant=""):
    (tmp_path / "scenario.toml").write_text(text, "utf-8")
    return load_scenario(tmp_path, variant)


def refused(tmp_path, text):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    return [(problem.code, problem.column, problem.reason) for problem in caught.value.problems]


def test_none_ship_and_a_case_has_its_own(tmp_path):
    assert load(tmp_path, "").milestones == {}
    row = load(tmp_path, MILESTONE).milestones["swaps"]
    assert (row.year, row.measure, row.energy, row.county_id) == (2026, "stations", "swap", "")
    assert row.least == 20


def test_a_variant_changes_or_leaves_out_a_milestone(tmp_path):
    text = MILESTONE + (
        '[variants.bold.milestones.swaps]\nleast = 40\nsource = "a bolder plan"\ntrust = "U"\n'
        "[variants.none.milestones.swaps]\nenabled = false\n"
    )
    assert load(tmp_path, text, "bold").milestones["swaps"].least == 40
    assert load(tmp_path, text, "none").milestones == {}


REFUSALS = {
    "measure": ('"stations"', '"shops"', "E-CFG-008", "townships_covered"),
    "energy": ('"swap"', '"petrol"', "E-CFG-008", "charging"),
    "year": ("2026", "2031", "E-CFG-009", "none of the plan's years 2025, 2026, 2027"),
    "least": ("least = 20", "least = 2.5", "E-CFG-009", "whole ones"),
}


@pytest.mark.parametrize("key", REFUSALS)
def test_what_does_not_fit_is_refused_with_its_key(tmp_path, key):
    old, new, code, words = REFUSALS[key]
    found = refused(tmp_path, MILESTONE.replace(old, new, 1))
    assert [row[:2] for row in found if row[1].startswith(f"milestones.swaps.{key}")]
    assert {row[0] for row in found} == {code}
    assert any(words in row[2] for row in found)


@pytest.mark.parametrize("least", ["0", "-1", "nan"])
def test_nothing_to_reach_is_refused(tmp_path, least):
    found = refused(tmp_path, MILESTONE.replace("least = 20", f"least = {least}"))
    assert {row[1] for row in found} == {"milestones.swaps.least"}


def test_a_share_is_at_most_whole(tmp_path):
    text = MILESTONE.replace('"stations"', '"served_share"').replace("least = 20", "least = 80")
    [(code, column, reason)] = refused(tmp_path, text)
    assert (code, column) == ("E-CFG-009", "milestones.swaps.least")
    assert "more than all of the demand" in reason


def test_energies_that_make_no_sense_are_refused(tmp_path):
    text = MILESTONE.replace('"stations"', '"units"').replace('energy = "swap"', "")
    assert refused(tmp_path, text)[0][1] == "milestones.swaps.energy"
    text = MILESTONE.replace('"stations"', '"townships_covered"')
    assert refused(tmp_path, text)[0][1] == "milestones.swaps.energy"


def test_a_milestone_without_source_or_with_an_unknown_key_is_refused(tmp_path):
    [(code, _, reason)] = refused(tmp_path, MILESTONE.replace('source = "made"\n', ""))
    assert code == "E-CFG-008"
    assert "lacks source" in reason
    assert refused(tmp_path, MILESTONE.replace('"made"', '""'))[0][1] == "milestones.swaps.source"
    assert "mesure" in refused(tmp_path, MILESTONE + "mesure = 1\n")[0][2]
