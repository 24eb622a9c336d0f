"""Marks of reviewers on sites: a refused energy goes, a moved station gets a place of its own."""

from types import SimpleNamespace

import pytest
from toy_case_files import node

from planner.candidates import make_candidate_sites
from planner.inputs import merged
from planner.inputs.review_files import Marked
from planner.inputs.review_models import Mark
from planner.inputs.review_rows import with_wishes

SITE = "t-990102100"


def marked(number, opinion, energy, site=SITE, **more):
    mark = Mark(
        mark_id=f"m{number}", target="site", target_id=site, energy=energy, opinion=opinion,
        reviewer="A", marked_at="2026-11-22T09:00:00Z", **more,
    )  # fmt: skip
    return Marked(f"1-m{number}", "a.json", mark)


def sites_under(toy, scenario, *marks):
    inputs, network, points = toy
    asked = with_wishes(inputs, merged(marks).wishes)
    sites = make_candidate_sites(asked, network, points, scenario)
    return SimpleNamespace(inputs=asked, sites=sites.set_index("site_id"))


def test_a_refused_energy_goes_and_its_reason_is_told(toy, scenario):
    found = sites_under(toy, scenario, marked(1, "refuse", "swap"))
    assert "swap" not in found.sites.loc[SITE, "energies"].split(",")
    assert "refused in review" in found.sites.loc[SITE, "reason"]
    gone = sites_under(toy, scenario, marked(1, "refuse", "all")).sites.loc[SITE]
    assert (gone["status"], gone["energies"]) == ("rejected", "")


def test_a_moved_station_has_a_site_where_it_moves_to(toy, scenario):
    place = [round(each + 0.0005, 6) for each in node(8, 2)]
    found = sites_under(toy, scenario, marked(1, "move", "charging", place=place))
    site = found.sites.loc["r-m1"]
    assert (site["origin"], site["status"], site["energies"]) == ("case", "accepted", "charging")
    assert [site.geometry.x, site.geometry.y] == place
    assert "charging" not in found.sites.loc[SITE, "energies"].split(",")
    rows = found.inputs.reviews[["review_id", "site_id", "mark", "energy"]]
    assert rows.to_numpy().tolist() == [
        ["1-m1.1", SITE, "ban", "charging"],
        ["1-m1.2", "r-m1", "lock", "charging"],
    ]


@pytest.mark.parametrize(
    ("place", "reason"),
    [(node(6, 0), "inside exclusion zone z2"), ([115.79, 28.655], "no road within")],
)
def test_a_place_to_move_to_obeys_the_rules_of_any_site(toy, scenario, place, reason):
    near = scenario.model_copy(
        update={"candidates": scenario.candidates.model_copy(update={"max_snap_m": 500.0})}
    )
    site = sites_under(toy, near, marked(1, "move", "swap", place=place)).sites.loc["r-m1"]
    assert site["status"] == "rejected"
    assert reason in site["reason"]
