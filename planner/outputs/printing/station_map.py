"""Draws the printed map of the stations: what stands, what is changed, what is built."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from planner.layers import ENERGIES
from planner.outputs.amounts import money
from planner.outputs.printing.ground import Ground, add_frame
from planner.outputs.printing.panel import INK
from planner.outputs.printing.sheet import Page
from planner.outputs.wording import word_of, wording

Row = dict[str, Any]
SYMBOLS = {
    "charging": ("o", "#1565c0"),
    "swap": ("s", "#8e24aa"),
    "truck_swap": ("^", "#ef6c00"),
    "hydrogen": ("D", "#2e7d32"),
}
"""Shape and colour of each energy's stations."""

SIZES = ((0.0, 26.0), (300.0, 58.0), (1500.0, 110.0))
"""Area of a symbol, in square points on A3, from each power in kW on."""

CROWDED, LEAST_CROWDED = 0.11, 20
"""Side of the part drawn larger, as a share of the map, and the stations from which on it is."""

Places = np.ndarray[Any, Any]
STANDS = ("keep", "changed", "build")


def draw_stations(page: Page, ground: Ground, frames: dict[str, Any], figures: Row) -> None:
    """Draw the stations and explain them.

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
    axes = page.map_axes(ground.bounds)
    ground.draw(page, axes)
    ground.name_counties(page, axes)
    stations, places = ground.points(frames["stations"])
    kinds = stations["action"].where(stations["action"].isin(("keep", "build")), "changed")
    _symbols(page, axes, stations, places)
    _explain(page, pd.Series(kinds), stations["energy"])
    _figures(page, figures)
    _crowded(page, ground, axes, stations, places)


def _symbols(page: Page, axes: Any, stations: Any, places: Places) -> None:  # noqa: ANN401
    """Draw the stations, those that are built above those that only stay."""
    kinds = stations["action"].where(stations["action"].isin(("keep", "build")), "changed")
    sizes = _sizes(stations["power_kw"]) * page.scale**2
    for order, stand in enumerate(STANDS):
        for energy in ENERGIES:
            here = ((kinds == stand) & (stations["energy"] == energy)).to_numpy(dtype=bool)
            style = _style(page, energy, stand) | {"zorder": 30 + order}
            axes.scatter(places[here, 0], places[here, 1], s=sizes[here], **style)


def _crowded(page: Page, ground: Ground, axes: Any, stations: Any, places: Places) -> None:  # noqa: ANN401
    """Draw the part with most stations once more, larger, where the panel has room for it."""
    bounds = densest(places, (axes.get_xlim()[1] - axes.get_xlim()[0]) * CROWDED)
    inset = page.inset(bounds) if bounds is not None else None
    if inset is None:
        return
    ground.draw(page, inset)
    _symbols(page, inset, stations, places)
    ground.name_counties(page, inset)
    add_frame(page, axes, inset)
    inset.set_title(
        page.say(wording("print.inset")), fontsize=page.points(10.5), loc="left", color=INK
    )


def densest(places: Places, side: float) -> tuple[float, float, float, float] | None:
    """Return the square with most places around one of them; None where nothing is crowded.

    Parameters
    ----------
    places
        (n, 2) metres.
    side
        Length of a side in metres.
    """
    if len(places) < LEAST_CROWDED:
        return None
    near = (np.abs(places[:, None, :] - places[None, :, :]) <= side / 2).all(axis=2)
    best = int(np.argmax(near.sum(axis=1)))
    if near[best].sum() < LEAST_CROWDED:
        return None
    x, y = places[near[best]].mean(axis=0)
    return x - side / 2, y - side / 2, x + side / 2, y + side / 2


def _sizes(power_kw: pd.Series) -> np.ndarray[Any, Any]:
    """Return the area of each station's symbol by its power."""
    steps = [least for least, _ in SIZES]
    at = np.searchsorted(steps, power_kw.to_numpy(dtype=float), side="right") - 1
    areas: Places = np.array([area for _, area in SIZES])[np.clip(at, 0, len(SIZES) - 1)]
    return areas


def _style(page: Page, energy: str, stand: str) -> Row:
    """Return how a symbol is drawn: hollow where it only stays, ringed where it is changed."""
    shape, colour = SYMBOLS[energy]
    fill = "white" if stand == "keep" else colour
    edge = {"keep": colour, "changed": INK, "build": "white"}[stand]
    width = {"keep": 1.4, "changed": 1.6, "build": 0.6}[stand]
    return {"marker": shape, "facecolor": fill, "edgecolor": edge, "linewidth": page.points(width)}


def _explain(page: Page, kinds: pd.Series, energies: pd.Series) -> None:
    panel = page.panel
    for stand in reversed(STANDS):
        shown = [
            (energy, int(((kinds == stand) & (energies == energy)).sum())) for energy in ENERGIES
        ]
        if not any(n for _, n in shown):
            continue
        panel.heading(page.say(wording(f"print.stations_{stand}")))
        for energy, n in shown:
            if n:
                words = wording("print.counted", what=word_of("energy", energy), n=n)
                panel.marker(page.say(words), s=58 * page.scale**2, **_style(page, energy, stand))
    panel.heading(page.say(wording("print.power")))
    ends = [*(f"{least:,.0f}" for least, _ in SIZES[1:]), ""]
    for (least, area), end in zip(SIZES, ends, strict=True):
        key = "print.power_range" if end else "print.power_from"
        words = wording(key, low=f"{least:,.0f}", high=end)
        panel.marker(
            page.say(words), s=area * page.scale**2, facecolor="#90a4ae", edgecolor="white"
        )


def _figures(page: Page, figures: Row) -> None:
    siting = figures["siting"]
    page.panel.heading(page.say(wording("print.figures")))
    for key, values in (
        ("print.f_stations", {"n": siting["n_planned"], "kept": siting["n_existing"]}),
        ("print.f_changed", {"e": siting["n_extended"], "u": siting["n_upgraded"]}),
        (
            "print.f_money",
            {"public": money(siting["spent_cny"]), "own": money(siting["hydrogen_spent_cny"])},
        ),
    ):
        page.panel.note(page.say(wording(key, **values)))
    page.panel.note(page.say(wording("print.see_lists")))
