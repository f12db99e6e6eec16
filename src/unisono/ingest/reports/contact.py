"""A contact sheet: many clips on one page, for a person to look through. One HTML file that asks nobody.

Pure. It names clips by their codes; whether it may show a clip unmasked is the caller's to say, by giving the
picture or not.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any

import cv2
import numpy as np

from unisono.ingest.masks.outline import Outline

MADE = re.compile(r'<!doctype html><html lang="en"(?: data-kept)? data-made="([0-9T:.+-]+)">')
NAMED = re.compile(r'<section class="clip" id="([^"<>]+)" data-mask="([0-9]+)">')
PICTURE_PX = 640
QUALITY = 85
STYLE = """
body{font:15px/1.45 system-ui,sans-serif;background:#0e1013;color:#d7dbe0;margin:24px}
h1{font-size:20px}h2{font-size:15px;margin:0 0 8px;word-break:break-all}
.clip{display:grid;grid-template-columns:repeat(auto-fit,minmax(280px,1fr));gap:16px;padding:16px 0;
border-top:1px solid #2a2f37;break-inside:avoid}
figure{margin:0}figcaption,dt{color:#8b939e;font-size:13px}svg{width:100%;height:auto;background:#000;display:block}
dl{display:grid;grid-template-columns:auto 1fr;gap:4px 12px;margin:0;font-size:13px}
dd{margin:0;overflow-wrap:anywhere}code{background:#1b1f25;padding:1px 6px;border-radius:4px}
.stop{color:#d9705f}.good{color:#8fbf7a}.care{color:#d9b04c}.secret{border:1px solid #d9705f;padding:8px 12px}
.mask{fill:none;stroke:#5ec8d8;stroke-width:1.5}.box{fill:none;stroke:#d9705f;stroke-width:2}
path,rect{vector-effect:non-scaling-stroke}.none{padding:32px 16px;background:#000;color:#a5acb6}
@media print{body{background:#fff;color:#000}figcaption,dt{color:#444}}
"""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One clip on a sheet.

    Parameters
    ----------
    code, state, verdict, held : str
        ``held`` says why it lies in quarantine.
    rows, columns : int, px
    facts : tuple of (str, str)
        Shown beside the pictures.
    outline : tuple of Outline
    boxes : tuple of dict
        Where the gate saw something: x0, y0, x1, y1, px.
    texts : tuple of str
        What it read there; none where the sheet may not hold it.
    before_png, after_png : bytes
        Brightest of all frames; empty where the sheet may not hold it.
    dark_before_png, dark_after_png : bytes
        Darkest of all frames; empty where the sheet may not hold it, and for a still.
    mask_version : int
        Of the mask under which ``after_png`` shows it.
    """

    code: str
    state: str
    verdict: str
    held: str
    rows: int
    columns: int
    facts: tuple[tuple[str, str], ...]
    outline: tuple[Outline, ...] = ()
    boxes: tuple[dict[str, Any], ...] = ()
    texts: tuple[str, ...] = field(default=(), repr=False)
    before_png: bytes = field(default=b"", repr=False)
    after_png: bytes = field(default=b"", repr=False)
    dark_before_png: bytes = field(default=b"", repr=False)
    dark_after_png: bytes = field(default=b"", repr=False)
    mask_version: int = 1


@dataclass(frozen=True, slots=True)
class OnSheet:
    """What a sheet shows.

    Parameters
    ----------
    made_at : datetime
        Nothing on it is newer.
    masks : dict of str to int
        Codes of the clips whose masked picture is on it, and the version of the mask.
    """

    made_at: datetime
    masks: dict[str, int]


def on_sheet(page: str) -> OnSheet | None:
    """Return what a sheet says that it shows, None for any other file."""
    made = MADE.match(page)
    if made is None:
        return None
    try:
        made_at = datetime.fromisoformat(made[1])
    except ValueError:
        return None
    masks = {code: int(version) for code, version in NAMED.findall(page)}
    return OnSheet(made_at, masks) if made_at.tzinfo is not None else None


def contact_sheet(
    clips: Sequence[SheetRow], *, title: str, made_at: datetime, is_confidential: bool, is_kept: bool = False
) -> str:
    """Return the sheet as HTML.

    Parameters
    ----------
    clips : sequence of SheetRow
    title : str
    made_at : datetime
        With a zone; before anything on it was read.
    is_confidential : bool
        Whether it shows what is not de-identified; it says so at its top, then.
    is_kept : bool, default=False
        Whether it shall stay as it is when its clips are decided on (`identity.in_clear` looks for this).
    """
    secret = (
        '<p class="secret">This sheet shows pictures before they were de-identified. Do not copy it, mail '
        "it or print it. A clip goes from it once somebody decided on the clip.</p>"
        if is_confidential
        else ""
    )
    body = "".join(_clip(clip, number) for number, clip in enumerate(clips, 1)) or "<p>No clip waits.</p>"
    return (
        f'<!doctype html><html lang="en"{" data-kept" if is_kept else ""} data-made="{made_at.isoformat()}">'
        '<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f"{secret}<main>{body}</main></body></html>\n"
    )


def small_jpeg(png: bytes, most_px: int = PICTURE_PX) -> bytes:
    """Return a picture as a JPEG whose longer side has at most ``most_px`` pixels; empty for none."""
    image = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR) if png else None
    if image is None:
        return b""
    scale = min(1.0, most_px / max(image.shape[:2]))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1])


def data_url(jpeg: bytes) -> str:
    """Return a JPEG as an address that needs no file."""
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")


def _clip(clip: SheetRow, number: int) -> str:
    pictures = _picture("before", clip.before_png, clip, number) if clip.before_png else ""
    after = _picture("after", clip.after_png, clip, number)
    pictures += after
    for what, png in (("before, darkest", clip.dark_before_png), ("after, darkest", clip.dark_after_png)):
        pictures += _picture(what, png, clip, number) if png else ""
    words = f"{_verdict(clip)}{_texts(clip)}{_facts(clip)}"
    shown = f' data-mask="{clip.mask_version}"' if "<image " in after else ""
    return (
        f'<section class="clip" id="{escape(clip.code)}"{shown}>{pictures}'
        f"<div><h2>{number}. {escape(clip.code)}</h2>{words}</div></section>"
    )


def _picture(what: str, png: bytes, clip: SheetRow, number: int) -> str:
    jpeg = small_jpeg(png)
    if not jpeg:
        why = "Not on this sheet: it may show a name. The one inside home/quarantine has it, and the page."
        return f'<figure><figcaption>{what}</figcaption><p class="none">{why}</p></figure>'
    lines = "".join(
        f'<path class="mask" d="M{"L".join(f"{x:g} {y:g}" for x, y in outline)}Z"/>'
        for outline in clip.outline
    )
    boxes = "".join(
        f'<rect class="box" x="{b["x0"]:g}" y="{b["y0"]:g}" width="{b["x1"] - b["x0"]:g}" '
        f'height="{b["y1"] - b["y0"]:g}"/>'
        for b in clip.boxes
    )
    size = f'width="{clip.columns}" height="{clip.rows}"'
    return (
        f"<figure><figcaption>{what}</figcaption>"
        f'<svg viewBox="-0.5 -0.5 {clip.columns} {clip.rows}" role="img" aria-label="{what}, clip {number}">'
        f'<image href="{data_url(jpeg)}" x="-0.5" y="-0.5" {size}/>'
        f"{lines}{boxes}</svg></figure>"
    )


def _verdict(clip: SheetRow) -> str:
    kind = "good" if clip.verdict == "passed" else "care"
    held = f'<p class="stop">{escape(clip.held)}</p>' if clip.held else ""
    return f'{held}<p class="{kind}">{escape(clip.state)}; text gate: {escape(clip.verdict)}</p>'


def _texts(clip: SheetRow) -> str:
    if not clip.texts:
        return ""
    return "<ol>" + "".join(f"<li>read <code>{escape(text)}</code></li>" for text in clip.texts) + "</ol>"


def _facts(clip: SheetRow) -> str:
    return "<dl>" + "".join(f"<dt>{escape(n)}</dt><dd>{escape(v)}</dd>" for n, v in clip.facts) + "</dl>"
