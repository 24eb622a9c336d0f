"""Says of each place wished for test fleets which charging station is near it, and from when."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.network import RoadNetwork, distance_pairs, node_rows
from planner.plan.figures import outcome_row
from planner.plan.ledger import opened_km
from planner.scenario import Scenario
from planner.testroads import FleetWishes

Row = dict[str, Any]
LONG_AGO = 0
"""Year of a station that stands already, in comparisons."""


def wishes_met(
    wishes: FleetWishes, stations: gpd.GeoDataFrame, network: RoadNetwork, scenario: Scenario
) -> gpd.GeoDataFrame:
    """Return ``layers.FLEET_WISHES`` with the nearest charging station of each, and what it is for.

    Siting is not asked to serve them: a wish is met by what the plan builds for other reasons.

    Parameters
    ----------
    stations
        Satisfies ``layers.STATIONS``; those that charge count, from the year they stand.
    """
    places = wishes.places
    near = _pairs(places, stations, network)
    nearest = near.groupby("wish_id").first().reindex(places["wish_id"]).reset_index()
    late = near[near["station_m"] <= scenario.test_roads.fleet_station_near_m]
    stands = late.groupby("wish_id")["from_year"].min().reindex(places["wish_id"])
    wanted = places["year"].to_numpy(dtype=float)
    met_year = np.maximum(stands.to_numpy(dtype=float), wanted)
    return places.assign(
        station_id=nearest["station_id"].astype("str"),
        station_m=nearest["station_m"],
        station_year=nearest["from_year"].where(nearest["from_year"] > LONG_AGO),
        met_year=met_year,
        met=met_year == wanted,
    )


def _pairs(places: gpd.GeoDataFrame, stations: gpd.GeoDataFrame, network: RoadNetwork) -> Any:  # noqa: ANN401 - pandas is untyped
    """Return ``wish_id, station_id, station_m, from_year`` of all pairs, the nearest first."""
    mine = stations[stations["energy"] == "charging"].sort_values("station_id")
    stands = np.where(mine["status"] == "existing", LONG_AGO, mine["first_year"])
    start, end = node_rows(network, places["node_id"]), node_rows(network, mine["node_id"])
    found = distance_pairs(network, start, end, limit_m=np.inf, toward=False)
    pairs = {
        "wish_id": places["wish_id"].to_numpy()[found.start],
        "station_id": mine["station_id"].to_numpy()[found.end],
        "station_m": found.metres,
        "from_year": stands[found.end].astype(float),
    }
    return pd.DataFrame(pairs).sort_values(["wish_id", "station_m", "station_id"])


def wish_figures(
    wishes: FleetWishes, layer: pd.DataFrame, test_roads: pd.DataFrame, scenario: Scenario
) -> Row:
    """Return what is told of the wishes: how many, for how many km, how many are met and when."""
    beyond = test_roads["segment_id"].isin(wishes.beyond).to_numpy(dtype=bool)
    met, ever = layer["met"].to_numpy(dtype=bool), layer["met_year"].notna().to_numpy(dtype=bool)
    return {
        "reach_m": scenario.test_roads.fleet_charger_reach_m,
        "near_m": scenario.test_roads.fleet_station_near_m,
        "outcome": outcome_row(wishes.outcome),
        "n": len(layer),
        "n_met": int(met.sum()),
        "n_late": int((ever & ~met).sum()),
        "served_km": round(float(layer["served_km"].sum()), 6),
        "met_km": round(float(layer["served_km"][met].sum()), 6),
        "n_beyond": int(beyond.sum()),
        "beyond_km": opened_km(test_roads[beyond]),
    }
