"""A plan from a case full of hostile names: nothing runs, nothing breaks, no name changes.

The names are in every text field of the input. The plan is made and proved once; then each file
that people or programs open is opened as they would.
"""

import csv
import dataclasses
import io
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import geopandas as gpd
import openpyxl
import pyogrio
import pytest
from hostile_case import IDS, NAMES, write_hostile_case
from toy_case_files import write_toy_case

from planner import load_scenario, make_plan, write_plan
from planner.comparison import compare, write_comparison
from planner.errors import InputError
from planner.inputs import read_inputs
from planner.outputs import read_published
from planner.outputs.export import export_plan, plain_text
from planner.outputs.sheets import MAX_CELL
from planner.outputs.text_safety import visible

SHOWN_ON_MAP = [
    (layer, "name")
    for layer in ("counties", "townships", "jurisdictions", "zones", "existing_stations",
                  "candidate_sites", "supply_nodes", "trips", "roads")
] + [("counties", "name_en"), ("townships", "name_en"), ("zones", "name_en")]  # fmt: skip
SHOWN_IN_REPORT = [("counties", "name"), ("townships", "name"), ("jurisdictions", "name")]
TEXTS_OF_PAGE = """() => {
  const said = [];
  for (const layer of plan.groups.flatMap((group) => group.layers)) {
    for (const row of rowsOf(layer).rows) said.push(popup(row, layer, row.v).textContent);
  }
  for (const label of plan.borders.labels) said.push(element("div", "", label.t).textContent);
  for (const list of plan.lists) {
    lists.list = list;
    lists.order = list.rows.map((_, index) => index);
    for (const index of lists.order) said.push(listRow(index, index).textContent);
  }
  Object.assign(lists, { list: null, order: [] });
  return said.join("\\n");
}"""


@dataclasses.dataclass(frozen=True)
class Hostile:
    """The case, its plan, and the texts that its input holds by layer and column."""

    folder: Path
    plan: Path
    given: dict


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    case, given = write_hostile_case(folder / "case")
    write_plan(make_plan(load_scenario(case)), folder / "plan")
    return Hostile(folder, folder / "plan", given)


@pytest.fixture(scope="module")
def published(hostile):
    return read_published(hostile.plan)


@pytest.fixture(scope="module")
def exported(hostile, published):
    return export_plan(published, hostile.folder / "export").folder


@pytest.fixture
def opened(browser):
    pages = []

    def open_file(file):
        page = browser.new_page(viewport={"width": 1300, "height": 850})
        page.set_default_timeout(15000)
        heard = []
        page.on("request", lambda request: heard.append(request.url))
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
        page.goto(file.as_uri())
        pages.append((page, heard, file))
        return page

    yield open_file
    for page, heard, file in pages:
        assert page.evaluate("window.__pwned") is None
        assert heard == [file.as_uri()], "the page asked for something, complained or spoke"
        page.close()


def absent(texts, where):
    """Return the names that a text does not hold as people read them."""
    return [text for text in texts if visible(text) not in where]


def test_the_case_holds_every_kind_of_name_in_every_text_field(hostile):
    assert len(NAMES) >= 30
    everything = {text for texts in hostile.given.values() for text in texts}
    assert set(NAMES) <= everything
    assert {f"{text} 0" for text in IDS} <= everything


def test_the_geopackage_reads_back_every_text_of_the_input_unchanged(hostile, published):
    checked = 0
    for (layer, column), texts in hostile.given.items():
        if layer not in published.layers or column not in published.layers[layer]:
            continue
        found = set(published.layers[layer][column].dropna())
        assert [text for text in texts if text not in found] == [], (layer, column)
        checked += 1
    assert checked >= 25
    stations, sites = published.layers["stations"], hostile.given["existing_stations", "name"]
    assert set(sites) <= set(stations["name"])


def test_the_figures_hold_the_names_as_they_are(hostile):
    text = (hostile.plan / "plan.json").read_text(encoding="utf-8")
    figures = json.loads(text)
    assert [figures["case"][key] for key in ("title_zh", "title_en")] == [
        hostile.given["case", key][0] for key in ("title_zh", "title_en")
    ]
    names = {row["name"] for row in figures["gaps"]["county"]}
    assert names == set(hostile.given["counties", "name"])
    sources = {row["source"] for row in figures["inputs"]}
    assert {texts[0] for (_, key), texts in hostile.given.items() if key == "licence"} <= {
        row["licence"] for row in figures["inputs"]
    }
    assert hostile.given["layers.roads", "source"][0] in sources


def test_the_map_runs_nothing_and_shows_every_name(hostile, opened):
    page = opened(hostile.plan / "map.html")
    said = page.evaluate(TEXTS_OF_PAGE)
    for key in SHOWN_ON_MAP:
        # The last township has no place: it stands in a list, by its name alone.
        texts = hostile.given[key][: -1 if key == ("townships", "name_en") else None]
        assert absent(texts, said) == [], key
    for layer, number in (("counties", 0), ("zones", 2), ("existing_stations", 3)):
        name = hostile.given[layer, "name"][number]
        page.fill("#search", name)
        page.locator("#found [role=option]").first.wait_for()
        page.keyboard.press("Enter")
        page.wait_for_timeout(100)
    page.click("#language")
    for tab in ("layers", "lists", "overview"):
        page.click(f"#show-{tab}")


def test_the_report_runs_nothing_and_shows_every_name(hostile, opened):
    page = opened(hostile.plan / "report.html")
    said = page.evaluate("document.body.textContent")
    for key in SHOWN_IN_REPORT:
        assert absent(hostile.given[key], said) == [], key


def test_no_cell_of_the_lists_is_a_formula_but_the_totals(hostile):
    book = openpyxl.load_workbook(hostile.plan / "lists.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    formulas = [str(cell.value) for cell in cells if cell.data_type == "f"]
    assert formulas
    assert all(re.fullmatch(r"=SUBTOTAL\(9,[A-Z]+\d+:[A-Z]+\d+\)", one) for one in formulas)
    assert all(cell.hyperlink is None for cell in cells)
    texts = {str(cell.value) for cell in cells if cell.data_type == "s"}
    everything = "\n".join(texts)
    for layer in ("townships", "existing_stations", "jurisdictions", "supply_nodes"):
        # A workbook writes hidden characters out, and a cell holds 32,767 characters.
        wanted = [as_in_workbook(text) for text in hostile.given[layer, "name"]]
        assert [text for text in wanted if text not in everything] == [], layer


def as_in_workbook(text):
    return visible(text)[:MAX_CELL]


def test_the_comparison_runs_nothing_and_names_what_differs(hostile, published, opened):
    stations = published.layers["stations"]
    before = dataclasses.replace(
        published, layers=published.layers | {"stations": stations.iloc[0:0]}
    )
    out = hostile.folder / "both"
    write_comparison(compare(before, published), out)
    page = opened(out / "compare.html")
    said = page.evaluate(TEXTS_OF_PAGE)
    assert absent(hostile.given["existing_stations", "name"], said) == []
    page.click("#show-lists")
    book = openpyxl.load_workbook(out / "compare.xlsx")
    formulas = [
        str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert all(one.startswith("=SUBTOTAL(9,") for one in formulas)


@pytest.mark.parametrize("layer", ["zones", "supply_nodes", "trips", "test_roads"])
def test_formats_of_analysts_read_back_unchanged(exported, published, layer):
    names = sorted(str(name) for name in published.layers[layer]["name"].dropna())
    assert len(set(names) & set(NAMES)) >= (1 if layer == "trips" else 3)
    parquet = gpd.read_parquet(exported / "geoparquet" / f"{layer}.parquet")
    assert sorted(parquet["name"].dropna()) == names
    content = json.loads((exported / "geojson" / f"{layer}.geojson").read_text("utf-8"))
    told = [row["properties"]["name"] for row in content["features"]]
    assert sorted(name for name in told if name is not None) == names
    flat = pyogrio.read_dataframe(exported / "flatgeobuf" / f"{layer}.fgb")
    assert sorted(flat["name"].dropna()) == names


def test_a_csv_is_no_formula_in_a_spreadsheet_and_reads_back_unchanged(exported, published):
    files = sorted((exported / "csv").glob("*.csv"))
    cells = [cell for file in files for row in rows_of(file) for cell in row]
    risky = [cell for cell in cells if cell[:1] in "=@\t\r＝＋－＠" and cell]
    signed = [cell for cell in cells if cell[:1] in ("+", "-") and not number(cell)]
    assert risky + signed == []
    texts = {plain_text(cell) for cell in cells}
    for layer in ("townships", "zones", "jurisdictions"):
        assert set(published.layers[layer]["name"]) <= texts


def rows_of(file):
    """Return the rows of a CSV file with every line break as it stands in a cell."""
    return csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline=""))


def number(cell):
    return re.fullmatch(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?", cell) is not None


def test_a_shapefile_says_which_names_it_had_to_cut(exported, published):
    """A Shapefile holds 254 bytes of text: longer names stand whole in a CSV beside it."""
    frame = pyogrio.read_dataframe(exported / "shapefile" / "zones.shp")
    column = next(name for name in frame.columns if name.lower() == "name")
    whole = set(frame[column].dropna())
    beside = exported / "shapefile" / "zones_texts.csv"
    if beside.exists():
        rows = rows_of(beside)
        whole |= {plain_text(row[2]) for row in rows}
    assert [name for name in published.layers["zones"]["name"] if name not in whole] == []


def test_a_kml_is_sound_xml_without_foreign_elements(exported, published):
    """XML forbids some control characters: names with them stand whole in a CSV beside it."""
    names = set(published.layers["zones"]["name"])
    root = ET.fromstring((exported / "kml" / "zones.kml").read_bytes())  # noqa: S314 - our own
    texts = {element.text for element in root.iter() if element.text}
    beside = exported / "kml" / "zones_texts.csv"
    if beside.exists():
        rows = rows_of(beside)
        texts |= {plain_text(row[2]) for row in rows}
    # XML gives every line break back as one character.
    read = {text.replace("\r\n", "\n") for text in texts}
    assert [name for name in names if name.replace("\r\n", "\n") not in read] == []
    tags = {element.tag.rpartition("}")[2].lower() for element in root.iter()}
    assert not tags & {"script", "img", "svg", "a"}


def test_the_printed_plan_holds_no_script_and_asks_for_nothing(hostile, published):
    pytest.importorskip("weasyprint")
    pytest.importorskip("matplotlib")
    from planner.outputs.printing.publish import write_print  # noqa: PLC0415 - an extra

    files = write_print(published, hostile.folder / "print", paper="A4")
    paper = next(file for file in files if file.suffix == ".pdf").read_bytes()
    assert paper.startswith(b"%PDF-")
    for word in (b"/JavaScript", b"/JS", b"/Launch", b"/URI", b"/OpenAction"):
        assert word not in paper
    for drawing in (file for file in files if file.suffix == ".svg"):
        root = ET.fromstring(drawing.read_bytes())  # noqa: S314 - our own
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert not tags & {"script", "foreignObject", "a", "image"} - {"image"}
        assert not any(name.startswith("on") for one in root.iter() for name in one.attrib)


@pytest.mark.parametrize("text", ["a\x00b", "half \ud83d of a character"])
def test_what_no_file_can_hold_is_refused_at_the_door(tmp_path, text):
    case = write_toy_case(tmp_path / "case")
    path = case / "zones.geojson"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["features"][0]["properties"]["name"] = text
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError, match="E-VAL-009") as refused:
        read_inputs(load_scenario(case))
    assert "zones.geojson" in str(refused.value)


def test_a_nul_in_a_table_is_refused_at_the_door(tmp_path):
    case = write_toy_case(tmp_path / "case")
    path = case / "townships.csv"
    path.write_text(path.read_text("utf-8").replace("西一镇", "西\x00一镇"), encoding="utf-8")
    with pytest.raises(InputError, match="E-TAB-001"):
        read_inputs(load_scenario(case))


def test_blanks_around_an_id_are_taken_off_and_said(tmp_path):
    """Names keep their blanks; ids lose them, as the reader says."""
    case = write_toy_case(tmp_path / "case")
    path = case / "townships.csv"
    text = path.read_text("utf-8").replace("990101100,西一镇", " 990101100 , 西一镇 ")
    path.write_text(text, encoding="utf-8")
    inputs = read_inputs(load_scenario(case))
    row = inputs.townships[inputs.townships["township_id"] == "990101100"]
    assert row["name"].tolist() == [" 西一镇 "]
    assert any("blanks" in note for one in inputs.provenance for note in one.notes)
