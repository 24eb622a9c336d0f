"""Checks what zones say of the hours and years in which they forbid."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from planner.errors import Problem
from planner.inputs.findings import Findings
from planner.inputs.hours import spans_of
from planner.layers import FORBIDDING_KINDS

TIMES = ["closed_hours", "closed_from", "closed_to"]


def check_zones(zones: gpd.GeoDataFrame, findings: Findings) -> None:
    """Add hours that cannot be read, years in the wrong order, and times that say nothing."""
    _add(
        findings,
        zones.index[[not _readable(cell) for cell in zones["closed_hours"]]],
        "E-VAL-008",
        "closed_hours is not written as hours of a day",
        "write such as 07:00-09:00,16:30-18:00, or leave it empty for all hours",
        "closed_hours",
    )
    _add(
        findings,
        zones.index[(zones["closed_from"] > zones["closed_to"]).to_numpy(dtype=bool)],
        "E-VAL-008",
        "closed_from is later than closed_to",
        "write the first and the last year in which the zone forbids",
        "closed_from",
    )
    idle = ~zones["kind"].isin(FORBIDDING_KINDS) & zones[TIMES].notna().any(axis=1)
    _add(
        findings,
        zones.index[idle.to_numpy(dtype=bool)],
        "W-VAL-002",
        "hours and years are only used of zones that forbid",
        f"leave them empty, or choose a kind of {', '.join(FORBIDDING_KINDS)}",
        "kind",
    )


def _readable(cell: object) -> bool:
    if pd.isna(cell):
        return True
    try:
        spans_of(str(cell))
    except ValueError:
        return False
    return True


def _add(
    findings: Findings, rows: pd.Index, code: str, reason: str, remedy: str, column: str
) -> None:
    if len(rows):
        named = ", ".join(str(row) for row in rows[:5])
        findings.add(Problem(code, reason, remedy, row=named, column=column, count=len(rows)))
