"""Write the masked frames of a recording, or of a part, as a draft: read, encoded, let go one by one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from unisono.base.errors import IngestError
from unisono.base.packs import PackWriter
from unisono.ingest.children import still_alive
from unisono.ingest.gate.composites import CompositeBuilder, Composites, Extremes
from unisono.ingest.identity.codes import sha256_hex, sha256_of_file, sha256_of_parts
from unisono.ingest.limits import check_size
from unisono.ingest.masks.mask import MaskPlan, blackened
from unisono.ingest.pack import encode_page_image
from unisono.ingest.parts import Part
from unisono.ingest.png import encode_png
from unisono.ingest.prepared import PACK, DraftFrame, delete_draft, png_name
from unisono.ingest.readers.recording import Pixels, Recording


@dataclass(frozen=True, slots=True)
class Draft:
    """The files of one clip, and the pictures that stand for it.

    Parameters
    ----------
    part : Part
    folder : pathlib.Path
    frames : tuple of DraftFrame
    pack_sha256 : str
    pack_bytes : int
    shown : Composites
        Of the masked frames, for the text gate.
    bright, dark : tuple of bytes
        PNG files of the brightest and the darkest value of every pixel, as it came and masked; a still has no
        darkest.
    extremes_sha256 : str
        Of both as they came.
    """

    part: Part
    folder: Path
    frames: tuple[DraftFrame, ...]
    pack_sha256: str
    pack_bytes: int
    shown: Composites = field(repr=False)
    bright: tuple[bytes, bytes] = field(repr=False)
    dark: tuple[bytes, bytes] = field(repr=False)
    extremes_sha256: str


def write_draft(
    recording: Recording, part: Part, frames: Iterator[Pixels], plan: MaskPlan, folder: Path
) -> Draft:
    """Mask, encode and write the frames of a part.

    Raises
    ------
    IngestError
        ``E_FRAME_COUNT`` if there are not as many as the part has; ``E_DIM_MISMATCH`` if one has another
        shape; what reading them raises. No file is left then.
    OSError
        If a file cannot be written; none is left then.
    """
    folder.mkdir(parents=True)
    try:
        return _written(recording, part, frames, plan, folder)
    except (IngestError, OSError):
        delete_draft(folder)
        raise


def _written(
    recording: Recording, part: Part, frames: Iterator[Pixels], plan: MaskPlan, folder: Path
) -> Draft:
    composites, extremes = CompositeBuilder(), Extremes()
    stencil = plan.stencil(recording.sample[0].ndim)
    written = []
    with PackWriter(folder / PACK, part.n_frames) as pack:
        for count, frame in enumerate(_checked(recording, part, frames)):
            masked = blackened(frame, stencil)
            composites.add(masked)
            extremes.add(frame)
            still_alive()
            png = encode_png(masked)
            _write_new(f"{folder}/{png_name(count)}", png)
            pack.add(encode_page_image(masked))
            written.append(DraftFrame(sha256_hex(png), sha256_hex(masked.data), len(png)))
    brightest, darkest = extremes.images()
    bright, dark = blackened(brightest, stencil), blackened(darkest, stencil)
    return Draft(
        part=part,
        folder=folder,
        frames=tuple(written),
        pack_sha256=sha256_of_file(folder / PACK),
        pack_bytes=(folder / PACK).stat().st_size,
        shown=composites.composites(),
        bright=(encode_png(brightest), encode_png(bright)),
        dark=(b"", b"") if len(written) == 1 else (encode_png(darkest), encode_png(dark)),
        extremes_sha256=sha256_of_parts([sha256_hex(image.data) for image in (brightest, darkest)]),
    )


def _checked(recording: Recording, part: Part, frames: Iterator[Pixels]) -> Iterator[Pixels]:
    count, first = 0, recording.sample[0].shape
    for frame in frames:
        if frame.shape != first:
            raise IngestError("E_DIM_MISMATCH", f"frame {count} has the shape {frame.shape}, not {first}")
        count += 1
        check_size(recording.rows, recording.columns, count)
        yield frame
    if count != part.n_frames:
        found = part.first_frame + count
        raise IngestError("E_FRAME_COUNT", f"there are {found} frames; another number was announced")


def _write_new(path: str, data: bytes) -> None:
    with open(path, "xb") as file:  # noqa: PTH123  # hot
        file.write(data)
