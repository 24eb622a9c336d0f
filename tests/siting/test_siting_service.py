"""Who serves whom, once the stations stand: exact sums, the worst county first."""

import numpy as np
import pytest
from siting_instances import city, instance
from siting_solving import RUN, dealt

from planner.errors import LimitError
from planner.siting import service as siting_service
from planner.siting.service import MICRO, Service, deal_out, idle, with_stations
from planner.solver import Deadline, Outcome, Termination

DC = {"dc": (0, 100.0, 60.0, 5, 10, 1, 3, 0), "swap": (1, 1.0, 60.0, 5, 10, 1, 1, 0)}


def line(places, sites, kwh, **given):
    weight = np.column_stack([kwh, np.zeros((len(kwh), 2))])
    return instance([[x, 0] for x in places], [[x, 0] for x in sites],
                    weight=weight, technologies=DC, **given)  # fmt: skip


def rows(service):
    return list(
        zip(
            service.demand.tolist(), service.site.tolist(), service.energy.tolist(),
            service.micro.tolist(), strict=True,
        )
    )  # fmt: skip


def test_the_worst_county_is_served_first():
    """100 kWh for 150 of county 0 and 50 of county 1: each gets half of what it asks."""
    case = line([0, 0], [0], [150, 50], county=[0, 1], existing=[(0, 0, 1)])
    service = dealt(case, np.zeros((1, 2), np.int64))
    assert service.served() == pytest.approx([75, 25], abs=1e-4)
    assert service.micro.sum() == 100 * MICRO


@pytest.mark.parametrize("far", [[], [90000]])
def test_a_county_out_of_reach_does_not_cost_the_next_its_share(far):
    """Two equal counties share 100 kWh half and half, with or without a third far away."""
    places = [0, 100, *far]
    county = list(range(len(places)))
    case = line(places, [0], [100] * len(places), county=county, existing=[(0, 0, 1)])
    service = dealt(case, np.zeros((1, 2), np.int64))
    assert service.demand.tolist() == [0, 1]
    assert service.served() == pytest.approx([50, 50], abs=1e-4)


def test_a_county_at_its_limit_does_not_cost_the_next_its_share():
    """County 0 reaches a station with a tenth of its demand; counties 1 and 2 share the rest.

    Capacity 100: 10 of 100 for county 0 (the other 90 are far away), then 45 each.
    """
    case = line(
        [0, 90000, 0, 100], [0], [10, 90, 100, 100], county=[0, 0, 1, 2], existing=[(0, 0, 1)]
    )
    service = dealt(case, np.zeros((1, 2), np.int64))
    assert service.demand.tolist() == [0, 2, 3]
    assert service.served() == pytest.approx([10, 45, 45], abs=1e-3)


def test_before_and_after():
    """Before, one station of 100 at 0 for 260 kWh; after, two more units at 4000."""
    case = line([0, 4000], [0, 4000], [160, 100], existing=[(0, 0, 1)])
    before = dealt(case, np.zeros((2, 2), np.int64))
    assert rows(before) == [(0, 0, 0, 100 * MICRO)]
    after = dealt(case, np.array([[0, 0], [1, 0]]))
    assert rows(after) == [(0, 0, 0, 100 * MICRO), (1, 1, 0, 100 * MICRO)]


def test_energies_do_not_serve_each_other():
    case = instance([[0, 0]], [[0, 0]], weight=[[0, 5, 0]], technologies=DC, existing=[(0, 0, 1)])
    assert rows(dealt(case, np.zeros((1, 2), np.int64))) == []


def test_a_city_is_dealt_out_in_whole_millionths_within_reach():
    """Sums are whole numbers: no demand and no capacity is exceeded by a millionth."""
    case = city(n=150, m=130, existing=[(j, j % 2, 1 + j % 3) for j in range(0, 130, 5)])
    service = dealt(case, np.zeros(case.allowed.shape, np.int64))
    assert service.micro.dtype == np.int64
    assert service.micro.min() > 0
    for owner, limit in ((service.demand, case.demand), (service.site, case.existing_capacity())):
        total = np.zeros(limit.shape, np.int64)
        np.add.at(total, (owner, service.energy), service.micro)
        assert (total <= np.rint(limit * MICRO)).all()
    pairs = set(zip(case.pair_demand, case.pair_site, case.pair_energy, strict=True))
    assert set(zip(service.demand, service.site, service.energy, strict=True)) <= pairs
    order = np.lexsort((service.site, service.demand, service.energy))
    assert (order == np.arange(len(order))).all()
    again = dealt(case, np.zeros(case.allowed.shape, np.int64))
    assert rows(again) == rows(service)


def test_trimming_takes_the_excess_from_the_largest_parts():
    """Demand 10 is overserved by 3 (7 + 6): 7 gives. Capacity 100 then holds 4 + 6."""
    case = line([0, 0], [0, 10], [10, 95], existing=[(0, 0, 1), (1, 0, 1)])
    micro = np.array([7, 6, 95]) * MICRO
    raw = Service(np.array([0, 0, 1]), np.array([0, 1, 1]), np.zeros(3, np.int64), micro)
    assert rows(siting_service._trimmed(raw, case)) == [
        (0, 0, 0, 4 * MICRO),
        (0, 1, 0, 6 * MICRO),
        (1, 1, 0, 94 * MICRO),
    ]


def test_trimming_drops_what_becomes_nothing():
    case = line([0], [0], [10])
    raw = Service(*(np.zeros(1, np.int64),) * 3, np.array([MICRO]))
    assert rows(siting_service._trimmed(raw, case)) == []


def test_planned_stations_join_the_standing_and_nothing_may_open():
    case = line([0], [0, 10], [10], existing=[(0, 0, 1)])
    standing = with_stations(case, np.array([[0, 0], [2, 0]]))
    assert standing.existing_capacity()[:, 0].tolist() == [100, 200]
    assert not standing.allowed.any()
    assert case.existing_capacity()[:, 0].tolist() == [100, 0]


def test_idle_stations_are_those_of_no_use():
    """s0 serves, s1 answers a township's need, s2 does neither; no township needs swap."""
    case = line([0], [0, 30000, 60000], [10], townships=[[30000, 0]])
    units = np.array([[1, 0], [1, 1], [1, 0]])
    service = dealt(case, units)
    assert idle(case, units, service).tolist() == [[False, False], [False, True], [True, False]]


def test_an_unfinished_linear_program_is_not_passed_off_as_service(monkeypatch):
    case = line([0], [0], [10], existing=[(0, 0, 1)])
    stopped = Outcome(Termination.NO_SOLUTION_LIMIT)
    monkeypatch.setattr(siting_service, "solve", lambda *_args, **_given: stopped)
    with pytest.raises(LimitError, match="E-SIT-003"):
        deal_out(case, RUN, Deadline.after(0))
