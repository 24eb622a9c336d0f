"""Finds the files of a case inside its folder, and nothing outside of it."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath, PureWindowsPath

from planner.errors import InputError, Problem

MAX_BYTES = 2_000_000_000
"""Larger files are refused: a city's layers are far below this."""


def path_inside(folder: Path, name: str, *, layer: str) -> Path:
    """Return the path of a layer's file inside the case folder.

    Raises
    ------
    InputError
        If the path is absolute, climbs or links out of the folder, or no file is there.
    """
    parts = PureWindowsPath(name).parts + PurePosixPath(name).parts
    rooted = PurePosixPath(name).is_absolute() or PureWindowsPath(name).drive
    path = folder / name
    escapes = rooted or ".." in parts or "\x00" in name or not name
    if escapes or not path.resolve().is_relative_to(folder.resolve()):
        raise InputError(
            Problem(
                "E-FIL-002",
                "the file lies outside the case folder",
                "put the file into the case folder and name it relative to it, without '..' "
                "and without a link that leads out",
                file=name,
                layer=layer,
            )
        )
    return checked_file(path, shown=name, layer=layer)


def checked_file(path: Path, *, shown: str, layer: str) -> Path:
    """Return the path if a regular, non-empty file of sensible size is there.

    Raises
    ------
    InputError
        Saying what is there instead.
    """
    reason, code = "", "E-FIL-001"
    if not path.exists():
        reason = "there is no such file"
    elif not path.is_file():
        reason = "this is not a file"
    elif path.stat().st_size == 0:
        reason, code = "the file is empty", "E-FIL-004"
    elif path.stat().st_size > MAX_BYTES:
        reason, code = f"the file is larger than {MAX_BYTES // 10**9} GB", "E-FIL-003"
    if reason:
        raise InputError(
            Problem(code, reason, "check the name and the export", file=shown, layer=layer)
        )
    return path


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
