"""Context: what a piece of a long article needs to be understood, which stands before it: how the article begins, and who was named so far."""

from collections.abc import Sequence

from service.extraction.candidates.actors import actor_names
from service.extraction.chunking import Chunk
from service.extraction.judgement.telling import has_lexicon
from service.extraction.preparing import Prepared

#: Most characters of the beginning: a dateline, and what it is about.
_MOST_BEGINNING = 200
#: Most names: the last ones.
_MOST_NAMES = 40

#: Lines that stand before a piece, by what they tell.
Context = tuple[tuple[str, str], ...]


def contexts(prepared: Prepared, chunks: Sequence[Chunk]) -> list[Context]:
    """Return what stands before each piece of an article; nothing before the first. By code alone, so that pieces wait for no other."""
    if len(chunks) < 2:  # noqa: PLR2004 - the first needs none
        return [()] * len(chunks)
    text = prepared.model_text
    named = actor_names(prepared) if has_lexicon(prepared.language) else []
    beginning = " ".join(text[slice(*prepared.sentences.spans[0])][:_MOST_BEGINNING].split())
    found: list[Context] = []
    names: dict[str, None] = {}
    at = 0
    for chunk in chunks:
        while at < len(named) and named[at][1] <= chunk.start:
            name = " ".join(text[slice(*named[at])].split())
            # Named again, it is among the last.
            names.pop(name, None)
            names[name] = None
            at += 1
        earlier = "; ".join([*names][-_MOST_NAMES:])
        found.append((("begins", beginning), *((("named before", earlier),) if earlier else ())) if found else ())
    return found
