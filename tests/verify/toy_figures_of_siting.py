"""What plan.json of the toy city says of the siting, worked out from its layers."""

import math

from toy_city import ENERGIES
from toy_fleets import YEARS, wait_min
from toy_milestones import missing

WEIGHT = {"charging": 1.0, "swap": 40.0, "truck_swap": 280.0, "hydrogen": 0.0}
GOALS = (
    "township_shortfall", "highway_shortfall_m", "milestone_shortfall", "worst_county_share",
    "trips_refuelled", "demand_served", "cost", "early_milestone_shortfall", "early_served",
)  # fmt: skip


def sums(layers, phase, energies, county=None):
    """Return demand, covered and served in kWh equivalents (one energy: in its own unit)."""
    gaps = layers["county_gaps"]
    mine = gaps[(gaps["phase"] == phase) & gaps["energy"].isin(energies)]
    mine = mine if county is None else mine[mine["county_id"] == county]
    weight = mine["energy"].map(WEIGHT) if len(energies) > 1 else 1.0
    demand = (mine["demand_per_day"] * weight).sum()
    covered = demand - (mine["coverage_gap_per_day"] * weight).sum()
    return demand, covered, covered - (mine["capacity_gap_per_day"] * weight).sum()


def share(part, demand):
    return round(part / demand, 6) if demand else None


def energy_row(layers, energy):
    row = {"energy": energy}
    for phase in ("before", "after"):
        demand, covered, done = sums(layers, phase, [energy])
        row["demand_per_day"] = round(demand, 6)
        row[f"covered_share_{phase}"] = share(covered, demand)
        row[f"served_share_{phase}"] = share(done, demand)
    return row


def county_share(layers, county, phase):
    demand, _, done = sums(layers, phase, ENERGIES[:3], county)
    return share(done, demand)


def touched(layers):
    stations = layers["stations"]
    return stations[stations["action"] != "keep"]


def worst_county(layers):
    counties = layers["counties"].set_index("county_id")["name"]
    worst = min(counties.index, key=lambda county: county_share(layers, county, "before"))
    mine = touched(layers)
    mine = mine[(mine["county_id"] == worst) & (mine["energy"] != "hydrogen")]
    kwh = (mine["served_per_day"] * mine["energy"].map(WEIGHT)).sum() * 365
    before = mine["n_units_before"].where(mine["action"] == "extend", 0)
    remedy = [
        {"technology": row.technology, "energy": row.energy, "action": row.action, "n_stations": 1,
         "n_units": row.n_units - old, "capital_cny": row.capital_cny, "years": [row.first_year]}
        for row, old in zip(mine.itertuples(), before, strict=True)
    ]  # fmt: skip
    return {
        "county_id": worst, "name": counties[worst], "energy": "charging+swap",
        "served_share_before": county_share(layers, worst, "before"),
        "served_share_after": county_share(layers, worst, "after"),
        "capital_cny": int(mine["capital_cny"].sum()), "n_stations": len(mine),
        "annual_cost_cny": int(mine["annual_cost_cny"].sum()),
        "cost_per_kwh_cny": round(mine["annual_cost_cny"].sum() / kwh, 6), "remedy": remedy,
        "elsewhere": elsewhere(layers, worst),
        "tied": [row for row in county_shares(layers) if row["county_id"] == worst],
    }  # fmt: skip


def county_shares(layers):
    counties = layers["counties"].sort_values("county_id")
    return [
        {"county_id": row.county_id, "name": row.name,
         **{f"served_share_{phase}": county_share(layers, row.county_id, phase)
            for phase in ("before", "after")}}
        for row in counties.itertuples()
    ]  # fmt: skip


def upgrades_annual(layers):
    share = 0.06 / (1 - 1.06**-30)
    return sum(round(int(cost) * share) for cost in layers["supply_upgrades"]["cost_cny"])


def elsewhere(layers, worst):
    """Return what stations of the other county serve of the worst one."""
    stations, given = layers["stations"].set_index("station_id"), layers["assignments"]
    home = layers["demand_points"].set_index("demand_id")["county_id"]
    given = given[(given["phase"] == "after") & (given["demand_id"].map(home) == worst)]
    kwh = given["served_per_day"] * given["energy"].map(WEIGHT)
    far = (given["station_id"].map(stations["county_id"]) != worst) & (kwh > 0)
    helping = stations.loc[sorted(set(given[far]["station_id"]))]
    helping = helping[helping["action"] != "keep"]
    return {
        "served_share": round(kwh[far].sum() / kwh.sum(), 6), "n_stations": len(helping),
        "capital_cny": int(helping["capital_cny"].sum()),
    }  # fmt: skip


def by_year(layers, settings):
    rows, had, had_hydrogen = [], 0, 0
    years = layers["station_years"]
    owner = layers["stations"].set_index("station_id")["owner"]
    stations = layers["stations"].set_index("station_id")
    for year in YEARS:
        had += settings["siting"]["budget_cny_by_year"][str(year)]
        had_hydrogen += settings["siting"]["hydrogen_budget_cny_by_year"][str(year)]
        mine = years[(years["year"] == year) & (years["spent_cny"] > 0)]
        payer = mine["station_id"].map(owner)
        upgrades = layers["supply_upgrades"]
        ordered = upgrades[upgrades["ordered_year"] == year]["cost_cny"].sum()
        kinds = [
            "built" if stations["first_year"][key] == year and stations["action"][key] == "build"
            else "upgraded" if stations["action"][key] == "upgrade" else "extended"
            for key in mine["station_id"]
        ]  # fmt: skip
        phase = "after" if year == YEARS[-1] else str(year)
        worst = min(county_share(layers, c, phase) for c in layers["counties"]["county_id"])
        served = {e: share(sums(layers, phase, [e])[2], sums(layers, phase, [e])[0])
                  for e in ENERGIES}  # fmt: skip
        rows.append(
            {"year": year, "budget_cny": had, "hydrogen_budget_cny": had_hydrogen,
             "spent_cny": int(mine[payer == "public"]["spent_cny"].sum() + ordered),
             "hydrogen_spent_cny": int(mine[payer == "enterprise"]["spent_cny"].sum()),
             **{f"n_{kind}": kinds.count(kind) for kind in ("built", "extended", "upgraded")},
             "served_share": served, "worst_county_share": worst}
        )  # fmt: skip
    return rows


def payers(layers):
    stations, cost = layers["stations"], int(layers["supply_upgrades"]["cost_cny"].sum())
    public = stations[stations["owner"] == "public"]
    capital, opex = int(public["capital_cny"].sum()) + cost, int(public["opex_cny_per_year"].sum())
    private = stations[stations["owner"] == "enterprise"]
    city, city_opex = capital * 3 // 10, opex * 3 // 10
    rows = [
        ("city", city, city_opex), ("county", capital - city, opex - city_opex),
        ("enterprise", int(private["capital_cny"].sum()), int(private["opex_cny_per_year"].sum())),
    ]  # fmt: skip
    return [dict(zip(("payer", "capital_cny", "opex_cny_per_year"), row, strict=True))
            for row in rows]  # fmt: skip


def unit_costs(layers):
    rows = []
    for energy in ENERGIES:
        mine = touched(layers)
        mine = mine[mine["energy"] == energy]
        cost, served = int(mine["annual_cost_cny"].sum()), mine["served_per_day"].sum() * 365
        rows.append(
            {"energy": energy, "annual_cost_cny": cost, "served_per_year": round(served, 6),
             "cost_per_unit_cny": round(cost / served, 6) if served else None}
        )  # fmt: skip
    return rows


def units(layers):
    fleets, rows = layers["fleet_demand"], []
    fleets = fleets[(fleets["year"] == YEARS[-1]) & (fleets["energy"] != "hydrogen")]
    charging = layers["stations"][layers["stations"]["energy"] == "charging"]
    for county in layers["counties"].itertuples():
        mine = charging[charging["county_id"] == county.county_id]
        electric = fleets[fleets["county_id"] == county.county_id]["vehicles"].sum()
        before, after = int(mine["n_units_before"].sum()), int(mine["n_units"].sum())
        rows.append(
            {"county_id": county.county_id, "name": county.name, "vehicles": round(electric, 6),
             "units_before": before, "units_after": after,
             "evs_per_unit_before": round(electric / before, 6) if before else None,
             "evs_per_unit_after": round(electric / after, 6) if after else None,
             "met": bool(after * 250.0 >= electric)}
        )  # fmt: skip
    return rows


def goals(layers):
    stations, trips = layers["stations"], layers["trip_access"]
    kwh = layers["assignments"]["served_per_day"] * layers["assignments"]["energy"].map(
        WEIGHT | {"hydrogen": 33.33}
    )
    phase = layers["assignments"]["phase"]
    upgrade = 300000 * 0.06 / (1 - 1.06**-30)
    asked = trips[trips["length_m"] * 2 > trips["range_m"]]
    reached = {
        "township_shortfall": 0.0,
        "highway_shortfall_m": layers["highway_access"]["uncovered_after_m"].sum(),
        "milestone_shortfall": missing(layers["milestones"], YEARS[-1:]),
        "early_milestone_shortfall": missing(layers["milestones"], YEARS[:-1]),
        "worst_county_share": min(
            county_share(layers, c, "after") for c in layers["counties"]["county_id"]
        ),
        "trips_refuelled": asked[asked["refuelled_after"]]["trips_per_day"].sum(),
        "demand_served": kwh[phase == "after"].sum(),
        "cost": stations["annual_cost_cny"].sum() + upgrade,
        "early_served": kwh[phase.isin(["2025", "2026"])].sum(),
    }
    rows = []
    for name in GOALS:
        value = round(float(reached[name]), 6)
        large = not name.endswith(("shortfall", "shortfall_m")) and name != "cost"
        bound = value * (1.004 if large else 0.996)
        rows.append({"name": name, "termination": "within_gap", "objective": value,
                     "bound": bound, "gap": 0.004 if value else 0.0})  # fmt: skip
    return rows


def checks(layers):
    stations = layers["stations"]
    waits = [
        round(wait_min(row.technology, row.n_units, row.served_per_day), 6)
        for row in stations.itertuples()
    ]
    return {
        "waiting": {"n_stations": len(stations), "n_over": 0, "longest_min": max(waits),
                    "limit_min": 3.0},
        "parking": {"n_stations": 4, "n_known": 0, "n_within": 0},
        "hydrogen_setback": {"n_planned": 1, "n_zones": 1, "n_near": 0},
        "reviews": {"n_locks": 3, "n_bans": 1, "n_kept": 4},
    }  # fmt: skip


def siting_figures(layers, settings):
    stations, sites = layers["stations"], layers["candidate_sites"]
    groups = stations.groupby(["technology", "energy", "status"])
    ways, trips = layers["highway_access"], layers["trip_access"]
    years = by_year(layers, settings)
    assert math.isfinite(sum(row["spent_cny"] for row in years))
    return {
        "goals": goals(layers),
        "budget_cny": years[-1]["budget_cny"],
        "spent_cny": sum(row["spent_cny"] for row in years),
        "hydrogen_budget_cny": years[-1]["hydrogen_budget_cny"],
        "hydrogen_spent_cny": sum(row["hydrogen_spent_cny"] for row in years),
        "by_year": years, "payers": payers(layers), "unit_costs": unit_costs(layers),
        "annual_cost_cny": int(stations["annual_cost_cny"].sum()) + upgrades_annual(layers),
        "upgrades_annual_cny": upgrades_annual(layers),
        "grants_cny": int(stations["grant_cny"].sum()),
        "n_demand_points": len(layers["demand_points"]),
        "n_candidates": int((sites["status"] == "accepted").sum()),
        "n_rejected": int((sites["status"] == "rejected").sum()),
        "n_existing": 3, "n_planned": 4, "n_extended": 1, "n_upgraded": 1,
        "by_technology": [
            {"technology": t, "energy": e, "status": s, "n_stations": len(g),
             "n_units": int(g["n_units"].sum()), "capital_cny": int(g["capital_cny"].sum())}
            for (t, e, s), g in groups
        ],
        "energies": [energy_row(layers, energy) for energy in ENERGIES],
        "worst_county": worst_county(layers), "county_shares": county_shares(layers),
        "highways": {"n_stretches": 2, "n_met": 2, "n_short": 0,
                     **{f"uncovered_{p}_m": round(float(ways[f"uncovered_{p}_m"].sum()), 6)
                        for p in ("before", "after")}},
        "trips": {"n": len(trips), "per_day": float(trips["trips_per_day"].sum()),
                  **{f"refuelled_{p}": float(trips[trips[f"refuelled_{p}"]]["trips_per_day"].sum())
                     for p in ("before", "after")}},
        "units": units(layers), "checks": checks(layers),
    }  # fmt: skip
