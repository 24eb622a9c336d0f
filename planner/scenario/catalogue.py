"""Lays the rows of a case (technologies, fleets, equipment and others, rules) over ours."""

from __future__ import annotations

from collections.abc import Iterator

from planner.scenario.given import YEAR_KEY, Place, Table, did_you_mean
from planner.scenario.rows import (
    Fleet,
    Item,
    Milestone,
    RoadLimit,
    Rule,
    Scheme,
    Strict,
    Technology,
)
from planner.scenario.settings import by_year

CATALOGUES: dict[str, type[Strict]] = {
    "technologies": Technology,
    "fleets": Fleet,
    "schemes": Scheme,
    "milestones": Milestone,
    "road_limits": RoadLimit,
    "equipment": Item,
}
"""Tables of ``scenario.toml`` that hold rows, and what a row holds."""

Rows = dict[str, Table]


def overlay_rows(rows: Rows, given: Table, name: str, place: Place) -> Rows:
    """Return the rows, changed, added to and left out as a case or variant says.

    A row that is changed without a source of its own says who changed it, and loses the
    trust mark of the figures it had.
    """
    merged = {key: dict(row) for key, row in rows.items()}
    if not place.is_table(given, name):
        return merged
    for key, row in given.items():
        if not place.is_table(row, name, key):
            continue
        _check_row(row, merged, (name, key), place)
        if row.get("enabled", True) is False:
            merged.pop(key, None)
        else:
            merged[key] = _changed(merged.get(key, {}), row, place)
    if name == "technologies":
        _forget_upgrades(merged, given)
    return merged


def replace_rules(rules: Rows, given: Table, place: Place) -> Rows:
    """Return the rules, each replaced whole where the case has one of the same name."""
    place.check_keys(given, tuple(rules))
    for key, row in given.items():
        if key in rules and place.is_table(row, key):
            place.check_keys(row, tuple(Rule.model_fields), key)
    return {key: given.get(key, row) for key, row in rules.items()}


def content(rows: Rows) -> Rows:
    """Return rows as their models want them: keys with a year gathered."""
    return {key: by_year(row) for key, row in rows.items()}


def _check_row(row: Table, known: Rows, where: tuple[str, str], place: Place) -> None:
    name, key = where
    fields = CATALOGUES[name].model_fields
    plain = [field for field in fields if not field.endswith("_by_year")]
    dated = [field.removesuffix("_by_year") for field in fields if field.endswith("_by_year")]
    years = [k for k in row if (match := YEAR_KEY.fullmatch(k)) and match[1] in dated]
    examples = years or [f"{stem}_2025" for stem in dated]
    place.check_keys(row, (*plain, *dict.fromkeys((*years, *examples)), "enabled"), *where)
    lacks = [] if key in known else list(_lacking(row, CATALOGUES[name]))
    if lacks:
        hint = did_you_mean(key, known)
        remedy = f"give them; or {hint}" if hint else "give them: a new row has no defaults"
        reason = f"the new row {key!r} lacks {', '.join(lacks)}"
        place.refuse("E-CFG-008", reason, remedy, place.column(*where))


def _lacking(row: Table, model: type[Strict]) -> Iterator[str]:
    present = by_year(row)
    for key, field in model.model_fields.items():
        if field.is_required() and key not in present:
            yield key.replace("_by_year", "_YEAR")


def _changed(old: Table, row: Table, place: Place) -> Table:
    new = {key: value for key, value in row.items() if key != "enabled"}
    if old and any(old.get(key) != value for key, value in new.items()) and "source" not in new:
        told = {"source": f"{place.source()}; the rest: {old['source']}", "trust": "U"}
        return old | told | new
    return old | new


def _forget_upgrades(rows: Rows, given: Table) -> None:
    """Let no row be turned into one that the case leaves out."""
    for row in rows.values():
        target = row.get("upgrade_to", "")
        if target in given and target not in rows:
            row["upgrade_to"] = ""
