"""Measures what a plan leaves over: money, power, demand unserved, and cover that hangs on one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planner.siting.instance import CHARGING, PAYERS, PUBLIC, Instance, Windows
from planner.siting.made_layers import Answered
from planner.siting.options import Bools, Floats, Ints
from planner.siting.program import places_of


@dataclass(frozen=True)
class Remains:
    """A plan in its target year, and what it leaves over; computed without a solver."""

    answered: Answered

    @property
    def instance(self) -> Instance:
        """The problem."""
        return self.answered.instance

    @cached_property
    def chosen(self) -> Ints:
        """(S,) option that stands in the target year, -1 for none."""
        return np.asarray(self.answered.build.chosen[-1])

    @cached_property
    def pair_group(self) -> Ints:
        """(P,) group of each pair, -1 where nothing may stand."""
        instance = self.instance
        return np.asarray(instance.group_of()[instance.pair_site, instance.pair_energy])

    @cached_property
    def pair_open(self) -> Bools:
        """(P,) whether a station stands at the site of a pair."""
        return np.asarray((self.pair_group >= 0) & (self.chosen[self.pair_group] >= 0))

    @cached_property
    def pairs_of(self) -> dict[int, Ints]:
        """The pairs of each group that has some."""
        return places_of(self.pair_group)

    @cached_property
    def options_of(self) -> dict[int, Ints]:
        """The options of each group."""
        return places_of(self.instance.options.group)

    @cached_property
    def possible(self) -> Bools:
        """(O,) options that can stand at all."""
        return self.instance.possible()

    @cached_property
    def demand(self) -> Floats:
        """(I, E) demand a day of the target year."""
        return np.asarray(self.instance.demand[-1])

    @cached_property
    def unserved(self) -> Floats:
        """(I, E) demand a day of the target year that no station serves."""
        after = self.answered.service["after"]
        served = np.zeros_like(self.demand)
        np.add.at(served, (after.demand, after.energy), after.served())
        return np.maximum(self.demand - served, 0.0)

    @cached_property
    def pair_sole(self) -> Bools:
        """(P,) whether the station of a pair is the only one that its demand point reaches."""
        instance, here = self.instance, self.pair_open
        count = np.zeros(self.demand.shape, dtype=np.int64)
        np.add.at(count, (instance.pair_demand[here], instance.pair_energy[here]), 1)
        return np.asarray(here & (count[instance.pair_demand, instance.pair_energy] == 1))

    @cached_property
    def lost(self) -> Floats:
        """(S,) demand a day that would be out of reach of every station without a group."""
        return self._by_group(self.pair_sole, self.demand)

    @cached_property
    def unserved_near(self) -> Floats:
        """(S,) unserved demand a day within reach of each group."""
        return self._by_group(self.pair_group >= 0, self.unserved)

    def _by_group(self, pairs: Bools, weight: Floats) -> Floats:
        instance, total = self.instance, np.zeros(len(self.chosen))
        worth = weight[instance.pair_demand[pairs], instance.pair_energy[pairs]]
        np.add.at(total, self.pair_group[pairs], worth)
        return total

    @cached_property
    def drawn_kw(self) -> Floats:
        """(J,) load that the plan adds at each site."""
        instance, some = self.instance, self.chosen >= 0
        drawn = np.zeros(len(instance.site_id))
        np.add.at(drawn, instance.group_site[some], instance.options.peak_kw[self.chosen[some]])
        return drawn

    @cached_property
    def free_kw(self) -> Floats:
        """(G + 1,) power left at each supply node; infinite in the last place, for no node."""
        supply, node = self.instance.supply, self.instance.site_supply
        upgraded = self.answered.build.upgraded[-1]
        free = supply.headroom_kw + np.where(upgraded, supply.upgrade_kw, 0.0)
        np.subtract.at(free, node[node >= 0], self.drawn_kw[node >= 0])
        return np.append(free, np.inf)

    @cached_property
    def left_cny(self) -> Ints:
        """(2,) money of each payer that the plan leaves unspent in the target year."""
        options, some = self.instance.options, self.chosen[self.chosen >= 0]
        left = self.instance.budget_cny[-1].copy()
        for payer in range(len(PAYERS)):
            left[payer] -= int(options.capital[some][options.payer[some] == payer].sum())
        upgraded = self.answered.build.upgraded[-1]
        left[PUBLIC] -= int(self.instance.supply.upgrade_cny[upgraded].sum())
        return np.asarray(left)

    def room_kw(self, s: int, without: int = -1) -> float:
        """Return the power that a group could still draw, were another group not there."""
        instance, j = self.instance, int(self.instance.group_site[s])
        node = int(instance.site_supply[j])
        at_site = float(instance.max_power_kw[j] - self.drawn_kw[j])
        at_node = float(self.free_kw[node])
        if without >= 0:
            freed = float(instance.options.peak_kw[self.chosen[without]])
            other = int(instance.group_site[without])
            at_site += freed if other == j else 0.0
            at_node += freed if int(instance.site_supply[other]) == node else 0.0
        return min(at_site, at_node)

    @cached_property
    def townships_held(self) -> Ints:
        """(S,) townships that would be short without a group."""
        instance = self.instance
        groups = instance.group_of()[instance.township_pair_site, CHARGING]
        here = (groups >= 0) & (self.chosen[groups] >= 0)
        count = np.bincount(instance.township_pair[here], minlength=len(instance.township_id))
        sole = here & (count[instance.township_pair] == 1)
        return np.bincount(groups[sole], minlength=len(self.chosen))

    @cached_property
    def highway_held_m(self) -> Floats:
        """(S,) metres of motorway that would be short without a group."""
        windows = self.instance.highway
        groups, here, count = self.fillers(windows, CHARGING)
        sole = here & (count[windows.pair_window] == 1)
        metres = windows.weight[windows.pair_window[sole]]
        return np.asarray(np.bincount(groups[sole], metres, len(self.chosen)), dtype=float)

    def fillers(self, windows: Windows, energy: int) -> tuple[Ints, Bools, Ints]:
        """Return the group of each pair of windows, whether it fills it, and the (H,) counts."""
        groups = self.instance.group_of()[windows.pair_site, energy]
        here = (groups >= 0) & (self.chosen[groups] >= 0)
        if energy == CHARGING:
            here &= self.instance.options.fast[self.chosen[groups]]
        return groups, here, np.bincount(windows.pair_window[here], minlength=len(windows.owner))

    @cached_property
    def trips_held(self) -> Floats:
        """(S,) trips a day that could not refuel without a group, among those that can."""
        instance, trips = self.instance, self.instance.trips
        total = np.zeros(len(self.chosen))
        for energy in np.unique(instance.trip_energy).tolist():
            groups, here, count = self.fillers(trips, int(energy))
            mine = instance.trip_energy[trips.owner] == energy
            failing = np.unique(trips.owner[mine & (count == 0)])
            owner = trips.owner[trips.pair_window]
            sole = here & (mine & (count == 1))[trips.pair_window] & ~np.isin(owner, failing)
            held = np.unique(np.column_stack([owner, groups])[sole], axis=0)
            np.add.at(total, held[:, 1], instance.trip_volume[held[:, 0]])
        return total
