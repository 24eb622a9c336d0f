"""Test roads in a real browser: views that replace each other, a corridor followed and left."""

import pytest
from toy_written_plan import HOSTILE

from planner.outputs.map.page import render_map
from planner.outputs.text_safety import visible

SHOWN = "[...drawnLayers.keys()].filter((id) => planMap.hasLayer(drawnLayers.get(id)))"
LIT = "followed.drawn.getLayers()[1].getLatLngs().flat().map((p) => [p.lat, p.lng])"


def lists(opened):
    """Open the list of the corridors and return its entries."""
    opened.page.evaluate("openTab('lists')")
    opened.page.locator("[data-list='corridors']").click()
    return opened.page.locator("#list-scroller td button")


@pytest.mark.parametrize("view", ["grade", "value", "fitted", "stage"])
def test_a_view_replaces_the_others_and_opens_its_legend(opened_map, view):
    page = opened_map.page
    page.evaluate("openTab('layers')")
    page.locator(f"[data-roads='{view}']").click()
    pressed = page.locator("[data-roads][aria-pressed='true']")
    assert pressed.count() == 1
    assert pressed.get_attribute("data-roads") == view
    on = page.evaluate(
        "plan.groups.filter((g) => g.view && viewShown(planMap, g)).map((g) => g.view)"
    )
    assert on == [view]
    group = page.evaluate("(v) => plan.groups.find((g) => g.view === v).id", view)
    assert page.locator(f"#group-{group} .layer").first.is_visible()
    assert page.evaluate("planMap.hasLayer(drawnLayers.get('equipped'))") is (view == "stage")


def test_a_road_of_every_view_answers_with_the_same_row(opened_map):
    page = opened_map.page
    page.evaluate("openTab('layers')")
    texts = set()
    for view in ("stage", "grade", "value", "fitted"):
        page.locator(f"[data-roads='{view}']").click()
        page.evaluate("planMap.closePopup()")
        page.wait_for_selector(".popup", state="detached")
        opened_map.click_map(28.652, 116.015)
        texts.add(page.locator(".popup").inner_text())
    assert len(texts) == 1
    assert "道路等级 3 + 车道 1 = 4 分" in texts.pop()


def test_only_roads_puts_the_rest_aside_and_brings_it_back(opened_map):
    page = opened_map.page
    page.evaluate("openTab('layers')")
    before = page.evaluate(SHOWN)
    page.locator("#only-roads").click()
    left = page.evaluate(SHOWN)
    assert {"opened-before", "stage-2025", "equipped", "borders"} <= set(left)
    assert not {"planned-dc120", "gaps-county", "township-short", "zone-cluster-points"} & set(left)
    page.locator("#only-roads").click()
    assert sorted(page.evaluate(SHOWN)) == sorted(before)


def test_a_click_on_a_corridor_lights_all_of_it_from_end_to_end(opened_map):
    page = opened_map.page
    entries = lists(opened_map)
    assert entries.count() == 3
    assert "12.02" in opened_map.page.locator("#list-scroller tbody").inner_text()
    entries.first.click()
    page.wait_for_timeout(1200)
    spots = page.evaluate(LIT)
    # Segments s4 to s7 run from 115.94 to 116.06 east, three points each.
    assert len(spots) == 12
    assert [spots[0], spots[-1]] == [[28.65, 115.94], [28.65, 116.06]]
    ends = page.evaluate(
        "followed.drawn.getLayers().slice(2).map((m) => [m.options.glyph, m.getLatLng().lng])"
    )
    assert ends == [["A", 115.94], ["B", 116.06]]
    for spot in spots:
        assert page.evaluate("(spot) => planMap.getBounds().contains(spot)", spot)
    card = page.locator(".follow")
    assert "昌南大道1" in card.inner_text()
    assert "c1 · 12.02 公里" in card.inner_text()
    assert "南昌县、青山湖区" in card.inner_text()
    assert "planned-dc120" not in page.evaluate(SHOWN)


def test_a_corridor_is_walked_segment_by_segment_to_its_end(opened_map):
    page = opened_map.page
    lists(opened_map).first.click()
    ids = []
    for step in range(1, 5):
        page.locator("#follow-next").click()
        assert page.locator("#follow-at").inner_text() == f"{step} / 4"
        ids.append(page.locator("#follow-row tr").last.locator("td").inner_text())
    assert ids == ["s4", "s5", "s6", "s7"]
    page.locator("#follow-next").click()
    assert page.locator("#follow-at").inner_text() == "4 / 4"
    page.locator("#follow-previous").click()
    assert page.locator("#follow-at").inner_text() == "3 / 4"
    page.locator("#follow-whole").click()
    assert page.locator("#follow-at").inner_text() == "A – B · 4"
    assert page.locator("#follow-row tr").count() == 0


def test_back_restores_layers_and_view_also_after_a_second_corridor(opened_map):
    page = opened_map.page
    before = page.evaluate(SHOWN)
    view = page.evaluate("[planMap.getCenter().lng, planMap.getZoom()]")
    entries = lists(opened_map)
    entries.first.click()
    page.wait_for_timeout(1000)
    entries.nth(1).click()
    page.wait_for_timeout(1000)
    assert page.locator(".follow").count() == 1
    page.locator("#follow-back").click()
    page.wait_for_timeout(1500)
    assert page.locator(".follow").count() == 0
    assert sorted(page.evaluate(SHOWN)) == sorted(before)
    assert page.evaluate("followed.drawn") is None
    again = page.evaluate("[planMap.getCenter().lng, planMap.getZoom()]")
    assert again == pytest.approx(view, abs=1e-3)
    assert opened_map.requests == [opened_map.address]
    assert opened_map.complaints == []


def test_the_popup_of_a_road_leads_to_its_corridor(opened_map):
    page = opened_map.page
    page.evaluate("drawnLayers.get('stage-2025').features[0].openPopup()")
    page.locator(".popup .follow-link").click()
    assert "昌南大道0" in page.locator(".follow h3").inner_text()
    assert page.evaluate("followed.corridor.rows") == [0, 1, 2, 3]


@pytest.mark.parametrize("size", [(1500, 1000), (1280, 720), (390, 800)])
def test_no_text_of_the_panel_or_the_card_is_cut(plan, open_page, size):
    page = open_page(render_map(plan.layers, plan.figures), size).page
    cut = """() => [...document.querySelectorAll('#panel *, .follow *')].filter((node) =>
      node.offsetParent
      && !node.matches('.tab, .scroller, .sheet td, .sheet td *, .unseen, #banner, #follow-row')
      && getComputedStyle(node).overflowY !== 'visible'
      && node.scrollHeight > node.clientHeight + 1).map((node) => node.className)"""
    for tab in ("overview", "layers", "lists"):
        page.evaluate(f"openTab('{tab}')")
        assert page.evaluate(cut) == []
    page.evaluate("follow(planMap, plan.corridors[0]); walk(planMap, 1)")
    assert page.evaluate(cut) == []
    box = page.locator(".follow").bounding_box()
    assert box["x"] + box["width"] <= size[0]
    assert box["y"] + box["height"] <= size[1]


@pytest.mark.parametrize("size", [(1366, 768), (1280, 600), (390, 800)])
def test_every_button_of_the_card_can_be_clicked_beside_the_years(plan, open_page, size):
    page = open_page(render_map(plan.layers, plan.figures), size).page
    folded = page.evaluate("byId('year-fold').open")
    page.evaluate("follow(planMap, plan.corridors[0]); walk(planMap, 1)")
    covered = """() => [...document.querySelectorAll('.follow button, #follow-row')]
     .filter((node) => {
      const box = node.getBoundingClientRect();
      return !node.contains(document.elementFromPoint(box.left + box.width / 2, box.bottom - 3));
    }).map((node) => node.textContent)"""
    assert page.locator(".follow button").count() >= 6
    assert page.evaluate(covered) == []
    page.evaluate("byId('year-fold').open = true")
    assert page.evaluate(covered) == []
    page.locator("#follow-back").click()
    assert page.evaluate("byId('year-fold').open") is folded


def test_hostile_names_are_text_when_a_corridor_is_followed(hostile_plan, open_page):
    opened = open_page(render_map(hostile_plan.layers, hostile_plan.figures))
    page = opened.page
    titles = page.evaluate(
        """() => plan.corridors.map((corridor) => {
          follow(planMap, corridor);
          for (const _ of corridor.rows) walk(planMap, 1);
          return document.querySelector(".follow h3").textContent;
        })"""
    )
    page.wait_for_timeout(1200)
    assert {visible(name) for name in HOSTILE} & set(titles)
    assert page.evaluate("window.ran === undefined")
    assert page.locator(".follow img, .follow svg, .follow script").count() == 0
    page.locator("#follow-back").click()
    assert opened.requests == [opened.address]
    assert opened.complaints == []
