"""The map outside its folder: the same page from a plan, from its folder and in a notebook."""

import nbformat
import pytest
from nbclient import NotebookClient

import planner
from planner.outputs import MapView, explore
from planner.plan import Plan

CELL = "import planner\nplanner.explore({folder!r}, lang='en')"


def test_the_map_of_a_published_plan_is_its_map_to_the_byte(toy_plan_folder):
    page = explore(toy_plan_folder).page
    assert page.encode() == (toy_plan_folder / "map.html").read_bytes()


def test_a_plan_is_explored_by_what_its_pipeline_gave_it(plan):
    made = Plan(None, plan.layers, plan.figures, explorer=planner.explore)
    assert made.explore(height=300) == MapView(explore(plan).page, 300)
    assert made == Plan(None, plan.layers, plan.figures)
    with pytest.raises(TypeError, match=r"planner\.explore\(plan\)"):
        Plan(None, plan.layers, plan.figures).explore()


def test_a_notebook_keeps_the_whole_map_and_shows_it_offline(toy_plan_folder, open_page):
    cell = nbformat.v4.new_code_cell(CELL.format(folder=str(toy_plan_folder)))
    book = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(book, timeout=120, kernel_name="python3").execute()
    (output,) = book.cells[0].outputs
    html = output["data"]["text/html"]
    assert "planner.outputs" in output["data"]["text/plain"]
    assert len(output["data"]["text/plain"]) < 200
    opened = open_page(f"<!doctype html><body>{html}")
    frame = opened.page.frame_locator("iframe")
    frame.locator("[data-tab='review']").click()
    assert "Reviewer" in frame.locator("#tab-review").inner_text()
    assert [url for url in opened.requests if url not in {opened.address, "about:srcdoc"}] == []
    assert opened.complaints == []
