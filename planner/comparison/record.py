"""Writes a comparison as ``compare.json``: what programs read, the same for the same plans."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.comparison.change import Change, Record, count_by_kind
from planner.comparison.comparison import Comparison
from planner.comparison.roads import counted_km
from planner.comparison.words import plan_names
from planner.outputs import Published
from planner.outputs.canonical import plan_id

Json = dict[str, Any]
FORMAT = "planner-comparison-1"
STATION_COLUMNS = (
    "station_id", "site_id", "name", "energy", "county_id", "technology", "n_units", "first_year",
    "action", "capital_cny",
)  # fmt: skip
ROAD_COLUMNS = ("segment_id", "name", "road_class", "stage_year", "equipped_year", "counted_m")
UNIT_COLUMNS = ("rsu_id", "segment_id", "stage_year", "cost_cny")


def record(comparison: Comparison) -> Json:
    """Return a comparison as plain values.

    Parameters
    ----------
    comparison
        What to write.

    Returns
    -------
    dict
        ``stations``, ``test_roads`` and ``rsus`` hold every row that differs; of what is the
        same there is the count. Money in CNY, shares of 1, places as ``[lon, lat]``.
    """
    one, two = plan_names(comparison)
    return {
        "format": FORMAT,
        "plans": {"a": _plan(comparison.one, one), "b": _plan(comparison.two, two)},
        "same": comparison.same,
        "moved_within_m": comparison.moved_within_m,
        "differing": [
            {"key": row.key, "a": row.before, "b": row.after} for row in comparison.differing
        ],
        "not_comparable": comparison.grounds,
        "figures": [
            {
                "key": row.key,
                "zh": row.title.zh,
                "en": row.title.en,
                "unit": row.style,
                "a": row.before,
                "b": row.after,
                "difference": row.difference,
                "obstacles": list(row.obstacles),
            }
            for row in comparison.figures
        ],
        "stations": _part(comparison.stations, STATION_COLUMNS),
        "test_roads": _part(comparison.roads, ROAD_COLUMNS)
        | {"km": counted_km(comparison.roads).to_dict("records")},
        "rsus": _part(comparison.units, UNIT_COLUMNS),
    }


def _plan(plan: Published, name: str) -> Json:
    case = plan.figures["case"]
    return {
        "name": name,
        "id": plan_id(plan.figures),
        "case_id": case["case_id"],
        "variant": case["variant"],
    }


def _part(changes: list[Change], columns: tuple[str, ...]) -> Json:
    rows = [_row(change, columns) for change in changes if change.kind != "same"]
    return {"counts": count_by_kind(changes), "rows": rows}


def _row(change: Change, columns: tuple[str, ...]) -> Json:
    sides = {"a": change.before, "b": change.after}
    return {
        "kind": change.kind,
        "differs": list(change.aspects),
        "moved_m": change.moved_m,
    } | {name: None if row is None else _side(row, columns) for name, row in sides.items()}


def _side(row: Record, columns: tuple[str, ...]) -> Json:
    made = {name: _plain(getattr(row, name)) for name in columns}
    if row.geometry.geom_type == "Point":
        made["place"] = [round(float(row.geometry.x), 7), round(float(row.geometry.y), 7)]
    return made


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell of a frame
    if value is None or pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value
