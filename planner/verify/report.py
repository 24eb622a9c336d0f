"""Proves that the report shows the headline figures that the layers give."""

from __future__ import annotations

import re

from planner.verify.faults import Fault, Faults
from planner.verify.files import PlanFiles
from planner.verify.money import spent_by_year
from planner.verify.pages import REPORT, page_of
from planner.verify.testroads import counted_km

SPACE = re.compile(r"\s+")


def headlines_shown(plan: PlanFiles) -> Faults:
    """Prove that the report shows the headline figures as the layers give them."""
    text = SPACE.sub(" ", " ".join(page_of(plan, REPORT).words))
    for what, shown in _headlines(plan).items():
        alone = rf"(?<![\d.,]){re.escape(shown)}(?![\d]|[.,]\d)"
        if not re.search(alone, text):
            yield Fault(f"the report does not show {what} {shown}", what)


def _headlines(plan: PlanFiles) -> dict[str, str]:
    stations, roads = plan.layer("stations"), plan.layer("test_roads")
    planned = stations[stations["status"] == "planned"]
    spent = sum(cny for (owner, _), cny in plan.once(spent_by_year).items() if owner == "public")
    granted = sum(int(value) for value in plan.layer("subsidies")["subsidy_cny"])
    met = int((plan.layer("township_access")["status"] == "met").sum())
    return {
        "stations planned": str(len(planned)),
        "townships met": str(met),
        "opened km": f"{counted_km(roads):,.2f}",
        "equipped km": f"{counted_km(roads[roads['equipped']]):,.2f}",
        "money spent": _millions(spent),
        "subsidy": _millions(granted),
    }


def _millions(cny: int) -> str:
    return f"{cny / 1e6:,.1f}" if cny >= 1_000_000 else f"{cny:,}"
