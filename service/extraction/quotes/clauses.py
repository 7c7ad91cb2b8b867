"""Clauses: whether a quote is cut off from the words that turn it round: a negation, a denial, a modal of its own clause.

What stands before the quote counts as far as the last mark, conjunction or relative pronoun, and six words at most; behind the quote only the words that
follow at once, more of them in languages whose verb comes last. A denial reaches into the clause that it denies ("denied that the army | struck"); a negation
does not, for "did not say that" negates the saying. Doubt within a clause is settled for caution: of "did not agree to | strike" the negation counts.
"""

from dataclasses import dataclass

import regex

from service.extraction.quotes.turning import CutKind, TurningWords, turning_words

#: A code point beyond these is too far from the quote to turn it round.
_REACH_CHARS = 240
#: Words read beyond those that count, so that "not later than" is seen whole.
_MORE_WORDS = 4

#: Where a clause ends. Quotation marks end none: not “to attack”.
_BOUNDARY = regex.compile(r"[,،，、](?!\d)|[;:!?…—–()\[\]\n؛؟。；：！？]|(?<=\s)-(?=\s)")
_COMMAS = frozenset(",،，、")
_NO_OPENER = (0, 0, False)


@dataclass(frozen=True, slots=True)
class CutOff:
    """What a quote is cut off from, and the span of the text that holds both: its whole clause, and the clause that denies it."""

    kind: CutKind
    clause: tuple[int, int]


def cut_off(span: tuple[int, int], text: str, sentence: tuple[int, int], language: str) -> CutOff | None:
    """Return what a quote is cut off from within its sentence, or None.

    Args:
        span: Where the quote stands.
        text: The text as received.
        sentence: The span of the sentences that hold the quote.
        language: Of the text; where no lexicon is known of it nothing is found.
    """
    known = turning_words(language)
    if known is None:
        return None
    start, end = span
    before = text[max(sentence[0], start - _REACH_CHARS) : start]
    behind = text[end : min(sentence[1], end + _REACH_CHARS)]
    boundary = _BOUNDARY.search(behind)
    own = behind[: boundary.start()] if boundary else behind
    first, opening = _before(before, known)
    kinds = {first, _behind(own, known)}
    kind = next((kind for kind in CutKind if kind in kinds), None)
    # A quote that has a modal of its own lacks none.
    if kind is None or (kind == CutKind.MODAL and known.modals.search(known.plain(text[start:end]))):
        return None
    return CutOff(kind, (start - len(before) + opening, end + len(own.rstrip())))


def _before(before: str, known: TurningWords) -> tuple[CutKind | None, int]:
    """Return what the words before a quote do to it, and where in them the clause of those words begins."""
    boundaries = [(0, 0), *(match.span() for match in _BOUNDARY.finditer(before))]
    clause_from = boundaries[-1][1]
    plain = known.plain(before[clause_from:])
    opener_from, opener_to, denies = _last_opener(plain, known)
    own = plain[opener_to:]
    kind = CutKind.NEGATION if known.goes_without(own) else known.kind(known.last(own, known.before))
    begins = _behind_space(before, clause_from)
    if kind in {CutKind.NEGATION, CutKind.DENIAL}:
        return kind, begins
    head = plain[:opener_from] if denies else ""
    if not head.strip() and (denies or (known.comma_before_infinitive and not own)):
        # What a denial denies may stand apart: the minister denied, in a speech on Monday, that.
        for (_, earlier), (at, _) in zip(boundaries[-2::-1], boundaries[:0:-1], strict=True):
            if before[at] not in _COMMAS:
                break
            head, begins = known.plain(before[earlier:at]), _behind_space(before, earlier)
            if not denies or known.kind(head) or _last_opener(head, known) != _NO_OPENER:
                break
    head = head[_last_opener(head, known)[1] :]
    return (CutKind.DENIAL, begins) if known.kind(known.last(head, known.before)) == CutKind.DENIAL else (kind, begins)


def _behind_space(text: str, start: int) -> int:
    """Return where the first sign behind white space stands in `text`, from `start` on."""
    return len(text) - len(text[start:].lstrip())


def _behind(own: str, known: TurningWords) -> CutKind | None:
    """Return what the words right behind a quote do to it."""
    plain = known.first(known.plain(own), known.after + _MORE_WORDS)
    openings = [match.start() for words in (known.openings, known.that) if (match := words.search(plain))]
    return known.kind(plain, min([*openings, len(known.first(plain, known.after))]))


def _last_opener(plain: str, known: TurningWords) -> tuple[int, int, bool]:
    """Return where the last word that opens a clause begins and ends, and whether a denial before it reaches beyond it."""
    found = [(*match.span(), words is known.that) for words in (known.openings, known.that) for match in words.finditer(plain)]
    return max(found, default=_NO_OPENER)
