"""Times bounded distances from many places, beside a compiled kernel and networkx.

Run by hand: ``python benchmarks/travel_distances.py``. A made planar road graph of 200,000
nodes in Hilbert order and 535,805 arcs, a tenth of the roads one-way, three speeds; from
2,000 sources to 20,000 demand nodes within 10 minutes by road. ``length_m`` holds seconds
here: a distance is whatever the segments' weights say.

Each way runs in a process of its own, pinned to one core, in turn; CPU seconds are the
median of the runs, without making the graph and without ``import``. The compiled kernel is
made with gcc while the benchmark runs and is passed over where there is none; networkx
does a tenth of the sources, scaled.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay

from planner.network import RoadNetwork, distance_pairs

NODES, SEGMENTS, ONE_WAY = 200_000, 282_003, 28_201
SOURCES, DEMAND, LIMIT_S = 2_000, 20_000, 600.0
RUNS = 3
NETWORKX_SHARE = 10
SPEEDS_M_S = (8.0, 12.0, 20.0)
SPACING_M = 42.3
TARGET_KERNEL, TARGET_NETWORKX, TARGET_MB = 3.0, 10.0, 300.0

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Measure = tuple[int, float, float, float]
"""Pairs found, their sum, CPU seconds of the query, CPU seconds of making ready."""

KERNEL = r"""
#include <stdint.h>
#include <stdlib.h>
/* Bounded Dijkstra, 4-ary heap with lazy deletion, labels stamped by source. */
typedef struct { double d; int32_t v; } item;
int64_t pairs(int32_t n, const int64_t *start, const int32_t *head, const double *w,
              int32_t k, const int32_t *source, double limit, const uint8_t *wanted,
              double *total) {
    double *dist = malloc(n * sizeof(double));
    int32_t *stamp = calloc(n, sizeof(int32_t));
    uint8_t *done = calloc(n, 1);
    item *heap = malloc((size_t)(start[n] + 1) * sizeof(item));
    int64_t found = 0;
    double sum = 0;
    for (int32_t s = 0; s < k; s++) {
        int64_t size = 1;
        heap[0] = (item){0.0, source[s]};
        dist[source[s]] = 0; stamp[source[s]] = s + 1; done[source[s]] = 0;
        while (size) {
            item top = heap[0], last = heap[--size];
            int64_t at = 0;
            for (;;) {
                int64_t c = 4 * at + 1, best = c, end = c + 4 < size ? c + 4 : size;
                if (c >= size) break;
                for (int64_t i = c + 1; i < end; i++) if (heap[i].d < heap[best].d) best = i;
                if (heap[best].d >= last.d) break;
                heap[at] = heap[best]; at = best;
            }
            heap[at] = last;
            if (done[top.v]) continue;
            done[top.v] = 1;
            if (wanted[top.v]) { found++; sum += top.d; }
            for (int64_t a = start[top.v]; a < start[top.v + 1]; a++) {
                double d = top.d + w[a];
                int32_t v = head[a];
                if (d > limit) continue;
                if (stamp[v] == s + 1) { if (d >= dist[v]) continue; }
                else { stamp[v] = s + 1; done[v] = 0; }
                dist[v] = d;
                int64_t i = size++;
                for (; i && heap[(i - 1) / 4].d > d; i = (i - 1) / 4) heap[i] = heap[(i - 1) / 4];
                heap[i] = (item){d, v};
            }
        }
    }
    free(dist); free(stamp); free(done); free(heap);
    *total = sum;
    return found;
}
"""


def make_graph(path: Path) -> None:
    """Write the graph: a thinned Delaunay triangulation in Hilbert order."""
    rng = np.random.default_rng(0)
    side = SPACING_M * np.sqrt(NODES)
    points = rng.random((NODES, 2)) * side
    order = np.argsort(gpd.GeoSeries(shapely.points(points)).hilbert_distance().to_numpy())
    points = points[order]
    corners = Delaunay(points).simplices
    sides = np.sort(np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1)
    sides = np.unique(sides, axis=0)
    metres = np.hypot(*(points[sides[:, 0]] - points[sides[:, 1]]).T)
    # One piece first, then short sides with some chance: streets join most neighbours.
    appeal = metres * rng.uniform(1, 2, len(sides))
    tree = minimum_spanning_tree(csr_array((appeal, sides.T), shape=(NODES, NODES))).tocoo()
    in_tree = np.isin(sides @ (NODES, 1), tree.row.astype(np.int64) * NODES + tree.col)
    chosen = np.sort(np.argsort(np.where(in_tree, 0.0, appeal), kind="stable")[:SEGMENTS])
    turned = rng.random(SEGMENTS) < 0.5
    ends = np.where(turned[:, None], sides[chosen][:, ::-1], sides[chosen])
    one_way = np.zeros(SEGMENTS, dtype=bool)
    # Only roads off the tree are one-way, so that every place can be reached and left.
    one_way[rng.choice(np.flatnonzero(~in_tree[chosen]), ONE_WAY, replace=False)] = True
    speed = rng.choice(SPEEDS_M_S, SEGMENTS, p=[0.6, 0.3, 0.1])
    np.savez(
        path,
        lonlat=points / 111_195.0,
        ends=ends,
        one_way=one_way,
        seconds=np.round(metres[chosen] / speed, 3),
        sources=np.sort(rng.choice(NODES, SOURCES, replace=False)),
        demand=np.sort(rng.choice(NODES, DEMAND, replace=False)),
    )


def by_planner(graph: dict[str, NDArray[np.generic]]) -> Measure:
    """Measure the network room: from its roads to (point, site, seconds)."""
    nodes = gpd.GeoDataFrame(geometry=shapely.points(graph["lonlat"]), crs="EPSG:4326")
    segments = pd.DataFrame({"length_m": graph["seconds"], "oneway": graph["one_way"]})
    ends = graph["ends"].astype(np.int64)
    network = RoadNetwork(nodes, gpd.GeoDataFrame(segments), ends[:, 0], ends[:, 1], ())
    sources, demand = graph["sources"].astype(np.int64), graph["demand"].astype(np.int64)
    start = time.process_time()
    found = distance_pairs(network, sources, demand, limit_m=LIMIT_S, toward=False)
    return len(found.metres), float(found.metres.sum()), time.process_time() - start, 0.0


def arcs_of(graph: dict[str, NDArray[np.generic]]) -> tuple[Ints, Ints, Floats]:
    """Return tail, head and seconds of every arc, sorted by tail."""
    back = ~graph["one_way"].astype(bool)
    ends, seconds = graph["ends"].astype(np.int64), graph["seconds"].astype(float)
    tail = np.concatenate([ends[:, 0], ends[back, 1]])
    head = np.concatenate([ends[:, 1], ends[back, 0]])
    order = np.lexsort((head, tail))
    return tail[order], head[order], np.concatenate([seconds, seconds[back]])[order]


def by_kernel(graph: dict[str, NDArray[np.generic]]) -> Measure:
    """Measure the compiled kernel."""
    start = time.process_time()
    tail, head, seconds = arcs_of(graph)
    first = np.searchsorted(tail, np.arange(NODES + 1)).astype(np.int64)
    wanted = np.zeros(NODES, dtype=np.uint8)
    wanted[graph["demand"].astype(np.int64)] = 1
    targets, sources = head.astype(np.int32), graph["sources"].astype(np.int32)
    ready = time.process_time() - start
    kernel = ctypes.CDLL(os.environ["KERNEL"]).pairs
    kernel.restype = ctypes.c_int64
    total = ctypes.c_double()
    start = time.process_time()
    count = kernel(
        ctypes.c_int32(NODES), first.ctypes, targets.ctypes, seconds.ctypes,
        ctypes.c_int32(SOURCES), sources.ctypes, ctypes.c_double(LIMIT_S + 0.0005),
        wanted.ctypes, ctypes.byref(total),
    )  # fmt: skip
    return int(count), total.value, time.process_time() - start, ready


def by_networkx(graph: dict[str, NDArray[np.generic]]) -> Measure:
    """Measure networkx on every tenth source, scaled to all."""
    start = time.process_time()
    roads: nx.DiGraph[int] = nx.DiGraph()
    roads.add_nodes_from(range(NODES))
    columns = (part.tolist() for part in arcs_of(graph))
    roads.add_weighted_edges_from(zip(*columns, strict=True))
    ready = time.process_time() - start
    wanted = set(graph["demand"].tolist())
    start, count, total = time.process_time(), 0, 0.0
    for source in graph["sources"].tolist()[::NETWORKX_SHARE]:
        near = nx.single_source_dijkstra_path_length(roads, source, cutoff=LIMIT_S + 0.0005)
        there = [seconds for node, seconds in near.items() if node in wanted]
        count, total = count + len(there), total + sum(there)
    used = (time.process_time() - start) * NETWORKX_SHARE
    return count, total, used, ready


WAYS: dict[str, Callable[[dict[str, NDArray[np.generic]]], Measure]] = {
    "planner.network": by_planner,
    "compiled kernel": by_kernel,
    "networkx": by_networkx,
}


def run_one(way: str, path: str) -> None:
    """Run one way in this process and print its measure as JSON."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with np.load(path) as stored:
        graph = dict(stored)
    before = peak_mb()
    measure = WAYS[way](graph)
    print(json.dumps([*measure, peak_mb(), before]))


def peak_mb() -> float:
    """Return the most memory this process has held; not the parent's, as getrusage may."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def compiled(folder: Path) -> bool:
    """Compile the kernel; return whether there is a compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        return False
    source, library = folder / "kernel.c", folder / "kernel.so"
    source.write_text(KERNEL, encoding="utf-8")
    command = [
        compiler,
        "-O3",
        "-march=native",
        "-shared",
        "-fPIC",
        str(source),
        "-o",
        str(library),
    ]
    os.environ["KERNEL"] = str(library)
    return subprocess.run(command, check=False).returncode == 0


def main() -> None:
    """Measure every way in turn and print ratios and whether the targets are met."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        graph = folder / "graph.npz"
        make_graph(graph)
        ways = [way for way in WAYS if way != "compiled kernel" or compiled(folder)]
        rows: dict[str, list[list[float]]] = {way: [] for way in ways}
        for number in range(RUNS):
            for way in ways if number == 0 else [way for way in ways if way != "networkx"]:
                command = [sys.executable, __file__, way, str(graph)]
                printed = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
                rows[way].append(json.loads(printed))
    report({way: [statistics.median(part) for part in zip(*runs, strict=True)]
            for way, runs in rows.items()})  # fmt: skip


def report(rows: dict[str, list[float]]) -> None:
    """Print the table and the ratios."""
    print("| way | pairs | sum s | query CPU s | ready CPU s | peak MB | before MB |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for way, (pairs, total, used, ready, peak, before) in rows.items():
        cells = f"{pairs:.0f} | {total:.0f} | {used:.2f} | {ready:.2f} | {peak:.0f} | {before:.0f}"
        print(f"| {way} | {cells} |")
    print(f"networkx: pairs and sum of one source in {NETWORKX_SHARE}, CPU scaled to all")
    ours = rows["planner.network"]
    if "compiled kernel" in rows:
        ratio = ours[2] / rows["compiled kernel"][2]
        print(f"CPU of the compiled kernel: {ratio:.2f}x (target <= {TARGET_KERNEL:g}x)")
    faster = rows["networkx"][2] / ours[2]
    print(f"faster than networkx: {faster:.1f}x (target >= {TARGET_NETWORKX:g}x)")
    print(f"peak: {ours[4]:.0f} MB (target < {TARGET_MB:g} MB)")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        run_one(sys.argv[1], sys.argv[2])
    else:
        main()
