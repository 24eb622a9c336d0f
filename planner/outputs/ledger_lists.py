"""Decides what stands in the list of the ledger: km added and taken away, on both bases."""

from __future__ import annotations

from typing import Any

from planner import layers
from planner.outputs.list_cells import both_names, cell, coded, column_heading
from planner.outputs.sheets import Sheet
from planner.outputs.wording import wording

KEYS = ("year", "change", "county_id", "jurisdiction_id", "road_class", "complexity_grade")


def ledger(frames: dict[str, Any]) -> Sheet:
    """Return every row of the ledger; the km add up to what stands in the last year."""
    schema = layers.LEDGER
    counties = both_names(frames["counties"], "county_id")
    owners = both_names(frames["jurisdictions"], "jurisdiction_id")
    km = [name for name in schema.column_names() if name not in KEYS]
    rows = [
        [
            int(row["year"]),
            coded("change", row["change"]),
            cell(counties.get(row["county_id"], row["county_id"])),
            cell(owners.get(row["jurisdiction_id"], row["jurisdiction_id"])),
            coded("road_class", row["road_class"]),
            int(row["complexity_grade"]),
            *(float(row[name]) for name in km),
        ]
        for row in frames["ledger"].to_dict("records")
    ]
    headings = (
        column_heading(schema, "year", "code"),
        *(column_heading(schema, name) for name in KEYS[1:5]),
        column_heading(schema, "complexity_grade", "code"),
        *(column_heading(schema, name, "km", total=True) for name in km),
    )
    return Sheet(wording("list.sheet_ledger"), headings, rows)
