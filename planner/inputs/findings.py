"""Collects what is found while one layer is read: problems, warnings, repairs, rejections."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from planner.errors import InputError, Problem

REJECTED_SHARE = 0.01
"""A layer is refused when more of its rows than this, and more than one, are rejected."""


@dataclass
class Findings:
    """Everything there is to say about one layer of one file."""

    layer: str
    file: str
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rejected: list[dict[str, str]] = field(default_factory=list)
    dropped: list[dict[str, str]] = field(default_factory=list)
    repaired: set[str] = field(default_factory=set)

    def add(self, problem: Problem) -> None:
        """Keep a problem, or a warning where its code says so, with file and layer filled in."""
        placed = replace(problem, file=problem.file or self.file, layer=problem.layer or self.layer)
        (self.warnings if problem.code.startswith("W-") else self.problems).append(placed)

    def stop(self, problem: Problem) -> InputError:
        """Return the error that ends the reading of this layer."""
        return InputError(replace(problem, file=self.file, layer=self.layer))

    def reject(self, rows: Iterable[object], code: str, reason: str) -> None:
        """Keep rows out of the layer, with the reason."""
        self.rejected += [self._row(row, code, reason) for row in rows]

    def drop_copies(self, rows: Iterable[object], reason: str) -> None:
        """Leave out rows that say nothing new; they do not count against the limit."""
        self.dropped += [self._row(row, "W-ID-001", reason) for row in rows]

    def repair(self, rows: Iterable[object], note: str) -> None:
        """Note that rows were mended and are used."""
        self.repaired |= {str(row) for row in rows}
        self.notes.append(note)

    def rejected_rows(self) -> list[str]:
        """Return the rejected rows, each once, in the order they were found."""
        return list(dict.fromkeys(row["row"] for row in self.rejected))

    def check_limit(self, rows_in: int) -> None:
        """Refuse the layer if too many of its rows were rejected."""
        n = len(self.rejected_rows())
        if n <= max(1, REJECTED_SHARE * rows_in):
            return
        kinds = sorted({(row["code"], row["reason"]) for row in self.rejected})
        first = ", ".join(self.rejected_rows()[:5])
        self.add(
            Problem(
                "E-ROW-001",
                f"{n} of {rows_in} rows cannot be used, more than 1 %: "
                + "; ".join(f"{code} {reason}" for code, reason in kinds[:5]),
                "mend these rows in the file; up to 1 % would be left out and listed",
                row=first,
                count=n,
            )
        )

    def _row(self, row: object, code: str, reason: str) -> dict[str, str]:
        return {
            "layer": self.layer,
            "file": self.file,
            "row": str(row),
            "code": code,
            "reason": reason,
        }
