"""Renders ``map.html``: folium's map, our panel and layers, one file that asks for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import folium
from branca.element import MacroElement
from jinja2 import Template

from planner.outputs.map.content import page_content
from planner.outputs.map.reviewing import review_content
from planner.outputs.map.self_contained import licences, self_contained
from planner.outputs.map.tiles import Tiles, frames_for
from planner.outputs.text_safety import json_block, text

SCRIPTS = (
    "dom.js",
    "symbols.js",
    "layers.js",
    "gaps.js",
    "follow.js",
    "years.js",
    "picking.js",
    "objects.js",
    "panel.js",
    "lists.js",
    "search.js",
    "tools.js",
    "printing.js",
    "base_tiles.js",
    "start.js",
)
REVIEW_SCRIPTS = (
    "review_marks.js",
    "review_file.js",
    "review_store.js",
    "review_subject.js",
    "review_form.js",
    "review_place.js",
    "review_draw.js",
    "review_tab.js",
    "review_sheet.js",
    "review.js",
)
ELEMENT_ID = "plan"
MAX_ZOOM, MIN_ZOOM = 18, 6
ENGINE = (
    '<meta name="renderer" content="webkit">'
    '<meta http-equiv="X-UA-Compatible" content="IE=edge,chrome=1">'
)
"""Browsers with two engines take their newer one."""


@dataclass(frozen=True)
class Extra:
    """What another page of the same make adds after the map's own style and scripts.

    A function it declares takes the place of the map's function of that name.
    """

    style: str = ""
    script: str = ""


NO_EXTRA = Extra()


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


def _parts(content: dict[str, Any], extra: Extra) -> dict[str, str]:
    """Return what stands at each mark; the data are last, so no name can be a mark."""
    title = text(content["title"] if isinstance(content["title"], str) else content["title"][0])
    style = _template("map.css") + extra.style
    data = f'<script type="application/json" id="plan-data">{json_block(content)}</script>'
    return {
        "<!--plan head-->": f"<title>{title}</title><style>{style}</style>",
        "/*plan code*/": "\n".join([*(_template(f"map/{name}") for name in SCRIPTS), extra.script]),
        "<!--plan body-->": f"{_template('map.html')}{data}<!--\n{licences()}-->",
    }


def render_map(
    frames: dict[str, Any],
    figures: dict[str, Any],
    *,
    lang: str = "zh",
    tiles: Tiles | None = None,
) -> str:
    """Return the map of a plan as one HTML page that opens with no network.

    Parameters
    ----------
    frames
        The plan's layers by name (EPSG:4326).
    figures
        Content of ``plan.json``.
    lang
        Language the page opens in; it can be switched there.
    tiles
        Service that the page shows under the plan; ``None`` for a page that asks for nothing.

    Returns
    -------
    str
        The same for the same plan, to the byte.

    Raises
    ------
    OutputError
        If folium links a file that is not vendored.
    """
    content = page_content(frames_for(tiles, frames), figures, lang=lang)
    content["review"] = review_content()
    if tiles is None:
        return render_page(content, _review())
    content["base"] = tiles.content()
    content["foot"][1:1] = tiles.foot()  # early: a narrow page cuts the end of the line
    return render_page(content, _review(), images=tiles.hosts)


def _review() -> Extra:
    """Return what the review adds to the map; pages that compare or print go without."""
    scripts = "\n".join(_template(f"map/{name}") for name in REVIEW_SCRIPTS)
    return Extra(_template("review.css"), scripts)


def render_page(
    content: dict[str, Any], extra: Extra = NO_EXTRA, *, images: tuple[str, ...] = ()
) -> str:
    """Return a page of the map's make from its data block.

    Parameters
    ----------
    content
        What :func:`planner.outputs.map.content.page_content` returns, or another page's.
    extra
        Style and script of that other page.
    images
        Origins that the page may ask for images; none unless it was made with tiles.

    Raises
    ------
    OutputError
        If folium links a file that is not vendored.
    """
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
    language = "en" if content["lang"] == "en" else "zh-CN"
    page = ground.get_root().render().replace("<html>", f'<html lang="{language}">', 1)
    page = page.replace("<head>", f"<head>\n{ENGINE}", 1)
    for mark, part in _parts(content, extra).items():
        page = page.replace(mark, part, 1)
    return self_contained(page, images)


def _template(name: str) -> str:
    return files("planner.outputs").joinpath("templates", *name.split("/")).read_text("utf-8")
