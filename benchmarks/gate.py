"""Measure the text gate: what share of drawn identifiers it finds, how many clean clips it holds back.

500 names, numbers, dates and places are drawn where the mask keeps pixels, one on each clip, on the real
sectors beside the checkout, else on seeded phantoms:

- 280 bright ones that lie still over the whole clip,
- 80 dark ones that lie still, every other one in a bright box, the others on tissue that is brighter,
- 140 brief ones, on one frame of a clip that moves: bright, dark, or of any grey that stands out there.

A word that lies still is drawn on every picture that stands for the clip. A brief one is drawn on a copy of
the middle frame, which is then added to the clip as one frame more. Beside the 500, slanted words and names
of two letters are looked for.

The thresholds of the gate were chosen with seed 1; this prints seed 2. Sizes are of the font (em), px. Every
core of the machine runs a gate of its own, as in a run; CPU time is counted in that process.
"""

import copy
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.parts.burn_ins import (
    FONT_FOLDER,
    FONTS,
    HERSHEY,
    boxed,
    identifier,
    ink,
    place_for,
    short_name,
    slanted,
    with_text,
)
from benchmarks.parts.recall import Drawn, Ink, overlaps, report, report_together, wilson
from benchmarks.parts.rounds import goal, machine, peak_mb, say
from unisono.base.errors import IngestError
from unisono.base.work import executor, stream
from unisono.bench.phantom import make_heart
from unisono.ingest.files.sources import scan
from unisono.ingest.gate.composites import CompositeBuilder, Composites, to_grey
from unisono.ingest.gate.sharpest import Sharpest
from unisono.ingest.gate.tints import Tints
from unisono.ingest.gate.verdict import Verdict, run_gate
from unisono.ingest.identity.identifiers import NOBODY, Identifiers
from unisono.ingest.identity.written import normalised
from unisono.ingest.masks.mask import plan_mask
from unisono.ingest.readers.reading import opened
from unisono.ingest.readers.recording import Pixels

SEED, N_PHANTOMS = 2, 20
SIZES, BRIGHT, DARK = (9, 11, 13, 15, 18), (255, 215, 175, 135), (0, 20, 40)
STANDS_OUT, BRIGHTER, LEAST_COLOURED = 45, 50, 40
"""A brief word is so far from the mean of what it lies on, tissue so much brighter than a dark word, and so
bright at least what a word in colour lies on."""
MIX = {
    "still, bright": 280, "still, dark in a box": 40, "still, dark on tissue": 40,
    "brief, bright": 60, "brief, dark": 40, "brief, any grey": 40,
}  # fmt: skip
BESIDE = {"slanted": 50, "two letters": 50, "in colour, as bright": 50}
HUES = ((1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (0, 1, 1), (1, 0, 1), (1, 0.5, 0))
LUMA = (0.299, 0.587, 0.114)
SAMPLES = Path(__file__).parents[1].parent / "shared" / "data"
FOLDERS = ("dicom", "video", "image", "lung_blues", "breast_busi", "synthetic_echo")
# Looked at one by one: these show words after the mask, so a hit is right. Single letters are clean.
WORDED = (
    "US1_", "ALOKA", "epiq5g", "eye_", "benign_204", "benign_228", "benign_249", "benign_282", "benign_306",
    "benign_309", "benign_422",
)  # fmt: skip
SMALLEST_PX = 200


@dataclass(frozen=True)
class Clip:
    """A masked clip: its name, origin, pictures, middle frame in grey and as it is, what the mask keeps."""

    name: str
    group: str
    images: Composites
    moment: Pixels
    frame: Pixels
    sharpest: Sharpest
    keep: NDArray[np.bool_]


@dataclass(frozen=True)
class Task:
    """A text drawn on a clip, before the gate has looked."""

    clip: str
    ink: Ink
    box: tuple[int, int, int, int]
    images: Composites


def stood_for(name: str, group: str, frames: Iterable[Pixels], middle: int, keep: NDArray[np.bool_]) -> Clip:
    """Return a clip by its pictures; frames are seen once."""
    builder, sharpest, moment = CompositeBuilder(), Sharpest(), np.zeros((0, 0), np.uint8)
    shown_then = moment
    for place, frame in enumerate(frames):
        grey = to_grey(frame)
        builder.add(frame)
        sharpest.add(grey)
        if place in (0, middle):
            moment, shown_then = grey.copy(), frame.copy()
    return Clip(name, group, builder.composites(), moment, shown_then, sharpest, keep)


def real_clips() -> Iterator[Clip]:
    """Yield the samples beside the checkout that get a mask."""
    for source in scan([SAMPLES / f for f in FOLDERS if (SAMPLES / f).exists()]):
        if source.refusal:
            continue
        path = Path(source.label.split("!")[0])
        try:
            with opened(source) as clip:
                declared = clip.kind == "dicom"
                plan = plan_mask(clip.sample, clip.regions, lossless=clip.lossless, is_declared=declared)
                frames = (plan.apply(frame) for frame in clip.frames())
                found = stood_for(path.name, path.parent.name, frames, clip.n_frames // 2, plan.keep)
        except IngestError:
            continue
        yield found


def phantom_clips(rng: np.random.Generator) -> Iterator[Clip]:
    """Yield beating hearts on black."""
    for i in range(N_PHANTOMS):
        frames = make_heart(rng, frames=12, quality=float(rng.uniform(0.4, 1.0))).images
        yield stood_for(f"phantom {i}", "phantom", frames, 6, np.asarray(frames).max(axis=0) > 0)


def timed(images: Composites, who: Identifiers) -> tuple[Verdict, float]:
    """Return the verdict and what it took, CPU-s."""
    start = time.process_time()
    return run_gate(images, who), time.process_time() - start


def draw(rng: np.random.Generator, clips: Sequence[Clip], fonts: Sequence[str], way: str) -> Task:
    """Draw one text somewhere, in one of the ways of `MIX` or `BESIDE`."""
    moving = [c for c in clips if not np.array_equal(c.images.brightest, c.images.median)]
    choice = moving if way.startswith("brief") else clips
    groups = sorted({clip.group for clip in choice})
    while True:
        group = rng.choice(groups)
        of_group = [clip for clip in choice if clip.group == group]
        task = drawn_on(rng, of_group[rng.integers(len(of_group))], str(rng.choice(list(fonts))), way)
        if task is not None:
            return task


def drawn_on(rng: np.random.Generator, clip: Clip, font: str, way: str) -> Task | None:
    """Draw a text on a clip, or return None when the place that came up does not suit the way."""
    kind, text = short_name(rng) if way == "two letters" else identifier(rng)
    size, grey = int(rng.choice(SIZES)), int(rng.choice(BRIGHT))
    letters = ink(text, font, size)
    if way == "slanted":
        letters = slanted(letters, float(rng.choice([-45.0, 45.0]) + rng.uniform(-15, 15)))
    rows, columns = letters.shape
    row, column = place_for(rng, clip.keep, (rows, columns))
    if row < 0:
        return None
    under = float(clip.moment[row : row + rows, column : column + columns].mean())
    if "dark" in way:
        grey = int(rng.choice(DARK))
    elif way == "brief, any grey":
        grey = int(rng.integers(0, 256))
    apart = abs(under - grey)
    if (way.startswith("brief") and apart < STANDS_OUT) or ("tissue" in way and under < grey + BRIGHTER):
        return None
    back = int(rng.integers(200, 256))
    if "colour" in way and under < LEAST_COLOURED:
        return None
    if "colour" in way:
        images = in_colour(rng, clip, letters, (row, column))
        return Task(
            clip.name, Ink(way, kind, text, font, size, round(under)), _box(letters, row, column), images
        )
    put = partial(boxed if "box" in way else with_text, text=letters, row=row, column=column, grey=grey)
    images = shown(clip, partial(put, back=back) if "box" in way else put, is_brief=way.startswith("brief"))
    return Task(clip.name, Ink(way, kind, text, font, size, grey), _box(letters, row, column), images)


def in_colour(
    rng: np.random.Generator, clip: Clip, letters: NDArray[np.float64], place: tuple[int, int]
) -> Composites:
    """Return the pictures of a clip with a word in colour on one frame, every pixel as bright as it was."""
    hue = np.array(HUES[rng.integers(len(HUES))])
    (row, column), (rows, columns) = place, letters.shape
    drawn = clip.frame.copy() if clip.frame.ndim == 3 else np.repeat(clip.frame[..., None], 3, axis=2)
    part = drawn[row : row + rows, column : column + columns]
    luma = (part @ np.array(LUMA))[..., None]
    part[:] = np.round(part + letters[..., None] * (np.minimum(luma * hue / (hue @ LUMA), 255) - part))
    tints = Tints()
    tints.add(drawn)
    now, was = tints.image(), clip.images.tints
    return replace(clip.images, tints=now if was is None or now is None else np.maximum(now, was))


def _box(letters: NDArray[np.float64], row: int, column: int) -> tuple[int, int, int, int]:
    return column, row, column + letters.shape[1], row + letters.shape[0]


def shown(clip: Clip, put: Callable[[Pixels], Pixels], *, is_brief: bool) -> Composites:
    """Return the pictures of a clip on which something is drawn: on all frames, or on one frame more."""
    was = clip.images
    if not is_brief:
        return Composites(put(was.brightest), put(was.median), put(was.darkest), put(was.sharpest), was.tints)
    frame, sharpest = put(clip.moment), copy.deepcopy(clip.sharpest)
    sharpest.add(frame)
    brightest, darkest = np.maximum(was.brightest, frame), np.minimum(was.darkest, frame)
    return Composites(brightest, was.median, darkest, sharpest.image(), was.tints)


def look(task: Task) -> Drawn:
    """Run the gate over a drawn text."""
    word = frozenset([normalised(task.ink.text)])
    who = Identifiers(short=word) if task.ink.way == "two letters" else Identifiers(numbers=word)
    verdict, _ = timed(task.images, who)
    hits = [h for h in verdict.hits if overlaps((h.x0, h.y0, h.x1, h.y1), task.box)]
    return Drawn(task.clip, task.ink, bool(hits), any(h.kind == "identifier" for h in hits))


def look_clean(clip: Clip) -> tuple[bool, float, float]:
    """Return whether a clip without words is held back, the CPU-seconds, and the process's peak, MB."""
    verdict, cpu_s = timed(clip.images, NOBODY)
    return not verdict.is_passed, cpu_s, peak_mb()


def looked(pool: Executor, tasks: Iterable[Task]) -> list[Drawn]:
    """Return what the gate found, one core a task."""
    found = []
    for _, future in stream(pool, look, tasks):
        found.append(future.result())
        if len(found) % 100 == 0:
            say(f"  {len(found)} texts looked for, {sum(d.is_found for d in found)} found")
    return found


def report_clean(pool: Executor, clips: Sequence[Clip]) -> None:
    """Print how many clips without words are held back, and what the gate takes."""
    held: dict[str, list[str]] = defaultdict(list)
    times, loops, peaks = [], [], []
    for clip, future in stream(pool, look_clean, clips):
        is_held, cpu_s, peak = future.result()
        held[clip.group] += [clip.name] * is_held
        times.append(cpu_s)
        if not np.array_equal(clip.images.brightest, clip.images.median):
            loops.append(cpu_s)
        peaks.append(peak)
    n_held = sum(map(len, held.values()))
    goal("clean clips held back", wilson(n_held, len(clips)), "<= 5 %", is_met=n_held <= 0.05 * len(clips))
    for group in sorted(held):
        n = sum(clip.group == group for clip in clips)
        say(f"  {group}: {len(held[group])}/{n} {' '.join(held[group])}")
    for what, some in (("loops", loops), ("all clips", times)):
        said = f"{np.median(some):.2f}, 95 % {np.percentile(some, 95):.2f}, most {max(some):.2f}"
        goal(f"CPU-s a clip, median of {what}", said, "<= 1.2", is_met=bool(np.median(some) <= 1.2))
    say(f"  a process of the gate has {max(peaks):.0f} MB at most")


def main() -> None:
    """Print the tables."""
    began = time.perf_counter()
    say(machine())
    rng = np.random.default_rng(SEED)
    real, phantoms = list(real_clips()), list(phantom_clips(np.random.default_rng([SEED, 1])))
    say(f"{len(real)} real clips and {len(phantoms)} phantoms read in {time.perf_counter() - began:.0f} s")
    clean = [clip for clip in real if not any(name in clip.name for name in WORDED)]
    large = [clip for clip in clean if min(clip.keep.shape) >= SMALLEST_PX] or phantoms
    fonts = [f for f in FONTS if (FONT_FOLDER / f"{f}.ttf").exists()] + [HERSHEY]
    verdict, _ = timed(phantoms[0].images, NOBODY)
    if verdict.state == "not run":
        say("the extra deid is not installed: nothing to measure")
        return
    say(f"{verdict.engine}; {len(large)} clips to draw on, fonts {', '.join(fonts)}")
    with executor() as pool:
        ways = [way for way, n in MIX.items() for _ in range(n)]
        drawn = looked(pool, (draw(rng, large, fonts, way) for way in ways))
        report(drawn)
        report_together(drawn)
        beside = [way for way, n in BESIDE.items() for _ in range(n)]
        say("beside these:")
        report(looked(pool, (draw(rng, large, fonts, way) for way in beside)))
        report_clean(pool, [*clean, *phantoms])
    say(f"took {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
