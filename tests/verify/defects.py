"""The catalogue of planted defects: what is done to the folder and which check must see it."""

import json

from shapely.geometry import LineString, Point
from tampering import both, cell, figure, overwrite, place, remove, sql, text
from toy_city import at

ROADS = ("test_roads",)
DEFECTS = [
    # name, edit, expected check
    ("file deleted", remove("map.html"), "V01"),
    ("stray file", overwrite("plan.gpkg-wal", b"x"), "V01"),
    ("plan.json cut short", overwrite("plan.json", b'{"format": "planner-plan-1", '), "V02"),
    ("plan.json holds NaN", overwrite("plan.json", b'{"format": NaN}'), "V02"),
    ("geopackage is another file", overwrite("plan.gpkg", b"<OGRVRTDataSource>"), "V02"),
    ("layer dropped", sql("DROP TABLE assignments"), "V02"),
    ("column dropped", sql("ALTER TABLE rsus DROP COLUMN placement"), "V02"),
    ("word not in the dictionary", sql("UPDATE stations SET energy = 'petrol'"), "V02"),
    ("another CRS", sql("UPDATE gpkg_geometry_columns SET srs_id = 3857"), "V02"),
    ("another format", figure("format", value="planner-plan-9"), "V02"),
    ("setting not as assumed", figure("settings", "siting", "discount_rate", value=0.01), "V03"),
    ("target lowered", figure("settings", *ROADS, "target_km_by_year", "2027", value=1.0), "V03"),
    ("assumption without trust", figure("assumptions", 0, "trust", value="sure"), "V03"),
    ("input hash cut", figure("inputs", 0, "sha256", value="ab12"), "V04"),
    ("input not declared", figure("inputs", value=lambda rows: rows[1:]), "V04"),
    ("township left out", sql("DELETE FROM townships WHERE township_id = 'te9'"), "V04"),
    ("made-up roads not said", figure("case", "synthetic_layers", value=[]), "V04"),
    ("station id twice", sql("UPDATE stations SET station_id = 'x-old1'"), "V02"),
    ("swapped site id", sql("UPDATE stations SET site_id='c9' WHERE site_id = 'c1'"), "V05"),
    ("unknown node", sql("UPDATE demand_points SET node_id='n99' WHERE demand_id='d00'"), "V05"),
    ("assignment twice", sql(
        "INSERT INTO assignments (phase, demand_id, station_id, energy, served_per_day)"
        " SELECT phase, demand_id, station_id, energy, 0 FROM assignments LIMIT 1"), "V05"),
    ("segment dropped", sql("DELETE FROM segments WHERE segment_id = 'h2-2'"), "V05"),
    ("point outside", place("demand_points", "demand_id='d00'", Point(110.0, 20.0)), "V06"),
    ("geometry removed", sql("UPDATE stations SET geom = NULL WHERE n_units = 5"), "V02"),
    ("length inflated", sql(
        "UPDATE segments SET length_m = length_m * 1.01 WHERE segment_id = 'v1-1'"), "V07"),
    ("length a centimetre off", sql(
        "UPDATE segments SET length_m = length_m + 0.01 WHERE segment_id = 'v1-1'"), "V07"),
    ("line moved off its node", place(
        "segments", "segment_id = 'v1-1'", LineString([at(1, 1.1), at(1, 2)])), "V08"),
    ("two nodes in one place", sql(
        "UPDATE segments SET from_node = 'n77' WHERE segment_id = 'v1-1'"), "V08"),
    ("county of a segment", sql(
        "UPDATE segments SET county_id = '990101' WHERE segment_id = 'v5-1'"), "V09"),
    ("jurisdiction of a segment", sql(
        "UPDATE segments SET jurisdiction_id = 'J-Z' WHERE segment_id = 'h2-1'"), "V09"),
    ("township of a demand point", sql(
        "UPDATE demand_points SET township_id = 'tw2' WHERE demand_id = 'd00'"), "V09"),
    ("demand halved", sql("UPDATE demand_points SET charging_per_day = 358 WHERE demand_id='d00'"),
     "V10"),
    ("residents moved to another county", sql(
        "UPDATE counties SET population = population + 1 WHERE county_id = '990101'"), "V10"),
    ("demand point moved", place("demand_points", "demand_id = 'd00'", Point(at(0.1, 0))), "V11"),
    ("rural called urban", sql(
        "UPDATE demand_points SET area_class = 'urban' WHERE demand_id = 'd00'"), "V11"),
    ("site in an exclusion accepted", sql(
        "UPDATE candidate_sites SET status = 'accepted', energies = 'charging'"
        " WHERE site_id = 'j-04'"), "V12"),
    ("hydrogen in a set-back", sql(
        "UPDATE candidate_sites SET energies = 'charging,hydrogen' WHERE site_id = 'j-22'"), "V12"),
    ("hydrogen in the centre", sql(
        "UPDATE candidate_sites SET energies = 'charging,hydrogen' WHERE site_id = 'j-32'"), "V12"),
    ("rejected without reason", sql(
        "UPDATE candidate_sites SET reason = NULL WHERE status = 'rejected'"), "V12"),
    ("site uses a farther node", sql(
        "UPDATE candidate_sites SET node_id = 'n41' WHERE site_id = 'c1'"), "V13"),
    ("site moved", place("candidate_sites", "site_id = 'c1'", Point(at(4.8, 1))), "V13"),
    ("site on another supply", sql(
        "UPDATE candidate_sites SET supply_node_id = 'g1' WHERE site_id = 'c1'"), "V14"),
    ("station moved", place("stations", "site_id = 'c1'", Point(at(4.8, 1))), "V15"),
    ("station on another node", sql("UPDATE stations SET node_id='n41' WHERE site_id='c1'"), "V15"),
    ("station on a rejected site", sql(
        "UPDATE stations SET site_id = 'j-04' WHERE site_id = 't-tw2'"), "V15"),
    ("energy not allowed", sql("UPDATE candidate_sites SET energies = 'swap'"
                               " WHERE site_id = 't-tw2'"), "V15"),
    ("existing station dropped", sql("DELETE FROM stations WHERE site_id = 'x-old2'"), "V16"),
    ("planned called existing", sql(
        "UPDATE stations SET status = 'existing' WHERE site_id = 'c1'"), "V16"),
    ("too many units", sql(
        "UPDATE station_years SET n_units = 40 WHERE station_id = 'p-t-tw2-charging'"), "V45"),
    ("capacity inflated", sql(
        "UPDATE stations SET capacity_per_day = capacity_per_day + 1 WHERE site_id = 'c1'"), "V46"),
    ("capital a yuan off", sql(
        "UPDATE stations SET capital_cny = capital_cny - 1 WHERE site_id = 't-tw2'"), "V17"),
    ("power understated", sql("UPDATE stations SET power_kw = 1 WHERE site_id = 'c1'"), "V17"),
    ("another owner", sql("UPDATE stations SET owner = 'public' WHERE site_id = 'c1'"), "V17"),
    ("supply node overdrawn", sql(
        "UPDATE supply_nodes SET headroom_kw = 324 WHERE supply_node_id = 'g1'"), "V18"),
    ("site overdrawn", sql(
        "UPDATE candidate_sites SET max_power_kw = 912.9 WHERE site_id = 'j-32'"), "V18"),
    ("energy twice on a site", sql(
        "UPDATE stations SET energy = 'charging' WHERE station_id = 'p-j-32-swap'"), "V18"),
    ("spent a yuan off", figure("siting", "spent_cny", value=6079999), "V19"),
    ("budget below what is spent", both(
        figure("settings", "siting", "budget_cny_by_year", "2027", value=449999),
        figure("siting", "budget_cny", value=6079999),
        figure("siting", "by_year", 2, "budget_cny", value=6079999)), "V19"),
    ("served from too far", sql(
        "UPDATE assignments SET demand_id = 'd53' WHERE station_id = 'x-old1'"
        " AND phase = 'after' AND demand_id = 'd02'"), "V20"),
    ("served more than its demand", sql(
        "UPDATE assignments SET served_per_day = 9 WHERE energy = 'hydrogen'"), "V20"),
    ("served beyond capacity", sql(
        "UPDATE assignments SET served_per_day = 200 WHERE station_id = 'x-old1'"
        " AND demand_id = 'd02'"), "V20"),
    ("served by a station not yet built", sql(
        "UPDATE assignments SET phase = 'before' WHERE energy = 'hydrogen'"), "V20"),
    ("station total off", sql(
        "UPDATE stations SET served_per_day = served_per_day + 1 WHERE site_id = 'c1'"), "V20"),
    ("one-way streets ignored", sql("UPDATE segments SET oneway = 1 WHERE segment_id <> 'i0'"),
     "V21"),
    ("county gap hidden", sql(
        "UPDATE county_gaps SET coverage_gap_per_day = 0 WHERE energy = 'charging'"), "V21"),
    ("county gap row dropped", sql("DELETE FROM county_gaps WHERE phase = 'after'"), "V21"),
    ("county gap of plan.json", figure("gaps", "county", 1, "covered_share", value=1.0), "V21"),
    ("gap hidden in layer and plan.json", both(
        sql("UPDATE county_gaps SET covered_share = 0.9 WHERE county_id = '990101'"
            " AND energy = 'charging' AND phase = 'after'"),
        figure("gaps", "county", 1, "covered_share", value=0.9)), "V21"),
    ("township gap", sql(
        "UPDATE township_gaps SET served_share = 1 WHERE phase = 'after'"), "V22"),
    ("share of an energy", figure("siting", "energies", 0, "served_share_after", value=1.0), "V23"),
    ("worst county", figure("siting", "worst_county", "county_id", value="990101"), "V23"),
    ("worst county's share", figure(
        "siting", "worst_county", "served_share_after", value=0.99), "V23"),
    ("units by technology", figure("siting", "by_technology", 0, "n_units", value=99), "V23"),
    ("number of candidates", figure("siting", "n_candidates", value=99), "V23"),
    ("township checked from a better node", sql(
        "UPDATE township_access SET node_id = 'n32' WHERE township_id = 'te2'"), "V24"),
    ("township said to be unreachable", sql(
        "UPDATE township_access SET node_id = NULL WHERE township_id = 'te2'"), "V24"),
    ("township distance", sql(
        "UPDATE township_access SET distance_after_m = 1999 WHERE township_id = 'te2'"), "V25"),
    ("township status", sql(
        "UPDATE township_access SET status = 'met' WHERE township_id = 'te2'"), "V25"),
    ("unchecked township called met", sql(
        "UPDATE township_access SET status = 'met' WHERE township_id = 'te9'"), "V25"),
    ("township counts", figure("townships", "n_met", value=6), "V25"),
    ("test road with another class", sql(
        "UPDATE test_roads SET road_class = 'primary' WHERE segment_id = 'h2-1'"), "V26"),
    ("test road longer than its segment", sql(
        "UPDATE test_roads SET length_m = length_m + 1 WHERE segment_id = 'h2-1'"), "V26"),
    ("one-way counted less than half", sql(
        "UPDATE test_roads SET centreline_m = length_m / 2 - 1 WHERE segment_id = 'h1-3'"), "V80"),
    ("counted otherwise than the basis says", sql(
        "UPDATE test_roads SET counted_m = length_m WHERE segment_id = 'h1-3'"), "V80"),
    ("test road bent", place(
        "test_roads", "segment_id = 'h2-1'", LineString([at(1, 2), at(2, 2)])), "V26"),
    ("network in two pieces", sql("DELETE FROM test_roads WHERE segment_id = 'h2-2'"), "V27"),
    ("stage in two pieces", sql(
        "UPDATE test_roads SET stage_year = 2027 WHERE segment_id = 'h2-1'"), "V27"),
    ("year without target", sql(
        "UPDATE test_roads SET stage_year = 2030 WHERE segment_id = 'h2-4'"), "V27"),
    ("stage kilometres", figure(*ROADS, "stages", 2, "opened_km", value=500.0), "V28"),
    ("target called met", both(
        figure("settings", *ROADS, "target_km_by_year", "2027", value=7.0),
        figure(*ROADS, "stages", 2, "target_km", value=7.0)), "V28"),
    ("stage over its target", figure(
        "settings", *ROADS, "target_km_by_year", "2027", value=6.0), "V28"),
    ("test road too fast", sql(
        "UPDATE segments SET speed_kph = 90 WHERE segment_id = 'h2-1'"), "V29"),
    ("test road in a tunnel", sql("UPDATE segments SET tunnel = 1 WHERE segment_id='h2-1'"), "V29"),
    ("zone put on a test road", place("zones", "zone_id = 'z2'", Point(at(1.5, 2))), "V29"),
    ("chosen and rejected", sql(
        "UPDATE rejected_segments SET segment_id = 'h2-1' WHERE segment_id = 'v0-3'"), "V29"),
    ("exclusion not listed", sql("DELETE FROM rejected_segments WHERE segment_id='v0-3'"), "V29"),
    ("zone called reached", figure(*ROADS, "mandated", 1, "reached", value=True), "V30"),
    ("zone called unreached", figure(*ROADS, "mandated", 0, "reached", value=False), "V30"),
    ("zone left out", figure(*ROADS, "mandated", value=lambda rows: rows[:1]), "V30"),
    ("called opened before", sql(
        "UPDATE test_roads SET opened_before = 1, stage_year = 2024 WHERE segment_id = 'h2-1'"),
     "V31"),
    ("opened road not marked", sql(
        "UPDATE test_roads SET opened_before = 0 WHERE segment_id = 'h2-0'"), "V31"),
    ("opened road left out", sql("DELETE FROM test_roads WHERE segment_id = 'h2-0'"), "V31"),
    ("ledger of a jurisdiction", figure(*ROADS, "by_jurisdiction", 0, "opened_km", value=0.0),
     "V32"),
    ("equipped km", figure(*ROADS, "equipped_km", value=6.0), "V32"),
    ("gap called proven", figure(
        "siting", "goals", 5, "termination", value="proven_optimal"), "V37"),
    ("gap not that of its bound", figure(*ROADS, "outcome", "bound", value=8.0), "V37"),
    ("worth overstated", sql("UPDATE test_roads SET test_value = 2 WHERE segment_id = 'h2-1'"),
     "V37"),
    ("no solution", figure(*ROADS, "outcome", "termination", value="no_solution_limit"), "V37"),
    ("rule called met", figure("rules", 0, "status", value="met"), "V38"),
    ("rule left out", figure("rules", value=lambda rows: rows[1:]), "V38"),
    ("verdict", figure("verdict", value="met"), "V38"),
    ("list says another figure", cell(0, 3, 11, 7), "V39"),
    ("list adds a row", cell(0, 9, 1, "x-old9"), "V39"),
    ("list names another station", cell(0, 3, 1, "x-old9"), "V39"),
    ("list says other kilometres", cell(1, 3, 15, 7.5), "V39"),
    ("list says another gap", cell(4, 3, 11, 1.0), "V39"),
    ("list leaves a trip unnamed", cell(5, 3, 1, "nobody"), "V39"),
    ("list says another cost of an upgrade", cell(6, 3, 5, 1), "V39"),
    ("lists not a workbook", overwrite("lists.xlsx", b"PK\x03\x04"), "V39"),
    ("formula from data", cell(0, 3, 4, '=HYPERLINK("http://a.b","x")'), "V40"),
    ("map asks for a tile", text("map.html", "<p>map</p>", '<img src="//t.co/1.png">'), "V41"),
    ("map asks by a style", text("map.html", "color: red", "background: url(//t.co/1.png)"), "V41"),
    ("map runs a name", text("map.html", "<p>map</p>", "<p onclick='go()'>map</p>"), "V41"),
    ("map runs another script", text("map.html", r"start\(\)", "fetch('https://t.co')"), "V41"),
    ("report shows another figure", text("report.html", r"3\.06 km equipped", "9 km"), "V42"),
    ("key in a file", text("map.html", "<p>map</p>", "<p>?tk=0123456789abcdef0123</p>"), "V43"),
]  # fmt: skip


def pretty_json(folder):
    """Rewrite plan.json with other spacing: the same content, another file."""
    file = folder / "plan.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")), indent=3), encoding="utf-8")
