"""Only standard codes pass: each is one of the standard's, and a scheme of somebody's own has none."""

import pytest
from pydicom.sr._cid_dict import cid_concepts
from pydicom.sr._concepts_dict import concepts
from pydicom.sr._snomed_dict import mapping

from unisono.ingest.view_codes import STAGES, VIEWS, standard_code


@pytest.mark.parametrize(("group", "listed"), [(12226, VIEWS), (12002, STAGES)])
def test_the_lists_are_the_standards(group: int, listed: frozenset[str]) -> None:
    codes = {
        (scheme, value)
        for scheme, words in cid_concepts[group].items()
        for word in words
        for value, (_, groups) in concepts[scheme][word].items()
        if group in groups
    }
    older = {("SRT", mapping["SCT"][value]) for scheme, value in codes if scheme == "SCT"}
    assert listed == {f"{scheme}:{value}" for scheme, value in codes | older}


@pytest.mark.parametrize(
    ("scheme", "value", "code"),
    [
        ("SCT", "399214001", "SCT:399214001"),
        ("SNM3", "g-a19c ", "SRT:G-A19C"),
        ("99SDM", "G-A19C", "SRT:G-A19C"),
        ("99GEMS", "G-A19C", None),
        ("", "G-A19C", None),
        ("SCT", "12345678", None),
        (None, None, None),
        (["SCT"], ["399214001"], None),
    ],
)
def test_what_passes(scheme: object, value: object, code: str | None) -> None:
    assert standard_code(scheme, value, VIEWS) == code
