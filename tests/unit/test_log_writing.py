"""Writing the log never holds up the service (K13)."""

import os
import time
from collections.abc import Iterator

import pytest

from service.log_writing import PatientLog


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """A pipe: where to read, and where to write."""
    reading, writing = os.pipe()
    yield reading, writing
    for end in (reading, writing):
        try:
            os.close(end)
        except OSError:
            continue  # the test did


def test_lines_arrive_in_their_order(pipe: tuple[int, int]) -> None:
    """What was written is there at the end, one line after the other."""
    reading, writing = pipe
    with PatientLog(writing) as log:
        for number in range(1_000):
            log.write(f"{number} é\n")

    assert os.read(reading, 65_536).decode() == "".join(f"{number} é\n" for number in range(1_000))
    assert log.dropped == 0


def test_k13_nobody_waits_for_a_reader_who_stands_still(pipe: tuple[int, int]) -> None:
    """Once the pipe is full lines wait, and then they are dropped and counted; the end does not wait for ever either."""
    _, writing = pipe
    line = "x" * 1_023 + "\n"
    began = time.monotonic()
    with PatientLog(writing, most_waiting=10) as log:
        for _ in range(1_000):
            log.write(line)
        assert time.monotonic() - began < 1
    assert 1_000 - 10 - 65 - 1 <= log.dropped < 1_000
    assert time.monotonic() - began < 6


def test_k13_lines_that_nobody_can_read_are_counted(pipe: tuple[int, int]) -> None:
    """A reader who is gone ends nothing."""
    reading, writing = pipe
    os.close(reading)
    with PatientLog(writing) as log:
        log.write("a\n")
        log.write("b\n")

    assert log.dropped == 2
