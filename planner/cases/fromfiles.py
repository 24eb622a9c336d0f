"""Makes a case from a boundary file and a road file."""

from __future__ import annotations

from pathlib import Path

from planner.cases.countyfile import counties_from_file
from planner.cases.datum import check_datum
from planner.cases.draft import OSM_LICENCE, OSM_SOURCE, CaseOptions, Draft, Origin
from planner.cases.extract import extract_date, is_extract, read_roads
from planner.cases.finish import finished
from planner.cases.folder import MadeCase, refuse_occupied
from planner.cases.graph import roads_from_graphml
from planner.cases.highways import DEFAULTS_NOTE
from planner.cases.roadfile import roads_from_file
from planner.cases.roadside import put_roadside

DEFAULTS = CaseOptions()


def case_from_files(
    folder: str | Path,
    *,
    counties: str | Path,
    roads: str | Path,
    datum: str,
    options: CaseOptions = DEFAULTS,
) -> MadeCase:
    """Make a case from a boundary file and a road file.

    Parameters
    ----------
    folder
        Where the case shall be.
    counties
        Polygons in any vector format, with an id and a name; population where known.
    roads
        OpenStreetMap extract (PBF, XML), GraphML, GeoPackage, GeoJSON, Shapefile or
        FlatGeobuf. What comes from OpenStreetMap is WGS84 whatever ``datum`` says.
    datum
        ``wgs84``, ``cgcs2000``, ``gcj02`` or ``bd09``: of the files given.
    options
        Names, targets, population, origin.

    Raises
    ------
    InputError
        If a file cannot be used.
    OutputError
        If the folder is occupied or cannot be written.
    """
    check_datum(datum)
    refuse_occupied(Path(folder))
    draft = Draft()
    path, layer = _split(counties)
    frame, notes = counties_from_file(path, datum=datum, layer=layer)
    draft.notes += notes
    draft.put("counties", frame, _origin(path, options))
    put_roads(draft, roads, datum, options)
    return finished(Path(folder), draft, options)


def put_roads(draft: Draft, roads: str | Path, datum: str, options: CaseOptions) -> None:
    """Read a road file of any supported kind into the draft."""
    path, layer = _split(roads)
    if is_extract(path):
        date = options.date or extract_date(path)
        origin = Origin(OSM_SOURCE, OSM_LICENCE, date)
        draft.put("roads", read_roads(path), origin)
        put_roadside(draft, path, origin)
        draft.notes.append(DEFAULTS_NOTE)
    elif path.suffix.lower() == ".graphml":
        draft.put("roads", roads_from_graphml(path), _origin(path, options))
        draft.notes.append(DEFAULTS_NOTE)
    else:
        frame, notes = roads_from_file(path, datum=datum, layer=layer)
        draft.notes += notes
        draft.put("roads", frame, _origin(path, options))


def _split(path: str | Path) -> tuple[Path, str]:
    """Return a file and the layer named behind ``::``, as in ``roads.gpkg::edges``."""
    name, _, layer = str(path).partition("::")
    return Path(name), layer


def _origin(path: Path, options: CaseOptions) -> Origin:
    return Origin(
        source=options.source or f"file {path.name}, as given by the user",
        licence=options.licence or "not stated",
        date=options.date or "not stated",
    )
