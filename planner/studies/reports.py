"""Turns each study into tables, notes and a chart for its page."""

from __future__ import annotations

import pandas as pd

from planner.outputs.charts import Say, in_both
from planner.outputs.wording import Both, same, word_of
from planner.studies.alternatives import Alternatives
from planner.studies.chart import Series, share_chart
from planner.studies.page import Cell, Table, figure, percent, study_page, whole
from planner.studies.sensitivity import Sensitivity
from planner.studies.tradeoff import TradeOff
from planner.studies.transfer import WORSE

MILLION = 1e6
GOALS = {
    "township_shortfall": Both("不达标乡镇（个）", "townships short"),
    "highway_shortfall_m": Both("高速不达标长度（米）", "motorway short (m)"),
    "unit_shortfall": Both("充电设备缺口（台）", "charging units short"),
    "milestone_shortfall": Both("分期目标差额", "milestones short"),
    "early_milestone_shortfall": Both("前期分期目标差额", "milestones short in earlier years"),
    "worst_county_share": Both("最差区县满足率", "share served in the worst county"),
    "next_county_share": Both("其余区县最低满足率", "smallest share of the other counties"),
    "trips_refuelled": Both("可补能车次（次/日）", "trips refuelled (a day)"),
    "demand_served": Both("服务需求（千瓦时/日）", "demand served (kWh a day)"),
    "cost": Both("年成本（元/年）", "cost (CNY a year)"),
    "early_township_shortfall": Both("前期不达标乡镇", "townships short in earlier years"),
    "early_served": Both("前期服务需求（千瓦时/日）", "served in earlier years (kWh a day)"),
}
WHAT = {"enters": Both("进入", "enters"), "leaves": Both("退出", "leaves")}
YES_NO = {True: Both("是", "yes"), False: Both("否", "no")}
SITE_ID = Both("站址", "site")
ENERGY_TITLE = Both("能源", "energy")


def trade_off_chart(study: TradeOff, say: Say) -> str:
    """Return the trade-off curve as SVG: all demand served, and the worst county."""
    points = study.points
    series = [
        Series(Both("全市需求满足率", "demand served"), *_curve(points, "served_share")),
        Series(
            Both("最差区县满足率", "worst county served"), *_curve(points, "worst_county_share")
        ),
    ]
    x = (points["budget_cny"] / MILLION).tolist()
    title = Both(
        "公共资金（百万元）；短横线为上界", "public budget (M yuan); short bars are bounds"
    )
    return share_chart(x, title, series, say)


def _curve(points: pd.DataFrame, name: str) -> tuple[list[float], list[float]]:
    return points[name].tolist(), points[f"{name}_bound"].tolist()


def trade_off_page(study: TradeOff, lang: str) -> str:
    """Return the page of a trade-off study."""
    notes = [
        Both(
            "仅列出有上界证明的点；企业资金不变。",
            "Only points with a proved bound are shown; enterprises' money stays as it is.",
        ),
        *(
            Both(
                f"未列出：预算 x {factor:g}（{reason}）",
                f"left out: budget x {factor:g} ({reason})",
            )
            for factor, reason in study.left_out
        ),
    ]
    head = (
        Both("预算倍数", "budget factor"),
        Both("公共资金（元）", "public budget (CNY)"),
        Both("总投资（元）", "spent, all payers (CNY)"),
        Both("需求满足率", "demand served"),
        Both("上界", "bound"),
        Both("最差区县", "worst county"),
        Both("上界", "bound"),
        Both("年成本（元）", "cost a year (CNY)"),
        Both("成本间隙", "cost gap"),
        Both("不达标乡镇", "townships short"),
    )
    rows: list[list[Cell]] = [
        [
            f"{row.budget_factor:g}",
            whole(row.budget_cny),
            whole(row.spent_cny),
            percent(row.served_share),
            percent(row.served_share_bound),
            percent(row.worst_county_share),
            percent(row.worst_county_share_bound),
            whole(row.annual_cost_cny),
            percent(row.cost_gap),
            whole(row.townships_short),
        ]
        for row in study.points.itertuples()
    ]
    title = Both("预算与满足率权衡曲线", "Budget against demand served")
    table = Table(Both("已证明的点", "Proved points"), head, rows)
    parts: list[Table | str] = [trade_off_chart(study, in_both), table]
    return study_page(study.scenario, title, notes, parts, lang)


def alternatives_page(study: Alternatives, lang: str) -> str:
    """Return the page of a study of alternatives."""
    gap, slack = f"{study.gap:.1%}", f"{study.tolerance:.1%}"
    notes = [
        Both(
            f"各方案年成本不超过首个方案的 {gap}，其余目标让步不超过 {slack}；均按方案实测。",
            f"No plan costs more than {gap} above the first, and none gives back more than "
            f"{slack} of the other goals; both are measured on the plan.",
        )
    ]
    if study.ended:
        notes.append(Both(f"搜索结束：{study.ended}", f"The search ended: {study.ended}"))
    plan_head = (
        Both("方案", "plan"),
        Both("年成本（元）", "cost a year (CNY)"),
        Both("高于首个方案", "above the first"),
        Both("需求满足率", "demand served"),
        Both("最差区县", "worst county"),
        Both("建设或改造站点", "stations built or changed"),
        Both("与首个方案相同", "as in the first"),
        Both("此前方案均无", "in none before"),
    )
    plans: list[list[Cell]] = [
        [
            str(row.plan),
            whole(row.annual_cost_cny),
            percent(row.cost_above_first),
            percent(row.served_share),
            percent(row.worst_county_share),
            str(row.n_changed),
            str(row.n_as_first),
            str(row.n_only_here),
        ]
        for row in study.plans.itertuples()
    ]
    title = Both("近优备选方案", "Near-optimal alternatives")
    parts = [
        Table(Both("方案", "Plans"), plan_head, plans),
        _site_table(study, Both("无悔站址", "No-regret sites"), no_regret=True),
        _site_table(study, Both("其余站址", "Other sites"), no_regret=False),
    ]
    return study_page(study.scenario, title, notes, parts, lang)


def _site_table(study: Alternatives, title: Both, *, no_regret: bool) -> Table:
    head = (SITE_ID, ENERGY_TITLE, Both("占方案比例", "share of plans"), Both("方案", "plans"))
    rows: list[list[Cell]] = [
        [row.site_id, word_of("energy", row.energy), f"{row.share_of_plans:.0%}", row.plans]
        for row in study.sites[study.sites["no_regret"] == no_regret].itertuples()
    ]
    return Table(title, head, rows)


def sensitivity_page(study: Sensitivity, lang: str) -> str:
    """Return the page of a sensitivity study."""
    share = f"{study.share:.0%}"
    notes = [
        Both(
            f"各假设逐一上下浮动 {share}，其余不变；影响大者在前。"
            "原方案仍可行且仍在容差内时，站点变化只是并列方案。",
            f"Each assumption is lowered and raised by {share}, the others stay; the strongest "
            "comes first. Where the plan as it is still holds and is as good within the gaps, "
            "stations only move between plans of equal worth.",
        ),
        *(
            Both(f"无方案：{key} x {factor:g}（{why}）", f"no plan: {key} x {factor:g} ({why})")
            for key, factor, why in study.left_out
        ),
    ]
    parts = [_effects(study), _goals(study), _stations(study)]
    title = Both("假设敏感性", "Sensitivity to assumptions")
    return study_page(study.scenario, title, notes, parts, lang)


KEY, TIMES = Both("假设", "assumption"), Both("倍数", "times")


def _effects(study: Sensitivity) -> Table:
    head = (
        KEY,
        TIMES,
        Both("取值", "value"),
        Both("进入站点", "stations entering"),
        Both("退出站点", "stations leaving"),
        Both("变化的目标", "goals changed"),
        Both("方案须改变", "plan must change"),
        Both("原因", "why"),
    )
    rows: list[list[Cell]] = [
        [
            row.key,
            f"{row.factor:g}",
            figure(row.value),
            str(row.n_entered),
            str(row.n_left),
            str(row.n_goals_changed),
            YES_NO[bool(row.plan_changes)],
            _why(row.why),
        ]
        for row in study.effects.itertuples()
    ]
    return Table(Both("哪个假设改变方案", "Which assumption changes the plan"), head, rows)


def _why(reason: str) -> Both:
    """Return why a plan will not do, its goals in both languages."""
    if not reason.startswith(WORSE):
        return same(reason)
    goals = [GOALS.get(name, same(name)) for name in reason.removeprefix(WORSE).split(", ")]
    chinese, english = "、".join(goal.zh for goal in goals), ", ".join(goal.en for goal in goals)
    return Both(f"变差：{chinese}", f"{WORSE}{english}")


def _goals(study: Sensitivity) -> Table:
    head = (
        KEY,
        TIMES,
        Both("目标", "goal"),
        Both("原值", "as it is"),
        Both("新值", "changed to"),
        Both("超出容差", "beyond the gaps"),
    )
    rows: list[list[Cell]] = [
        [
            row.key,
            f"{row.factor:g}",
            GOALS.get(row.goal, same(row.goal)),
            figure(row.base),
            figure(row.value),
            YES_NO[bool(row.beyond_gap)],
        ]
        for row in study.goals.itertuples()
    ]
    return Table(Both("目标值", "Goals"), head, rows)


def _stations(study: Sensitivity) -> Table:
    head = (KEY, TIMES, SITE_ID, ENERGY_TITLE, Both("变化", "change"))
    rows: list[list[Cell]] = [
        [row.key, f"{row.factor:g}", row.site_id, word_of("energy", row.energy), WHAT[row.what]]
        for row in study.stations.itertuples()
    ]
    return Table(Both("进入与退出的站点", "Stations that enter or leave"), head, rows)
