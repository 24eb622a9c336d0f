"""Identity and years in the page's data, from hand-made rows: what reviews and searches rely on."""

import itertools

import numpy as np
import pandas as pd
import pytest
from map_block import block_of, layers_of
from shapely.geometry import LineString

from planner.layers import COST_COLUMNS, REVIEW_LOG
from planner.outputs.canonical import plan_id
from planner.outputs.map import shapes
from planner.outputs.map.feature_layers import plain
from planner.outputs.map.tables import page_lists
from planner.outputs.map.years import phase_of, units_by_year


def ids(layer):
    return [row["i"] for row in layer["rows"]]


def test_the_plan_is_named_by_the_hash_of_its_figures(plan):
    shown = block_of(plan)["plan"]
    assert shown == {
        "id": plan_id(plan.figures), "case_id": "toy", "variant": "", "years": [2025, 2026, 2027]
    }  # fmt: skip
    assert len(shown["id"]) == 16
    plan.figures["siting"]["spent_cny"] += 1
    assert plan_id(plan.figures) != shown["id"]


def test_what_can_be_marked_has_a_target_and_its_id(plan):
    shown = layers_of(block_of(plan))
    station = shown["planned-swap"]
    assert station["target"] == "station"
    row = station["rows"][0]
    assert (row["i"], row["s"], row["e"], row["y"]) == ("p-a1-swap", "a1", "swap", 2026)
    assert shown["existing-charging"]["rows"][0]["y"] == 0
    assert (shown["rejected-sites"]["target"], ids(shown["rejected-sites"])) == ("site", ["a2"])
    assert shown["stage-2025"]["target"] == "segment"
    marked = {layer["target"] for layer in shown.values() if "target" in layer}
    assert marked == {"station", "site", "segment"}
    assert shown["township-met"]["object"] == "township"


def test_corridors_say_their_id_and_segments_in_order(plan):
    listed = block_of(plan)["corridors"]
    assert [row["id"] for row in listed] == ["c1", "c0", "c2"]
    assert listed[0]["segments"] == ["s4", "s5", "s6", "s7"]


def test_a_corridor_without_a_name_is_called_by_its_id_everywhere(plan):
    plan.layers["test_roads"].loc[4:7, ["name", "ref"]] = None
    block = block_of(plan)
    assert block["corridors"][0]["name"] == "c1"
    row = block["roads"]["rows"][4]
    assert row["t"] == "s4"
    assert row["v"][0][1] == "c1 (c1)"
    listed = next(one for one in block["lists"] if one["id"] == "corridors")
    assert listed["rows"][0][:2] == ["c1", "c1"]


def test_every_segment_of_the_network_is_named_in_the_order_it_is_drawn(plan):
    block = block_of(plan)
    lines = [line for layer in block["background"] for chunk in layer["chunks"] for line in chunk]
    ways, segments = block["ways"], plan.layers["segments"].set_index("segment_id")
    assert len(ways["ids"]) == len(lines) == len(ways["name"]) == 12
    for key, line, name in zip(ways["ids"], lines, ways["name"], strict=True):
        west, south = segments.geometry[key].coords[0]
        assert line[:2] == [round(south * 1e5), round(west * 1e5)]
        assert ("—" if name == -1 else ways["names"][name]) == plain(segments["name"][key])
    reasons = {ways["ids"][int(place)]: text[1] for place, text in ways["reasons"].items()}
    assert reasons == {"s9": "near School One (school); sharp turn", "s11": "speed too high"}


def test_a_station_stands_with_its_units_of_each_year(plan):
    units = units_by_year(plan.layers, plan.figures)
    assert units == {
        "x-e1": [4, 4, 4, 4],
        "p-a1-dc120": [0, 6, 6, 6],
        "p-a1-swap": [0, 0, 1, 1],
        "x-e2": [2, 2, 2, 4],
    }


def test_the_phases_of_the_gaps_are_the_years_of_the_page(plan):
    assert [phase_of(year, [2025, 2026, 2027]) for year in (0, 2025, 2026, 2027)] == [
        "before", "2025", "2026", "after"
    ]  # fmt: skip
    block = block_of(plan)
    assert [row["phase"] for row in block["years"]] == ["before", "2025", "2026", "after"]
    assert [one["id"] for one in block["gaps"]["phases"]] == ["before", "2025", "2026", "after"]


def test_the_figures_of_a_year_are_those_of_plan_json(plan):
    rows = {row["year"]: row["figures"] for row in block_of(plan)["years"]}
    said = {label[1]: value for label, value in rows[2026]}
    # 1.39 and 3.5 million of 2025 and 2026; 240,000 and 120,000 at the roads.
    assert said["public money so far"] == ["489 万元", "CNY 4.9 million"]
    assert said["roadside money so far"] == ["36 万元", "CNY 360,000"]
    assert said["roadside units"] == "3"
    assert said["county least served"] == "79.6 %"
    assert all(label[1] != "public money so far" for label, _ in rows[0])


def test_a_township_met_in_a_later_year_is_short_until_then(plan):
    plan.layers["township_access"].loc[0, "distance_before_m"] = 19_100.0
    shown = layers_of(block_of(plan))
    assert [(row["i"], row["y"]) for row in shown["township-met"]["rows"]] == [
        ("t1", 2026), ("t2", 0)
    ]  # fmt: skip
    short = shown["township-short"]
    assert [(row["i"], row["q"]) for row in short["rows"]] == [("t3", 9999), ("t1", 2026)]
    assert (short["until"], short["count"], short["unplaced"]) == ("q", 1, 0)


def test_gaps_apart_by_measure_with_no_demand_and_no_data(plan):
    levels = {level["id"]: level for level in block_of(plan)["gaps"]["levels"]}
    county = levels["county"]["views"]
    # 360111: 1,500 a day, 1,000 in reach, 700 served: 0.53 missing, 0.33 out of reach, 0.2 beyond.
    assert [cell["c"] for cell in county["charging-before"]] == [[4, 3, 2], [5, 5, 0]]
    assert [cell["c"] for cell in county["hydrogen-after"]] == [[-1, -1, -1]] * 2
    town = levels["township"]
    assert [row["i"] for row in town["rows"]] == ["t1", "t2", "t3"]
    assert town["unplaced"] == 1
    assert town["views"]["charging-after"][1] == {"c": [-2, -2, -2], "v": []}


def test_lines_in_bulk_are_those_one_by_one():
    rng = np.random.default_rng(3)
    made = [LineString(rng.random((n, 2)) / 10 + 115) for n in (2, 5, 9, 2)]
    for lines in itertools.permutations(made, 3):
        series = shapes.gpd.GeoSeries(list(lines))
        for line, parts in zip(lines, shapes.all_lines(series), strict=True):
            restored = np.array(parts[0]).reshape(-1, 2).cumsum(axis=0)[:, ::-1] / shapes.SCALE
            assert restored[[0, -1]] == pytest.approx(np.array(line.coords)[[0, -1]], abs=0.5e-5)


def mark(mark_id, target, outcome, **more):
    empty = dict.fromkeys(REVIEW_LOG.column_names())
    said = {
        "log_id": f"1-{mark_id}", "mark_id": mark_id, "target": target, "target_id": "x",
        "opinion": "accept", "outcome": outcome, "reviewer": "张三", "reason_zh": "因为",
        "reason_en": "because", "cost_basis": "none", "marked_at": "2026-11-22T09:00:00Z",
    }  # fmt: skip
    return empty | dict.fromkeys(COST_COLUMNS, 0.0) | said | more


def test_marks_of_reviews_are_listed_and_lead_to_what_stands_there_now(plan):
    assert "marks" not in {made["id"] for made in page_lists(plan.layers, plan.figures)}
    moved = plan.layers["candidate_sites"].iloc[:1].assign(site_id="r-m-3")
    sites = pd.concat([plan.layers["candidate_sites"], moved], ignore_index=True)
    log = pd.DataFrame(
        [
            mark("m-1", "station", "honoured", site_id="a1", name="<b>站</b>"),
            mark("m-2", "site", "not_honoured", site_id="a2"),
            mark("m-3", "station", "honoured", site_id="a1", opinion="move"),
            mark("m-4", "corridor", "contradicted", segment_ids="s2,s3"),
        ]
    )
    frames = plan.layers | {"review_log": log, "candidate_sites": sites}
    (made,) = [made for made in page_lists(frames, plan.figures) if made["id"] == "marks"]
    places, names, outcomes = zip(*((row[0], row[1], row[4]) for row in made["rows"]), strict=True)
    assert places[0][0] == "station"
    assert places[1:] == (["site", "a2"], ["site", "r-m-3"], ["segment", "s2"])
    assert names[0] == "<b>站</b>"
    assert outcomes[1:4:2] == (
        ["未能采纳", "not honoured"],
        ["意见矛盾，搁置", "contradicted, set aside"],
    )
