"""Requests that nobody's client would send: odd addresses, headers and media types around bodies that are almost an article."""

import json
from typing import Any

from hypothesis import strategies as st

from tests.rig.json_torture import SOUND, UNSOUND, within
from tests.rig.naughty_strings import NAUGHTY
from tests.rig.plain_http import Headers, Request

#: Longest body of which many are sent.
_SHORT = 10_000
NAUGHTY_STRINGS = tuple(string for strings in NAUGHTY.values() for string in strings)
_TORTURE = tuple(case for cases in (*SOUND.values(), *UNSOUND.values()) for case in cases if len(case) < _SHORT)

_METHODS = (b"GET", b"HEAD", b"PUT", b"PATCH", b"DELETE", b"OPTIONS", b"TRACE", b"post", b"PROPFIND", b"M-SEARCH", b"PURGE", b"BREW", b"P\xd6ST", b"")
_DOORS = (
    b"/extract",
    b"/livez",
    b"/readyz",
    b"/metrics",
    b"/openapi.json",
    b"/docs",
    b"/docs/",
    b"/docs/documentation.js",
    b"/problems/not-found",
    b"/",
    b"/read",
    b"/report",
)
_TARGETS = (
    *(
        b"/",
        b"//extract",
        b"/extract/",
        b"/extract//",
        b"/Extract",
        b"/%65xtract",
        b"/extract%00",
        b"/extract%2f",
        b"/extract%",
        b"/extract%zz",
        b"/extract;a=1",
    ),
    *(
        b"/extract?",
        b"/extract?text=a",
        b"/extract?%ff=%00&&==",
        b"/extract#a",
        b"/./extract",
        b"/a/../extract",
        b"/%2e%2e/extract",
        b"/..",
        b"/docs/..%2f..%2fetc",
    ),
    *(
        b"/docs/%2e%2e",
        b"/docs/\xff",
        b"/problems/",
        b"/problems/%ff",
        b"/problems/a%0d%0ab",
        b"/problems/internal-error",
        b"/problems/none",
        b"/problems/setup",
        b"/\xc3\xa9",
    ),
    *(
        b"*",
        b"http://elsewhere.invalid/extract",
        b"extract",
        b"",
        b"/" + b"a" * 5_000,
        b"/" + b"a/" * 2_000,
        b"/livez?" + b"a=1&" * 1_000,
        b"/\x00",
        b"/{code}",
        b"/livez/..",
    ),
)
_MEDIA_TYPES = (
    *(
        b"application/json; charset=utf-8",
        b"APPLICATION/JSON",
        b'application/json;charset="UTF-8"',
        b"application/json; charset=latin-1",
        b"application/json; charset=no-such",
    ),
    *(
        b"application/json; charset",
        b"application/json;",
        b"application/json;;;=;",
        b"application/json, text/plain",
        b"application/vnd.api+json",
        b"text/json",
        b"json",
        b"",
    ),
    *(
        b"/",
        b"*/*",
        b"application/",
        b"/json",
        b"text/plain; charset=utf-16",
        b"text/plain; charset=ascii",
        b"text/html",
        b"application/xml",
        b"application/msgpack",
    ),
    *(
        b"application/x-www-form-urlencoded",
        b"multipart/form-data",
        b"multipart/form-data; boundary=a",
        b"application/octet-stream",
        b"application/x-yaml",
        b"\xff\xfe",
    ),
    *(
        b"application/json; " + b"a=b; " * 500,
        b'text/plain; charset="',
        b"text/plain; charset=utf-8; charset=utf-16",
        b"application/json\x00",
        b"a" * 5_000,
        b"text / plain",
    ),
)
_HEADERS: dict[bytes, tuple[bytes, ...]] = {
    b"Accept": (
        b"text/html",
        b"*/*",
        b"",
        b",,,",
        b"application/json;q=0",
        b"*/*;q=0.000",
        b"a/b;q=x",
        b"application/*",
        b";" * 500,
        b"\xff",
        b"application/json;q=1e9",
    ),
    b"Accept-Encoding": (b"gzip", b"br;q=1.0, *;q=0", b"", b"\xff"),
    b"Authorization": (
        b"Bearer",
        b"Bearer ",
        b"Bearer \xc3\xa9",
        b"Basic Og==",
        b"Bearer " + b"a" * 9_000,
        b"bearer\ta",
        b"\xff",
        b"Negotiate ===",
        b"Bearer a b c",
    ),
    b"Connection": (b"close", b"keep-alive", b"Upgrade", b"", b"content-type", b"\xff"),
    b"Content-Encoding": (b"gzip", b"identity", b"br", b"deflate, gzip", b"", b"IDENTITY", b"\xff", b"identity, identity"),
    b"Content-Language": (b"xx-yy-zz", b"\xff"),
    b"Content-Length": (b"0", b"-1", b"+1", b"1e1", b"0x1", b" 1", b"1, 1", b"", b"a", b"\xd9\xa1", b"9" * 30, b"5000000"),
    b"Cookie": (b"a=b", b"=", b";;;", b"a=\xff", b"a=" + b"b" * 4_000, b'a="\\', b"$Version=1"),
    b"Expect": (b"100-continue", b"200-ok", b""),
    b"Forwarded": (b"for=1.2.3.4", b"for=;;;"),
    b"Host": (b"", b"elsewhere.invalid", b"a:99999", b"[::1", b"\xff", b"a b", b"A.", b"a," * 300),
    b"If-None-Match": (b"*", b"W/", b'"a', b"\xff"),
    b"Range": (b"bytes=0-0", b"bytes=-1", b"lines=1"),
    b"Referer": (b"javascript:1", b"\xff"),
    b"TE": (b"trailers", b"chunked"),
    b"Transfer-Encoding": (b"identity", b"gzip, chunked", b"chunked, chunked", b"\xff", b"xchunked"),
    b"Upgrade": (b"websocket", b"h2c", b"HTTP/2.0"),
    b"X-API-Key": (b"", b"\xc3\xa9", b"a" * 9_000, b"\x7f"),
    b"X-Forwarded-For": (b"127.0.0.1", b"\xff", b"," * 500),
    b"X-Forwarded-Host": (b"elsewhere.invalid", b"\xff"),
    b"X-HTTP-Method-Override": (b"DELETE",),
    b"X-Request-ID": (b"", b"a" * 64, b"a" * 65, b"\xff", b"a b", b'"}\\n{"forged": 1', b"\x1b[31m", b"a\tb", b"..", b"\xc3\xa9"),
    b"": (b"a",),
    b"A B": (b"a",),
    b"\xff": (b"a",),
    b"X-Long": (b"a" * 30_000, b"a" * 40_000),
    b"X-Folded": (b"a\r\n b", b"a\nX-Other: b", b"a\rb", b"a\x00b"),
}
_SPLICES = (
    b"",
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b'"',
    b"\\",
    b"\\ud800",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"0",
    b"-",
    b"1e999",
    b"NaN",
    b"null",
    b" ",
    b"\n",
    b"\xc3",
    b"\xed\xa0\x80",
)


def _article(**changes: object) -> dict[str, Any]:
    return {"text": "Ada said so.", **changes}


_ARTICLES = tuple(
    json.dumps(article, ensure_ascii=False).encode()
    for article in (
        _article(),
        _article(title="A", published="2024-04-17T10:00:00Z", language="en", source="B"),
        _article(options={"deadline_s": 5, "sections": ["actors", "threats"]}),
        _article(text="Ω", options={"sections": ["targets"]}),
        _article(text="", language="x" * 40),
    )
)


def odd_requests() -> st.SearchStrategy[Request]:
    """Return requests: most to `/extract`, most of these with a body that is not quite an article."""
    around = st.tuples(st.just(b"POST"), st.just(b"/extract"), _headers(), _bodies())
    elsewhere = st.tuples(
        st.sampled_from((*_METHODS, b"GET", b"POST")), st.sampled_from(_DOORS + _TARGETS) | _addresses(), _headers(), st.just(b"") | _bodies()
    )
    return st.one_of(around, around, elsewhere).map(lambda parts: Request(*parts))


def _addresses() -> st.SearchStrategy[bytes]:
    return st.tuples(st.sampled_from((b"/", b"/problems/", b"/docs/", b"/extract/", b"/extract?")), st.binary(max_size=12)).map(b"".join)


def _headers() -> st.SearchStrategy[Headers]:
    known = st.sampled_from([(name, value) for name, values in _HEADERS.items() for value in values])
    naughty = st.tuples(st.sampled_from(list(_HEADERS)), st.sampled_from(NAUGHTY_STRINGS).map(lambda string: string[:500].encode()))
    drawn = st.tuples(st.from_regex(rb"[A-Za-z!#$%&'*+.^_`|~-]{1,12}", fullmatch=True), st.binary(max_size=12))
    media_types = st.sampled_from((b"application/json",) * 60 + _MEDIA_TYPES).map(lambda value: ((b"Content-Type", value),))
    several = st.lists(st.one_of(known, naughty, drawn), max_size=2).map(tuple)
    return st.tuples(st.one_of(media_types, media_types, media_types, st.just(())), st.one_of(st.just(()), several)).map(lambda parts: (*parts[0], *parts[1]))


def _bodies() -> st.SearchStrategy[bytes]:
    torture = st.sampled_from(_TORTURE)
    within_one = st.tuples(torture, st.integers(0, 6)).map(lambda drawn: list(within(drawn[0]))[drawn[1]])
    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(NAUGHTY_STRINGS),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("text", "title", "options", "", "deadline_s", "sections")), inner, max_size=3)
        ),
        max_leaves=6,
    )
    fields = st.sampled_from(("title", "published", "language", "source", "options", "model", "deadline_s", "__proto__", "text"))
    changed = st.dictionaries(fields, values, min_size=1, max_size=2).map(lambda changes: json.dumps(_article(**changes)).encode())
    return st.one_of(_spliced(), _spliced(), torture, within_one, changed, st.binary(max_size=40))


@st.composite
def _spliced(draw: st.DrawFn) -> bytes:
    """Return an article in which something was cut out and something else was put in."""
    body = draw(st.sampled_from(_ARTICLES))
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(body)))
        body = body[:at] + draw(st.sampled_from(_SPLICES)) + body[at + draw(st.integers(0, 4)) :]
    return body
