"""Motorway stretches and a long trip of the toy city, worked out with networkx."""

import itertools

import networkx as nx
import pandas as pd
import toy_siting
from shapely.geometry import LineString
from toy_city import COLUMNS, at, frame, node_id, road_graph
from toy_fleets import KEYS, TECHNOLOGIES

GAP_M, REACH_M, LEAST_KW = 3000.0, 4500.0, 60.0
TRIPS = {
    # trip: start, end, energy, trips a day, range in metres
    "west-east": ((0, 0), (5, 4), "charging", 100.0, 7000.0),
    "hydrogen": ((0, 4), (5, 1), "hydrogen", 8.0, 5000.0),
    "short": ((2, 0), (3, 0), "charging", 20.0, 2000.0),
}
HOLIDAY = 1.5


def trip_layer():
    return frame(
        [
            {"trip_id": key, "name": f"行程{key}", "energy": energy, "trips_per_day": volume,
             "range_m": range_m, "source": "made", "trust": "illustrative",
             "geometry": LineString([at(start[0] + 0.01, start[1]), at(3, 5), at(*end)])}
            for key, (start, end, energy, volume, range_m) in TRIPS.items()
        ]
    )  # fmt: skip


def nodes_with(stations, years, phase, energy):
    found = []
    nodes = stations.set_index("station_id")["node_id"]
    for key, (technology, _) in toy_siting.standing(years, phase).items():
        row = dict(zip(KEYS, TECHNOLOGIES[technology], strict=True))
        fast = energy != "charging" or row["power_kw"] >= LEAST_KW
        if key in nodes.index and row["energy"] == energy and fast:
            found.append(nodes[key])
    return found


def places(graph, chain, nodes):
    """Return where along a chain of (node, metres) each station node serves it."""
    found = []
    for node in nodes:
        there = nx.single_source_dijkstra_path_length(graph.reverse(), node, weight="metres")
        back = nx.single_source_dijkstra_path_length(graph, node, weight="metres")
        ways = [(round(there[n], 3), m) for n, m in chain if there.get(n, 9e9) <= REACH_M + 1e-6]
        if ways and any(back.get(n, 9e9) <= REACH_M + 1e-6 for n, _ in chain):
            found.append(min(ways)[1])
    return sorted(found)


def uncovered(at_m, length):
    """Return the metres of starts without a station ahead, centimetre by centimetre."""
    last = length - GAP_M
    marks = sorted({0.0, last, *(m for p in at_m for m in (p, p - GAP_M) if 0 < m < last)})
    total = 0.0
    for begin, end in itertools.pairwise(marks):
        middle = (begin + end) / 2
        if not any(middle <= p <= middle + GAP_M for p in at_m):
            total += end - begin
    return total


def highway_layer(segments, stations, years):
    graph, by_id = road_graph(segments), segments.set_index("segment_id")
    rows = []
    for prefix, words in (("me", ("东向", "E-bound")), ("mw", ("西向", "W-bound"))):
        columns = list(range(-1, COLUMNS - 1))
        ids = [f"{prefix}-{column}" for column in (columns if prefix == "me" else columns[::-1])]
        parts = by_id.loc[ids]
        metres = [0.0, *parts["length_m"].cumsum().round(3)]
        chain = list(zip([parts["from_node"].iloc[0], *parts["to_node"]], metres, strict=True))
        row = {"stretch_id": f"h-G1-{words[1][0]}1", "ref": "G1", "name": parts["name"].iloc[0],
               "direction_zh": words[0], "direction_en": words[1], "length_m": metres[-1],
               "segment_ids": ",".join(ids)}  # fmt: skip
        for phase in ("before", "after"):
            found = places(graph, chain, nodes_with(stations, years, phase, "charging"))
            row[f"uncovered_{phase}_m"] = uncovered(found, metres[-1])
            marks = [0.0, *found, metres[-1]]
            row[f"largest_gap_{phase}_m"] = max(b - a for a, b in itertools.pairwise(marks))
        short = row["uncovered_after_m"] > 0
        row |= {"status": "short" if short else "met", "reason": "far apart" if short else None}
        lines = [part.coords[0] for part in parts.geometry] + [parts.geometry.iloc[-1].coords[-1]]
        rows.append(row | {"geometry": LineString(lines)})
    return frame(rows)


def refuels(at_m, length, range_m):
    marks = [-range_m / 2, *at_m, length + range_m / 2]
    gaps = [b - a for a, b in itertools.pairwise(marks)]
    return length <= range_m / 2 or (bool(at_m) and max(gaps) <= range_m)


def trip_access_layer(segments, stations, years):
    graph = road_graph(segments)
    by_ends = {}
    for row in segments.itertuples():
        by_ends[row.from_node, row.to_node] = (row, False)
        if not row.oneway:
            by_ends[row.to_node, row.from_node] = (row, True)
    rows = []
    for key, (start, end, energy, volume, range_m) in TRIPS.items():
        path = nx.shortest_path(graph, node_id(at(*start)), node_id(at(*end)), weight="metres")
        steps = [by_ends[pair] for pair in itertools.pairwise(path)]
        metres, line = [0.0], []
        for row, turned in steps:
            metres.append(round(metres[-1] + row.length_m, 3))
            points = list(row.geometry.coords)[:: -1 if turned else 1]
            line += points if not line else points[1:]
        chain = list(zip(path, metres, strict=True))
        made = {"trip_id": key, "name": f"行程{key}",
                "energy": energy, "trips_per_day": volume * HOLIDAY,
                "range_m": range_m, "length_m": metres[-1],
                "segment_ids": ",".join(row.segment_id for row, _ in steps)}  # fmt: skip
        for phase in ("before", "after"):
            found = places(graph, chain, nodes_with(stations, years, phase, energy))
            made[f"refuelled_{phase}"] = refuels(found, metres[-1], range_m)
        made["reason"] = None if made["refuelled_after"] else "no station where it needs one"
        rows.append(made | {"geometry": LineString(line)})
    return frame(rows)


def review_layer():
    return pd.DataFrame(
        [
            ("v1", "c1", "lock", "hydrogen"),
            ("v2", "j-22", "ban", "swap"),
            ("v3", "j-32", "lock", "all"),
        ],
        columns=["review_id", "site_id", "mark", "energy"],
    ).assign(reviewer="panel", comment=None, source="made", trust="illustrative")
