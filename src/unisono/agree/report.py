"""The report of a settled project: one HTML file that needs nothing else, readable on paper."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from unisono.agree.base import CARE_FLAGS, Settled, Vote
from unisono.agree.panel import Question
from unisono.agree.pictures import HUES, svg
from unisono.agree.tables import class_table, expert_table, facts_list, item_table, visibility_table
from unisono.base.units import Spacing
from unisono.labels.base import Form

MAX_PICTURES = 24
"""Items shown with a picture, those with the widest disagreement first."""


@dataclass(frozen=True, slots=True)
class ReportItem:
    """One item as the report shows it; ``place`` counts from 0 in the project's order."""

    item: str
    place: int
    clip: str
    frame: int | None
    spacing: Spacing | None
    votes: Mapping[str, tuple[Vote, ...]]


@dataclass(frozen=True, slots=True)
class Report:
    """A settled project with everything that its report says.

    Parameters
    ----------
    title, project, protocol : str
    simulated_data : bool
    simulated_experts : mapping of str to bool
        Every expert by pseudonym.
    made_at : datetime
    code_version, input_sha256, result_id : str
    n_answers : int
    questions : mapping of str to Question
    items : tuple of ReportItem
    several : frozenset of (question, item)
        Where an expert gave more than one instance, of which the first counted.
    body : dict
        The stored JSON.
    picture : callable
        Returns an item's frame as PNG.
    left_out : tuple of str
        Titles of the questions that no consensus method takes.
    """

    title: str
    project: str
    protocol: str
    simulated_data: bool
    simulated_experts: Mapping[str, bool]
    made_at: datetime
    code_version: str
    input_sha256: str
    result_id: str
    n_answers: int
    questions: Mapping[str, Question]
    items: tuple[ReportItem, ...]
    several: frozenset[tuple[str, str]]
    body: dict[str, Any]
    picture: Callable[[ReportItem], bytes]
    left_out: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the result with its method, parameters and input hash."""
        return {
            **self.body,
            "result": self.result_id,
            "made_at": self.made_at.isoformat(),
            "code_version": self.code_version,
            "input_sha256": self.input_sha256,
        }

    def of_item(self, item: str) -> dict[str, Settled]:
        """Return an item's settled questions."""
        return {key: q.items[item] for key, q in self.questions.items() if item in q.items}

    @property
    def to_look_at(self) -> list[ReportItem]:
        """Items that need an adjudicator."""
        return [
            i for i in self.items if any(CARE_FLAGS & set(s.flags) for s in self.of_item(i.item).values())
        ]

    def html(self) -> str:
        """Return the report as one HTML document."""
        names = sorted(self.simulated_experts)
        parts = [
            self._head(),
            *(self._question(key) for key in self.questions),
            self._items(),
            self._pictures(names),
        ]
        title = escape(f"{self.title}: agreement")
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style>'
            f"</head><body><main>{''.join(parts)}</main></body></html>\n"
        )

    def _head(self) -> str:
        n_simulated = sum(self.simulated_experts.values())
        said = [
            *(["The images are simulated: no patient is shown."] if self.simulated_data else []),
            *(
                [f"{n_simulated} of {len(self.simulated_experts)} experts are simulated."]
                if n_simulated
                else []
            ),
        ]
        banner = f'<p class="simulated">{" ".join(said)}</p>' if said else ""
        answered = sum(bool(self.of_item(i.item)) for i in self.items)
        facts = {
            "project": self.project,
            "protocol": self.protocol,
            "made": self.made_at.strftime("%Y-%m-%d %H:%M UTC"),
            "unisono": self.code_version,
            "result": self.result_id,
            "SHA-256 of the answers used": self.input_sha256,
        }
        return (
            f"<h1>{escape(self.title)}: what the experts agree on</h1>{banner}"
            f'<p class="lead">{self.n_answers} answers of {len(self.simulated_experts)} experts to '
            f"{answered} of {len(self.items)} items; {len(self.to_look_at)} items need a decision.</p>"
            f"{self._left_out()}{facts_list(facts)}"
        )

    def _left_out(self) -> str:
        if not self.left_out:
            return ""
        return f"<p>There is no consensus method yet for: {escape(', '.join(self.left_out))}.</p>"

    def _question(self, key: str) -> str:
        question = self.questions[key]
        method = question.method
        known = {**method.parameters, **{f"learnt {k}": v for k, v in question.learnt.numbers.items()}}
        classes = question.facts.form is Form.CATEGORY
        tables = class_table(question) if classes else visibility_table(question)
        return (
            f"<section><h2>{escape(question.facts.title)}</h2>"
            f"<p>Method <b>{method.name}</b>: {escape(method.summary)}.</p>"
            f"{expert_table(question, self.simulated_experts)}{tables}"
            f"<details><summary>Parameters</summary>{facts_list(known)}</details></section>"
        )

    def _items(self) -> str:
        rows = [(i, self.of_item(i.item)) for i in self.items]
        several = {item for _, item in self.several}
        return item_table([(i.place, i.clip, i.frame, s, i.item in several) for i, s in rows if s])

    def _pictures(self, names: list[str]) -> str:
        shown = [i for i in self.items if any(v for v in i.votes.values())]
        ranked = sorted(shown, key=self._concern)[:MAX_PICTURES]
        key = "".join(
            f'<li><i style="background:{HUES[k % len(HUES)]}"></i>{escape(name)}'
            f"{' (simulated)' if self.simulated_experts[name] else ''}</li>"
            for k, name in enumerate(names)
        )
        left = f" {len(shown) - len(ranked)} more are not shown." if len(shown) > len(ranked) else ""
        return (
            "<section><h2>Pictures</h2><p>Widest disagreement first. Thin: each expert. White: the consensus "
            f"with its 95 % band or region.{left}</p><ul class='key'>{key}</ul>"
            f"<div class='pictures'>{''.join(self._picture(i, names) for i in ranked)}</div></section>"
        )

    def _concern(self, item: ReportItem) -> tuple[bool, float]:
        settled = self.of_item(item.item).values()
        care = any(CARE_FLAGS & set(s.flags) for s in settled)
        return (not care, -max((s.sd or 0.0 for s in settled), default=0.0))

    def _picture(self, item: ReportItem, names: list[str]) -> str:
        settled = self.of_item(item.item)
        sd = ", ".join(
            f"{escape(self.questions[k].facts.title)} {s.sd:.1f} {s.unit}" for k, s in settled.items() if s.sd
        )
        flags = sorted({f for s in settled.values() for f in s.flags})
        classes = ", ".join(
            escape(self.questions[k].facts.categories[s.category])
            for k, s in settled.items()
            if s.category is not None
        )
        said = "; ".join(
            x for x in (classes, f"SD between experts: {sd}" if sd else "", ", ".join(flags)) if x
        )
        frame = "" if item.frame is None else f", frame {item.frame}"
        return (
            f"<figure>{svg(self.picture(item), settled, item.votes, names)}"
            f"<figcaption><b>Item {item.place + 1}</b>, clip {item.clip[:9]}…{frame}. {said}"
            "</figcaption></figure>"
        )


STYLE = """
:root{color-scheme:light}body{margin:0;background:#f4f5f6;color:#1b1f24;font:15px/1.45 system-ui,sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 24px}h1{font-size:26px;margin:0 0 8px}
h2{font-size:19px;margin:40px 0 8px}.lead{font-size:17px}
.simulated{border-left:4px solid #8a6410;background:#fff;padding:8px 16px;border-radius:6px}
table{border-collapse:collapse;width:100%;background:#fff;border-radius:6px;margin:8px 0;
font-variant-numeric:tabular-nums}
th,td{padding:5px 10px;text-align:right;border-bottom:1px solid #d9dde2}
th{font-weight:600;color:#5b6470;vertical-align:bottom}
td:first-child,th:first-child,td.words{text-align:left}td{white-space:nowrap}td.words{white-space:normal}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:8px 0}
dt{color:#5b6470}dd{margin:0;overflow-wrap:anywhere}
.bar{position:relative;display:inline-block;width:90px;height:10px;background:#eef0f2;border-radius:2px;
vertical-align:middle}
.bar i{position:absolute;top:1px;height:8px;background:#0f7f92}
.bar b{position:absolute;left:50%;top:0;width:1px;height:10px;background:#5b6470}
.care{color:#b03a2a}.quiet{color:#5b6470;font-size:13px}.sim{color:#8a6410}
.pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(320px,1fr));gap:16px}
figure{margin:0;background:#fff;border-radius:6px;overflow:hidden;break-inside:avoid}
figure svg{display:block;width:100%;height:auto;background:#000}figcaption{padding:8px 12px;font-size:13px}
svg path{fill:none;stroke-linejoin:round;vector-effect:non-scaling-stroke}
svg .vote{stroke-width:1.1;opacity:.9}svg .halo{stroke:#0e1013;stroke-width:5;opacity:.55}
svg .consensus{stroke:#fff;stroke-width:2.4}svg .band{fill:#fff;opacity:.28}
svg .ellipse{stroke:#fff;stroke-width:1.2;fill:#fff;fill-opacity:.16}
.key{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:4px 16px;font-size:13px}
.key i{display:inline-block;width:14px;height:4px;margin-right:6px;vertical-align:middle}
@media print{body{background:#fff}main{padding:0}section{break-inside:auto}tr{break-inside:avoid}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""
