"""Owns the corridors: chains of test roads under one road name."""

from __future__ import annotations

from collections import defaultdict

import geopandas as gpd
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Key = tuple[str, str]


def corridor_ids(test_roads: gpd.GeoDataFrame) -> list[str]:
    """Return a corridor id for each row: "c1" is the longest.

    Rows that touch and share a name belong together, or that share a route number where they
    have no name. Rows without either belong together where exactly two of the same class
    meet, so that an unnamed chain ends where it branches.

    Parameters
    ----------
    test_roads
        With ``segment_id``, ``name``, ``ref``, ``road_class``, ``from_node``, ``to_node`` and
        ``counted_m``, in any row order.
    """
    keys = [
        _key(name, ref, road_class)
        for name, ref, road_class in zip(
            test_roads["name"], test_roads["ref"], test_roads["road_class"], strict=True
        )
    ]
    pairs = _touching(keys, test_roads)
    size = len(keys)
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    ones = np.ones(len(ends), dtype=np.int8)
    graph = coo_array((ones, (ends[:, 0], ends[:, 1])), shape=(size, size))
    labels = connected_components(graph, directed=False)[1] if size else np.zeros(0, dtype=int)
    return _ranked(labels.tolist(), test_roads)


def _key(name: object, ref: object, road_class: object) -> Key:
    if isinstance(name, str) and name:
        return "name", name
    if isinstance(ref, str) and ref:
        return "ref", ref
    return "", str(road_class)


def _touching(keys: list[Key], test_roads: gpd.GeoDataFrame) -> list[tuple[int, int]]:
    at_node: dict[tuple[str, Key], list[int]] = defaultdict(list)
    ends = zip(test_roads["from_node"], test_roads["to_node"], strict=True)
    for row, (one, other) in enumerate(ends):
        for node in sorted({str(one), str(other)}):
            at_node[node, keys[row]].append(row)
    return [
        (rows[0], other)
        for (_, key), rows in at_node.items()
        for other in rows[1:]
        if key[0] or len(rows) == 2
    ]


def _ranked(labels: list[int], test_roads: gpd.GeoDataFrame) -> list[str]:
    metres: dict[int, float] = defaultdict(float)
    first: dict[int, str] = {}
    rows = zip(labels, test_roads["segment_id"], test_roads["counted_m"], strict=True)
    for label, segment_id, counted_m in rows:
        metres[label] += float(counted_m)
        first[label] = min(first.get(label, str(segment_id)), str(segment_id))
    ranked = sorted(metres, key=lambda label: (-round(metres[label], 3), first[label]))
    number = {label: place for place, label in enumerate(ranked, start=1)}
    return [f"c{number[label]}" for label in labels]
