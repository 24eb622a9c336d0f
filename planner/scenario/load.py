"""Reads ``scenario.toml`` over the defaults and refuses what it does not understand."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from planner.errors import ConfigError, InputError, Problem
from planner.scenario import catalogue, settings
from planner.scenario.checks import misfits
from planner.scenario.given import Place, Table, did_you_mean
from planner.scenario.models import Scenario

SCENARIO_FILE = "scenario.toml"
RULES_FILE = "rules.toml"
CASE_TABLES = ("case", "layers", "variants")
CASE_KEYS = ("id", "title_zh", "title_en", "replace_roads_hint", "map_approval_number")


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


def load_scenario(case: str | Path | None = None, variant: str = "") -> Scenario:
    """Load a case folder's assumptions over the defaults.

    Parameters
    ----------
    case
        Folder with a ``scenario.toml``, that file itself, or the name of a case that ships
        with the package; Nanchang where it is omitted.
    variant
        Name of a table of ``[variants]`` in that file, laid over the case's own values;
        empty for the case as it is.

    Returns
    -------
    Scenario
        Frozen; every setting carries its unit, source and trust mark in ``assumptions``.

    Raises
    ------
    ConfigError
        Naming file, key and remedy of everything that is wrong in it.
    """
    folder = _case_folder(case)
    path = folder / SCENARIO_FILE
    given = _read(path)
    place = Place(path)
    case_table, layers, variants = (given.pop(name, {}) for name in CASE_TABLES)
    if place.is_table(case_table, "case"):
        place.check_keys(case_table, CASE_KEYS, "case")
    rules = _policy_rules(folder, place)
    base = Parts.packaged().overlaid(given, place)
    chosen = _with_variant(base, variants, variant, place)
    if place.problems:
        raise ConfigError(place.problems)
    titles = {key: case_table.get(key, folder.name) for key in CASE_KEYS[1:3]}
    content = {
        "folder": folder,
        "case_id": case_table.get("id", folder.name),
        **{key: f"{title} · {variant}" if variant else title for key, title in titles.items()},
        **{key: case_table[key] for key in CASE_KEYS[3:] if key in case_table},
        "variant": variant,
        "layers": layers,
        "policy_rules": rules,
        **chosen.content(),
    }
    return _checked(content, path, folder / RULES_FILE)


@dataclass(frozen=True)
class Parts:
    """Settings and rows as they stand before they become a scenario."""

    sections: settings.Sections
    rows: dict[str, catalogue.Rows]

    @classmethod
    def packaged(cls) -> Parts:
        """Return the program's own."""
        rows = {name: _read_packaged(f"{name}.toml") for name in catalogue.CATALOGUES}
        return cls(_read_packaged("defaults.toml"), rows)

    def overlaid(self, given: Table, place: Place) -> Parts:
        """Return them with the tables of a case or of a variant laid over them."""
        elsewhere = () if place.variant else CASE_TABLES
        place.check_keys(given, (*self.sections, *self.rows, *elsewhere))
        rows = {
            name: catalogue.overlay_rows(table, given.get(name, {}), name, place)
            for name, table in self.rows.items()
        }
        return Parts(settings.overlaid(self.sections, given, place), rows)

    def content(self) -> Table:
        """Return what :class:`Scenario` wants."""
        rows = {name: catalogue.content(table) for name, table in self.rows.items()}
        assumptions = tuple(settings.assumptions(self.sections))
        return settings.plain_values(self.sections) | rows | {"assumptions": assumptions}


def _with_variant(base: Parts, variants: Table, variant: str, place: Place) -> Parts:
    """Return the parts with the variant laid over them; the other variants are checked too."""
    if not place.is_table(variants, "variants"):
        return base
    if variant and variant not in variants:
        known = f"known variants: {', '.join(variants)}" if variants else "the case has none"
        remedy = did_you_mean(variant, variants) or known
        place.refuse("E-CFG-010", f"there is no variant {variant!r}", remedy, "variants", variant)
    parts = {
        name: base.overlaid(table, Place(place.path, name, place.problems))
        for name, table in variants.items()
        if place.is_table(table, "variants", name)
    }
    return parts.get(variant, base)


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


def _read_packaged(name: str) -> Table:
    return tomllib.loads(files("planner.scenario").joinpath(name).read_text("utf-8"))


def _policy_rules(folder: Path, place: Place) -> Table:
    """Return the program's rules, replaced row by row where the case has its own."""
    path = folder / RULES_FILE
    given = _read(path) if path.is_file() else {}
    return catalogue.replace_rules(
        _read_packaged(RULES_FILE), given, Place(path, problems=place.problems)
    )


def _checked(content: Table, path: Path, rules_path: Path) -> Scenario:
    try:
        scenario = Scenario.model_validate(content)
    except ValidationError as error:
        raise ConfigError(_explained(error, path, rules_path)) from None
    if problems := misfits(scenario, str(path), str(rules_path)):
        raise ConfigError(problems)
    return scenario


def _explained(error: ValidationError, path: Path, rules_path: Path) -> list[Problem]:
    problems = []
    for item in error.errors():
        keys = [str(part) for part in item["loc"]]
        in_rules = keys[0] == "policy_rules"
        problems.append(
            Problem(
                "E-CFG-008",
                str(item["msg"]),
                "see docs/data-dictionary.md for the keys, units and ranges of "
                f"{RULES_FILE if in_rules else SCENARIO_FILE}",
                file=str(rules_path if in_rules else path),
                column=".".join(_as_written(keys[1:] if in_rules else keys)),
                value="" if item["type"] == "missing" else str(item.get("input", ""))[:80],
            )
        )
    return problems


def _as_written(keys: list[str]) -> list[str]:
    """Return a key as it stands in the file: ``x_by_year.2025`` there is ``x_2025``."""
    found: list[str] = []
    for key in keys:
        if found and found[-1].endswith("_by_year"):
            found[-1] = f"{found[-1].removesuffix('_by_year')}_{key}"
        else:
            found.append(key)
    return found
