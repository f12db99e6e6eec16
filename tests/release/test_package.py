"""The files of a release, and its figures."""

import json
from dataclasses import replace

import pytest

from tests.release.make import make_contents
from unisono.annotate.run.projects import shipped_protocols
from unisono.base.errors import PluginError, ReleaseError
from unisono.labels.protocol import parse_protocol
from unisono.release.package import compose, counts_of, frames_of, labels_by_visibility


def test_unity_goes_into_the_zip_and_multix_lies_beside_it() -> None:
    unity = compose(make_contents())
    assert {"labels-all.json", "generation-1/labels-all.json", "labels-ival.txt"} <= unity.labels.keys()
    assert set(unity.loose) == {"clips.json", "experts.json", "items.json", "protocol.yaml"}
    multix = compose(make_contents(format="multix", policy="consensus"))
    assert set(multix.labels) == {"user-labels-all.csv"}
    assert "UnityLV_multiX_annotations.json" in multix.loose
    assert multix.carried == ("curve-lv-endo",)
    assert [row["question"] for row in multix.left_out] == ["lv-apex-endo", "mv-ant-hinge", "mv-post-hinge"]


def test_every_answer_to_every_question_is_in_the_table() -> None:
    multix = compose(make_contents(format="multix", policy="consensus"))
    assert multix.labels["user-labels-all.csv"].count(b"\n") == 1 + len(make_contents().answers)


def test_the_parts_follow_the_clips() -> None:
    contents = make_contents()
    files = compose(contents).labels
    train = json.loads(files["labels-train.json"])
    assert list(train) == [f"{contents.clips[0].code}-0001.png"]
    assert files["labels-tune.txt"] == b""


def test_a_format_that_carries_nothing_says_why() -> None:
    view = parse_protocol(shipped_protocols()["view"])
    with pytest.raises(ReleaseError, match="'unity' carries vector; question 'view' has form category"):
        compose(make_contents(protocol=view))


def test_last_answers_are_no_consensus_and_unknown_formats_are_listed() -> None:
    with pytest.raises(ReleaseError, match="'multix' holds a consensus"):
        compose(make_contents(format="multix"))
    with pytest.raises(PluginError, match="there are: multix, unity"):
        compose(make_contents(format="csv"))


def test_the_figures() -> None:
    contents = make_contents()
    counts = counts_of(contents.clips, contents.experts, contents.items, contents.answers)
    assert (counts["subjects"], counts["clips"], counts["frames"], counts["items"]) == (2, 2, 6, 2)
    assert counts["answers_by_expert"] == {"expert-1": 8, "expert-2": 8}
    assert counts["answers_by_visibility"] == {"blurred": 4, "seen": 12}
    assert counts["splits"]["ival"] == {"subjects": 1, "clips": 1, "items": 1}
    assert counts["simulated_experts"] == 1
    assert labels_by_visibility(contents.settled)["mv-post-hinge"] == {"seen": 0, "blurred": 2, "off": 0}


def test_each_frame_has_its_place() -> None:
    clip = make_contents().clips[0]
    partly = replace(clip, frames=clip.frames[1:])
    assert [p[-9:] for p in frames_of([partly])] == ["-0001.png"[-9:], "-0002.png"[-9:]]
