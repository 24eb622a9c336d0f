"""Times the covering models beside spopt on the same instances and prints ratios and gaps.

Run by hand: ``python benchmarks/location_covering.py [small] [peer] [large] [huge]``. Every
figure comes from a process of its own, so that peak memory is that of one solve.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
import warnings
from typing import Any

from location_instances import City, city, city_reach

GROUPS = {
    "small": [("mclp", 500, 500, 10), ("mclp", 2000, 2000, 20), ("lscp", 2000, 2000, 0),
              ("mclp", 5000, 5000, 50)],
    "peer": [("spopt_mclp", 500, 500, 10), ("spopt_mclp", 2000, 2000, 20),
             ("spopt_lscp", 2000, 2000, 0)],
    "large": [("mclp", 20_000, 2000, 40)],
    "huge": [("mclp", 100_000, 5000, 100)],
}  # fmt: skip
TIME_LIMIT_S = 300.0


def ours(model: str, made: City, p: int) -> dict[str, Any]:
    """Solve with this project; building the program is timed apart, on the whole reach."""
    import numpy as np  # noqa: PLC0415 - counted in the process that needs it

    from planner.location import Effort, lscp, mclp, within  # noqa: PLC0415
    from planner.location.lscp import cover_program  # noqa: PLC0415
    from planner.location.mclp_program import mclp_program  # noqa: PLC0415
    from planner.location.reduce import Core  # noqa: PLC0415

    reach = within(city_reach(made), made.radius_m)
    start = time.perf_counter()
    if model == "mclp":
        columns = np.arange(reach.shape[1])
        mclp_program(Core(reach, made.weight, columns, columns[:0]), p, columns[:p])
    else:
        cover_program(reach, np.ones(reach.shape[1]))
    build = time.perf_counter() - start
    effort = Effort(time_limit_s=TIME_LIMIT_S)
    start = time.perf_counter()
    found = mclp(reach, made.weight, p, effort=effort) if p else lscp(reach, effort=effort)
    took = time.perf_counter() - start
    outcome = found.outcome
    return {"build_s": build, "total_s": took, "objective": outcome.objective, "gap": outcome.gap}


def spopt(model: str, made: City, p: int) -> dict[str, Any]:
    """Build and solve with spopt and HiGHS."""
    warnings.simplefilter("ignore")
    import pulp  # noqa: PLC0415
    from spopt.locate import LSCP, MCLP  # type: ignore[import-untyped]  # noqa: PLC0415

    cost = made.cost()
    solver = pulp.HiGHS(msg=False, timeLimit=TIME_LIMIT_S, gapRel=1e-4)
    start = time.perf_counter()
    if model == "spopt_mclp":
        built = MCLP.from_cost_matrix(cost, made.weight, made.radius_m, p_facilities=p)
    else:
        built = LSCP.from_cost_matrix(cost, made.radius_m)
    build = time.perf_counter() - start
    built.problem.solve(solver)
    took = time.perf_counter() - start
    value = pulp.value(built.problem.objective)
    return {"build_s": build, "total_s": took, "objective": value, "gap": None}


def one(model: str, n_points: int, n_sites: int, p: int) -> dict[str, Any]:
    """Measure one solve in this process."""
    made = city(n_points, n_sites)
    cpu = time.process_time()
    row = spopt(model, made, p) if model.startswith("spopt") else ours(model, made, p)
    row["cpu_s"] = time.process_time() - cpu
    row["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return row


def main(groups: list[str]) -> None:
    """Print a row for each case of the groups, then the ratios to spopt."""
    print("| model | n x m, p | build s | total s | CPU s | peak MB | objective | gap |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for case in [case for group in groups for case in GROUPS[group]]:
        command = [sys.executable, __file__, "--one", json.dumps(case)]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        row = rows[case] = json.loads(text.splitlines()[-1])
        model, n_points, n_sites, p = case
        gap = "" if row["gap"] is None else f"{row['gap']:.2e}"
        print(
            f"| {model} | {n_points} x {n_sites}, {p} | {row['build_s']:.3f} | "
            f"{row['total_s']:.2f} | {row['cpu_s']:.1f} | {row['peak_mb']:.0f} | "
            f"{row['objective']:.3f} | {gap} |",
            flush=True,
        )
    for case, row in rows.items():
        peer = rows.get((f"spopt_{case[0]}", *case[1:]))
        if peer:
            build, total = (peer[part] / row[part] for part in ("build_s", "total_s"))
            print(f"{case}: building {build:.0f} x, end to end {total:.0f} x faster than spopt")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(*json.loads(sys.argv[2]))))
    else:
        main(sys.argv[1:] or list(GROUPS))
