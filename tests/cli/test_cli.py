"""The command line as a user meets it: exit codes, messages, and a start that does not wait."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest


@pytest.fixture
def toy_case(toy_case):
    """Return the toy case with one year of budgets, so that a plan takes seconds."""
    path = toy_case / "scenario.toml"
    lines = path.read_text("utf-8").splitlines()
    kept = [
        line for line in lines if "budget_cny_2025" not in line and "budget_cny_2026" not in line
    ]
    path.write_text("\n".join(kept) + "\n", "utf-8")
    return toy_case


def planner(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "planner", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


def test_help_lists_every_command_and_loads_nothing_heavy():
    run = planner("--help")
    assert run.returncode == 0
    for command in ("run", "check", "verify", "init", "doctor"):
        assert f"\n  {command} " in run.stdout
    heavy = "pandas,geopandas,pulp,folium,osmnx,pandera,pydantic"
    code = (
        "import sys, planner.cli\n"
        f"assert not set('{heavy}'.split(',')) & set(sys.modules), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_run_makes_a_plan_that_verifies(toy_case, tmp_path):
    run = planner("run", toy_case, "--out", tmp_path / "plan", "--json")
    assert run.returncode in {0, 9}, run.stderr
    assert run.stderr == "", "quiet in a pipe"
    said = json.loads(run.stdout)
    assert said["verified"] is True
    assert run.returncode == (0 if said["verdict"] == "met" else 9)
    assert planner("verify", tmp_path / "plan").returncode == 0


def test_verify_refuses_a_plan_that_was_touched(toy_plan_folder, tmp_path):
    copy = tmp_path / "plan"
    copy.mkdir()
    for path in toy_plan_folder.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    content = (copy / "plan.json").read_text(encoding="utf-8")
    (copy / "plan.json").write_text(content.replace('"met": true', '"met": false', 1), "utf-8")
    run = planner("verify", copy)
    assert run.returncode == 7
    assert "does NOT hold" in run.stdout


def test_check_reports_layers_and_warnings(toy_case):
    run = planner("check", toy_case)
    assert run.returncode == 0, run.stderr
    assert "townships: 4 rows in, 4 used" in run.stdout
    assert "W-TWN-001" in run.stdout
    assert "SYNTHETIC" in run.stdout


def test_check_gives_problems_as_json(toy_case):
    (toy_case / "roads.geojson").write_text("<html>login</html>", encoding="utf-8")
    run = planner("check", toy_case, "--errors", "json")
    assert run.returncode == 3
    (problem,) = json.loads(run.stdout)
    assert problem["file"].endswith("roads.geojson")
    assert problem["remedy"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["run", "no-such-case"], 2, "E-CFG-001"),
        (["run", "--time-limit", "-3"], 2, "time-limit"),
        (["walk"], 2, "No such command"),
        (["verify", "no-such-plan"], 7, "does NOT hold"),
    ],
)
def test_a_wrong_call_is_told_so(arguments, code, words, tmp_path):
    run = planner(*arguments, cwd=tmp_path)
    assert run.returncode == code, run.stderr
    assert words in run.stdout + run.stderr


def test_an_unknown_key_gets_a_suggestion(toy_case):
    path = toy_case / "scenario.toml"
    path.write_text(path.read_text("utf-8") + "\n[rules]\ntownship_radus_m = 9000\n", "utf-8")
    run = planner("run", toy_case)
    assert run.returncode == 2
    assert "did you mean 'township_radius_m'?" in run.stderr


def test_a_plan_is_not_written_over_something_else(toy_case, tmp_path):
    precious = tmp_path / "thesis"
    precious.mkdir()
    (precious / "chapter1.txt").write_text("years of work", encoding="utf-8")
    run = planner("run", toy_case, "--out", precious)
    assert run.returncode == 8
    assert (precious / "chapter1.txt").read_text(encoding="utf-8") == "years of work"


def test_doctor_finds_this_machine_ready(tmp_path):
    run = planner("doctor", cwd=tmp_path)
    assert run.returncode == 0, run.stdout
    assert "ready" in run.stdout


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_the_old_plan(sent, toy_case, toy_plan_folder, tmp_path):
    out = tmp_path / "plan"
    shutil.copytree(toy_plan_folder, out)
    command = [sys.executable, "-m", "planner", "run", str(toy_case), "--out", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as run:
        time.sleep(1.5)
        run.send_signal(sent)
        _, said = run.communicate(timeout=60)
    # Where the signal falls into an exec (a dataclass being made), Python ends by SIGINT
    # itself, however well it was caught; a shell calls both 130.
    assert run.returncode in {130, -signal.SIGINT}
    assert "Traceback" not in said
    assert planner("verify", out).returncode == 0
    assert not list(tmp_path.glob(".plan*")), "nothing half-written is left beside it"
