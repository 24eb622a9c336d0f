"""Plants defects in a plan that the program itself made, before it is certified again."""

import shutil

import pytest
from defects_anywhere import DEFECTS_ANYWHERE
from reopening import opened, whole

from planner.verify import verify_plan
from planner.verify.examine import examine_one


def test_a_published_plan_verifies(toy_plan_folder):
    certificate = verify_plan(toy_plan_folder)
    assert [check.detail for check in certificate.checks if not check.passed] == []


@pytest.fixture(scope="module")
def clean(toy_plan_folder):
    return whole(toy_plan_folder)


@pytest.mark.parametrize(
    ("edit", "expected"),
    [row[1:] for row in DEFECTS_ANYWHERE],
    ids=[row[0] for row in DEFECTS_ANYWHERE],
)
def test_a_defect_in_a_made_plan_fails_its_check(clean, tmp_path, edit, expected):
    folder = shutil.copytree(clean.folder, tmp_path / "plan")
    edit(folder)
    assert not examine_one(expected, opened(folder, clean)).passed
