"""Says what stands in the finished plan where a mark is about, and what stands in its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from planner.inputs import Marked
from planner.layers import ENERGIES
from planner.outputs.wording import Both, wording
from planner.pipeline.review_fates import Fate, energy_words, joined
from planner.scenario import Scenario

ALL = "all"
Mark = Any


@dataclass(frozen=True)
class Standing:
    """The finished plan where marks are: its stations (layer STATIONS) and its test roads."""

    stations: pd.DataFrame
    chosen: frozenset[str]
    scenario: Scenario

    def at(self, site: str, energies: Iterable[str]) -> pd.DataFrame:
        """Return the stations of some energies at a site."""
        found = self.stations
        mine = (found["site_id"] == site) & found["energy"].isin(list(energies))
        return found[mine].sort_values("station_id")

    def words(self, here: pd.DataFrame) -> Both:
        """Return stations in words: technology, units and the first year."""
        return joined(self._station(row) for row in here.itertuples())

    def instead_of(self, mark: Mark, here: pd.DataFrame) -> Both | None:
        """Return the name of the marked technology where only others stand now.

        A planned station is marked by the id ``p-<site>-<technology>``. None where that does
        not name a technology of the case, or where the technology stands.
        """
        code = str(mark.target_id).removeprefix(f"p-{mark.site}-")
        known = self.scenario.technologies.get(code)
        if mark.target != "station" or known is None or (here["technology"] == code).any():
            return None
        return Both(known.zh, known.en)

    def told(self, fate: Fate, row: Marked) -> Fate:
        """Return the fate of a mark that was set aside, with what the plan has there."""
        now = self._roads(row.mark) if row.mark.of_road else self._site(row.mark)
        said = Both(f"{fate.said.zh}；{now.zh}", f"{fate.said.en}; {now.en}")
        return fate._replace(said=said)

    def _roads(self, mark: Mark) -> Both:
        inside = len(set(mark.segments) & self.chosen)
        return wording("review_log.now_roads", n=len(mark.segments), k=inside)

    def _site(self, mark: Mark) -> Both:
        every = mark.energy in {None, "", ALL}
        energies = ENERGIES if every else (str(mark.energy),)
        here = self.at(mark.site, energies)
        if here.empty and every:
            return wording("review_log.now_none")
        if here.empty:
            return wording("review_log.now_no_energy", energy=energy_words(energies))
        return wording("review_log.now_stands", what=self.words(here))

    def _station(self, row: Any) -> Both:  # noqa: ANN401 - a row of itertuples
        known = self.scenario.technologies[row.technology]
        key = "station_kept" if row.action == "keep" else "station"
        return wording(
            f"review_log.{key}",
            technology=Both(known.zh, known.en),
            units=int(row.n_units),
            unit=Both(known.unit_zh, "units"),
            year=int(row.first_year),
        )
