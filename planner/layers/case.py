"""The layers a case brings: what the planner gives the program."""

from __future__ import annotations

from planner.layers.schema import Column, Layer
from planner.layers.words import ENERGIES, ROAD_CLASSES, TRUST_MARKS
from planner.layers.words import NAME as _NAME
from planner.layers.words import SOURCE as _SOURCE
from planner.layers.words import TRUST as _TRUST
from planner.layers.zones import ROAD_FEATURES, ZONES

COUNTIES = Layer(
    "counties",
    "区县",
    "Counties: the statutory units of the city; they tile it without gap or overlap.",
    "Polygon",
    (
        Column("county_id", "text", "区县代码", "administrative code (adcode)", unique=True),
        Column("name", "text", "名称", "name"),
        Column("name_en", "text", "英文名", "name in English", required=False, nullable=True),
        Column("population", "number", "常住人口", "residents", "persons", minimum=0),
        Column(
            "population_trust", "text", "人口可信度", "trust of population", choices=TRUST_MARKS
        ),
        Column("population_source", "text", "人口来源", "source of population", nullable=True),
    ),
    required=True,
)

TOWNSHIPS = Layer(
    "townships",
    "乡镇街道",
    "Townships and streets by statistics code; a row without a place cannot be checked.",
    "Point",
    (
        Column("township_id", "text", "统计代码", "statistics code", unique=True),
        Column("name", "text", "名称", "name"),
        Column("name_en", "text", "英文名", "name in English", required=False, nullable=True),
        Column("county_id", "text", "区县代码", "code of its county"),
        Column(
            "kind",
            "text",
            "类别",
            "town, township, street or other unit",
            choices=("town", "township", "street", "other"),
        ),
        Column("jurisdiction_id", "text", "辖区", "who administers it", nullable=True),
        _SOURCE,
        _TRUST,
    ),
    place_nullable=True,
)

JURISDICTIONS = Layer(
    "jurisdictions",
    "辖区",
    "Receivers of a subsidy: counties, districts, development zones, management bureaus.",
    "none",
    (
        Column("jurisdiction_id", "text", "辖区代码", "short code", unique=True),
        Column("name", "text", "名称", "name"),
        Column("name_en", "text", "英文名", "name in English", required=False, nullable=True),
        Column(
            "kind",
            "text",
            "类别",
            "what it is",
            choices=("county", "district", "development_zone", "management_bureau"),
        ),
        Column(
            "county_id",
            "text",
            "区县代码",
            "the county whose ground it is on by default; of a county or district, itself",
        ),
        _SOURCE,
        _TRUST,
    ),
)

ROADS = Layer(
    "roads",
    "道路",
    "Road centre lines or carriageways that meet at shared vertices.",
    "LineString",
    (
        Column("road_id", "text", "道路编号", "id of the road piece", unique=True),
        _NAME,
        Column("ref", "text", "路线编号", "route number such as G105", nullable=True),
        Column("road_class", "text", "道路等级", "road class", choices=ROAD_CLASSES),
        Column("oneway", "boolean", "单行", "true: only in the direction of the line"),
        Column("speed_kph", "number", "限速", "speed", "km/h", minimum=1, maximum=200),
        Column("lanes", "integer", "车道数", "lanes in all", "lanes", minimum=1, maximum=20),
        Column("bridge", "boolean", "桥梁", "on a bridge", required=False),
        Column("tunnel", "boolean", "隧道", "in a tunnel", required=False),
        _TRUST,
    ),
    required=True,
)

EXISTING_STATIONS = Layer(
    "existing_stations",
    "现有站点",
    "Stations that stand today; they are kept.",
    "Point",
    (
        Column("station_id", "text", "站点编号", "id", unique=True),
        _NAME,
        Column("technology", "text", "技术", "a row of technologies.toml"),
        Column(
            "n_units", "integer", "设备数", "connectors, bays or dispensers", "units", minimum=1
        ),
        _SOURCE,
        _TRUST,
    ),
)

OPENED_ROADS = Layer(
    "opened_roads",
    "已开放测试道路",
    "Test roads that are already opened: they count toward the target.",
    "LineString",
    (
        Column("opened_id", "text", "编号", "id", unique=True),
        _NAME,
        Column("opened_year", "integer", "开放年份", "year opened", "year", minimum=2000),
        Column(
            "opened_on",
            "date",
            "开放日期",
            "day it was opened, such as 2024-06-30, where it is known",
            required=False,
            nullable=True,
        ),
        Column(
            "closed_year",
            "integer",
            "关闭年份",
            "year it is no longer a test road; empty: stays open",
            "year",
            required=False,
            nullable=True,
        ),
        _SOURCE,
        _TRUST,
    ),
)

CANDIDATE_POINTS = Layer(
    "candidate_sites",
    "候选站址",
    "Places the planner offers for stations; others are generated.",
    "Point",
    (
        Column("site_id", "text", "站址编号", "id", unique=True),
        _NAME,
        Column("energies", "text", "能源", "comma-separated, such as charging,truck_swap"),
        Column("max_power_kw", "number", "功率上限", "power limit", "kW", minimum=0, nullable=True),
        Column(
            "parking_places",
            "integer",
            "停车位",
            "parking places of the site, of which chargers may take a share",
            "places",
            required=False,
            nullable=True,
            minimum=0,
        ),
        _SOURCE,
        _TRUST,
    ),
)

SUPPLY_NODES = Layer(
    "supply_nodes",
    "供电节点",
    "Substations or feeders whose free capacity nearby sites share.",
    "Point",
    (
        Column("supply_node_id", "text", "节点编号", "id", unique=True),
        _NAME,
        Column("headroom_kw", "number", "可用容量", "free capacity", "kW", minimum=0),
        Column(
            "upgrade_kw",
            "number",
            "可增容量",
            "capacity that one upgrade adds; empty where none can be ordered",
            "kW",
            required=False,
            nullable=True,
            minimum=0,
        ),
        Column(
            "upgrade_cost_cny",
            "integer",
            "增容费用",
            "cost of the upgrade",
            "CNY",
            required=False,
            nullable=True,
            minimum=0,
        ),
        Column(
            "upgrade_lead_years",
            "integer",
            "增容工期",
            "years from order to service",
            "years",
            required=False,
            nullable=True,
            minimum=0,
        ),
        _SOURCE,
        _TRUST,
    ),
)

REVIEWS = Layer(
    "reviews",
    "评审意见",
    "What reviewers decided on candidate sites: locked into the plan, or kept out of it.",
    "none",
    (
        Column("review_id", "text", "评审编号", "id", unique=True),
        Column("site_id", "text", "站址编号", "candidate site, as a plan names it"),
        Column(
            "mark",
            "text",
            "结论",
            "lock: a station stands there by the target year; ban: none is planned there",
            choices=("lock", "ban"),
        ),
        Column(
            "energy",
            "text",
            "能源",
            "energy it concerns; all: a lock asks for any, a ban forbids each",
            choices=(*ENERGIES, "all"),
        ),
        Column("reviewer", "text", "评审人", "who decided", required=False, nullable=True),
        Column("comment", "text", "意见", "why", required=False, nullable=True),
        _SOURCE,
        _TRUST,
    ),
)

TRIPS = Layer(
    "trips",
    "过境与长途出行",
    "Long trips that refuel on the way; only the two ends of each line count.",
    "LineString",
    (
        Column("trip_id", "text", "出行编号", "id", unique=True),
        _NAME,
        Column("energy", "text", "能源", "energy", choices=("charging", "hydrogen")),
        Column("trips_per_day", "number", "日出行量", "trips", "trips/day", minimum=0),
        Column("range_m", "number", "续航里程", "range; above 0", "m", minimum=0),
        _SOURCE,
        _TRUST,
    ),
)

FLEET_STOCK = Layer(
    "fleet_stock",
    "车队保有量",
    "Vehicles of a fleet in a county; replaces that fleet's vehicles_per_1000 there.",
    "none",
    (
        Column("county_id", "text", "区县代码", "county"),
        Column("fleet", "text", "车队", "a row of fleets.toml"),
        Column("vehicles", "number", "保有量", "vehicles of any drive", "vehicles", minimum=0),
        _SOURCE,
        _TRUST,
    ),
)

CASE_LAYERS = (
    COUNTIES,
    TOWNSHIPS,
    JURISDICTIONS,
    ROADS,
    EXISTING_STATIONS,
    OPENED_ROADS,
    ZONES,
    ROAD_FEATURES,
    CANDIDATE_POINTS,
    SUPPLY_NODES,
    REVIEWS,
    TRIPS,
    FLEET_STOCK,
)
