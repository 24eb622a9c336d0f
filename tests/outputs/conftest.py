"""Fixtures of the output tests: toy plans, and pages that count what they ask for."""

import pytest
from toy_written_plan import toy_plan

from planner.outputs.map.page import render_map


@pytest.fixture
def plan():
    return toy_plan()


@pytest.fixture
def hostile_plan():
    return toy_plan(hostile=True)


class Opened:
    """A page in the browser, with every request it made and every complaint it raised."""

    def __init__(self, browser, file, size):
        self.page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        self.page.set_default_timeout(15000)
        self.requests, self.complaints = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._heard)
        self.address = file.as_uri()
        self.load()

    def load(self):
        """Open the page afresh and forget what was heard of it."""
        self.requests.clear()
        self.complaints.clear()
        self.page.goto(self.address)

    def _heard(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def click_map(self, lat, lon):
        """Click the map where a place is drawn."""
        spot = self.page.evaluate(
            "([lat, lon]) => { const p = planMap.latLngToContainerPoint([lat, lon]);"
            " const b = planMap.getContainer().getBoundingClientRect();"
            " return [p.x + b.left, p.y + b.top]; }",
            [lat, lon],
        )
        self.page.mouse.click(*spot)


@pytest.fixture(scope="module")
def map_page(browser, tmp_path_factory):
    plan = toy_plan()
    file = tmp_path_factory.mktemp("map") / "map.html"
    file.write_text(render_map(plan.layers, plan.figures), encoding="utf-8")
    opened = Opened(browser, file, (1400, 900))
    yield opened
    opened.page.close()


@pytest.fixture
def opened_map(map_page):
    map_page.load()
    return map_page


@pytest.fixture
def open_page(browser, tmp_path):
    opened = []

    def open_text(text, size=(1400, 900)):
        file = tmp_path / f"page{len(opened)}.html"
        file.write_text(text, encoding="utf-8")
        opened.append(Opened(browser, file, size))
        return opened[-1]

    yield open_text
    for one in opened:
        one.page.close()
