"""Reviews, trips, fleet figures and upgrades of supply nodes: read, and refused where wrong."""

import numpy as np
import pytest
from small_case import Case, collection, feature

from planner.errors import InputError
from planner.layers import FLEET_STOCK, REVIEWS, TRIPS, validate

START, END = [115.82, 28.65], [115.98, 28.65]
NODES = "supply_node_id,name,headroom_kw,upgrade_kw,upgrade_cost_cny,upgrade_lead_years,lon,lat\n"
SITES = "site_id,name,energies,max_power_kw,parking_places,lon,lat\n"
BARE_NODES = "supply_node_id,name,headroom_kw,lon,lat\n"
BARE_SITES = "site_id,name,energies,max_power_kw,lon,lat\n"
REVIEW_HEADER = "review_id,site_id,mark,energy,reviewer,comment\n"
STOCK_HEADER = "county_id,fleet,vehicles\n"


@pytest.fixture
def case(tmp_path):
    return Case(tmp_path)


def trip(coordinates=(START, END), kind="LineString", **changes):
    row = {"trip_id": "p1", "name": "过境", "energy": "charging", "trips_per_day": 50,
           "range_m": 20000}  # fmt: skip
    geometry = {"type": kind, "coordinates": list(coordinates)}
    return feature(geometry, **{**row, **changes})


def problems(case):
    with pytest.raises(InputError) as caught:
        case.read()
    return caught.value.problems


def refused(case, code, *words):
    found = problems(case)
    assert [problem.code for problem in found] == [code]
    for word in words:
        assert word in str(found[0])


def test_absent_layers_have_all_their_columns_and_no_rows(case):
    inputs = case.read()
    for frame, layer in ((inputs.reviews, REVIEWS), (inputs.trips, TRIPS),
                         (inputs.fleet_stock, FLEET_STOCK)):  # fmt: skip
        assert frame.empty
        assert list(frame.columns.drop("geometry", errors="ignore")) == layer.column_names()
        validate(frame, layer)


def test_optional_columns_are_there_and_empty(case):
    case.write("supply_nodes", "s.csv", BARE_NODES + "a,甲,5,115.9,28.65\n")
    case.write("candidate_sites", "c.csv", BARE_SITES + "s,站,swap,,115.9,28.65\n")
    inputs = case.read()
    for name in ("upgrade_kw", "upgrade_cost_cny", "upgrade_lead_years"):
        assert inputs.supply_nodes[name].dtype == np.float64
        assert inputs.supply_nodes[name].isna().all()
    assert inputs.candidate_points["parking_places"].dtype == np.float64
    assert inputs.candidate_points["parking_places"].isna().all()
    assert inputs.warnings == ()


def test_upgrades_and_parking_places_are_read_also_where_some_are_empty(case):
    rows = "a,甲,5,2000,900000,1,115.9,28.65\nb,乙,5,,,,115.9,28.66\n"
    case.write("supply_nodes", "s.csv", NODES + rows)
    rows = 's,站,"charging,truck_swap",,80,115.9,28.65\nt,站,hydrogen,,,115.9,28.66\n'
    case.write("candidate_sites", "c.csv", SITES + rows)
    inputs = case.read()
    first, second = inputs.supply_nodes.sort_values("supply_node_id").to_dict("records")
    assert (first["upgrade_kw"], first["upgrade_cost_cny"], first["upgrade_lead_years"]) == (
        2000.0,
        900000.0,
        1.0,
    )
    assert np.isnan(second["upgrade_cost_cny"])
    assert inputs.candidate_points["parking_places"].tolist()[0] == 80.0
    assert np.isnan(inputs.candidate_points["parking_places"].tolist()[1])


def test_an_upgrade_is_given_whole_or_not_at_all(case):
    case.write("supply_nodes", "s.csv", NODES + "a,甲,5,2000,,1,115.9,28.65\n")
    refused(case, "E-VAL-007", "an upgrade needs upgrade_kw, upgrade_cost_cny", "row 2")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ("2000,-1,1", "upgrade_cost_cny must be >= 0"),
        ("-5,10,1", "upgrade_kw must be >= 0"),
        ("2000,10,-1", "upgrade_lead_years must be >= 0"),
    ],
)
def test_negative_upgrades_are_refused(case, cells, words):
    case.write("supply_nodes", "s.csv", NODES + f"a,甲,5,{cells},115.9,28.65\n")
    refused(case, "E-VAL-001", words)


def test_years_are_whole(case):
    rows = "".join(f"a{k},甲,5,2000,10,1.5,115.9,28.65\n" for k in range(3))
    case.write("supply_nodes", "s.csv", NODES + rows)
    refused(case, "E-ROW-001", "upgrade_lead_years is not a whole number")


def test_reviews_are_read(case):
    rows = "r1,t-1,lock,all,王,好\nr2,t-1,ban,swap,,\nr3,j-9,ban,all,,\n"
    case.write("reviews", "r.csv", REVIEW_HEADER + rows, trust="D")
    reviews = case.read().reviews
    assert reviews["mark"].tolist() == ["lock", "ban", "ban"]
    assert reviews["reviewer"].isna().tolist() == [False, True, True]
    assert reviews["trust"].tolist() == ["D"] * 3


@pytest.mark.parametrize(
    ("lock", "ban"),
    [("swap", "swap"), ("truck_swap", "all"), ("all", "all")],
)
def test_a_site_is_not_both_locked_and_banned(case, lock, ban):
    rows = f"r1,t-1,lock,{lock},,\nr2,t-1,ban,{ban},,\nr3,t-2,ban,all,,\n"
    case.write("reviews", "r.csv", REVIEW_HEADER + rows)
    refused(case, "E-REV-001", "'t-1' is both locked and banned", "r1 and r2", "row 2, 3")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("r1,t-1,maybe,all,,", "mark must be one of lock, ban"),
        ("r1,t-1,ban,petrol,,", "energy must be one of charging, swap, truck_swap, hydrogen, all"),
        ("r1,,ban,all,,", "site_id must not be empty"),
    ],
)
def test_wrong_reviews_are_refused(case, row, words):
    case.write("reviews", "r.csv", REVIEW_HEADER + row + "\n")
    refused(case, "E-VAL-001", words)


def test_trips_are_read(case):
    case.write("trips", "t.geojson", collection([trip()]))
    trips = case.read().trips
    assert trips["range_m"].tolist() == [20000.0]
    assert list(trips.geometry[0].coords) == [tuple(START), tuple(END)]


@pytest.mark.parametrize(
    ("row", "code", "words"),
    [
        (trip(energy="swap"), "E-VAL-001", "energy must be one of charging, hydrogen"),
        (trip(trips_per_day=-1), "E-VAL-001", "trips_per_day must be >= 0"),
        (trip(range_m=0), "E-VAL-001", "range_m must be > 0 m"),
        (trip([START, END, START]), "E-GEO-008", "starts and ends at the same place"),
        (
            trip([[START, [115.9, 28.65]], [[115.9, 28.66], END]], "MultiLineString"),
            "E-GEO-001",
            "has several parts",
        ),
    ],
)
def test_wrong_trips_are_refused(case, row, code, words):
    case.write("trips", "t.geojson", collection([row]))
    refused(case, code, words)


def test_trips_have_their_own_ids(case):
    case.write("trips", "t.geojson", collection([trip(), trip(trips_per_day=3)]))
    refused(case, "E-ID-001", "trip_id is used by 2 rows")


def test_fleet_stock_is_read(case):
    rows = "360101,taxi_ride_hailing,500\n360102,taxi_ride_hailing,300.5\n"
    case.write("fleet_stock", "f.csv", STOCK_HEADER + rows)
    assert case.read().fleet_stock["vehicles"].tolist() == [500.0, 300.5]


def test_fleet_stock_names_known_counties_and_fleets(case):
    case.write("fleet_stock", "f.csv", STOCK_HEADER + "999999,private,5\n360101,tanks,5\n")
    found = problems(case)
    assert [(p.code, p.column, p.value) for p in found] == [
        ("E-REF-001", "county_id", "999999"),
        ("E-REF-001", "fleet", "tanks"),
    ]
    assert "private" in found[1].reason


def test_a_fleet_of_a_county_has_one_row(case):
    rows = "360101,private,5\n360102,private,5\n360101,private,5\n"
    case.write("fleet_stock", "f.csv", STOCK_HEADER + rows)
    refused(case, "E-ID-001", "fleet 'private' of county '360101' has 2 rows", "row 2, 4")


def test_no_vehicles_less_than_none(case):
    case.write("fleet_stock", "f.csv", STOCK_HEADER + "360101,private,-5\n")
    refused(case, "E-VAL-001", "vehicles must be >= 0")


def test_empty_files_of_these_layers_are_fine(case):
    case.write("reviews", "r.csv", REVIEW_HEADER)
    case.write("fleet_stock", "f.csv", STOCK_HEADER)
    case.write("trips", "t.geojson", collection([]))
    case.write("supply_nodes", "s.csv", NODES)
    inputs = case.read()
    assert inputs.reviews.empty
    assert inputs.trips.empty
    assert inputs.supply_nodes.empty
