"""Proves the ledgers: opened and equipped kilometres on both bases, by year and by every cut."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.verify.faults import Faults, unequal, unequal_rows
from planner.verify.files import PlanFiles, Row

KEYS = ("year", "change", "county_id", "jurisdiction_id", "road_class", "complexity_grade")
BOOKS = ("opened", "equipped")
METRES = {"": "counted_m", "centreline_": "centreline_m", "carriageway_": "carriageway_m"}


def cuts_reconcile(plan: PlanFiles) -> Faults:
    """Prove that every cut and every total are sums of the test roads, on both bases."""
    roads = plan.layer("test_roads")
    for key, name in (("road_class", "by_class"), ("complexity_grade", "by_grade")):
        yield from unequal_rows(plan.rows("test_roads", name), _cut(roads, key), (key,), name)
    for key, layer in (("county_id", "counties"), ("jurisdiction_id", "jurisdictions")):
        name = "by_county" if layer == "counties" else "by_jurisdiction"
        found = {row[key]: row for row in _cut(roads.dropna(subset=[key]), key)}
        none, owners = _km_of(roads.iloc[:0]), plan.layer(layer)
        rows = [
            {key: owner, "name": title} | found.get(owner, none)
            for owner, title in zip(owners[key], owners["name"], strict=True)
        ]
        yield from unequal_rows(plan.rows("test_roads", name), rows, (key,), name)
    for name, km in _km_of(roads).items():
        yield from unequal(plan.number("test_roads", name), km, name)


def ledger_reconciles(plan: PlanFiles) -> Faults:
    """Prove the ledger row by row from test roads and closed roads, and its sums by year."""
    proven = _ledger(plan)
    frame = plan.layer("ledger")
    listed = [
        {str(name): _plain(value) for name, value in row.items()}
        for row in frame.to_dict("records")
    ]
    yield from unequal_rows(listed, proven, KEYS, "ledger")
    yield from unequal_rows(plan.rows("test_roads", "ledger"), proven, KEYS, "figures of ledger")
    names = [f"{book}_{basis}km" for basis in METRES for book in BOOKS]
    total: dict[str, float] = {}
    ends: list[Row] = []
    for year in sorted({row["year"] for row in proven}):
        mine = [row for row in proven if row["year"] == year]
        total = {n: total.get(n, 0.0) + sum(row[n] for row in mine) for n in names}
        ends.append({"year": year} | total)
    yield from unequal_rows(plan.rows("test_roads", "by_year"), ends, ("year",), "by_year")
    for name, km in total.items():
        yield from unequal(plan.number("test_roads", name), km, f"{name} and the ledger")


def _ledger(plan: PlanFiles) -> list[Row]:
    """Return the rows the ledger must have: what is opened, equipped, and closed, by year."""
    roads, closed = plan.layer("test_roads"), plan.layer("closed_roads")
    fitted = roads[roads["equipped"]]
    events = (
        (roads.assign(equipped=False), "stage_year", "added", 1),
        (fitted, "equipped_year", "added", 1),
        (closed.assign(equipped=False), "opened_year", "added", 1),
        (closed.assign(equipped=False), "closed_year", "removed", -1),
    )
    found: dict[tuple[Any, ...], Row] = {}
    for frame, column, change, sign in events:
        dated = pd.DataFrame(frame).assign(year=frame[column].astype("int64"), change=change)
        for key, group in dated.groupby(list(KEYS), dropna=False, sort=True):
            names = {k: _plain(v) for k, v in zip(KEYS, key, strict=True)}
            km = _km_of(group)
            if column == "equipped_year":
                km |= {name: 0.0 for name in km if name.startswith("opened")}
            row = found.setdefault(tuple(names.values()), names | dict.fromkeys(km, 0.0))
            for name, value in km.items():
                row[name] = round(row[name] + sign * value, 6)
    return list(found.values())


def _cut(roads: pd.DataFrame, key: str) -> list[Row]:
    groups = roads.groupby(key, dropna=False, sort=True)
    return [{key: _plain(value)} | _km_of(group) for value, group in groups]


def _km_of(roads: pd.DataFrame) -> Row:
    """Return km opened and equipped of the rows on every basis, to the millimetre."""
    fitted = roads[roads["equipped"].astype(bool)]
    return {
        f"{book}_{basis}km": round(float(rows[column].sum()) / 1000, 6)
        for basis, column in METRES.items()
        for book, rows in zip(BOOKS, (roads, fitted), strict=True)
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell of any column
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value
