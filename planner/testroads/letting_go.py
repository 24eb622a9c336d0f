"""Owns why a stage lets the way from simple to complex go, and how far it would have come."""

from __future__ import annotations

from typing import Any

from planner.testroads.instance import METRES_PER_KM, Instance, Ints
from planner.testroads.stages import STEPS, TOLERANCE_M, Ladder, Target, reach_m

Row = dict[str, Any]
KEPT, JOINS, STEP, GRADE, REST = "", "joins", "steps", "grade", "rest"
"""What is let go: nothing; both where opened roads are joined; the step beside easier roads; the
hardest grade, too; both where the last stage takes all that is left of the network."""


def with_reasons(
    steps: list[Row], instance: Instance, years: Ints, targets: list[Target], ladder: Ladder
) -> list[Row]:
    """Return the steps with what each stage let go and the km it would have reached without.

    Parameters
    ----------
    steps
        Rows of :func:`planner.testroads.structure.stage_steps`, a row for each target.
    """
    kept_m = reach_m(instance, years, targets, ladder, 0)
    steps_m = reach_m(instance, years, targets, ladder, STEPS)
    rows = []
    for row, target, kept, without_steps in zip(steps, targets, kept_m, steps_m, strict=True):
        least = target.low_m - TOLERANCE_M
        if not (row["n_above"] or row["n_alone"]):
            let_go = KEPT
        elif kept < least:
            let_go = STEP if without_steps >= least else GRADE
        else:
            let_go = REST if target is targets[-1] else JOINS
        told = {"let_go": let_go, "kept_km": round(kept / METRES_PER_KM, 6)}
        rows.append(row | told | {"target_km": round(target.low_m / METRES_PER_KM, 6)})
    return rows


def why_let_go(row: Row) -> str:
    """Return why a stage let go what it did, in words."""
    reached = f"keeping to them would reach {row['kept_km']:.3f} of {row['target_km']:.3f} km"
    return {
        JOINS: "to join opened roads",
        STEP: f"as {reached}: the step beside easier roads is let go",
        GRADE: f"as {reached}: the hardest grade is let go, too",
        REST: "as the last stage takes all that is left of the network",
    }[row["let_go"]]
