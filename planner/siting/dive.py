"""Rounds the relaxation to whole stations, the surest first, and solves it anew each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pulp

from planner.siting.instance import PUBLIC, Instance
from planner.siting.options import KEEP, Bools, Floats, Ints
from planner.siting.program import Model
from planner.siting.search import Build
from planner.solver import Relaxation

FREE = -2
"""A group that is still open; -1 is one where nothing stands."""
WHOLE = 0.999
NOTHING = 1e-4
FEWEST, SHARE = 3, 0.15
"""Fractional groups rounded at a time: at least so many, and this share of those left."""
FITS = 1 - 1e-6
DIGITS = 4
"""Digits to which what a rule is short of is told apart; the rest is float noise."""


@dataclass
class Rounded:
    """A plan in whole stations, the value of the objective on it, and what rules are short of."""

    chosen: Ints
    upgraded: Bools
    value: float
    missed: tuple[float, ...]
    worst_county: int

    def rank(self) -> tuple[float, ...]:
        """Return what orders plans, the better first: each rule before the value of the rest."""
        return (*self.missed, self.value)

    def build(self, before: Build) -> Build:
        """Return the plan as the target year of a build."""
        chosen, upgraded = before.chosen.copy(), before.upgraded.copy()
        chosen[-1], upgraded[-1] = self.chosen, self.upgraded
        return Build(chosen, upgraded)


class Dive:
    """Dives on one model of the target year, as often as asked, from any partial plan."""

    def __init__(
        self,
        model: Model,
        relaxation: Relaxation,
        seed: int,
        rules: Sequence[pulp.LpAffineExpression],
    ) -> None:
        self.rules = [
            ([str(short.name) for short in terms], np.array(list(terms.values()), dtype=float))
            for terms in rules
        ]
        self.instance: Instance = model.instance
        self.relaxation = relaxation
        self.chance = np.random.default_rng(seed)
        self.option = np.array([o for o, _ in model.z], dtype=np.int64)
        self.names = np.array([str(z.name) for z in model.z.values()], dtype=object)
        self.group = self.instance.options.group[self.option]
        rows = model.rows
        self.x_name = [str(x.name) for x in model.x[model.last]]
        self.x_group = self.instance.group_of()[rows.pair_site, rows.energy[rows.pair_row]]
        self.x_demand = rows.demand[model.last][rows.pair_row]
        self.u_name = {g: str(u.name) for (g, _), u in model.u.items()}
        self.share_name = {c: str(v.name) for c, v in model.share.items()}

    def round(self, start: Ints, noise: float = 0.0) -> Rounded | None:
        """Return a whole plan that keeps what ``start`` (S,) fixes, None where there is none.

        Each time the relaxation is solved, groups it has decided are fixed, and of the
        others those nearest to a whole station get the cheapest option that serves their
        load, as long as power and money last; what does not fit is closed.

        Parameters
        ----------
        start
            Option of each group that is held, -1 for nothing, FREE where it is open.
        noise
            How far chance moves the order in which groups are rounded.
        """
        chosen = start.copy()
        known = np.unique(self.group)
        chosen[np.setdiff1d(np.flatnonzero(chosen == FREE), known)] = -1
        upgraded = self._called_for(chosen)
        while True:
            self._fix(chosen, upgraded)
            value = self.relaxation.solve()
            if value is None:
                return None
            open_still = np.flatnonzero(chosen == FREE)
            if not len(open_still):
                return self._as_plan(chosen, value)
            self._decide(chosen, upgraded, open_still, noise)

    def _as_plan(self, chosen: Ints, value: float) -> Rounded:
        missed = tuple(
            round(float(self.relaxation.values(names) @ weights), DIGITS)
            for names, weights in self.rules
        )
        return Rounded(chosen, self._called_for(chosen), value, missed, self._worst_county())

    def _decide(self, chosen: Ints, upgraded: Bools, open_still: Ints, noise: float) -> None:
        z = self.relaxation.values(self.names)
        built = np.where(self.instance.options.action[self.option] == KEEP, 0.0, z)
        share = np.bincount(self.group, weights=built, minlength=len(chosen))[open_still]
        load = np.bincount(
            self.x_group,
            weights=self.relaxation.values(self.x_name) * self.x_demand,
            minlength=len(chosen),
        )
        some = open_still[share > NOTHING]
        if not len(some):
            self._close(chosen, open_still)
            return
        sure = share[share > NOTHING]
        sure = np.where(sure > WHOLE, 2.0, sure + noise * self.chance.random(len(sure)))
        order = some[np.lexsort((some, -sure))]
        whole = int((sure > 1 + noise).sum())
        count = whole + max(FEWEST, round(SHARE * (len(order) - whole)))
        for s in order[:count].tolist():
            chosen[s] = self._fitting(s, float(load[s]), chosen, upgraded)

    def _close(self, chosen: Ints, groups: Ints) -> None:
        """Leave as they are today the groups that the relaxation has no use for."""
        chosen[groups] = self.instance.standing()[groups]

    def _fitting(self, s: int, load: float, chosen: Ints, upgraded: Bools) -> int:
        """Return the cheapest option that does what the relaxation has the group do.

        That is to serve its load, to be fast where the relaxation has fast units there, and
        to have its units where these count. What fits comes first, then the next in size.
        """
        instance, options = self.instance, self.instance.options
        own = self.group == s
        mine, z = self.option[own], self.relaxation.values(self.names[own])
        enough = options.capacity[mine] >= load * FITS
        if float(z @ options.fast[mine]) > z.sum() / 2:
            enough &= options.fast[mine]
        if instance.counts_units():
            enough &= options.units[mine] >= float(z @ options.units[mine]) * FITS
        order = np.lexsort((mine, options.annual[mine]))
        less = np.lexsort((mine, -options.capacity[mine]))
        ranked = (*mine[order[enough[order]]].tolist(), *mine[less[~enough[less]]].tolist())
        for o in ranked:
            if self._affords(s, int(o), chosen, upgraded):
                return int(o)
        return int(instance.standing()[s])

    def _affords(self, s: int, o: int, chosen: Ints, upgraded: Bools) -> bool:
        """Say whether power and money last for an option; note the upgrade it calls for."""
        instance, options, supply = self.instance, self.instance.options, self.instance.supply
        site, built = int(instance.group_site[s]), np.flatnonzero(chosen >= 0)
        where = instance.group_site[built]
        added = options.peak_kw[chosen[built]]
        if added[where == site].sum() + options.peak_kw[o] > instance.max_power_kw[site] + 1e-9:
            return False
        g, then = int(instance.site_supply[site]), upgraded.copy()
        if g >= 0:
            drawn = added[instance.site_supply[where] == g].sum() + options.peak_kw[o]
            then[g] |= bool(drawn > supply.headroom_kw[g] + 1e-9)
            if then[g] and g not in self.u_name:
                return False
            if drawn > supply.headroom_kw[g] + then[g] * supply.upgrade_kw[g] + 1e-9:
                return False
        if not self._paid(o, then, chosen):
            return False
        upgraded[:] = then
        return True

    def _paid(self, o: int, upgraded: Bools, chosen: Ints) -> bool:
        instance, options = self.instance, self.instance.options
        spent = np.bincount(
            options.payer[chosen[chosen >= 0]],
            weights=options.capital[chosen[chosen >= 0]],
            minlength=instance.budget_cny.shape[1],
        ).astype(np.int64)
        spent[PUBLIC] += int(instance.supply.upgrade_cny[upgraded].sum())
        spent[options.payer[o]] += int(options.capital[o])
        return bool((spent <= instance.budget_cny[-1]).all()) and self._ordered(upgraded)

    def _ordered(self, upgraded: Bools) -> bool:
        """Say whether there is money for the upgrades in the years of their orders."""
        supply, money = self.instance.supply, self.instance.budget_cny[:, PUBLIC]
        ordered = len(money) - 1 - supply.lead[upgraded]
        cost = supply.upgrade_cny[upgraded]
        return all(int(cost[ordered <= t].sum()) <= most for t, most in enumerate(money.tolist()))

    def _fix(self, chosen: Ints, upgraded: Bools) -> None:
        state = chosen[self.group]
        self.relaxation.bound(self.names[state == FREE], 0.0, 1.0)
        taken = state == self.option
        self.relaxation.bound(self.names[taken], 1.0, 1.0)
        self.relaxation.bound(self.names[(state != FREE) & ~taken], 0.0, 0.0)
        for g, name in self.u_name.items():
            self.relaxation.bound([name], float(upgraded[g]), 1.0)

    def _worst_county(self) -> int:
        """Return the county whose share of demand served is the smallest, -1 without any."""
        shares = self.relaxation.values(self.share_name.values())
        return list(self.share_name)[int(shares.argmin())] if len(shares) else -1

    def _called_for(self, chosen: Ints) -> Bools:
        """Return the upgrades that the stations fixed so far call for."""
        instance, supply = self.instance, self.instance.supply
        built = np.flatnonzero(chosen >= 0)
        drawn: Floats = np.zeros(len(supply.headroom_kw) + 1)
        node = instance.site_supply[instance.group_site[built]]
        np.add.at(drawn, node, instance.options.peak_kw[chosen[built]])
        return np.asarray(drawn[:-1] > supply.headroom_kw + 1e-9)
