"""Planted defects of roadside units, bill of materials, subsidy and budgets."""

from shapely.geometry import Point, box
from tampering import both, figure, place, sql
from toy_city import at

UNIT, LINE, YEAR = "UPDATE rsus SET ", "UPDATE materials SET ", "UPDATE subsidy_years SET "
JURISDICTION = "UPDATE subsidies SET "
SUBSIDY, ROADS = ("settings", "subsidy"), ("settings", "test_roads")
WEST = " WHERE jurisdiction_id = 'J-W'"
EAST_2026 = " WHERE jurisdiction_id = 'J-E' AND year = 2026"

DEFECTS_OF_EQUIPMENT = [
    ("road equipped on paper", sql(
        "UPDATE test_roads SET equipped = 1 WHERE segment_id = 'h1-3'"), "V34"),
    ("equipped without a year", sql(
        "UPDATE test_roads SET equipped_year = NULL WHERE segment_id = 'h2-1'"), "V33"),
    ("equipped before it is opened", both(
        sql("UPDATE test_roads SET equipped_year = 2025 WHERE segment_id = 'v3-1'"),
        sql(UNIT + "stage_year = 2025 WHERE segment_id = 'v3-1'")), "V33"),
    ("unit off its road", place("rsus", "rsu_id = 'r3'", Point(at(1.5, 2.01))), "V33"),
    ("unit away from its junction", place("rsus", "rsu_id = 'r1'", Point(at(1.2, 2))), "V33"),
    ("unit of another jurisdiction", sql(UNIT + "jurisdiction_id = 'J-Z' WHERE rsu_id='r3'"),
     "V33"),
    ("unit in another year", sql(UNIT + "stage_year = 2027 WHERE rsu_id = 'r3'"), "V33"),
    ("unit missing between", sql("DELETE FROM rsus WHERE rsu_id = 'r7'"), "V34"),
    ("junction without a unit", sql("DELETE FROM rsus WHERE rsu_id = 'r1'"), "V34"),
    ("shorter range", figure(*ROADS, "rsu_range_urban_m", value=200.0), "V34"),
    ("road bends out of sight", figure(*ROADS, "sight_offset_m", value=-1.5), "V34"),
    ("building in the line of sight", both(
        sql("UPDATE zones SET kind = 'building', applies_to = 'all', radius_m = 0"
            " WHERE zone_id = 'z2'"),
        place("zones", "zone_id = 'z2'", box(*at(1.02, 2.005), *at(1.3, 2.1))),
        place("rsus", "rsu_id = 'r1'", Point(at(1, 2.015)))), "V34"),
    ("road in a tunnel seen from outside", sql(
        "UPDATE segments SET tunnel = 1 WHERE segment_id = 'h2-1'"), "V34"),
    ("unit cheaper", sql(UNIT + "cost_cny = 120000 WHERE rsu_id = 'r7'"), "V35"),
    ("number of units", figure("test_roads", "n_rsus", value=7), "V35"),
    ("carried by nothing", sql(UNIT + "support = 'existing' WHERE rsu_id = 'r7'"), "V75"),
    ("carried by a bus stop", sql(UNIT + "feature_id = 'f3' WHERE rsu_id = 'r2'"), "V75"),
    ("carried by a far signal", place("road_features", "feature_id = 'f1'", Point(at(2.1, 2))),
     "V75"),
    ("cabinet out of reach", sql(UNIT + "cabinet_id = 'r1' WHERE rsu_id = 'r3'"), "V75"),
    ("cabinet of nobody", sql(UNIT + "cabinet_id = 'r99' WHERE rsu_id = 'r3'"), "V75"),
    ("cameras left out", sql("DELETE FROM materials WHERE item = 'cameras' AND"
                             " segment_id = 'v3-1'"), "V76"),
    ("pole for a unit on a signal", sql(
        LINE + "rsu_id = 'r2' WHERE item = 'pole' AND rsu_id = 'r1'"), "V76"),
    ("fewer ducts", sql(LINE + "n = 9, cost_cny = 4500 WHERE item = 'ducts' AND"
                        " segment_id = 'h2-1'"), "V76"),
    ("line in another year", sql(LINE + "stage_year = 2027 WHERE item = 'ducts'"), "V76"),
    ("line of another jurisdiction", sql(LINE + "jurisdiction_id = 'J-Z' WHERE item = 'ducts'"),
     "V76"),
    ("line on a road that is not equipped", sql(
        LINE + "segment_id = 'h2-0' WHERE item = 'ducts' AND segment_id = 'h2-1'"), "V76"),
    ("price of a line", sql(LINE + "unit_cost_cny = 1, cost_cny = 2 WHERE item = 'cameras'"),
     "V77"),
    ("works called eligible", sql(LINE + "eligible = 1 WHERE item = 'grid_works'"), "V77"),
    ("works called eligible everywhere", both(
        sql(LINE + "eligible = 1 WHERE item = 'ducts'"),
        figure("equipment", "ducts", "eligible", value=True)), "V77"),
    ("cost a yuan off", sql(LINE + "cost_cny = cost_cny + 1 WHERE item = 'cabinet'"), "V77"),
    ("sum of an item", figure("test_roads", "materials", 0, "cost_cny", value=1), "V77"),
    ("subsidy a yuan off", sql(
        "UPDATE subsidies SET subsidy_cny = 195502 WHERE jurisdiction_id = 'J-E'"), "V36"),
    ("subsidy over its cap", sql(
        JURISDICTION + "subsidy_cny = 322502, own_cny = 347503" + WEST), "V36"),
    ("cap not said", sql(JURISDICTION + "at_cap = 0" + WEST), "V36"),
    ("subsidy of plan.json", figure("subsidy", "rows", 0, "own_cny", value=0), "V36"),
    ("subsidy before it is in force", figure(*SUBSIDY, "valid_from", value="2026-01-01"), "V36"),
    ("third party", figure("subsidy", "third_party_cny", value=2000000), "V36"),
    ("third party of a year", figure("subsidy", "by_year", 0, "third_party_cny", value=0), "V36"),
    ("caps harvested in silence", figure(
        "subsidy", "subsidy_if_one_jurisdiction_cny", value=395501), "V36"),
    ("number at the cap", figure("subsidy", "n_at_cap", value=0), "V36"),
    ("year of the subsidy moved", sql(
        YEAR + "subsidy_cny = 0, own_cny = own_cny + subsidy_cny" + EAST_2026), "V78"),
    ("cap by the year", figure(*SUBSIDY, "cap_basis", value="weekly"), "V78"),
    ("the city bears less", sql(YEAR + "city_cny = city_cny - 1, county_cny = county_cny + 1"
                                + EAST_2026), "V78"),
    ("a year left out", sql("DELETE FROM subsidy_years WHERE jurisdiction_id = 'J-E'"), "V78"),
    ("borne by enterprises", figure("subsidy", "enterprise_cny", value=0), "V78"),
    ("over the budget of the first year", both(
        figure(*ROADS, "equipment_budget_cny_by_year", "2025", value=470004),
        figure(*ROADS, "equipment_budget_cny_by_year", "2026", value=309996),
        figure("subsidy", "by_year", 0, "budget_so_far_cny", value=470004)), "V79"),
    ("spent so far", figure("subsidy", "by_year", 1, "own_so_far_cny", value=1), "V79"),
]  # fmt: skip
