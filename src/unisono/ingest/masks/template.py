"""What a screen template is, and which one fits a recording.

A template says where one model at one frame size never prints: it is the last resort, for clips in which
neither declared boxes nor evidence give a sector, such as nearly black images. It is matched by header, so a
video never has one.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from unisono.base.plugins import load
from unisono.ingest.masks.edges import fill_polygon
from unisono.ingest.readers.recording import Area

PACKAGE = "unisono.ingest.masks.templates"


@dataclass(frozen=True, slots=True)
class Template:
    """The image area of one screen layout.

    Parameters
    ----------
    name : str
        Manufacturer, model and frame size, in the form of the file's name.
    manufacturer, model : str
        As the header has them, without regard to case.
    rows, columns : int, px
    corners_px : tuple of tuple of float
        (x, y) of the convex area that holds image and no print.
    version : int
        Goes up with every change of the area.
    """

    name: str
    manufacturer: str
    model: str
    rows: int
    columns: int
    corners_px: tuple[tuple[float, float], ...]
    version: int

    def fits(self, header: dict[str, Any], rows: int, columns: int) -> bool:
        """Return whether a recording comes from this screen."""
        made_by = str(header.get("manufacturer", "")).casefold()
        model = str(header.get("model", "")).casefold()
        is_model = model == self.model.casefold() and self.manufacturer.casefold() in made_by
        return is_model and (rows, columns) == (self.rows, self.columns)

    def fill(self) -> Area:
        """Return the pixels to keep."""
        return fill_polygon(np.array(self.corners_px), self.rows, self.columns)

    def describe(self) -> dict[str, Any]:
        """Return the record of its use."""
        corners = [list(corner) for corner in self.corners_px]
        return {"kind": "template", "name": self.name, "version": self.version, "corners_px": corners}


def template_for(header: dict[str, Any], rows: int, columns: int) -> Template | None:
    """Return the template of a recording's screen, or None."""
    every = load(PACKAGE, "TEMPLATE", Template).values()
    return next((template for template in every if template.fits(header, rows, columns)), None)
