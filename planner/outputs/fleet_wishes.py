"""Decides what people read of the places wished for charging test fleets in the lists."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner import layers
from planner.outputs.list_cells import both_names, cell, coded, column_heading
from planner.outputs.sheets import Sheet
from planner.outputs.wording import wording

STYLES = {
    "year": "code",
    "n_roads": "count",
    "served_km": "km",
    "farthest_m": "count",
    "station_m": "count",
    "station_year": "code",
    "met_year": "code",
}


def wish_list(frames: dict[str, Any]) -> list[Sheet]:
    """Return the sheet of the wishes, none without test roads."""
    schema = layers.FLEET_WISHES
    counties = both_names(frames["counties"], "county_id")
    owners = both_names(frames["jurisdictions"], "jurisdiction_id")
    stations = dict(zip(frames["stations"]["station_id"], frames["stations"]["name"], strict=True))
    rows = [
        [
            int(row.year),
            cell(counties.get(row.county_id, row.county_id)),
            cell(owners.get(row.jurisdiction_id, row.jurisdiction_id)),
            float(row.served_km),
            int(row.n_roads),
            float(row.farthest_m),
            coded("yes", bool(row.can_stand)),
            cell(_named(stations, row.station_id)),
            None if pd.isna(row.station_m) else float(row.station_m),
            _year(row.station_year),
            _year(row.met_year),
            coded("yes", bool(row.met)),
            cell(row.wish_id),
            cell(row.node_id),
        ]
        for row in frames["fleet_wishes"].itertuples()
    ]
    names = (
        "year", "county_id", "jurisdiction_id", "served_km", "n_roads", "farthest_m", "can_stand",
        "station_id", "station_m", "station_year", "met_year", "met", "wish_id", "node_id",
    )  # fmt: skip
    headings = tuple(
        column_heading(schema, name, STYLES.get(name, "text"), total=name == "served_km")
        for name in names
    )
    return [Sheet(wording("list.sheet_fleet_wishes"), headings, rows)] if rows else []


def _year(value: float) -> int | None:
    return None if pd.isna(value) else int(value)


def _named(names: dict[str, Any], station_id: Any) -> Any:  # noqa: ANN401 - a cell of any kind
    """Return a station by name and id, empty where there is none."""
    name = names.get(station_id)
    return f"{name} ({station_id})" if isinstance(name, str) and name else station_id
