"""Turns what stands in each year into the layers of stations, years, upgrades and service."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import geopandas as gpd
import numpy as np
import pandas as pd

from planner import layers
from planner.inputs import Inputs
from planner.scenario import Scenario
from planner.scenario.rows import Scheme
from planner.siting.instance import Instance
from planner.siting.kinds import make_terms, peak_kw, queue_of
from planner.siting.options import ACTIONS, Ints
from planner.siting.search import Build
from planner.siting.service import MICRO, Service
from planner.siting.waiting import mean_wait_min

DAYS = 365
DECIMALS = 6


@dataclass(frozen=True)
class Answered:
    """A siting problem with its answer: what stands when, and who serves whom by phase."""

    instance: Instance
    build: Build
    service: dict[str, Service]
    sites: gpd.GeoDataFrame
    inputs: Inputs
    scenario: Scenario

    def load(self, phase: str) -> Ints:
        """Return (S,) millionths that each group serves a day in a phase."""
        instance, service = self.instance, self.service[phase]
        total = np.zeros(len(instance.group_site), dtype=np.int64)
        group = instance.group_of()[service.site, service.energy]
        np.add.at(total, group, service.micro)
        return total

    def phase_of(self, t: int) -> str:
        """Return the phase of a year: "after" for the target year, else the year."""
        years = self.instance.years
        return "after" if t == len(years) - 1 else str(years[t])

    def first_change(self) -> Ints:
        """Return (S,) the year (row of T) in which a group first differs from today; T never."""
        standing = self.instance.standing()
        changed = self.build.chosen != standing[None, :]
        return np.where(changed.any(axis=0), changed.argmax(axis=0), self.instance.n_years)


def make_stations(answered: Answered) -> gpd.GeoDataFrame:
    """Return the layer STATIONS: the target year, and what the plan changed to get there."""
    instance = answered.instance
    groups = np.flatnonzero(answered.build.chosen[-1] >= 0)
    frame = answered.sites.iloc[instance.group_site[groups]].reset_index(drop=True)
    trust = answered.inputs.existing_stations.set_index("station_id")["trust"].to_dict()
    load, first = answered.load("after"), answered.first_change()
    rows = [
        _station(answered, int(s), str(site), float(load[s] / MICRO), int(first[s]), trust)
        for s, site in zip(groups, frame["site_id"], strict=True)
    ]
    none = None if rows else layers.STATIONS.column_names()
    made = pd.DataFrame(rows, index=frame.index, columns=none)
    frame = frame.drop(columns=[column for column in made.columns if column in frame.columns])
    frame = pd.concat([frame, made], axis=1).sort_values("station_id", ignore_index=True)
    kept = [column for column in layers.STATIONS.column_names() if column in frame.columns]
    frame = gpd.GeoDataFrame(frame[[*kept, "geometry"]], geometry="geometry", crs=frame.crs)
    return layers.validate(_texts(frame, layers.STATIONS), layers.STATIONS)


def _station(
    answered: Answered, s: int, site_id: str, served: float, first: int, trust: dict[str, str]
) -> dict[str, object]:
    instance, scenario = answered.instance, answered.scenario
    options, o = instance.options, int(answered.build.chosen[-1, s])
    code = instance.technology[options.technology[o]]
    row, units = scenario.technologies[code], int(options.units[o])
    before = int(instance.standing()[s])
    action = ACTIONS[options.action[o]]
    year = (
        instance.years[min(first, instance.n_years - 1)] if action != "keep" else instance.years[0]
    )
    capital = int(options.capital[o])
    annual = int(options.annual[o])
    terms = make_terms(scenario)
    opex = annual - terms.annual_cny(capital, row.life_years, 0)
    grant, scheme = best_grant(scenario.schemes, code, year, capital)
    wait = mean_wait_min(queue_of(row), units, served)
    planned = before < 0
    return {
        "station_id": f"p-{site_id}-{code}" if planned else site_id,
        "energy": row.energy,
        "technology": code,
        "technology_before": None if planned else instance.technology[options.technology[before]],
        "status": "planned" if planned else "existing",
        "action": action,
        "first_year": year,
        "n_units": units,
        "n_units_before": 0 if planned else int(options.units[before]),
        "capacity_per_day": round(float(options.capacity[o]), DECIMALS),
        "served_per_day": served,
        "power_kw": round(units * row.power_kw, DECIMALS),
        "peak_kw": round(units * peak_kw(row, scenario), DECIMALS),
        "waiting_min": round(wait, 3) if np.isfinite(wait) else None,
        "capital_cny": capital,
        "opex_cny_per_year": opex,
        "annual_cost_cny": annual,
        "cost_per_unit_cny": round(annual / (served * DAYS), 4) if served > 0 and annual else None,
        "grant_cny": grant,
        "scheme": scheme,
        "owner": "existing" if action == "keep" else row.owner,
        "trust": row.trust if planned else trust.get(site_id.removeprefix("x-"), "U"),
    }


def best_grant(
    schemes: dict[str, Scheme], code: str, year: int, capital_cny: int
) -> tuple[int, str | None]:
    """Return the largest single grant to a station and the scheme that gives it.

    Two schemes never add up; a scheme grants only what is built in a year it covers. The
    earlier name wins a tie.
    """
    best: tuple[int, str | None] = (0, None)
    for name in sorted(schemes):
        scheme = schemes[name]
        in_force = scheme.valid_from.year <= year <= scheme.valid_to.year
        if code not in scheme.technologies or not in_force:
            continue
        # In decimals, as the rate was written: 0.29 is not exact in binary.
        grant = int(Decimal(str(scheme.rate)) * capital_cny)
        grant = min(grant, scheme.cap_cny) if scheme.cap_cny else grant
        if grant > best[0]:
            best = grant, name
    return best


def make_station_years(answered: Answered, stations: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the layer STATION_YEARS: what stands in each year, serves and costs."""
    instance, chosen = answered.instance, answered.build.chosen
    options, ids = instance.options, _ids(stations)
    rows = []
    for t, year in enumerate(instance.years):
        load = answered.load(answered.phase_of(t))
        for s in np.flatnonzero(chosen[t] >= 0).tolist():
            o, previous = int(chosen[t, s]), int(chosen[t - 1, s]) if t else -1
            spent = int(options.capital[o]) - (
                int(options.capital[previous]) if previous >= 0 else 0
            )
            site, energy = instance.site_id[instance.group_site[s]], instance.group_energy[s]
            rows.append(
                {
                    "station_id": ids[site, layers.ENERGIES[energy]],
                    "year": year,
                    "technology": instance.technology[options.technology[o]],
                    "n_units": int(options.units[o]),
                    "capacity_per_day": round(float(options.capacity[o]), DECIMALS),
                    "served_per_day": load[s] / MICRO,
                    "spent_cny": spent,
                }
            )
    columns = layers.STATION_YEARS.column_names()
    frame = pd.DataFrame(rows, columns=columns).sort_values(["station_id", "year"])
    return layers.validate(_texts(frame, layers.STATION_YEARS), layers.STATION_YEARS)


def make_supply_upgrades(answered: Answered) -> pd.DataFrame:
    """Return the layer SUPPLY_UPGRADES: what is ordered when, and there when."""
    instance, supply = answered.instance, answered.instance.supply
    rows = []
    for g in np.flatnonzero(answered.build.upgraded[-1]).tolist():
        served = int(answered.build.upgraded[:, g].argmax())
        rows.append(
            {
                "supply_node_id": instance.supply_node_id[g],
                "ordered_year": instance.years[served - int(supply.lead[g])],
                "in_service_year": instance.years[served],
                "added_kw": float(supply.upgrade_kw[g]),
                "cost_cny": int(supply.upgrade_cny[g]),
            }
        )
    frame = pd.DataFrame(rows, columns=layers.SUPPLY_UPGRADES.column_names())
    return layers.validate(_texts(frame, layers.SUPPLY_UPGRADES), layers.SUPPLY_UPGRADES)


def make_assignments(answered: Answered, stations: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the layer ASSIGNMENTS: who serves whom in every phase."""
    instance, ids = answered.instance, _ids(stations)
    parts = []
    for phase, service in answered.service.items():
        energy = [layers.ENERGIES[e] for e in service.energy]
        keys = zip((instance.site_id[j] for j in service.site), energy, strict=True)
        parts.append(
            pd.DataFrame(
                {
                    "phase": phase,
                    "demand_id": [instance.demand_id[i] for i in service.demand],
                    "station_id": [ids[key] for key in keys],
                    "energy": energy,
                    "served_per_day": service.served(),
                }
            )
        )
    frame = pd.concat(parts, ignore_index=True)
    return layers.validate(_texts(frame, layers.ASSIGNMENTS), layers.ASSIGNMENTS)


def _ids(stations: gpd.GeoDataFrame) -> dict[tuple[str, str], str]:
    keys = zip(stations["site_id"], stations["energy"], strict=True)
    return dict(zip(keys, stations["station_id"], strict=True))


def _texts(frame: pd.DataFrame, layer: layers.Layer) -> pd.DataFrame:
    """Return the frame with each column in the dtype of its layer, also where it is empty."""
    dtypes = {column.name: column.dtype for column in layer.columns}
    return frame.astype(dtypes).reset_index(drop=True)
