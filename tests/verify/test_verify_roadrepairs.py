"""Proves the repairs of a plan that misses its target: the true ones pass, nothing else does."""

import pytest
from tampering import both, sql
from toy_road_repairs import missed

from planner.verify.examine import examine_one
from planner.verify.files import read_plan_files


def examined(folder, edit):
    edit(folder)
    return examine_one("V93", read_plan_files(folder))


def test_true_repairs_of_a_missed_target_pass(folder):
    check = examined(folder, missed())
    assert check.passed, check.detail


@pytest.mark.parametrize(
    ("rule", "parts"), [("service road; tunnel", ("v0-0", "v5-0")), ("every zone", ("v0-3",))]
)
def test_rules_lifted_together_pass_with_the_sum_of_what_they_yield(folder, rule, parts):
    names = ", ".join(f"'{part}'" for part in parts)
    sums = f"(SELECT sum(length_m) / 1000 FROM segments WHERE segment_id IN ({names}))"  # noqa: S608
    renamed = sql(
        f"UPDATE road_repairs SET rule = '{rule}', gain_km = {sums}, "  # noqa: S608
        f"gain_carriageway_km = {sums}, equipment_cny = round(equipment_cny * {sums} / gain_km) "
        "WHERE repair_id = 'rr-1'"
    )
    spare = sql("UPDATE road_repairs SET repair_id = 'rr-7' WHERE repair_id = 'rr-1'")
    edit = both(missed(), renamed, spare)
    check = examined(folder, edit)
    # Speed is no longer listed; nothing else is wrong.
    assert not check.passed
    assert "[speed]" in check.detail
    assert "more" not in check.detail


def test_a_slower_limit_passes_with_what_it_lifts(folder):
    eased = sql("UPDATE road_repairs SET value = 100 WHERE rule = 'speed'")
    assert examined(folder, missed(eased)).passed
