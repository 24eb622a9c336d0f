"""One thing of either plan, or of both: what happened to it between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Record = Any
"""A row of a layer as ``itertuples`` gives it."""

Aspects = dict[str, Callable[[Record], object]]
"""What may differ between two rows, each with how it is read."""

KINDS = ("added", "dropped", "moved", "changed", "same")
"""What can happen; the order in which changes are listed."""


@dataclass(frozen=True)
class Change:
    """One row of either plan's layer, or the row of each that is taken for the same thing.

    Parameters
    ----------
    kind
        One of ``KINDS``.
    aspects
        What differs between the two rows; empty for a thing added or dropped.
    before, after
        Its row in plan A and in plan B; ``None`` where that plan has none.
    moved_m
        Geodesic metres from its place in A to that in B; 0.0 unless it moved.
    """

    kind: str
    aspects: tuple[str, ...]
    before: Record | None
    after: Record | None
    moved_m: float = 0.0

    @property
    def either(self) -> Record:
        """Return its row in plan B, or in A where it was dropped."""
        return self.after if self.after is not None else self.before


def of_kind(changes: list[Change], kind: str) -> list[Change]:
    """Return the changes of one kind, in their order."""
    return [change for change in changes if change.kind == kind]


def count_by_kind(changes: list[Change]) -> dict[str, int]:
    """Return how many changes there are of each kind."""
    return {kind: len(of_kind(changes, kind)) for kind in KINDS}
