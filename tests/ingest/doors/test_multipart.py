import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.base.errors import IngestError
from unisono.ingest.doors.multipart import MOST_HEAD_BYTES, Begin, Data, End, Parts, boundary_of

Part = tuple[dict[str, str], bytes]


def body_of(parts: list[Part], boundary: str = "x-y", preamble: bytes = b"") -> bytes:
    out = preamble
    for headers, data in parts:
        lines = "".join(f"{k}: {v}\r\n" for k, v in headers.items())
        out += f"--{boundary}\r\n{lines}\r\n".encode() + data + b"\r\n"
    return out + f"--{boundary}--\r\n".encode()


def read(pieces: list[bytes], boundary: bytes = b"x-y") -> list[Part]:
    parser, found = Parts(boundary), []
    headers, data = {}, b""
    for piece in pieces:
        for event in parser.feed(piece):
            if isinstance(event, Begin):
                headers, data = event.headers, b""
            elif isinstance(event, Data):
                data += event.data
            elif isinstance(event, End):
                found.append((headers, data))
    parser.finish()
    return found


def cut(body: bytes, at: list[int]) -> list[bytes]:
    places = sorted({min(a, len(body)) for a in at})
    return [body[a:b] for a, b in zip([0, *places], [*places, len(body)], strict=True)]


TRICKY = st.lists(
    st.sampled_from([b"\r\n", b"--x-y", b"\r\n--x-", b"\r", b"-", b"x", b"\r\n--x-yz", b"\0" * 7, b"--"]),
    max_size=8,
).map(b"".join)


@given(st.lists(TRICKY, min_size=1, max_size=4), st.lists(st.integers(0, 200), max_size=12))
def test_wherever_the_body_is_cut_the_parts_are_the_same(datas: list[bytes], at: list[int]) -> None:
    legal = [d for d in datas if b"\r\n--x-y" not in b"\r\n" + d.replace(b"\r\n--x-yz", b"")]
    parts = [({"content-type": "application/dicom"}, d) for d in legal if not d.endswith(b"\r\n--x-y")]
    body = body_of(parts, preamble=b"hello\r\n")
    assert read(cut(body, at)) == parts
    assert read([body[i : i + 1] for i in range(len(body))]) == parts


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        (b"--x-y\r\n\r\nabc\r\n--x-y--", [({}, b"abc")]),
        (b"--x-y  \t\r\n\r\nabc\r\n--x-y \r\n\r\n\r\n--x-y--tail", [({}, b"abc"), ({}, b"")]),
        (b"--x-y\r\nA: b\r\n\r\n--x-y--", [({"a": "b"}, b"")]),
        (b"--x-y\r\n\r\na\r\n--x-yes\r\nb\r\n--x-y--", [({}, b"a\r\n--x-yes\r\nb")]),
        (b"--x-y\r\n\r\n\r\n\r\n\r\n--x-y--\r\n--x-y\r\n", [({}, b"\r\n\r\n")]),
        (b"--x-y--", []),
    ],
)
def test_the_grammar_of_rfc_2046(body: bytes, parts: list[Part]) -> None:
    assert read([body]) == parts
    assert read([body[i : i + 1] for i in range(len(body))]) == parts


def test_a_body_without_its_last_boundary_is_cut_off() -> None:
    whole = body_of([({}, b"abc")])
    for cut_at in range(len(whole) - 4):
        with pytest.raises(IngestError, match="E_TRUNCATED"):
            read([whole[:cut_at]])


def test_headers_that_do_not_end_are_refused() -> None:
    parser = Parts(b"x-y")
    with pytest.raises(IngestError, match="E_LIMIT_SIZE"):
        list(parser.feed(b"--x-y\r\n" + b"a" * (MOST_HEAD_BYTES + 10)))


def test_a_long_body_is_not_held() -> None:
    parser = Parts(b"x-y")
    list(parser.feed(b"--x-y\r\n\r\n"))
    for _ in range(50):
        list(parser.feed(b"\0" * 100_000))
        assert len(parser._held) < 100


def test_the_type_names_the_boundary() -> None:
    kind = "application/dicom"
    assert boundary_of(f'multipart/related; type="{kind}"; boundary="a b"', kind) == b"a b"
    assert boundary_of("multipart/related; boundary=x", kind) == b"x"
    for wrong in (
        "application/dicom",
        "multipart/form-data; boundary=x",
        'multipart/related; type="application/dicom+json"; boundary=x',
        f'multipart/related; type="{kind}"',
        f'multipart/related; type="{kind}"; boundary="{"x" * 71}"',
        "",
    ):
        with pytest.raises(IngestError, match="E_NOT_DICOM"):
            boundary_of(wrong, kind)
