"""A scenario is read over the defaults; what it does not understand is refused with a hint."""

from datetime import date

import pytest

from planner.errors import ConfigError, ExitCode
from planner.scenario import bundled_case, load_scenario


def load(tmp_path, text):
    (tmp_path / "scenario.toml").write_text(text, "utf-8")
    return load_scenario(tmp_path)


def refused(tmp_path, text, code, *words):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    assert caught.value.exit_code == ExitCode.USAGE
    found = [problem for problem in caught.value.problems if problem.code == code]
    assert found, str(caught.value)
    for word in words:
        assert word in str(found[0])


def of(scenario, key):
    return next(row for row in scenario.assumptions if row.key == key)


def test_an_empty_scenario_is_all_defaults_each_with_unit_source_and_trust(tmp_path):
    scenario = load(tmp_path, "")
    assert scenario.siting.years() == [2025, 2026, 2027]
    assert scenario.siting.budget_cny == 300_000_000
    assert scenario.siting.hydrogen_budget_cny == 60_000_000
    shares = scenario.siting.hydrogen_budget_cny_by_year
    assert shares == {2025: 18_000_000, 2026: 21_000_000, 2027: 21_000_000}
    assert scenario.subsidy.valid_to == date(2027, 12, 31)
    assert scenario.years() == [2025, 2026, 2027]
    assert len(scenario.assumptions) == len({row.key for row in scenario.assumptions}) > 30
    assert all(row.unit and row.source and row.trust for row in scenario.assumptions)
    assert of(scenario, "subsidy.rate").trust == "U", "no scheme is assumed anywhere"
    assert "dc60" in scenario.technologies_of("charging")
    assert "hydrogen500" not in scenario.technologies_of("charging")


def test_a_plain_value_is_marked_as_the_cases_own(tmp_path):
    row = of(load(tmp_path, "[siting]\nmax_wait_min = 5\n"), "siting.max_wait_min")
    assert (row.value, row.unit, row.trust) == (5.0, "min", "U")
    assert row.source == "scenario.toml of the case"


def test_a_table_keeps_its_own_source_and_trust(tmp_path):
    text = '[siting.max_wait_min]\nvalue = 7.5\nsource = "guide 2025, p. 3"\ntrust = "S"\n'
    row = of(load(tmp_path, text), "siting.max_wait_min")
    assert (row.value, row.source, row.trust) == (7.5, "guide 2025, p. 3", "S")


def test_target_years_replace_the_default_years(tmp_path):
    scenario = load(tmp_path, "[test_roads]\ntarget_km_2026 = 24\ntarget_km_2030 = 60.5\n")
    assert scenario.test_roads.target_km_by_year == {2026: 24.0, 2030: 60.5}
    keys = [row.key for row in scenario.assumptions if ".target_km" in row.key]
    assert keys == ["test_roads.target_km_2026", "test_roads.target_km_2030"]


def test_dates_may_be_written_as_toml_dates_or_as_text(tmp_path):
    for text in ("2026-06-30", '"2026-06-30"'):
        scenario = load(tmp_path, f"[subsidy]\nvalid_to = {text}\n")
        assert scenario.subsidy.valid_to == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("[siting]\nmax_wait = 5\n", "E-CFG-005", ("siting.max_wait", "mean 'max_wait_min'?")),
        (
            "[siting]\nbudget_cny = 5\n",
            "E-CFG-005",
            (
                "siting.budget_cny",
                "a value a year",
                "give it by year: budget_cny_2025, budget_cny_2026, budget_cny_2027",
            ),
        ),
        ("[sitting]\nswap_kwh = 5\n", "E-CFG-005", ("did you mean 'siting'?",)),
        ("[variant.x]\n", "E-CFG-005", ("did you mean 'variants'?",)),
        ("[siting]\nzzz = 5\n", "E-CFG-005", ("known keys", "swap_kwh")),
        (
            "[siting]\nbudget_cny_2025 = 5\nbudgt_cny_2026 = 5\nbudget_cny_2027 = 5\n",
            "E-CFG-005",
            ("did you mean 'budget_cny_2026'?",),
        ),
        ("[case]\nname = 'x'\n", "E-CFG-005", ("case.name",)),
        ("case = 3\n", "E-CFG-006", ("table [case]",)),
        ("[siting.swap_kwh]\nvalue = 5\nquelle = 'x'\n", "E-CFG-005", ("quelle",)),
        ("[siting]\nswap_kwh = nan\n", "E-CFG-007", ("siting.swap_kwh", "finite")),
        ("[siting]\nswap_kwh = inf\n", "E-CFG-007", ("siting.swap_kwh",)),
        ("[siting]\ntarget_year = '5'\n", "E-CFG-006", ("expected int in year", "found str")),
        ("[siting]\ntarget_year = 1.5\n", "E-CFG-006", ("expected int", "found float")),
        ("[siting]\ntarget_year = true\n", "E-CFG-006", ("found bool",)),
        (
            "[siting]\nbudget_cny_2027 = -1\n",
            "E-CFG-008",
            ("siting.budget_cny_2027", "greater than"),
        ),
        ("siting = 3\n", "E-CFG-006", ("table [siting]",)),
        ("[siting]\ncity_share = 1.5\n", "E-CFG-008", ("siting.city_share", "less than")),
        ("[test_roads]\ncounting_basis = 'km'\n", "E-CFG-008", ("centreline_km",)),
        ("[siting]\nswap_kwh = \n", "E-CFG-003", ("not valid TOML", "line 2")),
        ("[layers.roads]\nfile = 'r'\n", "E-CFG-008", ("layers.roads.datum",)),
        (
            "[layers.roads]\nfile='r'\ndatum='mars'\nsource='s'\nlicence='l'\ndate='d'\n",
            "E-CFG-008",
            ("gcj02",),
        ),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path, text, code, words):
    refused(tmp_path, text, code, *words)


def test_all_problems_come_together(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, "[siting]\nbudget = 1\nswap_kwh = nan\n[demnd]\n")
    assert sorted(problem.code for problem in caught.value.problems) == [
        "E-CFG-005", "E-CFG-005", "E-CFG-007",
    ]  # fmt: skip


def test_a_scenario_is_frozen(tmp_path):
    scenario = load(tmp_path, "")
    with pytest.raises(ValueError, match="frozen"):
        scenario.siting.swap_kwh = 1.0


def test_text_that_is_not_utf8(tmp_path):
    (tmp_path / "scenario.toml").write_bytes("[case]\ntitle_zh = '南昌市'".encode("gbk"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_scenario(tmp_path)


def test_where_a_case_is_looked_for(tmp_path):
    with pytest.raises(ConfigError, match=r"no scenario\.toml"):
        load_scenario(tmp_path)
    with pytest.raises(ConfigError, match="none of that name ships"):
        bundled_case("atlantis")
    (tmp_path / "scenario.toml").write_text("")
    assert load_scenario(tmp_path / "scenario.toml").folder == tmp_path.resolve()
    assert load_scenario(str(tmp_path)).case_id == tmp_path.name


def test_radius_and_energies_by_name(tmp_path):
    scenario = load(tmp_path, "")
    assert scenario.service_radius.radius_m("charging", "urban") == 3000
    assert scenario.service_radius.radius_m("truck_swap", "rural") == 20000
    assert list(scenario.technologies_of("truck_swap")) == ["truck_swap"]
    with pytest.raises(KeyError, match="petrol"):
        scenario.technologies_of("petrol")
