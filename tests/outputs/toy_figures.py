"""The figures of the toy plan, as ``plan.json`` has them; sums by hand stand in the tests."""

import pandas as pd

from planner.plan import ledger

YEARS = (2025, 2026, 2027)


def _rows(table):
    return [
        {key: None if pd.isna(value) else value for key, value in row.items()}
        for row in table.drop(columns="geometry", errors="ignore").to_dict("records")
    ]


def toy_figures(frames, synthetic, approval):
    """Return the figures that belong to the toy layers."""
    counties = dict(zip(frames["counties"]["county_id"], frames["counties"]["name"], strict=True))
    towns = dict(zip(frames["townships"]["township_id"], frames["townships"]["name"], strict=True))
    return {
        "format": "planner-plan-1",
        "planner_version": "0.1.0",
        **_case_figures(synthetic, approval),
        "siting": _siting_figures(),
        "gaps": {
            "county": [
                r | {"name": counties[r["county_id"]]} for r in _rows(frames["county_gaps"])
            ],
            "township": [
                r | {"name": towns[r["township_id"]]} for r in _rows(frames["township_gaps"])
            ],
        },
        "reviews": {"files": [], "by_outcome": {}, "stations": None, "test_roads": None},
        "townships": {"n": 4, "n_met": 2, "n_short": 1, "n_cannot_be_checked": 1},
        "test_roads": _test_road_figures(frames),
        "subsidy": {
            "rows": _rows(frames["subsidies"]),
            "cost_cny": 360_000,
            "eligible_cny": 360_000,
            "subsidy_cny": 180_000,
            "own_cny": 180_000,
            "city_cny": 0,
            "county_cny": 180_000,
            "enterprise_cny": 0,
            "by_year": [_money_of(year) for year in YEARS],
            "subsidy_if_one_jurisdiction_cny": 170_000,
            "n_at_cap": 1,
            "third_party_cny": 6_000_000,
            "third_party_years": list(YEARS),
        },
        "rules": _rule_figures(),
        "verdict": "short",
    }


ITEM = {
    "item": "rsu",
    "zh": "路侧单元设备",
    "en": "Roadside unit",
    "kind": "hardware",
    "eligible": True,
    "n": 3,
    "unit_cost_cny": 120_000,
    "cost_cny": 360_000,
    "trust": "U",
}


def _money_of(year):
    cost = {2025: 240_000, 2026: 120_000}.get(year, 0)
    half = {"subsidy_cny": cost // 2, "own_cny": cost // 2, "county_cny": cost // 2}
    rest = {"city_cny": 0, "enterprise_cny": 0, "third_party_cny": 2_000_000}
    so_far = {"budget_so_far_cny": 500_000, "own_so_far_cny": min(180_000, 90_000 * 2)}
    return {"year": year, "cost_cny": cost, "eligible_cny": cost} | half | rest | so_far


def _case_figures(synthetic, approval):
    technology = {"capacity_per_day": 430.0, "power_kw": 120.0, "min_units": 4, "max_units": 20}
    technology |= {"life_years": 10, "opex_cny_per_unit_year": 16_000}
    money = {"unit_cost_cny": 90_000, "fixed_cost_cny": 500_000, "owner": "public"}
    origin = {"trust": "U", "source": "assumption", "unit_zh": "枪"}
    names = {
        "dc60": ("60 kW 直流快充", "60 kW DC charging", "charging"),
        "dc120": ("120 kW 直流快充", "120 kW DC charging", "charging"),
        "swap": ("乘用车换电站", "Passenger battery swap", "swap"),
        "hydrogen500": ("500 kg/日 加氢站", "500 kg/day hydrogen", "hydrogen"),
    }
    provenance = {
        "layer": "roads",
        "file": "roads.gpkg",
        "sha256": "ab" * 32,
        "source": "made-up",
        "licence": "CC0",
        "date": "2025-11-01",
        "datum": "wgs84",
        "crs": "EPSG:4326",
        "synthetic": "roads" in synthetic,
        "trust": "schematic",
        "rows_in": 13,
        "rows_used": 12,
        "rows_repaired": 0,
        "rows_rejected": 1,
        "notes": ["one row refused"],
    }
    return {
        "case": {
            "case_id": "toy",
            "title_zh": "示范市充换电与测试道路规划",
            "title_en": "Toy City charging and test-road plan",
            "synthetic_layers": list(synthetic),
            "replace_roads_hint": "planner init real --city 示范市",
            "map_approval_number": approval,
            "variant": "",
        },
        "settings": {
            "test_roads": {"least_spur_m": 500.0, "free_grade": 2},
            "subsidy": {
                "rate": 0.5,
                "cap_cny": 5_000_000,
                "cap_basis": "total",
                "valid_from": "2025-08-16",
                "valid_to": "2027-12-31",
            },
            "siting": {"target_year": 2027, "city_share": 0.3, "discount_rate": 0.06},
            "rules": {
                "township_radius_m": 10_000.0,
                "highway_gap_m": 50_000.0,
                "highway_min_kw": 60.0,
                "highway_reach_m": 3_000.0,
                "evs_per_unit": 8.0,
            },
        },
        "fleets": {
            "private": {
                "zh": "私家车",
                "en": "Private cars",
                "vehicles_per_1000": 238.0,
                "ev_share_by_year": {"2025": 0.09, "2027": 0.14},
                "trust": "U",
                "source": "assumption",
            },
        },
        "schemes": {},
        "equipment": {"rsu": {"zh": "路侧单元设备", "en": "Roadside unit"}},
        "technologies": {
            key: {"zh": zh, "en": en, "energy": energy} | technology | money | origin
            for key, (zh, en, energy) in names.items()
        },
        "policy_rules": {
            "township_charging": {
                "sentence": "every township",
                "source": "work plan",
                "trust": "S",
                "valid_from": None,
                "valid_to": None,
            },
            "county_gaps": {
                "sentence": "开展县域充换电设施补短板试点工作",
                "source": "action plan",
                "trust": "S",
                "valid_from": "2025-08-16",
                "valid_to": "2027-12-31",
            },
        },
        "assumptions": [
            {"key": "demand.ev_share", "value": 0.15, "unit": "1", "source": "guess", "trust": "U"},
            {"key": "siting.budget_cny", "value": 5_000_000, "unit": "CNY"}
            | {"source": "no text gives it", "trust": "U"},
        ],
        "inputs": [provenance],
        "metric_crs": "EPSG:4548",
        "warnings": [
            {
                "code": "W-NET-001",
                "reason": "2 islands",
                "remedy": "join them",
                "file": "roads.gpkg",
            }
            | {"layer": "roads", "row": "", "column": "", "value": "", "count": 2}
        ],
    }


def _served(county, name, before, after):
    return {"county_id": county, "name": name, "served_share_before": before,
            "served_share_after": after}  # fmt: skip


def _siting_figures():
    return {
        "goals": [
            _outcome("proven_optimal", 0.4, 0.4, 0.0) | {"name": "worst_county_share"},
            _outcome("within_gap", 2730.0, 2741.0, 0.004) | {"name": "demand_served"},
            _outcome("feasible_limit", 982000.0, 951733.0, 0.0308) | {"name": "cost"},
            _outcome("proven_optimal", 4100.0, 4100.0, 0.0) | {"name": "early_served"},
        ],
        "budget_cny": 5_000_000,
        "spent_cny": 5_000_000,
        "hydrogen_budget_cny": 60_000_000,
        "hydrogen_spent_cny": 0,
        "n_demand_points": 3,
        **_money_figures(),
        "n_candidates": 3,
        "n_rejected": 1,
        "n_existing": 2,
        "n_planned": 2,
        "n_extended": 1,
        "n_upgraded": 0,
        "by_technology": [
            _by_technology("dc60", "charging", "existing", 2, 8, 110_000),
            _by_technology("dc120", "charging", "planned", 1, 6, 1_040_000),
            _by_technology("swap", "swap", "planned", 1, 1, 3_500_000),
        ],
        "energies": [
            _energy("charging", 4000.0, (0.25, 0.875), (0.175, 0.675)),
            _energy("swap", 40.0, (0.0, 1.0), (0.0, 0.75)),
            _energy("truck_swap", 0.0, (None, None), (None, None)),
            _energy("hydrogen", 0.0, (None, None), (None, None)),
        ],
        "county_shares": [
            _served("360111", "青山湖区", 0.35, 0.55),
            _served("360121", "南昌县", 0.0, 0.796),
        ],
        "worst_county": {
            "county_id": "360121",
            "name": "南昌县",
            "energy": "charging+swap",
            "served_share_before": 0.0,
            "served_share_after": 0.796,
            "capital_cny": 4_540_000,
            "n_stations": 2,
            "annual_cost_cny": 950_000,
            "cost_per_kwh_cny": 0.74364,
            "elsewhere": {"served_share": 0.0, "n_stations": 0, "capital_cny": 0},
            "tied": [_served("360121", "南昌县", 0.0, 0.796)],
            "remedy": [
                _remedy("dc120", "charging", 6, 1_040_000, 2025),
                _remedy("swap", "swap", 1, 3_500_000, 2026),
            ],
        },
        "highways": {
            "n_stretches": 2,
            "n_met": 1,
            "n_short": 1,
            "uncovered_before_m": 20_000.0,
            "uncovered_after_m": 4_000.0,
        },
        "trips": {"n": 2, "per_day": 135.0, "refuelled_before": 0.0, "refuelled_after": 120.0},
        "units": [
            _units("360111", "青山湖区", 12_000.0, 6, 8),
            _units("360121", "南昌县", 20_100.0, 0, 6),
        ],
    }


def toy_scheme():
    """Return a scheme of the kind that the toy case does not have."""
    return {
        "zh": "建设补助",
        "en": "Building grant",
        "technologies": ["dc120"],
        "rate": 0.2,
        "cap_cny": 200_000,
        "valid_from": "2025-01-01",
        "valid_to": "2027-12-31",
        "payer": "city",
        "sentence": "给予20%补助",
        "source": "notice",
        "trust": "illustrative",
    }


def _remedy(technology, energy, units, capital, year):
    row = {"technology": technology, "energy": energy, "action": "build", "n_stations": 1}
    return row | {"n_units": units, "capital_cny": capital, "years": [year]}


def _units(county, name, vehicles, before, after):
    row = {"county_id": county, "name": name, "vehicles": vehicles, "met": False}
    row |= {"units_before": before, "units_after": after}
    row["evs_per_unit_before"] = vehicles / before if before else None
    return row | {"evs_per_unit_after": vehicles / after}


def _money_figures():
    years = ((2025, 1_500_000, 1_390_000), (2026, 5_000_000, 3_500_000), (2027, 5_000_000, 110_000))
    changes = {2025: (1, 0), 2026: (1, 0), 2027: (0, 1)}
    shares = {2025: (0.5, 0.0, 0.4), 2026: (0.675, 0.75, 0.796), 2027: (0.675, 0.75, 0.796)}
    costs = (("charging", 282_000, 730_000.0), ("swap", 700_000, 10_950.0))
    return {
        "by_year": [
            {
                "year": year,
                "budget_cny": budget,
                "spent_cny": spent,
                "hydrogen_budget_cny": 60_000_000,
                "hydrogen_spent_cny": 0,
                "n_built": changes[year][0],
                "n_extended": changes[year][1],
                "n_upgraded": 0,
                "served_share": {
                    "charging": shares[year][0],
                    "swap": shares[year][1],
                    "truck_swap": None,
                    "hydrogen": None,
                },
                "worst_county_share": shares[year][2],
            }
            for year, budget, spent in years
        ],
        "payers": [
            {"payer": "city", "capital_cny": 1_500_000, "opex_cny_per_year": 124_800},
            {"payer": "county", "capital_cny": 3_500_000, "opex_cny_per_year": 291_200},
            {"payer": "enterprise", "capital_cny": 0, "opex_cny_per_year": 0},
        ],
        "unit_costs": [
            {"energy": energy, "annual_cost_cny": cost, "served_per_year": served}
            | {"cost_per_unit_cny": round(cost / served, 6)}
            for energy, cost, served in costs
        ]
        + [
            {"energy": energy, "annual_cost_cny": 0, "served_per_year": 0.0}
            | {"cost_per_unit_cny": None}
            for energy in ("truck_swap", "hydrogen")
        ],
        "annual_cost_cny": 982_000,
        "upgrades_annual_cny": 32_000,
        "grants_cny": 0,
    }


def _outcome(termination, objective, bound, gap):
    return {"termination": termination, "objective": objective, "bound": bound, "gap": gap}


def _by_technology(*values):
    keys = ("technology", "energy", "status", "n_stations", "n_units", "capital_cny")
    return dict(zip(keys, values, strict=True))


def _energy(energy, demand, covered, served):
    shares = {f"covered_share_{p}": s for p, s in zip(("before", "after"), covered, strict=True)}
    shares |= {f"served_share_{p}": s for p, s in zip(("before", "after"), served, strict=True)}
    return {"energy": energy, "demand_per_day": demand} | shares


def _test_road_figures(frames):
    roads = frames["test_roads"]
    rows = roads.assign(km=roads["counted_m"] / 1000)
    total = {year: float(rows[rows["stage_year"] <= year]["km"].sum()) for year in YEARS}
    targets = {2025: 10.0, 2026: 20.0, 2027: 30.0}
    return {
        "outcome": _outcome("feasible_limit", 27.0, 30.0, 0.1),
        "network": _network_figures(),
        "counting_basis": "centreline_km",
        "opened_before_km": 3.000125,
        "stages": [
            {"year": year, "target_km": targets[year], "opened_km": round(total[year], 6)}
            | {"met": total[year] >= targets[year]}
            for year in YEARS
        ],
        **ledger.totals(roads),
        "n_rsus": 3,
        "rsu_cost_cny": 360_000,
        "equipment_cost_cny": 360_000,
        "materials": [ITEM],
        "n_rejected_segments": 1,
        "n_refused_segments": 0,
        "ledger": _rows(frames["ledger"]),
        "by_year": ledger.by_year(frames["ledger"]),
        "by_county": ledger.by_name(roads, "county_id", frames["counties"]),
        "by_jurisdiction": ledger.by_name(roads, "jurisdiction_id", frames["jurisdictions"]),
        "by_class": ledger.by_column(roads, "road_class"),
        "by_grade": ledger.by_column(roads, "complexity_grade"),
        "mandated": [
            {
                "zone_id": "z1",
                "name": "小蓝集群",
                "reached": True,
                "distance_m": 950.0,
                "reason": "",
            }
        ],
    }


def _network_figures():
    capped = {"year": 2025, "most_grade": 3, "n_above": 2, "n_alone": 1, "km_above": 4.5}
    return {
        "cycle_km": 9.0,
        "cycle_share": 0.333333,
        "least_cycle_share": 0.4,
        "cycles_met": False,
        "short_spur_km": 0.75,
        "spur_loss": 0.5,
        "base_worth": 26.0,
        "variety_worth": 1.5,
        "scenes": [
            {"scene": "primary, bridge", "km": 18.015, "worth": 1.25},
            {"scene": "secondary", "km": 9.0, "worth": 0.25},
        ],
        "steps": [
            capped | {"km_alone": 0.5, "let_go": "grade", "kept_km": 8.25, "target_km": 12.0},
            {"year": 2027, "most_grade": None, "n_above": 0, "n_alone": 0}
            | {"km_above": 0.0, "km_alone": 0.0, "let_go": "", "kept_km": 27.0, "target_km": 27.0},
        ],
    }


def _rule_figures():
    return [
        {
            "rule_id": "township_charging",
            "zh": "乡乡有充电",
            "en": "Every township has a station",
            "status": "short",
            "detail_zh": "4 个乡镇街道:达标 2",
            "detail_en": "of 4 townships 2 met",
        },
        {
            "rule_id": "county_gaps",
            "zh": "县域补短板",
            "en": "County gaps are filled",
            "status": "reported",
            "detail_zh": "缺口最大:南昌县",
            "detail_en": "largest gap: Nanchang County",
        },
    ]
