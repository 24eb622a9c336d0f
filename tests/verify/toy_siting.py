"""The sites and stations of the toy city, year by year, and whom they serve."""

import math

import networkx as nx
import pandas as pd
import toy_city
from shapely.geometry import Point
from toy_city import at, county_at, frame, jurisdiction_at, metres, node_id, road_graph
from toy_fleets import (
    COUNTED,
    KEYS,
    MANAGED,
    SCHEMES,
    TECHNOLOGIES,
    YEARS,
    capacity,
    demand_of,
    uses,
    wait_min,
)

ENERGIES = toy_city.ENERGIES
PHASES = {"before": 2027, "2025": 2025, "2026": 2026, "after": 2027}
RADII = {
    "charging_urban_m": 1500.0, "charging_rural_m": 2500.0, "swap_urban_m": 2500.0,
    "swap_rural_m": 4000.0, "truck_swap_urban_m": 3000.0, "truck_swap_rural_m": 6000.0,
    "hydrogen_urban_m": 3000.0, "hydrogen_rural_m": 5000.0,
}  # fmt: skip
STEPS = {
    # station: site, what stood before, what stands in which year
    "x-old1": ("x-old1", ("dc60", 4), {2026: ("dc60", 6)}),
    "x-old2": ("x-old2", ("swap", 1), {}),
    "x-old3": ("x-old3", ("dc60", 4), {2027: ("dc120", 4)}),
    "p-t-tw2-charging": ("t-tw2", None, {2025: ("dc120", 4)}),
    "p-j-32-charging": ("j-32", None, {2026: ("dc120", 4), 2027: ("dc120", 5)}),
    "p-j-32-swap": ("j-32", None, {2025: ("swap", 1)}),
    "p-c1-hydrogen": ("c1", None, {2026: ("hydrogen500", 1)}),
}
KEPT_FROM = (
    "no hydrogen: too near to zone z3 / 不得加氢:距 z3 过近; "
    "no swap: refused in review / 不得乘用车换电:评审未通过"
)
EXCLUDED = "inside exclusion zone z2 / 位于禁设区 z2 内"
UPGRADE = {"supply_node_id": "g1", "ordered_year": 2025, "in_service_year": 2026,
           "added_kw": 200.0, "cost_cny": 300000}  # fmt: skip


def row_of(technology):
    return dict(zip(KEYS, TECHNOLOGIES[technology], strict=True))


def site_layer(townships):
    given = [
        ("x-old1", "existing", (1.05, 1), (1, 1), "charging", None, None),
        ("x-old2", "existing", (5, 0), (5, 0), "swap", None, None),
        ("x-old3", "existing", (4, 0), (4, 0), "charging", None, None),
        ("t-tw2", "township", (1, 3), (1, 3), "charging,swap", None, None),
        ("j-32", "junction", (3, 2), (3, 2), "charging,swap,truck_swap", None, None),
        ("j-22", "junction", (2, 2), (2, 2), "charging", KEPT_FROM, None),
        ("c1", "case", (4.9, 1), (5, 1), "charging,hydrogen", None, 40),
        ("j-04", "junction", (0, 4), (0, 4), "", EXCLUDED, None),
    ]
    rows = []
    for key, origin, spot, node, energies, reason, places in given:
        place = at(*spot)
        near = "g1" if metres(place, at(1, 2)) < metres(place, at(4, 2.1)) else "g2"
        rows.append(
            {"site_id": key, "node_id": node_id(at(*node)), "name": key, "origin": origin,
             "county_id": county_at(place[0]),
             "jurisdiction_id": jurisdiction_at(place, townships)[1], "energies": energies,
             "supply_node_id": near, "max_power_kw": 1300.0, "parking_places": places,
             "status": "accepted" if energies else "rejected", "reason": reason,
             "snap_m": round(metres(place, at(*node)), 3), "geometry": Point(place)}
        )  # fmt: skip
    return frame(rows)


def step_cost(before, now):
    row = row_of(now[0])
    if before is None:
        return row["fixed_cost_cny"] + now[1] * row["unit_cost_cny"]
    return (now[1] - before[1] if before[0] == now[0] else now[1]) * row["unit_cost_cny"]


def year_layer():
    """Return what stands in each year, without what it serves."""
    rows = []
    for key, (_, before, steps) in STEPS.items():
        has = before
        for year in YEARS:
            spent = step_cost(has, steps[year]) if year in steps else 0
            has = steps.get(year, has)
            if has:
                rows.append(
                    {"station_id": key, "year": year, "technology": has[0], "n_units": has[1],
                     "capacity_per_day": capacity(*has), "served_per_day": 0.0, "spent_cny": spent}
                )  # fmt: skip
    return pd.DataFrame(rows)


def grant(technology, year, capital):
    best = (0, None)
    for name, scheme in SCHEMES.items():
        first, last = int(scheme["valid_from"][:4]), int(scheme["valid_to"][:4])
        if technology in scheme["technologies"] and first <= year <= last:
            money = math.floor(scheme["rate"] * capital + 1e-9)
            money = min(money, scheme["cap_cny"]) if scheme["cap_cny"] else money
            best = max(best, (money, name))
    return best


def station_layer(sites, years):
    rows = []
    for key, (site_id, before, steps) in STEPS.items():
        site = sites.set_index("site_id").loc[site_id]
        mine = years[years["station_id"] == key]
        technology, units = mine["technology"].iloc[-1], int(mine["n_units"].iloc[-1])
        row, capital = row_of(technology), int(mine["spent_cny"].sum())
        action = "build" if before is None else "keep"
        if before and steps:
            action = "extend" if technology == before[0] else "upgrade"
        added = {"build": units, "keep": 0, "upgrade": units}.get(action)
        added = units - before[1] if added is None else added
        opex = added * row["opex_cny_per_unit_year"]
        opex += row["opex_cny_per_year"] if action == "build" else 0
        factor = MANAGED if row["energy"] == "charging" else 1.0
        first = min(steps, default=YEARS[0])
        money, scheme = grant(technology, first, capital) if before is None else (0, None)
        share = 0.06 / (1 - 1.06 ** -row["life_years"])
        rows.append(
            {"station_id": key, "site_id": site_id, "node_id": site["node_id"], "name": f"站{key}",
             "energy": row["energy"], "technology": technology,
             "technology_before": before[0] if before else None,
             "status": "existing" if before else "planned", "action": action, "first_year": first,
             "n_units": units, "n_units_before": before[1] if before else 0,
             "capacity_per_day": capacity(technology, units), "served_per_day": 0.0,
             "power_kw": units * row["power_kw"],
             "peak_kw": units * row["power_kw"] * row["peak_factor"] * factor,
             "waiting_min": None, "capital_cny": capital, "opex_cny_per_year": opex,
             "annual_cost_cny": round(capital * share) + opex, "cost_per_unit_cny": None,
             "grant_cny": money, "scheme": scheme,
             "owner": "existing" if action == "keep" else row["owner"],
             "supply_node_id": site["supply_node_id"], "county_id": site["county_id"],
             "jurisdiction_id": site["jurisdiction_id"], "trust": "illustrative",
             "geometry": site["geometry"]}
        )  # fmt: skip
    return frame(rows)


def with_service(stations, years, assignments):
    """Fill in what stations serve, how long people wait and what a unit of it costs."""
    phases = {year: phase for phase, year in PHASES.items() if phase != "before"}
    load = assignments.groupby(["phase", "station_id"])["served_per_day"].sum()
    years["served_per_day"] = [
        load.get((phases[row.year], row.station_id), 0.0) for row in years.itertuples()
    ]
    served = [load.get(("after", key), 0.0) for key in stations["station_id"]]
    stations["served_per_day"] = served
    stations["waiting_min"] = [
        round(wait_min(row.technology, row.n_units, row.served_per_day), 6)
        for row in stations.itertuples()
    ]
    stations["cost_per_unit_cny"] = [
        round(row.annual_cost_cny / row.served_per_day / 365, 6) if row.served_per_day else None
        for row in stations.itertuples()
    ]
    return stations, years


def counties_of(counties):
    return counties.set_index("county_id")["population"]


def demand_table(points, counties):
    """Return what each demand point takes a day by year and energy."""
    people = counties_of(counties)
    found = {}
    for year in YEARS:
        for row in points.itertuples():
            place = (row.county_id, people[row.county_id])
            taken = demand_of(row.population, row.area_class, year, *place)
            found[year, row.demand_id] = {e: round(amount, 6) for e, amount in taken.items()}
    return found


def stock_layer():
    return pd.DataFrame(
        [(*key, float(count), "made", "illustrative") for key, count in COUNTED.items()],
        columns=["county_id", "fleet", "vehicles", "source", "trust"],
    )


def fleet_layer(points, counties):
    from toy_fleets import FLEETS, RURAL_GROWTH  # noqa: PLC0415 - only here

    rows = []
    for county in counties.itertuples():
        mine = points[points["county_id"] == county.county_id]
        grown = sum(
            p * (RURAL_GROWTH if area == "rural" else 1.0)
            for p, area in zip(mine["population"], mine["area_class"], strict=True)
        )
        for name, fleet in FLEETS.items():
            each = fleet["vehicles_per_1000"] / 1000
            if (county.county_id, name) in COUNTED:
                each = COUNTED[county.county_id, name] / county.population
            for year in YEARS:
                for energy, (share, use) in uses(fleet, year).items():
                    vehicles = grown * each * share
                    if vehicles > 0:
                        rows.append(
                            {"county_id": county.county_id, "year": year, "fleet": name,
                             "energy": energy, "vehicles": round(vehicles, 6),
                             "demand_per_day": round(vehicles * use, 6)}
                        )  # fmt: skip
    return pd.DataFrame(rows)


def standing(years, phase):
    """Return technology, units and capacity of what stands in a phase, by station."""
    if phase == "before":
        return {key: before for key, (_, before, _) in STEPS.items() if before}
    mine = years[years["year"] == PHASES[phase]]
    return {row.station_id: (row.technology, row.n_units) for row in mine.itertuples()}


def served(points, stations, years, segments, counties):
    """Assign greedily and return assignments and, by energy and phase, who is covered."""
    graph = road_graph(segments).reverse()
    taken = demand_table(points, counties)
    rows, covered = [], {}
    nodes = stations.set_index("station_id")["node_id"]
    for phase, year in PHASES.items():
        there = standing(years, phase)
        for energy in ENERGIES:
            left = {i: round(taken[year, i][energy], 6) for i in points["demand_id"]}
            reached = set()
            for key, has in there.items():
                if row_of(has[0])["energy"] != energy:
                    continue
                room = capacity(*has)
                far = nx.single_source_dijkstra_path_length(graph, nodes[key], weight="metres")
                for point in points.itertuples():
                    limit = RADII[f"{energy}_{point.area_class}_m"]
                    if round(far.get(point.node_id, math.inf), 3) > limit:
                        continue
                    reached.add(point.demand_id)
                    amount = math.floor(min(room, left[point.demand_id]) * 1e6) / 1e6
                    if amount > 0:
                        rows.append((phase, point.demand_id, key, energy, amount))
                        room -= amount
                        left[point.demand_id] -= amount
            covered[energy, phase] = reached
    columns = ["phase", "demand_id", "station_id", "energy", "served_per_day"]
    return pd.DataFrame(rows, columns=columns), covered


def gap_layer(key, ids, points, counties, assignments, covered):
    rows, taken = [], demand_table(points, counties)
    for owner in ids:
        mine = points[points[key] == owner]
        for energy in ENERGIES:
            for phase, year in PHASES.items():
                given = assignments[
                    (assignments["phase"] == phase)
                    & (assignments["energy"] == energy)
                    & assignments["demand_id"].isin(mine["demand_id"])
                ]
                asked = {i: taken[year, i][energy] for i in mine["demand_id"]}
                demand = sum(asked.values())
                reach = sum(a for i, a in asked.items() if i in covered[energy, phase])
                done = given["served_per_day"].sum()
                rows.append(
                    {key: owner, "energy": energy, "phase": phase,
                     "demand_per_day": round(demand, 6),
                     "coverage_gap_per_day": round(abs(demand - reach), 6),
                     "capacity_gap_per_day": round(abs(reach - done), 6),
                     "covered_share": round(reach / demand, 6) if demand else None,
                     "served_share": round(done / demand, 6) if demand else None}
                )  # fmt: skip
    return pd.DataFrame(rows)


def near_charging(stations, years, phase, segments):
    there = standing(years, phase)
    nodes = stations.set_index("station_id")["node_id"]
    charging = {nodes[key] for key, has in there.items() if row_of(has[0])["energy"] == "charging"}
    graph = road_graph(segments).reverse()
    return nx.multi_source_dijkstra_path_length(graph, charging, weight="metres")


def access_layer(townships, stations, years, segments):
    near = {phase: near_charging(stations, years, phase, segments) for phase in PHASES}
    rows = []
    for town in townships.itertuples():
        row = {
            "township_id": town.township_id, "name": town.name, "county_id": town.county_id,
            "node_id": None, "distance_before_m": None, "distance_after_m": None,
            "status": "cannot_be_checked", "reason": "no place", "first_year_met": None,
            "binding": None, "geometry": town.geometry,
        }  # fmt: skip
        if town.geometry is not None:
            spot = [round((town.geometry.x - toy_city.WEST) / toy_city.STEP),
                    round((town.geometry.y - toy_city.SOUTH) / toy_city.STEP)]  # fmt: skip
            row["node_id"] = node_id(at(*spot))
            for phase in ("before", "after"):
                row[f"distance_{phase}_m"] = round(near[phase][row["node_id"]], 3)
            met = [y for p, y in PHASES.items()
                   if p != "before" and round(near[p][row["node_id"]], 3) <= 2000.0]  # fmt: skip
            row["first_year_met"] = min(met, default=None)
            short = row["distance_after_m"] > 2000.0
            row["status"] = "short" if short else "met"
            row["reason"] = row["binding"] = "too far from charging" if short else None
        rows.append(row)
    access = frame(rows)
    for column in ("distance_before_m", "distance_after_m", "first_year_met"):
        access[column] = access[column].astype(float)
    return access
