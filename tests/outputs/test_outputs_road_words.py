"""Reasons, scenes and grades of roads in two languages, and what is unknown as it stands."""

import pandas as pd
import pytest
from toy_written_plan import HOSTILE, toy_plan

from planner.outputs.road_words import (
    KINDS,
    TERMS,
    points_words,
    reason_kind,
    reason_words,
    scene_words,
    zone_names,
)
from planner.outputs.wording import Both, word_of

REASONS = [
    ("speed", "speed", "限速过高"),
    ("service road", "service_road", "内部道路"),
    ("tunnel", "tunnel", "隧道"),
    ("sharp turn", "sharp_turn", "急弯"),
    ("island", "island", "与主路网不相连"),
    ("refused in review", "refused", "评审未通过"),
    ("zone z2", "zone", "邻近水源地（禁行区域）"),
    ("school z3", "school", "邻近一小（学校）"),
    ("hospital h9", "hospital", "邻近h9（医院）"),
    ("construction c1", "construction", "邻近c1（施工区）"),
    ("open 10.5 h a day", "open_hours", "每日仅 10.5 小时可用"),
    ("closed until 2026", "closed_until", "2026 年及以前禁行"),
    ("no test road from 2026 on", "closing", "2026 年起不再是测试道路"),
]


@pytest.mark.parametrize(("reason", "kind", "zh"), REASONS)
def test_a_reason_has_a_kind_and_is_said_in_chinese(reason, kind, zh):
    names = zone_names(toy_plan().layers["zones"])
    assert reason_kind(reason) == kind
    assert reason_words(reason, names).zh == zh
    assert word_of("exclusion_kind", kind).zh != kind


def test_every_kind_of_reason_has_a_case_here_and_a_heading():
    assert {kind for _, kind, _ in REASONS} | {"other"} == set(KINDS)
    assert len({word_of("exclusion_kind", kind).zh for kind in KINDS}) == len(KINDS)


def test_several_reasons_are_all_said_and_the_first_decides_the_kind():
    names = {"z3": Both("一小", "School One")}
    reason = "school z3; sharp turn; closed until 2025"
    assert reason_kind(reason) == "school"
    assert reason_words(reason, names) == Both(
        "邻近一小（学校）；急弯；2025 年及以前禁行",
        "near School One (school); sharp turn; closed until the end of 2025",
    )


@pytest.mark.parametrize("text", [*HOSTILE, "zone", "speed ", "open h a day", ""])
def test_what_is_no_reason_of_ours_is_shown_as_it_stands(text):
    assert reason_kind(text) == "other"
    assert reason_words(text, {}).en == text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_zone_name_is_a_text_and_no_template(text):
    assert reason_words("zone x", {"x": Both(text, text)}).en == f"near {text} (forbidden zone)"


def test_a_zone_without_an_english_name_keeps_its_own():
    zones = pd.DataFrame({"zone_id": ["a", "b"], "name": ["甲", None], "name_en": [None, "B"]})
    assert zone_names(zones) == {"a": Both("甲", "甲"), "b": Both("b", "B")}
    assert zone_names(zones.drop(columns="name_en"))["a"] == Both("甲", "甲")


def test_a_scene_is_its_class_and_what_stands_out():
    assert scene_words("primary, bridge") == Both("主干路，桥梁", "primary, bridge")
    assert scene_words("secondary") == Both("次干路", "secondary")
    assert scene_words("<b>, {x}").en == "<b>, {x}"


def test_points_add_up_in_front_of_the_reader_and_terms_without_points_are_left_out():
    row = next(toy_plan().layers["segment_terms"].itertuples())
    assert points_words(row) == Both(
        "道路等级 3 + 车道 1 + 信号灯 2 = 6 分", "class 3 + lanes 1 + signals 2 = 6 points"
    )
    assert sum(int(getattr(row, name)) for name in TERMS) == row.points
    assert all(word_of("grade_term", name).zh != name for name in TERMS)
