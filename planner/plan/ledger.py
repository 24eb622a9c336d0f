"""Keeps the two ledgers of test roads, opened and equipped km, by year and by every cut.

Every figure stands on both counting bases, and once more on the basis that counts toward the
target (``opened_km`` and ``equipped_km``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from planner.layers import LEDGER

Row = dict[str, Any]

COUNTED = {"": "counted_m", "centreline_": "centreline_m", "carriageway_": "carriageway_m"}
KM = tuple(f"{book}_{basis}km" for basis in COUNTED for book in ("opened", "equipped"))
KEYS = ["year", "change", "county_id", "jurisdiction_id", "road_class", "complexity_grade"]
ADDED, REMOVED = "added", "removed"


def ledger_frame(test_roads: pd.DataFrame, closed_roads: pd.DataFrame) -> pd.DataFrame:
    """Return ``layers.LEDGER``: the km each year adds or takes away, RangeIndex.

    Test roads are opened in ``stage_year`` and equipped in ``equipped_year``. Closed roads are
    added in the year they were opened and removed, below zero, in the year they are closed;
    what equipment they had is not known.

    Parameters
    ----------
    test_roads, closed_roads
        ``layers.TEST_ROADS`` and ``layers.CLOSED_ROADS``.
    """
    fitted = test_roads[test_roads["equipped"].astype(bool)]
    past = closed_roads.assign(equipped=False)
    entries = pd.concat(
        [
            _metres(test_roads, ("opened",)).assign(year=test_roads["stage_year"], change=ADDED),
            _metres(fitted, ("equipped",)).assign(
                year=fitted["equipped_year"].astype("int64"), change=ADDED
            ),
            _metres(past, ("opened",)).assign(year=past["opened_year"], change=ADDED),
            _metres(past, ("opened",), sign=-1.0).assign(year=past["closed_year"], change=REMOVED),
        ]
    )
    rows = _sums(entries, KEYS)
    frame = pd.DataFrame(rows, columns=LEDGER.column_names())
    return frame.astype({column.name: column.dtype for column in LEDGER.columns})


def by_year(ledger: pd.DataFrame) -> list[Row]:
    """Return the km opened and equipped at the end of each year of the ledger."""
    ends = ledger.groupby("year", sort=True)[list(KM)].sum().cumsum()
    return [
        {"year": int(year)} | {name: round(float(row[name]), 6) + 0.0 for name in KM}
        for year, row in ends.iterrows()
    ]


def by_name(test_roads: pd.DataFrame, key: str, owners: pd.DataFrame) -> list[Row]:
    """Return km by county or jurisdiction with its name; those without any km are listed."""
    found = {row[key]: row for row in by_column(test_roads, key)}
    empty = dict.fromkeys(KM, 0.0)
    return [
        {key: owner, "name": name} | {part: found.get(owner, empty)[part] for part in KM}
        for owner, name in sorted(zip(owners[key], owners["name"], strict=True))
    ]


def by_column(test_roads: pd.DataFrame, key: str) -> list[Row]:
    """Return km by the values of one column, such as road class or complexity grade."""
    return _sums(_metres(test_roads, ("opened", "equipped")), [key])


def totals(test_roads: pd.DataFrame) -> Row:
    """Return the km of all test roads."""
    metres = _metres(test_roads, ("opened", "equipped"))
    return {name: km(metres[_in_metres(name)].sum()) for name in KM}


def opened_km(test_roads: pd.DataFrame) -> float:
    """Return the counted km of the given test roads."""
    return km(test_roads["counted_m"].sum())


def km(metres: float) -> float:
    """Return kilometres with every millimetre kept and no binary dust."""
    return round(float(metres) / 1000.0, 6) + 0.0


def _metres(roads: pd.DataFrame, books: tuple[str, ...], *, sign: float = 1.0) -> pd.DataFrame:
    """Return the roads with the metres of the given ledgers, 0 in the other one."""
    fitted = roads["equipped"].astype(bool)
    columns = {}
    for basis, counted in COUNTED.items():
        metres = roads[counted] * sign
        columns[f"opened_{basis}m"] = metres if "opened" in books else metres * 0.0
        columns[f"equipped_{basis}m"] = metres.where(fitted & ("equipped" in books), 0.0)
    return pd.DataFrame(roads).assign(**columns)


def _in_metres(name: str) -> str:
    return f"{name.removesuffix('km')}m"


def _sums(entries: pd.DataFrame, keys: Sequence[str]) -> list[Row]:
    metres = [_in_metres(name) for name in KM]
    sums = entries.groupby(list(keys), dropna=False, sort=True)[metres].sum()
    return [
        {key: _plain(value) for key, value in zip(keys, _as_tuple(index), strict=True)}
        | {name: km(row[_in_metres(name)]) for name in KM}
        for index, row in zip(sums.index, sums.to_dict("records"), strict=True)
    ]


def _as_tuple(index: object) -> tuple[Any, ...]:
    return index if isinstance(index, tuple) else (index,)


def _plain(value: Any) -> str | int | None:  # noqa: ANN401 - a cell of any column
    if pd.isna(value):
        return None
    return value if isinstance(value, str) else int(value)
