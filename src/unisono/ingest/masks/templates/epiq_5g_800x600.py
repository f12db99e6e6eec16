"""Philips EPIQ 5G, exported clips of 800 x 600.

Name, birth date and site lie above row 31, settings left of the image, the grey bar, the focus marks and the
depth scale right of it, the depth on its last rows, and the heart rate below.
"""

from unisono.ingest.masks.template import Template

TEMPLATE = Template(
    name="epiq_5g_800x600",
    manufacturer="Philips",
    model="EPIQ 5G",
    rows=600,
    columns=800,
    corners_px=((99.0, 68.0), (700.0, 68.0), (700.0, 538.0), (99.0, 538.0)),
    version=1,
)
