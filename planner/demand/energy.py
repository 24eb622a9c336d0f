"""Turns residents into energy a day: the assumptions of the scenario, multiplied out."""

from __future__ import annotations

import pandas as pd

from planner.scenario import Scenario

DECIMALS = 6


def energy_per_day(population: pd.Series, scenario: Scenario) -> pd.DataFrame:
    """Return the demand of each energy a day, rounded to six decimals.

    Parameters
    ----------
    population
        Residents.
    scenario
        ``scenario.demand``: vehicles, electric share, use and the share that is public.

    Returns
    -------
    pandas.DataFrame
        ``charging_per_day`` (kWh taken at public stations), ``swap_per_day`` (swaps),
        ``hydrogen_per_day`` (kg); index of ``population``.

    Notes
    -----
    A thousand residents at 260 vehicles, 15 % of them electric, are 39 electric vehicles.
    """
    settings = scenario.demand
    electric = population / 1000 * settings.vehicles_per_1000 * settings.ev_share
    demand = pd.DataFrame(
        {
            "charging_per_day": electric * settings.kwh_per_ev_day * settings.public_share,
            "swap_per_day": electric / 1000 * settings.swaps_per_1000_ev_day,
            "hydrogen_per_day": population / 100_000 * settings.hydrogen_kg_per_day_per_100k,
        }
    )
    return demand.round(DECIMALS)
