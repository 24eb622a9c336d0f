"""Reads the OR-Library files of p-median graphs and warehouse location."""

import numpy as np
from scipy import sparse
from toy_case_files import real_data


def pmed(name):
    """Return the (n, n) shortest paths and p; a repeated edge counts as given last."""
    text = real_data().joinpath("bench", "pmed", f"{name}.txt").read_text()
    numbers = np.array(text.split(), dtype=int)
    n, _, p = numbers[:3].tolist()
    last = {(min(u, v) - 1, max(u, v) - 1): length for u, v, length in numbers[3:].reshape(-1, 3)}
    ends, lengths = np.array(list(last)), np.array(list(last.values()), dtype=float)
    graph = sparse.csr_array((lengths, (ends[:, 0], ends[:, 1])), shape=(n, n))
    return sparse.csgraph.dijkstra(graph, directed=False), p


def cap(name):
    """Return costs (n, m), demand (n,), capacity (m,) and fixed cost (m,)."""
    text = real_data().joinpath("bench", "cap", f"{name}.txt").read_text()
    numbers = np.array(text.split(), dtype=float)
    m, n = int(numbers[0]), int(numbers[1])
    sites = numbers[2 : 2 + 2 * m].reshape(m, 2)
    points = numbers[2 + 2 * m :].reshape(n, m + 1)
    return points[:, 1:], points[:, 0], sites[:, 0], sites[:, 1]


def optima(folder, file):
    """Return the stated optimum of each instance."""
    lines = real_data().joinpath("bench", folder, file).read_text().splitlines()[1:]
    return {name: float(value) for name, value in (line.split() for line in lines if line.strip())}
