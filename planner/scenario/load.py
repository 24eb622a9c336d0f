"""Reads ``scenario.toml`` over the defaults and refuses what it does not understand."""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from planner.errors import ConfigError, InputError, Problem
from planner.scenario.models import Scenario

SCENARIO_FILE = "scenario.toml"
RULES_FILE = "rules.toml"
TARGET = re.compile(r"target_km_(\d{4})")
CASE_KEYS = ("id", "title_zh", "title_en", "replace_roads_hint", "map_approval_number")
Table = dict[str, Any]


def bundled_case(name: str) -> Path:
    """Return the folder of a case that ships with the package.

    Raises
    ------
    ConfigError
        If no case of that name ships; the message lists those that do.
    """
    package = Path(str(files("planner")))
    for root in (package / "data", package.parent / "data"):
        if (root / name / SCENARIO_FILE).is_file():
            return root / name
    raise ConfigError(
        Problem(
            "E-CFG-001",
            f"there is no case folder {name!r} here and none of that name ships with the package",
            "give the path of a folder that holds scenario.toml, or no case at all for Nanchang",
            value=name,
        )
    )


def load_scenario(case: str | Path | None = None) -> Scenario:
    """Load a case folder's assumptions over the defaults.

    Parameters
    ----------
    case
        Folder with a ``scenario.toml``, that file itself, or the name of a case that ships
        with the package; Nanchang where it is omitted.

    Returns
    -------
    Scenario
        Frozen; every value carries its unit, source and trust mark in ``assumptions``.

    Raises
    ------
    ConfigError
        Naming file, key and remedy of everything that is wrong in it.
    """
    folder = _case_folder(case)
    path = folder / SCENARIO_FILE
    given = _read(path)
    defaults = _read_packaged("defaults.toml")
    problems: list[Problem] = []
    case_table = given.pop("case", {})
    layer_table = given.pop("layers", {})
    technologies = _merged_rows(
        _read_packaged("technologies.toml"), given.pop("technologies", {}), path, problems
    )
    rules = _policy_rules(folder, problems)
    values, assumptions = _merged_values(defaults, given, path, problems)
    problems += _unknown(case_table, CASE_KEYS, "case", path)
    if problems:
        raise ConfigError(problems)
    content = {
        "folder": folder,
        "case_id": case_table.get("id", folder.name),
        "title_zh": case_table.get("title_zh", folder.name),
        "title_en": case_table.get("title_en", folder.name),
        **{key: case_table[key] for key in CASE_KEYS[3:] if key in case_table},
        "layers": layer_table,
        "technologies": technologies,
        "policy_rules": rules,
        "assumptions": tuple(assumptions),
        **values,
    }
    try:
        return Scenario.model_validate(content)
    except ValidationError as error:
        raise ConfigError(_explained(error, path)) from None


def _case_folder(case: str | Path | None) -> Path:
    if case is None:
        return bundled_case("nanchang")
    path = Path(case)
    if path.is_file() and path.suffix == ".toml":
        path = path.parent
    if (path / SCENARIO_FILE).is_file():
        return path.resolve()
    if path.is_dir():
        raise ConfigError(
            Problem(
                "E-CFG-002",
                "the folder holds no scenario.toml",
                "make a case with planner init, or name another folder",
                file=str(path),
            )
        )
    return bundled_case(str(case))


def _read(path: Path) -> Table:
    try:
        with path.open("rb") as stream:
            return tomllib.load(stream)
    except tomllib.TOMLDecodeError as error:
        problem = Problem(
            "E-CFG-003", f"not valid TOML: {error}", "mend the line named above", file=str(path)
        )
    except UnicodeDecodeError as error:
        problem = Problem(
            "E-CFG-003",
            f"not UTF-8 text: {error.reason} at byte {error.start}",
            "save the file as UTF-8",
            file=str(path),
        )
    except OSError as error:
        raise InputError(
            Problem(
                "E-CFG-004",
                f"cannot be read: {error.strerror}",
                "check the path and its permissions",
                file=str(path),
            )
        ) from None
    raise ConfigError(problem)


def _policy_rules(folder: Path, problems: list[Problem]) -> Table:
    """Return the program's rules, replaced row by row where the case has its own."""
    rules, path = _read_packaged(RULES_FILE), folder / RULES_FILE
    given = _read(path) if path.is_file() else {}
    problems += _unknown(given, tuple(rules), "", path)
    return {key: given.get(key, row) for key, row in rules.items()}


def _read_packaged(name: str) -> Table:
    return tomllib.loads(files("planner.scenario").joinpath(name).read_text("utf-8"))


def _merged_rows(rows: Table, given: Table, path: Path, problems: list[Problem]) -> Table:
    merged = {key: dict(row) for key, row in rows.items()}
    for key, row in given.items():
        if not isinstance(row, dict):
            problems.append(_not_a_table(f"technologies.{key}", row, path))
        elif row.get("enabled", True) is False:
            merged.pop(key, None)
        else:
            kept = {name: value for name, value in row.items() if name != "enabled"}
            merged[key] = merged.get(key, {}) | kept
    return merged


def _merged_values(
    defaults: Table, given: Table, path: Path, problems: list[Problem]
) -> tuple[Table, list[Table]]:
    sections = {name: dict(section) for name, section in defaults.items()}
    problems += _unknown(given, tuple(sections), "", path)
    for name, section in given.items():
        if name not in sections:
            continue
        if not isinstance(section, dict):
            problems.append(_not_a_table(name, section, path))
            continue
        _override(sections[name], section, name, path, problems)
    assumptions = [
        {
            "key": f"{name}.{key}",
            **{part: entry[part] for part in ("value", "unit", "source", "trust")},
        }
        for name, section in sections.items()
        for key, entry in section.items()
    ]
    values: Table = {
        name: {key: entry["value"] for key, entry in section.items()}
        for name, section in sections.items()
    }
    roads = values["test_roads"]
    years = {key: int(match[1]) for key in roads if (match := TARGET.fullmatch(key))}
    roads["target_km_by_year"] = {year: float(roads.pop(key)) for key, year in years.items()}
    return values, assumptions


def _override(section: Table, given: Table, name: str, path: Path, problems: list[Problem]) -> None:
    if any(TARGET.fullmatch(key) for key in given):
        default = next(section[key] for key in section if TARGET.fullmatch(key))
        for key in [key for key in section if TARGET.fullmatch(key) and key not in given]:
            del section[key]
        for key in sorted(key for key in given if TARGET.fullmatch(key)):
            section.setdefault(key, dict(default))
    problems += _unknown(given, tuple(section), name, path)
    for key, entry in given.items():
        if key in section:
            section[key] = _entry(section[key], entry, f"{name}.{key}", path, problems)


def _entry(default: Table, given: object, key: str, path: Path, problems: list[Problem]) -> Table:
    table = given if isinstance(given, dict) else {"value": given}
    problems += _unknown(table, ("value", "unit", "source", "trust"), key, path)
    value = table.get("value", default["value"])
    expected = type(default["value"])
    if expected is float and type(value) is int:
        value = float(value)
    if expected is str and isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        problems.append(
            Problem(
                "E-CFG-007",
                "the value is not a finite number",
                "give a number",
                file=str(path),
                column=key,
                value=str(value),
            )
        )
    elif type(value) is not expected:
        problems.append(
            Problem(
                "E-CFG-006",
                f"expected {expected.__name__} in {default['unit']}, found {type(value).__name__}",
                f"write a {expected.__name__} such as {default['value']!r}",
                file=str(path),
                column=key,
                value=str(value),
            )
        )
    return {
        "value": value,
        "unit": default["unit"],
        "source": table.get("source", f"{path.name} of the case"),
        "trust": table.get("trust", "U"),
    }


def _unknown(table: Table, allowed: tuple[str, ...], where: str, path: Path) -> list[Problem]:
    found = []
    for key in table:
        if key in allowed:
            continue
        near = difflib.get_close_matches(key, allowed, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(allowed)}"
        found.append(
            Problem(
                "E-CFG-005",
                f"unknown key {key!r}",
                hint,
                file=str(path),
                column=f"{where}.{key}".lstrip("."),
            )
        )
    return found


def _not_a_table(key: str, value: object, path: Path) -> Problem:
    return Problem(
        "E-CFG-006",
        f"expected a table [{key}]",
        f"write [{key}] and its keys below it",
        file=str(path),
        column=key,
        value=str(value),
    )


def _explained(error: ValidationError, path: Path) -> list[Problem]:
    return [
        Problem(
            "E-CFG-008",
            str(item["msg"]),
            "see docs/data-dictionary.md for the keys, units and ranges of scenario.toml",
            file=str(path),
            column=".".join(str(part) for part in item["loc"]),
            value="" if item["type"] == "missing" else str(item.get("input", ""))[:80],
        )
        for item in error.errors()
    ]
