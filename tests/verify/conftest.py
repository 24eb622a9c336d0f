"""Makes one toy plan folder for all tests of the verifier; each test edits its own copy."""

import shutil

import pytest
from toy_folder import write_toy_plan


@pytest.fixture(scope="session")
def pristine(tmp_path_factory):
    return write_toy_plan(tmp_path_factory.mktemp("verify") / "plan")


@pytest.fixture
def folder(pristine, tmp_path):
    return shutil.copytree(pristine, tmp_path / "plan")
