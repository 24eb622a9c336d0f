"""Decides what the report's charts show: county gaps, money by year, km by year, subsidies."""

from __future__ import annotations

from typing import Any

from planner.outputs import summary
from planner.outputs.amounts import kilometres, lack, money, share
from planner.outputs.charts import Bar, Column, Part, Row, Say, lying_bars, standing_bars
from planner.outputs.text_safety import brief
from planner.outputs.wording import Both, same, wording

Figures = dict[str, Any]
GREY, BLUE, AMBER, GREEN, TEAL, RED = (
    "#b0bec5", "#1565c0", "#f9a825", "#2e7d32", "#80a8d8", "#c62828",
)  # fmt: skip
MOST_ROWS = 12
"""Rows that a chart shows; the annex has them all."""

NAME_LENGTH = 11


def charts(frames: dict[str, Any], figures: Figures, say: Say) -> dict[str, str]:
    """Return the charts by name as ``<svg>`` elements; one without anything to show is empty.

    Parameters
    ----------
    frames
        The plan's layers by name: for the English names of jurisdictions.
    figures
        Content of ``plan.json``; every number comes from it.
    say
        How texts are written: in both languages, or in the one that is printed.
    """
    return {
        "gaps": gap_chart(figures, say),
        "money": money_chart(figures, say),
        "km": km_chart(figures, say),
        "subsidy": subsidy_chart(frames, figures, say),
        "shares": share_chart(figures, say),
    }


def gap_chart(figures: Figures, say: Say) -> str:
    """Return what each county lacks of its charging and swap demand, before and after."""
    rows = [
        (1 - row["served_share_before"], 1 - row["served_share_after"], summary.county_name(row))
        for row in figures["siting"]["county_shares"]
        if row["served_share_before"] is not None and row["served_share_after"] is not None
    ]
    rows.sort(key=lambda row: (-row[0], -row[1], row[2].zh))
    if not rows:
        return ""
    drawn = [
        Row(
            short(name),
            [
                Bar([Part(before, GREY)], same(lack(before))),
                Bar([Part(after, BLUE)], same(lack(after))),
            ],
        )
        for before, after, name in rows[:MOST_ROWS]
    ]
    legend = ((wording("phase.before"), GREY), (wording("phase.after"), BLUE))
    return lying_bars(drawn, legend, say, top=1.0)


def money_chart(figures: Figures, say: Say) -> str:
    """Return what each year costs, by who pays: stations, and roadside equipment on them."""
    kinds = (
        (wording("report.pays_public"), BLUE),
        (wording("report.pays_enterprise"), AMBER),
        (wording("report.pays_subsidy"), GREEN),
        (wording("report.pays_own"), TEAL),
    )
    years = _money_by_year(figures)
    top = max([1, *(sum(row) for row in years.values())])
    columns = [
        Column(
            same(year),
            [Bar([Part(value, colour) for value, (_, colour) in zip(row, kinds, strict=True)],
                 money(sum(row)))],
        )
        for year, row in years.items()
    ]  # fmt: skip
    return standing_bars(columns, kinds, say, top=top)


def _money_by_year(figures: Figures) -> dict[int, tuple[int, int, int, int]]:
    """Return public and enterprises' money for stations, then subsidy and own for roadsides."""
    stations = {row["year"]: row for row in figures["siting"]["by_year"]}
    roadside = {row["year"]: row for row in figures["subsidy"]["by_year"]}
    return {
        year: (
            stations.get(year, {}).get("spent_cny", 0),
            stations.get(year, {}).get("hydrogen_spent_cny", 0),
            roadside.get(year, {}).get("subsidy_cny", 0),
            roadside.get(year, {}).get("own_cny", 0),
        )
        for year in sorted(stations.keys() | roadside.keys())
    }


def km_chart(figures: Figures, say: Say) -> str:
    """Return km opened and equipped at the end of each year, and the target of the year."""
    years = summary.km_by_year(figures)[-MOST_ROWS:]
    targets = [row["target_km"] for row in years if row["target_km"] is not None]
    top = max([1.0, *targets, *(row["opened_km"] for row in years)])
    columns = [
        Column(
            same(row["year"]),
            [
                Bar([Part(row["opened_km"], BLUE)], same(kilometres(row["opened_km"]))),
                Bar([Part(row["equipped_km"], AMBER)], same(kilometres(row["equipped_km"]))),
            ],
            row["target_km"],
        )
        for row in years
    ]
    names = (("report.opened", BLUE), ("report.equipped", AMBER), ("report.target", RED))
    return standing_bars(columns, [(wording(key), hue) for key, hue in names], say, top=top)


def share_chart(figures: Figures, say: Say) -> str:
    """Return the share of charging served, and that of the county least served, by year."""
    columns = []
    for row in figures["siting"]["by_year"]:
        pairs = ((row["served_share"]["charging"], GREEN), (row["worst_county_share"], RED))
        bars = [
            Bar([Part(value, colour)], same(share(value)))
            for value, colour in pairs
            if value is not None
        ]
        columns.append(Column(same(row["year"]), bars))
    names = (("report.served_charging", GREEN), ("report.chart_worst", RED))
    return standing_bars(columns, [(wording(key), hue) for key, hue in names], say, top=1.0)


def subsidy_chart(frames: dict[str, Any], figures: Figures, say: Say) -> str:
    """Return what each jurisdiction spends on roadsides: granted, and left to itself."""
    english = dict(
        zip(
            frames["jurisdictions"]["jurisdiction_id"],
            frames["jurisdictions"]["name_en"],
            strict=True,
        )
    )
    spending = [row for row in figures["subsidy"]["rows"] if row["cost_cny"] > 0]
    spending.sort(key=lambda row: (-row["cost_cny"], row["jurisdiction_id"]))
    if not spending:
        return ""
    rows = [
        Row(
            short(_named(row, english)),
            [
                Bar(
                    [Part(row["subsidy_cny"], GREEN), Part(row["own_cny"], TEAL)],
                    _granted(row),
                )
            ],
        )
        for row in spending[:MOST_ROWS]
    ]
    legend = [(wording("report.pays_subsidy"), GREEN), (wording("report.pays_own"), TEAL)]
    policy, top = figures["settings"]["subsidy"], spending[0]["cost_cny"]
    cap = policy["cap_cny"] if policy["cap_basis"] == "total" else 0
    if not 0 < cap <= top:
        return lying_bars(rows, legend, say, top=top)
    legend.append((wording("report.cap_of_subsidy"), RED))
    return lying_bars(rows, legend, say, top=top, mark=cap)


def _granted(row: Figures) -> Both:
    key = "report.granted_at_cap" if row["at_cap"] else "report.granted"
    return wording(key, money=money(row["subsidy_cny"]))


def _named(row: Figures, english: dict[str, Any]) -> Both:
    other = english.get(row["jurisdiction_id"])
    return Both(str(row["name"]), other if isinstance(other, str) and other else str(row["name"]))


def short(name: Both) -> Both:
    """Return a name that fits beside a bar, cut where one can see it."""
    return Both(brief(name.zh, NAME_LENGTH), brief(name.en, 2 * NAME_LENGTH))
