"""Milestones in report and lists: there where a case has some, with what is missing."""

import openpyxl
import pytest
from test_outputs_report import words_of
from toy_written_plan import HOSTILE, frame, toy_plan

from planner import layers
from planner.outputs.lists import write_lists
from planner.outputs.report import render_report

ROWS = [
    ["m2", "需求满足", "Demand served", 2027, "served_share", None, "360121", 0.9, 0.8125, 0.0875,
     False, "某规划 / some plan", "S", None],
    ["m1", "换电站", "Swap stations", 2026, "stations", "swap", None, 20.0, 20.0, 0.0, True,
     "made", "U", None],
]  # fmt: skip


@pytest.fixture
def asked():
    plan = toy_plan()
    plan.layers["milestones"] = frame(layers.MILESTONES, ROWS)
    return plan


def sheet_of(plan, tmp_path):
    write_lists(plan.layers, plan.figures, tmp_path / "lists.xlsx")
    return openpyxl.load_workbook(tmp_path / "lists.xlsx")


def test_the_report_has_them_by_year_with_what_is_missing(asked):
    page = render_report(asked.layers, asked.figures)
    zh, en = words_of(page), words_of(page, "en")
    assert zh.index("换电站 2026") < zh.index("需求满足 2027")
    assert "换电站 2026 站点（座） 乘用车换电 全市 20 20 0 达标 made" in zh
    assert "需求满足 2027 需求满足率 全部能源 南昌县 90.0 % 81.2 % 8.8 % 不足 某规划" in zh
    assert "Swap stations 2026 stations car battery swap whole city 20 20 0 met made" in en
    assert "Demand served 2027 share of demand served all energies" in en


def test_a_case_without_them_has_no_table_and_no_sheet(plan, tmp_path):
    assert "分期目标" not in words_of(render_report(plan.layers, plan.figures))
    assert "分期目标 Milestones" not in sheet_of(plan, tmp_path).sheetnames


def test_the_list_has_a_row_each_with_typed_figures(asked, tmp_path):
    book = sheet_of(asked, tmp_path)
    first, second = list(book["分期目标 Milestones"].iter_rows(min_row=3, values_only=True))
    assert first[:9] == ("换电站", "Swap stations", 2026, "站点（座） stations",
                         "乘用车换电 car battery swap", "全市 whole city", 20, 20, 0)  # fmt: skip
    assert second[5:9] == ("南昌县 Nanchang County", 0.9, 0.8125, 0.0875)
    assert (first[-1], second[-1]) == ("m1", "m2")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_runs_or_breaks_is_shown_as_text(asked, tmp_path, name):
    asked.layers["milestones"]["zh"] = name
    asked.layers["milestones"]["source"] = name
    page = render_report(asked.layers, asked.figures)
    assert "<img" not in page
    assert "<svg onload" not in page
    cells = [row[0] for row in sheet_of(asked, tmp_path)["分期目标 Milestones"].iter_rows()]
    assert {cell.data_type for cell in cells[2:]} == {"s"}
