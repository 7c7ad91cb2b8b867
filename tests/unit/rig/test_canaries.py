"""Canaries are found however they are written, and nothing is found where they are not."""

import base64
import gzip
import html
import json
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rig import canaries
from tests.rig.canaries import Canaries, Leak, Sink

KINDS = ["article", "caller_key", "upstream_key", "prompt"]


@pytest.fixture
def words() -> Canaries:
    """New ones."""
    return Canaries()


def percent(text: str) -> str:
    """Return a text of which every letter is escaped."""
    return "".join(f"%{byte:02X}" for byte in text.encode())


def escaped(text: str) -> str:
    """Return a text of which every letter is escaped as JSON allows."""
    return "".join(f"\\u{ord(letter):04x}" for letter in text)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_told(words: Canaries, kind: str) -> None:
    """The leak says where and what, once."""
    found = words.found_in([Sink("log", f"oh {getattr(words, kind)} no".encode()), Sink("other", b"nothing")])

    assert found == [Leak("log", kind, "plain")]


@pytest.mark.parametrize(
    ("form", "encode"),
    [
        ("plain", lambda word: json.dumps({"é": word}).encode()),
        ("plain", lambda word: quote(f"é {word}").encode()),
        ("plain", lambda word: word.upper().encode()),
        ("plain", lambda word: word[-14:].encode()),
        ("plain", lambda word: word.partition("-")[2][:14].encode()),
        ("plain", lambda word: word[::-1].encode()),
        ("escaped", lambda word: percent(word).encode()),
        ("escaped", lambda word: escaped(word).encode()),
        ("escaped", lambda word: json.dumps(escaped(word)).encode()),
        ("escaped", lambda word: quote(percent(word)).encode()),
        ("escaped", lambda word: "".join(f"&#{ord(letter)};" for letter in word).encode()),
        ("plain", lambda word: html.escape(f"<{word}>").encode()),
        ("hex", lambda word: word.encode().hex().upper().encode()),
        ("utf-16", lambda word: word.encode("utf-16")),
        ("gzip", lambda word: gzip.compress(word.encode())),
        ("gzip", lambda word: b"head" + gzip.compress(json.dumps(escaped(word)).encode()) + b"tail"),
        ("gzip", lambda word: gzip.compress(gzip.compress(base64.b64encode(word.encode())))),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_canary_is_found_however_it_is_written(words: Canaries, kind: str, form: str, encode: object) -> None:
    """Escaped, packed, cut or turned round."""
    assert callable(encode)

    assert {(leak.kind, leak.form) for leak in words.found_in([Sink("sink", encode(getattr(words, kind)))])} == {(kind, form)}


@settings(max_examples=30, deadline=None)
@given(before=st.binary(max_size=9), after=st.binary(max_size=9))
def test_base64_is_found_wherever_it_begins(before: bytes, after: bytes) -> None:
    """Whatever stands around a canary, its base64 tells of it."""
    words = Canaries()
    for encoder in (base64.b64encode, base64.urlsafe_b64encode):
        found = words.found_in([Sink("sink", encoder(before + words.upstream_key.encode() + after))])

        assert found == [Leak("sink", "upstream_key", "base64")]


@settings(max_examples=30, deadline=None)
@given(content=st.binary(max_size=300))
def test_clean_sinks_are_clean(content: bytes) -> None:
    """Nothing is found in what holds none, nor in the words around a canary."""
    words = Canaries()
    sinks = [Sink("a", content), Sink("b", gzip.compress(content)), Sink("c", b"canari- caller- sk- prompt- \x1f\x8b\x08 %zz \\u00"), Sink("d", b"")]

    assert words.found_in(sinks) == []


def test_other_canaries_are_none_of_ours(words: Canaries) -> None:
    """Each test looks for its own."""
    assert words.found_in([Sink("sink", Canaries().article.encode())]) == []


def test_some_may_be_allowed(words: Canaries) -> None:
    """A record may hold words of its article, but no key."""
    sinks = [Sink("record", f"{words.article} {words.caller_key}".encode())]

    assert [leak.kind for leak in words.found_in(sinks, allowed=["article"])] == ["caller_key"]


def test_files_are_read_and_so_are_their_names(words: Canaries, tmp_path: Path) -> None:
    """A name is a leak as a content is, and is not repeated."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / f"{words.prompt}.txt").write_text("clean")
    (tmp_path / "logs" / "a.log").write_text(words.article)
    (tmp_path / "b.gz").write_bytes(gzip.compress(words.caller_key.encode()))
    found = words.found_in(canaries.files(tmp_path))

    assert sorted((leak.kind, leak.form) for leak in found) == [("article", "plain"), ("caller_key", "gzip"), ("prompt", "plain")]
    assert all(words.prompt not in leak.sink for leak in found)


def test_answers_and_lines_are_sinks(words: Canaries) -> None:
    """Headers, bodies, lines: the number of the line is told."""
    sinks = [*canaries.answer("answer", {"X-A": words.caller_key}, b"{}"), *canaries.lines("log", ["clean", words.article])]

    assert [leak.sink for leak in words.found_in(sinks)] == ["answer, headers", "log, line 2"]


def test_exceptions_tell_all_that_they_know(words: Canaries) -> None:
    """Their words, arguments, notes and attributes, and those of the exceptions that they come from."""
    cause, context, grouped = ValueError({"a": words.article}), KeyError(words.caller_key), TypeError()
    grouped.add_note(words.prompt)
    grouped.__context__ = context
    raised = ExceptionGroup("clean", [grouped])
    raised.__cause__ = cause
    hidden = RuntimeError("clean")
    hidden.last = words.upstream_key  # type: ignore[attr-defined]
    found = {(leak.sink, leak.kind) for leak in words.found_in([*canaries.error("first", raised), *canaries.error("second", hidden)])}

    assert {kind for _, kind in found} == set(KINDS)
    assert {sink for sink, kind in found if kind == "upstream_key"} == {"second, RuntimeError 0, attributes"}


def test_nothing_shows_a_canary(words: Canaries) -> None:
    """Neither the canaries, nor sinks, nor leaks print it: a failing test ends in a log."""
    sinks = [Sink("sink", words.article.encode())]
    shown = repr((words, sinks, words.found_in(sinks)))

    assert Canaries.found_in(words, [Sink("shown", shown.encode())]) == []
