"""Technologies, fleets, schemes and rules are rows that a case changes, adds and leaves out."""

from datetime import date

import pytest

from planner.errors import ConfigError
from planner.layers import ENERGIES
from planner.scenario import load_scenario

SCHEME = """
[schemes.swap_grant]
zh = "换电补助"
en = "Grant to swap stations"
technologies = ["swap", "truck_swap"]
rate = 0.2
cap_cny = 800000
valid_from = 2026-01-01
valid_to = 2026-12-31
payer = "city"
sentence = "按投资额的20%补助,最高不超过80万元"
source = "made"
trust = "illustrative"
"""
TRAM = """
[fleets.tram]
zh = "电车"
en = "Trams"
vehicles_per_1000 = 1
ev_share_2025 = 1
ev_share_2026 = 1
ev_share_2027 = 1
kwh_per_vehicle_day = 10
public_share = 1
swap_share = 0
swaps_per_vehicle_day = 0
swap_energy = "swap"
fuel_cell_share_2025 = 0
fuel_cell_share_2026 = 0
fuel_cell_share_2027 = 0
kg_per_vehicle_day = 0
trust = "U"
source = "made"
"""


def load(tmp_path, text, rules=""):
    (tmp_path / "scenario.toml").write_text(text, "utf-8")
    if rules:
        (tmp_path / "rules.toml").write_text(rules, "utf-8")
    return load_scenario(tmp_path)


def test_ten_technologies_ship_and_cover_every_energy(tmp_path):
    scenario = load(tmp_path, "")
    assert list(scenario.technologies) == [
        "ac7", "dc60", "dc120", "dc180", "ultra480", "solar_storage", "swap", "truck_swap",
        "hydrogen500", "hydrogen1000",
    ]  # fmt: skip
    assert {row.energy for row in scenario.technologies.values()} == set(ENERGIES)
    for row in scenario.technologies.values():
        assert row.trust != "U" or "assumption" in row.source or "no source" in row.source, row.en


def test_six_fleets_ship_and_keep_the_totals_of_the_target_year(tmp_path):
    fleets = load(tmp_path, "").fleets
    assert list(fleets) == [
        "private", "taxi_ride_hailing", "official", "bus", "logistics", "heavy_truck",
    ]  # fmt: skip
    electric = sum(row.vehicles_per_1000 * row.ev_share_by_year[2027] for row in fleets.values())
    assert electric == pytest.approx(37.18)
    hydrogen = sum(
        row.vehicles_per_1000 * row.fuel_cell_share_by_year[2027] * row.kg_per_vehicle_day
        for row in fleets.values()
    )
    assert hydrogen == pytest.approx(0.12)


def test_a_case_changes_leaves_out_and_adds_technologies(tmp_path):
    text = "[technologies.dc60]\nunit_cost_cny = 1\n[technologies.swap]\nenabled = false\n"
    scenario = load(tmp_path, text)
    assert scenario.technologies["dc60"].unit_cost_cny == 1
    assert scenario.technologies["dc60"].power_kw == 60.0
    assert "swap" not in scenario.technologies


def test_a_changed_row_says_who_changed_it_unless_it_has_its_own_source(tmp_path):
    rows = load(tmp_path, "[technologies.hydrogen500]\nlife_years = 20\n").technologies
    assert rows["hydrogen500"].source.startswith("scenario.toml of the case; the rest: about 10 M")
    assert rows["hydrogen500"].trust == "U"
    text = "[technologies.hydrogen500]\nlife_years = 20\nsource = 'offer'\ntrust = 'X'\n"
    row = load(tmp_path, text).technologies["hydrogen500"]
    assert (row.source, row.trust) == ("offer", "X")
    same = load(tmp_path, "[technologies.hydrogen500]\nlife_years = 15\n").technologies
    assert same["hydrogen500"].source.startswith("about 10 M")


def test_nothing_is_turned_into_what_a_case_leaves_out(tmp_path):
    scenario = load(tmp_path, "[technologies.dc120]\nenabled = false\n")
    assert scenario.technologies["dc60"].upgrade_to == ""
    assert load(tmp_path, "").technologies["dc60"].upgrade_to == "dc120"


def test_technologies_may_have_dates(tmp_path):
    row = load(tmp_path, "[technologies.ac7]\nvalid_to = 2026-06-30\n").technologies["ac7"]
    assert (row.valid_from, row.valid_to) == (None, date(2026, 6, 30))


def test_fleets_are_changed_year_by_year_added_and_left_out(tmp_path):
    text = "[fleets.bus]\nev_share_2027 = 0.9\n[fleets.official]\nenabled = false\n" + TRAM
    fleets = load(tmp_path, text).fleets
    assert fleets["bus"].ev_share_by_year[2027] == 0.9
    assert fleets["bus"].ev_share_by_year[2026] == 0.75, "other years stay"
    assert "official" not in fleets
    assert fleets["tram"].ev_share_by_year == {2025: 1.0, 2026: 1.0, 2027: 1.0}


def test_a_scheme_is_a_row_of_the_case(tmp_path):
    assert load(tmp_path, "").schemes == {}
    scheme = load(tmp_path, SCHEME).schemes["swap_grant"]
    assert scheme.technologies == ("swap", "truck_swap")
    assert (scheme.rate, scheme.cap_cny, scheme.payer) == (0.2, 800_000, "city")
    assert (scheme.valid_from, scheme.valid_to) == (date(2026, 1, 1), date(2026, 12, 31))


def test_every_rule_names_a_setting_and_a_case_replaces_it_whole(tmp_path):
    rules = load(tmp_path, "").policy_rules
    kinds = {key: rules[key].kind for key in list(rules)[6:]}
    assert kinds == {
        "fleet_charging": "reported", "highway_charging": "soft",
        "units_to_vehicles": "reported", "parking_share": "hard",
        "waiting": "hard", "hydrogen_setback": "hard", "reviewed_sites": "hard",
        "no_station_subsidy": "reported",
    }  # fmt: skip
    own = (
        "[waiting]\nzh='排队'\nen='wait'\nkind='soft'\nparameter='siting.max_wait_chance'\n"
        "sentence='x'\nsource='y'\ntrust='S'\nvalid_to=2026-12-31\n"
    )
    row = load(tmp_path, "", own).policy_rules["waiting"]
    assert (row.kind, row.valid_to) == ("soft", date(2026, 12, 31))


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("technologies = 3\n", "E-CFG-006", ("[technologies]",)),
        ("[technologies]\ndc60 = 3\n", "E-CFG-006", ("technologies.dc60",)),
        ("[technologies.dc60]\npower = 3\n", "E-CFG-005",
            ("technologies.dc60.power", "did you mean 'power_kw'?")),
        ("[technologies.dc6]\npower_kw = 3.0\n", "E-CFG-008",
            ("lacks zh, en, energy", "did you mean 'dc60'?")),
        ("[technologies.zeppelin]\nenabled = false\n", "E-CFG-008", ("no defaults",)),
        ("[technologies.dc60]\nenergy = 'petrol'\n", "E-CFG-008", ("technologies.dc60.energy",)),
        ("[technologies.dc60]\nqueue = 'mm1'\n", "E-CFG-008", ("'mmc' or 'mdc'",)),
        ("[technologies.dc60]\npeak_factor = 1.2\n", "E-CFG-008", ("less than or equal to 1",)),
        ("[technologies.dc60]\nunit_step = 0\n", "E-CFG-008", ("unit_step",)),
        ("[technologies.dc60]\nunit_step = 11\n", "E-CFG-009",
            ("technologies.dc60.unit_step", "no size but 2", "at most 10")),
        ("[technologies.dc60]\nmax_units = 1\n", "E-CFG-009", ("1 units are less than the 2",)),
        ("[technologies.dc60]\nupgrade_to = 'dc12'\n", "E-CFG-009",
            ("no technology 'dc12'", "did you mean 'dc120'?")),
        ("[technologies.dc60]\nupgrade_to = 'swap'\n", "E-CFG-009",
            ("'swap' gives swap, 'dc60' gives charging", "ac7, dc120, dc180")),
        ("[technologies.dc60]\nupgrade_to = 'dc60'\n", "E-CFG-009", ("into itself",)),
        ("[technologies.swap]\nupgrade_to = 'x'\n", "E-CFG-009", ('write ""',)),
        ("[technologies.dc60]\nvalid_from = 2027-01-01\nvalid_to = 2026-12-31\n", "E-CFG-009",
            ("technologies.dc60.valid_to", "ends on 2026-12-31 before")),
        ("[technologies.dc60]\nvalid_from = 'soon'\n", "E-CFG-008", ("valid_from",)),
        ("[fleets.bus]\nev_share = 0.9\n", "E-CFG-005", ("did you mean 'ev_share_2025'?",)),
        ("[fleets.bus]\nvan_share_2027 = 0.9\n", "E-CFG-005", ("van_share_2027",)),
        ("[fleets.bus]\nev_share_2027 = 1.9\n", "E-CFG-008", ("fleets.bus.ev_share_2027",)),
        ("[fleets.bus]\nev_share_2027 = 0.999\n", "E-CFG-009", ("fleets.bus", "1.004", "2027")),
        ("[fleets.bus]\nswap_energy = 'hydrogen'\n", "E-CFG-008", ("'swap' or 'truck_swap'",)),
        ("[fleets.buses]\npublic_share = 0.9\n", "E-CFG-008",
            ("lacks zh", "ev_share_YEAR", "did you mean 'bus'?")),
        (TRAM.replace("ev_share_2026 = 1\n", ""), "E-CFG-009",
            ("fleets.tram.ev_share_2026", "no ev_share for 2026")),
        (SCHEME.replace('"swap",', '"swop",'), "E-CFG-009",
            ("schemes.swap_grant.technologies", "'swop'", "did you mean 'swap'?")),
        (SCHEME.replace("2026-12-31", "2025-12-31"), "E-CFG-009", ("schemes.swap_grant.valid_to",)),
        (SCHEME.replace('"city"', '"town"'), "E-CFG-008", ("schemes.swap_grant.payer",)),
        (SCHEME.replace('["swap", "truck_swap"]', "[]"), "E-CFG-008", ("at least 1",)),
        (SCHEME.replace("cap_cny", "cap"), "E-CFG-005", ("did you mean 'cap_cny'?",)),
        (SCHEME.replace("cap_cny = 800000\n", ""), "E-CFG-008", ("lacks cap_cny",)),
        ("[subsidy]\nvalid_from = 2028-01-01\n", "E-CFG-009", ("subsidy.valid_to",)),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_are_refused(tmp_path, text, code, words):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    found = [str(problem) for problem in caught.value.problems if problem.code == code]
    assert found, str(caught.value)
    assert all(word in found[0] for word in words), found[0]


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (("waiting", "wating"), "E-CFG-005", ("did you mean 'waiting'?",)),
        (("kind=", "sort="), "E-CFG-005", ("waiting.sort",)),
        (("'hard'", "'firm'"), "E-CFG-008", ("column waiting.kind", "rules.toml")),
        (("max_wait_min", "max_wait_mi"), "E-CFG-009",
            ("waiting.parameter", "did you mean 'siting.max_wait_min'?")),
        (("trust='S'", "trust='S'\nvalid_from=2027-01-01\nvalid_to=2026-01-01"), "E-CFG-009",
            ("waiting.valid_to",)),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_are_refused_with_their_own_file(tmp_path, change, code, words):
    rules = (
        "[waiting]\nzh='排队'\nen='wait'\nkind='hard'\nparameter='siting.max_wait_min'\n"
        "sentence='x'\nsource='y'\ntrust='S'\n"
    )
    assert load(tmp_path, "", rules)
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, "", rules.replace(*change))
    found = [problem for problem in caught.value.problems if problem.code == code]
    assert found, str(caught.value)
    assert found[0].file.endswith("rules.toml")
    assert all(word in str(found[0]) for word in words), str(found[0])
