"""Technologies and rules of a scenario as the options see them: dates, peaks, parking."""

from datetime import date

import numpy as np
import pytest
from toy_case_files import write_toy_case

from planner.scenario import load_scenario
from planner.siting.kinds import (
    counts,
    fast_kinds,
    fits_parking,
    make_kinds,
    make_terms,
    parking_limits,
    peak_kw,
    queue_of,
)  # fmt: skip
from planner.siting.options import NEVER


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return load_scenario(write_toy_case(tmp_path_factory.mktemp("kinds") / "toy"))


def changed(scenario, section, **values):
    part = getattr(scenario, section).model_copy(update=values)
    return scenario.model_copy(update={section: part})


def with_row(scenario, table, name, **values):
    rows = dict(getattr(scenario, table))
    rows[name] = rows[name].model_copy(update=values)
    return scenario.model_copy(update={table: rows})


def test_kinds_are_the_technologies_in_their_order(scenario):
    kinds = make_kinds(scenario)
    for kind, row in zip(kinds, scenario.technologies.values(), strict=True):
        assert (kind.capacity, kind.unit_cost) == (row.capacity_per_day, row.unit_cost_cny)
        assert (kind.fixed_opex, kind.unit_opex) == (row.opex_cny_per_year,
                                                     row.opex_cny_per_unit_year)  # fmt: skip
        assert list(kind.sizes()) == list(range(row.min_units, row.max_units + 1, row.unit_step))
        assert kind.queue == queue_of(row)
        codes = list(scenario.technologies)
        assert (codes[kind.turns_into] if kind.turns_into != NEVER else "") == row.upgrade_to
    payers = {row.owner: kind.payer for kind, row in
              zip(kinds, scenario.technologies.values(), strict=True)}  # fmt: skip
    assert payers == {"public": 0, "enterprise": 1}


@pytest.mark.parametrize(
    ("begins", "ends", "years"),
    [
        (None, None, (0, 2)),
        (date(2026, 7, 1), None, (1, 2)),
        (None, date(2025, 1, 1), (0, 0)),
        (date(2026, 12, 31), date(2026, 12, 31), (1, 1)),
        (date(2028, 1, 1), None, (NEVER, NEVER)),
        (None, date(2024, 12, 31), (NEVER, NEVER)),
    ],
)
def test_dates_become_the_years_one_may_build_in(scenario, begins, ends, years):
    dated = with_row(scenario, "technologies", "dc60", valid_from=begins, valid_to=ends)
    kind = make_kinds(dated)[list(dated.technologies).index("dc60")]
    assert (kind.first, kind.last) == years


def test_managed_charging_lowers_the_peak_of_charging_only(scenario):
    managed = changed(scenario, "siting", managed_charging_factor=0.5)
    for row in scenario.technologies.values():
        factor = 0.5 if row.energy == "charging" else 1.0
        assert peak_kw(row, managed) == row.power_kw * row.peak_factor * factor


def test_fast_is_charging_of_the_rule_s_power(scenario):
    rows = list(scenario.technologies.values())
    strong = changed(scenario, "rules", highway_min_kw=120.0)
    expected = [row.energy == "charging" and row.power_kw >= 120.0 for row in rows]
    assert fast_kinds(strong).tolist() == expected
    assert 0 < sum(expected) < fast_kinds(changed(scenario, "rules", highway_min_kw=60.0)).sum()


def test_terms_are_the_waiting_rule_and_the_rate(scenario):
    terms = make_terms(changed(scenario, "siting", max_wait_min=3.0, discount_rate=0.04))
    assert (terms.max_wait_min, terms.max_wait_chance, terms.discount_rate) == (3.0, 1.0, 0.04)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, True),
        ({"kind": "reported"}, False),
        ({"valid_to": date(2026, 12, 31)}, False),
        ({"valid_to": date(2027, 1, 1)}, True),
        ({"valid_from": date(2027, 12, 31)}, True),
        ({"valid_from": date(2028, 1, 1)}, False),
    ],
)
def test_a_rule_decides_only_in_force_and_if_it_is_not_only_reported(scenario, values, expected):
    plain = {"kind": "hard", "valid_from": None, "valid_to": None}
    rule = with_row(scenario, "policy_rules", "parking_share", **(plain | values))
    assert counts(rule, "parking_share") is expected


def test_parking_bounds_the_units_of_charging_from_both_sides(scenario):
    """A tenth of 31 places is four units at least, 31 at most; swaps park nobody."""
    binding = with_row(scenario, "policy_rules", "parking_share", kind="hard", valid_from=None,
                       valid_to=None)  # fmt: skip
    binding = changed(binding, "rules", parking_share=0.1)
    limits = parking_limits(31.0, binding)
    assert limits == (4, 31.0)
    assert [fits_parking(0, n, limits) for n in (3, 4, 31, 32)] == [False, True, True, False]
    assert fits_parking(1, 99, limits)
    assert parking_limits(30.0, binding)[0] == 3
    relaxed = with_row(binding, "policy_rules", "parking_share", kind="reported")
    assert parking_limits(31.0, relaxed) == (0, 31.0)
    assert parking_limits(np.nan, binding) == (0, np.inf)
