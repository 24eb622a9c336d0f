"""Arranges the two pages a director reads first: figures with trust, money, reasons, limits."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner import layers
from planner.outputs.amounts import NOTHING
from planner.outputs.list_cells import names_of
from planner.outputs.road_lists import excluded_segments
from planner.outputs.site_words import both_of
from planner.outputs.summary import Tile, county_name, tiles
from planner.outputs.text_safety import brief
from planner.outputs.wording import Both, layer_title, same, word_of, wording

Row = dict[str, Any]
RESTS_ON: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "worst": (("counties", "roads", "existing_stations"), ("fleets",)),
    "stations": (("roads", "existing_stations", "supply_nodes"), ("technologies",)),
    "money": (("roads", "supply_nodes"), ("technologies",)),
    "yearly": (("roads", "supply_nodes"), ("technologies",)),
    "townships": (("townships", "roads", "existing_stations"), ()),
    "highways": (("roads", "existing_stations"), ()),
    "roads": (("roads", "opened_roads", "zones"), ()),
    "subsidy": (("roads",), ("equipment",)),
}
"""Input layers and tables of plan.json that each headline figure rests on."""

WEAK = ("U", "estimate", "illustrative", "schematic")
MOST_SITES = 4
NAME, REASON, SENTENCE = 24, 90, 110
"""Characters of a name, a reason and a source sentence that the two pages have room for."""


def headline(figures: Row) -> list[tuple[Tile, Both]]:
    """Return the tiles, each with the weakest trust mark of what it rests on."""
    found = {row["layer"]: row["trust"] for row in figures["inputs"]}
    return [(tile, _weakest(tile.key, found, figures)) for tile in tiles(figures)]


def _weakest(key: str, found: Row, figures: Row) -> Both:
    names, tables = RESTS_ON[key]
    marks = [found[name] for name in names if found.get(name)]
    marks += [row["trust"] for table in tables for row in figures[table].values() if "trust" in row]
    known = [mark for mark in layers.TRUST_MARKS if mark in marks]
    return wording("report.weakest", mark=word_of("trust", known[-1])) if known else same("")


def funding(figures: Row) -> list[Row]:
    """Return what is spent on stations and roadsides, and which of it the payers bear."""
    payers = {row["payer"]: row["capital_cny"] for row in figures["siting"]["payers"]}
    roadside = figures["subsidy"]
    rows = [
        {
            "title": wording("report.funding_stations"),
            "city": payers.get("city", 0),
            "county": payers.get("county", 0),
            "enterprise": payers.get("enterprise", 0),
            "subsidy": figures["siting"]["grants_cny"],
        },
        {
            "title": wording("report.funding_roadside"),
            "city": roadside["city_cny"],
            "county": roadside["county_cny"],
            "enterprise": roadside["enterprise_cny"],
            "subsidy": roadside["subsidy_cny"],
        },
    ]
    siting = figures["siting"]
    rows[0]["total"] = siting["spent_cny"] + siting["hydrogen_spent_cny"]
    rows[1]["total"] = roadside["cost_cny"]
    return rows


def why_these(frames: dict[str, Any]) -> Row:
    """Return the changed charging stations that most hangs on, and how many others could replace.

    Keys: ``n`` stations built or changed, ``n_only`` that serve demand only they reach, ``rows``.
    """
    stations = pd.DataFrame(frames["stations"])
    changed = stations[stations["action"] != "keep"][["site_id", "energy", "name", "county_id"]]
    reasons = frames["site_reasons"][frames["site_reasons"]["chosen"].astype(bool)]
    table = changed.merge(reasons, on=["site_id", "energy"], how="inner")
    table = table[table["lost_per_day"].fillna(0) > 0]
    most = table[table["energy"] == "charging"].sort_values(
        ["lost_per_day", "site_id"], ascending=[False, True]
    )
    sites = names_of(frames["candidate_sites"], "site_id")
    counties = {row.county_id: _county(row) for row in frames["counties"].itertuples()}
    return {
        "n": len(changed),
        "n_only": len(table),
        "rows": [_why(row, sites, counties) for row in most.head(MOST_SITES).itertuples()],
    }


def _why(row: Any, sites: dict[str, str], counties: dict[str, Both]) -> Row:  # noqa: ANN401
    said = both_of(row.reason)
    rival = row.rival_site_id if isinstance(row.rival_site_id, str) else ""
    called = sites.get(rival)
    return {
        "title": brief(row.name if isinstance(row.name, str) else row.site_id, NAME),
        "county": counties.get(row.county_id, same("")),
        "lost": float(row.lost_per_day),
        "reason": Both(brief(said.zh, REASON), brief(said.en, 2 * REASON)),
        "rival": brief(called if isinstance(called, str) else rival, NAME) or NOTHING,
        "cost": None if pd.isna(row.replacement_cny) else int(row.replacement_cny),
    }


def _county(row: Any) -> Both:  # noqa: ANN401 - a row of itertuples
    english = row.name_en if isinstance(row.name_en, str) else None
    found = county_name({"name": row.name, "name_en": english})
    return Both(brief(found.zh, NAME), brief(found.en, 2 * NAME))


def alternatives(frames: dict[str, Any], figures: Row) -> Both:
    """Return one paragraph on the sites that were not taken."""
    sites = frames["candidate_sites"]
    usable = set(sites.loc[sites["status"] == "accepted", "site_id"])
    used = usable & set(frames["stations"]["site_id"])
    return wording(
        "report.alternatives_note",
        n=len(usable),
        used=len(used),
        unused=len(usable - used),
        rejected=int((sites["status"] == "rejected").sum()),
        roads=figures["test_roads"]["n_rejected_segments"],
    )


def rules_told(figures: Row) -> tuple[list[Row], list[Row]]:
    """Return the rules with a sentence of their source, and those without."""
    told: list[Row] = []
    rest: list[Row] = []
    for rule in figures["rules"]:
        source = figures["policy_rules"].get(rule["rule_id"], {})
        row = {
            "title": Both(brief(rule["zh"], REASON), brief(rule["en"], 2 * REASON)),
            "status": rule["status"],
            "detail": Both(brief(rule["detail_zh"], REASON), brief(rule["detail_en"], 2 * REASON)),
            "sentence": brief(source.get("sentence") or "", SENTENCE),
            "trust": source.get("trust"),
        }
        (told if row["sentence"] else rest).append(row)
    return told, rest


def limits(figures: Row) -> list[Both]:
    """Return what a decision on this plan must bear in mind, a line each."""
    case, towns = figures["case"], figures["townships"]
    lines = []
    if case["synthetic_layers"]:
        titles = [layer_title(name) for name in case["synthetic_layers"]]
        names = Both("、".join(row.zh for row in titles), ", ".join(row.en for row in titles))
        lines.append(wording("report.limit_synthetic", names=names))
    if towns["n_cannot_be_checked"]:
        lines.append(wording("report.limit_unchecked", n=towns["n_cannot_be_checked"]))
    if figures["warnings"]:
        lines.append(wording("report.limit_warnings", n=len(figures["warnings"])))
    weak = sum(row["trust"] in WEAK for row in figures["assumptions"])
    lines.append(wording("report.limit_assumed", n=len(figures["assumptions"]), weak=weak))
    number = case["map_approval_number"]
    approved = wording("report.limit_approved", number=brief(number, NAME)) if number else None
    return [*lines, approved or wording("report.limit_map")]


def excluded_by_reason(frames: dict[str, Any]) -> list[Row]:
    """Return number and km of the segments that may not be test roads, by first reason."""
    table = excluded_segments(frames)
    return [
        {
            "title": word_of("exclusion_kind", kind),
            "n": len(group),
            "km": float(group["length_m"].fillna(0).sum()) / 1000,
        }
        for kind, group in table.groupby("kind", sort=False)
    ]
