"""Review files on the command line: a run with them, and what is said of a bad one."""

import json
import subprocess
import sys

from toy_case_files import write_toy_case


def planner(*arguments):
    command = [sys.executable, "-m", "planner", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_run_takes_review_files_and_says_what_became_of_the_marks(tmp_path):
    case = write_toy_case(tmp_path / "toy")
    scenario = case / "scenario.toml"
    lines = scenario.read_text("utf-8").splitlines()
    kept = [line for line in lines if "cny_2025" not in line and "cny_2026" not in line]
    scenario.write_text("\n".join(kept) + "\n", "utf-8")
    marks = [
        {"mark_id": f"m-{number}", "target": "segment", "target_id": segment, "opinion": opinion,
         "reviewer": "张三", "marked_at": "2026-11-22T09:00:00Z", "segment_ids": [segment]}
        for number, segment, opinion in ((1, "s1", "include"), (2, "s67", "include"))
    ]  # fmt: skip
    content = {
        "format": "planner-review-1", "reviewer": "张三", "saved_at": "2026-11-22T10:00:00Z",
        "plan": {"id": "00ff", "case_id": "toy", "variant": ""}, "marks": marks,
    }  # fmt: skip
    file = tmp_path / "review.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    run = planner("run", case, "--review", file, "--out", tmp_path / "plan", "--lang", "en")
    assert run.returncode in {0, 9}, run.stderr
    assert "marks of reviewers: honoured 1, not honoured 1" in run.stdout
    assert planner("verify", tmp_path / "plan").returncode == 0
    told = json.loads((tmp_path / "plan" / "plan.json").read_text("utf-8"))["reviews"]
    assert told["by_outcome"]["honoured"] == told["by_outcome"]["not_honoured"] == 1


def test_a_bad_review_file_is_refused_before_anything_is_read(tmp_path):
    case = write_toy_case(tmp_path / "toy")
    bad = tmp_path / "bad.json"
    bad.write_text("{}", encoding="utf-8")
    run = planner("run", case, "--review", bad, "--review", tmp_path / "none.json")
    assert run.returncode == 3
    assert "E-REV-011" in run.stderr
    assert "E-FIL-001" in run.stderr
