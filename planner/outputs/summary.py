"""Says the plan in a few figures: the tiles, the worst county's remedy, sums by year."""

from __future__ import annotations

from typing import Any, NamedTuple

import geopandas as gpd

from planner import layers
from planner.outputs.amounts import kilometres, money, share
from planner.outputs.wording import Both, layer_title, same, word_of, wording

Row = dict[str, Any]


class Tile(NamedTuple):
    """One headline figure: what it is, the figure, and a line that puts it in place."""

    key: str
    label: Both
    value: Both
    note: Both


def tiles(figures: Row) -> list[Tile]:
    """Return the headline figures of a plan, the same for the page and the report.

    Parameters
    ----------
    figures
        Content of ``plan.json``.
    """
    siting, roads, towns = figures["siting"], figures["test_roads"], figures["townships"]
    subsidy = figures["subsidy"]
    last = roads["stages"][-1]
    return [
        _worst_tile(siting["worst_county"]),
        _tile(
            "stations",
            {"n": siting["n_planned"]},
            {"existing": siting["n_existing"]},
        ),
        Tile(
            "money",
            wording("headline.money"),
            money(siting["spent_cny"]),
            wording(
                "headline.money_note",
                budget=money(siting["budget_cny"]),
                hydrogen=money(siting["hydrogen_spent_cny"]),
            ),
        ),
        _tile(
            "townships",
            {"met": towns["n_met"], "n": towns["n"]},
            {"short": towns["n_short"], "unknown": towns["n_cannot_be_checked"]},
        ),
        _tile(
            "roads",
            {"km": kilometres(roads["opened_km"])},
            {
                "year": last["year"],
                "target": f"{last['target_km']:g}",
                "equipped": kilometres(roads["equipped_km"]),
                "rsus": roads["n_rsus"],
            },
        ),
        Tile(
            "subsidy",
            wording("headline.subsidy"),
            money(subsidy["subsidy_cny"]),
            wording(
                "headline.subsidy_note",
                eligible=money(subsidy["eligible_cny"]),
                own=money(subsidy["own_cny"]),
            ),
        ),
    ]


def _tile(key: str, value: dict[str, Any], note: dict[str, Any]) -> Tile:
    return Tile(
        key,
        wording(f"headline.{key}"),
        wording(f"headline.{key}_value", **value),
        wording(f"headline.{key}_note", **note),
    )


def _worst_tile(worst: Row | None) -> Tile:
    label = wording("headline.worst")
    if worst is None:
        return Tile("worst", label, same("—"), wording("headline.worst_none"))
    note = wording(
        "headline.worst_note",
        energy=word_of("energy", worst["energy"]),
        before=share(worst["served_share_before"]),
        after=share(worst["served_share_after"]),
    )
    return Tile("worst", label, same(worst["name"]), note)


def warnings_of_trust(figures: Row) -> list[Both]:
    """Return what a reader must know about made-up data before any figure; often nothing."""
    synthetic = figures["case"]["synthetic_layers"]
    found = [wording("trust.banner_roads")] if "roads" in synthetic else []
    others = [name for name in synthetic if name != "roads"]
    if others:
        titles = [layer_title(name) for name in others]
        names = Both("、".join(row.zh for row in titles), ", ".join(row.en for row in titles))
        found.append(wording("trust.banner_layers", names=names))
    return found


def remedy(figures: Row, stations: gpd.GeoDataFrame) -> list[Row]:
    """Return what is built in the worst county, by technology: stations, units and money.

    Parameters
    ----------
    figures
        Content of ``plan.json``.
    stations
        The plan's STATIONS layer.
    """
    worst = figures["siting"]["worst_county"]
    if worst is None:
        return []
    energies = worst["energy"].split("+")
    here = stations[
        (stations["county_id"] == worst["county_id"])
        & (stations["status"] == "planned")
        & stations["energy"].isin(energies)
    ]
    return [
        {
            "technology": technology,
            "n_stations": len(group),
            "n_units": int(group["n_units"].sum()),
            "capital_cny": int(group["capital_cny"].sum()),
        }
        for technology, group in here.groupby("technology", sort=True)
    ]


def lead(figures: Row, stations: gpd.GeoDataFrame) -> Both:
    """Return the first sentence of the report: the worst county, its remedy, and the cost."""
    worst = figures["siting"]["worst_county"]
    if worst is None:
        return wording("headline.worst_none")
    start = wording(
        "report.worst",
        name=worst["name"],
        before=share(worst["served_share_before"]),
        energy=word_of("energy", worst["energy"]),
    )
    after = share(worst["served_share_after"])
    rows = remedy(figures, stations)
    if not rows:
        return _joined(start, wording("report.no_remedy", after=after))
    built = [_remedy_row(row, figures["technologies"]) for row in rows]
    names = Both("、".join(row.zh for row in built), ", ".join(row.en for row in built))
    cost = money(sum(row["capital_cny"] for row in rows))
    return _joined(start, wording("report.remedy", rows=names, money=cost, after=after))


def _remedy_row(row: Row, technologies: Row) -> Both:
    known = technologies.get(row["technology"])
    name = Both(known["zh"], known["en"]) if known else same(row["technology"])
    return wording("report.remedy_row", name=name, n=row["n_stations"], units=row["n_units"])


def _joined(first: Both, second: Both) -> Both:
    return Both(first.zh + second.zh, first.en + second.en)


def technologies(figures: Row) -> dict[str, Row]:
    """Return the technologies by energy, then power, then name: however the file has them."""
    order = {energy: index for index, energy in enumerate(layers.ENERGIES)}
    return dict(
        sorted(
            figures["technologies"].items(),
            key=lambda item: (order[item[1]["energy"]], item[1]["power_kw"], item[0]),
        )
    )


def technology_rows(figures: Row) -> list[Row]:
    """Return existing and planned stations, units and capital of each technology."""
    known = figures["technologies"]
    empty = {"n_stations": 0, "n_units": 0, "capital_cny": 0}
    rows: dict[str, Row] = {}
    for row in figures["siting"]["by_technology"]:
        key = row["technology"]
        title = Both(known[key]["zh"], known[key]["en"]) if key in known else same(key)
        start = {"title": title, "energy": row["energy"], "existing": empty, "planned": empty}
        rows.setdefault(key, start)[row["status"]] = row
    return list(rows.values())


def km_by_year(figures: Row) -> list[Row]:
    """Return opened and equipped km of each year, added and cumulative, with the target."""
    roads = figures["test_roads"]
    stages = {stage["year"]: stage for stage in roads["stages"]}
    years = sorted({row["year"] for row in roads["ledger"]} | set(stages))
    rows, opened, equipped = [], 0.0, 0.0
    for year in years:
        mine = [row for row in roads["ledger"] if row["year"] == year]
        added = sum(row["opened_km"] for row in mine)
        fitted = sum(row["equipped_km"] for row in mine)
        opened, equipped = opened + added, equipped + fitted
        rows.append(
            {
                "year": year,
                "added_km": round(added, 6),
                "fitted_km": round(fitted, 6),
                "opened_km": round(opened, 6),
                "equipped_km": round(equipped, 6),
                "target_km": stages[year]["target_km"] if year in stages else None,
                "met": stages[year]["met"] if year in stages else None,
            }
        )
    return rows


def gaps_by_county(figures: Row) -> list[Row]:
    """Return one row a county with its gap rows by energy and phase, least served first."""
    counties: dict[str, Row] = {}
    for row in figures["gaps"]["county"]:
        county = counties.setdefault(
            row["county_id"], {"county_id": row["county_id"], "name": row["name"], "cells": {}}
        )
        county["cells"].setdefault(row["energy"], {})[row["phase"]] = row
    return sorted(counties.values(), key=_least_served)


def _least_served(county: Row) -> tuple[float, str]:
    value = county["cells"].get("charging", {}).get("before", {}).get("served_share")
    return (2.0 if value is None else value, county["county_id"])
