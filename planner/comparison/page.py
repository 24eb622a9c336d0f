"""Renders ``compare.html``: one file of the map's make that asks for nothing, of two plans."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from planner.comparison.comparison import Comparison
from planner.comparison.drawn import change_groups
from planner.comparison.tables import lists
from planner.comparison.words import (
    changed_figures,
    figure_cells,
    headline,
    plan_names,
    title,
    warnings,
)
from planner.outputs.canonical import plan_id
from planner.outputs.map import ground, shapes
from planner.outputs.map.background import background
from planner.outputs.map.content import foot
from planner.outputs.map.feature_layers import pair
from planner.outputs.map.interned import interned
from planner.outputs.map.page import Extra, render_page
from planner.outputs.wording import Both, same, wording, words_of

Json = dict[str, Any]
ALWAYS = 0
"""The one year of the page: everything of both plans is shown at once."""


def render_comparison(comparison: Comparison, *, lang: str = "zh") -> str:
    """Return a comparison as one HTML page that opens with no network.

    Parameters
    ----------
    comparison
        What to show.
    lang
        Language the page opens in; it can be switched there.

    Returns
    -------
    str
        The same for the same plans, to the byte.

    Raises
    ------
    OutputError
        If folium links a file that is not vendored.
    """
    extra = Extra(style=_template("compare.css"), script=_template("compare.js"))
    return render_page(_content(comparison, lang), extra)


def _content(comparison: Comparison, lang: str) -> Json:
    """Return the data block: what the map's page has, with nothing where it has nothing to show."""
    frames = comparison.two.layers
    box = shapes.bounds(frames["counties"].geometry)
    one, two = plan_names(comparison)
    about = wording("compare.about", one=one, two=two)
    verdict = "same" if comparison.same else "changed"
    nothing: Json = {
        "roads": {"fields": [], "rows": []},
        "energies": [],
        "corridors": [],
        "rules": [],
    }
    content = nothing | {
        "plan": _plan(comparison),
        "lang": "en" if lang == "en" else "zh",
        "title": pair(title(comparison)),
        "verdict": "met" if comparison.same else "differs",
        "verdict_text": pair(wording(f"compare.verdict_{verdict}")),
        "banner": [pair(row) for row in warnings(comparison)],
        "hint": "",
        "comparison": _overview(comparison),
        "foot": [pair(row) for row in foot(comparison.two.figures)],
        "about": pair(about),
        "words": _words(),
        "bounds": box,
        "centre": [round((low + high) / 2, 5) for low, high in zip(*box, strict=True)],
        "borders": ground.borders(frames["counties"]),
        "gaps": {"levels": [], "start": {}},
        "groups": change_groups(comparison),
        "lists": lists(comparison),
        "years": [{"year": ALWAYS, "name": pair(_years(comparison)), "phase": "", "figures": []}],
    }
    return interned(content | background(frames))


def _plan(comparison: Comparison) -> Json:
    one, two = (plan.figures for plan in (comparison.one, comparison.two))
    return {"id": f"{plan_id(one)} / {plan_id(two)}"}


def _overview(comparison: Comparison) -> Json:
    changed = {figure.key for figure in changed_figures(comparison)}
    return {
        "said": [pair(row) for row in headline(comparison)],
        "figures": [
            {
                "cells": [pair(cell) for cell in figure_cells(figure)],
                "changed": figure.key in changed,
                "state": "blocked" if figure.obstacles else "differs" if figure.difference else "",
            }
            for figure in comparison.figures
        ],
    }


def _words() -> Json:
    """Return the words of the map's page, and those of this page under ``compare_``."""
    own = {f"compare_{key}": row for key, row in words_of("compare").items()}
    return {key: pair(row) for key, row in (words_of("page") | own).items()}


def _years(comparison: Comparison) -> Both:
    years = [row["year"] for row in comparison.two.figures["siting"]["by_year"]]
    return same(f"{min(years)}–{max(years)}" if years else "—")


def _template(name: str) -> str:
    return files("planner.comparison").joinpath("templates", name).read_text("utf-8")
