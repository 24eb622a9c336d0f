"""Holds the checks of reasons and of counties to what is so, beside what must not pass."""

import pytest
from tampering import both, sql

from planner.verify.elsewhere import counties_beyond
from planner.verify.files import PlanFiles, read_plan_files
from planner.verify.rejections import rejections_are_facts
from planner.verify.told import ACTIONS, AGAINST, told_against, told_for


@pytest.fixture(scope="module")
def plan(pristine):
    return read_plan_files(pristine)


def with_goals(plan, tolerance, **objectives):
    """Return the plan with another tolerance and with these goals alone."""
    settings = plan.content["settings"]
    siting = settings["siting"] | {"gap_tolerance": tolerance}
    goals = [{"name": name, "objective": value, "bound": value} for name, value in
             objectives.items()]  # fmt: skip
    content = plan.content | {
        "settings": settings | {"siting": siting},
        "siting": plan.content["siting"] | {"goals": goals},
    }
    return PlanFiles(plan.folder, content, {}, plan.frames)


EAST, WEST = 0.330981, 0.470385
"""Shares served after the plan; sites reach 0.594845 of the east and 0.654249 of the west."""


@pytest.mark.parametrize(
    ("tolerance", "stated", "holds"),
    [
        (0.45, WEST, True),  # 0.594845 * 0.55 = 0.327: the east is settled, the west is next
        (0.45, EAST, False),
        (0.45, 0.48, False),
        (0.4, WEST, True),  # 0.594845 * 0.6 = 0.357 is within the tolerance of what was reached
        (0.2, WEST, False),  # 0.476 is more than any share that may have been reached: 0.414
        (0.2, EAST, True),  # none is settled: the search goes no further than it did
    ],
)
def test_the_next_county_is_the_worst_of_those_not_settled(plan, tolerance, stated, holds):
    goals = {"worst_county_share": EAST, "next_county_share": stated}
    found = list(counties_beyond(with_goals(plan, tolerance, **goals)))
    assert (not found) == holds


def test_without_a_next_goal_there_is_nothing_to_hold(plan):
    assert not list(counties_beyond(with_goals(plan, 0.005, worst_county_share=EAST)))


SITE = "UPDATE candidate_sites SET reason = "


@pytest.mark.parametrize(
    "edit",
    [
        sql(SITE + "'no hydrogen: too near to zone z3 / 不得加氢:距 z3 过近'"
            " WHERE site_id = 'j-22'"),
        sql(SITE + "'no swap: refused in review / 不得乘用车换电:评审未通过'"
            " WHERE site_id = 'j-22'"),
        both(sql("UPDATE reviews SET site_id = 'j-04', energy = 'all' WHERE mark = 'ban'"),
             sql(SITE + "NULL WHERE site_id = 'j-22'"),
             sql(SITE + "'refused in review / 评审未通过' WHERE site_id = 'j-04'")),
        sql("UPDATE candidate_sites SET county_id = NULL, reason ="
            " 'outside every county / 位于各区县之外' WHERE site_id = 'j-04'"),
        both(sql("UPDATE candidate_sites SET geom = (SELECT geom FROM candidate_sites"
                 " WHERE site_id = 'j-32') WHERE site_id = 'j-04'"),
             sql(SITE + "'too near to site j-32 (0 m) / 距站址 j-32 过近(0 m)'"
                 " WHERE site_id = 'j-04'")),
    ],
    ids=["zone", "review", "banned", "nowhere", "near"],
)  # fmt: skip
def test_reasons_that_are_so_are_no_faults(folder, edit):
    edit(folder)
    assert list(rejections_are_facts(read_plan_files(folder))) == []


def test_words_of_both_languages_are_read_and_money_is_one_figure():
    kind, told = told_against(
        "too little public money: the cheapest station costs 0.46 M yuan, 0.0312 M yuan is left"
        " / 公共资金不足：最便宜方案需 46 万元，剩余 3.12 万元"
    )
    assert (kind, told.figures) == ("public", (460_000.0, 31_200.0))
    assert {words.kind for words in AGAINST} >= {"power", "nobody", "rules", "tolerance"}


@pytest.mark.parametrize(
    "reason",
    [
        "built",
        "新建",
        "built / ",
        "built, and so on / 新建，等等",
        "kept / 保留",
        "built / 新建 / x",
    ],
)
def test_other_words_are_not_read(reason):
    assert told_against(reason) is None
    assert told_for(reason, "build") is None


@pytest.mark.parametrize("action", ACTIONS)
def test_a_station_may_be_told_by_its_action_alone(action):
    english, chinese = ACTIONS[action]
    assert told_for(f"{english} / {chinese}", action) == {}
    assert told_for(f"{english} / {chinese}", "demolish") is None
