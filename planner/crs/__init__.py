"""Datums, the one metric CRS of a run, and the one length."""

from planner.crs.datum import to_wgs84, wgs84_to_gcj02
from planner.crs.metric import WGS84, geodesic_length_m, metric_crs

__all__ = ["WGS84", "geodesic_length_m", "metric_crs", "to_wgs84", "wgs84_to_gcj02"]
