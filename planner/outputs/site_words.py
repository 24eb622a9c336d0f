"""Arranges why sites have a station or none, and what would mend the rules: lists and one line."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner import layers
from planner.outputs.amounts import NOTHING
from planner.outputs.list_cells import both_names, cell, coded, column_heading, list_heading
from planner.outputs.sheets import Cell, Sheet
from planner.outputs.wording import Both, same, word_of, wording

Record = Any
"""A row of a frame as ``itertuples`` gives it: one attribute a column."""
SLASH = " / "
Reasons = dict[str, list[tuple[str, Both]]]
"""Energy and reason of each site, by its id."""


def both_of(reason: object) -> Both:
    """Return a reason of a site in both languages: it is held in English, a slash, in Chinese.

    Several of them stand one after the other with a semicolon between.

    Examples
    --------
    >>> both_of("built, nothing hangs on it alone / 新建，无其他站点无法替代的作用").zh
    '新建，无其他站点无法替代的作用'
    >>> both_of("no hydrogen: city centre / 不得加氢; refused in review / 评审未通过").en
    'no hydrogen: city centre; refused in review'
    """
    text = str(reason)
    parts = [text] if text.count(SLASH) == 1 else text.split("; ")
    if any(part.count(SLASH) != 1 for part in parts):
        return same(text)
    halves = [part.split(SLASH) for part in parts]
    return Both("；".join(zh for _, zh in halves), "; ".join(en for en, _ in halves))


def reasons_of(frames: dict[str, Any]) -> Reasons:
    """Return why each site has a station or none, energy by energy."""
    found: Reasons = {}
    for row in frames["site_reasons"].itertuples():
        found.setdefault(str(row.site_id), []).append((str(row.energy), both_of(row.reason)))
    return found


def reason_line(reasons: Reasons, site_id: str, energy: str | None = None) -> Both | str:
    """Return the reason of a site in one line: of one energy, or of each that it allows."""
    mine = [pair for pair in reasons.get(site_id, []) if energy in (None, pair[0])]
    if not mine:
        return NOTHING
    if energy is not None:
        return mine[0][1]
    words = [(word_of("energy", code), said) for code, said in mine]
    return Both(
        "；".join(f"{name.zh}：{said.zh}" for name, said in words),
        "; ".join(f"{name.en}: {said.en}" for name, said in words),
    )


def site_reasons(frames: dict[str, Any]) -> Sheet:
    """Return why each site has a station or none, those with one first, and rejected sites last."""
    schema, sites = layers.SITE_REASONS, frames["candidate_sites"]
    known = sites.drop(columns="geometry").set_index("site_id")
    counties = both_names(frames["counties"], "county_id")
    ordered = frames["site_reasons"].sort_values(
        ["chosen", "site_id", "energy"], ascending=[False, True, True], kind="stable"
    )
    rows = []
    for row in ordered.itertuples():
        said, unit = both_of(row.reason), word_of("energy_unit", row.energy)
        figures = [_number(row.lost_per_day), f"{unit.zh} {unit.en}", cell(row.rival_site_id)]
        rows.append(
            [
                *_where(known, counties, str(row.site_id)),
                coded("energy", row.energy),
                coded("yes", bool(row.chosen)),
                *(cell(said.zh), cell(said.en)),
                *figures,
                _whole(row.replacement_cny),
            ]
        )
    rejected = sites[sites["status"] == "rejected"].sort_values("site_id")
    for site in rejected.itertuples():
        said = both_of(site.reason)
        start = [*_where(known, counties, str(site.site_id)), None, coded("yes", value=False)]
        rows.append([*start, cell(said.zh), cell(said.en), None, None, None, None])
    headings = (
        column_heading(layers.CANDIDATE_SITES, "name"),
        column_heading(schema, "site_id"),
        column_heading(layers.CANDIDATE_SITES, "county_id"),
        column_heading(schema, "energy"),
        column_heading(schema, "chosen"),
        *(list_heading(key) for key in ("reason_zh", "reason_en")),
        column_heading(schema, "lost_per_day", "amount"),
        list_heading("unit"),
        column_heading(schema, "rival_site_id"),
        column_heading(schema, "replacement_cny", "money"),
    )
    return Sheet(wording("list.sheet_reasons"), headings, rows)


def _where(known: pd.DataFrame, counties: dict[str, str], site_id: str) -> list[Cell]:
    """Return name, id and county of a site."""
    if site_id not in known.index:
        return [None, cell(site_id), None]
    row = known.loc[site_id]
    county = row["county_id"]
    return [cell(row["name"]), cell(site_id), cell(counties.get(county, county))]


def repairs(frames: dict[str, Any]) -> Sheet:
    """Return what would mend each rule that the plan is short of, in the order of the layer."""
    schema = layers.REPAIRS
    rows = [
        [
            cell(row.rule_id),
            cell(row.where_name),
            cell(row.where_id),
            *(cell(row.text_zh), cell(row.text_en)),
            _whole(row.cost_cny),
            coded("yes", bool(row.confirmed)),
        ]
        for row in frames["repairs"].itertuples()
    ]
    headings = (
        *(column_heading(schema, name) for name in ("rule_id", "where_name", "where_id")),
        *(column_heading(schema, name) for name in ("text_zh", "text_en")),
        column_heading(schema, "cost_cny", "money"),
        column_heading(schema, "confirmed"),
    )
    return Sheet(wording("list.sheet_repairs"), headings, rows)


def _number(value: float | None) -> Cell:
    return None if value is None or pd.isna(value) else float(value)


def _whole(value: float | None) -> Cell:
    return None if value is None or pd.isna(value) else int(value)
