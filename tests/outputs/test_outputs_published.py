"""A plan folder read back is the plan: every file written from it again is the same."""

import json
from types import SimpleNamespace

import pytest

from planner.errors import InputError
from planner.outputs import read_published, write_files


@pytest.fixture
def folder(plan, tmp_path):
    made = tmp_path / "plan"
    made.mkdir()
    write_files(plan, made)
    return made


def test_everything_written_from_a_folder_again_is_the_same_to_the_byte(folder, tmp_path):
    read = read_published(folder)
    again = tmp_path / "again"
    again.mkdir()
    write_files(SimpleNamespace(layers=read.layers, figures=read.figures), again)
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["lists.xlsx", "map.html", "plan.gpkg", "plan.json", "report.html"]
    for name in names:
        assert (again / name).read_bytes() == (folder / name).read_bytes(), name


def spoil_json(folder):
    (folder / "plan.json").write_text("{", encoding="utf-8")


def other_json(folder):
    (folder / "plan.json").write_text(json.dumps({"format": "other"}), encoding="utf-8")


def no_layers(folder):
    (folder / "plan.gpkg").unlink()


def spoil_layers(folder):
    (folder / "plan.gpkg").write_bytes(b"no database")


@pytest.mark.parametrize(
    ("spoil", "code", "named"),
    [
        (lambda folder: (folder / "plan.json").unlink(), "E-OUT-020", "plan.json"),
        (spoil_json, "E-OUT-021", "plan.json"),
        (other_json, "E-OUT-021", "plan.json"),
        (no_layers, "E-OUT-020", "plan.gpkg"),
        (spoil_layers, "E-OUT-022", "plan.gpkg"),
    ],
)
def test_a_folder_that_holds_no_whole_plan_is_refused(folder, spoil, code, named):
    spoil(folder)
    with pytest.raises(InputError) as refused:
        read_published(folder)
    assert code in str(refused.value)
    assert named in str(refused.value)
