"""Offers the toy case and its published plan to every test."""

from pathlib import Path

import pytest
from toy_case_files import write_toy_case


@pytest.fixture
def toy_case(tmp_path: Path) -> Path:
    return write_toy_case(tmp_path / "toy")


@pytest.fixture(scope="session")
def toy_plan_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Plan the toy case once and return the published plan folder; tests must not change it."""
    from planner import load_scenario, make_plan, write_plan  # noqa: PLC0415 - seconds, once

    folder = tmp_path_factory.mktemp("toy")
    plan = make_plan(load_scenario(write_toy_case(folder / "case")))
    write_plan(plan, folder / "plan")
    return folder / "plan"
