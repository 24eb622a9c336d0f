"""Works out grade, value, scene and hours of the toy city's test roads, with tables of its own."""

import geopandas as gpd
import pandas as pd
import toy_network
from shapely.geometry import Point
from toy_city import CRS, at, frame, metres

STEPS = {
    "lanes": [[1, 0], [4, 1]], "speed_kph": [[1, 0], [50, 1]], "signals": [[0, 0], [1, 1]],
    "arms": [[1, 0], [4, 1]], "junctions_per_km": [[0, 0], [1, 1]], "people": [[0, 0], [1, 1]],
    "turn_deg": [[0, 0], [45, 1]],
}  # fmt: skip
GRADES = {
    "class_points": {"secondary": 2}, "steps": STEPS, "points": {"tunnel": 2, "bridge": 1},
    "from_points": {"begins": [5, 7, 9, 11]},
}  # fmt: skip
WORTH = {
    "value": {
        "class_weight": {"secondary": 1.5},
        "attraction": {"fade_m": 1000.0, "cluster": 0.8, "test_zone": 0.0, "mandated": 0.0,
                       "logistics": 0.0},
        "service": {"fade_m": 500.0, "bus": 0.2, "taxi": 0.0, "sanitation": 0.0,
                    "network_5g": 0.0},
        "bonus": {"named": 0.1, "arterial": 0.1, "arterial_classes": ["secondary"],
                  "arterial_lanes": 4, "signals": 0.05},
        "dead_end": {"factor": 0.5},
    },
    "scene": {"features": ["tunnel", "bridge", "signals", "people", "wide"], "wide_lanes": 6},
    "variety": toy_network.VARIETY,
}  # fmt: skip
TABLES = {"worth": WORTH, "grades": GRADES}
LIMITS = {"max_turn_deg": 120.0, "least_open_hours": 12.0}
SIGNALS, PEOPLE = ("h2-1", "h2-2"), ("h1-3", "h2-4", "v3-1")
SCHOOL_HOURS = "07:00-09:00,16:00-17:30"


def feature_layer():
    """Return a signal at a junction, a crossing, a bus stop and a pole."""
    rows = [
        ("f1", "signal", at(2, 2)), ("f2", "crossing", at(3.5, 1)), ("f3", "bus_stop", at(4.5, 2)),
        ("f4", "pole", at(0.5, 2)),
    ]  # fmt: skip
    return frame(
        [{"feature_id": f, "kind": kind, "source": "made", "trust": "illustrative",
          "geometry": Point(place)} for f, kind, place in rows]
    )  # fmt: skip


def with_zones(zones):
    """Return the zones and a school with hours, works until 2025 and a bus corridor."""
    more = [
        ("z5", "school", 100.0, SCHOOL_HOURS, None, None, at(3, 1.5)),
        ("z6", "construction", 50.0, None, 2024, 2025, at(3.5, 2)),
        ("z7", "bus", 100.0, None, None, None, at(0.5, 2)),
    ]
    made = [
        {"zone_id": z, "name": z, "name_en": None, "kind": kind, "applies_to": "test_roads",
         "radius_m": radius, "mandated": False, "closed_hours": hours, "closed_from": first,
         "closed_to": last, "source": "made", "trust": "illustrative", "geometry": Point(place)}
        for z, kind, radius, hours, first, last, place in more
    ]  # fmt: skip
    given = zones.assign(closed_hours=None, closed_from=float("nan"), closed_to=float("nan"))
    rows = [*given.to_dict("records"), *made]
    whole = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
    return whole.astype({"closed_from": float, "closed_to": float})


def scored(roads):
    """Return the test roads with value, grade and hours; every one of them is secondary."""
    cluster = at(4, 2.05)
    nearest = {
        "h1-3": at(4, 1), "v3-1": at(3, 2), "h2-2": at(3, 2), "h2-3": at(4, 2), "h2-4": at(4, 2),
    }  # fmt: skip
    values = []
    for row in roads.itertuples():
        away = max(metres(cluster, nearest.get(row.segment_id, at(0, 0))) - 200.0, 0.0)
        weight = 1.5 + 0.8 * max(1 - away / 1000.0, 0.0) + 0.1 + 0.1
        weight += 0.05 * (row.segment_id in SIGNALS)
        # The bus corridor ends 389 m before the next segment: 0.2 x (1 - 389 / 500) are left.
        beside = max(metres(at(0.5, 2), at(1, 2)) - 100.0, 0.0)
        weight += {"h2-0": 0.2, "h2-1": 0.2 * (1 - beside / 500.0)}.get(row.segment_id, 0.0)
        values.append(round(row.counted_m / 1000 * weight, 6))
    hours = [SCHOOL_HOURS if key == "v3-1" else None for key in roads["segment_id"]]
    terms = terms_of(roads)
    return roads.assign(
        test_value=values, closed_hours=hours, complexity_grade=terms["complexity_grade"]
    )


def terms_of(roads):
    """Return the points: all but the density, signals and people are the same everywhere."""
    rows = []
    for row in roads.itertuples():
        points = dict.fromkeys(("tunnel", "bridge", "turn"), 0)
        points |= {"class": 2, "lanes": 1, "speed": 1, "arms": 1}
        points |= {"density": int(not row.segment_id.startswith("v"))}  # 0.98 or 1.11 km
        points |= {"signal": int(row.segment_id in SIGNALS)}
        points |= {"people": int(row.segment_id in PEOPLE)}
        total = sum(points.values())
        scene = ", signals" if points["signal"] else ", people" if points["people"] else ""
        rows.append(
            {"segment_id": row.segment_id} | {f"{term}_points": n for term, n in points.items()}
            | {"points": total, "complexity_grade": 2 + (total >= 7), "scene": "secondary" + scene}
        )  # fmt: skip
    return pd.DataFrame(rows)
