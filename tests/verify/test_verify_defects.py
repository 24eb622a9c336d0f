"""Plants one defect after the other in a good plan, before it is certified: each is seen."""

import sqlite3
from contextlib import closing

import pytest
from defects import DEFECTS
from defects_of_equipment import DEFECTS_OF_EQUIPMENT
from defects_of_ledger import DEFECTS_OF_LEDGER
from defects_of_marks import DEFECTS_OF_MARKS
from defects_of_milestones import DEFECTS_OF_MILESTONES
from defects_of_network import DEFECTS_OF_NETWORK
from defects_of_reasons import DEFECTS_OF_REASONS
from defects_of_roadrepairs import DEFECTS_OF_ROADREPAIRS
from defects_of_scores import DEFECTS_OF_SCORES
from defects_of_siting import DEFECTS_OF_SITING
from defects_of_wishes import DEFECTS_OF_WISHES

from planner.layers import PLAN_LAYERS
from planner.verify import certify
from planner.verify.examine import EXAMINATIONS, examine_one
from planner.verify.files import PlanFiles, read_plan_files

CATALOGUE = [
    *DEFECTS,
    *DEFECTS_OF_EQUIPMENT,
    *DEFECTS_OF_LEDGER,
    *DEFECTS_OF_MARKS,
    *DEFECTS_OF_MILESTONES,
    *DEFECTS_OF_NETWORK,
    *DEFECTS_OF_REASONS,
    *DEFECTS_OF_ROADREPAIRS,
    *DEFECTS_OF_SCORES,
    *DEFECTS_OF_SITING,
    *DEFECTS_OF_WISHES,
]


@pytest.fixture(scope="module")
def clean(pristine):
    plan = read_plan_files(pristine)
    for layer in PLAN_LAYERS:
        plan.layer(layer.name)
    return plan


def opened(folder, clean):
    """Open an edited folder; only the layers that were edited are read again."""
    plan = read_plan_files(folder)
    now, before = tables(folder), tables(clean.folder)
    same = {name for name in before if now.get(name) == before[name]}
    frames = {name: frame for name, frame in clean.frames.items() if name in same}
    return PlanFiles(plan.folder, plan.content, plan.unreadable, frames)


def tables(folder):
    """Return the rows of every layer, and what plan.gpkg says of it."""
    try:
        uri = (folder / "plan.gpkg").resolve().as_uri() + "?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            about = connection.execute("SELECT * FROM gpkg_geometry_columns").fetchall()
            found = connection.execute("SELECT table_name FROM gpkg_contents").fetchall()
            return {
                name: (about, connection.execute(f'SELECT * FROM "{name}"').fetchall())  # noqa: S608
                for (name,) in found
            }
    except sqlite3.Error:
        return {}


@pytest.mark.parametrize(
    ("edit", "expected"), [row[1:] for row in CATALOGUE], ids=[row[0] for row in CATALOGUE]
)
def test_a_planted_defect_fails_its_check(folder, clean, edit, expected):
    edit(folder)
    check = examine_one(expected, opened(folder, clean))
    assert not check.passed
    assert check.detail.startswith("does not hold: ")


def test_the_catalogue_tries_every_check_and_the_clean_plan_passes_them(pristine):
    certificate = certify(pristine)
    assert [check for check in certificate.checks if not check.passed] == []
    assert certificate.passed
    assert {row[2] for row in CATALOGUE} == {row.check_id for row in EXAMINATIONS}
    found = [check.check_id for check in certificate.checks]
    assert found == sorted({row.check_id for row in EXAMINATIONS}, key=lambda name: int(name[1:]))


@pytest.mark.parametrize("name", ["plan.json", "plan.gpkg", "lists.xlsx"])
def test_a_missing_file_is_failed_checks_and_no_crash(folder, name):
    (folder / name).unlink()
    certificate = certify(folder)
    assert not certificate.passed
    assert not certificate.checks[0].passed
    assert name in certificate.checks[0].detail


def test_a_folder_that_is_not_there_is_a_failed_check(tmp_path):
    certificate = certify(tmp_path / "none")
    assert not certificate.passed
    assert certificate.checks[0].detail == "there is no such folder"
