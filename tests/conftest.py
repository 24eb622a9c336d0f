"""Offers the toy case, its published plan and a real browser to every test."""

import os
from pathlib import Path

import pytest
from filelock import FileLock
from toy_case_files import write_toy_case

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def toy_case(tmp_path: Path) -> Path:
    return write_toy_case(tmp_path / "toy")


@pytest.fixture(scope="session")
def toy_plan_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Plan the toy case once and return the published plan folder; tests must not change it.

    Workers share it: the first to ask plans, the others wait.
    """
    from planner import load_scenario, make_plan, write_plan  # noqa: PLC0415 - seconds, once

    mine = tmp_path_factory.getbasetemp()
    folder = (mine if worker_id == "master" else mine.parent) / "toy"
    with FileLock(f"{folder}.lock"):
        if not (folder / "plan").exists():
            plan = make_plan(load_scenario(write_toy_case(folder / "case")))
            write_plan(plan, folder / "plan")
    return folder / "plan"


@pytest.fixture(scope="session")
def browser():
    if not Path(CHROMIUM).exists():
        if os.environ.get("PLANNER_REQUIRE_CHROMIUM") == "1":
            pytest.fail(f"{CHROMIUM} is absent, but PLANNER_REQUIRE_CHROMIUM=1")
        pytest.skip(f"{CHROMIUM} is absent: the pages cannot be opened")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield made
        made.close()
