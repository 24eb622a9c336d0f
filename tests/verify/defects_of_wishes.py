"""Defects of the wishes for charging test fleets, and of what stages let go."""

from shapely.geometry import Point
from tampering import both, figure, place, sql
from toy_city import at

WISHES, TOLD = "UPDATE fleet_wishes SET ", ("test_roads", "fleet_wishes")
SETTINGS = ("settings", "test_roads")
STEPS = ("test_roads", "network", "steps")


def wish(number, values):
    return sql(f"{WISHES}{values} WHERE wish_id = 'w-{number}'")


def fewer(number, **told):
    """Leave a wish out, and out of the figures."""
    return both(
        sql(f"DELETE FROM fleet_wishes WHERE wish_id = 'w-{number}'"),  # noqa: S608
        figure(*TOLD, value=lambda row: row | told),
    )


def step(number, **values):
    return figure(*STEPS, number, value=lambda row: row | values)


DEFECTS_OF_WISHES = [
    # name, edit, expected check
    ("wish on no test road", wish(1, "node_id = 'n13'"), "V99"),
    ("wish not at its node", place("fleet_wishes", "wish_id = 'w-1'", Point(at(1, 2.1))), "V99"),
    ("wish where no station may stand", both(
        sql("UPDATE zones SET radius_m = 900 WHERE zone_id = 'z2'"),
        place("zones", "zone_id = 'z2'", Point(at(1, 2.5)))), "V99"),
    ("wish where a station may stand, hidden", wish(1, "can_stand = 0"), "V99"),
    ("wish left out", fewer(
        3, n=2, n_met=1, outcome={"termination": "feasible_limit", "objective": 2.0,
                                  "bound": None, "gap": None}), "V99"),
    ("wish left out, its road called beyond reach", fewer(
        3, n=2, n_met=1, n_beyond=1, beyond_km=0.489012, served_km=5.997949, met_km=1.955862),
     "V99"),
    ("every wish left out", both(
        sql("DELETE FROM fleet_wishes"), figure(*TOLD, "n", value=0)), "V99"),
    ("needless wish", sql(
        "INSERT INTO fleet_wishes (wish_id, node_id, year, n_roads, served_km, farthest_m,"
        " can_stand, county_id, jurisdiction_id, met, geom) SELECT 'w-9', node_id, year, n_roads,"
        " served_km, farthest_m, can_stand, county_id, jurisdiction_id, met, geom"
        " FROM fleet_wishes WHERE wish_id = 'w-2'"), "V99"),
    ("year of the wish a year late", wish(1, "year = 2026"), "V99"),
    ("roads counted twice", wish(2, "n_roads = 5"), "V99"),
    ("km of another wish", wish(2, "served_km = served_km + 0.977931"), "V99"),
    ("farthest point nearer than it is", wish(2, "farthest_m = farthest_m / 2"), "V99"),
    ("only the ends of the roads looked at", wish(1, "farthest_m = 977.9"), "V99"),
    ("shorter reach asked for", both(
        figure(*SETTINGS, "fleet_charger_reach_m", value=1900.0),
        figure(*TOLD, "reach_m", value=1900.0)), "V99"),
    ("a farther station called nearest", wish(1, "station_id = 'p-t-tw2-charging'"), "V99"),
    ("a swap station called nearest", wish(2, "station_id = 'p-j-32-swap'"), "V99"),
    ("no station called nearest", wish(1, "station_id = NULL"), "V99"),
    ("station a metre nearer", wish(1, "station_m = station_m - 1"), "V99"),
    ("station called standing", wish(2, "station_year = NULL"), "V99"),
    ("existing station called built", wish(1, "station_year = 2025"), "V99"),
    ("met before the station is built", wish(2, "met_year = 2025, met = 1"), "V99"),
    ("met, though late", wish(2, "met = 1"), "V99"),
    ("met, though not called so", wish(1, "met = 0"), "V99"),
    ("nearer asked for", both(
        figure(*SETTINGS, "fleet_station_near_m", value=1000.0),
        figure(*TOLD, "near_m", value=1000.0)), "V99"),
    ("a road that is one-way", sql(
        "UPDATE segments SET oneway = 1 WHERE segment_id = 'h2-4'"), "V99"),
    ("wishes met counted twice", figure(*TOLD, "n_met", value=3), "V99"),
    ("late wishes hidden", figure(*TOLD, "n_late", value=0), "V99"),
    ("km served", figure(*TOLD, "served_km", value=lambda km: km + 0.001), "V99"),
    ("km with a station", figure(*TOLD, "met_km", value=lambda km: km + 0.001), "V99"),
    ("fewest not proven, but told", figure(*TOLD, "outcome", "bound", value=2.0), "V99"),
    ("bound above the number", figure(*TOLD, "outcome", value=lambda row: row | {
        "termination": "within_gap", "bound": 4.0}), "V99"),
    ("another number of wishes", figure(*TOLD, "outcome", "objective", value=4.0), "V99"),
    ("station of a wish that is none", wish(1, "station_id = 'p-none'"), "V05"),
    ("wish in another county", wish(1, "county_id = '990102'"), "V09"),
    # what stages let go
    ("letting go not told", step(0, let_go=""), "V101"),
    ("letting go without a need", step(1, let_go="grade"), "V101"),
    ("joining told of the last stage", step(2, n_above=1, let_go="joins"), "V101"),
    ("the rest told of the first stage", step(0, let_go="rest"), "V101"),
    ("let go to join, with the target missed", step(0, let_go="joins"), "V101"),
    ("more kept to than there is", step(1, kept_km=5.1), "V101"),
    ("less kept to than was there before", step(1, kept_km=2.0), "V101"),
    ("target of the stage", step(0, target_km=2.8), "V101"),
]  # fmt: skip
