"""Proves that every choice of a site has its reason, and that repairs name rules of the plan."""

from __future__ import annotations

from planner.verify.faults import Fault, Faults, rows_where
from planner.verify.files import PlanFiles


def reasons_told(plan: PlanFiles) -> Faults:
    """Prove one reason a site and energy offered, chosen where a station stands, and repairs."""
    reasons, stations = plan.layer("site_reasons"), plan.layer("stations")
    stands = set(zip(stations["site_id"], stations["energy"], strict=True))
    told: set[tuple[str, str]] = set()
    for row in reasons.itertuples():
        key = (str(row.site_id), str(row.energy))
        if key in told:
            yield Fault(f"two reasons for {row.energy}", key[0])
        told.add(key)
        if bool(row.chosen) != (key in stands):
            yield Fault(f"{row.energy} is chosen in one place only", key[0])
    for site, energy in sorted(stands - told):
        yield Fault(f"no reason is told for its {energy}", str(site))
    known = set(plan.layer("candidate_sites")["site_id"])
    rivals = reasons["rival_site_id"]
    lost = rivals.notna() & ~rivals.isin(known)
    yield from rows_where(reasons, lost, "site_id", "its rival is no candidate site")
    rules = set(plan.table("policy_rules")) | set(_settings(plan))
    for row in plan.layer("repairs").itertuples():
        for name in str(row.rule_id).split(","):
            if name.strip() not in rules:
                yield Fault("a repair names a rule that the plan does not have", name)


def _settings(plan: PlanFiles) -> list[str]:
    """Return the names of the settings and of the inputs that a conflict may name."""
    sections: dict[str, dict[str, object]] = plan.table("settings")
    names = [f"{section}.{key}" for section, rows in sections.items() for key in rows]
    inputs = ("supply_nodes.headroom_kw", "reviews.lock", "reviews.ban")
    return [*names, *inputs, "siting.budget_cny", "siting.hydrogen_budget_cny"]
