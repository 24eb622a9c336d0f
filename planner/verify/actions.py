"""Proves what the plan does at each station: allowed, of a size on offer, in force, as priced."""

from __future__ import annotations

from typing import Any

from planner.verify.faults import Fault, Faults
from planner.verify.files import PlanFiles, Row
from planner.verify.years import in_force

POWER_TOLERANCE_KW = 1e-6


def technology_figures(plan: PlanFiles) -> Faults:
    """Prove that energy, owner, power and capital follow from technology, units and action."""
    technologies = plan.table("technologies")
    for row in plan.layer("stations").itertuples():
        name = str(row.station_id)
        technology = technologies.get(str(row.technology))
        if technology is None:
            yield Fault(f"technology {row.technology} is not in plan.json", name)
            continue
        units, added = int(row.n_units), added_units(row)
        built = technology["fixed_cost_cny"] if row.action == "build" else 0
        proven = {
            "energy": technology["energy"],
            "owner": "existing" if row.action == "keep" else technology["owner"],
            "capital_cny": built + added * technology["unit_cost_cny"],
            "power_kw": float(units * technology["power_kw"]),
            "peak_kw": units * unit_peak_kw(plan, technology),
        }
        for key, value in proven.items():
            stated = getattr(row, key)
            off = abs(stated - value) if isinstance(value, float | int) else stated != value
            if off > (POWER_TOLERANCE_KW if isinstance(value, float) else 0):
                yield Fault(f"{key} is stated as {stated}, proven {value}", name, float(off))


def added_units(row: Any) -> int:  # noqa: ANN401 - a row of the stations
    """Return the units that the plan puts there: all, those added, or all anew."""
    if row.action == "extend":
        return int(row.n_units) - int(row.n_units_before)
    return 0 if row.action == "keep" else int(row.n_units)


def unit_peak_kw(plan: PlanFiles, technology: Row) -> float:
    """Return what the grid sees of one unit at its peak, in kW."""
    managed = plan.number("settings", "siting", "managed_charging_factor")
    factor = managed if technology["energy"] == "charging" else 1.0
    return float(technology["power_kw"]) * float(technology["peak_factor"]) * factor


def actions_allowed(plan: PlanFiles) -> Faults:
    """Prove that every action is one the technology allows, at a size on offer and in force."""
    technologies = plan.table("technologies")
    for row in plan.layer("stations").itertuples():
        for what in _action_faults(row, technologies):
            yield Fault(what, str(row.station_id))
    yield from _years_allowed(plan, technologies)


def _action_faults(row: Any, technologies: dict[str, Row]) -> list[str]:  # noqa: ANN401
    had, has = row.technology_before, technologies[str(row.technology)]
    known = isinstance(had, str) and had in technologies
    if (row.action == "build") != (row.status == "planned"):
        return [f"it is {row.status}, but the plan says {row.action}"]
    if row.action == "build":
        clean = not isinstance(had, str) and int(row.n_units_before) == 0
        return [] if clean else ["something is said to stand where it is built"]
    if not known or int(row.n_units_before) < 1:
        return ["what stood there before is not said"]
    same = str(row.technology) == had
    step = int(row.n_units) - int(row.n_units_before)
    allowed = {
        "keep": same and step == 0,
        "extend": same and step > 0,
        "upgrade": str(row.technology) == technologies[had]["upgrade_to"]
        and step == 0
        and int(row.n_units) <= has["max_units"],
    }
    return [] if allowed[row.action] else [f"what stands there is no {row.action} of what did"]


def _years_allowed(plan: PlanFiles, technologies: dict[str, Row]) -> Faults:
    """Prove the size of each year, and that units come only while their technology is in force."""
    stations = plan.layer("stations").set_index("station_id")
    for name, mine in plan.layer("station_years").groupby("station_id"):
        if name not in stations.index:
            continue
        station = stations.loc[name]
        had = (station["technology_before"], int(station["n_units_before"]))
        for row in mine.sort_values("year").itertuples():
            has = (row.technology, int(row.n_units))
            technology = technologies[str(row.technology)]
            if has != had and not in_force(technology, int(row.year)):
                yield Fault(f"{row.technology} is not in force in {row.year}", str(name))
            extended = had[0] == has[0] and station["action"] == "extend"
            least = int(station["n_units_before"]) if extended else int(technology["min_units"])
            sized = station["action"] == "build" or extended
            fits = _on_offer(technology, has[1], least) if sized else has[1] == had[1]
            if has != had and not fits:
                yield Fault(f"{has[1]} units are no size on offer in {row.year}", str(name))
            had = has


def _on_offer(technology: Row, units: int, least: int) -> bool:
    step = (units - least) % int(technology["unit_step"])
    return least <= units <= int(technology["max_units"]) and step == 0
