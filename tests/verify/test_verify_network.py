"""Holds the verifier's own look at the network against that of the choice, on random networks."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from planner.testroads import Instance
from planner.testroads.instance import Shape, Variety
from planner.testroads.stages import Ladder
from planner.testroads.structure import network_figures, stage_steps
from planner.verify import roadnet
from planner.verify.files import PlanFiles

YEARS = [2025, 2026, 2027]
SHARES = [1.0, 0.5, 0.25]


def random_instance(rng, edges):
    size = len(edges)
    ends = np.array(edges, dtype=np.int64)
    metres = rng.integers(50, 400, size) / 1.0
    return Instance(
        segment_id=tuple(f"s{row:02}" for row in range(size)),
        from_node=ends[:, 0],
        to_node=ends[:, 1],
        n_nodes=int(ends.max()) + 1,
        length_m=metres,
        counted_m=metres,
        worth=np.round(rng.uniform(0, 2, size), 6),
        grade=rng.integers(1, 6, size),
        excluded=np.zeros(size, dtype=bool),
        opened=rng.random(size) < 0.15,
        variety=Variety(rng.integers(0, 3, size), tuple((0.7, 0.4 * share) for share in SHARES)),
        shape=Shape(least_spur_m=600.0, spur_factor=0.3, least_cycle_share=0.5),
    )


def files_of(instance, years, scenes, network, ladder):
    """Return a plan folder that says of these roads what the choice says of them."""
    rows = np.flatnonzero(years > 0)
    names = np.array(instance.segment_id)[rows]
    roads = gpd.GeoDataFrame(
        {
            "segment_id": names,
            "from_node": instance.from_node[rows].astype(str),
            "to_node": instance.to_node[rows].astype(str),
            "counted_m": instance.counted_m[rows],
            "test_value": instance.worth[rows],
            "complexity_grade": instance.grade[rows],
            "opened_before": instance.opened[rows],
            "stage_year": years[rows],
        }
    )
    terms = pd.DataFrame({"segment_id": names, "scene": scenes[rows]})
    settings = {
        "least_spur_m": 600.0, "spur_factor": 0.3, "least_cycle_share": 0.5,
        "free_grade": ladder.free_grade,
        "most_grade_by_year": {"2025": 3, "2026": 4},  # 2027 takes that of 2026
        "target_km_by_year": dict.fromkeys(map(str, YEARS), 1.0),
    }  # fmt: skip
    worth = {"variety": {"weight": 0.4, "fade_km": 0.7, "shares": SHARES}}
    content = {"settings": {"test_roads": settings, "worth": worth},
               "test_roads": {"network": network}}  # fmt: skip
    return PlanFiles(Path(), content, {}, {"test_roads": roads, "segment_terms": terms})


@pytest.mark.parametrize("seed", range(25))
def test_both_see_the_same_network(seed):
    rng = np.random.default_rng(seed)
    edges = [(int(rng.integers(max(0, node - 4), node)), node) for node in range(1, 24)]
    edges += [tuple(rng.integers(0, 24, 2).tolist()) for _ in range(int(rng.integers(0, 8)))]
    instance = random_instance(rng, edges)
    years = np.where(instance.opened, 2020, rng.choice([0, *YEARS], len(edges)))
    scenes = np.array(["primary", "trunk", "ramp"], dtype=object)[instance.variety.scene]
    ladder = Ladder(2, {2025: 3, 2026: 4, 2027: 4})
    network = network_figures(instance, years, scenes)
    network |= {"steps": stage_steps(instance, years, YEARS, ladder)}
    plan = files_of(instance, years, scenes, network, ladder)
    for check in (
        roadnet.cycles_hold, roadnet.spurs_hold, roadnet.scenes_add_up, roadnet.steps_hold
    ):  # fmt: skip
        assert list(check(plan)) == []
    worth = network["base_worth"] + network["variety_worth"] - network["spur_loss"]
    assert roadnet.network_worth(plan) == pytest.approx(worth)
