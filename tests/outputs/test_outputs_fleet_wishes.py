"""Wishes for charging test fleets in the lists and on the map, with names as text."""

import openpyxl
import pytest
from map_block import block_of, layers_of
from shapely.geometry import Point
from test_outputs_report import words_of
from toy_written_plan import HOSTILE, frame, toy_plan

from planner import layers
from planner.outputs.lists import write_lists
from planner.outputs.report import render_report

SHEET = "测试车队充电需求 Fleet charging"
ROWS = [
    ["w-1", "n1", 2025, 3, 12.5, 4800.5, True, "360111", "j1", "st1", 350.0, None, 2025.0, True,
     Point(115.9, 28.6)],
    ["w-2", "n2", 2026, 1, 2.0, 900.0, False, "360121", None, None, None, None, None, False,
     Point(116.1, 28.6)],
]  # fmt: skip


@pytest.fixture
def wished():
    plan = toy_plan()
    rows = [[*row[:9], plan.layers["stations"]["station_id"].iloc[0] if row[9] else None, *row[10:]]
            for row in ROWS]  # fmt: skip
    plan.layers["fleet_wishes"] = frame(layers.FLEET_WISHES, rows)
    return plan


def book_of(plan, tmp_path):
    write_lists(plan.layers, plan.figures, tmp_path / "lists.xlsx")
    return openpyxl.load_workbook(tmp_path / "lists.xlsx")


def test_the_list_has_a_row_each_with_typed_figures(wished, tmp_path):
    first, second, _ = book_of(wished, tmp_path)[SHEET].iter_rows(min_row=3, values_only=True)
    assert first[:7] == (2025, "青山湖区 Qingshanhu", "青山湖区", 12.5, 3, 4800.5, "是 yes")
    assert first[8:] == (350, None, 2025, "是 yes", "w-1", "n1")
    assert wished.layers["stations"]["station_id"].iloc[0] in first[7]
    assert second[6:12] == ("否 no", None, None, None, None, "否 no")


def test_a_plan_without_test_roads_has_no_sheet_and_no_layer(plan, tmp_path):
    assert SHEET not in book_of(plan, tmp_path).sheetnames
    assert not [key for key in layers_of(block_of(plan)) if key.startswith("fleet-wish")]


def test_the_map_tells_those_with_a_station_from_those_without(wished):
    made = layers_of(block_of(wished))
    met, none = made["fleet-wish-met"], made["fleet-wish-open"]
    assert (met["count"], none["count"], met["on"]) == (1, 1, False)
    said = dict(zip([label[1] for label in none["fields"]], none["rows"][0]["v"], strict=True))
    assert said["station m"] == "—" if "station m" in said else "—" in said.values()
    assert none["rows"][0]["y"] == 2026
    assert none["rows"][0]["i"] == "w-2"


def test_the_subsidy_is_said_to_count_calendar_years(plan):
    page = render_report(plan.layers, plan.figures)
    assert "按自然年计" in words_of(page)
    assert "counted by calendar years: all spending from 2025 to 2027" in words_of(page, "en")
    plan.figures["settings"]["subsidy"]["cap_cny"] = 0
    assert "按自然年计" not in words_of(render_report(plan.layers, plan.figures))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_runs_or_breaks_is_shown_as_text(wished, tmp_path, name):
    wished.layers["stations"]["name"] = name
    cells = [row[7] for row in book_of(wished, tmp_path)[SHEET].iter_rows(min_row=3, max_row=3)]
    assert {cell.data_type for cell in cells} == {"s"}
