"""Collects every place a station may be thought of, before any rule is applied."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from planner.crs import WGS84
from planner.inputs import Inputs
from planner.layers import ENERGIES
from planner.scenario import Scenario

EVERYWHERE = "charging,swap,hydrogen"
"""What a generated site may offer wherever it stands; trucks swap at some of them only."""
WITH_TRUCKS = ",".join(ENERGIES)
ATTRACTING_KINDS = ("cluster", "test_zone", "mandated", "logistics")
TRUCK_KINDS = ("cluster", "logistics")
COLUMNS = [
    "site_id",
    "name",
    "origin",
    "energies",
    "max_power_kw",
    "parking_places",
    "merit",
    "geometry",
]
"""``merit`` ranks sites of one origin: the larger stays where two are too near."""


def propose(inputs: Inputs, junctions: pd.DataFrame, scenario: Scenario) -> gpd.GeoDataFrame:
    """Return the places of existing stations, case points, townships, zones and junctions.

    Parameters
    ----------
    inputs
        The layers of the case.
    junctions
        From :func:`planner.candidates.junctions.junction_sites` and
        :func:`planner.candidates.exits.exit_sites`.
    scenario
        Technologies and the power limit where the case gives none.

    Returns
    -------
    geopandas.GeoDataFrame
        ``COLUMNS``; EPSG:4326; sorted by origin as named above, then ``site_id``.
    """
    limit_kw = scenario.candidates.max_power_kw
    parts = [
        _existing(inputs, scenario),
        _case(inputs, limit_kw),
        _townships(inputs),
        _zones(inputs),
        junctions.assign(energies=EVERYWHERE),
    ]
    ordered = [part.sort_values("site_id") for part in parts if len(part)]
    if not ordered:
        return gpd.GeoDataFrame(columns=COLUMNS, geometry="geometry", crs=WGS84)
    filled = [part.reindex(columns=COLUMNS) for part in ordered]
    for part in filled:
        part["max_power_kw"] = part["max_power_kw"].astype("float64").fillna(limit_kw)
        part["parking_places"] = part["parking_places"].astype("float64")
        part["merit"] = part["merit"].astype("float64").fillna(0.0)
        part["name"] = part["name"].astype("str")
    return gpd.GeoDataFrame(pd.concat(filled, ignore_index=True), geometry="geometry", crs=WGS84)


def _existing(inputs: Inputs, scenario: Scenario) -> pd.DataFrame:
    stations = inputs.existing_stations
    energy = {name: row.energy for name, row in scenario.technologies.items()}
    return pd.DataFrame(
        {
            "site_id": "x-" + stations["station_id"],
            "name": stations["name"],
            "origin": "existing",
            "energies": stations["technology"].map(energy),
            "geometry": stations.geometry,
        }
    )


def _case(inputs: Inputs, limit_kw: float) -> pd.DataFrame:
    points = inputs.candidate_points
    return pd.DataFrame(
        {
            "site_id": points["site_id"],
            "name": points["name"],
            "origin": "case",
            "energies": [_in_order(text) for text in points["energies"]],
            "max_power_kw": points["max_power_kw"].fillna(limit_kw),
            "parking_places": points["parking_places"],
            "geometry": points.geometry,
        }
    )


def _in_order(energies: str) -> str:
    asked = {word.strip() for word in energies.split(",")}
    return ",".join(energy for energy in ENERGIES if energy in asked)


def _townships(inputs: Inputs) -> pd.DataFrame:
    located = inputs.townships[inputs.townships.geometry.notna()]
    return pd.DataFrame(
        {
            "site_id": "t-" + located["township_id"],
            "name": located["name"],
            "origin": "township",
            "energies": EVERYWHERE,
            "geometry": located.geometry,
        }
    )


def _zones(inputs: Inputs) -> pd.DataFrame:
    zones = inputs.zones
    attracts = zones["kind"].isin(ATTRACTING_KINDS) | zones["mandated"]
    attracts &= ~zones["kind"].isin(("exclusion", "setback"))
    zones = zones[attracts & (zones["applies_to"] != "test_roads")]
    return pd.DataFrame(
        {
            "site_id": "z-" + zones["zone_id"],
            "name": zones["name"],
            "origin": "zone",
            "energies": zones["kind"].map(
                lambda kind: WITH_TRUCKS if kind in TRUCK_KINDS else EVERYWHERE
            ),
            "geometry": zones.geometry.representative_point(),
        }
    )
