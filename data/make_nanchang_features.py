"""Adds made-up schools, hospitals, works and road features to the Nanchang case.

Run after ``make_nanchang.py``: it reads ``roads.geojson`` and writes ``road_features.csv`` and
the rows of ``zones.geojson`` whose id begins with ``i-``; the other zones are kept by hand::

    python data/make_nanchang_features.py

The same roads give the same files to the byte. Nothing in them is a fact.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

CASE = Path(__file__).parent / "nanchang"
SEED = 20250817
CORE = (115.80, 28.60, 115.96, 28.74)
SIGNAL_CLASSES = ("trunk", "primary", "secondary")
SIGNAL_ARMS = 4
N_SIGNALS, N_CROSSINGS, N_STOPS, N_POLES, N_BASES = 240, 60, 60, 40, 12
N_SCHOOLS, N_HOSPITALS = 8, 4
SCHOOL_HOURS, HOSPITAL_HOURS = "07:00-08:30,16:00-18:00", "07:30-11:30,14:00-17:30"
MADE_UP = "made up to show how the layer works; not a fact"
MADE_ID = '"zone_id": "i-'
DECIMALS = 6
OFFSET = 0.0006
"""Schools and hospitals stand about 60 m from the street corner they are named after."""


def corners(roads: gpd.GeoDataFrame) -> dict[tuple[float, float], int]:
    """Return the vertices of main roads in the core and how many road pieces leave each."""
    counts: dict[tuple[float, float], int] = {}
    for line in roads.geometry:
        lonlat = [(float(x), float(y)) for x, y in shapely.get_coordinates(line)]
        for at, place in enumerate(lonlat):
            counts[place] = counts.get(place, 0) + (1 if at in {0, len(lonlat) - 1} else 2)
    west, south, east, north = CORE
    return {
        place: count
        for place, count in sorted(counts.items())
        if west <= place[0] <= east and south <= place[1] <= north
    }


def features(places: dict[tuple[float, float], int]) -> pd.DataFrame:
    """Return made-up road features: signals where four arms meet, others along the roads."""
    rng = np.random.default_rng(SEED)
    crossings = [place for place, arms in places.items() if arms >= SIGNAL_ARMS]
    along = [place for place, arms in places.items() if arms < SIGNAL_ARMS]
    rows: list[dict[str, Any]] = []
    for kind, count, pool in (
        ("signal", N_SIGNALS, crossings),
        ("crossing", N_CROSSINGS, along),
        ("bus_stop", N_STOPS, along),
        ("pole", N_POLES, along),
        ("base_station", N_BASES, along),
    ):
        chosen = np.sort(rng.choice(len(pool), min(count, len(pool)), replace=False))
        for number, at in enumerate(chosen.tolist(), start=1):
            lon, lat = (round(value, DECIMALS) for value in pool[at])
            row = {"feature_id": f"{kind}-{number:03d}", "kind": kind, "source": MADE_UP}
            rows.append(row | {"trust": "illustrative", "lon": lon, "lat": lat})
    return pd.DataFrame(rows)


def zones(places: dict[tuple[float, float], int]) -> list[dict[str, Any]]:
    """Return made-up schools and hospitals with hours, one without, and works until 2026."""
    rng = np.random.default_rng(SEED + 1)
    pool = [place for place, arms in places.items() if arms >= SIGNAL_ARMS]
    chosen = rng.choice(len(pool), N_SCHOOLS + N_HOSPITALS + 1, replace=False).tolist()
    made = [
        _zone("school", number, pool[at], hours=SCHOOL_HOURS)
        for number, at in enumerate(chosen[:N_SCHOOLS], start=1)
    ]
    made += [
        _zone("hospital", number, pool[at], hours=HOSPITAL_HOURS if number > 1 else None)
        for number, at in enumerate(chosen[N_SCHOOLS:-1], start=1)
    ]
    return [*made, _zone("construction", 1, pool[chosen[-1]], last_year=2026)]


NAMES = {
    "school": ("示例学校", "Example school", 150),
    "hospital": ("示例医院", "Example hospital", 100),
    "construction": ("示例施工区", "Example works", 200),
}
"""Names and radius in m of each kind."""


def _zone(
    kind: str,
    number: int,
    place: tuple[float, float],
    *,
    hours: str | None = None,
    last_year: int | None = None,
) -> dict[str, Any]:
    name, name_en, radius_m = NAMES[kind]
    lon, lat = (round(value + OFFSET, DECIMALS) for value in place)
    properties = {
        "zone_id": f"i-{kind}-{number}",
        "name": f"{name}{number}",
        "name_en": f"{name_en} {number}",
        "kind": kind,
        "applies_to": "test_roads",
        "radius_m": radius_m,
        "mandated": False,
        "closed_hours": hours,
        "closed_from": None,
        "closed_to": last_year,
        "source": MADE_UP,
        "trust": "illustrative",
    }
    geometry = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def write_zones(made: list[dict[str, Any]]) -> None:
    """Put the made-up rows after those kept by hand, one feature a line."""
    path = CASE / "zones.geojson"
    head, *lines = path.read_text("utf-8").splitlines()
    kept = [line.rstrip(",") for line in lines[:-1] if MADE_ID not in line]
    text = ",\n".join([*kept, *(json.dumps(row, ensure_ascii=False) for row in made)])
    path.write_text(f"{head}\n{text}\n{lines[-1]}\n", "utf-8", newline="\n")


def main() -> None:
    """Read the roads of the case and write its made-up features and zones."""
    roads = gpd.read_file(CASE / "roads.geojson")
    places = corners(roads[roads["road_class"].isin(SIGNAL_CLASSES)])
    features(places).to_csv(CASE / "road_features.csv", index=False, lineterminator="\n")
    write_zones(zones(places))


if __name__ == "__main__":
    main()
