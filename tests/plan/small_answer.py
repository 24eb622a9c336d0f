"""A siting answer small enough to add up by hand: two counties, four stations, three years."""

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point

from planner.scenario import load_scenario

YEARS = (2025, 2026, 2027)


def small_scenario(**siting):
    """Return the default scenario with budgets of 10 and 1 million a year, and other settings."""
    scenario = load_scenario()
    settings = {
        "budget_cny_by_year": dict.fromkeys(YEARS, 10_000_000),
        "hydrogen_budget_cny_by_year": dict.fromkeys(YEARS, 1_000_000),
        "target_year": 2027,
        "swap_kwh": 50.0,
        "truck_swap_kwh": 280.0,
        "city_share": 0.29,
    } | siting
    return scenario.model_copy(update={"siting": scenario.siting.model_copy(update=settings)})


def small_frames():
    """Return the layers that the siting figures are made from."""
    keys = "station_id site_id county_id energy technology technology_before status action"
    more = "first_year n_units n_units_before served_per_day waiting_min capital_cny"
    money = "opex_cny_per_year annual_cost_cny grant_cny owner"
    rows = [
        (
            "x-1",
            "x-1",
            "a",
            "charging",
            "dc60",
            "dc60",
            "existing",
            "keep",
            2025,
            4,
            4,
            100.0,
            2.0,
            0,
            0,
            0,
            0,
            "existing",
        ),
        (
            "x-2",
            "x-2",
            "b",
            "charging",
            "dc120",
            "dc60",
            "existing",
            "upgrade",
            2026,
            4,
            4,
            500.0,
            9.5,
            400_000,
            40_000,
            100_000,
            0,
            "public",
        ),
        (
            "p-1",
            "s1",
            "b",
            "charging",
            "dc120",
            None,
            "planned",
            "build",
            2025,
            6,
            0,
            1000.0,
            None,
            1_000_001,
            60_000,
            200_000,
            5_000,
            "public",
        ),
        (
            "p-2",
            "s2",
            "b",
            "swap",
            "swap",
            None,
            "planned",
            "build",
            2027,
            1,
            0,
            20.0,
            3.0,
            3_000_000,
            90_000,
            400_000,
            0,
            "public",
        ),
        (
            "p-3",
            "s3",
            "a",
            "hydrogen",
            "hydrogen500",
            None,
            "planned",
            "build",
            2027,
            1,
            0,
            30.0,
            1.0,
            900_000,
            10_000,
            95_000,
            0,
            "enterprise",
        ),
    ]
    stations = pd.DataFrame(rows, columns=[*keys.split(), *more.split(), *money.split()])
    places = {"x-1": 0.0, "x-2": 0.1, "s1": 0.2, "s2": 0.3, "s3": 0.4}
    geometry = [Point(116 + places[site], 28.5) for site in stations["site_id"]]
    stations = gpd.GeoDataFrame(stations, geometry=geometry, crs="EPSG:4326")
    return {
        "stations": stations,
        "station_years": small_years(),
        "supply_upgrades": pd.DataFrame({"ordered_year": [2026], "cost_cny": [250_000]}),
        "candidate_sites": pd.DataFrame(
            {
                "site_id": ["x-1", "x-2", "s1", "s2", "s3", "s4"],
                "status": ["accepted"] * 5 + ["rejected"],
                "parking_places": [None, None, 60, None, None, None],
            }
        ),
        "demand_points": pd.DataFrame({"demand_id": ["d1", "d2"], "county_id": ["a", "b"]}),
        "assignments": pd.DataFrame(
            [
                ["before", "charging", "d1", "x-1", 100.0],
                ["after", "charging", "d1", "x-1", 100.0],
                ["after", "charging", "d2", "p-1", 900.0],
                ["after", "charging", "d2", "x-1", 100.0],
                ["after", "charging", "d2", "x-2", 500.0],
                ["after", "swap", "d2", "p-2", 20.0],
                ["after", "hydrogen", "d2", "p-3", 30.0],
            ],
            columns=["phase", "energy", "demand_id", "station_id", "served_per_day"],
        ),
        "counties": pd.DataFrame({"county_id": ["a", "b"], "name": ["甲", "乙"]}),
        "fleet_demand": pd.DataFrame(
            [
                ["a", 2027, "private", "charging", 32.0],
                ["b", 2027, "private", "charging", 70.0],
                ["b", 2027, "taxi", "swap", 10.5],
                ["b", 2027, "heavy_truck", "hydrogen", 99.0],
                ["b", 2026, "private", "charging", 1000.0],
            ],
            columns=["county_id", "year", "fleet", "energy", "vehicles"],
        ),
        "highway_access": pd.DataFrame(
            {
                "status": ["met", "short"],
                "uncovered_before_m": [1000.0, 2000.5],
                "uncovered_after_m": [0.0, 500.25],
            }
        ),
        "trip_access": pd.DataFrame(
            {
                "trips_per_day": [100.0, 10.0],
                "refuelled_before": [False, False],
                "refuelled_after": [True, False],
            }
        ),
        "zones": zones(),
        "reviews": reviews([]),
    }


def zones(*places, kind="setback", radius_m=0.0):
    """Return zones around some places in degrees."""
    table = {"kind": [kind] * len(places), "radius_m": [radius_m] * len(places)}
    return gpd.GeoDataFrame(table, geometry=[Point(*p) for p in places], crs="EPSG:4326")


def reviews(rows):
    """Return reviews: site, mark, energy."""
    return pd.DataFrame(rows, columns=["site_id", "mark", "energy"]).astype("str")


def small_years():
    """Return what stands in each year: p-1 is built with 4 units and grows to 6 in 2026."""
    rows = [["x-1", year, "dc60", 4, 0] for year in YEARS]
    rows += [["x-2", 2025, "dc60", 4, 0], ["x-2", 2026, "dc120", 4, 400_000]]
    rows += [["x-2", 2027, "dc120", 4, 0], ["p-1", 2025, "dc120", 4, 800_000]]
    rows += [["p-1", 2026, "dc120", 6, 200_001], ["p-1", 2027, "dc120", 6, 0]]
    rows += [["p-2", 2027, "swap", 1, 3_000_000], ["p-3", 2027, "hydrogen500", 1, 900_000]]
    return pd.DataFrame(rows, columns=["station_id", "year", "technology", "n_units", "spent_cny"])


def small_points():
    """Return point gaps: one demand point a county, charging and swap, every phase."""
    served = {
        ("a", "charging"): (400.0, {"before": 100.0, "2025": 100.0, "2026": 100.0, "after": 100.0}),
        ("b", "charging"): (
            2000.0,
            {"before": 0.0, "2025": 800.0, "2026": 1500.0, "after": 1500.0},
        ),
        ("a", "swap"): (0.0, {"before": 0.0, "2025": 0.0, "2026": 0.0, "after": 0.0}),
        ("b", "swap"): (40.0, {"before": 0.0, "2025": 0.0, "2026": 0.0, "after": 20.0}),
        ("a", "hydrogen"): (30.0, {"before": 0.0, "2025": 0.0, "2026": 0.0, "after": 30.0}),
    }
    rows = [
        [county, county, energy, phase, demand, demand, met]
        for (county, energy), (demand, phases) in served.items()
        for phase, met in phases.items()
    ]
    rows += [
        ["a", "a", "truck_swap", phase, 0.0, 0.0, 0.0]
        for phase in ("before", "2025", "2026", "after")
    ]
    names = ["demand_id", "county_id", "energy", "phase", "demand", "covered", "served"]
    return pd.DataFrame(rows, columns=names)
