"""The command ``planner map``: the map of a published plan again, as a page outside its folder."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.lang import Lang
from planner.errors import ExitCode


class TileName(StrEnum):
    """Tile services by the names of ``planner.outputs.map.tiles``."""

    TIANDITU = "tianditu"
    OSM = "osm"
    GAODE = "gaode"


ONLINE = {
    Lang.ZH: "! 本页打开时会向网络请求底图瓦片；方案文件夹中的 map.html 仍然完全离线。",
    Lang.EN: "! this page asks the network for tiles; map.html in the plan folder stays offline.",
}
KEY_INSIDE = {
    Lang.ZH: "! 天地图密钥写在该文件中：得到文件的人也得到密钥，请勿外传。",
    Lang.EN: "! the Tianditu key stands in that file: whoever has the file has the key.",
}
SHIFTED = {
    Lang.ZH: "! 全部要素已偏移到 GCJ-02 以与高德底图对齐，仅供查看，坐标不可抄用。",
    Lang.EN: "! everything is shifted to GCJ-02 to lie on these tiles: do not copy coordinates.",
}


def draw_map(
    plan: Annotated[Path, typer.Argument(help="Plan folder.", show_default=False)],
    *,
    out: Annotated[
        Path | None,
        typer.Option(help="File to make; <PLAN>-map.html beside the plan if omitted."),
    ] = None,
    tiles: Annotated[
        TileName | None,
        typer.Option(
            help="Tiles from the network under the plan; none if omitted. Tianditu takes its key "
            "from PLANNER_TIANDITU_KEY; Gaode shifts the plan to GCJ-02 for display.",
            show_default=False,
        ),
    ] = None,
    lang: Annotated[Lang, typer.Option(help="Language the map opens in.")] = Lang.ZH,
) -> int:
    """Write the map of a plan to another file, with tiles from the network if asked for."""
    from planner.outputs import explore  # noqa: PLC0415 - seconds that --help must not pay

    name = tiles.value if tiles else ""
    ending = f"-map-{name}.html" if name else "-map.html"
    folder = plan.resolve()
    file = out or folder.parent / f"{folder.name}{ending}"
    saved = explore(plan, lang=lang.value, tiles=name).save(file)
    notes = [ONLINE[lang]] if name else []
    notes += [KEY_INSIDE[lang]] if tiles is TileName.TIANDITU else []
    notes += [SHIFTED[lang]] if tiles is TileName.GAODE else []
    sys.stdout.write("\n".join([str(saved), *notes]) + "\n")
    return ExitCode.VERIFIED
