from unisono.ingest.gate.ocr import Line, Spot
from unisono.ingest.gate.places import Place, around, gathered, in_lines, joined


def place(x0: float, y0: float, x1: float, y1: float, text: str = "", sureness: float = 0.99) -> Place:
    return Place(Spot(x0, y0, x1, y1, 0.9), (Line(text, sureness),))


def test_marks_of_one_word_are_one_place_with_all_readings() -> None:
    marks = [
        (Spot(10, 10, 50, 22, 0.8), Line("D0E", 0.7)),
        (Spot(11, 9, 49, 21, 0.95), Line("DOE", 0.9)),
        (Spot(10, 60, 50, 72, 0.9), Line("MARY", 0.9)),
    ]
    first, second = gathered(marks)
    assert first.spot == Spot(10, 9, 50, 22, 0.95)
    assert {line.text for line in first.readings} == {"DOE", "D0E"}
    assert first.best.text == "DOE"
    assert second.best.text == "MARY"


def test_a_word_inside_a_large_blob_stays_a_place_of_its_own() -> None:
    marks = [(Spot(0, 0, 200, 200, 0.99), Line("", 0.0)), (Spot(50, 50, 90, 62, 0.8), Line("DOE", 0.9))]
    assert len(gathered(marks)) == 2


def test_words_side_by_side_are_a_line_and_those_below_are_not() -> None:
    words = [place(60, 11, 100, 22, "12"), place(10, 10, 50, 22, "34"), place(10, 30, 50, 42, "56")]
    lines = in_lines(words)
    assert [[p.best.text for p in line] for line in lines] == [["34", "12"], ["56"]]
    assert joined(lines[0]).best.text == "34 12"
    assert joined(lines[0]).spot == Spot(10, 10, 100, 22, 0.9)
    assert joined(lines[1]) is lines[1][0]


def test_words_far_apart_or_of_other_height_are_not_a_line() -> None:
    assert len(in_lines([place(0, 0, 20, 10), place(60, 0, 80, 10)])) == 2
    assert len(in_lines([place(0, 0, 20, 10), place(22, 0, 80, 40)])) == 2


def test_a_line_is_as_sure_as_its_least_sure_word() -> None:
    line = joined([place(0, 0, 20, 10, "1", 0.99), place(22, 0, 40, 10, "2", 0.5), place(42, 0, 50, 10)])
    assert line.best == Line("1 2", 0.5)


def test_around_holds_both() -> None:
    assert around(Spot(5, 5, 9, 9, 0.4), Spot(1, 6, 7, 20, 0.6)) == Spot(1, 5, 9, 20, 0.6)


def test_what_was_read_is_not_printed() -> None:
    assert "DOE" not in repr(place(0, 0, 1, 1, "DOE"))
    assert "DOE" not in repr(Line("DOE", 1.0))
