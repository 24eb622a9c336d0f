"""Proves the rows of roadside equipment and its money: budgets by year, shares, eligibility."""

from __future__ import annotations

import pytest

from planner.errors import ConfigError
from planner.scenario import load_scenario


def scenario_of(folder, text):
    (folder / "scenario.toml").write_text(text, encoding="utf-8")
    return load_scenario(folder)


def test_a_whole_budget_is_divided_evenly_and_the_last_year_takes_the_odd_yuan(tmp_path):
    made = scenario_of(tmp_path, "[test_roads]\nequipment_budget_cny = 1000001\n")
    assert made.test_roads.equipment_budgets() == {2025: 333333, 2026: 333333, 2027: 333335}


def test_budgets_by_year_take_its_place_and_years_without_one_have_nothing(tmp_path):
    text = "[test_roads]\nequipment_budget_cny_2025 = 5\nequipment_budget_cny_2027 = 7\n"
    made = scenario_of(tmp_path, text)
    assert made.test_roads.equipment_budget_cny is None
    assert made.test_roads.equipment_budgets() == {2025: 5, 2026: 0, 2027: 7}


def test_a_case_changes_a_price_and_adds_an_item(tmp_path):
    text = """
[equipment.rsu]
unit_cost_cny = 35000
source = "an offer"
trust = "D"

[equipment.sign]
zh = "标志牌"
en = "Sign"
per = "hectometre"
count = 1
unit_cost_cny = 800
kind = "equipment"
eligible = true
trust = "U"
source = "made"

[equipment.lidar]
enabled = false
"""
    items = scenario_of(tmp_path, text).equipment
    assert (items["rsu"].unit_cost_cny, items["rsu"].trust) == (35000, "D")
    assert items["sign"].max_grade == 5
    assert "lidar" not in items


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[equipment.ducts]\neligible = true\n", "works are called eligible"),
        ("[equipment.lidar]\nmax_grade = 2\n", "grades from 5 to 2"),
        ("[subsidy]\ncity_share = 0.7\nenterprise_share = 0.4\n", "more than the whole"),
        ("[test_roads]\nequipment_budget_cny_2031 = 5\n", "no target for 2031"),
        ('[subsidy]\ncap_basis = "weekly"\n', "'total' or 'yearly'"),
    ],
)
def test_what_does_not_fit_together_is_refused(tmp_path, text, told):
    with pytest.raises(ConfigError, match=told):
        scenario_of(tmp_path, text)
