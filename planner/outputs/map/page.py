"""Renders ``map.html``: folium's map, our panel and layers, one file that asks for nothing."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import folium
from branca.element import MacroElement
from jinja2 import Template

from planner.outputs.map.content import page_content
from planner.outputs.map.self_contained import licences, self_contained
from planner.outputs.text_safety import json_block, text

SCRIPTS = (
    "dom.js",
    "symbols.js",
    "layers.js",
    "gaps.js",
    "follow.js",
    "panel.js",
    "tools.js",
    "start.js",
)
ELEMENT_ID = "plan"
MAX_ZOOM, MIN_ZOOM = 18, 6


class PlanPage(MacroElement):
    """Marks where the plan's own parts go in folium's page.

    They are put in after rendering: branca renders what an element returns as a template
    once more, and a name such as ``{{ 7 * 7 }}`` would be evaluated.
    """

    _template = Template(
        "{% macro header(this, kwargs) %}<!--plan head-->{% endmacro %}"
        "{% macro html(this, kwargs) %}<!--plan body-->{% endmacro %}"
        "{% macro script(this, kwargs) %}/*plan code*/\n"
        "startPlan({{ this._parent.get_name() }});{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._id = ELEMENT_ID


def _parts(content: dict[str, Any]) -> dict[str, str]:
    """Return what stands at each mark; the data are last, so no name can be a mark."""
    title = text(content["title"] if isinstance(content["title"], str) else content["title"][0])
    data = f'<script type="application/json" id="plan-data">{json_block(content)}</script>'
    return {
        "<!--plan head-->": f"<title>{title}</title><style>{_template('map.css')}</style>",
        "/*plan code*/": "\n".join(_template(f"map/{name}") for name in SCRIPTS),
        "<!--plan body-->": f"{_template('map.html')}{data}<!--\n{licences()}-->",
    }


def render_map(frames: dict[str, Any], figures: dict[str, Any], *, lang: str = "zh") -> str:
    """Return the map of a plan as one HTML page that opens with no network.

    Parameters
    ----------
    frames
        The plan's layers by name (EPSG:4326).
    figures
        Content of ``plan.json``.
    lang
        Language the page opens in; it can be switched there.

    Returns
    -------
    str
        The same for the same plan, to the byte.

    Raises
    ------
    OutputError
        If folium links a file that is not vendored.
    """
    content = page_content(frames, figures, lang=lang)
    ground = folium.Map(
        location=content["centre"],
        tiles=None,
        zoom_control=False,
        prefer_canvas=True,
        attributionControl=False,
        maxZoom=MAX_ZOOM,
        minZoom=MIN_ZOOM,
        zoomSnap=0.25,
    )
    ground._id = ELEMENT_ID  # noqa: SLF001 - folium's random id would differ in every run
    ground.add_child(PlanPage())
    language = "en" if lang == "en" else "zh-CN"
    page = ground.get_root().render().replace("<html>", f'<html lang="{language}">', 1)
    for mark, part in _parts(content).items():
        page = page.replace(mark, part, 1)
    return self_contained(page)


def _template(name: str) -> str:
    return files("planner.outputs").joinpath("templates", *name.split("/")).read_text("utf-8")
