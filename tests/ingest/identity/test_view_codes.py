"""Only standard codes pass: each is one of the standard's, and a scheme of somebody's own has none."""

import pytest
from pydicom.sr._cid_dict import cid_concepts
from pydicom.sr._concepts_dict import concepts
from pydicom.sr._snomed_dict import mapping

from unisono.ingest.identity.view_codes import OLDER, STAGES, VIEWS, standard_code


@pytest.mark.parametrize(("group", "listed"), [(12226, VIEWS), (12002, STAGES)])
def test_the_lists_are_the_standards(group: int, listed: dict[str, str]) -> None:
    meanings = {
        f"{scheme}:{value}": meaning
        for scheme, words in cid_concepts[group].items()
        for word in words
        for value, (meaning, groups) in concepts[scheme][word].items()
        if group in groups
    }
    assert listed == meanings


def test_older_codes_mean_the_same() -> None:
    assert set(OLDER.values()) == {code for code in (*VIEWS, *STAGES) if code.startswith("SCT")}
    for older, code in OLDER.items():
        assert mapping["SRT"][older.removeprefix("SRT:")] == code.removeprefix("SCT:")


@pytest.mark.parametrize(
    ("scheme", "value", "code"),
    [
        ("SCT", "399214001", "SCT:399214001"),
        ("SNM3", "g-a19c ", "SCT:399214001"),
        ("99SDM", "G-A19C", "SCT:399214001"),
        ("99GEMS", "G-A19C", None),
        ("", "G-A19C", None),
        ("SCT", "12345678", None),
        (None, None, None),
        (["SCT"], ["399214001"], None),
    ],
)
def test_what_passes(scheme: object, value: object, code: str | None) -> None:
    assert standard_code(scheme, value, VIEWS) == code
