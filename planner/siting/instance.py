"""The siting problem as plain arrays: the seam between the layers and the model."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from planner.layers import ENERGIES
from planner.siting.milestones import UNITS, Milestone
from planner.siting.options import BUILD, KEEP, Bools, Floats, Ints, Options

PAYERS = ("public", "enterprise")
"""Who pays, in the order of ``Instance.budget_cny`` and the codes of ``Options.payer``."""
PUBLIC = PAYERS.index("public")
CHARGING = ENERGIES.index("charging")
COUNTY_ENERGIES = tuple(ENERGIES.index(word) for word in ("charging", "swap", "truck_swap"))
"""The energies of a county's gap; hydrogen is left to enterprises."""
UPGRADE_LIFE_YEARS = 30


@dataclass(frozen=True)
class Supply:
    """Supply nodes: free power, and one upgrade of each that may be ordered.

    Parameters
    ----------
    headroom_kw, upgrade_kw
        (G,) free today, and what the upgrade adds (0 where there is none).
    upgrade_cny, upgrade_annual
        (G,) cost of the upgrade, and CNY a year that it adds.
    lead
        (G,) years from order to service.
    """

    headroom_kw: Floats
    upgrade_kw: Floats
    upgrade_cny: Ints
    upgrade_annual: Ints
    lead: Ints

    def ready(self, n_years: int) -> Bools:
        """Return (G,) whether an upgrade can be in service by the last year."""
        return np.asarray((self.upgrade_kw > 0) & (self.lead < n_years))

    def most_kw(self, n_years: int) -> Floats:
        """Return (G,) power with the upgrade where it can be had in time."""
        return np.asarray(self.headroom_kw + np.where(self.ready(n_years), self.upgrade_kw, 0.0))


@dataclass(frozen=True)
class Windows:
    """Sets of sites of which one must have a station: a row each.

    Parameters
    ----------
    owner
        (H,) what the window belongs to: the highway stretch or the trip.
    weight
        (H,) metres of start positions it stands for; 1 for trips.
    pair_window, pair_site
        (Q,) window and site of each site that would do.
    """

    owner: Ints
    weight: Floats
    pair_window: Ints
    pair_site: Ints


def no_windows() -> Windows:
    """Return windows without a row."""
    none = np.zeros(0, dtype=np.int64)
    return Windows(none, np.zeros(0), none, none)


@dataclass(frozen=True)
class Instance:
    """One siting problem. Rows are dense integers; the ids say what they stand for.

    Parameters
    ----------
    years
        The T years, ascending; the last is the target year.
    demand_id, site_id, technology, county_id, township_id, supply_node_id
        Ids of the sets I, J, K, C, W and G.
    demand
        (T, I, E) demand a day in the energy's own unit (kWh, swaps, kg); energies in the
        order of :data:`planner.layers.ENERGIES`.
    kwh_per_unit
        (E,) kWh that one unit of each energy counts for where energies are added up.
    demand_county
        (I,) county of each demand point, -1 where it lies in none.
    pair_demand, pair_site, pair_energy, pair_m
        (P,) every demand point, site and energy within the service radius, with the
        network distance in metres; sorted by energy, demand point and site.
    group_site, group_energy
        (S,) site and energy of each group of options; sorted.
    options
        What may stand at each group; see :class:`planner.siting.options.Options`.
    max_power_kw, site_supply, site_county
        (J,) limit of the planned power, supply node and county (-1 where none).
    supply
        Supply nodes and their upgrades.
    township_pair, township_pair_site
        Township and site rows within the township rule's distance by road.
    highway
        Windows of highway starts; only fast charging counts.
    trips
        Windows of trips; ``trip_energy`` and ``trip_volume`` (F,) say what they need and
        how many they are a day; trips without a window need no station.
    units_needed
        (C,) charging units the rule on units and vehicles asks for; 0 where it is only
        reported.
    budget_cny
        (T, 2) CNY there is up to each year by payer, see :data:`PAYERS`.
    locked
        Groups of which one must have a station in the target year, as tuples.
    milestones
        What has to be reached by a year.
    """

    years: tuple[int, ...]
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
    group_site: Ints
    group_energy: Ints
    options: Options
    max_power_kw: Floats
    site_supply: Ints
    site_county: Ints
    supply: Supply
    township_pair: Ints
    township_pair_site: Ints
    highway: Windows
    trips: Windows
    trip_energy: Ints
    trip_volume: Floats
    units_needed: Ints
    budget_cny: Ints
    locked: tuple[tuple[int, ...], ...] = ()
    milestones: tuple[Milestone, ...] = ()

    @property
    def n_years(self) -> int:
        """How many years there are."""
        return len(self.years)

    def group_of(self) -> Ints:
        """Return (J, E) the group of each site and energy, -1 where none."""
        table = np.full((len(self.site_id), len(ENERGIES)), -1, dtype=np.int64)
        table[self.group_site, self.group_energy] = np.arange(len(self.group_site))
        return table

    def standing(self) -> Ints:
        """Return (S,) the option that stands today, -1 where none."""
        found = np.full(len(self.group_site), -1, dtype=np.int64)
        kept = np.flatnonzero(self.options.action == KEEP)
        found[self.options.group[kept]] = kept
        return found

    def capacity(self, chosen: Ints) -> Floats:
        """Return (J, E) what stations serve a day where (S,) options stand (-1 for none)."""
        total = np.zeros((len(self.site_id), len(ENERGIES)))
        some = chosen >= 0
        place = (self.group_site[some], self.group_energy[some])
        total[place] = self.options.capacity[chosen[some]]
        return total

    def reached(self) -> Floats:
        """Return (S,) the largest demand of a year within the service radius of each group."""
        total = np.zeros((len(self.site_id), len(ENERGIES)))
        weight = self.demand.max(axis=0)[self.pair_demand, self.pair_energy]
        np.add.at(total, (self.pair_site, self.pair_energy), weight)
        return np.asarray(total[self.group_site, self.group_energy])

    def possible(self) -> Bools:
        """Return (O,) whether an option can stand at all by the target year.

        It cannot where its own load or cost is beyond the site's power, the supply node's
        headroom with its upgrade, or the payer's budget.
        """
        options, site = self.options, self.group_site[self.options.group]
        most_kw = np.append(self.supply.most_kw(self.n_years), np.inf)[self.site_supply[site]]
        fits = options.peak_kw <= np.minimum(self.max_power_kw[site], most_kw) + 1e-9
        paid = options.capital <= self.budget_cny[-1][options.payer]
        return np.asarray((options.action == KEEP) | (fits & paid))

    def usable(self, allowed: Bools) -> Bools:
        """Return (J, E) whether a site has a station of the energy or may be given one."""
        table = np.zeros((len(self.site_id), len(ENERGIES)), dtype=bool)
        groups = np.unique(self.options.group[allowed])
        table[self.group_site[groups], self.group_energy[groups]] = True
        return table

    def county_demand_kwh(self, t: int) -> Floats:
        """Return (C,) charging and swap demand of each county in kWh equivalents a day."""
        return self._by_county(t, np.ones(self.demand.shape[1:], dtype=bool))

    def reachable_share(self, t: int, allowed: Bools) -> dict[int, float]:
        """Return the share of each county's demand that a usable site reaches in a year."""
        reached = np.zeros(self.demand.shape[1:], dtype=bool)
        pairs = self.usable(allowed)[self.pair_site, self.pair_energy]
        reached[self.pair_demand[pairs], self.pair_energy[pairs]] = True
        whole, part = self.county_demand_kwh(t), self._by_county(t, reached)
        return {int(c): float(part[c] / whole[c]) for c in np.flatnonzero(whole > 0)}

    def _by_county(self, t: int, counted: Bools) -> Floats:
        columns = list(COUNTY_ENERGIES)
        weight = (self.demand[t] * counted)[:, columns] @ self.kwh_per_unit[columns]
        total = np.zeros(len(self.county_id))
        inside = self.demand_county >= 0
        np.add.at(total, self.demand_county[inside], weight[inside])
        return total

    def counts_units(self) -> bool:
        """Return whether units count by themselves, whatever they serve."""
        by_milestone = any(milestone.measure == UNITS for milestone in self.milestones)
        return bool(self.units_needed.any()) or by_milestone

    def new_groups(self) -> Bools:
        """Return (S,) whether a group has no station today."""
        built = np.zeros(len(self.group_site), dtype=bool)
        built[self.options.group[self.options.action == BUILD]] = True
        return built

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit each other; this is a seam, not a user input."""
        pairs = {len(getattr(self, field.name)) for field in fields(self)
                 if field.name.startswith("pair_")}  # fmt: skip
        shapes = (
            len(pairs) == 1
            and self.demand.shape == (len(self.years), len(self.demand_id), len(ENERGIES))
            and len(self.group_site) == len(self.group_energy)
            and len(self.supply.headroom_kw) == len(self.supply_node_id)
            and self.budget_cny.shape == (len(self.years), len(PAYERS))
            and len(self.units_needed) == len(self.county_id)
            and len(self.trip_volume) == len(self.trip_energy)
        )
        if not shapes:
            msg = "the arrays of the instance do not fit each other"
            raise ValueError(msg)
