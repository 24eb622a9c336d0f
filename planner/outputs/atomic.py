"""Puts a finished folder in place of the old one in a single step, or leaves the old one alone."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

from planner.errors import OutputError, PlannerError, Problem

PLAN_FILE = "plan.json"
AT_FDCWD = -100
RENAME_EXCHANGE = 2
NO_EXCHANGE = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM})
REMEDIES = {
    errno.ENOSPC: "free space on that disk, or choose another folder with --out",
    errno.EDQUOT: "free some of your quota, or choose another folder with --out",
    errno.EFBIG: "the file system or a limit refuses a file of that size; choose another folder",
    errno.EROFS: "that disk is read-only; choose another folder with --out",
    errno.EACCES: "ask for write permission there, or choose another folder with --out",
    errno.EPERM: "ask for write permission there, or choose another folder with --out",
    errno.EBUSY: "close the program that has the folder open, such as QGIS, then run again",
    errno.EIO: "the disk reports a fault; choose another folder with --out",
    errno.EEXIST: "a file stands where a folder is needed; choose another folder with --out",
    errno.ENOTDIR: "a file stands where a folder is needed; choose another folder with --out",
    errno.ENAMETOOLONG: "choose a shorter name with --out",
    errno.ELOOP: "the path is a circle of links; choose another folder with --out",
}
"""What to do about each way a write can fail; other errors are not ours to explain."""


def cannot_write(error: OSError, file: Path) -> OutputError:
    """Return the refusal that explains a failed write.

    Parameters
    ----------
    error
        What the operating system said.
    file
        The file or folder that was being written; the error's own name wins.
    """
    return OutputError(
        Problem(
            "E-OUT-001",
            f"cannot be written: {error.strerror or error}",
            REMEDIES.get(error.errno or 0, "choose another folder with --out"),
            file=str(error.filename or file),
        )
    )


@contextlib.contextmanager
def staged(out: Path, mark: str = PLAN_FILE) -> Iterator[Path]:
    """Give a temporary folder that takes the place of ``out`` when the block succeeds.

    The temporary folder lies beside ``out`` on the same file system. Where the system can
    exchange two names in one step (Linux), ``out`` is at every moment the old or the new
    folder; elsewhere the old one is first set aside and put back should the run fail.
    Temporary folders of runs that died are removed.

    Parameters
    ----------
    out
        The folder: absent, empty, or an earlier one of its kind, which is replaced as a whole.
    mark
        File by which an earlier folder of the same kind is known.

    Yields
    ------
    Path
        Empty folder to write into.

    Raises
    ------
    OutputError
        If ``out`` is something else, or cannot be written; it is then as it was.
    """
    out = _resolved(out)
    temporary = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _recover(out)
        _refuse_foreign(out, mark)
        temporary, lock = _locked_folder(out)
        with lock:
            yield temporary
            _flush(temporary)
            _refuse_foreign(out, mark)
            _swap(temporary, out)
    except PlannerError:
        raise
    except OSError as error:
        if error.errno not in REMEDIES:
            raise
        raise cannot_write(error, out) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def _resolved(out: Path) -> Path:
    try:
        return Path(out).resolve()
    except (OSError, RuntimeError) as error:
        raise cannot_write(OSError(errno.ELOOP, str(error)), Path(out)) from error


def _refuse_foreign(out: Path, mark: str) -> None:
    if not out.exists():
        return
    if out.is_dir() and ((out / mark).is_file() or not any(out.iterdir())):
        return
    raise OutputError(
        Problem(
            "E-OUT-002",
            f"holds no {mark}, so it is something else and not replaced"
            if out.is_dir()
            else "is a file where a folder should stand",
            "choose a new or empty folder with --out, or the folder of an earlier run",
            file=str(out),
        )
    )


def _locked_folder(out: Path) -> tuple[Path, contextlib.ExitStack]:
    """Make the temporary folder and hold a lock on it that dies with the process."""
    while True:
        temporary = out.parent / f".{out.name}.tmp-{os.getpid()}-{uuid.uuid4().hex[:12]}"
        temporary.mkdir()
        lock = contextlib.ExitStack()
        if _locked(temporary, lock) is not False and temporary.exists():
            return temporary, lock
        lock.close()


def _locked(folder: Path, stack: contextlib.ExitStack) -> bool | None:
    """Lock a folder until the stack closes; None where the system cannot lock folders."""
    if sys.platform == "win32":
        return None
    import fcntl  # noqa: PLC0415 - absent on Windows

    try:
        handle = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return False
    stack.callback(os.close, handle)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _recover(out: Path) -> None:
    """Put back a plan that a dead run set aside, and remove what dead runs left."""
    for aside in sorted(out.parent.glob(f".{_escaped(out.name)}.old-*")):
        if not out.exists():
            aside.rename(out)
        else:
            shutil.rmtree(aside, ignore_errors=True)
    for stale in sorted(out.parent.glob(f".{_escaped(out.name)}.tmp-*")):
        with contextlib.ExitStack() as stack:
            # Only a lock that was really taken proves that the run is dead.
            if _locked(stale, stack):
                shutil.rmtree(stale, ignore_errors=True)


def _escaped(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _flush(folder: Path) -> None:
    """Bring every file and folder below ``folder``, and itself, onto the disk."""
    for path in [*sorted(folder.rglob("*")), folder]:
        if sys.platform == "win32" and path.is_dir():
            continue
        handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _swap(new: Path, out: Path) -> None:
    if not out.exists():
        new.rename(out)
    elif not _exchange(new, out):
        _replace_in_two_steps(new, out)
    if sys.platform != "win32":
        handle = os.open(out.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _exchange(new: Path, out: Path) -> bool:
    """Exchange two names in one step; False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    done = call(AT_FDCWD, os.fsencode(new), AT_FDCWD, os.fsencode(out), RENAME_EXCHANGE)
    if done == 0:
        return True
    code = ctypes.get_errno()
    if code in NO_EXCHANGE:
        return False
    raise OSError(code, os.strerror(code), str(out))


def _replace_in_two_steps(new: Path, out: Path) -> None:
    aside = out.parent / f".{out.name}.old-{uuid.uuid4().hex[:12]}"
    out.rename(aside)
    try:
        new.rename(out)
    except BaseException:
        aside.rename(out)
        raise
    shutil.rmtree(aside, ignore_errors=True)
