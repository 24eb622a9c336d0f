"""The layers the rooms make on the way and the layers of a plan."""

from __future__ import annotations

from planner.layers.case import (
    COUNTIES,
    ENERGIES,
    JURISDICTIONS,
    OPENED_ROADS,
    ROAD_CLASSES,
    SUPPLY_NODES,
    TOWNSHIPS,
    TRUST_MARKS,
    ZONES,
)
from planner.layers.schema import Column, Layer

_COUNTY = Column("county_id", "text", "区县代码", "county", nullable=True)
_JURISDICTION = Column("jurisdiction_id", "text", "辖区", "jurisdiction", nullable=True)
_NAME = Column("name", "text", "名称", "name as people read it", nullable=True)
_ENERGY = Column("energy", "text", "能源", "energy", choices=ENERGIES)

SEGMENTS = Layer(
    "segments",
    "路段",
    "Road pieces between two decision nodes of the road network.",
    "LineString",
    (
        Column("segment_id", "text", "路段编号", "id", unique=True),
        Column("from_node", "text", "起点", "node at the start of the line"),
        Column("to_node", "text", "终点", "node at the end of the line"),
        _NAME,
        Column("ref", "text", "路线编号", "route number", nullable=True),
        Column("road_class", "text", "道路等级", "road class", choices=ROAD_CLASSES),
        Column("oneway", "boolean", "单行", "true: only from from_node to to_node"),
        Column("speed_kph", "number", "限速", "speed", "km/h", minimum=1),
        Column("lanes", "integer", "车道数", "lanes in all", "lanes", minimum=1),
        Column("bridge", "boolean", "桥梁", "any part on a bridge"),
        Column("tunnel", "boolean", "隧道", "any part in a tunnel"),
        Column("length_m", "number", "长度", "geodesic length (WGS84)", "m", minimum=0),
        _COUNTY,
        _JURISDICTION,
        Column("road_ids", "text", "原道路", "road_id of its rows in roads, comma-separated"),
        Column("trust", "text", "可信度", "trust mark of the row", choices=TRUST_MARKS),
    ),
)

DEMAND_POINTS = Layer(
    "demand_points",
    "需求点",
    "Places with daily demand to be served, on nodes of the road network.",
    "Point",
    (
        Column("demand_id", "text", "需求点编号", "id", unique=True),
        Column("node_id", "text", "路网节点", "node; empty where no road is near", nullable=True),
        _COUNTY,
        Column(
            "township_id", "text", "乡镇", "nearest located township of the county", nullable=True
        ),
        Column("area_class", "text", "区域类型", "area class", choices=("urban", "rural")),
        Column("population", "number", "人口", "residents apportioned to it", "persons", minimum=0),
        Column("charging_per_day", "number", "充电需求", "public charging", "kWh/day", minimum=0),
        Column("swap_per_day", "number", "换电需求", "battery swaps", "swaps/day", minimum=0),
        Column("hydrogen_per_day", "number", "加氢需求", "hydrogen", "kg/day", minimum=0),
    ),
)

SITE_STATUSES = ("accepted", "rejected")
CANDIDATE_SITES = Layer(
    "candidate_sites",
    "候选站址",
    "Places where a station may open, and those rejected with the reason.",
    "Point",
    (
        Column("site_id", "text", "站址编号", "id", unique=True),
        Column("node_id", "text", "路网节点", "node of the road network", nullable=True),
        _NAME,
        Column(
            "origin",
            "text",
            "产生方式",
            "how it was found",
            choices=("existing", "case", "township", "junction", "zone"),
        ),
        _COUNTY,
        _JURISDICTION,
        Column("energies", "text", "能源", "energies allowed, comma-separated; empty if rejected"),
        Column("supply_node_id", "text", "供电节点", "supply node it draws on", nullable=True),
        Column("max_power_kw", "number", "功率上限", "power limit", "kW", minimum=0),
        Column("status", "text", "状态", "accepted or rejected", choices=SITE_STATUSES),
        Column(
            "reason", "text", "原因", "why rejected or why an energy is not allowed", nullable=True
        ),
        Column(
            "snap_m", "number", "吸附距离", "distance to its node", "m", minimum=0, nullable=True
        ),
    ),
)

STATIONS = Layer(
    "stations",
    "站点",
    "Existing and planned stations.",
    "Point",
    (
        Column("station_id", "text", "站点编号", "id", unique=True),
        Column("site_id", "text", "站址编号", "its candidate site"),
        Column("node_id", "text", "路网节点", "node of the road network"),
        _NAME,
        _ENERGY,
        Column("technology", "text", "技术", "a row of technologies.toml"),
        Column("status", "text", "状态", "existing or planned", choices=("existing", "planned")),
        Column(
            "n_units", "integer", "设备数", "connectors, bays or dispensers", "units", minimum=1
        ),
        Column(
            "capacity_per_day",
            "number",
            "日服务能力",
            "kWh, swaps or kg it serves in a day in real use",
            "per day",
            minimum=0,
        ),
        Column(
            "served_per_day",
            "number",
            "日服务量",
            "kWh, swaps or kg assigned",
            "per day",
            minimum=0,
        ),
        Column("power_kw", "number", "功率", "power drawn from the grid at peak", "kW", minimum=0),
        Column("capital_cny", "integer", "投资", "capital cost; 0 for existing", "CNY", minimum=0),
        Column(
            "owner", "text", "建设主体", "who builds", choices=("public", "enterprise", "existing")
        ),
        Column("supply_node_id", "text", "供电节点", "supply node it draws on", nullable=True),
        _COUNTY,
        _JURISDICTION,
        Column("trust", "text", "可信度", "trust mark of the row", choices=TRUST_MARKS),
    ),
)

ASSIGNMENTS = Layer(
    "assignments",
    "服务分配",
    "Which station serves how much of which demand point, before and after the plan.",
    "none",
    (
        Column("phase", "text", "阶段", "before or after the plan", choices=("before", "after")),
        Column("demand_id", "text", "需求点编号", "demand point"),
        Column("station_id", "text", "站点编号", "station"),
        _ENERGY,
        Column("served_per_day", "number", "日服务量", "kWh, swaps or kg", "per day", minimum=0),
    ),
)

_GAP_COLUMNS = (
    _ENERGY,
    Column("phase", "text", "阶段", "before or after the plan", choices=("before", "after")),
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
    "Coverage gap and capacity gap of each county and energy, before and after.",
    "none",
    (Column("county_id", "text", "区县代码", "county"), *_GAP_COLUMNS),
)
TOWNSHIP_GAPS = Layer(
    "township_gaps",
    "乡镇缺口",
    "Coverage gap and capacity gap of each located township and energy, before and after.",
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
        _COUNTY,
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
    ),
    place_nullable=True,
)

TEST_ROADS = Layer(
    "test_roads",
    "测试道路",
    "Chosen segments: the opened and planned connected-vehicle test roads.",
    "LineString",
    (
        Column("segment_id", "text", "路段编号", "id, as in segments", unique=True),
        Column("corridor_id", "text", "线路编号", "chain of test roads under one road name"),
        _NAME,
        Column("ref", "text", "路线编号", "route number", nullable=True),
        Column("road_class", "text", "道路等级", "road class", choices=ROAD_CLASSES),
        Column("from_node", "text", "起点", "node at the start"),
        Column("to_node", "text", "终点", "node at the end"),
        Column("stage_year", "integer", "开放年份", "year it is opened (or was)", "year"),
        Column("opened_before", "boolean", "已开放", "true: opened before the plan"),
        Column("equipped", "boolean", "已装备", "true: fitted with roadside equipment"),
        Column(
            "complexity_grade", "integer", "复杂度", "1 simple to 5 complex", minimum=1, maximum=5
        ),
        Column("test_value", "number", "测试价值", "value of the segment to tests", minimum=0),
        Column("length_m", "number", "长度", "geodesic length (WGS84)", "m", minimum=0),
        Column("counted_m", "number", "计入里程", "length by the counting basis", "m", minimum=0),
        _COUNTY,
        _JURISDICTION,
        Column("trust", "text", "可信度", "trust mark of the row", choices=TRUST_MARKS),
    ),
)

REJECTED_SEGMENTS = Layer(
    "rejected_segments",
    "排除路段",
    "Segments that may not be test roads, with the reason.",
    "LineString",
    (
        Column("segment_id", "text", "路段编号", "id, as in segments", unique=True),
        _NAME,
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
        Column("stage_year", "integer", "年份", "year", "year"),
        Column("cost_cny", "integer", "费用", "eligible cost", "CNY", minimum=0),
        _COUNTY,
        _JURISDICTION,
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
        Column("eligible_cny", "integer", "可补助投入", "eligible spending", "CNY", minimum=0),
        Column("subsidy_cny", "integer", "市级补助", "subsidy", "CNY", minimum=0),
        Column("own_cny", "integer", "辖区自筹", "what the jurisdiction bears", "CNY", minimum=0),
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
    SUPPLY_NODES,
    OPENED_ROADS,
    SEGMENTS,
    DEMAND_POINTS,
    CANDIDATE_SITES,
    STATIONS,
    ASSIGNMENTS,
    COUNTY_GAPS,
    TOWNSHIP_GAPS,
    TOWNSHIP_ACCESS,
    TEST_ROADS,
    REJECTED_SEGMENTS,
    RSUS,
    SUBSIDIES,
    REJECTED_ROWS,
)
"""Every layer of ``plan.gpkg``, in the order it is written."""
