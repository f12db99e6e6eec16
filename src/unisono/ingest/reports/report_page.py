"""The report of one run as a page: what was taken, what waits, what was withheld and why.

Pure. Sources are named by keyed short names only: a path may name a patient, and a report is passed round.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Any

from unisono.ingest.reports.contact import data_url

MEANING = {
    "E_NOT_RECORDING": "These files are no DICOM, no video and no image.",
    "E_NOT_DICOM": "These files are said to be DICOM and do not read as such.",
    "E_MODALITY": "These are DICOM files of another kind than ultrasound images.",
    "E_NOT_ULTRASOUND": "These are videos or images that do not look like ultrasound.",
    "E_TS_UNSUPPORTED": "Their pixels are compressed in a way that is not read.",
    "E_TRUNCATED": "These files end too early: they were cut, or not copied to their end.",
    "E_NO_PIXELS": "There is no picture in these files.",
    "E_FRAME_COUNT": "They hold another number of frames than they say.",
    "E_FRAME_DECODE": "A frame is damaged; a clip is taken whole or not at all.",
    "E_DIM_MISMATCH": "They contradict themselves about the size of their frames.",
    "E_COLOUR_AMBIG": "Their true colours cannot be told.",
    "E_LIMIT_SIZE": "These files are larger than is taken.",
    "E_LIMIT_DIM": "Their frames are larger than is taken.",
    "E_LIMIT_FRAMES": "They have more frames than is taken.",
    "E_LIMIT_DEPTH": "They are nested deeper than any recording is.",
    "E_LIMIT_INFLATE": "They grow beyond all measure when they are unpacked.",
    "E_LIMIT_TIME": "Reading them took too long. The next run tries again.",
    "E_LIMIT_MEM": "Reading them took too much memory. The next run tries again.",
    "E_UID_MISSING": "They do not say which recording they are.",
    "E_UID_CONFLICT": "Another recording of the same identity is in already, with other pixels.",
    "E_CLASS_CONFLICT": "Their patient is in the other dataset class; a patient has one.",
    "E_NO_MASK": "No ultrasound area was found: a person draws it, or rejects the clip.",
    "E_MASK_IMPLAUSIBLE": "The ultrasound area that was found is not to be trusted: a person draws it.",
    "E_TEXT_RESIDUAL": "There is text in what would be kept: a person looks at it.",
    "E_PHI_RESIDUAL": "Something that the header names can be read in the image: a person looks at it.",
    "E_REJECTED": "A person rejected these clips.",
    "E_DECODER_DIED": "The process that read them died, or failed unforeseen. The next run tries again.",
    "E_STORE_IO": "A disk did not give or take them, or they were being changed. The next run tries again.",
}
"""What each refusal means to whoever sent the recordings."""
STATE = {
    "approved": "may be labelled now",
    "gated": "passed the text check and wait for a person",
    "written": "were not checked for text and wait for a person",
    "quarantined": "are held back until a person looks",
    "rejected": "were rejected",
}
HOLDING = frozenset({"E_NO_MASK", "E_MASK_IMPLAUSIBLE", "E_TEXT_RESIDUAL", "E_PHI_RESIDUAL"})
"""Refusals of clips that are in, held back until a person looks."""
STYLE = """
body{font:15px/1.5 system-ui,sans-serif;background:#f4f5f6;color:#1b1f24;
margin:0 auto;max-width:1000px;padding:24px}
h1{font-size:22px;margin:0}h2{font-size:17px;margin:32px 0 8px}.quiet{color:#5b6470}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:12px;margin:16px 0}
.figures div{background:#fff;border:1px solid #d9dde2;border-radius:6px;padding:12px}
.figures b{display:block;font-size:24px;font-variant-numeric:tabular-nums}
table{border-collapse:collapse;width:100%;background:#fff}
th,td{text-align:left;padding:8px;border-bottom:1px solid #d9dde2;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums}code{overflow-wrap:anywhere}
pre{background:#fff;border:1px solid #d9dde2;border-radius:6px;padding:12px;overflow:auto}
.clips{display:grid;grid-template-columns:repeat(auto-fill,minmax(170px,1fr));gap:12px}
figure{margin:0;background:#fff;border:1px solid #d9dde2;border-radius:6px;overflow:hidden}
figure img,.none{width:100%;aspect-ratio:4/3;object-fit:contain;background:#000;display:block}
.none{display:grid;place-items:center;color:#a5acb6;font-size:13px;text-align:center}
figcaption{padding:8px;font-size:13px;overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){
body{background:#0e1013;color:#d7dbe0}
.figures div,table,pre,figure{background:#15181d;border-color:#2a2f37}
th,td{border-color:#2a2f37}.quiet{color:#8b939e}}
"""


@dataclass(frozen=True, slots=True)
class TakenClip:
    """One clip of the run; ``jpeg`` shows a masked frame, and is empty while somebody must look first."""

    code: str
    state: str
    frames: int
    verdict: str
    mask: str
    jpeg: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of one source: its keyed short name, the code of a refusal or none, and a sentence."""

    file: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run of ingest.

    Parameters
    ----------
    at : str
        When it ended, ISO 8601.
    seconds : float, s
    policy : str
        ``person``, ``gate`` or ``none``.
    clips : tuple of TakenClip
    known : int
        Recordings that were in before.
    withheld, warnings : tuple of Told
    waiting : int
        Clips that wait for a person, on the whole site.
    stopped : str
        Why the run ended early, or empty.
    left : int
        Recordings that it did not come to.
    """

    at: str
    seconds: float
    policy: str
    clips: tuple[TakenClip, ...]
    known: int
    withheld: tuple[Told, ...]
    warnings: tuple[Told, ...]
    waiting: int
    stopped: str = ""
    left: int = 0

    @property
    def frames(self) -> int:
        """Frames of the clips taken."""
        return sum(clip.frames for clip in self.clips)

    @property
    def frames_per_s(self) -> float:
        """Frames taken for each second of the run, all its work included."""
        return round(self.frames / self.seconds, 1) if self.seconds > 0 else 0.0

    @property
    def states(self) -> dict[str, int]:
        """How many recordings of this run stand where, most first; those held back are among them."""
        held = sum(told.code in HOLDING for told in self.withheld)
        return dict((Counter(c.state for c in self.clips) + Counter(quarantined=held)).most_common())

    def to_json(self) -> dict[str, Any]:
        """Return the report as ``report.json`` holds it."""
        return {
            "at": self.at,
            "seconds": round(self.seconds, 2),
            "frames_per_s": self.frames_per_s,
            "policy": self.policy,
            "clips": [
                {"code": c.code, "state": c.state, "frames": c.frames, "gate": c.verdict, "mask": c.mask}
                for c in self.clips
            ],
            "states": self.states,
            "frames": self.frames,
            "known": self.known,
            "withheld": [{"file": t.file, "code": t.code, "reason": t.reason} for t in self.withheld],
            "codes": dict(Counter(t.code for t in self.withheld)),
            "warnings": [{"file": t.file, "reason": t.reason} for t in self.warnings],
            "waiting": self.waiting,
            "stopped": self.stopped,
            "left": self.left,
            "next": next_steps(self),
        }


def next_steps(report: RunReport) -> list[str]:
    """Return the commands by which the work goes on."""
    steps = []
    if report.waiting:
        steps += ["unisono review list", "unisono review sheet --by NAME"]
    if report.withheld or report.warnings:
        first = (report.withheld or report.warnings)[0].file
        steps.append(f'unisono vault identify {first} --by NAME --reason "mend the transfer"')
    return steps


def report_page(report: RunReport) -> str:
    """Return the report as one HTML file that asks nobody for anything."""
    parts = (_figures(report), _waiting(report), _refusals(report.withheld), _warned(report), _clips(report))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Ingest report</title>'
        f"<style>{STYLE}</style></head><body><h1>Ingest report</h1>"
        f'<p class="quiet">{escape(report.at)}; policy: {escape(report.policy)}</p>{_stopped(report)}'
        f"{''.join(parts)}</body></html>\n"
    )


def _stopped(report: RunReport) -> str:
    if not report.stopped:
        return ""
    return (
        f"<p><b>The run ended early: {escape(report.stopped)}.</b> What is in is whole; "
        f"{report.left:,} recordings are left, and the same command goes on with them.</p>"
    )


def _figures(report: RunReport) -> str:
    figures = (
        (len(report.clips), "clips taken"),
        (report.frames, "frames"),
        (report.known, "known before"),
        (len(report.withheld), "withheld"),
        (report.frames_per_s, "frames a second"),
    )
    cells = "".join(f"<div><b>{number:,}</b>{escape(name)}</div>" for number, name in figures)
    rows = (f"<li>{n:,} {escape(STATE.get(state, state))}</li>" for state, n in report.states.items())
    return f'<div class="figures">{cells}</div><ul>{"".join(rows)}</ul>'


def _waiting(report: RunReport) -> str:
    steps = next_steps(report)
    if not steps:
        return "<h2>Next</h2><p>Nothing waits.</p>"
    said = f"{report.waiting:,} clips of this site wait for a person's look." if report.waiting else ""
    page = " The review screen of the page shows them one by one." if report.waiting else ""
    return f"<h2>Next</h2><p>{said}{page}</p><pre>{escape(chr(10).join(steps))}</pre>"


def _refusals(withheld: Iterable[Told]) -> str:
    by_code: dict[str, list[Told]] = {}
    for told in withheld:
        by_code.setdefault(told.code, []).append(told)
    if not by_code:
        return "<h2>Withheld</h2><p>Nothing.</p>"
    worst_first = sorted(by_code.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    rows = "".join(
        f'<tr><td class="n">{len(told):,}</td><td><code>{escape(code)}</code></td>'
        f"<td>{escape(MEANING.get(code, ''))}{_files(told)}</td></tr>"
        for code, told in worst_first
    )
    return f"<h2>Withheld</h2><table><tr><th>files</th><th>code</th><th>why</th></tr>{rows}</table>"


def _files(told: list[Told]) -> str:
    lines = "".join(f"<li><code>{escape(t.file)}</code> {escape(t.reason)}</li>" for t in told)
    return f"<details><summary>which</summary><ul>{lines}</ul></details>"


def _warned(report: RunReport) -> str:
    if not report.warnings:
        return ""
    lines = "".join(f"<li><code>{escape(t.file)}</code> {escape(t.reason)}</li>" for t in report.warnings)
    return f"<h2>Taken, and worth a look</h2><ul>{lines}</ul>"


def _clips(report: RunReport) -> str:
    if not report.clips:
        return ""
    return f'<h2>Clips</h2><div class="clips">{"".join(_clip(clip) for clip in report.clips)}</div>'


def _clip(clip: TakenClip) -> str:
    shown = (
        f'<img src="{data_url(clip.jpeg)}" alt="a masked frame of {escape(clip.code[:11])}" loading="lazy">'
        if clip.jpeg
        else '<span class="none">not shown before a person looked</span>'
    )
    return (
        f"<figure>{shown}<figcaption><code>{escape(clip.code[:11])}</code> {escape(clip.state)}<br>"
        f"{clip.frames:,} frames, mask: {escape(clip.mask)}, gate: {escape(clip.verdict)}"
        "</figcaption></figure>"
    )
