"""Reads a published plan folder back: its figures and its layers, as the plan had them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyogrio
import pyogrio.errors

from planner import layers
from planner.errors import InputError, Problem
from planner.layers import Layer
from planner.outputs.atomic import PLAN_FILE

LAYERS_FILE = "plan.gpkg"
CERTIFICATE_FILE = "certificate.json"
UNPROVEN = "run planner verify on the folder to see what changed, or run the case again"
REMEDY = "name a folder that planner run has written"
OTHER_VERSION = (
    "if another version of planner made it, run the case again; else name another folder"
)
UNREADABLE = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
)


@dataclass(frozen=True)
class Published:
    """A plan as its folder holds it.

    Parameters
    ----------
    folder
        Where it was read.
    layers
        GeoDataFrame (EPSG:4326) or DataFrame of every layer of ``PLAN_LAYERS``, by name.
    figures
        Content of ``plan.json``.
    """

    folder: Path
    layers: dict[str, Any]
    figures: dict[str, Any]


def read_published(folder: str | Path) -> Published:
    """Read a plan folder.

    Parameters
    ----------
    folder
        Folder that :func:`planner.write_plan` or ``planner run`` has written.

    Raises
    ------
    InputError
        ``E-OUT-020`` if the folder holds no plan, ``E-OUT-021`` if a file of it cannot be
        read, ``E-OUT-022`` if a layer is missing or not as its schema says.
    """
    folder = Path(folder)
    figures = _figures(folder / PLAN_FILE)
    file = folder / LAYERS_FILE
    if not file.is_file():
        raise _refused(file, "E-OUT-020", "is missing, so the folder is no plan")
    found = {layer.name: _layer(file, layer) for layer in layers.PLAN_LAYERS}
    return Published(folder, found, figures)


def read_certified(folder: str | Path) -> Published:
    """Read a plan folder whose files are those that its certificate proves.

    Parameters
    ----------
    folder
        Folder that :func:`planner.write_plan` or ``planner run`` has written.

    Raises
    ------
    InputError
        ``E-OUT-023`` if there is no certificate, it says that the plan does not hold, or a
        file has changed since; else as :func:`read_published`.
    """
    published = read_published(folder)
    file = published.folder / CERTIFICATE_FILE
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        proven = dict(stored["files"]) if stored["passed"] is True else {}
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise _refused(file, "E-OUT-023", f"cannot be read: {error}", UNPROVEN) from error
    for name in (PLAN_FILE, LAYERS_FILE):
        found = hashlib.sha256((published.folder / name).read_bytes()).hexdigest()
        if proven.get(name) != found:
            changed = published.folder / name
            raise _refused(changed, "E-OUT-023", "is not the file that was proved", UNPROVEN)
    return published


def _figures(file: Path) -> dict[str, Any]:
    try:
        figures = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise _refused(file, "E-OUT-020", "is missing, so the folder is no plan") from error
    except (OSError, ValueError) as error:
        raise _refused(file, "E-OUT-021", f"cannot be read: {error}") from error
    if not isinstance(figures, dict) or not str(figures.get("format")).startswith("planner-plan-"):
        raise _refused(file, "E-OUT-021", "holds no plan")
    return figures


def _layer(file: Path, layer: Layer) -> Any:  # noqa: ANN401 - a frame with or without geometry
    try:
        frame = pyogrio.read_dataframe(
            file, layer=layer.name, read_geometry=layer.geometry != "none"
        )
    except UNREADABLE as error:
        reason = f"layer {layer.name} cannot be read: {error}"
        raise _refused(file, "E-OUT-022", reason, OTHER_VERSION) from error
    return layers.validate(_as_made(frame, layer), layer).reset_index(drop=True)


def _as_made(frame: Any, layer: Layer) -> Any:  # noqa: ANN401 - a frame with or without geometry
    """Give text back its type where a column of the file is empty."""
    names = [column.name for column in layer.columns if column.kind == "text"]
    return frame.astype({name: "str" for name in names if name in frame})


def _refused(file: Path, code: str, reason: str, remedy: str = REMEDY) -> InputError:
    return InputError(Problem(code, reason, remedy, file=str(file)))
