"""Pages in a real browser: no request, no complaint, every layer there, no name that runs."""

import pytest
from toy_written_plan import HOSTILE

from planner.outputs.map.page import render_map
from planner.outputs.report import render_report
from planner.outputs.text_safety import visible


def assert_quiet(opened):
    assert opened.requests == [opened.address]
    assert opened.complaints == []


def unfold(page):
    """Open every group of the legend."""
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


@pytest.mark.parametrize("size", [(1400, 900), (390, 800)])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_map_opens_without_a_request_or_a_complaint(plan, open_page, lang, size):
    opened = open_page(render_map(plan.layers, plan.figures, lang=lang), size)
    opened.page.wait_for_selector("canvas")
    assert_quiet(opened)
    title = plan.figures["case"][f"title_{lang}"]
    assert opened.page.locator("#title").inner_text() == title
    assert opened.page.title() == title


def test_every_layer_is_listed_with_its_count_and_drawn(opened_map):
    page = opened_map.page
    counts = page.evaluate(
        "Object.fromEntries(plan.groups.flatMap((g) => g.layers).map((l) => [l.id, l.count]))"
    )
    assert counts == {
        "planned-dc120": 1,
        "planned-swap": 1,
        "changed-charging": 1,
        "existing-charging": 1,
        "rejected-sites": 1,
        "highway-short": 1,
        "highway-met": 1,
        "trip-not_refuelled": 1,
        "trip-refuelled": 1,
        "opened-before": 1,
        "stage-2025": 3,
        "stage-2026": 3,
        "stage-2027": 2,
        "closed-roads": 1,
        "grade-1": 2,
        "grade-2": 2,
        "grade-3": 2,
        "grade-4": 2,
        "grade-5": 1,
        "value-1": 9,
        "fitted": 3,
        "unfitted": 6,
        "equipped": 3,
        "rsu-junction-existing": 1,
        "rsu-junction-new_pole": 1,
        "rsu-spacing-new_pole": 1,
        "excluded-speed": 1,
        "excluded-school": 1,
        "feature-signal": 1,
        "feature-pole": 1,
        "township-met": 2,
        "township-short": 1,
        "township-cannot_be_checked": 1,
        "zone-cluster-points": 1,
        "zone-exclusion-areas": 1,
        "zone-school-points": 1,
        "supply-upgraded": 1,
        "supply-nodes": 1,
        "demand-points": 3,
    }
    page.evaluate("openTab('layers')")
    unfold(page)
    for key in counts:
        page.locator(f"#box-{key}").set_checked(True)
        assert page.evaluate("(id) => planMap.hasLayer(drawnLayers.get(id))", key)
    page.locator("#box-stage-2026").set_checked(False)
    assert not page.evaluate("planMap.hasLayer(drawnLayers.get('stage-2026'))")
    assert_quiet(opened_map)


def test_a_click_on_a_station_shows_its_row(opened_map):
    opened_map.click_map(28.65, 115.9)
    popup = opened_map.page.locator(".popup")
    assert popup.locator("h3").inner_text() == "老站"
    assert "60 kW 直流快充" in popup.inner_text()
    opened_map.page.evaluate("drawnLayers.get('changed-charging').features[0].openPopup()")
    text = opened_map.page.locator(".popup", has_text="扩建站").inner_text()
    assert "2 → 4" in text
    assert "扩建" in text
    assert "3.2 万元/年" in text


def test_one_switch_an_energy_hides_and_shows_its_stations(opened_map):
    page = opened_map.page
    page.evaluate("openTab('layers')")
    shown = "(ids) => ids.map((id) => planMap.hasLayer(drawnLayers.get(id)))"
    charging = ["planned-dc120", "changed-charging", "existing-charging"]
    chip = page.locator("[data-energy='charging']")
    assert chip.get_attribute("aria-pressed") == "true"
    chip.click()
    assert page.evaluate(shown, charging) == [False, False, False]
    assert page.evaluate(shown, ["planned-swap"]) == [True]
    assert chip.get_attribute("aria-pressed") == "false"
    page.locator("#box-existing-charging").set_checked(True)
    assert chip.get_attribute("aria-pressed") == "true"
    chip.click()
    chip.click()
    assert page.evaluate(shown, charging) == [True, True, True]


def test_a_motorway_and_an_upgraded_supply_node_answer_a_click(opened_map):
    page = opened_map.page
    page.evaluate("showLayer(planMap, 'highway-short', true)")
    page.evaluate("drawnLayers.get('highway-short').features[0].openPopup()")
    text = page.locator(".popup").inner_text()
    assert "54.0 km" in text
    assert "最大间距 54 公里" in text
    assert "largest gap 54 km" not in text
    page.evaluate("drawnLayers.get('supply-upgraded').features[0].openPopup()")
    text = page.locator(".popup", has_text="变电站一").inner_text()
    assert "2025 年 / 2026 年 / 2,000 kW" in text
    assert "35 万元" in text


def test_stations_on_one_place_are_drawn_side_by_side(opened_map):
    shown = opened_map.page.evaluate(
        "['planned-dc120', 'planned-swap'].map((id) => drawnLayers.get(id).features[0]._point.x)"
    )
    assert abs(shown[0] - shown[1]) == pytest.approx(17)


def test_a_test_road_and_a_county_answer_a_click(opened_map):
    opened_map.click_map(28.652, 116.015)
    assert opened_map.page.locator(".popup h3").inner_text() == "昌南大道1"
    opened_map.click_map(28.75, 116.1)
    text = opened_map.page.locator(".popup", has_text="2,500").inner_text()
    assert "2,500 kWh/日" in text


def test_gap_views_colour_the_counties_before_and_after(opened_map):
    page = opened_map.page
    colour = "drawnLayers.get('gaps-county').features[1].options.fillColor"
    page.evaluate("openTab('layers')")
    classes = page.evaluate("plan.gaps.classes.map((one) => one.colour)")
    # Before, all of Nanchang County is out of reach; after, a fifth is beyond capacity.
    assert page.evaluate("gapState.phase") == "after"
    page.locator("[data-gap='phase:before']").click()
    assert page.evaluate(colour) == classes[5]
    page.locator("[data-gap='measure:capacity']").click()
    assert page.evaluate(colour) == classes[0]
    page.locator("[data-gap='phase:after']").click()
    assert page.evaluate(colour) == classes[2]
    page.locator("[data-gap='measure:coverage']").click()
    assert page.evaluate(colour) == classes[0]
    assert "覆盖缺口 · 充电 · 规划后" in page.locator("#gap-key").inner_text()
    page.locator("[data-gap='energy:hydrogen']").click()
    assert page.evaluate(colour) == page.evaluate("plan.gaps.none.colour")
    page.locator("[data-gap='off:off']").click()
    assert not page.evaluate("planMap.hasLayer(drawnLayers.get('gaps-county'))")


def test_townships_take_the_colours_of_their_own_gaps(opened_map):
    page = opened_map.page
    page.evaluate("openTab('layers')")
    page.locator("[data-gap='level:township']").click()
    shown = page.evaluate(
        "drawnLayers.get('gaps-township').features.map((f) => [f.row.i, f.options.fillColor])"
    )
    classes = page.evaluate("plan.gaps.classes.map((one) => one.colour)")
    missing = page.evaluate("plan.gaps.missing.colour")
    assert shown == [["t1", classes[3]], ["t2", missing], ["t3", classes[2]]]
    assert not page.evaluate("planMap.hasLayer(drawnLayers.get('gaps-county'))")
    assert "1 无坐标" in page.locator("#gap-unplaced").inner_text()


def test_the_language_switch_changes_every_visible_word(opened_map):
    page = opened_map.page
    assert "短板最大的县" in page.locator("#panel").inner_text()
    page.locator("#language").click()
    panel = page.locator("#panel").inner_text()
    assert "County least served" in panel
    assert "短板最大的县" not in panel
    assert page.evaluate("document.documentElement.lang") == "en"


def test_the_measure_tool_gives_the_distance_on_the_ground(opened_map):
    page = opened_map.page
    page.locator("#tool-measure").click()
    opened_map.click_map(28.6, 115.95)
    opened_map.click_map(28.6, 116.05)
    # 0.1 degrees of longitude at 28.6 N are 111.32 km * cos(28.6) / 10 = 9.77 km.
    shown = float(page.locator(".measured").inner_text().split()[1])
    assert shown == pytest.approx(9.77, abs=0.05)


def test_the_panel_folds_and_gives_its_room_to_the_map(opened_map):
    page = opened_map.page
    width = "planMap.getSize().x"
    before = page.evaluate(width)
    page.locator("#panel-toggle").click()
    assert page.evaluate(width) == before + 360


def test_the_map_says_that_roads_are_schematic_and_the_map_internal(opened_map):
    page = opened_map.page
    assert "示意路网" in page.locator("#banner").inner_text()
    assert "planner init real" in page.locator("#banner code").text_content()
    assert "不得公开" in page.locator("#foot").inner_text()


def test_hostile_names_are_text_in_the_map(hostile_plan, open_page):
    opened = open_page(render_map(hostile_plan.layers, hostile_plan.figures))
    page = opened.page
    page.evaluate("openTab('layers')")
    unfold(page)
    for key in page.evaluate("plan.groups.flatMap((g) => g.layers).map((l) => l.id)"):
        page.locator(f"#box-{key}").set_checked(True)
    titles = page.evaluate(
        """() => {
          const seen = [];
          for (const group of drawnLayers.values()) {
            for (const feature of group.features || []) {
              if (!feature.row || !Object.hasOwn(feature, "openPopup")) continue;
              feature.openPopup();
              seen.push(document.querySelector(".popup h3").textContent);
            }
          }
          return seen;
        }"""
    )
    page.wait_for_timeout(200)
    assert {visible(name) for name in HOSTILE} & set(titles)
    assert page.evaluate("window.ran === undefined")
    assert page.locator("#title").inner_text() == HOSTILE[3]
    assert page.locator("#panel img, #panel svg[onload], .popup img, #map_plan img").count() == 0
    assert_quiet(opened)


def test_the_content_policy_stops_what_the_page_does_not_ship(opened_map):
    page = opened_map.page
    page.evaluate(
        """() => {
          const box = document.createElement("div");
          box.innerHTML = "<img src=x onerror='window.ran=1'>";
          document.body.append(box);
          const script = document.createElement("script");
          script.textContent = "window.ran=2";
          document.body.append(script);
        }"""
    )
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran === undefined")
    assert any("Content Security Policy" in text for text in opened_map.complaints)


@pytest.mark.parametrize("size", [(1400, 900), (390, 800)])
def test_the_report_opens_without_a_request_and_switches_language(plan, open_page, size):
    opened = open_page(render_report(plan.layers, plan.figures), size)
    page = opened.page
    assert page.locator("h1").inner_text() == "示范市充换电与测试道路规划"
    assert "短板最大" in page.locator(".lead").inner_text()
    page.locator("label[for='lang-en']").click()
    assert page.locator("h1").inner_text() == "Toy City charging and test-road plan"
    assert "is served least" in page.locator(".lead").inner_text()
    assert_quiet(opened)


def test_hostile_names_are_text_in_the_report(hostile_plan, open_page):
    opened = open_page(render_report(hostile_plan.layers, hostile_plan.figures))
    page = opened.page
    assert page.locator("h1").inner_text() == HOSTILE[3]
    assert page.evaluate("document.images.length + document.scripts.length") == 0
    assert page.evaluate("window.ran === undefined")
    assert_quiet(opened)
