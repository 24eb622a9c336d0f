"""Says in words how sure a plan is: what its goals are called, how they ended, the worst gap."""

from __future__ import annotations

from typing import Any

from planner.outputs.wording import Both, word_of, wording, words_of

Row = dict[str, Any]


def goals_of(figures: Row) -> list[Row]:
    """Return the goals of the stations in their order, then that of the test roads."""
    return [
        *figures["siting"]["goals"],
        {"name": "test_roads"} | figures["test_roads"]["outcome"],
    ]


def goal_title(name: str) -> Both:
    """Return what a goal is called; a goal in steps such as ``share 2`` keeps its number."""
    word, _, step = name.replace("_", " ").partition(" ")
    known = words_of("goal")
    if name in known or word not in known:
        return word_of("goal", name)
    return Both(f"{known[word].zh} {step}", f"{known[word].en} {step}")


def sureness(figures: Row) -> Both:
    """Return one sentence on how far the plan may be from the best, never more than is proved.

    Parameters
    ----------
    figures
        Content of ``plan.json``.
    """
    goals = goals_of(figures)
    proven = [goal for goal in goals if goal["termination"] == "proven_optimal"]
    others = [goal for goal in goals if goal["termination"] != "proven_optimal"]
    if not others:
        return wording("sureness.proven", n=len(goals))
    bounded = [goal for goal in others if goal["gap"] is not None]
    said = wording("sureness.some" if proven else "sureness.none", n=len(goals), proven=len(proven))
    if bounded:
        worst = max(bounded, key=lambda goal: float(goal["gap"]))
        key = "sureness.gap" if proven else "sureness.gap_of_all"
        gap = wording(key, gap=f"{worst['gap']:.2%}", goal=goal_title(worst["name"]))
        said = Both(said.zh + gap.zh, said.en + gap.en)
    if len(bounded) < len(others):
        unknown = wording("sureness.unknown", n=len(others) - len(bounded))
        said = Both(said.zh + unknown.zh, said.en + unknown.en)
    end = wording("sureness.end")
    return Both(said.zh + end.zh, said.en + end.en)


def solves(figures: Row) -> Both:
    """Return every goal with how it ended and its gap, in one line."""
    zh, en = [], []
    for goal in goals_of(figures):
        title, ended = goal_title(goal["name"]), word_of("termination", goal["termination"])
        gap = "?" if goal["gap"] is None else f"{goal['gap']:.2%}"
        zh.append(f"{title.zh}：{ended.zh}（差距 {gap}）")
        en.append(f"{title.en}: {ended.en} ({gap})")
    return Both("；".join(zh), "; ".join(en))
