"""Publishing a folder: always the old plan or the new one, also when the process is killed."""

import errno
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from planner.errors import ExitCode, LimitError, OutputError, Problem
from planner.outputs import atomic, staged

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")


def write_plan(folder, mark, parts=3):
    (folder / "plan.json").write_text(mark, encoding="utf-8")
    for index in range(parts):
        (folder / f"part{index}.txt").write_text(mark, encoding="utf-8")


def publish(out, mark, meanwhile=lambda: None):
    with staged(out) as folder:
        write_plan(folder, mark)
        meanwhile()


def marks(folder):
    return {file.read_text(encoding="utf-8") for file in folder.iterdir()}


def leftovers(parent):
    return [path.name for path in parent.iterdir() if path.name.startswith(".")]


def test_a_new_plan_appears_whole(tmp_path):
    out = tmp_path / "runs" / "plan"
    with staged(out) as folder:
        assert not out.exists()
        assert folder.parent == out.parent
        write_plan(folder, "new")
    assert marks(out) == {"new"}
    assert leftovers(out.parent) == []


def test_an_old_plan_is_replaced_as_a_whole(tmp_path):
    out = tmp_path / "plan"
    with staged(out) as folder:
        write_plan(folder, "old", parts=9)
    with staged(out) as folder:
        write_plan(folder, "new", parts=2)
        assert marks(out) == {"old"}
    assert sorted(file.name for file in out.iterdir()) == ["part0.txt", "part1.txt", "plan.json"]
    assert marks(out) == {"new"}
    assert leftovers(tmp_path) == []


def test_without_exchange_the_old_plan_is_set_aside_first(tmp_path, monkeypatch):
    monkeypatch.setattr(atomic, "_exchange", lambda _new, _out: False)
    test_an_old_plan_is_replaced_as_a_whole(tmp_path)


def test_a_failed_second_step_puts_the_old_plan_back(tmp_path, monkeypatch):
    out = tmp_path / "plan"
    with staged(out) as folder:
        write_plan(folder, "old")
    monkeypatch.setattr(atomic, "_exchange", lambda _new, _out: False)
    rename = Path.rename

    def failing(self, target):
        if ".tmp-" in self.name:
            raise OSError(errno.EIO, "fault", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OutputError, match="reports a fault"):
        publish(out, "new")
    assert marks(out) == {"old"}
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("failure", [ValueError("defect"), KeyboardInterrupt()])
def test_a_failure_inside_leaves_the_old_plan_and_no_rest(tmp_path, failure):
    out = tmp_path / "plan"
    with staged(out) as folder:
        write_plan(folder, "old")

    def fail():
        raise failure

    with pytest.raises(type(failure)):
        publish(out, "new", meanwhile=fail)
    assert marks(out) == {"old"}
    assert leftovers(tmp_path) == []


def test_a_refusal_inside_passes_unchanged(tmp_path):
    refusal = LimitError(Problem("E-LIM-001", "no time", "give more"))
    with pytest.raises(LimitError) as caught, staged(tmp_path / "plan"):
        raise refusal
    assert caught.value is refusal
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("code", sorted(atomic.REMEDIES))
def test_every_kind_of_write_failure_names_file_and_remedy(tmp_path, code):
    with pytest.raises(OutputError) as caught, staged(tmp_path / "plan") as folder:
        raise OSError(code, os.strerror(code), str(folder / "plan.gpkg"))
    problem = caught.value.problems[0]
    assert problem.code == "E-OUT-001"
    assert problem.file.endswith("plan.gpkg")
    assert problem.remedy == atomic.REMEDIES[code]
    assert caught.value.exit_code == ExitCode.CANNOT_WRITE == 8


def test_other_errors_of_the_system_are_not_dressed_up(tmp_path):
    with pytest.raises(ConnectionResetError), staged(tmp_path / "plan"):
        raise ConnectionResetError(errno.ECONNRESET, "reset")


def test_a_folder_that_is_no_plan_is_not_replaced(tmp_path):
    out = tmp_path / "thesis"
    out.mkdir()
    (out / "chapter.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(OutputError, match="E-OUT-002"), staged(out):
        pytest.fail("the block must not run")
    assert (out / "chapter.txt").read_text(encoding="utf-8") == "years of work"


def test_a_foreign_file_that_appears_meanwhile_is_not_replaced(tmp_path):
    out = tmp_path / "plan"
    with pytest.raises(OutputError, match="E-OUT-002"):
        publish(out, "new", meanwhile=lambda: out.write_text("mine", encoding="utf-8"))
    assert out.read_text(encoding="utf-8") == "mine"


def test_an_empty_folder_is_taken(tmp_path):
    out = tmp_path / "plan"
    out.mkdir()
    with staged(out) as folder:
        write_plan(folder, "new")
    assert marks(out) == {"new"}


def test_a_file_in_place_of_a_parent_is_refused(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for out in (tmp_path / "file" / "plan", tmp_path / "file" / "deeper" / "plan"):
        with (
            pytest.raises(OutputError, match="a file stands where a folder is needed"),
            staged(out),
        ):
            pytest.fail("the block must not run")


def test_a_link_to_a_plan_keeps_being_a_link(tmp_path):
    with staged(tmp_path / "real") as folder:
        write_plan(folder, "old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with staged(tmp_path / "link") as folder:
        write_plan(folder, "new")
    assert (tmp_path / "link").is_symlink()
    assert marks(tmp_path / "real") == {"new"}


@LINUX
def test_folders_of_dead_runs_go_and_those_of_living_ones_stay(tmp_path):
    dead = tmp_path / ".plan.tmp-1-dead"
    dead.mkdir()
    write_plan(dead, "half")
    with staged(tmp_path / "plan") as living:
        assert not dead.exists()
        with staged(tmp_path / "plan") as second:
            write_plan(second, "second")
        assert living.exists()
        write_plan(living, "first")
    assert marks(tmp_path / "plan") == {"first"}


def test_a_plan_set_aside_by_a_dead_run_comes_back(tmp_path):
    aside = tmp_path / ".plan.old-abc"
    aside.mkdir()
    write_plan(aside, "old")
    with pytest.raises(ValueError, match="stop"), staged(tmp_path / "plan"):
        raise ValueError("stop")  # noqa: EM101
    assert marks(tmp_path / "plan") == {"old"}


KILLER = textwrap.dedent(
    """
    import os, signal, sys, time
    from pathlib import Path
    from planner.outputs.atomic import staged

    def write(folder, mark):
        for name in ("plan.json", "a", "b", "c"):
            (folder / name).write_text(mark * 20_000)

    out = Path(sys.argv[1])
    with staged(out) as folder:
        write(folder, "first")
    seen = set()
    for turn in range(16):
        child = os.fork()
        if child == 0:
            for step in range(10_000):
                with staged(out) as folder:
                    write(folder, f"{turn}.{step} ")
        time.sleep(0.01 + 0.004 * turn)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        texts = {file.read_text() for file in out.iterdir()}
        names = sorted(file.name for file in out.iterdir())
        assert len(texts) == 1 and names == ["a", "b", "c", "plan.json"], (turn, names)
        seen |= {text[:20] for text in texts}
    assert len(seen) > 5, seen
    with staged(out) as folder:
        write(folder, "last")
    print(sorted(path.name for path in out.parent.iterdir()))
    """
)


@LINUX
def test_a_plan_is_whole_after_every_kill(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", KILLER, str(tmp_path / "plan")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "['plan']\n"
