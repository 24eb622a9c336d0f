"""Tile services that a map may be made with on request: addresses, keys, attribution, datum."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from planner.crs import wgs84_to_gcj02
from planner.errors import ConfigError, Problem
from planner.outputs.map.feature_layers import Json, pair
from planner.outputs.wording import wording

KEY_VARIABLE = "PLANNER_TIANDITU_KEY"
KEY_SHAPE = re.compile(r"[0-9A-Za-z]{8,64}")
"""A key that cannot break out of an address."""

WMTS = (
    "https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
    "&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)


@dataclass(frozen=True)
class Tiles:
    """A tile service as a page uses it.

    Parameters
    ----------
    name
        What ``--tiles`` calls it; its words are ``map.tiles_<name>``.
    layers
        Addresses, the lowest layer first, in Leaflet's form; with the key where it needs one.
    subdomains
        What ``{s}`` of an address may be, one character each.
    host
        Host of an address, with ``{s}``.
    zoom
        Largest zoom at which it has tiles.
    datum
        ``"wgs84"`` or ``"gcj02"``: what its places mean.
    """

    name: str
    layers: tuple[str, ...]
    subdomains: str
    host: str
    zoom: int
    datum: str = "wgs84"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The only origins that a page with these tiles may ask for images."""
        if "{s}" not in self.host:
            return (f"https://{self.host}",)
        return tuple(f"https://{self.host.replace('{s}', one)}" for one in self.subdomains)

    def content(self) -> Json:
        """Return the tiles' part of the page's data block."""
        return {
            "layers": list(self.layers),
            "subdomains": self.subdomains,
            "zoom": self.zoom,
            "shifted": self.datum == "gcj02",
        }

    def foot(self) -> list[list[str] | str]:
        """Return what the foot of the page says of them: whose they are, and any shift."""
        rows = [wording("map.tiles_from", credit=wording(f"map.tiles_{self.name}"))]
        if self.datum == "gcj02":
            rows.insert(0, wording("map.tiles_shifted"))
        return [pair(row) for row in rows]


TILE_NAMES = ("tianditu", "osm", "gaode")


def tile_service(name: str, environment: Mapping[str, str]) -> Tiles:
    """Return a tile service by its name.

    Parameters
    ----------
    name
        One of :data:`TILE_NAMES`.
    environment
        Where the key of Tianditu stands under :data:`KEY_VARIABLE`; it is in the addresses
        of what is returned and nowhere else.

    Raises
    ------
    ConfigError
        ``E-OUT-070`` if there is no such service, ``E-OUT-071`` if its key is missing,
        ``E-OUT-072`` if what stands there is no key.
    """
    if name == "osm":
        host = "tile.openstreetmap.org"
        return Tiles(name, (f"https://{host}/{{z}}/{{x}}/{{y}}.png",), "", host, 19)
    if name == "gaode":
        host = "webrd0{s}.is.autonavi.com"
        query = "lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}"
        return Tiles(name, (f"https://{host}/appmaptile?{query}",), "1234", host, 18, "gcj02")
    if name != "tianditu":
        remedy = f"choose one of {', '.join(TILE_NAMES)}, or leave --tiles out"
        raise ConfigError(Problem("E-OUT-070", "there are no such tiles", remedy, value=name))
    key = _tianditu_key(environment)
    layers = tuple(WMTS.format(layer=layer, key=key) for layer in ("vec", "cva"))
    return Tiles(name, layers, "01234567", "t{s}.tianditu.gov.cn", 18)


def _tianditu_key(environment: Mapping[str, str]) -> str:
    """Return the key; a message never repeats what stands in its place."""
    key = environment.get(KEY_VARIABLE, "").strip()
    if not key:
        remedy = (
            f"get a browser-side key at console.tianditu.gov.cn and set {KEY_VARIABLE} to it, "
            "or leave --tiles out"
        )
        raise ConfigError(Problem("E-OUT-071", f"{KEY_VARIABLE} is not set", remedy))
    if not KEY_SHAPE.fullmatch(key):
        remedy = f"set {KEY_VARIABLE} to the key alone: 8 to 64 letters and digits"
        raise ConfigError(Problem("E-OUT-072", f"{KEY_VARIABLE} holds no key", remedy))
    return key


def frames_for(tiles: Tiles | None, frames: dict[str, Any]) -> dict[str, Any]:
    """Return the plan's layers in the datum of the tiles, for display only.

    Parameters
    ----------
    tiles
        The service; ``None`` and a service in WGS84 leave the layers as they are.
    frames
        The plan's layers by name (EPSG:4326).
    """
    if tiles is None or tiles.datum == "wgs84":
        return frames
    return {name: _shifted(frame) for name, frame in frames.items()}


def _shifted(frame: Any) -> Any:  # noqa: ANN401 - a frame with or without geometry
    if not isinstance(frame, gpd.GeoDataFrame):
        return frame
    return frame.set_geometry(
        gpd.GeoSeries(
            shapely.transform(frame.geometry.array, _gcj02), index=frame.index, crs=frame.crs
        )
    )


def _gcj02(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    return wgs84_to_gcj02(lonlat)
