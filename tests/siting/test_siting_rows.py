"""Merging demand points: nothing is lost, nothing gained, and pooling only widens."""

from dataclasses import replace

import numpy as np
import pytest
from siting_instances import SWAP, instance, keep, option, random_instance

from planner.siting.rows import (
    FEWEST_SITES,
    merged_rows,
    nearest_pairs,
    pooled_rows,
    separate_rows,
)


def town():
    """d0 and d1 reach both sites, d2 too but in another county, d3 one site, d4 none."""
    rows = [keep(0), option(1), option(2)]
    return instance(
        rows,
        {(0, 0): [5, 6], (1, 0): [7, 9], (2, 0): 11, (3, 0): 13, (4, 0): 17, (0, SWAP): 2},
        groups=[(0, 0), (1, 0), (1, SWAP)],
        county=[0, 0, 1, 0, 1],
        reach={0: [0, 1], 1: [0, 1], 2: [0, 1], 3: [1], 4: []},
        budget=[(0, 0), (5000, 0)],
    )


def everything(case):
    return np.ones(len(case.options), dtype=bool)


def reach(rows):
    return [rows.pair_site[rows.pair_row == r].tolist() for r in range(len(rows.energy))]


def test_points_that_no_station_tells_apart_are_one_row():
    rows = merged_rows(town(), everything(town()))
    assert rows.energy.tolist() == [0, 0, 0, SWAP]
    assert rows.county.tolist() == [0, 1, 0, 0]
    assert rows.demand.tolist() == [[12, 11, 13, 2], [15, 11, 13, 2]]
    assert reach(rows) == [[0, 1], [0, 1], [1], [1]]


def test_a_site_where_nothing_may_stand_parts_nobody():
    """Without the options of the second site only the existing station counts."""
    rows = merged_rows(town(), np.array([True, False, False]))
    assert rows.demand.tolist() == [[12, 11], [15, 11]]
    assert reach(rows) == [[0], [0]]


def test_separate_rows_keep_every_point():
    rows, points = separate_rows(town(), everything(town()))
    assert points.tolist() == [0, 1, 2, 3, 0]
    assert rows.demand[-1].tolist() == [6, 9, 11, 13, 2]
    assert reach(rows) == [[0, 1], [0, 1], [0, 1], [1], [1]]


def test_nobody_in_reach_is_no_row():
    case = instance([option(0)], [5.0, 6.0], reach={0: [], 1: []})
    assert merged_rows(case, everything(case)).demand.shape == (1, 0)
    assert separate_rows(case, everything(case))[0].demand.shape == (1, 0)
    assert pooled_rows(case, everything(case), 0).demand.shape == (1, 0)


@pytest.mark.parametrize("seed", range(5))
def test_merging_keeps_demand_by_county_and_year_and_every_way_to_serve(seed):
    case = random_instance(seed, sites=3, points=9)
    merged = merged_rows(case, everything(case))
    separate, _ = separate_rows(case, everything(case))
    assert len(merged.energy) < len(separate.energy)

    def by_reach(rows):
        total = {}
        for r, sites in enumerate(reach(rows)):
            key = (int(rows.energy[r]), int(rows.county[r]), tuple(sites))
            total[key] = total.get(key, 0) + rows.demand[:, r]
        return {key: value.tolist() for key, value in total.items()}

    assert by_reach(merged) == by_reach(separate)
    assert len(by_reach(merged)) == len(merged.energy)


def test_pooling_adds_up_a_county_and_lets_it_use_all_its_sites():
    """Charging has five pairs merged: with four at most it is pooled, the swaps stay."""
    whole = everything(town())
    pooled = pooled_rows(town(), whole, 4)
    assert pooled.energy.tolist() == [SWAP, 0, 0]
    assert pooled.county.tolist() == [0, 0, 1]
    assert pooled.demand[-1].tolist() == [2, 28, 11]
    assert reach(pooled) == [[1], [0, 1], [0, 1]]
    merged, unpooled = merged_rows(town(), whole), pooled_rows(town(), whole, 5)
    assert unpooled.demand.tolist() == merged.demand.tolist()
    assert reach(unpooled) == reach(merged)


def test_where_pairs_are_many_each_point_keeps_its_nearest_sites():
    n_sites, n_points = FEWEST_SITES + 4, 3
    rows = [option(j) for j in range(n_sites)]
    case = instance(
        rows, [5.0] * n_points, reach={i: list(range(n_sites)) for i in range(n_points)}
    )
    case = replace(case, pair_m=np.random.default_rng(1).permutation(len(case.pair_m)) * 10.0)
    thin = nearest_pairs(case, 2)
    assert len(nearest_pairs(case, len(case.pair_m)).pair_m) == len(case.pair_m)
    for i in range(n_points):
        mine = case.pair_demand == i
        nearest = np.sort(case.pair_m[mine])[:FEWEST_SITES]
        assert np.sort(thin.pair_m[thin.pair_demand == i]).tolist() == nearest.tolist()
    key = np.lexsort((thin.pair_site, thin.pair_demand, thin.pair_energy))
    assert (np.diff(key) > 0).all(), "still sorted"
