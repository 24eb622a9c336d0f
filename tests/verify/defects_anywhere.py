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


def budget_one_less_than_spent(folder):
    content = json.loads((folder / "plan.json").read_text("utf-8"))
    budgets = content["settings"]["siting"]["budget_cny_by_year"]
    last = max(budgets)
    left = content["siting"]["budget_cny"] - content["siting"]["spent_cny"]
    figure(
        "settings", "siting", "budget_cny_by_year", last, value=budgets[last] - left - 1
    )(folder)  # fmt: skip
    both(
        figure("siting", "budget_cny", value=lambda cny: cny - left - 1),
        figure("siting", "by_year", -1, "budget_cny", value=lambda cny: cny - left - 1),
    )(folder)


def raised(name, key):
    """Return an edit that raises figures of one goal by two hundredths."""

    def edit(folder):
        goals = json.loads((folder / "plan.json").read_text("utf-8"))["siting"]["goals"]
        row = next(row for row, goal in enumerate(goals) if goal["name"] == name)
        both(*(figure("siting", "goals", row, part, value=lambda x: x * 1.02) for part in key))(
            folder
        )

    return edit


DEFECTS_ANYWHERE = [
    ("a moved station", moved("stations", 0.01, PLANNED), "V15"),
    ("a segment dropped", delete("test_roads", "opened_before = 0"), "V28"),
    ("a segment of the network dropped", sql(
        "DELETE FROM segments WHERE segment_id = (SELECT segment_id FROM test_roads LIMIT 1)"),
     "V05"),
    ("a length inflated", update("segments", "length_m = length_m * 1.001"), "V07"),
    ("a flipped bit", bit_of_length, "V07"),
    ("a moved segment", moved("segments", 0.0001), "V08"),
    ("a budget off by one", budget_one_less_than_spent, "V19"),
    ("spending off by one", figure("siting", "spent_cny", value=lambda cny: cny + 1), "V19"),
    ("a swapped station", update(
        "assignments", "station_id = (SELECT max(station_id) FROM stations)",
        "phase = 'after' AND station_id <> (SELECT max(station_id) FROM stations)"), "V20"),
    ("an unknown site", update("stations", "site_id = 'nowhere'", PLANNED), "V05"),
    ("one unit more", update("stations", "n_units = n_units + 1", PLANNED), "V17"),
    ("capacity of existing raised", update(
        "stations", "capacity_per_day = capacity_per_day * 2", "status = 'existing'"), "V46"),
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
    ("a test road counted twice", update("test_roads", "counted_m = counted_m * 2"), "V80"),
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
    ("a unit dropped", delete("rsus"), "V35"),
    ("a line of the bill dropped", delete("materials"), "V76"),
    ("a line dearer", update("materials", "cost_cny = cost_cny + 1"), "V77"),
    ("a year's payer", update("subsidy_years", "county_cny = county_cny + 1"), "V78"),
    ("a year's budget", figure(
        "subsidy", "by_year", 0, "budget_so_far_cny", value=lambda cny: cny + 1), "V79"),
    ("a cheaper unit", update("rsus", "cost_cny = cost_cny - 1"), "V35"),
    ("subsidy off by one", update(
        "subsidies", "subsidy_cny = subsidy_cny + 1, own_cny = own_cny - 1"), "V36"),
    ("objective", figure("test_roads", "outcome", "objective", value=lambda x: x * 1.01), "V37"),
    ("the verdict", figure(
        "verdict", value=lambda now: "met" if now == "short" else "short"), "V38"),
    ("a listed figure", update("stations", "served_per_day = served_per_day / 2",
                               "served_per_day > 1"), "V39"),
    ("a year's spending", update("station_years", "spent_cny = spent_cny + 1"), "V44"),
    ("a year dropped", delete("station_years"), "V44"),
    ("an existing station's past", update(
        "stations", "n_units_before = n_units_before + 1", "status = 'existing'"), "V45"),
    ("a technology not in force", figure(
        "technologies", value=lambda rows: {key: row | {"valid_to": "2024-12-31"}
                                            for key, row in rows.items()}), "V45"),
    ("a capacity of a year", update(
        "station_years", "capacity_per_day = capacity_per_day + 0.1"), "V46"),
    ("a wait", update("stations", "waiting_min = waiting_min + 0.1"), "V47"),
    ("a peak", update("stations", "peak_kw = peak_kw / 2", PLANNED), "V17"),
    ("a running cost", update("stations", "opex_cny_per_year = 0", PLANNED), "V49"),
    ("an annual cost", update("stations", "annual_cost_cny = annual_cost_cny - 2", PLANNED),
     "V49"),
    ("a grant that no text gives", update("stations", "grant_cny = 1000", PLANNED), "V50"),
    ("who pays", figure("siting", "payers", 1, "capital_cny", value=lambda cny: cny - 1), "V51"),
    ("a share of a year", figure(
        "siting", "by_year", 0, "served_share", "charging", value=0.123), "V52"),
    ("built in a year", figure("siting", "by_year", 0, "n_built", value=lambda n: n + 1), "V52"),
    ("vehicles of a fleet", update("fleet_demand", "vehicles = vehicles * 1.01"), "V53"),
    ("a fleet's share", figure(
        "fleets", "private", "ev_share_by_year", "2025", value=lambda share: share * 2), "V53"),
    ("a gap of an earlier year", update(
        "county_gaps", "covered_share = covered_share / 2",
        "phase = '2025' AND covered_share > 0"), "V21"),
    ("served in an earlier year", update(
        "assignments", "served_per_day = served_per_day + 1e5", "phase = '2026'"), "V20"),
    ("a trip's path", update("trip_access", "length_m = length_m / 2"), "V57"),
    ("a trip refuelled", sql(
        "UPDATE trip_access SET refuelled_after = 1 - refuelled_after"), "V58"),
    ("vehicles of a county", figure(
        "siting", "units", 0, "vehicles", value=lambda count: count + 1), "V62"),
    ("stations over the wait", figure("siting", "checks", "waiting", "n_over", value=1), "V63"),
    ("the order of the goals", figure("siting", "goals", value=lambda rows: rows[::-1]), "V64"),
    ("a bound beyond its objective", raised("cost", ["bound"]), "V64"),
    ("more served than is", raised("demand_served", ["objective", "bound"]), "V65"),
    ("a better worst county", raised("worst_county_share", ["objective", "bound"]), "V65"),
    ("what is lost", update(
        "site_reasons", "lost_per_day = lost_per_day + 1", "lost_per_day IS NOT NULL"), "V68"),
    ("a price of moving", update(
        "site_reasons", "replacement_cny = replacement_cny + 1", "replacement_cny IS NOT NULL"),
     "V68"),
    ("a site kept out for no reason", update(
        "candidate_sites", "reason = 'outside every county / 位于各区县之外'"), "V69"),
    ("a site without a reason", delete("site_reasons", "chosen = 0"), "V70"),
    ("another site's reason", update(
        "site_reasons", "reason = 'no power left: the smallest station draws 1 kW, the plan leaves"
        " 0 kW / 供电余量不足：最小方案需 1 千瓦，规划后剩余 0 千瓦'", "chosen = 0"), "V70"),
    ("a lock that nobody set", update(
        "site_reasons", "reason = replace(replace(reason, 'built,', 'built, a review asks for it,'"
        "), '新建，', '新建，评审要求建站，')", "reason LIKE 'built%'"), "V71"),
    ("help from other counties", figure(
        "siting", "worst_county", "elsewhere", "capital_cny", value=lambda cny: cny + 1), "V72"),
    ("hours of no school", update("test_roads", "closed_hours = '07:00-09:00'"), "V84"),
    ("a term of a grade", update("segment_terms", "speed_points = speed_points + 1"), "V85"),
    ("a grade and its sum", update(
        "segment_terms", "points = points + 1, density_points = density_points + 1"), "V85"),
    ("a value", update("test_roads", "test_value = test_value * 1.01"), "V86"),
    ("a scene", update("segment_terms", "scene = 'tertiary, tunnel'"), "V87"),
    ("first met earlier", update(
        "township_access", "first_year_met = first_year_met + 1", "status = 'met'"), "V25"),
]  # fmt: skip
