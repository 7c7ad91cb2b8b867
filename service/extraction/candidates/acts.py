"""Acts: which clauses of a sentence threaten harm that is to come, and which bind whoever speaks, by the words that tell it."""

from dataclasses import dataclass

import regex

from service.extraction.candidates.doers import has_bare_subject, is_somebody, names_doer
from service.extraction.candidates.reading import NEAR, VERB_LAST, Reading
from service.extraction.judgement.commitments import NO_SUBJECT, is_demanded
from service.extraction.judgement.telling import Told
from service.extraction.judgement.threats import is_imagined
from service.extraction.quotes import turning
from service.extraction.quotes.clauses import cut_off
from service.extraction.quotes.turning import CutKind

#: Languages in which the subject stands before the verb.
_SUBJECT_FIRST = frozenset({"en", "fr"})
#: Languages in which a "will be" and an infinitive are the future of a verb.
_COMPOUND_FUTURE = frozenset({"ru", "uk"})
#: How verbs end that report what somebody said will be.
_REPORTED = {"en": ("would",), "fr": ("rait", "raient"), "de": ("werde", "wurde", "wurden")}
#: How verbs end that need no subject: we will.
_OURS = {"es": ("remos",), "pt": ("remos",), "it": ("remo",)}
#: A subject stands so many clauses before its verb.
_SUBJECT_CLAUSES = 3
#: What has no more words says nothing.
_MIN_WORDS = 3
#: A negation stands so many words before what is promised, or beside what is refused.
_UNPROMISED_WORDS, _UNREFUSED_WORDS = 4, 2
_YEAR = regex.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
#: A year that a sentence begins with stands so far in it.
_FIRST_CHARS = 40
_OPENING = frozenset('“„«»「"')


@dataclass(frozen=True, slots=True)
class Act:
    """A clause that states something."""

    at: int
    threat: bool
    commitment: bool


def acts_of(reading: Reading, published: str | None) -> list[Act]:
    """Return what the clauses of a sentence state, in their order; nothing of a question, or of a year before that of publication."""
    return [] if reading.sentence.asks or _is_history(reading, published) else _Acts(reading).found


class _Acts:
    """What the clauses of a sentence state."""

    def __init__(self, reading: Reading) -> None:
        self._reading, self._sentence, self._language = reading, reading.sentence, reading.sentence.language
        self._threats: list[bool] = []
        self.found: list[Act] = []
        for at in range(len(reading.clauses)):
            threat = not reading.is_condition(at) and self._threatens(at)
            self._threats.append(threat)
            commitment = not reading.is_condition(at) and (self._pledges_answer(at) if threat else self._binds(at))
            if (threat or commitment) and not (threat and self._says_more(at)) and not is_imagined(reading.span(at), self._sentence):
                self.found.append(Act(at, threat, commitment))

    def _threatens(self, at: int) -> bool:
        """Whether harm is to come: by a verb that says so, or one that threatens, plans or expects it."""
        harms = self._harms(at)
        return not self._reading.is_relative(at) and self._is_of_harm(at, harms) and not self._is_negated(at, harms)

    def _is_of_harm(self, at: int, harms: list[Told]) -> bool:
        """Whether a clause tells of harm to come, if it is not negated."""
        reading, to_come = self._reading, self._is_to_come(at)
        if not harms:
            head = reading.heads[at]
            forced = (to_come and reading.governed(at, "threaten")) or (head is not None and bool(reading.told(head, "threaten")) and reading.opens(at, "to"))
            return (forced and not reading.holds(at, "nature")) or (to_come and self._is_ultimatum(at) and self._has_doer(at))
        spoken = reading.heads[at] is not None or bool(reading.told(at, "threaten", "promise", "said")) or self._is_quoted(at)
        if to_come and (spoken or self._has_doer(at)):
            return True
        if self._goes_on(at):
            return True
        if reading.governed(at, "threaten") or reading.governed(at, "expect") or reading.governed(at, "promise"):
            return not self._is_done(at, harms)
        return bool(reading.told(at, "intend") or (reading.told(at, "future") and self._has_source(at)))

    def _binds(self, at: int) -> bool:
        """Whether somebody promises, refuses, or says what it will do."""
        reading = self._reading
        promises = [one for one in reading.told(at, "promise") if not is_demanded(one, self._sentence) and not self._is_unpromised(one, at)]
        refusals = [one for one in reading.told(at, "refuse") if not is_demanded(one, self._sentence) and not self._is_unrefused(one, at)]
        if (promises or refusals) and self._has_content(at) and not any(self._is_spelt_out(one, at) for one in promises):
            return True
        head = reading.heads[at]
        infinitive = self._sentence.base in VERB_LAST and reading.told(at, "to")
        if head is not None and reading.told(head, "promise") and (infinitive or reading.opens(at, "to", "that")):
            return True
        if head is not None and infinitive and reading.told(head, "refuse") and not reading.clauses[at].joined:
            return True
        if reading.governed(at, "expect") or reading.is_relative(at):
            return False
        return any(not is_demanded(one, self._sentence) for one in reading.told(at, "will")) and self._has_doer(at)

    def _pledges_answer(self, at: int) -> bool:
        """Whether a threat is a pledge to answer what others may do, and neither an ultimatum nor an expectation."""
        reading = self._reading
        if reading.governed(at, "expect"):
            return False
        beside = [near for near in (at - 1, at + 1) if 0 <= near < len(reading.clauses)]
        if any(reading.opens(near, "if", "if_with") and not reading.opens(near, "unless") and not self._negates(near) for near in beside):
            return True
        return bool(reading.told(at, "answer")) or (reading.inline(at) is not None and not self._is_ultimatum(at))

    def _says_more(self, at: int) -> bool:
        """Whether a clause only says more of the threat before it: "and their first target will be"."""
        # In Slavic languages the same word makes the future of a verb: "and will be shooting down".
        if not self._reading.told(at, "be") or (self._sentence.base in _COMPOUND_FUTURE and self._reading.told(at, "to")):
            return False
        return bool(self.found and self.found[-1].at == at - 1 and self._threats[at - 1] and self._reading.clauses[at].joined)

    def _harms(self, at: int) -> list[Told]:
        """Return the words of harm in a clause; whoever helps, or refuses to, does none."""
        reading = self._reading
        if reading.told(at, "aid", "refuse") and not reading.told(at, "threaten"):
            return []
        return reading.told(at, "harm", "coerce") or (reading.told(at, "shut") if reading.told(at, "lifeline") else [])

    def _is_done(self, at: int, harms: list[Told]) -> bool:
        struck = {one.first for one in self._reading.told(at, "struck")}
        return all(one.first in struck for one in harms)

    def _is_to_come(self, at: int) -> bool:
        reading, after = self._reading, at + 1
        if reading.told(at, "will"):
            return True
        # Where verbs stand last, the last of several clauses says it for all.
        return self._sentence.base in VERB_LAST and after < len(reading.clauses) and reading.clauses[after].joined and bool(reading.told(after, "will"))

    def _goes_on(self, at: int) -> bool:
        """Whether a clause goes on with a threat: "will close the border, and expel"."""
        clause = self._reading.clauses[at]
        return at > 0 and clause.joined and not clause.apart and self._threats[at - 1] and self._is_to_come(at - 1) and not self._is_done(at, self._harms(at))

    def _has_source(self, at: int) -> bool:
        """Whether a clause, or one before it, names who says or expects it."""
        for before in range(at, max(at - NEAR, -1), -1):
            if self._reading.told(before, "said", "expect", "according"):
                return True
            if self._reading.clauses[before].apart:
                break
        return False

    def _is_ultimatum(self, at: int) -> bool:
        """Whether a clause depends on what somebody is to do: "unless", or "if" with a negation."""
        reading = self._reading
        for near in (at - 1, at, at + 1):
            if 0 <= near < len(reading.clauses) and (reading.holds(near, "unless") or (reading.is_condition(near) and self._negates(near))):
                return True
        inline = reading.inline(at)
        return inline is not None and self._negated(self._sentence.words[inline].start, reading.span(at)[1])

    def _is_quoted(self, at: int) -> bool:
        """Whether a clause, or the condition before it, opens between quotation marks."""
        start = self._reading.span(at - 1 if at and self._reading.is_condition(at - 1) else at)[0]
        before = self._sentence.text[max(start - 2, 0) : start]
        # French sets a space behind its opening mark.
        return before[-1:] in _OPENING or (before[:1] == "«" and before[-1:].isspace())

    def _is_negated(self, at: int, harms: list[Told]) -> bool:
        """Whether a clause says that no harm is to come: by a negation or a denial of its own or of the clause that it depends on."""
        reading, words = self._reading, self._sentence.words
        if reading.told(at, "untrue"):
            return True
        start, end = reading.span(at)
        known = turning.turning_words(self._language)
        clause = reading.clauses[at]
        if known and known.goes_without(known.plain(self._sentence.text[start : words[min(clause.first + 1, clause.last - 1)].end])):
            return True
        inline = reading.inline(at)
        first = max((one.first for one in harms), default=clause.first)
        opened = max((words[one.last].start for one in reading.told(at, "that") if one.first < first and one.last < clause.last), default=start)
        own = self._sentence.text[opened : end if inline is None else words[inline].start]
        if turning.negated(own, self._language) or turning.denied(own, self._language):
            return True
        cut = cut_off((opened, end), self._sentence.text, (self._sentence.start, self._sentence.end), self._language)
        return cut is not None and cut.kind != CutKind.MODAL

    def _has_content(self, at: int) -> bool:
        """Whether a clause says itself what is promised, and not the one that depends on it."""
        reading = self._reading
        for after in range(at + 1, min(at + NEAR, len(reading.clauses))):
            if reading.heads[after] != at or reading.clauses[after].joined or reading.is_condition(after):
                continue
            if self._sentence.base in VERB_LAST or reading.opens(after, "that", "to") or reading.holds(after, "will"):
                return False
        return reading.clauses[at].last - reading.clauses[at].first >= _MIN_WORDS

    def _is_spelt_out(self, one: Told, at: int) -> bool:
        """Whether no more than help is promised, and the clause that goes on says which: "offered help, and will send two planes"."""
        reading, following = self._reading, at + 1
        if following >= len(reading.clauses) or not reading.clauses[following].joined or not reading.told(following, "will"):
            return False
        return any(help_.first == one.last and help_.last == reading.clauses[at].last for help_ in reading.told(at, "aid"))

    def _is_unpromised(self, one: Told, at: int) -> bool:
        """Whether a promise is negated, or only tells which man is meant: an admiral who has promised it."""
        clause = self._reading.clauses[at]
        if any(clause.first < other.first and 0 <= one.first - other.last <= 1 for other in self._reading.told(at, "relative")):
            return True
        words, first = self._sentence.words, max(one.first - _UNPROMISED_WORDS, clause.first)
        # A promise may be worded as a negation itself: will never.
        return first < one.first and self._negated(words[first].start, words[one.first - 1].end)

    def _is_unrefused(self, one: Told, at: int) -> bool:
        """Whether what is refused is a claim or a fact and no act, or a negation stands right beside the refusal, which may be worded as one itself."""
        reading, words, clause = self._reading, self._sentence.words, self._reading.clauses[at]
        if reading.told(at, "claim") or any(one.first <= other.first < other.last <= one.last for other in reading.told(at, "expect")):
            return True
        if any(other.first == one.first for other in reading.told(at, "deny")) and any(other.first == one.last for other in reading.told(at, "that")):
            return True
        beside = ((max(one.first - _UNREFUSED_WORDS, clause.first), one.first), (one.last, min(one.last + _UNREFUSED_WORDS, clause.last)))
        return any(self._negated(words[first].start, words[last - 1].end) for first, last in beside if first < last)

    def _has_doer(self, at: int) -> bool:
        """Whether somebody who can act is named before what is to come, or the language needs no such name."""
        reading, clause, base = self._reading, self._reading.clauses[at], self._sentence.base
        if reading.holds(at, "nature"):
            return False
        verbs = reading.told(at, "will")
        if any(self._is_reported(one) or self._is_ours(one) or has_bare_subject(one, self._sentence) for one in verbs):
            return True
        until = min((one.first for one in verbs), default=clause.last)
        if base in _SUBJECT_FIRST and until - clause.first > 1:
            return self._names_doer(at, until)
        for before in range(at, max(at - _SUBJECT_CLAUSES, 0) - 1, -1):
            if self._names_doer(before, reading.clauses[before].last):
                return True
            if reading.clauses[before].apart or reading.opens(before, "that"):
                break
        # There will be no talks: nobody need be named.
        return base in NO_SUBJECT and bool(self._sentence.told("said")) and not (reading.told(at, "be") and not self._negates(at))

    def _is_reported(self, verb: Told) -> bool:
        """Whether what is to come is told in the words in which languages report what somebody said."""
        form = self._sentence.words[verb.first].forms[0]
        return form.endswith(_REPORTED.get(self._sentence.base, ())) and bool(self._sentence.told("said"))

    def _is_ours(self, verb: Told) -> bool:
        """Whether a verb says itself that "we" are its subject."""
        return self._sentence.words[verb.first].forms[0].endswith(_OURS.get(self._sentence.base, ()))

    def _names_doer(self, at: int, until: int) -> bool:
        reading = self._reading
        thats = {one.first for one in reading.told(at, "that")}
        if any(one.first < until and one.first not in thats and is_somebody(one, self._sentence) for one in reading.told(at, "self")):
            return True
        return any(one.first < until for one in reading.told(at, "party")) or names_doer(reading.clauses[at].first, until, self._sentence)

    def _negates(self, at: int) -> bool:
        return self._negated(*self._reading.span(at))

    def _negated(self, start: int, end: int) -> bool:
        return turning.negated(self._sentence.text[start:end], self._language)


def _is_history(reading: Reading, published: str | None) -> bool:
    """Whether a sentence begins with a year that is over."""
    sentence = reading.sentence
    year = _YEAR.search(sentence.text, sentence.start, min(sentence.start + _FIRST_CHARS, sentence.end))
    return year is not None and published is not None and year[0] < published[:4]
