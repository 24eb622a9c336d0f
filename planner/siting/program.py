"""Holds the program being built: its variables by the rows of the instance, and its rows."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pulp

from planner.siting.instance import CHARGING, Instance
from planner.siting.options import Bools, Floats, Ints
from planner.siting.rows import DemandRows

Key = tuple[int, int]
Terms = dict[pulp.LpVariable, float]
LESS, EQUAL, MORE = pulp.LpConstraintLE, pulp.LpConstraintEQ, pulp.LpConstraintGE


@dataclass(frozen=True)
class Model:
    """The problem, its variables by the rows of the instance, and what it was built from.

    ``years`` are the rows of T the model covers, the target year always among them;
    ``allowed`` is the mask of the options in it.
    """

    instance: Instance
    rows: DemandRows
    allowed: Bools
    years: tuple[int, ...]
    problem: pulp.LpProblem
    z: dict[Key, pulp.LpVariable] = field(default_factory=dict)
    x: dict[int, list[pulp.LpVariable]] = field(default_factory=dict)
    u: dict[Key, pulp.LpVariable] = field(default_factory=dict)
    short_township: dict[Key, pulp.LpVariable] = field(default_factory=dict)
    short_highway: dict[int, pulp.LpVariable] = field(default_factory=dict)
    short_units: dict[int, pulp.LpVariable] = field(default_factory=dict)
    short_milestone: dict[int, pulp.LpVariable] = field(default_factory=dict)
    refuelled: dict[int, pulp.LpVariable] = field(default_factory=dict)
    share: dict[int, pulp.LpVariable] = field(default_factory=dict)

    @property
    def last(self) -> int:
        """The target year as a row of T."""
        return self.years[-1]

    def options_at(self, groups: Ints | list[int]) -> list[int]:
        """Return the options in the model of some groups."""
        wanted = np.isin(self.instance.options.group, groups) & self.allowed
        return [int(o) for o in np.flatnonzero(wanted)]


def add_variables(model: Model) -> None:
    """Add every variable of the model, year by year."""
    instance, add = model.instance, model.problem.add_variable
    options = instance.options
    pairs = list(zip(model.rows.pair_row.tolist(), model.rows.pair_site.tolist(), strict=True))
    for t in model.years:
        for o in np.flatnonzero(model.allowed).tolist():
            if options.first[o] <= t:
                model.z[o, t] = add(f"z_{o}_{t}", cat=pulp.LpBinary)
        model.x[t] = [add(f"x_{r}_{j}_{t}", 0, 1) for r, j in pairs]
        for g in np.flatnonzero(instance.supply.ready(instance.n_years)).tolist():
            if instance.supply.lead[g] <= t:
                model.u[g, t] = add(f"u_{g}_{t}", cat=pulp.LpBinary)
        for w in open_townships(instance, model.allowed):
            model.short_township[w, t] = add(f"s_{w}_{t}", 0, 1)
    top = instance.reachable_share(model.last, model.allowed)
    model.share.update({c: add(f"v_{c}", 0, share) for c, share in top.items()})


def open_townships(instance: Instance, allowed: Bools) -> list[int]:
    """Return the townships no existing station meets but an allowed option would."""
    groups = instance.group_of()[instance.township_pair_site, CHARGING]
    may = np.zeros(len(instance.group_site) + 1, dtype=bool)
    may[instance.options.group[allowed]] = True
    now = np.append(instance.standing() >= 0, False)
    near = instance.township_pair
    met = set(near[(groups >= 0) & now[groups]].tolist())
    return sorted(set(near[(groups >= 0) & may[groups]].tolist()) - met)


def pair_kwh(model: Model, t: int) -> Floats:
    """Return (Q,) what each pair is worth in kWh a day if it serves its whole row."""
    rows = model.rows
    weight = rows.demand[t] * model.instance.kwh_per_unit[rows.energy]
    return np.asarray(weight[rows.pair_row], dtype=float)


def relax(model: Model) -> None:
    """Drop the demand for whole numbers: what is left bounds the model."""
    for variable in (*model.z.values(), *model.u.values()):
        variable.cat = pulp.LpContinuous


def stations_open(model: Model, t: int) -> dict[int, list[int]]:
    """Return the options that may stand in a year, by group."""
    group = model.instance.options.group
    found: dict[int, list[int]] = {}
    for o, year in model.z:
        if year == t:
            found.setdefault(int(group[o]), []).append(o)
    return found


def places_of(rows: Ints) -> dict[int, Ints]:
    """Return the places at which each value of an array stands."""
    order = np.argsort(rows, kind="stable")
    values, starts = np.unique(rows[order], return_index=True)
    places = np.split(order, starts[1:])
    return {int(value): place for value, place in zip(values, places, strict=False)}


def add_row(model: Model, name: str, terms: Terms, sense: int, right: float) -> None:
    """Add one constraint: the terms, a sense and a right-hand side."""
    row = pulp.LpConstraint(pulp.LpAffineExpression(terms), sense, name, right)
    model.problem.addConstraint(row)
