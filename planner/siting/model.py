"""The siting model: one mixed-integer program for charging, swap and hydrogen.

Sets
    i in I   demand points, merged into rows r of one energy e(r) and county c(r) that reach
             the same sites; J(r) the sites within the service radius of r
    j in J   candidate sites, the sites of existing stations among them
    k in K   technologies; K(e) those of energy e, K(p) those that payer p builds
    e in E   energies: charging (kWh), swap (swaps), hydrogen (kg)
    c in C   counties;  w in W  townships;  J(w) sites within the township rule's distance
    g in G   supply nodes; J(g) the sites that draw on g

Data
    d_r      demand of row r a day;  q_e  kWh that a unit of e counts for
    a_k      capacity of one unit a day;  A_je  capacity of the existing stations
    p_k      kW of one unit;  P_j  kW limit of the site;  H_g  headroom of the supply node
    l_k, u_k least and most units;  f_k, b_k  fixed and unit cost;  B_p  budget of payer p
    D_c      charging and swap demand of county c in kWh, out of reach included

Variables
    y_jk     1 if a station of technology k opens at j (only where one may stand)
    n_jk     its units, integer
    x_rj     share of row r served at j, for j in J(r) only
    s_w      1 if township w stays short
    v_c      share of the county's demand D_c that is served
    v        the smallest v_c of a group of counties

Constraints
    (1)  sum_j x_rj <= 1                                        serve at most once
    (2)  sum_r d_r x_rj <= A_je + sum_{k in K(e)} a_k n_jk      capacity of site and energy
    (3)  l_k y_jk <= n_jk <= u_jk y_jk                          size of a station
    (4)  sum_j x_rj <= sum_{j in J(r)} sum_{k in K(e)} y_jk     only where one is open
    (5)  sum_{k in K(e)} y_jk <= 1                              one technology an energy
    (6)  sum_k p_k n_jk <= P_j                                  power of the site
    (7)  sum_{j in J(g)} sum_k p_k n_jk <= H_g                  shared headroom
    (8)  sum_j sum_{k in K(p)} (f_k y_jk + b_k n_jk) <= B_p     budget
    (9)  s_w + sum_{j in J(w)} sum_{k in K(charging)} y_jk >= 1 township rule, softened
    (10) D_c v_c <= sum_{r in c} q_e d_r sum_j x_rj             served share of a county
    (11) v <= v_c                                               smallest share of a group

Goals, one after the other, each carried on as a constraint (:mod:`planner.siting.goals`)
    shortfall   min sum_w s_w
    share       max v
    served      max sum_r q_e d_r sum_j x_rj
    cost        min sum_jk (f_k y_jk + b_k n_jk)

(4) holds where no existing station reaches r. For whole numbers it follows from (1) to (3);
it is the covering row of MCLP and makes the relaxation tight where stations are far larger
than the demand in reach. The row for each pair, x_rj <= sum_k y_jk, gives the same
relaxation within 0.1 % at ten times the rows. u_jk is the smallest of u_k, what power and
budget allow at j, and what serves all the demand in reach (but never below l_k). Money is
counted in the greatest common divisor of all its figures, so that (8) has whole
coefficients and rounding cannot overspend.

References: Church and ReVelle (1974), maximal covering; Sridharan (1995), capacitated plant
location.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pulp

from planner.siting.instance import CHARGING, COUNTY_ENERGIES, PAYERS, Floats, Instance, Ints
from planner.siting.rows import DemandRows

Key = tuple[int, int]
LESS, MORE = pulp.LpConstraintLE, pulp.LpConstraintGE


@dataclass(frozen=True)
class Model:
    """The problem, its variables by the rows of the instance, and what it was built from."""

    instance: Instance
    rows: DemandRows
    problem: pulp.LpProblem
    y: dict[Key, pulp.LpVariable]
    n: dict[Key, pulp.LpVariable]
    x: list[pulp.LpVariable]
    s: dict[int, pulp.LpVariable]
    v: dict[int, pulp.LpVariable]


def build(instance: Instance, rows: DemandRows) -> Model:
    """Build the model without an objective."""
    problem = pulp.LpProblem("siting", pulp.LpMinimize)
    problem.setObjective(pulp.LpAffineExpression())
    most = instance.most_units()
    places = [(int(j), int(k)) for j, k in np.argwhere(most > 0)]
    y = {(j, k): problem.add_variable(f"y_{j}_{k}", cat=pulp.LpBinary) for j, k in places}
    n = {
        (j, k): problem.add_variable(f"n_{j}_{k}", 0, int(most[j, k]), pulp.LpInteger)
        for j, k in places
    }
    pairs = zip(rows.pair_row.tolist(), rows.pair_site.tolist(), strict=True)
    x = [problem.add_variable(f"x_{r}_{j}", 0, 1) for r, j in pairs]
    s = {w: problem.add_variable(f"s_{w}", 0, 1) for w in instance.open_townships()}
    v = {c: problem.add_variable(f"v_{c}", 0, top) for c, top in instance.reachable_share().items()}
    model = Model(instance, rows, problem, y, n, x, s, v)
    serve_once(model)
    capacity(model)
    station_size(model)
    only_open(model)
    one_technology(model)
    site_power(model)
    shared_headroom(model)
    budget(model)
    township_rule(model)
    county_share(model)
    return model


def serve_once(model: Model) -> None:
    """(1) A row is served at most once."""
    for r, pairs in _places(model.rows.pair_row).items():
        if len(pairs) > 1:
            _add(model, f"once_{r}", {model.x[q]: 1.0 for q in pairs}, LESS, 1.0)


def capacity(model: Model) -> None:
    """(2) A site serves no more of an energy than its units do."""
    instance, rows = model.instance, model.rows
    standing = instance.existing_capacity()
    demand, stations = rows.demand[rows.pair_row], _keys_by_energy(model)
    for e in range(standing.shape[1]):
        own = np.flatnonzero(rows.energy[rows.pair_row] == e)
        for j, places in _places(rows.pair_site[own]).items():
            terms = {model.x[q]: float(demand[q]) for q in own[places]}
            for key in stations.get((j, e), ()):
                terms[model.n[key]] = -float(instance.capacity[key[1]])
            _add(model, f"capacity_{j}_{e}", terms, LESS, float(standing[j, e]))


def station_size(model: Model) -> None:
    """(3) An open station has at least its least and at most its most units."""
    for (j, k), n in model.n.items():
        y = model.y[j, k]
        least, most = float(model.instance.min_units[k]), float(n.upBound)
        _add(model, f"least_{j}_{k}", {n: 1.0, y: -least}, MORE, 0.0)
        _add(model, f"most_{j}_{k}", {n: 1.0, y: -most}, LESS, 0.0)


def only_open(model: Model) -> None:
    """(4) A row is served only if a station of its energy is open within its reach."""
    rows, stations = model.rows, _keys_by_energy(model)
    standing = model.instance.existing_capacity() > 0
    for r, pairs in _places(rows.pair_row).items():
        e, sites = int(rows.energy[r]), rows.pair_site[pairs]
        if not standing[sites, e].any():
            terms = {model.x[q]: 1.0 for q in pairs}
            keys = [key for j in sites.tolist() for key in stations.get((j, e), ())]
            _add(model, f"open_{r}", terms | {model.y[key]: -1.0 for key in keys}, LESS, 0.0)


def one_technology(model: Model) -> None:
    """(5) A site opens at most one technology of an energy."""
    for (j, e), keys in _keys_by_energy(model).items():
        if len(keys) > 1:
            _add(model, f"one_{j}_{e}", {model.y[key]: 1.0 for key in keys}, LESS, 1.0)


def site_power(model: Model) -> None:
    """(6) Planned units of a site draw no more than its power."""
    by_site: dict[int, dict[pulp.LpVariable, float]] = {}
    for (j, k), n in model.n.items():
        by_site.setdefault(j, {})[n] = float(model.instance.power_kw[k])
    for j, terms in by_site.items():
        _add(model, f"power_{j}", terms, LESS, float(model.instance.max_power_kw[j]))


def shared_headroom(model: Model) -> None:
    """(7) Planned units of all sites of a supply node share its headroom."""
    instance = model.instance
    for g, headroom_kw in enumerate(instance.headroom_kw):
        terms = {
            n: float(instance.power_kw[k])
            for (j, k), n in model.n.items()
            if instance.site_supply[j] == g
        }
        if terms:
            _add(model, f"headroom_{g}", terms, LESS, float(headroom_kw))


def budget(model: Model) -> None:
    """(8) Each payer's stations cost no more than the payer's budget."""
    instance = model.instance
    for p, payer in enumerate(PAYERS):
        keys = [key for key in model.y if instance.tech_payer[key[1]] == p]
        if keys:
            most = instance.budget_cny[p] // coin_cny(instance)
            _add(model, f"budget_{payer}", _cost_terms(model, keys), LESS, float(most))


def township_rule(model: Model) -> None:
    """(9) A township has a charging station within the rule's distance, or stays short."""
    stations, near = _keys_by_energy(model), _places(model.instance.township_pair)
    for w, s in model.s.items():
        sites = model.instance.township_pair_site[near[w]].tolist()
        keys = [key for j in sites for key in stations.get((j, CHARGING), ())]
        _add(model, f"township_{w}", {s: 1.0} | {model.y[key]: 1.0 for key in keys}, MORE, 1.0)


def county_share(model: Model) -> None:
    """(10) The served share of a county counts charging and swap together, in kWh."""
    rows, demand = model.rows, model.instance.county_demand_kwh()
    weight = _kwh(model)
    counted = np.flatnonzero(np.isin(rows.energy[rows.pair_row], COUNTY_ENERGIES))
    by_county = _places(rows.county[rows.pair_row[counted]])
    for c, v in model.v.items():
        terms = {model.x[q]: -float(weight[q]) for q in counted[by_county.get(c, [])]}
        _add(model, f"county_{c}", {v: float(demand[c])} | terms, LESS, 0.0)


def smallest_share(model: Model, counties: list[int]) -> pulp.LpAffineExpression:
    """(11) Return a variable that is at most the served share of each of these counties."""
    smallest = model.problem.add_variable("v", 0, 1)
    for c in counties:
        _add(model, f"smallest_{c}", {smallest: 1.0, model.v[c]: -1.0}, LESS, 0.0)
    return pulp.LpAffineExpression({smallest: 1.0})


def shortfall(model: Model) -> pulp.LpAffineExpression:
    """Return the number of townships in reach that stay short."""
    return pulp.LpAffineExpression(dict.fromkeys(model.s.values(), 1.0))


def served_kwh(model: Model) -> pulp.LpAffineExpression:
    """Return what is served a day, all energies, in kWh equivalents."""
    return pulp.LpAffineExpression(zip(model.x, _kwh(model).tolist(), strict=True))


def cost(model: Model) -> pulp.LpAffineExpression:
    """Return the capital of all planned stations, in coins of :func:`coin_cny`."""
    return pulp.LpAffineExpression(_cost_terms(model, list(model.y)))


def coin_cny(instance: Instance) -> int:
    """Return the greatest common divisor of all costs: the coin in which money is counted."""
    return int(np.gcd.reduce(np.append(instance.unit_cost, instance.fixed_cost))) or 1


def at_least(model: Model, name: str, terms: pulp.LpAffineExpression, least: float) -> None:
    """Carry a goal that is maximised on as a constraint."""
    _add(model, name, dict(terms), MORE, least)


def at_most(model: Model, name: str, terms: pulp.LpAffineExpression, most: float) -> None:
    """Carry a goal that is minimised on as a constraint."""
    _add(model, name, dict(terms), LESS, most)


def relax(model: Model) -> None:
    """Drop the demand for whole numbers: what is left bounds the model."""
    for variable in (*model.y.values(), *model.n.values()):
        variable.cat = pulp.LpContinuous


def _kwh(model: Model) -> Floats:
    """Return what each pair is worth in kWh a day if it serves its whole row."""
    rows = model.rows
    weight = rows.demand * model.instance.kwh_per_unit[rows.energy]
    return np.asarray(weight[rows.pair_row], dtype=float)


def _cost_terms(model: Model, keys: list[Key]) -> dict[pulp.LpVariable, float]:
    instance = model.instance
    coin = coin_cny(instance)
    fixed = {model.y[key]: float(instance.fixed_cost[key[1]] // coin) for key in keys}
    return fixed | {model.n[key]: float(instance.unit_cost[key[1]] // coin) for key in keys}


def _keys_by_energy(model: Model) -> dict[Key, list[Key]]:
    """Return the stations (j, k) that may open, by site and energy."""
    found: dict[Key, list[Key]] = {}
    for j, k in model.y:
        found.setdefault((j, int(model.instance.tech_energy[k])), []).append((j, k))
    return found


def _places(rows: Ints) -> dict[int, Ints]:
    """Return the places at which each value of an array stands."""
    order = np.argsort(rows, kind="stable")
    values, starts = np.unique(rows[order], return_index=True)
    places = np.split(order, starts[1:])
    return {int(value): place for value, place in zip(values, places, strict=False)}


def _add(
    model: Model, name: str, terms: dict[pulp.LpVariable, float], sense: int, right: float
) -> None:
    row = pulp.LpConstraint(pulp.LpAffineExpression(terms), sense, name, right)
    model.problem.addConstraint(row)
