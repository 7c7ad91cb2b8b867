"""Finding: the candidates of an article, by section."""

from collections.abc import Mapping, Sequence

from schemas.vocabulary import PublishedBasis, Section
from service.extraction.candidates.actors import actor_names
from service.extraction.candidates.passages import commitment_passages, threat_passages
from service.extraction.candidates.targets import target_names
from service.extraction.chunking import Chunk
from service.extraction.judgement.telling import has_lexicon
from service.extraction.preparing import Prepared
from service.extraction.time_reading import find_times, has_times, read_time

Span = tuple[int, int]
#: Of each section, where its candidates stand, in the order of the text; None where nobody but the model can say.
Candidates = Mapping[Section, Sequence[Span] | None]
#: Where a dateline may stand.
_HEAD_CHARS = 120


def find(prepared: Prepared) -> Candidates:
    """Return where an article may hold an entry of each section."""
    claims = has_lexicon(prepared.language)
    return {
        Section.ACTORS: actor_names(prepared) if claims else None,
        Section.TARGETS: target_names(prepared) if claims else None,
        Section.THREATS: threat_passages(prepared) if claims else None,
        Section.TIMELINES: _times(prepared) if has_times(prepared.language) else None,
        Section.COMMITMENTS: commitment_passages(prepared) if claims else None,
    }


def words_within(chunk: Chunk, spans: Sequence[Span]) -> list[str]:
    """Return the words of those of `spans` that stand in a chunk, as the model sees them, each once."""
    held = [chunk.text[start - chunk.start : end - chunk.start].strip() for start, end in spans if chunk.start <= start and end <= chunk.end]
    return list(dict.fromkeys(words for words in held if words))


def _times(prepared: Prepared) -> list[Span]:
    """Return where the article tells a time, but for the one that says when it was published."""
    return [span for span in find_times(prepared.text, prepared.language) if not _is_dateline(span, prepared)]


def _is_dateline(span: Span, prepared: Prepared) -> bool:
    if prepared.published is None or prepared.published_basis != PublishedBasis.TEXT or span[0] > _HEAD_CHARS:
        return False
    told = read_time(prepared.text[slice(*span)], prepared.language)
    # 11 April is 2027-04-11 without its year.
    return told is not None and told.kind == "date" and prepared.published[5:] == told.date[5:] and told.date[:4] in ("XXXX", prepared.published[:4])
