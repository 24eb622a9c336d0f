"""Arranges what a report says of the stations: years, payers, motorways, trips, townships."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from planner.outputs.amounts import NOTHING
from planner.outputs.summary import technology_name
from planner.outputs.wording import Both, same, titles_of, word_of, wording

Row = dict[str, Any]


def years(figures: Row) -> list[Row]:
    """Return the siting years with the sums spent so far."""
    rows, public, enterprise = [], 0, 0
    for row in figures["siting"]["by_year"]:
        public += row["spent_cny"]
        enterprise += row["hydrogen_spent_cny"]
        rows.append(row | {"so_far_cny": public, "hydrogen_so_far_cny": enterprise})
    return rows


def remedy(figures: Row) -> list[Row]:
    """Return what is done in the worst county, with the names of the technologies."""
    worst = figures["siting"]["worst_county"]
    rows = worst["remedy"] if worst else []
    names = figures["technologies"]
    return [row | {"title": technology_name(row["technology"], names)} for row in rows]


def stretches(access: gpd.GeoDataFrame) -> list[Row]:
    """Return the motorway stretches by direction, the short ones first, in km."""
    ordered = access.assign(rank=access["status"].map({"short": 0, "met": 1}))
    ordered = ordered.sort_values(["rank", "ref", "name", "stretch_id"], na_position="last")
    return [
        {
            "title": way_name(row),
            "direction": Both(str(row.direction_zh), str(row.direction_en)),
            "length_km": row.length_m / 1000,
            "status": row.status,
            "reason": text_or_none(row.reason),
            **{
                f"{key}_{phase}_km": getattr(row, f"{key}_{phase}_m") / 1000
                for key in ("uncovered", "largest_gap")
                for phase in ("before", "after")
            },
        }
        for row in ordered.itertuples()
    ]


def way_name(row: Any) -> str:  # noqa: ANN401 - a row of itertuples
    """Return route number and name of a motorway stretch, or its id where it has neither."""
    parts = [part for part in (text_or_none(row.ref), text_or_none(row.name)) if part]
    return " ".join(dict.fromkeys(parts)) or str(row.stretch_id)


def trips(access: gpd.GeoDataFrame) -> list[Row]:
    """Return the long trips, those that cannot refuel after the plan first."""
    ordered = access.sort_values(["refuelled_after", "trip_id"])
    return [
        {
            "title": text_or_none(row.name) or str(row.trip_id),
            "energy": row.energy,
            "trips_per_day": float(row.trips_per_day),
            "range_km": row.range_m / 1000,
            "length_km": row.length_m / 1000,
            "before": bool(row.refuelled_before),
            "after": bool(row.refuelled_after),
            "reason": text_or_none(row.reason),
        }
        for row in ordered.itertuples()
    ]


def upgrades(frame: pd.DataFrame, nodes: gpd.GeoDataFrame) -> list[Row]:
    """Return the upgrades of supply nodes, by the year they are ordered."""
    names = dict(zip(nodes["supply_node_id"], nodes["name"], strict=True))
    ordered = frame.sort_values(["ordered_year", "supply_node_id"])
    return [
        {
            "title": text_or_none(names.get(row.supply_node_id)) or str(row.supply_node_id),
            "ordered_year": int(row.ordered_year),
            "in_service_year": int(row.in_service_year),
            "added_kw": float(row.added_kw),
            "cost_cny": int(row.cost_cny),
        }
        for row in ordered.itertuples()
    ]


def township_cards(frames: dict[str, Any], figures: Row) -> list[Row]:
    """Return the townships, those short first, then by county: before, after, when, and why."""
    access = frames["township_access"]
    counties = titles_of(frames["counties"], "county_id")
    towns = titles_of(frames["townships"], "township_id")
    shares: dict[str, dict[str, float | None]] = {}
    for row in figures["gaps"]["township"]:
        if row["energy"] == "charging":
            shares.setdefault(row["township_id"], {})[row["phase"]] = row["served_share"]
    rank = {"short": 0, "met": 1, "cannot_be_checked": 2}
    ordered = access.assign(rank=access["status"].map(rank))
    ordered = ordered.sort_values(["rank", "county_id", "township_id"])
    limit_m = figures["settings"]["rules"]["township_radius_m"]
    return [
        {
            "title": towns.get(str(row.township_id), same(row.name)),
            "county": counties.get(row.county_id, same(row.county_id or NOTHING)),
            "before_km": _km(row.distance_before_m),
            "after_km": _km(row.distance_after_m),
            "served_before": shares.get(row.township_id, {}).get("before"),
            "served_after": shares.get(row.township_id, {}).get("after"),
            "status": row.status,
            "first": _first_met(row, limit_m),
            "binding": bilingual(text_or_none(row.binding) or text_or_none(row.reason) or ""),
        }
        for row in ordered.itertuples()
    ]


def _km(metres: float | None) -> float | None:
    return None if metres is None or pd.isna(metres) else float(metres) / 1000


def _first_met(row: Any, limit_m: float) -> Both:  # noqa: ANN401 - a row of itertuples
    """Return when the rule first holds; a station near enough today says so."""
    before = row.distance_before_m
    if row.status != "cannot_be_checked" and not pd.isna(before) and before <= limit_m:
        return wording("report.already")
    if not pd.isna(row.first_year_met):
        return same(int(row.first_year_met))
    return wording("report.never") if row.status == "short" else same(NOTHING)


def bilingual(value: str) -> Both:
    """Return a text written in both languages around a slash, apart; else it is the same in both.

    Examples
    --------
    >>> bilingual("no road within 5 km / 5 公里内无道路")
    Both(zh='5 公里内无道路', en='no road within 5 km')
    """
    parts = value.split(" / ")
    chinese = [part for part in parts if any("\u4e00" <= letter <= "\u9fff" for letter in part)]
    if len(parts) != 2 or len(chinese) != 1:
        return same(value)
    zh = chinese[0]
    return Both(zh, parts[0] if parts[1] == zh else parts[1])


def text_or_none(value: object) -> str | None:
    """Return a cell's text, ``None`` where it is empty."""
    return value if isinstance(value, str) and value else None


def fleets(figures: Row) -> list[Row]:
    """Return the fleets with the electric share of the target year, the largest fleet first."""
    year = str(figures["settings"]["siting"]["target_year"])
    largest = sorted(
        figures["fleets"].items(), key=lambda row: (-row[1]["vehicles_per_1000"], row[0])
    )
    return [
        {"title": Both(row["zh"], row["en"]), "per_1000": row["vehicles_per_1000"]}
        | {"ev_share": by_year(row["ev_share_by_year"], year)}
        | {"trust": row["trust"], "source": row["source"]}
        for _, row in largest
    ]


def by_year(table: dict[Any, float], year: str) -> float | None:
    """Return the value of a year from a table whose keys are years, as numbers or as text."""
    return {str(key): value for key, value in table.items()}.get(year)


def payer_rows(figures: Row) -> list[Row]:
    """Return who bears how much; a city that bears nothing by assumption is still listed."""
    return [row | {"title": word_of("payer", row["payer"])} for row in figures["siting"]["payers"]]
