"""Requests byte by byte."""

import base64
import json
import zlib

from hypothesis import given
from hypothesis import strategies as st

from tests.rig.json_torture import SOUND, UNSOUND
from tests.rig.odd_requests import odd_requests
from tests.rig.plain_http import Request


def test_nothing_is_made_better() -> None:
    """What is odd about a request is sent; a host and a length are added where there are none."""
    odd = Request(b"P ST", b"/\xff", ((b"A\x00", b"b\nc"),), b"{")

    assert odd.wire == b"P ST /\xff HTTP/1.1\r\nHost: vigie\r\nA\x00: b\nc\r\nContent-Length: 1\r\n\r\n{"
    assert Request(b"GET", b"/", ((b"host", b"a"), (b"content-length", b"9")), b"{").wire == b"GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{"


@given(odd_requests())
def test_a_request_can_be_sent_again(request: Request) -> None:
    """The command that is told sends the very bytes."""
    packed = request.replay.split()[1]

    assert zlib.decompress(base64.b64decode(packed), 31) == request.wire


@given(st.data())
def test_bodies_end_where_they_say(data: st.DataObject) -> None:
    """No generated request announces more than it brings, for which a service would wait."""
    request = data.draw(odd_requests())
    lengths = [int(value) for name, value in request.headers if name.lower() == b"content-length" and value.isdigit()]

    assert all(length <= len(request.body) or length > 4_194_304 for length in lengths)


def test_the_two_kinds_of_json_are_two() -> None:
    """Python's own reader takes all that is sound; nothing is both."""
    sound, unsound = ({case for cases in kinds.values() for case in cases} for kinds in (SOUND, UNSOUND))

    assert all(json.dumps(json.loads(case)) for case in sound)
    assert not sound & unsound
