"""Sites stations on large instances: bounds from relaxations, a plan from parts of the model.

The relaxation of each goal gives its bound. What the bounds promise, less the tolerance,
becomes the target of one model in which missing a target costs far more than any station.
Its relaxation is rounded to a plan (:mod:`planner.siting.dive`), and the plan is improved
by rounding a part of it anew while the rest is held. Every goal is measured on the plan as
it serves in the end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pulp
from scipy.sparse import csr_array

from planner.layers import ENERGIES
from planner.siting import model as siting_model
from planner.siting.dive import FREE, Dive, Rounded
from planner.siting.instance import CHARGING, Instance
from planner.siting.measure import measured
from planner.siting.milestones import ALL, SHARE
from planner.siting.options import KEEP, Bools, Ints, undominated
from planner.siting.program import MORE, Model, add_row, relax
from planner.siting.rows import DemandRows, merged_rows, nearest_pairs, pooled_rows
from planner.siting.search import (
    Reached,
    Search,
    advance,
    run_stage,
)
from planner.siting.service import deal_out
from planner.siting.stages import (
    COUNTY_GOALS,
    KM_M,
    ShareStage,
    Stage,
    cost_terms,
    demand_served,
    held_back,
    late_stages,
    rule_stages,
    served_stage,
    share_stage,
)
from planner.solver import Relaxation, Termination, priced_blocks, solve

POOLED_PAIRS = 40_000
"""An energy with more pairs enters the relaxation pooled by county."""
LONG = 2
"""Effort from which the bound on the cost is worked on."""
BLOCK_NODES = 50
"""Search nodes of one block of the bound: a limit that no clock moves."""
STARTS, ROUNDS = 40, 120
"""Parts gone over again: so many at least, and so many for each round of effort."""
NEIGHBOURS = (8, 15, 30, 60)
ONE_ENERGY, WORST = 0.3, 0.7
"""How often a part has one energy only, and reaches the county served worst."""
NOISE = 0.2
PART_GAP = 0.002
KWH_PENALTY = 20.0
"""Thousands of CNY a year for a kWh a day that is missing: no station costs as much."""
TOWNSHIP_PENALTY, UNIT_PENALTY = 1e6, 1e4
"""The same for a township or a km of motorway, and for a charging unit."""
SHARE_WORTH = 100.0
"""How much more a kWh is worth that a milestone counts: more than one of the worst county."""
TRIP_WORTH = 100.0
"""The same for a trip a day that can refuel."""
SHARE_TIE = 1e-6
TIE = 1e-9
"""Share by which a value that the plan has may be missed: float noise."""


@dataclass
class Targets:
    """What the relaxations promise: a plan aims at it, less the tolerance."""

    shares: list[tuple[ShareStage, float]]
    served: float | None


def pursue_large(search: Search) -> None:
    """Decide the target year of a large instance; goals and plan stand in the search."""
    search.years = search.years[-1:]
    _drop_dominated(search)
    for stage in rule_stages(search.instance, search.run, search.years):
        advance(search, stage)
    targets = _aims(search)
    _plan(search, targets)
    _bounds(search, targets)


def _drop_dominated(search: Search) -> None:
    """Leave out options that another makes pointless, and those out of date by the end."""
    instance, options = search.instance, search.instance.options
    in_time = (options.last >= instance.n_years - 1) | (options.action == KEEP)
    allowed = search.allowed & in_time
    by_units = instance.counts_units()
    best = undominated(options.take(allowed), instance.reached(), by_units=by_units)
    search.allowed = allowed.copy()
    search.allowed[np.flatnonzero(allowed)[~best]] = False


def _aims(search: Search) -> Targets:
    """Find by relaxations what the counties' shares and the demand served can be at most."""
    instance, run, slack = search.instance, search.run, search.tolerance
    targets = Targets([], 0.0)
    carried = list(search.carried)
    top = instance.reachable_share(instance.n_years - 1, search.allowed)
    counties = sorted(top)
    for name in COUNTY_GOALS:
        stage = share_stage(name, counties, run, slack)
        share, _ = _relaxation(search, stage, carried) if counties else (None, None)
        if share is None:
            break
        targets.shares.append((stage, share))
        carried.append((stage, share))
        counties = held_back(top, counties, share, slack)
    served, _ = _relaxation(search, served_stage(run, slack), carried)
    targets.served = served
    return targets


def _relaxation(
    search: Search, stage: Stage, carried: list[tuple[Stage, float]]
) -> tuple[float | None, Model]:
    """Return the bound of a goal, None where there is none, and the relaxation it comes from.

    A plan stands by then: a relaxation without one is a matter of rounding, and bounds nothing.
    """
    rows = pooled_rows(search.instance, search.allowed, POOLED_PAIRS)
    model = siting_model.build(search.instance, rows, search.allowed, search.years)
    relax(model)
    # Measured: the simplex takes five times as long as the interior point on the smallest
    # share, which is degenerate, and half as long on sums.
    method = "ipm" if isinstance(stage, ShareStage) else "simplex"
    outcome = run_stage(search, model, stage, carried, {"solver": method})
    proven = outcome.termination is Termination.PROVEN_OPTIMAL
    return (outcome.objective if proven else None), model


def _bounds(search: Search, targets: Targets) -> None:
    """Note the bound on each goal, given what the plan reaches of the goals before it."""
    instance, run, slack = search.instance, search.run, search.tolerance
    last = instance.n_years - 1
    service = {"after": deal_out(instance, search.build.chosen[last], last, run, search.deadline)}
    stages = [stage for stage, _ in targets.shares] + late_stages(instance, run, slack)
    values = measured(instance, search.build, service, stages)
    carried, missed = list(search.carried), False
    for stage in stages:
        value = values[stage.name] / stage.unit
        known = next((share for own, share in targets.shares if own is stage), None)
        if stage.name == "demand_served":
            known = targets.served
        if stage.name == "trips_refuelled" and value >= instance.trip_volume.sum():
            known = value
        elif known is None or missed:
            known, model = _relaxation(search, stage, carried)
            # On the other goals this gains less than a thousandth, at the same price.
            if stage.name == "cost" and known is not None and run.effort >= LONG:
                known = _block_bound(search, model, known)
        search.reached.append(Reached(stage, known))
        carried.append((replace(stage, slack=TIE), value))
        aimed = None if known is None else known * (1 - stage.slack)
        missed |= stage.maximise and (aimed is None or value < aimed)


def _block_bound(search: Search, model: Model, bound: float) -> float:
    """Return a better bound on a goal: whole stations again, one energy at a time."""
    blocks = priced_blocks(model.problem, *_by_energy(model))
    total = blocks.constant
    for problem in blocks.problems:
        found = solve(
            problem,
            time_limit_s=search.deadline.left_s(),
            mip_gap=PART_GAP,
            threads=search.run.threads,
            seed=search.run.seed,
            options={"mip_max_nodes": BLOCK_NODES * search.run.effort},
        )
        if found.bound is None:
            return bound
        total += found.bound
    if model.problem.sense == pulp.LpMaximize:
        return min(bound, -total)
    return max(bound, total)


def _by_energy(model: Model) -> tuple[dict[str, int], frozenset[str]]:
    """Return the energy of each variable by name (one more for those of none), and whole ones."""
    instance, shared = model.instance, len(ENERGIES)
    block = {variable.name: shared for variable in model.problem.variables()}
    energy = instance.group_energy[instance.options.group]
    block |= {z.name: int(energy[o]) for (o, _), z in model.z.items()}
    of_row = model.rows.energy[model.rows.pair_row]
    for pairs in model.x.values():
        block |= {x.name: int(e) for x, e in zip(pairs, of_row, strict=True)}
    charging = (*model.short_township.values(), *model.short_highway.values())
    block |= {short.name: CHARGING for short in (*charging, *model.short_units.values())}
    block |= {r.name: int(instance.trip_energy[f]) for f, r in model.refuelled.items()}
    for m, short in model.short_milestone.items():
        if instance.milestones[m].energy != ALL:
            block[short.name] = instance.milestones[m].energy
    whole = (*model.z.values(), *model.u.values())
    return block, frozenset(str(variable.name) for variable in whole)


def _plan(search: Search, targets: Targets) -> None:
    """Round the relaxation to a plan, then part of the plan again and again.

    The plan that shortened the rules stands where rounding comes to none.
    """
    model = _aimed(search, targets, _worth_a_look(search, targets))
    run = search.run
    relaxation = Relaxation(model.problem, threads=run.threads, seed=run.seed)
    dive = Dive(model, relaxation, run.seed, [stage.terms(model) for stage, _ in search.carried])
    best = _rounded(dive, search.build.chosen[-1])
    if best is None:
        return
    parts = _Parts(search.instance, run.seed)
    for _ in range(STARTS + run.effort * ROUNDS):
        if search.deadline.left_s() <= 0:
            break
        part = parts.draw(best.worst_county)
        found = dive.round(np.where(part, FREE, best.chosen), NOISE)
        if found is not None and found.rank() <= best.rank():
            best = found
    search.build = best.build(search.build)


def _rounded(dive: Dive, known: Ints) -> Rounded | None:
    """Return the relaxation rounded to a plan, or a known plan where that is better.

    Where money is short, rounding may spend it on demand before the rules have theirs, or
    leave a lock without any: then what the known plan builds is held and the rest is rounded.
    """
    found = dive.round(np.full(len(known), FREE))
    held = dive.round(known)
    if held is None or (found is not None and found.rank() <= held.rank()):
        return found
    more = dive.round(np.where(known == dive.instance.standing(), FREE, known))
    return held if more is None or held.rank() <= more.rank() else more


def _worth_a_look(search: Search, targets: Targets) -> Bools:
    """Return the options, all sizes, of the groups that the relaxation or the plan so far uses."""
    options, chosen = search.instance.options, search.build.chosen[-1]
    # Pooled by county, demand would seem to be served from the county's other end.
    near = nearest_pairs(search.instance, POOLED_PAIRS)
    model = _aimed(search, targets, search.allowed, merged_rows(near, search.allowed))
    solve(
        model.problem,
        time_limit_s=search.deadline.left_s(),
        mip_gap=0.0,
        threads=search.run.threads,
        seed=search.run.seed,
        options={"solver": "simplex"},
    )
    used = [o for (o, _), z in model.z.items() if (z.varValue or 0.0) > SHARE_TIE]
    groups = np.union1d(options.group[used], np.flatnonzero(chosen >= 0))
    return np.asarray(search.allowed & np.isin(options.group, groups))


class _Parts:
    """Draws groups to be rounded anew together: sites that reach the same demand."""

    def __init__(self, instance: Instance, seed: int) -> None:
        self.instance, self.chance = instance, np.random.default_rng(seed)
        shape = (len(instance.site_id), len(instance.demand_id))
        pairs = (instance.pair_site, instance.pair_demand)
        self.reach = csr_array((np.ones(len(instance.pair_site)), pairs), shape=shape)

    def draw(self, county: int) -> Bools:
        """Draw the neighbours of a site, and often those of one in a county served badly.

        Money saved in one place is of use in the other. The part has all energies of its
        sites, or only one.
        """
        instance, chance = self.instance, self.chance
        sites = np.arange(len(instance.site_id))
        own = sites[instance.site_county == county]
        near = self._near(int(chance.choice(sites)))
        if len(own) and chance.random() < WORST:
            near = np.concatenate([near, self._near(int(chance.choice(own)))])
        part = np.isin(instance.group_site, near)
        if chance.random() < ONE_ENERGY:
            part &= instance.group_energy == int(chance.integers(len(ENERGIES)))
        return np.asarray(part)

    def _near(self, centre: int) -> Ints:
        """Return the sites that share most of the demand that a site reaches."""
        shared = (self.reach @ self.reach[[centre]].T).toarray().ravel()
        order = np.lexsort((np.arange(len(shared)), -shared))
        return np.asarray(order[: int(self.chance.choice(NEIGHBOURS))], dtype=np.int64)


def _aimed(
    search: Search, targets: Targets, allowed: Bools, rows: DemandRows | None = None
) -> Model:
    """Build the relaxation in which missing a target costs more than any station."""
    rows = merged_rows(search.instance, allowed) if rows is None else rows
    model = siting_model.build(search.instance, rows, allowed, search.years)
    relax(model)
    model.problem.sense = pulp.LpMinimize
    model.problem.setObjective(cost_terms(model) + _penalties(model, targets, search.tolerance))
    return model


def _penalties(model: Model, targets: Targets, slack: float) -> pulp.LpAffineExpression:
    """Return what missing the targets costs: rules before shares before demand served."""
    instance, last = model.instance, model.last
    demand = instance.county_demand_kwh(last)
    terms: dict[pulp.LpVariable, float] = {}
    for number, (stage, share) in enumerate(targets.shares):
        missing = model.problem.add_variable(f"missing_share_{number}", 0)
        terms[missing] = KWH_PENALTY * float(demand.sum()) / (1 + number)
        for c in stage.counties:
            least = min(share * (1 - slack), float(model.share[c].upBound))
            terms_c = {model.share[c]: 1.0, missing: 1.0}
            add_row(model, f"aim_share_{number}_{c}", terms_c, MORE, least)
    terms |= dict.fromkeys(model.short_township.values(), TOWNSHIP_PENALTY)
    metres = instance.highway.weight
    terms |= {s: TOWNSHIP_PENALTY * float(metres[h]) / KM_M for h, s in model.short_highway.items()}
    terms |= dict.fromkeys(model.short_units.values(), UNIT_PENALTY)
    for m, short in model.short_milestone.items():
        terms[short] = _milestone_penalty(instance, m)
    for f, refuelled in model.refuelled.items():
        terms[refuelled] = -TRIP_WORTH * float(instance.trip_volume[f])
    missing = model.problem.add_variable("missing_kwh", 0)
    terms[missing] = KWH_PENALTY
    served = dict(demand_served(model)) | {missing: 1.0}
    all_kwh = float((instance.demand[last] @ instance.kwh_per_unit).sum())
    least = all_kwh if targets.served is None else targets.served * (1 - slack)
    add_row(model, "aim_served", served, MORE, least)
    return pulp.LpAffineExpression(terms)


def _milestone_penalty(instance: Instance, m: int) -> float:
    """Return what it costs to be short of a milestone: one township, station, unit, or all."""
    if instance.milestones[m].measure != SHARE:
        return TOWNSHIP_PENALTY
    return SHARE_WORTH * KWH_PENALTY * float(instance.milestones[m].demand_kwh(instance).sum())
