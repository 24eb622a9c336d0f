"""Publishes a plan on paper in a folder of its own: report, maps, and what they were made from."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from planner.outputs.atomic import staged
from planner.outputs.canonical import canonical_json
from planner.outputs.printing.fonts import families
from planner.outputs.printing.maps import write_maps
from planner.outputs.printing.paper import require_extra, write_report
from planner.outputs.printing.shortened import shortened_figures, shortened_layers
from planner.outputs.published import Published

MARK = "print.json"
REPORT = "report.pdf"


def write_print(plan: Published, out: Path, *, lang: str = "zh", paper: str = "A3") -> list[Path]:
    """Write ``report.pdf`` and the maps of a plan into a folder, which appears in one step.

    Parameters
    ----------
    plan
        A published plan, as :func:`planner.outputs.read_published` reads it.
    out
        Folder to make; an earlier one of its kind is replaced.
    lang
        Language of report and maps: ``"zh"`` or ``"en"``.
    paper
        Paper of the maps, across: ``"A3"`` or ``"A4"``. The report is A4.

    Returns
    -------
    list of Path
        The files, ``print.json`` last.

    Raises
    ------
    OutputError
        ``E-OUT-060`` if the extra is missing, ``E-OUT-061`` if Pango is, ``E-OUT-062`` if no
        font with Chinese characters is installed; or if the folder cannot be written.
    """
    require_extra()
    font = families()[0]
    mark = hashlib.sha256(canonical_json(plan.figures).encode()).hexdigest()[:16]
    figures: dict[str, Any] = shortened_figures(plan.figures)
    frames = shortened_layers(plan.layers)
    with staged(out, mark=MARK) as folder:
        pages = write_report(frames, figures, folder / REPORT, lang=lang, mark=mark)
        names = [REPORT, *write_maps(frames, figures, folder, lang=lang, paper=paper), MARK]
        made: dict[str, Any] = {
            "format": "planner-print-1",
            "plan": mark,
            "lang": lang,
            "paper": paper,
        }
        made |= {"font": font, "pages": pages, "files": names}
        (folder / MARK).write_text(canonical_json(made), encoding="utf-8", newline="\n")
    return [out / name for name in names]
