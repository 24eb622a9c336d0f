"""Solves tiny siting instances to the end, by the model and by trying everything."""

from itertools import product

import numpy as np
from scipy.optimize import linprog

from planner.scenario.models import RunSettings
from planner.siting.goals import pursue
from planner.siting.service import deal_out, with_stations
from planner.solver import Deadline

RUN = RunSettings(time_limit_s=60, mip_gap=0, seed=1, threads=1)
TIE = 1e-6


def chosen(case, tolerance=0.0):
    """Return the units and the objective of every goal by name; all must be proven."""
    units, goals = pursue(case, RUN, tolerance, Deadline.after(60))
    assert {goal.outcome.termination for goal in goals} == {"proven_optimal"}
    return units, {goal.name: goal.outcome.objective for goal in goals}


def dealt(case, units):
    return deal_out(with_stations(case, units), RUN, Deadline.after(60))


def spent(case, units):
    cost = (units > 0) * case.fixed_cost + units * case.unit_cost
    return [int(cost[:, case.tech_payer == payer].sum()) for payer in (0, 1)]


def feasible_choices(case):
    """Yield every (J, K) choice of units that keeps to site, power, headroom and budget."""
    sizes = [
        [0, *range(int(case.min_units[k]), int(case.max_units[k]) + 1)] if allowed else [0]
        for row in case.allowed
        for k, allowed in enumerate(row)
    ]
    for flat in product(*sizes):
        units = np.array(flat, dtype=np.int64).reshape(case.allowed.shape)
        if _holds(case, units):
            yield units


def _holds(case, units):
    power = (units * case.power_kw).sum(axis=1)
    energies = [(units[:, case.tech_energy == e] > 0).sum(axis=1).max() for e in range(3)
                if (case.tech_energy == e).any()]  # fmt: skip
    drawn = [power[case.site_supply == g].sum() for g in range(len(case.headroom_kw))]
    return (
        max(energies) <= 1
        and (power <= case.max_power_kw).all()
        and (np.array(drawn) <= case.headroom_kw).all()
        and all(
            cost <= most for cost, most in zip(spent(case, units), case.budget_cny, strict=True)
        )
    )


class Shares:
    """The service of one choice of units as a linear program of scipy: x, then v."""

    def __init__(self, case, units):
        self.case = case
        self.kwh = case.demand * case.kwh_per_unit
        self.pairs = list(zip(case.pair_demand, case.pair_energy, case.pair_site, strict=True))
        capacity = case.existing_capacity()
        for j, k in np.argwhere(units > 0):
            capacity[j, case.tech_energy[k]] += units[j, k] * case.capacity[k]
        rows = {}
        for q, (i, e, j) in enumerate(self.pairs):
            rows.setdefault(("once", i, e), [1.0, {}])[1][q] = 1.0
            rows.setdefault(("site", j, e), [capacity[j, e], {}])[1][q] = case.demand[i, e]
        self.rows = list(rows.values())

    def county(self, c):
        """Return the terms of the share of a county: charging and swap, out of reach included."""
        inside = self.case.demand_county == c
        whole = self.kwh[inside][:, :2].sum()
        return {q: self.kwh[i, e] / whole for q, (i, e, _) in enumerate(self.pairs)
                if inside[i] and e < 2}  # fmt: skip

    def largest(self, floors, counties=None):
        """Return the most that is served, or the most of the smallest share of counties."""
        n = len(self.pairs)
        rows = [(right, terms) for right, terms in self.rows]
        rows += [(-least, {q: -a for q, a in self.county(c).items()}) for c, least in floors]
        for c in counties or ():
            rows.append((0.0, {n: 1.0} | {q: -a for q, a in self.county(c).items()}))
        matrix = np.zeros((len(rows), n + 1))
        for row, (_, terms) in enumerate(rows):
            matrix[row, list(terms)] = list(terms.values())
        goal = np.zeros(n + 1)
        if counties:
            goal[n] = -1.0
        else:
            goal[:n] = [-self.kwh[i, e] for i, e, _ in self.pairs]
        found = linprog(goal, matrix, [right for right, _ in rows], bounds=(0, 1))
        assert found.status == 0, found.message
        return -found.fun


def brute_force(case):
    """Return the value of every goal of the best choice, by trying every choice."""
    near = {w: set(case.township_pair_site[case.township_pair == w].tolist())
            for w in case.open_townships()}  # fmt: skip
    charging = case.tech_energy == 0
    options = []
    for units in feasible_choices(case):
        open_sites = set(np.flatnonzero((units[:, charging] > 0).any(axis=1)).tolist())
        options.append((sum(not sites & open_sites for sites in near.values()), units))
    best = {"township_shortfall": min(short for short, _ in options)}
    left = [
        (units, Shares(case, units))
        for short, units in options
        if short == best["township_shortfall"]
    ]
    return best | _shares_and_cost(case, left)


def _shares_and_cost(case, left):
    best, floors = {}, []
    top = case.reachable_share()
    counties = sorted(top)
    for name in ("worst_county_share", "next_county_share"):
        if not counties:
            break
        values = [shares.largest(floors, counties) for _, shares in left]
        best[name] = max(values)
        left = [
            pair for pair, value in zip(left, values, strict=True) if value >= max(values) - TIE
        ]
        floors += [(c, max(values) - TIE) for c in counties]
        still = [c for c in counties if top[c] > max(values) + TIE]
        counties = still if len(still) < len(counties) else []
    served = [shares.largest(floors) for _, shares in left]
    best["demand_served"] = max(served)
    enough = [units for (units, _), kwh in zip(left, served, strict=True)
              if kwh >= max(served) * (1 - TIE)]  # fmt: skip
    return best | {"cost": min(sum(spent(case, units)) for units in enough)}
