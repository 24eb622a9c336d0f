"""Reads the roads of a case from a vector file, whatever its columns are called."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from planner.cases.draft import as_layer
from planner.cases.highways import (
    CLASS_OF_HIGHWAY,
    LANES,
    SPEED_KPH,
    direction,
    lanes,
    speed_kph,
)
from planner.cases.synonyms import ROAD_NAMES, looked_for, resolved
from planner.errors import InputError, Problem
from planner.inputs import read_foreign
from planner.inputs.findings import Findings
from planner.inputs.numbers import flag_of, number_of, text_of
from planner.layers import ROAD_CLASSES, ROADS

CLASS_BY_SPEED = (
    (100.0, "motorway"),
    (80.0, "trunk"),
    (60.0, "primary"),
    (50.0, "secondary"),
    (40.0, "tertiary"),
    (0.0, "residential"),
)
"""Class of a road whose file has speeds but no classes: by the least speed of each."""

CHINESE_CLASSES = {
    "高速公路": "motorway", "高速": "motorway", "城市快速路": "trunk", "快速路": "trunk",
    "国道": "trunk", "省道": "primary", "主干路": "primary", "主干道": "primary",
    "县道": "secondary", "次干路": "secondary", "次干道": "secondary", "乡道": "tertiary",
    "支路": "tertiary", "村道": "residential", "匝道": "ramp", "内部道路": "service",
}  # fmt: skip
CLASSES = {name: name for name in ROAD_CLASSES} | CLASS_OF_HIGHWAY | CHINESE_CLASSES
NOT_FOR_CARS = {
    "footway", "cycleway", "path", "steps", "pedestrian", "track", "bridleway", "corridor",
    "construction", "proposed", "platform", "elevator", "raceway", "busway", "bus_guideway",
    "escape", "track_grade1", "track_grade2", "track_grade3", "track_grade4", "track_grade5",
    "rest_area", "services", "unknown", "abandoned", "razed", "planned",
}  # fmt: skip
GEOFABRIK_DIRECTIONS = {"F": "yes", "T": "-1", "B": "no"}


def roads_from_file(
    path: Path, *, datum: str, layer: str = ""
) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Read road lines from GeoPackage, GeoJSON, Shapefile or FlatGeobuf.

    Returns
    -------
    tuple
        The roads layer, and notes on what was assumed.

    Raises
    ------
    InputError
        If the file cannot be used, or has neither a class nor a speed.
    """
    frame, findings = read_foreign(path, ROADS, datum=datum, name=layer)
    columns = resolved(frame, ROAD_NAMES)
    if "road_class" in columns:
        frame = _classed(frame, columns["road_class"], findings)
    elif "speed_kph" in columns:
        steps = ", ".join(f"{name} from {least:.0f} km/h" for least, name in CLASS_BY_SPEED)
        findings.notes.append(f"no road class in the file: classes follow from speeds ({steps})")
    else:
        raise findings.stop(
            Problem(
                "E-COL-001",
                looked_for("road_class", ROAD_NAMES, frame) + "; nor is there a speed",
                "add a road class (motorway ... residential) or a speed in km/h",
                column="road_class",
            )
        )
    present = {name: frame[column].tolist() for name, column in columns.items()}
    rows = [
        _row({name: cells[place] for name, cells in present.items()}, columns)
        for place in range(len(frame))
    ]
    ids = _ids(rows, frame.index, findings)
    shapes = [
        shapely.reverse(shape) if row.pop("backward") else shape
        for row, shape in zip(rows, frame.geometry, strict=True)
    ]
    roads = as_layer(
        "roads", [row | {"road_id": name} for row, name in zip(rows, ids, strict=True)], shapes
    )
    _note_defaults(columns, findings)
    return roads, findings.notes


def _classed(frame: gpd.GeoDataFrame, column: str, findings: Findings) -> gpd.GeoDataFrame:
    words = frame[column].map(lambda cell: _word(cell).lower())
    closed = words.isin(NOT_FOR_CARS)
    if closed.any():
        kinds = ", ".join(sorted(set(words[closed])))
        findings.notes.append(f"{int(closed.sum())} rows are not for cars and left out: {kinds}")
    unknown = words[~closed & ~words.isin(list(CLASSES))]
    for word, rows in unknown.groupby(unknown, sort=True):
        findings.add(
            Problem(
                "E-VAL-001",
                f"{column} {word!r} is no known road class",
                f"use one of {', '.join(ROAD_CLASSES)}, OpenStreetMap's words, or 国道, 省道 ...",
                row=", ".join(str(row) for row in rows.index[:5]),
                column=column,
                value=str(word),
                count=len(rows),
            )
        )
    if findings.problems:
        raise InputError(findings.problems)
    return frame[~closed]


def _word(cell: object) -> str:
    return "" if cell is None or cell != cell else text_of(cell).strip()  # noqa: PLR0124


def _row(cells: dict[str, object], columns: dict[str, str]) -> dict[str, Any]:
    words = {name: _word(cell) for name, cell in cells.items()}
    speed = speed_kph(words.get("speed_kph", ""))
    given = words.get("road_class", "").lower()
    road_class = CLASSES[given] if given else _class_of_speed(speed)
    oneway, backward = _direction(words, columns)
    return {
        "road_id": words.get("road_id", ""),
        "name": words.get("name") or None,
        "ref": words.get("ref") or None,
        "road_class": road_class,
        "oneway": oneway,
        "backward": backward,
        "speed_kph": SPEED_KPH[road_class] if speed is None else speed,
        "lanes": _lanes(words, road_class, oneway=oneway),
        "bridge": _is_built(words.get("bridge", "")),
        "tunnel": _is_built(words.get("tunnel", "")),
        "trust": "X" if given else "estimate",
    }


def _class_of_speed(speed: float | None) -> str:
    return next(name for least, name in CLASS_BY_SPEED if (speed or 0.0) >= least)


def _direction(words: dict[str, str], columns: dict[str, str]) -> tuple[bool, bool]:
    if "oneway" not in words and "lanes_backward" in words:
        ahead, back = (number_of(words.get(f"lanes_{way}", "")) for way in ("forward", "backward"))
        return (True, ahead == 0) if (ahead == 0) != (back == 0) else (False, False)
    word = words.get("oneway", "")
    word = GEOFABRIK_DIRECTIONS.get(word, word)
    if flag_of(word) is not None:
        word = "yes" if flag_of(word) else "no"
    tags = {"oneway": word, "junction": words.get("junction", "")}
    if columns.get("road_class", "").lower() in {"highway", "fclass"}:
        tags["highway"] = words["road_class"].lower()
    return direction(tags)


def _lanes(words: dict[str, str], road_class: str, *, oneway: bool) -> int:
    if "lanes_forward" in words and "lanes" not in words:
        both = [number_of(words.get(f"lanes_{way}", "0")) for way in ("forward", "backward")]
        total = sum(figure for figure in both if math.isfinite(figure))
        return lanes(str(int(total)), road_class, oneway=oneway)
    return lanes(words.get("lanes", ""), road_class, oneway=oneway)


def _is_built(word: str) -> bool:
    flag = flag_of(word)
    return bool(word) if flag is None else flag


def _ids(rows: list[dict[str, Any]], index: pd.Index, findings: Findings) -> list[str]:
    ids = [row["road_id"] for row in rows]
    if all(ids) and len(set(ids)) == len(ids):
        return ids
    findings.notes.append("no unique id in the file: roads are named r1, r2, ... by their rows")
    return [f"r{label}" for label in index]


def _note_defaults(columns: dict[str, str], findings: Findings) -> None:
    for name, usual in (("speed_kph", SPEED_KPH), ("lanes", LANES)):
        if name not in columns and f"{name}_forward" not in columns:
            steps = ", ".join(f"{key} {value:g}" for key, value in usual.items())
            findings.notes.append(f"no {name} in the file: assumed by class ({steps})")
    if "oneway" not in columns and "lanes_backward" not in columns:
        findings.notes.append("no oneway in the file: roads are taken as two-way")
