"""The identifier: which of its languages a text is in, by the sequences of bytes that are found in it and what they weigh in each language.

Model and rule are those of py3langid. `scripts/lay_out_languages.py` lays its model out anew, for the languages of `language.py` alone and in a tenth of the
room: weights are whole numbers, and those of a sequence one long number with a lane for each language, so that one addition adds in all of them.
"""

import json
import math
import struct
import sys
import unicodedata
import zlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import accumulate

#: Of the ways from sequence to sequence, those that are kept: two megabytes.
_MOST_MET = 1 << 14
_LANE_BITS = 16
#: What sums are read as: two lanes that are side by side have the room of both.
_SUM_BITS = 2 * _LANE_BITS


@dataclass(frozen=True, slots=True)
class Sequences:
    """The sequences of bytes that are looked for, as a tree, level by level, in the order of their bytes."""

    #: The last byte of each.
    last: bytes
    #: Of each the first that is one byte longer; they stand together, up to the first of the next.
    longer: Sequence[int]
    #: Of each the longest other one that is its end.
    shorter: Sequence[int]
    #: Of each the row of weights that counts where it is found; -1: none.
    row: Sequence[int]

    #: Where a byte led, by the sequence before it and the byte: those that were met first, which are the usual ones.
    met: dict[int, int] = field(default_factory=dict)

    def rows(self, data: bytes) -> Counter[int]:
        """Return how often each row counts in `data`: at each byte, that of the longest sequence that ends there."""
        met, row, at, found = self.met.get, self.row, 0, []
        for byte in data:
            known = met(at << 8 | byte)
            at = self._next(at, byte) if known is None else known
            found.append(row[at])
        counted = Counter(found)
        del counted[-1]
        return counted

    def _next(self, at: int, byte: int) -> int:
        """Return the longest sequence that ends with `byte` after the sequence `at`."""
        find, longer, here = self.last.find, self.longer, at
        following = find(byte, longer[here], longer[here + 1])
        while following < 0 and here:
            here = self.shorter[here]
            following = find(byte, longer[here], longer[here + 1])
        if len(self.met) < _MOST_MET:
            self.met[at << 8 | byte] = max(following, 0)
        return max(following, 0)


@dataclass(frozen=True, slots=True)
class Weights:
    """What rows weigh in each lane, above the least that any weighs there."""

    lanes: int
    #: Lanes that hold nothing are left out before and after: where each row begins and ends among the bytes, and in which lane it begins.
    bounds: Sequence[int]
    start: bytes
    weights: bytes

    def sums(self, rows: Iterable[int]) -> tuple[int, ...]:
        """Return the sum of these rows, each of which is given once, in each lane."""
        bounds, start, weights = self.bounds, self.start, self.weights
        numbers = [int.from_bytes(weights[bounds[row] : bounds[row + 1]], "little") << start[row] * _LANE_BITS for row in rows]
        halves = (self.lanes + 1) // 2
        every_other = sum(((1 << _LANE_BITS) - 1) << half * _SUM_BITS for half in range(halves))
        even = sum([number & every_other for number in numbers])
        odd = (sum(numbers) - even) >> _LANE_BITS
        form, size = f"<{halves}I", halves * _SUM_BITS // 8
        pairs = zip(*(struct.unpack(form, half.to_bytes(size, "little")) for half in (even, odd)), strict=True)
        return tuple(one for pair in pairs for one in pair)[: self.lanes]


@dataclass(frozen=True, slots=True)
class Identifier:
    """Tells languages apart."""

    #: Of each lane. A language that is written in two ways has two.
    languages: tuple[str, ...]
    #: What a lane weighs before anything is read.
    prior: tuple[float, ...]
    #: What a row weighs in a lane at least, and what one of the whole numbers above it weighs.
    least: tuple[float, ...]
    unit: float
    sequences: Sequences
    weights: Weights

    def identify(self, text: str) -> str:
        """Return the language of `text`; the first one where nothing of it tells."""
        rows = self.sequences.rows(_bytes(text))
        scores = self._scores(rows) if rows else self.prior[:1]
        return self.languages[scores.index(max(scores))]

    def _scores(self, rows: Mapping[int, int]) -> list[float] | tuple[float, ...]:
        """Return what the text weighs in each lane; a row counts by the logarithm of one more than the times that it was seen."""
        alike: defaultdict[int, list[int]] = defaultdict(list)
        for row, times in rows.items():
            alike[times].append(row)
        counted = [(math.log1p(times), found) for times, found in alike.items()]
        seen = math.fsum(factor * len(found) for factor, found in counted)
        sums = [(factor * self.unit, self.weights.sums(found)) for factor, found in counted]
        return [
            prior + seen * least + math.fsum(factor * lanes[lane] for factor, lanes in sums)
            for lane, (prior, least) in enumerate(zip(self.prior, self.least, strict=True))
        ]


@cache
def identifier() -> Identifier:
    """Return the identifier of the languages served."""
    head, _, body = zlib.decompress(files(__package__).joinpath("languages.z").read_bytes()).partition(b"\n")
    told, tables = json.loads(head), memoryview(body)
    parts: dict[str, memoryview] = {}
    for name, size in told["sizes"].items():
        parts[name], tables = tables[:size], tables[size:]
    widths = (2 * width for width in parts["width"])
    return Identifier(
        languages=tuple(told["languages"]),
        prior=tuple(told["prior"]),
        least=tuple(told["least"]),
        unit=told["unit"],
        sequences=Sequences(
            bytes(parts["last"]),
            array("I", accumulate(parts["children"], initial=1)),
            _numbers("I", parts["shorter"]),
            _numbers("i", parts["row"]),
        ),
        weights=Weights(len(told["languages"]), array("I", accumulate(widths, initial=0)), bytes(parts["start"]), bytes(parts["weights"])),
    )


def _numbers(letter: str, table: memoryview) -> "array[int]":
    """Return the numbers of a table; the lowest byte is written first."""
    numbers = array(letter)
    numbers.frombytes(table)
    if sys.byteorder == "big":  # pragma: no cover - none that we test on is
        numbers.byteswap()
    return numbers


def _bytes(text: str) -> bytes:
    """Return the bytes that are looked at."""
    text = text.lower() if text.isupper() else text
    return unicodedata.normalize("NFC", text).encode("utf-8", errors="surrogatepass")
