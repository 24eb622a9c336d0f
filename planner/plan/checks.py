"""Counts what the rules of the stations are judged by: waiting, parking, set-backs, reviews."""

from __future__ import annotations

from math import ceil
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.plan.money import changed
from planner.scenario import Scenario

Row = dict[str, Any]
WAIT_TOLERANCE_MIN = 1e-6
NEAR_M = 1e-3


def rule_checks(frames: dict[str, gpd.GeoDataFrame], scenario: Scenario) -> Row:
    """Return the counts behind the rules that the layers themselves show.

    Parameters
    ----------
    frames
        The plan's layers by name.
    scenario
        Limits of the rules.
    """
    return {
        "waiting": _waiting(frames["stations"], scenario),
        "parking": _parking(frames["stations"], frames["candidate_sites"], scenario),
        "hydrogen_setback": _setbacks(frames, scenario),
        "reviews": _reviews(frames["reviews"], frames["stations"]),
    }


def _waiting(stations: pd.DataFrame, scenario: Scenario) -> Row:
    waits = stations["waiting_min"].dropna().astype(float)
    limit = scenario.siting.max_wait_min
    return {
        "n_stations": len(waits),
        "n_over": int((waits > limit + WAIT_TOLERANCE_MIN).sum()),
        "longest_min": round(float(waits.max()), 6) if len(waits) else None,
        "limit_min": limit,
    }


def _parking(stations: pd.DataFrame, sites: pd.DataFrame, scenario: Scenario) -> Row:
    """Count charging stations that the plan touches on sites whose parking places are given."""
    touched = changed(stations)
    charging = touched[touched["energy"] == "charging"]
    places = charging["site_id"].map(sites.set_index("site_id")["parking_places"])
    places = places.astype(float)
    known = places.notna()
    least = [ceil(scenario.rules.parking_share * count - 1e-9) for count in places[known]]
    units = charging.loc[known, "n_units"].to_numpy()
    within = (units >= np.array(least)) & (units <= places[known].to_numpy())
    return {
        "n_stations": len(charging),
        "n_known": int(known.sum()),
        "n_within": int(within.sum()),
    }


def _setbacks(frames: dict[str, gpd.GeoDataFrame], scenario: Scenario) -> Row:
    """Measure, in the metric CRS of the stations' own zone, how near hydrogen comes."""
    stations, zones = frames["stations"], frames["zones"]
    planned = (stations["energy"] == "hydrogen") & (stations["status"] == "planned")
    new, kept_clear = stations[planned], zones[zones["kind"] == "setback"]
    row: Row = {"n_planned": len(new), "n_zones": len(kept_clear), "n_near": 0}
    if len(new) and len(kept_clear):
        metric = kept_clear.estimate_utm_crs()
        radius = np.maximum(kept_clear["radius_m"], scenario.rules.hydrogen_setback_m)
        shapes, places = kept_clear.geometry.to_crs(metric), new.geometry.to_crs(metric)
        near = np.zeros(len(new), dtype=bool)
        for shape, reach_m in zip(shapes, radius, strict=True):
            near |= (places.distance(shape) < reach_m * 0.999 - NEAR_M).to_numpy()
        row["n_near"] = int(near.sum())
    return row


def _reviews(reviews: pd.DataFrame, stations: pd.DataFrame) -> Row:
    """Count reviewers' decisions and those that the plan keeps."""
    standing = set(zip(stations["site_id"], stations["energy"], strict=True))
    new = stations[stations["status"] == "planned"]
    planned = set(zip(new["site_id"], new["energy"], strict=True))
    kept = 0
    for site, mark, energy in zip(
        reviews["site_id"], reviews["mark"], reviews["energy"], strict=True
    ):
        found = standing if mark == "lock" else planned
        there = any(one == site and energy in ("all", what) for one, what in found)
        kept += there if mark == "lock" else not there
    marks = reviews["mark"].value_counts()
    return {
        "n_locks": int(marks.get("lock", 0)),
        "n_bans": int(marks.get("ban", 0)),
        "n_kept": kept,
    }
