"""The siting model: one mixed-integer program for charging, swap and hydrogen over years.

Sets
    t in T   years; the last is the target year, written T*
    i in I   demand points, merged into rows r of one energy e(r) and county c(r) that reach
             the same sites; J(r) the sites within the service radius of r
    j in J   candidate sites, the sites of existing stations among them
    e in E   energies: charging (kWh), swap and truck_swap (swaps), hydrogen (kg)
    s in S   groups: an energy at a site;  S(j) the groups of a site
    o in O   options: a technology and a size;  O(s) those of a group, O(p) those payer p pays
    c in C   counties;  w in W  townships, J(w) sites within the township rule's distance
    h in H   highway windows: metres of carriageway from which one of the sites J(h) is ahead
             within the rule's gap;  f in F  trips, J(f, v) the sites of their windows v
    g in G   supply nodes, J(g) the sites that draw on g

Data
    d_rt     demand of row r a day;  q_e  kWh that a unit of e counts for
    a_o      capacity of option o a day within the waiting rule (:mod:`planner.siting.waiting`)
    p_o      kW it adds at the peak;  P_j  kW limit of the site
    H_g, U_g headroom of the supply node, and what its upgrade adds;  l_g  years it takes
    k_o, b_o capital and CNY a year;  k_g, b_g  those of an upgrade
    B_pt     money of payer p up to year t
    D_ct     electric demand of county c in kWh, out of reach included;  m_h metres;  V_f trips
    m in M   milestones: least L_m of a measure in year t(m), existing stations counted, all
             energies and counties or one: townships W(m) that have a charging station within
             the rule's distance (n_m of them today), stations or units of options O(m) that
             count n_mo (1 or n_o), or the served share of the demand D_m in kWh of rows R(m)

Variables
    z_ot     1 if option o stands in year t (a group of an existing station always has one)
    x_rjt    share of row r served at j, for j in J(r) only
    u_gt     1 if the upgrade of supply node g is in service
    s_wt, s_h, s_c   township short, highway window short, charging units short in a county
    r_f      1 if trip f can refuel
    v_c      share of the demand of county c that is served in the target year
    v        the smallest v_c of a group of counties
    s_m      what milestone m is short of

Constraints, for every year unless said otherwise
    (1)  sum_j x_rjt <= 1                                          serve at most once
    (2)  sum_r d_rt x_rjt <= sum_{o in O(s)} a_o z_ot              capacity, s = (j, e)
    (3)  sum_{o in O(s)} z_ot <= 1, = 1 where a station stands     one option a group
    (4)  sum_j x_rjt <= sum_{j in J(r)} sum_{o in O(j, e)} z_ot    only where one is open
    (5)  sum_{s in S(j)} sum_o p_o z_ot <= P_j                     power of the site
    (6)  sum_{j in J(g)} sum_o p_o z_ot <= H_g + U_g u_gt          shared headroom
    (7)  sum_{o in O(p)} k_o z_ot + sum_g k_g u_{g,t+l} <= B_pt    money up to the year
    (8)  sum_{o in chain, units >= n} z_ot <= the same in t+1      nothing torn down
    (9)  u_gt <= u_g,t+1;  u_gt = 0 for the first l_g years        an upgrade takes its time
    (10) s_wt + sum_{j in J(w)} sum_o z_ot >= 1                    township rule, softened
    (11) s_h + sum_{j in J(h)} sum_{fast o} z_oT* >= 1             highway rule, softened
    (12) s_c + sum_{j in c} sum_{charging o} n_o z_oT* >= N_c      units and vehicles, softened
    (13) r_f <= sum_{j in J(f, v)} sum_o z_oT*                     every window of a trip
    (14) sum_{o in lock} z_oT* >= 1                                locks of a review
    (15) D_cT* v_c <= sum_{r in c} q_e d_rT* sum_j x_rjT*          served share of a county
    (16) v <= v_c                                                  smallest share of a group
    (17) s_m + n_m + sum_{w in W(m)} (1 - s_wt(m)) >= L_m          milestones, softened:
         s_m + sum_{o in O(m)} n_mo z_ot(m) >= L_m                 one of the three, as the
         D_m s_m + sum_{r in R(m)} q_e d_rt(m) sum_j x_rjt(m) >= D_m L_m    measure says

Goals, one after the other, each carried on as a constraint (:mod:`planner.siting.goals`)
    township_shortfall   min sum_w s_wT*
    highway_shortfall_m  min sum_h m_h s_h
    unit_shortfall       min sum_c s_c
    milestone_shortfall  min sum_m s_m / L_m
    worst_county_share   max v, then of the other counties (next_county_share)
    trips_refuelled      max sum_f V_f r_f
    demand_served        max sum_r q_e d_rT* sum_j x_rjT*
    cost                 min sum_o b_o z_oT* + sum_g b_g u_gT*
    early_served         max the demand served in the years before the target year
A large case decides the target year first: milestone_shortfall is then over the milestones
of that year, and early_milestone_shortfall, over those before, comes after the cost.

(4) holds where no existing station reaches r. For whole numbers it follows from (1) to (3);
it is the covering row of MCLP and makes the relaxation tight where stations are far larger
than the demand in reach. Money is counted in the greatest common divisor of all its
figures, so that (7) has whole coefficients and rounding cannot overspend. An option that a
ban, power, money or its dates rule out is not in the model. Locks (14) are hard: if they
cannot hold, the model says so and :mod:`planner.siting.presolve` says why.

References: Church and ReVelle (1974), maximal covering; Sridharan (1995), capacitated plant
location; Kuby and Lim (2005) and Capar et al. (2013), flow refuelling by covering rows.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pulp

from planner.siting.instance import PAYERS, PUBLIC, Instance
from planner.siting.options import KEEP, Bools
from planner.siting.program import (
    EQUAL,
    LESS,
    Model,
    Terms,
    add_row,
    add_variables,
    places_of,
    stations_open,
)
from planner.siting.rows import DemandRows
from planner.siting.rule_rows import (
    county_share,
    highway_rule,
    locks,
    milestone_rule,
    township_rule,
    trip_rule,
    unit_rule,
)


def build(
    instance: Instance,
    rows: DemandRows,
    allowed: Bools,
    years: tuple[int, ...],
) -> Model:
    """Build the model without an objective, over some years that end with the target year."""
    problem = pulp.LpProblem("siting", pulp.LpMinimize)
    problem.setObjective(pulp.LpAffineExpression())
    model = Model(instance, rows, allowed, years, problem)
    add_variables(model)
    for t in years:
        serve_once(model, t)
        capacity(model, t)
        one_option(model, t)
        onlystations_open(model, t)
        site_power(model, t)
        shared_headroom(model, t)
        budget(model, t)
        township_rule(model, t)
    for t, after in pairwise(years):
        nothing_torn_down(model, t, after)
        upgrades_last(model, t, after)
    upgrade_orders(model)
    highway_rule(model)
    unit_rule(model)
    trip_rule(model)
    milestone_rule(model)
    locks(model)
    county_share(model)
    return model


def serve_once(model: Model, t: int) -> None:
    """(1) A row is served at most once."""
    for r, pairs in places_of(model.rows.pair_row).items():
        if len(pairs) > 1:
            add_row(model, f"once_{r}_{t}", {model.x[t][q]: 1.0 for q in pairs}, LESS, 1.0)


def capacity(model: Model, t: int) -> None:
    """(2) A site serves no more of an energy than what stands there."""
    instance, rows = model.instance, model.rows
    demand, stations = rows.demand[t][rows.pair_row], stations_open(model, t)
    group = instance.group_of()[rows.pair_site, rows.energy[rows.pair_row]]
    for s, places in places_of(group).items():
        terms = {model.x[t][q]: float(demand[q]) for q in places}
        terms |= {model.z[o, t]: -float(instance.options.capacity[o]) for o in stations.get(s, ())}
        add_row(model, f"capacity_{s}_{t}", terms, LESS, 0.0)


def one_option(model: Model, t: int) -> None:
    """(3) A group has at most one option, and exactly one where a station stands today."""
    standing = model.instance.standing()
    for s, found in stations_open(model, t).items():
        stands = standing[s] >= 0
        if stands or len(found) > 1:
            terms = {model.z[o, t]: 1.0 for o in found}
            add_row(model, f"one_{s}_{t}", terms, EQUAL if stands else LESS, 1.0)


def onlystations_open(model: Model, t: int) -> None:
    """(4) A row is served only if a station of its energy is open within its reach."""
    rows, stations = model.rows, stations_open(model, t)
    groups, standing = model.instance.group_of(), model.instance.standing()
    for r, pairs in places_of(rows.pair_row).items():
        reach = groups[rows.pair_site[pairs], int(rows.energy[r])]
        if not (standing[reach] >= 0).any():
            terms = {model.x[t][q]: 1.0 for q in pairs}
            terms |= {model.z[o, t]: -1.0 for s in reach.tolist() for o in stations.get(s, ())}
            add_row(model, f"open_{r}_{t}", terms, LESS, 0.0)


def site_power(model: Model, t: int) -> None:
    """(5) What the plan adds at a site draws no more than the site's power."""
    instance = model.instance
    site = instance.group_site[instance.options.group]
    drawing: dict[int, Terms] = {}
    for (o, year), z in model.z.items():
        if year == t and instance.options.peak_kw[o] > 0:
            drawing.setdefault(int(site[o]), {})[z] = float(instance.options.peak_kw[o])
    for j, terms in drawing.items():
        if sum(terms.values()) > instance.max_power_kw[j]:
            add_row(model, f"power_{j}_{t}", terms, LESS, float(instance.max_power_kw[j]))


def shared_headroom(model: Model, t: int) -> None:
    """(6) What the plan adds at all sites of a supply node shares its headroom."""
    instance, supply = model.instance, model.instance.supply
    node = instance.site_supply[instance.group_site[instance.options.group]]
    drawing: dict[int, Terms] = {}
    for (o, year), z in model.z.items():
        if year == t and node[o] >= 0 and instance.options.peak_kw[o] > 0:
            drawing.setdefault(int(node[o]), {})[z] = float(instance.options.peak_kw[o])
    for g, terms in drawing.items():
        upgrade = {model.u[g, t]: -float(supply.upgrade_kw[g])} if (g, t) in model.u else {}
        add_row(model, f"headroom_{g}_{t}", terms | upgrade, LESS, float(supply.headroom_kw[g]))


def budget(model: Model, t: int) -> None:
    """(7) What each payer has spent by a year is no more than there was up to it."""
    instance, coin = model.instance, coin_cny(model.instance)
    options, supply = instance.options, model.instance.supply
    for p, payer in enumerate(PAYERS):
        terms = {
            z: float(options.capital[o] // coin)
            for (o, year), z in model.z.items()
            if year == t and options.payer[o] == p and options.capital[o] > 0
        }
        if p == PUBLIC:
            terms |= {
                model.u[g, year]: float(supply.upgrade_cny[g] // coin)
                for g, year in model.u
                if year == min(t + int(supply.lead[g]), model.last)
            }
        if terms:
            most = float(instance.budget_cny[t, p] // coin)
            add_row(model, f"budget_{payer}_{t}", terms, LESS, most)


def upgrade_orders(model: Model) -> None:
    """(7) Upgrades of the target year are paid when ordered, also in years not in the model."""
    instance, coin = model.instance, coin_cny(model.instance)
    for t in range(model.years[0]):
        terms = {
            u: float(instance.supply.upgrade_cny[g] // coin)
            for (g, year), u in model.u.items()
            if year == model.last and model.last - int(instance.supply.lead[g]) <= t
        }
        if terms:
            most = float(instance.budget_cny[t, PUBLIC] // coin)
            add_row(model, f"orders_{t}", terms, LESS, most)


def nothing_torn_down(model: Model, t: int, after: int) -> None:
    """(8) Units never leave a chain of options, nor join it after its dates."""
    options = model.instance.options
    for chain in _chains(model, after):
        for at, smallest in enumerate(chain):
            now = {model.z[o, t]: 1.0 for o in chain[at:] if (o, t) in model.z}
            then = {model.z[o, after]: 1.0 for o in chain[at:]}
            if now:
                fewer = {z: -share for z, share in then.items()}
                add_row(model, f"stays_{smallest}_{t}", now | fewer, LESS, 0.0)
            if options.last[smallest] <= t:
                began = {z: -share for z, share in now.items()}
                add_row(model, f"dated_{smallest}_{after}", then | began, LESS, 0.0)


def _chains(model: Model, t: int) -> list[list[int]]:
    """Return the options of a year that grow into each other, by size."""
    options = model.instance.options
    chains: dict[tuple[int, int, int], list[int]] = {}
    for o, year in model.z:
        if year == t and options.action[o] != KEEP:
            key = (int(options.group[o]), int(options.technology[o]), int(options.action[o]))
            chains.setdefault(key, []).append(o)
    return [sorted(chain, key=lambda o: int(options.units[o])) for chain in chains.values()]


def upgrades_last(model: Model, t: int, after: int) -> None:
    """(9) An upgrade that is in service stays in service."""
    for g, year in model.u:
        if year == t:
            pair = {model.u[g, t]: 1.0, model.u[g, after]: -1.0}
            add_row(model, f"served_on_{g}_{t}", pair, LESS, 0.0)


def coin_cny(instance: Instance) -> int:
    """Return the greatest common divisor of all capital costs: the coin money is counted in."""
    money = np.append(instance.options.capital, instance.supply.upgrade_cny)
    return int(np.gcd.reduce(money)) if len(money) and money.any() else 1
