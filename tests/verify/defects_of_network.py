"""Defects of the test roads as a network: limits, cycles, dead ends, scenes, steps, worth."""

from tampering import both, figure, sql

LIMITS, NETWORK = "UPDATE road_limits SET ", ("test_roads", "network")
SETTINGS = ("settings", "test_roads")


def of(name):
    return f" WHERE limit_id = '{name}'"


def told(key, value):
    return figure(*NETWORK, key, value=value)


def step(number, **values):
    return figure(*NETWORK, "steps", number, value=lambda row: row | values)


def scene(**values):
    return figure(*NETWORK, "scenes", 0, value=lambda row: row | values)


def status(name, value):
    return figure("rules", value=lambda rows: [
        row | {"status": value} if row["rule_id"] == name else row for row in rows])  # fmt: skip


DEFECTS_OF_NETWORK = [
    # name, edit, expected check
    ("limit left out", sql("DELETE FROM road_limits WHERE limit_id = 'r2'"), "V88"),
    ("limit nobody asked for", figure("road_limits", value=lambda table: {
        key: row for key, row in table.items() if key != "r2"}), "V88"),
    ("limit loosened", sql(LIMITS + "most = 0.9, shortfall = 0, met = 1" + of("r2")), "V88"),
    ("limit turned round", sql(LIMITS + "least = most, most = NULL" + of("r2")), "V88"),
    ("limit of other roads", sql(LIMITS + '"values" = \'1\'' + of("r2")), "V88"),
    ("limit of nowhere", both(
        sql(LIMITS + '"values" = \'J-E,J-Q\'' + of("r1")),
        figure("road_limits", "r1", "values", value=["J-E", "J-Q"])), "V88"),
    ("limit in km, not a share", sql(LIMITS + "measure = 'km'" + of("r2")), "V88"),
    ("limit renamed", sql(LIMITS + "en = 'another'" + of("r1")), "V88"),
    ("limit told nearer than it is", sql(
        LIMITS + "reached = reached - 0.001, shortfall = shortfall - 0.001" + of("r2")), "V88"),
    ("what a limit lacks hidden", sql(LIMITS + "shortfall = 0" + of("r2")), "V88"),
    ("limit missed, yet called kept", sql(LIMITS + "met = 1" + of("r2")), "V88"),
    ("limit kept, yet called missed", sql(LIMITS + "met = 0" + of("r3")), "V88"),
    ("road of another jurisdiction", sql(
        "UPDATE test_roads SET jurisdiction_id = 'J-W' WHERE jurisdiction_id = 'J-E'"), "V88"),
    ("limit without a source", figure(
        "road_limits", "r1", "source", value=lambda _: None), "V03"),
    ("limits not in the list", sql(LIMITS + "limit_id = 'r0'" + of("r1")), "V39"),
    ("rule of the limits met", status("road_limits", "met"), "V38"),
    ("rule of the limits dropped", figure("rules", value=lambda rows: [
        row for row in rows if row["rule_id"] != "road_limits"]), "V38"),
    # cycles
    ("km on cycles that are none", told("cycle_km", 0.977931), "V89"),
    ("share on cycles", told("cycle_share", 0.25), "V89"),
    ("less asked than was", told("least_cycle_share", 0.0), "V89"),
    ("cycles called enough", told("cycles_met", value=True), "V89"),
    ("a cycle not told", sql(
        "UPDATE test_roads SET to_node = 'n42' WHERE segment_id = 'h1-3'"), "V89"),
    ("two roads beside each other not told", sql(
        "UPDATE test_roads SET from_node = 'n2', to_node = 'n12' WHERE segment_id = 'h2-1'"),
     "V89"),
    # dead ends
    ("dead ends hidden", told("short_spur_km", 0.0), "V90"),
    ("dead ends cost nothing", told("spur_loss", 0.0), "V90"),
    ("longer dead ends asked for", figure(*SETTINGS, "least_spur_m", value=2000.0), "V90"),
    ("dead ends lose less", figure(*SETTINGS, "spur_factor", value=0.5), "V90"),
    ("a dead end more", sql("DELETE FROM test_roads WHERE segment_id = 'h2-4'"), "V90"),
    ("a dead end that was opened", sql(
        "UPDATE test_roads SET opened_before = 1 WHERE segment_id = 'v3-1'"), "V90"),
    # scenes
    ("km of a scene", scene(km=5.0), "V91"),
    ("worth of a scene", scene(worth=5.0), "V91"),
    ("a scene more", figure(*NETWORK, "scenes", value=lambda rows: [
        *rows, {"scene": "motorway", "km": 0.0, "worth": 0.0}]), "V91"),
    ("scenes add more", told("variety_worth", lambda x: x + 0.001), "V91"),
    ("roads are worth more", told("base_worth", lambda x: x + 0.001), "V91"),
    ("variety does not fade", figure(
        "settings", "worth", "variety", "shares", value=[1.0, 1.0, 1.0]), "V91"),
    ("a longer first stretch", figure(
        "settings", "worth", "variety", "fade_km", value=2.0), "V91"),
    # from simple to complex
    ("hardest grade of a year", step(0, most_grade=3), "V92"),
    ("harder roads not told", step(0, n_above=0, km_above=0.0), "V92"),
    ("lonely roads not told", step(0, n_alone=0, km_alone=0.0), "V92"),
    ("km of harder roads", step(0, km_above=0.5), "V92"),
    ("a year without steps", figure(*NETWORK, "steps", value=lambda rows: rows[1:]), "V92"),
    ("harder grades allowed", figure(
        *SETTINGS, "most_grade_by_year", "2025", value=3), "V92"),
    ("easier roads free", figure(*SETTINGS, "free_grade", value=3), "V92"),
    ("the easy road beside it later", sql(
        "UPDATE test_roads SET stage_year = 2027 WHERE segment_id = 'h2-2'"), "V92"),
    # worth
    ("objective without the scenes", figure("test_roads", "outcome", "objective",
                                            value=lambda x: x - 0.5), "V37"),
    ("what dead ends lose left in the worth", both(
        figure(*SETTINGS, "spur_factor", value=1.0), told("spur_loss", 0.0)), "V37"),
]  # fmt: skip
