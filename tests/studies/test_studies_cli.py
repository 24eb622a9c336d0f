"""Runs the commands of ``planner study`` as a planner would."""

import json

from toy_studies import write_small_toy
from typer.testing import CliRunner

from planner.cli.app import app


def test_a_trade_off_from_the_command_line(tmp_path):
    case, out = write_small_toy(tmp_path / "toy"), tmp_path / "out"
    words = ["study", "trade-off", str(case), "--out", str(out), "--factor", "0", "--lang", "en"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    content = json.loads((out / "study.json").read_text(encoding="utf-8"))
    assert content["study"] == "trade_off"
    assert [point["budget_cny"] for point in content["points"]] == [0]
    assert "budget x 0 (0 CNY)" in done.stderr


def test_every_study_has_its_command():
    listed = CliRunner().invoke(app, ["study", "--help"]).output
    for name in ("trade-off", "alternatives", "sensitivity"):
        assert name in listed
