"""Downloads a city's roads from Overpass through OSMnx, within a deadline of our own.

OSMnx repeats a refused request without limit and would look like a hang; and its cache
would be left in the folder where the user happens to be.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import geopandas as gpd
import shapely

from planner.cases.graph import roads_of_graph
from planner.errors import InputError, Problem

OVERPASS_URL = "https://overpass-api.de/api"
URL_VARIABLE = "PLANNER_OVERPASS_URL"
DEADLINE_S = 900.0
CONNECT_S = 8.0
MORE_TAGS = (
    "bridge", "tunnel", "oneway", "lanes", "ref", "name", "name:zh", "name:en", "highway",
    "maxspeed", "service", "access", "motor_vehicle", "junction", "area",
)  # fmt: skip
PROXIES = ("https_proxy", "http_proxy", "all_proxy")


def cache_folder() -> Path:
    """Return the user's own cache folder for downloads."""
    if sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    else:
        root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return root / "planner" / "osmnx"


def download_roads(
    counties: gpd.GeoDataFrame, *, url: str = "", deadline_s: float = DEADLINE_S
) -> gpd.GeoDataFrame:
    """Download the roads for cars inside the counties.

    Parameters
    ----------
    counties
        Polygons in EPSG:4326.
    url
        Overpass interpreter's base address; by default the environment's
        ``PLANNER_OVERPASS_URL`` or the public server.
    deadline_s
        After this many seconds the download is given up.

    Raises
    ------
    InputError
        E-NET-001 when the server cannot be reached or does not answer in time.
    """
    url = (url or os.environ.get(URL_VARIABLE) or OVERPASS_URL).rstrip("/")
    _check_reachable(url)
    area = shapely.union_all(counties.geometry.to_numpy())
    graph = _within(deadline_s, lambda: _graph(area, url), url)
    return roads_of_graph(graph)


def _graph(area: Any, url: str) -> Any:  # noqa: ANN401 - OSMnx is untyped
    import osmnx as ox  # noqa: PLC0415 - six seconds

    changes = {
        "overpass_url": url,
        "overpass_rate_limit": url == OVERPASS_URL,
        "cache_folder": str(cache_folder()),
        "use_cache": True,
        "useful_tags_way": sorted({*ox.settings.useful_tags_way, *MORE_TAGS}),
    }
    before = {name: getattr(ox.settings, name) for name in changes}
    try:
        for name, value in changes.items():
            setattr(ox.settings, name, value)
        return ox.graph_from_polygon(area, network_type="drive", retain_all=True)
    finally:
        for name, value in before.items():
            setattr(ox.settings, name, value)


def _within(seconds: float, work: Callable[[], Any], url: str) -> Any:  # noqa: ANN401
    """Run work in a thread that is left behind when the time is over."""
    answer: dict[str, Any] = {}

    def run() -> None:
        try:
            answer["value"] = work()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told below
            answer["error"] = error

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if "value" in answer:
        return answer["value"]
    if "error" in answer:
        raise unreachable(url, f"{type(answer['error']).__name__}: {answer['error']}"[:200])
    raise unreachable(url, f"no answer within {seconds:.0f} s")


def _check_reachable(url: str) -> None:
    if any(os.environ.get(name) or os.environ.get(name.upper()) for name in PROXIES):
        return
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), timeout=CONNECT_S).close()
    except OSError as error:
        raise unreachable(url, str(error.strerror or error)) from None


def unreachable(url: str, reason: str) -> InputError:
    """Return the error that says how to go on without the network."""
    return InputError(
        Problem(
            "E-NET-001",
            f"the roads could not be downloaded from {url}: {reason}",
            "give the roads with --roads FILE (an OpenStreetMap extract will do), or draw a "
            "schematic network with --schematic",
            layer="roads",
        )
    )
