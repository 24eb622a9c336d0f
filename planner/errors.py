"""The one tree of errors, each with a stable code, an exit code and a remedy.

Every refusal the program makes is a :class:`PlannerError` that carries one or more
:class:`Problem` rows. Only the command line catches them and prints.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import IntEnum

SHOWN_PER_KIND = 20
"""How many problems of one code a message lists before it only counts them."""


class ExitCode(IntEnum):
    """What the process tells its caller; the meanings are part of the public contract."""

    VERIFIED = 0
    INTERNAL = 1
    USAGE = 2
    INPUT = 3
    INFEASIBLE = 4
    LIMIT = 6
    VERIFICATION_FAILED = 7
    CANNOT_WRITE = 8
    RULE_SHORT = 9
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where it is, and what to do about it.

    Parameters
    ----------
    code
        Stable code such as ``"E-CRS-004"`` (``W-`` for a warning).
    reason
        What is wrong, in one sentence.
    remedy
        What the reader should do next.
    file, layer, row, column, value
        Where it is; empty where it does not apply. ``row`` is a feature id or a
        1-based data row, whichever the reader can find in the file.
    count
        How many rows are affected.
    """

    code: str
    reason: str
    remedy: str
    file: str = ""
    layer: str = ""
    row: str = ""
    column: str = ""
    value: str = ""
    count: int = 1

    def __str__(self) -> str:
        """Format the problem as the two or three lines a terminal shows."""
        place = [self.file]
        place += [f'layer "{self.layer}"'] if self.layer else []
        place += [f"row {self.row}"] if self.row else []
        place += [f"column {self.column}"] if self.column else []
        where = ", ".join(part for part in place if part)
        value = f" (value: {self.value!r})" if self.value else ""
        many = f"\n  {self.count} rows are affected." if self.count > 1 else ""
        return f"{self.code} {where}\n  {self.reason}{value}\n  Fix: {self.remedy}{many}"


class PlannerError(Exception):
    """Base of every refusal.

    Parameters
    ----------
    problems
        All problems found at once; a single one may be given alone.
    """

    exit_code: ExitCode = ExitCode.INTERNAL

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.shown()))

    def shown(self) -> tuple[Problem, ...]:
        """Return the problems a message lists: at most the first 20 of each code."""
        seen: dict[str, int] = {}
        kept = []
        for problem in self.problems:
            seen[problem.code] = seen.get(problem.code, 0) + 1
            if seen[problem.code] <= SHOWN_PER_KIND:
                kept.append(problem)
        return tuple(kept)

    def as_rows(self) -> list[dict[str, str | int]]:
        """Return every problem as a plain mapping, for ``--errors json``."""
        return [asdict(problem) for problem in self.problems]


class ConfigError(PlannerError, ValueError):
    """A scenario or an argument is wrong."""

    exit_code = ExitCode.USAGE


class InputError(PlannerError, ValueError):
    """An input layer is refused."""

    exit_code = ExitCode.INPUT


class InfeasibleError(PlannerError, ValueError):
    """No plan can satisfy the rules, and this was confirmed."""

    exit_code = ExitCode.INFEASIBLE


class LimitError(PlannerError, TimeoutError):
    """Time or memory ran out before there was a plan."""

    exit_code = ExitCode.LIMIT


class VerificationError(PlannerError, AssertionError):
    """A plan does not hold; it is withheld."""

    exit_code = ExitCode.VERIFICATION_FAILED


class OutputError(PlannerError, OSError):
    """A result cannot be written; what stood there before still stands."""

    exit_code = ExitCode.CANNOT_WRITE


class SolverError(PlannerError, RuntimeError):
    """The solver failed in a way that is a defect, not a property of the case."""
