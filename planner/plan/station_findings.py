"""Judges the rules of the stations from the plan's figures, and says only what they show."""

from __future__ import annotations

from typing import Any

from planner.plan.findings import Finding

Row = dict[str, Any]


def township_charging(figures: Row) -> Finding:
    """Judge charging in every township; those without a place are not called met."""
    found = figures["townships"]
    status = "met" if found["n_met"] else "cannot_be_checked"
    if found["n_short"]:
        status = "short"
    elif found["n_met"] and found["n_cannot_be_checked"]:
        status = "partly_checked"
    zh = (
        f"{found['n']} 个乡镇街道：达标 {found['n_met']}，"
        f"不足 {found['n_short']}，无法核查 {found['n_cannot_be_checked']}"
    )
    en = (
        f"of {found['n']} townships and streets {found['n_met']} met, {found['n_short']} short, "
        f"{found['n_cannot_be_checked']} cannot be checked"
    )
    return status, zh, en


def county_gaps(figures: Row) -> Finding:
    """Report the county with the largest gap."""
    worst = figures["siting"]["worst_county"]
    if worst is None:
        return "cannot_be_checked", "没有需求", "there is no demand"
    before, after = worst["served_share_before"], worst["served_share_after"]
    zh = f"缺口最大：{worst['name']}，充换电满足率由 {before:.1%} 升至 {after:.1%}"
    en = (
        f"largest gap: {worst['name']}, share of charging and swap demand served "
        f"from {before:.1%} to {after:.1%}"
    )
    tied = [str(row["name"]) for row in worst["tied"]]
    if len(tied) > 1:
        zh += f"（{len(tied)} 个区县并列最低：{'、'.join(tied)}）"
        en += f" ({len(tied)} counties tie: {', '.join(tied)})"
    return "reported", zh, en


def highway_charging(figures: Row) -> Finding:
    """Judge fast charging along motorways, each direction apart."""
    ways, rules = figures["siting"]["highways"], figures["settings"]["rules"]
    if not ways["n_stretches"]:
        return "cannot_be_checked", "路网中没有高速公路", "the road network has no motorway"
    gap_km, least_kw = rules["highway_gap_m"] / 1000, rules["highway_min_kw"]
    before, after = ways["uncovered_before_m"] / 1000, ways["uncovered_after_m"] / 1000
    zh = (
        f"{ways['n_stretches']} 段（分方向）：达标 {ways['n_met']}，不足 {ways['n_short']}；"
        f"前方 {gap_km:g} 公里内无 {least_kw:g} kW 以上快充的路程由 {before:.1f} 公里变为 "
        f"{after:.1f} 公里"
    )
    en = (
        f"of {ways['n_stretches']} stretches by direction {ways['n_met']} met, "
        f"{ways['n_short']} short; km with no charger of at least {least_kw:g} kW within "
        f"{gap_km:g} km ahead: {before:.1f} before, {after:.1f} after"
    )
    return "short" if ways["n_short"] else "met", zh, en


def units_to_vehicles(figures: Row) -> Finding:
    """Judge public charging units against electric vehicles, county by county."""
    rows = [row for row in figures["siting"]["units"] if row["vehicles"] > 0]
    if not rows:
        return "cannot_be_checked", "没有电动汽车数据", "there are no electric vehicles"
    met, limit = sum(row["met"] for row in rows), figures["settings"]["rules"]["evs_per_unit"]
    vehicles, units = (sum(row[key] for row in rows) for key in ("vehicles", "units_after"))
    ratio = f"{vehicles / units:.1f}" if units else "—"
    zh = f"{len(rows)} 个区县中 {met} 个达到每枪不超过 {limit:g} 辆；全市规划后每枪 {ratio} 辆"
    en = (
        f"{met} of {len(rows)} counties have at most {limit:g} electric vehicles a public unit; "
        f"{ratio} a unit in all after the plan"
    )
    return "met" if met == len(rows) else "short", zh, en


def parking_share(figures: Row) -> Finding:
    """Judge the share of parking places with charging where the case gives the places."""
    found, share = figures["siting"]["checks"]["parking"], figures["settings"]["rules"]
    status = "met" if found["n_known"] == found["n_stations"] else "partly_checked"
    if not found["n_known"]:
        status = "cannot_be_checked"
    elif found["n_within"] < found["n_known"]:
        status = "short"
    part = share["parking_share"]
    zh = (
        f"新建或改建充电站 {found['n_stations']} 座，其中给出停车位数的 {found['n_known']} 座，"
        f"充电车位占比不低于 {part:.0%} 的 {found['n_within']} 座"
    )
    en = (
        f"of {found['n_stations']} charging stations built or changed, the parking places of "
        f"{found['n_known']} are given; {found['n_within']} of them have charging at "
        f"{part:.0%} of the places or more"
    )
    return status, zh, en


def waiting(figures: Row) -> Finding:
    """Judge the mean wait in the busiest hour of every station, existing ones too."""
    found = figures["siting"]["checks"]["waiting"]
    if not found["n_stations"]:
        return "cannot_be_checked", "没有提供服务的站点", "no station serves anything"
    longest, limit = found["longest_min"], found["limit_min"]
    zh = (
        f"最忙一小时平均等待最长 {longest:.1f} 分钟，上限 {limit:g} 分钟；超限 {found['n_over']} 座"
    )
    en = (
        f"longest mean wait in the busiest hour {longest:.1f} min, at most {limit:g} min; "
        f"{found['n_over']} stations above"
    )
    return "short" if found["n_over"] else "met", zh, en


def hydrogen_encouraged(figures: Row) -> Finding:
    """Report the hydrogen stations that enterprises build."""
    siting = figures["siting"]
    planned = sum(
        row["n_stations"]
        for row in siting["by_technology"]
        if row["energy"] == "hydrogen" and row["status"] == "planned"
    )
    money = siting["hydrogen_spent_cny"]
    return (
        "reported",
        f"规划加氢站 {planned} 座，企业投资 {money:,} 元",
        f"{planned} hydrogen stations planned, {money:,} CNY by enterprises",
    )


def hydrogen_setback(figures: Row) -> Finding:
    """Judge the distance of new hydrogen stations from what the case says to keep clear of."""
    found = figures["siting"]["checks"]["hydrogen_setback"]
    if not found["n_planned"]:
        return "met", "没有规划加氢站", "no hydrogen station is planned"
    if not found["n_zones"]:
        zh = f"规划加氢站 {found['n_planned']} 座；案例未给出需退让的场所，退让距离无法核查"
        en = (
            f"{found['n_planned']} hydrogen stations planned; the case names no place to keep "
            "clear of, so the distance cannot be checked"
        )
        return "cannot_be_checked", zh, en
    zh = (
        f"规划加氢站 {found['n_planned']} 座，对照 {found['n_zones']} 处退让场所，"
        f"距离不足 {found['n_near']} 座"
    )
    en = (
        f"{found['n_planned']} hydrogen stations planned, held against {found['n_zones']} "
        f"set-backs; {found['n_near']} too near"
    )
    return "short" if found["n_near"] else "met", zh, en


def reviewed_sites(figures: Row) -> Finding:
    """Judge whether every decision of a reviewer is kept; tell the marks of review files apart.

    A mark that could not be honoured does not make the plan short: a rule stood against it, or
    another mark. It leaves the rule reported, never met.
    """
    found, told = figures["siting"]["checks"]["reviews"], figures["reviews"]
    total = found["n_locks"] + found["n_bans"]
    if told["files"]:
        return _marks(told, total, found["n_kept"])
    if not total:
        return "reported", "案例没有评审意见", "the case has no review"
    zh = f"评审锁定 {found['n_locks']} 条、否决 {found['n_bans']} 条，方案遵守 {found['n_kept']} 条"
    en = f"{found['n_locks']} locks and {found['n_bans']} bans of reviewers, {found['n_kept']} kept"
    return "met" if found["n_kept"] == total else "short", zh, en


def _marks(told: Row, total: int, kept: int) -> Finding:
    """Return what became of the marks of review files, on stations and on roads."""
    count = told["by_outcome"]
    zh = (
        f"评审标记 {told['n_marks']} 条（站点与道路）：已采纳 {count['honoured']} 条，"
        f"未能采纳 {count['not_honoured']} 条，意见矛盾搁置 {count['contradicted']} 条，"
        f"无需处理 {count['nothing_to_do']} 条"
    )
    en = (
        f"{told['n_marks']} marks of reviewers on stations and roads: {count['honoured']} "
        f"honoured, {count['not_honoured']} not honoured, {count['contradicted']} contradicted "
        f"and set aside, {count['nothing_to_do']} with nothing to do"
    )
    if kept < total:
        zh += f"；向方案提出的站址要求 {total} 项，遵守 {kept} 项"
        en += f"; the plan keeps {kept} of {total} demands on sites that were put to it"
        return "short", zh, en
    aside = count["not_honoured"] + count["contradicted"]
    return "reported" if aside or not (total or count["honoured"]) else "met", zh, en


def no_station_subsidy(figures: Row) -> Finding:
    """Report the grants to stations: only what a policy text grants is counted."""
    count, grants = len(figures["schemes"]), figures["siting"]["grants_cny"]
    if not count:
        zh = "政策原文未给予充换电、加氢站建设补助，本方案不计任何补助"
        en = "no policy text at hand grants money to a station; none is counted"
        return "reported", zh, en
    zh = f"案例列出补助政策 {count} 项，每站只计最优一项，合计 {grants:,} 元"
    en = f"{count} schemes of the case, the best one a station: {grants:,} CNY in all"
    return "reported", zh, en
