"""Owns the certificate: what was checked, whether it holds, and the hashes of what was checked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

FORMAT = "planner-certificate-1"
CERTIFICATE_FILE, RUN_FILE = "certificate.json", "run.json"
PROVEN_FILES = ("lists.xlsx", "map.html", "plan.gpkg", "plan.json", "report.html")
LEFT_BY_FILE_BROWSERS = (".DS_Store", "Thumbs.db", "desktop.ini")
"""What opening a folder leaves behind; it is no part of a plan and changes none."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its id, whether it passed, what was found, and the worst row (if any)."""

    check_id: str
    passed: bool
    detail: str
    worst: str = ""


@dataclass(frozen=True, slots=True)
class Certificate:
    """The result of re-proving a plan folder from its files alone.

    ``files`` holds name and SHA-256 of every file but ``run.json`` and the certificate
    itself, sorted by name.
    """

    passed: bool
    checks: tuple[Check, ...]
    files: tuple[tuple[str, str], ...]

    def as_json(self) -> str:
        """Return the text of ``certificate.json``; the same for the same files, to the byte."""
        content = {
            "format": FORMAT,
            "passed": self.passed,
            "files": dict(self.files),
            "checks": [asdict(check) for check in self.checks],
        }
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def file_hashes(folder: Path) -> tuple[tuple[str, str], ...]:
    """Return name and SHA-256 of every file of a plan folder that a certificate speaks for."""
    left_out = (CERTIFICATE_FILE, RUN_FILE, *LEFT_BY_FILE_BROWSERS)
    paths = sorted(path for path in folder.iterdir() if path.name not in left_out)
    return tuple((path.name, _sha256(path)) for path in paths if path.is_file())


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
