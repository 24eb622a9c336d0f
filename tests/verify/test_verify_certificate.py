"""The certificate: the same to the byte, compared with the files, and never trusted."""

import hashlib
import json

import pytest
from defects import DEFECTS, pretty_json
from tampering import figure, sql

from planner.verify import Certificate, certify, verify_plan


@pytest.fixture(scope="module")
def certificate_text(pristine):
    return certify(pristine).as_json()


@pytest.fixture
def certified(folder, certificate_text):
    (folder / "certificate.json").write_text(certificate_text, encoding="utf-8")
    return folder


def test_a_certified_plan_verifies_and_says_what_it_hashed(certified):
    certificate = verify_plan(certified)
    assert certificate.passed
    assert certificate.checks[0].check_id == "V00"
    stored = json.loads((certified / "certificate.json").read_text("utf-8"))
    assert stored["format"] == "planner-certificate-1"
    assert stored["passed"] is True
    assert sorted(stored["files"]) == sorted(
        ["lists.xlsx", "map.html", "plan.gpkg", "plan.json", "report.html"]
    )
    digest = hashlib.sha256((certified / "plan.json").read_bytes()).hexdigest()
    assert stored["files"]["plan.json"] == digest
    assert set(stored["checks"][0]) == {"check_id", "passed", "detail", "worst"}


def test_the_certificate_is_the_same_to_the_byte(folder, certificate_text):
    second = certify(folder)
    assert isinstance(second, Certificate)
    assert second.as_json() == certificate_text


def test_run_json_may_differ_but_must_be_there(certified):
    (certified / "run.json").write_text('{"other": true}', encoding="utf-8")
    assert verify_plan(certified).passed
    (certified / "run.json").unlink()
    assert not verify_plan(certified).passed


@pytest.mark.parametrize(
    "name", ["plan.json", "plan.gpkg", "lists.xlsx", "map.html", "report.html"]
)
def test_one_flipped_bit_in_any_file_is_seen(certified, name):
    content = bytearray((certified / name).read_bytes())
    content[len(content) * 2 // 3] ^= 4
    (certified / name).write_bytes(content)
    check = verify_plan(certified).checks[0]
    assert not check.passed
    assert check.worst == name


def test_an_edit_that_changes_no_figure_is_still_seen(certified):
    pretty_json(certified)
    certificate = verify_plan(certified)
    assert [check.check_id for check in certificate.checks if not check.passed] == ["V00"]


def test_an_edit_after_certification_fails_twice(certified):
    sql("UPDATE stations SET capital_cny = capital_cny + 1 WHERE site_id = 'c1'")(certified)
    failed = {check.check_id for check in verify_plan(certified).checks if not check.passed}
    assert {"V00", "V17", "V44"} <= failed


def test_a_forged_certificate_over_a_false_plan_is_seen(certified):
    figure("siting", "spent_cny", value=1)(certified)
    forged = json.loads(certify(certified).as_json())
    for check in forged["checks"]:
        check["passed"] = True
    forged["passed"] = True
    text = json.dumps(forged, ensure_ascii=False)
    (certified / "certificate.json").write_text(text, encoding="utf-8")
    certificate = verify_plan(certified)
    assert not certificate.passed
    assert "stored checks" in certificate.checks[0].detail


@pytest.mark.parametrize("content", ["", "[1]", '{"format": "other"}', '{"format": 1, "files": 2}'])
def test_a_certificate_that_is_none_is_a_failed_check(certified, content):
    (certified / "certificate.json").write_text(content, encoding="utf-8")
    check = verify_plan(certified).checks[0]
    assert not check.passed
    assert check.worst == "certificate.json"


def test_a_plan_without_certificate_is_not_verified(folder):
    assert not verify_plan(folder).passed


def test_the_catalogue_is_large_and_named_without_repetition():
    names = [row[0] for row in DEFECTS]
    assert len(names) == len(set(names))
    assert len(names) >= 30
