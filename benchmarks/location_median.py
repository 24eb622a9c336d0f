"""Times the p-median and facility location on published files and made cities, as a table.

Run by hand: ``python benchmarks/location_median.py [SHARED]``, where SHARED/bench holds the
files; with ``--spopt`` also one run of spopt, which takes most of a minute. Every city runs
in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pulp
from location_instances import city
from numpy.typing import NDArray
from scipy import sparse

from planner.location import Choice, Effort, cflp, pmedian

EXACT = Effort(mip_gap=0.0)
CITIES = ((500, 10, 0.0), (1000, 20, 0.0), (2000, 20, 5e-3), (2000, 20, 5e-4), (5000, 50, 5e-3))


def graph(path: Path) -> tuple[NDArray[np.float64], int]:
    """Return the (n, n) shortest paths and p; a repeated edge counts as given last."""
    numbers = np.array(path.read_text().split(), dtype=int)
    n, _, p = numbers[:3].tolist()
    last = {(min(u, v) - 1, max(u, v) - 1): length for u, v, length in numbers[3:].reshape(-1, 3)}
    ends, lengths = np.array(list(last)), np.array(list(last.values()), dtype=float)
    made = sparse.csr_array((lengths, (ends[:, 0], ends[:, 1])), shape=(n, n))
    return sparse.csgraph.dijkstra(made, directed=False), p


def stated(path: Path) -> dict[str, float]:
    """Return the stated optimum of each instance."""
    rows = (line.split() for line in path.read_text().splitlines()[1:])
    return {row[0]: float(row[1]) for row in rows if row}


def seconds(start: tuple[float, float]) -> str:
    """Return wall and CPU seconds since the start as two cells."""
    return f"{time.perf_counter() - start[0]:.2f} | {time.process_time() - start[1]:.2f}"


def proved(found: Choice) -> str:
    """Return whether the optimum is proven, or the gap."""
    gap = found.outcome.gap
    return "yes" if found.outcome.termination == "proven_optimal" else f"gap {gap:.4%}"


def medians(folder: Path) -> None:
    """Print each p-median graph: reached, proved, seconds."""
    print("| graph | n | p | stated | found | reached | proved | wall s | CPU s |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, best in stated(folder / "pmedopt.txt").items():
        cost, p = graph(folder / f"{name}.txt")
        start = time.perf_counter(), time.process_time()
        found = pmedian(cost, np.ones(len(cost)), p, effort=EXACT)
        took, value = seconds(start), found.outcome.objective or 0.0
        reached = "yes" if value == best else "no"
        size = f"{len(cost)} | {p} | {best:.0f} | {value:.0f}"
        print(f"| {name} | {size} | {reached} | {proved(found)} | {took} |", flush=True)


def warehouses(folder: Path) -> None:
    """Print each warehouse file, split and from single sources."""
    print("\n| file | single source | stated | found | proved | wall s | CPU s |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, best in stated(folder / "optima.txt").items():
        numbers = np.array((folder / f"{name}.txt").read_text().split(), dtype=float)
        m, n = int(numbers[0]), int(numbers[1])
        sites, points = np.split(numbers[2:], [2 * m])
        sites, points = sites.reshape(m, 2), points.reshape(n, m + 1)
        for single in (False, True):
            start = time.perf_counter(), time.process_time()
            asked = points[:, 1:], points[:, 0], sites[:, 0], sites[:, 1]
            found = cflp(*asked, single_source=single, effort=EXACT)
            took = seconds(start)
            value = f"{best:.3f} | {found.outcome.objective:.3f}"
            print(f"| {name} | {single} | {value} | {proved(found)} | {took} |", flush=True)


def one_city(size: int, p: int, gap: float) -> None:
    """Print one row for a made city."""
    made = city(size, size)
    cost = made.cost()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.perf_counter(), time.process_time()
    found = pmedian(cost, made.weight, p, effort=Effort(mip_gap=gap))
    took = seconds(start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cells = f"{size} | {p} | {gap:g} | {found.outcome.objective:.6g} | {found.outcome.gap:.4%}"
    print(f"| {cells} | {took} | {before:.0f} | {peak:.0f} |", flush=True)


def cities() -> None:
    """Print the made cities, each in its own process."""
    print("\n| city | p | gap asked | found | gap | wall s | CPU s | MB before | peak MB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |", flush=True)
    for case in CITIES:
        subprocess.run([sys.executable, __file__, "--city", *map(str, case)], check=True)


def beside_spopt() -> None:
    """Print one 500 by 500 run of spopt and its ratio to three runs of ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from spopt.locate import (  # type: ignore[import-untyped]  # noqa: PLC0415 - a peer
            PMedian,
        )
    made = city(500, 500)
    cost, ours = made.cost(), []
    for _ in range(3):
        start = time.process_time()
        found = pmedian(cost, made.weight, 10, effort=EXACT)
        ours.append(time.process_time() - start)
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = PMedian.from_cost_matrix(cost, made.weight, p_facilities=10)
        peer.solve(pulp.HiGHS(msg=False))
    theirs, mine = time.process_time() - start, sorted(ours)[1]
    print(f"\nspopt {theirs:.1f} CPU s, {pulp.value(peer.problem.objective):.3f}; ")
    print(f"here {mine:.3f} CPU s, {found.outcome.objective:.3f} ({proved(found)}): ")
    print(f"{theirs / mine:.0f} times faster")


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", nargs="?", default="../shared", type=Path)
    parser.add_argument("--spopt", action="store_true")
    parser.add_argument("--city", nargs=3, type=float)
    given = parser.parse_args()
    if given.city:
        one_city(int(given.city[0]), int(given.city[1]), given.city[2])
        return
    medians(given.shared / "bench" / "pmed")
    warehouses(given.shared / "bench" / "cap")
    cities()
    if given.spopt:
        beside_spopt()


if __name__ == "__main__":
    main()
