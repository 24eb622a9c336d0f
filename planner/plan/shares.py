"""Adds up the share of demand that is served: by energy, by county, by phase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from planner import layers
from planner.scenario import Scenario

Row = dict[str, Any]


def kwh_weights(scenario: Scenario) -> dict[str, float]:
    """Return the kWh that a unit of each energy counts for in the share of a county.

    Hydrogen is left out: enterprises build it, and few counties have any.
    """
    siting = scenario.siting
    return {
        "charging": 1.0,
        "swap": siting.swap_kwh,
        "truck_swap": siting.truck_swap_kwh,
        "hydrogen": 0.0,
    }


@dataclass(frozen=True)
class PhaseShares:
    """Sums over the demand points.

    Parameters
    ----------
    energies
        ``demand``, ``covered`` and ``served`` by phase and energy, in its own unit a day.
    counties
        Share served by phase (columns) and county (index), charging and both kinds of
        swap together in kWh, six decimals; missing where there is no demand.
    """

    energies: pd.DataFrame
    counties: pd.DataFrame

    def of_energies(self, phase: str) -> dict[str, float | None]:
        """Return the share served of each energy; ``None`` where there is no demand."""
        return {energy: self.share(energy, phase, "served") for energy in layers.ENERGIES}

    def share(self, energy: str, phase: str, part: str) -> float | None:
        """Return the share of an energy's demand that is ``covered`` or ``served``."""
        sums = self.energies.loc[(phase, energy)]
        demand = float(sums["demand"])
        return round(float(sums[part]) / demand, 6) if demand else None

    def least_of_counties(self, phase: str) -> float | None:
        """Return the smallest share of any county with demand."""
        known = self.counties[phase].dropna()
        return float(known.min()) if len(known) else None


def phase_shares(points: pd.DataFrame, scenario: Scenario) -> PhaseShares:
    """Add up the rows of :func:`planner.plan.gaps.point_gaps`."""
    energies = points.groupby(["phase", "energy"])[["demand", "covered", "served"]].sum()
    weight = points["energy"].map(kwh_weights(scenario))
    weighted = points[["county_id", "phase"]].assign(
        demand=points["demand"] * weight, served=points["served"] * weight
    )
    sums = weighted.groupby(["county_id", "phase"])[["demand", "served"]].sum()
    share = (sums["served"] / sums["demand"].where(sums["demand"] > 0)).round(6)
    phases = list(dict.fromkeys(points["phase"]))
    counties = pd.DataFrame({phase: share.xs(phase, level="phase") for phase in phases})
    return PhaseShares(energies, counties.sort_index())
