"""Measures the goals of a plan from what stands and who is served, without any solver."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from planner.layers import ENERGIES
from planner.siting.instance import CHARGING, COUNTY_ENERGIES, Instance, Windows
from planner.siting.milestones import reached
from planner.siting.options import Bools, Floats, Ints
from planner.siting.program import open_townships
from planner.siting.search import Build
from planner.siting.service import Service
from planner.siting.stages import MilestoneStage, ShareStage, Stage

Measure = Callable[[Instance, Build, dict[str, Service]], float]


def measured(
    instance: Instance, build: Build, service: dict[str, Service], stages: list[Stage]
) -> dict[str, float]:
    """Return the value of each goal: shares of 1, townships, m, units, trips, kWh, CNY.

    Milestones are counted in shares of what each asks for.
    """
    found = {}
    for stage in stages:
        if isinstance(stage, ShareStage):
            found[stage.name] = _smallest_share(instance, service["after"], stage.counties)
        elif isinstance(stage, MilestoneStage):
            found[stage.name] = _milestones(instance, build, service, stage.milestones)
        else:
            found[stage.name] = MEASURES[stage.name](instance, build, service)
    return found


def _smallest_share(instance: Instance, after: Service, counties: tuple[int, ...]) -> float:
    served = np.zeros(len(instance.county_id))
    county = instance.demand_county[after.demand]
    counted = (county >= 0) & np.isin(after.energy, COUNTY_ENERGIES)
    kwh = after.served() * instance.kwh_per_unit[after.energy]
    np.add.at(served, county[counted], kwh[counted])
    demand = instance.county_demand_kwh(instance.n_years - 1)
    return float(min(served[c] / demand[c] for c in counties))


def _milestones(
    instance: Instance, build: Build, service: dict[str, Service], milestones: tuple[int, ...]
) -> float:
    values = milestone_values(instance, build, service)
    rows = [(instance.milestones[m], values[m]) for m in milestones]
    return sum(milestone.shortfall(value) / milestone.least for milestone, value in rows)


def milestone_values(
    instance: Instance, build: Build, service: dict[str, Service]
) -> tuple[float, ...]:
    """Return what the plan reaches of each milestone, in its own unit."""
    last = instance.n_years - 1
    phases = [
        "after" if row.t == last else str(instance.years[row.t]) for row in instance.milestones
    ]
    return tuple(
        reached(instance, row, build.chosen[row.t], service[phase])
        for row, phase in zip(instance.milestones, phases, strict=True)
    )


def _townships_short(instance: Instance, chosen: Ints) -> int:
    near, groups = instance.township_pair, instance.group_of()[:, CHARGING]
    at = groups[instance.township_pair_site]
    met = set(near[(at >= 0) & (np.append(chosen, -1)[at] >= 0)].tolist())
    return len(set(open_townships(instance, instance.possible())) - met)


def _townships(instance: Instance, build: Build, _service: dict[str, Service]) -> float:
    return float(_townships_short(instance, build.chosen[-1]))


def _early_townships(instance: Instance, build: Build, _service: dict[str, Service]) -> float:
    return float(sum(_townships_short(instance, chosen) for chosen in build.chosen[:-1]))


def _windows_met(windows: Windows, has: Bools) -> Bools:
    met = np.zeros(len(windows.owner), dtype=bool)
    met[windows.pair_window[has[windows.pair_site]]] = True
    return met


def _sites_with(instance: Instance, chosen: Ints, energy: int) -> Bools:
    """Return (J,) sites with a station of the energy; of charging, with a fast one."""
    groups = np.flatnonzero((chosen >= 0) & (instance.group_energy == energy))
    if energy == CHARGING:
        groups = groups[instance.options.fast[chosen[groups]]]
    has = np.zeros(len(instance.site_id), dtype=bool)
    has[instance.group_site[groups]] = True
    return has


def _highway(instance: Instance, build: Build, _service: dict[str, Service]) -> float:
    met = _windows_met(instance.highway, _sites_with(instance, build.chosen[-1], CHARGING))
    return float(instance.highway.weight[~met].sum())


def _units(instance: Instance, build: Build, _service: dict[str, Service]) -> float:
    chosen = build.chosen[-1]
    groups = np.flatnonzero((chosen >= 0) & (instance.group_energy == CHARGING))
    county = instance.site_county[instance.group_site[groups]]
    units = np.zeros(len(instance.county_id))
    inside = county >= 0
    np.add.at(units, county[inside], instance.options.units[chosen[groups]][inside])
    return float(np.maximum(instance.units_needed - units, 0.0).sum())


def _trips(instance: Instance, build: Build, _service: dict[str, Service]) -> float:
    trips, chosen = instance.trips, build.chosen[-1]
    fails = np.zeros(len(instance.trip_volume), dtype=bool)
    for energy in range(len(ENERGIES)):
        met = _windows_met(trips, _sites_with(instance, chosen, energy))
        mine = instance.trip_energy[trips.owner] == energy
        fails[trips.owner[mine & ~met]] = True
    return float(instance.trip_volume[~fails].sum())


def _kwh(instance: Instance, service: Service) -> float:
    weight: Floats = service.served() * instance.kwh_per_unit[service.energy]
    return float(weight.sum())


def _served(instance: Instance, _build: Build, service: dict[str, Service]) -> float:
    return _kwh(instance, service["after"])


def _early_served(instance: Instance, _build: Build, service: dict[str, Service]) -> float:
    return sum(_kwh(instance, service[str(year)]) for year in instance.years[:-1])


def _cost(instance: Instance, build: Build, _service: dict[str, Service]) -> float:
    chosen = build.chosen[-1][build.chosen[-1] >= 0]
    upgrades = instance.supply.upgrade_annual[build.upgraded[-1]].sum()
    return float(instance.options.annual[chosen].sum() + upgrades)


MEASURES: dict[str, Measure] = {
    "township_shortfall": _townships,
    "highway_shortfall_m": _highway,
    "unit_shortfall": _units,
    "trips_refuelled": _trips,
    "demand_served": _served,
    "cost": _cost,
    "early_township_shortfall": _early_townships,
    "early_served": _early_served,
}
