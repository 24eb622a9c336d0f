"""Turns what a plan reaches of its milestones into their layer."""

from __future__ import annotations

import pandas as pd

from planner import layers
from planner.siting.made_layers import Answered
from planner.siting.measure import milestone_values
from planner.siting.milestone_audit import audit_milestones

DECIMALS = 6


def make_milestones(answered: Answered) -> pd.DataFrame:
    """Return the layer MILESTONES: what is reached of each by its year, and what is missing.

    Raises
    ------
    VerificationError
        If a second count comes to another figure: the answer is withheld.
    """
    instance = answered.instance
    values = milestone_values(instance, answered.build, answered.service)
    audit_milestones(instance, answered.build, answered.service, values)
    rows = []
    for milestone, value in zip(instance.milestones, values, strict=True):
        row = answered.scenario.milestones[milestone.name]
        short = milestone.shortfall(value)
        rows.append(
            {
                "milestone_id": milestone.name,
                **row.model_dump(),
                "energy": row.energy or None,
                "county_id": row.county_id or None,
                "reached": round(value, DECIMALS),
                "shortfall": round(short, DECIMALS),
                "met": short == 0,
            }
        )
    frame = pd.DataFrame(rows, columns=layers.MILESTONES.column_names())
    frame = frame.astype({column.name: column.dtype for column in layers.MILESTONES.columns})
    return layers.validate(frame, layers.MILESTONES)
