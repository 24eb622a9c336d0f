"""Two small plans made by hand, as their folders would be read: three stations, four segments."""

import copy
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely.geometry import LineString, Point, box

from planner.outputs import Published

DEGREE_M = 111_319.491
"""A degree of the equator in metres, where the toy lies: a distance is read off the places."""

YEARS = (2025, 2026)


def station(key, place, **other):
    """Return a charging station of 4 units from 2025; ``place`` in metres along the equator."""
    row = {
        "station_id": key, "site_id": f"s-{key}", "name": f"站{key}", "energy": "charging",
        "technology": "dc60", "status": "planned", "action": "build", "first_year": 2025,
        "n_units": 4, "capital_cny": 500_000, "county_id": "360111",
        "geometry": Point(place / DEGREE_M, 0.0),
    }  # fmt: skip
    return row | other


def segment(key, **other):
    """Return a test road of 1.5 km opened in 2025 and equipped with it."""
    number = int(key[1:])
    row = {
        "segment_id": key, "name": f"路{key}", "ref": None, "road_class": "primary",
        "stage_year": 2025, "equipped": True, "equipped_year": 2025, "counted_m": 1500.0,
        "geometry": LineString([(number / 100, 0.1), (number / 100 + 0.01, 0.1)]),
    }  # fmt: skip
    return row | other


def unit(key, **other):
    """Return a roadside unit of 2025."""
    row = {
        "rsu_id": key, "segment_id": "g1", "stage_year": 2025, "cost_cny": 50_000,
        "geometry": Point(int(key[1:]) / 100, 0.1),
    }  # fmt: skip
    return row | other


def layer(rows):
    """Return rows as a frame in WGS84."""
    columns = list(rows[0]) if rows else [*station("x", 0)]
    return gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs="EPSG:4326")


def toy_figures():
    """Return the figures that a comparison reads, small enough to check by eye."""
    shares = [
        {"county_id": "360111", "name": "甲县", "name_en": "Jia", "served_share_after": 0.8},
        {"county_id": "360121", "name": "乙县", "name_en": "Yi", "served_share_after": 0.6},
    ]
    siting = {
        "county_shares": shares,
        "energies": [
            {"energy": "charging", "served_share_after": 0.75, "covered_share_after": 0.9}
        ],
        "n_planned": 3, "n_extended": 0, "n_upgraded": 0, "spent_cny": 1_500_000,
        "hydrogen_spent_cny": 0, "annual_cost_cny": 200_000, "grants_cny": 0,
        "budget_cny": 2_000_000, "payers": [{"payer": "county", "capital_cny": 1_500_000}],
        "highways": {"n_stretches": 0}, "trips": {"refuelled_after": 10.0},
        "by_year": [
            {"year": year, "spent_cny": 750_000, "worst_county_share": 0.5} for year in YEARS
        ],
    }  # fmt: skip
    roads = {
        "opened_km": 4.5, "equipped_km": 4.5, "n_rsus": 2, "equipment_cost_cny": 100_000,
        "outcome": {"objective": 9.0}, "counting_basis": "centreline_km",
        "stages": [{"year": year, "opened_km": 4.5, "target_km": 4.0} for year in YEARS],
        "by_county": [{"county_id": "360111", "name": "甲县", "opened_km": 4.5}],
    }  # fmt: skip
    subsidy = {
        "eligible_cny": 100_000, "subsidy_cny": 50_000, "own_cny": 50_000,
        "by_year": [{"year": year, "subsidy_cny": 25_000} for year in YEARS],
    }  # fmt: skip
    return {
        "case": {
            "case_id": "toy", "variant": "", "synthetic_layers": [], "title_zh": "玩具",
            "title_en": "Toy",
        },
        "planner_version": "0.1.0", "siting": siting, "test_roads": roads, "subsidy": subsidy,
        "townships": {"n_met": 2, "n_short": 0},
        "assumptions": [
            {"key": "siting.budget_cny_2026", "value": 2_000_000},
            {"key": "demand.growth", "value": 1.0},
            {"key": "test_roads.counting_basis", "value": "centreline_km"},
        ],
        "settings": {"grades": {"points": {"tunnel": 2}}, "worth": {}},
        "technologies": {
            "dc60": {"zh": "快充", "en": "fast charging", "unit_cost_cny": 50_000, "source": "a"},
            "ac7": {"zh": "慢充", "en": "slow charging", "unit_cost_cny": 5_000, "source": "a"},
        },
        "fleets": {}, "schemes": {}, "equipment": {}, "milestones": {}, "road_limits": {},
        "policy_rules": {},
        "inputs": [{"layer": "roads", "file": "roads.geojson", "sha256": "0" * 64}],
    }  # fmt: skip


def plan(name="a", *, stations=None, roads=None, units=None, figures=None):
    """Return a plan with two counties; what is not given is that of every other plan."""
    counties = [
        {"county_id": code, "name": name_zh, "geometry": box(west, -1, west + 1, 1)}
        for code, name_zh, west in (("360111", "甲县", -1), ("360121", "乙县", 0))
    ]
    stations = [station("p1", 0)] if stations is None else stations
    roads = [segment("g1"), segment("g2")] if roads is None else roads
    units = [unit("r1")] if units is None else units
    frames = {
        "stations": layer(stations),
        "test_roads": layer(roads),
        "rsus": layer(units),
        "counties": layer(counties),
        "reviews": pd.DataFrame(columns=["review_id", "site_id", "energy", "mark"]),
        "road_reviews": pd.DataFrame(columns=["review_id", "segment_id", "mark"]),
    }
    return Published(Path("plans") / name, frames, copy.deepcopy(figures or toy_figures()))
