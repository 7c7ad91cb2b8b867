"""Targets: the names of military and government things and people to whom harm is or may be done, by what their sentence says."""

from bisect import bisect_left
from collections.abc import Sequence

from schemas.draft import TargetDraft
from schemas.record import Evidence
from schemas.vocabulary import Match, TargetKind
from service.extraction.candidates.actor_candidate import stem
from service.extraction.candidates.noun_phrases import NounPhrase, noun_phrases
from service.extraction.candidates.victims import TELLING, Scene
from service.extraction.grounding import Proven
from service.extraction.judgement.phrases import Word
from service.extraction.judgement.targets import judge_targets
from service.extraction.judgement.telling import Names, Sentence, Telling
from service.extraction.judgement.things import Nature, thing
from service.extraction.preparing import Prepared
from service.extraction.time_reading.finding import find_times

Span = tuple[int, int]
_QUOTES = {"“": "”", "„": "”", "«": "»", "「": "」", "『": "』", "‘": "’"}
#: A name is held against as many earlier ones with the same noun.
_MOST_ALIKE = 40


def target_names(prepared: Prepared) -> list[Span]:
    """Return where `prepared` names things and people of the armed forces or of a government that may be struck or were, each about once."""
    telling = Telling(prepared.text, prepared.language, Names([]))
    found: list[Span] = []
    known: dict[frozenset[str], list[frozenset[str]]] = {}
    for span in prepared.sentences.spans:
        sentence = Sentence(prepared.text, *span, prepared.language, Names([]))
        for phrase in _struck(sentence):
            # Of what Arabic and Hebrew write onto the front of a word, an "and" is no part of the name.
            where = _with_quotes(sentence.words[phrase.first].start + phrase.joined, sentence.words[phrase.last - 1].end, prepared.text)
            stems, noun = _stems(sentence.words[phrase.first : phrase.last]), _stems(sentence.words[phrase.noun : phrase.noun + 1])
            same = known.setdefault(noun, [])
            if not any(stems <= other or other <= stems for other in same[-_MOST_ALIKE:]) and _may_stand(where, span, telling):
                found.append(where)
                same.append(stems)
    return found


def _struck(sentence: Sentence) -> list[NounPhrase]:
    """Return the noun phrases of a sentence to which harm is or may be done; a question says of none."""
    if not (sentence.told("harm") or sentence.told("struck")) or sentence.told("imagined") or sentence.asks:
        return []
    timed = _timed(sentence)
    phrases = noun_phrases(sentence.text, sentence.words, sentence.language, sentence.numbers(TELLING), timed)
    scene = Scene(sentence, phrases, timed)
    return [phrase for phrase in phrases if scene.suffers(phrase)]


def _timed(sentence: Sentence) -> set[int]:
    """Return the words of a sentence, by number, that tell a time."""
    words, timed = sentence.words, set[int]()
    for start, end in find_times(sentence.text[sentence.start : sentence.end], sentence.language):
        first = bisect_left(words, sentence.start + start, key=lambda word: word.start)
        timed |= {*range(first, bisect_left(words, sentence.start + end, key=lambda word: word.start))}
    return timed


def _with_quotes(start: int, end: int, text: str) -> Span:
    """Return a span with the quotation mark beside it of which it holds the other half."""
    before, behind, name = text[max(start - 1, 0) : start], text[end : end + 1], text[start:end]
    if before in _QUOTES and _QUOTES[before] in name:
        return start - 1, end
    return start, end + any(behind == closing and opening in name and closing not in name for opening, closing in _QUOTES.items())


def _stems(words: Sequence[Word]) -> frozenset[str]:
    return frozenset(stem(word.forms[-1]) for word in words if word.forms)


def _may_stand(where: Span, sentence: Span, telling: Telling) -> bool:
    """Whether what stands there is military or of a government, and not spared."""
    name = telling.text[slice(*where)]
    # What a name that says nothing stands beside may be anything.
    if thing(name, telling.language).nature not in {Nature.TARGET, Nature.DUAL_USE}:
        return False
    draft = TargetDraft(name=name, category="military", kind=TargetKind.OTHER, status="threatened", place=None, owner=None, by=None, when=None)
    evidence = Evidence(quote=name, start=where[0], end=where[1], match=Match.EXACT, sentence=sentence)
    return bool(judge_targets([Proven(draft, evidence)], [], telling)[0])
