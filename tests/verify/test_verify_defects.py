"""Plants one defect after the other in a good plan, before it is certified: each is seen."""

import pytest
from defects import DEFECTS

from planner.verify import certify
from planner.verify.examine import EXAMINATIONS, examine_one
from planner.verify.files import PlanFiles, read_plan_files


@pytest.fixture(scope="module")
def clean(pristine):
    return read_plan_files(pristine)


def opened(folder, clean):
    """Open an edited folder; layers are read again only where plan.gpkg was edited."""
    plan = read_plan_files(folder)
    untouched = (folder / "plan.gpkg").read_bytes() == (clean.folder / "plan.gpkg").read_bytes()
    frames = clean.frames if untouched else {}
    return PlanFiles(plan.folder, plan.content, plan.unreadable, frames)


@pytest.mark.parametrize(
    ("edit", "expected"), [row[1:] for row in DEFECTS], ids=[row[0] for row in DEFECTS]
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
    assert {row[2] for row in DEFECTS} == {row.check_id for row in EXAMINATIONS}
    assert [check.check_id for check in certificate.checks] == [
        f"V{number:02d}" for number in range(1, len(EXAMINATIONS) + 1)
    ]


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
