"""From the layers of the toy case to stations, years, upgrades, service and access."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from siting_toy import light_scenario, sited, with_setting

from planner import layers
from planner.errors import InfeasibleError
from planner.inputs import read_inputs
from planner.scenario.rows import Scheme
from planner.siting.audit import CHECKS
from planner.siting.made_layers import best_grant

EAST = {"headroom_kw": 300.0, "upgrade_kw": 2000.0, "upgrade_cost_cny": 1_000_000,
        "upgrade_lead_years": 1}  # fmt: skip


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return light_scenario(tmp_path_factory.mktemp("siting"))


@pytest.fixture(scope="module")
def toy(scenario):
    return changed_toy(scenario)


def changed_toy(scenario):
    """Return the answer with 300 kW at the eastern node and a scheme for dc120 of 2026 on."""
    inputs = read_inputs(scenario)
    nodes = inputs.supply_nodes.copy()
    for name, value in EAST.items():
        nodes.loc[nodes["supply_node_id"] == "east", name] = value
    with_scheme = scenario.model_copy(update={"schemes": {"late": scheme(rate=0.3)}})
    return sited(with_scheme, replace(inputs, supply_nodes=nodes))


def scheme(**values):
    row = {
        "zh": "补贴", "en": "grant", "technologies": ("dc120",), "rate": 0.2, "cap_cny": 0,
        "valid_from": date(2026, 1, 1), "valid_to": date(2027, 12, 31), "payer": "city",
        "sentence": "made", "source": "made", "trust": "illustrative",
    }  # fmt: skip
    return Scheme(**(row | values))


def test_the_layers_hold_and_every_check_passed(toy):
    answer = toy[3]
    for name in ("stations", "station_years", "supply_upgrades", "assignments",
                 "township_access", "highway_access", "trip_access"):  # fmt: skip
        layers.validate(getattr(answer, name), getattr(layers, name.upper()))
    assert answer.audit == tuple(CHECKS)
    assert [goal.name for goal in answer.goals] == [
        "township_shortfall", "worst_county_share", "trips_refuelled", "demand_served", "cost",
        "early_township_shortfall", "early_served",
    ]  # fmt: skip
    assert all(goal.outcome.has_solution for goal in answer.goals)


def test_the_existing_station_keeps_its_name_whatever_happens_to_it(toy):
    """old1 has four dc60; what it gains is paid, its ground is not."""
    row = toy[3].stations.set_index("station_id").loc["x-old1"]
    assert (row["status"], row["technology_before"], row["n_units_before"]) == (
        "existing", "dc60", 4,
    )  # fmt: skip
    added = row["n_units"] - 4 if row["technology"] == "dc60" else row["n_units"]
    unit = {"dc60": 55_000, "dc120": 90_000}[row["technology"]]
    assert row["capital_cny"] == added * unit
    assert row["owner"] == ("existing" if row["action"] == "keep" else "public")
    assert row["trust"] == "illustrative"


def test_planned_stations_are_named_priced_and_owned_by_their_technology(toy, scenario):
    stations = toy[3].stations
    planned = stations[stations["status"] == "planned"]
    assert stations["station_id"].is_monotonic_increasing
    assert set(planned["energy"]) == {"charging", "swap", "hydrogen"}
    for row in planned.itertuples():
        kind = scenario.technologies[row.technology]
        assert row.station_id == f"p-{row.site_id}-{row.technology}"
        assert (row.action, row.n_units_before, row.owner) == ("build", 0, kind.owner)
        assert row.n_units in range(kind.min_units, kind.max_units + 1, kind.unit_step)
        assert row.capital_cny == kind.fixed_cost_cny + row.n_units * kind.unit_cost_cny
        opex = kind.opex_cny_per_year + row.n_units * kind.opex_cny_per_unit_year
        assert row.opex_cny_per_year == opex
        share = 0.06 / (1 - 1.06**-kind.life_years)
        assert row.annual_cost_cny == round(row.capital_cny * share) + opex
        assert row.power_kw == row.n_units * kind.power_kw
        assert row.peak_kw == pytest.approx(row.power_kw * kind.peak_factor)
        assert row.cost_per_unit_cny == pytest.approx(
            row.annual_cost_cny / row.served_per_day / 365, abs=1e-4
        )
        assert 0 < row.waiting_min <= 10.0


def test_only_what_a_scheme_names_in_its_years_is_granted(toy):
    for row in toy[3].stations.itertuples():
        granted = row.technology == "dc120" and row.first_year >= 2026 and row.action != "keep"
        assert row.grant_cny == (int(0.3 * row.capital_cny) if granted else 0)
        assert (row.scheme == "late") is granted


def test_years_reconcile_with_the_stations(toy):
    stations = toy[3].stations.set_index("station_id")
    years = toy[3].station_years
    assert years.groupby("station_id")["spent_cny"].sum().to_dict() == (
        stations["capital_cny"].to_dict()
    )
    last = years[years["year"] == 2027].set_index("station_id")
    for name in ("technology", "n_units", "capacity_per_day", "served_per_day"):
        assert last[name].to_dict() == stations[name].to_dict(), name
    for station_id, rows in years.groupby("station_id"):
        row = stations.loc[station_id]
        first = row["first_year"] if row["status"] == "planned" else 2025
        assert rows["year"].tolist() == list(range(first, 2028))
        assert rows["n_units"].is_monotonic_increasing
        changed = rows[rows["spent_cny"] > 0]
        if row["action"] != "keep":
            assert changed["year"].min() == row["first_year"]


def test_upgrades_of_supply_are_ordered_before_they_serve(toy):
    rows = toy[3].supply_upgrades.to_dict("records")
    assert [row["supply_node_id"] for row in rows] == ["east"]
    assert (rows[0]["added_kw"], rows[0]["cost_cny"]) == (2000.0, 1_000_000)
    assert rows[0]["in_service_year"] == rows[0]["ordered_year"] + 1
    assert rows[0]["ordered_year"] in {2025, 2026}


def test_what_draws_on_the_eastern_node_fits_it_in_every_year(toy, scenario):
    """300 kW, and 2000 more once the upgrade serves; what stood before draws nothing new."""
    answer = toy[3]
    ready = answer.supply_upgrades["in_service_year"].iloc[0]
    fed = answer.stations.query("supply_node_id == 'east' and status == 'planned'")["station_id"]
    years = answer.station_years[answer.station_years["station_id"].isin(fed)]
    kw = {name: row.power_kw * row.peak_factor for name, row in scenario.technologies.items()}
    drawn = (years["n_units"] * years["technology"].map(kw)).groupby(years["year"]).sum()
    assert drawn.max() > 300.0
    for year, load in drawn.items():
        assert load <= (2300.0 if year >= ready else 300.0)


def test_each_payer_keeps_to_its_money_up_to_each_year(toy, scenario):
    answer, siting = toy[3], scenario.siting
    owner = answer.stations.set_index("station_id")["owner"]
    years = answer.station_years.assign(owner=answer.station_years["station_id"].map(owner))
    upgrades = answer.supply_upgrades
    public = enterprise = 0
    for year in siting.years():
        spent = years[years["year"] <= year].groupby("owner")["spent_cny"].sum()
        ordered = upgrades.loc[upgrades["ordered_year"] <= year, "cost_cny"].sum()
        public += siting.budget_cny_by_year[year]
        enterprise += siting.hydrogen_budget_cny_by_year[year]
        assert spent.get("public", 0) + ordered <= public
        assert spent.get("enterprise", 0) <= enterprise


def test_assignments_sum_to_what_stations_serve_and_stay_within_demand(toy):
    _, demand, _, answer = toy
    assert set(answer.assignments["phase"]) == {"before", "2025", "2026", "after"}
    years = answer.station_years.set_index(["station_id", "year"])["served_per_day"]
    for phase, year in (("2025", 2025), ("2026", 2026), ("after", 2027)):
        rows = answer.assignments[answer.assignments["phase"] == phase]
        load = rows.groupby("station_id")["served_per_day"].sum()
        for station_id, served in load.items():
            assert served == pytest.approx(years[station_id, year], abs=1e-6)
    capacity = answer.stations.set_index("station_id")["capacity_per_day"]
    assert (answer.stations["served_per_day"] <= answer.stations["capacity_per_day"]).all()
    assert capacity["x-old1"] >= 880.0
    for (phase, energy), rows in answer.assignments.groupby(["phase", "energy"]):
        asked = demand.set_index("demand_id")[f"{energy}_per_day"]
        given = rows.groupby("demand_id")["served_per_day"].sum()
        assert (given <= asked[given.index] + 5e-7).all(), phase


def test_before_the_plan_only_what_stands_serves(toy):
    before = toy[3].assignments.query("phase == 'before'")
    assert set(before["station_id"]) == {"x-old1"}
    assert before["served_per_day"].sum() == pytest.approx(880.0)


def test_without_money_nothing_changes(scenario):
    """The rule is drawn in to 3 km: only West 1 keeps it, and no yuan is there to help."""
    none = dict.fromkeys((2025, 2026, 2027), 0)
    poor = with_setting(scenario, "siting", budget_cny_by_year=none,
                        hydrogen_budget_cny_by_year=none)  # fmt: skip
    *_, answer = sited(with_setting(poor, "rules", township_radius_m=3000.0))
    assert answer.stations["station_id"].tolist() == ["x-old1"]
    row = answer.stations.iloc[0]
    assert (row["action"], row["first_year"], row["owner"]) == ("keep", 2025, "existing")
    assert (row["capital_cny"], row["annual_cost_cny"], row["grant_cny"]) == (0, 0, 0)
    assert pd.isna(row["cost_per_unit_cny"])
    assert len(answer.supply_upgrades) == 0
    access = answer.township_access
    assert access["status"].tolist() == ["met", "short", "short", "cannot_be_checked"]
    assert access["first_year_met"].tolist()[0] == 2025
    assert access["first_year_met"].isna().tolist() == [False, True, True, True]
    phases = [rows for _, rows in answer.assignments.groupby("phase")]
    columns = ["demand_id", "station_id", "energy"]
    assert phases[2][columns].to_numpy().tolist() == phases[3][columns].to_numpy().tolist()


def test_no_site_at_all_is_an_empty_plan(scenario):
    *_, answer = sited(scenario, no_site=True)
    assert (len(answer.stations), len(answer.station_years), len(answer.assignments)) == (0, 0, 0)
    assert answer.township_access["status"].tolist().count("short") == 3
    assert not answer.trip_access["refuelled_after"].any()


def reviewed(toy, *rows):
    columns = list(toy[0].reviews.columns)
    frame = pd.DataFrame(
        [{"review_id": f"r{n}", "reviewer": None, "comment": None, "source": "made",
          "trust": "illustrative"} | row for n, row in enumerate(rows)], columns=columns,
    ).astype(toy[0].reviews.dtypes.to_dict())  # fmt: skip
    return replace(toy[0], reviews=frame)


def test_reviews_lock_and_ban(toy, scenario):
    """Swap at West 1 is locked though another place was chosen; the places chosen are banned."""
    chosen = toy[3].stations.query("energy == 'swap'")["site_id"].tolist()
    wanted = next(site for site in ("t-990101100", "t-990101101") if site not in chosen)
    bans = [{"site_id": site, "mark": "ban", "energy": "swap"} for site in chosen]
    inputs = reviewed(toy, {"site_id": wanted, "mark": "lock", "energy": "swap"}, *bans)
    *_, answer = sited(scenario, inputs)
    swaps = answer.stations.query("energy == 'swap'")["site_id"].tolist()
    assert wanted in swaps
    assert not set(swaps) & set(chosen)


def test_a_lock_where_nothing_may_stand_is_refused(toy, scenario):
    inputs = reviewed(toy, {"site_id": "nowhere", "mark": "ban", "energy": "all"})
    with pytest.raises(InfeasibleError) as caught:
        sited(scenario, inputs)
    assert [problem.code for problem in caught.value.problems] == ["E-PRE-001"]


def test_the_same_case_gives_the_same_plan(toy, scenario):
    first, again = toy[3], changed_toy(scenario)[3]
    pd.testing.assert_frame_equal(again.stations, first.stations)
    pd.testing.assert_frame_equal(again.station_years, first.station_years)
    pd.testing.assert_frame_equal(again.assignments, first.assignments)


def test_the_single_best_scheme_in_force_counts_and_never_two():
    """1 000 000 CNY: 20 % is 200 000, 30 % capped at 150 000; the two never add up."""
    schemes = {"b_capped": scheme(rate=0.3, cap_cny=150_000), "a_plain": scheme()}
    assert best_grant(schemes, "dc120", 2026, 1_000_000) == (200_000, "a_plain")
    assert best_grant(schemes, "dc120", 2027, 400_000) == (120_000, "b_capped")
    assert best_grant(schemes, "dc120", 2025, 1_000_000) == (0, None)
    assert best_grant(schemes, "dc60", 2026, 1_000_000) == (0, None)
    assert best_grant(schemes, "dc120", 2026, 0) == (0, None)
    twins = {"b": scheme(), "a": scheme()}
    assert best_grant(twins, "dc120", 2026, 100) == (20, "a")
    assert best_grant({}, "dc120", 2026, 100) == (0, None)


def test_a_grant_is_whole_and_exact():
    """29 % of 100 CNY is 29, though 0.29 * 100 is 28.999999999999996 in floats."""
    assert best_grant({"a": scheme(rate=0.29)}, "dc120", 2026, 100) == (29, "a")
    assert best_grant({"a": scheme(rate=0.29)}, "dc120", 2026, 103) == (29, "a")
    assert np.isclose(0.29 * 103, 29.87)
