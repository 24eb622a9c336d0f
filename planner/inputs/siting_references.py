"""Checks what supply nodes, reviews, trips and fleet figures say in themselves and of others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from planner.errors import Problem
from planner.inputs.findings import Findings

Frames = dict[str, gpd.GeoDataFrame]
UPGRADE = ["upgrade_kw", "upgrade_cost_cny", "upgrade_lead_years"]
OWN_CELL = ["county_id", "fleet"]


def check_siting_layers(frames: Frames, findings: dict[str, Findings]) -> None:
    """Add what is wrong with each of these layers to its findings."""
    checks = {
        "supply_nodes": _check_upgrades,
        "reviews": _check_reviews,
        "trips": _check_trips,
        "fleet_stock": _check_fleet_stock,
    }
    for name, check in checks.items():
        if name in frames:
            check(frames[name], findings[name])


def _check_upgrades(nodes: gpd.GeoDataFrame, findings: Findings) -> None:
    given = nodes[UPGRADE].notna()
    partly = given.any(axis=1) & ~given.all(axis=1)
    _refuse(
        findings,
        nodes.index[partly],
        "E-VAL-007",
        "an upgrade needs upgrade_kw, upgrade_cost_cny and upgrade_lead_years, and one is empty",
        "fill in all three, or leave all three empty where no upgrade can be ordered",
        "upgrade_kw",
    )


def _check_reviews(reviews: pd.DataFrame, findings: Findings) -> None:
    """Refuse a lock and a ban that cannot both be kept.

    A lock for ``all`` asks for a station of any energy, so that a ban of one energy does not
    contradict it.
    """
    ordered = reviews.sort_values("review_id")
    for site_id, rows in ordered.groupby("site_id", sort=True):
        banned = set(rows.loc[rows["mark"] == "ban", "energy"])
        locked = rows[rows["mark"] == "lock"]
        clash = locked["energy"].isin(banned) | ("all" in banned)
        for row, review in locked[clash].iterrows():
            ban = rows[(rows["mark"] == "ban") & rows["energy"].isin(["all", review["energy"]])]
            _refuse(
                findings,
                [row, *ban.index],
                "E-REV-001",
                f"the site {site_id!r} is both locked and banned for {review['energy']} by "
                f"{review['review_id']} and {', '.join(ban['review_id'])}",
                "keep the one that holds",
                "mark",
            )


def _check_trips(trips: gpd.GeoDataFrame, findings: Findings) -> None:
    _refuse(
        findings,
        trips.index[trips["range_m"] <= 0],
        "E-VAL-001",
        "range_m must be > 0 m",
        "write how far the vehicle goes with a full tank or battery, in metres",
        "range_m",
    )
    parted = trips.geometry.geom_type != "LineString"
    _refuse(
        findings,
        trips.index[parted],
        "E-GEO-001",
        "a trip must be one line from its start to its end; this one has several parts",
        "draw it as one line, or as one trip a part",
        "geometry",
    )
    ends = trips.geometry[~parted]
    closed = shapely.is_closed(ends.to_numpy())
    _refuse(
        findings,
        ends.index[closed],
        "E-GEO-008",
        "a trip starts and ends at the same place",
        "draw it from where it starts to where it ends; a round trip is two trips",
        "geometry",
    )


def _check_fleet_stock(stock: pd.DataFrame, findings: Findings) -> None:
    repeated = stock[stock.duplicated(OWN_CELL, keep=False)]
    for (county_id, fleet), rows in repeated.groupby(OWN_CELL, sort=True):
        _refuse(
            findings,
            rows.index,
            "E-ID-001",
            f"fleet {fleet!r} of county {county_id!r} has {len(rows)} rows",
            "give each fleet of a county one row",
            "fleet",
        )


def _refuse(
    findings: Findings, rows: Iterable[Any], code: str, reason: str, remedy: str, column: str
) -> None:
    named = [str(row) for row in rows]
    if named:
        found = Problem(
            code, reason, remedy, row=", ".join(named[:5]), column=column, count=len(named)
        )
        findings.add(found)
