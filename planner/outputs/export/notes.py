"""README and dictionary of an export: what each file holds, its CRS, sources, licences, trust."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyproj

from planner.errors import Problem
from planner.outputs.export.csv_cells import write_csv
from planner.outputs.export.formats import FORMATS
from planner.outputs.geopackage import WRITTEN_LAYERS
from planner.outputs.gis_layers import gis_frames
from planner.outputs.gpkg_descriptions import layer_note
from planner.outputs.published import Published
from planner.outputs.styles.filling import alias
from planner.outputs.text_safety import visible
from planner.outputs.wording import layer_title, word_of, wording

README, DICTIONARY = "README.txt", "dictionary.csv"


def write_notes(
    published: Published, folder: Path, used: dict[str, str], warnings: Sequence[Problem]
) -> None:
    """Write ``README.txt`` and ``dictionary.csv``.

    Parameters
    ----------
    published
        The plan.
    folder
        Folder of the export.
    used
        CRS of each format, by its name.
    warnings
        Repeated in the README.
    """
    lines = [
        *_heading(published),
        *_formats(used),
        *_layers(published),
        *_sources(published),
        *_warnings(warnings),
    ]
    text = "\n".join(visible(line) if line else "" for line in lines) + "\n"
    (folder / README).write_text(text, encoding="utf-8-sig", newline="\r\n")
    heading = ("layer", "column", "alias", "zh", "en", "unit", "kind", "choices")
    write_csv(
        folder / DICTIONARY,
        heading,
        (
            (
                layer.name,
                column.name,
                alias(column),
                column.zh,
                column.en,
                column.unit,
                column.kind,
                ", ".join(column.choices),
            )
            for layer in WRITTEN_LAYERS
            for column in layer.columns
        ),
    )


def _heading(published: Published) -> Iterator[str]:
    figures = published.figures
    case = figures["case"]
    yield f"{case['title_zh']} | {case['title_en']}"
    yield f"planner {figures['planner_version']}"
    approval = case["map_approval_number"]
    said = wording("map.approval", number=approval) if approval else wording("map.internal")
    yield f"{said.zh} | {said.en}"
    if "roads" in case["synthetic_layers"]:
        banner = wording("trust.banner_roads")
        yield banner.zh
        yield banner.en
    elif case["synthetic_layers"]:
        names = "、".join(layer_title(name).zh for name in case["synthetic_layers"])
        banner = wording("trust.banner_layers", names=names)
        yield banner.zh
        yield banner.en
    yield ""


def _formats(used: dict[str, str]) -> Iterator[str]:
    yield "格式 | Formats"
    for name, crs in used.items():
        about = FORMATS[name].about
        yield f"  {name}/  {crs} {pyproj.CRS(crs).name}, x=东/经度 east, y=北/纬度 north"
        yield f"    {about.zh}"
        yield f"    {about.en}"
    yield "  dictionary.csv  各图层字段的中英文名、单位、取值 | fields of every layer"
    yield "  export.json  各文件的 SHA-256 | SHA-256 of every file"
    yield "  每个文件写出后都已读回比对：行数、编号、名称、几何。"
    yield "  Every file was read back and compared: rows, ids, names, geometry."
    yield "  空单元格表示缺失 | an empty cell is a missing value"
    yield ""


def _layers(published: Published) -> Iterator[str]:
    yield "图层 | Layers"
    frames = published.layers | gis_frames(published.layers, published.figures)
    for layer in WRITTEN_LAYERS:
        note = layer_note(layer.name, published.figures)
        said = f"  【{note.zh} {note.en}】" if note else ""
        yield f"  {layer.name} ({len(frames[layer.name])})  {layer.zh}{said}"
        yield f"    {layer.en}"
    yield ""


def _sources(published: Published) -> Iterator[str]:
    yield "输入：来源、许可、日期、可信度 | Inputs: source, licence, date, trust"
    for row in published.figures["inputs"]:
        trust = word_of("trust", row["trust"])
        mark = "  【示意 synthetic】" if row["synthetic"] else ""
        yield f"  {row['layer']}{mark}: {row['source']}"
        yield f"    {row['licence']}; {row['date']}; {trust.zh} {trust.en}; {row['sha256']}"
    yield ""


def _warnings(warnings: Sequence[Problem]) -> Iterator[str]:
    if warnings:
        yield "提醒 | Warnings"
    for problem in warnings:
        yield f"  {problem.code} {problem.reason}"
