from dataclasses import replace

import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_case_files import node
from toy_sites import ALL, case_point, existing, sites_of, with_setting, zone

from planner.candidates import make_candidate_sites
from planner.candidates.names import _from
from planner.crs import geodesic_length_m
from planner.demand import make_demand_points
from planner.errors import InputError


def test_the_toy_case_has_sites_of_every_origin_it_feeds(toy, scenario):
    sites = sites_of(toy, scenario)
    assert sites["origin"].unique().tolist() == ["existing", "township", "junction"]
    assert (sites["status"] == "accepted").all()
    assert sites.loc["x-old1", "energies"] == "charging"
    assert sites.loc["t-990102100", "jurisdiction_id"] == "zone-e"
    assert "t-990102200" not in sites.index, "a township without a place has no site"


def test_junctions_are_named_after_the_highest_roads(toy, scenario):
    sites = sites_of(toy, scenario)
    names = sites.loc[sites["origin"] == "junction", "name"]
    assert names.loc["j-87418325c-990101"] == "东西2路/南北2路"
    assert names.loc["j-8741832ed-990101"] == "南北3路/东西5路", "secondary before tertiary"
    assert names.str.contains("/").all()


def test_route_numbers_stand_in_for_names(toy, scenario):
    inputs, network, demand_points = toy
    segments = network.segments.assign(name=None, ref="G105").astype({"name": "str", "ref": "str"})
    renamed = (inputs, replace(network, segments=segments), demand_points)
    sites = sites_of(renamed, scenario)
    assert set(sites.loc[sites["origin"] == "junction", "name"]) == {"G105"}


def test_a_junction_of_nameless_roads_is_named_after_its_township(toy, scenario):
    inputs, network, demand_points = toy
    segments = network.segments.assign(name=None, ref=None).astype({"name": "str", "ref": "str"})
    nameless = (inputs, replace(network, segments=segments), demand_points)
    names = sites_of(nameless, scenario)["name"]
    assert names["j-87418325c-990101"] == "西一镇附近"
    english = inputs.townships.assign(name=["One", "Two", "Three", "Four"])
    nameless = (replace(inputs, townships=english), nameless[1], demand_points)
    assert sites_of(nameless, scenario)["name"]["j-87418325c-990101"] == "near One"


def test_a_place_far_from_its_township_says_where_from_it():
    place, township = shapely.Point(3000.0, 3000.0), shapely.Point(0.0, 0.0)
    assert _from("三江镇", township, place) == "三江镇东北约4公里"
    assert _from("三江镇", township, shapely.Point(0.0, -2600.0)) == "三江镇南约3公里"
    assert _from("Three", township, shapely.Point(-2400.0, 0.0)) == "2 km W of Three"
    assert _from("三江镇", township, shapely.Point(1400.0, 1400.0)) == "三江镇附近"
    assert _from("三江镇", shapely.Point(), place) == "三江镇附近", "a township without a place"


def test_existing_stations_are_kept_even_in_zones_and_beside_each_other(toy, scenario):
    sites = sites_of(
        toy,
        scenario,
        existing_stations=[existing(node(2, 2), "a"), existing(node(2, 2), "b", "hydrogen500")],
        zones=[zone(node(2, 2)), zone(node(2, 2), "z8", "setback")],
    )
    assert sites.loc[["x-a", "x-b"], "status"].tolist() == ["accepted", "accepted"]
    assert sites.loc[["x-a", "x-b"], "energies"].tolist() == ["swap", "hydrogen"]
    assert sites.loc[["x-a", "x-b"], "reason"].isna().all()


def test_an_existing_station_far_from_roads_is_rejected_and_says_so(toy, scenario):
    sites = sites_of(toy, scenario, existing_stations=[existing((116.5, 28.6))])
    row = sites.loc["x-e"]
    assert (row["status"], row["energies"]) == ("rejected", "")
    assert row["reason"].startswith("no road within 3000 m")
    assert pd.isna(row["node_id"])
    assert pd.isna(row["snap_m"])


def test_no_generated_site_gives_way_to_an_existing_station(toy, scenario):
    sites = sites_of(toy, scenario, existing_stations=[existing(node(1, 1))])
    assert sites.loc["t-990101100", "status"] == "accepted"


def test_points_of_the_case_keep_their_place_and_displace_generated_sites(toy, scenario):
    lon, lat = node(1, 1)
    sites = sites_of(toy, scenario, candidate_points=[case_point((lon + 0.004, lat), "A")])
    assert sites.geometry.loc["A"].coords[0] == (lon + 0.004, lat)
    assert sites.loc["A", "snap_m"] == pytest.approx(391.2, abs=0.1)
    assert sites.loc["t-990101100", "status"] == "rejected"
    assert sites.loc["t-990101100", "reason"].startswith("too near to site A (391 m)")


def test_a_point_for_fewer_energies_displaces_nothing(toy, scenario):
    point = case_point(node(1, 1), "A", "hydrogen, charging")
    sites = sites_of(toy, scenario, candidate_points=[point])
    assert sites.loc["A", "energies"] == "charging,hydrogen"
    assert sites.loc["t-990101100", "status"] == "accepted"


def test_points_of_the_case_do_not_displace_each_other(toy, scenario):
    points = [case_point(node(1, 1), name) for name in ("A", "B")]
    sites = sites_of(toy, scenario, candidate_points=points)
    assert sites.loc[["A", "B"], "status"].tolist() == ["accepted", "accepted"]


def test_power_limit_is_that_of_the_case_or_the_setting(toy, scenario):
    points = [case_point(node(1, 1), "A", max_power_kw=900.0), case_point(node(4, 1), "B")]
    sites = sites_of(toy, scenario, candidate_points=points)
    assert sites.loc[["A", "B"], "max_power_kw"].tolist() == [900.0, 4000.0]


def test_a_point_outside_every_county_is_rejected(toy, scenario):
    sites = sites_of(toy, scenario, candidate_points=[case_point((115.76, 28.62))])
    assert sites.loc["A", "status"] == "rejected"
    assert sites.loc["A", "reason"].startswith("outside every county")


def test_the_site_of_a_township_off_the_road_stands_on_its_node(toy, scenario):
    inputs, network, demand_points = toy
    lon, lat = node(1, 1)
    moved = inputs.townships.copy()
    moved.loc[0, "geometry"] = shapely.Point(lon + 0.002, lat)
    sites = sites_of((replace(inputs, townships=moved), network, demand_points), scenario)
    assert sites.geometry.loc["t-990101100"].coords[0] == (lon, lat)
    assert sites.loc["t-990101100", "snap_m"] == pytest.approx(195.6, abs=0.1)


@pytest.mark.parametrize(("radius_m", "status"), [(900.0, "accepted"), (1000.0, "rejected")])
def test_sites_inside_a_buffered_exclusion_are_rejected(toy, scenario, radius_m, status):
    # node(2, 1) lies 978 m east of the township's node(1, 1)
    sites = sites_of(toy, scenario, zones=[zone(node(2, 1), radius_m=radius_m)])
    row = sites.loc["t-990101100"]
    assert row["status"] == status
    if status == "rejected":
        assert row["reason"] == "inside exclusion zone z9 / 位于禁设区 z9 内"
        assert row["energies"] == ""


def test_exclusions_of_test_roads_concern_no_station(toy, scenario):
    sites = sites_of(toy, scenario, zones=[zone(node(1, 1), applies_to="test_roads")])
    assert sites.loc["t-990101100", "status"] == "accepted"


@pytest.mark.parametrize(
    ("kind", "applies_to", "offset_m", "energies"),
    [
        ("setback", "all", 45, "charging,swap"),
        ("setback", "all", 55, ALL),
        ("exclusion", "hydrogen", 15, "charging,swap"),
        ("exclusion", "hydrogen", 45, ALL),
    ],
)
def test_setbacks_keep_hydrogen_away(toy, scenario, kind, applies_to, offset_m, energies):
    lon, lat = node(1, 1)
    place = (lon + offset_m / 97_812, lat)
    sites = sites_of(toy, scenario, zones=[zone(place, "z9", kind, applies_to, 20.0)])
    row = sites.loc["t-990101100"]
    assert (row["status"], row["energies"]) == ("accepted", energies)
    assert pd.isna(row["reason"]) == (energies == ALL)


def test_a_wide_setback_reaches_as_far_as_its_own_radius(toy, scenario):
    sites = sites_of(toy, scenario, zones=[zone(node(2, 1), "z9", "setback", radius_m=1000.0)])
    assert sites.loc["t-990101100", "energies"] == "charging,swap"
    assert "too near to zone z9" in sites.loc["t-990101100", "reason"]


def test_hydrogen_stays_out_of_city_centres(toy, scenario):
    dense = with_setting(scenario, "demand", urban_junctions_per_km2=0.1)
    inputs, network, _ = toy
    urban = (inputs, network, make_demand_points(inputs, network, dense))
    sites = sites_of(urban, dense)
    generated = sites[sites["origin"] != "existing"]
    assert set(generated["energies"]) <= {"charging,swap", "charging,swap,truck_swap", ""}
    kept = generated[generated["status"] == "accepted"]
    assert kept["reason"].str.contains("city centre").all()
    assert (sites["origin"] == "junction").sum() == len(urban[2]), "one for each urban point"


def test_a_site_left_without_any_energy_is_rejected(toy, scenario):
    point = case_point(node(1, 1), "A", "hydrogen")
    nearby = zone(node(1, 1), "z9", "setback")
    sites = sites_of(toy, scenario, candidate_points=[point], zones=[nearby])
    assert sites.loc["A", "status"] == "rejected"
    assert sites.loc["A", "reason"].startswith("no hydrogen: too near to zone z9")


def test_zones_that_attract_are_sites_unless_for_test_roads(toy, scenario):
    zones = [
        zone(node(5, 2), "c", "cluster"),
        zone(node(8, 2), "l", "logistics", "hydrogen"),
        zone(node(8, 5), "t", "test_zone", "test_roads"),
        zone(node(10, 5), "s", "setback"),
    ]
    sites = sites_of(toy, scenario, zones=zones)
    assert sites.index[sites["origin"] == "zone"].tolist() == ["z-c", "z-l"]


def test_supply_node_is_the_nearest_and_may_be_absent(toy, scenario):
    assert sites_of(toy, scenario, supply_nodes=[])["supply_node_id"].isna().all()
    rows = [
        (*node(0, 3), {"supply_node_id": "west", "headroom_kw": 1.0}),
        (*node(12, 3), {"supply_node_id": "east", "headroom_kw": 1.0}),
    ]
    sites = sites_of(toy, scenario, supply_nodes=rows)
    assert sites.loc["t-990101100", "supply_node_id"] == "west"
    assert sites.loc["t-990102100", "supply_node_id"] == "east"


def test_equally_near_supply_nodes_go_by_id(toy, scenario):
    rows = [(*node(3, 3), {"supply_node_id": name, "headroom_kw": 1.0}) for name in ("b", "a")]
    assert set(sites_of(toy, scenario, supply_nodes=rows)["supply_node_id"]) == {"a"}


def test_an_id_used_twice_is_an_error(toy, scenario):
    with pytest.raises(InputError, match="E-CND-001"):
        sites_of(toy, scenario, candidate_points=[case_point(node(1, 1), "t-990101100")])


@settings(max_examples=8, deadline=None)
@given(separation_m=st.floats(0, 6000), seed=st.integers(0, 50))
def test_generated_sites_keep_their_separation_in_any_order(toy, scenario, separation_m, seed):
    inputs, network, demand_points = toy
    apart = with_setting(scenario, "candidates", min_separation_m=separation_m)
    sites = make_candidate_sites(inputs, network, demand_points, apart)
    free = sites[(sites["status"] == "accepted") & (sites["origin"] != "existing")]
    places = free.geometry.to_numpy()
    pairs = [shapely.LineString([a, b]) for at, a in enumerate(places) for b in places[:at]]
    if pairs:
        assert geodesic_length_m(pairs).min() >= separation_m * 0.999
    shuffled = replace(inputs, townships=inputs.townships.sample(frac=1, random_state=seed))
    points = demand_points.sample(frac=1, random_state=seed).reset_index(drop=True)
    assert_geodataframe_equal(sites, make_candidate_sites(shuffled, network, points, apart))


def test_a_dropped_site_names_a_better_one_that_stays(toy, scenario):
    sites = sites_of(toy, with_setting(scenario, "candidates", min_separation_m=3000.0))
    dropped = sites[sites["status"] == "rejected"]
    assert len(dropped) > 3
    better = dropped["reason"].str.extract(r"too near to site (\S+) \((\d+) m\)")
    assert (sites.loc[better[0], "status"] == "accepted").all()
    assert (better[1].astype(int) <= 3000).all()
    ranks = {"township": 1, "junction": 2}
    worse = dropped["origin"].map(ranks).to_numpy()
    assert (sites.loc[better[0], "origin"].map(ranks).to_numpy() <= worse).all()


def test_of_two_junctions_too_near_the_more_populous_stays(toy, scenario):
    dense = with_setting(scenario, "demand", urban_junctions_per_km2=0.1)
    dense = with_setting(dense, "candidates", min_separation_m=4000.0)
    inputs, network, points = toy
    crowded = points.assign(population=points["population"].to_numpy()[::-1])
    crowded["area_class"] = "urban"
    sites = sites_of((inputs, network, crowded), dense, townships=[])
    residents = crowded.set_index("j" + crowded["demand_id"].str[1:])["population"]
    dropped = sites[sites["status"] == "rejected"]
    better = dropped["reason"].str.extract(r"too near to site (\S+) ")[0]
    assert len(dropped) > 10
    assert (residents[better].to_numpy() >= residents[dropped.index].to_numpy()).all()


def test_heavy_urban_cells_get_further_junctions_apart_from_each_other(toy, scenario):
    dense = with_setting(scenario, "demand", urban_junctions_per_km2=0.1)
    inputs, network, _ = toy
    points = make_demand_points(inputs, network, dense)
    one = points["demand_id"] == "d-8741832ed-990101"
    # A full site charges 8 x 1400 kWh (8 x 480 kW < 4000 kW); half of that is 5600 kWh.
    heavy = points.assign(charging_per_day=points["charging_per_day"].where(~one, 3 * 5600.0))
    sites = sites_of((inputs, network, heavy), dense)
    own = sites[sites.index.str.startswith("j-8741832ed-990101")]
    assert own.index.tolist() == [f"j-8741832ed-990101{end}" for end in ("", "-2", "-3")]
    assert own["node_id"].is_unique
    assert (sites["origin"] == "junction").sum() == len(points) + 2


def test_heavy_rural_cells_get_more_than_one_site(toy, scenario):
    inputs, network, demand_points = toy
    light = sites_of(toy, scenario)
    heavy = demand_points.assign(charging_per_day=demand_points["charging_per_day"] * 100)
    sites = sites_of((inputs, network, heavy), scenario)
    assert (sites["origin"] == "junction").sum() > (light["origin"] == "junction").sum()
    assert len(demand_points) > (light["origin"] == "junction").sum()
