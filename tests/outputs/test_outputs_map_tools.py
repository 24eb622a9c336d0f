"""Tools of the map in a real browser: search, lists, years, print view, picking, keyboard."""

import pytest
from map_block import data_block
from toy_written_plan import HOSTILE

from planner.outputs.map.page import REVIEW_SCRIPTS, SCRIPTS, _template, render_map

OPTIONS = "#found .option"


def options(page):
    """Return kind heads and options of the search, as they stand."""
    return page.evaluate(
        "[...document.querySelectorAll('#found > *')].map((n) => n.textContent.trim())"
    )


def found(page, text):
    """Type into the search and return the name of each option."""
    page.locator("#search").fill(text)
    return page.evaluate("searching.options.map((o) => `${o.entry.kind} ${o.entry.id}`)")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a1", ["station p-a1-dc120", "station p-a1-swap"]),
        ("水源", ["site a2", "zone z2"]),
        ("c1", ["corridor c1", "station p-a1-dc120"]),
        ("塘", ["township t3"]),
        ("county", ["county 360121"]),
        ("xiangTANG", ["township t3"]),
        ("沪昆", ["stretch G60w", "stretch G60e"]),
        ("school", ["zone z3"]),
        ("s11", ["segment s11"]),
        ("ｓ１１", ["segment s11"]),
        ("昌南大道2", ["corridor c2", "segment s10", "segment s8", "segment s9", "segment s11"]),
        ("no such thing", []),
    ],
)
def test_search_finds_part_of_a_name_in_both_languages_and_ids(opened_map, text, wanted):
    assert found(opened_map.page, text) == wanted


def test_search_works_by_keyboard_and_paste_and_flies_there(opened_map):
    page = opened_map.page
    page.evaluate(
        """() => {
          byId("search").value = "小蓝";
          byId("search").dispatchEvent(new InputEvent("input", { inputType: "insertFromPaste" }));
        }"""
    )
    assert options(page)[0].startswith("区域")
    assert page.locator("#search").get_attribute("aria-expanded") == "true"
    page.locator("#search").press("Escape")
    assert page.locator("#found").is_hidden()
    found(page, "a1")
    page.locator("#search").press("ArrowDown")
    active = page.locator("#search").get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    page.locator("#search").press("Enter")
    page.wait_for_selector(".leaflet-popup")
    assert "乘用车换电站" in page.locator(".popup").inner_text()
    centre = page.evaluate("[planMap.getCenter().lat, planMap.getCenter().lng]")
    assert centre == pytest.approx([28.65, 116.03], abs=0.02)


def test_an_input_method_keeps_its_own_keys(opened_map):
    page = opened_map.page
    found(page, "a1")
    page.evaluate(
        """byId("search").dispatchEvent(
          new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true }))"""
    )
    assert page.locator("#found").is_visible()


def test_every_object_is_found_and_opened(opened_map):
    page = opened_map.page
    assert page.evaluate("flyToObject('station', 'none')") is False
    for kind, key, shown in [
        ("site", "a2", "水源地旁"),
        ("segment", "s6", "昌南大道1"),
        ("segment", "s9", "邻近一小（学校）；急弯"),
        ("county", "360111", "青山湖区"),
        ("township", "t3", "向塘镇"),
        ("supply", "g1", "变电站一"),
        ("rsu", "u3", "昌南大道1"),
    ]:
        assert page.evaluate("([kind, key]) => flyToObject(kind, key)", [kind, key])
        page.wait_for_timeout(900)
        assert shown in page.locator(".leaflet-popup").last.inner_text()
    assert page.evaluate("flyToObject('corridor', 'c0')")
    assert "昌南大道0" in page.locator(".follow h3").inner_text()


def test_segments_are_found_by_distance(opened_map):
    page = opened_map.page
    near = "([place, pixels]) => { const f = segmentAt(place, pixels); return f && f.id; }"
    page.evaluate("planMap.setView([28.652, 116.135], 14, { animate: false })")
    assert page.evaluate(near, [[28.6521, 116.135], 8]) == "s10"
    assert page.evaluate(near, [[28.67, 116.135], 8]) is None
    row = page.evaluate("segmentAt([28.6521, 116.105], 8)")
    assert (row["id"], row["chosen"]) == ("s9", False)
    assert row["excluded"][0] == "邻近一小（学校）；急弯"
    assert page.evaluate("segmentById('s0').chosen")
    assert page.evaluate("segmentById('nothing')") is None
    page.evaluate("showLayer(planMap, 'closed-roads', false)")
    opened_map.click_map(28.652, 116.135)
    assert "可用，未入选" in page.locator(".popup").inner_text()
    assert "s10" in page.locator(".popup").inner_text()


def cells(page, column):
    return page.locator(f"#list-scroller tbody td:nth-child({column})").all_inner_texts()


def test_a_list_is_sorted_by_a_click_on_any_head_and_filtered(opened_map):
    page = opened_map.page
    page.evaluate("openTab('lists')")
    assert sorted(cells(page, 1)) == ["南昌县 a1", "南昌县 a1", "扩建站", "老站"]
    heads = page.locator("#list-scroller th")
    names = heads.all_inner_texts()
    money = names.index("投资（万元）")
    heads.nth(money).locator("button").click()
    assert cells(page, money + 1) == ["350.0", "104.0", "11.0", "0.0"]
    assert heads.nth(money).get_attribute("aria-sort") == "descending"
    heads.nth(money).locator("button").click()
    assert cells(page, money + 1) == ["0.0", "11.0", "104.0", "350.0"]
    page.locator("#list-filter").fill("换电")
    assert cells(page, 3) == ["乘用车换电站"]
    page.locator("#list-scroller td button").click()
    page.wait_for_selector(".leaflet-popup")
    assert "350 万元" in page.locator(".popup").inner_text()


def test_lists_hold_gaps_before_and_after_and_why_sites_are_rejected(opened_map):
    page = opened_map.page
    page.evaluate("openTab('lists')")
    page.locator("[data-list='counties']").click()
    rows = page.locator("#list-scroller tbody tr:not(.room)").all_inner_texts()
    assert rows[1].split("\t") == [
        "南昌县", "充电", "kWh/日", "2,500", "2,500", "0", "0", "500", "0.0", "80.0"
    ]  # fmt: skip
    page.locator("[data-list='sites']").click()
    assert cells(page, 3) == ["zone z2"]
    page.locator("[data-list='unserved']").click()
    assert "向塘镇" in cells(page, 1)
    page.locator("[data-list='townships']").click()
    assert page.locator(".nowhere").count() == 1


def test_only_the_rows_in_view_of_a_long_list_are_in_the_page(opened_map):
    page = opened_map.page
    page.evaluate(
        """() => {
          const list = plan.lists[0];
          const texts = list.rows[0].slice(1, 6);
          list.rows = Array.from({ length: 5000 }, (_, n) => ["x", ...texts, n, n, n, null]);
          openTab("lists");
          pickList("stations");
        }"""
    )
    assert page.locator("#list-scroller tbody tr").count() < 80
    page.evaluate("byId('list-scroller').scrollTop = 28 * 4000")
    page.wait_for_timeout(100)
    assert "4,001" in cells(page, 6)
    assert page.evaluate("byId('list-scroller').scrollHeight") == pytest.approx(5000 * 28, abs=80)


def figure(page, name):
    row = page.locator("#year-figures tr", has_text=name).first
    return row.locator("td").last.inner_text()


YEARS = {
    0: ("2 座 · 6 台", "4.00 公里", [0, 0, 0, 0, 0, 0, 0, 0]),
    2025: ("3 座 · 12 台", "13.01 公里（目标 10）", [1, 0, 3, 0, 0, 1, 1, 0]),
    2026: ("3 座 · 12 台", "21.02 公里（目标 20）", [1, 1, 3, 3, 0, 1, 1, 1]),
    2027: ("3 座 · 14 台", "27.04 公里（目标 30）", [1, 1, 3, 3, 2, 1, 1, 1]),
}
LAYERS = [
    "planned-dc120", "planned-swap", "stage-2025", "stage-2026", "stage-2027",
    "rsu-junction-existing", "rsu-junction-new_pole", "rsu-spacing-new_pole",
]  # fmt: skip
STANDING = """(ids) => ids.map((id) => {
  const group = drawnLayers.get(id);
  return group.features.filter((feature) => group.hasLayer(feature)).length;
})"""


@pytest.mark.parametrize("year", YEARS)
def test_the_years_show_what_stands_and_their_figures(opened_map, year):
    page = opened_map.page
    page.evaluate("planMap.on('planyear', (event) => { window.heard = event.year; })")
    page.locator("[data-year='2026']").click()
    page.locator(f"[data-year='{year}']").click()
    charging, km, standing = YEARS[year]
    assert page.evaluate("window.heard") == year
    assert figure(page, "充电") == charging
    assert figure(page, "累计开放里程") == km
    assert page.evaluate(STANDING, LAYERS) == standing


def test_the_slider_moves_by_key_and_takes_the_gaps_along(opened_map):
    page = opened_map.page
    page.locator("#year-slider").focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator("#year-name").inner_text() == "2026"
    assert page.evaluate("gapState.phase") == "2026"
    page.keyboard.press("Home")
    assert page.locator("#year-name").inner_text() == "现状"
    assert page.evaluate("gapState.phase") == "before"
    # Equipped in 2026: until then the road stands among those that are only opened.
    page.evaluate("setYear(planMap, 2025)")
    held = "(id) => drawnLayers.get(id).getLayers().map((feature) => feature.row.i).sort()"
    page.evaluate("drawnLayers.get('fitted').features, drawnLayers.get('unfitted').features")
    assert page.evaluate(held, "fitted") == ["s1", "s2"]
    assert page.evaluate(held, "unfitted") == ["s0", "s3"]


def test_the_page_opens_with_the_gaps_of_its_year_and_a_phase_moves_the_slider(opened_map):
    page = opened_map.page
    assert page.evaluate("[gapState.phase, shownYear()]") == ["after", 2027]
    page.evaluate("openTab('layers')")
    for phase, year, name in [
        ("before", 0, "现状"),
        ("2026", 2026, "2026"),
        ("after", 2027, "2027"),
    ]:
        page.locator(f"[data-gap='phase:{phase}']").click()
        assert page.evaluate("[gapState.phase, shownYear()]") == [phase, year]
        assert page.locator("#year-name").inner_text() == name
    # A year chosen while the gaps are off is theirs when they come back.
    page.locator("[data-gap='off:off']").click()
    page.locator("[data-year='0']").click()
    assert page.evaluate("gapState.shown") is False
    page.locator("[data-gap='measure:served']").click()
    assert page.evaluate("gapState.phase") == "before"


def test_stations_are_found_by_what_they_are(opened_map):
    page = opened_map.page
    of = "(text) => foundOf('station', folded(text)).entries.map((entry) => entry.id).sort()"
    charging = page.evaluate(of, "充电站")
    assert charging == page.evaluate(of, "charging station")
    assert len(charging) == 3
    assert len(page.evaluate(of, "换电站")) == 1
    assert page.evaluate(of, "加氢站") == []
    found(page, "充电站")
    assert page.locator("#found [role=option]").count() >= 3


@pytest.mark.parametrize("text", ["G320", "320国道", "国道320", "g320国道"])
@pytest.mark.parametrize("name", ["G320", "320国道", "国道320"])
def test_a_numbered_road_is_found_however_it_is_written(opened_map, name, text):
    near = """([name, text]) => {
      const names = [folded(name), roadCode(folded(name))];
      const near = (wanted) => nearness({ id: "s1", names, kinds: [] }, wanted);
      return Math.min(near(folded(text)), near(roadCode(folded(text))));
    }"""
    assert opened_map.page.evaluate(near, [name, text]) == 0
    assert opened_map.page.evaluate(near, [name, "S320"]) == 4


def test_an_object_of_a_later_year_brings_its_year(opened_map):
    page = opened_map.page
    page.locator("[data-year='0']").click()
    page.evaluate("flyToObject('segment', 's7')")
    page.wait_for_selector(".leaflet-popup")
    assert page.locator("#year-name").inner_text() == "2027"


def test_the_print_view_is_one_page_with_what_a_map_must_say(opened_map):
    page = opened_map.page
    page.locator("#tool-print").click()
    assert page.locator("#sheet-title").inner_text() == "示范市充换电与测试道路规划"
    legend = page.locator("#sheet-legend").inner_text()
    for part in ("区县 · 未满足 · 充电 · 规划后", "规划 120 kW 直流快充", "2026 年开放", "无数据"):
        assert part in legend
    assert "已排除的候选站址" not in legend
    foot = page.locator("#sheet-foot").inner_text()
    assert "不得公开" in foot
    assert "EPSG:4326" in foot
    assert page.evaluate("plan.plan.id") in foot
    assert "示意路网" in page.locator("#sheet-banner").inner_text()
    assert page.locator(".leaflet-control-scale").is_visible()
    assert page.locator(".north").is_visible()
    assert page.locator("#panel").is_hidden()
    box = page.locator("#sheet-legend")
    assert box.evaluate("(node) => node.scrollHeight <= node.clientHeight")
    assert pages_of(page) == 1
    zoom = page.evaluate("planMap.getZoom()")
    page.locator("#print-close").click()
    assert page.locator("#panel").is_visible()
    assert page.evaluate("planMap.getZoom()") != zoom
    assert opened_map.complaints == []


def pages_of(page):
    made = page.pdf(prefer_css_page_size=True, print_background=True)
    return made.count(b"/Type /Page\n") + made.count(b"/Type /Page/") + made.count(b"/Type /Page ")


def test_printing_by_the_browser_takes_the_same_sheet(opened_map):
    page = opened_map.page
    assert pages_of(page) == 1
    assert page.locator("#panel").is_visible()
    assert not page.evaluate("root.classList.contains('printing')")


def test_tabs_and_controls_have_names_and_answer_the_keyboard(opened_map):
    page = opened_map.page
    page.locator("#show-overview").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#tab-layers").is_visible()
    nameless = page.evaluate(
        """[...document.querySelectorAll("button, input, a[href]")].filter((node) =>
          node.offsetParent && !(node.textContent.trim() || node.getAttribute("aria-label")
          || node.labels && node.labels.length)).map((node) => node.id || node.className)"""
    )
    assert nameless == []


@pytest.mark.parametrize("size", [(1920, 1080), (1024, 768), (390, 844)])
def test_tools_fit_the_screen(plan, open_page, size):
    opened = open_page(render_map(plan.layers, plan.figures), size)
    page = opened.page
    boxes = page.evaluate(
        """["#search", ".years", "#tool-print", ".north", "#tabs"].map((selector) => {
          const box = document.querySelector(selector).getBoundingClientRect();
          return [box.left, box.top, box.right, box.bottom];
        })"""
    )
    for left, top, right, bottom in boxes:
        assert left >= 0
        assert top >= 0
        assert right <= size[0]
        assert bottom <= size[1]
    assert opened.complaints == []


def test_hostile_names_are_text_in_search_lists_and_print(hostile_plan, open_page):
    opened = open_page(render_map(hostile_plan.layers, hostile_plan.figures))
    page = opened.page
    for name in HOSTILE[:5]:
        assert found(page, name)
    page.locator("#search").press("Escape")
    page.evaluate("openTab('lists')")
    for key in page.evaluate("plan.lists.map((list) => list.id)"):
        page.locator(f"[data-list='{key}']").click()
    page.locator("#tool-print").click()
    page.wait_for_timeout(100)
    assert page.evaluate("window.ran === undefined")
    assert page.locator("#found img, #sheet img, #list-scroller img").count() == 0
    assert opened.complaints == []


def test_a_plan_without_stations_roads_or_years_of_them_opens(plan, open_page):
    for name in ("stations", "station_years", "test_roads", "rsus", "zones", "supply_nodes"):
        plan.layers[name] = plan.layers[name].iloc[:0]
    plan.figures["siting"]["worst_county"] = None
    opened = open_page(render_map(plan.layers, plan.figures))
    for tab in ("layers", "lists"):
        opened.page.evaluate(f"openTab('{tab}')")
    opened.page.locator("[data-year='0']").click()
    opened.page.locator("#tool-print").click()
    assert opened.complaints == []


def test_no_two_scripts_of_the_page_declare_the_same_name():
    declared = [
        line.split("(")[0].split()[1]
        for name in (*SCRIPTS, *REVIEW_SCRIPTS)
        for line in _template(f"map/{name}").splitlines()
        if line.startswith(("function ", "const ", "let ", "class "))
        and not line.startswith("const [")
    ]
    assert len(declared) == len(set(declared))


def test_a_browser_of_two_engines_is_told_which(plan):
    page = render_map(plan.layers, plan.figures)
    assert '<meta name="renderer" content="webkit">' in page
    assert page.index('name="renderer"') < page.index("<script>")
    assert data_block(page)["plan"]["case_id"] == "toy"
