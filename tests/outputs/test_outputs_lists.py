"""The workbook: every list, both languages, typed cells, totals that agree, no live cell."""

import openpyxl
import pytest
from toy_written_plan import HOSTILE

from planner.outputs.lists import write_lists
from planner.outputs.text_safety import visible

SHEETS = [
    "说明 Read me",
    "站点建设 Stations",
    "分年分县建设 Building by county",
    "分年建设 By year",
    "电网增容 Grid upgrades",
    "选址理由 Site reasons",
    "补救清单 Repairs",
    "县域缺口 County gaps",
    "乡镇覆盖 Townships",
    "高速公路 Motorways",
    "长途出行 Long trips",
    "车队需求 Fleets",
    "里程台账 Ledger",
    "测试道路 Test roads",
    "测试路段 Segments",
    "排除路段 Excluded segments",
    "路侧单元 RSUs",
    "物料清单 Materials",
    "补助 Subsidy",
    "分年补助 Subsidy by year",
    "未核查与风险 Open questions",
    "假设 Assumptions",
]


def book_of(plan, tmp_path, **options):
    file = tmp_path / "lists.xlsx"
    write_lists(plan.layers, plan.figures, file, **options)
    return openpyxl.load_workbook(file), openpyxl.load_workbook(file, data_only=True)


@pytest.fixture
def book(plan, tmp_path):
    return book_of(plan, tmp_path)[0]


def rows_of(sheet):
    return list(sheet.iter_rows(values_only=True))


def test_sheets_are_there_with_two_heading_rows_that_stay(book):
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet.freeze_panes == "B3"
        first, second = rows_of(sheet)[:2]
        assert all(first)
        assert all(second)


def test_english_can_stand_first(plan, tmp_path):
    book, _ = book_of(plan, tmp_path, lang="en")
    assert book.sheetnames[1] == "Stations 站点建设"
    assert rows_of(book.worksheets[1])[0][0] == "name"
    assert rows_of(book.worksheets[1])[1][0] == "名称"


def test_stations_list_planned_before_existing_with_money(book):
    rows = rows_of(book["站点建设 Stations"])
    column = {title: index for index, title in enumerate(rows[1])}
    assert [row[0] for row in rows[2:6]] == ["南昌县 a1", "南昌县 a1", "老站", "扩建站"]
    capital = column["capital (CNY)"]
    assert [row[capital] for row in rows[2:6]] == [1_040_000, 3_500_000, 0, 110_000]
    built, extended = rows[2], rows[5]
    assert built[column["county"]] == "南昌县 Nanchang County"
    assert built[column["mean wait, busiest hour (min)"]] == 4.5
    assert built[column["technology before"]] is None
    assert extended[column["action"]] == "扩建 extended"
    assert extended[column["year"]] == 2027
    assert [extended[column[name]] for name in ("units before", "units")] == [2, 4]
    assert extended[column["cost of a unit served (CNY per kWh, swap or kg)"]] is None


def test_years_grid_motorways_trips_and_fleets_have_their_lists(plan, tmp_path):
    _, shown = book_of(plan, tmp_path)
    years = rows_of(shown["分年建设 By year"])
    assert years[2][:4] == ("南昌县 a1", 2025, "120 kW 直流快充 120 kW DC charging", 6)
    assert years[-1][6] == 4_650_000, "what the stations cost in all years"
    grid = rows_of(shown["电网增容 Grid upgrades"])
    assert grid[2] == ("变电站一", "g1", 2025, 2026, 2000, 350_000)
    ways = rows_of(shown["高速公路 Motorways"])
    assert ways[3][:4] == ("G60", "沪昆高速", "西行", "westbound")
    assert ways[3][4:9] == (60_000, 10_000, 4_000, 60_000, 54_000)
    trips = rows_of(shown["长途出行 Long trips"])
    assert trips[2][5:7] == ("否 no", "是 yes")
    fleets = rows_of(shown["车队需求 Fleets"])
    assert fleets[2][:5] == (
        "青山湖区 Qingshanhu",
        2027,
        "私家车 Private cars",
        "充电 charging",
        12_000,
    )
    assert fleets[2][7] == "本方案假设 assumption of this plan"


def test_township_cards_carry_the_year_and_what_decides(book):
    rows = rows_of(book["乡镇覆盖 Townships"])
    assert rows[2][:5] == ("罗家镇", "t1", "青山湖区 Qingshanhu", 9100, 1200.5)
    assert rows[2][8:10] == ("达标 met", 2026)
    assert rows[4][8:12] == ("不足 short", None, "资金不足 / the budget", "站点过远")


def test_gaps_stand_before_and_after_side_by_side(book):
    rows = rows_of(book["县域缺口 County gaps"])
    county = next(row for row in rows if row[1] == "360121" and row[2].startswith("充电"))
    assert county[4:] == (2500, 2500, 0, 0, 500, 0, 1, 0, 0.8)
    dash = next(row for row in rows if row[1] == "360121" and row[2].startswith("加氢"))
    assert dash[9:] == (None, None, None, None)


def test_totals_are_formulas_whose_values_agree_with_plan_json(plan, tmp_path):
    live, shown = book_of(plan, tmp_path)
    assert live["补助 Subsidy"]["F5"].value == "=SUBTOTAL(9,F3:F4)"
    figures = plan.figures
    assert shown["补助 Subsidy"]["F5"].value == figures["subsidy"]["eligible_cny"]
    assert shown["补助 Subsidy"]["G5"].value == figures["subsidy"]["subsidy_cny"]
    capital = shown["站点建设 Stations"]["Q7"].value
    assert capital + 350_000 == figures["siting"]["spent_cny"], "stations and the grid upgrade"
    roads = shown["测试道路 Test roads"]
    last = rows_of(roads)[-1]
    assert last[0] == "合计 Total"
    assert last[9] == pytest.approx(figures["test_roads"]["opened_km"], abs=1e-6)
    assert last[10] == pytest.approx(figures["test_roads"]["equipped_km"], abs=1e-6)
    units = rows_of(shown["路侧单元 RSUs"])
    cost = units[1].index("cost (CNY)")
    assert units[-1][cost] == figures["test_roads"]["rsu_cost_cny"]


def test_what_could_not_be_checked_or_used_is_listed(book):
    rows = rows_of(book["未核查与风险 Open questions"])[2:]
    assert [row[0].split()[0] for row in rows] == [
        "无法核查",
        "警告",
        "未采用的数据行",
        "排除的候选站址",
    ]
    assert rows[0][2:4] == ("三江镇", "没有坐标")
    assert rows[3][3] == "zone z2"


def test_the_first_sheet_warns_of_schematic_roads(book):
    text = "\n".join(str(cell) for row in rows_of(book["说明 Read me"]) for cell in row)
    assert "示意路网" in text
    assert "planner init real" in text
    assert "有规则未达标" in text


def test_no_cell_from_data_is_a_formula_or_a_link(hostile_plan, tmp_path):
    book, _ = book_of(hostile_plan, tmp_path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    formulas = {cell.value for cell in cells if cell.data_type == "f"}
    assert formulas
    assert all(formula.startswith("=SUBTOTAL(9,") for formula in formulas)
    assert not any(cell.hyperlink for cell in cells)
    texts = {cell.value for cell in cells if cell.data_type == "s"}
    assert visible("=1+1") in texts
    assert {visible(name) for name in HOSTILE} <= texts


def test_reasons_of_sites_stand_in_both_languages_with_rivals_and_rejected_sites_last(book):
    rows = rows_of(book["选址理由 Site reasons"])
    column = {title: index for index, title in enumerate(rows[1])}
    assert [row[1] for row in rows[2:]] == ["a1", "a1", "x-e1", "x-e2", "a1", "a2"]
    first, poor, rejected = rows[2], rows[6], rows[7]
    assert first[column["reason in Chinese"]] == "新建，每日 2,000 千瓦时的需求仅本站可达"
    assert first[column["reason in English"]].startswith("built, 2,000 kWh a day")
    assert "换" not in first[column["reason in English"]]
    assert (first[7], first[9], first[10]) == (2000.0, "x-e2", 110_000)
    assert (first[2], first[4], poor[4]) == ("南昌县 Nanchang County", "是 yes", "否 no")
    assert rejected[3] is None
    assert rejected[column["reason in English"]] == "zone z2"


def test_repairs_stand_with_price_and_proof(book):
    rows = rows_of(book["补救清单 Repairs"])
    assert rows[0][3:5] == ("补救办法（中文）", "补救办法（英文）")
    assert rows[2][0:3] == ("township_charging", "向塘镇", "t3")
    assert rows[2][5:] == (570_000, "是 yes")
    assert rows[3][5:] == (None, "否 no")


def test_a_township_is_told_with_cover_way_year_and_what_decides(book):
    rows = rows_of(book["乡镇覆盖 Townships"])
    column = {title: index for index, title in enumerate(rows[1])}
    near, met, short, unknown = rows[2], rows[3], rows[4], rows[5]
    shares = [column["charging served, before"], column["charging served, after"]]
    assert [near[at] for at in shares] == [0.7, 0.7]
    assert [short[at] for at in shares] == [0.0, 0.8]
    assert [met[at] for at in shares] == [None, None]
    at = column["met before"]
    assert [row[at] for row in (near, met, short, unknown)] == ["是 yes", "是 yes", "否 no", None]
