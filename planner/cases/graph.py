"""Makes roads of a street graph as OSMnx and networkx keep it, in memory or as GraphML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import shapely

from planner.cases.draft import as_layer
from planner.cases.highways import road_facts
from planner.errors import InputError, Problem
from planner.inputs.paths import checked_file

MAX_GRAPH_BYTES = 600_000_000


def roads_from_graphml(path: Path) -> gpd.GeoDataFrame:
    """Read a GraphML file that OSMnx or networkx wrote; nodes carry x and y in degrees.

    Raises
    ------
    InputError
        If it is no GraphML, too large, or its nodes have no coordinates.
    """
    checked_file(path, shown=path.name, layer="roads")
    reason = "" if path.stat().st_size <= MAX_GRAPH_BYTES else "it is larger than a city needs"
    with path.open("rb") as stream:
        if b"<!DOCTYPE" in stream.read(4096):
            reason = "it declares a document type, which GraphML does not need"
    if not reason:
        try:
            graph = nx.read_graphml(path, force_multigraph=True)
            return roads_of_graph(graph)
        except (SyntaxError, KeyError, ValueError, TypeError, nx.NetworkXError) as error:
            if isinstance(error, InputError):
                raise
            reason = str(error)[:160]
    raise InputError(
        Problem(
            "E-FMT-007",
            f"the GraphML cannot be used: {reason}",
            "write it with osmnx.save_graphml, in degrees (not projected)",
            file=path.name,
            layer="roads",
        )
    )


def roads_of_graph(graph: Any) -> gpd.GeoDataFrame:  # noqa: ANN401 - networkx is untyped here
    """Return the edges of a street graph as roads, each two-way edge once.

    Raises
    ------
    InputError
        If no edge is a road for cars.
    """
    rows: list[dict[str, Any]] = []
    lines: list[Any] = []
    seen: set[bytes] = set()
    for source, target, data in sorted(graph.edges(data=True), key=_edge_key):
        tags = _tags(data)
        facts = road_facts(tags)
        line = _line(graph, source, target, data) if facts else None
        if facts is None or line is None or line.length == 0:
            continue
        facts.pop("backward")  # OSMnx has already turned such edges
        twin = _undirected(line) if not facts["oneway"] else line.wkb
        if twin not in seen:
            seen.add(twin)
            rows.append({"road_id": f"e{len(rows) + 1}", "trust": "X", **facts})
            lines.append(line)
    if not rows:
        raise InputError(
            Problem(
                "E-OSM-002",
                "the graph holds no road for cars (edges need the attribute highway)",
                "download it with network_type='drive'",
                layer="roads",
            )
        )
    return as_layer("roads", rows, lines)


def _edge_key(edge: tuple[Any, Any, Mapping[str, Any]]) -> tuple[str, str, str, str]:
    source, target, data = edge
    return str(source), str(target), str(data.get("osmid")), str(data.get("length"))


def _tags(data: Mapping[str, Any]) -> dict[str, str]:
    """Return an edge's tags as texts; a list left by simplification gives its first entry."""
    return {str(key): word for key, value in data.items() for word in _words(value)[:1]}


def _words(value: object) -> list[str]:
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, list | tuple):
        return [str(item) for item in value]
    text = str(value).strip()
    if text in {"True", "False"}:
        return ["yes" if text == "True" else "no"]
    if text.startswith("[") and text.endswith("]"):
        return [part.strip(" '\"") for part in text[1:-1].split(",")]
    return [text] if text not in {"", "None", "nan"} else []


def _line(graph: Any, source: object, target: object, data: Mapping[str, Any]) -> Any:  # noqa: ANN401
    given = data.get("geometry")
    if given is not None and hasattr(given, "geom_type"):
        return given
    if isinstance(given, str) and given.upper().startswith("LINESTRING") and "EMPTY" not in given:
        return shapely.LineString(list(_wkt_points(given)))
    ends = [(float(graph.nodes[n]["x"]), float(graph.nodes[n]["y"])) for n in (source, target)]
    return shapely.LineString(ends)


def _wkt_points(text: str) -> Iterator[tuple[float, float]]:
    """Read the points of a LINESTRING; a general reader would follow any nesting."""
    for pair in text[text.index("(") + 1 : text.rindex(")")].split(","):
        x, y = pair.split()[:2]
        yield float(x), float(y)


def _undirected(line: Any) -> bytes:  # noqa: ANN401
    return min(bytes(line.wkb), bytes(line.reverse().wkb))
