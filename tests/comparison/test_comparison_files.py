"""The files of a comparison: the page in a real browser, the workbook, the record, the command."""

import copy
import hashlib
import json
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from shapely.affinity import translate
from toy_written_plan import toy_plan
from typer.testing import CliRunner

from planner.cli.app import app
from planner.comparison import compare, folder_for, write_comparison
from planner.comparison.page import render_comparison
from planner.errors import OutputError
from planner.outputs import Published, canonical_json
from planner.outputs.geopackage import write_geopackage


def written_pair():
    """Return the hand-made plan, and another: a station moved, one dropped, one added."""
    made = toy_plan()
    one = Published(Path("plans/before"), made.layers, made.figures)
    stations = made.layers["stations"]
    planned = stations[stations["status"] == "planned"]
    moved, dropped = planned["station_id"].iloc[0], planned["station_id"].iloc[1]
    row = stations[stations["station_id"] == moved].assign(
        station_id="new-1",
        site_id="new-site",
        geometry=lambda rows: rows.geometry.map(lambda at: translate(at, 0.01, 0.0)),
    )
    far = stations[stations["station_id"] == moved].assign(
        station_id="new-2",
        site_id="far-site",
        name="<img src=x onerror=window.ran=1>",
        geometry=lambda rows: rows.geometry.map(lambda at: translate(at, 0.0, 0.05)),
    )
    kept = stations[~stations["station_id"].isin([moved, dropped])]
    roads = made.layers["test_roads"]
    changed = gpd.GeoDataFrame(pd.concat([kept, row, far], ignore_index=True), crs="EPSG:4326")
    other = dict(made.layers) | {"stations": changed, "test_roads": roads.iloc[1:]}
    figures = copy.deepcopy(made.figures)
    figures["siting"]["spent_cny"] += 1_000_000
    return one, Published(Path("plans/after"), other, figures)


@pytest.fixture(scope="module")
def opened(browser, tmp_path_factory):
    file = tmp_path_factory.mktemp("page") / "compare.html"
    file.write_text(render_comparison(compare(*written_pair())), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.set_default_timeout(15000)
    heard = []
    page.on("request", lambda request: heard.append(request.url))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda message: heard.append(message.text))
    page.goto(file.as_uri())
    yield page, heard, file
    page.close()


def counts(page):
    return page.evaluate(
        "Object.fromEntries(plan.groups.flatMap((g) => g.layers).map((l) => [l.id, l.count]))"
    )


def test_the_page_opens_alone_and_names_each_layer_with_its_count(opened):
    page, heard, file = opened
    assert heard == [file.as_uri()]
    found = counts(page)
    assert found["stations-added"] == found["stations-dropped"] == found["stations-moved"] == 1
    assert found["stations-moves"] == found["roads-dropped"] == 1
    assert page.evaluate("window.ran") is None
    page.click("#show-layers")
    assert page.locator("#box-stations-added").is_checked()
    assert "新增" in page.locator("[data-layer=stations-added]").inner_text()


def test_the_figures_stand_side_by_side_in_both_languages(opened):
    page, _, _ = opened
    page.click("#show-overview")
    row = page.locator("#figures tbody tr").first
    assert "站点公共投资" in row.inner_text()
    assert "+100 万元" in row.inner_text()
    changed = page.locator("#figures tbody tr").count()
    page.click("#changed-only")
    assert page.locator("#figures tbody tr").count() > changed
    page.click("#changed-only")
    page.click("#language")
    assert "+CNY 1.0 million" in row.inner_text()
    assert "Stations: 1 added, 1 dropped, 1 moved" in page.locator("#tab-overview").inner_text()
    page.click("#language")


def test_a_row_of_the_list_flies_to_its_station_and_a_search_finds_it(opened):
    page, _, _ = opened
    page.click("#show-lists")
    names = page.locator("#list-scroller tbody tr td:first-child button")
    assert "<img src=x onerror=window.ran=1>" in names.all_inner_texts()
    page.get_by_role("button", name="<img src=x").first.click()
    page.locator(".leaflet-popup").wait_for()
    assert "new-2" in page.locator(".leaflet-popup").inner_text()
    assert page.evaluate("window.ran") is None
    page.fill("#search", "new-1")
    assert "moved new-1" in page.locator("#found").inner_text()
    page.keyboard.press("Escape")


def test_the_workbook_reads_back_and_its_only_formulas_are_totals(tmp_path):
    one, two = written_pair()
    name = '=HYPERLINK("http://x","y")'
    two.layers["stations"].loc[two.layers["stations"]["station_id"] == "new-2", "name"] = name
    write_comparison(compare(one, two), tmp_path / "out", lang="en")
    book = openpyxl.load_workbook(tmp_path / "out" / "compare.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(str(c.value).startswith("=SUBTOTAL(9,") for c in cells if c.data_type == "f")
    sheet = next(sheet for sheet in book if "Stations" in sheet.title)
    rows = list(sheet.iter_rows(values_only=True))
    added = next(row for row in rows if row[0] and "added" in str(row[0]))
    assert added[1] == name
    moved = next(row for row in rows if row[0] and "moved" in str(row[0]))
    assert moved[5] == pytest.approx(980, abs=10)  # 0.01 degree at 28.6 north
    figures = next(sheet for sheet in book if "Figures" in sheet.title)
    money = next(r for r in figures.iter_rows(values_only=True) if "站点公共投资" in str(r[0]))
    assert money[4] == money[3] - money[2] == 1_000_000


def test_the_record_holds_what_differs_and_equal_plans_give_equal_files(tmp_path):
    made = compare(*written_pair())
    for name in ("first", "second"):
        write_comparison(made, tmp_path / name)
    content = json.loads((tmp_path / "first" / "compare.json").read_text(encoding="utf-8"))
    assert content["stations"]["counts"]["moved"] == 1
    row = next(row for row in content["stations"]["rows"] if row["kind"] == "moved")
    assert row["moved_m"] == pytest.approx(980, abs=10)
    assert row["b"]["place"][0] == pytest.approx(row["a"]["place"][0] + 0.01)
    assert content["test_roads"]["counts"]["dropped"] == 1
    for name in ("compare.json", "compare.html", "compare.xlsx"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


def test_a_comparison_never_takes_the_place_of_a_plan(tmp_path):
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")
    made = compare(*written_pair())
    with pytest.raises(OutputError, match="E-OUT-002"):
        write_comparison(made, tmp_path)
    assert (tmp_path / "plan.json").read_text(encoding="utf-8") == "{}"


def test_plan_folders_of_one_name_are_told_apart():
    assert folder_for(Path("/x/a/"), Path("/y/b")) == Path("/x/a-vs-b")


def test_the_command_compares_two_folders(tmp_path):
    out, folder = tmp_path / "both", tmp_path / "plan"
    folder.mkdir()
    made = toy_plan()
    figures = made.figures | {"format": "planner-plan-1"}
    (folder / "plan.json").write_text(canonical_json(figures), encoding="utf-8")
    write_geopackage(made.layers, figures, folder / "plan.gpkg")
    proven = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    certificate = json.dumps({"passed": True, "files": proven})
    (folder / "certificate.json").write_text(certificate, encoding="utf-8")
    words = ["compare", str(folder), str(folder), "--out", str(out)]
    done = CliRunner().invoke(app, [*words, "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert "No difference" in done.stdout
    assert sorted(path.name for path in out.iterdir()) == [
        "compare.html", "compare.json", "compare.xlsx",
    ]  # fmt: skip
    done = CliRunner().invoke(app, [*words, "--json"])
    assert json.loads(done.stdout)["same"] is True
    missing = CliRunner().invoke(app, ["compare", str(tmp_path / "no"), str(folder)])
    assert missing.exception.exit_code == 3
    assert "E-OUT-020" in str(missing.exception)
