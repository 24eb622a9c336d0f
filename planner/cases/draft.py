"""The layers of a case on their way into its folder, each with where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import pandas as pd

from planner.crs import WGS84
from planner.errors import Problem
from planner.inputs import empty_layer
from planner.layers import CASE_LAYERS, Layer

OSM_SOURCE = "OpenStreetMap contributors (https://www.openstreetmap.org/copyright)"
OSM_LICENCE = "ODbL-1.0"


@dataclass(frozen=True)
class Origin:
    """Who made a layer, under which licence, of which date, and how far it can be trusted."""

    source: str
    licence: str
    date: str
    trust: str = "X"
    synthetic: bool = False


@dataclass(frozen=True)
class DraftLayer:
    """Rows of one layer (EPSG:4326) and their origin."""

    frame: gpd.GeoDataFrame
    origin: Origin


@dataclass(frozen=True)
class CaseOptions:
    """What a planner may say about a new case.

    Parameters
    ----------
    case_id, title_zh, title_en
        Names of the case; the folder's name where empty.
    targets
        Year -> km of test roads opened by then; by default 40, 70 and 100 % of 500 km or of
        18 % of the eligible road km, whichever is less, in 2025, 2026 and 2027.
    population
        Residents of the whole city, apportioned to counties whose population is not known.
    source, licence, date
        Of the files given; for OpenStreetMap they are known.
    overpass_url
        Another Overpass server than the public one.
    """

    case_id: str = ""
    title_zh: str = ""
    title_en: str = ""
    targets: Mapping[int, float] | None = None
    population: int | None = None
    source: str = ""
    licence: str = ""
    date: str = ""
    overpass_url: str = ""


@dataclass
class Draft:
    """Everything a case folder will hold."""

    layers: dict[str, DraftLayer] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def put(self, name: str, frame: gpd.GeoDataFrame, origin: Origin) -> None:
        """Keep a layer if it has rows; an empty optional layer is left out."""
        if len(frame):
            self.layers[name] = DraftLayer(frame.reset_index(drop=True), origin)

    def replace_frame(self, name: str, frame: gpd.GeoDataFrame) -> None:
        """Put other rows into a layer whose origin stays."""
        self.layers[name] = replace(self.layers[name], frame=frame.reset_index(drop=True))


def as_layer(
    name: str, rows: Iterable[Mapping[str, Any]], geometry: Iterable[Any] | None = None
) -> gpd.GeoDataFrame:
    """Return rows as a frame with all columns of a case layer, in its dtypes."""
    layer = layer_named(name)
    empty = empty_layer(layer)
    frame = pd.DataFrame(list(rows), columns=layer.column_names())
    frame = frame.astype({column: empty.dtypes[column] for column in layer.column_names()})
    if geometry is None:
        return frame
    return gpd.GeoDataFrame(frame, geometry=list(geometry), crs=WGS84)


def layer_named(name: str) -> Layer:
    """Return the schema of a case layer."""
    return next(layer for layer in CASE_LAYERS if layer.name == name)
