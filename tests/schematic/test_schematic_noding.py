"""Checks where lines share a vertex and where they pass over one another."""

from itertools import pairwise

import numpy as np
import pytest

from planner.schematic.lines import Line
from planner.schematic.noding import noded
from planner.schematic.trimming import trimmed


def _line(points, road_class="secondary", **given):
    return Line(np.array(points, dtype=float), road_class, **given)


ACROSS = [[-500, 0], [500, 0]]
UPWARD = [[0, -500], [0, 500]]


def test_a_crossing_of_streets_is_a_junction():
    pieces = noded([_line(ACROSS), _line(UPWARD)])
    assert len(pieces) == 4
    assert sum([0.0, 0.0] in piece.points.tolist() for piece in pieces) == 4


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"road_class": "motorway"}, {"road_class": "primary"}),
        ({"road_class": "ramp"}, {"road_class": "primary"}),
        ({"road_class": "trunk", "oneway": True}, {"road_class": "residential"}),
        ({"road_class": "primary", "tunnel": True}, {"road_class": "primary"}),
    ],
)
def test_some_roads_pass_over_one_another(one, other):
    assert len(noded([_line(ACROSS, **one), _line(UPWARD, **other)])) == 2


def test_a_ramp_that_ends_on_a_motorway_joins_it_and_a_street_does_not():
    ending = [[0, 0], [0, 500]]
    assert len(noded([_line(ACROSS, "motorway"), _line(ending, "ramp")])) == 3
    assert len(noded([_line(ACROSS, "motorway"), _line(ending, "tertiary")])) == 2


def test_junctions_a_few_metres_apart_become_one():
    pieces = noded([_line(ACROSS), _line([[0, 0], [0, 500]]), _line([[8, 0], [8, -500]])])
    assert len(pieces) == 4


def test_the_same_street_drawn_twice_is_kept_once():
    assert len(noded([_line(ACROSS), _line(ACROSS[::-1])])) == 1


def test_stubs_islands_and_one_way_traps_are_dropped():
    square = [[0, 0], [1000, 0], [1000, 1000], [0, 1000], [0, 0]]
    lines = [_line([a, b]) for a, b in pairwise(square)]
    stub = _line([[500, 0], [500, 90]], "residential")
    island = _line([[5000, 5000], [6000, 5000]])
    trap = _line([[1000, 1000], [2000, 2000]], oneway=True)
    left = trimmed(noded([*lines, stub, island, trap]), stub_m=180.0)
    assert {piece.road_class for piece in left} == {"secondary"}
    assert max(piece.points.max() for piece in left) == 1000.0
