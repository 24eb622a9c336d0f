"""Plants one defect after the other in a good plan, before it is certified: each is seen."""

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
from reopening import opened, whole

from planner.verify import certify
from planner.verify.examine import EXAMINATIONS, examine_one

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
    return whole(pristine)


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
