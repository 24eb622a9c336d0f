"""A toy city worked out here from scratch: its layers, with every figure that follows."""

import math

import geopandas as gpd
import h3
import networkx as nx
import pandas as pd
from pyproj import Geod
from shapely.geometry import LineString, Point, box

GEOD = Geod(ellps="WGS84")
WEST, SOUTH, STEP = 115.80, 28.60, 0.01
COLUMNS, ROWS = 6, 5
CRS = "EPSG:4326"
ENERGIES = ("charging", "swap", "hydrogen")
RADII = {
    "charging_urban_m": 1500.0, "charging_rural_m": 2500.0, "swap_urban_m": 2500.0,
    "swap_rural_m": 4000.0, "hydrogen_urban_m": 3000.0, "hydrogen_rural_m": 5000.0,
}  # fmt: skip
URBAN_JUNCTIONS_PER_KM2 = 0.7
RSU_COST = 120001
TECHNOLOGIES = {
    "dc60": ("charging", 220.0, 60.0, 55000, 350000, 2, 12, "public"),
    "dc120": ("charging", 430.0, 120.0, 90000, 500000, 4, 20, "public"),
    "swap": ("swap", 60.0, 500.0, 3000000, 500000, 1, 3, "public"),
    "hydrogen500": ("hydrogen", 310.0, 150.0, 10000000, 4000000, 1, 1, "enterprise"),
}
STAGE_OF = {
    "h2-0": 2024, "h2-1": 2025, "h2-2": 2025, "h2-3": 2026, "v3-1": 2026, "h1-3": 2027,
    "h2-4": 2027,
}  # fmt: skip
EQUIPPED = ("h2-1", "h2-2", "v3-1")
UNITS_BETWEEN = {"h2-1": 1, "h2-2": 1, "v3-1": 2}
COUNTY_OF = {"W": "990101", "E": "990102"}


def at(column, row):
    return (round(WEST + STEP * column, 7), round(SOUTH + STEP * row, 7))


def node_id(place):
    return f"n{round((place[0] - WEST) / STEP) * 10 + round((place[1] - SOUTH) / STEP)}"


def county_at(lon):
    return COUNTY_OF["W" if lon < WEST + 2.7 * STEP else "E"]


def metres(one, other):
    return GEOD.inv(*one, *other)[2]


def frame(rows, columns=None):
    return gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=CRS)


def county_layers():
    counties = []
    for code, name, people, west, east in (
        ("990101", "西县", 60000.0, -1, 2.7), ("990102", "东县", 30000.0, 2.7, 9.5),
    ):  # fmt: skip
        shape = box(*at(west, -1), *at(east, ROWS))
        counties.append(
            {"county_id": code, "name": name, "name_en": name, "population": people,
             "population_trust": "illustrative", "population_source": "made", "geometry": shape}
        )  # fmt: skip
    places = {
        "tw1": ("西一镇", "990101", None, (1, 1)), "tw2": ("西二镇", "990101", None, (1, 3)),
        "te1": ("东一镇", "990102", None, (3, 1)), "te2": ("东二镇", "990102", "J-Z", (5, 3)),
        "te3": ("东三乡", "990102", None, (3, 3)), "te9": ("无处乡", "990102", None, None),
    }  # fmt: skip
    townships = [
        {"township_id": key, "name": name, "county_id": county, "kind": "town",
         "jurisdiction_id": owner, "source": "made", "trust": "illustrative",
         "geometry": None if spot is None else Point(at(spot[0] + 0.03, spot[1] + 0.02))}
        for key, (name, county, owner, spot) in places.items()
    ]  # fmt: skip
    jurisdictions = pd.DataFrame(
        [
            ("J-E", "东县", "county", "990102"),
            ("J-W", "西县", "county", "990101"),
            ("J-Z", "东开发区", "development_zone", "990102"),
        ],
        columns=["jurisdiction_id", "name", "kind", "county_id"],
    ).assign(name_en=None, source="made", trust="illustrative")
    return frame(counties), frame(townships), jurisdictions


def jurisdiction_at(place, townships):
    mine = townships[(townships["county_id"] == county_at(place[0])) & ~townships.geometry.isna()]
    apart = [metres(place, (spot.x, spot.y)) for spot in mine.geometry]
    town = mine.iloc[apart.index(min(apart))]
    default = "J-W" if county_at(place[0]) == "990101" else "J-E"
    owner = town["jurisdiction_id"] if isinstance(town["jurisdiction_id"], str) else default
    return town["township_id"], owner


def other_layers():
    zones = [
        ("z1", "东产业集群", "cluster", "test_roads", 200.0, True, at(4, 2.05)),
        ("z2", "施工区", "exclusion", "all", 300.0, False, at(0, 4)),
        ("z3", "学校", "setback", "hydrogen", 20.0, False, at(2, 2.0001)),
        ("z4", "远集群", "mandated", "test_roads", 100.0, True, at(0, 0)),
    ]
    zones = frame(
        [
            {"zone_id": z, "name": n, "name_en": None, "kind": k, "applies_to": a, "radius_m": r,
             "mandated": m, "source": "made", "trust": "illustrative", "geometry": Point(p)}
            for z, n, k, a, r, m, p in zones
        ]
    )  # fmt: skip
    supply = frame(
        [
            {"supply_node_id": key, "name": key, "headroom_kw": kw, "source": "made",
             "trust": "illustrative", "geometry": Point(at(*spot))}
            for key, kw, spot in (("g1", 500.0, (1, 2)), ("g2", 1300.0, (4, 2.1)))
        ]
    )  # fmt: skip
    opened = frame(
        [{"opened_id": "o1", "name": "首开路", "opened_year": 2024, "source": "made",
          "trust": "illustrative", "geometry": LineString([at(0, 2), at(1, 2)])}]
    )  # fmt: skip
    return zones, supply, opened


def segment_layer(townships):
    pieces = {}
    for row in range(ROWS):
        for column in range(COLUMNS - 1):
            pieces[f"h{row}-{column}"] = [
                at(column, row),
                at(column + 0.5, row),
                at(column + 1, row),
            ]
    for column in range(COLUMNS):
        for row in range(ROWS - 1):
            pieces[f"v{column}-{row}"] = [at(column, row), at(column, row + 1)]
    pieces["i0"] = [at(8, 0), at(8, 1)]
    rows = []
    for key, line in pieces.items():
        middle = LineString(line).interpolate(0.5, normalized=True)
        cls = "trunk" if key.startswith("h4") else "service" if key == "v0-0" else "secondary"
        rows.append(
            {"segment_id": key, "from_node": node_id(line[0]), "to_node": node_id(line[-1]),
             "name": f"路{key[:2]}", "ref": None, "road_class": cls,
             "oneway": key.startswith("h1-"), "speed_kph": 100.0 if cls == "trunk" else 50.0,
             "lanes": 4, "bridge": False, "tunnel": key == "v5-0",
             "length_m": round(GEOD.line_length(*zip(*line, strict=True)), 3),
             "county_id": county_at(middle.x),
             "jurisdiction_id": jurisdiction_at((middle.x, middle.y), townships)[1],
             "road_ids": key, "trust": "illustrative", "geometry": LineString(line)}
        )  # fmt: skip
    return frame(rows)


def road_graph(segments):
    graph = nx.MultiDiGraph()
    for row in segments.itertuples():
        graph.add_edge(row.from_node, row.to_node, metres=row.length_m)
        if not row.oneway:
            graph.add_edge(row.to_node, row.from_node, metres=row.length_m)
    return graph


def demand_layer(townships, segments):
    places = [(c, r) for c in range(COLUMNS) for r in range(ROWS) if (c + r) % 2 == 0]
    west = [place for place in places if place[0] <= 2]
    junctions = {}
    counts = pd.concat([segments["from_node"], segments["to_node"]]).value_counts()
    for column in range(COLUMNS):
        for row in range(ROWS):
            if counts[node_id(at(column, row))] >= 3:
                cell = h3.latlng_to_cell(*reversed(at(column, row)), 7)
                junctions[cell] = junctions.get(cell, 0) + 1
    rows = []
    for column, row in places:
        place = at(column, row)
        cell = h3.latlng_to_cell(place[1], place[0], 7)
        dense = junctions.get(cell, 0) >= URBAN_JUNCTIONS_PER_KM2 * h3.cell_area(cell, unit="km^2")
        inside = (column, row) in west
        people = 60000.0 / len(west) if inside else 30000.0 / (len(places) - len(west))
        cars = people / 1000 * 260 * 0.15
        rows.append(
            {"demand_id": f"d{column}{row}", "node_id": node_id(place),
             "county_id": county_at(place[0]), "township_id": jurisdiction_at(place, townships)[0],
             "area_class": "urban" if dense else "rural", "population": round(people, 6),
             "charging_per_day": round(cars * 7.0 * 0.35, 6),
             "swap_per_day": round(cars / 1000 * 6.0, 6),
             "hydrogen_per_day": round(people / 100000 * 12.0, 6), "geometry": Point(place)}
        )  # fmt: skip
    return frame(rows)


def site_layer(townships):
    given = [
        ("x-old1", "existing", (1.05, 1), (1, 1), "charging", None),
        ("x-old2", "existing", (5, 0), (5, 0), "swap", None),
        ("t-tw2", "township", (1, 3), (1, 3), "charging,swap", None),
        ("j-32", "junction", (3, 2), (3, 2), "charging,swap", None),
        ("j-22", "junction", (2, 2), (2, 2), "charging,swap", "no hydrogen: zone z3"),
        ("c1", "case", (4.9, 1), (5, 1), "charging,hydrogen", None),
        ("j-04", "junction", (0, 4), (0, 4), "", "inside exclusion zone z2"),
    ]
    rows = []
    for key, origin, spot, node, energies, reason in given:
        place = at(*spot)
        near = "g1" if metres(place, at(1, 2)) < metres(place, at(4, 2.1)) else "g2"
        rows.append(
            {"site_id": key, "node_id": node_id(at(*node)), "name": key, "origin": origin,
             "county_id": county_at(place[0]),
             "jurisdiction_id": jurisdiction_at(place, townships)[1], "energies": energies,
             "supply_node_id": near, "max_power_kw": 1300.0,
             "status": "accepted" if energies else "rejected", "reason": reason,
             "snap_m": round(metres(place, at(*node)), 3), "geometry": Point(place)}
        )  # fmt: skip
    return frame(rows)


def station_layer(sites):
    built = [
        ("x-old1", "x-old1", "dc60", "existing", 4),
        ("x-old2", "x-old2", "swap", "existing", 1),
        ("p-t-tw2-dc120", "t-tw2", "dc120", "planned", 4),
        ("p-j-32-dc120", "j-32", "dc120", "planned", 5),
        ("p-j-32-swap", "j-32", "swap", "planned", 1),
        ("p-c1-hydrogen500", "c1", "hydrogen500", "planned", 1),
    ]
    rows = []
    for key, site_id, technology, status, units in built:
        site = sites.set_index("site_id").loc[site_id]
        energy, capacity, power, unit_cost, fixed, _, _, owner = TECHNOLOGIES[technology]
        planned = status == "planned"
        rows.append(
            {"station_id": key, "site_id": site_id, "node_id": site["node_id"], "name": f"站{key}",
             "energy": energy, "technology": technology, "status": status, "n_units": units,
             "capacity_per_day": units * capacity, "served_per_day": 0.0,
             "power_kw": units * power, "capital_cny": fixed + units * unit_cost if planned else 0,
             "owner": owner if planned else "existing", "supply_node_id": site["supply_node_id"],
             "county_id": site["county_id"], "jurisdiction_id": site["jurisdiction_id"],
             "trust": "illustrative", "geometry": site["geometry"]}
        )  # fmt: skip
    return frame(rows)


def served(points, stations, segments):
    """Assign greedily and return assignments and, by energy and phase, who is covered."""
    graph = road_graph(segments)
    rows, covered = [], {}
    for phase in ("before", "after"):
        standing = stations if phase == "after" else stations[stations["status"] == "existing"]
        for energy in ENERGIES:
            left = dict(zip(points["demand_id"], points[f"{energy}_per_day"], strict=True))
            reached = set()
            for station in standing[standing["energy"] == energy].itertuples():
                capacity = station.capacity_per_day
                far = nx.single_source_dijkstra_path_length(
                    graph.reverse(), station.node_id, weight="metres"
                )
                for point in points.itertuples():
                    limit = RADII[f"{energy}_{point.area_class}_m"]
                    if round(far.get(point.node_id, math.inf), 3) > limit:
                        continue
                    reached.add(point.demand_id)
                    amount = math.floor(min(capacity, left[point.demand_id]) * 1e6) / 1e6
                    if amount > 0:
                        rows.append((phase, point.demand_id, station.station_id, energy, amount))
                        capacity -= amount
                        left[point.demand_id] -= amount
            covered[energy, phase] = reached
    columns = ["phase", "demand_id", "station_id", "energy", "served_per_day"]
    return pd.DataFrame(rows, columns=columns), covered


def gap_layer(key, ids, points, assignments, covered):
    rows = []
    for owner in ids:
        mine = points[points[key] == owner]
        for energy in ENERGIES:
            for phase in ("before", "after"):
                given = assignments[
                    (assignments["phase"] == phase)
                    & (assignments["energy"] == energy)
                    & assignments["demand_id"].isin(mine["demand_id"])
                ]
                demand = mine[f"{energy}_per_day"].sum()
                inside = mine["demand_id"].isin(covered[energy, phase])
                reach, done = mine[inside][f"{energy}_per_day"].sum(), given["served_per_day"].sum()
                rows.append(
                    {key: owner, "energy": energy, "phase": phase,
                     "demand_per_day": round(demand, 6),
                     "coverage_gap_per_day": round(abs(demand - reach), 6),
                     "capacity_gap_per_day": round(abs(reach - done), 6),
                     "covered_share": round(reach / demand, 6),
                     "served_share": round(done / demand, 6)}
                )  # fmt: skip
    return pd.DataFrame(rows)


def access_layer(townships, stations, segments):
    graph = road_graph(segments).reverse()
    rows = []
    for town in townships.itertuples():
        row = {
            "township_id": town.township_id, "name": town.name, "county_id": town.county_id,
            "node_id": None, "distance_before_m": None, "distance_after_m": None,
            "status": "cannot_be_checked", "reason": "no place", "geometry": town.geometry,
        }  # fmt: skip
        if town.geometry is not None:
            spot = (round((town.geometry.x - WEST) / STEP), round((town.geometry.y - SOUTH) / STEP))
            row["node_id"] = node_id(at(*spot))
            for phase in ("before", "after"):
                charging = stations[stations["energy"] == "charging"]
                if phase == "before":
                    charging = charging[charging["status"] == "existing"]
                near = nx.multi_source_dijkstra_path_length(
                    graph, set(charging["node_id"]), weight="metres"
                )
                row[f"distance_{phase}_m"] = round(near[row["node_id"]], 3)
            short = row["distance_after_m"] > 2000.0
            row["status"] = "short" if short else "met"
            row["reason"] = "too far from charging" if short else None
        rows.append(row)
    access = frame(rows)
    for column in ("distance_before_m", "distance_after_m"):
        access[column] = access[column].astype(float)
    return access


def road_layers(segments):
    chosen = segments[segments["segment_id"].isin(STAGE_OF)].copy()
    chosen["corridor_id"] = "k-" + chosen["name"]
    chosen["stage_year"] = chosen["segment_id"].map(STAGE_OF)
    chosen["opened_before"] = chosen["stage_year"] == 2024
    chosen["equipped"] = chosen["segment_id"].isin(EQUIPPED)
    chosen["complexity_grade"], chosen["test_value"] = 2, 1.5
    half = chosen["length_m"].where(~chosen["oneway"], chosen["length_m"] / 2)
    chosen["counted_m"] = half.round(3)
    reasons = {
        row.segment_id: reason
        for row in segments.itertuples()
        for wrong, reason in (
            (row.speed_kph > 80, "speed"),
            (row.road_class == "service", "service road"),
            (row.tunnel, "tunnel"),
            (row.segment_id == "v0-3", "zone z2"),
            (row.segment_id == "i0", "island"),
        )
        if wrong
    }
    rejected = segments[segments["segment_id"].isin(reasons)][["segment_id", "name", "geometry"]]
    rejected = rejected.assign(reason=rejected["segment_id"].map(reasons))
    return chosen.reset_index(drop=True), rejected.reset_index(drop=True)


def unit_layer(roads):
    rows, used = [], set()
    for road in roads[roads["equipped"]].itertuples():
        ends = [(road.from_node, 0.0), (road.to_node, 1.0)]
        spots = [(node, share, "junction") for node, share in ends if node not in used]
        used |= {road.from_node, road.to_node}
        count = UNITS_BETWEEN[road.segment_id]
        spots += [(None, (k + 1) / (count + 1), "spacing") for k in range(count)]
        for node, share, placement in spots:
            rows.append(
                {"rsu_id": f"r{len(rows) + 1}", "segment_id": road.segment_id, "node_id": node,
                 "placement": placement, "stage_year": road.stage_year, "cost_cny": RSU_COST,
                 "county_id": road.county_id, "jurisdiction_id": road.jurisdiction_id,
                 "geometry": road.geometry.interpolate(share, normalized=True)}
            )  # fmt: skip
    return frame(rows)


def subsidy_layer(roads, units, jurisdictions):
    rows = []
    for owner in jurisdictions.itertuples():
        mine = roads[roads["jurisdiction_id"] == owner.jurisdiction_id]
        bought = units[units["jurisdiction_id"] == owner.jurisdiction_id]
        eligible = int(bought["cost_cny"].sum())
        subsidy = min(eligible // 2, 200000)
        rows.append(
            {"jurisdiction_id": owner.jurisdiction_id, "name": owner.name,
             "opened_km": round(mine["counted_m"].sum() / 1000, 6),
             "equipped_km": round(mine[mine["equipped"]]["counted_m"].sum() / 1000, 6),
             "n_rsus": len(bought), "eligible_cny": eligible, "subsidy_cny": subsidy,
             "own_cny": eligible - subsidy}
        )  # fmt: skip
    return pd.DataFrame(rows)


def toy_layers():
    """Return every layer of the toy plan by its name."""
    counties, townships, jurisdictions = county_layers()
    zones, supply, opened = other_layers()
    segments = segment_layer(townships)
    points = demand_layer(townships, segments)
    sites = site_layer(townships)
    stations = station_layer(sites)
    assignments, covered = served(points, stations, segments)
    after = assignments[assignments["phase"] == "after"]
    load = after.groupby("station_id")["served_per_day"].sum()
    stations["served_per_day"] = stations["station_id"].map(load).fillna(0.0)
    roads, rejected = road_layers(segments)
    units = unit_layer(roads)
    located = sorted(points["township_id"].unique())
    codes = list(counties["county_id"])
    return {
        "counties": counties, "townships": townships, "jurisdictions": jurisdictions,
        "zones": zones, "supply_nodes": supply, "opened_roads": opened, "segments": segments,
        "demand_points": points, "candidate_sites": sites, "stations": stations,
        "assignments": assignments,
        "county_gaps": gap_layer("county_id", codes, points, assignments, covered),
        "township_gaps": gap_layer("township_id", located, points, assignments, covered),
        "township_access": access_layer(townships, stations, segments),
        "test_roads": roads, "rejected_segments": rejected, "rsus": units,
        "subsidies": subsidy_layer(roads, units, jurisdictions),
        "rejected_rows": pd.DataFrame(
            [("townships", "townships.csv", "7", "E-VAL-001", "no code")],
            columns=["layer", "file", "row", "code", "reason"],
        ),
    }  # fmt: skip
