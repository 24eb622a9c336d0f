"""Decides what people read of reviews: who asked what, why, what became of it, what it costs."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner import layers
from planner.outputs.amounts import NOTHING, money
from planner.outputs.list_cells import cell, coded, names_of
from planner.outputs.sheets import Heading, Sheet
from planner.outputs.wording import Both, same, word_of, wording

Row = dict[str, Any]
CODED = {
    "target": "mark_target",
    "opinion": "opinion",
    "outcome": "outcome",
    "cost_basis": "cost_basis",
    "cost_proved": "yes",
}
"""Columns of the log whose codes people read as words, with the section of the words."""
STYLES = {
    "townships_short": "count",
    "highway_short_m": "amount",
    "unserved_kwh_per_day": "amount",
    "capital_cny": "money",
    "annual_cny": "money",
    "missing_km": "km",
    "worth_lost": "unit_cost",
}
UNSEEN = ("segment_ids", "site_id", "mark_id", "lon", "lat")
"""Columns of the log that the list leaves to the layer."""
SHOWN = tuple(name for name in layers.REVIEW_LOG.column_names() if name not in UNSEEN)


def review_cards(frames: dict[str, Any]) -> list[Row]:
    """Return every review of the case itself as the report shows it, in the order of the layer.

    What comes from a mark of a review file is told in the review log.

    A lock is honoured where a station of its energy stands at the site in the end, a ban where
    the plan builds none there. What reviewers wrote is data: the page makes it inert.
    """
    marked, stations = set(frames["review_log"]["log_id"]), frames["stations"]
    planned = stations[stations["status"] == "planned"]
    names = names_of(frames["candidate_sites"], "site_id")
    counties = names_of(frames["counties"], "county_id")
    county = dict(
        zip(
            frames["candidate_sites"]["site_id"],
            frames["candidate_sites"]["county_id"],
            strict=True,
        )
    )
    return [
        {
            "review_id": str(row.review_id),
            "site_id": str(row.site_id),
            "site": _text(names.get(row.site_id)),
            "county": _text(counties.get(str(county.get(row.site_id)))),
            "mark": word_of("review", row.mark),
            "energy": word_of("review_energy", row.energy)
            if row.energy == "all"
            else word_of("energy", row.energy),
            "reviewer": _text(row.reviewer),
            "comment": _text(row.comment),
            "honoured": _honoured(row, stations if row.mark == "lock" else planned),
        }
        for row in frames["reviews"].itertuples()
        if str(row.review_id).rpartition(".")[0] not in marked
    ]


def _honoured(review: Any, stations: pd.DataFrame) -> Both:  # noqa: ANN401 - a row of itertuples
    at = stations[stations["site_id"] == review.site_id]
    there = bool(len(at) if review.energy == "all" else (at["energy"] == review.energy).any())
    return word_of("yes", there == (review.mark == "lock"))


def _text(value: object) -> str:
    return value if isinstance(value, str) and value else NOTHING


def log_cards(frames: dict[str, Any]) -> list[Row]:
    """Return every mark of the review files as the report shows it; none without review files."""
    return [
        {
            "who": str(row.reviewer),
            "when": str(row.marked_at)[:10],
            "what": word_of("mark_target", row.target),
            "name": _text(row.name) if _text(row.name) != NOTHING else str(row.target_id),
            "id": str(row.target_id),
            "energy": _energy(row.energy),
            "opinion": word_of("opinion", row.opinion),
            "comment": _text(row.comment),
            "outcome": word_of("outcome", row.outcome),
            "reason": Both(row.reason_zh, row.reason_en),
            "cost": cost_words(row),
        }
        for row in frames["review_log"].itertuples()
    ]


def _energy(code: object) -> Both:
    if not isinstance(code, str):
        return same("")
    return word_of("review_energy" if code == "all" else "energy", code)


def cost_words(row: Any) -> Both:  # noqa: ANN401 - a row of itertuples or a mapping of figures
    """Return what a mark costs in words: its figures that are not nothing, and how it was found."""
    figures = {name: getattr(row, name) for name in layers.COST_COLUMNS}
    said = [_figure(name, value) for name, value in figures.items() if _some(value)]
    basis = word_of("cost_basis", row.cost_basis)
    if not said:
        return basis
    zh, en = "、".join(part.zh for part in said), ", ".join(part.en for part in said)
    return Both(f"{zh}（{basis.zh}）", f"{en} ({basis.en})")


def _some(value: float) -> bool:
    return not pd.isna(value) and abs(value) >= 0.0005


def _figure(name: str, value: float) -> Both:
    sign = "+" if value > 0 else "−"
    if name in {"capital_cny", "annual_cny"}:
        amount = money(round(abs(value)))
        shown = Both(f"{sign}{amount.zh}", f"{sign}{amount.en}")
    else:
        digits = {"missing_km": 3, "worth_lost": 3, "townships_short": 0}.get(name, 1)
        shown = same(f"{sign}{abs(value):,.{digits}f}")
    return wording(f"review_cost.{name}", amount=shown)


def totals(figures: Row) -> list[Row]:
    """Return what all marks together cost, for stations and for test roads, as the report says it.

    Parameters
    ----------
    figures
        Content of ``plan.json``.
    """
    told = figures["reviews"]
    rows = []
    for part in ("stations", "test_roads"):
        total = told[part]
        if total is None:
            continue
        said = [_figure(name, value) for name, value in total["costs"].items() if _some(value)]
        rows.append(
            {
                "part": wording(f"review_cost.{part}"),
                "cost": Both("、".join(row.zh for row in said), ", ".join(row.en for row in said))
                if said
                else wording("review_cost.nothing"),
                "basis": word_of("cost_basis", "within_gap")
                if total["basis"] == "within_gap"
                else wording("review_cost.second_solve"),
            }
        )
    return rows


def counts(figures: Row) -> list[tuple[Both, int]]:
    """Return how many marks came to each outcome, in words; empty without review files."""
    told = figures["reviews"]
    if not told["files"]:
        return []
    return [(word_of("outcome", each), told["by_outcome"][each]) for each in layers.OUTCOMES]


def log_list(frames: dict[str, Any]) -> list[Sheet]:
    """Return the sheet of the review log, none without review files."""
    rows = [
        [_cell(name, getattr(row, name)) for name in SHOWN]
        for row in frames["review_log"].itertuples()
    ]
    headings = tuple(
        Heading(wording(f"review_column.{name}"), STYLES.get(name, "text")) for name in SHOWN
    )
    return [Sheet(wording("list.sheet_review_log"), headings, rows)] if rows else []


def _cell(name: str, value: Any) -> Any:  # noqa: ANN401 - a cell
    if name in CODED:
        return coded(CODED[name], bool(value) if CODED[name] == "yes" else value)
    if name == "energy" and isinstance(value, str):
        return coded("review_energy" if value == "all" else "energy", value)
    if name in layers.COST_COLUMNS:
        return None if pd.isna(value) else float(value)
    return cell(value)
