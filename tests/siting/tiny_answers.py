"""Offers siting answers on a line, worked out by hand: sites in a row, charging only."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd

from planner.scenario.models import RunSettings
from planner.siting.from_layers import TownshipNodes
from planner.siting.instance import Instance, Supply, Windows
from planner.siting.made_layers import Answered
from planner.siting.options import Options
from planner.siting.search import Build
from planner.siting.service import Service

RUN = RunSettings(time_limit_s=60, mip_gap=0, seed=1, threads=1, effort=1)
NOTHING = Windows(np.zeros(0, int), np.zeros(0), np.zeros(0, int), np.zeros(0, int))
SIZES = ((1, 100.0, 50.0, 500_000), (2, 200.0, 100.0, 800_000))
"""Of each new station: units, kWh a day, kW, CNY."""


def options(n_sites, standing=()):
    """Return two sizes a site; a site that stands today keeps its 100 kWh a day, for nothing."""
    rows = []
    for s in range(n_sites):
        if s in standing:
            rows.append((s, 1, 0, 100.0, 0.0, 0))
        else:
            rows += [(s, units, 1, kwh, kw, cny) for units, kwh, kw, cny in SIZES]
    group, units, action, capacity, peak, capital = (np.array(x) for x in zip(*rows, strict=True))
    zero = np.zeros(len(rows), dtype=np.int64)
    return Options(
        group, zero, units, action, capacity.astype(float), peak.astype(float), capital,
        capital // 10, zero, zero, zero, np.ones(len(rows), dtype=bool),
    )  # fmt: skip


def instance(demand, reach, standing=(), **given):
    """Return a problem of one year: demand (kWh a day) and the sites that each point reaches."""
    n_sites = given.pop("n_sites")
    pairs = np.array([(i, j) for i, sites in enumerate(reach) for j in sites])
    weight = np.zeros((1, len(demand), 4))
    weight[0, :, 0] = demand
    values = {
        "years": (2027,),
        "demand_id": tuple(f"d{i}" for i in range(len(demand))),
        "site_id": tuple(f"s{j}" for j in range(n_sites)),
        "technology": ("dc60",),
        "county_id": ("c0",),
        "township_id": (),
        "supply_node_id": ("g0",),
        "demand": weight,
        "kwh_per_unit": np.ones(4),
        "demand_county": np.zeros(len(demand), dtype=np.int64),
        "pair_demand": pairs[:, 0],
        "pair_site": pairs[:, 1],
        "pair_energy": np.zeros(len(pairs), dtype=np.int64),
        "pair_m": np.ones(len(pairs)),
        "group_site": np.arange(n_sites),
        "group_energy": np.zeros(n_sites, dtype=np.int64),
        "options": options(n_sites, standing),
        "max_power_kw": np.full(n_sites, 1000.0),
        "site_supply": np.zeros(n_sites, dtype=np.int64),
        "site_county": np.zeros(n_sites, dtype=np.int64),
        "supply": Supply(np.array([1000.0]), *(np.zeros(1, int) for _ in range(4))),
        "township_pair": np.zeros(0, dtype=np.int64),
        "township_pair_site": np.zeros(0, dtype=np.int64),
        "highway": NOTHING,
        "trips": NOTHING,
        "trip_energy": np.zeros(0, dtype=np.int64),
        "trip_volume": np.zeros(0),
        "units_needed": np.zeros(1, dtype=np.int64),
        "budget_cny": np.array([[2_000_000, 0]]),
    }
    return Instance(**(values | given))


def answered(case, chosen, served):
    """Return the answer that builds ``chosen`` {site: size} and serves (point, site, kWh)."""
    stands = case.standing()
    for s, size in chosen.items():
        stands[s] = np.flatnonzero(case.options.group == s)[size]
    table = np.array(served, dtype=float).reshape(-1, 3)
    point, site = table[:, 0].astype(int), table[:, 1].astype(int)
    zero = np.zeros(len(table), dtype=np.int64)
    after = Service(point, site, zero, (table[:, 2] * 1e6).astype(np.int64))
    build = Build(stands[None, :], np.zeros((1, len(case.supply_node_id)), dtype=bool))
    counties = pd.DataFrame({"county_id": ["c0"], "name": ["东/西县"], "name_en": ["East"]})
    townships = pd.DataFrame({"township_id": case.township_id, "name": case.township_id})
    reviews = pd.DataFrame({"mark": [], "energy": [], "site_id": []}, dtype="str")
    inputs = SimpleNamespace(counties=counties, townships=townships, reviews=reviews)
    scenario = SimpleNamespace(run=RUN)
    return Answered(case, build, {"after": after}, None, inputs, scenario)


def with_budget(case, cny):
    """Return the problem with another public budget."""
    return replace(case, budget_cny=np.array([[cny, 0]]))


def townships_at(*nodes):
    """Return townships that can be checked where the node is not -1."""
    return TownshipNodes(np.array(nodes), tuple("" for _ in nodes))
