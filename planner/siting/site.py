"""Sites stations for one case: arrays, goals, service, audit, and the layers they become."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from planner import layers
from planner.inputs import Inputs
from planner.network import RoadNetwork
from planner.scenario import Scenario
from planner.siting import audit as siting_audit
from planner.siting.access import township_access
from planner.siting.from_layers import make_instance, township_nodes, usable_sites
from planner.siting.goals import Goal, pursue
from planner.siting.instance import Instance, Ints
from planner.siting.service import MICRO, Service, deal_out, idle, with_stations
from planner.solver import Deadline


@dataclass(frozen=True)
class SitingAnswer:
    """Which stations to build, whom they serve, and how sure that is.

    ``stations``, ``assignments`` and ``township_access`` satisfy their layers; ``goals``
    are in lexicographic order; ``audit`` names the checks that passed.
    """

    stations: gpd.GeoDataFrame
    assignments: pd.DataFrame
    goals: tuple[Goal, ...]
    township_access: gpd.GeoDataFrame
    audit: tuple[str, ...]


def site_stations(
    inputs: Inputs,
    network: RoadNetwork,
    demand_points: gpd.GeoDataFrame,
    candidate_sites: gpd.GeoDataFrame,
    scenario: Scenario,
    deadline: Deadline,
) -> SitingAnswer:
    """Decide which stations to build and re-prove the answer without the solver.

    Raises
    ------
    LimitError
        If time ran out before there was a plan.
    VerificationError
        If the answer breaks a constraint: it is withheld.
    """
    sites = usable_sites(candidate_sites)
    townships = township_nodes(inputs.townships, network, scenario)
    instance = make_instance(inputs, network, demand_points, sites, townships, scenario)
    units, goals = pursue(instance, scenario.run, scenario.siting.gap_tolerance, deadline)
    service = deal_out(with_stations(instance, units), scenario.run, deadline)
    units = np.where(idle(instance, units, service), 0, units)
    passed = siting_audit.audit(instance, units, service)
    nothing = np.zeros_like(units)
    before = deal_out(with_stations(instance, nothing), scenario.run, deadline)
    siting_audit.audit(instance, nothing, before)
    stations = _stations(inputs, sites, instance, units, service, scenario)
    return SitingAnswer(
        stations,
        _assignments(instance, stations, before, service),
        goals,
        township_access(inputs, network, townships, stations, scenario),
        passed,
    )


def _stations(
    inputs: Inputs,
    sites: gpd.GeoDataFrame,
    instance: Instance,
    units: Ints,
    service: Service,
    scenario: Scenario,
) -> gpd.GeoDataFrame:
    planned = np.argwhere(units > 0)
    site = np.append(instance.existing_site, planned[:, 0])
    technology = np.append(instance.existing_technology, planned[:, 1])
    n_units = np.append(instance.existing_units, units[planned[:, 0], planned[:, 1]])
    is_new = np.arange(len(site)) >= len(instance.existing_site)
    load = np.zeros((len(instance.site_id), len(layers.ENERGIES)), dtype=np.int64)
    np.add.at(load, (service.site, service.energy), service.micro)
    codes = np.array(instance.technology, dtype=object)[technology]
    rows = [scenario.technologies[code] for code in codes]
    frame = sites.iloc[site].reset_index(drop=True)
    capital = instance.fixed_cost[technology] + n_units * instance.unit_cost[technology]
    trust = inputs.existing_stations.set_index("station_id")["trust"]
    frame = frame.assign(
        station_id=[
            f"p-{site_id}-{code}" if new else site_id
            for site_id, code, new in zip(frame["site_id"], codes, is_new, strict=True)
        ],
        energy=[row.energy for row in rows],
        technology=codes,
        status=np.where(is_new, "planned", "existing"),
        n_units=n_units,
        capacity_per_day=np.round(n_units * instance.capacity[technology], 6),
        served_per_day=load[site, instance.tech_energy[technology]] / MICRO,
        power_kw=n_units * instance.power_kw[technology],
        capital_cny=np.where(is_new, capital, 0),
        owner=[row.owner if new else "existing" for row, new in zip(rows, is_new, strict=True)],
        trust=[
            row.trust if new else trust.get(site_id.removeprefix("x-"), "U")
            for row, new, site_id in zip(rows, is_new, frame["site_id"], strict=True)
        ],
    )
    frame = frame.sort_values("station_id", ignore_index=True)
    return layers.validate(frame, layers.STATIONS)


def _assignments(
    instance: Instance, stations: gpd.GeoDataFrame, before: Service, after: Service
) -> pd.DataFrame:
    station_of = {
        (site, energy): station
        for site, energy, station in zip(
            stations["site_id"], stations["energy"], stations["station_id"], strict=True
        )
    }
    parts = []
    for phase, service in (("after", after), ("before", before)):
        energy = [layers.ENERGIES[e] for e in service.energy]
        keys = zip((instance.site_id[j] for j in service.site), energy, strict=True)
        parts.append(
            pd.DataFrame(
                {
                    "phase": phase,
                    "demand_id": [instance.demand_id[i] for i in service.demand],
                    "station_id": [station_of[key] for key in keys],
                    "energy": energy,
                    "served_per_day": service.served(),
                }
            )
        )
    frame = pd.concat(parts, ignore_index=True).astype(
        dict.fromkeys(("phase", "demand_id", "station_id", "energy"), "str")
    )
    return layers.validate(frame, layers.ASSIGNMENTS)
