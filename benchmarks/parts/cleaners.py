"""Clean headers with one tool: the program that `headers.py` starts in that tool's own environment.

    python cleaners.py TOOL IN OUT    clean every file of IN into OUT, then one of them again in every round

A file that a tool fails on leaves OUT/NAME.failed with the kind of the error.
"""

import json
import os
import sys
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.parts.rounds import answer

Clean = Callable[[Path, Path], None]
ORDINARY, TURNS = "ordinary.dcm", 5
# ruff: noqa: PLC0415  # an environment has one of these packages


def dicognito() -> Clean:
    """As its documentation's example does."""
    anonymizer = import_module("dicognito.anonymizer").Anonymizer()
    dcmread = import_module("pydicom").dcmread

    def clean(source: Path, target: Path) -> None:
        with dcmread(source) as dataset:
            anonymizer.anonymize(dataset)
            dataset.save_as(target)

    return clean


def anonymizer_2023() -> Clean:
    """As its documentation's example does: the table of 2023, private elements deleted."""
    peer = import_module("dicomanonymizer.simpledicomanonymizer")
    return lambda source, target: peer.anonymize_dicom_file(str(source), str(target))


def anonymizer_2026c() -> Clean:
    """With the newest table that it ships."""
    peer = import_module("dicomanonymizer.simpledicomanonymizer")

    def clean(source: Path, target: Path) -> None:
        peer.anonymize_dicom_file(str(source), str(target), base_rules_gen=rules)

    def rules() -> object:
        return peer.initialize_actions("dicomfields_2026c")

    return clean


def deid() -> Clean:
    """Its recipe for ultrasound, sequences looked into."""
    return _deid()


def deid_private() -> Clean:
    """Use the same recipe, and remove private elements."""
    return _deid(remove_private=True)


def _deid(**options: bool) -> Clean:
    recipe = import_module("deid.config").DeidRecipe(deid="dicom.ultrasound")
    peer = import_module("deid.dicom")

    def clean(source: Path, target: Path) -> None:
        known = peer.get_identifiers([str(source)])
        (cleaned,) = peer.replace_identifiers([str(source)], ids=known, deid=recipe, **options)
        cleaned.save_as(target)

    return clean


def unisono() -> Clean:
    """Ours: what the catalog gets of a header, as JSON."""
    from unisono.ingest.identity.header import read_header
    from unisono.ingest.readers.layout import read_count, read_layout
    from unisono.ingest.readers.peek import identifiers_of, peek
    from unisono.ingest.readers.regions import read_regions, spacing_mm
    from unisono.ingest.readers.timing import read_timing

    def clean(source: Path, target: Path) -> None:
        with source.open("rb") as file:
            dataset = peek(file, source.stat().st_size).dataset
        rows, columns = read_count(dataset, "Rows"), read_count(dataset, "Columns")
        regions = read_regions(dataset, rows, columns)
        facts = {
            "header": read_header(dataset),
            "layout": asdict(read_layout(dataset)),
            "regions": regions,
            "spacing_mm": spacing_mm(regions),
            "timing": asdict(read_timing(dataset, read_count(dataset, "NumberOfFrames", 1))),
        }
        identifiers_of(dataset)  # for the search in the pixels; it stays in memory
        target.write_text(json.dumps(facts, default=str), encoding="utf-8")

    return clean


def unisono_dicom() -> Clean:
    """Ours: a clean DICOM file; its pixels are decoded and written without compression."""
    from unisono.ingest.identity.clean_dicom import CleanClip, write_clean
    from unisono.ingest.readers.dicom import open_dicom

    keys = import_module("tests.ingest.known_secret").KEYS  # a name has to be made with some secret

    def clean(source: Path, target: Path) -> None:
        with source.open("rb") as file, target.open("wb") as out:
            clip = open_dicom(file, source.stat().st_size)
            facts = CleanClip(
                code=keys.clip_code("01", clip.uid or ""),
                subject=keys.subject_name(clip.patient or ""),
                rows=clip.rows,
                columns=clip.columns,
                n_frames=clip.n_frames,
                is_colour=clip.sample[0].ndim == 3,
                frame_times_s=clip.frame_times_s,
                regions=clip.regions,
                header=clip.header,
                is_lossless=clip.lossless,
                is_searched=False,
                is_seen=False,
            )
            write_clean(facts, clip.frames(), out)

    return clean


TOOLS = {
    tool.__name__: tool
    for tool in (unisono, unisono_dicom, dicognito, anonymizer_2023, anonymizer_2026c, deid, deid_private)
}


def clean_all(clean: Clean, source: Path, target: Path) -> None:
    """Clean every file of a folder; note the kind of the error where that fails."""
    for path in sorted(source.glob("*.dcm")):
        try:
            clean(path, target / path.name)
        except Exception as error:  # noqa: BLE001  # whatever a tool raises is its result
            (target / path.name).unlink(missing_ok=True)
            (target / f"{path.name}.failed").write_text(type(error).__name__, encoding="utf-8")


def main(tool: str, source: Path, target: Path) -> None:
    """Clean, then answer."""
    warnings.simplefilter("ignore")
    # Some print a line for every element.
    with Path(os.devnull).open("w", encoding="ascii") as nowhere, redirect_stderr(nowhere):
        clean = TOOLS[tool]()

        def turn() -> None:
            for _ in range(TURNS):
                clean(source / ORDINARY, target / ORDINARY)

        answer(turn, lambda: clean_all(clean, source, target))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
