"""A door that stays open takes files in under its own terms, and says nothing that a log may not hold."""

import json
from pathlib import Path

import pytest

from tests.ingest import makers
from unisono.annotate.run import Catalog
from unisono.base.errors import NotFoundError
from unisono.ingest.reports.report import IngestReport, Withheld
from unisono.ingest.run import clips
from unisono.ingest.run.doorway import Doorway

pytestmark = pytest.mark.usefixtures("no_gate")

NOTHING = IngestReport((), 0, 0, ())


def test_what_is_taken_bears_the_doors_terms_and_is_told_with_its_time(
    catalog: Catalog, tmp_path: Path
) -> None:
    source = makers.write_dicom(tmp_path / "a.dcm", makers.loop(2))
    door = Doorway(catalog, "watch", "02", "Ward 3", "internal")
    found = door.take([source])
    with pytest.raises(NotFoundError):
        door.take([tmp_path / "missing"])
    (clip,) = clips(catalog)
    assert (clip.dataset_class, clip.origin, clip.licence) == ("02", "Ward 3", "internal")
    took_s = door.seconds
    assert took_s > 0
    door.tell(found)
    assert door.seconds == 0
    (told,) = (catalog.settings.home / "reports").glob("*-watch-02/report.json")
    assert json.loads(told.read_text())["seconds"] == round(took_s, 2)


def test_names_in_a_log_are_keys(catalog: Catalog) -> None:
    (held,) = Doorway(catalog, "watch", "01").named(
        IngestReport((), 0, 0, (Withheld("/w/DOE^J", "E_MODALITY", "no"),))
    )
    assert held.path.startswith("file-")
    assert "DOE" not in held.path


def test_a_batch_that_came_to_nothing_writes_no_report(catalog: Catalog) -> None:
    Doorway(catalog, "watch", "01").tell(NOTHING)
    assert not (catalog.settings.home / "reports").exists()
