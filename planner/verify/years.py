"""Proves what stands in which year: years, phases, and rows that add up to the stations."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.verify.faults import Fault, Faults, differing, rows_where, unequal
from planner.verify.files import PlanFiles, Row, UnreadableError
from planner.verify.waiting import capacity_for

BEFORE, AFTER = "before", "after"
AMOUNT_TOLERANCE = 2e-6
"""Amounts are rounded to six decimals."""


def siting_years(plan: PlanFiles) -> list[int]:
    """Return the years with a budget, ascending; the last is the target year."""
    years = sorted(int(y) for y in plan.mapping("settings", "siting", "budget_cny_by_year"))
    if not years:
        message = "the plan has no year with a budget"
        raise UnreadableError(message)
    return years


def phase_years(plan: PlanFiles) -> dict[str, int]:
    """Return every phase of the plan in order, with the year whose demand it serves."""
    *early, last = siting_years(plan)
    return {BEFORE: last, **{str(year): year for year in early}, AFTER: last}


def standing(plan: PlanFiles) -> pd.DataFrame:
    """Return what stands in each phase: a row a station, with the capacity proven here.

    Columns are those of the stations, with ``phase``, and ``technology``, ``n_units`` and
    ``capacity_per_day`` of that phase.
    """
    stations = plan.layer("stations").drop(columns="geometry")
    changing = ["technology", "n_units", "capacity_per_day", "served_per_day"]
    steady = stations.drop(columns=changing)
    existing = steady[steady["status"] == "existing"]
    before = existing.assign(
        phase=BEFORE, technology=existing["technology_before"], n_units=existing["n_units_before"]
    )
    phases = {year: phase for phase, year in phase_years(plan).items() if phase != BEFORE}
    years = plan.layer("station_years")[["station_id", "year", "technology", "n_units"]]
    later = years.merge(steady, on="station_id").assign(phase=years["year"].map(phases))
    table = pd.concat([before, later.drop(columns="year")], ignore_index=True)
    places = zip(table["technology"], table["n_units"], strict=True)
    return table.assign(capacity_per_day=[capacity_for(plan, *place) for place in places])


def years_reconcile(plan: PlanFiles) -> Faults:
    """Prove that the years of every station lead without a gap to what stands in the end."""
    years = siting_years(plan)
    yield from unequal(plan.whole("settings", "siting", "target_year"), years[-1], "target_year")
    others = plan.mapping("settings", "siting", "hydrogen_budget_cny_by_year")
    yield from unequal(sorted(int(year) for year in others), years, "years of the second budget")
    stations, rows = plan.layer("stations"), plan.layer("station_years")
    by_station = {str(key): part for key, part in rows.groupby("station_id")}
    for station in stations.itertuples():
        mine = by_station.get(str(station.station_id), rows.iloc[:0]).sort_values("year")
        begins = years[0] if station.status == "existing" else int(station.first_year)
        if list(mine["year"]) != [year for year in years if year >= begins]:
            yield Fault("its years are not those in which it stands", str(station.station_id))
            continue
        yield from _one_station(plan, station, mine)
    yield from _last_year_holds(stations, rows[rows["year"] == years[-1]])
    spent = stations["station_id"].map(rows.groupby("station_id")["spent_cny"].sum()).fillna(0)
    stated = stations["capital_cny"]
    yield from differing(stations, "station_id", stated, spent, "capital_cny of its years", 0)


def _last_year_holds(stations: pd.DataFrame, last: pd.DataFrame) -> Faults:
    ends = last.drop_duplicates("station_id").set_index("station_id")
    ends = ends.reindex(stations["station_id"])
    other = ends["technology"].to_numpy(object) != stations["technology"].to_numpy(object)
    what = "its technology is not that of its last year"
    yield from rows_where(stations, other, "station_id", what)
    for column in ("n_units", "capacity_per_day", "served_per_day"):
        stated, tolerance = ends[column].to_numpy(float), AMOUNT_TOLERANCE
        what = f"{column} of its last year"
        yield from differing(stations, "station_id", stated, stations[column], what, tolerance)


def _one_station(plan: PlanFiles, station: Any, mine: pd.DataFrame) -> Faults:  # noqa: ANN401
    """Prove the steps of one station: what is added each year, what that costs, and when first."""
    name, technologies = str(station.station_id), plan.table("technologies")
    planned = station.status == "planned"
    had = (None, 0) if planned else (str(station.technology_before), int(station.n_units_before))
    changes: list[int] = []
    for row in mine.itertuples():
        has = (str(row.technology), int(row.n_units))
        kept = has[0] == had[0] or had[0] is None or not changes
        if not kept or (has[0] == had[0] and has[1] < had[1]):
            yield Fault(f"{row.year}: what stood there is torn down", name)
        cost = step_cost(technologies, had, has)
        if int(row.spent_cny) != cost:
            off = abs(int(row.spent_cny) - cost)
            yield Fault(f"{row.year}: {row.spent_cny} CNY are spent, proven {cost}", name, off)
        if has != had:
            changes.append(int(row.year))
        had = has
    first = changes[0] if changes else siting_years(plan)[0]
    yield from unequal(int(station.first_year), first, f"first_year of {name}")


def step_cost(
    technologies: dict[str, Row], had: tuple[str | None, int], has: tuple[str, int]
) -> int:
    """Return the capital of one year's step: built, more units, or other units."""
    technology = technologies[has[0]]
    unit = int(technology["unit_cost_cny"])
    if had[0] is None:
        return int(technology["fixed_cost_cny"]) + has[1] * unit
    return (has[1] - had[1] if had[0] == has[0] else has[1]) * unit


def in_force(row: Row, year: int) -> bool:
    """Return whether a rule, technology or scheme with dates of validity holds in a year."""
    first, last = row.get("valid_from"), row.get("valid_to")
    started = not isinstance(first, str) or int(first[:4]) <= year
    return started and (not isinstance(last, str) or year <= int(last[:4]))
