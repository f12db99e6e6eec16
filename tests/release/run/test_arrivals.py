"""Clips that an import brings."""

from pathlib import Path

import pytest

from tests.release.make import code_of
from tests.release.test_sources import unity_labels, write_foreign
from unisono.annotate.run import Catalog
from unisono.base.errors import ConflictError
from unisono.catalog.clips import all_clips, set_state
from unisono.catalog.evidence import approvals, inspections_of
from unisono.catalog.projects import all_projects
from unisono.formats.names import png_path
from unisono.release.run import import_labels


def test_clips_come_approved_as_their_release_says_or_as_imported(
    empty: Catalog, tmp_path: Path, made: Path
) -> None:
    import_labels(empty, "unity", made, "lv")
    folder = tmp_path / "foreign"
    folder.mkdir()
    labels = {f"{code_of(3)}-0001.png": next(iter(unity_labels(1).values()))}
    write_foreign(folder, labels)
    frames = next(folder.rglob("*-0001.png"))
    place = folder / png_path(f"{code_of(3)}-0001")
    place.parent.mkdir(parents=True)
    frames.rename(place)
    import_labels(empty, "unity", folder, "theirs")
    with empty.read() as connection:
        by = approvals(connection, [code_of(n) for n in (1, 2, 3)])
        (row,) = inspections_of(connection, code_of(3))
        assert {c.state for c in all_clips(connection)} == {"approved"}
    assert by == {code_of(1): "import:person", code_of(2): "import:person", code_of(3): "import"}
    assert (row.decision, row.mask_version) == ("approve", 1)


def test_a_clip_that_is_rejected_here_does_not_come_back_in(empty: Catalog, made: Path) -> None:
    import_labels(empty, "unity", made, "one")
    empty.write(lambda connection: set_state(connection, code_of(1), "rejected"))
    with pytest.raises(ConflictError, match=f"clip {code_of(1)} is rejected, not approved"):
        import_labels(empty, "unity", made, "two")
    with empty.read() as connection:
        assert [p.slug for p in all_projects(connection)] == ["one"]
