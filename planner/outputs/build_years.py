"""Decides what stands in the list of what is built and spent by year, county and energy."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner import layers
from planner.layers import ENERGIES
from planner.outputs.list_cells import both_names, cell, coded, column_heading, list_heading
from planner.outputs.sheets import Sheet
from planner.outputs.wording import wording

SUMS = ("n_built", "n_changed", "spent_cny")


def building(frames: dict[str, Any]) -> pd.DataFrame:
    """Return what each year builds and spends in each county for each energy.

    Columns: ``year``, ``county_id``, ``energy``, ``n_built`` (stations that stand from that year
    on), ``n_changed`` (other stations that money of the year goes into), ``spent_cny``; rows
    without any of them are left out.
    """
    known = pd.DataFrame(frames["stations"])[
        ["station_id", "county_id", "energy", "action", "first_year"]
    ]
    table = frames["station_years"].merge(known, on="station_id", how="inner", validate="m:1")
    built = (table["action"] == "build") & (table["year"] == table["first_year"])
    table = table.assign(n_built=built.astype(int))
    table["n_changed"] = ((table["spent_cny"] > 0) & ~built).astype(int)
    rank = {energy: index for index, energy in enumerate(ENERGIES)}
    keys = ["year", "county_id", "rank", "energy"]
    table = table.assign(rank=table["energy"].map(rank), county_id=table["county_id"].fillna(""))
    sums = table.groupby(keys, sort=True)[list(SUMS)].sum().reset_index()
    return sums[(sums[list(SUMS)] != 0).any(axis=1)].reset_index(drop=True)


def building_list(frames: dict[str, Any]) -> Sheet:
    """Return the stations to build by year and county, with the money of the year."""
    counties = both_names(frames["counties"], "county_id")
    rows = [
        [
            int(row.year),
            cell(counties.get(row.county_id, row.county_id)),
            coded("energy", row.energy),
            *(int(getattr(row, name)) for name in SUMS),
        ]
        for row in building(frames).itertuples()
    ]
    schema = layers.STATION_YEARS
    headings = (
        column_heading(schema, "year", "code"),
        list_heading("county"),
        column_heading(layers.STATIONS, "energy"),
        list_heading("n_built", "count", total=True),
        list_heading("n_changed", "count", total=True),
        column_heading(schema, "spent_cny", "money", total=True),
    )
    return Sheet(wording("list.sheet_building"), headings, rows)
