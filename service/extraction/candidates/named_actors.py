"""Named actors: the names of a sentence in a script with capitals, and what tells that each is a person, a state, a body or somebody who acts."""

from collections.abc import Iterator, Mapping

from service.extraction.candidates.actor_candidate import Candidate, Sort, stem
from service.extraction.candidates.actor_nouns import DOING, NOUN_CAPITALS, SAYING, Words
from service.extraction.countries.words import Place, Via
from service.extraction.judgement.standing import Standing, has_noun_last
from service.extraction.people.words import actor_words
from service.extraction.places import named

#: What binds the words of a name: those of a person's, and those of a body's.
_PARTICLES = frozenset(
    (
        "de",
        "del",
        "della",
        "di",
        "da",
        "do",
        "dos",
        "das",
        "du",
        "des",
        "la",
        "le",
        "van",
        "von",
        "der",
        "den",
        "bin",
        "ben",
        "ibn",
        "abu",
        "al",
        "el",
        "y",
        "e",
        "ag",
        "ould",
    )
)
_LINKS = frozenset(
    (
        "of",
        "for",
        "and",
        "the",
        "fur",
        "und",
        "de",
        "del",
        "des",
        "du",
        "da",
        "do",
        "dos",
        "das",
        "della",
        "dei",
        "degli",
        "di",
        "para",
        "pour",
        "per",
        "la",
        "el",
        "los",
        "las",
        "l",
        "d",
        "et",
        "y",
        "e",
        "i",
        "o",
    )
)
_GERMAN_PARTICLES = frozenset(("von", "van", "zu", "al", "bin", "de", "del"))
_TIES = frozenset("-‐‑'’ʼ")
_OPENING, _CLOSING = '«“„"‘', '»”“"’'
#: Before who asks and who answers, on a line of an interview; and what joins two names of states, as it joins the two of one person.
_ASKING, _ANDS = frozenset(("q", "a", "p", "r")), frozenset(("y", "e"))
_MARKS = frozenset('.;:!?()[]—–…"“”„«»‘¿¡•*')
#: As far as an office and the name of who holds it stand apart, and a subject and its verb.
_OFFICE_WORDS, _APPOSED_WORDS, _VERB_WORDS, _OWNED_WORDS = 9, 4, 4, 5
_LONGEST_NAME, _LONGEST_PERSON, _TWICE, _SHORT_CHARS = 8, 4, 2, 3
#: Languages in which whose something is stands right behind it; those whose verb stands last, as far from its subject.
_GENITIVE, _VERB_LAST, _FAR_WORDS = frozenset({"ru", "uk", "pl"}), frozenset({"de", "tr"}), 14


class Names:
    """The names of one sentence."""

    def __init__(self, words: Words, standing: Standing, known: Mapping[str, int]) -> None:
        """Know the sentence, how mentions stand in the whole text, and how often each word has a capital there that its sentence did not give it."""
        self._words, self._standing, self._known = words, standing, known
        self._noun_last = has_noun_last(words.language)
        #: Where the last person's name ends.
        self._person = 0

    def candidates(self) -> Iterator[Candidate]:
        """Yield the names, from left to right."""
        at = 0
        while at < len(self._words):
            last = self._run(at) if self._opens(at) else at
            if last > at:
                yield from self._read(at, last)
            at = max(last, at + 1)

    def _opens(self, at: int) -> bool:
        words = self._words
        if not words.form(at) or not words.words[at].capital or words.has(at, "calendar"):
            return False
        begins = at == 0 or (not words.is_joined(at) and any(mark in _MARKS for mark in words.gap(at)))
        function = words.has(at, "article", "stop", "opening", "in", "of", "if", "that", "pronoun", "cited", "according", "free", "relative", "and", "but")
        return not (function and (begins or len(words.form(at)) <= _SHORT_CHARS or not self._is_name(at + 1)))

    def _is_name(self, at: int) -> bool:
        return 0 <= at < len(self._words) and self._words.words[at].capital

    def _run(self, first: int) -> int:
        """Return the word behind a name that begins with the word `first`."""
        words, last = self._words, first + 1
        while last < min(len(words), first + _LONGEST_NAME):
            step = self._step(first, last)
            if step == 0:
                break
            last += step
        return last

    def _step(self, first: int, at: int) -> int:
        """Return how many further words from `at` on belong to a name."""
        words = self._words
        if words.gap(at) in _TIES:
            return int(words.language != "tr" and (self._is_name(at) or (words.gap(at) not in "'’ʼ" and len(words.form(at)) > 1)))
        initial = words.gap(at).strip() == "." and len(words.form(at - 1)) == 1 and not self._asks(at - 1)
        if not words.is_joined(at) and not initial:
            return 0
        if self._is_name(at):
            return int(not words.has(at, "calendar"))
        return self._step_over(first, at)

    def _step_over(self, first: int, at: int) -> int:
        """Return how many further words belong to a name that goes on behind small ones: Ministry of Defence."""
        words = self._words
        if words.form(at) in _ANDS and named(words.said(first, at), words.language) is not None:
            return 0
        headed = any(words.has(number, "org", "body", "force") or self._is_form(number) for number in range(first, at))
        allowed = _LINKS if headed else _PARTICLES if words.language not in NOUN_CAPITALS else _GERMAN_PARTICLES
        for length in (1, 2):
            if words.form(at + length - 1) not in allowed or not words.is_joined(at + length):
                return 0
            if self._is_name(at + length):
                return length + 1
        return 0

    def _asks(self, at: int) -> bool:
        """Whether a letter begins a line of an interview: "Q. Minister, would you go?"."""
        words = self._words
        before = words.text[: words.words[at].start].rstrip(" ")
        return words.form(at) in _ASKING and (not before or before.endswith("\n"))

    def _is_form(self, at: int) -> bool:
        """Whether a word is a form of state, with a capital as in its name."""
        words = self._words
        return (
            words.words[at].capital
            and words.has(at, "land")
            and bool(words.form(at))
            and words.form(at).rstrip("s") in actor_words().state_forms.singles | {"konigreich"}
        )

    def _read(self, first: int, last: int) -> Iterator[Candidate]:
        """Yield what the words of one run of capitals name."""
        words = self._words
        office = [number for number in range(first, last - 1) if self._is_title(number)]
        titled = bool(office) and not self._is_body(first, last) and words.words[office[-1] + 1].capital and not self._is_body(office[-1] + 1, last)
        start = office[-1] + 1 if titled else first
        while start < last - 1 and self._precedes(start, last):
            begun, start = start, start + 1
            while words.has(begun, "body", "force") and start < last - 1 and words.has(start, "body", "force"):
                start += 1
            if words.has(begun, "body", "force"):
                yield Candidate(begun, start, Sort.BODY, begun)
        found = self._whole(start, last, titled=titled)
        if found:
            self._person = found.last if found.sort is Sort.PERSON else self._person
            yield found

    def _whole(self, first: int, last: int, *, titled: bool) -> Candidate | None:
        """Return what a name is of, without what stands before it."""
        words = self._words
        place = named(words.said(first, last), words.language)
        if place is not None:
            return self._place(first, last, place, titled=titled)
        quoted = self._quoted(first)
        if quoted:
            return Candidate(first, quoted, Sort.BODY, first)
        if not self._is_body(first, last):
            return self._somebody(first, last, titled=titled)
        numbered = self._noun_last and words.is_joined(first) and words.form(first - 1)[:1].isdecimal()
        return (
            None if words.has(first - 1, "place", "vessel", "thing") else Candidate(first - numbered, last, Sort.BODY, last - 1 if self._noun_last else first)
        )

    def _quoted(self, first: int) -> int | None:
        """Return the end of a name that stands between quotation marks, right behind the noun of a group."""
        words, opening = self._words, self._words.gap(first).strip()
        if not opening or opening not in _OPENING or not words.has(first - 1, "org", "group", "body", "squad"):
            return None
        for last in range(first + 1, min(first + _LONGEST_PERSON + 1, len(words) + 1)):
            if words.text[words.words[last - 1].end : words.words[last - 1].end + 1] in _CLOSING:
                return last
            if not words.is_joined(last):
                break
        return None

    def _is_title(self, at: int) -> bool:
        return self._words.has(at, "title") and not self._words.has(at, "org", "body", "force")

    def _precedes(self, at: int, last: int) -> bool:
        """Whether a word with a capital is none of the name behind it: a title, a people, a country whose office it is."""
        words = self._words
        if words.gap(at + 1).strip() or (self._is_body(at, last) and not words.said(at, at + 1).isupper()):
            return False
        if words.has(at, "body", "force") and not self._noun_last and self._office_before(at):
            return True
        place = named(words.said(at, at + 1), words.language)
        if last - at > _TWICE and words.language in _GENITIVE and self._office_before(at):
            return (place is not None and place.via == Via.NAME) or self._known.get(stem(words.form(at)), 0) >= _TWICE
        return place is not None and place.via == Via.PEOPLE

    def _is_body(self, first: int, last: int) -> bool:
        """Whether a name has the noun of an organisation where its own noun stands."""
        words = self._words
        if last - first == 1 and not (words.language in NOUN_CAPITALS and words.form(first).endswith("rat") and words.form(first) != "rat"):
            return False
        if self._noun_last:
            return any(words.has(number, "org", "body", "force") for number in range(first, last) if not self._is_complement(number, first))
        heads = range(first, min(last, first + 1 + (words.language in _GENITIVE)))
        return any(words.has(number, "org", "body", "force") for number in heads) and not words.has(first, "place", "thing")

    def _is_complement(self, at: int, first: int) -> bool:
        """Whether a word stands behind an "of" or a "for" within a name."""
        return any(self._words.form(number) in _LINKS and not self._words.words[number].capital for number in range(first, at))

    def _place(self, first: int, last: int, place: Place, *, titled: bool) -> Candidate | None:
        if place.via == Via.BODY or (place.via == Via.NONE and place.kind):
            return Candidate(first, last, Sort.BODY, first, sure=place.via == Via.NONE or self._acts(first, last) or self._goes_on(first, last))
        code = place.code or "/".join(place.among)
        if place.via not in {Via.NAME, Via.CAPITAL, Via.NONE} or not code or titled:
            return None
        sure = self._acts(first, last) or (place.via != Via.CAPITAL and (self._owns(first, last) or self._goes_on(first, last)))
        return Candidate(first, last, Sort.STATE, first, code, sure=sure)

    def _somebody(self, first: int, last: int, *, titled: bool) -> Candidate | None:
        """Return the person, or whoever else, that a name which no list has may be of."""
        words = self._words
        if words.has(first - 1, "place", "vessel", "thing", "org", "crowd") and not words.has(first - 1, "title"):
            return None
        length = sum(word.capital for word in words.words[first:last])
        if length > 1 and self._is_form(first):
            return Candidate(first, last, Sort.OTHER, last - 1, sure=not self._locates(first, last))
        if (
            length <= _LONGEST_PERSON
            and (titled or self._is_person(first, last, length))
            and not words.has(first, "place", "crowd", "thing", "victim", "title")
        ):
            return Candidate(first, last, Sort.PERSON, last - 1)
        owns = words.language == "en" and self._owns(first, last)
        if not owns and (self._is_common(first, last) or (length == 1 and self._only_begins(first))):
            return None
        return Candidate(first, last, Sort.OTHER, last - 1, sure=owns or self._acts(first, last))

    def _is_person(self, first: int, last: int, length: int) -> bool:
        """Whether a name is a person's: beside an office, or of several words that speak or open a clause."""
        if self._office_before(first) or (length > 1 and self._office_behind(last)):
            return True
        # Who speaks in an interview.
        if first == 0 and length > 1 and self._words.gap(last).startswith(":"):
            return True
        if self._words.language in NOUN_CAPITALS or length == 1 or self._locates(first, last):
            return False
        return self._speaks(first, last) or self._is_subject(first)

    def _is_common(self, first: int, last: int) -> bool:
        """Whether words with capitals are no name: nouns that are known, and in German those with what stands before nouns."""
        words = self._words
        if words.has(first, "group", "officials", "title", "place", "crowd", "thing", "describing", "body", "force", "squad", "org"):
            return True
        if words.language not in NOUN_CAPITALS:
            return False
        described = words.has(first - 1, "article") or self._is_described(first) or self._known.get(stem(words.form(first)), 0) < _TWICE
        return described or any(words.has(number, "place", "crowd", "thing", "title") for number in range(first, last))

    def _only_begins(self, first: int) -> bool:
        """Whether a word has a capital only because its sentence begins with it."""
        words = self._words
        return (first == 0 or not words.is_joined(first)) and not self._known.get(stem(words.form(first)))

    def _is_described(self, at: int) -> bool:
        """Whether an adjective or a determiner stands before a German noun, as before no name."""
        form = self._words.form(at - 1)
        return self._words.is_joined(at) and not self._words.words[at - 1].capital and form.endswith(("e", "en", "er", "es", "em"))

    def _office_before(self, first: int) -> bool:
        """Whether the words before a name are the office of who has it."""
        words, at = self._words, first - 1
        comma = at >= 0 and words.words[at].is_comma
        if comma and at == self._person:
            return False
        at -= comma
        for number in range(at, max(at - _OFFICE_WORDS, -1), -1):
            if self._parts_office(number):
                return False
            if words.has(number, "title"):
                return comma or number == at or self._is_near_office(number, at)
        return False

    def _parts_office(self, at: int) -> bool:
        """Whether no office goes on beyond a word."""
        words = self._words
        relative = words.has(at, "relative") and not words.has(at, "article")
        return words.words[at].is_comma or relative or words.has(at, *SAYING) or any(mark in _MARKS for mark in words.gap(at + 1))

    def _is_near_office(self, title: int, at: int) -> bool:
        """Whether what an office is of stands between it and a name, without a comma."""
        words = self._words
        if words.language in {"en", "de"} or words.has(at, "in", "article", "and", "of") or at - title > _APPOSED_WORDS:
            return False
        return not any(words.words[number].capital and not words.has(number, "body", "force") for number in range(title + 1, at + 1))

    def _office_behind(self, last: int) -> bool:
        words = self._words
        return last < len(words) and words.words[last].is_comma and any(words.has(number, "title") for number in range(last + 1, last + 1 + _APPOSED_WORDS))

    def _speaks(self, first: int, last: int) -> bool:
        """Whether a verb of saying stands right beside a name."""
        words = self._words
        behind = any(words.has(number, *SAYING) for number in range(last, last + 2) if not words.has(last, "and"))
        return behind or (words.is_joined(first) and words.has(first - 1, "said", "according"))

    def _acts(self, first: int, last: int) -> bool:
        """Whether somebody acts or speaks under a name: as the subject of a verb, or as who is cited."""
        words = self._words
        if self._locates(first, last):
            return False
        if words.has(first - 1, "according", "passive") or (words.has(first - 1, "if") and not words.has(first - 1, "in")):
            return True
        topic = words.language == "tr" and first == 0 and last < len(words) and words.words[last].is_comma
        if topic or (words.has(last, *SAYING) and words.is_joined(last) and not words.has(first - 1, "title", "body", "force", "org", "of")):
            return True
        reach = _FAR_WORDS if words.language in _VERB_LAST else _VERB_WORDS
        if words.is_joined(last) and self._is_subject(first) and any(words.has(number, *DOING) for number in range(last, last + reach)):
            return True
        return words.is_joined(first) and words.has(first - 1, *SAYING) and words.language not in {"en", "fr"}

    def _is_subject(self, first: int) -> bool:
        """Whether a name opens a clause."""
        words, at = self._words, first - 1
        while at >= 0 and words.has(at, "article") and (words.is_joined(at + 1) or words.gap(at + 1) in _TIES) and not words.has(at, "that", "if", "relative"):
            at -= 1
        if at < 0 or words.words[at].is_comma or any(mark in _MARKS for mark in words.gap(at + 1)):
            return True
        return words.has(at, "if", "that", "but", "relative", "and", "opening", "said") and not words.has(at, "in", "of")

    def _owns(self, first: int, last: int) -> bool:
        """Whether somebody is named as of a country: its minister, its army."""
        words = self._words
        if words.gap(last) in {"'", "’"} and words.form(last) == "s":
            return any(words.has(number, "title", "body", "force") for number in range(last + 1, last + 4))
        if words.language == "en" and words.form(first - 1) != "of":
            return False
        near = range(max(first - _OWNED_WORDS, 0), first)
        return any(words.has(number, "title", "body", "force") for number in near) and not any(
            words.words[number].is_comma or words.has(number, "in") for number in near
        )

    def _goes_on(self, first: int, last: int) -> bool:
        """Whether a name opens a clause, and what may be its verb follows."""
        words = self._words
        follows = words.is_joined(last) and not words.words[last].capital and not words.has(last, "in", "of", "and", "article", "opening", "place", "title")
        return follows and self._is_subject(first) and not self._locates(first, last)

    def _locates(self, first: int, last: int) -> bool:
        words = self._words
        if words.language == "pt" and words.form(first - 1) in {"a", "o"} and words.words[first - 1].capital:
            return False
        return words.has(first - 1, "in") or self._standing.locates(words.span(first, last))
