"""Defects of milestones: left out, lowered, miscounted, or called met."""

from tampering import both, figure, sql

MILESTONES = "UPDATE milestones SET "


def of(name):
    return f" WHERE milestone_id = '{name}'"


def without(name):
    return lambda table: {key: row for key, row in table.items() if key != name}


DEFECTS_OF_MILESTONES = [
    # name, edit, expected check
    ("milestone left out", sql("DELETE FROM milestones WHERE milestone_id = 'm2'"), "V73"),
    ("milestone nobody asked for", figure("milestones", value=without("m2")), "V73"),
    ("milestone lowered", sql(MILESTONES + "least = 2, shortfall = 0, met = 1" + of("m2")), "V73"),
    ("milestone put off", sql(MILESTONES + "year = 2027" + of("m2")), "V73"),
    ("milestone of another county", sql(MILESTONES + "county_id = NULL" + of("m2")), "V73"),
    ("milestone renamed", sql(MILESTONES + "zh = '别的'" + of("m1")), "V73"),
    ("milestone of a year that is none", both(
        sql(MILESTONES + "year = 2030" + of("m1")),
        figure("milestones", "m1", "year", value=2030)), "V73"),
    ("stations counted twice", sql(MILESTONES + "reached = 4, shortfall = 0" + of("m2")), "V73"),
    ("units of another year", sql(MILESTONES + "reached = 19" + of("m3")), "V73"),
    ("township counted that is far", sql(
        MILESTONES + "reached = reached + 1, shortfall = shortfall - 1" + of("m9")), "V73"),
    ("share told higher", sql(MILESTONES + "reached = reached + 0.0001" + of("m7")), "V73"),
    ("shortfall hidden", sql(MILESTONES + "shortfall = 0" + of("m4")), "V73"),
    ("short, yet called met", sql(MILESTONES + "met = 1" + of("m4")), "V73"),
    ("met, yet called short", sql(MILESTONES + "met = 0" + of("m3")), "V73"),
    ("a station of a milestone is not there yet", sql(
        "UPDATE station_years SET year = 2028 WHERE station_id = 'p-j-32-swap' AND year = 2025"),
     "V73"),
    ("service of a milestone taken away", sql(
        "DELETE FROM assignments WHERE phase = '2025' AND energy = 'swap'"), "V73"),
    ("milestone in no county", both(
        sql(MILESTONES + "county_id = '999999'" + of("m2")),
        figure("milestones", "m2", "county_id", value="999999")), "V05"),
    ("milestone without a source", figure(
        "milestones", "m1", "source", value=lambda _: None), "V03"),
    ("milestones not in the list", sql(MILESTONES + "milestone_id = 'm0'" + of("m1")),
     "V39"),
    ("rule of the milestones met", figure(
        "rules", value=lambda rows: [row | {"status": "met"} if row["rule_id"] == "milestones"
                                     else row for row in rows]), "V38"),
    ("rule of the milestones dropped", figure(
        "rules", value=lambda rows: [row for row in rows if row["rule_id"] != "milestones"]),
     "V38"),
    ("nearer to the milestones than it is", both(
        figure("siting", "goals", 2, "objective", value=lambda x: x * 0.9),
        figure("siting", "goals", 2, "bound", value=lambda x: x * 0.9)), "V65"),
    ("nearer to the early milestones", both(
        figure("siting", "goals", 7, "objective", value=lambda x: x * 0.9),
        figure("siting", "goals", 7, "bound", value=lambda x: x * 0.9)), "V65"),
]  # fmt: skip
