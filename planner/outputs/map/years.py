"""What stands by each year of the plan: units of each station, and the figures of that year."""

from __future__ import annotations

from typing import Any

from planner import layers
from planner.outputs.amounts import NOTHING, kilometres, money, share
from planner.outputs.map.feature_layers import Json, pair
from planner.outputs.station_rows import years as siting_years
from planner.outputs.summary import km_by_year
from planner.outputs.wording import Both, same, word_of, wording

BEFORE = 0
"""Year in the page of what stood before the plan."""

Units = dict[str, list[int]]


def plan_years(figures: Json) -> list[int]:
    """Return the years of the plan, of stations and of test roads, in order."""
    siting = {int(row["year"]) for row in figures["siting"]["by_year"]}
    stages = {int(stage["year"]) for stage in figures["test_roads"]["stages"]}
    return sorted(siting | stages)


def phase_of(year: int, years: list[int]) -> str:
    """Return the phase of the gap layers that a year of the page is.

    Examples
    --------
    >>> [phase_of(year, [2025, 2026]) for year in (0, 2025, 2026)]
    ['before', '2025', 'after']
    """
    if year == BEFORE:
        return "before"
    return "after" if year == years[-1] else str(year)


def units_by_year(frames: dict[str, Any], figures: Json) -> Units:
    """Return the units of each station before the plan and in each of its years.

    Parameters
    ----------
    frames
        The plan's layers by name: ``stations`` and ``station_years``.
    figures
        Content of ``plan.json``.
    """
    years = plan_years(figures)
    stations, table = frames["stations"], frames["station_years"]
    known = {(str(row.station_id), int(row.year)): int(row.n_units) for row in table.itertuples()}
    made: Units = {}
    for row in stations.itertuples():
        units = [int(row.n_units_before)]
        for year in years:
            units.append(known.get((str(row.station_id), year), units[-1]))
        made[str(row.station_id)] = units
    return made


def year_rows(frames: dict[str, Any], figures: Json) -> list[Json]:
    """Return for *before* and each year: its name, gap phase and figures with their labels.

    Parameters
    ----------
    frames
        The plan's layers by name.
    figures
        Content of ``plan.json``: km and money of each year are read there.
    """
    years, units = plan_years(figures), units_by_year(frames, figures)
    return [
        {
            "year": year,
            "name": pair(wording("phase.before") if year == BEFORE else same(year)),
            "phase": phase_of(year, years),
            "figures": [
                [pair(label), pair(value)]
                for label, value in (
                    *_station_figures(frames, units, place),
                    *_grid_figures(frames, year),
                    *_road_figures(frames, figures, year),
                    *_money_figures(figures, year),
                )
            ],
        }
        for place, year in enumerate([BEFORE, *years])
    ]


def _station_figures(frames: dict[str, Any], units: Units, place: int) -> list[tuple[Both, Both]]:
    """Return stations and units that stand: of each energy, since their units differ."""
    made = []
    for energy in layers.ENERGIES:
        mine = frames["stations"][frames["stations"]["energy"] == energy]
        standing = [units[str(key)][place] for key in mine["station_id"]]
        if standing:
            n, sum_units = sum(count > 0 for count in standing), sum(standing)
            value = wording("map.year_stations", n=f"{n:,}", units=f"{sum_units:,}")
            made.append((word_of("energy", energy), value))
    return made


def _grid_figures(frames: dict[str, Any], year: int) -> list[tuple[Both, Both]]:
    """Return how many upgrades of supply nodes are in service; nothing where none is planned."""
    upgrades = frames["supply_upgrades"]
    if not len(upgrades):
        return []
    n = int((upgrades["in_service_year"] <= year).sum())
    return [(wording("map.year_grid"), same(f"{n:,}"))]


def _road_figures(frames: dict[str, Any], figures: Json, year: int) -> list[tuple[Both, Both]]:
    """Return km opened and equipped so far with the target, and units at the roads."""
    roads = figures["test_roads"]
    if not roads["stages"] and not len(frames["test_roads"]):
        return []
    until = year or plan_years(figures)[0] - 1
    rows = [row for row in km_by_year(figures) if row["year"] <= until]
    opened = rows[-1]["opened_km"] if rows else 0.0
    target = rows[-1]["target_km"] if year and rows else None
    said = wording("map.km", km=kilometres(opened))
    if target is not None:
        said = wording("map.year_km", km=kilometres(opened), target=f"{target:g}")
    rsus = int((frames["rsus"]["stage_year"] <= year).sum())
    made = [(wording("map.year_opened"), said)]
    if rows:
        km = wording("map.km", km=kilometres(rows[-1]["equipped_km"]))
        made.append((wording("map.fitted"), km))
    return [*made, (wording("map.year_rsus"), same(f"{rsus:,}"))]


def _money_figures(figures: Json, year: int) -> list[tuple[Both, Both]]:
    """Return what is spent so far, and the share of the county least served in that year."""
    stations = [row for row in siting_years(figures) if row["year"] <= year]
    roadside = sum(row["cost_cny"] for row in figures["subsidy"]["by_year"] if row["year"] <= year)
    if year == BEFORE:
        return []
    so_far = stations[-1] if stations else {"so_far_cny": 0, "hydrogen_so_far_cny": 0}
    made = [
        (wording("map.year_public"), money(so_far["so_far_cny"])),
        (wording("map.year_enterprise"), money(so_far["hydrogen_so_far_cny"])),
        (wording("map.year_roadside"), money(roadside)),
    ]
    worst = so_far.get("worst_county_share")
    return [*made, (wording("map.year_worst"), same(NOTHING if worst is None else share(worst)))]
