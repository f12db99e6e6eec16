"""A release as an outsider has it."""

from pathlib import Path

import pytest

from tests.release.make import make_contents, relist
from unisono.base.errors import ReleaseError
from unisono.release.opened import is_release, open_release
from unisono.release.package import frames_of


def test_everything_that_was_written_is_read(made: Path) -> None:
    contents = make_contents()
    opened = open_release(made)
    assert opened.clips == tuple(sorted(contents.clips, key=lambda c: c.code))
    assert (opened.experts, opened.items) == (contents.experts, contents.items)
    assert list(opened.answers) == sorted(
        contents.answers, key=lambda r: (r.image, r.question, r.expert or "")
    )
    assert opened.protocol.text == contents.protocol.text
    assert len(opened.reading.settled) == len(contents.settled)
    assert set(opened.frames.names) == set(frames_of(contents.clips))


def test_other_folders_are_no_releases(made: Path, tmp_path: Path) -> None:
    assert is_release(made)
    assert not is_release(tmp_path)
    with pytest.raises(ReleaseError, match=r"manifest\.json: missing"):
        open_release(tmp_path)


@pytest.mark.parametrize("name", ["clips.json", "experts.json", "items.json", "protocol.yaml"])
def test_a_missing_file_is_named(made: Path, name: str) -> None:
    (made / name).unlink()
    relist(made)
    with pytest.raises(ReleaseError, match=f"{name}: missing"):
        open_release(made)


def test_broken_json_is_named(made: Path) -> None:
    (made / "items.json").write_text("[")
    with pytest.raises(ReleaseError, match=r"items\.json: not JSON"):
        open_release(made)
