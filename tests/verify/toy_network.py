"""Works out the toy city's test roads as a network: what hangs loose, what is hard, its limits.

West to east h2-0 (opened before, grade 2), h2-1, h2-2 (3), h2-3 (2) and h2-4 (3) in a row; v3-1
(2) hangs on the node between h2-2 and h2-3, h1-3 (3) on the other end of it. Nothing is a cycle.
Of the three ends the west one is opened; the east one (h2-4 and h2-3, 1.96 km) is long enough,
the one of h1-3 (0.49 km, one-way) and v3-1 (1.11 km) is not: SETTINGS ask for 1.7 km. In 2025
h2-1 has the opened road beside it, h2-2 only h2-1, which is as hard.
"""

import pandas as pd

SETTINGS = {
    "least_spur_m": 1700.0, "spur_factor": 0.4, "least_cycle_share": 0.25, "free_grade": 2,
    "most_grade_by_year": {"2025": 2, "2026": 3},
}  # fmt: skip
VARIETY = {"weight": 0.5, "fade_km": 1.2, "shares": [1.0, 0.5, 0.25]}
SPURS = ("h1-3", "v3-1")
STEPS = {
    # year: segments above the grade of the year, hard ones beside none that is easier
    2025: (("h2-1", "h2-2"), ("h2-2",)),
    2026: ((), ()),
    2027: ((), ()),
}
LET_GO = {
    # In 2025 nothing of grade 2 touches the opened road of 0.98 km; later all keeps to the steps.
    2025: {"let_go": "grade", "kept_km": 0.977931, "target_km": 2.9},
    2026: {"let_go": "", "kept_km": 5.020018, "target_km": 5.0},
    2027: {"let_go": "", "kept_km": 6.486961, "target_km": 6.45},
}
LIMITS = {
    # name: of, values, measure, least, most
    "r1": ("jurisdiction_id", ["J-E", "J-Z"], "km", 2.0, 3.0),
    "r2": ("complexity_grade", ["3"], "share", None, 0.5),
    "r3": ("road_class", ["secondary", "primary"], "share", 1.0, None),
    "r4": ("county_id", ["990101"], "km", 1.0, None),
}


def asked():
    """Return the table of limits as plan.json has it."""
    keys = ("of", "values", "measure", "least", "most")
    return {
        name: {"zh": f"限值{name}", "en": f"Limit {name}"} | dict(zip(keys, row, strict=True))
        | {"source": "made", "trust": "U"}
        for name, row in LIMITS.items()
    }  # fmt: skip


def limit_layer(roads):
    rows = []
    for name, row in asked().items():
        mine = roads[row["of"]].astype(str).isin(row["values"])
        km = roads["counted_m"][mine].sum() / 1000
        reached = km / (roads["counted_m"].sum() / 1000 if row["measure"] == "share" else 1)
        short = max(
            0.0, (row["least"] or 0.0) - reached, reached - (9e9 if row["most"] is None else
                                                             row["most"])
        )  # fmt: skip
        rows.append(
            {"limit_id": name} | row | {"values": ",".join(row["values"]), "met": short < 1e-6,
             "reached": round(reached, 9), "shortfall": round(short, 9) if short > 1e-6 else 0.0}
        )  # fmt: skip
    return pd.DataFrame(rows).astype({"least": float, "most": float})


MOST_GRADE = {2025: 2, 2026: 3, 2027: 3}
"""A year without a figure takes that of the year before it."""


def km_of(roads, names):
    return round(roads[roads["segment_id"].isin(names)]["counted_m"].sum() / 1000, 6)


def scenes(roads, terms):
    """Return km and worth of each scene: 0.5 a km for 1.2 km, 0.25 and 0.125 for as much."""
    km = {}
    for row in roads.itertuples():
        scene = terms.set_index("segment_id")["scene"][row.segment_id]
        km[scene] = km.get(scene, 0.0) + row.counted_m / 1000
    worth = {
        name: 0.5 * min(x, 1.2) + 0.25 * min(max(x - 1.2, 0), 1.2) + 0.125 * min(max(x - 2.4, 0),
                                                                                1.2)
        for name, x in km.items()
    }  # fmt: skip
    return [{"scene": name, "km": round(km[name], 6), "worth": worth[name]} for name in km]


def figures(roads, terms):
    rows = scenes(roads, terms)
    loss = 0.6 * roads[roads["segment_id"].isin(SPURS)]["test_value"].sum()
    return {
        "cycle_km": 0.0, "cycle_share": 0.0, "least_cycle_share": 0.25, "cycles_met": False,
        "short_spur_km": km_of(roads, SPURS), "spur_loss": loss,
        "base_worth": roads["test_value"].sum(),
        "variety_worth": sum(row["worth"] for row in rows), "scenes": rows,
        "steps": [
            {"year": year, "most_grade": MOST_GRADE[year],
             "n_above": len(above), "km_above": km_of(roads, above), "n_alone": len(alone),
             "km_alone": km_of(roads, alone)} | LET_GO[year]
            for year, (above, alone) in STEPS.items()
        ],
    }  # fmt: skip


def worth(roads, terms):
    told = figures(roads, terms)
    return round(told["base_worth"] + told["variety_worth"] - told["spur_loss"], 9)
