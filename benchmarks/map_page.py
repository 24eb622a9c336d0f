"""Times the map page of made-up plans: Python seconds, size, and opening it in a browser.

Run by hand: ``python benchmarks/map_page.py``. Opening is from navigation to the second frame
after the page has drawn its layers, in headless Chromium without a GPU; it needs playwright and
``/usr/bin/chromium``. Figures that the page quotes are those of the tests' hand-made plan.
"""

from __future__ import annotations

import importlib
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PLANS = ((8_000, 1_000, 500), (20_000, 5_000, 5_000), (100_000, 10_000, 5_000))
"""Segments, test roads and sites of each plan."""

WEST, SOUTH, SIDE = 115.5, 28.3, 1.0
YEARS = (2025, 2026, 2027)
OPENED = """() => new Promise((done) => requestAnimationFrame(() =>
  requestAnimationFrame(() => done(performance.now()))))"""
HEAP = "performance.memory ? performance.memory.usedJSHeapSize / 1e6 : 0"
RUNS = 3


def roads(n: int, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Return segments of six vertices that wander from places spread over the city."""
    start = np.column_stack([WEST + SIDE * rng.random(n), SOUTH + SIDE * rng.random(n)])
    steps = rng.normal(0, 0.0015, (n, 5, 2)) + rng.normal(0, 0.003, (n, 1, 2))
    places = np.concatenate([start[:, None, :], start[:, None, :] + steps.cumsum(axis=1)], axis=1)
    classes = np.array(["primary", "secondary", "tertiary", "residential"])
    frame = pd.DataFrame(
        {
            "segment_id": [f"s{index}" for index in range(n)],
            "from_node": [f"n{index}" for index in range(n)],
            "to_node": [f"n{index + 1}" for index in range(n)],
            "name": [None if index % 3 == 0 else f"大道{index // 9}" for index in range(n)],
            "ref": None,
            "road_class": classes[rng.integers(0, 4, n)],
            "oneway": False,
            "speed_kph": 60.0,
            "lanes": 4,
            "bridge": False,
            "tunnel": False,
            "length_m": 1000.0,
            "county_id": np.where(start[:, 0] < WEST + SIDE / 2, "360111", "360121"),
            "jurisdiction_id": np.where(start[:, 0] < WEST + SIDE / 2, "j1", "j2"),
            "road_ids": "",
            "trust": "schematic",
        }
    )
    return gpd.GeoDataFrame(frame, geometry=list(shapely.linestrings(places)), crs="EPSG:4326")


def test_roads(segments: gpd.GeoDataFrame, n: int) -> gpd.GeoDataFrame:
    """Return the first segments as test roads in corridors of fifteen."""
    frame = segments.iloc[:n].drop(columns=["oneway", "speed_kph", "lanes", "bridge", "tunnel"])
    index = np.arange(n)
    return frame.assign(
        corridor_id=[f"c{row // 15}" for row in index],
        stage_year=np.array(YEARS)[index % 3],
        opened_before=False,
        equipped=index % 2 == 0,
        equipped_year=np.where(index % 2 == 0, 2027.0, np.nan),
        complexity_grade=1 + index % 5,
        test_value=(index % 97) / 10,
        counted_m=1000.0,
        centreline_id=[f"c-s{row}" for row in index],
        centreline_m=1000.0,
        carriageway_m=1000.0,
        closed_hours=None,
    )


def terms(roads: gpd.GeoDataFrame, like: pd.DataFrame) -> pd.DataFrame:
    """Return the terms of each test road: the same ones in turn."""
    made = like.iloc[np.arange(len(roads)) % len(like)].reset_index(drop=True)
    return made.assign(segment_id=roads["segment_id"].to_numpy())


def sites(n: int, like: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """Return candidate sites of which two fifths have a station."""
    places = shapely.points(WEST + SIDE * rng.random(n), SOUTH + SIDE * rng.random(n))
    index = np.arange(n)
    found = like["candidate_sites"].iloc[1 + index % 2].reset_index(drop=True)
    found = found.assign(site_id=[f"a{row}" for row in index], name=[f"站址{row}" for row in index])
    found = found.set_geometry(list(places), crs="EPSG:4326")
    chosen = index[index % 5 < 2]
    stations = like["stations"].iloc[1 + chosen % 2].reset_index(drop=True)
    stations = stations.assign(
        station_id=[f"p-a{row}" for row in chosen],
        site_id=[f"a{row}" for row in chosen],
        name=[f"站址{row}" for row in chosen],
        first_year=np.array(YEARS)[chosen % 3],
    ).set_geometry(list(places[chosen]), crs="EPSG:4326")
    reasons = like["site_reasons"].iloc[np.zeros(n, dtype=int)].reset_index(drop=True)
    return {
        "candidate_sites": found,
        "stations": stations,
        "station_years": like["station_years"].iloc[:0],
        "site_reasons": reasons.assign(site_id=found["site_id"].to_numpy()),
    }


def made_up(n_segments: int, n_test: int, n_sites: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return layers and figures of a plan of that size."""
    sys.path.insert(0, str(ROOT / "tests" / "outputs"))
    rng = np.random.default_rng(7)
    plan = importlib.import_module("toy_written_plan").toy_plan()
    segments = roads(n_segments, rng)
    chosen = test_roads(segments, n_test)
    others = segments.iloc[n_test : n_test + n_segments // 25]
    frames = plan.layers | sites(n_sites, plan.layers, rng)
    frames |= {
        "segments": segments,
        "test_roads": chosen,
        "segment_terms": terms(chosen, plan.layers["segment_terms"]),
        "rejected_segments": others[["segment_id", "name", "geometry"]].assign(reason="speed"),
    }
    return frames, plan.figures


def opened(page_file: Path, browser: Any) -> tuple[float, float]:  # noqa: ANN401 - untyped
    """Return seconds from navigation to the second frame, and megabytes of the heap."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.goto(page_file.as_uri(), wait_until="commit")
    page.wait_for_function("() => window.planMap && document.querySelector('canvas')", timeout=0)
    seconds = page.evaluate(OPENED) / 1000
    heap = page.evaluate(HEAP)
    page.close()
    return seconds, heap


def main() -> None:
    """Measure each plan."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not needed to make a plan

    from planner.outputs.map.page import render_map  # noqa: PLC0415 - its import is not measured

    print("| segments / test roads / sites | Python s | HTML MB | opens in s | JS heap MB |")
    print("| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for size in PLANS:
            frames, figures = made_up(*size)
            start = time.process_time()
            page = render_map(frames, figures)
            python = time.process_time() - start
            file = Path(name) / "map.html"
            file.write_text(page, encoding="utf-8")
            runs = [opened(file, browser) for _ in range(RUNS)]
            seconds = statistics.median(run[0] for run in runs)
            heap = max(run[1] for run in runs)
            megabytes = len(page.encode()) / 1e6
            title = " / ".join(f"{part:,}" for part in size)
            print(
                f"| {title} | {python:.1f} | {megabytes:.1f} | {seconds:.1f} | {heap:.0f} |",
                flush=True,
            )
        browser.close()


if __name__ == "__main__":
    main()
