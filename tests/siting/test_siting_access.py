"""Ways to public charging, motorways and trips, measured on hand-made roads and stations."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from toy_case_files import write_toy_case
from toy_roads import DEGREE_M, inputs_of, network_of, road

from planner import layers
from planner.crs import WGS84
from planner.network import build_network
from planner.scenario import load_scenario
from planner.siting.access import BY_EXISTING, BY_PLAN, township_access
from planner.siting.from_layers import TownshipNodes
from planner.siting.way_access import highway_access, trip_access
from planner.siting.ways import make_ways

KM = 1000.0


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return load_scenario(write_toy_case(tmp_path_factory.mktemp("access") / "toy"))


def stations(*rows):
    """Return stations from rows of (site, node, technology, before, year)."""
    frame = pd.DataFrame(rows, columns=["site_id", "node_id", "technology", "technology_before",
                                        "first_year"])  # fmt: skip
    texts = ["site_id", "node_id", "technology", "technology_before"]
    frame = frame.astype(dict.fromkeys(texts, "str") | {"first_year": "int64"})
    energy = np.where(frame["technology"] == "hydrogen500", "hydrogen", "charging")
    status = np.where(frame["technology_before"].isna(), "planned", "existing")
    return frame.assign(energy=energy, status=status)


def townships(*names):
    """Return townships on nodes of a line, and none for the last."""
    frame = gpd.GeoDataFrame(
        {"township_id": list(names), "name": list(names), "county_id": "1"},
        geometry=[shapely.Point(0, 0)] * (len(names) - 1) + [None], crs=WGS84,
    ).astype({"township_id": "str", "name": "str", "county_id": "str"})  # fmt: skip
    node = np.append(np.arange(len(names) - 1), -1)
    return frame, TownshipNodes(node, ("",) * (len(names) - 1) + ("no place known / 位置未知",))


def test_townships_are_met_before_in_a_year_by_the_plan_or_not(scenario):
    """Nodes 6 km apart in a row, the last 300 km away; the rule is 10 km (by road).

    An old station at node 0: nodes 0 and 1 are met, node 2 is 12 km off until one of 2026
    comes to node 3 (6 km). Node 4 (6 km from there) is met then too; node 5 is 306 km off.
    """
    arcs = [(n, n + 1, 6 * KM, False) for n in range(4)] + [(4, 5, 300 * KM, False)]
    frame, nodes = townships("a", "b", "c", "d", "e", "far", "lost")
    built = stations(
        ("x", "n1", "dc60", "dc60", 2025), ("p", "n4", "dc60", None, 2026),
        ("h", "n6", "hydrogen500", None, 2025),
    )  # fmt: skip
    inputs = replace(inputs_of([road("r", (0, 0), (1, 0))]), townships=frame)
    assert scenario.rules.township_radius_m == 10 * KM
    access = township_access(inputs, network_of(6, arcs), nodes, built, scenario)
    layers.validate(access, layers.TOWNSHIP_ACCESS)
    assert access["status"].tolist() == ["met"] * 5 + ["short", "cannot_be_checked"]
    assert access["distance_before_m"].tolist()[:5] == [0, 6 * KM, 12 * KM, 18 * KM, 24 * KM]
    assert access["distance_after_m"].tolist()[:5] == [0, 6 * KM, 6 * KM, 0, 6 * KM]
    assert access["first_year_met"].tolist()[:5] == [2025, 2025, 2026, 2026, 2026]
    assert access["first_year_met"].isna().tolist()[5:] == [True, True]
    assert access["binding"].tolist()[:3] == [BY_EXISTING, BY_EXISTING, BY_PLAN]
    assert access["reason"].iloc[5].startswith("no charging station within 200 km by road / 沿道路")
    assert access["reason"].iloc[6] == "no place known / 位置未知"


def motorway():
    """A motorway of 111.3 km with places at 0.3, 0.5 and 0.7 of it, and a trip along it."""
    places = [(0, 0), (300, 0), (500, 0), (700, 0), (1000, 0)]
    rows = [road("m", *places, road_class="motorway", ref="G1", name="一号高速")]
    rows += [road(f"b{x}", (x, 0), (x, 5)) for x in (0, 300, 500, 700, 1000)]
    return rows


def with_trips(inputs, *rows):
    """Return inputs with trips along the motorway: rows of (energy, range in km)."""
    line = shapely.LineString([(0, 0), (1, 0)])
    frame = pd.DataFrame(
        [{"trip_id": f"t{n}", "name": "过境", "energy": energy, "trips_per_day": 7.0,
          "range_m": km * KM, "source": "made", "trust": "illustrative"}
         for n, (energy, km) in enumerate(rows)]
    ).astype(dict.fromkeys(("trip_id", "name", "energy", "source", "trust"), "str"))  # fmt: skip
    return replace(inputs, trips=gpd.GeoDataFrame(frame, geometry=[line] * len(rows), crs=WGS84))


@pytest.fixture(scope="module")
def ground():
    inputs = with_trips(inputs_of(motorway()), ("charging", 100), ("charging", 120),
                        ("hydrogen", 120), ("charging", 230))  # fmt: skip
    network = build_network(inputs)
    lonlat = shapely.get_coordinates(network.nodes.geometry.to_numpy()) * 1000
    at = [int(np.flatnonzero(np.abs(lonlat - (x, 0)).max(axis=1) < 1e-3)[0])
          for x in (300, 500, 700)]  # fmt: skip
    sites = pd.DataFrame({"site_id": ["s300", "s500", "s700"],
                          "node_id": network.nodes["node_id"].to_numpy()[at]})  # fmt: skip
    return inputs, network, sites


def on_motorway(ground, scenario, *built):
    inputs, network, sites = ground
    node = dict(zip(sites["site_id"], sites["node_id"], strict=True))
    rows = stations(*((site, node[site], kind, before, 2025) for site, kind, before in built))
    ways = make_ways(inputs, network, sites, scenario)
    return (
        highway_access(network, sites, ways, rows, scenario),
        trip_access(inputs, network, sites, ways, rows, scenario),
    )


def test_a_station_half_way_covers_all_but_the_ends(ground, scenario):
    """Starts up to 61.3 km; from 5.66 to 55.66 km the station is within 50 km ahead."""
    access, _ = on_motorway(ground, scenario, ("s500", "dc120", None))
    layers.validate(access, layers.HIGHWAY_ACCESS)
    starts, short = DEGREE_M - 50 * KM, DEGREE_M - 100 * KM
    assert access["direction_en"].tolist() == ["E-bound", "W-bound"]
    assert access["direction_zh"].tolist() == ["东向", "西向"]
    assert access["length_m"].tolist() == pytest.approx([DEGREE_M] * 2, abs=1)
    assert access["uncovered_before_m"].tolist() == pytest.approx([starts] * 2, abs=1)
    assert access["uncovered_after_m"].tolist() == pytest.approx([short] * 2, abs=1)
    assert access["largest_gap_before_m"].tolist() == pytest.approx([DEGREE_M] * 2, abs=1)
    assert access["largest_gap_after_m"].tolist() == pytest.approx([DEGREE_M / 2] * 2, abs=1)
    assert access["status"].tolist() == ["short", "short"]
    assert access["reason"].str.contains("55.7 km without a fast charger, rule 50 km").all()


def test_two_stations_meet_the_highway_rule(ground, scenario):
    """At 33.4 and 77.9 km: every start up to 61.3 km sees one within 50 km, both ways."""
    access, _ = on_motorway(ground, scenario, ("s300", "dc60", "dc60"), ("s700", "dc120", None))
    assert access["status"].tolist() == ["met", "met"]
    assert access["reason"].isna().all()
    before = access["uncovered_before_m"].tolist()
    assert before == pytest.approx([DEGREE_M - 50 * KM - 0.3 * DEGREE_M,
                                    0.7 * DEGREE_M - 50 * KM], abs=1)  # fmt: skip


def test_slow_stations_and_other_energies_do_not_count(ground, scenario):
    slow = with_strength(scenario, 100.0)
    access, trips = on_motorway(ground, slow, ("s500", "dc60", None), ("s300", "hydrogen500", None))
    assert (access["uncovered_after_m"] == access["uncovered_before_m"]).all()
    assert trips["refuelled_after"].tolist() == [False, False, False, True]


def with_strength(scenario, kw):
    rules = scenario.rules.model_copy(update={"highway_min_kw": kw})
    return scenario.model_copy(update={"rules": rules})


def test_trips_refuel_with_half_a_tank_at_either_end(ground, scenario):
    """55.7 km from either end: within half of 120 km, beyond half of 100 km; 230 km need none.

    The hydrogen trip has no hydrogen station.
    """
    _, trips = on_motorway(ground, scenario, ("s500", "dc120", None))
    layers.validate(trips, layers.TRIP_ACCESS)
    assert trips["refuelled_before"].tolist() == [False, False, False, True]
    assert trips["refuelled_after"].tolist() == [False, True, False, True]
    assert trips["length_m"].tolist() == pytest.approx([DEGREE_M] * 4, abs=1)
    assert trips["reason"].isna().tolist() == [False, True, False, True]
    _, fuelled = on_motorway(ground, scenario, ("s500", "hydrogen500", None))
    assert fuelled["refuelled_after"].tolist() == [False, False, True, True]


def test_an_upgraded_station_is_fast_only_after_the_plan(ground, scenario):
    strong = with_strength(scenario, 100.0)
    _, trips = on_motorway(ground, strong, ("s500", "dc120", "dc60"))
    assert trips["refuelled_before"].tolist()[1] is False
    assert trips["refuelled_after"].tolist()[1] is True


def test_a_trip_without_a_way_says_so(scenario):
    """Its ends are 50 km from the nearest road."""
    inputs = with_trips(inputs_of([road("r", (0, 500), (100, 500))]), ("charging", 100))
    network = build_network(inputs)
    none = pd.DataFrame({"site_id": [], "node_id": []}, dtype="str")
    ways = make_ways(inputs, network, none, scenario)
    trips = trip_access(inputs, network, none, ways, stations(), scenario)
    assert trips["refuelled_after"].tolist() == [False]
    assert trips["length_m"].tolist() == [0.0]
    assert trips["reason"].iloc[0].startswith("no way by road between its ends / 起讫点")


def test_the_holiday_factor_makes_more_trips(ground, scenario):
    inputs, network, sites = ground
    demand = scenario.demand.model_copy(update={"holiday_peak_factor": 1.5})
    busy = scenario.model_copy(update={"demand": demand})
    assert make_ways(inputs, network, sites, busy).trip_volume.tolist() == [10.5] * 4
