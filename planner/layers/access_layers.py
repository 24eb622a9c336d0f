"""The layers of who is served: assignments, gaps, access of townships, ways, trips; milestones."""

from __future__ import annotations

from planner.layers.schema import Column, Layer
from planner.layers.shared_columns import COUNTY_ID, ENERGY, NAME, PHASE, TRUST
from planner.layers.words import ENERGIES

ASSIGNMENTS = Layer(
    "assignments",
    "服务分配",
    "Which station serves how much of which demand point, in each phase.",
    "none",
    (
        PHASE,
        Column("demand_id", "text", "需求点编号", "demand point"),
        Column("station_id", "text", "站点编号", "station"),
        ENERGY,
        Column("served_per_day", "number", "日服务量", "kWh, swaps or kg", "per day", minimum=0),
    ),
)

_GAP_COLUMNS = (
    ENERGY,
    PHASE,
    Column("demand_per_day", "number", "需求", "kWh, swaps or kg", "per day", minimum=0),
    Column(
        "coverage_gap_per_day", "number", "覆盖缺口", "demand out of reach", "per day", minimum=0
    ),
    Column(
        "capacity_gap_per_day",
        "number",
        "能力缺口",
        "demand in reach beyond capacity",
        "per day",
        minimum=0,
    ),
    Column(
        "covered_share", "number", "覆盖率", "share in reach", minimum=0, maximum=1, nullable=True
    ),
    Column("served_share", "number", "满足率", "share served", minimum=0, maximum=1, nullable=True),
)
COUNTY_GAPS = Layer(
    "county_gaps",
    "区县缺口",
    "Coverage gap and capacity gap of each county and energy, in each phase.",
    "none",
    (Column("county_id", "text", "区县代码", "county"), *_GAP_COLUMNS),
)
TOWNSHIP_GAPS = Layer(
    "township_gaps",
    "乡镇缺口",
    "Coverage gap and capacity gap of each located township and energy, in each phase.",
    "none",
    (Column("township_id", "text", "统计代码", "township"), *_GAP_COLUMNS),
)

TOWNSHIP_ACCESS = Layer(
    "township_access",
    "乡镇覆盖",
    "Each township's network distance to the nearest public charging station.",
    "Point",
    (
        Column("township_id", "text", "统计代码", "statistics code", unique=True),
        Column("name", "text", "名称", "name"),
        COUNTY_ID,
        Column("node_id", "text", "路网节点", "node it is checked from", nullable=True),
        Column("distance_before_m", "number", "现状距离", "network distance", "m", nullable=True),
        Column("distance_after_m", "number", "规划距离", "network distance", "m", nullable=True),
        Column(
            "status",
            "text",
            "状态",
            "whether the rule holds after the plan",
            choices=("met", "short", "cannot_be_checked"),
        ),
        Column("reason", "text", "原因", "why short or not checkable", nullable=True),
        Column(
            "first_year_met",
            "integer",
            "达标年份",
            "first year in which the rule holds; empty if never",
            "year",
            nullable=True,
        ),
        Column(
            "binding",
            "text",
            "制约因素",
            "what keeps it short or decided how it is met",
            nullable=True,
        ),
    ),
    place_nullable=True,
)

HIGHWAY_ACCESS = Layer(
    "highway_access",
    "高速公路充电覆盖",
    "Each motorway stretch by direction, and how far apart its fast stations are.",
    "LineString",
    (
        Column("stretch_id", "text", "编号", "id", unique=True),
        Column("ref", "text", "路线编号", "route number", nullable=True),
        NAME,
        Column("direction_zh", "text", "方向", "direction of travel in Chinese"),
        Column("direction_en", "text", "方向(英)", "direction of travel in English"),
        Column("length_m", "number", "长度", "geodesic length (WGS84)", "m", minimum=0),
        Column("segment_ids", "text", "路段", "its segments in order, comma-separated"),
        Column(
            "uncovered_before_m",
            "number",
            "现状未覆盖",
            "length of starts with no fast station within the gap ahead, before",
            "m",
            minimum=0,
        ),
        Column("uncovered_after_m", "number", "规划未覆盖", "the same, after", "m", minimum=0),
        Column(
            "largest_gap_before_m",
            "number",
            "现状最大间距",
            "largest distance between consecutive fast stations and ends, before",
            "m",
            minimum=0,
        ),
        Column("largest_gap_after_m", "number", "规划最大间距", "the same, after", "m", minimum=0),
        Column(
            "status",
            "text",
            "状态",
            "whether the rule holds after the plan",
            choices=("met", "short"),
        ),
        Column("reason", "text", "原因", "why short", nullable=True),
    ),
)

TRIP_ACCESS = Layer(
    "trip_access",
    "长途出行补能",
    "The path of each long trip, and whether it can refuel on the way.",
    "LineString",
    (
        Column("trip_id", "text", "出行编号", "id, as in trips", unique=True),
        NAME,
        ENERGY,
        Column("trips_per_day", "number", "日出行量", "trips", "trips/day", minimum=0),
        Column("range_m", "number", "续航里程", "range", "m", minimum=0),
        Column("length_m", "number", "长度", "length of the path", "m", minimum=0),
        Column("segment_ids", "text", "路段", "its segments in order, comma-separated"),
        Column("refuelled_before", "boolean", "现状可补能", "true: it refuels before the plan"),
        Column("refuelled_after", "boolean", "规划可补能", "true: it refuels after the plan"),
        Column("reason", "text", "原因", "why it does not", nullable=True),
    ),
)

MILESTONES = Layer(
    "milestones",
    "分期目标",
    "What had to be reached by a year of the plan, and what is reached.",
    "none",
    (
        Column("milestone_id", "text", "目标编号", "id", unique=True),
        Column("zh", "text", "中文名称", "name in Chinese"),
        Column("en", "text", "英文名称", "name in English"),
        Column("year", "integer", "年份", "year it is counted in", "year"),
        Column(
            "measure",
            "text",
            "指标",
            "townships with public charging within the rule's distance, stations or units that "
            "stand, or share of the demand that is served",
            choices=("townships_covered", "stations", "units", "served_share"),
        ),
        Column("energy", "text", "能源", "energy; empty for all", nullable=True, choices=ENERGIES),
        Column("county_id", "text", "区县代码", "county; empty for the city", nullable=True),
        Column("least", "number", "目标值", "what had to be reached", minimum=0),
        Column("reached", "number", "达到值", "what is reached", minimum=0),
        Column("shortfall", "number", "差额", "what is missing", minimum=0),
        Column("met", "boolean", "达标", "true: nothing is missing"),
        Column("source", "text", "来源", "who asks for it"),
        TRUST,
    ),
)
