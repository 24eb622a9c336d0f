"""Defects that can be planted in any plan: each picks its own victim among the rows."""

import json
import sqlite3
import struct

import numpy as np
import shapely
from tampering import both, figure, place, sql

PLANNED = "status = 'planned'"


def first(layer, where="1"):
    """Return a condition that holds for the first row of a layer that meets another."""
    return f"fid = (SELECT min(fid) FROM {layer} WHERE {where})"  # noqa: S608 - of the catalogue


def update(layer, assignment, where="1"):
    return sql(f"UPDATE {layer} SET {assignment} WHERE {first(layer, where)}")  # noqa: S608


def delete(layer, where="1"):
    return sql(f"DELETE FROM {layer} WHERE {first(layer, where)}")  # noqa: S608


def moved(layer, east, where="1"):
    """Return an edit that shifts one geometry to the east by some degrees."""

    def edit(folder):
        connection = sqlite3.connect(folder / "plan.gpkg")
        query = f"SELECT fid, geom FROM {layer} WHERE {first(layer, where)}"  # noqa: S608
        fid, blob = connection.execute(query).fetchone()
        connection.close()
        envelope = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}[(blob[3] >> 1) & 7]
        shape = shapely.from_wkb(blob[8 + envelope :])
        shift = shapely.transform(shape, lambda lonlat: lonlat + np.array([east, 0.0]))
        place(layer, f"fid = {fid}", shift)(folder)

    return edit


def bit_of_length(folder):
    """Flip one bit of a stored number, as a failing disk would: no index notices."""
    connection = sqlite3.connect(folder / "plan.gpkg")
    length = connection.execute("SELECT length_m FROM segments ORDER BY fid").fetchone()[0]
    connection.close()
    bits = struct.unpack(">Q", struct.pack(">d", length))[0] ^ (1 << 44)
    flipped = struct.unpack(">d", struct.pack(">Q", bits))[0]
    sql(f"UPDATE segments SET length_m = {flipped!r} WHERE {first('segments')}")(folder)  # noqa: S608


def raise_budget_by_one_less_than_spent(folder):
    content = json.loads((folder / "plan.json").read_text("utf-8"))
    spent = content["siting"]["spent_cny"]
    both(
        figure("settings", "siting", "budget_cny", value=spent - 1),
        figure("siting", "budget_cny", value=spent - 1),
    )(folder)


DEFECTS_ANYWHERE = [
    ("a moved station", moved("stations", 0.01, PLANNED), "V15"),
    ("a segment dropped", delete("test_roads", "opened_before = 0"), "V28"),
    ("a segment of the network dropped", sql(
        "DELETE FROM segments WHERE segment_id = (SELECT segment_id FROM test_roads LIMIT 1)"),
     "V05"),
    ("a length inflated", update("segments", "length_m = length_m * 1.001"), "V07"),
    ("a flipped bit", bit_of_length, "V07"),
    ("a moved segment", moved("segments", 0.0001), "V08"),
    ("a budget off by one", raise_budget_by_one_less_than_spent, "V19"),
    ("spending off by one", figure("siting", "spent_cny", value=lambda cny: cny + 1), "V19"),
    ("a swapped station", update(
        "assignments", "station_id = (SELECT max(station_id) FROM stations)",
        "phase = 'after' AND station_id <> (SELECT max(station_id) FROM stations)"), "V20"),
    ("an unknown site", update("stations", "site_id = 'nowhere'", PLANNED), "V05"),
    ("one unit more", update("stations", "n_units = n_units + 1", PLANNED), "V17"),
    ("capacity of existing raised", update(
        "stations", "capacity_per_day = capacity_per_day * 2", "status = 'existing'"), "V17"),
    ("existing dropped", delete("stations", "status = 'existing'"), "V16"),
    ("demand raised", update(
        "demand_points", "charging_per_day = charging_per_day + 1"), "V10"),
    ("a demand point dropped", delete("demand_points", "population > 0"), "V10"),
    ("area class", sql("UPDATE demand_points SET area_class = CASE area_class WHEN 'urban' THEN"
                       " 'rural' ELSE 'urban' END WHERE fid = 1"), "V11"),
    ("a moved demand point", moved("demand_points", 0.01), "V11"),
    ("served too much", update("assignments", "served_per_day = served_per_day + 1e6"), "V20"),
    ("coverage gap shrunk", update(
        "county_gaps", "coverage_gap_per_day = coverage_gap_per_day / 2",
        "coverage_gap_per_day > 1"), "V21"),
    ("capacity gap hidden", update(
        "county_gaps", "capacity_gap_per_day = 0", "capacity_gap_per_day > 1"), "V21"),
    ("gap of plan.json", figure("gaps", "county", 0, "demand_per_day", value=1.0), "V21"),
    ("township gap", update(
        "township_gaps", "served_share = 1 - served_share / 2", "served_share IS NOT NULL"), "V22"),
    ("served share of plan.json", figure(
        "siting", "energies", 0, "served_share_after", value=lambda share: share + 0.01), "V23"),
    ("township distance", update(
        "township_access", "distance_after_m = distance_after_m + 5",
        "distance_after_m IS NOT NULL"), "V25"),
    ("unknown township called met", update(
        "township_access", "status = 'met', reason = NULL", "status = 'cannot_be_checked'"), "V25"),
    ("a test road counted twice", update("test_roads", "counted_m = counted_m * 2"), "V26"),
    ("a stage brought forward", sql(
        "UPDATE test_roads SET stage_year = 2025 WHERE stage_year = 2027"), "V28"),
    ("a target called met", figure(
        "test_roads", "stages", -1, "opened_km", value=lambda km: km + 0.001), "V28"),
    ("a tunnel", sql("UPDATE segments SET tunnel = 1 WHERE segment_id = (SELECT segment_id"
                     " FROM test_roads WHERE opened_before = 0 LIMIT 1)"), "V29"),
    ("an exclusion forgotten", sql(
        "UPDATE segments SET speed_kph = 130 WHERE segment_id = (SELECT max(segment_id) FROM"
        " segments WHERE segment_id NOT IN (SELECT segment_id FROM test_roads) AND segment_id"
        " NOT IN (SELECT segment_id FROM rejected_segments))"), "V29"),
    ("kilometres of a county", figure(
        "test_roads", "by_county", 0, "opened_km", value=lambda km: km + 1), "V32"),
    ("kilometres equipped", figure(
        "test_roads", "equipped_km", value=lambda km: km + 0.001), "V32"),
    ("a moved unit", moved("rsus", 0.005), "V33"),
    ("a unit dropped", delete("rsus"), "V34"),
    ("a cheaper unit", update("rsus", "cost_cny = cost_cny - 1"), "V35"),
    ("subsidy off by one", update(
        "subsidies", "subsidy_cny = subsidy_cny + 1, own_cny = own_cny - 1"), "V36"),
    ("objective", figure("test_roads", "outcome", "objective", value=lambda x: x * 1.01), "V37"),
    ("the verdict", figure(
        "verdict", value=lambda now: "met" if now == "short" else "short"), "V38"),
    ("a listed figure", update("stations", "served_per_day = served_per_day / 2",
                               "served_per_day > 1"), "V39"),
]  # fmt: skip
