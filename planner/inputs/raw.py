"""What a file holds before it is judged: rows as they are written, and the CRS it names."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from pyproj import CRS


@dataclass(frozen=True)
class RawLayer:
    """Rows of a file, indexed by the number a reader finds them under (from 1).

    Parameters
    ----------
    frame
        Attributes as written; column ``geometry`` holds shapely geometries or None.
    crs
        CRS the file names or its format implies; None where it names none.
    """

    frame: pd.DataFrame
    crs: CRS | None
