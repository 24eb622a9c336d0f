"""Keeps the two ledgers of test roads, opened and equipped km, by year and by every cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

Row = dict[str, Any]


def ledger(test_roads: pd.DataFrame, first_year: int) -> list[Row]:
    """Return km added by year, county, jurisdiction and road class, opened and equipped.

    A road that was opened before the plan is equipped in the plan's first year.
    """
    fitted = test_roads[test_roads["equipped"].astype(bool)]
    entries = pd.concat(
        [
            _metres(test_roads).assign(year=test_roads["stage_year"], equipped_m=0.0),
            _metres(fitted).assign(year=fitted["stage_year"].clip(lower=first_year), opened_m=0.0),
        ]
    )
    return _sums(entries, ["year", "county_id", "jurisdiction_id", "road_class"])


def by_name(test_roads: pd.DataFrame, key: str, owners: pd.DataFrame) -> list[Row]:
    """Return km by county or jurisdiction with its name; those without any km are listed."""
    found = {row[key]: row for row in _cut(test_roads, [key])}
    empty = {"opened_km": 0.0, "equipped_km": 0.0}
    return [
        {key: owner, "name": name} | {part: found.get(owner, empty)[part] for part in empty}
        for owner, name in sorted(zip(owners[key], owners["name"], strict=True))
    ]


def by_column(test_roads: pd.DataFrame, key: str) -> list[Row]:
    """Return km by the values of one column, such as road class or complexity grade."""
    return _cut(test_roads, [key])


def opened_km(test_roads: pd.DataFrame) -> float:
    """Return the counted km of the given test roads."""
    return km(test_roads["counted_m"].sum())


def km(metres: float) -> float:
    """Return kilometres with every millimetre kept and no binary dust."""
    return round(float(metres) / 1000.0, 6)


def _cut(test_roads: pd.DataFrame, keys: Sequence[str]) -> list[Row]:
    return _sums(_metres(test_roads), keys)


def _metres(test_roads: pd.DataFrame) -> pd.DataFrame:
    fitted = test_roads["equipped"].astype(bool)
    counted = test_roads["counted_m"]
    return test_roads.assign(opened_m=counted, equipped_m=counted.where(fitted, 0.0))


def _sums(entries: pd.DataFrame, keys: Sequence[str]) -> list[Row]:
    sums = entries.groupby(list(keys), dropna=False, sort=True)[["opened_m", "equipped_m"]].sum()
    return [
        {key: _plain(value) for key, value in zip(keys, _as_tuple(index), strict=True)}
        | {"opened_km": km(row.opened_m), "equipped_km": km(row.equipped_m)}
        for index, row in zip(sums.index, sums.itertuples(), strict=True)
    ]


def _as_tuple(index: object) -> tuple[Any, ...]:
    return index if isinstance(index, tuple) else (index,)


def _plain(value: Any) -> str | int | None:  # noqa: ANN401 - a cell of any column
    if pd.isna(value):
        return None
    return value if isinstance(value, str) else int(value)
