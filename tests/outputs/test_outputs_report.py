"""The report: its numbers are those of plan.json, its words no stronger than the proof."""

import html
import re

import pytest

from planner.outputs import amounts
from planner.outputs.report import outcomes, plain_outcome, render_report
from planner.outputs.summary import gaps_by_county, km_by_year, lead, remedy
from planner.outputs.wording import Both, word_of, wording


def words_of(page, lang="zh"):
    """Return the text a reader sees in one language."""
    other = "en" if lang == "zh" else "zh"
    page = re.sub(rf'<(span|text) class="{other}"[^>]*>.*?</\1>', "", page, flags=re.DOTALL)
    page = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.fixture
def report(plan):
    return render_report(plan.layers, plan.figures)


def test_two_renders_are_equal_and_link_nothing(plan, report):
    assert render_report(plan.layers, plan.figures) == report
    assert "<script" not in report
    assert not re.search(r"\b(?:src|href)=", report)
    assert "default-src 'none'" in report


def test_the_first_sentence_names_the_worst_county_its_remedy_and_the_cost(report):
    assert (
        "南昌县短板最大：目前只有 0.0 % 的充换电需求得到满足。规划在该县新建"
        "120 kW 直流快充 1 座（6 台）、乘用车换电站 1 座（1 台），投资 454 万元，"
        "满足率提高到 79.6 %。"
    ) in words_of(report)
    assert "南昌县 is served least: today 0.0 %" in words_of(report, "en")


def test_a_county_where_nothing_is_built_is_said_so(plan):
    nothing = plan.layers["stations"].iloc[:1]
    assert remedy(plan.figures, nothing) == []
    assert "没有在该县新建" in lead(plan.figures, nothing).zh


def test_counties_stand_least_served_first_with_both_gaps(plan, report):
    assert [row["name"] for row in gaps_by_county(plan.figures)] == ["南昌县", "青山湖区"]
    text = words_of(report)
    assert "南昌县 2,500 → 0 0 → 500 0.0 % → 80.0 % 0.0 % → 75.0 % — → —" in text


def test_km_by_year_adds_up_and_keeps_the_ledgers_apart(plan, report):
    rows = km_by_year(plan.figures)
    assert [row["year"] for row in rows] == [2024, 2025, 2026, 2027]
    # 9 segments of 3000.125 m + their index; stages of 1, 3, 3 and 2 segments.
    assert [row["added_km"] for row in rows] == [3.000125, 9.006375, 9.015375, 6.015250 - 0.0]
    assert rows[-1]["opened_km"] == plan.figures["test_roads"]["opened_km"]
    assert rows[-1]["equipped_km"] == plan.figures["test_roads"]["equipped_km"]
    assert "2027 6.02 27.04 30.00 不足 0.00 9.01" in words_of(report)


def test_optimal_is_said_only_where_it_is_proven(plan, report):
    rows = outcomes(plan.figures)
    assert [row["title"].en for row in rows] == [
        "county least served (share)",
        "demand served (kWh equivalent/day)",
        "cost (CNY)",
        "test roads",
    ]
    assert [row["ended"].en for row in rows] == [
        "proven optimal",
        "stopped within the allowed gap",
        "stopped at a limit of rounds or time with a feasible plan",
        "stopped at a limit of rounds or time with a feasible plan",
    ]
    for row in plan.figures["siting"]["goals"]:
        row["termination"] = "within_gap"
    text = render_report(plan.layers, plan.figures)
    assert "optimal" not in text
    assert "最优" not in text
    assert "最优" in report


def test_outcomes_in_plain_words():
    outcome = {"termination": "feasible_limit", "gap": 0.0308}
    assert "3.08%" in plain_outcome(outcome).zh
    assert "no bound" in plain_outcome({"termination": "feasible_limit", "gap": None}).en
    assert "no usable result" in plain_outcome({"termination": "error", "gap": None}).en


def test_rules_stand_with_status_and_the_sentence_of_their_source(report):
    text = words_of(report)
    assert "“开展县域充换电设施补短板试点工作” — action plan" in text
    assert "有效期 2025-08-16 – 2027-12-31" in text


def test_what_cannot_be_checked_and_where_inputs_come_from(report):
    text = words_of(report)
    assert "1 个乡镇街道无法核查。 没有坐标 (1) ： 三江镇" in text
    assert "W-NET-001" in text
    assert "ab" * 32 in text
    assert "12 / 13" in text
    assert "demand.ev_share 0.15" in text


def test_subsidy_and_the_third_party_line_stand_apart(report):
    text = words_of(report)
    assert "合计 27.04 9.01 3 360,000 180,000 180,000" in text
    assert "第三方机构费用（2025, 2026, 2027） 600 万元" in text


def test_a_template_in_a_name_is_not_evaluated(plan):
    plan.figures["case"]["title_zh"] = "{{ 7*7 }}{% raw %}"
    assert "{{ 7*7 }}{% raw %}" in words_of(render_report(plan.layers, plan.figures))


@pytest.mark.parametrize(
    ("cny", "zh", "en"),
    [
        (0, "0 元", "CNY 0"),
        (9_999, "9,999 元", "CNY 9,999"),
        (120_000, "12 万元", "CNY 120,000"),
        (5_000_000, "500 万元", "CNY 5.0 million"),
        (123_450_000, "1.23 亿元", "CNY 123.5 million"),
    ],
)
def test_money_as_people_say_it(cny, zh, en):
    assert amounts.money(cny) == Both(zh, en)


def test_shares_never_round_up_to_a_whole():
    assert amounts.share(1.0) == "100.0 %"
    assert amounts.share(0.999999) == "99.9 %"
    assert amounts.share(None) == "—"


def test_distances_and_amounts():
    assert amounts.metres(999.6) == "1,000 m"
    assert amounts.metres(13_040.0) == "13.0 km"
    assert amounts.daily(40.0, "swap") == Both("40.0 次/日", "40.0 swaps/day")


def test_wording_fills_places_in_each_language_and_refuses_unknown_keys():
    assert wording("map.km", km="1.00") == Both("1.00 公里", "1.00 km")
    assert word_of("status", "met") == Both("达标", "met")
    assert word_of("status", "new") == Both("new", "new")
    with pytest.raises(KeyError):
        wording("map.absent")
