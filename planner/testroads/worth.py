"""Owns what a segment is worth to tests, and the scene it offers, by the table ``worth.toml``."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.testroads.instance import METRES_PER_KM, Bools, Floats
from planner.testroads.surroundings import AREAS, SERVICES, Surroundings

Table = dict[str, Any]


def load_weights() -> Table:
    """Return the tables of ``worth.toml``; every figure in it is an assumption (trust U)."""
    return tomllib.loads(files("planner.testroads").joinpath("worth.toml").read_text("utf-8"))


def base_value(segments: gpd.GeoDataFrame, counted_m: Floats, around: Surroundings) -> Floats:
    """Return the worth of each segment to tests by itself, rounded to 6 decimals.

    Counted km times a weight per km: class, nearness to clusters and test zones, corridors
    and services, name, arterial, signals. By *counted* km, so that a dual carriageway is not
    worth more than a single one of the same centre line.

    Parameters
    ----------
    segments
        Satisfies ``layers.SEGMENTS``, in any row order.
    counted_m
        Counted metres.
    around
        What is around them, in the same order.
    """
    table = load_weights()["value"]
    weight = segments["road_class"].map(table["class_weight"]).to_numpy(dtype=float)
    weight = weight + _nearness(around.away_m, AREAS, table["attraction"]).max(axis=1)
    weight = weight + _nearness(around.away_m, SERVICES, table["service"]).sum(axis=1)
    weight = weight + _bonus(segments, around, table["bonus"])
    dead_end = np.minimum(*around.arms) == 1
    weight = np.where(dead_end, weight * table["dead_end"]["factor"], weight)
    values: Floats = np.round(counted_m / METRES_PER_KM * weight, 6)
    return values


def _nearness(away_m: pd.DataFrame, kinds: tuple[str, ...], table: Table) -> Floats:
    """Return the weight of each kind (column) for each row."""
    near = 1.0 - away_m[list(kinds)].to_numpy(dtype=float) / table["fade_m"]
    full = np.array([table[kind] for kind in kinds])
    return np.asarray(full * np.clip(near, 0.0, 1.0), dtype=float)


def _bonus(segments: gpd.GeoDataFrame, around: Surroundings, table: Table) -> Floats:
    named = (segments["name"].notna() | segments["ref"].notna()).to_numpy(dtype=bool)
    arterial = segments["road_class"].isin(table["arterial_classes"]).to_numpy(dtype=bool)
    wide = segments["lanes"].to_numpy(dtype=float) >= table["arterial_lanes"]
    bonus = table["named"] * named + table["arterial"] * (arterial & wide)
    return np.asarray(bonus + table["signals"] * _signals(around), dtype=float)


def _signals(around: Surroundings) -> Bools:
    return np.asarray(around.features["signal"].to_numpy() > 0, dtype=bool)


def scene_of(segments: gpd.GeoDataFrame, around: Surroundings) -> NDArray[np.object_]:
    """Return the scene of each segment: its class and what stands out first.

    Such as ``"primary, bridge"``, or only the class; at most six for each class.
    """
    table = load_weights()["scene"]
    has = {
        "tunnel": segments["tunnel"].to_numpy(dtype=bool),
        "bridge": segments["bridge"].to_numpy(dtype=bool),
        "signals": _signals(around),
        "people": around.people() > 0,
        "wide": segments["lanes"].to_numpy() >= table["wide_lanes"],
    }
    classes = segments["road_class"].to_numpy(dtype=object)
    scenes = classes.copy()
    for feature in reversed(table["features"]):
        scenes = np.where(has[feature], classes + f", {feature}", scenes)
    return np.asarray(scenes, dtype=object)


def variety_pieces() -> list[tuple[float, float]]:
    """Return stretches of km of one scene and what each km of a stretch adds, falling.

    Kilometres beyond the last stretch add nothing: the hundredth similar one is worth little.
    """
    table = load_weights()["variety"]
    km, weight = float(table["fade_km"]), float(table["weight"])
    return [(km, float(share) * weight) for share in table["shares"]]
