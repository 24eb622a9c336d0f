"""A case with real roads takes over what is known and leaves behind what was made up."""

import json

import pytest
from toy_case_files import write_toy_case

from planner.cases import CaseOptions, case_from_base
from planner.errors import ConfigError, InputError, OutputError
from planner.scenario import load_scenario

RULES = """
[subsidy]
zh = "补助"
en = "Subsidy"
kind = "hard"
parameter = "subsidy.cap_cny"
sentence = "给予所在辖区50%的资金补助"
source = "made for tests"
trust = "illustrative"
"""


@pytest.fixture
def base(tmp_path):
    folder = write_toy_case(tmp_path / "base")
    text = (folder / "scenario.toml").read_text("utf-8")
    for layer in ("counties", "townships", "jurisdictions"):
        head, tail = text.split(f"[layers.{layer}]")
        if layer != "counties":
            table = folder / f"{layer}.csv"
            table.write_text(table.read_text("utf-8").replace("illustrative", "U"), "utf-8")
        text = f"{head}[layers.{layer}]" + tail.replace("synthetic = true", "synthetic = false", 1)
    text = text.replace('title_zh = "玩具县"', 'title_zh = "玩具县(示意路网)"')
    (folder / "scenario.toml").write_text(text, "utf-8")
    (folder / "rules.toml").write_text(RULES, "utf-8")
    return folder


@pytest.fixture
def roads(tmp_path, base):
    content = json.loads((base / "roads.geojson").read_text("utf-8"))
    for feature in content["features"]:
        feature["properties"]["trust"] = "P"
    path = tmp_path / "surveyed.geojson"
    path.write_text(json.dumps(content), "utf-8")
    return path


def test_known_layers_settings_and_rules_come_along(tmp_path, base, roads):
    made = case_from_base(tmp_path / "real", base=base, roads=roads, datum="wgs84")
    scenario = load_scenario(made.folder)
    assert set(scenario.layers) == {"counties", "townships", "jurisdictions", "roads"}
    assert scenario.siting.budget_cny == 12_000_000
    assert scenario.test_roads.target_km_by_year == {2025: 15.0, 2026: 25.0, 2027: 40.0}
    assert scenario.policy_rules["subsidy"].sentence == "给予所在辖区50%的资金补助"
    assert scenario.title_zh == "玩具县", "the roads are no longer schematic"
    assert not any(layer.synthetic for layer in scenario.layers.values())


def test_what_was_made_up_is_named(tmp_path, base, roads):
    made = case_from_base(tmp_path / "real", base=base, roads=roads)
    told = " ".join(made.notes)
    for layer in ("existing_stations", "zones", "opened_roads"):
        assert f"{layer} of the base case are made up" in told


def test_reviews_of_sites_that_are_still_there_come_along(tmp_path, base, roads):
    sites = ("t-990101100", "x-old1", "z-z1", "j-874183242-990101", "t-0")
    rows = "".join(f"r{at},{site},ban,all\n" for at, site in enumerate(sites))
    (base / "reviews.csv").write_text("review_id,site_id,mark,energy\n" + rows, "utf-8")
    table = '[layers.reviews]\nfile = "reviews.csv"\ndatum = "wgs84"\nsource = "s"\n'
    table += 'licence = "CC0-1.0"\ndate = "2026"\ntrust = "D"\n'
    path = base / "scenario.toml"
    path.write_text(path.read_text("utf-8") + table, "utf-8")
    made = case_from_base(tmp_path / "real", base=base, roads=roads)
    assert made.inputs.reviews["site_id"].tolist() == ["t-990101100"]
    assert "4 reviews of sites of the base case left out" in made.notes


def test_without_roads_it_is_a_copy_that_keeps_every_layer_and_its_marks(tmp_path, base):
    made = case_from_base(tmp_path / "what if", base=base)
    before, after = load_scenario(base), load_scenario(made.folder)
    assert after.case_id == "what if"
    assert after.title_zh == before.title_zh
    assert after.layers == before.layers
    assert any(layer.synthetic for layer in after.layers.values())
    names = sorted(path.name for path in base.iterdir())
    assert sorted(path.name for path in made.folder.iterdir()) == names
    for name in set(names) - {"scenario.toml"}:
        assert (made.folder / name).read_bytes() == (base / name).read_bytes()
    changed = zip(
        (base / "scenario.toml").read_text("utf-8").splitlines(),
        (made.folder / "scenario.toml").read_text("utf-8").splitlines(),
        strict=True,
    )
    assert [new for old, new in changed if old != new] == ['id = "what if"']


def test_a_copy_takes_a_title_but_no_targets_and_no_layer_from_elsewhere(tmp_path, base):
    made = case_from_base(tmp_path / "a", base=base, options=CaseOptions(title_zh='甲"乙\\'))
    assert load_scenario(made.folder).title_zh == '甲"乙\\'
    with pytest.raises(ConfigError, match="E-CFG-013"):
        case_from_base(tmp_path / "b", base=base, options=CaseOptions(targets={2027: 33.0}))
    (base / "roads.geojson").rename(tmp_path / "roads.geojson")
    path = base / "scenario.toml"
    text = path.read_text("utf-8").replace('"roads.geojson"', '"../roads.geojson"')
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match="outside its folder"):
        case_from_base(tmp_path / "c", base=base)
    assert not (tmp_path / "c").exists()


def test_targets_given_replace_those_of_the_base(tmp_path, base, roads):
    options = CaseOptions(targets={2027: 33.0}, title_zh="真县")
    made = case_from_base(tmp_path / "real", base=base, roads=roads, options=options)
    scenario = load_scenario(made.folder)
    assert scenario.test_roads.target_km_by_year == {2027: 33.0}
    assert scenario.test_roads.equipment_budget_cny == 2_400_000
    assert scenario.title_zh == "真县"


def test_an_unknown_base_and_an_occupied_folder_are_refused(tmp_path, base, roads):
    with pytest.raises(ConfigError, match="E-CFG-001"):
        case_from_base(tmp_path / "real", base="no-such-case", roads=roads)
    with pytest.raises(OutputError, match="not empty"):
        case_from_base(base, base=base, roads=roads)
