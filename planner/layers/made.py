"""The layers of roads and test roads, what was left out, and the order of a plan's layers."""

from __future__ import annotations

from planner.layers.access_layers import (
    ASSIGNMENTS,
    COUNTY_GAPS,
    HIGHWAY_ACCESS,
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
    ROAD_CLASSES,
    SUPPLY_NODES,
    TOWNSHIPS,
    TRIPS,
    ZONES,
)
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
        Column(
            "complexity_grade", "integer", "复杂度", "1 simple to 5 complex", minimum=1, maximum=5
        ),
        Column("test_value", "number", "测试价值", "value of the segment to tests", minimum=0),
        Column("length_m", "number", "长度", "geodesic length (WGS84)", "m", minimum=0),
        Column("counted_m", "number", "计入里程", "length by the counting basis", "m", minimum=0),
        COUNTY_ID,
        JURISDICTION_ID,
        TRUST,
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
        Column("stage_year", "integer", "年份", "year", "year"),
        Column("cost_cny", "integer", "费用", "eligible cost", "CNY", minimum=0),
        COUNTY_ID,
        JURISDICTION_ID,
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
    REVIEWS,
    TRIPS,
    FLEET_STOCK,
    SEGMENTS,
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
    SITE_REASONS,
    REPAIRS,
    TEST_ROADS,
    REJECTED_SEGMENTS,
    RSUS,
    SUBSIDIES,
    REJECTED_ROWS,
)
"""Every layer of ``plan.gpkg``, in the order it is written."""
