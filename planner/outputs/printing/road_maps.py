"""Draws the printed maps of the test roads: by the year they open, and by what is fitted."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
from shapely.geometry import Point

from planner.outputs.amounts import kilometres, money
from planner.outputs.map.roads import STAGE_COLOURS
from planner.outputs.printing.fonts import drawn
from planner.outputs.printing.ground import Ground, Labels, add_area, add_frame, add_lines
from planner.outputs.printing.sheet import Page
from planner.outputs.wording import titles_of, word_of, wording

Row = dict[str, Any]
BEFORE = "#212121"
FITTED, UNFITTED = "#ef6c00", "#64a0dc"
PLACES = {"junction": ("s", "#b71c1c", 30.0), "spacing": ("^", "#4a148c", 22.0)}
OTHER_PLACE = ("D", "#004d40", 24.0)


def draw_stages(page: Page, ground: Ground, frames: dict[str, Any], figures: Row) -> None:
    """Draw the test roads by the year they open, with the zones they must reach.

    Parameters
    ----------
    page
        A page with title and foot.
    ground
        What lies under the map.
    frames
        The plan's layers by name.
    figures
        Content of ``plan.json``.
    """
    axes = _near(page, ground, frames)
    roads = frames["test_roads"]
    opened = roads["opened_before"].astype(bool)
    years = sorted({int(year) for year in roads.loc[~opened, "stage_year"]})
    stages = [(BEFORE, None, roads[opened])] + [
        (STAGE_COLOURS[index % len(STAGE_COLOURS)], year,
         roads[~opened & (roads["stage_year"] == year)])
        for index, year in enumerate(years)
    ]  # fmt: skip
    page.panel.heading(page.say(wording("print.stages")))
    for colour, year, rows in stages:
        style = {"color": colour, "linewidth": page.points(2.6)}
        add_lines(axes, ground.lines(rows), zorder=20, capstyle="round", **style)
        if len(rows):
            named = wording("map.stage", year=year) if year else wording("map.opened_before")
            words = wording("print.with_km", what=named, km=_km(rows))
            page.panel.line(page.say(words), **style)
    _zones(page, ground, axes, frames)
    ground.name_counties(page, axes)
    _targets(page, figures)
    _whole(page, ground, axes)


def _near(page: Page, ground: Ground, frames: dict[str, Any]) -> Any:  # noqa: ANN401 - axes
    """Return a map of the part of the city that test roads and their zones are in."""
    zones = frames["zones"]
    parts = [frames["test_roads"].geometry, zones[zones["mandated"].astype(bool)].geometry]
    known = [part[~(part.isna() | part.is_empty)].to_crs(ground.crs) for part in parts]
    boxes = [part.total_bounds for part in known if len(part)]
    bounds = ground.bounds
    if boxes:
        west, south = (min(float(box[at]) for box in boxes) for at in (0, 1))
        east, north = (max(float(box[at]) for box in boxes) for at in (2, 3))
        bounds = (west, south, east, north)
    axes = page.map_axes(bounds)
    ground.draw(page, axes)
    return axes


def _whole(page: Page, ground: Ground, axes: Any) -> None:  # noqa: ANN401
    """Show where in the city the map lies, where the panel has room for it."""
    inset = page.inset(ground.bounds)
    if inset is not None:
        ground.draw(page, inset)
        add_frame(page, inset, axes)
        inset.set_title(page.say(wording("print.locator")), fontsize=page.points(10.5), loc="left")


def _km(rows: gpd.GeoDataFrame) -> str:
    return kilometres(float(rows["counted_m"].sum()) / 1000)


def _zones(page: Page, ground: Ground, axes: Any, frames: dict[str, Any]) -> None:  # noqa: ANN401
    """Draw the zones that test roads must reach, with their names."""
    from matplotlib import patheffects  # noqa: PLC0415

    zones = frames["zones"][frames["zones"]["mandated"].astype(bool)]
    if not len(zones):
        return
    style = {"facecolor": "#43a04722", "edgecolor": "#2e7d32", "linewidth": page.points(1.3)}
    titles = titles_of(zones, "zone_id")
    halo = [patheffects.withStroke(linewidth=page.points(2.4), foreground="white")]
    metric, shown = zones.to_crs(ground.crs), Labels(axes, page.points(9))
    for row in metric[~metric.geometry.is_empty].itertuples():
        area = row.geometry
        if isinstance(area, Point):
            area = area.buffer(float(row.radius_m or 0) or 300.0)
        add_area(axes, area, zorder=18, **style)
        place, words = area.representative_point(), drawn(page.say(titles[str(row.zone_id)]))
        at = shown.free_place((place.x, place.y), [words])
        if at is not None:
            axes.text(
                *at, words, fontsize=page.points(9), ha="center", va="center", color="#1b5e20",
                zorder=58, path_effects=halo,
            )  # fmt: skip
    page.panel.patch(page.say(wording("print.mandated")), **style)


def _targets(page: Page, figures: Row) -> None:
    page.panel.heading(page.say(wording("print.targets")))
    for row in figures["test_roads"]["stages"]:
        values = {"year": row["year"], "km": kilometres(row["opened_km"])}
        values |= {"target": f"{row['target_km']:g}"}
        status = word_of("status", "met" if row["met"] else "short")
        page.panel.note(page.say(wording("print.f_target", status=status, **values)))
    basis = word_of("basis", figures["test_roads"]["counting_basis"])
    page.panel.note(page.say(wording("print.f_basis", basis=basis)))


def draw_roadside(page: Page, ground: Ground, frames: dict[str, Any], figures: Row) -> None:
    """Draw the test roads by whether they are fitted, and the roadside units.

    Parameters
    ----------
    page
        A page with title and foot.
    ground
        What lies under the map.
    frames
        The plan's layers by name.
    figures
        Content of ``plan.json``.
    """
    axes = _near(page, ground, frames)
    roads = frames["test_roads"]
    fitted = roads["equipped"].astype(bool)
    page.panel.heading(page.say(wording("map.group_fitted")))
    for key, colour, rows, width in (
        ("map.fitted", FITTED, roads[fitted], 3.0),
        ("map.unfitted", UNFITTED, roads[~fitted], 1.8),
    ):
        style = {"color": colour, "linewidth": page.points(width)}
        add_lines(axes, ground.lines(rows), zorder=20, capstyle="round", **style)
        words = wording("print.with_km", what=wording(key), km=_km(rows))
        page.panel.line(page.say(words), **style)
    _units(page, ground, axes, frames["rsus"])
    ground.name_counties(page, axes)
    subsidy = figures["subsidy"]
    page.panel.heading(page.say(wording("print.figures")))
    page.panel.note(
        page.say(
            wording(
                "print.f_roadside",
                n=figures["test_roads"]["n_rsus"],
                cost=money(subsidy["cost_cny"]),
                subsidy=money(subsidy["subsidy_cny"]),
            )
        )
    )
    page.panel.note(page.say(wording("print.see_materials")))
    _whole(page, ground, axes)


def _units(page: Page, ground: Ground, axes: Any, units: gpd.GeoDataFrame) -> None:  # noqa: ANN401
    """Draw the roadside units by where they stand."""
    found, places = ground.points(units)
    if not len(found):
        return
    page.panel.heading(page.say(wording("print.rsus")))
    for place in sorted(set(found["placement"])):
        shape, colour, area = PLACES.get(place, OTHER_PLACE)
        here = (found["placement"] == place).to_numpy(dtype=bool)
        style: Row = {"marker": shape, "facecolor": colour, "edgecolor": "white"}
        style |= {"s": area * page.scale**2, "linewidth": page.points(0.5)}
        axes.scatter(places[here, 0], places[here, 1], zorder=30, **style)
        words = wording("print.counted", what=word_of("rsu_place", place), n=int(here.sum()))
        page.panel.marker(page.say(words), **style)
