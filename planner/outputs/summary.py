"""Says the plan in a few figures: the tiles, the worst county's remedy, sums by year."""

from __future__ import annotations

from typing import Any, NamedTuple

from planner import layers
from planner.outputs.amounts import NOTHING, kilometres, money, share
from planner.outputs.wording import Both, layer_title, same, word_of, wording

Row = dict[str, Any]
NO_SHARES = {"served_share_before": None, "served_share_after": None}
MOST_NAMED = 5
"""Counties that tie are named up to so many; of more the rest is counted."""


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
    siting, towns = figures["siting"], figures["townships"]
    return [
        _worst_tile(siting["worst_county"]),
        _tile(
            "stations",
            {"n": siting["n_planned"]},
            {
                "existing": siting["n_existing"],
                "extended": siting["n_extended"],
                "upgraded": siting["n_upgraded"],
            },
        ),
        *_money_tiles(siting),
        _tile(
            "townships",
            {"met": towns["n_met"], "n": towns["n"]},
            {"short": towns["n_short"], "unknown": towns["n_cannot_be_checked"]},
        ),
        *_highway_tile(siting["highways"]),
        *_road_tiles(figures),
    ]


def _money_tiles(siting: Row) -> list[Tile]:
    """Return the tiles of the capital and of what a year costs."""
    note = wording(
        "headline.money_note",
        budget=money(siting["budget_cny"]),
        hydrogen=money(siting["hydrogen_spent_cny"]),
    )
    charging = next(row for row in siting["unit_costs"] if row["energy"] == "charging")
    yearly = money(siting["annual_cost_cny"])
    return [
        Tile("money", wording("headline.money"), money(siting["spent_cny"]), note),
        Tile(
            "yearly",
            wording("headline.yearly"),
            wording("map.per_year", money=yearly),
            wording(
                "headline.yearly_note",
                supply=money(siting["upgrades_annual_cny"]),
                kwh=unit_cost(charging),
            ),
        ),
    ]


def unit_cost(row: Row) -> Both:
    """Return what a kWh, swap or kilogram costs, a dash where nothing is served."""
    if row["cost_per_unit_cny"] is None:
        return same(NOTHING)
    unit, yuan = word_of("energy_part", row["energy"]), f"{row['cost_per_unit_cny']:,.2f}"
    return Both(f"{yuan} 元/{unit.zh}", f"CNY {yuan} per {unit.en}")


def _highway_tile(ways: Row) -> list[Tile]:
    """Return the tile of the motorways; a network without any has none."""
    if not ways["n_stretches"]:
        return []
    km = {key: f"{ways[f'uncovered_{key}_m'] / 1000:,.1f}" for key in ("before", "after")}
    return [_tile("highways", {"met": ways["n_met"], "n": ways["n_stretches"]}, dict(km))]


def _road_tiles(figures: Row) -> list[Tile]:
    roads, subsidy = figures["test_roads"], figures["subsidy"]
    last = roads["stages"][-1]
    eligible, own = money(subsidy["eligible_cny"]), money(subsidy["own_cny"])
    total = money(subsidy["subsidy_cny"] + subsidy["own_cny"])
    return [
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
            wording("headline.subsidy_note", total=total, eligible=eligible, own=own),
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
    if len(worst["tied"]) > 1:
        label = wording("headline.worst_tied", n=len(worst["tied"]))
    return Tile("worst", label, _tied_names(worst), note)


def county_name(row: Row) -> Both:
    """Return what a county is called, in English by its own English name where it has one."""
    return Both(str(row["name"]), str(row.get("name_en") or row["name"]))


def _tied_names(worst: Row) -> Both:
    """Return the counties least served, all of them where they are few."""
    names = [county_name(row) for row in worst["tied"]]
    listed = Both(
        "、".join(name.zh for name in names[:MOST_NAMED]),
        ", ".join(name.en for name in names[:MOST_NAMED]),
    )
    rest = len(names) - MOST_NAMED
    return wording("map.more", names=listed, n=len(names), rest=rest) if rest > 0 else listed


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


def lead(figures: Row) -> Both:
    """Return the first words of the report: the worst county, what closes its gap, the cost.

    Parameters
    ----------
    figures
        Content of ``plan.json``.
    """
    worst = figures["siting"]["worst_county"]
    if worst is None:
        return wording("headline.worst_none")
    tied = len(worst["tied"]) > 1
    more: dict[str, Both | str | float] = (
        {"n": len(worst["tied"]), "names": _tied_names(worst)} if tied else {}
    )
    start = wording(
        "report.worst_tied" if tied else "report.worst",
        **more,
        name=county_name(worst),
        before=share(worst["served_share_before"]),
        energy=word_of("energy", worst["energy"]),
    )
    return _joined(start, *_done_there(worst, figures["technologies"]), *_done_elsewhere(worst))


def _done_there(worst: Row, known: Row) -> list[Both]:
    after = share(worst["served_share_after"])
    if not worst["remedy"]:
        return [wording("report.no_remedy", after=after)]
    built = [_remedy_row(row, known) for row in worst["remedy"]]
    names = Both("、".join(row.zh for row in built), ", ".join(row.en for row in built))
    cost = wording(
        "report.cost",
        capital=money(worst["capital_cny"]),
        annual=money(worst["annual_cost_cny"]),
        kwh=_cost_per_kwh(worst["cost_per_kwh_cny"]),
    )
    return [wording("report.remedy", rows=names, after=after), cost]


def _done_elsewhere(worst: Row) -> list[Both]:
    """Return what other counties' stations do for it: a gap may be closed from across a border."""
    found = worst["elsewhere"]
    if not found["served_share"]:
        return []
    key = "report.elsewhere_changed" if found["n_stations"] else "report.elsewhere"
    return [
        wording(
            key,
            share=share(found["served_share"]),
            n=found["n_stations"],
            capital=money(found["capital_cny"]),
        )
    ]


def _cost_per_kwh(yuan: float | None) -> Both:
    return same("") if yuan is None else wording("report.cost_kwh", yuan=f"{yuan:,.2f}")


def _remedy_row(row: Row, known: Row) -> Both:
    return wording(
        f"report.remedy_{row['action']}",
        name=technology_name(row["technology"], known),
        n=row["n_stations"],
        units=row["n_units"],
        years=span_of_years(row["years"]),
    )


def span_of_years(years: list[int]) -> Both:
    """Return years as people say them: one, or the first and the last."""
    one = len(set(years)) == 1
    key = "report.remedy_year" if one else "report.remedy_years"
    return wording(key, first=min(years), last=max(years))


def technology_name(key: str, known: Row) -> Both:
    """Return the name of a technology, or its key where plan.json does not have it."""
    row = known.get(key)
    return Both(row["zh"], row["en"]) if row else same(key)


def _joined(*parts: Both) -> Both:
    return Both("".join(part.zh for part in parts), "".join(part.en for part in parts))


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
        start = {
            "title": technology_name(key, known),
            "energy": row["energy"],
            "existing": empty,
            "planned": empty,
        }
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
        added = sum(row["opened_km"] for row in mine if row["change"] == "added")
        removed = sum(row["opened_km"] for row in mine) - added
        fitted = sum(row["equipped_km"] for row in mine)
        opened, equipped = opened + added + removed, equipped + fitted
        rows.append(
            {
                "year": year,
                "added_km": round(added, 6),
                "removed_km": round(removed, 6),
                "fitted_km": round(fitted, 6),
                "opened_km": round(opened, 6),
                "equipped_km": round(equipped, 6),
                "target_km": stages[year]["target_km"] if year in stages else None,
                "met": stages[year]["met"] if year in stages else None,
            }
        )
    return rows


def gaps_by_county(figures: Row) -> list[Row]:
    """Return one row a county with its gap rows by energy and phase, least served first.

    ``combined`` is its share served in charging and swap together, before and after.
    """
    combined = {row["county_id"]: row for row in figures["siting"]["county_shares"]}
    counties: dict[str, Row] = {}
    for row in figures["gaps"]["county"]:
        county = counties.setdefault(
            row["county_id"],
            {
                "county_id": row["county_id"],
                "name": row["name"],
                "title": county_name(combined.get(row["county_id"], row)),
                "combined": combined.get(row["county_id"], NO_SHARES),
                "cells": {},
            },
        )
        county["cells"].setdefault(row["energy"], {})[row["phase"]] = row
    return sorted(counties.values(), key=_least_served)


def _least_served(county: Row) -> tuple[float, str]:
    value = county["cells"].get("charging", {}).get("before", {}).get("served_share")
    return (2.0 if value is None else value, county["county_id"])
