"""Where a table of a case stands, what it is called there, and what is wrong in it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planner.errors import Problem

Table = dict[str, Any]
YEAR_KEY = re.compile(r"(.+)_(20\d\d)")
"""A key that holds for one year, such as ``budget_cny_2026``."""


@dataclass(frozen=True)
class Place:
    """A file, or a variant inside it; every problem found there is put into one list."""

    path: Path
    variant: str = ""
    problems: list[Problem] = field(default_factory=list)

    def source(self) -> str:
        """Return what stands as the source of a value that gives none itself."""
        name = self.path.name
        return (
            f"variant {self.variant} in {name} of the case"
            if self.variant
            else f"{name} of the case"
        )

    def column(self, *keys: str) -> str:
        """Return the full name of a key in the file."""
        inside = ("variants", self.variant) if self.variant else ()
        return ".".join(key for key in (*inside, *keys) if key)

    def refuse(
        self, code: str, reason: str, remedy: str, column: str = "", value: str = ""
    ) -> None:
        """Put a problem of a key (its full name, see :meth:`column`) into the list."""
        self.problems.append(
            Problem(code, reason, remedy, file=str(self.path), column=column, value=value)
        )

    def check_keys(self, table: Table, allowed: Collection[str], *where: str) -> None:
        """Refuse keys that are not known, with the nearest one that is."""
        for key in table:
            if key not in allowed:
                hint = did_you_mean(key, allowed) or f"known keys: {', '.join(allowed)}"
                self.refuse("E-CFG-005", f"unknown key {key!r}", hint, self.column(*where, key))

    def is_table(self, value: object, *where: str) -> bool:
        """Return whether a value is a table; refuse it if not."""
        if isinstance(value, dict):
            return True
        key = self.column(*where)
        remedy = f"write [{key}] and its keys below it"
        self.refuse("E-CFG-006", f"expected a table [{key}]", remedy, key, str(value))
        return False


def did_you_mean(word: str, known: Collection[str]) -> str:
    """Return a question that names the nearest known word, or nothing where none is near.

    A word with a year keeps its year, whichever years are known.

    Examples
    --------
    >>> did_you_mean("power", ["owner", "power_kw"])
    "did you mean 'power_kw'?"
    >>> did_you_mean("budgt_cny_2026", ["budget_cny_2025", "budget_cny_2027"])
    "did you mean 'budget_cny_2026'?"
    """
    if dated := YEAR_KEY.fullmatch(word):
        stems = sorted({match[1] for name in known if (match := YEAR_KEY.fullmatch(name))})
        stem = difflib.get_close_matches(dated[1], stems, n=1)
        if stem:
            return f"did you mean {f'{stem[0]}_{dated[2]}'!r}?"
    longer = [name for name in known if name.startswith(f"{word}_")]
    near = longer or difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean {near[0]!r}?" if near else ""
