"""Says in words from where to where a test road goes: by the roads that it meets at its ends."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd

from planner.layers import ROAD_CLASSES
from planner.outputs.text_safety import visible

Place = tuple[float, float]
MOST_NAMED = 2
"""Roads that are named where many meet."""


class RoadEnds:
    """What stands at each node of the network: the names of the roads that meet, and its place.

    Parameters
    ----------
    segments
        The plan's layer ``segments`` (EPSG:4326): a name or route number, a class, two nodes.
    """

    def __init__(self, segments: gpd.GeoDataFrame) -> None:
        self._roads: dict[str, dict[str, int]] = {}
        self._places: dict[str, Place] = {}
        rank = {name: index for index, name in enumerate(ROAD_CLASSES)}
        lines = zip(segments["from_node"], segments["to_node"], segments.geometry, strict=True)
        called = zip(segments["name"].fillna(segments["ref"]), segments["road_class"], strict=True)
        for (begin, end, line), (name, road_class) in zip(lines, called, strict=True):
            for node, place in ((begin, line.coords[0]), (end, line.coords[-1])):
                self._places[node] = (float(place[0]), float(place[1]))
                if isinstance(name, str):
                    roads = self._roads.setdefault(node, {})
                    roads[name] = min(roads.get(name, 99), rank.get(road_class, 98))

    def called(self, node: str, own: object = None) -> str:
        """Return the other roads at a node, the highest class first; else its coordinates.

        Parameters
        ----------
        node
            Id of a node.
        own
            Name of the road that ends there: it does not name its own end.
        """
        roads = self._roads.get(node, {})
        names = sorted((rank, name) for name, rank in roads.items() if name != own)
        if names:
            return " / ".join(visible(name) for _, name in names[:MOST_NAMED])
        place = self._places.get(node)
        return f"{place[0]:.5f}, {place[1]:.5f}" if place else str(node)

    def ends(self, pairs: Iterable[tuple[str, str]]) -> tuple[str, str]:
        """Return the two end nodes of segments that touch, the western one first.

        An end is a node that an odd number of them touch; of many, the two farthest apart. In
        a ring it is the western node twice.

        Parameters
        ----------
        pairs
            The two nodes of each segment, at least one pair.
        """
        seen: dict[str, int] = {}
        for node in (node for pair in pairs for node in pair):
            seen[node] = seen.get(node, 0) + 1
        odd = sorted(node for node, times in seen.items() if times % 2)
        first = min(odd or seen, key=lambda node: (self._place(node), node))
        if not odd:
            return first, first
        return first, max(odd, key=lambda node: (self._away(first, node), node))

    def _place(self, node: str) -> Place:
        return self._places.get(node, (0.0, 0.0))

    def _away(self, one: str, other: str) -> float:
        (x1, y1), (x2, y2) = self._place(one), self._place(other)
        return (x2 - x1) ** 2 + (y2 - y1) ** 2
