"""The whole loop as people go round it: plan, marks on the map, a new plan, both compared."""

import json
import tomllib
from pathlib import Path

import openpyxl
import pyogrio
import pytest
import tomli_w
from toy_case_files import write_toy_case
from typer.testing import CliRunner

from planner.cli.app import app
from planner.outputs import read_published

KEPT, MOVED = "j-8741832e0-990102", "t-990102100"
"""Sites of the two charging stations that the plan of the toy case builds in the east."""

ROAD = "s155"
PLACE = (28.625, 115.905)
"""Latitude and longitude of where the reviewer wants the second station."""

REVIEWER = "王五 <b>总工</b>"


def command(*words):
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code in (0, 9), done.output
    return done.stdout


def small_case(folder):
    """Write the toy case with one siting year and two kinds of chargers: quick to plan."""
    case = write_toy_case(folder)
    path = case / "scenario.toml"
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    off = ("ac7", "dc180", "ultra480", "solar_storage", "swap", "truck_swap", "hydrogen500",
           "hydrogen1000")  # fmt: skip
    content["siting"] = {"budget_cny_2027": 3_000_000, "hydrogen_budget_cny_2027": 0}
    content["technologies"] = {name: {"enabled": False} for name in off} | {
        "dc60": {"max_units": 6, "unit_step": 2},
        "dc120": {"max_units": 8, "unit_step": 4},
    }
    content["run"] = {"mip_gap": 0.005, "review_solves": 1}
    path.write_text(tomli_w.dumps(content), encoding="utf-8")
    return case


class Map:
    """The map of a plan as a reviewer has it open."""

    def __init__(self, browser, folder):
        self.context = browser.new_context(
            viewport={"width": 1366, "height": 768}, reduced_motion="reduce"
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(15000)
        self.heard = []
        self.page.on("request", lambda request: self.heard.append(request.url))
        self.page.on("pageerror", lambda error: self.heard.append(str(error)))
        self.address = (folder / "map.html").as_uri()
        self.page.goto(self.address)
        self.page.evaluate("openTab('review')")
        self.page.locator("#reviewer-name").fill(REVIEWER)
        self.page.locator("#reviewer-name").blur()

    def choose(self, kind, key, opinion):
        """Fly to an object and press the opinion in its popup."""
        self.page.evaluate("planMap.closePopup()")
        # A closed popup fades: its buttons would be taken for those of the next.
        self.page.wait_for_function("() => !document.querySelector('.leaflet-popup')")
        self.page.evaluate("([kind, id]) => flyToObject(kind, id)", [kind, key])
        box = self.page.locator(".leaflet-popup .review-box").last
        box.locator(f"[data-opinion='{opinion}']").click()
        return box

    def write(self, box, comment):
        box.locator("textarea").fill(comment)
        box.locator(".review-save").click()

    def click(self, lat, lon):
        spot = self.page.evaluate(
            "([lat, lon]) => { const p = planMap.latLngToContainerPoint([lat, lon]);"
            " const b = planMap.getContainer().getBoundingClientRect();"
            " return [p.x + b.left, p.y + b.top]; }",
            [lat, lon],
        )
        self.page.mouse.move(*spot)
        self.page.mouse.click(*spot)

    def save(self, folder):
        """Press the key that saves the file, and return where it was put."""
        self.page.evaluate("openTab('review')")
        with self.page.expect_download() as download:
            self.page.locator("#review-save").click()
        file = folder / download.value.suggested_filename
        download.value.save_as(file)
        return file


@pytest.fixture(scope="module")
def loop(browser, tmp_path_factory):
    """Go round once; return the folders of both plans, the review file and the comparison."""
    folder = tmp_path_factory.mktemp("loop")
    case = small_case(folder / "case")
    before, after = folder / "before", folder / "after"
    command("run", case, "--out", before)
    page = Map(browser, before)
    stations = read_published(before).layers["stations"].set_index(["site_id", "energy"])
    page.write(
        page.choose("station", stations.loc[(KEPT, "charging"), "station_id"], "accept"), "同意"
    )
    page.choose("station", stations.loc[(MOVED, "charging"), "station_id"], "move")
    page.page.evaluate("([lat, lon]) => planMap.setView([lat, lon], 14)", list(PLACE))
    page.page.wait_for_timeout(300)
    page.click(*PLACE)
    page.write(page.page.locator(".review-form"), "原址无法征地")
    page.write(page.choose("segment", ROAD, "refuse"), "正在大修")
    file = page.save(folder)
    assert page.heard == [page.address]
    page.context.close()
    command("run", case, "--review", file, "--out", after)
    told = json.loads(command("compare", before, after, "--out", folder / "both", "--json"))
    return before, after, file, told


def log_of(folder):
    log = pyogrio.read_dataframe(folder / "plan.gpkg", layer="review_log", read_geometry=False)
    return log.set_index("opinion")


def test_the_file_holds_what_was_marked(loop):
    content = json.loads(loop[2].read_text(encoding="utf-8"))
    assert content["format"] == "planner-review-1"
    assert content["plan"]["case_id"] == "toy"
    marks = {mark["opinion"]: mark for mark in content["marks"]}
    assert set(marks) == {"accept", "move", "refuse"}
    assert marks["accept"]["site_id"] == KEPT
    assert marks["move"]["place"] == pytest.approx([PLACE[1], PLACE[0]], abs=0.001)
    assert marks["refuse"]["segment_ids"] == [ROAD]
    assert {mark["reviewer"] for mark in content["marks"]} == {REVIEWER}


def test_the_new_plan_honours_the_marks_and_says_what_each_costs(loop):
    before, after, _, _ = loop
    log = log_of(after)
    assert log["outcome"].to_dict() == dict.fromkeys(("accept", "move", "refuse"), "honoured")
    assert log.loc["accept", "cost_basis"] == "already"
    assert set(log.loc[["move", "refuse"], "cost_basis"]) <= {"solved", "within_gap", "estimated"}
    assert log["comment"].to_dict() == {
        "accept": "同意", "move": "原址无法征地", "refuse": "正在大修",
    }  # fmt: skip
    assert set(log["reviewer"]) == {REVIEWER}
    stations, roads = (read_published(after).layers[name] for name in ("stations", "test_roads"))
    standing = set(zip(stations["site_id"], stations["energy"], strict=True))
    assert (KEPT, "charging") in standing
    assert (MOVED, "charging") not in standing
    assert any(site.startswith("r-m-") for site, _ in standing)
    assert ROAD in set(read_published(before).layers["test_roads"]["segment_id"])
    assert ROAD not in set(roads["segment_id"])
    report = (after / "report.html").read_text(encoding="utf-8")
    assert "原址无法征地" in report
    assert "<b>总工</b>" not in report


def test_the_comparison_says_the_same(loop):
    told = loop[3]
    moved = [row for row in told["stations"]["rows"] if row["kind"] == "moved"]
    assert any(
        row["a"]["site_id"] == MOVED and row["b"]["site_id"].startswith("r-m-") for row in moved
    )
    dropped = {
        row["a"]["segment_id"] for row in told["test_roads"]["rows"] if row["kind"] == "dropped"
    }
    assert ROAD in dropped
    keys = [row["key"] for row in told["differing"]]
    assert sum(key.startswith("input.review.") for key in keys) == 1
    assert sum(key.startswith("review.") for key in keys) >= 3
    assert told["not_comparable"] == {}
    money = next(row for row in told["figures"] if row["key"] == "spent_cny")
    assert money["difference"] == money["b"] - money["a"]
    book = openpyxl.load_workbook(Path(told["folder"]) / "compare.xlsx", read_only=True)
    assert len(book.sheetnames) == 6
