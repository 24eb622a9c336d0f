"""The map of a plan outside its folder: shown in a notebook, or saved as one page."""

from __future__ import annotations

import os
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import OutputError, Problem
from planner.outputs.atomic import PLAN_FILE, cannot_write
from planner.outputs.map.page import render_map
from planner.outputs.map.tiles import tile_service
from planner.outputs.published import read_published

if TYPE_CHECKING:
    from planner.plan import Plan

HEIGHT = 640
MARK = 'id="plan-data"'
"""What only our pages hold: an earlier map may be replaced, another file may not."""


@dataclass(frozen=True, repr=False)
class MapView:
    """A map that a notebook shows and that can be saved.

    Parameters
    ----------
    page
        The self-contained page.
    height
        Pixels that it takes in a notebook.
    """

    page: str
    height: int = HEIGHT

    def _repr_html_(self) -> str:
        """Return the page in a frame of its own: neither's style nor script meets the other's."""
        return (
            f'<iframe srcdoc="{escape(self.page)}" title="planner map" '
            f'style="width:100%;height:{self.height}px;border:1px solid #dfe4ea"></iframe>'
        )

    def save(self, path: str | Path) -> Path:
        """Write the page to a file and return its path.

        Parameters
        ----------
        path
            File to make; an earlier map there is replaced in one step.

        Raises
        ------
        OutputError
            ``E-OUT-073`` if the file would stand in a plan folder, ``E-OUT-074`` if something
            that is no map stands there, ``E-OUT-001`` if it cannot be written.
        """
        file = Path(path)
        temporary = file.with_name(f".{file.name}.tmp-{os.getpid()}")
        try:
            _refuse(file)
            file.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(self.page, encoding="utf-8", newline="\n")
            temporary.replace(file)
        except OutputError:
            raise
        except OSError as error:
            raise cannot_write(error, file) from error
        finally:
            temporary.unlink(missing_ok=True)
        return file


def explore(
    plan: Plan | str | Path, *, lang: str = "zh", height: int = HEIGHT, tiles: str = ""
) -> MapView:
    """Return the map of a plan, the same as its ``map.html``, for a notebook or another file.

    Parameters
    ----------
    plan
        A plan, or the folder of one that is published.
    lang
        Language the page opens in: ``"zh"`` or ``"en"``.
    height
        Pixels that it takes in a notebook.
    tiles
        ``"tianditu"``, ``"osm"`` or ``"gaode"`` for tiles from the network under the plan;
        none by default, and the page then asks for nothing. Tianditu's key is taken from the
        environment variable ``PLANNER_TIANDITU_KEY`` and stands in the page.

    Raises
    ------
    InputError
        If the folder holds no plan.
    ConfigError
        If there are no such tiles, or their key is missing.
    """
    service = tile_service(tiles, os.environ) if tiles else None
    shown = read_published(plan) if isinstance(plan, str | Path) else plan
    return MapView(render_map(shown.layers, shown.figures, lang=lang, tiles=service), height)


def _refuse(file: Path) -> None:
    if (file.parent / PLAN_FILE).exists():
        reason = "lies in a plan folder, which holds exactly the files that were proved"
        remedy = "choose a file outside it with --out"
        raise OutputError(Problem("E-OUT-073", reason, remedy, file=str(file)))
    if file.is_dir() or (file.exists() and MARK not in file.read_text("utf-8", errors="replace")):
        remedy = "choose a new file with --out, or an earlier map"
        raise OutputError(
            Problem("E-OUT-074", "is no map, so not replaced", remedy, file=str(file))
        )
