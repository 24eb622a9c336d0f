"""Writes the toy city as a plan folder, with figures and documents worked out here."""

import base64
import hashlib
import json

import geopandas as gpd
import pandas as pd
import pyogrio
import toy_city
import xlsxwriter
from toy_city import ENERGIES, TECHNOLOGIES, toy_layers

from planner import layers as dictionary

TARGETS = {"2025": 2.9, "2026": 5.0, "2027": 6.45}
RULES = (
    "township_charging", "county_gaps", "hydrogen_encouraged", "test_roads_target",
    "safety_first", "subsidy",
)  # fmt: skip
SETTINGS = {
    "run": {"time_limit_s": 120.0, "mip_gap": 0.005, "seed": 1, "threads": 1},
    "demand": {
        "vehicles_per_1000": 260.0, "ev_share": 0.15, "kwh_per_ev_day": 7.0, "public_share": 0.35,
        "swaps_per_1000_ev_day": 6.0, "hydrogen_kg_per_day_per_100k": 12.0, "h3_resolution": 7,
        "urban_junctions_per_km2": toy_city.URBAN_JUNCTIONS_PER_KM2,
    },
    "service_radius": toy_city.RADII,
    "candidates": {"min_separation_m": 800.0, "max_snap_m": 3000.0, "max_power_kw": 1300.0},
    "siting": {
        "budget_cny": 5310000, "hydrogen_budget_cny": 14000000, "target_year": 2027,
        "gap_tolerance": 0.005, "swap_kwh": 40.0,
    },
    "test_roads": {
        "counting_basis": "centreline_km", "target_km_by_year": TARGETS,
        "over_target_share": 0.02, "over_target_km": 0.0,
        "max_speed_kph": 80.0, "mandated_reach_m": 300.0, "rsu_spacing_m": 500.0,
        "rsu_cost_cny": toy_city.RSU_COST, "equipment_budget_cny": 1000000,
    },
    "subsidy": {
        "rate": 0.5, "cap_cny": 200000, "valid_from": "2025-08-16", "valid_to": "2027-12-31",
        "third_party_cny_per_year": 2000000,
    },
    "rules": {"township_radius_m": 2000.0, "hydrogen_setback_m": 50.0},
}  # fmt: skip


def technologies():
    keys = ("energy", "capacity_per_day", "power_kw", "unit_cost_cny", "fixed_cost_cny",
            "min_units", "max_units", "owner")  # fmt: skip
    return {name: dict(zip(keys, row, strict=True)) for name, row in TECHNOLOGIES.items()}


def plain(frame, **more):
    table = pd.DataFrame(frame).assign(**more)
    return [
        {key: None if pd.isna(value) else value for key, value in row.items()}
        for row in json.loads(table.to_json(orient="records", double_precision=15))
    ]


def cut(roads, keys):
    rows = []
    for key, group in roads.groupby(keys):
        row = dict(zip(keys, key, strict=True))
        row |= {
            "opened_km": round(group["counted_m"].sum() / 1000, 6),
            "equipped_km": round(group[group["equipped"]]["counted_m"].sum() / 1000, 6),
        }
        rows.append({name: getattr(v, "item", lambda v=v: v)() for name, v in row.items()})
    return rows


def named_cut(roads, key, owners):
    found = {row[key]: row for row in cut(roads, [key])}
    empty = {"opened_km": 0.0, "equipped_km": 0.0}
    return [
        {key: owner, "name": name} | {k: found.get(owner, empty)[k] for k in empty}
        for owner, name in zip(owners[key], owners["name"], strict=True)
    ]


def shares(layers, energy):
    gaps = layers["county_gaps"]
    row = {"energy": energy}
    for phase in ("before", "after"):
        mine = gaps[(gaps["energy"] == energy) & (gaps["phase"] == phase)]
        demand = mine["demand_per_day"].sum()
        reached = demand - mine["coverage_gap_per_day"].sum()
        row["demand_per_day"] = round(demand, 6)
        row[f"covered_share_{phase}"] = round(reached / demand, 6)
        row[f"served_share_{phase}"] = round(
            (reached - mine["capacity_gap_per_day"].sum()) / demand, 6
        )
    return row


def worst_county(layers):
    weight = {"charging": 1.0, "swap": 40.0, "hydrogen": 0.0}
    gaps = layers["county_gaps"].copy()
    gaps["demand"] = gaps["demand_per_day"] * gaps["energy"].map(weight)
    lost = gaps["coverage_gap_per_day"] + gaps["capacity_gap_per_day"]
    gaps["done"] = gaps["demand"] - lost * gaps["energy"].map(weight)
    sums = gaps.groupby(["phase", "county_id"])[["demand", "done"]].sum()
    share = (sums["done"] / sums["demand"]).round(6)
    worst = share.loc["before"].idxmin()
    names = layers["counties"].set_index("county_id")["name"]
    return {
        "county_id": worst, "name": names[worst], "energy": "charging+swap",
        "served_share_before": float(share.loc["before", worst]),
        "served_share_after": float(share.loc["after", worst]),
    }  # fmt: skip


def siting_figures(layers):
    stations, sites = layers["stations"], layers["candidate_sites"]
    outcome = {"termination": "within_gap", "objective": 100.0, "bound": 100.4, "gap": 0.004}
    groups = stations.groupby(["technology", "energy", "status"])
    return {
        "goals": [{"name": "coverage"} | outcome],
        "budget_cny": 5310000, "spent_cny": 5310000,
        "hydrogen_budget_cny": 14000000, "hydrogen_spent_cny": 14000000,
        "n_demand_points": len(layers["demand_points"]),
        "n_candidates": int((sites["status"] == "accepted").sum()),
        "n_rejected": int((sites["status"] == "rejected").sum()),
        "n_existing": int((stations["status"] == "existing").sum()),
        "n_planned": int((stations["status"] == "planned").sum()),
        "by_technology": [
            {"technology": t, "energy": e, "status": s, "n_stations": len(g),
             "n_units": int(g["n_units"].sum()), "capital_cny": int(g["capital_cny"].sum())}
            for (t, e, s), g in groups
        ],
        "energies": [shares(layers, energy) for energy in ENERGIES],
        "worst_county": worst_county(layers),
    }  # fmt: skip


def road_figures(layers):
    roads, units = layers["test_roads"], layers["rsus"]
    stages = []
    for year, target in TARGETS.items():
        km = round(roads[roads["stage_year"] <= int(year)]["counted_m"].sum() / 1000, 6)
        stages.append(
            {"year": int(year), "target_km": target, "opened_km": km, "met": bool(km >= target)}
        )
    renamed = roads.rename(columns={"stage_year": "year"})
    far = toy_city.metres(toy_city.at(0, 0), toy_city.at(0, 2))
    return {
        "outcome": {"termination": "proven_optimal", "objective": 10.5, "bound": 10.5, "gap": 0.0},
        "counting_basis": "centreline_km",
        "opened_before_km": round(roads[roads["opened_before"]]["counted_m"].sum() / 1000, 6),
        "stages": stages, "opened_km": stages[-1]["opened_km"],
        "equipped_km": round(roads[roads["equipped"]]["counted_m"].sum() / 1000, 6),
        "n_rsus": len(units), "rsu_cost_cny": int(units["cost_cny"].sum()),
        "n_rejected_segments": len(layers["rejected_segments"]),
        "ledger": cut(renamed, ["year", "county_id", "jurisdiction_id", "road_class"]),
        "by_county": named_cut(roads, "county_id", layers["counties"]),
        "by_jurisdiction": named_cut(roads, "jurisdiction_id", layers["jurisdictions"]),
        "by_class": cut(roads, ["road_class"]), "by_grade": cut(roads, ["complexity_grade"]),
        "mandated": [
            {"zone_id": "z1", "name": "东产业集群", "reached": True,
             "distance_m": round(toy_city.metres(toy_city.at(4, 2.05), toy_city.at(4, 2)), 3),
             "reason": None},
            {"zone_id": "z4", "name": "远集群", "reached": False, "distance_m": round(far, 3),
             "reason": "too far for the targets"},
        ],
    }  # fmt: skip


def figures_of(layers):
    """Return the content of plan.json for the toy layers."""
    access, subsidies = layers["township_access"], layers["subsidies"]
    counts = access["status"].value_counts()
    states = ("met", "short", "cannot_be_checked")
    settings = json.loads(json.dumps(SETTINGS))
    assumptions = [
        {"key": f"{section}.{key}", "value": value, "unit": "1", "source": "made", "trust": "U"}
        for section, rows in settings.items()
        for key, value in rows.items()
        if key != "target_km_by_year"
    ]
    assumptions += [
        {"key": f"test_roads.target_km_{year}", "value": km, "unit": "km", "source": "made",
         "trust": "U"}
        for year, km in TARGETS.items()
    ]  # fmt: skip
    names = [(key, layers[{"county_id": "counties", "township_id": "townships"}[key]])
             for key in ("county_id", "township_id")]  # fmt: skip
    titles = {key: frame.set_index(key)["name"] for key, frame in names}
    rules = [
        {"rule_id": rule, "zh": rule, "en": rule, "detail_zh": "", "detail_en": "",
         "status": {"township_charging": "short", "county_gaps": "reported",
                    "hydrogen_encouraged": "reported"}.get(rule, "met")}
        for rule in RULES
    ]  # fmt: skip
    dates = {"valid_from": "2025-08-16", "valid_to": "2027-12-31"}
    return {
        "format": "planner-plan-1", "planner_version": "0.1.0",
        "case": {"case_id": "toy", "title_zh": "玩具", "title_en": "Toy",
                 "synthetic_layers": ["roads"], "replace_roads_hint": "",
                 "map_approval_number": ""},
        "settings": settings, "technologies": technologies(),
        "policy_rules": dict.fromkeys(RULES, dates), "assumptions": assumptions,
        "inputs": inputs_of(layers), "metric_crs": "EPSG:4548", "warnings": [],
        "siting": siting_figures(layers),
        "gaps": {
            what: plain(layers[f"{what}_gaps"], name=layers[f"{what}_gaps"][key].map(titles[key]))
            for what, key in (("county", "county_id"), ("township", "township_id"))
        },
        "townships": {"n": len(access)} | {f"n_{s}": int(counts.get(s, 0)) for s in states},
        "test_roads": road_figures(layers),
        "subsidy": {
            "rows": plain(subsidies),
            **{k: int(subsidies[k].sum()) for k in ("eligible_cny", "subsidy_cny", "own_cny")},
            "third_party_cny": 6000000, "third_party_years": [2025, 2026, 2027],
        },
        "rules": rules, "verdict": "short",
    }  # fmt: skip


def inputs_of(layers):
    used = {
        name: len(layers[name])
        for name in
        ("counties", "townships", "jurisdictions", "zones", "supply_nodes", "opened_roads")
    }  # fmt: skip
    used |= {"roads": 50, "existing_stations": 2}
    rows = []
    for name, count in used.items():
        lost = 1 if name == "townships" else 0
        rows.append(
            {"layer": name, "file": f"{name}.geojson",
             "sha256": hashlib.sha256(name.encode()).hexdigest(), "source": "made",
             "licence": "CC0-1.0", "date": "2026-01-01", "datum": "wgs84", "crs": "EPSG:4326",
             "synthetic": name == "roads", "trust": "illustrative", "rows_in": count + lost,
             "rows_used": count, "rows_repaired": 0, "rows_rejected": lost, "notes": []}
        )  # fmt: skip
    return rows


def write_geopackage(layers, path):
    for layer in dictionary.PLAN_LAYERS:
        frame = layers[layer.name][[c.name for c in layer.columns if c.name in layers[layer.name]]]
        if layer.geometry != "none":
            shapes = layers[layer.name].geometry
            frame = gpd.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4326")
        text = [c.name for c in layer.columns if c.kind == "text" and c.name in frame]
        frame = frame.astype(dict.fromkeys(text, object))
        pyogrio.write_dataframe(frame, path, layer=layer.name, driver="GPKG", append=path.exists())


def write_lists(layers, path):
    with xlsxwriter.Workbook(str(path)) as book:
        for layer in (
            dictionary.STATIONS, dictionary.TEST_ROADS, dictionary.RSUS, dictionary.TOWNSHIP_ACCESS,
        ):  # fmt: skip
            page = book.add_worksheet(layer.name)
            for column, item in enumerate(layer.columns):
                unit = f" ({item.unit})" if item.unit else ""
                page.write_string(0, column, item.zh + unit)
                page.write_string(1, column, item.en + unit)
                for row, value in enumerate(layers[layer.name][item.name]):
                    if item.unit == "m" and item.name.endswith(("length_m", "counted_m")):
                        page.write(row + 2, column, value / 1000)
                    elif not pd.isna(value):
                        page.write(row + 2, column, value)
            if layer is dictionary.STATIONS:
                total = int(layers["stations"]["n_units"].sum())
                page.write_string(len(layers["stations"]) + 2, 0, "合计 Total")
                page.write_formula(len(layers["stations"]) + 2, 7, "=SUM(H3:H8)", value=total)


def page(body, code):
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    policy = f"default-src 'none'; script-src 'sha256-{digest}'"
    return (
        f'<!DOCTYPE html><html><head><meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<style>p {{ color: red }}</style></head>"
        f"<body>{body}<script>{code}</script></body></html>"
    )


def write_documents(layers, figures, folder):
    (folder / "map.html").write_text(page("<p>map</p>", "start();"), encoding="utf-8")
    roads, towns = figures["test_roads"], figures["townships"]
    body = (
        f"<p>{figures['siting']['n_planned']} stations, CNY 5.3 million</p>"
        f"<p>{roads['opened_km']:,.2f} km opened, {roads['equipped_km']:,.2f} km equipped</p>"
        f"<p>{towns['n_met']} of {towns['n']} townships</p>"
        f"<p>subsidy CNY {figures['subsidy']['subsidy_cny']:,}</p>"
    )
    (folder / "report.html").write_text(page(body, ";"), encoding="utf-8")
    write_lists(layers, folder / "lists.xlsx")
    (folder / "run.json").write_text("{}\n", encoding="utf-8")


def write_toy_plan(folder, layers=None):
    """Write the toy plan, without certificate, and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    layers = layers or toy_layers()
    figures = figures_of(layers)
    (folder / "plan.json").write_text(json.dumps(figures, ensure_ascii=False), encoding="utf-8")
    write_geopackage(layers, folder / "plan.gpkg")
    write_documents(layers, figures, folder)
    return folder
