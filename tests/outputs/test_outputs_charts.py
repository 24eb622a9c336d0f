"""The charts and the two pages read first: every bar is a figure of plan.json."""

import re
import xml.etree.ElementTree as ET  # our own output

import pytest

from planner.outputs import director
from planner.outputs.amounts import lack
from planner.outputs.charts import (
    Bar,
    Column,
    Part,
    Row,
    in_both,
    in_one,
    lying_bars,
    standing_bars,
)
from planner.outputs.report import render_report
from planner.outputs.report_charts import charts, gap_chart, money_chart, subsidy_chart
from planner.outputs.text_safety import brief
from planner.outputs.wording import same

SAY = in_one("zh")


def nodes(svg):
    return list(ET.fromstring(svg).iter())  # noqa: S314 - our own output


def texts(svg):
    return ["".join(node.itertext()) for node in nodes(svg) if "text" in node.tag]


def widths(svg, colour):
    found = [node for node in nodes(svg) if node.get("fill") == colour]
    return [float(node.get("width")) for node in found]


def test_bars_are_as_long_as_their_values():
    rows = [Row(same("甲"), [Bar([Part(0.5, "red")], same("50 %"))])]
    svg = lying_bars(rows, [(same("缺口"), "blue")], SAY, top=1.0)
    assert widths(svg, "red") == [pytest.approx((720 - 172 - 156) / 2)]
    assert texts(svg) == ["缺口", "甲", "50 %"]
    columns = [Column(same(2026), [Bar([Part(3, "red"), Part(1, "green")], same("4"))], 5)]
    svg = standing_bars(columns, [], SAY, top=5)
    high = {node.get("fill"): float(node.get("height")) for node in nodes(svg)
            if node.tag.endswith("rect")}  # fmt: skip
    assert high == {"red": pytest.approx(62.4), "green": pytest.approx(20.8)}


def test_hostile_names_are_text_in_a_chart(hostile_plan):
    for say in (in_both, SAY):
        for svg in charts(hostile_plan.layers, hostile_plan.figures, say).values():
            tags = {re.sub(r"{.*}", "", node.tag) for node in nodes(svg)}
            assert tags <= {"svg", "rect", "line", "text", "tspan"}


def test_the_charts_show_the_figures_of_the_plan(plan):
    shown = texts(gap_chart(plan.figures, SAY))
    assert shown == [
        "现状",
        "规划后",
        "南昌县",
        "100.0 %",
        "20.4 %",
        "青山湖区",
        "65.0 %",
        "45.0 %",
    ]
    money = texts(money_chart(plan.figures, SAY))
    assert "163 万元" in money, "1,390,000 for stations and 240,000 for roadsides"
    granted = texts(subsidy_chart(plan.layers, plan.figures, SAY))
    assert granted[-2:] == ["青山湖区", "补助 18 万元"]


def test_what_is_lacking_is_never_told_as_nothing():
    assert [lack(value) for value in (0.00001, 0.0, None, 0.5)] == ["0.1 %", "0.0 %", "—", "50.0 %"]


def test_headline_figures_carry_the_weakest_trust_of_what_they_rest_on(plan):
    marks = {tile.key: mark.en for tile, mark in director.headline(plan.figures)}
    assert marks["worst"] == marks["roads"] == "trust: schematic"
    plan.figures["inputs"] = []
    marks = {tile.key: mark.en for tile, mark in director.headline(plan.figures)}
    assert marks["money"] == "trust: assumption of this plan"
    assert marks["roads"] == ""


def test_funding_adds_up_over_its_payers(plan):
    stations, roadside = director.funding(plan.figures)
    for row in (stations, roadside):
        assert row["total"] == sum(row[key] for key in ("city", "county", "enterprise", "subsidy"))


def test_why_these_sites_names_what_hangs_on_them_and_the_best_other_site(plan):
    why = director.why_these(plan.layers)
    assert (why["n"], why["n_only"]) == (3, 1)
    (row,) = why["rows"]
    assert (row["title"], row["county"].en) == ("南昌县 a1", "Nanchang County")
    assert (row["lost"], row["rival"], row["cost"]) == (2000.0, "扩建站", 110_000)
    plan.layers["site_reasons"]["lost_per_day"] = 0.0
    assert director.why_these(plan.layers)["rows"] == []
    assert "均另有站点可达" in render_report(plan.layers, plan.figures)


def test_rules_with_a_sentence_stand_apart_and_limits_are_said(plan):
    told, rest = director.rules_told(plan.figures)
    assert [row["sentence"] for row in told] == [
        "every township",
        "开展县域充换电设施补短板试点工作",
    ]
    assert len(told) + len(rest) == len(plan.figures["rules"])
    words = " ".join(line.zh for line in director.limits(plan.figures))
    assert "道路" in words
    assert "1 个乡镇街道" in words
    assert "2 项参数中 2 项" in words
    assert "不得公开" in words


def test_excluded_segments_are_counted_by_reason(plan):
    rows = director.excluded_by_reason(plan.layers)
    assert [(row["title"].en, row["n"]) for row in rows] == [
        ("speed too high", 1),
        ("near a school", 1),
    ]


def test_text_is_cut_where_one_sees_it():
    assert brief("长" * 5000, 10) == "长" * 10 + "…(+4990)"
    assert brief("短", 10) == "短"
