"""Targets: which of the proven targets may stand. Military and government only, by what the thing is; what is spared or civilian never is."""

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from schemas.draft import ActorDraft, TargetDraft
from schemas.record import Rejection
from schemas.vocabulary import ActorKind, RejectionReason, Section, TargetCategory, TargetKind
from service.extraction.grounding import Proven, rejection
from service.extraction.judgement.phrases import words_of
from service.extraction.judgement.telling import Sentence, Telling, Told, has_lexicon
from service.extraction.judgement.things import CIVILIAN, GOVERNMENT_KINDS, MILITARY_KINDS, Nature, Thing, joins, thing
from service.extraction.people.names import actor_key, is_short_for
from service.extraction.places import names_country
from service.extraction.quotes.clauses import cut_off
from service.extraction.quotes.folding import folded
from service.extraction.quotes.turning import CutKind, turning_words

#: Kinds of actor that are no thing to be struck, only someone to whom such things belong.
_NO_TARGETS = frozenset({ActorKind.STATE, ActorKind.ARMED_GROUP, ActorKind.PARTY, ActorKind.ORGANISATION, ActorKind.COMPANY, ActorKind.UNNAMED_SOURCE})
_ARMED = frozenset({ActorKind.ARMED_GROUP, ActorKind.ARMED_FORCES})
#: A shorter word of a group's name is no name of it.
_MIN_OWNER = 3
#: What stands in apposition behind a name: between a mark and the next.
_APPOSITION = regex.compile(r"\s{0,3}(?:[,،，(]|[–—])\s{0,3}([^,،，;:()–—\n.。]{2,80})")
#: Words that say that something is or may be struck.
_OF_HARM = ("harm", "struck", "threaten")
#: Fewer words beside a target are no sentence that could say so.
_SENTENCE_WORDS = 4
#: Words that say that something is still to come.
_TO_COME = ("future", "will", "threaten", "intend", "expect", "promise", "if", "if_with")
#: Languages whose verbs may tell of what is to come without an ending that says so.
_FUTURE_IN_VERB = frozenset({"ru", "uk", "pl", "ar", "he", "fa", "tr"})
_PART = regex.compile(r"[:;؛!?؟.\n](?!\d)")
_COMMAS = frozenset(",،，")
#: Languages in which a denial governs nouns for deeds, several of them behind commas, and what parts such a list.
_DENIED_NOUNS, _LIST_ENDS = frozenset({"ar", "he"}), ("but", "relative", "said", "threaten", "expect", "promise", "refuse", "will", "that")
#: A word further from a target says nothing of what happens to it.
_NEAR_WORDS = 8

_REFUSALS = {
    Nature.CIVILIAN: (RejectionReason.CIVILIAN, "It is civilian."),
    Nature.DUAL_USE: (RejectionReason.UNVERIFIABLE, "It serves civilians as well, and the article calls it neither military nor of a government."),
    Nature.FORMER: (RejectionReason.UNVERIFIABLE, "It is no longer what it is called."),
    Nature.UNKNOWN: (RejectionReason.UNVERIFIABLE, "Neither its name nor what stands beside it says that it is military or of a government."),
}


@dataclass(frozen=True, slots=True)
class JudgedTarget:
    """A target that may stand, with the one category that it has, and whether it serves civilians as well."""

    proven: Proven[TargetDraft]
    category: TargetCategory
    dual_use: bool = False


def judge_targets(targets: Sequence[Proven[TargetDraft]], actors: Sequence[Proven[ActorDraft]], telling: Telling) -> tuple[list[JudgedTarget], list[Rejection]]:
    """Return which targets may stand, a coordinated mention once for each category, and why the others may not."""
    gate = _Gate(actors, telling)
    judged: list[JudgedTarget] = []
    refused: list[Rejection] = []
    for proven in targets:
        verdict = gate.verdict(proven)
        if isinstance(verdict, Thing):
            judged.extend(_standing(proven, verdict, category, telling) for category in verdict.categories)
        else:
            refused.append(rejection(Section.TARGETS, *verdict, proven.draft))
    return judged, refused


class _Gate:
    """Lets targets pass, or says why not."""

    def __init__(self, actors: Sequence[Proven[ActorDraft]], telling: Telling) -> None:
        self._telling = telling
        drafts = [proven.draft for proven in actors]
        self._holders = {actor_key(draft.name) for draft in drafts if draft.kind in _NO_TARGETS}
        self._owners = frozenset(
            form for draft in drafts if draft.kind in _ARMED for word in words_of(draft.name) for form in word.forms if word.capital and len(form) >= _MIN_OWNER
        )
        self._names = [(draft.name, *draft.aliases) for draft in drafts]

    def verdict(self, proven: Proven[TargetDraft]) -> Thing | tuple[RejectionReason, str]:
        """Return what a target is, or why it is none."""
        what = self._nature(proven)
        if isinstance(what, Thing) and not self._is_at_risk(proven):
            return RejectionReason.UNVERIFIABLE, "Nothing in its sentence says that it is or may be struck."
        return what

    def _nature(self, proven: Proven[TargetDraft]) -> Thing | tuple[RejectionReason, str]:
        """Return what a target is by its name and what stands beside it, or why it is none."""
        draft = proven.draft
        if draft.category == "civilian":
            return _REFUSALS[Nature.CIVILIAN]
        what = thing(draft.name, self._telling.language, self._owners)
        if what == CIVILIAN:
            return _REFUSALS[Nature.CIVILIAN]
        if draft.status == "spared" or self._is_spared(proven):
            return RejectionReason.NEGATED, "The article says that it is not struck."
        if actor_key(draft.name) in self._holders or names_country(draft.name, self._telling.language):
            return RejectionReason.UNVERIFIABLE, "A country, a group or a party is no target; its military and government things are."
        if what.nature in {Nature.UNKNOWN, Nature.DUAL_USE}:
            what = self._from_beside(proven, what)
        if what.nature == Nature.UNKNOWN and draft.place and folded(draft.name) == folded(draft.place):
            return RejectionReason.UNVERIFIABLE, "A place is no target; what stands there may be."
        return what if what.nature == Nature.TARGET else _REFUSALS[what.nature]

    def _from_beside(self, proven: Proven[TargetDraft], what: Thing) -> Thing:
        """Return what a target is by what stands in apposition to it, or by another name of the same actor."""
        for phrase in self._beside(proven, what):
            said = thing(phrase, self._telling.language, self._owners)
            if said.nature == Nature.TARGET and what.nature == Nature.DUAL_USE:
                return Thing(Nature.TARGET, said.categories, TargetKind.INFRASTRUCTURE, dual_use=True)
            if said.nature != Nature.UNKNOWN:
                return said
        return what

    def _beside(self, proven: Proven[TargetDraft], what: Thing) -> list[str]:
        text, (start, end), name = self._telling.text, proven.span, proven.draft.name
        found = []
        behind = _APPOSITION.match(text, end, min(proven.evidence.sentence[1], end + 100))
        # A list is no apposition: the port, an army base and a refinery.
        listed = behind and (joins(behind[1], self._telling.language) or (what.nature == Nature.DUAL_USE and text[behind.end() : behind.end() + 1] in _COMMAS))
        if behind and not listed and (what.nature == Nature.DUAL_USE or name[:1].isupper()):
            found.append(behind[1])
        before = words_of(text, max(proven.evidence.sentence[0], start - 40), start)[-2:]
        # A title before a name: General Ilan Dorst.
        if what.nature == Nature.UNKNOWN and before and name[:1].isupper() and not any(word.is_comma for word in before):
            found += [text[word.start : end] for word in before[::-1] if not text[word.end : start].strip()]
        found += [other for names in self._names if any(actor_key(one) == actor_key(name) or is_short_for(name, one) for one in names) for other in names]
        return found

    def _is_at_risk(self, proven: Proven[TargetDraft]) -> bool:
        """Whether the sentence that holds a target tells of harm, as far as the words of its language are known; an item of a list need not."""
        sentence = self._telling.sentence(proven.evidence)
        if not has_lexicon(self._telling.language) or any(sentence.told(label) for label in _OF_HARM):
            return True
        return sum(not word.is_comma and not proven.span[0] <= word.start < proven.span[1] for word in sentence.words) < _SENTENCE_WORDS

    def _is_spared(self, proven: Proven[TargetDraft]) -> bool:
        """Whether the clause that holds a target says that it is not struck."""
        telling = self._telling
        sentence = telling.sentence(proven.evidence)
        clause = sentence.clause(proven.span)
        if any(not sentence.negates(one, clause, telling.negated) for one in sentence.told("spare", clause)):
            return True
        if any(_distance(one, proven.span, sentence) <= _NEAR_WORDS for one in sentence.told("untrue")):
            return True
        if self._is_denied_in_list(proven, sentence):
            return True
        cut = cut_off(proven.span, telling.text, proven.evidence.sentence, telling.language)
        if cut is None or cut.kind == CutKind.MODAL:
            return False
        if cut.kind == CutKind.DENIAL:
            return True
        deeds = [*sentence.told("harm", cut.clause), *sentence.told("struck", cut.clause)]
        return not deeds or any(sentence.negates(one, cut.clause, telling.negated, before=3, behind=2) for one in deeds)

    def _is_denied_in_list(self, proven: Proven[TargetDraft], sentence: Sentence) -> bool:
        """Whether a target is that of one of the deeds behind a denial: denied the shelling of a camp, a raid on a post or the burning of a depot."""
        known = turning_words(sentence.language) if sentence.base in _DENIED_NOUNS else None
        if known is None:
            return False
        ends = sentence.numbers(_LIST_ENDS)
        for number in range(sum(word.end <= proven.span[0] for word in sentence.words) - 1, -1, -1):
            word = sentence.words[number]
            if known.denials.fullmatch(known.plain(sentence.text[word.start : word.end]).strip()):
                return True
            behind = sentence.text[word.end : sentence.words[number + 1].start] if number + 1 < len(sentence.words) else ""
            if number in ends or _PART.search(behind) or (word.is_comma and sentence.is_joined(number + 1)):
                return False
        return False


def _standing(proven: Proven[TargetDraft], what: Thing, category: TargetCategory, telling: Telling) -> JudgedTarget:
    """Return a target with the kind and the status that the words of the article give it."""
    draft = proven.draft
    wrong = GOVERNMENT_KINDS if category == TargetCategory.MILITARY else MILITARY_KINDS
    kind = what.kind or (_fitting(category) if draft.kind in wrong else draft.kind)
    if kind in wrong:  # of two things joined, the other one's
        kind = TargetKind.OTHER
    status = _status(proven, telling.sentence(proven.evidence)) or draft.status
    return JudgedTarget(Proven(draft.model_copy(update={"kind": kind, "status": status}), proven.evidence), category, what.dual_use)


def _fitting(category: TargetCategory) -> TargetKind:
    return TargetKind.OTHER if category == TargetCategory.MILITARY else TargetKind.GOVERNMENT_BUILDING


def _status(proven: Proven[TargetDraft], sentence: Sentence) -> str | None:
    """Return whether the deed nearest to a target in its clause is done or may be done, or None if its words do not tell."""
    clause = sentence.clause(proven.span)
    if not (sentence.told("struck", clause) or sentence.told("harm", clause)):
        clause = sentence.start, sentence.end
    deeds = [
        (_distance(one, proven.span, sentence), one.first, done, one) for done, label in ((1, "struck"), (0, "harm")) for one in sentence.told(label, clause)
    ]
    near = [deed for deed in deeds if deed[0] <= _NEAR_WORDS]
    if near:
        *_, one = min(near, key=lambda deed: (deed[0], -deed[2], deed[1]))
        to_come = [other for label in ("future", "will") for other in sentence.told(label, clause)]
        if any(-2 <= one.first - other.last <= 3 and other.first != one.first for other in to_come):  # noqa: PLR2004 - words
            return "threatened"
        if one in sentence.told("struck", clause):
            return "attacked"
    return "attacked" if _is_past(sentence) else None


def _is_past(sentence: Sentence) -> bool:
    """Whether a sentence tells of harm and of nothing that is to come."""
    if any(sentence.told(label) for label in _TO_COME) or not (sentence.told("harm") or sentence.told("struck")):
        return False
    # A future without a word of its own: the verb alone has it.
    return sentence.base not in _FUTURE_IN_VERB or bool(sentence.told("struck"))


def _distance(one: Told, span: tuple[int, int], sentence: Sentence) -> int:
    """Return how many words stand between `one` and a span of the text."""
    words = sentence.words
    if words[one.first].start >= span[1]:
        return sum(span[1] <= word.start < words[one.first].start for word in words)
    return sum(words[one.last - 1].end <= word.start and word.end <= span[0] for word in words)
