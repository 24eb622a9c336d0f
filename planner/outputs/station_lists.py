"""Decides what stands in the lists of stations, years, grid, motorways, trips and townships."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from planner import layers
from planner.layers import Layer
from planner.outputs.list_cells import (
    both_names,
    cell,
    coded,
    column_heading,
    list_heading,
    names_of,
)
from planner.outputs.sheets import Cell, Heading, Sheet
from planner.outputs.station_rows import bilingual
from planner.outputs.summary import technology_name
from planner.outputs.wording import wording

Row = dict[str, Any]
Record = Any
"""A row of a frame as ``itertuples`` gives it: one attribute a column."""

Read = Callable[[Record], Cell]
Column = tuple[Heading, Read]


def stations(frames: dict[str, Any], figures: Row) -> Sheet:
    """Return the stations to build by year and county, and below them the existing ones."""
    schema = layers.STATIONS
    counties = both_names(frames["counties"], "county_id")
    owners = both_names(frames["jurisdictions"], "jurisdiction_id")
    known = figures["technologies"]
    columns = [
        _plain(schema, "name"),
        _word(schema, "status", "status"),
        _word(schema, "action", "action"),
        _figure(schema, "first_year", "code"),
        _named(schema, "county_id", counties),
        _named(schema, "jurisdiction_id", owners),
        _word(schema, "energy", "energy"),
        (column_heading(schema, "technology"), lambda row: _technology(row.technology, known)),
        (
            column_heading(schema, "technology_before"),
            lambda row: _technology(row.technology_before, known),
        ),
        _figure(schema, "n_units_before", "count"),
        _figure(schema, "n_units", "count"),
        *(_figure(schema, name, "amount") for name in ("capacity_per_day", "served_per_day")),
        *(_figure(schema, name, "amount") for name in ("waiting_min", "power_kw", "peak_kw")),
        _figure(schema, "capital_cny", "money", total=True),
        _figure(schema, "opex_cny_per_year", "money", total=True),
        _figure(schema, "annual_cost_cny", "money", total=True),
        _figure(schema, "cost_per_unit_cny", "unit_cost"),
        _figure(schema, "grant_cny", "money", total=True),
        _plain(schema, "scheme"),
        _word(schema, "owner", "owner"),
        _plain(schema, "supply_node_id"),
        (list_heading("longitude"), lambda row: round(float(row.geometry.x), 6)),
        (list_heading("latitude"), lambda row: round(float(row.geometry.y), 6)),
        _word(schema, "trust", "trust"),
        _plain(schema, "station_id"),
    ]
    order = ["status", "first_year", "county_id", "station_id"]
    ordered = frames["stations"].sort_values(order, ascending=[False, True, True, True])
    return _sheet("stations", columns, ordered)


def station_years(frames: dict[str, Any], figures: Row) -> Sheet:
    """Return what stands, serves and is spent at each station in each year."""
    schema = layers.STATION_YEARS
    names = names_of(frames["stations"], "station_id")
    known = figures["technologies"]
    columns = [
        (
            column_heading(layers.STATIONS, "name"),
            lambda row: cell(names.get(row.station_id, row.station_id)),
        ),
        _figure(schema, "year", "code"),
        (column_heading(schema, "technology"), lambda row: _technology(row.technology, known)),
        _figure(schema, "n_units", "count"),
        _figure(schema, "capacity_per_day", "amount"),
        _figure(schema, "served_per_day", "amount"),
        _figure(schema, "spent_cny", "money", total=True),
        _plain(schema, "station_id"),
    ]
    ordered = frames["station_years"].sort_values(["station_id", "year"])
    return _sheet("station_years", columns, ordered)


def supply_upgrades(frames: dict[str, Any]) -> Sheet:
    """Return the upgrades of supply nodes that the plan orders."""
    schema = layers.SUPPLY_UPGRADES
    names = names_of(frames["supply_nodes"], "supply_node_id")
    columns = [
        (
            column_heading(layers.SUPPLY_NODES, "name"),
            lambda row: cell(names.get(row.supply_node_id)),
        ),
        _plain(schema, "supply_node_id"),
        _figure(schema, "ordered_year", "code"),
        _figure(schema, "in_service_year", "code"),
        _figure(schema, "added_kw", "amount", total=True),
        _figure(schema, "cost_cny", "money", total=True),
    ]
    ordered = frames["supply_upgrades"].sort_values(["ordered_year", "supply_node_id"])
    return _sheet("upgrades", columns, ordered)


def highways(frames: dict[str, Any]) -> Sheet:
    """Return the motorway stretches, each direction apart, in metres."""
    schema = layers.HIGHWAY_ACCESS
    figures = ("length_m", "uncovered_before_m", "uncovered_after_m")
    gaps = ("largest_gap_before_m", "largest_gap_after_m")
    columns = [
        *(_plain(schema, name) for name in ("ref", "name", "direction_zh", "direction_en")),
        *(_figure(schema, name, "amount") for name in (*figures, *gaps)),
        _word(schema, "status", "status"),
        _told(schema, "reason"),
        _plain(schema, "stretch_id"),
    ]
    return _sheet("highways", columns, frames["highway_access"].sort_values("stretch_id"))


def trips(frames: dict[str, Any]) -> Sheet:
    """Return the long trips and whether each can refuel on its way."""
    schema = layers.TRIP_ACCESS
    columns = [
        _plain(schema, "name"),
        _word(schema, "energy", "energy"),
        _figure(schema, "trips_per_day", "amount", total=True),
        _figure(schema, "range_m", "amount"),
        _figure(schema, "length_m", "amount"),
        _yes(schema, "refuelled_before"),
        _yes(schema, "refuelled_after"),
        _told(schema, "reason"),
        _plain(schema, "trip_id"),
    ]
    return _sheet("trips", columns, frames["trip_access"].sort_values("trip_id"))


def townships(frames: dict[str, Any], figures: Row) -> Sheet:
    """Return every township: cover and way before and after, when the rule holds, what decides."""
    schema = layers.TOWNSHIP_ACCESS
    counties = both_names(frames["counties"], "county_id")
    limit_m = figures["settings"]["rules"]["township_radius_m"]
    shares = _charging_shares(frames["township_gaps"])
    columns = [
        _plain(schema, "name"),
        _plain(schema, "township_id"),
        _named(schema, "county_id", counties),
        _figure(schema, "distance_before_m", "count"),
        _figure(schema, "distance_after_m", "count"),
        *(
            (
                list_heading(f"charging_{phase}", "share"),
                lambda row, phase=phase: shares.get((row.township_id, phase)),
            )
            for phase in ("before", "after")
        ),
        (list_heading("met_before"), lambda row: _met_before(row, limit_m)),
        _word(schema, "status", "status"),
        _figure(schema, "first_year_met", "code"),
        _told(schema, "binding"),
        _told(schema, "reason"),
    ]
    return _sheet("townships", columns, frames["township_access"])


def _charging_shares(gaps: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Return the share of its charging demand that is served, by township and phase."""
    known = gaps[(gaps["energy"] == "charging") & gaps["served_share"].notna()]
    keys = zip(known["township_id"], known["phase"], strict=True)
    return dict(zip(keys, known["served_share"].astype(float), strict=True))


def _met_before(row: Record, limit_m: float) -> Cell:
    """Return whether the rule holds before the plan; empty where it cannot be checked."""
    if row.status == "cannot_be_checked":
        return None
    return coded("yes", bool(row.distance_before_m <= limit_m))


def fleets(frames: dict[str, Any], figures: Row) -> Sheet:
    """Return vehicles and demand of each fleet by county, year and energy."""
    schema = layers.FLEET_DEMAND
    counties = both_names(frames["counties"], "county_id")
    known = figures["fleets"]
    columns = [
        _named(schema, "county_id", counties),
        _figure(schema, "year", "code"),
        (list_heading("fleet"), lambda row: _technology(row.fleet, known)),
        _word(schema, "energy", "energy"),
        _figure(schema, "vehicles", "amount"),
        _figure(schema, "demand_per_day", "amount"),
        (list_heading("unit"), lambda row: coded("energy_unit", row.energy)),
        (list_heading("trust"), lambda row: _trust(known.get(row.fleet))),
    ]
    return _sheet("fleets", columns, frames["fleet_demand"])


def _sheet(key: str, columns: list[Column], frame: pd.DataFrame) -> Sheet:
    rows = [[read(row) for _, read in columns] for row in frame.itertuples()]
    return Sheet(wording(f"list.sheet_{key}"), tuple(heading for heading, _ in columns), rows)


def _told(schema: Layer, name: str) -> Column:
    """Return a column of reasons, Chinese first."""

    def told(row: Record) -> Cell:
        words = bilingual(getattr(row, name))
        return cell(words.zh if words.zh == words.en else f"{words.zh} / {words.en}")

    return column_heading(
        schema, name
    ), lambda row: told(row) if isinstance(getattr(row, name), str) else None


def _plain(schema: Layer, name: str) -> Column:
    return column_heading(schema, name), lambda row: cell(getattr(row, name))


def _figure(schema: Layer, name: str, style: str, *, total: bool = False) -> Column:
    heading = column_heading(schema, name, style, total=total)
    whole = next(column for column in schema.columns if column.name == name).kind == "integer"

    def read(row: Record) -> Cell:
        value = getattr(row, name)
        if pd.isna(value):
            return None
        return int(value) if whole else float(value)

    return heading, read


def _word(schema: Layer, name: str, section: str) -> Column:
    return column_heading(schema, name), lambda row: coded(section, getattr(row, name))


def _yes(schema: Layer, name: str) -> Column:
    return column_heading(schema, name), lambda row: coded("yes", bool(getattr(row, name)))


def _named(schema: Layer, name: str, names: dict[str, str]) -> Column:
    def read(row: Record) -> Cell:
        value = getattr(row, name)
        return cell(names.get(value, value))

    return column_heading(schema, name), read


def _technology(key: object, known: Row) -> Cell:
    """Return both names of a technology or fleet in one cell; empty where there is none."""
    if not isinstance(key, str):
        return None
    name = technology_name(key, known)
    return cell(name.zh if name.zh == name.en else f"{name.zh} {name.en}")


def _trust(row: Row | None) -> Cell:
    return coded("trust", row["trust"]) if row else None
