"""Holds the chart and the page to what they draw, and to hostile text."""

import re
import xml.etree.ElementTree as ET  # our own output

import pandas as pd
import pytest

from planner.outputs.charts import in_both, in_one
from planner.outputs.wording import Both
from planner.studies.chart import Series, share_chart
from planner.studies.page import Table, figure, percent, study_page


class Named:
    title_zh = "<script>坏</script>"
    title_en = "bad\u202e"


def chart(say=in_both, name="需求"):
    rows = [Series(Both(name, "demand"), [0.25, None, 1.0], [0.5, None, 1.2])]
    return share_chart([0.0, 50.0, 100.0], Both("钱", "money"), rows, say)


def test_points_lie_where_their_shares_are():
    root = ET.fromstring(chart())  # noqa: S314
    circles = root.findall("{http://www.w3.org/2000/svg}circle")
    assert len(circles) == 2, "a missing value has no point"
    (x0, y0), (x1, y1) = ((float(c.get("cx")), float(c.get("cy"))) for c in circles)
    assert x0 == 56.0
    assert x1 == 700.0, "100 of 100 lies at the right end"
    assert y1 == 16.0, "a share of 1 lies at the top"
    assert y0 == pytest.approx(16 + 220 * 0.75), "a quarter lies a quarter up"


def test_a_bound_above_one_is_drawn_at_one():
    bars = re.findall(r'class="s0 bound" x1="695.0" x2="705.0" y1="([\d.]+)"', chart())
    assert bars == ["16.0"]


def test_one_language_alone_or_both():
    assert "钱" in chart(in_one("zh"))
    assert "money" not in chart(in_one("zh"))
    assert '<tspan class="en">money</tspan>' in chart()


def test_text_from_data_stays_text():
    assert "<b>" not in chart(name="<b>")
    page = study_page(
        Named(),
        Both("题", "title"),
        [],
        [Table(Both("表", "t"), [Both("列", "c")], [["<i>"]])],
        "en",
    )
    assert "<script" not in page
    assert "<i>" not in page
    assert "\u202e" not in page
    assert '<html lang="en">' in page


def test_numbers_as_people_read_them():
    assert percent(0.1234) == "12.34%"
    assert percent(float("nan")) == "—"
    assert figure(12_345.6) == "12,346"
    assert figure(0.25) == "0.25"
    assert figure(pd.NA) == "—"
