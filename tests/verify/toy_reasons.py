"""Why each site of the toy city has a station or none, worked out one station at a time."""

import math

import networkx as nx
import pandas as pd
import toy_siting
import toy_ways
from toy_city import road_graph
from toy_fleets import KEYS, MANAGED, TECHNOLOGIES, YEARS, capacity

RADIUS_M, PARKING_SHARE = 2000.0, 0.1
UNIT = {"charging": ("kWh", "千瓦时"), "swap": ("swaps", "次换电"), "hydrogen": ("kg", "公斤")}
ACTION = {
    "keep": ("an existing station, kept", "现有站，保留"), "build": ("built", "新建"),
    "extend": ("an existing station, extended", "现有站，扩容"),
    "upgrade": ("an existing station, upgraded", "现有站，升级"),
}  # fmt: skip


def added_kw(station):
    row = toy_siting.row_of(station.technology)
    unit = row["power_kw"] * row["peak_factor"] * (MANAGED if row["energy"] == "charging" else 1)
    if station.action == "build":
        return station.n_units * unit
    if station.technology == station.technology_before:
        return (station.n_units - station.n_units_before) * unit
    return station.peak_kw - station.n_units_before * 60.0 * MANAGED


def sizes(energy, places):
    """Return units, capacity, peak, capital of whatever may be built: (units, ...) in turn."""
    found = []
    for name, values in TECHNOLOGIES.items():
        row = dict(zip(KEYS, values, strict=True))
        begins, ends = (row["valid_from"] or "0000")[:4], (row["valid_to"] or "9999")[:4]
        in_time = any(int(begins) <= year <= int(ends) for year in YEARS)
        for units in range(row["min_units"], row["max_units"] + 1, row["unit_step"]):
            parks = energy != "charging" or places is None
            parks = parks or PARKING_SHARE * places <= units <= places
            if row["energy"] == energy and in_time and parks:
                peak = units * row["power_kw"] * row["peak_factor"]
                peak *= MANAGED if energy == "charging" else 1
                money = row["fixed_cost_cny"] + units * row["unit_cost_cny"]
                found.append((units, capacity(name, units), peak, money))
    return found


class City:
    """The toy city as its reasons need it: who reaches whom, and what is left."""

    def __init__(self, layers):
        self.layers = layers
        graph = road_graph(layers["segments"]).reverse()
        sites = layers["candidate_sites"]
        self.sites = sites[sites["status"] == "accepted"].set_index("site_id")
        self.far = {
            site: nx.single_source_dijkstra_path_length(graph, node, weight="metres")
            for site, node in self.sites["node_id"].items()
        }
        self.stations = {(row.site_id, row.energy): row for row in layers["stations"].itertuples()}
        given = layers["assignments"]
        self.given = given[given["phase"] == "after"]

    def near(self, site, energy):
        """Return the demand of each point that a site reaches."""
        found = {}
        for point in self.layers["demand_points"].itertuples():
            limit = toy_siting.RADII[f"{energy}_{point.area_class}_m"]
            if round(self.far[site].get(point.node_id, math.inf), 3) <= limit:
                found[point.demand_id] = getattr(point, f"{energy}_per_day")
        return found

    def lost(self, site, energy):
        """Return the demand of each point that only this station reaches."""
        others = {i for s, e in self.stations if e == energy and s != site
                  for i in self.near(s, e)}  # fmt: skip
        return {i: kwh for i, kwh in self.near(site, energy).items() if i not in others}

    def served(self, site, energy):
        mine = self.given[self.given["station_id"] == self.stations[site, energy].station_id]
        return dict(zip(mine["demand_id"], mine["served_per_day"], strict=True))

    def left_kw(self, site, without=None):
        """Return what a site could still draw, were one station not there."""
        row = self.sites.loc[site]
        there = [s for key, s in self.stations.items() if key != without]
        at_site = sum(added_kw(s) for s in there if s.site_id == site)
        at_node = sum(added_kw(s) for s in there if s.supply_node_id == row["supply_node_id"])
        node = {"g1": 500.0 + toy_siting.UPGRADE["added_kw"], "g2": 1300.0}[row["supply_node_id"]]
        return min(row["max_power_kw"] - at_site, node - at_node)

    def empty(self):
        """Return site, energy and what may be built there, wherever nothing stands."""
        for site, row in self.sites.iterrows():
            places = None if pd.isna(row["parking_places"]) else row["parking_places"]
            for energy in row["energies"].split(","):
                if (site, energy) not in self.stations and sizes(energy, places):
                    yield site, energy, sizes(energy, places)

    def rival(self, site, energy):
        """Return the best site for the demand that hangs on a station, and the added capital."""
        wanted = self.lost(site, energy)
        wanted = wanted if sum(wanted.values()) > 0 else self.served(site, energy)
        best = (1e-9, None, None)
        for other, kind, offers in self.empty():
            if kind == energy:
                taken = sum(kwh for i, kwh in wanted.items() if i in self.near(other, energy))
                best = max(best, (taken, other, offers), key=lambda found: found[0])
        if best[1] is None:
            return None, math.nan
        room = self.left_kw(best[1], (site, energy)) + 1e-9
        need = max(sum(self.lost(site, energy).values()), sum(self.served(site, energy).values()))
        fits = [(-min(kwh, need), money) for _, kwh, peak, money in best[2] if peak <= room]
        spent = self.stations[site, energy].capital_cny
        return best[1], min(fits)[1] - spent if fits else math.nan


def said(amount, energy):
    shown = f"{amount:,.1f}" if amount < 10 else f"{amount:,.0f}"
    return f"{shown} {UNIT[energy][0]} a day", f"每日 {shown} {UNIT[energy][1]}"


def why_here(city, site, energy):
    """Return what hangs on a station, in words."""
    station, layers = city.stations[site, energy], city.layers
    parts = [ACTION[station.action]]
    locks = layers["reviews"]
    locks = locks[(locks["mark"] == "lock") & (locks["site_id"] == site)]["energy"]
    if {energy, "all"} & set(locks):
        parts.append(("a review asks for it", "评审要求建站"))
    hangs = []
    lost = city.lost(site, energy)
    if sum(lost.values()) > 0:
        by_county = layers["demand_points"].set_index("demand_id").loc[list(lost)]
        by_county = by_county.groupby("county_id")[f"{energy}_per_day"].sum()
        names = layers["counties"].set_index("county_id")["name"]
        en, zh = said(sum(lost.values()), energy)
        county = names[by_county.idxmax()]
        hangs.append((f"{en} is in reach of no other station (mostly in {county})",
                      f"{zh}的需求仅本站可达（主要在{county}）"))  # fmt: skip
    hangs += held(city, site, energy)
    if not hangs and sum(city.served(site, energy).values()) > 0:
        en, zh = said(sum(city.served(site, energy).values()), energy)
        hangs.append((f"others reach the same demand; it takes {en} of it",
                      f"可达需求另有站点覆盖，本站分担{zh}"))  # fmt: skip
    parts += hangs or [("nothing hangs on it alone", "无其他站点无法替代的作用")]
    return ", ".join(en for en, _ in parts) + " / " + "，".join(zh for _, zh in parts)


def held(city, site, energy):
    """Return the rules that hang on a station: take it away and count again."""
    layers, found = city.layers, []
    rest = layers["stations"][layers["stations"]["station_id"] !=
                              city.stations[site, energy].station_id]  # fmt: skip
    years = layers["station_years"]
    years = years[years["station_id"].isin(rest["station_id"])]
    if energy == "charging":
        there = [s for s, e in city.stations if e == energy]
        towns = layers["township_access"]["node_id"].dropna()
        alone = sum(
            [s for s in there if round(city.far[s].get(node, math.inf), 3) <= RADIUS_M] == [site]
            for node in towns
        )
        if alone:
            many = "township" if alone == 1 else "townships"
            found.append((f"{alone} {many} would be short without it",
                          f"缺少本站将有 {alone} 个乡镇不达标"))  # fmt: skip
        ways = toy_ways.highway_layer(layers["segments"], rest, years)["uncovered_after_m"]
        more = (ways - layers["highway_access"]["uncovered_after_m"]).sum() / 1000
        if more > 0:
            found.append((f"{more:,.1f} km of motorway would be short without it",
                          f"缺少本站高速公路将有 {more:,.1f} 公里不达标"))  # fmt: skip
    trips = toy_ways.trip_access_layer(layers["segments"], rest, years)
    now = layers["trip_access"]
    stranded = now["refuelled_after"] & ~trips["refuelled_after"] & (now["energy"] == energy)
    volume = now[stranded]["trips_per_day"].sum()
    if volume:
        found.append((f"{volume:,.0f} trips a day could not refuel without it",
                      f"缺少本站每日 {volume:,.0f} 车次无法补能"))  # fmt: skip
    return found


def why_not(city, site, energy, offers):
    """Return what keeps a site empty: nobody left to serve, or no power for the smallest size."""
    near = city.near(site, energy)
    given = city.given[(city.given["energy"] == energy) & city.given["demand_id"].isin(near)]
    if sum(near.values()) - given["served_per_day"].sum() <= 1e-3:
        most = given.groupby("station_id")["served_per_day"].sum().idxmax()
        name = city.layers["stations"].set_index("station_id")["site_id"][most]
        return (f"all demand within its reach is served by other stations, mostly from {name} / "
                f"可达需求已由其他站点全部服务，主要由 {name}")  # fmt: skip
    least, room = min(peak for _, _, peak, _ in offers), city.left_kw(site)
    assert least > room
    return (f"no power left: the smallest station draws {least:,.0f} kW, the plan leaves "
            f"{room:,.0f} kW / 供电余量不足：最小方案需 {least:,.0f} 千瓦，规划后剩余 {room:,.0f} 千瓦")  # fmt: skip  # noqa: E501


def reason_layer(layers):
    """Return the layer SITE_REASONS of the toy city."""
    city = City(layers)
    rows = [
        (site, energy, False, why_not(city, site, energy, offers), math.nan, None, math.nan)
        for site, energy, offers in city.empty()
    ]
    for site, energy in city.stations:
        lost = round(sum(city.lost(site, energy).values()), 6)
        here = (site, energy, True, why_here(city, site, energy), lost)
        rows.append((*here, *city.rival(site, energy)))
    names = ["site_id", "energy", "chosen", "reason", "lost_per_day", "rival_site_id",
             "replacement_cny"]  # fmt: skip
    return pd.DataFrame(rows, columns=names)
