"""The ledger in the lists and in the report: both bases, removals, sums that stand in plan.json."""

import re

import pytest
from toy_written_plan import toy_plan

from planner.layers import LEDGER
from planner.outputs.ledger_lists import ledger
from planner.outputs.report import render_report

BASES = ("opened_centreline", "opened_carriageway", "equipped_centreline", "equipped_carriageway")


@pytest.fixture(scope="module")
def plan():
    return toy_plan()


def test_the_sheet_lists_every_row_and_adds_up_to_the_totals(plan):
    sheet = ledger(plan.layers)
    assert len(sheet.rows) == len(plan.layers["ledger"])
    assert len(sheet.headings) == len(LEDGER.column_names())
    km = LEDGER.column_names()[6:]
    for column, name in enumerate(km, start=6):
        assert sheet.headings[column].total
        total = sum(row[column] for row in sheet.rows)
        assert total == pytest.approx(plan.figures["test_roads"][name], abs=1e-6)
    removed = [row for row in sheet.rows if row[1] == "扣除 removed"]
    assert [(row[0], row[6], row[9]) for row in removed] == [(2026, -1.0, -2.0)]
    assert sheet.rows[0][2] == "南昌县 Nanchang County", "owners are named"


def test_the_report_shows_both_bases_by_every_cut(plan):
    page = render_report(plan.layers, plan.figures)
    part = page[page.index("两本账（开放、装备）各按两种口径计量") :]
    tables = re.findall(r"<table>.*?</table>", part, flags=re.DOTALL)[:5]
    roads = plan.figures["test_roads"]
    cuts = ("by_year", "by_county", "by_jurisdiction", "by_class", "by_grade")
    for table, cut in zip(tables, cuts, strict=True):
        body = table[table.index("<tbody>") : table.index("</tbody>")]
        shown = [re.findall(r"<td>(.*?)</td>", row) for row in body.split("<tr>")[1:]]
        assert [len(cells) for cells in shown] == [4] * len(roads[cut])
        for cells, row in zip(shown, roads[cut], strict=True):
            assert [float(cell.replace(",", "")) for cell in cells] == pytest.approx(
                [row[f"{name}_km"] for name in BASES], abs=0.06
            )
