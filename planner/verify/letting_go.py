"""Proves that where a stage lets the way from simple to complex go, it is told, with a reason."""

from __future__ import annotations

from planner.verify.closures import target_years
from planner.verify.faults import Fault, Faults, unequal
from planner.verify.files import PlanFiles, Row
from planner.verify.testroads import counted_km

JOINS, STEP, GRADE, REST = "joins", "steps", "grade", "rest"
SHORT = (STEP, GRADE)
KM = 0.5e-6
"""Half a millimetre: kilometres are told to the millimetre."""


def letting_go_told(plan: PlanFiles) -> Faults:
    """Prove of every stage that a reason stands where it has roads too hard or alone, and no other.

    What a stage would reach with nothing let go lies between the stage before it and itself,
    and below its target where that is the reason.
    """
    roads, years = plan.layer("test_roads"), target_years(plan)
    before_km = counted_km(roads[roads["opened_before"]])
    for row in plan.rows("test_roads", "network", "steps"):
        year = int(row["year"])
        target = plan.number("settings", "test_roads", "target_km_by_year", str(year))
        yield from unequal(row.get("target_km"), target, f"target_km of the steps of {year}")
        km = counted_km(roads[(roads["stage_year"] <= year) | roads["opened_before"]])
        for what in _faults(row, (before_km, km), (year == years[0], year == years[-1])):
            yield Fault(what, str(year))
        before_km = km


def _faults(row: Row, range_km: tuple[float, float], ends: tuple[bool, bool]) -> list[str]:
    let_go, kept_km, target_km = row.get("let_go"), float(row["kept_km"]), float(row["target_km"])
    broken = bool(row["n_above"] or row["n_alone"])
    first, last = ends
    allowed = {JOINS: first, REST: last, STEP: True, GRADE: True} if broken else {"": True}
    low, high = range_km
    faults = []
    if not allowed.get(str(let_go)):
        faults.append(f"let_go is stated as {let_go!r}")
    if not low - KM <= kept_km <= high + KM:
        faults.append(f"kept_km is stated as {kept_km}, outside {low} to {high}")
    if broken and (let_go in SHORT) != (kept_km < target_km - KM):
        faults.append(f"let_go is {let_go!r}, though {kept_km} of {target_km} km keep to the steps")
    return faults
