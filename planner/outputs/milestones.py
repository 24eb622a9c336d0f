"""Decides what people read of the milestones, in the report and in the lists."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner import layers
from planner.outputs.amounts import share
from planner.outputs.list_cells import both_names, cell, coded, column_heading, names_of
from planner.outputs.sheets import Sheet
from planner.outputs.wording import Both, same, word_of, wording

Row = dict[str, Any]
FIGURES = ("least", "reached", "shortfall")


def milestone_cards(frames: dict[str, Any]) -> list[Row]:
    """Return the milestones as the report shows them, by year; none where there are none."""
    counties = names_of(frames["counties"], "county_id")
    return [
        {
            "title": Both(row.zh, row.en),
            "year": int(row.year),
            "measure": word_of("measure", row.measure),
            "energy": _energy(row.energy),
            "where": _where(row.county_id, counties),
            **{name: _figure(getattr(row, name), row.measure) for name in FIGURES},
            "status": "met" if row.met else "short",
            "source": row.source,
            "trust": row.trust,
        }
        for row in _ordered(frames).itertuples()
    ]


def milestone_list(frames: dict[str, Any]) -> list[Sheet]:
    """Return the sheet of the milestones by year, none where there are none."""
    schema, counties = layers.MILESTONES, both_names(frames["counties"], "county_id")
    rows = [
        [
            cell(row.zh),
            cell(row.en),
            int(row.year),
            coded("measure", row.measure),
            _in_one(_energy(row.energy)),
            _in_one(_where(row.county_id, counties)),
            *(float(getattr(row, name)) for name in FIGURES),
            coded("yes", bool(row.met)),
            cell(row.source),
            coded("trust", row.trust),
            cell(row.milestone_id),
        ]
        for row in _ordered(frames).itertuples()
    ]
    styles = {"year": "code"} | dict.fromkeys(FIGURES, "unit_cost")
    names = ("zh", "en", "year", "measure", "energy", "county_id", *FIGURES, "met", "source",
             "trust", "milestone_id")  # fmt: skip
    headings = tuple(column_heading(schema, name, styles.get(name, "text")) for name in names)
    return [Sheet(wording("list.sheet_milestones"), headings, rows)] if rows else []


def _ordered(frames: dict[str, Any]) -> pd.DataFrame:
    return frames["milestones"].sort_values(["year", "milestone_id"])


def _energy(energy: object) -> Both:
    return word_of("energy", energy) if isinstance(energy, str) else wording("report.all_energies")


def _where(county_id: object, counties: dict[str, str]) -> Both:
    known = isinstance(county_id, str)
    return same(counties.get(str(county_id), county_id)) if known else wording("report.all")


def _figure(value: float, measure: str) -> str:
    return share(float(value)) if measure == "served_share" else f"{value:,.0f}"


def _in_one(words: Both) -> str:
    return str(cell(words.zh if words.zh == words.en else f"{words.zh} {words.en}"))
