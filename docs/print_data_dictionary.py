"""Prints docs/data-dictionary.md from the schemas and the defaults; ``--check`` compares."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from planner import layers

MILESTONES = """What has to be reached by a year. None ship; a case adds them as rows:

```toml
[milestones.swap_2026]
zh = "2026 年建成换电站 20 座"
en = "20 swap stations by 2026"
year = 2026                # one of the plan's years
measure = "stations"
energy = "swap"            # left out: all energies
county_id = "360121"       # left out: the whole city
least = 20
source = "who asks for it: text and date"
trust = "S"
```

| measure | counts, existing stations included | least | energy |
| --- | --- | --- | --- |
| townships_covered | townships with charging within `rules.township_radius_m` | whole | charging |
| stations | stations that stand; an energy at a site is one | whole | one or all |
| units | connectors, bays or dispensers that stand | whole | one |
| served_share | share of a day's demand that is served | above 0, up to 1 | one or all |

Shares of all energies are in kWh equivalents; where there is no demand the share is 1.

A milestone is a rule that may fall short. What all are short of, each as a share of its `least`, is
made as small as it can be right after the rules on townships, motorways and units, before any share
of demand; on a large case those before the target year come after its cost. The layer `milestones`
says what is reached. A plan that is short of one is short (exit code 9). `planner check` says where
`least` is above what all sites together could ever come to (W-PRE-004)."""
LAYER_FILES = """`scenario.toml` names the file of each layer in a table of its own:

```toml
[layers.roads]
file = "roads.geojson"     # beside scenario.toml
datum = "wgs84"            # never guessed
source = "who made it, and from what"
licence = "CC0-1.0"
date = "2025-11-01"
trust = "D"
synthetic = false
```

| key | | meaning |
| --- | --- | --- |
| `file` | * | path inside the case folder |
| `datum` | * | what the coordinates mean: `wgs84`, `gcj02`, `bd09` or `cgcs2000` |
| `source` | * | where the data come from; printed beside what is made of them |
| `licence` | * | terms under which they may be used and shown |
| `date` | * | day (or year) up to which they hold |
| `trust` | | trust mark of the layer, for rows without one of their own; U where it is left out |
| `synthetic` | | true: made up or drawn, not surveyed; every page then says so |
| `layer` | | layer inside a file that has several, such as a GeoPackage |
| `crs` | | coordinate reference system of a file that does not state one |
| `columns` | | column of the layer = column of the file, where they differ |
"""
TECHNOLOGY_COLUMNS = """`session` is what one visit takes (kWh; 1 swap; kg), `service_min` the
minutes it holds a unit. `queue` says how waiting is computed: `mmc` where times of service vary
freely (cars that charge), `mdc` where each takes equally long (swaps, hydrogen). `power_kw` is the
nameplate of one unit, `peak_factor` the share of it that the grid sees at its peak.
`capacity_per_day` is what a unit serves a day in real use at most, `peak_hour_share` the share of
a day's visits in the busiest hour.
"""
ROAD_LIMITS = """Limits of the mix of test roads in the last stage. None ship; a case adds rows:

```toml
[road_limits.zone]
zh = "经开区不超过 100 公里"
en = "At most 100 km in the development zone"
of = "jurisdiction_id"     # what roads are told apart by
values = ["economic_zone"]        # the roads it counts: those with one of these values
measure = "km"
most = 100.0               # least, most or both
source = "who asks for it: text and date"
trust = "S"
```

| of | values |
| --- | --- |
| jurisdiction_id, county_id | ids of the layers `jurisdictions` and `counties` |
| road_class | classes as in the layer `test_roads` |
| complexity_grade | "1" simple to "5" complex, as text |

| measure | counts, roads opened before included |
| --- | --- |
| km | counted km of these roads |
| share | their share of all counted km, 0 to 1 |

A limit is a rule that may fall short: what all are missed by, in km, is made as small as it can be
before the target, and the target before the worth. The layer `road_limits` says what is reached. A
plan that misses one is short (exit code 9).

`test_roads.least_cycle_share` asks for km on cycles in the same way, after the target, but decides
nothing: `test_roads.network` of `plan.json` and the report say what is reached. Nor do the steps
from simple to complex (`free_grade`, `most_grade_YEAR`): a stage lets them go to join opened
roads, where it would miss its target with them, or where no easier road is left."""
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
    yield LAYER_FILES
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
    yield TECHNOLOGY_COLUMNS
    yield from _rows("technologies.toml", "technology")
    yield "\n## Fleets (`[fleets.*]`)\n"
    yield "A case changes a row or adds its own as `[fleets.NAME]`; each year of a plan needs its "
    yield "shares. The layer `fleet_stock` replaces `vehicles_per_1000` in a county.\n"
    yield from _rows("fleets.toml", "fleet")
    yield "\n## Milestones (`[milestones.*]`)\n"
    yield MILESTONES
    yield "\n## Limits of test roads (`[road_limits.*]`)\n"
    yield ROAD_LIMITS
    yield "\n## Roadside equipment (`[equipment.*]`)\n"
    yield "What each unit, junction, cabinet and 100 m of equipped road take, and what it costs. A "
    yield "case changes a row or adds its own; `works` are never eligible.\n"
    yield from _rows("equipment.toml", "item")


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
