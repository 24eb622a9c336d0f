"""Makes sure that each row of a layer can be named: ids are there, trimmed and unique."""

from __future__ import annotations

import unicodedata

import pandas as pd
import shapely

from planner.errors import Problem
from planner.inputs.findings import Findings
from planner.layers import Layer


def identified(frame: pd.DataFrame, layer: Layer, findings: Findings) -> pd.DataFrame:
    """Return the rows with trimmed ids; identical copies are left out.

    Equal ids with different content, and ids that differ only in blanks, case or full-width
    signs, become problems.
    """
    column = next((column.name for column in layer.columns if column.unique), "")
    if not column or column not in frame.columns:
        return frame
    frame = _without_copies(frame, column, findings)
    _check_duplicates(frame, column, findings)
    _check_lookalikes(frame[column].dropna(), findings)
    for name in [item.name for item in layer.columns if item.name.endswith("_id")]:
        if name in frame.columns:
            trimmed = frame[name].str.strip()
            changed = frame.index[(trimmed != frame[name]) & frame[name].notna()]
            if len(changed):
                findings.repair(changed, f"{name}: blanks around {len(changed)} ids were removed")
                frame = frame.assign(**{name: trimmed})
    return frame


def _without_copies(frame: pd.DataFrame, column: str, findings: Findings) -> pd.DataFrame:
    suspects = frame[frame[column].duplicated(keep=False) & frame[column].notna()]
    if suspects.empty:
        return frame
    plain = suspects.drop(columns="geometry", errors="ignore")
    if "geometry" in suspects.columns:
        plain = plain.assign(geometry=shapely.to_wkb(suspects["geometry"].to_numpy()))
    copies = plain.index[plain.duplicated()]
    findings.drop_copies(copies, f"the row repeats an earlier row with the same {column}")
    if len(copies):
        findings.add(
            Problem(
                "W-ID-001",
                "rows repeat earlier rows in every column and were left out",
                "remove them from the file",
                row=", ".join(str(row) for row in copies[:5]),
                column=column,
                count=len(copies),
            )
        )
    return frame.drop(index=copies)


def _check_duplicates(frame: pd.DataFrame, column: str, findings: Findings) -> None:
    ids = frame[column].dropna()
    for value, rows in ids[ids.duplicated(keep=False)].groupby(ids, sort=True):
        findings.add(
            Problem(
                "E-ID-001",
                f"{column} is used by {len(rows)} rows that differ",
                "give each row its own id",
                row=", ".join(str(row) for row in rows.index[:5]),
                column=column,
                value=str(value),
                count=len(rows),
            )
        )


def _check_lookalikes(ids: pd.Series, findings: Findings) -> None:
    folded = ids.map(lambda text: unicodedata.normalize("NFKC", text).strip().casefold())
    alike = ids[folded.duplicated(keep=False)]
    for _, rows in alike.groupby(folded[alike.index], sort=True):
        values = sorted(set(rows))
        if len(values) > 1:
            findings.add(
                Problem(
                    "E-ID-002",
                    "ids differ only in blanks, upper and lower case or full-width signs: "
                    + ", ".join(repr(value) for value in values[:4]),
                    "write one thing one way, and different things differently",
                    row=", ".join(str(row) for row in rows.index[:5]),
                    column=str(ids.name),
                    count=len(rows),
                )
            )
