import json

from tests.agree.panels import Panel
from unisono.agree import run


def test_experts_appear_by_pseudonym_only(panel: Panel) -> None:
    panel.fill()
    text = json.dumps(run.agree(panel.catalog, "lv5").to_json())
    assert "P0" in text
    assert not any(e.name in text or e.id in text for e in panel.experts)


def test_the_same_answers_give_the_same_body(panel: Panel) -> None:
    panel.fill()
    first, again = (run.agree(panel.catalog, "lv5").body for _ in "ab")
    assert first == again


def test_the_report_is_one_file_with_pictures_and_says_what_is_simulated(panel: Panel) -> None:
    panel.fill()
    html = run.agree(panel.catalog, "lv5").html()
    assert html.count("<figure>") == 2
    assert "data:image/jpeg;base64," in html
    assert "2 of 5 experts are simulated" in html
    assert "The images are simulated" in html
    assert not any(sign in html for sign in ('src="http', 'href="http', "<script", "<link"))
