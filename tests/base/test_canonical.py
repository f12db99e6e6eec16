import json
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.base.canonical import canonical_json, sha256_of

# Pairs from RFC 8785, appendix B, and ECMA-262's rule for exponents.
NUMBERS = [
    (0.0, "0"),
    (-0.0, "0"),
    (1.0, "1"),
    (5e-324, "5e-324"),
    (-5e-324, "-5e-324"),
    (1.7976931348623157e308, "1.7976931348623157e+308"),
    (9007199254740992.0, "9007199254740992"),
    (295147905179352830000.0, "295147905179352830000"),
    (9.999999999999997e22, "9.999999999999997e+22"),
    (1e23, "1e+23"),
    (999999999999999700000.0, "999999999999999700000"),
    (1e21, "1e+21"),
    (333333333.3333332, "333333333.3333332"),
    (0.000001, "0.000001"),
    (1e-7, "1e-7"),
    (1.5e-5, "0.000015"),
    (0.1 + 0.2, "0.30000000000000004"),
]


@pytest.mark.parametrize(("value", "text"), NUMBERS)
def test_numbers_are_written_as_javascript_does(value: float, text: str) -> None:
    assert canonical_json(value) == text


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
def test_node_agrees() -> None:
    source = json.dumps([v for v, _ in NUMBERS])
    script = f"process.stdout.write(JSON.stringify({source}.map((v) => JSON.stringify(v))))"
    said = json.loads(subprocess.run(["node", "-e", script], capture_output=True, check=True).stdout)
    assert said == [text for _, text in NUMBERS]


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_it_is_json_and_says_the_same(value: object) -> None:
    assert json.loads(canonical_json(value), parse_int=float) == value


@given(st.dictionaries(st.text(), st.integers()))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert sha256_of(value) == sha256_of(dict(reversed(value.items())))


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError, match="set is no JSON"):
        canonical_json({1})
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="has no JSON"):
            canonical_json(value)
