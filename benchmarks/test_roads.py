"""Times the choice of test roads beside a flow model, a cut loop and pcst_fast.

Run by hand: ``python benchmarks/test_roads.py [tiny] [small] [medium] [large] [both]``. Every
figure comes from a process of its own; pcst_fast is no dependency, install it beside. A network
counts only if it is one piece with the anchor, within the band of kilometres; its worth is
added up anew here. Gaps of the peers are taken to the best bound proved in the same run.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

SEEDS = (1, 2, 3)
LIMIT_S = {200: 8.0, 1000: 20.0, 5000: 60.0, 20_000: 180.0}
PEER_LIMIT_S = 100.0
GROUPS = {
    "tiny": [(way, 200, seed) for seed in SEEDS for way in ("ours", "flow", "cuts", "pcst")],
    "small": [(way, 1000, seed) for seed in SEEDS for way in ("ours", "flow", "cuts", "pcst")],
    "medium": [(way, 5000, seed) for seed in SEEDS for way in ("ours", "flow", "cuts", "pcst")],
    "large": [(way, 20_000, seed) for seed in SEEDS for way in ("ours", "pcst")],
    "both": [("ours_2_cores", 20_000, seed) for seed in SEEDS],
}
HEAD = ("way", "segments", "seed", "wall s", "CPU s", "peak MB", "worth", "bound", "gap", "note")


def ours(made: Any, limit_s: float, threads: int) -> Any:  # noqa: ANN401 - imported late
    """Choose with this project."""
    from road_peers import MIP_GAP, Answer  # noqa: PLC0415 - counted in the process that needs it

    from planner.scenario.models import RunSettings  # noqa: PLC0415
    from planner.solver import Deadline  # noqa: PLC0415
    from planner.testroads.choice import choose_network  # noqa: PLC0415

    run = RunSettings(time_limit_s=limit_s, mip_gap=MIP_GAP, seed=0, threads=threads, effort=1)
    found = choose_network(
        made.instance,
        low_m=made.low_m,
        high_m=made.high_m,
        run=run,
        deadline=Deadline.after(limit_s),
    )
    note = "ended by the clock" if found.cut_short else ""
    return Answer(found.chosen, found.outcome.bound, note)


def one(way: str, n_segments: int, seed: int) -> dict[str, Any]:
    """Measure one choice in this process."""
    import road_peers  # noqa: PLC0415
    from road_instances import streets  # noqa: PLC0415

    made, limit_s = streets(n_segments, seed), LIMIT_S[n_segments]
    ways: dict[str, Callable[[], road_peers.Answer]] = {
        "ours": lambda: ours(made, limit_s, 1),
        "ours_2_cores": lambda: ours(made, limit_s, 2),
        "flow": lambda: road_peers.flow_model(made, PEER_LIMIT_S),
        "cuts": lambda: road_peers.cut_loop(made, PEER_LIMIT_S),
        "pcst": lambda: road_peers.pcst(made, PEER_LIMIT_S),
    }
    wall, cpu = time.perf_counter(), time.process_time()
    answer = ways[way]()
    row = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    row["cpu_s"] += children.ru_utime + children.ru_stime
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + children.ru_maxrss
    fault, worth = judged(made, answer.chosen)
    note = "; ".join(part for part in (answer.note, fault) if part)
    return row | {"peak_mb": kilobytes / 1024, "worth": worth, "bound": answer.bound, "note": note}


def judged(made: Any, chosen: Any) -> tuple[str, float | None]:  # noqa: ANN401 - imported late
    """Return what is wrong with a network and its worth; no worth where it is no answer."""
    import networkx as nx  # noqa: PLC0415 - a judge that shares no code with what it judges
    import numpy as np  # noqa: PLC0415

    if chosen is None:
        return "no network", None
    i = made.instance
    rows = np.flatnonzero(chosen)
    graph = nx.Graph(zip(i.from_node[rows].tolist(), i.to_node[rows].tolist(), strict=True))
    metres, worth = float(i.counted_m[rows].sum()), float(i.worth[rows].sum())
    if not bool(chosen[i.opened].all()) or not nx.is_connected(graph):
        return "not one piece with the anchor", None
    if metres > made.high_m + 1e-6:
        return f"too long: {metres / 1000:.1f} km", None
    short = metres < made.low_m - 1e-6
    return (f"short of the target: {metres / 1000:.1f} km" if short else ""), worth


def measured(case: tuple[str, int, int]) -> dict[str, Any]:
    """Measure one case in a process of its own."""
    command = [sys.executable, __file__, "--one", json.dumps(case)]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, Any] = json.loads(text.splitlines()[-1])
    return found


def main(groups: list[str]) -> None:
    """Print a row for each case; ours come first, so that their bounds serve the peers."""
    print("| " + " | ".join(HEAD) + " |")
    print("| " + " | ".join("---" for _ in HEAD) + " |")
    bounds: dict[tuple[int, int], float] = {}
    for case in [case for group in groups for case in GROUPS[group]]:
        if case[0] == "pcst" and find_spec("pcst_fast") is None:
            print("pcst_fast is not installed here: left out")
            continue
        row = measured(case)
        known = [b for b in (bounds.get(case[1:]), row["bound"]) if b is not None]
        if known:
            bounds[case[1:]] = min(known)
        print("| " + " | ".join([*map(str, case), *cells(row, bounds.get(case[1:]))]) + " |",
              flush=True)  # fmt: skip


def cells(row: dict[str, Any], best: float | None) -> list[str]:
    """Return the printed figures of a row; its gap is to its own bound where it has one."""
    worth, bound = row["worth"], row["bound"]
    against = best if bound is None else bound
    gap = "" if worth is None or against is None else f"{100 * (against - worth) / worth:.3f} %"
    return [
        f"{row['wall_s']:.1f}",
        f"{row['cpu_s']:.1f}",
        f"{row['peak_mb']:.0f}",
        "" if worth is None else f"{worth:.3f}",
        "" if bound is None else f"{bound:.3f}",
        gap,
        row["note"],
    ]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(*json.loads(sys.argv[2]))))
    else:
        main(sys.argv[1:] or list(GROUPS))
