"""The layers of a review: what is asked of segments, and what became of every mark."""

from __future__ import annotations

from planner.layers.schema import Column, Layer
from planner.layers.words import ENERGIES
from planner.layers.words import SOURCE as _SOURCE
from planner.layers.words import TRUST as _TRUST

MARK_TARGETS = ("station", "site", "segment", "corridor")
"""What a reviewer marks on the map."""
OPINIONS = ("accept", "refuse", "move", "include")
OUTCOMES = ("honoured", "not_honoured", "contradicted", "nothing_to_do")
COST_BASES = (
    "none", "already", "site_only", "solved", "within_gap", "estimated", "not_found",
)  # fmt: skip
"""How the cost of a mark was found; see the column ``cost_basis``."""

ROAD_REVIEWS = Layer(
    "road_reviews",
    "道路评审意见",
    "What reviewers decided on segments: to be test roads by the last year, or never.",
    "none",
    (
        Column("review_id", "text", "评审编号", "id: the mark's, and a number", unique=True),
        Column("segment_id", "text", "路段编号", "segment"),
        Column(
            "mark",
            "text",
            "结论",
            "lock: a test road by the last target year; ban: none, unless opened before",
            choices=("lock", "ban"),
        ),
        Column("reviewer", "text", "评审人", "who decided", required=False, nullable=True),
        Column("comment", "text", "意见", "why", required=False, nullable=True),
        _SOURCE,
        _TRUST,
    ),
)

_COSTS = (
    Column(
        "townships_short",
        "number",
        "乡镇缺口增加",
        "townships without charging in reach, more than without the mark",
        "townships",
        nullable=True,
    ),
    Column(
        "highway_short_m",
        "number",
        "高速缺口增加",
        "motorway without fast charging ahead, more than without the mark",
        "m",
        nullable=True,
    ),
    Column(
        "unserved_kwh_per_day",
        "number",
        "未满足需求增加",
        "demand of a day in kWh equivalents that is served no more",
        "kWh/day",
        nullable=True,
    ),
    Column(
        "capital_cny",
        "number",
        "投资增加",
        "capital that the plan spends more",
        "CNY",
        nullable=True,
    ),
    Column(
        "annual_cny",
        "number",
        "年成本增加",
        "cost a year that the plan has more",
        "CNY/year",
        nullable=True,
    ),
    Column(
        "missing_km",
        "number",
        "里程缺口增加",
        "km missing to the last target of the test roads, more than without the mark",
        "km",
        nullable=True,
    ),
    Column(
        "worth_lost",
        "number",
        "测试价值减少",
        "worth of the test roads less",
        nullable=True,
    ),
)
COST_COLUMNS = tuple(column.name for column in _COSTS)
"""What a mark costs, one figure a column, more than without it; negative: less."""

REVIEW_LOG = Layer(
    "review_log",
    "评审记录",
    "Every mark of every review file: who, when, what, why, what became of it, what it costs.",
    "none",
    (
        Column("log_id", "text", "编号", "id: number of the file, and the mark", unique=True),
        Column("mark_id", "text", "标记编号", "id of the mark in its file"),
        Column("file", "text", "文件", "review file"),
        Column("reviewer", "text", "评审人", "who marked it"),
        Column("marked_at", "text", "标记时间", "when"),
        Column("target", "text", "对象类型", "what was marked", choices=MARK_TARGETS),
        Column("target_id", "text", "对象编号", "its id in the plan that was reviewed"),
        Column("site_id", "text", "站址编号", "site of a station or site", nullable=True),
        Column("segment_ids", "text", "路段", "segments, comma-separated", nullable=True),
        Column("name", "text", "名称", "its name then", nullable=True),
        Column(
            "energy",
            "text",
            "能源",
            "energy of a station or site that it concerns",
            nullable=True,
            choices=(*ENERGIES, "all"),
        ),
        Column("opinion", "text", "意见类型", "what the reviewer asks for", choices=OPINIONS),
        Column("lon", "number", "移至经度", "where to: longitude", "deg", nullable=True),
        Column("lat", "number", "移至纬度", "where to: latitude", "deg", nullable=True),
        Column("comment", "text", "评语", "why, in the reviewer's words", nullable=True),
        Column("outcome", "text", "结果", "what became of it", choices=OUTCOMES),
        Column("reason_zh", "text", "说明", "why, in Chinese"),
        Column("reason_en", "text", "英文说明", "why, in English"),
        Column(
            "against",
            "text",
            "与之矛盾",
            "log_id or review_id of what contradicts or replaces it, comma-separated",
            nullable=True,
        ),
        Column(
            "cost_basis",
            "text",
            "代价依据",
            "none: it was not asked of the plan; already: the plan without marks does the same; "
            "site_only: it has a station there too, but the equipment marked is replaced and "
            "was not priced; solved: solved with this mark alone and with none; "
            "within_gap: so, and no cost was found "
            "within the search gap; estimated: from the price of the station or its "
            "replacement; not_found: no time or solve was left to it",
            choices=COST_BASES,
        ),
        Column("cost_proved", "boolean", "代价已证明", "true: no search gap is behind the cost"),
        *_COSTS,
    ),
)
