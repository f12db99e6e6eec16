from unisono.labels.types.point import LABEL, Point


def test_a_point_is_one_stroke_of_one_point() -> None:
    vector = LABEL.vector(Point(1.5, -2.0), LABEL.parse_options({}))
    assert vector.is_point
    assert vector.path.tolist() == [[1.5, -2.0]]


def test_how_many_may_be_set_is_an_option() -> None:
    assert LABEL.max_instances(LABEL.parse_options({})) == 1
    assert LABEL.max_instances(LABEL.parse_options({"instances": 7})) == 7
