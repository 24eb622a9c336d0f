"""Proves by hand which charging station is near a place wished for test fleets, and from when."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from toy_roads import network_of

from planner.inputs import empty_layer
from planner.layers import FLEET_WISHES, STATIONS, validate
from planner.plan.findings import fleet_charging
from planner.plan.wishes import wish_figures, wishes_met
from planner.scenario import load_scenario
from planner.solver import verdict
from planner.testroads import FleetWishes


@pytest.fixture(scope="module")
def scenario():
    made = load_scenario()
    settings = made.test_roads.model_copy(update={"fleet_station_near_m": 1000.0})
    return made.model_copy(update={"test_roads": settings})


def wished(*rows):
    """Return wishes of (node, year), each for 2 km."""
    frame = gpd.GeoDataFrame(
        {
            "wish_id": [f"w-{at}" for at in range(1, len(rows) + 1)],
            "node_id": [node for node, _ in rows],
            "year": [year for _, year in rows],
            "n_roads": 1, "served_km": 2.0, "farthest_m": 900.0, "can_stand": True,
            "county_id": "1", "jurisdiction_id": None, "station_id": None, "station_m": np.nan,
            "station_year": np.nan, "met_year": np.nan, "met": False,
        },
        geometry=[shapely.Point(0, 0)] * len(rows), crs="EPSG:4326",
    )  # fmt: skip
    text = dict.fromkeys(("jurisdiction_id", "station_id"), "str")
    return FleetWishes(
        frame.astype(text), verdict(float(len(rows)), float(len(rows)), 0.0), ("s9",)
    )


def stations(*rows):
    """Return stations of (id, node, energy, status, first year)."""
    names = ["station_id", "node_id", "energy", "status", "first_year"]
    return pd.DataFrame(rows, columns=names)


NETWORK = network_of(5, [(0, 1, 700, False), (1, 2, 700, False), (2, 3, 700, True)])
"""n1 - n2 - n3 -> n4, 700 m each, and n5 without a road."""


def test_the_nearest_station_may_come_later_than_another_that_is_near(scenario):
    found = wishes_met(
        wished(("n2", 2025), ("n3", 2026), ("n4", 2025)),
        stations(
            ("b", "n1", "charging", "existing", 2027),  # changed in 2027, standing since long
            ("a", "n2", "charging", "planned", 2027),
            ("c", "n3", "swap", "existing", 2025),
            ("d", "n5", "charging", "existing", 2025),
            ("e", "", "charging", "existing", 2025),
        ),
        NETWORK,
        scenario,
    )
    validate(found, FLEET_WISHES)
    first, second, third = found.itertuples()
    # At n2 the station of 2027 is nearest; the one 700 m away has always been near.
    assert (first.station_id, first.station_m, first.station_year) == ("a", 0.0, 2027)
    assert (first.met_year, first.met) == (2025, True)
    # At n3 that of n1 is 1.4 km away: only the one of 2027 is near, a year late.
    assert (second.station_id, second.station_m) == ("a", 700.0)
    assert (second.met_year, second.met) == (2027, False)
    # From n4 no way leads back.
    assert pd.isna(third.station_id)
    assert pd.isna(third.station_m)
    assert pd.isna(third.met_year)
    assert not third.met


def test_a_station_that_stands_already_has_no_year(scenario):
    rows = stations(
        ("b", "n1", "charging", "existing", 2026), ("a", "n1", "charging", "planned", 2025)
    )
    only = wishes_met(wished(("n2", 2026)), rows, NETWORK, scenario).iloc[0]
    assert (only["station_id"], only["station_year"]) == ("a", 2025)  # equally near: by id
    only = wishes_met(wished(("n2", 2026)), rows[:1], NETWORK, scenario).iloc[0]
    assert only["station_id"] == "b"
    assert pd.isna(only["station_year"])
    assert only["met"]


def test_neither_stations_nor_wishes_are_needed(scenario):
    alone = wishes_met(wished(("n2", 2026)), empty_layer(STATIONS), NETWORK, scenario)
    assert alone["station_id"].isna().all()
    assert not alone["met"].any()
    nobody = FleetWishes(empty_layer(FLEET_WISHES), verdict(0.0, 0.0, 0.0), ())
    rows = stations(("b", "n1", "charging", "existing", 2027))
    assert validate(wishes_met(nobody, rows, NETWORK, scenario), FLEET_WISHES).empty


def test_the_figures_and_the_finding_say_what_the_layer_says(scenario):
    wishes = wished(("n2", 2025), ("n3", 2026), ("n4", 2025))
    rows = stations(
        ("b", "n1", "charging", "existing", 2027), ("a", "n2", "charging", "planned", 2027)
    )
    layer = wishes_met(wishes, rows, NETWORK, scenario)
    roads = pd.DataFrame({"segment_id": ["s1", "s9"], "counted_m": [2000.0, 4500.0]})
    told = wish_figures(wishes, layer, roads, scenario)
    assert (told["n"], told["n_met"], told["n_late"]) == (3, 1, 1)
    assert (told["served_km"], told["met_km"]) == (6.0, 2.0)
    assert (told["n_beyond"], told["beyond_km"]) == (1, 4.5)
    assert told["outcome"]["termination"] == "proven_optimal"
    status, zh, en = fleet_charging({"test_roads": {"fleet_wishes": told}})
    assert status == "reported"
    assert "3 places put every point" in en
    assert "1 have a charging station within 1 km in time, 1 later" in en
    assert "no place reaches all of 1 segments" in en
    assert "3 处" in zh
    assert fleet_charging({"test_roads": {"fleet_wishes": told | {"n": 0}}})[0] == "reported"
