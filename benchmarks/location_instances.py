"""Makes city-like location instances: clustered demand, and a radius with ~20 sites in reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

CLUSTERED = 0.75
SIDE_M = 40_000.0
SITES_IN_REACH = 20


@dataclass(frozen=True)
class City:
    """Demand points and sites in metres, weights, and the radius of the wanted reach."""

    points: NDArray[np.float64]
    sites: NDArray[np.float64]
    weight: NDArray[np.float64]
    radius_m: float

    def cost(self) -> NDArray[np.float64]:
        """Return the dense (n, m) straight distances in metres."""
        gaps = self.points[:, None, :] - self.sites[None, :, :]
        return np.asarray(np.sqrt((gaps**2).sum(axis=2)))


def scatter(count: int, centres: NDArray[np.float64], rng: np.random.Generator) -> NDArray:  # type: ignore[type-arg]
    """Return (count, 2) points, three quarters of them around the centres."""
    around = rng.integers(0, len(centres), count)
    spread = rng.normal(0.0, SIDE_M / 30, (count, 2))
    inside = np.clip(centres[around] + spread, 0.0, SIDE_M)
    anywhere = rng.uniform(0.0, SIDE_M, (count, 2))
    return np.where(rng.random((count, 1)) < CLUSTERED, inside, anywhere)


def city(n_points: int, n_sites: int, seed: int = 0) -> City:
    """Return a city; demand that no site covers is dropped, so n may be a little less."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform(0.1 * SIDE_M, 0.9 * SIDE_M, (max(3, n_sites // 100), 2))
    points, sites = scatter(n_points, centres, rng), scatter(n_sites, centres, rng)
    weight = np.round(rng.lognormal(3.0, 1.0, n_points), 3)
    tree = cKDTree(sites)
    sample = points[: min(n_points, 2000)]
    low, high = 0.0, SIDE_M
    for _ in range(40):
        middle = (low + high) / 2
        mean = tree.query_ball_point(sample, middle, return_length=True).mean()
        low, high = (middle, high) if mean < SITES_IN_REACH else (low, middle)
    near = tree.query(points)[0] <= high
    return City(points[near], sites, weight[near], high)


def city_reach(made: City):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Return the (n, m) sparse distances within the radius, never the dense matrix."""
    found = cKDTree(made.points).sparse_distance_matrix(
        cKDTree(made.sites), made.radius_m, output_type="coo_matrix"
    )
    return found.tocsr()
