"""Page and run have the same rules: what one saves the other reads, with the same conflicts."""

import json
import random
from types import SimpleNamespace

import pytest
from toy_written_plan import toy_plan

from planner.inputs.review_files import read_review_files
from planner.inputs.review_wishes import merged
from planner.outputs.map.page import render_map

TOY = SimpleNamespace(case_id="toy", variant="")
ENERGIES = ("charging", "swap", "hydrogen", "all")
REVIEWERS = ("张三", "李四", "王五", "赵六")


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    plan = toy_plan()
    file = tmp_path_factory.mktemp("rules") / "map.html"
    file.write_text(render_map(plan.layers, plan.figures), encoding="utf-8")
    opened = browser.new_page()
    opened.goto(file.as_uri())
    yield opened
    opened.close()


def some_marks(seed):
    """Return one mark of each reviewer on a site and on some segments, in a random order."""
    chance = random.Random(seed)
    marks = []
    for number, reviewer in enumerate(REVIEWERS):
        shared = {"reviewer": reviewer, "comment": "", "name": "x",
                  "marked_at": f"2026-11-22T08:0{number}:00Z"}  # fmt: skip
        target = chance.choice(("station", "site"))
        opinion = chance.choice(
            ("accept", "refuse", "move") if target == "station" else ("include", "refuse")
        )
        site = {"target": target, "target_id": "a1", "energy": chance.choice(ENERGIES)}
        if target == "station":
            site |= {"target_id": f"p-a1-{number}", "site_id": "a1"}
        if opinion == "move":
            site |= {"place": [116.0 + number / 100, 28.6], "energy": "charging"}
        road = {
            "target": "corridor",
            "target_id": "c0",
            "opinion": chance.choice(("accept", "refuse")),
            "segment_ids": chance.sample(["s0", "s1", "s2", "s3"], 2),
        }
        marks += [shared | site | {"opinion": opinion}, shared | road]
    chance.shuffle(marks)
    return [mark | {"mark_id": f"m-{number:012x}"} for number, mark in enumerate(marks)]


def saved_by(page, marks, tmp_path):
    """Return the file that the page saves for marks which it has read."""
    text = json.dumps(
        {
            "format": "planner-review-1",
            "plan": {"id": "0", "case_id": "toy", "variant": ""},
            "reviewer": "张三",
            "saved_at": "2026-11-22T09:00:00Z",
            "marks": marks,
        }
    )
    read = page.evaluate(
        "text => reviewText(mergedMarks(readReview(text).marks), 'Zhang')",
        text,
    )
    file = tmp_path / "review.json"
    file.write_text(read, encoding="utf-8")
    return file


def test_the_run_reads_what_the_page_saves(page, tmp_path):
    marks = some_marks(1)
    reviews = read_review_files([saved_by(page, marks, tmp_path)], TOY)
    assert {row.mark.mark_id for row in reviews.marks} == {mark["mark_id"] for mark in marks}
    assert reviews.files[0].plan_id == page.evaluate("plan.plan.id")
    assert reviews.warnings == ()


def test_the_page_and_the_run_find_the_same_conflicts(page, tmp_path):
    found = 0
    for seed in range(40):
        file = saved_by(page, some_marks(seed), tmp_path)
        run = merged(read_review_files([file], TOY).marks)
        assert not run.repeated
        assert not run.replaced
        by_run = {key[2:]: {one[2:] for one in rest} for key, rest in run.clashes.items()}
        by_page = page.evaluate(
            "text => [...conflictsOf(readReview(text).marks)].map(([id, others]) =>"
            " [id, [...others].map((one) => one.mark_id)])",
            file.read_text(encoding="utf-8"),
        )
        assert {key: set(rest) for key, rest in by_page} == by_run
        found += len(by_run)
    assert found > 100


def test_the_latest_mark_of_a_reviewer_counts_in_any_order(page):
    marks = some_marks(3)
    later = [
        mark | {"mark_id": f"{mark['mark_id']}b", "marked_at": "2026-11-22T10:00:00+01:30"}
        for mark in marks
    ]
    pile = marks + later
    random.Random(3).shuffle(pile)
    kept = page.evaluate("marks => mergedMarks(marks).map((mark) => mark.mark_id)", pile)
    # 10:00 at +01:30 is 08:30 UTC, later than every 08:0x.
    assert kept == sorted(mark["mark_id"] for mark in later)
