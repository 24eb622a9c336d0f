"""Reads the files of a plan folder, trusting none of them, and hands out what they say."""

from __future__ import annotations

import json
import sqlite3
import warnings
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from planner import layers
from planner.errors import InputError

T = TypeVar("T")
Row = dict[str, Any]
SQLITE_HEADER = b"SQLite format 3\x00"
PLAN_JSON, GEOPACKAGE = "plan.json", "plan.gpkg"
LARGEST_TEXT = 400_000_000
OPEN_ENDINGS = ("-wal", "-shm", "-journal")
OGR_ERRORS = (DataSourceError, DataLayerError, FeatureError)


class UnreadableError(LookupError):
    """Something that a check needs is missing from the folder or is not what it should be."""


@dataclass(frozen=True)
class PlanFiles:
    """What the files of a plan folder say; layers are read when they are first asked for.

    ``unreadable`` tells what could not be read so far, and why. Layers are in EPSG:4326 and
    satisfy their schema of :mod:`planner.layers`.
    """

    folder: Path
    content: Row
    unreadable: dict[str, str]
    frames: dict[str, gpd.GeoDataFrame] = field(default_factory=dict, repr=False)
    memo: dict[str, Any] = field(default_factory=dict, repr=False)

    def layer(self, name: str) -> gpd.GeoDataFrame:
        """Return a layer of plan.gpkg.

        Raises
        ------
        UnreadableError
            If it is missing or breaks its schema.
        """
        if name not in self.frames and not {name, GEOPACKAGE} & self.unreadable.keys():
            self._read(name)
        if name not in self.frames:
            why = self.unreadable.get(name) or self.unreadable[GEOPACKAGE]
            message = f"layer {name} of {GEOPACKAGE}: {why}"
            raise UnreadableError(message)
        return self.frames[name]

    def _read(self, name: str) -> None:
        layer = next((layer for layer in layers.PLAN_LAYERS if layer.name == name), None)
        if layer is None:
            self.unreadable[name] = "it is no layer of a plan"
            return
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            try:
                self.frames[name] = _read_layer(self.folder / GEOPACKAGE, layer)
            except (OSError, ValueError, TypeError, sqlite3.Error, *OGR_ERRORS) as error:
                self.unreadable[name] = _said(error)
        if told and name in self.frames:
            del self.frames[name]
            self.unreadable[name] = str(told[0].message)

    def figure(self, *path: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return a value of plan.json by the keys that lead to it."""
        value: Any = self.content
        for at, key in enumerate(path):
            if not isinstance(value, dict) or key not in value:
                message = f"{PLAN_JSON} has no {'.'.join(path[: at + 1])}"
                raise UnreadableError(message)
            value = value[key]
        return value

    def number(self, *path: str) -> float:
        """Return a number of plan.json."""
        value = self.figure(*path)
        if isinstance(value, bool) or not isinstance(value, int | float):
            message = f"{PLAN_JSON} {'.'.join(path)} is not a number: {value!r}"
            raise UnreadableError(message)
        return float(value)

    def whole(self, *path: str) -> int:
        """Return a whole number of plan.json, exactly."""
        value = self.figure(*path)
        if isinstance(value, bool) or not isinstance(value, int):
            message = f"{PLAN_JSON} {'.'.join(path)} is not a whole number: {value!r}"
            raise UnreadableError(message)
        return value

    def text(self, *path: str) -> str:
        """Return a text of plan.json."""
        value = self.figure(*path)
        if not isinstance(value, str):
            message = f"{PLAN_JSON} {'.'.join(path)} is not a text: {value!r}"
            raise UnreadableError(message)
        return value

    def mapping(self, *path: str) -> Row:
        """Return the part of plan.json under some keys."""
        value = self.figure(*path)
        if not isinstance(value, dict):
            message = f"{PLAN_JSON} {'.'.join(path)} is not a mapping"
            raise UnreadableError(message)
        return value

    def table(self, *path: str) -> dict[str, Row]:
        """Return named rows of plan.json, such as the technologies."""
        value = self.figure(*path)
        if not isinstance(value, dict) or not all(isinstance(row, dict) for row in value.values()):
            message = f"{PLAN_JSON} {'.'.join(path)} is not a table"
            raise UnreadableError(message)
        return cast("dict[str, Row]", value)

    def rows(self, *path: str) -> list[Row]:
        """Return a list of rows of plan.json."""
        value = self.figure(*path)
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            message = f"{PLAN_JSON} {'.'.join(path)} is not a list of rows"
            raise UnreadableError(message)
        return cast("list[Row]", value)

    def document(self, name: str) -> str:
        """Return the text of a file of the folder."""
        path = self.folder / name
        if not path.is_file():
            message = f"{name} is missing"
            raise UnreadableError(message)
        if path.stat().st_size > LARGEST_TEXT:
            message = f"{name} is larger than any plan's"
            raise UnreadableError(message)
        return path.read_text(encoding="utf-8")

    def once(self, make: Callable[[PlanFiles], T]) -> T:
        """Return what a function makes of this plan, making it only once."""
        name = f"{make.__module__}.{make.__qualname__}"
        if name not in self.memo:
            self.memo[name] = make(self)
        return cast("T", self.memo[name])


def read_plan_files(folder: Path) -> PlanFiles:
    """Open a plan folder; what cannot be read is told in ``unreadable``, not raised."""
    unreadable: dict[str, str] = {}
    content = _read_json(folder / PLAN_JSON, unreadable)
    try:
        _refuse_unsound(folder / GEOPACKAGE)
    except (OSError, ValueError, sqlite3.Error) as error:
        unreadable[GEOPACKAGE] = _said(error)
    return PlanFiles(folder, content, unreadable)


def _read_json(path: Path, unreadable: dict[str, str]) -> Row:
    try:
        content = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse_constant)
    except (OSError, ValueError, RecursionError) as error:
        unreadable[path.name] = _said(error)
        return {}
    if not isinstance(content, dict):
        unreadable[path.name] = "it is not a JSON object"
        return {}
    return content


def _refuse_constant(name: str) -> float:
    message = f"{name} is not a number that JSON knows"
    raise ValueError(message)


def _refuse_unsound(path: Path) -> None:
    """Look at the bytes first: GDAL would follow what a file says it is, not its name."""
    with path.open("rb") as stream:
        if stream.read(len(SQLITE_HEADER)) != SQLITE_HEADER:
            message = "it is not a GeoPackage"
            raise ValueError(message)
    for ending in OPEN_ENDINGS:
        if path.with_name(path.name + ending).exists():
            message = f"another program has it open: {path.name}{ending} stands beside it"
            raise ValueError(message)
    with closing(_connect(path)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        message = f"it is damaged: {found}"
        raise ValueError(message)


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path.resolve().as_uri() + "?mode=ro&immutable=1", uri=True)


def _read_layer(path: Path, layer: layers.Layer) -> gpd.GeoDataFrame:
    with closing(_connect(path)) as connection:
        # The name is one of PLAN_LAYERS, never one of the file's own.
        stored = connection.execute(f'SELECT count(*) FROM "{layer.name}"').fetchone()[0]  # noqa: S608
    frame = pyogrio.read_dataframe(path, layer=layer.name, fid_as_index=False)
    if len(frame) != stored:
        message = f"it holds {stored} rows, but GIS programs would show {len(frame)}"
        raise ValueError(message)
    if layer.geometry == "none" and "geometry" in frame.columns:
        frame = pd.DataFrame(frame.drop(columns="geometry"))
    try:
        return layers.validate(frame, layer, file=path.name).reset_index(drop=True)
    except InputError as error:
        first = error.problems[0]
        message = f"{first.column}: {first.reason} (row {first.row}, value {first.value!r})"
        raise ValueError(message) from None


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
