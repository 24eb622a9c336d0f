"""Wishes for charging test fleets in the toy city, worked out by hand.

Of the roads in a row h2-0 ... h2-4 (0.98 km each) no node serves more than four within 2 km, so
two are needed: n12 and n32, which serves v3-1 too. From the one-way h1-3 only its end n41 is
near: the ways on from there to n42 and n31 are longer than the 1.02 km that are left.
"""

import networkx as nx
import pandas as pd
import toy_city
from shapely.geometry import Point

SETTINGS = {"fleet_charger_reach_m": 2000.0, "fleet_station_near_m": 1200.0}
WISHES = {
    # node: place, year, county, jurisdiction, the roads it serves, of these the farthest
    "n12": ((1, 2), 2025, "990101", "J-W", ("h2-0", "h2-1"), ("h2-1",)),
    "n32": ((3, 2), 2025, "990102", "J-E", ("h2-2", "h2-3", "h2-4", "v3-1"), ("h2-3", "h2-4")),
    "n41": ((4, 1), 2027, "990102", "J-E", ("h1-3",), ("h1-3",)),
}
NEAR = {
    # node: nearest charging station, year it is built, first year from which one is near
    "n12": ("x-old1", None, 2025),
    "n32": ("p-j-32-charging", 2026, 2026),
    "n41": ("x-old3", None, 2027),
}
MET = ("n12", "n41")


def wish_layer(roads, stations, segments):
    metres, counted = (roads.set_index("segment_id")[name] for name in ("length_m", "counted_m"))
    nodes, graph = stations.set_index("station_id")["node_id"], toy_city.road_graph(segments)
    rows = []
    for number, (node, wish) in enumerate(WISHES.items(), start=1):
        place, year, county, owner, served, farthest = wish
        station, built, met_year = NEAR[node]
        away = nx.shortest_path_length(graph, node, nodes[station], weight="metres")
        rows.append(
            {"wish_id": f"w-{number}", "node_id": node, "year": year, "n_roads": len(served),
             "served_km": round(counted[list(served)].sum() / 1000, 6),
             "farthest_m": round(metres[list(farthest)].sum(), 3), "can_stand": True,
             "county_id": county, "jurisdiction_id": owner, "station_id": station,
             "station_m": round(away, 3), "station_year": built, "met_year": float(met_year),
             "met": node in MET, "geometry": Point(toy_city.at(*place))}
        )  # fmt: skip
    made = toy_city.frame(rows)
    return made.assign(station_year=pd.to_numeric(made["station_year"]).astype(float))


def figures(wishes):
    km = wishes["served_km"]
    return {
        "reach_m": 2000.0, "near_m": 1200.0,
        "outcome": {"termination": "proven_optimal", "objective": 3.0, "bound": 3.0, "gap": 0.0},
        "n": 3, "n_met": 2, "n_late": 1, "served_km": round(km.sum(), 6),
        "met_km": round(km[wishes["node_id"].isin(MET)].sum(), 6),
        "n_beyond": 0, "beyond_km": 0.0,
    }  # fmt: skip
