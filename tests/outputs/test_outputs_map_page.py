"""The map as text: self-contained, stable to the byte, and drawn from the plan's layers."""

import hashlib
import json
import re

import folium
import numpy as np
import pytest
from map_block import block_of, data_block
from map_block import layers_of as layers_in
from shapely.geometry import LineString

from planner.errors import OutputError
from planner.outputs.canonical import canonical_json
from planner.outputs.map import shapes
from planner.outputs.map.page import render_map
from planner.outputs.map.self_contained import _asset, manifest, self_contained
from planner.outputs.report import render_report


@pytest.fixture
def page(plan):
    return render_map(plan.layers, plan.figures)


def test_two_renders_are_equal_to_the_byte(plan, page):
    assert render_map(plan.layers, plan.figures) == page


def test_figures_read_back_from_plan_json_give_the_same_map_and_report(plan, page):
    again = json.loads(canonical_json(plan.figures))
    assert render_map(plan.layers, again) == page
    assert render_report(plan.layers, again) == render_report(plan.layers, plan.figures)


def test_the_page_links_nothing(page):
    assert not re.search(r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=", page)
    assert not re.search(r"url\((?![#d])", page)
    assert "sourceMappingURL" not in page
    assert "connect-src 'none'" in page


def test_an_unknown_link_is_refused():
    with pytest.raises(OutputError, match="E-OUT-010"):
        self_contained('<head><script src="https://example.org/new.js"></script></head>')
    with pytest.raises(OutputError, match="not vendored"):
        self_contained('<head><link rel="stylesheet" href="https://example.org/a.css"/></head>')


def test_a_changed_asset_is_refused(monkeypatch):
    row = manifest()["kept"][0] | {"sha256": "0" * 64}
    monkeypatch.setattr(
        "planner.outputs.map.self_contained.manifest", lambda: {"kept": [row], "dropped": []}
    )
    with pytest.raises(OutputError, match="differs from its hash"):
        self_contained(f'<head><script src="{row["url"]}"></script></head>')


def test_every_vendored_file_has_its_hash_and_licence():
    for row in manifest()["kept"]:
        assert hashlib.sha256(_asset(row["file"])).hexdigest() == row["sha256"]
        assert row["licence"]


def test_the_manifest_knows_every_file_that_folium_links():
    known = {row["url"] for part in manifest().values() for row in part}
    linked = {url for _, url in (*folium.Map.default_js, *folium.Map.default_css)}
    linked |= set(re.findall(r'"(https://cdn[^"]+)"', folium.Map().get_root().render()))
    assert linked <= known


def test_a_script_end_in_the_data_does_not_end_the_block(hostile_plan):
    page = render_map(hostile_plan.layers, hostile_plan.figures)
    assert data_block(page)["title"][0] == hostile_plan.figures["case"]["title_zh"]
    assert page.count("</script>") == render_map_scripts(page)


def render_map_scripts(page):
    return len(re.findall(r"<script\b", page))


def test_coordinates_survive_to_five_decimals():
    line = LineString([(115.123456, 28.654321), (115.2, 28.6), (115.30001, 28.7)])
    steps = np.array(shapes.lines(line)[0]).reshape(-1, 2)
    restored = steps.cumsum(axis=0)[:, ::-1] / shapes.SCALE
    assert restored == pytest.approx(np.array(line.coords), abs=0.5e-5)


def test_background_roads_are_gathered_by_square(plan):
    block = data_block(render_map(plan.layers, plan.figures))
    classes = {layer["id"]: layer["count"] for layer in block["background"]}
    assert classes == {"road-primary": 6, "road-trunk": 5, "road-motorway": 1}
    drawn = sum(len(chunk) for layer in block["background"] for chunk in layer["chunks"])
    assert drawn == 12


def test_what_has_no_name_is_called_by_its_number_or_id(plan):
    plan.layers["candidate_sites"].loc[2, "name"] = None
    plan.layers["test_roads"].loc[6, ["name", "ref"]] = None
    block = data_block(render_map(plan.layers, plan.figures))
    layers = {layer["id"]: layer for group in block["groups"] for layer in group["layers"]}
    assert layers["rejected-sites"]["rows"][0]["t"] == "a2"
    roads = block["roads"]["rows"]
    shown = [roads[index]["t"] for index in layers["stage-2026"]["refs"]]
    assert shown == ["昌南大道1", "G316", "s6"]


def layers_of(plan):
    return layers_in(block_of(plan))


def answers(layer, row=0):
    """Return label and value of each line of a popup, in English."""
    lines = zip(layer["fields"], layer["rows"][row]["v"], strict=True)
    return {label[1]: value for label, value in lines}


def test_a_station_says_why_it_stands_there_in_one_line(plan):
    shown = layers_of(plan)
    why = answers(shown["planned-dc120"])["reason"]
    assert why[0] == "新建，每日 2,000 千瓦时的需求仅本站可达"
    assert why[1].startswith("built, 2,000 kWh a day")
    assert "\n" not in why[1]
    assert answers(shown["planned-swap"])["reason"][1].startswith("built, others reach")
    assert answers(shown["existing-charging"])["reason"][0].startswith("现有站，保留")
    assert answers(shown["rejected-sites"])["reason"] == "zone z2"


def test_usable_sites_without_a_station_say_why_not_energy_by_energy(plan):
    stations = plan.layers["stations"]
    plan.layers["stations"] = stations[stations["site_id"] != "a1"]
    unused = layers_of(plan)["unused-sites"]
    assert (unused["count"], unused["on"]) == (1, False)
    why = answers(unused)["reason"]
    assert why[1].startswith("charging: built")
    assert "hydrogen: too little enterprises' money" in why[1]
    assert "加氢：企业资金不足" in why[0]
    assert set(unused["style"]) == {"shape", "radius", "color", "weight", "fillColor"}


def test_a_site_without_a_reason_shows_a_dash(plan):
    plan.layers["site_reasons"] = plan.layers["site_reasons"].iloc[:0]
    assert answers(layers_of(plan)["planned-dc120"])["reason"] == "—"


def test_tiles_state_the_figures_of_plan_json(plan):
    block = data_block(render_map(plan.layers, plan.figures))
    values = [tile[1] for tile in block["tiles"]]
    assert values[0] == "南昌县"
    assert values[2] == ["500 万元", "CNY 5.0 million"]
    assert values[3] == ["98.2 万元/年", "CNY 982,000 a year"]
    assert values[5] == ["1 / 2 段", "1 / 2 stretches"]
    assert values[6] == ["27.04 公里", "27.04 km"]


def test_an_approval_number_replaces_the_internal_note(plan):
    plan.figures["case"]["map_approval_number"] = "赣S(2026)001号"
    page = render_map(plan.layers, plan.figures)
    assert "赣S(2026)001号" in page
    assert "不得公开" not in page


def test_the_date_of_the_data_is_the_latest_that_is_a_date(plan):
    first = plan.figures["inputs"][0]
    plan.figures["inputs"] += [first | {"date": "2026-02"}, first | {"date": "not applicable"}]
    foot = data_block(render_map(plan.layers, plan.figures))["foot"]
    assert foot[-1] == ["数据截至 2026-02", "data up to 2026-02"]


def test_real_roads_carry_no_banner(plan):
    plan.figures["case"]["synthetic_layers"] = []
    block = data_block(render_map(plan.layers, plan.figures))
    assert block["banner"] == []
    assert block["hint"] == ""


def test_a_plan_with_nothing_chosen_still_opens(plan):
    for name in ("stations", "test_roads", "rsus", "zones", "rejected_segments", "supply_nodes"):
        plan.layers[name] = plan.layers[name].iloc[:0]
    plan.figures["siting"]["worst_county"] = None
    block = data_block(render_map(plan.layers, plan.figures))
    assert [listed["id"] for listed in block["lists"]] == [
        "counties",
        "townships",
        "unserved",
        "stretches",
        "sites",
    ]
    assert block["tiles"][0][1] == "—"
