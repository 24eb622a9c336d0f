"""The report: its numbers are those of plan.json, its words no stronger than the proof."""

import html
import re
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from toy_figures import toy_scheme

from planner.cli.show import summary
from planner.outputs import amounts
from planner.outputs.report import outcomes, plain_outcome, render_report
from planner.outputs.reviews import review_cards
from planner.outputs.station_rows import bilingual
from planner.outputs.summary import gaps_by_county, km_by_year, lead, span_of_years, tiles
from planner.outputs.sureness import sureness
from planner.outputs.warning_words import warning_words
from planner.outputs.wording import Both, word_of, wording


def words_of(page, lang="zh"):
    """Return the text a reader sees in one language."""
    other = "en" if lang == "zh" else "zh"
    page = re.sub(rf'<(span|tspan) class="{other}"[^>]*>.*?</\1>', "", page, flags=re.DOTALL)
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
        "南昌县短板最大：目前只有 0.0 % 的充换电需求得到满足。规划在该县 2025 年新建"
        " 120 kW 直流快充 1 座（6 台）、2026 年新建 乘用车换电站 1 座（1 台），"
        "满足率提高到 79.6 %。投资 454 万元，年化成本（含运营）95 万元，折合每千瓦时 0.74 元。"
    ) in words_of(report)
    english = words_of(report, "en")
    assert "南昌县 is served least: today 0.0 %" in english
    assert "1 new 120 kW DC charging (6 units, 2025)" in english
    assert "that is CNY 0.74 a kWh" in english


def test_the_headline_comes_before_everything_else(report):
    text = words_of(report)
    start = text.index("南昌县短板最大")
    assert (
        start
        < text.index("有规则未达标")
        < text.index("新建站点 2 座")
        < text.index("附录")
        < text.index("120 kW 直流快充 充电 新建 1 6 2025 1,040,000")
    )


def test_a_county_where_nothing_is_built_is_said_so(plan):
    plan.figures["siting"]["worst_county"]["remedy"] = []
    assert "没有在该县新建或改建" in lead(plan.figures).zh
    assert '<table class="remedy">' not in render_report(plan.layers, plan.figures)


def test_what_is_extended_or_upgraded_is_said_so(plan):
    row = {"technology": "dc60", "energy": "charging", "n_stations": 2, "n_units": 3}
    rows = [row | {"action": action, "years": years, "capital_cny": 1} for action, years in
            (("extend", [2025, 2027]), ("upgrade", [2026]))]  # fmt: skip
    plan.figures["siting"]["worst_county"]["remedy"] = rows
    words = lead(plan.figures)
    assert "2025–2027 年扩建 60 kW 直流快充 2 座（增 3 台）、2026 年改造升级为 60 kW" in words.zh
    assert "2 extended, 60 kW DC charging (3 units more, 2025–2027)" in words.en
    assert span_of_years([2026, 2026]) == Both("2026 年", "2026")


def test_a_gap_closed_from_across_a_border_is_said_so(plan):
    worst = plan.figures["siting"]["worst_county"]
    worst["elsewhere"] = {"served_share": 0.62, "n_stations": 3, "capital_cny": 2_100_000}
    words = lead(plan.figures)
    assert "62.0 % 由其他区县的站点提供，其中新建或改建 3 座，投资合计 210 万元" in words.zh
    assert "62.0 % comes from stations in other counties, 3 of them built or changed" in words.en
    worst["elsewhere"] = {"served_share": 0.62, "n_stations": 0, "capital_cny": 0}
    assert lead(plan.figures).en.endswith("62.0 % comes from stations in other counties.")


@pytest.mark.parametrize(("lang", "words"), [("zh", "南昌县短板最大"), ("en", "is served least")])
def test_the_terminal_says_the_headline_after_the_title(plan, lang, words):
    certificate = SimpleNamespace(passed=True, checks=[SimpleNamespace(passed=True)])
    said = summary(plan.figures, certificate, Path("out"), lang=lang, as_json=False)
    title, first = said.splitlines()[:2]
    assert title == plan.figures["case"][f"title_{lang}"]
    assert words in first
    assert "4.5 million" in first or "454 万元" in first


def test_money_is_told_by_year_payer_and_unit(report):
    text = words_of(report)
    assert "2025 1,500,000 1,390,000 0 1 0 0 50.0 % 0.0 % — — 40.0 %" in text
    assert "2027 5,000,000 110,000 0 0 1 0 67.5 % 75.0 % — — 79.6 %" in text
    assert "合计 5,000,000 5,000,000 0 2 1 0" in text
    assert "市级财政 1,500,000 124,800 区县财政 3,500,000 291,200 企业 0 0" in text
    assert "充电 282,000 730,000 kWh 0.39 元/kWh" in text
    assert "重卡换电 0 0 次 —" in text


def test_no_subsidy_is_said_plainly_and_a_scheme_with_its_sentence(plan, report):
    assert "充电、换电、加氢站没有可用的建设补助" in words_of(report)
    plan.figures["schemes"] = {"s1": toy_scheme()}
    text = words_of(render_report(plan.layers, plan.figures))
    assert "没有可用的建设补助" not in text
    assert "“给予20%补助” — notice ( 示例" in text


def test_motorways_trips_grid_and_units_are_told(report):
    text, english = words_of(report), words_of(report, "en")
    assert "G60 沪昆高速 西行 60.0 10.0 → 4.0 60.0 → 54.0 不足 最大间距 54 公里" in text
    assert "G60 沪昆高速 eastbound 60.0 10.0 → 0.0 60.0 → 45.0 met" in english
    assert text.index("西行 60.0") < text.index("东行 60.0"), "the short one comes first"
    assert "过境客车 充电 120 150.0 200.0 无法补能 可补能" in text
    assert "变电站一 2025 2026 2,000 350,000" in text
    assert "南昌县 20,100 0 → 6 — → 3,350.0 否" in text


def test_a_township_card_says_when_it_is_met_and_what_decides(report):
    text = words_of(report)
    assert "向塘镇 南昌县 21.0 → 13.0 0.0 % → 80.0 % 未达标 不足 资金不足" in text
    assert "罗家镇 青山湖区 9.1 → 1.2 70.0 % → 70.0 % 现状已达标 达标" in text
    assert "三江镇 南昌县" not in text, "it stands by its reason under what could not be checked"
    assert "1 个乡镇街道无法核查。 名单见" in text
    english = "Xiangtang Nanchang County 21.0 → 13.0 0.0 % → 80.0 % not met short the budget"
    assert english in words_of(report, "en")


def test_a_case_without_motorways_trips_or_upgrades_says_so(plan):
    for name in ("highway_access", "trip_access", "supply_upgrades"):
        plan.layers[name] = plan.layers[name].iloc[:0]
    text = words_of(render_report(plan.layers, plan.figures))
    assert "路网中没有高速公路。" in text
    assert "案例没有给出长途出行。" in text
    assert "方案没有下单电网增容。" in text


def test_the_bound_of_the_way_there_is_said_to_be_of_the_way_only(report):
    assert "界限是在目标年方案已定时各种分年安排中的最好结果，不是对所有可能方案而言" in words_of(
        report
    )


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("no road within 5 km / 5 公里内无道路", "5 公里内无道路", "no road within 5 km"),
        ("资金不足 / the budget", "资金不足", "the budget"),
        ("站点过远", "站点过远", "站点过远"),
        ("a / b / 丙", "a / b / 丙", "a / b / 丙"),
    ],
)
def test_a_text_in_two_languages_is_taken_apart(text, zh, en):
    assert bilingual(text) == Both(zh, en)


def test_counties_stand_least_served_first_with_both_gaps(plan, report):
    assert [row["name"] for row in gaps_by_county(plan.figures)] == ["南昌县", "青山湖区"]
    text = words_of(report)
    assert "南昌县 0.0 % → 79.6 % 2,500 → 0 0 → 500 0.0 % → 80.0 % 0.0 % → 75.0 % — —" in text


def test_km_by_year_adds_up_and_keeps_the_ledgers_apart(plan, report):
    rows = km_by_year(plan.figures)
    assert [row["year"] for row in rows] == [2023, 2024, 2025, 2026, 2027]
    # 9 segments of 3000.125 m + their index; stages of 1, 3, 3 and 2 segments.
    assert [row["added_km"] for row in rows] == [1.0, 3.000125, 9.006375, 9.015375, 6.015250 - 0.0]
    assert [row["removed_km"] for row in rows] == [0.0, 0.0, 0.0, -1.0, 0.0]
    assert rows[-1]["opened_km"] == plan.figures["test_roads"]["opened_km"]
    assert rows[-1]["equipped_km"] == plan.figures["test_roads"]["equipped_km"]
    assert "2027 6.02 27.04 30.00 不足 0.00 9.01" in words_of(report)


def test_optimal_is_said_only_where_it_is_proven(plan, report):
    rows = outcomes(plan.figures)
    assert [row["title"].en for row in rows] == [
        "county least served (share)",
        "demand served (kWh equivalent/day)",
        "cost of a year (CNY)",
        "demand served before the target year (kWh equivalent/day, summed over years)",
        "test roads",
    ]
    assert [row["ended"].en for row in rows] == [
        "proven optimal",
        "stopped within the allowed gap",
        "stopped at a limit of rounds or time with a feasible plan",
        "proven optimal",
        "stopped at a limit of rounds or time with a feasible plan",
    ]
    for row in plan.figures["siting"]["goals"]:
        row["termination"] = "within_gap"
    text = render_report(plan.layers, plan.figures)
    assert "optimal" not in text
    assert "最优" not in text
    assert "最优" in report


def test_one_sentence_says_how_sure_the_plan_is_and_no_more_than_is_proved(plan, report):
    zh = "把握程度：5 个目标中 2 个已证明最优，其余离可能的最好结果最多相差 10.00%（测试道路）。"
    assert sureness(plan.figures).zh == zh
    assert zh in words_of(report)
    outcome = {"termination": "feasible_limit", "gap": None}
    figures = {
        "siting": {"goals": [outcome | {"name": "cost"}]},
        "test_roads": {"outcome": outcome},
    }
    assert sureness(figures).en == (
        "How sure: all 2 goals stopped short of their bounds; of 2 there is no bound to say how "
        "far away they are."
    )
    proven = {"termination": "proven_optimal", "gap": 0.0}
    figures = {"siting": {"goals": []}, "test_roads": {"outcome": proven}}
    assert "全部 1 个目标都已证明" in sureness(figures).zh


def test_the_terminal_names_goals_endings_and_layers_in_chinese(plan):
    told = summary(plan.figures, SimpleNamespace(checks=[], passed=True), Path("out"), lang="zh",
                   as_json=False)  # fmt: skip
    assert "满足率最低的县（占比）：已证明最优（差距 0.00%）" in told
    assert "把握程度：" in told
    assert "示意或非实测数据: 道路" in told
    assert not re.search(r"worst_county|proven_optimal|within_gap", told)


def test_counties_that_tie_are_all_named(plan):
    worst = plan.figures["siting"]["worst_county"]
    worst["tied"] = [{"name": name} for name in ("东湖区", "西湖区", "安义县")]
    said = lead(plan.figures)
    assert said.zh.startswith("3 个区县并列最低：东湖区、西湖区、安义县，目前都只有 0.0 %")
    assert "以南昌县为例" in said.zh
    assert said.en.startswith("3 counties are served least: 东湖区, 西湖区, 安义县;")
    tile = tiles(plan.figures)[0]
    assert (tile.label.zh, tile.value.zh) == ("3 个区县并列最低", "东湖区、西湖区、安义县")
    worst["tied"] = [{"name": f"c{n}"} for n in range(7)]
    assert tiles(plan.figures)[0].value.zh == "c0、c1、c2、c3、c4等 7 个"


def test_english_names_counties_in_english_where_they_have_such_a_name(plan):
    siting = plan.figures["siting"]
    siting["worst_county"]["name_en"] = siting["county_shares"][1]["name_en"] = "Nanchang County"
    english = words_of(render_report(plan.layers, plan.figures), "en")
    assert "Nanchang County is served least" in english
    assert "Nanchang County 0.0 % → 79.6 %" in english
    assert "青山湖区 35.0 % → 55.0 %" in english


def test_warnings_are_told_in_chinese_by_their_own_halves_or_by_their_code():
    row = {"code": "W-POS-002", "reason": "2 of 60 places lie elsewhere", "remedy": "check"}
    said, mended = warning_words(row)
    assert said == Both("部分位置与其所填区县不符", "2 of 60 places lie elsewhere")
    assert mended.zh.startswith("核对位置")
    halves = {"code": "W-PRE-001", "reason": "near / 附近", "remedy": "offer a site"}
    assert warning_words(halves)[0] == Both("附近", "near")
    other = {"code": "W-NEW-001", "reason": "new", "remedy": "mend"}
    assert warning_words(other) == (Both("new", "new"), Both("mend", "mend"))


def test_reviews_are_told_with_their_site_and_whether_they_are_honoured(plan):
    plan.layers["reviews"] = pd.DataFrame(
        [
            ("r1", "s1", "lock", "charging", "<script>王</script>", "=1+1"),
            ("r2", "s1", "ban", "swap", None, "{{ 7*7 }}"),
            ("r3", "s2", "lock", "all", "李", None),
            ("r4", "s2", "ban", "charging", "李", None),
        ],
        columns=["review_id", "site_id", "mark", "energy", "reviewer", "comment"],
    )
    sites = {"site_id": ["s1", "s2"], "name": ["<b>一</b>", None], "county_id": ["360121", None],
             "status": "accepted"}  # fmt: skip
    stations = {"site_id": ["s1", "s1"], "energy": ["charging", "swap"], "status": "planned"}
    frames = plan.layers | {
        "candidate_sites": pd.DataFrame(sites), "stations": pd.DataFrame(stations),
    }  # fmt: skip
    cards = review_cards(frames)
    assert [card["honoured"].en for card in cards] == ["yes", "no", "no", "yes"]
    assert [card["county"] for card in cards] == ["南昌县", "南昌县", "—", "—"]
    page = render_report(
        plan.layers | {"candidate_sites": plan.layers["candidate_sites"]}, plan.figures
    )
    assert "<script" not in page
    text = words_of(page)
    assert "<script>王</script>" in text
    assert "{{ 7*7 }} (r2)" in text
    assert "必须建站" in text


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
    assert "合计 27.04 9.01 3 360,000 360,000 180,000 180,000 1" in text
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
    assert [amounts.amount(value) for value in (0.0, 2.4, 99.96, 1234.5)] == [
        "0",
        "2.4",
        "100.0",
        "1,234",
    ]
    assert amounts.daily(40.0, "swap") == Both("40.0 次/日", "40.0 swaps/day")


def test_wording_fills_places_in_each_language_and_refuses_unknown_keys():
    assert wording("headline.roads_value", km="1.00") == Both("1.00 公里", "1.00 km")
    assert word_of("status", "met") == Both("达标", "met")
    assert word_of("status", "new") == Both("new", "new")
    with pytest.raises(KeyError):
        wording("map.absent")
