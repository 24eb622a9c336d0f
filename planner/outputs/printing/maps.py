"""Makes the printed maps of a plan, each as PNG and as SVG, the same for the same plan."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from planner.outputs.printing.gap_map import draw_gaps
from planner.outputs.printing.ground import Ground
from planner.outputs.printing.road_maps import draw_roadside, draw_stages
from planner.outputs.printing.sheet import Furniture, Page, drawing
from planner.outputs.printing.station_map import draw_stations
from planner.outputs.summary import warnings_of_trust
from planner.outputs.text_safety import brief
from planner.outputs.wording import Both, layer_title, word_of, wording

Row = dict[str, Any]
Draw = Callable[[Page, Ground, dict[str, Any], Row], None]
MAPS: dict[str, tuple[Draw, tuple[str, ...]]] = {
    "map-stations": (draw_stations, ("counties", "roads", "existing_stations")),
    "map-gaps": (draw_gaps, ("counties", "townships", "roads", "existing_stations")),
    "map-test-roads": (draw_stages, ("counties", "roads", "opened_roads", "zones")),
    "map-roadside": (draw_roadside, ("counties", "roads", "opened_roads", "road_features")),
}
"""The maps by file name: how each is drawn, and the inputs whose date and source it names."""

DOTS_PER_INCH = 200
COMMENT = re.compile(r"[ ]*<!--.*?-->\n?", re.DOTALL)
SOURCE = 70


def write_maps(
    frames: dict[str, Any], figures: Row, folder: Path, *, lang: str, paper: str
) -> list[str]:
    """Write every map as PNG and SVG and return the names of the files.

    Parameters
    ----------
    frames
        The plan's layers by name (EPSG:4326), names of a length that paper has room for.
    figures
        Content of ``plan.json``.
    folder
        An existing folder.
    lang
        ``"zh"`` or ``"en"``.
    paper
        ``"A3"`` or ``"A4"``, across.

    Raises
    ------
    OutputError
        ``E-OUT-062`` if no font with Chinese characters is installed.
    """
    written = []
    with drawing():
        ground = Ground(frames, figures["metric_crs"])
        for name, (draw, inputs) in MAPS.items():
            page = Page(furniture(name, inputs, figures, lang), lang=lang, paper=paper)
            draw(page, ground, frames, figures)
            png, svg = folder / f"{name}.png", folder / f"{name}.svg"
            page.figure.savefig(png, dpi=DOTS_PER_INCH, metadata={"Software": None})
            page.figure.savefig(svg, dpi=DOTS_PER_INCH, metadata={"Date": None, "Creator": None})
            _strip_comments(svg)
            written += [png.name, svg.name]
    return written


def _strip_comments(svg: Path) -> None:
    """Remove what the drawing library notes beside each shape: texts are drawn, not written."""
    drawing = COMMENT.sub("", svg.read_text("utf-8"))
    svg.write_text(drawing, encoding="utf-8", newline="\n")


def furniture(name: str, inputs: tuple[str, ...], figures: Row, lang: str) -> Furniture:
    """Return title, banner, sources and the approval line of a map in one language."""

    def say(words: Both) -> str:
        return words.en if lang == "en" else words.zh

    case = figures["case"]
    number = case["map_approval_number"]
    approval = wording("map.approval", number=number) if number else wording("map.internal")
    years = [row["year"] for row in figures["siting"]["by_year"]]
    subtitle = wording(
        "print.subtitle",
        case=Both(case["title_zh"], case["title_en"]),
        first=min(years, default=""),
        last=max(years, default=""),
        variant=f" · {case['variant']}" if case["variant"] else "",
    )
    return Furniture(
        title=say(wording(f"print.{name.replace('-', '_')}")),
        subtitle=say(subtitle),
        banner=[say(line) for line in warnings_of_trust(figures)],
        foot=[say(line) for line in _foot(inputs, figures)],
        approval=say(approval),
        internal=not number,
    )


def _foot(inputs: tuple[str, ...], figures: Row) -> list[Both]:
    """Return CRS and program, then date, trust and source of what the map shows."""
    used = [row for name in inputs for row in figures["inputs"] if row["layer"] == name]
    parts = [
        wording(
            "print.source",
            layer=layer_title(row["layer"]),
            date=row["date"] or "—",
            trust=word_of("trust", row["trust"]),
            source=brief(row["source"], SOURCE),
        )
        for row in used
    ]
    sources = Both("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))
    about = wording("print.about", metric=figures["metric_crs"], version=figures["planner_version"])
    return [about, wording("print.sources", sources=sources)] if parts else [about]
