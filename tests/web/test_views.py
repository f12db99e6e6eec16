from tests.make import Site
from unisono.agree.run import Spread
from unisono.annotate.run import lead
from unisono.web import views


def test_the_widest_disagreement_comes_first_and_flags_before_it(site: Site) -> None:
    with site.catalog.read() as connection:
        progress = lead.progress(connection, "lv")
    one, two = (i.item.id for i in progress.items)
    wide = {one: Spread(1.0, "mm", ()), two: Spread(3.0, "mm", ())}
    assert [i.item for i in views.progress(progress, wide, (None, 0)).items] == [two, one]
    flagged = {**wide, one: Spread(1.0, "mm", ("split",))}
    shown = views.progress(progress, flagged, (None, 0))
    assert [i.item for i in shown.items] == [one, two]
    assert (shown.n_flagged, shown.items[0].unit) == (1, "mm")


def test_a_thumbnail_names_its_frame() -> None:
    assert views.thumbnail("01-x", 7) == "api/clips/01-x/thumbnail.jpg?frame=7"
    assert views.thumbnail("01-x", None) == "api/clips/01-x/thumbnail.jpg"


def test_an_item_is_shown_with_its_clip_and_protocol(site: Site) -> None:
    client = site.client("Ada One")
    project = client.get("/api/projects/lv").json()
    question = project["protocol"]["questions"][0]
    assert (question["tool"], question["hotkey"]) == ("trace", "1")
    assert question["options"]["ties"]["middle"] == "lv-apex-endo"
    assert project["simulated_data"]
    clip = client.get(f"/api/items/{project['next_item']}").json()["clip"]
    assert clip["frame_times_s"] == [0.0, 0.05, 0.1, 0.15000000000000002]
    assert clip["spacing_mm"] == [0.5, 0.5]
