"""Reading: the clauses of a sentence, what each is told by, the verb that each depends on, and which are conditions or only tell more of a name."""

import regex

from service.extraction.candidates.clauses import clauses_of
from service.extraction.candidates.doers import NO_CAPITALS, leads_of
from service.extraction.judgement.telling import Sentence, Told

#: Verbs on which what follows depends.
HEADS = ("promise", "refuse", "threaten", "intend", "expect", "said")
#: Languages whose verb stands last in a clause.
VERB_LAST = frozenset({"de", "tr", "fa"})
_INLINE = ("if", "if_with", "unless")
_CONDITIONS = (*_INLINE, "once")
#: What is looked up in a clause.
_HARMS = ("harm", "coerce", "shut", "lifeline", "struck", "aid", "answer")
_OTHERS = ("if_ends", "will", "future", "be", "to", "that", "relative", "claim", "deny", "according", "nature", "party", "self", "untrue")
_LABELS = (*HEADS, *_CONDITIONS, *_HARMS, *_OTHERS)
#: So many clauses further back nothing is looked for.
NEAR = 6
#: In German the verb of a main clause stands second, behind as many words at most.
_SECOND = 5
#: In Chinese so many characters may stand before an "if".
_NAME_CHARS = 8
#: A longer word is hardly a preposition.
_SHORT_CHARS = 3
#: So many words stand between a verb and the "that" of what it says.
_THAT_WORDS = 6
#: Languages that set no comma behind a condition without a verb, which has so many words at most; and what tells that the main clause goes on behind it.
_UNMARKED, _CONDITION_WORDS, _MAIN = frozenset({"de", "pl", "ru", "uk"}), 4, ("will", "intend", "promise", "refuse")
#: Languages in which nouns end as verbs that are to come do.
_NOUN_ENDINGS = frozenset({"es", "it", "pt", "fr"})
#: Signs that make a general, a meeting or an association of the sign for what is to come.
_CHINESE_NOUNS = frozenset("上中少大主名干社机委协国议工教学")
_ARABIC_ARTICLE = regex.compile("[وفبك]?ال")


class Reading:
    """The clauses of a sentence."""

    def __init__(self, sentence: Sentence) -> None:
        """Read `sentence`."""
        self.sentence = sentence
        self.clauses = clauses_of(sentence)
        self._verbs = frozenset(one.first for label in HEADS for one in sentence.told(label))
        self._labels = self._by_clause()
        self._conditions = [self._opens_condition(at) for at in range(len(self.clauses))]
        self._inline = [None if self._conditions[at] else self._condition_within(at) for at in range(len(self.clauses))]
        self._read = [self._unconditional(at) for at in range(len(self.clauses))]
        self.heads: list[int | None] = []
        for at in range(len(self.clauses)):
            self.heads.append(self._head(at))

    def span(self, at: int) -> tuple[int, int]:
        """Return where a clause stands in the text."""
        clause = self.clauses[at]
        return self.sentence.words[clause.first].start, self.sentence.words[clause.last - 1].end

    def holds(self, at: int, *labels: str) -> bool:
        """Whether words with `labels` stand in a clause, be it in a condition within it."""
        return any(label in self._labels[at] for label in labels)

    def told(self, at: int, *labels: str) -> list[Told]:
        """Return where words with `labels` stand in a clause and in no condition within it."""
        found = self._read[at]
        return [one for label in labels for one in found.get(label, ())]

    def opens(self, at: int, *labels: str) -> bool:
        """Whether a clause begins with words of `labels`, behind one other at most; a "that" stands first."""
        first, found = self.clauses[at].first, self._labels[at]
        if self._names_before(at, *labels):
            return True
        return any(one.first <= first + (label != "that") and not self._is_reflexive(one) for label in labels for one in found.get(label, ()))

    def _names_before(self, at: int, *labels: str) -> bool:
        """Whether a Chinese clause that tells nothing to come names somebody before its "if": the enemy if he dares."""
        first, found = self.clauses[at].first, self._labels[at]
        if self.sentence.base != "zh" or "will" in found:
            return False
        return any(one.first <= first + _NAME_CHARS for label in labels if label in {"if", "once"} for one in found.get(label, ()))

    def governed(self, at: int, label: str) -> bool:
        """Whether a verb with `label` stands in a clause or governs it."""
        head = self.heads[at]
        return bool(self.told(at, label)) or (head is not None and bool(self.told(head, label)))

    def is_condition(self, at: int) -> bool:
        """Whether a clause is a condition: none that says what follows or else."""
        return self._conditions[at]

    def inline(self, at: int) -> int | None:
        """Return the word with which a condition begins within a clause that is none itself."""
        return self._inline[at]

    def is_relative(self, at: int) -> bool:
        """Whether a clause tells more of what stands before it, as one with "who" does."""
        if at == 0 or self.clauses[at].apart:
            return False
        if self._opens_relative(at):
            # Die Regierung wird, und die Grenzen schließen: in German an article as well.
            if self.sentence.base == "de" and self.clauses[at].joined:
                return False
            return self.sentence.base != "de" or not any(one.first < self.clauses[at].first + _SECOND for one in self.told(at, "will"))
        return not self.clauses[at].joined and self.heads[at] is None and self.opens(at, "that")

    def closes(self, at: int) -> bool:
        """Whether a clause ends with a verb of saying or the "that" of what is said."""
        return any(one.last >= self.clauses[at].last for one in self.told(at, "said", "that"))

    def said(self, at: int) -> int | None:
        """Return the first word of what a clause says that somebody says, expects or threatens."""
        clause, heads = self.clauses[at], self.told(at, *HEADS)
        thats = (
            one.last
            for one in self.told(at, "that")
            if one.last < clause.last and (one.first == clause.first or any(0 <= one.first - head.last <= _THAT_WORDS for head in heads))
        )
        return min(thats, default=None)

    def _opens_condition(self, at: int) -> bool:
        if self._goes_on_after(at) and not self.opens(at, "if", "unless", "once"):
            return False
        return self.opens(at, *_CONDITIONS) and not (self.opens(at, "unless") and not self.opens(at, "if") and "will" in self._labels[at])

    def _condition_within(self, at: int) -> int | None:
        clause, found = self.clauses[at], self._labels[at]
        ended = {one.first for one in found.get("if_ends", ())}
        labels = tuple(label for label in _INLINE if label != "if_with" or not self._goes_on_after(at))
        begun = (one.first for label in labels for one in found.get(label, ()) if one.first > clause.first + 1 and not self._is_reflexive(one))
        return min((first for first in begun if first not in ended), default=None)

    def _goes_on_after(self, at: int) -> bool:
        """Whether a clause says more behind a condition without a verb that no comma ends."""
        found = self._labels[at]
        return self.sentence.base in _UNMARKED and "if_with" in found and not found.keys().isdisjoint(_MAIN)

    def _by_clause(self) -> list[dict[str, list[Told]]]:
        """Return what stands in each clause, by label."""
        owner = {word: number for number, clause in enumerate(self.clauses) for word in range(clause.first, clause.last)}
        found: list[dict[str, list[Told]]] = [{} for _ in self.clauses]
        for label in _LABELS:
            for one in self.sentence.told(label):
                if one.first in owner:
                    found[owner[one.first]].setdefault(label, []).append(one)
        return found

    def _unconditional(self, at: int) -> dict[str, list[Told]]:
        """Return what stands in a clause and in no condition within it, by label, but for nouns that are written as verbs are."""
        clause, found, inline = self.clauses[at], self._labels[at], self._inline[at]
        low = max((one.last for one in found.get("if_ends", ())), default=clause.first)
        high = clause.last if inline is None else inline
        within = set[int]()
        if self._goes_on_after(at):
            low, high = clause.first, clause.last
            wills = {one.first for label in _MAIN for one in found.get(label, ())}
            for condition in found["if_with"]:
                reach = range(condition.first, min(condition.last + _CONDITION_WORDS, clause.last))
                within |= {word for word in reach if not any(condition.first < will <= word for will in wills)}
        return {
            label: [one for one in told if low <= one.first < high and one.first not in within and not self._is_noun(one, label)]
            for label, told in found.items()
        }

    def _is_reflexive(self, one: Told) -> bool:
        """Whether a Portuguese "se" is no "if": teme-se, se compromete."""
        word = self.sentence.words[one.first]
        if self.sentence.base != "pt" or word.forms[0] != "se":
            return False
        return self.sentence.text[max(word.start - 1, 0) : word.start] == "-" or one.last in self._verbs

    def _is_noun(self, one: Told, label: str) -> bool:
        """Whether what is written as a verb that is to come is a noun: السنديان, a enfermaria, 上将."""
        if label not in {"will", "future"}:
            return False
        word, base = self.sentence.words[one.first], self.sentence.base
        if base == "zh":
            return word.start > self.sentence.start and self.sentence.text[word.start - 1] in _CHINESE_NOUNS
        if base == "ar":
            return len(word.forms) > 1 and _ARABIC_ARTICLE.match(word.forms[0]) is not None
        before = self.sentence.words[one.first - 1].forms if one.first else ()
        return base in _NOUN_ENDINGS and bool(before) and before[0] in leads_of(base)

    def _opens_relative(self, at: int) -> bool:
        """Whether a clause begins with a "who", or with a short word before it: of which."""
        clause = self.clauses[at]
        first = self.sentence.words[clause.first]
        most = clause.first + (first.end - first.start <= _SHORT_CHARS and self.sentence.base not in NO_CAPITALS)
        return any(one.first <= most for one in self._labels[at].get("relative", ()))

    def _head(self, at: int) -> int | None:
        """Return the clause whose verb a clause depends on."""
        if at == 0 or self.clauses[at].apart:
            return None
        before = at - 1
        if self.opens(at, "that", "to") or (self.sentence.base in VERB_LAST and self.told(at, "to") and not self.told(at, *HEADS)):
            verb = self._verb(before)
            return None if verb is None or (self._is_filled(verb) and not self.clauses[at].joined) else verb
        if before and self.is_condition(before) and self._ends_open(before - 1):
            return self._verb(before - 1)
        unopened = self.told(before, "promise", "threaten", "expect") and self.told(at, "will") and not self.clauses[at].joined and not self._is_filled(before)
        if unopened or self._ends_open(before):
            return self._verb(before)
        return None if self._opens_relative(at) else self._resumed(at)

    def _resumed(self, at: int) -> int | None:
        """Return the verb on which a clause depends with the one that it goes on with, behind what stands in between."""
        before = at - 1
        while before > max(at - NEAR, 0) and self.is_relative(before):
            before -= 1
        if self.heads[before] is None and before < at - 1 and self._is_filled(before):
            return before
        return self.heads[before]

    def _verb(self, at: int) -> int | None:
        """Return the nearest clause, from one back, that has a verb on which something depends."""
        for before in range(at, max(at - NEAR, -1), -1):
            if self.told(before, *HEADS):
                return before
            if self.clauses[before].apart:
                break
        return None

    def _ends_open(self, at: int) -> bool:
        """Whether a clause ends with a verb that something depends on, or its "that"."""
        return any(one.last >= self.clauses[at].last for one in self.told(at, *HEADS, "that"))

    def _is_filled(self, at: int) -> bool:
        """Whether what a verb says stands in its own clause."""
        verb = min((one.last for one in self.told(at, *HEADS)), default=None)
        return verb is not None and any(verb <= that.first and that.last < self.clauses[at].last for that in self.told(at, "that"))
