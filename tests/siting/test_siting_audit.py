"""The audit passes a good answer and names each planted defect."""

from dataclasses import replace

import numpy as np
import pytest
from siting_instances import instance
from siting_solving import chosen, dealt

from planner.errors import VerificationError
from planner.siting.audit import CHECKS, audit
from planner.siting.service import MICRO

TECHNOLOGY = {
    "slow": (0, 50.0, 10.0, 3000, 10000, 2, 4, 0),
    "fast": (0, 200.0, 100.0, 20000, 30000, 1, 2, 0),
    "hydrogen": (2, 300.0, 20.0, 90000, 80000, 1, 2, 1),
}


@pytest.fixture(scope="module")
def case():
    return instance(
        [[0, 0], [5000, 0]],
        [[0, 0], [5000, 0], [5100, 0]],
        weight=[[120, 0, 40], [300, 0, 0]],
        technologies=TECHNOLOGY,
        radius_m=(1500.0, 1500.0, 500.0),
        allowed=np.array([[1, 0, 1], [1, 0, 0], [0, 0, 0]], bool),
        max_power_kw=np.array([200.0, 200.0, 0.0]),
        site_supply=np.array([0, 0, -1]),
        headroom_kw=np.array([260.0]),
        budget_cny=(120_000, 170_000),
    )


@pytest.fixture(scope="module")
def good(case):
    units, _ = chosen(case)
    return units, dealt(case, units)


def with_units(good, *changes):
    units = good[0].copy()
    for j, k, n in changes:
        units[j, k] = n
    return units, good[1]


def with_row(service, demand, site, energy, micro):
    new = {"demand": demand, "site": site, "energy": energy, "micro": micro}
    return replace(service, **{key: np.append(getattr(service, key), v) for key, v in new.items()})


def test_a_good_answer_passes_every_check(case, good):
    """120 + 300 kWh: s0 three slow units, s1 two fast; 19 + 70 of 120 thousand CNY."""
    assert good[0].tolist() == [[3, 0, 1], [0, 2, 0], [0, 0, 0]]
    assert audit(case, *good) == tuple(CHECKS)


DEFECTS = {
    "too few units": ("size of a station", lambda good: with_units(good, (0, 0, 1))),
    "too many units": ("size of a station", lambda good: with_units(good, (1, 1, 3))),
    "a negative size": ("size of a station", lambda good: with_units(good, (1, 0, -1))),
    "where it may not": ("size of a station", lambda good: with_units(good, (2, 0, 2))),
    "two technologies": ("one technology an energy", lambda good: with_units(good, (1, 0, 2))),
    "site power": ("power of the site", lambda good: with_units(good, (0, 1, 2))),
    "headroom": ("shared headroom", lambda good: with_units(good, (0, 0, 4), (0, 2, 2))),
    "public budget": ("budget", lambda good: with_units(good, (0, 1, 1))),
    "enterprise budget": ("budget", lambda good: with_units(good, (0, 2, 2))),
    "reach": (
        "served within reach",
        lambda good: (good[0], with_row(good[1], 0, 1, 0, 1)),
    ),
    "served twice": (
        "served at most once",
        lambda good: (good[0], with_row(good[1], 0, 0, 0, 1)),
    ),
    "a closed station": ("capacity", lambda good: with_units(good, (0, 0, 0))),
    "a millionth over capacity": (
        "capacity",
        lambda good: (good[0], with_row(good[1], 1, 2, 0, 1)),
    ),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_planted_defect_is_named(case, good, defect):
    check, spoil = DEFECTS[defect]
    units, service = spoil(good)
    with pytest.raises(VerificationError) as caught:
        audit(case, units, service)
    assert check in {problem.column for problem in caught.value.problems}
    assert {problem.code for problem in caught.value.problems} == {"E-AUD-001"}


def test_every_check_has_a_planted_defect():
    assert {check for check, _ in DEFECTS.values()} == set(CHECKS)


def test_one_yuan_over_the_budget_is_too_much(case, good):
    """s0 10 000 + 3 * 3000 and s1 30 000 + 2 * 20 000 make 89 000 CNY."""
    assert audit(replace(case, budget_cny=(89_000, 170_000)), *good) == tuple(CHECKS)
    with pytest.raises(VerificationError, match="89000 CNY of 88999"):
        audit(replace(case, budget_cny=(88_999, 170_000)), *good)


def test_a_millionth_of_a_kwh_counts(case, good):
    micro = good[1].micro.copy()
    assert micro[0] == 120 * MICRO
    micro[0] += 1
    with pytest.raises(VerificationError, match=r"120\.000001 of 120"):
        audit(case, good[0], replace(good[1], micro=micro))


def test_every_failure_is_listed_at_once(case, good):
    units = with_units(good, (2, 0, 9), (0, 2, 2))[0]
    with pytest.raises(VerificationError) as caught:
        audit(case, units, good[1])
    assert len({problem.column for problem in caught.value.problems}) >= 3
