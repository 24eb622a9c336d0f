"""What two reviewers marked on the toy plan, and what became of it."""

import hashlib

import pandas as pd

from planner.layers import COST_COLUMNS, REVIEW_LOG

SITE_COSTS, ROAD_COSTS = COST_COLUMNS[:5], COST_COLUMNS[5:]
SITE_FIGURES = {
    "townships_short": "township_shortfall", "highway_short_m": "highway_shortfall_m",
    "served_kwh_per_day": "demand_served", "annual_cny": "cost",
}  # fmt: skip
FILES = (("review-toy-a.json", "A"), ("review-toy-b.json", "B"))
MARKS = (
    # number, file, minute, target, id, site, segments, energy, opinion, outcome, against, basis
    (1, 0, 9, "station", "p-j-32-charging", "j-32", None, "charging", "accept", "honoured", None,
     "already"),
    (2, 0, 1, "station", "p-t-tw2-charging", "t-tw2", None, "charging", "accept", "contradicted",
     "2-m3", "none"),
    (3, 1, 2, "site", "t-tw2", "t-tw2", None, "all", "refuse", "contradicted", "1-m2", "none"),
    (4, 0, 3, "segment", "h2-1", None, "h2-1", None, "include", "honoured", None, "solved"),
    (5, 0, 4, "segment", "v0-3", None, "v0-3", None, "refuse", "honoured", None, "already"),
    (6, 1, 5, "segment", "i0", None, "i0", None, "include", "not_honoured", None, "none"),
    (7, 1, 6, "segment", "h2-0", None, "h2-0", None, "accept", "nothing_to_do", None, "none"),
    (8, 0, 7, "station", "p-j-32-charging", "j-32", None, "charging", "refuse", "nothing_to_do",
     "1-m1", "none"),
    (9, 1, 8, "station", "p-j-22-swap", "j-22", None, "swap", "include", "contradicted", "v2",
     "none"),
)  # fmt: skip


def log_layer():
    """Return the review log, its costs made up for the one mark that costs something."""
    rows = []
    for number, file, minute, target, target_id, site, segments, *rest in MARKS:
        energy, opinion, outcome, against, basis = rest
        own = ROAD_COSTS if segments else SITE_COSTS
        costs = dict.fromkeys(own, 0.0) if basis != "none" else {}
        rows.append(
            {
                "log_id": f"{file + 1}-m{number}", "mark_id": f"m{number}", "file": FILES[file][0],
                "reviewer": FILES[file][1], "marked_at": f"2026-11-22T09:0{minute}:00Z",
                "target": target, "target_id": target_id, "site_id": site,
                "segment_ids": segments, "name": "x", "energy": energy, "opinion": opinion,
                "comment": None, "outcome": outcome, "reason_zh": "因", "reason_en": "why",
                "against": against, "cost_basis": basis, "cost_proved": basis == "already",
                **costs, **({"worth_lost": 0.5} if basis == "solved" else {}),
            }
        )  # fmt: skip
    frame = pd.DataFrame(rows, columns=REVIEW_LOG.column_names())
    frame = frame.astype({column.name: column.dtype for column in REVIEW_LOG.columns})
    return frame.sort_values("log_id", ignore_index=True)


def site_rows():
    """Return what the marks ask of sites."""
    return _rows([("1-m1.1", "j-32", "lock", "charging")], "site_id", "energy")


def road_rows():
    """Return what the marks ask of segments."""
    rows = [("1-m4.1", "h2-1", "lock"), ("1-m5.1", "v0-3", "ban")]
    return _rows(rows, "segment_id")


def _rows(rows, thing, *more):
    frame = pd.DataFrame(rows, columns=["review_id", thing, "mark", *more])
    return frame.assign(reviewer="A", comment=None, source=FILES[0][0], trust="D")


def files():
    """Return the review files as plan.json names them."""
    return [
        {
            "file": name, "sha256": hashlib.sha256(name.encode()).hexdigest(), "reviewer": who,
            "saved_at": "2026-11-22T10:00:00Z", "plan_id": "1",
            "n_marks": sum(FILES[row[1]][0] == name for row in MARKS),
        }
        for name, who in FILES
    ]  # fmt: skip


def inputs():
    """Return the review files as inputs of the plan."""
    return [
        {
            "layer": "review", "file": row["file"], "sha256": row["sha256"], "source": "A",
            "licence": "", "date": "2026-11-22", "datum": "wgs84", "crs": "EPSG:4326",
            "synthetic": False, "trust": "D", "rows_in": row["n_marks"],
            "rows_used": row["n_marks"], "rows_repaired": 0, "rows_rejected": 0, "notes": [],
        }
        for row in files()
    ]  # fmt: skip


def figures(layers, content):
    """Return what plan.json says of the marks; the plan without them is made up."""
    outcomes = layers["review_log"]["outcome"].value_counts()
    goals = {row["name"]: row["objective"] for row in content["siting"]["goals"]}
    own = {key: float(goals.get(name) or 0.0) for key, name in SITE_FIGURES.items()}
    capital = layers["stations"]["capital_cny"].sum() + layers["supply_upgrades"]["cost_cny"].sum()
    own = {key: round(value, 6) for key, value in own.items()} | {"capital_cny": float(capital)}
    km = round(float(layers["test_roads"]["counted_m"].sum()) / 1000, 6)
    worth = content["test_roads"]["outcome"]["objective"]
    roads = {"km": km, "missing_km": 0.0, "worth": worth}
    lost = {"missing_km": 0.0, "worth_lost": 0.75}
    site_costs = dict.fromkeys(SITE_COSTS, 0.0)
    return {
        "files": files(), "n_marks": len(MARKS),
        "by_outcome": {
            outcome: int(outcomes.get(outcome, 0))
            for outcome in ("honoured", "not_honoured", "contradicted", "nothing_to_do")
        },
        "stations": {
            "basis": "within_gap", "proved": False, "without": dict(own), "with": own,
            "differences": site_costs, "costs": dict(site_costs),
        },
        "test_roads": {
            "basis": "solved", "proved": False,
            "without": roads | {"worth": worth + 0.75}, "with": roads,
            "differences": lost, "costs": dict(lost),
        },
        "n_solves": 3,
    }  # fmt: skip
