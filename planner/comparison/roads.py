"""Compares the test roads and roadside units of two plans: added, dropped, of another stage."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from planner.comparison.change import KINDS, Aspects, Change, Record, of_kind

ROAD_KINDS = ("added", "dropped", "changed", "same")
GRID = 1e-7
"""Degrees to which the line of a segment has to agree for its id to mean the same road."""

ROAD_ASPECTS: Aspects = {
    "year": lambda row: int(row.stage_year),
    "equipment": lambda row: _year(row.equipped_year) if row.equipped else None,
}
UNIT_ASPECTS: Aspects = {
    "year": lambda row: int(row.stage_year),
    "cost": lambda row: int(row.cost_cny),
}


def road_changes(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> list[Change]:
    """Compare the test-road segments of two plans.

    A segment is the same where id and line are: a plan on other roads may give an id to
    another road.

    Parameters
    ----------
    before, after
        Layer ``test_roads`` of plan A and of plan B (EPSG:4326).
    """
    return _changes(before, after, "segment_id", ROAD_ASPECTS)


def unit_changes(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> list[Change]:
    """Compare the roadside units of two plans, by id and place.

    Parameters
    ----------
    before, after
        Layer ``rsus`` of plan A and of plan B (EPSG:4326).
    """
    return _changes(before, after, "rsu_id", UNIT_ASPECTS)


def counted_km(changes: list[Change]) -> pd.DataFrame:
    """Return segments and counted km of each kind of change, by each plan's own basis.

    Returns
    -------
    DataFrame
        Columns ``kind``, ``n``, ``km_a``, ``km_b``, one row a kind of ``ROAD_KINDS``.
    """
    return pd.DataFrame(
        {
            "kind": kind,
            "n": len(mine),
            "km_a": _km([change.before for change in mine]),
            "km_b": _km([change.after for change in mine]),
        }
        for kind in ROAD_KINDS
        if (mine := of_kind(changes, kind)) is not None
    )


def _km(rows: list[Record | None]) -> float:
    return round(sum(float(row.counted_m) for row in rows if row is not None) / 1000, 6)


def _changes(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, key: str, aspects: Aspects
) -> list[Change]:
    left, right = _keyed(before, key), _keyed(after, key)
    made = []
    for name in sorted(set(left) | set(right)):
        one, two = left.get(name), right.get(name)
        made.append(_change(one, two, aspects))
    return sorted(made, key=lambda change: (KINDS.index(change.kind), getattr(change.either, key)))


def _keyed(frame: gpd.GeoDataFrame, key: str) -> dict[tuple[str, str], Record]:
    shapes = shapely.to_wkb(
        shapely.set_precision(frame.geometry.to_numpy(), GRID, mode="pointwise"), hex=True
    )
    return {
        (str(getattr(row, key)), str(shape)): row
        for row, shape in zip(frame.itertuples(), shapes, strict=True)
    }


def _change(before: Record | None, after: Record | None, aspects: Aspects) -> Change:
    if before is None or after is None:
        return Change("added" if before is None else "dropped", (), before, after)
    differing = tuple(name for name, read in aspects.items() if read(before) != read(after))
    return Change("changed" if differing else "same", differing, before, after)


def _year(value: float | None) -> int | None:
    return None if value is None or pd.isna(value) else int(value)
