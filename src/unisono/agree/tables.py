"""The tables of the report, as HTML."""

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape

from unisono.agree.base import CARE_FLAGS, Settled
from unisono.agree.panel import Question, Tally
from unisono.labels.base import Form, Visibility

NOTHING = "\N{EN DASH}"
"""Shown where a number is not known."""


def facts_list(facts: Mapping[str, object]) -> str:
    """Return names with their values."""
    rows = "".join(f"<dt>{escape(k)}</dt><dd>{escape(_plain(v))}</dd>" for k, v in facts.items())
    return f"<dl>{rows}</dl>"


def expert_table(question: Question, simulated: Mapping[str, bool]) -> str:
    """Return each expert's bias and distance to the consensus of the others."""
    classes = question.facts.form is Form.CATEGORY
    unit = question.tallies[0].unit if question.tallies else "mm"
    signed = any(t.offset is not None for t in question.tallies)
    widest = max((abs(t.offset) for t in question.tallies if t.offset is not None), default=1.0) or 1.0
    head = ["Expert", "items", "located"]
    head += [f"bias, {unit}", "", f"SD, {unit}"] if signed else []
    head += ["differs from the others" if classes else f"distance to the others, {unit}", "95 % interval"]
    head += ["set aside", "backwards", "partial"] if signed else ["set aside"]
    rows = [
        _expert_row(t, signed=signed, simulated=simulated.get(t.expert, False), widest=widest)
        for t in question.tallies
    ]
    note = (
        "Each expert is compared with the others only, never with a consensus that contains him. "
        + ("Bias is positive outside the cavity. " if signed else "")
        + (
            "Interval: Wilson."
            if classes
            else "Interval: bootstrap over subjects and experts together. A bias that all experts share "
            "cannot be seen here."
        )
    )
    return _table(head, rows) + f'<p class="quiet">{note}</p>'


def class_table(question: Question) -> str:
    """Return how many items came to each category."""
    counts = Counter(
        "no decision" if s.category is None else question.facts.categories[s.category]
        for s in question.items.values()
    )
    total = sum(counts.values()) or 1
    rows = [
        [escape(key), str(n), f"{100 * n / total:.0f} %"]
        for key, n in sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))
    ]
    return _table(["Category", "items", "share"], rows)


def visibility_table(question: Question) -> str:
    """Return how many items came to each visibility, and how many need a decision."""
    counts = Counter(s.visibility for s in question.items.values())
    care = sum(bool(CARE_FLAGS & set(s.flags)) for s in question.items.values())
    states = (Visibility.SEEN, Visibility.BLURRED, Visibility.OFF)
    said = ", ".join(f"{counts[s]} {s.value}" for s in states if counts[s])
    return f"<p>Items: {said or 'none'}{f'; <b class=care>{care} need a decision</b>' if care else ''}.</p>"


def item_table(items: Sequence[tuple[int, str, int | None, Mapping[str, Settled], bool]]) -> str:
    """Return the items that bear a flag or an answer that was set aside.

    Parameters
    ----------
    items : sequence of (place, clip, frame, settled by question, whether several instances were given)
    """
    rows = []
    for place, clip, frame, settled, several in items:
        flags = sorted({f for s in settled.values() for f in s.flags})
        aside = sorted(
            {f"{r.expert}: {r.set_aside}" for s in settled.values() for r in s.rows if r.set_aside}
        )
        if flags or aside or several:
            words = [
                f'<span class="care">{escape(f)}</span>' if f in CARE_FLAGS else escape(f) for f in flags
            ]
            words += ["several instances, the first counts"] if several else []
            name = f"{place + 1}"
            where = f"{clip[:9]}…" + ("" if frame is None else f", frame {frame}")
            rows.append([name, escape(where), ", ".join(words), "<br>".join(map(escape, aside))])
    if not rows:
        return "<section><h2>Items to note</h2><p>None: no flag, nothing set aside.</p></section>"
    table = _table(["Item", "clip", "flags", "set aside"], rows, words=(1, 2, 3))
    return f"<section><h2>Items to note</h2>{table}</section>"


def _expert_row(tally: Tally, *, signed: bool, simulated: bool, widest: float) -> list[str]:
    mark = ' <span class="sim">simulated</span>' if simulated else ""
    row = [escape(tally.expert) + mark, str(tally.n_items), str(tally.n_located)]
    if signed:
        row += [_number(tally.offset, sign=True), _bar(tally.offset, widest), _number(tally.offset_sd)]
    distance = tally.distance
    if distance is None:
        row += [NOTHING, NOTHING]
    elif tally.unit == "share":
        row += [f"{100 * distance.mean:.0f} %", f"{100 * distance.low:.0f} to {100 * distance.high:.0f} %"]
    else:
        row += [_number(distance.mean), f"{_number(distance.low)} to {_number(distance.high)}"]
    aside = str(tally.n_set_aside)
    row.append(f'<span class="care">{aside}</span>' if tally.n_set_aside else aside)
    return row + ([str(tally.n_reversed), str(tally.n_partial)] if signed else [])


def _bar(offset: float | None, widest: float) -> str:
    if offset is None:
        return ""
    share = 50 * abs(offset) / widest
    left = 50 - share if offset < 0 else 50
    return f'<span class="bar"><i style="left:{left:.0f}%;width:{share:.0f}%"></i><b></b></span>'


def _number(value: float | None, *, sign: bool = False) -> str:
    if value is None or value != value:  # noqa: PLR0124  # NaN
        return NOTHING
    return f"{value:+.2f}" if sign else f"{value:.2f}"


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], words: tuple[int, ...] = ()) -> str:
    top = "".join(f"<th>{h}</th>" for h in head)
    body = "".join(
        "<tr>"
        + "".join(f"<td{' class=words' if k in words else ''}>{c}</td>" for k, c in enumerate(row))
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
