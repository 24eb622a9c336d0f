"""Copies a case as it is, so that something in it can be changed and the plans compared."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from planner.cases.draft import CaseOptions
from planner.cases.folder import MadeCase, placed
from planner.errors import ConfigError, InputError, Problem
from planner.inputs import Inputs, read_inputs
from planner.scenario import SCENARIO_FILE, Scenario, load_scenario

TABLE = re.compile(r"^\[case\][^\n]*\n(?P<rows>(?:(?!^\[).*\n?)*)", re.MULTILINE)


def copy_case(folder: str | Path, base: str | Path, options: CaseOptions) -> MadeCase:
    """Copy every file of a case into a new folder; what is marked synthetic stays marked.

    Only the id of the case is another, and its title where one is given.

    Parameters
    ----------
    folder
        Where the copy shall be; it must not exist or be empty.
    base
        Case folder, or the name of one that ships, such as ``nanchang``.
    options
        Id and titles; the rest concerns cases that are made anew.

    Raises
    ------
    ConfigError
        If there is no such case, or targets or a population are given, which a copy has.
    InputError
        If a layer of the case lies outside its folder, or is not sound.
    OutputError
        If the folder is occupied or cannot be written.
    """
    scenario, target = load_scenario(base), Path(folder).absolute()
    if options.targets or options.population:
        raise ConfigError(
            Problem(
                "E-CFG-013",
                "a copy of a case takes over its targets and population",
                "copy the case without them, then change its scenario.toml",
                column="--target" if options.targets else "--population",
            )
        )
    _refuse_files_elsewhere(scenario)
    names = {
        "id": options.case_id or target.name,
        "title_zh": options.title_zh,
        "title_en": options.title_en,
    }

    def fill(staged: Path) -> Inputs:
        shutil.copytree(scenario.folder, staged, dirs_exist_ok=True)
        path = staged / SCENARIO_FILE
        path.write_text(_renamed(path.read_text("utf-8"), names), "utf-8")
        return read_inputs(load_scenario(staged))

    inputs = placed(target, fill)
    note = f"copied as it is from {scenario.case_id}: change {SCENARIO_FILE} or the layers"
    return MadeCase(target, inputs, tuple(inputs.warnings), (note,))


def _refuse_files_elsewhere(scenario: Scenario) -> None:
    home = scenario.folder.resolve()
    for name, layer in scenario.layers.items():
        file = (scenario.folder / layer.file).resolve()
        if not file.is_relative_to(home):
            raise InputError(
                Problem(
                    "E-INP-020",
                    "a layer of the case lies outside its folder, and a copy would lose it",
                    "move the file into the folder of the case",
                    file=layer.file,
                    layer=name,
                )
            )


def _renamed(text: str, names: dict[str, str]) -> str:
    """Return ``scenario.toml`` with the names given, and everything else as it was."""
    found = TABLE.search(text)
    given = {key: json.dumps(name, ensure_ascii=False) for key, name in names.items() if name}
    if found is None:
        rows = "".join(f"{key} = {name}\n" for key, name in given.items())
        return f"[case]\n{rows}\n{text}"
    rows = found["rows"]
    for key, name in given.items():
        line = f"{key} = {name}"
        rows, count = re.subn(rf"^{key}\s*=.*$", lambda _: line, rows, flags=re.MULTILINE)  # noqa: B023
        rows = rows if count else f"{line}\n{rows}"
    return text[: found.start("rows")] + rows + text[found.end("rows") :]
