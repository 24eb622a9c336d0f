"""Writes the toy city as a plan folder, with figures and documents worked out here."""

import base64
import hashlib
import json

import geopandas as gpd
import pandas as pd
import pyogrio
import toy_city
import toy_equipment
import toy_fleets
import toy_ledger
import toy_marks
import toy_milestones
import toy_network
import toy_scores
import toy_siting
import toy_ways
import toy_wishes
import xlsxwriter
from toy_figures_of_siting import siting_figures
from toy_fleets import FLEETS, SCHEMES, technologies
from toy_layers import toy_layers
from xlsxwriter.utility import xl_col_to_name

from planner import layers as dictionary
from planner.outputs.gis_layers import GIS_LAYERS, gis_frames

TARGETS = {"2025": 2.9, "2026": 5.0, "2027": 6.45}
RULES = {
    "township_charging": ("soft", "short"), "county_gaps": ("soft", "reported"),
    "highway_charging": ("soft", "met"), "units_to_vehicles": ("reported", "reported"),
    "parking_share": ("hard", "cannot_be_checked"), "waiting": ("hard", "met"),
    "hydrogen_encouraged": ("reported", "reported"), "hydrogen_setback": ("hard", "met"),
    "reviewed_sites": ("hard", "reported"), "no_station_subsidy": ("reported", "reported"),
    "test_roads_target": ("soft", "met"), "safety_first": ("hard", "met"),
    "subsidy": ("hard", "met"), "fleet_charging": ("reported", "reported"),
}  # fmt: skip
OWN_RULES = {"milestones": ("soft", "short"), "road_limits": ("soft", "short")}
SETTINGS = {
    "run": {"time_limit_s": 120.0, "mip_gap": 0.005, "seed": 1, "threads": 1},
    "demand": {
        "growth": 1.0, "rural_growth": toy_fleets.RURAL_GROWTH,
        "holiday_peak_factor": toy_ways.HOLIDAY, "h3_resolution": 7,
        "urban_junctions_per_km2": toy_city.URBAN_JUNCTIONS_PER_KM2,
    },
    "service_radius": toy_siting.RADII,
    "candidates": {"min_separation_m": 800.0, "max_snap_m": 3000.0, "max_power_kw": 1300.0},
    "siting": {
        "budget_cny_by_year": {"2025": 4660000, "2026": 970000, "2027": 450000},
        "hydrogen_budget_cny_by_year": {"2025": 4000000, "2026": 10000000, "2027": 0},
        "target_year": 2027, "gap_tolerance": 0.005, "swap_kwh": 40.0, "truck_swap_kwh": 280.0,
        "max_wait_min": toy_fleets.MAX_WAIT_MIN, "max_wait_chance": toy_fleets.MAX_CHANCE,
        "managed_charging_factor": toy_fleets.MANAGED, "discount_rate": 0.06, "city_share": 0.3,
    },
    "test_roads": {
        "counting_basis": "centreline_km", "target_km_by_year": TARGETS,
        "over_target_share": 0.02, "over_target_km": 0.0,
        "max_speed_kph": 80.0, "mandated_reach_m": 300.0, **toy_scores.LIMITS,
        **toy_network.SETTINGS, **toy_wishes.SETTINGS,
        **toy_equipment.SETTINGS,
    },
    "subsidy": {
        "rate": 0.5, "cap_cny": 200000, "valid_from": "2025-08-16", "valid_to": "2027-12-31",
        "third_party_cny_per_year": 2000000, "cap_basis": "total", "city_share": 0.3,
        "enterprise_share": 0.1,
    },
    "rules": {
        "township_radius_m": 2000.0, "hydrogen_setback_m": 50.0, "highway_gap_m": toy_ways.GAP_M,
        "highway_reach_m": toy_ways.REACH_M, "highway_min_kw": toy_ways.LEAST_KW,
        "evs_per_unit": 250.0, "parking_share": 0.1,
    },
}  # fmt: skip


def plain(frame, **more):
    table = pd.DataFrame(frame).assign(**more)
    return [
        {key: None if pd.isna(value) else value for key, value in row.items()}
        for row in json.loads(table.to_json(orient="records", double_precision=15))
    ]


def road_figures(layers):
    roads, units = layers["test_roads"], layers["rsus"]
    stages = []
    for year, target in TARGETS.items():
        km = round(roads[roads["stage_year"] <= int(year)]["counted_m"].sum() / 1000, 6)
        stages.append(
            {"year": int(year), "target_km": target, "opened_km": km, "met": bool(km >= target)}
        )
    far = toy_city.metres(toy_city.at(0, 0), toy_city.at(0, 2))
    worth = toy_network.worth(roads, layers["segment_terms"])
    return {
        "outcome": {
            "termination": "proven_optimal", "objective": worth, "bound": worth, "gap": 0.0
        },
        "network": toy_network.figures(roads, layers["segment_terms"]),
        "fleet_wishes": toy_wishes.figures(layers["fleet_wishes"]),
        "counting_basis": "centreline_km",
        "opened_before_km": round(roads[roads["opened_before"]]["counted_m"].sum() / 1000, 6),
        "stages": stages, **toy_ledger.totals(roads),
        "n_rsus": len(units), "rsu_cost_cny": int(units["cost_cny"].sum()),
        "equipment_cost_cny": int(layers["materials"]["cost_cny"].sum()),
        "materials": toy_equipment.material_figures(layers["materials"]),
        "n_rejected_segments": len(layers["rejected_segments"]),
        "n_refused_segments": int(
            (layers["rejected_segments"]["reason"] == "refused in review").sum()
        ),
        "ledger": plain(layers["ledger"]), "by_year": toy_ledger.ends(layers["ledger"]),
        "by_county": toy_ledger.named_cut(roads, "county_id", layers["counties"]),
        "by_jurisdiction": toy_ledger.named_cut(roads, "jurisdiction_id", layers["jurisdictions"]),
        "by_class": toy_ledger.cut(roads, "road_class"),
        "by_grade": toy_ledger.cut(roads, "complexity_grade"),
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
    assumptions = []
    for section, rows in settings.items():
        for key, value in rows.items():
            years = value if isinstance(value, dict) else {"": value}
            stem = key.removesuffix("_by_year")
            assumptions += [
                {"key": f"{section}.{stem}" + (f"_{year}" if year else ""), "value": each,
                 "unit": "1", "source": "made", "trust": "U"}
                for year, each in years.items()
            ]  # fmt: skip
    names = [(key, layers[{"county_id": "counties", "township_id": "townships"}[key]])
             for key in ("county_id", "township_id")]  # fmt: skip
    titles = {key: frame.set_index(key)["name"] for key, frame in names}
    rules = [
        {"rule_id": rule, "zh": rule, "en": rule, "detail_zh": "", "detail_en": "",
         "status": status}
        for rule, (_, status) in (RULES | OWN_RULES).items()
    ]  # fmt: skip
    dates = {"valid_from": "2025-08-16", "valid_to": "2027-12-31"}
    content = {
        "format": "planner-plan-1", "planner_version": "0.1.0",
        "case": {"case_id": "toy", "title_zh": "玩具", "title_en": "Toy",
                 "synthetic_layers": ["roads"], "replace_roads_hint": "",
                 "map_approval_number": "", "variant": ""},
        "settings": settings | toy_scores.TABLES,
        "technologies": technologies(), "fleets": trusted(FLEETS),
        "schemes": trusted(SCHEMES), "milestones": toy_milestones.asked(),
        "road_limits": toy_network.asked(),
        "equipment": toy_equipment.catalogue(),
        "assumptions": assumptions,
        "policy_rules": trusted(
            {rule: dates | {"kind": kind} for rule, (kind, _) in RULES.items()}
        ),
        "inputs": inputs_of(layers), "metric_crs": "EPSG:4548", "warnings": [],
        "siting": siting_figures(layers, SETTINGS),
        "gaps": {
            what: plain(layers[f"{what}_gaps"], name=layers[f"{what}_gaps"][key].map(titles[key]))
            for what, key in (("county", "county_id"), ("township", "township_id"))
        },
        "townships": {"n": len(access)} | {f"n_{s}": int(counts.get(s, 0)) for s in states},
        "test_roads": road_figures(layers),
        "subsidy": toy_equipment.subsidy_figures(layers, plain(subsidies)),
        "rules": rules, "verdict": "short",
    }  # fmt: skip
    return content | {"reviews": toy_marks.figures(layers, content)}


def trusted(table):
    return {name: row | {"source": "made", "trust": "U"} for name, row in table.items()}


def inputs_of(layers):
    used = {
        name: len(layers[name])
        for name in
        ("counties", "townships", "jurisdictions", "zones", "road_features", "supply_nodes",
         "opened_roads", "reviews", "trips", "fleet_stock")
    }  # fmt: skip
    used |= {"roads": 64, "existing_stations": 3}
    used["reviews"] -= len(toy_marks.site_rows())
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
    return rows + toy_marks.inputs()


def write_geopackage(layers, figures, path):
    layers = layers | gis_frames(layers, figures)
    for layer in (*dictionary.PLAN_LAYERS, *GIS_LAYERS):
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
            dictionary.HIGHWAY_ACCESS, dictionary.TRIP_ACCESS, dictionary.SUPPLY_UPGRADES,
            dictionary.MILESTONES, dictionary.ROAD_LIMITS, dictionary.REVIEW_LOG,
        ):  # fmt: skip
            page = book.add_worksheet(layer.name)
            for column, item in enumerate(layer.columns):
                unit = f" ({item.unit})" if item.unit else ""
                page.write_string(0, column, item.zh + unit)
                page.write_string(1, column, item.en + unit)
                for row, value in enumerate(layers[layer.name][item.name]):
                    if layer is dictionary.TEST_ROADS and item.name in {"length_m", "counted_m"}:
                        page.write(row + 2, column, value / 1000)
                    elif not pd.isna(value):
                        page.write(row + 2, column, value)
            if layer is dictionary.STATIONS:
                total, last = int(layers["stations"]["n_units"].sum()), len(layers["stations"]) + 2
                column = layer.column_names().index("n_units")
                page.write_string(last, 0, "合计 Total")
                letter, total_row = xl_col_to_name(column), last + 1
                page.write_formula(
                    last, column, f"=SUM({letter}3:{letter}{total_row - 1})", value=total
                )


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
        f"<p>{figures['siting']['n_planned']} stations, CNY 6.1 million</p>"
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
    write_geopackage(layers, figures, folder / "plan.gpkg")
    write_documents(layers, figures, folder)
    return folder
