"""The layers of demand, sites and stations, with what is built and spent in which year."""

from __future__ import annotations

from planner.layers.schema import Column, Layer
from planner.layers.shared_columns import COUNTY_ID, ENERGY, JURISDICTION_ID, NAME, TRUST

DEMAND_POINTS = Layer(
    "demand_points",
    "需求点",
    "Places with daily demand of the target year, on nodes of the road network.",
    "Point",
    (
        Column("demand_id", "text", "需求点编号", "id", unique=True),
        Column("node_id", "text", "路网节点", "node; empty where no road is near", nullable=True),
        COUNTY_ID,
        Column(
            "township_id", "text", "乡镇", "nearest located township of the county", nullable=True
        ),
        Column("area_class", "text", "区域类型", "area class", choices=("urban", "rural")),
        Column("population", "number", "人口", "residents apportioned to it", "persons", minimum=0),
        Column("charging_per_day", "number", "充电需求", "public charging", "kWh/day", minimum=0),
        Column(
            "swap_per_day", "number", "换电需求", "passenger battery swaps", "swaps/day", minimum=0
        ),
        Column(
            "truck_swap_per_day",
            "number",
            "重卡换电需求",
            "battery swaps of heavy trucks",
            "swaps/day",
            minimum=0,
        ),
        Column("hydrogen_per_day", "number", "加氢需求", "hydrogen", "kg/day", minimum=0),
    ),
)

FLEET_DEMAND = Layer(
    "fleet_demand",
    "车队需求",
    "Vehicles and daily demand of each fleet in each county, year and energy.",
    "none",
    (
        Column("county_id", "text", "区县代码", "county"),
        Column("year", "integer", "年份", "year", "year"),
        Column("fleet", "text", "车队", "a row of fleets.toml"),
        ENERGY,
        Column(
            "vehicles",
            "number",
            "车辆数",
            "electric or fuel-cell vehicles that take this energy",
            "vehicles",
            minimum=0,
        ),
        Column("demand_per_day", "number", "需求", "kWh, swaps or kg", "per day", minimum=0),
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
        NAME,
        Column(
            "origin",
            "text",
            "产生方式",
            "how it was found",
            choices=("existing", "case", "township", "junction", "zone"),
        ),
        COUNTY_ID,
        JURISDICTION_ID,
        Column("energies", "text", "能源", "energies allowed, comma-separated; empty if rejected"),
        Column("supply_node_id", "text", "供电节点", "supply node it draws on", nullable=True),
        Column("max_power_kw", "number", "功率上限", "power limit", "kW", minimum=0),
        Column(
            "parking_places",
            "integer",
            "停车位",
            "parking places, where the case gives them",
            "places",
            nullable=True,
            minimum=0,
        ),
        Column("status", "text", "状态", "accepted or rejected", choices=SITE_STATUSES),
        Column(
            "reason", "text", "原因", "why rejected or why an energy is not allowed", nullable=True
        ),
        Column(
            "snap_m", "number", "吸附距离", "distance to its node", "m", minimum=0, nullable=True
        ),
    ),
)

STATION_ACTIONS = ("keep", "build", "extend", "upgrade")
STATIONS = Layer(
    "stations",
    "站点",
    "Existing and planned stations as they stand in the target year.",
    "Point",
    (
        Column("station_id", "text", "站点编号", "id", unique=True),
        Column("site_id", "text", "站址编号", "its candidate site"),
        Column("node_id", "text", "路网节点", "node of the road network"),
        NAME,
        ENERGY,
        Column("technology", "text", "技术", "a row of technologies.toml"),
        Column(
            "technology_before",
            "text",
            "原技术",
            "technology it had before the plan; empty for a planned station",
            nullable=True,
        ),
        Column("status", "text", "状态", "existing or planned", choices=("existing", "planned")),
        Column("action", "text", "措施", "what the plan does there", choices=STATION_ACTIONS),
        Column(
            "first_year",
            "integer",
            "实施年份",
            "year of building or of the first change; of a kept station the first year",
            "year",
        ),
        Column(
            "n_units", "integer", "设备数", "connectors, bays or dispensers", "units", minimum=1
        ),
        Column(
            "n_units_before",
            "integer",
            "原设备数",
            "units before the plan; 0 for a planned station",
            "units",
            minimum=0,
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
        Column("power_kw", "number", "额定功率", "nameplate power of all units", "kW", minimum=0),
        Column("peak_kw", "number", "峰值功率", "grid draw of all units at peak", "kW", minimum=0),
        Column(
            "waiting_min",
            "number",
            "平均等待",
            "mean wait in the busiest hour at what it serves",
            "min",
            nullable=True,
            minimum=0,
        ),
        Column("capital_cny", "integer", "投资", "what the plan spends there", "CNY", minimum=0),
        Column(
            "opex_cny_per_year",
            "integer",
            "年运营费",
            "running cost; of an existing station that of the added units",
            "CNY/year",
            minimum=0,
        ),
        Column(
            "annual_cost_cny",
            "integer",
            "年化成本",
            "annuity of the capital over its life, and running cost",
            "CNY/year",
            minimum=0,
        ),
        Column(
            "cost_per_unit_cny",
            "number",
            "单位服务成本",
            "annual cost over what it serves in a year; empty where it serves nothing",
            "CNY per kWh, swap or kg",
            nullable=True,
            minimum=0,
        ),
        Column("grant_cny", "integer", "补助", "grant by the best scheme", "CNY", minimum=0),
        Column("scheme", "text", "补助政策", "the scheme that grants it", nullable=True),
        Column(
            "owner",
            "text",
            "建设主体",
            "who pays for what the plan does; existing where it does nothing",
            choices=("public", "enterprise", "existing"),
        ),
        Column("supply_node_id", "text", "供电节点", "supply node it draws on", nullable=True),
        COUNTY_ID,
        JURISDICTION_ID,
        TRUST,
    ),
)

STATION_YEARS = Layer(
    "station_years",
    "分年建设",
    "What stands at each station in each year, what it serves and what is spent that year.",
    "none",
    (
        Column("station_id", "text", "站点编号", "station"),
        Column("year", "integer", "年份", "year", "year"),
        Column("technology", "text", "技术", "technology that year"),
        Column("n_units", "integer", "设备数", "units that year", "units", minimum=1),
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
        Column("spent_cny", "integer", "当年投资", "spent there that year", "CNY", minimum=0),
    ),
)

SUPPLY_UPGRADES = Layer(
    "supply_upgrades",
    "电网增容",
    "Upgrades of supply nodes that the plan orders.",
    "none",
    (
        Column("supply_node_id", "text", "节点编号", "supply node", unique=True),
        Column("ordered_year", "integer", "下单年份", "year it is ordered and paid", "year"),
        Column("in_service_year", "integer", "投运年份", "first year of its capacity", "year"),
        Column("added_kw", "number", "新增容量", "capacity it adds", "kW", minimum=0),
        Column("cost_cny", "integer", "费用", "public cost", "CNY", minimum=0),
    ),
)

SITE_REASONS = Layer(
    "site_reasons",
    "选址理由",
    "Why a station stands at a site, or why none does, for each energy possible there.",
    "none",
    (
        Column("site_id", "text", "站址编号", "candidate site"),
        ENERGY,
        Column("chosen", "boolean", "入选", "true: a station stands there in the target year"),
        Column("reason", "text", "理由", "why, in English / in Chinese"),
        Column(
            "lost_per_day",
            "number",
            "失去覆盖的需求",
            "kWh, swaps or kg in reach of no other station; empty where none stands",
            "per day",
            nullable=True,
            minimum=0,
        ),
        Column(
            "rival_site_id",
            "text",
            "最佳备选站址",
            "site without a station that reaches most of the demand lost, or else of the "
            "demand served",
            nullable=True,
        ),
        Column(
            "replacement_cny",
            "integer",
            "替换增加投资",
            "capital of the cheapest station at the rival that serves as much as it can, minus "
            "the capital spent here",
            "CNY",
            nullable=True,
        ),
    ),
)

REPAIRS = Layer(
    "repairs",
    "修复方案",
    "What would mend each rule that the plan is short of, with its price.",
    "none",
    (
        Column("rule_id", "text", "规则", "rule, or the rules in conflict, comma-separated"),
        Column("where_id", "text", "对象编号", "township, stretch or review; may be empty"),
        Column("where_name", "text", "对象名称", "its name; may be empty"),
        Column("text_zh", "text", "中文说明", "what would mend it, in Chinese"),
        Column("text_en", "text", "英文说明", "what would mend it, in English"),
        Column(
            "cost_cny",
            "integer",
            "费用",
            "capital it takes; empty where it has no price",
            "CNY",
            nullable=True,
            minimum=0,
        ),
        Column("confirmed", "boolean", "已验证", "true: a second solve or check confirms it"),
    ),
)
