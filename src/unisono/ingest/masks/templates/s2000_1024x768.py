"""Siemens ACUSON S2000, images of 1024 x 768 with a convex probe.

Name, number and site lie above row 60, the grey bar and the depth scale left of column 46, settings and the
gain curve from column 900; notes are typed from row 738 down. The
fan's corners and deepest rows are not kept.
"""

from unisono.ingest.masks.template import Template

TEMPLATE = Template(
    name="s2000_1024x768",
    manufacturer="Siemens",
    model="S2000",
    rows=768,
    columns=1024,
    corners_px=(
        (384.0, 66.0), (624.0, 66.0), (898.0, 470.0), (898.0, 660.0),
        (700.0, 734.0), (300.0, 734.0), (46.0, 632.0), (46.0, 575.0),
    ),
    version=1,
)  # fmt: skip
