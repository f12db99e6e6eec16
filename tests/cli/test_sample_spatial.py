from unisono.annotate.run import projects
from unisono.cli.sample_spatial import FITTING, IMAGES, PEAKS_CM_S, STRIPS, make_strips

PLACES = {"point", "curve", "polygon", "box"}


def test_every_protocol_that_asks_for_places_is_in_the_demo() -> None:
    spatial = {
        name
        for name, text in projects.shipped_protocols().items()
        if {q.label_type.name for q in projects.protocol_from(text).questions} & PLACES
    }
    assert spatial - {"a4c-lv-border"} == {*IMAGES, *STRIPS}
    assert {*FITTING} <= spatial


def test_the_strips_have_the_velocities_that_are_said() -> None:
    strips = make_strips(1)
    for strip, (e, a) in zip(strips.values(), PEAKS_CM_S, strict=True):
        assert abs(strip.velocities_cm_s("e-peak").mean() / e - 1) < 0.06
        assert abs(strip.velocities_cm_s("a-peak").mean() / a - 1) < 0.06
