"""Deals the demand out to stations whose sizes are fixed: who serves whom, to the millionth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pulp

from planner.errors import LimitError, Problem
from planner.layers import ENERGIES
from planner.scenario.models import RunSettings
from planner.siting.instance import CHARGING, Instance
from planner.siting.milestones import SHARE, needed_groups
from planner.siting.model import capacity, serve_once
from planner.siting.options import Bools, Floats, Ints
from planner.siting.program import LESS, Model, add_row, add_variables, relax
from planner.siting.rows import DemandRows, separate_rows
from planner.siting.rule_rows import county_share, milestone_rule, smallest_share
from planner.siting.stages import demand_served, held_back, milestone_shortfall
from planner.solver import Deadline, solve

MICRO = 1_000_000
"""Service is counted in whole millionths of a kWh, swap or kg, so that sums are exact."""
SHARE_TIE = 1e-7
ROUNDS = 2
"""The worst county, then the next: as many rounds as there are goals for county shares."""
SETTLED = 0.01
"""A county this close to all that it can reach no longer holds the others back."""
LEAST_S = 20.0
"""A linear program of this size ends in seconds; without its answer there is no plan."""


@dataclass(frozen=True)
class Service:
    """How much each station site serves of each demand point.

    Parameters
    ----------
    demand, site, energy
        (S,) rows of the instance, sorted by energy, demand point, site.
    micro
        (S,) what is served a day, in whole millionths of the energy's unit.
    """

    demand: Ints
    site: Ints
    energy: Ints
    micro: Ints

    def served(self) -> Floats:
        """Return (S,) what is served a day in the energy's own unit."""
        return np.asarray(self.micro / MICRO)


def deal_out(
    instance: Instance, chosen: Ints, t: int, run: RunSettings, deadline: Deadline
) -> Service:
    """Serve the most demand of a year with what stands, milestones and the worst county first.

    A linear program: what the milestones of the year are short of in shares served is made as
    small as it can be, then the smallest served share of a county as large as it can be, then
    the next, then all that is served. Its answer is rounded to millionths and trimmed
    to demand and capacity in whole numbers; the trimming never adds.

    Parameters
    ----------
    instance
        The problem.
    chosen
        (S,) option that stands at each group, -1 where none.
    t
        The year, as a row of T.
    run
        Seed and threads.
    deadline
        Moment by which it must have ended.

    Raises
    ------
    LimitError
        If time ran out: without this answer there is no plan.
    """
    allowed = np.zeros(len(instance.options), dtype=bool)
    allowed[chosen[chosen >= 0]] = True
    rows, points = separate_rows(instance, allowed)
    if not len(rows.demand[t]):
        empty = np.zeros(0, dtype=np.int64)
        return Service(empty, empty, empty, empty)
    shares = _shares(_Dealing(instance, rows, allowed, t, run, deadline))
    amount = np.rint(shares * rows.demand[t][rows.pair_row] * MICRO).astype(np.int64)
    found = Service(points[rows.pair_row], rows.pair_site, rows.energy[rows.pair_row], amount)
    return _trimmed(found, instance.capacity(chosen), instance.demand[t])


@dataclass(frozen=True)
class _Dealing:
    """What the linear programs of one dealing share."""

    instance: Instance
    rows: DemandRows
    allowed: Bools
    t: int
    run: RunSettings
    deadline: Deadline

    def model(self) -> Model:
        """Return the rows of service only, with every station open."""
        model = Model(
            self.instance, self.rows, self.allowed, (self.t,), pulp.LpProblem("service", -1)
        )
        add_variables(model)
        for z in model.z.values():
            z.lowBound = 1
        relax(model)
        serve_once(model, self.t)
        capacity(model, self.t)
        county_share(model)
        milestone_rule(model, (SHARE,))
        return model


def _shares(dealing: _Dealing) -> Floats:
    """Return (Q,) the share of its row that each pair serves.

    A county out of every station's reach is left aside, and where the smallest share is
    all that its county can reach, the others get a second round.
    """

    def solved(counties: list[int]) -> tuple[Model, float]:
        model = dealing.model()
        if short is not None:
            terms = milestone_shortfall(model, every)
            add_row(model, "milestones", dict(terms), LESS, short + SHARE_TIE)
        for c, share in least.items():
            model.share[c].lowBound = share
        terms = smallest_share(model, counties) if counties else demand_served(model)
        return model, _maximised(model, terms, dealing.run, dealing.deadline)

    every = tuple(range(len(dealing.instance.milestones)))
    short = _milestones_short(dealing, every)
    least: dict[int, float] = {}
    reach = dealing.instance.reachable_share(dealing.t, dealing.allowed)
    top = {c: share for c, share in reach.items() if share > 0}
    counties = sorted(top)
    for _ in range(ROUNDS):
        if not counties:
            break
        _, smallest = solved(counties)
        least |= {c: min(smallest * (1 - SHARE_TIE), top[c]) for c in counties}
        counties = held_back(top, counties, smallest, SETTLED)
    model, _ = solved([])
    return np.array([x.varValue for x in model.x[dealing.t]]).clip(0.0, 1.0)


def _milestones_short(dealing: _Dealing, milestones: tuple[int, ...]) -> float | None:
    """Return what the milestones of the year must stay short of in shares; None without any."""
    model = dealing.model()
    if not model.short_milestone:
        return None
    terms = milestone_shortfall(model, milestones)
    return -_maximised(model, -terms, dealing.run, dealing.deadline)


def _maximised(
    model: Model, terms: pulp.LpAffineExpression, run: RunSettings, deadline: Deadline
) -> float:
    model.problem.sense = pulp.LpMaximize
    model.problem.setObjective(terms)
    outcome = solve(
        model.problem,
        time_limit_s=max(deadline.left_s(), LEAST_S),
        mip_gap=0.0,
        threads=run.threads,
        seed=run.seed,
    )
    if outcome.objective is None:
        raise LimitError(
            Problem(
                "E-SIT-003",
                "time ran out before the demand was dealt out to the stations",
                "raise run.time_limit_s",
                column="run.time_limit_s",
            )
        )
    return outcome.objective


def _trimmed(service: Service, capacity_per_day: Floats, demand_per_day: Floats) -> Service:
    capacity = np.floor(capacity_per_day * MICRO + 0.5).astype(np.int64)
    demand = np.floor(demand_per_day * MICRO + 0.5).astype(np.int64)
    micro = service.micro.copy()
    micro = _within(micro, service.demand, service.energy, demand)
    micro = _within(micro, service.site, service.energy, capacity)
    kept = micro > 0
    order = np.lexsort((service.site[kept], service.demand[kept], service.energy[kept]))
    return Service(
        service.demand[kept][order],
        service.site[kept][order],
        service.energy[kept][order],
        micro[kept][order],
    )


def _within(micro: Ints, owner: Ints, energy: Ints, limit: Ints) -> Ints:
    """Take what exceeds an owner's limit from that owner's largest parts."""
    total = np.zeros(limit.shape, dtype=np.int64)
    np.add.at(total, (owner, energy), micro)
    for row, e in np.argwhere(total > limit).tolist():
        excess = int(total[row, e] - limit[row, e])
        mine = np.flatnonzero((owner == row) & (energy == e))
        for place in mine[np.argsort(-micro[mine], kind="stable")].tolist():
            taken = min(excess, int(micro[place]))
            micro[place] -= taken
            excess -= taken
    return micro


def idle(instance: Instance, chosen: Ints, service: Service) -> Bools:
    """Return (S,) groups built that serve nobody and answer no rule, trip, milestone or lock."""
    used = np.zeros((len(instance.site_id), len(ENERGIES)), dtype=bool)
    used[service.site, service.energy] = True
    needed = np.zeros_like(used)
    needed[instance.township_pair_site, CHARGING] = True
    needed[instance.highway.pair_site, CHARGING] = True
    asked = instance.trip_energy[instance.trips.owner[instance.trips.pair_window]]
    needed[instance.trips.pair_site, asked] = True
    site, energy = instance.group_site, instance.group_energy
    kept = (used | needed)[site, energy] | (instance.standing() >= 0) | needed_groups(instance)
    kept[[s for lock in instance.locked for s in lock]] = True
    counting = (energy == CHARGING) & (
        np.append(instance.units_needed, 0)[instance.site_county[site]] > 0
    )
    return np.asarray((chosen >= 0) & ~kept & ~counting)
