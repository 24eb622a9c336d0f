"""Milestones of the toy city, counted by hand from what its stations do year by year."""

import pandas as pd

ROWS = {
    # name: year, measure, energy, county, least, reached
    "m1": (2025, "stations", "", "", 5.0, 5.0),
    "m2": (2026, "stations", "charging", "990102", 3.0, 2.0),
    "m3": (2026, "units", "charging", "", 18.0, 18.0),
    "m4": (2027, "units", "swap", "990101", 1.0, 0.0),
}
"""By STEPS: in 2025 the three that stand, t-tw2 and the swap station of j-32; j-32 charges from
2026 on, with x-old3 in the east: 6 + 4 + 4 + 4 units; the swap stations are in the east."""
SHARES = {
    "m5": (2026, "served_share", "swap", "990102", 0.001),
    "m6": (2025, "served_share", "", "", 0.99),
    "m7": (2027, "served_share", "hydrogen", "", 0.05),
}
TOWNS = {
    "m8": (2025, "townships_covered", "charging", "990101", 2.0),
    "m9": (2027, "townships_covered", "", "", 6.0),
}
KWH = {"charging": 1.0, "swap": 40.0, "truck_swap": 280.0, "hydrogen": 33.33}


def asked():
    """Return the table of milestones as plan.json has it."""
    rows = ROWS | SHARES | TOWNS
    keys = ("year", "measure", "energy", "county_id", "least")
    return {
        name: {"zh": f"目标{name}", "en": f"Milestone {name}"}
        | dict(zip(keys, row[:5], strict=True))
        | {"source": "made", "trust": "U"}
        for name, row in rows.items()
    }


def milestone_layer(gaps, access):
    """Return the layer from the gaps of counties and the first years of townships."""
    reached = {name: row[5] for name, row in ROWS.items()}
    reached |= {name: _share(gaps, *row[:4]) for name, row in SHARES.items()}
    for name, (year, _, _, county, _) in TOWNS.items():
        mine = access[access["county_id"] == county] if county else access
        reached[name] = float((mine["first_year_met"] <= year).sum())
    rows = []
    for name, row in asked().items():
        short = max(0.0, row["least"] - reached[name])
        rows.append(
            {"milestone_id": name} | row | {"energy": row["energy"] or None,
             "county_id": row["county_id"] or None, "reached": round(reached[name], 6),
             "shortfall": round(short, 6), "met": short == 0}
        )  # fmt: skip
    return pd.DataFrame(rows)


def _share(gaps, year, _measure, energy, county):
    phase = {2025: "2025", 2026: "2026", 2027: "after"}[year]
    mine = gaps[gaps["phase"] == phase]
    mine = mine[mine["energy"] == energy] if energy else mine
    mine = mine[mine["county_id"] == county] if county else mine
    kwh = mine["energy"].map(KWH)
    demand = (mine["demand_per_day"] * kwh).sum()
    missing = ((mine["coverage_gap_per_day"] + mine["capacity_gap_per_day"]) * kwh).sum()
    return float((demand - missing) / demand)


def missing(layer, years):
    """Return what the milestones of some years are short of, in shares of what they ask for."""
    mine = layer[layer["year"].isin(years)]
    return float((mine["shortfall"] / mine["least"]).sum())
