"""Prints docs/data-dictionary.md from the schemas and the defaults; ``--check`` compares."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from planner import layers

PAGE = Path(__file__).parent / "data-dictionary.md"


def page() -> Iterator[str]:
    """Yield the lines of the page."""
    yield "# Data dictionary\n"
    yield "Printed by `python docs/print_data_dictionary.py` from the schemas; do not edit.\n"
    yield "All geometries are WGS84 (EPSG:4326), longitude first. `*` marks a column that must "
    yield "be there; `?` one whose cells may be empty. In the phase of a plan, `before` is what "
    yield "stands today with the demand of the target year, a year is that year, and `after` is "
    yield "the target year.\n"
    yield "Trust marks: S policy text, D official documentation, P press or repost, X secondary or "
    yield "conflicting, U assumption; `estimate`, `illustrative` and `schematic` mark made data.\n"
    yield "\n## Layers of a case\n"
    for layer in layers.CASE_LAYERS:
        yield from _layer(layer)
    yield "\n## Layers of a plan (`plan.gpkg`)\n"
    for layer in layers.PLAN_LAYERS:
        if layer not in layers.CASE_LAYERS:
            yield from _layer(layer)
    yield "\n## Settings (`scenario.toml` over the defaults)\n"
    yield from _settings()
    yield "\n## Technologies (`[technologies.*]`)\n"
    yield "A case changes a row or adds its own as `[technologies.NAME]`; a new one needs every "
    yield "column below and `zh`, `en` and `source`. `enabled = false` leaves a row out.\n"
    yield from _rows("technologies.toml", "technology")
    yield "\n## Fleets (`[fleets.*]`)\n"
    yield "A case changes a row or adds its own as `[fleets.NAME]`; each year of a plan needs its "
    yield "shares. The layer `fleet_stock` replaces `vehicles_per_1000` in a county.\n"
    yield from _rows("fleets.toml", "fleet")


def _layer(layer: layers.Layer) -> Iterator[str]:
    needed = ", required" if layer.required else ""
    yield f"\n### `{layer.name}` {layer.zh} ({layer.geometry}{needed})\n"
    yield f"{layer.en}\n"
    yield "| column | | kind | unit | meaning | 含义 |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for column in layer.columns:
        marks = ("*" if column.required else "") + ("?" if column.nullable else "")
        choices = f": {', '.join(column.choices)}" if column.choices else ""
        yield (
            f"| `{column.name}` | {marks} | {column.kind} | {column.unit} "
            f"| {column.en}{choices} | {column.zh} |"
        )


def _settings() -> Iterator[str]:
    yield "| key | default | unit | trust | source |"
    yield "| --- | --- | --- | --- | --- |"
    for section, entries in _packaged("defaults.toml").items():
        for key, entry in entries.items():
            yield (
                f"| `{section}.{key}` | {entry['value']} | {entry['unit']} "
                f"| {entry['trust']} | {entry['source']} |"
            )


def _rows(file: str, what: str) -> Iterator[str]:
    """Yield a table of the rows of a packaged file, turned: a line for each of their columns."""
    rows = _packaged(file)
    columns = dict.fromkeys(key for row in rows.values() for key in row)
    yield f"| {what} | {' | '.join(f'`{name}`' for name in rows)} |"
    yield "| --- " * (len(rows) + 1) + "|"
    for column in columns:
        cells = " | ".join(str(row.get(column, "")) for row in rows.values())
        yield f"| {column} | {cells} |"


def _packaged(name: str) -> dict[str, dict[str, dict[str, object]]]:
    return tomllib.loads(files("planner.scenario").joinpath(name).read_text("utf-8"))


def main() -> None:
    """Write the page, or fail if the one in the repository is not up to date."""
    text = "\n".join(page()) + "\n"
    if "--check" in sys.argv:
        if PAGE.read_text(encoding="utf-8") != text:
            sys.exit("docs/data-dictionary.md is stale: python docs/print_data_dictionary.py")
    else:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
