"""The rule that the milestones of a case are together: met, or short by what."""

import pandas as pd

from planner import layers
from planner.plan.verdict import milestone_rows, verdict

NAMES = ["milestone_id", "zh", "en", "year", "measure", "least", "reached", "met"]


def judged(*rows):
    return milestone_rows(pd.DataFrame(rows, columns=NAMES))


def test_no_milestone_is_no_rule():
    empty = pd.DataFrame(columns=layers.MILESTONES.column_names())
    assert milestone_rows(empty) == []


def test_all_met_is_met():
    [row] = judged(["a", "站", "Stations", 2026, "stations", 3.0, 4.0, True])
    assert (row["rule_id"], row["status"]) == ("milestones", "met")
    assert (row["detail_zh"], row["detail_en"]) == ("1 项中达标 1 项", "1 of 1 met")
    assert verdict([row]) == "met"


def test_one_short_is_short_and_told_with_its_figures():
    [row] = judged(
        ["b", "份额", "Share", 2027, "served_share", 0.9, 0.8125, False],
        ["c", "站", "Stations", 2026, "stations", 3.0, 1.0, False],
        ["a", "枪", "Units", 2025, "units", 3.0, 3.0, True],
    )
    assert row["status"] == "short"
    assert row["detail_en"] == "1 of 3 met; Stations (2026): 1 of 3; Share (2027): 81.2% of 90.0%"
    assert "站（2026 年）1，目标 3；份额（2027 年）81.2%，目标 90.0%" in row["detail_zh"]
    assert verdict([row]) == "short"
