"""The siting problem as plain arrays: the seam between the layers and the model."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from planner.layers import ENERGIES

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

PAYERS = ("public", "enterprise")
"""Who pays, in the order of ``Instance.budget_cny`` and the codes of ``tech_payer``."""
CHARGING = ENERGIES.index("charging")
COUNTY_ENERGIES = (ENERGIES.index("charging"), ENERGIES.index("swap"))
"""The energies of a county's gap; hydrogen is left to enterprises."""


@dataclass(frozen=True)
class Instance:
    """One siting problem. Rows are dense integers; the ids say what they stand for.

    Parameters
    ----------
    demand_id, site_id, technology, county_id, township_id, supply_node_id
        Ids of the sets I, J, K, C, W and G.
    demand
        (I, E) demand a day in the energy's own unit (kWh, swaps, kg); energies in the
        order of :data:`planner.layers.ENERGIES`.
    kwh_per_unit
        (E,) kWh that one unit of each energy counts for where energies are added up.
    demand_county
        (I,) county of each demand point, -1 where it lies in none.
    pair_demand, pair_site, pair_energy, pair_m
        (P,) every demand point, site and energy within the service radius, with the
        network distance in metres; sorted by energy, demand point and site.
    allowed
        (J, K) whether a new station of the technology may stand at the site.
    max_power_kw, site_supply
        (J,) limit of the planned power, and supply node (-1 where none).
    headroom_kw
        (G,) free power of each supply node.
    tech_energy, capacity, power_kw, unit_cost, fixed_cost, min_units, max_units, tech_payer
        (K,) rows of the technologies: capacity a day and kW of one unit, CNY as integers.
    existing_site, existing_technology, existing_units
        (X,) stations that stand today.
    township_pair, township_pair_site
        Township and site rows within the township rule's distance by road.
    budget_cny
        CNY by payer, see :data:`PAYERS`.
    """

    demand_id: tuple[str, ...]
    site_id: tuple[str, ...]
    technology: tuple[str, ...]
    county_id: tuple[str, ...]
    township_id: tuple[str, ...]
    supply_node_id: tuple[str, ...]
    demand: Floats
    kwh_per_unit: Floats
    demand_county: Ints
    pair_demand: Ints
    pair_site: Ints
    pair_energy: Ints
    pair_m: Floats
    allowed: Bools
    max_power_kw: Floats
    site_supply: Ints
    headroom_kw: Floats
    tech_energy: Ints
    capacity: Floats
    power_kw: Floats
    unit_cost: Ints
    fixed_cost: Ints
    min_units: Ints
    max_units: Ints
    tech_payer: Ints
    existing_site: Ints
    existing_technology: Ints
    existing_units: Ints
    township_pair: Ints
    township_pair_site: Ints
    budget_cny: tuple[int, ...]

    def existing_capacity(self) -> Floats:
        """Return (J, E) what the existing stations of each site serve a day."""
        total = np.zeros((len(self.site_id), self.demand.shape[1]))
        place = (self.existing_site, self.tech_energy[self.existing_technology])
        np.add.at(total, place, self.existing_units * self.capacity[self.existing_technology])
        return total

    def may_build(self) -> Bools:
        """Return (J, K) whether the least station of a technology may stand at a site.

        It may not where it is not allowed, or where its smallest size already
        exceeds the site's power, its supply node's headroom or the payer's budget.
        """
        least_kw = self.min_units * self.power_kw
        least_cny = self.fixed_cost + self.min_units * self.unit_cost
        headroom = np.append(self.headroom_kw, np.inf)[self.site_supply]
        limit_kw = np.minimum(self.max_power_kw, headroom)
        affordable = least_cny <= np.asarray(self.budget_cny, dtype=np.int64)[self.tech_payer]
        fits = least_kw[None, :] <= limit_kw[:, None]
        return np.asarray(self.allowed & fits & affordable[None, :])

    def most_units(self) -> Ints:
        """Return (J, K) the most units of a technology that can be of use at a site.

        That is what power, money and the technology itself allow, and no more than serve
        all the demand in reach; 0 where the technology may not stand.
        """
        headroom = np.append(self.headroom_kw, np.inf)[self.site_supply]
        limit_kw = np.minimum(self.max_power_kw, headroom)
        budget = np.asarray(self.budget_cny, dtype=np.int64)[self.tech_payer]
        money = (budget - self.fixed_cost) // np.maximum(self.unit_cost, 1)
        by_money = np.where(self.unit_cost > 0, money, self.max_units)
        power = np.maximum(self.power_kw, 1e-9)
        by_power = np.floor(limit_kw[:, None] / power[None, :] + 1e-9)
        by_demand = np.ceil(self._reached()[:, self.tech_energy] / self.capacity - 1e-9)
        useful = np.maximum(by_demand, self.min_units)
        most = np.minimum(np.minimum(self.max_units, by_money)[None, :], by_power)
        most = np.minimum(most, useful)
        return np.asarray(np.where(self.may_build(), most, 0), dtype=np.int64)

    def _reached(self) -> Floats:
        """Return (J, E) the demand within the service radius of each site."""
        total = np.zeros((len(self.site_id), self.demand.shape[1]))
        weight = self.demand[self.pair_demand, self.pair_energy]
        np.add.at(total, (self.pair_site, self.pair_energy), weight)
        return total

    def open_townships(self) -> list[int]:
        """Return the townships no existing station meets but a site that may open would."""
        charging = self.tech_energy == CHARGING
        may = np.asarray(self.may_build()[:, charging].any(axis=1))
        now = self.existing_capacity()[:, CHARGING] > 0
        near, site = self.township_pair, self.township_pair_site
        met = set(near[now[site]].tolist())
        return sorted(set(near[may[site]].tolist()) - met)

    def usable(self) -> Bools:
        """Return (J, E) whether a site has a station of the energy or may be given one."""
        found = self.existing_capacity() > 0
        build = self.may_build()
        for k, energy in enumerate(self.tech_energy):
            found[:, energy] |= build[:, k]
        return np.asarray(found)

    def county_demand_kwh(self) -> Floats:
        """Return (C,) charging and swap demand of each county in kWh equivalents a day."""
        return self._by_county(np.ones(self.demand.shape, dtype=bool))

    def reachable_share(self) -> dict[int, float]:
        """Return the share of each county's demand that any usable site reaches."""
        reached = np.zeros(self.demand.shape, dtype=bool)
        pairs = self.usable()[self.pair_site, self.pair_energy]
        reached[self.pair_demand[pairs], self.pair_energy[pairs]] = True
        whole, part = self.county_demand_kwh(), self._by_county(reached)
        return {int(c): float(part[c] / whole[c]) for c in np.flatnonzero(whole > 0)}

    def _by_county(self, counted: Bools) -> Floats:
        columns = list(COUNTY_ENERGIES)
        weight = (self.demand * counted)[:, columns] @ self.kwh_per_unit[columns]
        total = np.zeros(len(self.county_id))
        inside = self.demand_county >= 0
        np.add.at(total, self.demand_county[inside], weight[inside])
        return total

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit each other; this is a seam, not a user input."""
        pairs = {len(getattr(self, field.name)) for field in fields(self)
                 if field.name.startswith("pair_")}  # fmt: skip
        shapes = (
            len(pairs) == 1
            and self.demand.shape == (len(self.demand_id), len(ENERGIES))
            and self.allowed.shape == (len(self.site_id), len(self.technology))
            and len(self.tech_energy) == len(self.technology) == len(self.tech_payer)
            and len(self.headroom_kw) == len(self.supply_node_id)
            and len(self.budget_cny) == len(PAYERS)
        )
        if not shapes:
            msg = "the arrays of the instance do not fit each other"
            raise ValueError(msg)
