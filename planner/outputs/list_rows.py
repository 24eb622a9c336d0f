"""Decides what stands in the lists of gaps, roadside units, subsidies, questions, assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from planner import layers
from planner.outputs.list_cells import (
    both_names,
    cell,
    coded,
    column_heading,
    in_one,
    list_heading,
)
from planner.outputs.sheets import Heading, Sheet
from planner.outputs.site_words import both_of
from planner.outputs.summary import tiles, warnings_of_trust
from planner.outputs.text_safety import visible
from planner.outputs.warning_words import warning_words
from planner.outputs.wording import Both, layer_title, word_of, wording, words_of

Row = dict[str, Any]
PHASES = ("before", "after")


def read_me(figures: Row) -> Sheet:
    """Return the first sheet: case, verdict, headline figures and what to trust."""
    case = figures["case"]
    rows: list[list[Any]] = [
        [*wording("list.case"), visible(case["title_zh"]), visible(case["title_en"])],
        [*wording("list.verdict"), *word_of("verdict", figures["verdict"])],
    ]
    rows += [[*wording("list.attention"), row.zh, row.en] for row in warnings_of_trust(figures)]
    if "roads" in case["synthetic_layers"]:
        rows.append([*wording("page.hint"), visible(case["replace_roads_hint"]), None])
    rows += [
        [
            tile.label.zh,
            tile.label.en,
            visible(f"{tile.value.zh}({tile.note.zh})"),
            visible(f"{tile.value.en} ({tile.note.en})"),
        ]
        for tile in tiles(figures)
    ]
    marks = words_of("trust")
    rows += [
        [*wording("list.trust_mark", mark=mark), marks[mark].zh, marks[mark].en]
        for mark in layers.TRUST_MARKS
    ]
    rows.append([*wording("list.version"), figures["planner_version"], figures["metric_crs"]])
    headings = tuple(list_heading(key) for key in ("item", "item_en", "content", "content_en"))
    return Sheet(wording("list.sheet_read_me"), headings, rows)


def county_gaps(frames: dict[str, Any], figures: Row) -> Sheet:
    """Return the gaps of every county and energy, before and after side by side."""
    schema = layers.COUNTY_GAPS
    measures = ("coverage_gap_per_day", "capacity_gap_per_day", "covered_share", "served_share")
    names = both_names(frames["counties"], "county_id")
    pairs: dict[tuple[str, str], dict[str, Row]] = {}
    for row in figures["gaps"]["county"]:
        pairs.setdefault((row["county_id"], row["energy"]), {})[row["phase"]] = row
    rows = []
    for (county, energy), phases in pairs.items():
        after = phases["after"]
        cells = [phases[phase][name] for name in measures for phase in PHASES]
        start = [cell(names.get(county, after["name"])), county, coded("energy", energy)]
        unit = word_of("energy_unit", energy)
        rows.append([*start, f"{unit.zh} {unit.en}", after["demand_per_day"], *cells])
    rows += [_whole_city(row) for row in figures["siting"]["energies"]]
    for row in figures["siting"]["county_shares"]:
        shares = [row["served_share_before"], row["served_share_after"]]
        county = row["county_id"]
        start = [cell(names.get(county, row["name"])), county, coded("energy", "charging+swap")]
        rows.append([*start, *[None] * (2 + 2 * (len(measures) - 1)), *shares])
    headings = [
        list_heading("county"),
        list_heading("county_code"),
        column_heading(schema, "energy"),
        list_heading("unit"),
    ]
    headings.append(column_heading(schema, "demand_per_day", "amount"))
    for name in measures:
        column = column_heading(schema, name).title
        for phase in PHASES:
            word = word_of("phase", phase)
            title = Both(f"{word.zh}{column.zh}", f"{column.en}, {word.en}")
            headings.append(Heading(title, "share" if name.endswith("share") else "amount"))
    return Sheet(wording("list.sheet_gaps"), tuple(headings), rows)


def _whole_city(row: Row) -> list[Any]:
    """Return demand and shares of an energy in the whole city; its gaps stand county by county."""
    unit = word_of("energy_unit", row["energy"])
    start = [in_one(wording("report.all")), None, coded("energy", row["energy"])]
    shares = [row[f"{name}_share_{at}"] for name in ("covered", "served") for at in PHASES]
    return [*start, f"{unit.zh} {unit.en}", row["demand_per_day"], *[None] * 4, *shares]


def roadside_units(frames: dict[str, Any]) -> Sheet:
    """Return every roadside unit with its place and cost."""
    schema, frame = layers.RSUS, frames["rsus"]
    owners = both_names(frames["jurisdictions"], "jurisdiction_id")
    rows = [
        [
            cell(owners.get(row.jurisdiction_id, row.jurisdiction_id)),
            cell(row.segment_id),
            coded("placement", row.placement),
            cell(row.node_id),
            coded("support", row.support),
            int(row.stage_year),
            round(float(row.geometry.x), 6),
            round(float(row.geometry.y), 6),
            int(row.cost_cny),
            cell(row.rsu_id),
        ]
        for row in frame.itertuples()
    ]
    headings = (
        *(
            column_heading(schema, name)
            for name in ("jurisdiction_id", "segment_id", "placement", "node_id", "support")
        ),
        list_heading("bought", "code"),
        list_heading("longitude"),
        list_heading("latitude"),
        column_heading(schema, "cost_cny", "money", total=True),
        column_heading(schema, "rsu_id"),
    )
    return Sheet(wording("list.sheet_rsus"), headings, rows)


def subsidies(frames: dict[str, Any], figures: Row) -> Sheet:
    """Return roadside spending and subsidy of each jurisdiction."""
    schema = layers.SUBSIDIES
    names = [column.name for column in schema.columns if column.name != "jurisdiction_id"]
    styles = {"opened_km": "km", "equipped_km": "km", "n_rsus": "count"}
    texts = ("name", "at_cap")
    headings = tuple(
        list_heading("jurisdiction")
        if name == "name"
        else column_heading(schema, name)
        if name in texts
        else column_heading(schema, name, styles.get(name, "money"), total=True)
        for name in names
    )
    owners = both_names(frames["jurisdictions"], "jurisdiction_id")
    rows = []
    for row in figures["subsidy"]["rows"]:
        named = row | {"name": owners.get(row["jurisdiction_id"], row["name"])}
        named["at_cap"] = coded("yes", row["at_cap"])
        rows.append([cell(named[name]) for name in names])
    return Sheet(wording("list.sheet_subsidy"), headings, rows)


def open_questions(frames: dict[str, Any], figures: Row) -> Sheet:
    """Return what could not be checked, what was warned of, and what was not used."""
    access, sites = frames["township_access"], frames["candidate_sites"]
    unchecked = [
        (_layer(layers.TOWNSHIPS.name), row.name, _reason(row.reason), None)
        for row in access[access["status"] == "cannot_be_checked"].itertuples()
    ]
    warned = [
        (
            _layer(row["layer"]),
            _place(row["code"], row["file"], row["row"]),
            *(_chinese_first(words) for words in warning_words(row)),
        )
        for row in figures["warnings"]
    ]
    unused = [
        (_layer(row.layer), _place(row.code, row.file, row.row), row.reason, None)
        for row in frames["rejected_rows"].itertuples()
    ]
    rejected = [
        (
            _layer(layers.CANDIDATE_SITES.name),
            _place(row.site_id, row.name),
            _reason(row.reason),
            None,
        )
        for row in sites[sites["status"] == "rejected"].itertuples()
    ]
    parts: dict[str, Sequence[tuple[Any, ...]]] = {
        "unchecked": unchecked,
        "warning": warned,
        "not_used": unused,
        "site_rejected": rejected,
    }
    rows = [
        [coded("list", kind), *(cell(value) for value in row)]
        for kind, part in parts.items()
        for row in part
    ]
    keys = ("question", "layer", "where", "reason", "remedy")
    return Sheet(wording("list.sheet_questions"), tuple(list_heading(key) for key in keys), rows)


def _reason(text: object) -> str | None:
    return _chinese_first(both_of(text)) if isinstance(text, str) else None


def _chinese_first(words: Both) -> str:
    return words.zh if words.zh == words.en else f"{words.zh} / {words.en}"


def _layer(name: str) -> str:
    return in_one(layer_title(name))


def _place(*parts: str | float | None) -> str:
    return " ".join(str(part) for part in parts if part and not pd.isna(part))


def assumptions(figures: Row) -> Sheet:
    """Return every value the plan rests on, with unit, source and trust mark."""
    rows = [
        [
            row["key"],
            row["value"],
            coded("unit", row["unit"]),
            visible(row["source"]),
            coded("trust", row["trust"]),
        ]
        for row in figures["assumptions"]
    ]
    keys = ("key", "value", "unit", "source", "trust")
    return Sheet(wording("list.sheet_assumptions"), tuple(list_heading(key) for key in keys), rows)
