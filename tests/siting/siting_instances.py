"""Builds siting instances for the tests: a few rows by hand, or random ones by seed."""

from dataclasses import fields

import numpy as np

from planner.layers import ENERGIES
from planner.siting.instance import Instance, Supply, Windows
from planner.siting.options import BUILD, EXTEND, KEEP, Options

CHARGING, SWAP, TRUCK_SWAP, HYDROGEN = range(4)
KWH_PER_UNIT = np.array([1.0, 50.0, 280.0, 33.33])
RICH = 10**9


def option(group, capacity=100.0, capital=1000, **other):
    """Return one option of a group: one unit that is built, by default."""
    row = {
        "group": group, "technology": 0, "units": 1, "action": BUILD, "capacity": capacity,
        "peak_kw": 0.0, "capital": capital, "annual": capital // 10, "payer": 0, "first": 0,
        "last": 99, "fast": False,
    }  # fmt: skip
    return row | other


def keep(group, capacity=100.0, **other):
    """Return the option that an existing station is: it costs and draws nothing more."""
    return option(group, capacity, 0, **({"action": KEEP, "last": 0} | other))


def stacked(rows):
    """Return options as arrays, ordered by group."""
    rows = sorted(rows, key=lambda row: row["group"])
    kinds = {"capacity": float, "peak_kw": float, "fast": bool}
    names = [field.name for field in fields(Options)]
    return Options(
        **{name: np.array([row[name] for row in rows], kinds.get(name, np.int64)) for name in names}
    )


def windows(*rows):
    """Return windows from rows of (owner, weight, sites)."""
    pairs = [(h, j) for h, (_, _, sites) in enumerate(rows) for j in sites]
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return Windows(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype=float),
        table[:, 0],
        table[:, 1],
    )


def supply(*rows):
    """Return supply nodes from rows of (headroom, upgrade kW, cost, lead years)."""
    columns = list(zip(*rows, strict=True)) or [()] * 4
    headroom, more, cost, lead = (np.array(column, dtype=float) for column in columns)
    whole = np.int64
    return Supply(
        headroom, more, cost.astype(whole), (cost // 20).astype(whole), lead.astype(whole)
    )


def instance(options, demand, **given):
    """Build an instance.

    ``demand`` is a list of kWh of charging by point, or a dict of (point, energy) to a figure
    or to a list by year. ``groups`` are (site, energy), by default one of charging a site.
    ``reach`` names the sites of each point, by default all. ``budget`` is what may be spent up
    to each year, public and by enterprises.
    """
    found = stacked(options)
    groups = given.pop("groups", [(j, CHARGING) for j in range(int(found.group.max()) + 1)])
    demand = demand if isinstance(demand, dict) else {(i, 0): kwh for i, kwh in enumerate(demand)}
    budget = np.array(given.pop("budget", [(RICH, RICH)]), dtype=np.int64).reshape(-1, 2)
    n_years, n_points = len(budget), max(i for i, _ in demand) + 1
    n_sites = max(j for j, _ in groups) + 1
    county = np.array(given.pop("county", [0] * n_points), dtype=np.int64)
    nodes = given.pop("supply", supply())
    near = np.array(given.pop("townships", []), dtype=np.int64).reshape(-1, 2)
    trips = given.pop("trips", [])
    amounts = np.zeros((n_years, n_points, len(ENERGIES)))
    for (i, e), figure in demand.items():
        amounts[:, i, e] = figure
    values = {
        "years": tuple(range(2028 - n_years, 2028)),
        "demand_id": tuple(f"d{i}" for i in range(n_points)),
        "site_id": tuple(f"s{j}" for j in range(n_sites)),
        "technology": tuple(f"k{k}" for k in range(int(found.technology.max()) + 1)),
        "county_id": tuple(f"c{c}" for c in range(int(county.max()) + 1)),
        "township_id": tuple(f"w{w}" for w in range(int(near[:, 0].max(initial=-1)) + 1)),
        "supply_node_id": tuple(f"g{g}" for g in range(len(nodes.headroom_kw))),
        "demand": amounts,
        "kwh_per_unit": KWH_PER_UNIT,
        "demand_county": county,
        "group_site": np.array([j for j, _ in groups], dtype=np.int64),
        "group_energy": np.array([e for _, e in groups], dtype=np.int64),
        "options": found,
        "max_power_kw": np.full(n_sites, 1e6),
        "site_supply": np.full(n_sites, -1, dtype=np.int64),
        "site_county": np.zeros(n_sites, dtype=np.int64),
        "supply": nodes,
        "township_pair": near[:, 0],
        "township_pair_site": near[:, 1],
        "highway": windows(),
        "trips": windows(*((f, 1.0, sites) for f, (_, _, all_of) in enumerate(trips)
                           for sites in all_of)),
        "trip_energy": np.array([energy for energy, _, _ in trips], dtype=np.int64),
        "trip_volume": np.array([volume for _, volume, _ in trips], dtype=float),
        "units_needed": np.zeros(int(county.max()) + 1, dtype=np.int64),
        "budget_cny": budget,
    }  # fmt: skip
    reach = given.pop("reach", {})
    return Instance(**(values | _pairs(demand, groups, reach, n_sites) | given))


def _pairs(demand, groups, reach, n_sites):
    rows = sorted(
        (e, i, j) for i, e in demand for j in reach.get(i, range(n_sites)) if (j, e) in groups
    )
    energy, point, site = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return {"pair_demand": point, "pair_site": site, "pair_energy": energy,
            "pair_m": 100.0 * np.arange(len(rows))}  # fmt: skip


def random_instance(seed, *, sites=3, points=4, years=2):
    """Return a small instance in which every family of constraints may bind.

    Money is in the hundreds of thousands, as real stations cost. One site has an existing
    station; one supply node with an upgrade feeds all sites; two counties, a swap group,
    townships, highway windows, trips, units in county 0.
    """
    rng = np.random.default_rng(seed)
    groups = [(j, CHARGING) for j in range(sites)] + [(sites - 1, SWAP)]
    rows = [keep(0, float(rng.integers(5, 30)), units=2, fast=False)]
    rows.append(option(0, float(rng.integers(40, 90)), int(rng.integers(2, 9)) * 100_000, units=4,
                       action=EXTEND, peak_kw=20.0))  # fmt: skip
    for s in range(1, sites):
        small, fixed = int(rng.integers(20, 50)), int(rng.integers(3, 8)) * 100_000
        rows += [option(s, float(small * n), fixed + 200_000 * n, units=2 * n, peak_kw=15.0 * n)
                 for n in (1, 2)]  # fmt: skip
        late = int(rng.integers(0, years))
        rows.append(option(s, float(rng.integers(30, 120)), 1_300_000, technology=1, units=1,
                           peak_kw=40.0, fast=True, first=late,
                           last=int(rng.integers(late, years))))  # fmt: skip
    rows.append(option(sites, 1.0 * rng.integers(1, 4), 900_000, technology=2, peak_kw=25.0))
    grows = np.sort(rng.integers(10, 60, (points, years)), axis=1).astype(float)
    demand = {(i, CHARGING): grows[i] for i in range(points)}
    demand[points - 1, SWAP] = rng.integers(1, 4, years).cumsum().astype(float)
    reach = {i: sorted(set(rng.integers(0, sites, 2).tolist())) for i in range(points)}
    yearly = rng.integers(3, 16, years) * 100_000
    return instance(
        rows,
        demand,
        groups=groups,
        reach=reach,
        county=rng.permutation([0] * (points // 2) + [1] * (points - points // 2)),
        budget=np.column_stack([yearly.cumsum(), np.zeros(years, dtype=np.int64)]),
        supply=supply((float(rng.integers(30, 80)), 40.0, 300_000, 1)),
        site_supply=np.zeros(sites, dtype=np.int64),
        max_power_kw=np.array([50.0, *rng.integers(30, 70, sites - 1)], dtype=float),
        townships=[(0, int(rng.integers(1, sites))), (1, 0)],
        highway=windows((0, 12_000.0, [1]), (0, 7000.0, [0, sites - 1])),
        trips=[(CHARGING, 10.0, [[1], [1, 2]]), (CHARGING, 4.0, [[2]]), (CHARGING, 3.0, [])],
        units_needed=np.array([int(rng.integers(2, 6)), 0]),
        site_county=np.array([0, 0, 1][:sites]),
    )


def medium_instance(seed, *, sites=12, points=60, years=2):
    """Return a town on a plane: charging everywhere, swaps and hydrogen at a few sites.

    Figures are near those of real stations: kWh and swaps a day, kW, CNY.
    """
    rng = np.random.default_rng(seed)
    place, home = rng.uniform(0, 10, (sites, 2)), rng.uniform(0, 10, (points, 2))
    groups = [(j, CHARGING) for j in range(sites)]
    groups += [(j, SWAP) for j in range(4)] + [(j, HYDROGEN) for j in range(2, 4)]
    groups.sort()
    rows = [row for s, (j, e) in enumerate(groups) for row in _offers(s, j, e, rng)]
    away = np.hypot(*(home[:, None] - place[None]).transpose(2, 0, 1))
    people = rng.gamma(2.0, 60.0, points).round(1)
    growth = np.linspace(0.6, 1.0, years)
    demand = {(i, CHARGING): people[i] * growth for i in range(points)}
    demand |= {(i, SWAP): people[i] / 100 * growth for i in range(points)}
    demand |= {(i, HYDROGEN): people[i] / 50 * growth for i in range(0, points, 5)}
    yearly = np.full(years, 3_000_000)
    return instance(
        rows,
        demand,
        groups=groups,
        reach={i: np.flatnonzero(away[i] < 4).tolist() for i in range(points)},
        county=(home[:, 0] // 5 + 2 * (home[:, 1] // 5)).astype(int),
        budget=np.column_stack([yearly.cumsum(), 2 * yearly.cumsum()]),
        supply=supply((900, 700, 400_000, 1), (1500, 0, 0, 0)),
        site_supply=np.arange(sites) % 2,
        site_county=(place[:, 0] // 5 + 2 * (place[:, 1] // 5)).astype(int),
        max_power_kw=np.full(sites, 1200.0),
        townships=[(w, j) for w in range(3) for j in np.argsort(place[:, 0] + w)[:2].tolist()],
        highway=windows(*((0, 5000.0 * (h + 1), [h, h + 1, h + 2]) for h in range(4))),
        trips=[(CHARGING, 40.0, [[0, 1], [5, 6]]), (HYDROGEN, 9.0, [[2, 3]])],
    )


def _offers(s, j, energy, rng):
    if energy == SWAP:
        return [option(s, 60.0 * n, 500_000 + 900_000 * n, technology=2, units=n,
                       peak_kw=250.0 * n) for n in (1, 2)]  # fmt: skip
    if energy == HYDROGEN:
        return [option(s, 300.0, 4_000_000, technology=3, peak_kw=120.0, payer=1)]
    if j == 0:
        return [keep(s, 400.0, units=4), option(s, 900.0, 250_000, units=8, action=EXTEND,
                                                peak_kw=240.0)]  # fmt: skip
    fixed = int(rng.integers(20, 40)) * 10_000
    slow = [option(s, 190.0 * n, fixed + 50_000 * n, units=n, peak_kw=54.0 * n)
            for n in (2, 5, 8)]  # fmt: skip
    fast = [option(s, 420.0 * n, fixed + 110_000 * n, technology=1, units=n, peak_kw=115.0 * n,
                   fast=True) for n in (2, 5, 8)]  # fmt: skip
    return slow + fast
