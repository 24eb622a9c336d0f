"""Tiles: none by default; on request only from named hosts, with a key that stands nowhere else."""

import json
import re

import geopandas as gpd
import numpy as np
import pytest
from typer.testing import CliRunner

from planner.cli.app import app
from planner.crs import to_wgs84
from planner.errors import ConfigError, ExitCode, OutputError, PlannerError
from planner.outputs import MapView, canonical_json, explore
from planner.outputs.geopackage import write_geopackage
from planner.outputs.map.page import render_map
from planner.outputs.map.tiles import KEY_VARIABLE, frames_for, tile_service

KEY = "0123456789abcdef0123456789abcdef"
HOSTS = {
    "tianditu": [f"https://t{number}.tianditu.gov.cn" for number in range(8)],
    "osm": ["https://tile.openstreetmap.org"],
    "gaode": [f"https://webrd0{number}.is.autonavi.com" for number in range(1, 5)],
}


def policy_of(page):
    return re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]


def images_of(page):
    return re.search(r"img-src ([^;]*);", policy_of(page))[1].split()


@pytest.fixture
def folder(plan, tmp_path):
    """Return a plan folder with what a map is drawn from."""
    made = tmp_path / "toy"
    made.mkdir()
    (made / "plan.json").write_text(canonical_json(plan.figures), encoding="utf-8")
    write_geopackage(plan.layers, plan.figures, made / "plan.gpkg")
    return made


def run(*words, **environment):
    """Run the command; its result has an exit code and what it printed, or the refusal."""
    return CliRunner().invoke(app, list(words), env=environment, standalone_mode=False)


def test_a_map_asks_for_nothing_unless_told(plan):
    page = render_map(plan.layers, plan.figures)
    assert images_of(page) == ["data:"]
    assert '"base":' not in page
    assert not any(host in page for hosts in HOSTS.values() for host in hosts)


@pytest.mark.parametrize("name", sorted(HOSTS))
def test_tiles_may_come_from_exactly_their_hosts(plan, name):
    tiles = tile_service(name, {KEY_VARIABLE: KEY})
    page = render_map(plan.layers, plan.figures, tiles=tiles)
    assert images_of(page) == ["data:", *HOSTS[name]]
    assert "connect-src 'none'" in policy_of(page)
    assert (KEY in page) == (name == "tianditu")


@pytest.fixture
def open_cut_off(browser, tmp_path):
    """Open a page whose every request beyond the file is heard and cut off."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    asked, complaints = [], []

    def cut(route):
        asked.append(route.request.url)
        route.abort()

    def open_text(text):
        page.route(re.compile("^https?:"), cut)
        page.on("console", lambda message: complaints.append(message.text))
        file = tmp_path / "cut.html"
        file.write_text(text, encoding="utf-8")
        page.goto(file.as_uri())
        return page, asked, complaints

    yield open_text
    page.close()


@pytest.mark.parametrize("name", sorted(HOSTS))
def test_the_page_asks_for_tiles_and_nothing_else(plan, open_cut_off, name):
    tiles = tile_service(name, {KEY_VARIABLE: KEY})
    page, asked, complaints = open_cut_off(render_map(plan.layers, plan.figures, tiles=tiles))
    page.wait_for_timeout(300)
    assert asked
    assert all(any(url.startswith(f"{host}/") for host in HOSTS[name]) for url in asked)
    assert not any("Content Security Policy" in text for text in complaints)
    foot = page.locator("#foot").inner_text()
    credit = {"tianditu": "天地图", "osm": "OpenStreetMap", "gaode": "高德"}[name]
    assert credit in foot
    assert ("GCJ-02" in foot) == (name == "gaode")


def test_tianditu_is_a_map_with_its_labels_on_top():
    tiles = tile_service("tianditu", {KEY_VARIABLE: KEY})
    assert [re.search(r"LAYER=(\w+)&", layer)[1] for layer in tiles.layers] == ["vec", "cva"]
    assert all(
        f"/{name}_w/wmts?" in row for name, row in zip(("vec", "cva"), tiles.layers, strict=True)
    )
    assert all(row.endswith(f"&tk={KEY}") for row in tiles.layers)


@pytest.mark.parametrize(
    ("key", "code"),
    [("", "E-OUT-071"), ("  ", "E-OUT-071"), ("abc&x=1", "E-OUT-072"), ("1" * 65, "E-OUT-072")],
)
def test_a_missing_or_broken_key_is_refused_and_not_repeated(key, code):
    with pytest.raises(ConfigError) as refused:
        tile_service("tianditu", {KEY_VARIABLE: key})
    assert refused.value.problems[0].code == code
    assert KEY_VARIABLE in str(refused.value)
    assert not key.strip() or key not in str(refused.value)


def test_unknown_tiles_are_refused():
    with pytest.raises(ConfigError, match="E-OUT-070"):
        tile_service("google", {})


def test_gaode_shifts_every_layer_for_display_and_can_be_undone(plan):
    shown = frames_for(tile_service("gaode", {}), plan.layers)
    for name, frame in plan.layers.items():
        if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
            continue
        placed = ~(frame.geometry.isna() | frame.geometry.is_empty)
        before, after = frame.geometry[placed], shown[name].geometry[placed]
        metres = gpd.GeoSeries(after, crs=4326).to_crs(32650).distance(before.to_crs(32650))
        assert metres[before.geom_type == "Point"].between(300, 700).all()
        back = gpd.GeoSeries(to_wgs84(after.array, "gcj02"), index=before.index, crs=4326)
        assert back.geom_equals_exact(before, 1e-7).all()
    assert frames_for(tile_service("osm", {}), plan.layers) is plan.layers


def test_places_in_a_shifted_page_are_saved_in_wgs84(plan, open_cut_off):
    tiles = tile_service("gaode", {})
    page, _, _ = open_cut_off(render_map(plan.layers, plan.figures, tiles=tiles))
    station = plan.layers["stations"].geometry.iloc[0]
    shifted = frames_for(tiles, plan.layers)["stations"].geometry.iloc[0]
    shown = page.evaluate("(p) => shownPlace(p)", [station.x, station.y])
    assert np.allclose(shown, [shifted.y, shifted.x], atol=1e-9)
    true = page.evaluate("([lat, lng]) => truePlace({lat, lng})", shown)
    assert np.allclose(true, [station.x, station.y], atol=1e-6)


def test_the_command_writes_beside_the_plan_and_leaves_it_alone(folder):
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    done = run("map", str(folder), "--tiles", "tianditu", **{KEY_VARIABLE: KEY})
    assert done.return_value == ExitCode.VERIFIED
    file = folder.parent / "toy-map-tianditu.html"
    assert str(file) in done.stdout
    assert "密钥" in done.stdout
    assert KEY not in done.stdout
    assert KEY in file.read_text(encoding="utf-8")
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir() if KEY in str(path)] == []


def test_the_command_without_tiles_gives_the_map_of_the_plan(folder, plan):
    out = folder.parent / "again" / "map.html"
    done = run("map", str(folder), "--out", str(out), "--lang", "en")
    assert done.return_value == ExitCode.VERIFIED
    figures = json.loads(canonical_json(plan.figures))
    assert images_of(out.read_text("utf-8")) == ["data:"]
    assert render_map(plan.layers, figures, lang="en")[:500] == out.read_text("utf-8")[:500]


def test_the_command_refuses_without_a_key_and_writes_nothing(folder):
    done = run("map", str(folder), "--tiles", "tianditu", **{KEY_VARIABLE: ""})
    assert isinstance(done.exception, PlannerError)
    assert done.exception.exit_code == ExitCode.USAGE
    assert [path.name for path in folder.parent.iterdir()] == ["toy"]


def test_a_map_is_not_saved_in_a_plan_folder_nor_over_another_file(folder, tmp_path):
    view = MapView('<html id="plan-data">')
    with pytest.raises(OutputError, match="E-OUT-073"):
        view.save(folder / "map-tiles.html")
    (tmp_path / "notes.html").write_text("mine")
    with pytest.raises(OutputError, match="E-OUT-074"):
        view.save(tmp_path / "notes.html")
    assert (tmp_path / "notes.html").read_text() == "mine"
    file = view.save(tmp_path / "a" / "map.html")
    assert view.save(file).read_text() == view.page
    assert [path.name for path in file.parent.iterdir()] == ["map.html"]


def test_a_notebook_frame_shows_the_whole_map_offline(plan, open_page):
    view = explore(plan, lang="en", height=500)
    opened = open_page(f"<!doctype html><body>{view._repr_html_()}")
    frame = opened.page.frame_locator("iframe")
    assert frame.locator("#title").inner_text() == plan.figures["case"]["title_en"]
    assert opened.page.locator("iframe").bounding_box()["height"] == pytest.approx(502, abs=3)
    assert [url for url in opened.requests if url not in {opened.address, "about:srcdoc"}] == []
    assert opened.complaints == []
