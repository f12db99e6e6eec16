"""What `agree` settled, as a stored result and as a report."""

from collections.abc import Mapping
from uuid import uuid4

from unisono import __version__
from unisono.agree.base import by_item
from unisono.agree.body import question_json
from unisono.agree.panel import Question
from unisono.agree.report import Report, ReportItem
from unisono.agree.run.inputs import Inputs, input_sha256
from unisono.catalog.db import Catalog
from unisono.catalog.names import frame_code
from unisono.catalog.results import Result
from unisono.catalog.rows import now

KIND = "consensus"
"""Kind of the stored result."""
SEED = 20_200_813
"""Of the bootstrap, so that the same answers give the same report."""


def result_of(inputs: Inputs, settled: Mapping[str, Question]) -> Result:
    """Return the row that keeps what was settled, by which methods, from which answers."""
    experts = {a.pseudonym: a.simulated for a in inputs.answers}
    body = {
        "project": inputs.project.slug,
        "protocol": {"name": inputs.protocol.name, "version": inputs.protocol.version},
        "simulated_data": inputs.project.simulated,
        "simulated_experts": sorted(name for name, simulated in experts.items() if simulated),
        "n_answers": len(inputs.answers),
        "n_experts": len(experts),
        "bootstrap_seed": SEED,
        "questions": {key: question_json(q) for key, q in settled.items()},
    }
    return Result(
        id=str(uuid4()),
        project=inputs.project.slug,
        kind=KIND,
        method=", ".join(dict.fromkeys(q.method.name for q in settled.values())),
        parameters={q.method.name: dict(q.method.parameters) for q in settled.values()},
        code_version=__version__,
        input_sha256=input_sha256(inputs),
        body=body,
        created_at=now(),
    )


def report_of(catalog: Catalog, inputs: Inputs, settled: Mapping[str, Question], result: Result) -> Report:
    """Return the report of a stored result; its pictures are read when they are asked for."""
    simulated = {a.pseudonym: a.simulated for a in inputs.answers}
    votes = {
        q.key: by_item(inputs.votes(q, settled[q.key].facts))
        for q in inputs.protocol.questions
        if q.key in settled
    }
    items = tuple(
        ReportItem(
            item=row.id,
            place=row.position,
            clip=row.clip,
            frame=row.frame,
            spacing=inputs.spacing(row.id),
            votes={key: tuple(of_item.get(row.id, ())) for key, of_item in votes.items()},
        )
        for row in inputs.items.values()
    )

    def picture(item: ReportItem) -> bytes:
        middle = inputs.clips[item.clip].n_frames // 2
        return catalog.files.read_frame(frame_code(item.clip, middle if item.frame is None else item.frame))

    return Report(
        title=inputs.project.title,
        project=inputs.project.slug,
        protocol=f"{inputs.protocol.name} version {inputs.protocol.version}",
        simulated_data=inputs.project.simulated,
        simulated_experts=simulated,
        made_at=result.created_at,
        code_version=result.code_version,
        input_sha256=result.input_sha256,
        result_id=result.id,
        n_answers=len(inputs.answers),
        questions=settled,
        items=items,
        several=inputs.several,
        body=result.body,
        picture=picture,
        left_out=tuple(q.title for q in inputs.protocol.questions if q.key not in settled),
    )
