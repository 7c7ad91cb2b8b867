"""Victims: which of the noun phrases of a sentence names the one to whom harm is done, not its author, its means, its witness or a place nearby.

What stands still (a base, a depot, an embassy) does nothing: near a deed it is what the deed is done to. Who may act himself (soldiers, ministers, ships) has
to stand where a victim does: behind the deed or behind "on" or "against", as the subject of a passive or of dying.
"""

from collections.abc import Callable, Collection, Iterable, Sequence

from service.extraction.candidates.noun_phrases import NounPhrase, linking_words, words_around
from service.extraction.judgement.telling import Sentence
from service.extraction.lexicons import primary_subtag

#: Labels of words that tell something, and are no part of what a thing is called.
TELLING = ("harm", "struck", "said", "threaten", "expect", "intend", "future", "spare", "promise", "refuse", "demand", "self", "but", "if", "according")
_THINGS = frozenset({"base", "headquarters", "dual", "works"})
#: Nouns of what may be a building or its people.
_HOUSES = frozenset({"neutral", "police", "government_building", "diplomatic_mission", "court", "intelligence"})
_ACTING = frozenset({"forces", "personnel", "official", "functionary"})
#: How many words away a deed may stand: from a thing, before an "on" or "against", right before its object, behind its subject.
_NEAR, _TOWARD, _BESIDE, _PASSIVE = 9, 15, 3, 6
#: How many words may stand between two members of a list, and before a thing that goes on one behind a comma: perhaps, also.
_LINK, _LEAD = 4, 2
#: Languages whose verb stands behind its object, and those whose subject stands behind its verb.
_VERB_LAST, _VERB_FIRST = frozenset({"tr", "fa", "ja", "de"}), frozenset({"ar"})
#: A word of an unspaced script is a character.
_CHARACTERS = frozenset({"zh", "ja"})


class Scene:
    """What a sentence says of the noun phrases in it."""

    def __init__(self, sentence: Sentence, phrases: Sequence[NounPhrase], times: Collection[int]) -> None:
        """Read who does what to whom, as far as the words beside each phrase tell.

        Args:
            sentence: That the phrases stand in.
            phrases: From left to right.
            times: The words that tell a time, by number.
        """
        self._times = times
        self._sentence, self._words = sentence, sentence.words
        self._language = primary_subtag(sentence.language)
        self._scale = 2 if self._language in _CHARACTERS else 1
        around = words_around(self._language)
        self._around: list[Collection[str]] = [() if word.is_comma else around.every(self._words, at) for at, word in enumerate(self._words)]
        held = {number for phrase in phrases for number in range(phrase.first, phrase.last)}
        self._deeds = sentence.numbers(("harm", "struck")) - held
        self._struck = sentence.numbers(("struck",)) - held
        self._said = sentence.numbers(("said", "according")) | self._warning()
        self._by = {one.first for one in sentence.told("passive")}
        self._ands, self._links = linking_words(sentence.text, self._words, sentence.language)
        self._phrases = {phrase.first: phrase for phrase in phrases}
        self._groups = _groups(phrases, self._link)

    def suffers(self, phrase: NounPhrase) -> bool:
        """Whether harm is or may be done to what `phrase` names."""
        low, high = self._groups[phrase]
        clause = self._clause(low, high)
        before = self._before(low, clause)
        if before in {"aside", "by"} or self._is_beside(high) or self._is_speaker(low, clause):
            return False
        if phrase.label in _THINGS or (phrase.label in _HOUSES and "building" in self._around[phrase.noun]):
            return not self._speaks(high, clause) and (self._is_near(before, low, high, clause) or self._continues(low, high, clause) or self._is_said_of(high))
        return self._is_object(phrase, before, low, high, clause) or self._is_passive(phrase, low, high, clause) or self._precedes(phrase, high, clause)

    def _warning(self) -> set[int]:
        """Return the words that warn of what is said behind them, by number."""
        thats = {one.first for one in self._sentence.told("that")}
        warning = (one for one in self._sentence.told("threaten") if not thats.isdisjoint(range(one.last, one.last + _BESIDE)))
        return {number for one in warning for number in range(one.first, one.last)}

    def _clause(self, low: int, high: int) -> tuple[int, int]:
        """Return the words of the clause of the words `low` to `high`."""
        start, end = self._sentence.clause((self._words[low].start, self._words[high - 1].end))
        first = next((number for number in range(low, -1, -1) if self._words[number].start < start), -1) + 1
        last = next((number for number in range(high, len(self._words)) if self._words[number].end > end), len(self._words))
        return first, last

    def _before(self, low: int, clause: tuple[int, int]) -> str:
        """Return what stands right before a phrase: the deed, a preposition of one kind or another, or nothing that is known."""
        passed = 0
        for number in range(low - 1, clause[0] - 1, -1):
            labels = self._around[number]
            if number in self._deeds:
                return "deed"
            if number in self._times or "be" in labels:
                continue
            if number in self._by and "toward" not in labels:
                return "by"
            if number in self._links and number - 1 in self._links and "by" not in labels and "toward" not in labels:
                continue  # three of the soldiers
            found = next((label for label in ("by", "toward", "aside", "of") if label in labels), None)
            passed += number not in self._links
            if found or "stop" in labels or passed == _BESIDE * self._scale:
                return found or ""
        return ""

    def _is_beside(self, high: int) -> bool:
        """Whether a word behind a phrase says "by" or "near" of it, in a language that writes them there."""
        return self._language in _VERB_LAST - {"de"} and high < len(self._words) and not {"aside", "by"}.isdisjoint(self._around[high])

    def _is_near(self, before: str, low: int, high: int, clause: tuple[int, int]) -> bool:
        reach = (_TOWARD if before == "toward" else _NEAR) * self._scale
        return any(low - reach <= number < high + _NEAR * self._scale for number in self._deeds if clause[0] <= number < clause[1])

    def _speaks(self, high: int, clause: tuple[int, int]) -> bool:
        """Whether a word of saying stands right behind a phrase."""
        return any(clause[0] <= number < clause[1] and self._deeds.isdisjoint(range(high, number)) for number in self._said & {*range(high, high + 2)})

    def _is_speaker(self, low: int, clause: tuple[int, int]) -> bool:
        """Whether a word of saying stands right before a phrase, with no deed and no other phrase between."""
        said = max((number for number in self._said if max(low - 2, clause[0]) <= number < low), default=None)
        return said is not None and not any(number in self._phrases or number in self._deeds for number in range(said, low))

    def _continues(self, low: int, high: int, clause: tuple[int, int]) -> bool:
        """Whether a phrase is all that stands between two marks, behind the clause of a deed: one thing more to which it is done."""
        if clause[1] - high > 1 or low - clause[0] > _LEAD or clause[0] < _LINK or not self._words[clause[0] - 1].is_comma:
            return False
        earlier = self._clause(clause[0] - 2, clause[0] - 1)
        return bool(self._deeds & {*range(*earlier)}) and not self._said & {*range(*earlier)}

    def _is_said_of(self, high: int) -> bool:
        """Whether a mark and a deed that is done follow: the post, burnt on Sunday."""
        if high >= len(self._words) or not self._words[high].is_comma:
            return False
        return any(number in self._struck or "suffer" in self._around[number] for number in range(high + 1, min(high + 1 + _BESIDE, len(self._words))))

    def _is_object(self, phrase: NounPhrase, before: str, low: int, high: int, clause: tuple[int, int]) -> bool:
        if before == "deed":
            deed = max(number for number in self._deeds if number < low)
            labels = {*self._around[deed]}
            is_author = (self._is_first(deed, clause) and labels.isdisjoint({"suffer", "kill"})) or "blow" in labels
            return not is_author and not self._has_object(high, clause) and self._harms(phrase, low, deed)
        if before not in {"toward", "of"}:
            return False
        if self._is_followed(phrase, low, high, clause):
            return True
        reach = [number for number in self._deeds if max(low - _TOWARD * self._scale, clause[0]) <= number < low and self._harms(phrase, low, number)]
        return bool(reach) and (before == "toward" or any({"kill", "suffer"} & {*self._around[number]} for number in reach))

    def _is_followed(self, phrase: NounPhrase, low: int, high: int, clause: tuple[int, int]) -> bool:
        """Whether the deed stands behind its object, in a language that writes "against the ministers a raid"."""
        if not any("onto" in self._around[number] for number in range(max(low - 2, clause[0]), low)):
            return False
        deeds = [number for number in range(high, min(high + _TOWARD, clause[1])) if number in self._deeds]
        return bool(deeds) and not self._speaks(high, clause) and self._harms(phrase, low, deeds[0])

    def _is_first(self, deed: int, clause: tuple[int, int]) -> bool:
        """Whether a verb stands before its subject, in a language where it does so unless a noun with an article stands before it."""
        return self._language in _VERB_FIRST and not (deed > clause[0] and self._sentence.text.startswith("ال", self._words[deed - 1].start))

    def _has_object(self, high: int, clause: tuple[int, int]) -> bool:
        """Whether another phrase follows at once, as an object follows the subject of a verb that stands before it."""
        following = next((number for number in range(high, min(high + _BESIDE, clause[1])) if number in self._phrases), None)
        if following is None:
            return False
        return not any(self._words[number].is_comma or number in self._ands or self._around[number] for number in range(high, following))

    def _harms(self, phrase: NounPhrase, low: int, deed: int) -> bool:
        """Whether a deed does something to a phrase of a list that begins with the word `low`: what sends off missiles harms none of them."""
        first = self._phrases.get(low, phrase)
        return "launch" not in self._around[deed] or "weapon_system" not in {phrase.label, first.label}

    def _is_passive(self, phrase: NounPhrase, low: int, high: int, clause: tuple[int, int]) -> bool:
        """Whether what is done is told of a phrase as its subject: behind it in the passive, or on either side as dying."""
        # In German the "be" may stand before its subject.
        helper = high - 1 if self._language == "de" and any("be" in self._around[number] for number in range(max(low - _PASSIVE, clause[0]), low)) else None
        for number in range(high, min(high + _PASSIVE * self._scale, clause[1])):
            labels = self._around[number]
            if "suffer" in labels and self._scale == 1 and number - 1 in self._links and number > high:
                return False  # he visited the wounded
            if "suffer" in labels and self._harms(phrase, low, number):
                return True
            if "be" in labels:
                helper = number
            elif number in self._deeds:
                return helper is not None and number - helper <= 2 * self._scale and self._is_done(number) and self._harms(phrase, low, number)
            elif number in self._phrases and helper is None and not self._before(number, clause):
                break
        return phrase.label != "weapon_system" and self._follows_dying(low, clause)

    def _follows_dying(self, low: int, clause: tuple[int, int]) -> bool:
        """Whether the subject of a word of dying stands behind it."""
        for number in range(low - 1, max(low - 1 - _BESIDE * self._scale, clause[0] - 1), -1):
            if "suffer" in self._around[number]:
                return True
            if "stop" in self._around[number]:
                return False
        return False

    def _is_done(self, deed: int) -> bool:
        """Whether a deed behind a "be" is a participle: "was striking" is none of the passive."""
        return not (self._language == "en" and self._words[deed].forms[0].endswith("ing"))

    def _precedes(self, phrase: NounPhrase, high: int, clause: tuple[int, int]) -> bool:
        """Whether the deed follows at once, in a language whose verb stands behind its object."""
        # The object of an infinitive stands before its "zu".
        if self._language == "de" and high + 1 < clause[1] and self._words[high].forms == ("zu",) and high + 1 in self._deeds:
            return True
        if self._language not in _VERB_LAST or phrase.label in _ACTING:
            return False
        if high >= clause[1] or high in self._deeds:
            return high < clause[1]
        return self._language != "de" and high + 1 < clause[1] and high + 1 in self._deeds and high not in self._links

    def _link(self, one: NounPhrase, other: NounPhrase) -> str:
        """Return how a phrase goes on a list that another is a member of: with an "and", behind a comma, or not at all."""
        between = range(one.last, other.first)
        if not between:
            return "and" if other.joined else ""
        unknown = sum(number not in self._links and number not in self._ands for number in between)
        # In unspaced scripts the words that describe the second member are not known as such.
        most = _LINK if self._scale > 1 and between[0] in self._ands else 0
        if len(between) > _LINK * self._scale or unknown > most or not self._deeds.isdisjoint(between):
            return ""
        if not self._ands.isdisjoint(between) or other.joined:
            return "and"
        return "comma" if any(self._words[number].is_comma for number in between) else ""


def _groups(phrases: Iterable[NounPhrase], link: Callable[[NounPhrase, NounPhrase], str]) -> dict[NounPhrase, tuple[int, int]]:
    """Return of each phrase from where to where the list reaches of which it is a member; what only commas join is a list if an "and" ends it."""
    lists: list[list[NounPhrase]] = []
    pending: list[NounPhrase] = []
    for phrase in phrases:
        before = pending[-1] if pending else lists[-1][-1] if lists else None
        how = link(before, phrase) if before else ""
        if how == "and":
            lists[-1] += [*pending, phrase]
            pending = []
        elif how == "comma":
            pending.append(phrase)
        else:
            lists += [[one] for one in pending]
            lists.append([phrase])
            pending = []
    lists += [[one] for one in pending]
    return {phrase: (members[0].first, members[-1].last) for members in lists for phrase in members}
