"""Which station of one plan is which of the other: worked by hand on the equator."""

import random

import pytest
from toy_pair import layer, plan, station

from planner.comparison import compare
from planner.comparison.change import of_kind
from planner.comparison.stations import station_changes


def changes(before, after, **other):
    return station_changes(layer(before), layer(after), **other)


def said(found):
    """Return kind, ids and aspects of each change that is one."""
    return {
        (
            change.kind,
            change.before.station_id if change.before is not None else None,
            change.after.station_id if change.after is not None else None,
            change.aspects,
        )
        for change in found
    }


def test_what_is_the_same_is_matched_by_its_id_alone():
    found = changes([station("p1", 0), station("p2", 900)], [station("p2", 900), station("p1", 0)])
    assert said(found) == {("same", "p1", "p1", ()), ("same", "p2", "p2", ())}


def test_size_and_year_are_told_apart():
    found = changes(
        [station("p1", 0), station("p2", 5000), station("p3", 9000)],
        [
            station("p1", 0, n_units=8),
            station("p2", 5000, first_year=2026),
            station("p3", 9000, n_units=2, first_year=2027),
        ],
    )
    assert said(found) == {
        ("changed", "p1", "p1", ("units",)),
        ("changed", "p2", "p2", ("year",)),
        ("changed", "p3", "p3", ("units", "year")),
    }


def test_another_technology_at_the_site_is_no_move():
    slow = station("p9", 0, site_id="s-p1", technology="ac7", n_units=20)
    assert said(changes([station("p1", 0)], [slow])) == {
        ("changed", "p1", "p9", ("technology", "units"))
    }


def test_a_station_moves_at_most_so_far_and_only_within_its_energy():
    far = changes([station("p1", 0)], [station("p2", 2001)])
    assert said(far) == {("dropped", "p1", None, ()), ("added", None, "p2", ())}
    near = changes([station("p1", 0)], [station("p2", 1999)])
    assert said(near) == {("moved", "p1", "p2", ())}
    assert near[0].moved_m == pytest.approx(1999, abs=0.01)
    other = changes([station("p1", 0)], [station("p2", 100, energy="swap")])
    assert len(of_kind(other, "moved")) == 0
    assert said(changes([station("p1", 0)], [station("p2", 2500)], moved_within_m=3000)) == {
        ("moved", "p1", "p2", ())
    }


def test_the_nearest_pair_goes_first_and_each_station_once():
    # q1 is 400 m from p2 and 600 m from p1; q2 is 1400 m from p2 and far from p1.
    found = changes(
        [station("p1", 0), station("p2", 1000)], [station("q1", 600), station("q2", 2400)]
    )
    assert said(found) == {
        ("moved", "p2", "q1", ()),
        ("dropped", "p1", None, ()),
        ("added", None, "q2", ()),
    }


def test_a_tie_falls_the_same_way_whichever_plan_is_a():
    left = [station("p1", 0), station("p2", 1000)]
    right = [station("q1", 500)]
    there, back = changes(left, right), changes(right, left)
    assert [(c.before.station_id, c.after.station_id) for c in of_kind(there, "moved")] == [
        ("p1", "q1")
    ]
    assert [(c.before.station_id, c.after.station_id) for c in of_kind(back, "moved")] == [
        ("q1", "p1")
    ]


def test_a_known_station_at_another_place_has_moved():
    found = changes([station("p1", 0)], [station("p1", 5000, n_units=8)])
    assert said(found) == {("moved", "p1", "p1", ("units",))}
    assert found[0].moved_m == pytest.approx(5000, abs=0.01)


@pytest.mark.parametrize("seed", range(20))
def test_a_comparison_turned_round_says_the_reverse(seed):
    chance = random.Random(seed)

    def some(prefix, n):
        return [
            station(
                f"{prefix}{chance.randrange(30)}-{number}",
                chance.randrange(0, 20_000, 250),
                energy=chance.choice(["charging", "swap"]),
                n_units=chance.choice([2, 4]),
            )
            for number in range(n)
        ]

    shared = some("x", 5)
    left = shared + some("p", 12)
    right = [row | {"n_units": chance.choice([2, 4])} for row in shared] + some("q", 12)
    there = station_changes(layer(left), layer(right))
    shuffled = chance.sample(left, len(left))
    back = station_changes(layer(chance.sample(right, len(right))), layer(shuffled))
    mirror = {"added": "dropped", "dropped": "added"}
    assert said(there) == {
        (mirror.get(kind, kind), after, before, aspects)
        for kind, before, after, aspects in said(back)
    }
    assert sorted(c.moved_m for c in there) == sorted(c.moved_m for c in back)
    used = [c.before.station_id for c in there if c.before is not None]
    assert sorted(used) == sorted(row["station_id"] for row in left)


def test_no_nearer_pair_of_one_energy_is_left_apart():
    chance = random.Random(7)
    left = [station(f"p{n}", chance.randrange(0, 30_000, 10)) for n in range(25)]
    right = [station(f"q{n}", chance.randrange(0, 30_000, 10)) for n in range(25)]
    found = station_changes(layer(left), layer(right))
    dropped, added = of_kind(found, "dropped"), of_kind(found, "added")
    apart = [
        abs(one.before.geometry.x - two.after.geometry.x) * 111_319.491
        for one in dropped
        for two in added
    ]
    assert dropped
    assert min(apart) > 2000


def test_plans_of_other_counties_are_refused():
    other = plan("b")
    other.layers["counties"] = other.layers["counties"].assign(county_id=["110101", "110102"])
    with pytest.raises(ValueError, match="E-CMP-001") as refused:
        compare(plan(), other)
    assert "110101" in str(refused.value)
    assert "360111" in str(refused.value)
    assert refused.value.exit_code == 3
