"""Finds the best plan of a tiny instance by trying every one, with none of the model's code."""

from itertools import pairwise, product

import numpy as np
from scipy.optimize import linprog

KEEP = 0
ELECTRIC = (0, 1, 2)
TIE = 1e-6


def histories(case, group):
    """Return every way an energy at a site may go through the years."""
    rows = [o for o in range(len(case.options)) if case.options.group[o] == group]
    standing = [o for o in rows if case.options.action[o] == KEEP]
    states = rows if standing else [-1, *rows]
    return [way for way in product(states, repeat=case.n_years) if _may(case, way, standing)]


def _may(case, way, standing):
    before = standing[0] if standing else -1
    return all(_step(case, t, old, new) for t, (old, new) in enumerate(pairwise((before, *way))))


def _step(case, t, old, new):
    """Return whether a group may go from one option to another at the start of year t."""
    options = case.options
    if old == new:
        return True
    fresh = old == -1 or options.action[old] == KEEP
    if new == -1 or options.action[new] == KEEP:
        return False
    in_date = options.first[new] <= t <= options.last[new]
    same = not fresh and (
        options.technology[old] == options.technology[new]
        and options.action[old] == options.action[new]
        and options.units[old] < options.units[new]
    )
    return bool(in_date and (fresh or same))


def upgrades(case):
    """Return every way the upgrades of the supply nodes may go: the year each is ready, or T."""
    ways = []
    for kw, lead in zip(case.supply.upgrade_kw, case.supply.lead, strict=True):
        ways.append([case.n_years, *(range(int(lead), case.n_years) if kw > 0 else ())])
    return product(*ways)


def feasible_plans(case):
    """Yield every plan (years of options, years of readiness) within power and money."""
    ready = list(upgrades(case))
    for ways in product(*(histories(case, s) for s in range(len(case.group_site)))):
        plan = tuple(zip(*ways, strict=True))
        if not all(_at_site(case, chosen) for chosen in plan) or not _locked(case, plan[-1]):
            continue
        for years in ready:
            if all(_fed_and_paid(case, t, chosen, years) for t, chosen in enumerate(plan)):
                yield plan, years


def _drawn(case, chosen, sites):
    return sum(case.options.peak_kw[o] for s, o in enumerate(chosen)
               if o >= 0 and case.group_site[s] in sites)  # fmt: skip


def _at_site(case, chosen):
    return all(_drawn(case, chosen, {j}) <= kw for j, kw in enumerate(case.max_power_kw))


def _locked(case, chosen):
    return all(any(chosen[s] >= 0 for s in groups) for groups in case.locked)


def _fed_and_paid(case, t, chosen, years):
    spent = [0, 0]
    for o in chosen:
        if o >= 0:
            spent[case.options.payer[o]] += int(case.options.capital[o])
    for g, ready in enumerate(years):
        fed = set(np.flatnonzero(case.site_supply == g).tolist())
        more = case.supply.upgrade_kw[g] if ready <= t else 0.0
        if _drawn(case, chosen, fed) > case.supply.headroom_kw[g] + more:
            return False
        if ready < case.n_years and ready - case.supply.lead[g] <= t:
            spent[0] += int(case.supply.upgrade_cny[g])
    return all(cny <= most for cny, most in zip(spent, case.budget_cny[t], strict=True))


class Service:
    """The linear program of who serves whom in one year."""

    def __init__(self, case, t, chosen):
        self.kwh = case.demand[t] * case.kwh_per_unit
        self.county, self.n_counties = case.demand_county, len(case.county_id)
        open_at = {(case.group_site[s], case.group_energy[s]): case.options.capacity[o]
                   for s, o in enumerate(chosen) if o >= 0}  # fmt: skip
        every = zip(case.pair_demand, case.pair_energy, case.pair_site, strict=True)
        self.pairs = [(i, e, j) for i, e, j in every
                      if (j, e) in open_at and case.demand[t, i, e] > 0]  # fmt: skip
        self.demand, self.open_at = case.demand[t], open_at

    def share(self, c):
        """Return the terms of the served share of a county."""
        inside = self.county == c
        whole = self.kwh[inside][:, ELECTRIC].sum()
        return {q: self.kwh[i, e] / whole for q, (i, e, _) in enumerate(self.pairs)
                if inside[i] and e in ELECTRIC}  # fmt: skip

    def most(self, floors=(), counties=()):
        """Return the most kWh served with shares of at least the floors, or the smallest share."""
        n = len(self.pairs)
        rows = {}
        for q, (i, e, j) in enumerate(self.pairs):
            rows.setdefault(("once", i, e), (1.0, {}))[1][q] = 1.0
            rows.setdefault(("site", j, e), (self.open_at[j, e], {}))[1][q] = self.demand[i, e]
        limits = list(rows.values())
        limits += [(-least, {q: -a for q, a in self.share(c).items()}) for c, least in floors]
        limits += [(0.0, {n: 1.0} | {q: -a for q, a in self.share(c).items()}) for c in counties]
        goal = np.zeros(n + 1)
        goal[:n] = [-self.kwh[i, e] for i, e, _ in self.pairs]
        if counties:
            goal[:] = 0.0
            goal[n] = -1.0
        matrix = np.zeros((len(limits), n + 1))
        for row, (_, terms) in enumerate(limits):
            matrix[row, list(terms)] = list(terms.values())
        right = [limit for limit, _ in limits]
        found = linprog(goal, matrix if limits else None, right or None, bounds=(0, 1))
        return -found.fun if found.status == 0 else -np.inf


def _sites(case, chosen, energy, *, fast):
    return {int(case.group_site[s]) for s, o in enumerate(chosen)
            if o >= 0 and case.group_energy[s] == energy
            and (case.options.fast[o] or not fast)}  # fmt: skip


def _window_sites(windows, row):
    return set(windows.pair_site[windows.pair_window == row].tolist())


def _usable(case):
    """Return the (site, energy) pairs at which some option would fit alone."""
    options, found = case.options, set()
    for o in range(len(options)):
        s = options.group[o]
        j = int(case.group_site[s])
        g = case.site_supply[j]
        most = case.max_power_kw[j]
        if g >= 0:
            can = case.supply.lead[g] < case.n_years
            most = min(most, case.supply.headroom_kw[g] + can * case.supply.upgrade_kw[g])
        paid = options.capital[o] <= case.budget_cny[-1][options.payer[o]]
        if options.action[o] == KEEP or (options.peak_kw[o] <= most and paid):
            found.add((j, int(case.group_energy[s])))
    return found


def townships_short(case, chosen):
    """Return the townships in reach of a possible station, but of none that stands."""
    standing = {int(case.group_site[case.options.group[o]]) for o in range(len(case.options))
                if case.options.action[o] == KEEP
                and case.group_energy[case.options.group[o]] == 0}  # fmt: skip
    has, short = _sites(case, chosen, 0, fast=False), 0
    may = {j for j, e in _usable(case) if e == 0}
    for w in range(len(case.township_id)):
        near = set(case.township_pair_site[case.township_pair == w].tolist())
        short += bool(near & may) and not near & (standing | has)
    return short


def highway_short_m(case, chosen):
    """Return the metres of the windows without a fast charger."""
    has = _sites(case, chosen, 0, fast=True)
    return sum(float(metres) for h, metres in enumerate(case.highway.weight)
               if not _window_sites(case.highway, h) & has)  # fmt: skip


def units_short(case, chosen):
    """Return the charging units that counties are short of."""
    units = np.zeros(len(case.county_id))
    for s, o in enumerate(chosen):
        if o >= 0 and case.group_energy[s] == 0:
            units[case.site_county[case.group_site[s]]] += case.options.units[o]
    return float(np.maximum(case.units_needed - units, 0).sum())


def trips_refuelled(case, chosen):
    """Return the trips a day that can refuel."""
    total = 0.0
    for f, volume in enumerate(case.trip_volume):
        energy = case.trip_energy[f]
        has = _sites(case, chosen, energy, fast=energy == 0)
        own = np.flatnonzero(case.trips.owner == f)
        total += volume * all(_window_sites(case.trips, v) & has for v in own)
    return total


def cost(case, chosen, years):
    """Return CNY a year."""
    upgrades_cny = sum(int(case.supply.upgrade_annual[g]) for g, ready in enumerate(years)
                       if ready < case.n_years)  # fmt: skip
    return sum(int(case.options.annual[o]) for o in chosen if o >= 0) + upgrades_cny


def best(case):
    """Return the value of every goal of the best plan, in the order of the goals."""
    plans = {}
    for plan, years in feasible_plans(case):
        final = plan[-1], tuple(ready < case.n_years for ready in years)
        plans.setdefault(final, []).append((plan, years))
    if not plans:
        return None
    found = {}
    left = list(plans)

    def settle(name, value, best_of):
        nonlocal left
        values = [value(final) for final in left]
        found[name] = best_of(values)
        slack = TIE * max(1.0, abs(found[name]))
        left = [final for final, v in zip(left, values, strict=True)
                if abs(v - found[name]) <= slack]  # fmt: skip

    settle("township_shortfall", lambda final: townships_short(case, final[0]), min)
    if len(case.highway.owner):
        settle("highway_shortfall_m", lambda final: highway_short_m(case, final[0]), min)
    if case.units_needed.any():
        settle("unit_shortfall", lambda final: units_short(case, final[0]), min)
    floors = _shares(case, settle, found)
    if len(case.trips.owner):
        settle("trips_refuelled", lambda final: trips_refuelled(case, final[0]), max)
    service = {final: Service(case, case.n_years - 1, final[0]) for final in left}
    settle("demand_served", lambda final: service[final].most(floors), max)
    settle("cost", lambda final: cost(case, final[0], plans[final][0][1]), min)
    if case.n_years > 1:
        found |= _early(case, [plan for final in left for plan in plans[final]])
    return found


def _reachable(case):
    """Return what share of each county's demand the possible sites reach."""
    kwh, usable = case.demand[-1] * case.kwh_per_unit, _usable(case)
    pairs = set(zip(case.pair_demand.tolist(), case.pair_energy.tolist(),
                    case.pair_site.tolist(), strict=True))  # fmt: skip
    reached = {(i, e) for i, e, j in pairs if (j, e) in usable and e in ELECTRIC}
    shares = {}
    for c in range(len(case.county_id)):
        whole = kwh[case.demand_county == c][:, ELECTRIC].sum()
        if whole > 0:
            inside = sum(kwh[i, e] for i, e in reached if case.demand_county[i] == c)
            shares[c] = float(inside / whole)
    return shares


def _shares(case, settle, found):
    top, floors = _reachable(case), []
    counties = sorted(top)
    for name in ("worst_county_share", "next_county_share"):
        if not counties:
            break

        def value(final, now=tuple(counties), under=tuple(floors)):
            return Service(case, case.n_years - 1, final[0]).most(under, now)

        settle(name, value, max)
        smallest = found[name]
        floors += [(c, min(smallest, top[c]) - TIE) for c in counties]
        still = [c for c in counties if top[c] > smallest + TIE]
        counties = still if len(still) < len(counties) else []
    return floors


def _early(case, plans):
    short = [sum(townships_short(case, chosen) for chosen in plan[:-1]) for plan, _ in plans]
    left = [plan for (plan, _), s in zip(plans, short, strict=True) if s == min(short)]
    served = max(
        sum(Service(case, t, chosen).most() for t, chosen in enumerate(plan[:-1]))
        for plan in {plan[:-1]: plan for plan in left}.values()
    )
    return {"early_township_shortfall": min(short), "early_served": served}
