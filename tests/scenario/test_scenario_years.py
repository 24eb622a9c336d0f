"""Budgets have their years, the last one is the target year, and variants lay over a case."""

import pytest

from planner.errors import ConfigError
from planner.scenario import load_scenario

OWN_YEARS = """
[siting]
target_year = 2028
budget_cny_2026 = 10
budget_cny_2028 = 20
hydrogen_budget_cny_2026 = 0
hydrogen_budget_cny_2028 = 7
"""
VARIANTS = """
[case]
id = "c"
title_zh = "县"
title_en = "County"

[demand.growth]
value = 1.1
source = "register"
trust = "S"

[variants.poor.siting]
budget_cny_2026 = 1

[variants.poor.fleets.bus]
ev_share_2027 = 0.5

[variants.grown.demand]
growth = 2

[variants.late.siting]
target_year = 2028
budget_cny_2028 = 3
hydrogen_budget_cny_2028 = 4
"""


def load(tmp_path, text, variant=""):
    (tmp_path / "scenario.toml").write_text(text, "utf-8")
    return load_scenario(tmp_path, variant)


def refused(tmp_path, text, variant=""):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text, variant)
    return [str(problem) for problem in caught.value.problems]


def test_a_case_has_its_own_years(tmp_path):
    scenario = load(tmp_path, OWN_YEARS)
    assert scenario.siting.years() == [2026, 2028]
    assert scenario.siting.budget_cny_by_year == {2026: 10, 2028: 20}
    assert (scenario.siting.budget_cny, scenario.siting.hydrogen_budget_cny) == (30, 7)
    keys = [row.key for row in scenario.assumptions if "budget_cny_" in row.key]
    assert keys == [
        "siting.budget_cny_2026", "siting.budget_cny_2028",
        "siting.hydrogen_budget_cny_2026", "siting.hydrogen_budget_cny_2028",
    ]  # fmt: skip
    assert scenario.years() == [2025, 2026, 2027], "the test roads keep theirs"


def test_the_target_year_is_the_last_budget_year(tmp_path):
    (found,) = refused(tmp_path, OWN_YEARS.replace("target_year = 2028", "target_year = 2026"))
    assert "target year 2026 is not the last budget year 2028" in found
    assert "siting.target_year" in found


def test_both_budgets_have_the_same_years(tmp_path):
    (found,) = refused(tmp_path, OWN_YEARS.replace("gen_budget_cny_2026", "gen_budget_cny_2027"))
    assert "budgets are for 2026, 2028, hydrogen budgets for 2027, 2028" in found


def test_every_fleet_has_every_siting_year(tmp_path):
    found = refused(tmp_path, OWN_YEARS.replace("2028", "2031"))
    assert len(found) == 12, "six fleets, two shares each"
    assert "fleets.private.ev_share_2031" in found[0]
    assert "the fleet 'private' has no ev_share for 2031" in found[0]
    assert "add ev_share_2031" in found[0]


def test_a_variant_lays_over_the_case(tmp_path):
    base = load(tmp_path, VARIANTS)
    assert (base.variant, base.title_zh, base.demand.growth) == ("", "县", 1.1)
    grown = load(tmp_path, VARIANTS, "grown")
    assert (grown.variant, grown.case_id) == ("grown", "c")
    assert (grown.title_zh, grown.title_en) == ("县 · grown", "County · grown")
    assert grown.demand.growth == 2.0
    row = next(row for row in grown.assumptions if row.key == "demand.growth")
    assert (row.source, row.trust) == ("variant grown in scenario.toml of the case", "U")
    assert grown.model_copy(update={"demand": base.demand}).siting == base.siting


def test_a_variant_changes_years_and_rows_and_leaves_the_others(tmp_path):
    poor = load(tmp_path, VARIANTS, "poor")
    assert poor.siting.budget_cny_by_year == {2025: 90_000_000, 2026: 1, 2027: 105_000_000}
    assert poor.fleets["bus"].ev_share_by_year[2027] == 0.5
    assert "variant poor" in poor.fleets["bus"].source
    assert load(tmp_path, VARIANTS).fleets["bus"].ev_share_by_year[2027] == 0.8


def test_a_variant_may_add_a_year(tmp_path):
    late = load(tmp_path, VARIANTS, "late")
    assert late.siting.years() == [2025, 2026, 2027, 2028]
    keys = [row.key for row in late.assumptions if row.key.startswith("siting.budget_cny_")]
    assert keys == [f"siting.budget_cny_{year}" for year in late.siting.years()]


def test_an_unknown_variant_is_refused(tmp_path):
    (found,) = refused(tmp_path, VARIANTS, "grow")
    assert "E-CFG-010" in found
    assert "did you mean 'grown'?" in found
    assert "known variants: poor, grown, late" in refused(tmp_path, VARIANTS, "zzz")[0]
    assert "the case has none" in refused(tmp_path, "", "zzz")[0]


def test_what_is_wrong_in_a_variant_is_refused_even_if_another_is_taken(tmp_path):
    for variant in ("", "good"):
        found = refused(
            tmp_path,
            "variants.good.demand.growth = 2\nvariants.bad.demand.groth = 2\n"
            "variants.odd = 3\nvariants.worse.layers.roads.file = 'x'\n",
            variant,
        )
        assert len(found) == 3
        assert "variants.bad.demand.groth" in found[0]
        assert "did you mean 'growth'?" in found[0]
        assert "[variants.odd]" in "".join(found)
        assert "unknown key 'layers'" in "".join(found)
    assert "table [variants]" in refused(tmp_path, "variants = 3\n")[0]


def test_nanchang_ships_two_variants():
    base = load_scenario()
    rural, holiday = (load_scenario(None, name) for name in ("rural_growth", "holiday_peak"))
    assert base.demand.rural_growth == 1.0 < rural.demand.rural_growth
    assert base.demand.holiday_peak_factor == 1.0 < holiday.demand.holiday_peak_factor
    assert base.schemes == {}, "no policy text grants money to stations"
    assert base.policy_rules["units_to_vehicles"].valid_to.year == 2023
    assert base.policy_rules["no_station_subsidy"].trust == "S"
    assert base.siting.years()[-1] == base.siting.target_year == 2027
