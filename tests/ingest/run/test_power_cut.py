"""A row speaks of files only when a power cut can no longer take them."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from tests.catalog.power import Disk
from tests.ingest import makers
from unisono.base.settings import Settings
from unisono.catalog.db import open_catalog
from unisono.catalog.names import frame_code, frame_name, pack_name
from unisono.ingest.run import ingest, storing

pytestmark = pytest.mark.usefixtures("no_gate")


@pytest.mark.parametrize("policy", ["none", "person"])
def test_frames_and_pack_are_safe_before_the_row_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, policy: str
) -> None:
    disk, insert, seen = Disk(monkeypatch), storing._insert, []

    def look_and_insert(connection: Any, clip: Any, frames: list[Any], *rest: Any) -> None:
        names = [frame_name(frame_code(clip.code, frame.index)) for frame in frames]
        wanted = {name: frame.png_sha256 for name, frame in zip(names, frames, strict=True)}
        wanted[pack_name(clip.code, clip.pack_sha256)] = clip.pack_sha256
        left = disk.survivors(tmp_path / "home" / ("" if policy == "none" else "held"))
        seen.append((wanted, {name: hashlib.sha256(left.get(name, b"")).hexdigest() for name in wanted}))
        insert(connection, clip, frames, *rest)

    monkeypatch.setattr(storing, "_insert", look_and_insert)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for i in range(2):
        uid = f"1.2.826.7.{i + 1}"
        makers.write_dicom(inbox / f"{i}.dcm", makers.loop(5, seed=i), SOPInstanceUID=uid)
    catalog = open_catalog(Settings(home=tmp_path / "home"))
    ingest(catalog, [inbox], "01", workers=1, policy=policy, isolated=False)
    catalog.close()
    disk.close()
    assert [len(wanted) for wanted, _ in seen] == [6, 6]
    assert all(wanted == left for wanted, left in seen)
