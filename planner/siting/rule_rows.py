"""Builds the rows of the siting model that stand for planning rules: (10) to (17)."""

from __future__ import annotations

import numpy as np
import pulp

from planner.layers import ENERGIES
from planner.siting.instance import CHARGING, COUNTY_ENERGIES, Windows
from planner.siting.milestones import (
    ALL,
    MEASURES,
    SHARE,
    TOWNSHIPS,
    UNITS,
    Milestone,
    covered_townships,
)
from planner.siting.program import (
    LESS,
    MORE,
    Model,
    Terms,
    add_row,
    pair_kwh,
    places_of,
    stations_open,
)


def township_rule(model: Model, t: int) -> None:
    """(10) A township has a charging station within the rule's distance, or stays short."""
    instance, stations = model.instance, stations_open(model, t)
    near, groups = places_of(instance.township_pair), instance.group_of()[:, CHARGING]
    for (w, year), short in model.short_township.items():
        if year == t:
            reach = groups[instance.township_pair_site[near[w]]].tolist()
            terms = {model.z[o, t]: 1.0 for s in reach for o in stations.get(s, ())}
            add_row(model, f"township_{w}_{t}", {short: 1.0} | terms, MORE, 1.0)


def highway_rule(model: Model) -> None:
    """(11) From each metre of highway a fast station is ahead within the gap, or it is short."""
    instance = model.instance
    for h, terms in _window_terms(model, instance.highway, CHARGING, fast=True).items():
        short = model.problem.add_variable(f"h_{h}", 0, 1)
        model.short_highway[h] = short
        add_row(model, f"highway_{h}", {short: 1.0} | terms, MORE, 1.0)


def unit_rule(model: Model) -> None:
    """(12) A county has the charging units its vehicles call for, or is short of some."""
    instance, options = model.instance, model.instance.options
    for c in np.flatnonzero(instance.units_needed > 0).tolist():
        short = model.problem.add_variable(f"n_{c}", 0)
        model.short_units[c] = short
        terms = {
            z: float(options.units[o])
            for (o, t), z in model.z.items()
            if t == model.last
            and instance.group_energy[options.group[o]] == CHARGING
            and instance.site_county[instance.group_site[options.group[o]]] == c
        }
        need = float(instance.units_needed[c])
        add_row(model, f"units_{c}", {short: 1.0} | terms, MORE, need)


def trip_rule(model: Model) -> None:
    """(13) A trip refuels only if each of its windows has a station of its energy."""
    instance, trips = model.instance, model.instance.trips
    for energy in range(len(ENERGIES)):
        mine = np.flatnonzero(instance.trip_energy[trips.owner] == energy)
        if not len(mine):
            continue
        found = _window_terms(model, trips, energy, fast=energy == CHARGING)
        for v in mine.tolist():
            f = int(trips.owner[v])
            if f not in model.refuelled:
                model.refuelled[f] = model.problem.add_variable(f"r_{f}", 0, 1)
            terms = dict.fromkeys(found.get(v, {}), -1.0)
            add_row(model, f"trip_{f}_{v}", {model.refuelled[f]: 1.0} | terms, LESS, 0.0)


def _window_terms(model: Model, windows: Windows, energy: int, *, fast: bool) -> dict[int, Terms]:
    """Return for each window the options of the target year that would do."""
    options, t = model.instance.options, model.last
    stations, groups = stations_open(model, t), model.instance.group_of()[:, energy]
    found: dict[int, Terms] = {h: {} for h in range(len(windows.owner))}
    for h, j in zip(windows.pair_window.tolist(), windows.pair_site.tolist(), strict=True):
        for o in stations.get(int(groups[j]), ()):
            if options.fast[o] or not fast:
                found[h][model.z[o, t]] = 1.0
    return found


def locks(model: Model) -> None:
    """(14) A station stands where a review demands one."""
    for number, groups in enumerate(model.instance.locked):
        keys = [(o, model.last) for o in model.options_at(list(groups))]
        terms = {model.z[key]: 1.0 for key in keys if key in model.z}
        add_row(model, f"lock_{number}", terms, MORE, 1.0)


def county_share(model: Model) -> None:
    """(15) The served share of a county counts its electric demand together, in kWh."""
    rows, t = model.rows, model.last
    demand, weight = model.instance.county_demand_kwh(t), pair_kwh(model, t)
    counted = np.flatnonzero(np.isin(rows.energy[rows.pair_row], COUNTY_ENERGIES))
    by_county = places_of(rows.county[rows.pair_row[counted]])
    for c, v in model.share.items():
        terms = {model.x[t][q]: -float(weight[q]) for q in counted[by_county.get(c, [])]}
        add_row(model, f"county_{c}", {v: float(demand[c])} | terms, LESS, 0.0)


def smallest_share(model: Model, counties: list[int]) -> pulp.LpAffineExpression:
    """(16) Return a variable that is at most the served share of each of these counties."""
    smallest = model.problem.add_variable("v", 0, 1)
    for c in counties:
        add_row(model, f"smallest_{c}", {smallest: 1.0, model.share[c]: -1.0}, LESS, 0.0)
    return pulp.LpAffineExpression({smallest: 1.0})


def milestone_rule(model: Model, measures: tuple[str, ...] = MEASURES) -> None:
    """(17) What has to be reached by a year is reached, or is short of some."""
    for number, milestone in enumerate(model.instance.milestones):
        if milestone.t in model.years and milestone.measure in measures:
            terms, unit, given = _counted(model, milestone)
            short = model.problem.add_variable(f"m_{number}", 0, milestone.least)
            model.short_milestone[number] = short
            right = unit * milestone.least - given
            add_row(model, f"milestone_{number}", {short: unit} | terms, MORE, right)


def _counted(model: Model, milestone: Milestone) -> tuple[Terms, float, float]:
    """Return what counts toward a milestone: terms, the unit they are in, and what is sure."""
    if milestone.measure == TOWNSHIPS:
        return _townships_counted(model, milestone)
    if milestone.measure == SHARE:
        return _share_counted(model, milestone)
    options, mine = model.instance.options, milestone.groups(model.instance)
    terms = {
        z: float(options.units[o]) if milestone.measure == UNITS else 1.0
        for (o, t), z in model.z.items()
        if t == milestone.t and mine[options.group[o]]
    }
    return terms, 1.0, 0.0


def _townships_counted(model: Model, milestone: Milestone) -> tuple[Terms, float, float]:
    """Return the townships that are not short in a year, those with a station today included."""
    counted = set(milestone.townships)
    shorts = [
        short for (w, t), short in model.short_township.items() if t == milestone.t and w in counted
    ]
    today = covered_townships(model.instance, model.instance.standing() >= 0)
    given = float(today[list(milestone.townships)].sum()) + len(shorts)
    return dict.fromkeys(shorts, -1.0), 1.0, given


def _share_counted(model: Model, milestone: Milestone) -> tuple[Terms, float, float]:
    """Return what is served of the demand that a milestone counts; its unit is that demand."""
    rows, whole = model.rows, float(milestone.demand_kwh(model.instance).sum())
    if not whole:
        return {}, 1.0, 1.0
    counted = (milestone.energy == ALL) | (rows.energy == milestone.energy)
    counted &= (milestone.county == ALL) | (rows.county == milestone.county)
    weight, x = pair_kwh(model, milestone.t), model.x[milestone.t]
    pairs = np.flatnonzero(counted[rows.pair_row] & (weight > 0))
    return {x[q]: float(weight[q]) for q in pairs.tolist()}, whole, 0.0
