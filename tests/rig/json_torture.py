r"""JSON that parsers have stumbled over, by what is odd about it. Each stands for a whole body; `within` puts it where a value is due."""

from collections.abc import Iterator

#: JSON by RFC 8259 that a service may take or refuse for its own reasons, but must understand.
SOUND: dict[str, tuple[bytes, ...]] = {
    "numbers": (b"0", b"-0", b"-0.0", b"1e1", b"1E+2", b"1e-400", b"0e99999", b"123456789012345678901234567890", b"0.1e-7", b"1" + b"0" * 300),
    "escapes": (
        rb'"\u0000"',
        rb'"\ud83d\ude00"',
        rb'"\uD834\udd1e"',
        rb'"\"\\\/\b\f\n\r\t"',
        rb'"\u2028\u2029"',
        rb'"\uffff\ufffe\ufdd0"',
        rb'"\u007f\u0080\u200e\u202e\ufeff"',
        rb'{"\u0061": 1}',
    ),
    "text": (
        '"é"'.encode(),
        b'"e\xcc\x81"',
        b'"\xf4\x8f\xbf\xbf"',
        b'"\xef\xbb\xbf"',
        b'"\x7f"',
        b'"' + b"a" * 70_000 + b'"',
        '"\u202e\u2066"'.encode(),
        b'""',
    ),
    "space": (b" \t\r\n[ \t\r\n1 \t\r\n,\r2 ] \t\r\n", b"[1]\n", b"\r\r{}\t", b" " * 5_000 + b"1"),
    "kinds": (b"null", b"true", b"false", b"[]", b"{}", b'""', b"[[]]", b'{"": {}}', b'[null, true, 0.5, "a", {}, []]', b'{"a": {"a": {"a": {}}}}'),
    "depth": (b"[" * 20 + b"]" * 20, b'{"a":' * 20 + b"0" + b"}" * 20),
}

#: What is no JSON by RFC 8259, or what the service says that it does not take: more than one meaning, out of range, too deep.
UNSOUND: dict[str, tuple[bytes, ...]] = {
    "numbers": (
        *(b"01", b"-01", b"+1", b".5", b"5.", b"-.5", b"-", b"1e", b"1e+", b"1.e1", b"0x10", b"0b1", b"1_000", b"1,5", b"- 1", b"--1", b"1e1.5", b"1 000"),
        *(
            b"NaN",
            b"-NaN",
            b"nan",
            b"Infinity",
            b"-Infinity",
            b"+Infinity",
            b"inf",
            b"1e999",
            b"-1e999",
            b"1" + b"0" * 400 + b".0",
            "１".encode(),
            "٣".encode(),
        ),
        *(b"9" * 5_000, b"-" + b"9" * 1_000_000, b"1e" + b"9" * 1_000),
    ),
    "escapes": (
        *(rb'"\ud800"', rb'"\udc00"', rb'"\ud800\ud800"', rb'"\udc00\ud800"', rb'"\ud800a"', rb'"\ud800\n"', rb'"\ud800\u"', rb'"\udbff\udbff"'),
        *(rb'"\u"', rb'"\u00"', rb'"\u00g0"', rb'"\u 041"', rb'"\U0041"', rb'"\x41"', rb'"\a"', rb'"\0"', rb'"\v"', rb"'\''", rb'"\u-041"', b'"\\'),
        *(b'"\\\n"', b'"\\\xc3\xa9"', b'"\\', rb'"\u{1F600}"', b'{"a\\": 1}'),
    ),
    "control characters": tuple(b'"a%cb"' % code for code in (0, 1, 8, 9, 10, 11, 12, 13, 27, 31)),
    "UTF-8": (
        *(b'"\xff"', b'"\xfe\xff"', b'"\x80"', b'"\xbf\xbf"', b'"\xc3"', b'"\xc3("', b'"\xe2\x82"', b'"\xe2(\xa1"', b'"\xf0\x9f\x98"', b'"\xf0(\x8c\xbc"'),
        *(
            b'"\xc0\x80"',
            b'"\xc0\xaf"',
            b'"\xe0\x80\xaf"',
            b'"\xf0\x80\x80\xaf"',
            b'"\xc1\xbf"',
            b'"\xed\xa0\x80"',
            b'"\xed\xbf\xbf"',
            b'"\xed\xa0\xbd\xed\xb8\x80"',
        ),
        *(b'"\xf4\x90\x80\x80"', b'"\xf8\x88\x80\x80\x80"', b'"\xfc\x84\x80\x80\x80\x80"', b'{"\xff": 1}', b'"caf\xe9"', b"\xe9"),
    ),
    "byte order and other encodings": (
        *(b"\xef\xbb\xbf{}", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb{}", '{"text": "a"}'.encode("utf-16"), '{"text": "a"}'.encode("utf-16-be")),
        *('{"text": "a"}'.encode("utf-32"), '{"text": "a"}'.encode("utf-16-le"), b"+AHs-}", '{"text": "é"}'.encode("latin-1"), '"é"'.encode("cp037")),
    ),
    "truncation": (
        *(b"", b" ", b"[", b"{", b'"', b'"a', b"[1", b"[1,", b'{"a"', b'{"a":', b'{"a":1', b'{"a":1,', b"t", b"tru", b"nul", b"fals", b'["', b'["a",', b'[{"'),
        *(b"]", b"}", b",", b":", b"[}", b"{]", b"[1}", b'{"a":1]', b"\x00", b'{"text": "a"\x00}'),
    ),
    "structure": (
        *(
            b"[,]",
            b"[1,]",
            b"[,1]",
            b"[1,,2]",
            b"[1 2]",
            b"[1:2]",
            b"{,}",
            b'{"a":1,}',
            b'{"a" 1}',
            b'{"a":}',
            b"{:1}",
            b'{"a"::1}',
            b'{"a":1 "b":2}',
            b"{1:1}",
        ),
        *(
            b"{a:1}",
            b"{'a':1}",
            b"{null:1}",
            b"{[]:1}",
            b"'a'",
            b"`a`",
            b"a",
            b"True",
            b"NULL",
            b"None",
            b"undefined",
            b'"a" "b"',
            b"1 2",
            b"[] []",
            b"{}{}",
            b"[]x",
        ),
        *(b'{"a":1}}', b"[1]]", b'"a"b', b"{}#", b"{};", b"(1)", b"<a/>", b"text=a&title=b", b"\x93\x01\x02\x03", b"\x1f\x8b\x08\x00", b"%7B%7D"),
    ),
    "comments and spaces that are none": (
        *(
            b"/* a */ 1",
            b"1 // a",
            b"# a\n1",
            b"[1, /* a */ 2]",
            b"<!-- a -->1",
            b"\x0b1",
            b"\x0c1",
            b"\xc2\xa01",
            b"\xe2\x80\xa81",
            b"\xef\xbb\xbf1",
            b"\xe3\x80\x801",
        ),
        *(b"\x1e{}", b"\x1a{}", b"{}\x00", b"\x00{}", b"[\xe2\x80\x8b]"),
    ),
    "keys that come twice": (
        *(b'{"text": "a", "text": "b"}', b'{"text": "a", "text": "a"}', rb'{"text": "a", "te\u0078t": "b"}', b'{"a": {"b": 1, "b": 2}}', b'[{"": 1, "": 2}]'),
        b'{"text": "a", "options": {"deadline_s": 1, "deadline_s": 2}}',
    ),
    "depth": (
        *(b"[" * 40 + b"]" * 40, b"[" * 1_000 + b"]" * 1_000, b"[" * 100_000 + b"]" * 100_000, b"[" * 100_000, b"]" * 100_000, b'{"a":' * 50_000),
        *(b'{"a":' * 5_000 + b"0" + b"}" * 5_000, b'[{"a":' * 5_000 + b"0" + b"}]" * 5_000, b'{"text":[' * 1_000),
    ),
    "breadth": (b"[" + b"0," * 5_000 + b"0]", b"[" + b"[]," * 100_000 + b"[]]", b"{" + b",".join(b'"%d":0' % number for number in range(5_000)) + b"}"),
}

#: Where a value is due in an article.
_PLACES = (
    b'{"text": %b}',
    b'{"text": "a", "title": %b}',
    b'{"text": "a", "options": {"deadline_s": %b}}',
    b'{"text": "a", "options": {"sections": [%b]}}',
    b'{"text": "a", "options": %b}',
    b'{"text": "a", "published": %b}',
    b'{"text": "a", "other": %b}',
)


def within(value: bytes) -> Iterator[bytes]:
    """Yield bodies in each of which `value` stands where some value is due."""
    for place in _PLACES:
        yield place.replace(b"%b", value)
