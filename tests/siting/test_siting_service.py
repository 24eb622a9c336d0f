"""Who serves whom, once the stations stand: exact sums, the worst county first."""

from dataclasses import replace

import numpy as np
import pytest
from siting_instances import (
    CHARGING,
    HYDROGEN,
    RICH,
    SWAP,
    instance,
    keep,
    option,
    windows,
)  # fmt: skip
from siting_solving import RUN

from planner.errors import LimitError
from planner.siting import service as siting_service
from planner.siting.service import MICRO, Service, deal_out, idle
from planner.solver import Deadline, Outcome, Termination


def dealt(case, chosen, t=0):
    return deal_out(case, np.array(chosen), t, RUN, Deadline.after(60))


def test_the_worst_county_is_served_first():
    """100 kWh for 150 of county 0 and 50 of county 1: each gets half of what it asks."""
    case = instance([keep(0, 100.0)], [150.0, 50.0], county=[0, 1])
    service = dealt(case, [0])
    assert service.served() == pytest.approx([75, 25], abs=1e-4)
    assert service.micro.sum() == 100 * MICRO


@pytest.mark.parametrize("far", [[], [100.0]])
def test_a_county_out_of_reach_does_not_cost_the_next_its_share(far):
    """Two equal counties share 100 kWh half and half, with or without a third far away."""
    asked = [100.0, 100.0, *far]
    case = instance([keep(0, 100.0)], asked, county=range(len(asked)), reach={2: []})
    service = dealt(case, [0])
    assert service.demand.tolist() == [0, 1]
    assert service.served() == pytest.approx([50, 50], abs=1e-4)


def test_a_county_at_its_limit_does_not_cost_the_next_its_share():
    """County 0 reaches a station with a tenth of its demand; counties 1 and 2 share the rest.

    Capacity 100: 10 of 100 for county 0 (the other 90 are far away), then 45 each.
    """
    case = instance([keep(0, 100.0)], [10.0, 90.0, 100.0, 100.0], county=[0, 0, 1, 2],
                    reach={1: []})  # fmt: skip
    service = dealt(case, [0])
    assert service.demand.tolist() == [0, 2, 3]
    assert service.served() == pytest.approx([10, 45, 45], abs=1e-3)


def test_each_year_has_its_own_demand_and_stations():
    """In the first year only the old station stands, in the second both."""
    case = instance([keep(0, 30.0), option(1, 50.0)], {(0, 0): [40, 90]},
                    budget=[(0, 0), (RICH, 0)])  # fmt: skip
    assert dealt(case, [0, -1], 0).served().tolist() == [30]
    assert dealt(case, [0, 1], 1).served() == pytest.approx([30, 50], abs=1e-6)
    assert dealt(case, [0, -1], 1).served().tolist() == [30]


def test_energies_are_served_apart_and_hydrogen_has_no_county_share():
    rows = [keep(0, 10.0), keep(1, 2.0), keep(2, 5.0)]
    groups = [(0, CHARGING), (0, SWAP), (0, HYDROGEN)]
    case = instance(rows, {(0, 0): 10, (0, SWAP): 1, (0, HYDROGEN): 9}, groups=groups)
    service = dealt(case, [0, 1, 2])
    assert service.energy.tolist() == [CHARGING, SWAP, HYDROGEN]
    assert service.served().tolist() == [10, 1, 5]


def test_nothing_stands_and_nobody_is_served():
    assert len(dealt(instance([option(0)], [5.0]), [-1]).micro) == 0


def test_service_never_exceeds_demand_or_capacity_by_a_millionth():
    """Thirds and sevenths: figures that floats cannot hold."""
    rows = [keep(j, kwh) for j, kwh in enumerate((10 / 3, 20 / 7, 0.1 + 0.2))]
    case = instance(rows, [round(k / 3, 6) for k in range(1, 9)], county=[0, 1] * 4)
    service = dealt(case, [0, 1, 2])
    by_site = np.bincount(service.site, service.micro, 3)
    by_point = np.bincount(service.demand, service.micro, 8)
    capacity = np.floor(case.capacity(np.array([0, 1, 2]))[:, 0] * MICRO + 0.5)
    assert (by_site <= capacity).all()
    assert (by_point <= np.floor(case.demand[0, :, 0] * MICRO + 0.5)).all()
    assert service.micro.sum() == pytest.approx(capacity.sum(), abs=30)


def test_trimming_takes_from_the_largest_part():
    """Two parts of 6 and 5 against a demand of 10, then a capacity of 4."""
    one = np.zeros(2, dtype=np.int64)
    service = Service(one, np.array([0, 1]), one, np.array([6, 5]))
    trimmed = siting_service._trimmed(service, np.full((2, 1), 9e-6), np.array([[10e-6]]))
    assert trimmed.micro.tolist() == [5, 5]
    tight = siting_service._trimmed(service, np.array([[4e-6], [0.0]]), np.array([[10e-6]]))
    assert (tight.site.tolist(), tight.micro.tolist()) == ([0], [4])


def test_without_an_answer_in_time_there_is_no_plan(monkeypatch):
    late = Outcome(Termination.NO_SOLUTION_LIMIT)
    monkeypatch.setattr(siting_service, "solve", lambda *_, **__: late)
    with pytest.raises(LimitError) as caught:
        dealt(instance([keep(0)], [5.0]), [0])
    assert [problem.code for problem in caught.value.problems] == ["E-SIT-003"]


def test_idle_is_what_was_built_for_nobody_and_for_no_rule():
    """Seven chargers serve nobody; each but the first has its reason to stay."""
    rows = [keep(1) if s == 1 else option(s) for s in range(7)]
    rows.append(option(7))
    groups = [*((j, CHARGING) for j in range(7)), (7, HYDROGEN)]
    case = instance(rows, {(0, 0): 5, (0, HYDROGEN): 1}, groups=groups, reach={0: []},
                    townships=[(0, 2)], highway=windows((0, 9.0, [3])),
                    trips=[(CHARGING, 1.0, [[4]]), (HYDROGEN, 1.0, [[7]])], locked=((5,),),
                    county=[0], site_county=np.array([-1] * 6 + [0, -1]))  # fmt: skip
    nobody = Service(*(np.zeros(0, dtype=np.int64) for _ in range(4)))
    chosen = np.arange(8)
    assert np.flatnonzero(idle(case, chosen, nobody)).tolist() == [0, 6]
    counted = replace(case, units_needed=np.array([2]))
    assert np.flatnonzero(idle(counted, chosen, nobody)).tolist() == [0]
    assert not idle(case, np.full(8, -1), nobody).any()
    zero = np.zeros(1, dtype=np.int64)
    assert np.flatnonzero(idle(case, chosen, Service(zero, zero, zero, zero + 1))).tolist() == [6]
