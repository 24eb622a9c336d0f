"""Each constraint family alone, written out and compared with a reviewed text."""

from pathlib import Path

import numpy as np
import pytest
from siting_instances import instance

from planner.siting import model as siting_model
from planner.siting.rows import merged_rows, pooled_rows, separate_rows

FAMILIES = (
    "serve_once",
    "capacity",
    "station_size",
    "only_open",
    "one_technology",
    "site_power",
    "shared_headroom",
    "budget",
    "township_rule",
    "county_share",
)
REVIEWED = Path(__file__).parent / "lp"
TECHNOLOGY = {
    # energy, capacity, kW, unit, fixed, min, max, payer
    "slow": (0, 50.0, 10.0, 3000, 10000, 2, 8, 0),
    "fast": (0, 200.0, 100.0, 20000, 30000, 1, 3, 0),
    "swap": (1, 4.0, 60.0, 50000, 70000, 1, 2, 0),
    "hydrogen": (2, 300.0, 20.0, 90000, 80000, 1, 2, 1),
}


def tiny(**given):
    """Two counties on a line: s1 is shared in county 0, an old station stands alone in county 1.

    Charging reaches 1500 m: d0 reaches s0 and s1, d1 reaches s1, d2 reaches s2. Swap and
    hydrogen are asked for by d0 only. Both townships are near stations, but w1 is met today.
    """
    values = {
        "weight": [[100, 3, 10], [60, 0, 0], [40, 0, 0]],
        "county": [0, 0, 1],
        "radius_m": (1500.0, 1500.0, 500.0),
        "technologies": TECHNOLOGY,
        "existing": [(2, 0, 2)],
        "allowed": np.array([[1, 1, 1], [1, 0, 0], [0, 0, 0]], bool),
        "townships": [[500, 0], [9000, 0]],
        "township_radius_m": 600.0,
    }
    limits = {
        "max_power_kw": np.array([150.0, 250.0, 0.0]),
        "site_supply": np.array([0, 0, -1]),
        "headroom_kw": np.array([220.0]),
        "budget_cny": (200_500, 300_000),
    }
    demand, sites = [[0, 0], [2000, 0], [9000, 0]], [[0, 0], [1000, 0], [9000, 0]]
    return instance(demand, sites, **(values | limits | given))


def written(family, folder, monkeypatch):
    for other in FAMILIES:
        if other != family:
            monkeypatch.setattr(siting_model, other, lambda _model: None)
    case = tiny()
    model = siting_model.build(case, merged_rows(case))
    path = folder / f"{family}.lp"
    model.problem.writeLP(str(path))
    return path.read_text(encoding="utf-8").split("\n", 1)[1]


@pytest.mark.parametrize("family", FAMILIES)
def test_family_says_what_was_reviewed(family, tmp_path, monkeypatch):
    reviewed = (REVIEWED / f"{family}.lp").read_text(encoding="utf-8")
    assert written(family, tmp_path, monkeypatch) == reviewed


def test_the_coin_divides_every_cost_and_the_budget_is_rounded_down():
    """All costs are whole thousands: 200 500 CNY buys no more than 200 000."""
    assert siting_model.coin_cny(tiny()) == 1000
    assert "<= 200" in (REVIEWED / "budget.lp").read_text(encoding="utf-8")


def test_no_station_is_modelled_that_is_too_large_for_its_site():
    """s1 offers 90 kW: a fast charger needs 100. s0's 150 kW take one of them, or two slow."""
    case = tiny(max_power_kw=np.array([150.0, 90.0, 0.0]))
    model = siting_model.build(case, merged_rows(case))
    assert sorted(model.y) == [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0)]
    assert {key: n.upBound for key, n in model.n.items()} == {
        (0, 0): 2, (0, 1): 1, (0, 2): 1, (0, 3): 1, (1, 0): 4,
    }  # fmt: skip


def test_points_that_reach_the_same_sites_are_one_row():
    """d0 and d1 stand at s0, d2 beside them in another county, d3 out of reach."""
    case = instance(
        [[0, 0], [10, 0], [20, 0], [90000, 0]],
        [[0, 0], [500, 0]],
        weight=[[5, 0, 0], [7, 0, 0], [11, 0, 0], [13, 0, 0]],
        county=[0, 0, 1, 1],
        technologies=TECHNOLOGY,
    )
    merged = merged_rows(case)
    assert merged.demand.tolist() == [12, 11]
    assert merged.county.tolist() == [0, 1]
    assert list(zip(merged.pair_row, merged.pair_site, strict=True)) == [
        (0, 0), (0, 1), (1, 0), (1, 1),
    ]  # fmt: skip
    separate, points = separate_rows(case)
    assert separate.demand.tolist() == [5, 7, 11]
    assert points.tolist() == [0, 1, 2]


def test_pooling_keeps_the_demand_and_only_widens_the_reach():
    """County 0's rows reach {s0, s1} and {s1}: pooled, all 160 kWh may use either."""
    pooled = pooled_rows(tiny(), most_pairs=3)
    charging = pooled.energy == 0
    assert pooled.demand[charging].tolist() == [160, 40]
    assert pooled.demand[~charging].tolist() == [3, 10]
    reach = {
        float(pooled.demand[row]): pooled.pair_site[pooled.pair_row == row].tolist()
        for row in range(len(pooled.demand))
    }
    assert reach == {160: [0, 1], 40: [2], 3: [0], 10: [0]}
    unpooled, merged = pooled_rows(tiny(), most_pairs=4), merged_rows(tiny())
    assert unpooled.demand.tolist() == merged.demand.tolist()
    assert unpooled.pair_site.tolist() == merged.pair_site.tolist()
