"""The rule that the limits of the mix of test roads are: kept, or missed by what."""

import pandas as pd

from planner import layers
from planner.plan.verdict import road_limit_rows, verdict

NAMES = ["limit_id", "zh", "en", "measure", "least", "most", "reached", "met"]


def judged(*rows):
    return road_limit_rows(pd.DataFrame(rows, columns=NAMES))


def test_no_limit_is_no_rule():
    assert road_limit_rows(pd.DataFrame(columns=layers.ROAD_LIMITS.column_names())) == []


def test_all_kept_is_met():
    [row] = judged(["a", "甲", "A", "km", 3.0, None, 4.0, True])
    assert (row["rule_id"], row["status"]) == ("road_limits", "met")
    assert (row["detail_zh"], row["detail_en"]) == ("1 项中符合 1 项", "1 of 1 kept")
    assert verdict([row]) == "met"


def test_one_missed_is_short_and_told_with_its_figures():
    [row] = judged(
        ["c", "丙", "C", "share", 0.1, 0.25, 0.3125, False],
        ["b", "乙", "B", "km", 30.0, None, 12.5, False],
        ["a", "甲", "A", "km", None, 40.0, 4.0, True],
    )
    assert row["status"] == "short"
    assert row["detail_en"] == (
        "1 of 3 kept; B: 12.500 km, asked at least 30.000 km; "
        "C: 31.2%, asked at least 10.0% and at most 25.0%"
    )
    assert (
        "乙：12.500 km，要求不低于 30.000 km；丙：31.2%，要求不低于 10.0%、不高于 25.0%"
        in (row["detail_zh"])
    )
    assert verdict([row]) == "short"
