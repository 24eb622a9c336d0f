"""What has to be reached by a year: the milestones of a problem, and what a plan reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np

from planner.layers import ENERGIES
from planner.scenario import Scenario
from planner.scenario import rows as scenario_rows
from planner.siting.options import Bools, Floats, Ints

if TYPE_CHECKING:
    from planner.siting.instance import Instance
    from planner.siting.service import Service

TOWNSHIPS, STATIONS, UNITS, SHARE = "townships_covered", "stations", "units", "served_share"
MEASURES = (TOWNSHIPS, STATIONS, UNITS, SHARE)
CHARGING = ENERGIES.index("charging")
ALL = -1
"""Every energy, or the whole city."""
MET = 1e-6
"""Share of a milestone by which rounding may leave it short: millionths of a kWh."""


@dataclass(frozen=True)
class Milestone:
    """What has to be reached by a year.

    Parameters
    ----------
    name
        Its row in the scenario.
    t
        The year, as a row of T.
    measure
        What is counted: townships, stations, units, or a share of the demand from 0 to 1.
    energy, county
        What and where: rows of ENERGIES and of C, :data:`ALL` for all of them.
    least
        How much has to be reached, in townships, stations, units or as a share.
    townships
        Rows of W that count, for the measure of townships only.
    """

    name: str
    t: int
    measure: str
    energy: int
    county: int
    least: float
    townships: tuple[int, ...] = ()

    def groups(self, instance: Instance) -> Bools:
        """Return (S,) the groups whose stations are of its energy and in its county."""
        county = instance.site_county[instance.group_site]
        here = (self.county == ALL) | (county == self.county)
        return np.asarray(here & ((self.energy == ALL) | (instance.group_energy == self.energy)))

    def demand_kwh(self, instance: Instance) -> Floats:
        """Return (I, E) what it counts of the demand of its year, in kWh a day."""
        weight = instance.demand[self.t] * instance.kwh_per_unit
        if self.energy != ALL:
            weight *= np.arange(len(ENERGIES)) == self.energy
        if self.county != ALL:
            weight *= (instance.demand_county == self.county)[:, None]
        return np.asarray(weight)

    def shortfall(self, reached: float) -> float:
        """Return what is missing, in its own unit; what rounding alone leaves short is none."""
        return max(0.0, self.least - reached) if reached < self.least * (1 - MET) else 0.0


def pose_milestones(
    scenario: Scenario, counties: gpd.GeoDataFrame, townships: gpd.GeoDataFrame
) -> tuple[Milestone, ...]:
    """Return the milestones of a scenario in rows of the problem, in the order of their names."""
    years, known = scenario.siting.years(), counties["county_id"].tolist()
    where = townships["county_id"]
    found = []
    for name, row in sorted(scenario.milestones.items()):
        counted = np.array([row.county_id in {"", county} for county in where], dtype=bool)
        found.append(
            Milestone(
                name,
                years.index(row.year),
                row.measure,
                _energy(row),
                known.index(row.county_id) if row.county_id else ALL,
                float(row.least),
                tuple(np.flatnonzero(counted).tolist()) if row.measure == TOWNSHIPS else (),
            )
        )
    return tuple(found)


def _energy(row: scenario_rows.Milestone) -> int:
    if row.measure == TOWNSHIPS:
        return CHARGING
    return ENERGIES.index(row.energy) if row.energy else ALL


def reached(instance: Instance, milestone: Milestone, chosen: Ints, service: Service) -> float:
    """Return what a plan reaches of a milestone, in its own unit.

    Parameters
    ----------
    instance
        The problem.
    milestone
        What is counted.
    chosen
        (S,) option that stands in its year, -1 where none.
    service
        Who serves whom in its year.
    """
    if milestone.measure == TOWNSHIPS:
        return float(covered_townships(instance, chosen >= 0)[list(milestone.townships)].sum())
    if milestone.measure == SHARE:
        weight = milestone.demand_kwh(instance)
        if not weight.any():
            return 1.0
        counted = weight[service.demand, service.energy] > 0
        kwh = service.served() * instance.kwh_per_unit[service.energy]
        return float(kwh[counted].sum() / weight.sum())
    mine = chosen[milestone.groups(instance) & (chosen >= 0)]
    return float(len(mine) if milestone.measure == STATIONS else instance.options.units[mine].sum())


def covered_townships(instance: Instance, open_groups: Bools) -> Bools:
    """Return (W,) townships with an open charging group (S,) within the rule's distance."""
    at = instance.group_of()[instance.township_pair_site, CHARGING]
    covered = np.zeros(len(instance.township_id), dtype=bool)
    covered[instance.township_pair[(at >= 0) & np.append(open_groups, False)[at]]] = True
    return covered


def most_ever(instance: Instance, milestone: Milestone) -> float:
    """Return a bound on what any plan reaches of a milestone, in its own unit.

    It counts what each site could have at most by itself, money and power of all apart.
    """
    allowed = instance.possible()
    usable = np.zeros(len(instance.group_site), dtype=bool)
    usable[instance.options.group[allowed]] = True
    if milestone.measure == TOWNSHIPS:
        return float(covered_townships(instance, usable)[list(milestone.townships)].sum())
    if milestone.measure == SHARE:
        weight = milestone.demand_kwh(instance)
        within = np.zeros(weight.shape, dtype=bool)
        pairs = instance.usable(allowed)[instance.pair_site, instance.pair_energy]
        within[instance.pair_demand[pairs], instance.pair_energy[pairs]] = True
        return float((weight * within).sum() / weight.sum()) if weight.any() else 1.0
    most = np.zeros(len(instance.group_site))
    units = instance.options.units if milestone.measure == UNITS else np.ones(len(allowed))
    np.maximum.at(most, instance.options.group[allowed], units[allowed])
    return float(most[milestone.groups(instance)].sum())


def needed_groups(instance: Instance) -> Bools:
    """Return (S,) the groups whose stations a milestone may hang on, whoever they serve.

    Those are the ones that count, and where the share of an earlier year counts all of its
    energy: a station may have served then whom another serves in the end.
    """
    found = np.zeros(len(instance.group_site), dtype=bool)
    for milestone in instance.milestones:
        if milestone.measure in {STATIONS, UNITS}:
            found |= milestone.groups(instance)
        elif milestone.measure == SHARE and milestone.t < instance.n_years - 1:
            found |= (milestone.energy == ALL) | (instance.group_energy == milestone.energy)
    return found
