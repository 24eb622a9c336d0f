"""The workbook's totals: formulas whose cells add up, to what plan.json says; sheets fit to use."""

import re
import zipfile
from types import SimpleNamespace

import openpyxl
import pytest
from toy_written_plan import toy_plan

from planner.outputs.build_years import building
from planner.outputs.lists import sheets, write_lists
from planner.outputs.road_ends import RoadEnds
from planner.outputs.road_lists import excluded_segments, named_roads
from planner.verify.lists import lists_inert

TOTAL = re.compile(r"=SUBTOTAL\(9,([A-Z]{1,2})(\d+):\1(\d+)\)")


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    plan, file = toy_plan(), tmp_path_factory.mktemp("lists") / "lists.xlsx"
    write_lists(plan.layers, plan.figures, file)
    return openpyxl.load_workbook(file), openpyxl.load_workbook(file, data_only=True)


def totals_of(books):
    """Return sheet, English heading, sum of the cells and saved value of every total."""
    live, shown = books
    for page in live:
        for row in page.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    column, first, last = TOTAL.fullmatch(cell.value).groups()
                    cells = [page[f"{column}{at}"].value for at in range(int(first), int(last) + 1)]
                    added = sum(cell for cell in cells if isinstance(cell, int | float))
                    heading = page[f"{column}2"].value
                    saved = shown[page.title][cell.coordinate].value
                    yield page.title.split(maxsplit=1)[1], heading, added, saved
                    assert int(first) == 3, "the sum begins below the headings"
                    assert int(last) == cell.row - 1, "and ends above itself"


def test_every_total_is_what_its_cells_add_up_to(books):
    found = list(totals_of(books))
    assert len(found) >= 30
    for sheet, heading, added, saved in found:
        assert saved == pytest.approx(added, abs=1e-6), f"{sheet} {heading}"


def test_the_totals_agree_with_plan_json(plan, books):
    totals = {(sheet, heading): saved for sheet, heading, _, saved in totals_of(books)}
    figures = plan.figures
    siting, roads, subsidy = figures["siting"], figures["test_roads"], figures["subsidy"]
    grid = totals["Grid upgrades", "cost (CNY)"]
    spent = siting["spent_cny"] + siting["hydrogen_spent_cny"]
    assert totals["Stations", "capital (CNY)"] + grid == spent
    assert totals["Building by county", "spent in the year (CNY)"] + grid == spent
    assert totals["Building by county", "built"] == siting["n_planned"]
    assert totals["Materials", "cost (CNY)"] == roads["equipment_cost_cny"]
    for heading, key in (
        ("cost (CNY)", "cost_cny"),
        ("eligible spending (CNY)", "eligible_cny"),
        ("subsidy (CNY)", "subsidy_cny"),
        ("left after subsidy (CNY)", "own_cny"),
    ):
        assert totals["Subsidy", heading] == totals["Subsidy by year", heading] == subsidy[key]
    km = [totals["Test roads", "opened (km)"], totals["Segments", "counted length (km)"]]
    assert km == pytest.approx([roads["opened_km"]] * 2, abs=1e-6)


def test_every_sheet_can_be_read_sorted_and_printed(plan, books):
    for made, page in zip(sheets(plan.layers, plan.figures), books[0], strict=True):
        for row in (1, 2):
            titles = [cell.value for cell in page[row]]
            assert len(set(titles)) == len(titles), f"{page.title}: two columns of one name"
        assert page.freeze_panes == "B3"
        assert page.print_title_rows == "$1:$2"
        assert page.page_setup.orientation == "landscape"
        assert page.page_setup.paperSize in (8, 9)
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
        assert (page.auto_filter.ref is not None) == bool(made.rows)
        assert all(
            page.column_dimensions[cell.column_letter].width >= 8
            for cell in page[1][: len(made.headings)]
        )


def test_money_and_km_have_number_formats(books):
    page = books[0]["补助 Subsidy"]
    formats = {cell.value: page.cell(3, cell.column).number_format for cell in page[2]}
    assert formats["subsidy (CNY)"] == "#,##0"
    assert formats["opened (km)"] == "#,##0.000"


def test_what_is_built_stands_by_year_county_and_energy(plan):
    rows = [tuple(row) for row in building(plan.layers).itertuples(index=False)]
    names = list(building(plan.layers).columns)
    at = [names.index(name) for name in ("year", "county_id", "energy", "n_built", "n_changed")]
    assert [tuple(row[i] for i in at) for row in rows] == [
        (2025, "360121", "charging", 1, 0),
        (2026, "360121", "swap", 1, 0),
        (2027, "360111", "charging", 0, 1),
    ]
    assert [row[names.index("spent_cny")] for row in rows] == [1_040_000, 3_500_000, 110_000]


def test_excluded_segments_stand_by_reason_with_class_length_and_county(plan, books):
    kinds = list(excluded_segments(plan.layers)["kind"])
    assert kinds == ["speed", "school"]
    rows = list(books[1]["排除路段 Excluded segments"].iter_rows(values_only=True))
    speed, school, total = rows[2:]
    assert speed[0] == "限速过高 speed too high"
    assert speed[3] == "高速公路 motorway"
    assert speed[4] == "南昌县 Nanchang County"
    assert speed[6] == pytest.approx(3.011125)
    assert "一小" in school[7]
    assert "near School One (school)" in school[7]
    assert total[6] == pytest.approx(3.011125 + 3.009125)


def test_a_road_without_a_name_is_called_by_its_corridor_in_every_list(plan, tmp_path):
    roads = plan.layers["test_roads"]
    mine = roads["corridor_id"] == "c2"
    roads.loc[mine, ["name", "ref"]] = None
    assert set(named_roads(plan.layers).loc[mine, "called"]) == {"c2"}
    file = tmp_path / "lists.xlsx"
    write_lists(plan.layers, plan.figures, file)
    book = openpyxl.load_workbook(file, data_only=True)
    for title, key in (("测试道路 Test roads", 1), ("测试路段 Segments", 3)):
        rows = list(book[title].iter_rows(min_row=3, values_only=True))
        assert all(row[0] for row in rows)
        assert {row[0] for row in rows if row[key] == "c2"} == {"c2"}


def test_a_corridor_says_from_where_to_where(plan, books):
    ends = RoadEnds(plan.layers["segments"])
    assert ends.ends([("n1", "n2"), ("n2", "n3"), ("n3", "n4")]) == ("n1", "n4")
    assert ends.ends([("n1", "n2"), ("n2", "n1")]) == ("n1", "n1"), "a ring ends where it begins"
    assert ends.called("n4", "昌南大道0") == "昌南大道1"
    assert ends.called("n0", "昌南大道0") == "115.82000, 28.65000"
    rows = list(books[1]["测试道路 Test roads"].iter_rows(min_row=3, values_only=True))
    last = next(row for row in rows if row[1:3] == ("c0", 2025))
    assert last[0] == "昌南大道0"
    assert last[4:8] == ("115.85000, 28.65000", "昌南大道1", "青山湖区 Qingshanhu", "2–4")


def proven(folder):
    """Return what planner verify says of the formulas of a workbook."""
    plan = SimpleNamespace(folder=folder, once=lambda read: read(plan))
    return [fault.what for fault in lists_inert(plan)]


def test_verify_adds_the_totals_up_again(plan, tmp_path):
    file = tmp_path / "lists.xlsx"
    write_lists(plan.layers, plan.figures, file)
    assert proven(tmp_path) == []
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    page = "xl/worksheets/sheet3.xml"
    total = re.search(rb"(<f>SUBTOTAL\(9,D3:D5\)</f><v>)2(</v>)", parts[page])
    for wrong in (
        total[1] + b"77" + total[2],
        total[0].replace(b"D3:D5", b"D3:D4"),
        total[0].replace(b"D3:D5", b"E3:E5"),
    ):
        spoilt = parts | {page: parts[page].replace(total[0], wrong)}
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in spoilt.items():
                archive.writestr(name, content)
        assert proven(tmp_path) == ["a total is not what the cells above it add up to"]
