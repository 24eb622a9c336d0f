"""Defects of the repairs of test roads: none needed, false gains, left out, out of order."""

from tampering import figure, sql
from toy_road_repairs import INSERT, missed

REPAIRS = "UPDATE road_repairs SET "
SPEED, TUNNEL = " WHERE rule = 'speed'", " WHERE rule = 'tunnel'"
SPARE = ("rr-9", 2027, "tunnel", None, "取消", "lift", 0.5, 0.5, 1, 1)


def one(statement):
    return missed(sql(statement))


DEFECTS_OF_ROADREPAIRS = [
    # name, edit, expected check
    ("repair of nothing", sql(INSERT, *SPARE), "V93"),
    ("repair of a year that is met", one(REPAIRS + "year = 2025" + SPEED), "V93"),
    ("gain told higher", one(REPAIRS + "gain_carriageway_km = gain_carriageway_km + 0.002,"
                             " gain_km = gain_km + 0.002" + SPEED), "V93"),
    ("counted gain beyond both bases", one(
        REPAIRS + "gain_km = gain_carriageway_km + 0.01" + SPEED), "V93"),
    ("counted gain below half", one(
        REPAIRS + "gain_km = gain_carriageway_km / 2 - 0.01" + TUNNEL), "V93"),
    ("gain of a speed that is not eased so far", one(REPAIRS + "value = 90" + SPEED), "V93"),
    ("reason of nobody", one(REPAIRS + "rule = 'school s1'" + TUNNEL), "V93"),
    ("limit of nobody", one(REPAIRS + "rule = 'limit none most'" + TUNNEL), "V93"),
    ("over the target by nothing told", one(REPAIRS + "rule = 'over target'" + TUNNEL), "V93"),
    ("repair left out", one("DELETE FROM road_repairs WHERE rule = 'speed'"), "V93"),
    ("every repair left out", one("DELETE FROM road_repairs"), "V93"),
    ("smallest gain first", one(REPAIRS + "gain_km = gain_km + 0.02,"
                                " gain_carriageway_km = gain_carriageway_km + 0.02"
                                " WHERE repair_id = 'rr-5'"), "V93"),
    ("equipment told cheaper", one(
        REPAIRS + "equipment_cny = equipment_cny / 2" + SPEED), "V93"),
    ("equipment not priced", one(REPAIRS + "equipment_cny = NULL" + SPEED), "V93"),
    ("reason hidden", one("UPDATE rejected_segments SET reason = 'tunnel'"
                          " WHERE segment_id = 'h4-2'"), "V93"),
    ("reason made up", one("UPDATE rejected_segments SET reason = 'speed; tunnel'"
                           " WHERE segment_id = 'h4-2'"), "V93"),
    ("rejected segment of nowhere", one("UPDATE rejected_segments SET segment_id = 'none'"
                                        " WHERE segment_id = 'h4-2'"), "V93"),
    ("eleven repairs", missed(*(
        sql(INSERT, f"rr-{n}", *SPARE[1:]) for n in range(6, 12))), "V93"),
    ("repairs not in the list", missed(), "V39"),
    ("target lowered again", missed(
        figure("settings", "test_roads", "target_km_by_year", "2027", value=6.0)), "V93"),
]  # fmt: skip
