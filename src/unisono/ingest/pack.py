"""The page's copy of a frame: a JPEG of the masked pixels, one a frame, played from one pack a clip.

Labels are made on what the page shows, so chroma is not subsampled and quality is high; whoever measures or
trains uses the PNG masters.
"""

import numpy as np
import simplejpeg

from unisono.ingest.readers.recording import Pixels

QUALITY = 92


def encode_page_image(frame: Pixels, quality: int = QUALITY) -> bytes:
    """Return a frame as the JPEG that the page plays.

    Parameters
    ----------
    frame : uint8 ndarray of shape (rows, columns) or (rows, columns, 3)
    quality : int, default=92
    """
    if frame.ndim == 2:  # noqa: PLR2004  # grey
        grey = np.ascontiguousarray(frame[..., None])
        return bytes(simplejpeg.encode_jpeg(grey, quality, "GRAY", "Gray"))
    return bytes(simplejpeg.encode_jpeg(np.ascontiguousarray(frame), quality, "RGB", "444"))
