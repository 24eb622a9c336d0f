"""Test roads on the map: views, classes, exclusions, units and chains, from hand-made rows."""

import itertools
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from map_block import block_of, layers_of
from shapely.geometry import LineString

from planner.outputs.map.corridors import chain
from planner.outputs.map.roads import value_classes


def answers(fields, row):
    """Return label and value of each line of a popup, by the English label."""
    return {label[1]: value for label, value in zip(fields, row["v"], strict=True)}


def road(block, segment_id):
    """Return the popup of one test road."""
    rows = [answers(block["roads"]["fields"], row) for row in block["roads"]["rows"]]
    return next(row for row in rows if row["segment id"] == segment_id)


def test_a_road_says_grade_with_terms_scene_hours_money_years_and_owner(plan):
    shown = road(block_of(plan), "s0")
    assert shown["corridor"] == ["昌南大道0（c0）", "昌南大道0 (c0)"]
    assert shown["complexity (1–5)"] == ["1（6 分）", "1 (6 points)"]
    assert shown["how it adds up"][0] == "道路等级 3 + 车道 1 + 信号灯 2 = 6 分"
    assert shown["year opened"][0] == "2024（规划前）"
    assert shown["closed hours"][0] == "全天开放"
    assert shown["year equipped"][0] == "未装备"
    # 2.5 on 3000.125 m are 0.83 a km.
    assert shown["test value"][1] == "2.50 (0.83 a km)"
    other = road(block_of(plan), "s4")
    assert other["year equipped"] == "2026"
    assert road(block_of(plan), "s1")["scene"] == [
        "快速路/国道，桥梁",
        "trunk, bridge",
    ]


def test_a_road_without_terms_shows_a_dash_and_its_closed_hours(plan):
    shown = road(block_of(plan), "s8")
    assert shown["how it adds up"] == "—"
    assert shown["complexity (1–5)"] == "4"
    assert shown["closed hours"] == "07:00-09:00, 16:30-18:00"


@pytest.mark.parametrize("view", ["stage", "grade", "value", "fitted"])
def test_every_view_holds_each_road_once_and_adds_up_to_the_same_km(plan, view):
    block = block_of(plan)
    group = next(group for group in block["groups"] if group["view"] == view)
    mine = [layer for layer in group["layers"] if "refs" in layer]
    assert sorted(ref for layer in mine for ref in layer["refs"]) == list(range(9))
    km = [float(re.search(r"· ([\d.]+) km", layer["amount"][1])[1]) for layer in mine]
    assert sum(km) == pytest.approx(plan.layers["test_roads"]["counted_m"].sum() / 1000, abs=0.05)
    assert all(layer["on"] is (view == "stage") for layer in mine)
    assert all(set(layer["style"]) == {"color", "weight", "opacity"} for layer in mine)
    assert len({layer["style"]["color"] for layer in mine}) == len(mine)


def test_a_view_says_segments_and_km_in_both_languages(plan):
    shown = layers_of(block_of(plan))
    assert shown["fitted"]["amount"] == ["3 段 · 9.01 公里", "3 · 9.01 km"]
    assert shown["unfitted"]["amount"] == ["6 段 · 18.03 公里", "6 · 18.03 km"]
    assert shown["closed-roads"]["amount"][0] == "1 段 · 1.00 公里"
    assert shown["grade-1"]["title"] == ["复杂度 1 级（最简单）", "grade 1 (simplest)"]


def test_value_classes_are_at_most_five_and_fewer_where_values_are_the_same():
    assert value_classes(np.arange(1, 101) / 10.0) == [0.1, 2.1, 4.1, 6.0, 8.0]
    assert value_classes(np.array([2.04, 2.04])) == [2.0]
    assert value_classes(np.array([])) == []


def test_exclusions_stand_apart_by_first_reason_and_say_them_all(plan):
    shown = layers_of(block_of(plan))
    school = shown["excluded-school"]
    assert school["title"] == ["学校周边", "near a school"]
    assert school["amount"][1] == "1 · 3.01 km"
    assert school["rows"][0]["t"] == "昌南大道2"
    assert school["rows"][0]["v"][0][0] == "邻近一小（学校）；急弯"
    assert shown["excluded-speed"]["rows"][0]["v"][0] == ["限速过高", "speed too high"]
    assert not school["on"]
    assert "excluded-sharp_turn" not in shown


def test_units_stand_apart_by_place_and_pole(plan):
    plan.layers["segments"].loc[4, "tunnel"] = True
    shown = layers_of(block_of(plan))
    counts = {key: layer["count"] for key, layer in shown.items() if key.startswith("rsu-")}
    assert counts == {
        "rsu-junction-existing": 1,
        "rsu-junction-new_pole": 1,
        "rsu-tunnel-new_pole": 1,
    }
    unit = shown["rsu-junction-existing"]
    said = answers(unit["fields"], unit["rows"][0])
    assert said["stands on"] == "昌南大道0"
    assert said["equipment"] == ["路侧单元设备 1", "1 Roadside unit"]
    assert said["existing pole"] == "f1"


def test_features_are_off_when_the_page_opens(plan):
    shown = layers_of(block_of(plan))
    assert [shown[f"feature-{kind}"]["count"] for kind in ("signal", "pole")] == [1, 1]
    assert not any(layer["on"] for key, layer in shown.items() if key.startswith("feature-"))


def test_corridors_are_listed_longest_first_with_years_owners_and_chain(plan):
    listed = block_of(plan)["corridors"]
    assert [row["rows"] for row in listed] == [[4, 5, 6, 7], [0, 1, 2, 3], [8]]
    assert listed[0]["note"] == [
        "12.02 公里 · 2026–2027 · 南昌县、青山湖区",
        "12.02 km · 2026–2027 · 南昌县, 青山湖区",
    ]
    assert listed[0]["facts"][0] == "4 段 · 已装备 3.00 公里 · 复杂度 1–5"
    # s4 begins at 115.94, s7 ends at 116.06.
    assert listed[0]["ends"] == [[2865000, 11594000], [2865000, 11606000]]


def test_many_owners_are_counted(plan):
    roads = plan.layers["test_roads"]
    roads["corridor_id"] = "c1"
    roads["jurisdiction_id"] = [f"j{index}" for index in range(9)]
    note = block_of(plan)["corridors"][0]["note"]
    assert note[0].endswith("等 9 个")
    assert note[1].endswith("and 6 more")


def street(rows):
    """Return rows of a corridor from ``(segment, from, to, length)`` on a line of whole degrees."""
    lines = [LineString([(float(row[1]), 0.0), (float(row[2]), 0.0)]) for row in rows]
    table = pd.DataFrame(rows, columns=["segment_id", "from_node", "to_node", "length_m"])
    return gpd.GeoDataFrame(table, geometry=lines, crs="EPSG:4326")


def walked(rows):
    order, ends = chain(street(rows))
    return "".join(rows[index][0] for index in order), {end.x for end in ends}


def test_a_chain_runs_from_end_to_end_in_whatever_order_the_rows_come():
    rows = [("a", "0", "1", 5.0), ("b", "2", "1", 7.0), ("c", "2", "3", 2.0)]
    for order in itertools.permutations(rows):
        found, ends = walked(list(order))
        assert found in ("abc", "cba")
        assert ends == {0.0, 3.0}


def test_a_branch_and_a_second_carriageway_are_walked_where_they_stand():
    # A spur d at node 1 of the chain a b c; e is the other carriageway of b.
    rows = [("a", "0", "1", 50.0), ("b", "1", "2", 70.0), ("c", "2", "3", 90.0)]
    rows += [("d", "1", "9", 10.0), ("e", "2", "1", 71.0)]
    found, ends = walked(rows)
    assert ends == {0.0, 3.0}
    assert found in ("adbec", "cbeda", "cbead", "cbdea", "cebda")


def test_a_ring_and_a_loop_are_walked_whole():
    rows = [("a", "0", "1", 5.0), ("b", "1", "2", 5.0), ("c", "2", "3", 5.0), ("d", "3", "0", 5.0)]
    found, ends = walked(rows)
    assert sorted(found) == list("abcd")
    assert len(ends) == 2
    found, ends = walked([("a", "4", "4", 5.0)])
    assert (found, ends) == ("a", {4.0})
