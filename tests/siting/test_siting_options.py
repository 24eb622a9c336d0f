"""What may stand: sizes, actions, money and power by hand; dominance against brute force."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from siting_brute import best
from siting_instances import BUILD, EXTEND, KEEP, instance, keep, option, stacked

from planner.siting.options import (
    ACTIONS,
    NEVER,
    UPGRADE,
    Kind,
    Standing,
    Terms,
    annuity,
    group_options,
    undominated,
)
from planner.siting.options import stacked as stacked_rows
from planner.siting.waiting import Queue

QUEUE = Queue("mmc", 30.0, 0.1, 20.0)
TERMS = Terms(max_wait_min=10.0, max_wait_chance=1.0, discount_rate=0.0)
SLOW = Kind(energy=0, queue=QUEUE, capacity=90.0, power_kw=60.0, peak_kw=45.0, unit_cost=5000,
            fixed_cost=20_000, unit_opex=100, fixed_opex=700, life_years=10, min_units=2,
            max_units=8, unit_step=3, payer=0, first=0, last=2, turns_into=1)  # fmt: skip
FAST = replace(SLOW, peak_kw=110.0, unit_cost=9000, min_units=1, max_units=4, unit_step=1,
               life_years=8, first=1, turns_into=NEVER)  # fmt: skip
SWAP = replace(SLOW, energy=1, turns_into=NEVER)
KINDS = (SLOW, FAST, SWAP)


def offered(kinds=KINDS, energy=0, standing=None, terms=TERMS):
    rows = group_options(3, kinds, energy, standing, terms)
    return stacked_rows(rows, np.array([False, True, False][: len(kinds)]))


def named(options):
    triples = zip(options.technology, options.units, options.action, strict=True)
    return [(int(k), int(n), ACTIONS[a]) for k, n, a in triples]


def test_a_new_station_has_every_technology_of_its_energy_and_every_size():
    assert named(offered()) == [(0, 2, "build"), (0, 5, "build"), (0, 8, "build")] + [
        (1, n, "build") for n in (1, 2, 3, 4)
    ]
    assert named(offered(energy=1)) == [(2, n, "build") for n in (2, 5, 8)]
    assert named(offered(energy=3)) == []


def test_a_new_station_costs_its_ground_and_its_units():
    """Five: 20 000 + 5 * 5000; a tenth of it a year and 700 + 5 * 100 to run; 5 * 45 kW."""
    options = offered()
    assert options.group.tolist() == [3] * 7
    assert options.capital[1] == 45_000
    assert options.annual[1] == 4500 + 1200
    assert options.peak_kw[1] == 225.0
    assert (options.first[1], options.last[1]) == (0, 2)
    assert options.fast.tolist() == [False] * 3 + [True] * 4


def test_capacity_is_what_the_waiting_rule_leaves():
    """Two units use 2 * 90 kWh at most; with no wait to speak of they serve less."""
    strict = replace(TERMS, max_wait_min=0.5)
    assert offered().capacity[0] == 180.0
    assert 0 < offered(terms=strict).capacity[0] < 180.0


def test_an_existing_station_is_kept_extended_or_upgraded():
    """Two slow ones become 5 or 8, or two fast ones; the ground is not paid again."""
    options = offered(standing=Standing(0, 2))
    assert named(options) == [(0, 2, "keep"), (0, 5, "extend"), (0, 8, "extend"), (1, 2, "upgrade")]
    assert options.capital.tolist() == [0, 15_000, 30_000, 18_000]
    assert options.annual.tolist() == [0, 1500 + 300, 3000 + 600, 2250 + 200]
    assert options.peak_kw.tolist() == [0.0, 135.0, 270.0, 2 * 110.0 - 2 * 45.0]


def test_steps_count_from_what_stands_and_an_upgrade_that_draws_less_adds_nothing():
    assert named(offered(standing=Standing(0, 4)))[:2] == [(0, 4, "keep"), (0, 7, "extend")]
    weak = (SLOW, replace(FAST, peak_kw=10.0), SWAP)
    assert offered(weak, standing=Standing(0, 2)).peak_kw[-1] == 0.0


def test_what_is_out_of_date_or_too_many_is_only_kept():
    old = (replace(SLOW, first=NEVER, last=NEVER, turns_into=NEVER), FAST, SWAP)
    assert named(offered(old, standing=Standing(0, 2))) == [(0, 2, "keep")]
    assert named(offered(old)) == [(1, n, "build") for n in (1, 2, 3, 4)]
    assert named(offered(standing=Standing(0, 9))) == [(0, 9, "keep")]
    assert named(offered(standing=Standing(0, 5)))[-1] == (0, 8, "extend")
    shut = (SLOW, replace(FAST, first=NEVER, last=NEVER), SWAP)
    assert UPGRADE not in offered(shut, standing=Standing(0, 2)).action


def test_no_rows_are_no_options():
    assert len(stacked_rows([], np.array([True]))) == 0


def test_an_annuity_pays_the_capital_back_with_interest():
    assert annuity(0.0, 10) == 0.1
    assert annuity(0.08, 1) == pytest.approx(1.08)
    owed = 1000.0
    for _ in range(15):
        owed = owed * 1.06 - 1000.0 * annuity(0.06, 15)
    assert owed == pytest.approx(0.0, abs=1e-9)
    assert replace(TERMS, discount_rate=0.06).annual_cny(1_000_000, 10, 5000) == 140_868


def kept(*rows, useful=(1e9,), by_units=False):
    return undominated(stacked(rows), np.array(useful), by_units=by_units).tolist()


def test_what_costs_more_and_serves_no_more_is_pointless():
    assert kept(option(0, 50, 900), option(0, 40, 1000)) == [True, False]
    assert kept(option(0, 50, 900), option(0, 60, 1000)) == [True, True]
    assert kept(option(0, 50, 900), option(0, 60, 1000), useful=(45.0,)) == [True, False]


@pytest.mark.parametrize(
    "virtue",
    [{"peak_kw": 3.0}, {"first": 0}, {"last": 2}, {"fast": True}, {"annual": 1}, {"payer": 1}],
)
def test_a_dearer_option_stays_for_any_virtue_of_its_own(virtue):
    plain = {"peak_kw": 4.0, "first": 1, "last": 1, "annual": 2}
    worse = option(0, 40, 1000, **plain)
    assert kept(option(0, 50, 900, **plain), worse) == [True, False]
    assert kept(option(0, 50, 900, **plain), worse | virtue) == [True, True]


def test_units_are_a_virtue_only_where_they_count():
    many = option(0, 40, 1000, units=5)
    assert kept(option(0, 50, 900), many) == [True, False]
    assert kept(option(0, 50, 900), many, by_units=True) == [True, True]


def test_twins_leave_one_and_what_stands_always_stays():
    assert kept(option(0), option(0), option(1), useful=(9.0, 9.0)) == [True, False, True]
    assert kept(keep(0, 10), option(0, 90, 0, action=EXTEND)) == [True, True]
    assert kept(option(0, 90, 0, action=BUILD), keep(0, 10)) == [True, True]


def test_leaving_out_pointless_options_loses_nothing():
    """Every goal of the best plan of one year is the same with and without them."""
    dropped = 0
    for seed in range(12):
        case = sized(np.random.default_rng(seed))
        mask = undominated(case.options, case.reached(), by_units=True)
        slim = replace(case, options=case.options.take(mask))
        dropped += int((~mask).sum())
        assert best(slim) == pytest.approx(best(case), abs=1e-6), seed
    assert dropped > 20


def sized(rng):
    rows = [keep(0, 10.0)]
    for group, _ in product((0, 1), range(4)):
        action = {0: EXTEND, 1: BUILD}[group]
        figures = {"action": action, "units": int(rng.integers(1, 3)), "technology": 1}
        rows.append(
            option(group, 10.0 * rng.integers(1, 9), 100 * int(rng.integers(1, 6)),
                   annual=10 * int(rng.integers(1, 4)), peak_kw=15.0 * rng.integers(0, 3),
                   fast=bool(rng.integers(0, 4) == 0), **figures)
        )  # fmt: skip
    budget = [(int(rng.integers(5, 16)) * 100, 0)]
    case = instance(rows, [30.0, 45.0], budget=budget, townships=[(0, 1)], county=[0, 1])
    windows = replace(case.highway, owner=np.zeros(1, int), weight=np.ones(1) * 9000,
                      pair_window=np.zeros(1, int), pair_site=np.ones(1, int))  # fmt: skip
    return replace(case, highway=windows, units_needed=np.array([4, 0]),
                   max_power_kw=np.array([20.0, 20.0]))  # fmt: skip


def test_the_actions_are_named_in_the_order_of_their_codes():
    assert (ACTIONS[KEEP], ACTIONS[BUILD], ACTIONS[EXTEND], ACTIONS[UPGRADE]) == (
        "keep", "build", "extend", "upgrade",
    )  # fmt: skip
