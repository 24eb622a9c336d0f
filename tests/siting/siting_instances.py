"""Instances for the siting tests: tiny ones by hand and a city-sized one by seed."""

import numpy as np

from planner.siting.instance import Instance

TECHNOLOGY = {
    # energy, capacity, kW, unit, fixed, min, max, payer
    "dc60": (0, 220.0, 60.0, 55000, 350000, 2, 12, 0),
    "dc120": (0, 430.0, 120.0, 90000, 500000, 4, 20, 0),
    "ultra480": (0, 1400.0, 480.0, 420000, 1500000, 2, 8, 0),
    "swap": (1, 60.0, 500.0, 3000000, 500000, 1, 3, 0),
    "hydrogen500": (2, 310.0, 150.0, 10000000, 4000000, 1, 1, 1),
    "hydrogen1000": (2, 620.0, 300.0, 17000000, 5000000, 1, 1, 1),
}


def technology_arrays(rows):
    columns = list(zip(*rows.values(), strict=True))
    kinds = (np.int64, float, float, np.int64, np.int64, np.int64, np.int64, np.int64)
    names = (
        "tech_energy",
        "capacity",
        "power_kw",
        "unit_cost",
        "fixed_cost",
        "min_units",
        "max_units",
        "tech_payer",
    )
    arrays = {
        name: np.array(column, dtype=kind)
        for name, column, kind in zip(names, columns, kinds, strict=True)
    }
    return {"technology": tuple(rows)} | arrays


def instance(demand, sites, **given):
    """Build an instance on a plane: distance is the straight line, radii are given."""
    demand_xy, site_xy = np.asarray(demand, float), np.asarray(sites, float)
    n, m = len(demand_xy), len(site_xy)
    radius = np.broadcast_to(given.pop("radius_m", (3000.0, 5000.0, 20000.0)), (n, 3))
    weight = np.asarray(given.pop("weight"), float)
    distance = np.hypot(*(demand_xy[:, None] - site_xy[None]).transpose(2, 0, 1)).round(3)
    townships = np.asarray(given.pop("townships", np.zeros((0, 2))), float)
    away = np.hypot(*(townships[:, None] - site_xy[None]).transpose(2, 0, 1))
    near = np.argwhere(away <= given.pop("township_radius_m", 10000.0))
    existing = np.array(given.pop("existing", []), dtype=np.int64).reshape(-1, 3)
    rows = given.pop("technologies", TECHNOLOGY)
    allowed = np.asarray(given.pop("allowed", np.ones((m, 3), bool)))
    here = np.zeros((m, 3), bool)
    energy_of = np.array([row[0] for row in rows.values()])
    by_technology = allowed[:, energy_of] if allowed.shape[1] == 3 else allowed
    here[existing[:, 0], energy_of[existing[:, 1]]] = True
    energy, i, j = np.nonzero(
        (distance[None] <= radius.T[:, :, None])
        & (allowed | here).T[:, None, :]
        & (weight.T[:, :, None] > 0)
    )
    county = np.asarray(given.pop("county", np.zeros(n, int)), dtype=np.int64)
    supply = np.asarray(given.pop("headroom_kw", []), float)
    values = {
        "demand_id": tuple(f"d{row}" for row in range(n)),
        "site_id": tuple(f"s{row}" for row in range(m)),
        "county_id": tuple(f"c{row}" for row in range(int(county.max(initial=0)) + 1)),
        "township_id": tuple(f"w{row}" for row in range(len(townships))),
        "supply_node_id": tuple(f"g{row}" for row in range(len(supply))),
        "demand": weight,
        "kwh_per_unit": np.array([1.0, 50.0, 33.33]),
        "demand_county": county,
        "pair_demand": i,
        "pair_site": j,
        "pair_energy": energy,
        "pair_m": distance[i, j],
        "allowed": by_technology,
        "max_power_kw": np.full(m, 4000.0),
        "site_supply": np.full(m, -1),
        "headroom_kw": supply,
        "existing_site": existing[:, 0],
        "existing_technology": existing[:, 1],
        "existing_units": existing[:, 2],
        "township_pair": near[:, 0],
        "township_pair_site": near[:, 1],
        "budget_cny": (300_000_000, 60_000_000),
    }
    return Instance(**(values | technology_arrays(rows) | given))


def city(n=900, m=400, seed=1, people=6_250_000, **given):
    """A city like Nanchang: a dense core, nine counties, small towns, 57 located townships."""
    random = np.random.default_rng(seed)
    half = n // 3
    core = random.normal(0, 9000, (half, 2))
    towns = random.uniform(-50000, 50000, (60, 2))
    rural = towns[random.integers(0, 60, n - half)] + random.normal(0, 6000, (n - half, 2))
    demand = np.concatenate([core, rural])
    persons = np.concatenate([random.gamma(2, 1, half) * 6, random.gamma(1, 1, n - half)])
    persons *= people / persons.sum()
    weight = np.column_stack([persons * 0.0955, persons * 2.34e-4, persons * 1.2e-4]).round(6)
    sites = np.concatenate(
        [
            random.normal(0, 9000, (m // 2, 2)),
            towns[:57] + random.normal(0, 1500, (57, 2)),
            towns[random.integers(0, 60, m - m // 2 - 57)]
            + random.normal(0, 7000, (m - m // 2 - 57, 2)),
        ]
    )
    angle = np.arctan2(demand[:, 1], demand[:, 0])
    outer = ((angle + np.pi) / (2 * np.pi) * 5).astype(int).clip(0, 4) + 4
    inner = (demand[:, 0] > 0) * 2 + (demand[:, 1] > 0)
    county = np.where(np.hypot(*demand.T) < 14000, inner, outer)
    urban = np.arange(n) < half
    shrink = 1.3  # roads are longer than straight lines
    radius = np.where(urban[:, None], (3000, 5000, 20000), (10000, 15000, 30000)) / shrink
    existing = np.column_stack(
        [
            random.choice(m, 50, replace=False),
            random.choice([0, 1, 3], 50),
            random.integers(1, 4, 50),
        ]
    )
    values = {
        "weight": weight,
        "radius_m": radius,
        "county": county,
        "townships": towns[:57],
        "township_radius_m": 10000 / shrink,
        "existing": existing,
    }
    return instance(demand, sites, **(values | given))
