"""Finds the motorway routes of a network, each direction apart, and what stands along them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from planner.network.arcs import Arcs, along
from planner.network.carriageways import drivable_arcs, ways
from planner.network.road_network import RoadNetwork
from planner.network.table import distance_pairs

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LEAST_STRETCH_M = 5000.0
"""Shorter pieces of a route are no stretch: a spur or a doubled carriageway."""
NEARLY_CLOSED = 0.1
"""A line whose ends lie nearer than this share of its length goes round, not somewhere."""
METRES_PER_DEGREE = 111_195.0
BETWEEN_REFS = re.compile(r"[;,/，；、]")
UNFIT = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff]+")
SLUG_LENGTH = 24
WORDS = {
    "N": "北向 / N-bound", "E": "东向 / E-bound", "S": "南向 / S-bound", "W": "西向 / W-bound",
    "C": "顺时针 / clockwise", "A": "逆时针 / anticlockwise",
}  # fmt: skip


@dataclass(frozen=True)
class Stretch:
    """One direction of a motorway route, from its first node to its last.

    Parameters
    ----------
    stretch_id
        ``h-`` route, direction letter and number, such as ``"h-G60-E1"``; the longest of
        a route and direction is number 1.
    ref, name
        Route number and name, empty where the roads have none.
    direction
        In Chinese and English, from the bearing between its ends; of a ring, the sense of
        turning.
    length_m
        Geodesic metres along it.
    node
        (n,) rows of ``network.nodes`` in driving order; a ring ends where it began.
    position_m
        (n,) metres from the start, rounded to millimetres.
    segment
        (n - 1,) rows of ``network.segments`` in driving order.
    geometry
        Line in driving direction, EPSG:4326.
    """

    stretch_id: str
    ref: str
    name: str
    direction: str
    length_m: float
    node: Ints
    position_m: Floats
    segment: Ints
    geometry: shapely.LineString


@dataclass(frozen=True)
class Alongside:
    """The sites that count for a stretch, ascending by site.

    ``site`` is the position in the given sites, ``position_m`` where one leaves the
    stretch for it, ``detour_m`` the longer of the ways there and back (0 on the stretch).
    """

    site: Ints
    position_m: Floats
    detour_m: Floats


def highway_stretches(
    network: RoadNetwork, *, least_m: float = LEAST_STRETCH_M
) -> tuple[Stretch, ...]:
    """Return the motorway routes of the network, one stretch for each direction.

    Segments of class ``motorway`` are grouped by route number, else name, else as
    unnamed; a segment of several numbers ("G60;G70") belongs to each. Within a route one
    may drive from segment to segment, never against a one-way and never turning sharper
    than 95 degrees, so the two directions fall apart even where carriageways meet; a
    segment that turns back within itself belongs to neither, and no stretch passes a
    node twice, as a way back from a roundabout would. The longest of the shortest
    ways from where the route begins to where it ends is a
    stretch; it is taken out and the search goes on in what is left. A ring has neither
    beginning nor end and is cut at its smallest node.

    Parameters
    ----------
    network
        With ``road_class``, ``ref``, ``name``, ``oneway`` and ``length_m`` of its segments.
    least_m
        Shorter pieces are left out.

    Returns
    -------
    tuple of Stretch
        By route, then direction, the longest first; the same for the same network. A
        network without motorways has none.
    """
    found: list[Stretch] = []
    taken: Counter[str] = Counter()
    for (ref, name), rows in _routes(network.segments).items():
        arcs = drivable_arcs(network, rows)
        made = [_stretch(network, arcs.at(way), ref, name) for way in ways(network, arcs, least_m)]
        for stretch in sorted(made, key=_rank):
            taken[stretch.stretch_id] += 1
            number = f"{stretch.stretch_id}{taken[stretch.stretch_id]}"
            found.append(replace(stretch, stretch_id=number))
    return tuple(found)


def positions_on(
    stretch: Stretch, network: RoadNetwork, site_nodes: Ints, reach_m: float
) -> Alongside:
    """Return which sites serve the traffic of a stretch, and where along it.

    A site counts if its node lies on the stretch, or if one can leave the stretch, drive
    to it and come back to the stretch, each way at most ``reach_m`` in driving direction.
    One need not come back where one left: a slip road leads in behind the one that leads
    out. So a service area counts for its own carriageway only.

    Parameters
    ----------
    site_nodes
        Rows of ``network.nodes``; -1 is a site without a node, which never counts.
    reach_m
        Longest way there and longest way back, inclusive.

    Returns
    -------
    Alongside
        The position is that of the stretch's node from which the way there is shortest
        (ties: the smaller position).

    Raises
    ------
    InputError
        ``E-NET-002`` if a segment's length is missing, infinite or negative.
    """
    nodes, first = np.unique(stretch.node, return_index=True)
    position_m = stretch.position_m[first]
    there = distance_pairs(network, nodes, site_nodes, limit_m=reach_m)
    back = distance_pairs(network, site_nodes, nodes, limit_m=reach_m)
    back_m = np.full(len(site_nodes), np.inf)
    np.minimum.at(back_m, back.start, back.metres)
    order = np.lexsort((position_m[there.start], there.metres, there.end))
    order = order[np.isfinite(back_m[there.end[order]])]
    site, nearest = np.unique(there.end[order], return_index=True)
    best = order[nearest]
    detour_m = np.maximum(there.metres[best], back_m[site])
    return Alongside(site, position_m[there.start[best]], detour_m)


def _routes(segments: gpd.GeoDataFrame) -> dict[tuple[str, str], Ints]:
    """Return the motorway rows of each route, by number or else name, sorted."""
    rows: dict[tuple[str, str], list[int]] = {}
    motorway = segments[segments["road_class"] == "motorway"]
    texts = (motorway[column].fillna("").astype(str) for column in ("ref", "name"))
    for row, ref, name in zip(motorway.index, *texts, strict=True):
        refs = sorted({part.strip() for part in BETWEEN_REFS.split(ref)} - {""})
        for key in [(one, "") for one in refs] or [("", name.strip())]:
            rows.setdefault(key, []).append(int(row))
    return {key: np.array(rows[key], dtype=np.int64) for key in sorted(rows)}


def _stretch(network: RoadNetwork, arcs: Arcs, ref: str, name: str) -> Stretch:
    line, position_m = along(network, arcs)
    names = network.segments["name"].fillna("").astype(str).to_numpy()[arcs.segment]
    metres_of = pd.Series(arcs.metres).groupby(names, sort=True).sum()
    letter = _letter(shapely.get_coordinates(line), float(position_m[-1]))
    slug = UNFIT.sub("", ref or name)[:SLUG_LENGTH] or "unnamed"
    return Stretch(
        stretch_id=f"h-{slug}-{letter}",
        ref=ref,
        name=str(metres_of.idxmax()),
        direction=WORDS[letter],
        length_m=float(position_m[-1]),
        node=np.concatenate([arcs.tail[:1], arcs.head]),
        position_m=position_m,
        segment=arcs.segment,
        geometry=line,
    )


def _letter(lonlat: Floats, length_m: float) -> str:
    """Return the direction between the ends, or the sense of a line that nearly closes."""
    east, north = lonlat[-1] - lonlat[0]
    east *= np.cos(np.radians((lonlat[0, 1] + lonlat[-1, 1]) / 2))
    if np.hypot(east, north) * METRES_PER_DEGREE < NEARLY_CLOSED * length_m:
        return "A" if shapely.is_ccw(shapely.LinearRing(lonlat)) else "C"
    if abs(east) > abs(north):
        return "E" if east > 0 else "W"
    return "N" if north > 0 else "S"


def _rank(stretch: Stretch) -> tuple[str, float, int, int]:
    ends = int(stretch.node[0]), int(stretch.node[-1])
    return (stretch.stretch_id, -stretch.length_m, *ends)
