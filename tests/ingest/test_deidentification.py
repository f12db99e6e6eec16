"""No canary comes out of the room: planted in every row of PS3.15, at every level, in five character sets.

The oracle is Table E.1-1 of the standard as another project ships it; what is searched is everything that a
run leaves or says: pictures, packs, the catalog, the vault's bytes, the report, errors, log and terminal.
"""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pydicom
import pytest

from tests.ingest import canaries, makers
from tests.ingest.canaries import Planter
from unisono.base.errors import IngestError
from unisono.base.settings import Settings
from unisono.catalog.db import open_catalog
from unisono.ingest.identity.header import ALLOWED
from unisono.ingest.identity.identifiers import read_identifiers
from unisono.ingest.readers.dicom import open_dicom
from unisono.ingest.run import clips, ingest

CUT = 4000
SAMPLES = Path(__file__).parents[2].parent / "shared" / "data" / "dicom"


def everything(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file, and every name of one, below a folder."""
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder).as_posix()
        yield f"the name of {place}", place.encode()
        if path.is_file():
            yield place, path.read_bytes()


def opened(folder: Path, data: bytes) -> Any:
    """Return the recording of some bytes."""
    path = folder / "a.dcm"
    path.write_bytes(data)
    with path.open("rb") as file:
        return open_dicom(file, len(data))


@pytest.mark.parametrize("charset", canaries.CHARSETS)
def test_the_oracle_itself_sees_what_is_planted(charset: str) -> None:
    planter = Planter(charset)
    data = canaries.as_bytes(canaries.recording(planter))
    found = {line.partition(": ")[2] for line in planter.survivors([("file", data)])}
    written = {repr(c) for c in planter.planted if b"-" not in c}
    assert len(canaries.actions()) > 500
    assert len(written) > 5000
    assert len(found & written) > 0.98 * len(written)
    assert repr(planter.forms()[1]) in found
    assert planter.survivors([("none", b"CNRY99999 18991231 77999999 " + b"\0" * 99)]) == []


@pytest.mark.parametrize(
    ("charset", "syntax"),
    [
        *((charset, makers.EXPLICIT) for charset in canaries.CHARSETS),
        ("ISO 2022 IR 87", makers.IMPLICIT),
        ("GB18030", makers.BIG),
    ],
)
def test_no_canary_leaves_the_reader(tmp_path: Path, charset: str, syntax: str) -> None:
    planter = Planter(charset)
    recording = opened(tmp_path, canaries.as_bytes(canaries.recording(planter, syntax=syntax)))
    said = json.dumps([recording.header, recording.regions, recording.decoder, recording.timing])
    assert planter.survivors([("facts", said.encode())]) == []
    assert set(recording.header) <= {row.key for row in ALLOWED}
    assert recording.header["view_codes"] == ["SCT:399214001"]
    assert (recording.header["sex"], recording.header["age"]) == ("F", "090Y")
    assert recording.header["manufacturer"] == "Philips"
    assert not {"model", "transducer_type", "stage_codes"} & set(recording.header)


def test_no_canary_leaves_the_room(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    every = Planter()
    for number, charset in enumerate(canaries.CHARSETS):
        planter = Planter(charset, every.planted, every.count)
        data = canaries.recording(planter, SOPInstanceUID=f"{canaries.ROOT}9{number:05d}")
        every.planted.add(f"{canaries.ROOT}9{number:05d}".encode())
        every.count = planter.count
        folder = inbox / every.text()
        folder.mkdir()
        (folder / f"{every.text()}.dcm").write_bytes(canaries.as_bytes(data))
    home = tmp_path / "home"
    catalog = open_catalog(Settings(home=home))
    report = ingest(catalog, [inbox], "01", workers=1)
    listed = repr(clips(catalog))
    catalog.close()
    assert (len(report.codes), report.withheld) == (5, ())
    said = capfd.readouterr()
    words = {
        "report": json.dumps(report.to_json()), "report object": repr(report.codes), "clips": listed,
        "log": caplog.text, "standard output": said.out, "standard error": said.err,
    }  # fmt: skip
    blobs = [*everything(home), *((name, text.encode()) for name, text in words.items())]
    assert sum(name.endswith(".png") for name, _ in blobs) >= 15
    assert every.survivors(blobs) == []
    letters = [form for charset in canaries.CHARSETS for form in Planter(charset).forms() if len(form) > 5]
    assert [(name, form) for name, data in blobs for form in letters if form in data] == []


def broken(planter: Planter) -> Iterator[tuple[str, bytes]]:
    """Yield files full of canaries that must be refused, each in its own way."""
    whole = canaries.as_bytes(canaries.recording(planter))
    yield "cut in the header", whole[:CUT]
    yield "cut in the pixels", whole[:-CUT]
    yield "without a preamble", whole[132:]
    for keyword in ("Modality", "PhotometricInterpretation", "SOPClassUID"):
        wrong = canaries.recording(planter, **{keyword: planter.text(lettered=False)})
        yield f"with a canary for its {keyword}", canaries.as_bytes(wrong)
    for keyword, value in (("NumberOfFrames", 9), ("Rows", 60_000), ("BitsStored", 12)):
        yield f"with a false {keyword}", canaries.as_bytes(canaries.recording(planter, **{keyword: value}))
    syntax = canaries.recording(planter)
    data = canaries.as_bytes(syntax)
    yield "with a canary for its syntax", data.replace(b"1.2.840.10008.1.2.1\0", b"1.2.826.0.1.368004\0\0", 1)


def test_no_refusal_says_a_canary(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    planter = Planter()
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    inbox.mkdir()
    for what, data in broken(planter):
        (inbox / f"{planter.text()}.dcm").write_bytes(data)
        with pytest.raises(IngestError) as caught:
            opened(tmp_path, data)
        said = f"{caught.value} {caught.value!r} {caught.value.__cause__!r}"
        assert planter.survivors([(what, said.encode())]) == [], what
        assert "1.2.826" not in said, what
    catalog = open_catalog(Settings(home=home))
    report = ingest(catalog, [inbox], "01", workers=1, isolated=False)
    catalog.close()
    assert report.codes == ()
    assert len(report.withheld) == 10
    said = capfd.readouterr()
    reasons = " ".join(f"{w.code} {w.reason}" for w in report.withheld)  # the path is its user's own
    words = {"reasons": reasons, "log": caplog.text, "output": said.out, "errors": said.err}
    blobs = [*everything(home), *((name, text.encode()) for name, text in words.items())]
    assert planter.survivors(blobs) == []


@pytest.mark.sample_data
@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample data is not beside the checkout")
def test_no_identifier_of_a_real_header_stands_in_what_is_kept(tmp_path: Path) -> None:
    catalog = open_catalog(Settings(home=tmp_path / "home"))
    report = ingest(catalog, [SAMPLES], "01", workers=1, isolated=False)
    kept = [json.dumps([clip.header, clip.regions, clip.decoder, clip.timing]) for clip in clips(catalog)]
    catalog.close()
    said = " ".join([*kept, *(w.reason for w in report.withheld)]).lower()
    for path in SAMPLES.glob("*.dcm"):
        found = read_identifiers(pydicom.dcmread(path, stop_before_pixels=True), private=False)
        for word in found.names | found.numbers | found.dates | found.people:
            assert not re.search(rf"(?<![0-9a-z]){re.escape(word)}(?![0-9a-z])", said), path.name
    for uid in ("1.2.840.113", "1.3.46.67", "2.16.840"):
        assert uid not in said
