"""A draft is whole or not there, and its pictures are those of its own frames."""

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from unisono.base.errors import IngestError
from unisono.base.packs import decode_pack
from unisono.ingest import drafting
from unisono.ingest.drafting import Draft, write_draft
from unisono.ingest.identity.codes import sha256_hex
from unisono.ingest.masks.mask import MaskPlan
from unisono.ingest.parts import Part
from unisono.ingest.readers.recording import Pixels, Recording

KEEP = np.zeros((20, 30), np.bool_)
KEEP[5:15, 5:25] = True
WHOLE = Part(1, 1, 0, 4)


def loop(n_frames: int = 4, *shape: int) -> np.ndarray:
    return np.random.default_rng(n_frames).integers(1, 256, (n_frames, 20, 30, *shape), dtype=np.uint8)


def drafted(
    frames: np.ndarray | Iterator[Pixels], folder: Path, part: Part = WHOLE, *, ndim: int = 2
) -> Draft:
    sample = [loop(1, *([3] * (ndim - 2)))[0]]
    recording = Recording(
        kind="video", rows=20, columns=30, n_frames=part.n_frames, frames=lambda: iter(()), sample=sample,
        frame_times_s=None, timing="", regions=(), spacing_mm=None, header={}, decoder="", lossless=True,
    )  # fmt: skip
    return write_draft(recording, part, iter(frames), MaskPlan(KEEP, {}), folder / "draft")


def decoded(png: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)


@pytest.mark.parametrize("ndim", [2, 3])
def test_files_and_pictures_are_of_the_masked_frames(tmp_path: Path, ndim: int) -> None:
    frames = loop(4, *([3] * (ndim - 2)))
    draft = drafted(frames, tmp_path, ndim=ndim)
    keep = KEEP if ndim == 2 else KEEP[..., None]
    masked = np.where(keep, frames, np.uint8(0))
    for i, frame in enumerate(draft.frames):
        png = (draft.folder / f"{i:04d}.png").read_bytes()
        stored = decoded(png) if ndim == 2 else decoded(png)[..., ::-1]
        assert np.array_equal(stored, masked[i])
        assert frame.png_sha256 == sha256_hex(png)
        assert frame.pixel_sha256 == sha256_hex(masked[i].tobytes())
        assert frame.png_bytes == len(png)
    pack = (draft.folder / "pack").read_bytes()
    assert len(decode_pack(pack)) == 4
    assert (draft.pack_sha256, draft.pack_bytes) == (sha256_hex(pack), len(pack))
    before, after = (decoded(png) for png in draft.bright)
    brightest = frames.max(axis=0) if ndim == 2 else frames.max(axis=0)[..., ::-1]
    assert np.array_equal(before, brightest)
    assert np.array_equal(after, np.where(keep, brightest, 0))
    before, after = (decoded(png) for png in draft.dark)
    darkest = frames.min(axis=0) if ndim == 2 else frames.min(axis=0)[..., ::-1]
    assert np.array_equal(before, darkest)
    assert np.array_equal(after, np.where(keep, darkest, 0))


def test_what_a_clip_has_in_colour_is_among_its_pictures(tmp_path: Path) -> None:
    frames = np.repeat(loop()[..., None], 3, axis=3)
    assert drafted(frames, tmp_path / "grey", ndim=3).shown.tints is None
    frames[:, 8:12, 8:20, 2] = 0
    assert drafted(frames, tmp_path / "tinted", ndim=3).shown.tints is not None


def test_a_still_has_no_darkest(tmp_path: Path) -> None:
    assert drafted(loop(1), tmp_path, Part(1, 1, 0, 1)).dark == (b"", b"")


@pytest.mark.parametrize("n_frames", [3, 5])
def test_another_number_of_frames_leaves_nothing(tmp_path: Path, n_frames: int) -> None:
    with pytest.raises(IngestError, match=f"there are {100 + n_frames} frames") as caught:
        drafted(loop(n_frames), tmp_path, Part(2, 2, 100, 4))
    assert caught.value.code == "E_FRAME_COUNT"
    assert not (tmp_path / "draft").exists()


def odd(frames: np.ndarray) -> Iterator[Pixels]:
    yield from frames[:2]
    yield np.zeros((21, 30), np.uint8)


def broken(frames: np.ndarray) -> Iterator[Pixels]:
    yield frames[0]
    raise IngestError("E_FRAME_DECODE", "a frame does not decode")


@pytest.mark.parametrize(("frames", "code"), [(odd, "E_DIM_MISMATCH"), (broken, "E_FRAME_DECODE")])
def test_a_frame_that_is_refused_leaves_nothing(
    tmp_path: Path, frames: Callable[[np.ndarray], Iterator[Pixels]], code: str
) -> None:
    with pytest.raises(IngestError) as caught:
        drafted(frames(loop()), tmp_path)
    assert caught.value.code == code
    assert not (tmp_path / "draft").exists()


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = drafting._write_new

    def full_at_the_third(path: str, data: bytes) -> None:
        if path.endswith("0002.png"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(path, data)

    monkeypatch.setattr(drafting, "_write_new", full_at_the_third)
    with pytest.raises(OSError, match="No space"):
        drafted(loop(), tmp_path)
    assert not (tmp_path / "draft").exists()
