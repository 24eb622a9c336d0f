"""Owns the centrelines: dual carriageways, crossings and roundabouts as one piece of choice each.

No library tried keeps every segment linked to what it becomes (``docs/decisions.md``), so nothing
is redrawn here: nodes merge, segments are grouped, and lengths are shared out.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from planner.crs import WGS84
from planner.layers import CENTRELINES
from planner.network.grouping import Groups, grouped
from planner.network.merging import Ends
from planner.network.road_network import RoadNetwork

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Centrelines:
    """The pieces of choice (C) and what each of S segments and N nodes is of them.

    Segments that touch are of one centreline or of two that share a merged node.

    Parameters
    ----------
    centreline_id
        (C,) "c-" and the smallest ``segment_id`` of the members, as text; sorted.
    kind
        (C,) ``single``; ``dual``, two carriageways; ``carriageway``, one with another beside
        it that has its own junctions; ``roundabout`` or ``junction``, all that lies within a
        merged node, a loop there.
    of_segment
        (S,) row of each segment's centreline.
    from_node, to_node
        (C,) merged nodes, 0 to ``n_nodes`` - 1.
    n_nodes
        Number of merged nodes.
    of_node
        (N,) merged node of each network node.
    node_id
        (n_nodes,) the smallest ``node_id`` of the members, as text; sorted.
    centreline_m
        (C,) metres counted once: a segment less half of what has an opposite carriageway
        beside it; half of a roundabout, which is the way straight on. 1 mm.
    carriageway_m
        (C,) sum of the members' ``length_m``. 1 mm.
    counted_share
        (S,) part of its centreline's ``centreline_m`` that a segment carries; 1 in sum.
    twins
        (P, 2) rows of the centrelines of kind ``carriageway`` that run beside one another in
        opposite directions, the smaller row first; sorted.
    geometry
        (C,) lines, EPSG:4326: of a dual its middle, of a junction its ring or longest member.
    """

    centreline_id: tuple[str, ...]
    kind: tuple[str, ...]
    of_segment: Ints
    from_node: Ints
    to_node: Ints
    n_nodes: int
    of_node: Ints
    node_id: tuple[str, ...]
    centreline_m: Floats
    carriageway_m: Floats
    counted_share: Floats
    twins: Ints
    geometry: NDArray[np.object_]


def centrelines(network: RoadNetwork, metric_crs: CRS) -> Centrelines:
    """Merge what is drawn twice into centrelines; every segment keeps its place in one.

    The order of segments and nodes changes nothing but the order of what is given per
    segment or per node.

    Parameters
    ----------
    network
        Its segments satisfy ``layers.SEGMENTS``.
    metric_crs
        Metric CRS of the run, to see what lies beside what; lengths are the segments' own.
    """
    segment_id = network.segments["segment_id"].to_numpy(dtype=str)
    node_id = network.nodes["node_id"].to_numpy(dtype=str)
    segment_order, segment_rank = _order(segment_id)
    node_order, node_rank = _order(node_id)
    segments = network.segments.iloc[segment_order].reset_index(drop=True)
    ends = Ends(
        node_rank[network.from_index[segment_order]],
        node_rank[network.to_index[segment_order]],
        segments.geometry.to_crs(metric_crs).to_numpy(),
        shapely.get_coordinates(
            network.nodes.geometry.iloc[node_order].to_crs(metric_crs).to_numpy()
        ),
    )
    groups = grouped(segments, ends)
    leads = np.unique(groups.of_segment, return_index=True)[1]
    first = np.unique(groups.of_node, return_index=True)[1]
    centreline_m, carriageway_m, share = _lengths(segments, groups)
    return Centrelines(
        centreline_id=tuple(f"c-{name}" for name in segment_id[segment_order[leads]].tolist()),
        kind=tuple(groups.kind.tolist()),
        of_segment=groups.of_segment[segment_rank],
        from_node=groups.from_node,
        to_node=groups.to_node,
        n_nodes=len(first),
        of_node=groups.of_node[node_rank],
        node_id=tuple(node_id[node_order[first]].tolist()),
        centreline_m=centreline_m,
        carriageway_m=carriageway_m,
        counted_share=share[segment_rank],
        twins=groups.twins,
        geometry=groups.geometry,
    )


def centrelines_layer(found: Centrelines, network: RoadNetwork) -> gpd.GeoDataFrame:
    """Return the layer ``centrelines`` (``layers.CENTRELINES``) of these centrelines."""
    names = network.segments["segment_id"].to_numpy(dtype=str)
    members: list[list[str]] = [[] for _ in found.centreline_id]
    for row in np.argsort(names, kind="stable").tolist():
        members[found.of_segment[row]].append(str(names[row]))
    columns = {
        "centreline_id": found.centreline_id,
        "kind": found.kind,
        "from_node": [found.node_id[row] for row in found.from_node],
        "to_node": [found.node_id[row] for row in found.to_node],
        "centreline_m": found.centreline_m,
        "carriageway_m": found.carriageway_m,
        "n_segments": [len(group) for group in members],
        "segment_ids": [",".join(group) for group in members],
    }
    frame = gpd.GeoDataFrame(columns, geometry=found.geometry, crs=WGS84)
    return frame[[*CENTRELINES.column_names(), "geometry"]]


def _order(names: NDArray[np.str_]) -> tuple[Ints, Ints]:
    """Return the rows sorted by name, and the place of each row in that order."""
    order = np.argsort(names, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return order, rank


def _lengths(segments: gpd.GeoDataFrame, groups: Groups) -> tuple[Floats, Floats, Floats]:
    """Return metres per centreline on both bases, and the share of each segment in the first."""
    size = len(groups.kind)
    length_m = segments["length_m"].to_numpy(dtype=np.float64)
    counted_m = length_m * (1.0 - groups.share / 2.0)
    total_m = _sums(groups.of_segment, counted_m, size)
    of_group, members = total_m[groups.of_segment], np.bincount(groups.of_segment)
    share: Floats = np.divide(
        counted_m, of_group, out=1.0 / members[groups.of_segment], where=of_group > 0
    )
    carriageway_m = _sums(groups.of_segment, length_m, size)
    return np.round(total_m, 3), np.round(carriageway_m, 3), share


def _sums(group: Ints, metres: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(group, weights=metres, minlength=size), dtype=np.float64)
