"""Defects of years, money, fleets, waiting, motorways, trips, reviews and goals."""

from shapely.geometry import LineString, Point
from tampering import both, figure, place, sql
from toy_city import at

YEARS = "UPDATE station_years SET "
STATIONS = "UPDATE stations SET "
T_TW2 = " WHERE station_id = 'p-t-tw2-charging'"
DEFECTS_OF_SITING = [
    # years of stations
    ("year of a station dropped", sql(
        "DELETE FROM station_years WHERE station_id = 'x-old2' AND year = 2026"), "V44"),
    ("standing before it is built", sql(
        "INSERT INTO station_years (station_id, year, technology, n_units, capacity_per_day,"
        " served_per_day, spent_cny) SELECT station_id, 2025, technology, n_units,"
        " capacity_per_day, 0, 0 FROM station_years WHERE station_id = 'p-c1-hydrogen'"
        " AND year = 2026"), "V44"),
    ("units torn down", sql(YEARS + "n_units = 8" + T_TW2 + " AND year = 2026"), "V44"),
    ("technology changed back", sql(
        YEARS + "technology = 'dc120' WHERE station_id = 'x-old3' AND year = 2025"), "V44"),
    ("spent in another year", both(
        sql(YEARS + "spent_cny = 0" + T_TW2 + " AND year = 2025"),
        sql(YEARS + "spent_cny = 860000" + T_TW2 + " AND year = 2026")), "V44"),
    ("spent a yuan more", sql(YEARS + "spent_cny = spent_cny + 1" + T_TW2 + " AND year = 2027"),
     "V44"),
    ("first year", sql(STATIONS + "first_year = 2026 WHERE station_id = 'x-old3'"), "V44"),
    ("last year is not the station", sql(
        YEARS + "served_per_day = served_per_day - 1" + T_TW2 + " AND year = 2027"), "V44"),
    ("target year is not the last", figure("settings", "siting", "target_year", value=2026), "V44"),
    # actions
    ("turned into what it may not become", figure(
        "technologies", "dc60", "upgrade_to", value="swap"), "V45"),
    ("upgraded with more units", sql(
        STATIONS + "n_units_before = 3 WHERE station_id = 'x-old3'"), "V45"),
    ("kept, yet larger", sql(STATIONS + "action = 'keep' WHERE station_id = 'x-old1'"), "V45"),
    ("planned, yet extended", sql(
        STATIONS + "action = 'extend' WHERE station_id = 'p-j-32-charging'"), "V45"),
    ("built on something", sql(STATIONS + "n_units_before = 1" + T_TW2), "V45"),
    ("size off the step", figure("technologies", "dc60", "unit_step", value=3), "V45"),
    ("more units than can be", figure("technologies", "dc120", "max_units", value=3), "V45"),
    ("technology no longer in force", figure(
        "technologies", "dc120", "valid_to", value="2025-12-31"), "V45"),
    ("technology not yet in force", figure(
        "technologies", "hydrogen500", "valid_from", value="2027-01-01"), "V45"),
    # waiting
    ("capacity beyond the waiting rule", sql(
        STATIONS + "capacity_per_day = 1720 WHERE station_id = 'x-old3'"), "V46"),
    ("capacity of a year", sql(
        YEARS + "capacity_per_day = capacity_per_day + 0.01" + T_TW2 + " AND year = 2025"), "V46"),
    ("waiting rule loosened", figure("settings", "siting", "max_wait_min", value=30.0), "V46"),
    ("chance of waiting", figure("settings", "siting", "max_wait_chance", value=0.2), "V46"),
    ("queue of equal visits", figure("technologies", "swap", "queue", value="mmc"), "V46"),
    ("another queue", figure("technologies", "swap", "queue", value="fifo"), "V46"),
    ("busier hour", figure("technologies", "dc120", "peak_hour_share", value=0.2), "V47"),
    ("wait understated", sql(STATIONS + "waiting_min = 0.5 WHERE station_id = 'x-old1'"), "V47"),
    ("wait hidden", sql(STATIONS + "waiting_min = NULL WHERE station_id = 'x-old3'"), "V47"),
    ("wait of an earlier year", sql(
        YEARS + "served_per_day = 1500 WHERE station_id = 'x-old1' AND year = 2025"), "V47"),
    # power
    ("upgrade comes later", sql("UPDATE supply_upgrades SET in_service_year = 2027"), "V18"),
    ("upgrade forgotten", sql("DELETE FROM supply_upgrades"), "V18"),
    ("peak understated", sql(STATIONS + "peak_kw = peak_kw - 1" + T_TW2), "V17"),
    ("nameplate counted as peak", figure("technologies", "dc120", "peak_factor", value=1.0), "V17"),
    ("unmanaged peak", figure("settings", "siting", "managed_charging_factor", value=1.0), "V17"),
    ("upgrade without lead", sql("UPDATE supply_upgrades SET in_service_year = 2025"), "V48"),
    ("upgrade adds more", sql("UPDATE supply_upgrades SET added_kw = 300"), "V48"),
    ("upgrade for less", sql("UPDATE supply_upgrades SET cost_cny = 1"), "V48"),
    ("upgrade where none is on offer", sql(
        "UPDATE supply_upgrades SET supply_node_id = 'g2'"), "V48"),
    ("upgrade ordered before the plan", sql(
        "UPDATE supply_upgrades SET ordered_year = 2024, in_service_year = 2025"), "V48"),
    # money
    ("money spent before it is there", both(
        figure("settings", "siting", "budget_cny_by_year", "2025", value=4659999),
        figure("settings", "siting", "budget_cny_by_year", "2027", value=450001)), "V19"),
    ("enterprise money before it is there", figure(
        "settings", "siting", "hydrogen_budget_cny_by_year", "2026", value=9999999), "V19"),
    ("spending of a year", figure("siting", "by_year", 1, "spent_cny", value=0), "V19"),
    ("budget of a year dropped", figure("siting", "by_year", value=lambda rows: rows[1:]), "V19"),
    ("running cost", sql(STATIONS + "opex_cny_per_year = opex_cny_per_year - 1" + T_TW2), "V49"),
    ("running cost of what stood there", sql(
        STATIONS + "opex_cny_per_year = 18000 WHERE station_id = 'x-old1'"), "V49"),
    ("annual cost", sql(STATIONS + "annual_cost_cny = annual_cost_cny + 1" + T_TW2), "V49"),
    ("longer life", figure("technologies", "dc120", "life_years", value=11), "V49"),
    ("cost of a kWh", sql(STATIONS + "cost_per_unit_cny = cost_per_unit_cny + 0.001" + T_TW2),
     "V49"),
    ("grant a yuan over its cap", sql(STATIONS + "grant_cny = 80001" + T_TW2), "V50"),
    ("two grants to one station", sql(STATIONS + "grant_cny = 123000" + T_TW2), "V50"),
    ("the smaller grant", sql(STATIONS + "grant_cny = 43000, scheme = 'early'" + T_TW2), "V50"),
    ("grant by another scheme", sql(STATIONS + "scheme = 'early'" + T_TW2), "V50"),
    ("grant to an existing station", sql(
        STATIONS + "grant_cny = 36000, scheme = 'fast' WHERE station_id = 'x-old3'"), "V50"),
    ("scheme expired", figure("schemes", "fast", "valid_to", value="2025-12-31"), "V50"),
    ("sum of grants", figure("siting", "grants_cny", value=0), "V50"),
    ("city pays more", figure("siting", "payers", 0, "capital_cny", value=1824001), "V51"),
    ("payer left out", figure("siting", "payers", value=lambda rows: rows[:2]), "V51"),
    ("annual cost of the grid", figure("siting", "upgrades_annual_cny", value=1), "V51"),
    ("a county's share", figure(
        "siting", "county_shares", 0, "served_share_after", value=0.99), "V23"),
    ("a county that ties", figure("siting", "worst_county", "tied", value=[]), "V23"),
    ("annual cost of all", figure("siting", "annual_cost_cny", value=1), "V51"),
    ("unit cost of an energy", figure(
        "siting", "unit_costs", 0, "cost_per_unit_cny", value=0.01), "V51"),
    ("served in a year", figure("siting", "unit_costs", 1, "served_per_year", value=1e6), "V51"),
    # years told
    ("built in another year", figure("siting", "by_year", 0, "n_built", value=3), "V52"),
    ("extended in a year", figure("siting", "by_year", 1, "n_extended", value=0), "V52"),
    ("share served in a year", figure(
        "siting", "by_year", 1, "served_share", "charging", value=0.99), "V52"),
    ("worst share of a year", figure("siting", "by_year", 0, "worst_county_share", value=0.9),
     "V52"),
    # fleets
    ("vehicles of a fleet", sql(
        "UPDATE fleet_demand SET vehicles = vehicles + 1 WHERE fleet = 'private'"), "V53"),
    ("vehicles counted in one year only", sql(
        "UPDATE fleet_demand SET vehicles = vehicles / 2 WHERE fleet = 'heavy_truck'"
        " AND county_id = '990102' AND year = 2025"), "V53"),
    ("fleet left out", sql("DELETE FROM fleet_demand WHERE energy = 'truck_swap'"), "V53"),
    ("fleet of nobody", sql("UPDATE fleet_demand SET fleet = 'bicycle' WHERE year = 2026"), "V05"),
    ("more electric cars", figure(
        "fleets", "private", "ev_share_by_year", "2026", value=0.2), "V53"),
    ("earlier demand raised", figure(
        "fleets", "private", "ev_share_by_year", "2025", value=0.01), "V20"),
    ("growth", figure("settings", "demand", "growth", value=1.2), "V10"),
    ("rural growth", figure("settings", "demand", "rural_growth", value=1.0), "V10"),
    # phases
    ("served in a year before it is built", sql(
        "UPDATE assignments SET phase = '2025' WHERE station_id = 'p-c1-hydrogen'"
        " AND phase = '2026'"), "V20"),
    ("served in no phase", sql("UPDATE assignments SET phase = '2031' WHERE phase = '2025'"),
     "V20"),
    ("served with units of later", sql(
        "UPDATE assignments SET served_per_day = served_per_day + 100 WHERE station_id = 'x-old1'"
        " AND phase = '2025' AND demand_id = 'd02'"), "V20"),
    ("gap of an earlier year", sql(
        "UPDATE county_gaps SET capacity_gap_per_day = 0 WHERE phase = '2025'"
        " AND energy = 'charging'"), "V21"),
    ("gap of a year left out", sql("DELETE FROM township_gaps WHERE phase = '2026'"), "V22"),
    ("existing called planned", sql(
        STATIONS + "status = 'planned', action = 'build' WHERE station_id = 'x-old2'"), "V16"),
    # townships
    ("township met earlier", sql(
        "UPDATE township_access SET first_year_met = 2025 WHERE township_id = 'te1'"), "V25"),
    ("short without what binds", sql(
        "UPDATE township_access SET binding = NULL WHERE status = 'short'"), "V25"),
    # motorways
    ("stretch skips a segment", sql(
        "UPDATE highway_access SET segment_ids = replace(segment_ids, 'me-1,', '')"
        " WHERE stretch_id = 'h-G1-E1'"), "V54"),
    ("stretch against the one-way", sql(
        "UPDATE highway_access SET segment_ids = 'me-4,me-3,me-2,me-1,me-0,me--1'"
        " WHERE stretch_id = 'h-G1-E1'"), "V54"),
    ("stretch over a trunk road", sql(
        "UPDATE segments SET road_class = 'trunk' WHERE segment_id = 'me-1'"), "V54"),
    ("stretch of another number", sql("UPDATE segments SET ref = 'G2' WHERE segment_id='me-1'"),
     "V54"),
    ("stretch longer", sql("UPDATE highway_access SET length_m = length_m + 1"), "V54"),
    ("stretch drawn elsewhere", place(
        "highway_access", "stretch_id = 'h-G1-E1'", LineString([at(0, 4.6), at(5, 4.6)])), "V54"),
    ("stretch left out", sql("DELETE FROM highway_access WHERE stretch_id = 'h-G1-W1'"), "V55"),
    ("stretch cut short", sql(
        "UPDATE highway_access SET segment_ids = 'me-0,me-1,me-2,me-3,me-4'"
        " WHERE stretch_id = 'h-G1-E1'"), "V55"),
    ("uncovered metres hidden", sql("UPDATE highway_access SET uncovered_before_m = 0"), "V56"),
    ("gap understated", sql(
        "UPDATE highway_access SET largest_gap_after_m = largest_gap_after_m - 1"), "V56"),
    ("highway called short", sql("UPDATE highway_access SET status = 'short', reason = 'x'"),
     "V56"),
    ("slow chargers counted", figure("settings", "rules", "highway_min_kw", value=121.0), "V56"),
    ("station too far from the motorway", figure(
        "settings", "rules", "highway_reach_m", value=2000.0), "V56"),
    ("way back to the motorway closed", sql(
        "UPDATE segments SET oneway = 1 WHERE segment_id = 'rw-2'"), "V56"),
    ("smaller gap asked", figure("settings", "rules", "highway_gap_m", value=2000.0), "V56"),
    ("metres uncovered in all", figure("siting", "highways", "uncovered_before_m", value=0.0),
     "V56"),
    # trips
    ("path with a hole", sql(
        "UPDATE trip_access SET segment_ids = replace(segment_ids, 'v0-1,', '')"
        " WHERE trip_id = 'west-east'"), "V57"),
    ("path ends early", sql(
        "UPDATE trip_access SET segment_ids = replace(segment_ids, ',h4-4', '')"
        " WHERE trip_id = 'west-east'"), "V57"),
    ("longer path", sql("UPDATE segments SET length_m = 10 WHERE segment_id = 'h0-0'"), "V57"),
    ("trip left out", sql("DELETE FROM trip_access WHERE trip_id = 'hydrogen'"), "V57"),
    ("more trips", sql("UPDATE trip_access SET trips_per_day = 1000"), "V57"),
    ("holiday forgotten", figure("settings", "demand", "holiday_peak_factor", value=1.0), "V57"),
    ("longer range", sql("UPDATE trip_access SET range_m = range_m * 2"), "V57"),
    ("no way said", sql(
        "UPDATE trip_access SET segment_ids = '', length_m = 0, refuelled_before = 0,"
        " refuelled_after = 0, reason = 'no way' WHERE trip_id = 'west-east'"), "V57"),
    ("trip called refuelled", sql(
        "UPDATE trip_access SET refuelled_after = 1 WHERE trip_id = 'hydrogen'"), "V58"),
    ("trip refuelled before", sql(
        "UPDATE trip_access SET refuelled_before = 1 WHERE trip_id = 'west-east'"), "V58"),
    ("silent trip", sql("UPDATE trip_access SET reason = NULL WHERE trip_id = 'hydrogen'"), "V58"),
    ("trips refuelled in all", figure("siting", "trips", "refuelled_after", value=192.0), "V58"),
    # reviews, sites, parking, units
    ("reason for a station that is not there", sql("UPDATE site_reasons SET chosen = 1"), "V66"),
    ("reason left out", sql(
        "DELETE FROM site_reasons WHERE site_id = (SELECT site_id FROM stations LIMIT 1)"), "V66"),
    ("rival that is no site", sql("UPDATE site_reasons SET rival_site_id = 'j-none'"), "V66"),
    ("repair of no rule", sql("UPDATE repairs SET rule_id = 'wish'"), "V66"),
    ("lock not kept", sql("UPDATE reviews SET site_id = 'j-22' WHERE review_id = 'v1'"), "V59"),
    ("banned station", sql(
        "UPDATE reviews SET site_id = 'j-32', energy = 'charging' WHERE review_id = 'v2'"), "V59"),
    ("ban of everything", sql(
        "UPDATE reviews SET site_id = 't-tw2', energy = 'all' WHERE review_id = 'v2'"), "V59"),
    ("sites side by side", both(
        sql("UPDATE candidate_sites SET energies = 'charging' WHERE site_id = 'j-22'"),
        place("candidate_sites", "site_id = 'j-22'", Point(at(3.1, 2)))), "V60"),
    ("generated site beside the case's", both(
        sql("UPDATE candidate_sites SET energies = 'charging' WHERE site_id = 'j-22'"),
        place("candidate_sites", "site_id = 'j-22'", Point(at(4.85, 1)))), "V60"),
    ("too few units for the places", sql(
        "UPDATE candidate_sites SET parking_places = 60 WHERE site_id = 'j-32'"), "V61"),
    ("more units than places", sql(
        "UPDATE candidate_sites SET parking_places = 4 WHERE site_id = 'j-32'"), "V61"),
    ("units of a county", figure("siting", "units", 0, "units_after", value=99), "V62"),
    ("vehicles of a county", figure("siting", "units", 1, "vehicles", value=1.0), "V62"),
    ("units called enough", figure("siting", "units", 0, "met", value=lambda met: not met), "V62"),
    ("stations over the wait", figure("siting", "checks", "waiting", "n_over", value=1), "V63"),
    ("reviews kept", figure("siting", "checks", "reviews", "n_kept", value=2), "V63"),
    ("parking known", figure("siting", "checks", "parking", "n_known", value=4), "V63"),
    ("remedy of the worst county", figure(
        "siting", "worst_county", "remedy", 0, "n_units", value=99), "V23"),
    ("capital of the worst county", figure(
        "siting", "worst_county", "capital_cny", value=lambda cny: cny + 1), "V23"),
    ("number extended", figure("siting", "n_extended", value=0), "V23"),
    # rules
    ("highways called short", figure("rules", 2, "status", value="short"), "V38"),
    ("reported rule called met", figure("rules", 3, "status", value="met"), "V38"),
    ("waiting not checked", figure("rules", 5, "status", value="cannot_be_checked"), "V38"),
    ("reviews called met", figure("rules", 8, "status", value="met"), "V38"),
    ("rule expired", figure("policy_rules", "waiting", "valid_to", value="2026-12-31"), "V38"),
    # goals
    ("goals out of order", figure("siting", "goals", value=lambda rows: rows[::-1]), "V64"),
    ("goal of another model", figure("siting", "goals", 4, "name", value="beauty"), "V64"),
    ("bound below what is served", figure(
        "siting", "goals", 5, "bound", value=lambda bound: bound * 0.9), "V64"),
    ("bound above the cost", figure(
        "siting", "goals", 6, "bound", value=lambda bound: bound * 1.1), "V64"),
    ("more served than is", both(
        figure("siting", "goals", 5, "objective", value=lambda x: x * 1.02),
        figure("siting", "goals", 5, "bound", value=lambda x: x * 1.02)), "V65"),
    ("less served than can be", both(
        figure("siting", "goals", 5, "objective", value=lambda x: x * 0.9),
        figure("siting", "goals", 5, "bound", value=lambda x: x * 0.9)), "V65"),
    ("cheaper than it is", both(
        figure("siting", "goals", 6, "objective", value=lambda x: x * 0.9),
        figure("siting", "goals", 6, "bound", value=lambda x: x * 0.9)), "V65"),
    ("dearer than need be", both(
        figure("siting", "goals", 6, "objective", value=lambda x: x * 1.2),
        figure("siting", "goals", 6, "bound", value=lambda x: x * 1.2)), "V65"),
    ("worst county better off", both(
        figure("siting", "goals", 3, "objective", value=lambda x: x * 1.02),
        figure("siting", "goals", 3, "bound", value=lambda x: x * 1.02)), "V65"),
    ("trips refuelled by nobody", both(
        figure("siting", "goals", 4, "objective", value=1000.0),
        figure("siting", "goals", 4, "bound", value=1000.0)), "V65"),
    ("served earlier", both(
        figure("siting", "goals", 8, "objective", value=lambda x: x * 1.02),
        figure("siting", "goals", 8, "bound", value=lambda x: x * 1.02)), "V65"),
    ("a township that could be met", sql(
        "UPDATE candidate_sites SET node_id = 'n53' WHERE site_id = 'j-22'"), "V65"),
]  # fmt: skip
