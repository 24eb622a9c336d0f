"""Draws what lies under every printed map: counties with their names, and the road network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from planner.outputs.printing.fonts import drawn
from planner.outputs.printing.lines_of_text import text_width
from planner.outputs.printing.panel import INK
from planner.outputs.printing.sheet import Page
from planner.outputs.wording import Both, titles_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path

MAIN_ROADS = ("motorway", "trunk", "primary")
AS_PICTURE = 20_000
"""Lines of one layer from which on an SVG holds them as a picture: it would not open else."""


class Ground:
    """The layers under the maps of a plan, in metres of its metric CRS.

    Parameters
    ----------
    frames
        The plan's layers by name (EPSG:4326).
    metric_crs
        CRS of ``plan.json``, in which the plan was computed.
    """

    def __init__(self, frames: dict[str, Any], metric_crs: str) -> None:
        self.crs = metric_crs
        self.counties: gpd.GeoDataFrame = frames["counties"].to_crs(metric_crs)
        self.names: dict[str, Both] = titles_of(frames["counties"], "county_id")
        segments = frames["segments"]
        main = segments["road_class"].isin(MAIN_ROADS)
        self._main = self.lines(segments[main])
        self._minor = self.lines(segments[~main])
        drawn_ones = self.counties.geometry[~self.counties.geometry.is_empty]
        self.bounds: tuple[float, ...] = tuple(float(value) for value in drawn_ones.total_bounds)

    def lines(self, frame: gpd.GeoDataFrame) -> list[np.ndarray[Any, Any]]:
        """Return the lines of a layer as arrays of metres, those without a place left out."""
        known = frame.geometry[~(frame.geometry.isna() | frame.geometry.is_empty)]
        parts = known.to_crs(self.crs).explode(ignore_index=True) if len(known) else known
        return [shapely.get_coordinates(line) for line in parts]

    def points(self, frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, np.ndarray[Any, Any]]:
        """Return the rows of a layer that have a place, and their places in metres."""
        known = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
        if not len(known):
            return known, np.empty((0, 2))
        places = known.geometry.representative_point().to_crs(self.crs)
        return known, np.column_stack([places.x.to_numpy(), places.y.to_numpy()])

    def draw(self, page: Page, axes: Axes, colours: dict[str, str] | None = None) -> None:
        """Draw counties and roads; ``colours`` fills counties by id, else they are pale."""
        for row in self.counties.itertuples():
            fill = (colours or {}).get(str(row.county_id), "#fbfaf5")
            add_area(axes, row.geometry, facecolor=fill, edgecolor="none", zorder=1)
            add_area(
                axes, row.geometry, facecolor="none", edgecolor="#7b8794",
                linewidth=page.points(1.2), linestyle="--", zorder=12,
            )  # fmt: skip
        width = page.points(1.0)
        add_lines(axes, self._minor, color="#d9dee4", linewidth=0.45 * width, zorder=3)
        add_lines(axes, self._main, color="#c2c9d1", linewidth=0.9 * width, zorder=4)

    def name_counties(self, page: Page, axes: Axes, below: dict[str, str] | None = None) -> None:
        """Write the name of each county near its middle, and under it a figure if there is one."""
        from matplotlib import patheffects  # noqa: PLC0415

        halo = [patheffects.withStroke(linewidth=page.points(3), foreground="white")]
        shown = Labels(axes, page.points(11))
        ordered = self.counties.assign(area=self.counties.geometry.area).sort_values(
            ["area", "county_id"]
        )
        for row in ordered.itertuples():
            place = row.geometry.representative_point()
            figure = (below or {}).get(str(row.county_id))
            lines = [drawn(page.say(self.names[str(row.county_id)])), *([figure] if figure else [])]
            at = shown.free_place((place.x, place.y), lines)
            if at is not None:
                axes.text(
                    *at, "\n".join(lines), fontsize=page.points(11), ha="center", va="center",
                    color=INK, zorder=60, path_effects=halo, linespacing=1.1,
                )  # fmt: skip


class Labels:
    """Keeps labels of a map apart.

    Parameters
    ----------
    axes
        The map, its limits set.
    size
        Size of the type in points.
    """

    STEPS = ((0, 0), (0, 1), (0, -1), (0.7, 0), (-0.7, 0), (0.7, 1), (-0.7, 1), (0.7, -1),
             (-0.7, -1), (0, 2), (0, -2))  # fmt: skip

    def __init__(self, axes: Axes, size: float) -> None:
        box = axes.get_window_extent()
        self._west, self._east = axes.get_xlim()
        self._south, self._north = axes.get_ylim()
        figure = axes.get_figure(root=True)
        dots = figure.dpi if figure is not None else 100.0
        self._metres = (self._east - self._west) / (box.width / dots * 72) * size
        self._taken: list[tuple[float, float, float, float]] = []

    def free_place(
        self, place: tuple[float, float], lines: Sequence[str]
    ) -> tuple[float, float] | None:
        """Return where lines of text may stand near a place; None where it is not on the map.

        Where all places nearby are taken it is the place itself.
        """
        x, y = place
        if not (self._west < x < self._east and self._south < y < self._north):
            return None
        wide = max(text_width(line) for line in lines) * 0.52 * self._metres
        tall = 1.25 * len(lines) * self._metres
        boxes = [self._box(x + dx * wide, y + dy * tall, wide, tall) for dx, dy in self.STEPS]
        chosen = next((box for box in boxes if not self._hits(box)), boxes[0])
        self._taken.append(chosen)
        return (chosen[0] + chosen[2]) / 2, (chosen[1] + chosen[3]) / 2

    def _box(
        self, x: float, y: float, wide: float, tall: float
    ) -> tuple[float, float, float, float]:
        x = min(max(x, self._west + wide / 2), self._east - wide / 2)
        return x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2

    def _hits(self, box: tuple[float, float, float, float]) -> bool:
        return any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
            for other in self._taken
        )


def add_frame(page: Page, axes: Axes, shown: Axes) -> None:
    """Draw on a map the frame of what another one shows."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    (west, east), (south, north) = shown.get_xlim(), shown.get_ylim()
    axes.add_patch(
        Rectangle((west, south), east - west, north - south, facecolor="none", edgecolor="#c62828",
                  linewidth=page.points(1.4), zorder=80)
    )  # fmt: skip


def add_lines(axes: Axes, lines: Sequence[np.ndarray[Any, Any]], **style: Any) -> None:  # noqa: ANN401
    """Add lines to a map, as a picture where there are very many of them."""
    from matplotlib.collections import LineCollection  # noqa: PLC0415

    if lines:
        many = len(lines) > AS_PICTURE
        axes.add_collection(LineCollection(list(lines), rasterized=many, **style), autolim=False)


def add_area(axes: Axes, area: Any, **style: Any) -> None:  # noqa: ANN401 - a shapely polygon
    """Add a polygon, with its holes, to a map."""
    from matplotlib.patches import PathPatch  # noqa: PLC0415

    if area is not None and not area.is_empty:
        axes.add_patch(PathPatch(_path(area), **style))


def _path(area: Any) -> Path:  # noqa: ANN401 - a shapely polygon
    from matplotlib.path import Path  # noqa: PLC0415

    rings = [shapely.get_coordinates(ring) for ring in _rings(area)]
    codes = [
        np.array([Path.MOVETO, *[Path.LINETO] * (len(ring) - 2), Path.CLOSEPOLY]) for ring in rings
    ]
    return Path(np.concatenate(rings), np.concatenate(codes))


def _rings(area: Any) -> Iterable[Any]:  # noqa: ANN401 - a shapely polygon
    for polygon in getattr(area, "geoms", [area]):
        yield polygon.exterior
        yield from polygon.interiors
