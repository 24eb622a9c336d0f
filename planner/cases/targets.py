"""Chooses targets of test-road km where the planner gives none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np

from planner.crs import geodesic_length_m

STAGES = ((2025, 0.4), (2026, 0.7), (2027, 1.0))
MOST_KM, ELIGIBLE_SHARE = 500.0, 0.18
FASTEST_KPH = 80.0


def eligible_km(roads: gpd.GeoDataFrame) -> float:
    """Return the km of road that may be opened; a one-way road counts half (centre lines)."""
    fit = roads[
        (roads["speed_kph"] <= FASTEST_KPH) & (roads["road_class"] != "service") & ~roads["tunnel"]
    ]
    weight = np.where(fit["oneway"], 0.5, 1.0)
    return float((geodesic_length_m(fit.geometry.to_numpy()) * weight).sum()) / 1000


def target_table(roads: gpd.GeoDataFrame, given: Mapping[int, float] | None) -> dict[str, Any]:
    """Return the keys ``target_km_<year>`` of ``[test_roads]``, each with its source."""
    if given:
        source = "stated when the case was made"
        targets = {year: float(km) for year, km in sorted(given.items())}
    else:
        whole = min(MOST_KM, ELIGIBLE_SHARE * eligible_km(roads))
        source = (
            f"assumption: 40, 70 and 100 % of {MOST_KM:.0f} km or of "
            f"{ELIGIBLE_SHARE:.0%} of the eligible road km, whichever is less"
        )
        targets = {year: float(max(1, round(whole * share))) for year, share in STAGES}
    return {
        f"target_km_{year}": {"value": km, "unit": "km", "source": source, "trust": "U"}
        for year, km in targets.items()
    }
