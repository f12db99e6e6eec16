"""From the agree room's settled questions to the lead's consensus screen."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unisono.agree.run import ExpertAnswer, ItemConsensus, QuestionConsensus
from unisono.web import views, wire_lead


def item_consensus(source: ItemConsensus, clip: Any, verdicts: Mapping[str, str]) -> wire_lead.ItemConsensus:  # noqa: ANN401  # a catalog row; web may not name its class
    """Return everyone's answers to an item and what they come to.

    Parameters
    ----------
    source : ItemConsensus
    clip : Clip
        The item's.
    verdicts : mapping of str to str
        The lead's verdict on each answer, by the answer's id.
    """
    return wire_lead.ItemConsensus(
        item=source.item,
        clip=views.clip(clip),
        frame=source.frame,
        questions=[_question(q, verdicts) for q in source.questions],
        previous=source.previous,
        next=source.next,
    )


def _question(source: QuestionConsensus, verdicts: Mapping[str, str]) -> wire_lead.ConsensusView:
    settled = source.settled
    return wire_lead.ConsensusView.model_validate(
        {
            "question": source.question,
            "title": source.title,
            "method": source.method,
            "unit": settled.unit,
            "n_experts": source.n_experts,
            "visibility": settled.visibility.value,
            "path": _pairs(settled.path),
            "band_low": _pairs(settled.band_low),
            "band_high": _pairs(settled.band_high),
            "ellipse": _pairs(settled.ellipse),
            "sd": settled.sd,
            "shares": dict(settled.shares),
            "flags": list(settled.flags),
            "experts": [_expert(e, verdicts) for e in source.experts],
        }
    )


def _expert(source: ExpertAnswer, verdicts: Mapping[str, str]) -> dict[str, Any]:
    return {
        "answer": source.answer,
        "expert": source.expert,
        "pseudonym": source.pseudonym,
        "simulated": source.simulated,
        "visibility": source.row.visibility.value,
        "instances": list(source.label.get("instances", [])),
        "strokes": [list(stroke) for stroke in source.strokes],
        "category": source.category,
        "offset": source.row.offset,
        "distance": source.row.distance,
        "weight": source.row.weight,
        "coverage": source.row.coverage,
        "set_aside": source.row.set_aside,
        "review": verdicts.get(source.answer),
    }


def _pairs(points: NDArray[np.float64]) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in points]
