"""Turns the studies of test roads into tables, notes and a chart for their pages."""

from __future__ import annotations

import pandas as pd

from planner.outputs.charts import Say, in_both
from planner.outputs.wording import Both, word_of
from planner.studies.chart import Series, share_chart
from planner.studies.page import Cell, Table, figure, percent, study_page, whole
from planner.studies.reports import YES_NO
from planner.studies.road_alternatives import RoadAlternatives
from planner.studies.road_tradeoff import RoadTradeOff

MOST_NAMES = 40
KM = Both("里程（公里）", "km")
WORTH = Both("测试价值", "worth")
MET = Both("达到目标与限值", "target and limits met")


def road_trade_off_chart(study: RoadTradeOff, say: Say) -> str:
    """Return worth and own money over the opened km as SVG, each as a share of its largest."""
    points = study.points
    most = float(points["worth_bound"].max()) if len(points) else 1.0
    dearest = float(points["own_cny"].max()) if len(points) else 1.0
    worth = (points["worth"] / most).tolist() if most else []
    bounds = (points["worth_bound"] / most).tolist() if most else []
    money = (points["own_cny"] / max(dearest, 1.0)).tolist()
    series = [
        Series(Both("测试价值（占最大上界）", "worth (of the largest bound)"), worth, bounds),
        Series(
            Both("补助后装备费用（占最大）", "equipment after subsidy (of the largest)"),
            money,
            [None] * len(money),
        ),
    ]
    title = Both("开放里程（公里）；短横线为上界", "opened km; short bars are bounds")
    return share_chart(points["opened_km"].tolist(), title, series, say)


def road_trade_off_page(study: RoadTradeOff, lang: str) -> str:
    """Return the page of a trade-off of test roads."""
    notes = [
        Both(
            "仅列出有上界证明的点；装备费用按全部开放里程计，不受装备预算限制。",
            "Only points with a proved bound are shown; equipment is that of all opened roads, "
            "whatever the budget.",
        ),
        *(
            Both(
                f"未列出：目标 x {factor:g}（{reason}）",
                f"left out: target x {factor:g} ({reason})",
            )
            for factor, reason in study.left_out
        ),
    ]
    head = (
        Both("目标倍数", "target factor"),
        Both("目标（公里）", "target (km)"),
        Both("开放（公里）", "opened (km)"),
        Both("达标", "met"),
        WORTH,
        Both("上界", "bound"),
        Both("间隙", "gap"),
        Both("装备（公里）", "equipped (km)"),
        Both("装备费用（元）", "equipment (CNY)"),
        Both("补助（元）", "subsidy (CNY)"),
        Both("补助后（元）", "after subsidy (CNY)"),
        Both("每公里（元）", "CNY per km"),
    )
    rows: list[list[Cell]] = [
        [
            f"{row.target_factor:g}",
            figure(row.target_km),
            figure(row.opened_km),
            YES_NO[bool(row.target_met)],
            figure(row.worth),
            figure(row.worth_bound),
            percent(row.worth_gap),
            figure(row.equipped_km),
            whole(row.equipment_cny),
            whole(row.subsidy_cny),
            whole(row.own_cny),
            whole(row.cny_per_km),
        ]
        for row in study.points.itertuples()
    ]
    title = Both("测试道路：里程、装备费用与价值", "Test roads: km, equipment money and worth")
    table = Table(Both("已证明的点", "Proved points"), head, rows)
    parts: list[Table | str] = [road_trade_off_chart(study, in_both), table]
    return study_page(study.scenario, title, notes, parts, lang)


def road_alternatives_page(study: RoadAlternatives, lang: str) -> str:
    """Return the page of a study of alternative networks."""
    gap = f"{study.gap:.1%}"
    proved = percent(float("nan") if study.outcome.gap is None else study.outcome.gap)
    km = f"{study.common_km:,.1f}"
    notes = [
        Both(
            f"各路网的测试价值不低于首个路网的 {gap} 以内；首个路网的证明间隙 {proved}。",
            f"No network is worth less than {gap} below the first, whose proved gap is {proved}.",
        ),
        Both(
            f"几乎所有路网共有 {km} 公里。",
            f"{km} km are common to nearly all networks.",
        ),
    ]
    if study.ended:
        notes.append(Both(f"搜索结束：{study.ended}", f"The search ended: {study.ended}"))
    title = Both("测试道路近优备选路网", "Near-optimal alternatives of the test roads")
    parts = [_plans(study), _corridors(study), _common(study)]
    return study_page(study.scenario, title, notes, parts, lang)


def _plans(study: RoadAlternatives) -> Table:
    head = (
        Both("路网", "network"),
        KM,
        WORTH,
        Both("低于首个路网", "below the first"),
        MET,
        Both("与首个相同（公里）", "as in the first (km)"),
        Both("此前均无（公里）", "in none before (km)"),
    )
    rows: list[list[Cell]] = [
        [
            str(row.plan),
            figure(row.km),
            figure(row.worth),
            percent(row.worth_below_first),
            YES_NO[bool(row.target_met)],
            figure(row.km_as_first),
            figure(row.km_only_here),
        ]
        for row in study.plans.itertuples()
    ]
    return Table(Both("路网", "Networks"), head, rows)


def _corridors(study: RoadAlternatives) -> Table:
    head = (
        Both("线路", "corridor"),
        Both("道路", "road"),
        KM,
        Both("移除即失价值", "worth on it"),
        Both("重新选择后至多损失", "lost at most, chosen again"),
        Both("占比", "share"),
        Both("改用其他（公里）", "km taken instead"),
        MET,
        Both("失去的必达区", "zones lost"),
    )
    rows: list[list[Cell]] = [
        [
            row.corridor_id,
            row.name or "—",
            figure(row.km),
            figure(row.worth),
            figure(row.worth_lost),
            percent(row.worth_lost_share),
            figure(row.km_instead),
            YES_NO[bool(row.target_met)],
            str(row.zones_lost),
        ]
        for row in study.corridors.itertuples()
    ]
    return Table(Both("最长线路的替代价值", "What the longest corridors are worth"), head, rows)


def _common(study: RoadAlternatives) -> Table:
    """Return the roads of nearly all networks by name, the longest first."""
    head = (Both("道路", "road"), Both("等级", "class"), KM, Both("其中已开放", "of it opened"))
    common = study.roads[study.roads["common"]]
    sums = common.assign(opened=common["km"].where(common["opened_before"], 0.0))
    grouped = sums.groupby(["name", "road_class"], sort=True)[["km", "opened"]].sum()
    longest = grouped.sort_values("km", ascending=False, kind="stable").head(MOST_NAMES)
    rows: list[list[Cell]] = [
        [str(name) or "—", word_of("road_class", kind), figure(row["km"]), figure(row["opened"])]
        for (name, kind), row in longest.iterrows()
    ]
    return Table(Both("几乎所有路网共有的道路", "Roads in nearly all networks"), head, rows)


def frames_of(study: RoadAlternatives) -> dict[str, pd.DataFrame]:
    """Return the tables of a study of alternatives by the name of their file."""
    return {"plans": study.plans, "roads": study.roads, "corridors": study.corridors}
