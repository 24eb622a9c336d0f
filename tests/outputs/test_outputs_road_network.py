"""The network as a whole in the report, and the limits of its mix in report and lists."""

import openpyxl
import pytest
from test_outputs_report import words_of
from toy_written_plan import HOSTILE, frame, toy_plan

from planner import layers
from planner.outputs.lists import write_lists
from planner.outputs.report import render_report

ROWS = [
    ["r2", "南昌县份额", "Share of Nanchang County", "county_id", "360121,999999", "share", None,
     0.3, 0.333333, 0.033333, False, "某规划 / some plan", "S", None],
    ["r1", "干路", "Main roads", "road_class", "primary,secondary", "km", 10.0, 40.0, 27.015, 0.0,
     True, "made", "U", None],
    ["r3", "复杂", "Hard ones", "complexity_grade", "4,5", "km", 1.0, None, 2.0, 0.0, True, "made",
     "U", None],
]  # fmt: skip
SHEET = "道路结构限值 Road limits"


@pytest.fixture
def asked():
    plan = toy_plan()
    plan.layers["road_limits"] = frame(layers.ROAD_LIMITS, ROWS)
    return plan


def sheet_of(plan, tmp_path):
    write_lists(plan.layers, plan.figures, tmp_path / "lists.xlsx")
    return openpyxl.load_workbook(tmp_path / "lists.xlsx")


def test_the_report_tells_the_network_in_one_table(plan):
    page = render_report(plan.layers, plan.figures)
    zh, en = words_of(page), words_of(page, "en")
    assert "位于环路上的里程（公里） 9.00 (33.3 %) 不低于 40.0 % 不足" in zh
    assert "短于 500 米的断头路（公里） 0.75，价值扣减 0.50 —" in zh
    assert "from simple to complex, 2025 4.50 km above it (2 segments); 0.50 km with no" in en
    assert "grade 3 at most; above 2 only beside easier test roads" in en
    assert "keeping to it would reach 8.25 of 12.00 km: the hardest grade is let go, too" in en
    assert "若守此要求只能达到 8.25 公里（目标 12.00 公里），故连同复杂度上限一并放宽" in zh
    assert "above grade 2 only beside easier test roads met" in en
    assert "from simple to complex, 2027 0.00 km" in en
    assert "场景种类：2 增加价值 1.50" in zh
    assert "主干路，桥梁 18.02 公里（+1.25） ; 次干路 9.00 公里（+0.25）" in zh
    assert "测试道路结构限值" not in zh


def test_nothing_asked_of_cycles_has_no_status(plan):
    plan.figures["test_roads"]["network"] |= {"least_cycle_share": 0.0, "cycles_met": True}
    assert "km on cycles 9.00 (33.3 %) — km of dead" in words_of(
        render_report(plan.layers, plan.figures), "en"
    )


def test_the_report_has_the_limits_with_what_is_missed(asked):
    page = render_report(asked.layers, asked.figures)
    zh, en = words_of(page), words_of(page, "en")
    assert "干路 道路等级：主干路、次干路 计入里程（公里） 10.00 40.00 27.02 0.00 达标 made" in zh
    assert "南昌县份额 区县：南昌县、999999 占全部计入里程 — 30.0 % 33.3 % 3.3 % 不足" in zh
    assert "Hard ones grade: 4, 5 counted km 1.00 — 2.00 0.00 met made" in en


def test_the_list_has_a_row_each_with_typed_figures(asked, tmp_path):
    first, second, _ = sheet_of(asked, tmp_path)[SHEET].iter_rows(min_row=3, values_only=True)
    assert first[:8] == ("干路", "Main roads",
                         "道路等级：主干路、次干路 class: primary, secondary",
                         "计入里程（公里） counted km", 10, 40, 27.015, 0)  # fmt: skip
    assert second[4:8] == (None, 0.3, 0.333333, 0.033333)
    assert (first[-1], second[-1]) == ("r1", "r2")


def test_a_case_without_limits_has_no_sheet(plan, tmp_path):
    assert SHEET not in sheet_of(plan, tmp_path).sheetnames


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_runs_or_breaks_is_shown_as_text(asked, tmp_path, name):
    asked.layers["road_limits"]["zh"] = name
    asked.layers["road_limits"]["source"] = name
    asked.figures["test_roads"]["network"]["scenes"][0]["scene"] = name
    page = render_report(asked.layers, asked.figures)
    assert "<img" not in page
    assert "<svg onload" not in page
    cells = [row[0] for row in sheet_of(asked, tmp_path)[SHEET].iter_rows()]
    assert {cell.data_type for cell in cells[2:]} == {"s"}
