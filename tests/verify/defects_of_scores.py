"""The defects to plant in hours, grades, values and scenes, each with the check that sees it."""

from shapely.geometry import Point
from tampering import figure, place, sql
from toy_city import at

ROADS, TERMS, ZONES = "UPDATE test_roads SET ", "UPDATE segment_terms SET ", "UPDATE zones SET "
SETTINGS = ("settings", "test_roads")
DEFECTS_OF_SCORES = [
    # exclusions
    ("school at all hours", sql(ZONES + "closed_hours = NULL WHERE zone_id = 'z5'"), "V29"),
    ("works without end", sql(ZONES + "closed_to = NULL WHERE zone_id = 'z6'"), "V29"),
    ("hours that leave too little", figure(*SETTINGS, "least_open_hours", value=21.0), "V29"),
    ("a sharp turn allowed before", figure(*SETTINGS, "max_turn_deg", value=-2.0), "V29"),
    # hours and years
    ("hours not told", sql(ROADS + "closed_hours = NULL WHERE segment_id = 'v3-1'"), "V84"),
    ("hours too short", sql(
        ROADS + "closed_hours = '07:00-09:00' WHERE segment_id = 'v3-1'"), "V84"),
    ("hours of nobody", sql(
        ROADS + "closed_hours = '07:00-09:00' WHERE segment_id = 'h2-1'"), "V84"),
    ("hours in disorder", sql(
        ROADS + "closed_hours = '16:00-17:30,07:00-09:00' WHERE segment_id = 'v3-1'"), "V84"),
    ("hours nobody can read", sql(
        ROADS + "closed_hours = 'mornings' WHERE segment_id = 'v3-1'"), "V84"),
    ("school moved away", place("zones", "zone_id = 'z5'", Point(at(3, 1.5)[0] + 0.002,
                                                                 at(3, 1.5)[1])), "V84"),
    ("opened while closed", sql(ZONES + "closed_to = 2026 WHERE zone_id = 'z6'"), "V84"),
    # grades
    ("points of a class", sql(TERMS + "class_points = 1 WHERE segment_id = 'h2-0'"), "V85"),
    ("points of lanes", sql(TERMS + "lanes_points = 0 WHERE segment_id = 'h2-0'"), "V85"),
    ("points of speed", sql(TERMS + "speed_points = 2 WHERE segment_id = 'h2-0'"), "V85"),
    ("points of a signal", sql(TERMS + "signal_points = 0 WHERE segment_id = 'h2-1'"), "V85"),
    ("points of arms", sql(TERMS + "arms_points = 0 WHERE segment_id = 'h2-0'"), "V85"),
    ("points of density", sql(TERMS + "density_points = 1 WHERE segment_id = 'v3-1'"), "V85"),
    ("points of a tunnel", sql(TERMS + "tunnel_points = 2 WHERE segment_id = 'h2-0'"), "V85"),
    ("points of a bridge", sql("UPDATE segments SET bridge = 1 WHERE segment_id = 'h2-0'"), "V85"),
    ("points of people", sql("DELETE FROM road_features WHERE kind = 'crossing'"), "V85"),
    ("points of a turn", sql(TERMS + "turn_points = 1 WHERE segment_id = 'h2-0'"), "V85"),
    ("a sum", sql(TERMS + "points = points + 1 WHERE segment_id = 'h2-0'"), "V85"),
    ("a grade", sql(TERMS + "complexity_grade = 1 WHERE segment_id = 'h2-0'"), "V85"),
    ("a grade of a test road", sql(
        ROADS + "complexity_grade = 1 WHERE segment_id = 'h2-0'"), "V85"),
    ("a score left out", sql("DELETE FROM segment_terms WHERE segment_id = 'h2-0'"), "V85"),
    ("other steps", figure("settings", "grades", "steps", "lanes", value=[[1, 0], [4, 2]]), "V85"),
    # values
    ("worth more", sql(ROADS + "test_value = test_value + 0.001 WHERE segment_id = 'h2-0'"), "V86"),
    ("worth less", sql(ROADS + "test_value = 0 WHERE segment_id = 'h2-4'"), "V86"),
    ("cluster moved", place("zones", "zone_id = 'z1'", Point(at(4, 2.5))), "V86"),
    ("signal gone", sql("UPDATE road_features SET kind = 'pole' WHERE kind = 'signal'"), "V86"),
    ("bus corridor gone", sql(ZONES + "kind = 'taxi' WHERE zone_id = 'z7'"), "V86"),
    ("other weights", figure(
        "settings", "worth", "value", "class_weight", "secondary", value=1.4), "V86"),
    # scenes
    ("another scene", sql(TERMS + "scene = 'secondary, bridge' WHERE segment_id = 'h2-0'"), "V87"),
    ("another first feature", figure(
        "settings", "worth", "scene", "features", value=["people", "wide"]), "V87"),
]  # fmt: skip
