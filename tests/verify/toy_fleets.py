"""Fleets and technologies of the toy city, with demand and queues worked out from scratch."""

import math

YEARS = (2025, 2026, 2027)
RURAL_GROWTH = 1.1
FLEETS = {
    "private": {
        "vehicles_per_1000": 260.0, "ev_share_by_year": {"2025": 0.09, "2026": 0.12, "2027": 0.15},
        "kwh_per_vehicle_day": 7.0, "public_share": 0.35, "swap_share": 0.01,
        "swaps_per_vehicle_day": 0.6, "swap_energy": "swap",
        "fuel_cell_share_by_year": {"2025": 0.0, "2026": 0.0, "2027": 0.0},
        "kg_per_vehicle_day": 0.0,
    },
    "heavy_truck": {
        "vehicles_per_1000": 3.0, "ev_share_by_year": {"2025": 0.03, "2026": 0.045, "2027": 0.06},
        "kwh_per_vehicle_day": 250.0, "public_share": 0.25, "swap_share": 0.5,
        "swaps_per_vehicle_day": 1.5, "swap_energy": "truck_swap",
        "fuel_cell_share_by_year": {"2025": 0.001, "2026": 0.002, "2027": 0.003},
        "kg_per_vehicle_day": 12.0,
    },
}  # fmt: skip
COUNTED = {("990102", "heavy_truck"): 120.0}
"""Vehicles that were counted in a county: they replace the assumption."""
KEYS = (
    "energy", "capacity_per_day", "session", "service_min", "peak_hour_share", "queue", "power_kw",
    "peak_factor", "unit_cost_cny", "fixed_cost_cny", "opex_cny_per_unit_year",
    "opex_cny_per_year", "life_years", "min_units", "max_units", "unit_step", "upgrade_to", "owner",
    "valid_from", "valid_to",
)  # fmt: skip
TECHNOLOGIES = {
    "dc60": ("charging", 220.0, 25.0, 35.0, 0.1, "mmc", 60.0, 1.0, 55000, 350000, 3000, 40000, 10,
             2, 12, 2, "dc120", "public", None, None),
    "dc120": ("charging", 430.0, 30.0, 30.0, 0.1, "mmc", 120.0, 0.9, 90000, 500000, 5000, 60000,
              10, 4, 20, 1, "", "public", "2025-01-01", "2027-12-31"),
    "swap": ("swap", 60.0, 1.0, 5.0, 0.12, "mdc", 500.0, 0.8, 3000000, 500000, 90000, 200000, 12,
             1, 3, 1, "", "public", None, None),
    "truck_swap": ("truck_swap", 70.0, 1.0, 6.0, 0.12, "mdc", 900.0, 0.8, 6000000, 900000, 150000,
                   300000, 12, 1, 2, 1, "", "public", None, "2024-12-31"),
    "hydrogen500": ("hydrogen", 310.0, 8.0, 10.0, 0.1, "mdc", 150.0, 1.0, 10000000, 4000000,
                    500000, 600000, 15, 1, 1, 1, "", "enterprise", None, None),
}  # fmt: skip
MAX_WAIT_MIN, MAX_CHANCE, MANAGED = 3.0, 0.9, 0.95
SCHEMES = {
    "fast": {"technologies": ["dc120"], "rate": 0.1, "cap_cny": 80000, "valid_from": "2025-01-01",
             "valid_to": "2026-06-30", "payer": "county"},
    "early": {"technologies": ["dc120", "swap"], "rate": 0.05, "cap_cny": 0,
              "valid_from": "2025-01-01", "valid_to": "2025-12-31", "payer": "city"},
}  # fmt: skip


def technologies():
    return {
        name: dict(zip(KEYS, row, strict=True)) | {"source": "made", "trust": "U"}
        for name, row in TECHNOLOGIES.items()
    }


def uses(fleet, year):
    """Return share of the fleet and use of a vehicle, by energy."""
    electric = fleet["ev_share_by_year"][str(year)]
    return {
        "charging": (
            electric * (1 - fleet["swap_share"]),
            fleet["kwh_per_vehicle_day"] * fleet["public_share"],
        ),
        fleet["swap_energy"]: (electric * fleet["swap_share"], fleet["swaps_per_vehicle_day"]),
        "hydrogen": (fleet["fuel_cell_share_by_year"][str(year)], fleet["kg_per_vehicle_day"]),
    }


def demand_of(people, area, year, county=None, residents=None):
    """Return what some people take a day by energy."""
    grown = RURAL_GROWTH if area == "rural" else 1.0
    taken = dict.fromkeys(("charging", "swap", "truck_swap", "hydrogen"), 0.0)
    for name, fleet in FLEETS.items():
        each = fleet["vehicles_per_1000"] / 1000
        if (county, name) in COUNTED:
            each = COUNTED[county, name] / residents
        for energy, (share, use) in uses(fleet, year).items():
            taken[energy] += people * each * share * use * grown
    return taken


def chance(units, load):
    """Return Erlang C as textbooks write it."""
    if load >= units:
        return 1.0
    full = load**units / math.factorial(units) * units / (units - load)
    return full / (sum(load**k / math.factorial(k) for k in range(units)) + full)


def wait_min(technology, units, per_day):
    row = dict(zip(KEYS, TECHNOLOGIES[technology], strict=True))
    visits = per_day * row["peak_hour_share"] / row["session"]
    load = visits * row["service_min"] / 60
    if load == 0:
        return 0.0
    if load >= units:
        return math.inf
    wait = chance(units, load) * row["service_min"] / (units - load)
    if row["queue"] == "mdc":
        rho = load / units
        wait *= 0.5 * (
            1 + (1 - rho) * (units - 1) * (math.sqrt(4 + 5 * units) - 2) / (16 * rho * units)
        )
    return wait


def capacity(technology, units):
    """Return what units serve a day within the waiting rule, by trying thousandths."""
    row = dict(zip(KEYS, TECHNOLOGIES[technology], strict=True))
    load = units * row["capacity_per_day"]
    for step in (1.0, 0.1, 0.01, 0.001):
        while load > 0 and (
            wait_min(technology, units, load) > MAX_WAIT_MIN
            or chance(
                units, load * row["peak_hour_share"] / row["session"] * row["service_min"] / 60
            )
            > MAX_CHANCE
        ):
            load -= step
        load = (
            round(load + step, 3)
            if step > 0.001 and load < units * row["capacity_per_day"]
            else load
        )
    return round(min(load, units * row["capacity_per_day"]), 3)
