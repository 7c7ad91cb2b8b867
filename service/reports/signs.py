"""Characters that nobody sees, made visible.

What is shown must be what is there: a control character can hide words, and one that turns the direction of writing can show a sentence backwards. Both become
signs such as ⟨RLO⟩; so does what is heaped on a letter beyond measure, which would cover other lines. What Arabic, Persian, Hebrew, Indic scripts and emoji
are written with stays as it is: joiners, marks of direction, selectors of variants.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

import regex
from markupsafe import Markup, escape

#: One character that becomes a sign: what Unicode calls ignorable, controls but tab and line feed, line separators, the blank of braille, annotations, what is
#: no character.
_UNSEEN = (
    r"[[\p{Default_Ignorable_Code_Point}\p{Cs}\p{Noncharacter_Code_Point}\u2028\u2029\u2800\uFFF9-\uFFFB\x00-\x08\x0B-\x1F\x7F-\x9F]"
    r"--[\u200C-\u200F\u061C\uFE00-\uFE0F\u180B-\u180D\u180F]]"
)
_RUN = regex.compile(f"{_UNSEEN}++", regex.V1)
#: One character as often as it stands there in a row.
_SAME = regex.compile(r"(.)\1*+", regex.DOTALL)
_LINE_END = regex.compile(r"\r\n?")

#: So often the same sign is repeated before it is counted, and so many of a run are told before the rest is.
_REPEATED, _TOLD = 3, 8
#: So many marks stand on a letter, at most; the rest is counted.
MOST_HEAPED = 8
_HEAPED = rf"[\p{{M}}\u200C-\u200F\u061C]{{{MOST_HEAPED + 1},}}+"
_HEAP = regex.compile(_HEAPED)
#: What few texts have; one without is shown as it is.
_ODD = regex.compile(f"{_UNSEEN}|{_HEAPED}", regex.V1)
#: A bdi, so that the letters of a sign are not taken for the direction of the paragraph that it stands in.
_SIGN = '<bdi class="sign">⟨{}⟩</bdi>'

_NAMES = {
    "\x00": "NUL",
    "\x08": "BS",
    "\x1b": "ESC",
    "\x7f": "DEL",
    "\x85": "NEL",
    "\u00ad": "SHY",
    "\u034f": "CGJ",
    "\u180e": "MVS",
    "\u200b": "ZWSP",
    "\u2028": "LS",
    "\u2029": "PS",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2060": "WJ",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
    "\ufeff": "BOM",
}


def shown(text: str) -> Markup:
    """Return `text` as HTML in which every character that nobody sees, or that reorders what others see, is a sign, and every line ends in a line feed.

    A sign that stands there more than a few times in a row is told once, with its count; so is what is left of a long run of different ones, and of the marks
    that are heaped on one letter.
    """
    if not _ODD.search(text):
        return escape(text)
    text = _LINE_END.sub("\n", text)
    html, end = list[str](), 0
    for run in _RUN.finditer(text):
        html.append(_escaped(text[end : run.start()]))
        html += [_sign(run[0], 1)] if len(run[0]) == 1 else _signs(run[0])
        end = run.end()
    html.append(_escaped(text[end:]))
    return Markup("".join(html))  # noqa: S704 - each part is escaped, or a sign of ours


def _escaped(text: str) -> str:
    """Return `text` escaped, and what is heaped on its letters beyond measure counted."""
    html, end = list[str](), 0
    for heap in _HEAP.finditer(text):
        kept = heap.start() + MOST_HEAPED
        html += [str(escape(text[end:kept])), _SIGN.format(f"{heap.end() - kept:,} more marks")]
        end = heap.end()
    html.append(str(escape(text[end:])))
    return "".join(html)


def _signs(run: str) -> Iterator[str]:
    told = 0
    for same in islice(_SAME.finditer(run), _TOLD):
        yield _sign(same[0][0], same.end() - same.start())
        told = same.end()
    if told < len(run):
        yield _SIGN.format(f"{len(run) - told:,} more unseen")


@lru_cache(4_096)
def _sign(character: str, times: int) -> str:
    point = f"U+{ord(character):04X}"
    name = _NAMES.get(character, point)
    if times > _REPEATED:
        return f'<bdi class="sign" title="{point}">⟨{name} \N{MULTIPLICATION SIGN}{times:,}⟩</bdi>'
    return f'<bdi class="sign" title="{point}">⟨{name}⟩</bdi>' * times
