"""A plan on paper: pages, maps, fonts, equal bytes, hostile names, and clear refusals."""

import json
import re
import sys
import xml.etree.ElementTree as ET  # our own output
from types import SimpleNamespace

import numpy as np
import pytest
from toy_written_plan import HOSTILE, toy_plan
from typer.testing import CliRunner

from planner.cli.app import app
from planner.errors import OutputError
from planner.outputs import printing
from planner.outputs.map.gaps import COLOURS, NO_DEMAND
from planner.outputs.printing import fonts, paper
from planner.outputs.printing.gap_map import colour_of
from planner.outputs.printing.ground import Ground
from planner.outputs.printing.lines_of_text import wrapped
from planner.outputs.printing.maps import MAPS, furniture
from planner.outputs.printing.sheet import Page, drawing, round_length
from planner.outputs.printing.shortened import shortened_figures, shortened_layers
from planner.outputs.printing.station_map import densest, draw_stations

font_manager = pytest.importorskip("matplotlib.font_manager", reason="the extra 'print' is absent")
pypdf = pytest.importorskip("pypdf", reason="the test extra is absent")
try:
    paper.require_extra()
except OutputError as refused:
    pytest.skip(f"no PDF can be made here: {refused}", allow_module_level=True)
if not set(fonts.CHINESE) & set(font_manager.fontManager.get_font_names()):
    pytest.skip("no font with Chinese characters is installed", allow_module_level=True)


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("paper") / "toy-print"
    printing.write_print(toy_plan(), folder)
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("paper") / "hostile-print"
    printing.write_print(toy_plan(hostile=True), folder, lang="en", paper="A4")
    return folder


def pages_of(folder):
    return [page.extract_text() for page in pypdf.PdfReader(folder / "report.pdf").pages]


def test_the_folder_holds_report_maps_and_what_they_were_made_from(printed):
    made = json.loads((printed / "print.json").read_text("utf-8"))
    assert (made["lang"], made["paper"]) == ("zh", "A3")
    assert sorted(made["files"]) == sorted(file.name for file in printed.iterdir())
    assert {f"{name}.{form}" for name in MAPS for form in ("png", "svg")} <= set(made["files"])
    assert len(made["plan"]) == 16


def test_the_summary_has_two_pages_and_the_annex_follows(printed, hostile):
    for folder, annex in ((printed, "附录"), (hostile, "Annex")):
        pages = pages_of(folder)
        starts = [number for number, text in enumerate(pages, 1) if annex in text.splitlines()]
        assert starts == [3]
        assert f"1 / {len(pages)}" in pages[0]


def test_the_pdf_speaks_one_language_and_shows_the_figures(printed):
    text = "".join(pages_of(printed)[:2]).replace("\n", "")
    assert "南昌县短板最大" in text
    assert "27.04 公里" in text
    assert "is served least" not in text


def test_fonts_are_embedded_and_nothing_is_active(printed):
    reader = pypdf.PdfReader(printed / "report.pdf")
    found = [
        font["/DescendantFonts"][0]["/FontDescriptor"]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
        if "/DescendantFonts" in font
    ]
    assert found
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font) for font in found)
    assert not {"/JavaScript", "/OpenAction", "/EmbeddedFiles"} & set(reader.root_object)
    assert not any(page.get("/Annots") for page in reader.pages)


def test_equal_plans_give_equal_bytes(printed, tmp_path):
    plan = toy_plan()
    mark = json.loads((printed / "print.json").read_text("utf-8"))["plan"]
    frames, figures = shortened_layers(plan.layers), shortened_figures(plan.figures)
    file = tmp_path / "report.pdf"
    paper.write_report(frames, figures, file, lang="zh", mark=mark)
    assert file.read_bytes() == (printed / "report.pdf").read_bytes()
    with drawing():
        page = Page(furniture("map-stations", (), figures, "zh"), lang="zh", paper="A3")
        again = Page(furniture("map-stations", (), figures, "zh"), lang="zh", paper="A3")
        for number, one in enumerate((page, again)):
            draw_stations(one, Ground(frames, figures["metric_crs"]), frames, figures)
            for form, absent in (("png", "Software"), ("svg", "Date")):
                one.figure.savefig(tmp_path / f"{number}.{form}", metadata={absent: None})
    for form in ("png", "svg"):
        assert (tmp_path / f"0.{form}").read_bytes() == (tmp_path / f"1.{form}").read_bytes()


def test_maps_have_the_size_of_their_paper(printed, hostile):
    for folder, width in ((printed, 16.54), (hostile, 16.54 * 0.7071)):
        png = (folder / "map-gaps.png").read_bytes()
        assert int.from_bytes(png[16:20]) == pytest.approx(200 * width, abs=2)
        root = ET.parse(folder / "map-gaps.svg").getroot()  # noqa: S314 - our own output
        assert float(root.get("width")[:-2]) == pytest.approx(72 * width, abs=0.5)


def test_no_name_runs_or_breaks_anything_on_paper(hostile):
    for file in hostile.glob("*.svg"):
        tags = {node.tag.split("}")[-1] for node in ET.parse(file).iter()}  # noqa: S314
        assert not tags & {"script", "img", "foreignObject", "text", "a"}
        assert not any(name in file.read_text("utf-8") for name in HOSTILE[:4])
    text = "".join(pages_of(hostile)).replace("\n", "")
    assert "长" * 70 in text
    assert "长" * 650 not in text, "names hold 80 characters, other texts 600"
    assert re.search(r"\(\+4\d{3}\)", text), "and says how much was cut"


@pytest.mark.parametrize(
    "name", ["$x^2$", r"$\frac{1}{0}$", "\\input{x}", "a\u202eb", "😀", "&lt;", "\x00", "--"]
)
def test_names_are_drawn_as_they_are(name, tmp_path):
    plan = toy_plan()
    plan.figures["case"]["title_zh"] = name
    plan.layers["counties"]["name"] = name
    with drawing():
        page = Page(furniture("map-stations", (), plan.figures, "zh"), lang="zh", paper="A4")
        ground = Ground(plan.layers, "EPSG:4548")
        ground.name_counties(page, page.map_axes(ground.bounds))
        shown = {text.get_text() for axes in page.figure.axes for text in axes.texts}
        page.figure.savefig(tmp_path / "map.svg", dpi=40)
    ET.parse(tmp_path / "map.svg")  # noqa: S314
    assert any(fonts.drawn(name) in text for text in shown)


def test_what_no_font_can_draw_is_written_out():
    assert fonts.drawn("青云谱 A") == "青云谱 A"
    assert fonts.drawn("a\u202eb\U000e0001") == "a⟦U+202E⟧b⟦U+E0001⟧"


def test_each_map_carries_what_a_map_must(plan):
    made = furniture("map-test-roads", ("roads",), plan.figures, "zh")
    assert made.approval == "内部工作底图，未经地图审核，不得公开"
    assert made.internal
    assert "示意路网" in made.banner[0]
    assert "EPSG:4548" in made.foot[0]
    assert "道路 2025-11-01（示意；made-up）" in made.foot[1]
    plan.figures["case"]["map_approval_number"] = "赣S(2026)001号"
    assert furniture("map-gaps", (), plan.figures, "en").approval.endswith("赣S(2026)001号")


def test_the_data_keep_what_paper_cuts():
    plan = toy_plan(hostile=True)
    shortened_layers(plan.layers)
    shortened_figures(plan.figures)
    assert any("长" * 5000 in str(name) for name in plan.layers["candidate_sites"]["name"])


def test_ids_are_never_cut():
    cut = shortened_figures({"county_id": "x" * 900, "name": "y" * 900, "n": 3})
    assert cut["county_id"] == "x" * 900
    assert cut["name"] == "y" * 80 + "…(+820)"


def test_the_page_fetches_nothing():
    with pytest.raises(paper.RefusedError):
        paper._refuse("http://example.invalid/a.css")


def test_a_machine_without_a_chinese_font_is_told_what_to_install(monkeypatch, tmp_path):
    fonts.families.cache_clear()
    names = SimpleNamespace(get_font_names=lambda: ["DejaVu Sans"])
    monkeypatch.setattr(font_manager, "fontManager", names)
    try:
        with pytest.raises(OutputError, match="fonts-noto-cjk"):
            printing.write_print(toy_plan(), tmp_path / "out")
    finally:
        fonts.families.cache_clear()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("module", "code"), [("matplotlib", "E-OUT-060"), ("weasyprint", "E-OUT-060")]
)
def test_a_missing_extra_is_one_clear_message(monkeypatch, module, code):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(OutputError, match=r"planner\[print\]") as refused:
        paper.require_extra()
    assert code in str(refused.value)


def test_the_command_refuses_a_folder_that_is_no_plan(tmp_path):
    result = CliRunner().invoke(app, ["print", str(tmp_path / "none")])
    assert getattr(result.exception, "problems", [SimpleNamespace(code="")])[0].code == "E-OUT-020"


def test_gap_classes_have_no_hole():
    assert colour_of(None) == colour_of(float("nan")) == NO_DEMAND
    assert colour_of(0.0) == COLOURS[0]
    assert colour_of(0.05) == COLOURS[1]
    assert colour_of(0.0501) == COLOURS[2]
    assert colour_of(1.0) == COLOURS[-1]


def test_lines_break_between_words_and_between_chinese_characters():
    assert wrapped("one two three", 7) == ["one two", "three"]
    assert wrapped("道路为示意路网，非实测", 14) == ["道路为示意路网，", "非实测"]
    assert wrapped("", 5) == [""]
    assert "".join(wrapped("x" * 100, 40)) == "x" * 100


def test_the_scale_bar_has_a_round_length():
    assert [round_length(m) for m in (0.5, 1.0, 730.0, 23_000.0)] == [1.0, 1.0, 500.0, 20_000.0]


def test_the_crowded_part_is_where_most_stations_are():
    crowd = np.column_stack([np.linspace(0, 10, 30), np.zeros(30)])
    far = np.array([[1000.0, 1000.0]])
    box = densest(np.vstack([far, crowd]), 100.0)
    assert box == pytest.approx((-45.0, -50.0, 55.0, 50.0))
    assert densest(far, 100.0) is None
