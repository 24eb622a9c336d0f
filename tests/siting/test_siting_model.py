"""Each family of constraints alone, written out and compared with a reviewed text."""

import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pulp
import pytest
from siting_instances import (
    EXTEND,
    HYDROGEN,
    SWAP,
    instance,
    keep,
    option,
    random_instance,
    supply,
    windows,
)  # fmt: skip

from planner.siting import model as siting_model
from planner.siting import rule_rows
from planner.siting.milestones import ALL, SHARE, STATIONS, TOWNSHIPS, UNITS, Milestone
from planner.siting.program import Model, add_variables, relax
from planner.siting.rows import merged_rows

REVIEWED = Path(__file__).parent / "lp"
MONEY = [(5000, 5000), (9000, 9000)]


def served():
    """d0 reaches both sites, d1 the second only, which grows; the first may be 40 or 70 kWh."""
    rows = [option(0, 40.0), option(0, 70.0, 1500), option(1, 90.0)]
    return instance(rows, [10.0, 20.0], reach={0: [0, 1], 1: [1]})


def three_ways():
    """An old station that may grow, beside a place for one of two sizes."""
    rows = [keep(0), option(0, action=EXTEND), option(1), option(1, 150.0, 1500)]
    return instance(rows, [5.0])


def open_only():
    """d0 has the new site only; d1 has an old station too and needs no such row."""
    return instance([keep(0), option(1), option(1, 150.0, 1500)], [5.0, 6.0], reach={0: [1]})


def at_one_site():
    """Two sizes of charger and a swap station at a site of 100 kW: 80 + 50 is too much."""
    rows = [option(0, peak_kw=30.0), option(0, peak_kw=80.0), option(1, peak_kw=50.0)]
    values = {"groups": [(0, 0), (0, SWAP)], "max_power_kw": np.array([100.0])}
    return instance(rows, {(0, 0): 5, (0, SWAP): 1}, **values)


def on_one_node():
    """Two sites on a supply node of 60 kW, 90 more of them after a year."""
    rows = [option(0, peak_kw=40.0), option(1, peak_kw=100.0)]
    fed = {"supply": supply((60, 90, 500, 1)), "site_supply": np.zeros(2, int)}
    return instance(rows, [5.0], budget=MONEY, **fed)


def paid():
    """A charger of 3500, hydrogen of 6000 and an upgrade of 500: the coin is 500 CNY.

    The upgrade takes a year: what is in service in the second year is paid in the first.
    """
    rows = [option(0, capital=3500), option(1, capital=6000, payer=1)]
    values = {"groups": [(0, 0), (0, HYDROGEN)], "budget": [(3999, 5000), (9000, 9000)],
              "supply": supply((60, 90, 500, 1))}  # fmt: skip
    return instance(rows, {(0, 0): 5, (0, HYDROGEN): 1}, **values)


def grown():
    """Sizes 2 and 4 of one technology, the larger after the smaller; another in 2026 only."""
    rows = [option(0, units=2), option(0, units=4), option(0, technology=1, last=0)]
    return instance(rows, [5.0], budget=MONEY)


def upgraded():
    """Two nodes of three years: one is ready a year after the order, the other at once."""
    nodes = supply((0, 50, 500, 1), (0, 70, 500, 0))
    return instance([option(0)], [5.0], supply=nodes, budget=[*MONEY, (9000, 9000)])


def townships():
    """w0 has either new site near, w1 stands by an old station, w2 has only hydrogen near."""
    rows = [keep(0), option(1), option(2), option(2, 150.0, 1500), option(3)]
    groups = [(0, 0), (1, 0), (2, 0), (3, HYDROGEN)]
    near = [(0, 1), (0, 2), (1, 0), (1, 1), (2, 3)]
    return instance(rows, {(0, 0): 5}, groups=groups, townships=near)


def highway():
    """The first piece sees a fast and a slow option of s0 and nothing else, the second none."""
    rows = [option(0, fast=True), option(0), option(1, fast=True)]
    pieces = windows((0, 9000.0, [0]), (0, 4000.0, []))
    return instance(rows, [5.0], highway=pieces)


def vehicles():
    """County 0 calls for six units: s0 has two and may have five, s1 is in county 1."""
    rows = [keep(0, units=2), option(0, units=5, action=EXTEND), option(1, units=4)]
    need = {"units_needed": np.array([6, 0]), "county": [0, 1], "site_county": np.array([0, 1])}
    return instance(rows, [5.0, 5.0], **need)


def trips():
    """The first trip needs s0 fast and one of both; the second hydrogen, which nobody offers."""
    rows = [option(0, fast=True), option(0), option(1, fast=True)]
    ways = [(0, 8.0, [[0], [0, 1]]), (HYDROGEN, 3.0, [[0]]), (0, 2.0, [])]
    return instance(rows, [5.0], trips=ways)


def locked():
    """The first review wants any energy at s0, the second hydrogen of it."""
    rows = [option(0), option(1)]
    values = {"groups": [(0, 0), (0, HYDROGEN)], "locked": ((0, 1), (1,))}
    return instance(rows, {(0, 0): 5, (0, HYDROGEN): 1}, **values)


def counties():
    """County 0: 10 kWh and 2 swaps of 50; county 1: 20 kWh and hydrogen, not counted.

    A third point of county 1 with 5 kWh is out of reach: its demand counts all the same.
    """
    rows = [option(0), option(1), option(2)]
    demand = {(0, 0): 10, (0, SWAP): 2, (1, 0): 20, (1, HYDROGEN): 4, (2, 0): 5}
    groups = [(0, 0), (0, SWAP), (0, HYDROGEN)]
    return instance(rows, demand, groups=groups, county=[0, 1, 1], reach={2: []})


def milestones():
    """Two years; s0 stands and may grow, s1 is in county 1 and may be built, s2 swaps.

    The second year has a station of any energy in county 1, five charging units and two of
    three townships: w0 is met today, w1 may be by s1, w2 never. The first has half of the
    swaps (3 of 50 kWh) served, and half of all demand of county 1: 20 kWh and 10 out of reach.
    """
    rows = [keep(0, units=2), option(0, units=4, action=EXTEND), option(1, units=3), option(2)]
    given = [
        Milestone("a", 1, STATIONS, ALL, 1, 1.0),
        Milestone("b", 1, UNITS, 0, ALL, 5.0),
        Milestone("c", 1, TOWNSHIPS, 0, ALL, 2.0, (0, 1, 2)),
        Milestone("d", 0, SHARE, SWAP, ALL, 0.5),
        Milestone("e", 0, SHARE, ALL, 1, 0.5),
    ]
    return instance(
        rows,
        {(0, 0): 40, (0, SWAP): 3, (1, 0): 20, (2, 0): 10},
        groups=[(0, 0), (1, 0), (2, SWAP)],
        county=[0, 1, 1],
        site_county=np.array([0, 1, 1]),
        reach={2: []},
        budget=MONEY,
        townships=[(0, 0), (1, 1), (2, 2)],
        milestones=tuple(given),
    )


def yearly(rows):
    def every_year(model):
        for t in model.years:
            rows(model, t)

    return every_year


FAMILIES = {
    "01_serve_once": (yearly(siting_model.serve_once), served),
    "02_capacity": (yearly(siting_model.capacity), served),
    "03_one_option": (yearly(siting_model.one_option), three_ways),
    "04_only_where_open": (yearly(siting_model.onlystations_open), open_only),
    "05_site_power": (yearly(siting_model.site_power), at_one_site),
    "06_shared_headroom": (yearly(siting_model.shared_headroom), on_one_node),
    "07_budget": (yearly(siting_model.budget), paid),
    "08_nothing_torn_down": (lambda m: siting_model.nothing_torn_down(m, 0, 1), grown),
    "09_upgrades_last": (lambda m: siting_model.upgrades_last(m, 1, 2), upgraded),
    "10_township_rule": (yearly(rule_rows.township_rule), townships),
    "11_highway_rule": (rule_rows.highway_rule, highway),
    "12_unit_rule": (rule_rows.unit_rule, vehicles),
    "13_trip_rule": (rule_rows.trip_rule, trips),
    "14_locks": (rule_rows.locks, locked),
    "15_county_share": (rule_rows.county_share, counties),
    "16_smallest_share": (lambda m: rule_rows.smallest_share(m, [0, 1]), counties),
    "17_milestones": (rule_rows.milestone_rule, milestones),
}


def bare(case):
    """Return the model of a case with its variables and no rows."""
    allowed = np.ones(len(case.options), dtype=bool)
    years = tuple(range(case.n_years))
    problem = pulp.LpProblem("siting", pulp.LpMinimize)
    problem.setObjective(pulp.LpAffineExpression())
    model = Model(case, merged_rows(case, allowed), allowed, years, problem)
    add_variables(model)
    return model


def written(name, folder):
    """Return the rows of a family as text; bounds and kinds of variables have their own test."""
    add, case = FAMILIES[name]
    model = bare(case())
    add(model)
    path = folder / f"{name}.lp"
    model.problem.writeLP(str(path))
    text = path.read_text(encoding="utf-8")
    return text[text.index("Subject To") :]


@pytest.mark.parametrize("name", FAMILIES)
def test_family_says_what_was_reviewed(name, tmp_path):
    reviewed = (REVIEWED / f"{name}.lp").read_text(encoding="utf-8")
    assert written(name, tmp_path) == reviewed


def test_every_reviewed_text_is_compared():
    assert sorted(path.stem for path in REVIEWED.glob("*.lp")) == sorted(FAMILIES)


def row_names(model):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # PuLP 4 will give a list
        return list(model.problem.constraints)


def test_the_whole_model_has_the_rows_of_every_family():
    """Dates and upgrades over two years may be absent; the smallest share comes with its goal."""
    case = random_instance(1)
    rows = merged_rows(case, case.possible())
    case = replace(case, locked=((0,),))
    model = siting_model.build(case, rows, case.possible(), (0, 1))
    prefixes = {name.split("_")[0] for name in row_names(model)}
    assert prefixes - {"dated", "served"} == {
        "once", "capacity", "one", "open", "power", "headroom", "budget", "stays",
        "township", "highway", "units", "trip", "lock", "county",
    }  # fmt: skip


def test_variables_are_there_from_the_first_year_they_may_be():
    """An option of the second year and an upgrade of two years' lead are absent before."""
    nodes = supply((0, 50, 500, 2), (0, 50, 500, 3), (0, 0, 0, 0))
    budget = [*MONEY, (9000, 9000)]
    case = instance([option(0), option(0, first=1)], [5.0], supply=nodes, budget=budget)
    model = bare(case)
    assert sorted(model.z) == [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2)]
    assert sorted(model.u) == [(0, 2)]
    assert {z.cat for z in (*model.z.values(), *model.u.values())} == {pulp.LpInteger}
    relax(model)
    assert {z.cat for z in (*model.z.values(), *model.u.values())} == {pulp.LpContinuous}
    assert [(z.lowBound, z.upBound) for z in model.z.values()] == [(0, 1)] * 5


def test_a_county_is_bounded_by_what_can_be_reached():
    """County 1: 20 of 25 kWh are in reach."""
    share = bare(counties()).share
    assert {c: v.upBound for c, v in share.items()} == {0: 1.0, 1: 0.8}


def test_the_coin_divides_all_money_and_nothing_is_rounded_up():
    """3999 CNY buy seven coins of 500: not the station of 3500 together with the upgrade."""
    assert siting_model.coin_cny(paid()) == 500
    assert "<= 7" in (REVIEWED / "07_budget.lp").read_text(encoding="utf-8")
    assert siting_model.coin_cny(instance([keep(0)], [5.0])) == 1
