"""Where one article ends and the next begins."""

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain, islice, pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.errors import MalformedBody
from service.intake import MAX_PARTS
from service.jobs.elements import Element, Elements, Lines, Splitter
from service.jobs.submission import MOST_ARTICLES
from service.strict_json import MAX_DEPTH

MIB = 1 << 20
#: Signs of which most bodies are no JSON, and some are by a hair.
SIGNS = st.text(st.sampled_from('[]{},:"\\ \n1-ané'), max_size=30)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
CUTS = st.lists(st.integers(0, 400), max_size=8)


def parts(body: bytes, cuts: Iterable[int]) -> Iterator[bytes]:
    """Yield a body in parts, cut at these places."""
    places = sorted({0, len(body), *(cut % (len(body) + 1) for cut in cuts)})
    yield from (body[start:end] for start, end in pairwise(places))


def split(splitter: Splitter, cut: Iterable[bytes]) -> list[Element]:
    """Return all elements of a body."""
    return [element for part in cut for element in splitter.feed(part)] + [*splitter.end()]


def loaded(elements: Iterable[Element]) -> list[object]:
    """Return what the elements hold."""
    return [json.loads((element.raw or b"").decode()) for element in elements]


@given(values=st.lists(VALUES, max_size=6), cuts=CUTS, indent=st.none() | st.integers(0, 3), ascii_only=st.booleans())
def test_an_array_has_the_elements_that_it_has(values: list[object], cuts: list[int], indent: int | None, *, ascii_only: bool) -> None:
    """However a JSON array is written, and wherever its bytes are cut, it has the elements that a parser of the whole finds."""
    body = json.dumps(values, indent=indent, ensure_ascii=ascii_only).encode(errors="surrogatepass")
    elements = split(Elements(MIB), parts(body, cuts))

    assert [json.loads((element.raw or b"").decode(errors="surrogatepass")) for element in elements] == values


@given(body=st.tuples(st.sampled_from(["", "[", "[["]), SIGNS, st.sampled_from(["", "]", "]]"])).map("".join), cuts=CUTS)
@example(body="[1,]", cuts=[])
@example(body="[,]", cuts=[])
@example(body='["a" "b"]', cuts=[5])
@example(body='["\\"]', cuts=[3])
@example(body="[[}]", cuts=[])
@example(body="[{]}", cuts=[])
@example(body="[1] 1", cuts=[3])
@example(body=" [ ] ", cuts=[1, 2])
def test_what_is_no_array_is_found_out(body: str, cuts: list[int]) -> None:
    """A body is taken apart into JSON if, and only if, a parser of the whole takes it for an array; and both find the same in it."""
    try:
        whole = json.loads(body)
    except ValueError:
        whole = None
    try:
        found: list[object] | None = loaded(split(Elements(MIB), parts(body.encode(), cuts)))
    except (MalformedBody, ValueError):
        found = None

    assert found == (whole if isinstance(whole, list) else None)


@given(values=st.lists(VALUES, max_size=6), cuts=CUTS, between=st.sampled_from(["\n", "\r\n", "\n\n", " \n\t\n ", "\n\r\n"]), last=st.booleans())
def test_lines_are_the_lines_that_there_are(values: list[object], cuts: list[int], between: str, *, last: bool) -> None:
    """Lines of JSON are found wherever their bytes are cut, with and without a line break at the end; empty ones are none."""
    body = between.join(json.dumps(value) for value in values) + (between if last else "")

    assert loaded(split(Lines(MIB), parts(body.encode(), cuts))) == values


@pytest.mark.parametrize(("kind", "body"), [(Elements, b'["%b", 1]'), (Lines, b'"%b"\n1')], ids=["array", "lines"])
@pytest.mark.parametrize("size", [7, 64, 10_000])
def test_an_element_that_is_too_long_is_passed_over(kind: type[Elements] | type[Lines], body: bytes, size: int) -> None:
    """One that is longer than any may be is not kept, its length is known, and the next is found."""
    whole = body % (b'a\\"' * 1_000)
    found = split(kind(100), (whole[at : at + size] for at in range(0, len(whole), size)))

    assert found == [Element(None, 3_002), Element(b"1", 1)]


@pytest.mark.parametrize(
    "body",
    [b"[" * (MAX_DEPTH + 2), b'[{"a":' * 100_000, b"[" + b"[]" * (MAX_PARTS + 1), b"[" + b'""' * (MAX_PARTS + 1), b'{"text": "a"}', b'"a"', b"\xef\xbb\xbf[]"],
    ids=["deep", "very-deep", "brackets", "strings", "an-object", "a-string", "a-mark"],
)
def test_a04_what_no_job_looks_like_is_refused_at_once(body: bytes) -> None:
    """Too deep, too many brackets, or no array at all: it is refused where that is seen."""
    with pytest.raises(MalformedBody):
        [*Elements(MIB).feed(body)]


@pytest.mark.parametrize("body", [b"", b" ", b"[", b'["', b'["a\\', b"[1", b"[1,", b"[{}"])
def test_an_array_that_breaks_off_is_none(body: bytes) -> None:
    """The end must have come."""
    splitter = Elements(MIB)
    assert [*splitter.feed(body)] in ([], [Element(b"1", 1)])
    with pytest.raises(MalformedBody):
        splitter.end()


@pytest.mark.parametrize(
    "unit", [b"a", b'{"text": "a"},', b'\\"', b"\\\\", b'"",', b'":"', b" ", b"\n", b"1,", b'{"a":["b","c"]},'], ids=lambda unit: unit.decode("unicode_escape")
)
@pytest.mark.parametrize("kind", [Elements, Lines])
@pytest.mark.parametrize("opening", [b"", b'["', b"[{", b"[1"], ids=["bare", "in-string", "in-object", "in-array"])
def test_splitting_takes_as_long_as_the_body(kind: type[Elements] | type[Lines], opening: bytes, unit: bytes) -> None:
    """Of a body of any kind, as far as it is read, four times as much takes four times as long at most, and a megabyte less than a second."""
    took = []
    for size in (MIB // 8, MIB // 2):
        splitter = kind(4 * MIB)
        body = opening + unit * (size // len(unit))
        elements = chain.from_iterable(splitter.feed(body[at : at + 16_384]) for at in range(0, len(body), 16_384))
        began = time.process_time()
        with suppress(MalformedBody):
            for _ in islice(elements, MOST_ARTICLES):
                pass
        took.append(time.process_time() - began)

    assert took[1] < 8 * took[0] + 0.02
    assert took[1] < 0.4
