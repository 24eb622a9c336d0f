"""Where trucks swap, what reviews take away and keep, parking places, and motorway exits."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from toy_case_files import STEP, node
from toy_sites import case_point, sites_of, with_setting, zone

from planner.candidates import make_candidate_sites
from planner.candidates.exits import exit_sites
from planner.candidates.separation import spread
from planner.crs import geodesic_length_m
from planner.network import build_network


def offers(sites, energy="truck_swap"):
    return sites["energies"].str.split(",").map(lambda energies: energy in energies)


def reviewed(toy, rows):
    """Return the toy case with reviews; rows are (site_id, mark, energy)."""
    inputs, network, demand_points = toy
    reviews = pd.DataFrame(rows, columns=["site_id", "mark", "energy"], dtype="str")
    reviews.insert(0, "review_id", [f"r{number}" for number in range(len(reviews))])
    return replace(inputs, reviews=reviews), network, demand_points


def test_trucks_swap_at_generated_sites_within_2_km_of_trunk_and_primary_roads(toy, scenario):
    close = with_setting(scenario, "service_radius", truck_swap_urban_m=1.0)
    sites = sites_of(toy, close)
    # The primary road runs along row 3; a row is 1.11 km high.
    rows = ((sites.geometry.y - node(0, 3)[1]) / STEP).abs().round()
    near = (rows <= 1) & (sites["origin"] != "existing")
    assert near.sum() > 2
    assert (~near).sum() > 2
    assert (offers(sites) == near).all()
    assert set(sites.loc[near, "energies"]) == {"charging,swap,truck_swap,hydrogen"}


def test_trucks_swap_at_logistics_zones_and_clusters_on_any_road(toy, scenario):
    zones = [
        zone(node(1, 5), "l", "logistics", "stations"),
        zone(node(11, 5), "c", "cluster", "stations"),
        zone(node(6, 5), "m", "mandated", "stations"),
    ]
    sites = sites_of(toy, scenario, zones=zones)
    assert offers(sites)[["z-l", "z-c", "z-m"]].tolist() == [True, True, False]


def test_generated_truck_sites_stand_half_the_urban_radius_apart(toy, scenario):
    close = with_setting(scenario, "service_radius", truck_swap_urban_m=1.0)
    apart = with_setting(scenario, "service_radius", truck_swap_urban_m=5000.0)
    everywhere, sites = sites_of(toy, close), sites_of(toy, apart)
    places = sites.geometry[offers(sites)].to_list()
    pairs = [shapely.LineString([a, b]) for at, a in enumerate(places) for b in places[:at]]
    assert offers(everywhere).sum() > len(places) > 1
    assert geodesic_length_m(pairs).min() >= 2500 * 0.999
    for place in everywhere.geometry[offers(everywhere)]:
        gaps = geodesic_length_m([shapely.LineString([place, other]) for other in places])
        assert gaps.min() < 2500, "none could be added"


def test_a_site_on_the_road_comes_before_a_more_populous_one_near_it(toy, scenario):
    inputs, network, demand_points = toy
    townships = inputs.townships.copy()
    townships.loc[0, "geometry"] = shapely.Point(node(3, 3))
    moved = (replace(inputs, townships=townships), network, demand_points)
    before, sites = sites_of(toy, scenario), sites_of(moved, scenario)
    chosen = before.index[offers(before) & (before["county_id"] == "990101")]
    assert len(chosen) == 1
    assert (sites.loc[chosen, "status"] == "accepted").all()
    assert not offers(sites)[chosen].any()
    assert offers(sites)["t-990101100"]


def test_points_of_the_case_swap_trucks_as_the_case_says(toy, scenario):
    points = [
        case_point(node(3, 3), "A", "charging"),
        case_point(node(3, 5), "B", "truck_swap, swap"),
        case_point(node(4, 5), "C", "truck_swap"),
    ]
    sites = sites_of(toy, scenario, candidate_points=points)
    assert sites.loc[["A", "B", "C"], "energies"].tolist() == [
        "charging",
        "swap,truck_swap",
        "truck_swap",
    ]


def test_a_ban_takes_its_energy_and_says_so(toy, scenario):
    site = "t-990101100"
    sites = sites_of(reviewed(toy, [(site, "ban", "swap")]), scenario)
    row = sites.loc[site]
    assert (row["status"], row["energies"]) == ("accepted", "charging,hydrogen")
    assert row["reason"] == "no swap: refused in review / 不得乘用车换电:评审未通过"
    assert sites.drop(index=site)["reason"].isna().all()


@pytest.mark.parametrize("bans", [["all"], ["charging", "swap", "hydrogen"]])
def test_a_site_whose_energies_are_all_banned_is_rejected(toy, scenario, bans):
    site = "t-990101100"
    sites = sites_of(reviewed(toy, [(site, "ban", energy) for energy in bans]), scenario)
    row = sites.loc[site]
    assert (row["status"], row["energies"]) == ("rejected", "")
    assert row["reason"] == "refused in review / 评审未通过"


def test_a_ban_and_a_rule_are_both_told(toy, scenario):
    site = "t-990101100"
    banned = reviewed(toy, [(site, "ban", "swap")])
    sites = sites_of(banned, scenario, zones=[zone(node(1, 1), "z9", "setback")])
    assert sites.loc[site, "energies"] == "charging"
    assert sites.loc[site, "reason"] == (
        "no hydrogen: too near to zone z9 / 不得加氢:距 z9 过近; "
        "no swap: refused in review / 不得乘用车换电:评审未通过"
    )


def test_a_ban_of_the_truck_swap_leaves_it_to_the_next_site(toy, scenario):
    before = sites_of(toy, scenario)
    chosen = before.index[offers(before)][0]
    sites = sites_of(reviewed(toy, [(chosen, "ban", "truck_swap")]), scenario)
    assert not offers(sites)[chosen]
    assert "no truck_swap" in sites.loc[chosen, "reason"]
    assert offers(sites).any()


def test_existing_stations_stay_whatever_reviews_say(toy, scenario):
    sites = sites_of(reviewed(toy, [("x-old1", "ban", "all")]), scenario)
    assert sites.loc["x-old1", "energies"] == "charging"
    assert sites.loc["x-old1", "status"] == "accepted"


def test_a_banned_site_displaces_nothing(toy, scenario):
    wide = with_setting(scenario, "candidates", min_separation_m=3000.0)
    before = sites_of(toy, wide)
    better = before["reason"].str.extract(r"too near to site (\S+) ")[0].dropna()
    township = better[better.str.startswith("t-")].iloc[0]
    sites = sites_of(reviewed(toy, [(township, "ban", "all")]), wide)
    assert sites.loc[township, "reason"] == "refused in review / 评审未通过"
    assert not sites["reason"].str.contains(f"site {township} ").any()


def test_a_locked_site_gives_way_to_none_and_others_give_way_to_it(toy, scenario):
    wide = with_setting(scenario, "candidates", min_separation_m=3000.0)
    before = sites_of(toy, wide)
    better = before["reason"].str.extract(r"too near to site (\S+) ")[0].dropna()
    dropped = better.index[better.str.startswith("t-")][0]
    sites = sites_of(reviewed(toy, [(dropped, "lock", "charging")]), wide)
    assert sites.loc[dropped, "status"] == "accepted"
    assert sites.loc[better[dropped], "reason"].startswith(f"too near to site {dropped} ")


def test_a_locked_site_keeps_the_truck_swap(toy, scenario):
    wide = with_setting(scenario, "service_radius", truck_swap_urban_m=20000.0)
    close = with_setting(scenario, "service_radius", truck_swap_urban_m=1.0)
    everywhere = sites_of(toy, close)
    able = everywhere.index[offers(everywhere)]
    assert offers(sites_of(toy, wide)).sum() < len(able)
    for site in able:
        sites = sites_of(reviewed(toy, [(site, "lock", "truck_swap")]), wide)
        assert offers(sites)[site]


def test_parking_places_come_from_the_points_of_the_case(toy, scenario):
    points = [case_point(node(1, 1), "A", parking_places=80), case_point(node(4, 1), "B")]
    sites = sites_of(toy, scenario, candidate_points=points)
    assert sites.loc["A", "parking_places"] == 80
    assert sites["parking_places"].drop(index="A").isna().all()


def line(road_id, road_class, places, **values):
    row = {"road_id": road_id, "name": road_id, "ref": None, "road_class": road_class,
           "oneway": False, "speed_kph": 80.0, "lanes": 2, "bridge": False, "tunnel": False,
           "trust": "illustrative"}  # fmt: skip
    return {**row, **values, "geometry": shapely.LineString(places)}


def with_roads(toy, rows):
    inputs, *_ = toy
    more = gpd.GeoDataFrame(rows, crs=4326).astype({"ref": "str"})
    roads = pd.concat([inputs.roads, more], ignore_index=True)
    return build_network(replace(inputs, roads=roads))


def node_at(network, place):
    at = shapely.distance(network.nodes.geometry.to_numpy(), shapely.Point(place)).argmin()
    return network.nodes["node_id"].iloc[at]


def test_exits_are_where_motorways_or_their_ramps_meet_other_roads(toy):
    west, middle, east = node(2, 3), [115.85, 28.632], node(10, 3)
    network = with_roads(
        toy,
        [
            line("M", "motorway", [west, middle, [115.88, 28.634], east]),
            line("r1", "ramp", [middle, [115.851, 28.63]]),
            line("r2", "ramp", [[115.851, 28.63], node(5, 2)]),
            line("city link", "ramp", [node(3, 0), node(4, 1)]),
            line("away", "motorway", [[115.88, 28.634], [115.88, 28.90]]),
        ],
    )
    sites = exit_sites(network)
    expected = {node_at(network, place) for place in (west, node(5, 2), east)}
    assert set(sites["node_id"]) == expected
    assert sites["site_id"].is_unique
    assert sites["site_id"].str.startswith("j-exit-8b").all()
    assert sites["name"].notna().all()


def test_exits_are_sites_like_other_junctions(toy, scenario):
    inputs, _, demand_points = toy
    network = with_roads(toy, [line("M", "motorway", [node(0, 0), [115.86, 28.605], node(12, 0)])])
    sites = make_candidate_sites(inputs, network, demand_points, scenario).set_index("site_id")
    exits = sites[sites.index.str.startswith("j-exit-")]
    assert len(exits) == 2
    assert (exits["origin"] == "junction").all()
    near = exits["status"] == "rejected"
    assert exits.loc[near, "reason"].str.startswith("too near to site").all()
    assert set(exits.loc[~near, "energies"]) <= {
        "charging,swap,hydrogen",
        "charging,swap,truck_swap,hydrogen",
    }


def test_no_motorway_no_exits(toy):
    assert exit_sites(toy[1]).empty


def test_spread_keeps_the_earlier_of_two_points():
    xy = np.array([[0.0, 0.0], [0.0, 9.9], [0.0, 10.0], [0.0, 19.0], [0.0, 20.0]])
    assert spread(xy, 10.0).tolist() == [True, False, True, False, True]
    assert spread(xy[:0], 10.0).tolist() == []
    assert spread(xy, 0.0).all()
