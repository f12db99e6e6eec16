"""Why a clip that is in is held; of a recording that was cut, why any of its parts is."""

from dataclasses import replace
from functools import partial

import pytest

from tests.make import make_clip
from unisono.annotate.run import Catalog
from unisono.catalog.clips import Clip, Frame, insert_clip, set_state
from unisono.catalog.evidence import GateVerdict
from unisono.catalog.rows import now
from unisono.ingest.run.holding import held_reasons, why_held

KEY = "5" * 64


def part_key(source_key: str, number: int) -> str:
    return f"{number}{source_key[1:]}"


def reasons(catalog: Catalog, clip: Clip) -> dict[str, str]:
    with catalog.read() as connection:
        found = held_reasons(connection, {KEY: clip.code}, part_key)
    return {code: error.code for code, error in found.items()}


@pytest.mark.parametrize(
    ("state", "code"),
    [("approved", None), ("gated", None), ("rejected", "E_REJECTED"), ("quarantined", "E_TEXT_RESIDUAL")],
)
def test_only_what_is_held_or_rejected_has_a_reason(catalog: Catalog, state: str, code: str | None) -> None:
    clip = make_clip(catalog)
    catalog.write(partial(set_state, code=clip.code, state=state))
    assert reasons(catalog, clip) == ({clip.code: code} if code else {})


@pytest.mark.parametrize("which", [2, 3])
def test_a_part_that_is_held_is_told_at_the_first(catalog: Catalog, which: int) -> None:
    place = {"of": 3, "first_frame": 0, "n_frames": 1, "start_s": None}
    made = make_clip(catalog, seed=1)
    for number in (1, 2, 3):
        part = replace(
            made,
            code=f"01-{number:064x}",
            source_key=KEY if number == 1 else part_key(KEY, number),
            state="quarantined" if number == which else "gated",
            part=place | {"number": number},
        )
        frames = [Frame(part.code, index, "", "", 0) for index in range(part.n_frames)]
        catalog.write(partial(insert_clip, clip=part, frames=frames))
    assert reasons(catalog, replace(made, code=f"01-{1:064x}")) == {f"01-{1:064x}": "E_TEXT_RESIDUAL"}


def test_the_mask_goes_before_the_gate(catalog: Catalog) -> None:
    clip = make_clip(catalog)
    bare = replace(clip, mask={"refused": {"code": "E_NO_MASK", "reason": "nothing"}})
    verdict = GateVerdict(clip.code, 1, "identifier", (), "made", now())
    assert why_held(bare, verdict).code == "E_NO_MASK"
    assert why_held(clip, verdict).code == "E_PHI_RESIDUAL"
