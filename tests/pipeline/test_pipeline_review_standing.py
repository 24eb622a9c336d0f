"""What a log says of the finished plan where a mark was set aside, or an opened road refused."""

from types import SimpleNamespace

import pandas as pd
import pytest

from planner import load_scenario
from planner.outputs.map.content import foot
from planner.outputs.wording import Both
from planner.pipeline.review_fates import CONTRADICTED, Fate
from planner.pipeline.review_log import _of_roads
from planner.pipeline.review_standing import Standing

SAID = Fate(CONTRADICTED, Both("矛盾", "clash"), ("2-m1",))


@pytest.fixture(scope="module")
def standing():
    stations = pd.DataFrame(
        [("p-a-ac7", "a", "charging", "ac7", "build", 40, 2025)],
        columns=["station_id", "site_id", "energy", "technology", "action", "n_units",
                 "first_year"],
    )  # fmt: skip
    return Standing(stations, frozenset({"s1", "s2"}), load_scenario())


def marked(**values):
    mark = {"of_road": False, "site": "", "energy": "charging", "target": "station",
            "target_id": "", "segments": ()} | values  # fmt: skip
    return SimpleNamespace(mark=SimpleNamespace(**mark))


@pytest.mark.parametrize(
    ("mark", "zh", "en"),
    [
        ({"site": "a"}, "该处建有7 kW", "7 kW AC charging with 40 units from 2025"),
        ({"site": "a", "energy": "swap"}, "该处未建", "no station stands there"),
        ({"site": "b", "energy": "all"}, "该处未建站", "no station stands there"),
        (
            {"of_road": True, "segments": ("s1", "s2", "s3")},
            "3 个路段有 2 个",
            "2 of its 3 segments",
        ),
    ],
)
def test_a_mark_set_aside_tells_what_the_plan_has_there(standing, mark, zh, en):
    fate = standing.told(SAID, marked(**mark))
    assert fate.said.zh.startswith("矛盾；本方案中：")
    assert zh in fate.said.zh
    assert en in fate.said.en
    assert (fate.outcome, fate.against) == (SAID.outcome, SAID.against)


def test_only_another_technology_than_the_marked_one_is_told(standing):
    here = standing.at("a", ["charging"])
    for code, told in (("dc120", True), ("ac7", False), ("unknown", False)):
        mark = marked(site="a", target_id=f"p-a-{code}").mark
        assert (standing.instead_of(mark, here) is not None) == told


def test_a_refused_corridor_tells_which_of_it_stays_and_why():
    wish = SimpleNamespace(
        locked=frozenset(),
        banned=frozenset({"s4"}),
        mark=SimpleNamespace(segments=("s1", "s2", "s4")),
    )
    fate = _of_roads(wish, frozenset({"s1", "s2"}), frozenset({"s1", "s2", "s9"}))
    assert "1 of its segments are not chosen; 2 more stay" in fate.said.en
    assert "另有 2 个路段已开放测试" in fate.said.zh
    assert "more stay" not in _of_roads(wish, frozenset(), frozenset()).said.en


def test_when_a_review_was_saved_does_not_date_the_map():
    row = {"layer": "roads", "date": "2025-11-01"}
    figures = {
        "case": {"map_approval_number": "", "synthetic_layers": []},
        "metric_crs": "EPSG:32650",
        "inputs": [row],
    }
    with_review = figures | {"inputs": [row, {"layer": "review", "date": "2026-11-22"}]}
    assert foot(with_review) == foot(figures)
    assert "2025-11-01" in foot(figures)[-1].en
