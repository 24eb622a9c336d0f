"""Writes a case folder in one piece: it is whole and readable, or it is not there."""

from __future__ import annotations

import json
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from planner.cases.draft import CaseOptions, Draft
from planner.cases.targets import target_table
from planner.errors import OutputError, Problem
from planner.inputs import Inputs, read_inputs
from planner.layers import CASE_LAYERS, validate
from planner.scenario import RULES_FILE, SCENARIO_FILE, load_scenario

COORDINATE_DECIMALS = 7
NOWHERE = shapely.Point(float("nan"), float("nan"))
HEADER = """\
# A case of planner: this file and the layers beside it.
# Every default is in planner's own list; a value written here takes its place, as
#   budget_cny_2027 = 100000000
# or with its origin, as
#   budget_cny_2027 = {value = 100000000, source = "...", trust = "S"}
# Population: column population in counties.geojson; where population_trust says "estimate",
# replace the figure, and state population_trust and population_source.
"""


@dataclass(frozen=True)
class MadeCase:
    """A case folder that was written, what it holds, and what a planner should know."""

    folder: Path
    inputs: Inputs
    warnings: tuple[Problem, ...]
    notes: tuple[str, ...]


def write_case(
    folder: Path,
    draft: Draft,
    options: CaseOptions,
    hint: str = "",
    settings_from: Path | None = None,
) -> MadeCase:
    """Write the layers and ``scenario.toml``, read them back, and put the folder in place.

    Parameters
    ----------
    folder
        Where the case shall be; it must not exist or be empty.
    draft
        The layers.
    options
        Names and targets.
    hint
        The command that replaces schematic roads by real ones; empty for real roads.
    settings_from
        Case folder whose settings and policy rules this one takes over.

    Raises
    ------
    OutputError
        If something stands there, or it cannot be written.
    InputError
        If the layers do not make a sound case; nothing is left behind then.
    """
    folder = folder.absolute()

    def fill(staged: Path) -> Inputs:
        inputs = _written(staged, folder, draft, options, _given_settings(settings_from, hint))
        if settings_from is not None and (settings_from / RULES_FILE).is_file():
            shutil.copyfile(settings_from / RULES_FILE, staged / RULES_FILE)
            return read_inputs(load_scenario(staged))
        return inputs

    inputs = placed(folder, fill)
    return MadeCase(folder, inputs, (*draft.warnings, *inputs.warnings), tuple(draft.notes))


def placed(folder: Path, fill: Callable[[Path], Inputs]) -> Inputs:
    """Have a case written beside its place and put it there whole, or leave nothing behind.

    Parameters
    ----------
    folder
        Absolute; it must not exist or be empty.
    fill
        Writes the case into the folder it is given and reads it back.

    Raises
    ------
    OutputError
        If something stands there, or it cannot be written.
    """
    refuse_occupied(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise _cannot_write(folder, error) from None
    try:
        inputs = fill(staged)
        staged.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        staged.rename(folder)
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise _cannot_write(folder, error) from None
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return inputs


def refuse_occupied(folder: Path) -> None:
    """Raise OutputError if a case may not be written here because something stands there."""
    occupied = folder.is_dir() and any(folder.iterdir())
    if occupied or (folder.exists() and not folder.is_dir()):
        raise OutputError(
            Problem(
                "E-OUT-001",
                "the folder exists and is not empty; nothing was changed",
                "name another folder, or move this one away",
                file=str(folder),
            )
        )


def _cannot_write(folder: Path, error: OSError) -> OutputError:
    reason = f"the case cannot be written: {error.strerror or error}"
    return OutputError(
        Problem("E-OUT-002", reason, "check the place, its permissions and free space", str(folder))
    )


def _given_settings(settings_from: Path | None, hint: str) -> dict[str, Any]:
    """Return the sections of ``scenario.toml`` that are known before the layers are."""
    case = {"replace_roads_hint": hint} if hint else {}
    if settings_from is None:
        return {"case": case}
    content = tomllib.loads((settings_from / SCENARIO_FILE).read_text("utf-8"))
    return content | {"case": case, "layers": {}}


def _written(
    staged: Path, folder: Path, draft: Draft, options: CaseOptions, table: dict[str, Any]
) -> Inputs:
    case_id = options.case_id or folder.name
    names = {
        "id": case_id,
        "title_zh": options.title_zh or options.title_en or case_id,
        "title_en": options.title_en or options.title_zh or case_id,
    }
    table["case"] |= names
    table["layers"] = {}
    for layer in CASE_LAYERS:
        if layer.name in draft.layers:
            item = draft.layers[layer.name]
            frame = validate(item.frame, layer)
            suffix = "csv" if layer.geometry == "none" or layer.place_nullable else "geojson"
            file = f"{layer.name}.{suffix}"
            write_layer(staged / file, frame)
            table["layers"][layer.name] = {
                "file": file,
                "datum": "wgs84",
                "source": item.origin.source,
                "licence": item.origin.licence,
                "date": item.origin.date,
                "synthetic": item.origin.synthetic,
                "trust": item.origin.trust,
            }
    if options.targets or "test_roads" not in table:
        kept = {k: v for k, v in table.get("test_roads", {}).items() if "target_km" not in k}
        table["test_roads"] = kept | target_table(draft.layers["roads"].frame, options.targets)
    _write_scenario(staged / SCENARIO_FILE, table, draft.notes)
    return read_inputs(load_scenario(staged))


def _write_scenario(path: Path, table: Mapping[str, Any], notes: Sequence[str]) -> None:
    import tomli_w  # noqa: PLC0415 - only needed to write a case

    told = "".join(f"# - {' '.join(note.split())}\n" for note in notes)
    head = HEADER + (f"# How the layers were made:\n{told}" if told else "")
    path.write_text(head + "\n" + tomli_w.dumps(table), encoding="utf-8", newline="\n")


def write_layer(path: Path, frame: gpd.GeoDataFrame) -> None:
    """Write a layer as CSV (points in lon, lat) or GeoJSON, the same bytes each time."""
    if path.suffix == ".csv":
        _write_csv(path, frame)
        return
    columns = [name for name in frame.columns if name != "geometry"]
    shapes = shapely.set_precision(
        frame.geometry.to_numpy(), 10.0**-COORDINATE_DECIMALS, mode="pointwise"
    )
    geometries = shapely.to_geojson(shapes)
    cells = zip(*(_cells(frame[name]) for name in columns), strict=True)
    features = [
        '{"type": "Feature", "properties": '
        + json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False)
        + f', "geometry": {geometry}}}'
        for row, geometry in zip(cells, geometries, strict=True)
    ]
    text = '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def _cells(column: pd.Series) -> list[Any]:
    cells = column.astype(object).where(column.notna(), None).tolist()
    whole = column.dtype == "float64" and (column.dropna() % 1 == 0).all()
    return [int(cell) if whole and cell is not None else cell for cell in cells]


def _write_csv(path: Path, frame: gpd.GeoDataFrame) -> None:
    table = pd.DataFrame(frame)
    if "geometry" in table.columns:
        places = shapely.get_coordinates(
            [NOWHERE if shape is None else shape for shape in table["geometry"]]
        ).round(COORDINATE_DECIMALS)
        table = table.drop(columns="geometry").assign(lon=places[:, 0], lat=places[:, 1])
    table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
