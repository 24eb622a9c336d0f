"""The review in a real browser: marks made, kept, saved, read again, merged, refused, drawn."""

import json
from pathlib import Path

import pytest
from toy_written_plan import HOSTILE, toy_plan

from planner.outputs.canonical import plan_id
from planner.outputs.map.page import render_map

SIZE = {"width": 1366, "height": 768}
NO_STORAGE = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("refused", "SecurityError"); },
});"""


class Reviewed:
    """The map in a browser profile of its own, as one reviewer has it open."""

    def __init__(self, context, address):
        self.context, self.address = context, address
        self.complaints, self.requests = [], []
        self.open()

    def open(self):
        """Open the map in a new window of the same profile."""
        self.page = self.context.new_page()
        self.page.set_default_timeout(15000)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(self.address)
        self.page.evaluate("openTab('review')")

    def again(self):
        """Close the window and open the map once more."""
        self.page.close()
        self.open()

    def named(self, name):
        self.page.locator("#reviewer-name").fill(name)
        self.page.locator("#reviewer-name").blur()

    def popup(self, layer, index=0):
        """Open the popup of a feature and return it."""
        self.page.evaluate("planMap.closePopup()")
        # A closed popup fades: its buttons would be taken for those of the next.
        self.page.wait_for_function("() => !document.querySelector('.leaflet-popup')")
        self.page.evaluate(
            "([id, index]) => { showLayer(planMap, id, true);"
            " drawnLayers.get(id).features[index].openPopup(); }",
            [layer, index],
        )
        return self.page.locator(".leaflet-popup", has=self.page.locator(".review-box")).last

    def mark(self, layer, opinion, comment="", index=0, scope=None):
        """Give an opinion through the popup of a feature."""
        box = self.popup(layer, index).locator(".review-box")
        box.locator(f"[data-opinion='{opinion}']").click()
        if scope:
            box.locator("select").select_option(scope)
        box.locator("textarea").fill(comment)
        box.locator(".review-save").click()

    def click_map(self, lat, lon):
        spot = self.page.evaluate(
            "([lat, lon]) => { planMap.stop();"
            " const p = planMap.latLngToContainerPoint([lat, lon]);"
            " const b = planMap.getContainer().getBoundingClientRect();"
            " return [p.x + b.left, p.y + b.top]; }",
            [lat, lon],
        )
        self.page.mouse.move(*spot)
        self.page.mouse.click(*spot)

    def saved(self, button="#review-save"):
        """Save the file and return its name and content."""
        with self.page.expect_download() as download:
            self.page.locator(button).click()
        text = Path(download.value.path()).read_text(encoding="utf-8")
        return download.value.suggested_filename, json.loads(text)

    def load(self, *contents, told=True):
        """Read files; text goes in as it is, other content as JSON."""
        files = [
            {
                "name": f"file{number}.json",
                "mimeType": "application/json",
                "buffer": (one if isinstance(one, str) else json.dumps(one)).encode(),
            }
            for number, one in enumerate(contents)
        ]
        self.page.locator("#review-files").set_input_files(files)
        if told:
            self.page.wait_for_function(
                "n => document.querySelectorAll('#review-told p').length === n", arg=len(files)
            )
        return self.page.locator("#review-told").inner_text()

    def marks(self):
        return self.page.evaluate("review.marks")

    def said(self):
        return {(mark["target_id"], mark["opinion"]) for mark in self.marks()}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    plan = toy_plan()
    file = tmp_path_factory.mktemp("review") / "map.html"
    file.write_text(render_map(plan.layers, plan.figures), encoding="utf-8")
    return file.as_uri()


@pytest.fixture
def reviewer(browser, address):
    """Open the map for a new reviewer; each has a browser profile of its own."""
    contexts = []

    def start(script=""):
        contexts.append(browser.new_context(viewport=SIZE, reduced_motion="reduce"))
        if script:
            contexts[-1].add_init_script(script)
        return Reviewed(contexts[-1], address)

    yield start
    for context in contexts:
        context.close()


def review_file(*marks, case_id="toy", **more):
    about = {"id": "0" * 16, "case_id": case_id, "variant": ""} | more.pop("plan", {})
    return {
        "format": "planner-review-1",
        "plan": about,
        "reviewer": "李四",
        "saved_at": "2026-11-22T09:00:00Z",
        "marks": list(marks),
    } | more


def a_mark(number=1, **more):
    return {
        "mark_id": f"m-{number:012x}",
        "target": "station",
        "target_id": "p-a1-dc120",
        "site_id": "a1",
        "energy": "charging",
        "name": "南昌县 a1",
        "opinion": "refuse",
        "comment": "",
        "reviewer": "李四",
        "marked_at": "2026-11-22T08:00:00Z",
    } | more


def test_three_marks_survive_closing_and_come_back_from_their_file(reviewer):
    first = reviewer()
    first.named("张三")
    first.mark("planned-dc120", "accept", "同意，尽快")
    first.mark("planned-swap", "refuse", "附近已有\n换电站")
    first.mark("stage-2025", "refuse", "施工", scope="corridor")
    assert first.said() == {
        ("p-a1-dc120", "accept"), ("p-a1-swap", "refuse"), ("c0", "refuse")
    }  # fmt: skip
    first.again()
    assert first.page.locator("#reviewer-name").input_value() == "张三"
    assert first.page.locator(".review-row").count() == 3
    assert "尚未存入文件" in first.page.locator("#review-state").inner_text()
    name, content = first.saved()
    plan = toy_plan()
    assert name.startswith(f"review-{plan.figures['case']['case_id']}-张三-20")
    assert content["format"] == "planner-review-1"
    assert content["plan"]["id"] == plan_id(plan.figures)
    by_id = {mark["target_id"]: mark for mark in content["marks"]}
    assert by_id["p-a1-swap"]["comment"] == "附近已有\n换电站"
    assert by_id["p-a1-swap"]["site_id"] == "a1"
    assert by_id["p-a1-swap"]["energy"] == "swap"
    assert by_id["c0"]["segment_ids"] == ["s0", "s1", "s2", "s3"]
    assert {mark["reviewer"] for mark in content["marks"]} == {"张三"}
    assert "全部意见已存入文件" in first.page.locator("#review-state").inner_text()
    second = reviewer()
    assert "读入 3 条意见" in second.load(content)
    assert second.marks() == content["marks"]
    assert second.load(content)
    assert second.marks() == content["marks"]
    assert first.complaints == second.complaints == []
    assert set(first.requests) == {first.address}


def test_what_a_popup_offers_fits_the_thing(reviewer):
    opened = reviewer()

    def offered(layer, index=0):
        box = opened.popup(layer, index).locator(".review-box [data-opinion]")
        return [one.get_attribute("data-opinion") for one in box.all()]

    assert offered("planned-dc120") == ["accept", "refuse", "move"]
    assert offered("changed-charging") == ["accept", "refuse"]
    assert offered("stage-2025") == ["accept", "refuse"]
    opened.page.evaluate("planMap.closePopup()")
    opened.page.evaluate("drawnLayers.get('existing-charging').features[0].openPopup()")
    assert opened.page.locator(".review-box").count() == 0
    opened.page.evaluate("showLayer(planMap, 'opened-before', true)")
    opened.page.evaluate("drawnLayers.get('opened-before').features[0].openPopup()")
    assert opened.page.locator(".review-box").count() == 0


def test_a_station_is_moved_by_a_click_and_the_distance_is_told(reviewer):
    opened = reviewer()
    opened.named("张三")
    opened.popup("planned-dc120").locator("[data-opinion='move']").click()
    assert "新位置" in opened.page.locator(".review-bar").inner_text()
    opened.click_map(28.62, 116.06)
    form = opened.page.locator(".review-form")
    # 0.03 degrees north and 0.03 degrees east of 28.65 N are 3,336 m and 2,930 m: 4.44 km.
    assert "≈ 4.4" in form.inner_text()
    form.locator("textarea").fill("原址无法征地")
    form.locator(".review-save").click()
    (mark,) = opened.marks()
    assert mark["place"] == pytest.approx([116.06, 28.62], abs=0.002)
    assert (mark["opinion"], mark["comment"]) == ("move", "原址无法征地")
    assert opened.page.locator(".review-bar").count() == 0
    opened.popup("planned-dc120").locator("[data-opinion='move']").click()
    opened.page.keyboard.press("Escape")
    assert opened.page.locator(".review-bar").count() == 0
    assert opened.marks() == [mark]


def test_an_excluded_road_is_picked_with_its_reason_and_included(reviewer):
    opened = reviewer()
    opened.named("张三")
    opened.page.locator("#review-pick").click()
    opened.click_map(28.79, 115.85)
    assert "没有可选道路" in opened.page.locator(".review-bar").inner_text()
    opened.click_map(28.6505, 116.094)
    popup = opened.page.locator(".leaflet-popup")
    assert "已被排除" in popup.inner_text()
    popup.locator("[data-opinion='include']").click()
    popup.locator(".review-save").click()
    (mark,) = opened.marks()
    assert (mark["target"], mark["target_id"], mark["opinion"]) == ("segment", "s9", "include")
    assert mark["segment_ids"] == ["s9"]
    assert opened.page.locator("#review-pick").get_attribute("aria-pressed") == "true"
    opened.page.locator("#review-pick").click()
    assert opened.page.locator("#review-pick").get_attribute("aria-pressed") == "false"


def test_a_second_reviewer_is_merged_and_the_conflict_is_shown(reviewer):
    opened = reviewer()
    opened.named("张三")
    opened.mark("planned-dc120", "accept")
    opened.mark("planned-swap", "accept")
    opened.load(
        review_file(a_mark(1, comment="地块已出让"), a_mark(2, target_id="p-a1-swap", energy="swap",
                                                       opinion="accept"))
    )  # fmt: skip
    assert len(opened.marks()) == 4
    assert opened.page.locator(".review-row.disputed").count() == 2
    assert "2 条意见相互冲突" in opened.page.locator("#review-state").inner_text()
    assert "与之冲突：" in opened.page.locator(".review-row.disputed").first.inner_text()
    colours = opened.page.evaluate(
        "review.drawn.getLayers().map((one) => one.options.fillColor).filter(Boolean)"
    )
    assert colours.count("#6a1b9a") == 2
    assert colours.count("#2e7d32") == 2
    later = a_mark(3, opinion="accept", marked_at="2026-11-22T08:00:01Z")
    earlier = a_mark(4, opinion="move", place=[116.0, 28.6], marked_at="2026-11-22T07:00:00Z")
    opened.load(review_file(later, earlier))
    assert len(opened.marks()) == 4
    assert opened.page.locator(".review-row.disputed").count() == 0
    _, mine = opened.saved("#review-mine")
    assert {mark["reviewer"] for mark in mine["marks"]} == {"张三"}
    _, everyone = opened.saved()
    assert len(everyone["marks"]) == 4


def test_marks_are_edited_deleted_and_brought_back(reviewer):
    opened = reviewer()
    opened.named("张三")
    opened.mark("planned-dc120", "accept", "一")
    opened.mark("planned-swap", "refuse", "二")
    row = opened.page.locator(".review-row", has_text="一")
    row.get_by_role("button", name="修改").click()
    row.locator("textarea").fill("三")
    row.locator(".review-save").click()
    assert [mark["comment"] for mark in opened.marks()] == ["二", "三"]
    opened.page.locator(".review-row", has_text="二").get_by_role("button", name="删除").click()
    assert [mark["comment"] for mark in opened.marks()] == ["三"]
    opened.page.locator("#review-undo").click()
    assert [mark["comment"] for mark in opened.marks()] == ["二", "三"]
    opened.page.locator("#review-filters .chip", has_text="不同意").click()
    assert opened.page.locator(".review-row").count() == 1
    opened.page.locator(".review-entry").click()
    opened.page.wait_for_selector(".leaflet-popup")
    assert "二" in opened.page.locator(".leaflet-popup .review-said").inner_text()
    opened.mark("planned-swap", "accept", "改主意")
    assert len(opened.marks()) == 2


def test_hostile_names_and_comments_are_inert_and_read_back_unchanged(reviewer):
    opened = reviewer()
    opened.named("张三")
    marks = [
        a_mark(number, target_id="p-a1-dc120", reviewer=f"{name[:200]}·{number}", comment=name,
               name=name, opinion="accept")
        for number, name in enumerate(HOSTILE)
    ]  # fmt: skip
    opened.load(review_file(*marks))
    assert opened.page.locator(".review-row").count() == len(HOSTILE)
    opened.popup("planned-dc120")
    opened.page.wait_for_timeout(100)
    assert opened.page.evaluate("window.ran === undefined")
    assert opened.page.locator("#panel img, #panel svg[onload], .leaflet-popup img").count() == 0
    assert "⟦U+202E⟧" in opened.page.locator("#review-list").inner_text()
    _, content = opened.saved()
    assert {mark["comment"] for mark in content["marks"]} == set(HOSTILE)
    opened.again()
    assert len(opened.marks()) == len(HOSTILE)
    assert opened.complaints == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{not json", "不是有效的 JSON"),
        ("[1, 2]", "不是评审文件"),
        ('{"format": "planner-review-1", "plan": null, "marks": []}', "不是评审文件"),
        (review_file(format="planner-review-2"), "不是评审文件"),
        (review_file(case_id="wuhan"), "另一个案例（wuhan）"),
        (review_file(a_mark(opinion="delete")), "marks[0].opinion"),
        (review_file(a_mark(), a_mark(2, comment="长" * 5001)), "marks[1].comment"),
        (review_file(a_mark(opinion="move")), "marks[0].place"),
        (review_file(a_mark(opinion="move", place=[116.0, "28"])), "marks[0].place"),
        (review_file(a_mark(target="segment", segment_ids=[1])), "marks[0].segment_ids"),
        (review_file(a_mark(marked_at="yesterday")), "marks[0].marked_at"),
        (review_file(a_mark(mark_id="<b>")), "marks[0].mark_id"),
        (review_file(a_mark(), a_mark()), "同一编号出现两次"),
        (review_file("x"), "marks[0]"),
        (review_file(*[a_mark()] * 10_001), "10,000"),
        (json.dumps(review_file(a_mark())) + " " * (5 * 1024 * 1024), "超过 5 MB"),
    ],
    ids=range(16),
)
def test_a_wrong_file_is_refused_whole_and_says_why(sole_reviewer, content, words):
    assert words in sole_reviewer.load(content)
    assert sole_reviewer.marks() == []
    assert sole_reviewer.page.locator("#review-told .review-bad").count() == 1


@pytest.fixture(scope="module")
def sole_reviewer(browser, address):
    context = browser.new_context(viewport=SIZE, reduced_motion="reduce")
    yield Reviewed(context, address)
    context.close()


def test_a_file_of_another_plan_of_the_case_is_read_with_a_warning(reviewer):
    opened = reviewer()
    gone = a_mark(2, target_id="p-gone", site_id="gone")
    told = opened.load("{", review_file(a_mark(), gone))
    assert "不是有效的 JSON" in told
    assert "另一版方案" in told
    assert len(opened.marks()) == 2
    assert opened.page.locator(".review-bad", has_text="没有此对象").count() == 1
    assert set(opened.marks()[0]) <= set(a_mark()) | {"segment_ids", "place"}


def test_where_storage_is_refused_the_page_works_and_warns(reviewer):
    opened = reviewer(NO_STORAGE)
    assert "关闭页面前请先" in opened.page.locator("#review-state").inner_text()
    opened.named("张三")
    opened.mark("planned-dc120", "accept")
    asked = []
    opened.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    opened.page.mouse.click(700, 400)
    opened.page.reload()
    assert asked == ["beforeunload"]
    opened.page.evaluate("openTab('review')")
    assert opened.marks() == []
    assert opened.complaints == []


def test_the_review_speaks_both_languages(reviewer):
    opened = reviewer()
    opened.named("Zhang")
    opened.mark("planned-dc120", "accept", "fine")
    assert "必须纳入" in opened.page.locator("#tab-review").inner_text()
    opened.page.locator("#language").click()
    text = opened.page.locator("#tab-review").inner_text()
    assert "must include" in text
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in text.replace("南昌县", ""))


def test_the_printed_page_has_the_marks_as_a_table(reviewer):
    opened = reviewer()
    opened.named("张三")
    opened.mark("planned-dc120", "accept", "同意，尽快")
    opened.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    opened.page.emulate_media(media="print")
    table = opened.page.locator("#review-sheet")
    assert table.is_visible()
    assert "同意，尽快" in table.inner_text()
    assert "p-a1-dc120" in table.inner_text()
