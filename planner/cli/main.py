"""Runs a command and turns every way it can end into a message and an exit code."""

from __future__ import annotations

import signal
import sys
import traceback
from types import FrameType

import typer

from planner.cli.app import app
from planner.errors import ExitCode, PlannerError


def main() -> None:
    """Run the command line and leave with the exit code of the contract."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        code = app(standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        code = ExitCode.INTERRUPTED
    except PlannerError as error:
        sys.stderr.write(f"{error}\n")
        code = error.exit_code
    except Exception as error:  # noqa: BLE001 - the last line of defence, says so and ends
        code = _unforeseen(error)
    if code == ExitCode.INTERRUPTED:
        sys.stderr.write("interrupted: nothing was changed\n")
    sys.exit(int(code or 0))


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Let a polite request to end unwind like Ctrl-C, so that nothing is left behind."""
    raise KeyboardInterrupt


def _unforeseen(error: Exception) -> int:
    show = getattr(error, "show", None)
    if callable(show):  # a wrong call, in the words of the argument parser
        show()
        return int(ExitCode.USAGE)
    traceback.print_exc()
    sys.stderr.write(
        "E-INT-001 this is a defect of planner, not of your data.\n"
        "  Fix: report the lines above with the command and the case\n"
    )
    return int(ExitCode.INTERNAL)
