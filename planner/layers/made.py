"""The layers of roads and test roads, what was left out, and the order of a plan's layers."""

from __future__ import annotations

from planner.layers.access_layers import (
    ASSIGNMENTS,
    COUNTY_GAPS,
    HIGHWAY_ACCESS,
    MILESTONES,
    TOWNSHIP_ACCESS,
    TOWNSHIP_GAPS,
    TRIP_ACCESS,
)
from planner.layers.case import (
    COUNTIES,
    FLEET_STOCK,
    JURISDICTIONS,
    OPENED_ROADS,
    REVIEWS,
    SUPPLY_NODES,
    TOWNSHIPS,
    TRIPS,
)
from planner.layers.limits import ROAD_LIMITS
from planner.layers.review_layers import REVIEW_LOG, ROAD_REVIEWS
from planner.layers.road_repair_layer import ROAD_REPAIRS
from planner.layers.schema import Column, Layer
from planner.layers.shared_columns import COUNTY_ID, JURISDICTION_ID, NAME, TRUST
from planner.layers.siting_layers import (
    CANDIDATE_SITES,
    DEMAND_POINTS,
    FLEET_DEMAND,
    REPAIRS,
    SITE_REASONS,
    STATION_YEARS,
    STATIONS,
    SUPPLY_UPGRADES,
)
from planner.layers.wish_layer import FLEET_WISHES
from planner.layers.words import ROAD_CLASSES
from planner.layers.zones import ROAD_FEATURES, ZONES

ITEM_KINDS = ("hardware", "software", "equipment", "works")
"""Kinds of an item of roadside equipment; works are never eligible."""

SEGMENTS = Layer(
    "segments",
    "路段",
    "Road pieces between two decision nodes of the road network.",
    "LineString",
    (
        Column("segment_id", "text", "路段编号", "id", unique=True),
        Column("from_node", "text", "起点", "node at the start of the line"),
        Column("to_node", "text", "终点", "node at the end of the line"),
        NAME,
        Column("ref", "text", "路线编号", "route number", nullable=True),
        Column("road_class", "text", "道路等级", "road class", choices=ROAD_CLASSES),
        Column("oneway", "boolean", "单行", "true: only from from_node to to_node"),
        Column("speed_kph", "number", "限速", "speed", "km/h", minimum=1),
        Column("lanes", "integer", "车道数", "lanes in all", "lanes", minimum=1),
        Column("bridge", "boolean", "桥梁", "any part on a bridge"),
        Column("tunnel", "boolean", "隧道", "any part in a tunnel"),
        Column("length_m", "number", "长度", "geodesic length (WGS84)", "m", minimum=0),
        COUNTY_ID,
        JURISDICTION_ID,
        Column("road_ids", "text", "原道路", "road_id of its rows in roads, comma-separated"),
        TRUST,
    ),
)

CENTRELINES = Layer(
    "centrelines",
    "道路中心线",
    "Segments merged where a road is drawn twice; each keeps its segments, so that a plan can be "
    "drawn on either.",
    "LineString",
    (
        Column("centreline_id", "text", "中心线编号", "id", unique=True),
        Column(
            "kind", "text", "类型", "what it is made of",
            choices=("single", "dual", "carriageway", "roundabout", "junction"),
        ),
        Column("from_node", "text", "起点", "merged node at the start: its first node"),
        Column("to_node", "text", "终点", "merged node at the end: its first node"),
        Column("centreline_m", "number", "中心线长度", "length counted once", "m", minimum=0),
        Column("carriageway_m", "number", "车行道长度", "sum over the segments", "m", minimum=0),
        Column("n_segments", "integer", "路段数", "segments", "segments", minimum=1),
        Column("segment_ids", "text", "路段", "segment_id of its segments, comma-separated"),
    ),
)  # fmt: skip

COUNTED_BOTH_WAYS = (
    Column("centreline_id", "text", "中心线编号", "centreline it is part of"),
    Column(
        "centreline_m",
        "number",
        "中心线里程",
        "its part of the centreline, dual carriageways counted once",
        "m",
        minimum=0,
    ),
    Column("carriageway_m", "number", "车行道里程", "its length as a carriageway", "m", minimum=0),
)

TEST_ROADS = Layer(
    "test_roads",
    "测试道路",
    "Chosen segments: the opened and planned connected-vehicle test roads.",
    "LineString",
    (
        Column("segment_id", "text", "路段编号", "id, as in segments", unique=True),
        Column("corridor_id", "text", "线路编号", "chain of test roads under one road name"),
        NAME,
        Column("ref", "text", "路线编号", "route number", nullable=True),
        Column("road_class", "text", "道路等级", "road class", choices=ROAD_CLASSES),
        Column("from_node", "text", "起点", "node at the start"),
        Column("to_node", "text", "终点", "node at the end"),
        Column("stage_year", "integer", "开放年份", "year it is opened (or was)", "year"),
        Column("opened_before", "boolean", "已开放", "true: opened before the plan"),
        Column("equipped", "boolean", "已装备", "true: fitted with roadside equipment"),
        Column("equipped_year", "integer", "装备年份", "year fitted", "year", nullable=True),
        Column(
            "complexity_grade", "integer", "复杂度", "1 simple to 5 complex", minimum=1, maximum=5
        ),
        Column("test_value", "number", "测试价值", "value of the segment to tests", minimum=0),
        Column("length_m", "number", "长度", "geodesic length (WGS84)", "m", minimum=0),
        Column("counted_m", "number", "计入里程", "length by the counting basis", "m", minimum=0),
        *COUNTED_BOTH_WAYS,
        Column(
            "closed_hours",
            "text",
            "禁行时段",
            "when no tests run on it, such as 07:00-09:00,16:30-18:00; empty: open at all hours",
            nullable=True,
        ),
        COUNTY_ID,
        JURISDICTION_ID,
        TRUST,
    ),
)

SEGMENT_TERMS = Layer(
    "segment_terms",
    "路段评分",
    "How the complexity grade of each test road adds up, term by term, and the scene it offers.",
    "none",
    (
        Column("segment_id", "text", "路段编号", "id, as in test_roads", unique=True),
        Column("class_points", "integer", "等级分", "points for the road class", "points"),
        Column("lanes_points", "integer", "车道分", "points for the lanes", "points"),
        Column("speed_points", "integer", "车速分", "points for the speed", "points"),
        Column("signal_points", "integer", "信号分", "points for signals near", "points"),
        Column("arms_points", "integer", "路口分", "points for the larger junction", "points"),
        Column("density_points", "integer", "路口密度分", "points for junctions a km", "points"),
        Column("tunnel_points", "integer", "隧道分", "points for a tunnel", "points"),
        Column("bridge_points", "integer", "桥梁分", "points for a bridge", "points"),
        Column(
            "people_points",
            "integer",
            "行人分",
            "points for crossings, bus stops and schools near",
            "points",
        ),
        Column("turn_points", "integer", "弯道分", "points for the sharpest turn", "points"),
        Column("points", "integer", "总分", "sum of the points", "points"),
        Column(
            "complexity_grade", "integer", "复杂度", "1 simple to 5 complex", minimum=1, maximum=5
        ),
        Column("scene", "text", "场景", "kind of scene: road class and what stands out"),
    ),
)

CLOSED_ROADS = Layer(
    "closed_roads",
    "已关闭测试道路",
    "Segments that were opened to tests and are closed by the last year of the plan.",
    "LineString",
    (
        Column("segment_id", "text", "路段编号", "id, as in segments", unique=True),
        NAME,
        Column("road_class", "text", "道路等级", "road class", choices=ROAD_CLASSES),
        Column(
            "complexity_grade", "integer", "复杂度", "1 simple to 5 complex", minimum=1, maximum=5
        ),
        Column("opened_year", "integer", "开放年份", "year it was opened", "year"),
        Column("closed_year", "integer", "关闭年份", "year it is closed", "year"),
        Column("counted_m", "number", "计入里程", "length by the counting basis", "m", minimum=0),
        *COUNTED_BOTH_WAYS,
        COUNTY_ID,
        JURISDICTION_ID,
        TRUST,
    ),
)

_KM = (
    ("opened_km", "开放里程", "opened"),
    ("equipped_km", "装备里程", "equipped"),
    ("opened_centreline_km", "开放里程(中心线)", "opened, by centreline"),
    ("opened_carriageway_km", "开放里程(车行道)", "opened, by carriageway"),
    ("equipped_centreline_km", "装备里程(中心线)", "equipped, by centreline"),
    ("equipped_carriageway_km", "装备里程(车行道)", "equipped, by carriageway"),
)
LEDGER = Layer(
    "ledger",
    "里程台账",
    "Km of test roads that each year adds or takes away, opened and equipped, on both bases.",
    "none",
    (
        Column("year", "integer", "年份", "year", "year"),
        Column(
            "change",
            "text",
            "变动",
            "added, or removed with km below zero",
            choices=("added", "removed"),
        ),
        COUNTY_ID,
        JURISDICTION_ID,
        Column("road_class", "text", "道路等级", "road class", choices=ROAD_CLASSES),
        Column(
            "complexity_grade", "integer", "复杂度", "1 simple to 5 complex", minimum=1, maximum=5
        ),
        *(Column(name, "number", zh, f"km {en}", "km") for name, zh, en in _KM),
    ),
)

REJECTED_SEGMENTS = Layer(
    "rejected_segments",
    "排除路段",
    "Segments that may not be test roads, with the reason.",
    "LineString",
    (
        Column("segment_id", "text", "路段编号", "id, as in segments", unique=True),
        NAME,
        Column("reason", "text", "原因", "why excluded"),
    ),
)

RSUS = Layer(
    "rsus",
    "路侧单元",
    "Roadside units on equipped test roads.",
    "Point",
    (
        Column("rsu_id", "text", "编号", "id", unique=True),
        Column("segment_id", "text", "路段编号", "equipped segment it stands on"),
        Column("node_id", "text", "路口", "junction it stands at", nullable=True),
        Column("placement", "text", "位置", "junction or spacing", choices=("junction", "spacing")),
        Column("support", "text", "杆件", "what carries it", choices=("new_pole", "existing")),
        Column("feature_id", "text", "既有杆件", "road feature that carries it", nullable=True),
        Column("cabinet_id", "text", "机柜", "unit whose cabinet and power it uses"),
        Column("stage_year", "integer", "年份", "year", "year"),
        Column("cost_cny", "integer", "费用", "cost of the unit and its pole", "CNY", minimum=0),
        COUNTY_ID,
        JURISDICTION_ID,
    ),
)

MATERIALS = Layer(
    "materials",
    "物料清单",
    "Bill of materials: what roadside equipment each segment or junction takes, and its cost.",
    "none",
    (
        Column("material_id", "text", "编号", "id", unique=True),
        Column("segment_id", "text", "路段编号", "equipped segment it belongs to"),
        Column("node_id", "text", "路口", "junction it stands at", nullable=True),
        Column("rsu_id", "text", "路侧单元", "roadside unit it belongs to", nullable=True),
        Column("stage_year", "integer", "年份", "year it is bought", "year"),
        COUNTY_ID,
        JURISDICTION_ID,
        Column("item", "text", "物料", "a row of equipment.toml"),
        Column("kind", "text", "性质", "what it is", choices=ITEM_KINDS),
        Column("n", "integer", "数量", "how many", "items", minimum=1),
        Column("unit_cost_cny", "integer", "单价", "price of one", "CNY", minimum=0),
        Column("cost_cny", "integer", "费用", "cost", "CNY", minimum=0),
        Column("eligible", "boolean", "可补助", "true: the subsidy counts it"),
        TRUST,
        Column("source", "text", "来源", "where the price comes from"),
    ),
)

SUBSIDIES = Layer(
    "subsidies",
    "补助",
    "Roadside spending and subsidy of each jurisdiction.",
    "none",
    (
        Column("jurisdiction_id", "text", "辖区", "jurisdiction", unique=True),
        Column("name", "text", "名称", "name"),
        Column("opened_km", "number", "开放里程", "counted km opened", "km", minimum=0),
        Column("equipped_km", "number", "装备里程", "counted km equipped", "km", minimum=0),
        Column("n_rsus", "integer", "路侧单元数", "roadside units", "units", minimum=0),
        Column("cost_cny", "integer", "投入", "spending on equipment", "CNY", minimum=0),
        Column("eligible_cny", "integer", "可补助投入", "eligible spending", "CNY", minimum=0),
        Column("subsidy_cny", "integer", "市级补助", "subsidy", "CNY", minimum=0),
        Column("own_cny", "integer", "补助后余额", "what the subsidy leaves", "CNY", minimum=0),
        Column("at_cap", "boolean", "达到上限", "true: the cap limits its subsidy"),
    ),
)

SUBSIDY_YEARS = Layer(
    "subsidy_years",
    "分年补助",
    "Roadside spending, subsidy and who bears the rest, by jurisdiction and year.",
    "none",
    (
        Column("jurisdiction_id", "text", "辖区", "jurisdiction; empty: of none", nullable=True),
        Column("year", "integer", "年份", "year", "year"),
        Column("cost_cny", "integer", "投入", "spending", "CNY", minimum=0),
        Column("eligible_cny", "integer", "可补助投入", "eligible spending", "CNY", minimum=0),
        Column("subsidy_cny", "integer", "市级补助", "subsidy", "CNY", minimum=0),
        Column("own_cny", "integer", "补助后余额", "what the subsidy leaves", "CNY", minimum=0),
        Column("city_cny", "integer", "市级承担", "of it, the city", "CNY", minimum=0),
        Column("county_cny", "integer", "区县承担", "of it, the county", "CNY", minimum=0),
        Column("enterprise_cny", "integer", "企业承担", "of it, enterprises", "CNY", minimum=0),
    ),
)

REJECTED_ROWS = Layer(
    "rejected_rows",
    "未采用的行",
    "Input rows that were not used, with the reason.",
    "none",
    (
        Column("layer", "text", "图层", "layer"),
        Column("file", "text", "文件", "file"),
        Column("row", "text", "行", "row or feature in the file"),
        Column("code", "text", "代码", "problem code"),
        Column("reason", "text", "原因", "why"),
    ),
)

PLAN_LAYERS = (
    COUNTIES,
    TOWNSHIPS,
    JURISDICTIONS,
    ZONES,
    ROAD_FEATURES,
    SUPPLY_NODES,
    OPENED_ROADS,
    REVIEWS,
    ROAD_REVIEWS,
    REVIEW_LOG,
    TRIPS,
    FLEET_STOCK,
    SEGMENTS,
    CENTRELINES,
    FLEET_DEMAND,
    DEMAND_POINTS,
    CANDIDATE_SITES,
    STATIONS,
    STATION_YEARS,
    SUPPLY_UPGRADES,
    ASSIGNMENTS,
    COUNTY_GAPS,
    TOWNSHIP_GAPS,
    TOWNSHIP_ACCESS,
    HIGHWAY_ACCESS,
    TRIP_ACCESS,
    MILESTONES,
    SITE_REASONS,
    REPAIRS,
    TEST_ROADS,
    CLOSED_ROADS,
    LEDGER,
    SEGMENT_TERMS,
    ROAD_LIMITS,
    REJECTED_SEGMENTS,
    RSUS,
    MATERIALS,
    SUBSIDIES,
    SUBSIDY_YEARS,
    ROAD_REPAIRS,
    FLEET_WISHES,
    REJECTED_ROWS,
)
"""Every layer of ``plan.gpkg``, in the order it is written."""
