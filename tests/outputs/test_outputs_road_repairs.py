"""Repairs of test roads in report and lists: there where a target is missed, with words as text."""

import openpyxl
import pytest
from test_outputs_report import words_of
from toy_written_plan import HOSTILE, frame, toy_plan

from planner import layers
from planner.outputs.lists import write_lists
from planner.outputs.report import render_report

ROWS = [
    ["rr-1", 2027, "speed", 60.0, "限速上限由 40 提高到 60 公里/小时", "raise the limit to 60 km/h",
     45.25, 50.5, 12_345_678, True, None],
    ["rr-2", 2027, "zone z2", None, "禁区不再禁行", "let tests pass the zone",
     3.0, 3.0, None, False, None],
]  # fmt: skip
SHEET = "测试道路补救 Test road repairs"


@pytest.fixture
def short():
    plan = toy_plan()
    plan.layers["road_repairs"] = frame(layers.ROAD_REPAIRS, ROWS)
    return plan


def book_of(plan, tmp_path):
    write_lists(plan.layers, plan.figures, tmp_path / "lists.xlsx")
    return openpyxl.load_workbook(tmp_path / "lists.xlsx")


def test_the_report_has_them_in_order_with_gain_money_and_proof(short):
    page = render_report(short.layers, short.figures)
    zh, en = words_of(page), words_of(page, "en")
    assert "2027 限速上限由 40 提高到 60 公里/小时 45.25 1,234.6 万元 是" in zh
    assert "2027 let tests pass the zone 3.00 — no" in en
    assert zh.index("如何达到测试道路目标") < zh.index("45.25") < zh.index("禁区不再禁行")


def test_a_plan_that_meets_its_targets_has_no_table_and_no_sheet(plan, tmp_path):
    assert "如何达到测试道路目标" not in words_of(render_report(plan.layers, plan.figures))
    assert SHEET not in book_of(plan, tmp_path).sheetnames


def test_the_list_has_a_row_each_with_typed_figures(short, tmp_path):
    rows = list(book_of(short, tmp_path)[SHEET].iter_rows(min_row=3, values_only=True))
    assert rows[0][:3] == (2027, "speed", 60)
    assert rows[0][5:8] == (45.25, 50.5, 12_345_678)
    assert rows[1][2] is None
    assert rows[1][7] is None
    assert [row[-1] for row in rows] == ["rr-1", "rr-2"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_runs_or_breaks_is_shown_as_text(short, tmp_path, name):
    short.layers["road_repairs"]["text_zh"] = name
    short.layers["road_repairs"]["rule"] = name
    page = render_report(short.layers, short.figures)
    assert "<img" not in page
    assert "<svg onload" not in page
    cells = [row[1] for row in book_of(short, tmp_path)[SHEET].iter_rows()]
    assert {cell.data_type for cell in cells[2:]} == {"s"}
