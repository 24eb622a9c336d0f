"""Checks what opened roads say of the day they were opened and the year they close."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd

from planner.errors import Problem
from planner.inputs.findings import Findings


def check_opened(opened: gpd.GeoDataFrame, findings: Findings) -> None:
    """Add days that are none or of another year, and roads that close before they open."""
    days = zip(opened["opened_on"], opened["opened_year"], strict=True)
    _add(
        findings,
        opened.index[[not _is_of(cell, int(year)) for cell, year in days]],
        "opened_on is no day of opened_year",
        "write a day such as 2024-06-30 of that year, or leave it empty",
        "opened_on",
    )
    _add(
        findings,
        opened.index[(opened["closed_year"] < opened["opened_year"]).to_numpy(dtype=bool)],
        "closed_year is before opened_year",
        "write the year the road is no longer a test road, or leave it empty",
        "closed_year",
    )


def _is_of(cell: object, year: int) -> bool:
    if pd.isna(cell):
        return True
    try:
        return date.fromisoformat(str(cell)).year == year
    except ValueError:
        return False


def _add(findings: Findings, rows: pd.Index, reason: str, remedy: str, column: str) -> None:
    if len(rows):
        named = ", ".join(str(row) for row in rows[:5])
        findings.add(
            Problem("E-VAL-008", reason, remedy, row=named, column=column, count=len(rows))
        )
