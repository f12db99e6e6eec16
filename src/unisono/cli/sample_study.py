"""Prepare the sample study: heart phantoms with known truth, real recordings, a panel that has answered.

The real recordings are those that pydicom carries; everything that is not real says so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import numpy as np
from pydicom.data import get_testdata_file

from unisono.agree.run import agree
from unisono.annotate.run import Catalog, people, projects, saving
from unisono.annotate.run.projects import Target
from unisono.base.errors import NotFoundError
from unisono.base.units import Spacing
from unisono.bench.experts import ELEVEN, Truth, simulate_choices, simulate_experts
from unisono.bench.phantom import Heart, make_heart, write_dicom
from unisono.bench.phantom.dicom import write_strip
from unisono.cli.sample_choices import make_choices
from unisono.cli.sample_moments import make_moments
from unisono.cli.sample_rankings import make_rankings
from unisono.cli.sample_spatial import make_spatial, make_strips
from unisono.ingest.run import Clip, clips, ingest
from unisono.ingest.run.review import approve, waiting

SEED = 20_260_101
EFS = (0.62, 0.55, 0.48, 0.38, 0.66, 0.28)
"""One phantom each, from healthy to failing."""
REAL_FILES = {
    "examples_ybr_color.dcm": "an apical loop, SonoSite",
    "examples_rgb_color.dcm": "obstetric colour still",
    "examples_palette.dcm": "obstetric still in palette colour",
    "examples_jpeg2k.dcm": "power Doppler of a lymph node, GE",
}
"""Ultrasound recordings inside pydicom's wheel, MIT licence."""
REAL_LOOP = "examples_ybr_color.dcm"
PHANTOM_PROJECT, REAL_PROJECT, VIEW_PROJECT = "lv-phantoms", "lv-real-loop", "views"
LEAD, EXPERT = "Demo lead", "Demo expert"


@dataclass(frozen=True, slots=True)
class Study:
    """What was prepared: clips by the name of their source, the truth of each phantom, Doppler strips."""

    clips: dict[str, Clip]
    hearts: dict[str, Heart]
    strips: dict[str, Clip]


def prepare(catalog: Catalog, say: Callable[[str], None]) -> None:
    """Put the sample study into a catalog; what is there already is left as it is.

    Parameters
    ----------
    catalog : Catalog
    say : callable
        Told what is being done, one line a step.
    """
    say(f"drawing {len(EFS)} heart phantoms and reading {len(REAL_FILES)} real recordings")
    study = _recordings(catalog)
    with catalog.read() as connection:
        if any(p.slug == PHANTOM_PROJECT for p in projects.all_projects(connection)):
            return
    say(f"letting {len(ELEVEN)} simulated experts label")
    catalog.write(partial(_label, study=study))
    for slug in (PHANTOM_PROJECT, VIEW_PROJECT):
        say(f"agreeing on {slug}")
        agree(catalog, slug)


def sign_in_tokens(catalog: Catalog) -> dict[str, str]:
    """Return a fresh one-time token for the demo's lead and its expert."""
    return {name: catalog.write(partial(people.invite, name=name)) for name in (LEAD, EXPERT)}


SHIPPED: dict[str, Any] = {"workers": 1, "isolated": False, "policy": "none"}
"""The sample study is drawn, or has been public for years: nobody needs to look at it, or to fear it."""


def _recordings(catalog: Catalog) -> Study:
    hearts = {f"phantom {k + 1}": (k, ef) for k, ef in enumerate(EFS)}
    strips = make_strips(SEED)
    drawn = {}
    with TemporaryDirectory() as folder:
        for name, (k, ef) in hearts.items():
            drawn[name] = make_heart(np.random.default_rng((SEED, k)), ef=ef, quality=0.9 - 0.08 * k)
            path = write_dicom(drawn[name], Path(folder, f"{k}.dcm"), f"PHANTOM-{k + 1:02d}")
            origin = f"unisono {name}, drawn"
            ingest(catalog, [path], "01", origin=origin, licence="CC0-1.0", simulated=True, **SHIPPED)
        for name, strip in strips.items():
            path = write_strip(strip, Path(folder, f"{name}.dcm"), name.upper().replace(" ", "-"))
            origin = f"unisono {name}, drawn"
            ingest(catalog, [path], "01", origin=origin, licence="CC0-1.0", simulated=True, **SHIPPED)
    for name, words in REAL_FILES.items():
        origin = f"pydicom's {name}: {words}"
        ingest(catalog, [_real(name)], "01", origin=origin, licence="MIT", **SHIPPED)
    found = {}
    for clip in clips(catalog):
        for name in (*hearts, *strips, *REAL_FILES):
            if clip.origin.startswith((f"unisono {name},", f"pydicom's {name}:")):
                found[name] = clip
    held = {waits.clip.code for waits in waiting(catalog)}
    for clip in found.values():
        if clip.code in held:
            approve(catalog, clip.code, "sample-study", "the words on this public sample name nobody")
    spectral = {name: found.pop(name) for name in strips}
    return Study(found, drawn, spectral)


def _real(name: str) -> Path:
    path = get_testdata_file(name, download=False)
    if not isinstance(path, str):
        raise NotFoundError(f"pydicom's wheel does not carry {name}")
    return Path(path)


def _label(connection: Any, study: Study) -> None:  # noqa: ANN401  # the catalog's connection
    panel = [
        people.add_expert(
            connection, f"Simulated expert {k:02d}", simulated=True, pseudonym=f"simulated-{k:02d}"
        )
        for k in range(1, len(ELEVEN) + 1)
    ]
    for name in (LEAD, EXPERT):
        people.add_expert(connection, name)
    texts = projects.shipped_protocols()
    shown = [(study.clips[n], h, f) for n, h in study.hearts.items() for f in (h.ed_frame, h.es_frame)]
    border = texts["a4c-lv-border"]
    targets = [Target(clip.code, frame) for clip, _, frame in shown]
    title = "A4C: LV border on phantoms, end diastole and end systole"
    projects.create_project(connection, PHANTOM_PROJECT, border, targets, title=title)
    real = study.clips[REAL_LOOP]
    spread = [Target(real.code, f) for f in projects.spread_frames(real.n_frames, 2)]
    title = "A4C: LV border on a real loop"
    projects.create_project(connection, REAL_PROJECT, border, spread, title=title)
    whole = [Target(clip.code) for clip in study.clips.values()]
    projects.create_project(connection, VIEW_PROJECT, texts["view"], whole)
    ranked = [study.clips[name].code for name in (*study.hearts, REAL_LOOP)]
    strips = [Target(clip.code, 0) for clip in study.strips.values()]
    made = [*make_spatial(connection, targets[::2][:3], strips)]
    made += make_moments(connection, ranked)
    made += [*make_rankings(connection, ranked), *make_choices(connection, [t.clip for t in whole])]
    for slug in (PHANTOM_PROJECT, REAL_PROJECT, VIEW_PROJECT, *made):
        people.set_role(connection, slug, LEAD, "lead")
        people.set_role(connection, slug, EXPERT, "expert")
    for expert in panel:
        for slug in (PHANTOM_PROJECT, VIEW_PROJECT):
            people.set_role(connection, slug, expert.name, "expert")
    _trace(connection, panel, shown)
    _choose(connection, panel, study)


def _trace(connection: Any, panel: Sequence[people.Expert], shown: list[tuple[Clip, Heart, int]]) -> None:  # noqa: ANN401
    truths = [Truth(heart.curves[frame], heart.apex[frame]) for _, heart, frame in shown]
    spacings = [Spacing(*clip.spacing_mm) if clip.spacing_mm else None for clip, _, _ in shown]
    drawn = simulate_experts(truths, spacings, np.random.default_rng(SEED))
    items = projects.items(connection, PHANTOM_PROJECT)
    for expert, labels in zip(panel, drawn.labels, strict=True):
        for item, by_question in zip(items, labels, strict=True):
            _answer(connection, PHANTOM_PROJECT, item.id, expert, by_question)


def _choose(connection: Any, panel: Sequence[people.Expert], study: Study) -> None:  # noqa: ANN401
    truth = ["a4c" if name in study.hearts or name == REAL_LOOP else "not-cardiac" for name in study.clips]
    text = projects.project(connection, VIEW_PROJECT).protocol
    question = projects.protocol_from(text).question("view")
    rng = np.random.default_rng(SEED)
    drawn = simulate_choices(truth, question.options.keys, rng, len(panel))
    items = projects.items(connection, VIEW_PROJECT)
    for expert, labels in zip(panel, drawn, strict=True):
        for item, label in zip(items, labels, strict=True):
            _answer(connection, VIEW_PROJECT, item.id, expert, {"view": label})


def _answer(connection: Any, slug: str, item: str, expert: people.Expert, labels: dict[str, Any]) -> None:  # noqa: ANN401
    gesture = {"kind": "simulated", "active_s": 0.0, "undo_count": 0, "session": "simulated"}
    for question, label in labels.items():
        answer = saving.Answer(str(uuid4()), slug, item, question, expert.id, label, None, 1, gesture, {})
        saving.save_answer(connection, answer)
    submission = saving.Submission(str(uuid4()), slug, item, expert.id, "done", "", "", 1, gesture)
    saving.save_submission(connection, submission)


__all__ = ["prepare", "sign_in_tokens"]
