"""The layer of the limits of the mix of test roads: what was asked, and what the plan has."""

from __future__ import annotations

from planner.layers.schema import Column, Layer
from planner.layers.shared_columns import TRUST

ROAD_LIMITS = Layer(
    "road_limits",
    "测试道路结构限值",
    "What the mix of test roads had to keep to in the last stage, and what it is.",
    "none",
    (
        Column("limit_id", "text", "限值编号", "id", unique=True),
        Column("zh", "text", "中文名称", "name in Chinese"),
        Column("en", "text", "英文名称", "name in English"),
        Column(
            "of",
            "text",
            "分类依据",
            "what roads are told apart by: a column of test_roads",
            choices=("jurisdiction_id", "county_id", "road_class", "complexity_grade"),
        ),
        Column("values", "text", "计入的值", "roads it counts: those with one, comma-separated"),
        Column(
            "measure",
            "text",
            "指标",
            "counted km of them, or their share of all counted km",
            choices=("km", "share"),
        ),
        Column("least", "number", "下限", "at least; empty: no lower limit", minimum=0,
               nullable=True),
        Column("most", "number", "上限", "at most; empty: no upper limit", minimum=0,
               nullable=True),
        Column("reached", "number", "实际值", "what the test roads have", minimum=0),
        Column("shortfall", "number", "差额", "by how much it is missed", minimum=0),
        Column("met", "boolean", "达标", "true: it is kept"),
        Column("source", "text", "来源", "who asks for it"),
        TRUST,
    ),
)  # fmt: skip
