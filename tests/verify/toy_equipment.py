"""Roadside equipment of the toy city, worked out here: units, bill of materials, subsidy."""

from math import ceil

import pandas as pd
from toy_city import at, frame, node_id

UNITS_BETWEEN = {"h2-1": 1, "h2-2": 1, "v3-1": 2}
YEARS = (2025, 2026, 2027)
CAP, CITY, ENTERPRISE = 200_000, (3, 10), (1, 10)
ITEMS = {
    "rsu": ("unit", 1, 100_001, "hardware", True),
    "pole": ("new_pole", 1, 20_000, "equipment", True),
    "cameras": ("junction", 2, 5_000, "hardware", True),
    "lidar": ("junction", 1, 90_000, "hardware", True),
    "cabinet": ("cabinet", 1, 7_000, "equipment", True),
    "grid_works": ("cabinet", 1, 3_000, "works", False),
    "ducts": ("hectometre", 1, 500, "works", False),
}
GRADES = {"lidar": (5, 5)}
SETTINGS = {
    "rsu_range_urban_m": 260.0, "rsu_range_suburban_m": 400.0, "rsu_range_motorway_m": 500.0,
    "rsu_range_tunnel_m": 200.0, "rsu_urban_max_kph": 60.0, "sight_offset_m": 20.0,
    "feature_reach_m": 30.0, "cabinet_reach_m": 150.0, "equipment_budget_cny": None,
    "equipment_budget_cny_by_year": {"2025": 480_000, "2026": 300_000, "2027": 0},
}  # fmt: skip
MONEY = ("cost_cny", "eligible_cny", "subsidy_cny", "own_cny")
PAYERS = ("city_cny", "county_cny", "enterprise_cny")


def catalogue():
    """Return the table of items as plan.json has it."""
    return {
        name: {
            "zh": name, "en": name, "per": per, "count": count, "unit_cost_cny": price,
            "kind": kind, "eligible": eligible, "min_grade": GRADES.get(name, (1, 5))[0],
            "max_grade": GRADES.get(name, (1, 5))[1], "source": "made", "trust": "U",
        }
        for name, (per, count, price, kind, eligible) in ITEMS.items()
    }  # fmt: skip


def unit_layer(roads):
    rows, used = [], set()
    for road in roads[roads["equipped"]].itertuples():
        ends = [(road.from_node, 0.0), (road.to_node, 1.0)]
        spots = [(node, share, "junction") for node, share in ends if node not in used]
        used |= {road.from_node, road.to_node}
        count = UNITS_BETWEEN[road.segment_id]
        spots += [(None, (k + 1) / (count + 1), "spacing") for k in range(count)]
        for node, share, placement in spots:
            key, carried = f"r{len(rows) + 1}", node == node_id(at(2, 2))
            rows.append(
                {"rsu_id": key, "segment_id": road.segment_id, "node_id": node,
                 "placement": placement, "support": "existing" if carried else "new_pole",
                 "feature_id": "f1" if carried else None, "cabinet_id": key,
                 "stage_year": road.stage_year, "cost_cny": 100_001 if carried else 120_001,
                 "county_id": road.county_id, "jurisdiction_id": road.jurisdiction_id,
                 "geometry": road.geometry.interpolate(share, normalized=True)}
            )  # fmt: skip
    return frame(rows)


def material_layer(roads, units):
    """Return the bill: of each unit, of each junction with one, and of each road."""
    needs = [
        (unit.segment_id, unit.node_id, unit.rsu_id, name, 1)
        for unit in units.itertuples()
        for name in ("rsu", "pole", "cabinet", "grid_works")
        if name != "pole" or unit.support == "new_pole"
    ]
    needs += [(unit.segment_id, unit.node_id, None, "cameras", 2)
              for unit in units.itertuples() if isinstance(unit.node_id, str)]  # fmt: skip
    needs += [(road.segment_id, None, None, "ducts", ceil(road.length_m / 100))
              for road in roads[roads["equipped"]].itertuples()]  # fmt: skip
    of = roads.set_index("segment_id")
    rows = []
    for segment, node, unit, name, count in needs:
        _, _, price, kind, eligible = ITEMS[name]
        road = of.loc[segment]
        rows.append(
            {"material_id": f"m{len(rows) + 1}", "segment_id": segment, "node_id": node,
             "rsu_id": unit, "stage_year": int(road["stage_year"]),
             "county_id": road["county_id"], "jurisdiction_id": road["jurisdiction_id"],
             "item": name, "kind": kind, "n": count, "unit_cost_cny": price,
             "cost_cny": count * price, "eligible": eligible, "trust": "U", "source": "made"}
        )  # fmt: skip
    return pd.DataFrame(rows)


def year_layer(materials, jurisdictions):
    """Return spending, subsidy and payers of each jurisdiction and year; the cap is on all."""
    rows = []
    for owner in jurisdictions["jurisdiction_id"]:
        so_far = paid = 0
        for year in YEARS:
            mine = materials[(materials["jurisdiction_id"] == owner)
                             & (materials["stage_year"] == year)]  # fmt: skip
            cost = int(mine["cost_cny"].sum())
            eligible = int(mine.loc[mine["eligible"], "cost_cny"].sum())
            so_far += eligible
            subsidy = min(so_far // 2, CAP) - paid
            paid += subsidy
            own = cost - subsidy
            city, firm = (own * part // whole for part, whole in (CITY, ENTERPRISE))
            rows.append((owner, year, cost, eligible, subsidy, own, city, own - city - firm, firm))
    return pd.DataFrame(rows, columns=["jurisdiction_id", "year", *MONEY, *PAYERS])


def subsidy_layer(roads, units, years, jurisdictions):
    rows = []
    for owner in jurisdictions.itertuples():
        mine = roads[roads["jurisdiction_id"] == owner.jurisdiction_id]
        money = years[years["jurisdiction_id"] == owner.jurisdiction_id]
        rows.append(
            {"jurisdiction_id": owner.jurisdiction_id, "name": owner.name,
             "opened_km": round(mine["counted_m"].sum() / 1000, 6),
             "equipped_km": round(mine[mine["equipped"]]["counted_m"].sum() / 1000, 6),
             "n_rsus": int((units["jurisdiction_id"] == owner.jurisdiction_id).sum()),
             **{key: int(money[key].sum()) for key in MONEY},
             "at_cap": bool(money["eligible_cny"].sum() // 2 > CAP)}
        )  # fmt: skip
    return pd.DataFrame(rows)


def material_figures(materials):
    rows = []
    for name, (_, _, price, kind, eligible) in ITEMS.items():
        mine = materials[materials["item"] == name]
        rows.append(
            {"item": name, "zh": name, "en": name, "kind": kind, "eligible": eligible,
             "n": int(mine["n"].sum()), "unit_cost_cny": price,
             "cost_cny": int(mine["cost_cny"].sum()), "trust": "U"}
        )  # fmt: skip
    return rows


def subsidy_figures(layers, rows):
    years = layers["subsidy_years"]
    by_year, budget, own = [], 0, 0
    for year, money in SETTINGS["equipment_budget_cny_by_year"].items():
        mine = years[years["year"] == int(year)]
        budget += money
        own += int(mine["own_cny"].sum())
        by_year.append(
            {"year": int(year), **{key: int(mine[key].sum()) for key in (*MONEY, *PAYERS)},
             "third_party_cny": 2_000_000, "budget_so_far_cny": budget, "own_so_far_cny": own}
        )  # fmt: skip
    return {
        "rows": rows,
        **{key: int(years[key].sum()) for key in (*MONEY, *PAYERS)},
        "by_year": by_year, "third_party_cny": 6_000_000, "third_party_years": list(YEARS),
        "subsidy_if_one_jurisdiction_cny": min(int(years["eligible_cny"].sum()) // 2, CAP),
        "n_at_cap": int(layers["subsidies"]["at_cap"].sum()),
    }  # fmt: skip
