"""The audit passes a good answer and names each planted defect; measures equal the model's."""

from dataclasses import replace

import numpy as np
import pytest
from siting_instances import EXTEND, instance, keep, option, random_instance, supply
from siting_solving import solved

from planner.errors import VerificationError
from planner.siting.audit import CHECKS, audit
from planner.siting.search import Build

# Rows of the options of the case.
OLD, MORE, SMALL, LARGE, OTHER, LATE = range(6)


def three_years():
    """s0 has a station that may grow, s1 has two sizes of one technology, one of another and
    one of dates; one supply node is upgraded a year after the order; s1 is locked."""
    rows = [
        keep(0, 30.0),
        option(0, 60.0, 400, action=EXTEND, peak_kw=20.0, units=2, last=1),
        option(1, 40.0, 500, peak_kw=30.0),
        option(1, 70.0, 900, peak_kw=60.0, units=2),
        option(1, 60.0, 800, technology=1, peak_kw=200.0),
        option(1, 50.0, 600, technology=2, first=1, last=1),
    ]
    return instance(
        rows,
        {(0, 0): [30, 40, 60], (1, 0): [30, 40, 70]},
        reach={0: [0], 1: [1]},
        budget=[(700, 0), (1100, 0), (1500, 0)],
        supply=supply((40, 40, 200, 1), (5, 0, 0, 0)),
        site_supply=np.array([0, 0]),
        max_power_kw=np.array([50.0, 100.0]),
        locked=((1,),),
    )


@pytest.fixture(scope="module")
def good():
    return solved(three_years())


def test_a_good_answer_passes_every_check(good):
    """Money: 500 and 200 for the upgrade, then 400 for the extension, then 400 for the size."""
    assert good.chosen == [[OLD, SMALL], [MORE, SMALL], [MORE, LARGE]]
    assert good.build.upgraded[:, 0].tolist() == [False, True, True]
    assert audit(good.case, good.build, good.service) == tuple(CHECKS)


def built(good, *changes, upgraded=()):
    chosen, in_service = good.build.chosen.copy(), good.build.upgraded.copy()
    for t, s, o in changes:
        chosen[t, s] = o
    for t, g, there in upgraded:
        in_service[t, g] = there
    return good.case, Build(chosen, in_service), good.service


def dealt(good, phase, **row):
    old = good.service[phase]
    parts = {name: np.append(getattr(old, name), value) for name, value in row.items()}
    return good.case, good.build, good.service | {phase: replace(old, **parts)}


def poorer(good, t, cny, **other):
    budget = good.case.budget_cny.copy()
    budget[t, 0] -= cny
    return replace(good.case, budget_cny=budget, **other), good.build, good.service


OWN = "one option of its own group, in its dates"
DEFECTS = {
    "another group's": (OWN, lambda good: built(good, (2, 0, LARGE))),
    "before its date": (OWN, lambda good: built(good, (0, 1, LATE))),
    "existing gone": ("existing stations kept", lambda good: built(good, (0, 0, -1))),
    "torn down": ("nothing torn down", lambda good: built(good, (2, 1, -1))),
    "smaller later": ("nothing torn down", lambda good: built(good, (1, 1, LARGE), (2, 1, SMALL))),
    "another technology": ("nothing torn down", lambda good: built(good, (2, 1, OTHER))),
    "extension undone": ("nothing torn down", lambda good: built(good, (2, 0, OLD))),
    "site power": ("power of the site", lambda good: built(good, (2, 1, OTHER))),
    "headroom": ("shared headroom", lambda good: built(good, upgraded=[(2, 0, False)])),
    "headroom of a year": (
        "shared headroom",
        lambda good: built(good, (0, 0, MORE), (0, 1, LARGE)),
    ),
    "too soon": ("upgrades take their time", lambda good: built(good, upgraded=[(0, 0, True)])),
    "taken back": ("upgrades take their time", lambda good: built(good, upgraded=[(2, 0, False)])),
    "nothing to order": (
        "upgrades take their time",
        lambda good: built(good, upgraded=[(t, 1, True) for t in range(3)]),
    ),
    "a yuan in the first year": ("budget up to each year", lambda good: poorer(good, 0, 1)),
    "a yuan in the last": ("budget up to each year", lambda good: poorer(good, 2, 1)),
    "a lock": (
        "locked sites",
        lambda good: (replace(good.case, locked=((1,), ())), good.build, good.service),
    ),
    "a lock unbuilt": (
        "locked sites",
        lambda good: built(good, *((t, 1, -1) for t in range(3))),
    ),
    "reach": ("served within reach", lambda good: dealt(good, "after", demand=0, site=1, energy=0,
                                                        micro=1)),
    "served twice": ("served at most once", lambda good: dealt(good, "2025", demand=0, site=0,
                                                               energy=0, micro=10**9)),
    "a millionth over": ("capacity", lambda good: dealt(good, "after", demand=1, site=1, energy=0,
                                                        micro=1)),
    "over what stood before": ("capacity", lambda good: dealt(good, "before", demand=1, site=0,
                                                              energy=0, micro=1)),
    "over what stands that year": ("capacity", lambda good: dealt(good, "2025", demand=1, site=1,
                                                                  energy=0, micro=15 * 10**6)),
}  # fmt: skip


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_planted_defect_is_named(good, defect):
    check, spoil = DEFECTS[defect]
    with pytest.raises(VerificationError) as caught:
        audit(*spoil(good))
    assert check in {problem.column for problem in caught.value.problems}
    assert {problem.code for problem in caught.value.problems} == {"E-AUD-001"}


def test_every_check_has_a_planted_defect():
    assert {check for check, _ in DEFECTS.values()} == set(CHECKS)


def test_a_station_built_after_its_dates_is_named(good):
    """LATE may be built in 2026 only; here it comes in 2027."""
    case = replace(good.case, locked=())
    late = built(good, (0, 1, -1), (1, 1, -1), (2, 1, LATE))
    with pytest.raises(VerificationError) as caught:
        audit(case, late[1], good.service)
    assert OWN in {problem.column for problem in caught.value.problems}


def test_an_extension_after_its_dates_is_named(good):
    """MORE may be built until 2026; here it comes in 2027."""
    with pytest.raises(VerificationError) as caught:
        audit(*built(good, (1, 0, OLD)))
    assert OWN in {problem.column for problem in caught.value.problems}


@pytest.mark.parametrize("seed", [60, 61, 62])
def test_goals_measured_without_a_solver_are_the_solver_s(seed):
    """The early years are dealt out by the worst county, so that they may serve less in all."""
    plan = solved(random_instance(seed))
    assert plan.values.pop("early_served") <= plan.bounds.pop("early_served") + 1e-5
    assert plan.values == pytest.approx(plan.bounds, rel=1e-6, abs=1e-6)
    proven = {g.name: g.outcome.gap for g in plan.goals if g.name != "early_served"}
    assert proven == pytest.approx(dict.fromkeys(plan.bounds, 0.0), abs=1e-6)
