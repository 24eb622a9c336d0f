"""Deals the demand out to stations whose sizes are fixed: who serves whom, to the millionth."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pulp

from planner.errors import LimitError, Problem
from planner.scenario.models import RunSettings
from planner.siting import model as siting_model
from planner.siting.instance import Bools, Floats, Instance, Ints
from planner.siting.model import Model
from planner.siting.rows import DemandRows, separate_rows
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


def with_stations(instance: Instance, units: Ints) -> Instance:
    """Return the instance in which planned stations stand and no other may open."""
    site, technology = np.nonzero(units)
    return replace(
        instance,
        allowed=np.zeros_like(instance.allowed),
        existing_site=np.append(instance.existing_site, site),
        existing_technology=np.append(instance.existing_technology, technology),
        existing_units=np.append(instance.existing_units, units[site, technology]),
    )


def deal_out(standing: Instance, run: RunSettings, deadline: Deadline) -> Service:
    """Serve the most demand with the stations that stand, the worst county first.

    A linear program: the smallest served share of a county is made as large as it can be,
    then the next, then all that is served. Its answer is rounded to millionths and trimmed
    to demand and capacity in whole numbers; the trimming never adds.

    Parameters
    ----------
    standing
        An instance in which nothing may open (:func:`with_stations`).
    run
        Seed and threads.
    deadline
        Moment by which it must have ended.

    Raises
    ------
    LimitError
        If time ran out: without this answer there is no plan.
    """
    rows, points = separate_rows(standing)
    if not len(rows.demand):
        empty = np.zeros(0, dtype=np.int64)
        return Service(empty, empty, empty, empty)
    shares = _shares(standing, rows, run, deadline)
    amount = np.rint(shares * rows.demand[rows.pair_row] * MICRO).astype(np.int64)
    found = Service(points[rows.pair_row], rows.pair_site, rows.energy[rows.pair_row], amount)
    return _trimmed(found, standing)


def _shares(standing: Instance, rows: DemandRows, run: RunSettings, deadline: Deadline) -> Floats:
    """Return (Q,) the share of its row that each pair serves.

    A county out of every station's reach is left aside, and where the smallest share is
    all that its county can reach, the others get a second round.
    """

    def solved(counties: list[int]) -> tuple[Model, float]:
        model = siting_model.build(standing, rows)
        for c, share in least.items():
            model.v[c].lowBound = share
        if counties:
            terms = siting_model.smallest_share(model, counties)
        else:
            terms = siting_model.served_kwh(model)
        return model, _maximised(model, terms, run, deadline)

    least: dict[int, float] = {}
    top = {c: share for c, share in standing.reachable_share().items() if share > 0}
    counties = sorted(top)
    for _ in range(ROUNDS):
        if not counties:
            break
        _, smallest = solved(counties)
        least |= {c: min(smallest * (1 - SHARE_TIE), top[c]) for c in counties}
        settled = [c for c in counties if top[c] * (1 - SETTLED) <= smallest]
        counties = [c for c in counties if c not in settled] if settled else []
    model, _ = solved([])
    return np.array([x.varValue for x in model.x]).clip(0.0, 1.0)


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


def _trimmed(service: Service, standing: Instance) -> Service:
    capacity = np.floor(standing.existing_capacity() * MICRO + 0.5).astype(np.int64)
    demand = np.floor(standing.demand * MICRO + 0.5).astype(np.int64)
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


def idle(instance: Instance, units: Ints, service: Service) -> Bools:
    """Return (J, K) planned stations that serve nobody and answer no township's need."""
    used = np.zeros((len(instance.site_id), instance.demand.shape[1]), dtype=bool)
    used[service.site, service.energy] = True
    near = np.zeros(len(instance.site_id), dtype=bool)
    near[instance.township_pair_site] = True
    charging = instance.tech_energy == 0
    needed = used[:, instance.tech_energy] | (near[:, None] & charging[None, :])
    return np.asarray((units > 0) & ~needed)
